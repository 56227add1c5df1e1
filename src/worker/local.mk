# SPDX-License-Identifier: Apache-2.0
WORKER_LIBS = $(PROBE_LIBS)

pkglibexec_PROGRAMS += walkdown-worker
walkdown_worker_SOURCES = %D%/main.c
walkdown_worker_LDADD = $(WORKER_LIBS)

if TESTING
WORKER_TESTS = tests/worker/test_sandbox tests/worker/test_sandbox_reader
check_PROGRAMS += $(WORKER_TESTS)
TESTS += $(WORKER_TESTS)
tests_worker_test_sandbox_reader_LDADD = $(WORKER_LIBS) $(TESTING_LIBS)
tests_worker_test_sandbox_LDADD = $(WORKER_LIBS) $(TESTING_LIBS)
endif
