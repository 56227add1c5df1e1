# SPDX-License-Identifier: Apache-2.0
# Nothing here is built or run by "make" or "make check"; see bench/README.md.
EXTRA_DIST += %D%/README.md

# How long things take; built and run by hand: make bench/bench_review && bench/bench_review
if TESTING
EXTRA_PROGRAMS += %D%/bench_review
bench_bench_review_LDADD = $(REVIEW_TESTING_LIBS)
EXTRA_PROGRAMS += %D%/bench_tui
bench_bench_tui_LDADD = $(ROBOT_LIBS) $(TESTING_LIBS)
endif

EXTRA_PROGRAMS += %D%/probes_walkdown
bench_probes_walkdown_LDADD = $(PROBE_LIBS)
EXTRA_PROGRAMS += %D%/rtt_limit
bench_rtt_limit_CFLAGS = $(AM_CFLAGS) $(LIBSSH_CFLAGS)
bench_rtt_limit_LDADD = $(LIBSSH_LIBS)
EXTRA_DIST += %D%/probes %D%/rtt %D%/fleet %D%/sshd.sh
