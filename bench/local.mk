# SPDX-License-Identifier: Apache-2.0

# How long things take; built and run by hand: make bench/bench_review && bench/bench_review
if TESTING
EXTRA_PROGRAMS += %D%/bench_review
bench_bench_review_LDADD = $(REVIEW_TESTING_LIBS)
endif
