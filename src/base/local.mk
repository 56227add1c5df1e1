# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libbase.a
libbase_a_SOURCES = \
	%D%/array.c include/base/array.h \
	include/base/banned.h \
	%D%/buffer.c include/base/buffer.h \
	%D%/clock.c include/base/clock.h \
	%D%/digest.c include/base/digest.h \
	%D%/error.c include/base/error.h \
	%D%/file.c include/base/file.h \
	%D%/json.c include/base/json.h \
	%D%/log.c include/base/log.h \
	%D%/loop.c include/base/loop.h \
	%D%/memory.c include/base/memory.h \
	%D%/path.c include/base/path.h \
	%D%/pattern.c include/base/pattern.h \
	%D%/process.c include/base/process.h \
	%D%/process_watch.c include/base/process_watch.h \
	%D%/sandbox.c %D%/sandbox_reader.c include/base/sandbox.h \
	%D%/secret.c include/base/secret.h \
	%D%/unicode_table.c %D%/unicode_table.h \
	%D%/utf8.c include/base/utf8.h
libbase_a_CFLAGS = $(AM_CFLAGS) $(CRYPTO_CFLAGS) $(JANSSON_CFLAGS) $(PCRE2_CFLAGS) \
	$(SECCOMP_CFLAGS)
BASE_LIBS = libbase.a $(SECCOMP_LIBS) $(PCRE2_LIBS) $(JANSSON_LIBS) $(CRYPTO_LIBS)

if TESTING
BASE_TESTS = tests/base/test_array tests/base/test_buffer tests/base/test_clock \
	tests/base/test_digest tests/base/test_error tests/base/test_file tests/base/test_json \
	tests/base/test_log tests/base/test_loop tests/base/test_path tests/base/test_pattern tests/base/test_process tests/base/test_process_watch \
	tests/base/test_secret tests/base/test_utf8
check_PROGRAMS += $(BASE_TESTS)
TESTS += $(BASE_TESTS)
tests_base_test_array_LDADD = $(TESTING_LIBS)
tests_base_test_buffer_LDADD = $(TESTING_LIBS)
tests_base_test_clock_LDADD = $(TESTING_LIBS)
tests_base_test_digest_LDADD = $(TESTING_LIBS)
tests_base_test_error_LDADD = $(TESTING_LIBS)
tests_base_test_file_LDADD = $(TESTING_LIBS)
tests_base_test_json_LDADD = $(TESTING_LIBS)
tests_base_test_log_LDADD = $(TESTING_LIBS)
tests_base_test_loop_LDADD = $(TESTING_LIBS)
tests_base_test_path_LDADD = $(TESTING_LIBS)
tests_base_test_pattern_LDADD = $(TESTING_LIBS)
tests_base_test_process_LDADD = $(TESTING_LIBS)
tests_base_test_process_watch_LDADD = $(TESTING_LIBS)
tests_base_test_secret_LDADD = $(TESTING_LIBS)
tests_base_test_utf8_LDADD = $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_safe_text
tests_fuzz_fuzz_safe_text_SOURCES = tests/fuzz/fuzz_safe_text.c $(FUZZ_MAIN)
tests_fuzz_fuzz_safe_text_LDADD = $(BASE_LIBS) $(FUZZ_LIBS)
endif
