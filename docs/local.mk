# SPDX-License-Identifier: Apache-2.0
EXTRA_DIST += \
	%D%/checklist-format.md \
	%D%/review-file.md
