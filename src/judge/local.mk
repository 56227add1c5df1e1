# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libjudge.a
libjudge_a_SOURCES = \
	%D%/describe.c \
	%D%/evaluate.c %D%/evaluate.h \
	%D%/judge.c include/judge/judge.h \
	%D%/matching.c %D%/matching.h \
	%D%/quote.c %D%/quote.h \
	%D%/testimony.c %D%/testimony.h \
	%D%/values.c %D%/values.h \
	%D%/values_json.c
libjudge_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
JUDGE_LIBS = libjudge.a $(CHECKLIST_LIBS)
