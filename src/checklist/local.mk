# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libchecklist.a
libchecklist_a_SOURCES = \
	%D%/catalog.c include/checklist/catalog.h \
	%D%/checklist.c include/checklist/checklist.h \
	%D%/condition.c \
	%D%/cvss.c include/checklist/cvss.h \
	%D%/cvss_4.c %D%/cvss_4.h \
	%D%/diagnostics.c %D%/diagnostics.h \
	%D%/expand.h \
	%D%/fact.h \
	%D%/fingerprint.c \
	%D%/fixtures.c include/checklist/fixtures.h \
	%D%/fixtures_write.c \
	%D%/flow_rule.c include/checklist/flow_rule.h \
	%D%/inventory.c include/checklist/inventory.h \
	%D%/keys.c %D%/keys.h \
	%D%/lint.c \
	%D%/lint_command.c include/checklist/command.h \
	%D%/lint_pattern.c %D%/lint_pattern.h \
	%D%/load.c include/checklist/load.h \
	%D%/load_check.c \
	%D%/load_condition.c \
	%D%/load_fact.c \
	%D%/load_expectation.c %D%/load_expectation.h \
	%D%/load_matcher.c \
	%D%/load_named.c \
	%D%/load_parameter.c \
	%D%/load_parts.h \
	%D%/load_probe.c \
	%D%/node.c %D%/node.h \
	%D%/parameters.c include/checklist/parameters.h \
	%D%/placeholder.c %D%/placeholder.h \
	%D%/secret_find.c %D%/secret_rule.h %D%/secret_rules.c include/checklist/secrets.h \
	%D%/shell.c %D%/shell.h \
	%D%/source.c %D%/source.h \
	%D%/suggest.c %D%/suggest.h \
	%D%/terms.h \
	%D%/value.c include/checklist/value.h \
	%D%/value_version.c \
	%D%/value_system.c
libchecklist_a_CFLAGS = $(AM_CFLAGS) $(YAML_CFLAGS) $(JANSSON_CFLAGS)
CHECKLIST_LIBS = libchecklist.a $(BASE_LIBS) $(YAML_LIBS) -lm

if TESTING
CHECKLIST_TESTS = tests/checklist/test_catalog tests/checklist/test_condition tests/checklist/test_cvss tests/checklist/test_fixtures tests/checklist/test_flow_rule \
	tests/checklist/test_hostile tests/checklist/test_inventory tests/checklist/test_lint tests/checklist/test_load \
	tests/checklist/test_named tests/checklist/test_parameters tests/checklist/test_schema tests/checklist/test_secrets tests/checklist/test_value
check_PROGRAMS += $(CHECKLIST_TESTS)
TESTS += $(CHECKLIST_TESTS)
tests_checklist_test_catalog_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_condition_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_cvss_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_fixtures_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_flow_rule_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_hostile_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_inventory_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_lint_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_load_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_parameters_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_named_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_schema_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_secrets_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
tests_checklist_test_value_LDADD = $(CHECKLIST_LIBS) $(TESTING_LIBS)
EXTRA_DIST += tests/checklist/hostile tests/checklist/secrets

FUZZ_TARGETS += tests/fuzz/fuzz_secrets
tests_fuzz_fuzz_secrets_SOURCES = tests/fuzz/fuzz_secrets.c $(FUZZ_MAIN)
tests_fuzz_fuzz_secrets_CPPFLAGS = $(AM_CPPFLAGS) -DSOURCE_FOLDER='"$(abs_top_srcdir)"'
tests_fuzz_fuzz_secrets_LDADD = $(CHECKLIST_LIBS) $(FUZZ_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_fixtures
tests_fuzz_fuzz_fixtures_SOURCES = tests/fuzz/fuzz_fixtures.c $(FUZZ_MAIN)
tests_fuzz_fuzz_fixtures_LDADD = $(CHECKLIST_LIBS) $(FUZZ_LIBS)
endif
