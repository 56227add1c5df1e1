# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libflow.a
libflow_a_SOURCES = \
	%D%/answer.c include/flow/answer.h \
	%D%/gather.c \
	%D%/map.c include/flow/map.h \
	%D%/map_json.c include/flow/map_json.h \
	%D%/matrix.c include/flow/matrix.h \
	%D%/plan_forward.c %D%/plan.c include/flow/plan.h \
	%D%/recorded.c include/flow/recorded.h \
	%D%/sight.c %D%/sight.h \
	%D%/things.c %D%/things_local.c %D%/things_network.c %D%/things.h \
	%D%/vantage.c %D%/vantage.h
FLOW_LIBS = libflow.a $(REVIEW_LIBS) $(CHECKLIST_LIBS)

if TESTING
FLOW_TESTS = tests/flow/test_answer tests/flow/test_map tests/flow/test_matrix tests/flow/test_plan
check_PROGRAMS += $(FLOW_TESTS)
TESTS += $(FLOW_TESTS)
tests_flow_test_answer_LDADD = $(FLOW_LIBS) $(TESTING_LIBS)
tests_flow_test_map_LDADD = $(FLOW_LIBS) $(TESTING_LIBS)
tests_flow_test_matrix_LDADD = $(FLOW_LIBS) $(TESTING_LIBS)
tests_flow_test_plan_LDADD = $(FLOW_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_flow_answer
tests_fuzz_fuzz_flow_answer_SOURCES = tests/fuzz/fuzz_flow_answer.c $(FUZZ_MAIN)
tests_fuzz_fuzz_flow_answer_LDADD = $(FLOW_LIBS) $(FUZZ_LIBS)
FUZZ_TARGETS += tests/fuzz/fuzz_flow_map
tests_fuzz_fuzz_flow_map_SOURCES = tests/fuzz/fuzz_flow_map.c $(FUZZ_MAIN)
tests_fuzz_fuzz_flow_map_LDADD = $(FLOW_LIBS) $(FUZZ_LIBS)
endif
