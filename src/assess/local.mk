# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libassess.a
libassess_a_SOURCES = \
	%D%/accepted.c include/assess/accepted.h \
	%D%/access.c include/assess/access.h \
	%D%/announce.c %D%/append.c \
	%D%/asking.c \
	%D%/backup.c \
	%D%/beside.c %D%/beside.h \
	%D%/capture.c %D%/capture.h \
	%D%/change.c \
	%D%/create.c \
	%D%/discover.c include/assess/discover.h \
	%D%/dry_run.c \
	%D%/errand.c %D%/errand.h include/assess/visit.h \
	%D%/flow_survey.c %D%/flow_surveying.c %D%/flow_surveying.h \
	%D%/flow_measuring.c %D%/flows.c include/assess/flows.h \
	%D%/facts.c include/assess/facts.h \
	%D%/frames.c \
	%D%/gathering.c %D%/gathering.h \
	%D%/handoff.c include/assess/handoff.h \
	%D%/identity.c include/assess/identity.h \
	%D%/items.c \
	%D%/lookup.c \
	%D%/merge.c include/assess/merge.h \
	%D%/pin.c \
	%D%/policy.c include/assess/policy.h \
	%D%/preflight.c \
	%D%/question.c \
	%D%/reader.c %D%/reader.h \
	%D%/receipt.c %D%/receipt.h \
	%D%/receive.c \
	%D%/record.c \
	%D%/redact.c include/assess/redact.h \
	%D%/rehearse.c include/assess/rehearse.h \
	%D%/replay.c \
	%D%/run.c %D%/queue.c %D%/fleet_events.c \
	%D%/salvage.c include/assess/salvage.h \
	%D%/session.c include/assess/session.h \
	%D%/setting.c %D%/setting.h \
	%D%/signature.c %D%/signature.h \
	%D%/signoff.c include/assess/signoff.h \
	%D%/start.c \
	%D%/state.h \
	%D%/sudo.c \
	%D%/sudoers.c \
	%D%/target_parameters.c \
	%D%/trial.c include/assess/trial.h \
	%D%/undo.c \
	%D%/verification.c \
	%D%/way.c %D%/way.h
ASSESS_LIBS = libassess.a $(PROBE_LIBS) $(JUDGE_LIBS) libflow.a $(ACCESS_LIBS) $(CHECKLIST_LIBS) $(BASE_LIBS)

if TESTING
ASSESS_TESTS = tests/assess/test_session tests/assess/test_measure tests/assess/test_vantage
check_PROGRAMS += $(ASSESS_TESTS)
TESTS += $(ASSESS_TESTS)
tests_assess_test_measure_LDADD = $(ASSESS_LIBS) $(TESTING_LIBS)
tests_assess_test_vantage_LDADD = $(ASSESS_LIBS) $(TESTING_LIBS)
tests_assess_test_session_LDADD = $(ASSESS_LIBS) $(TESTING_LIBS)
endif
