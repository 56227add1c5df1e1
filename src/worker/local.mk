# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libworker.a
libworker_a_SOURCES = %D%/sandbox.c %D%/sandbox.h
libworker_a_CFLAGS = $(AM_CFLAGS) $(SECCOMP_CFLAGS)
WORKER_LIBS = libworker.a $(PROBE_LIBS) $(SECCOMP_LIBS)

pkglibexec_PROGRAMS += walkdown-worker
walkdown_worker_SOURCES = %D%/main.c
walkdown_worker_LDADD = $(WORKER_LIBS)

if TESTING
WORKER_TESTS = tests/worker/test_sandbox
check_PROGRAMS += $(WORKER_TESTS)
TESTS += $(WORKER_TESTS)
tests_worker_test_sandbox_LDADD = $(WORKER_LIBS) $(TESTING_LIBS)
endif
