# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libexport.a
libexport_a_SOURCES = \
	%D%/build.h \
	%D%/csv.c %D%/csv.h \
	%D%/escape.c include/export/escape.h \
	%D%/evidence.c \
	%D%/excerpt.c %D%/excerpt.h \
	%D%/file_names.c %D%/file_names.h \
	%D%/folder.c %D%/folder.h \
	%D%/format.c include/export/format.h \
	%D%/html.c %D%/html.h \
	%D%/html_accepted.c \
	%D%/html_access.c \
	%D%/html_closing.c \
	%D%/html_evidence.c \
	%D%/html_flows.c \
	%D%/html_items.c \
	%D%/html_map.c \
	%D%/html_parts.c \
	%D%/html_style.c \
	%D%/html_summary.c \
	%D%/items.c \
	%D%/links.c \
	%D%/markdown.c %D%/markdown.h \
	%D%/markdown_accepted.c \
	%D%/markdown_access.c \
	%D%/markdown_closing.c \
	%D%/markdown_flows.c \
	%D%/markdown_items.c \
	%D%/markdown_parts.c \
	%D%/report.c include/export/report.h \
	%D%/report_json.c %D%/report_json.h \
	%D%/report_json_accepted.c \
	%D%/report_json_access.c \
	%D%/report_json_flows.c \
	%D%/report_json_items.c \
	%D%/report_json_parts.c \
	%D%/staging.c %D%/staging.h \
	%D%/summary.c \
	%D%/template.c \
	%D%/wording.c %D%/wording.h
libexport_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
EXPORT_LIBS = libexport.a libflow.a $(ACCESS_LIBS) $(CHECKLIST_LIBS)

if TESTING
# The rooms below, with a review of fixed rows in the place of libreview.a.
EXPORT_TEST_LIBS = libexporttest.a libexport.a libexporttest.a libflow.a libexporttest.a libaccess.a $(CHECKLIST_LIBS) $(LEDGER_LIBS) $(TESTING_LIBS)
check_LIBRARIES += libexporttest.a
libexporttest_a_SOURCES = \
	tests/export/fixture.c tests/export/fixture.h \
	tests/export/fixture_access.c \
	tests/export/fixture_flows.c \
	tests/export/fixture_review.h \
	tests/export/fixture_rows.c \
	tests/export/fixture_table.c tests/export/fixture_table.h \
	src/review/exception.c src/review/way.c
libexporttest_a_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/tests

check_PROGRAMS += tests/export/write_corpus
tests_export_write_corpus_LDADD = $(EXPORT_TEST_LIBS)

EXPORT_TESTS = tests/export/test_escape tests/export/test_excerpt tests/export/test_folder \
	tests/export/test_formats tests/export/test_report
check_PROGRAMS += $(EXPORT_TESTS)
TESTS += $(EXPORT_TESTS) tests/export/check-corpus
tests_export_test_escape_LDADD = libexport.a $(TESTING_LIBS)
tests_export_test_excerpt_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/export
tests_export_test_excerpt_LDADD = libexport.a $(TESTING_LIBS)
tests_export_test_folder_CPPFLAGS = $(AM_CPPFLAGS) -I$(top_srcdir)/src/export
tests_export_test_folder_LDADD = $(EXPORT_TEST_LIBS)
tests_export_test_formats_LDADD = $(EXPORT_TEST_LIBS)
tests_export_test_report_LDADD = $(EXPORT_TEST_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_escape
tests_fuzz_fuzz_escape_SOURCES = tests/fuzz/fuzz_escape.c $(FUZZ_MAIN)
tests_fuzz_fuzz_escape_LDADD = libexport.a $(BASE_LIBS) $(FUZZ_LIBS)
endif
EXTRA_DIST += tests/export/check-corpus tests/export/hostile.json tests/export/sandbox.yaml
