# SPDX-License-Identifier: Apache-2.0
# The bundled checklists, and the schema that editors read beside them.
checklistdir = $(pkgdatadir)/checklists
dist_checklist_DATA = %D%/checklist.schema.json %D%/isolated-environment.yaml
