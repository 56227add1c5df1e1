# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libjudge.a
libjudge_a_SOURCES = \
	%D%/describe.c \
	%D%/evaluate.c %D%/evaluate.h \
	%D%/explain.c \
	%D%/judge.c include/judge/judge.h \
	%D%/matching.c %D%/matching.h \
	%D%/quote.c %D%/quote.h \
	%D%/testimony.c %D%/testimony.h \
	%D%/values.c %D%/values.h \
	%D%/values_json.c
libjudge_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
JUDGE_LIBS = libjudge.a $(CHECKLIST_LIBS)

if TESTING
JUDGE_TESTS = tests/judge/test_judge tests/judge/test_matchers tests/judge/test_never_pass
check_PROGRAMS += $(JUDGE_TESTS)
TESTS += $(JUDGE_TESTS)
tests_judge_test_judge_SOURCES = tests/judge/test_judge.c $(JUDGING)
tests_judge_test_judge_LDADD = $(JUDGE_LIBS) $(TESTING_LIBS)
tests_judge_test_matchers_SOURCES = tests/judge/test_matchers.c $(JUDGING)
tests_judge_test_matchers_LDADD = $(JUDGE_LIBS) $(TESTING_LIBS)
tests_judge_test_never_pass_SOURCES = tests/judge/test_never_pass.c $(JUDGING)
tests_judge_test_never_pass_LDADD = $(JUDGE_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_checklist
tests_fuzz_fuzz_checklist_SOURCES = tests/fuzz/fuzz_checklist.c $(FUZZ_MAIN)
tests_fuzz_fuzz_checklist_LDADD = $(JUDGE_LIBS) $(FUZZ_LIBS)
JUDGING = tests/judge/judging.c tests/judge/judging.h
endif
