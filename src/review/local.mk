# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libreview.a
libreview_a_SOURCES = \
	%D%/append.c \
	%D%/backup.c include/review/backup.h \
	%D%/blob.c %D%/blob.h \
	%D%/body.c %D%/body_table.c %D%/body.h \
	%D%/build_manifest.c \
	%D%/contents.c %D%/contents.h \
	%D%/copy.c include/review/copy.h \
	%D%/database.c %D%/statement.c %D%/database.h \
	%D%/entries.c %D%/entries.h \
	%D%/exception.c \
	%D%/fold.c %D%/item.c %D%/fold.h \
	%D%/handle.h \
	%D%/heads.c \
	%D%/merge.c %D%/merge.h include/review/merge.h \
	%D%/place.c %D%/place.h \
	%D%/query.c %D%/query_accepted.c %D%/query_flows.c %D%/query_subject.c %D%/query_work.c include/review/query.h \
	%D%/rebuild.c %D%/rebuild.h \
	%D%/redact.c %D%/redacted.c %D%/redacted.h include/review/redact.h \
	%D%/rows.c %D%/rows.h \
	%D%/salvage.c include/review/salvage.h \
	%D%/schema.c %D%/schema.h \
	%D%/store.c include/review/store.h \
	%D%/summary.c %D%/summary.h \
	%D%/transfer.c %D%/transfer.h include/review/transfer.h \
	%D%/verify.c %D%/verify_ledger.c %D%/verify_report.c %D%/verify_state.c %D%/verification.h \
	include/review/verify.h include/review/verify_report.h \
	%D%/view.c %D%/view.h \
	%D%/way.c include/review/way.h \
	%D%/wire.c %D%/wire.h
libreview_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS) $(ZSTD_CFLAGS)
REVIEW_LIBS = libreview.a $(LEDGER_LIBS) $(SQLITE_LIBS) $(ZSTD_LIBS)

if TESTING
check_LIBRARIES += libreviewtesting.a
libreviewtesting_a_SOURCES = tests/review/fixture.c tests/review/fixture.h
libreviewtesting_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS) $(SQLITE_CFLAGS)
REVIEW_TESTING_LIBS = libreviewtesting.a $(REVIEW_LIBS) $(TESTING_LIBS)

REVIEW_TESTS = tests/review/test_accepted \
	tests/review/test_append \
	tests/review/test_body \
	tests/review/test_by_hand \
	tests/review/test_damage \
	tests/review/test_fold \
	tests/review/test_history \
	tests/review/test_kill \
	tests/review/test_merge \
	tests/review/test_power \
	tests/review/test_flows \
	tests/review/test_query \
	tests/review/test_redact \
	tests/review/test_rollback \
	tests/review/test_salvage \
	tests/review/test_schema \
	tests/review/test_store \
	tests/review/test_transfer \
	tests/review/test_verify tests/review/test_verify_report \
	tests/review/test_way
check_PROGRAMS += $(REVIEW_TESTS)
TESTS += $(REVIEW_TESTS)
tests_review_test_accepted_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_append_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_body_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_by_hand_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_damage_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_fold_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_history_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_kill_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_merge_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_power_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_flows_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_query_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_redact_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_rollback_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_salvage_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_schema_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_transfer_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_store_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_verify_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_verify_report_LDADD = $(REVIEW_TESTING_LIBS)
tests_review_test_way_LDADD = $(REVIEW_TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_transfer tests/fuzz/fuzz_verify_report
tests_fuzz_fuzz_transfer_SOURCES = tests/fuzz/fuzz_transfer.c $(FUZZ_MAIN)
tests_fuzz_fuzz_transfer_LDADD = $(REVIEW_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_verify_report_SOURCES = tests/fuzz/fuzz_verify_report.c $(FUZZ_MAIN)
tests_fuzz_fuzz_verify_report_LDADD = $(REVIEW_LIBS) $(FUZZ_LIBS)
endif
