# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libaccess.a
libaccess_a_SOURCES = \
	%D%/accounts.c \
	%D%/join.c \
	%D%/line.c \
	%D%/logins.c \
	%D%/matrix.c include/access/matrix.h \
	%D%/model.c %D%/model.h \
	%D%/read.c \
	%D%/rights.c \
	%D%/words.c
libaccess_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
ACCESS_LIBS = libaccess.a $(REVIEW_LIBS)

if TESTING
ACCESS_TESTS = tests/access/test_matrix tests/access/test_words
check_PROGRAMS += $(ACCESS_TESTS)
TESTS += $(ACCESS_TESTS)
tests_access_test_matrix_LDADD = $(ACCESS_LIBS) $(TESTING_LIBS)
tests_access_test_words_LDADD = libaccess.a $(REVIEW_TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_access
tests_fuzz_fuzz_access_SOURCES = tests/fuzz/fuzz_access.c $(FUZZ_MAIN)
tests_fuzz_fuzz_access_LDADD = $(ACCESS_LIBS) $(FUZZ_LIBS)
endif
