# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libledger.a
libledger_a_SOURCES = \
	%D%/entry.c include/ledger/entry.h \
	%D%/manifest.c %D%/manifest_counts.h include/ledger/manifest.h \
	%D%/manifest_read.c \
	%D%/merkle.c
libledger_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
LEDGER_LIBS = libledger.a $(BASE_LIBS)

if TESTING
LEDGER_TESTS = tests/ledger/test_entry tests/ledger/test_manifest tests/ledger/test_merkle
check_PROGRAMS += $(LEDGER_TESTS)
TESTS += $(LEDGER_TESTS)
tests_ledger_test_entry_LDADD = $(LEDGER_LIBS) $(TESTING_LIBS)
tests_ledger_test_manifest_LDADD = $(LEDGER_LIBS) $(TESTING_LIBS)
tests_ledger_test_merkle_LDADD = $(LEDGER_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_manifest
tests_fuzz_fuzz_manifest_SOURCES = tests/fuzz/fuzz_manifest.c $(FUZZ_MAIN)
tests_fuzz_fuzz_manifest_LDADD = $(LEDGER_LIBS) $(FUZZ_LIBS)
endif
