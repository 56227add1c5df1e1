# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = \
	%D%/connection.c include/target/connection.h \
	%D%/hostkey.c %D%/hostkey_finding.h include/target/hostkey.h \
	%D%/known_hosts.c %D%/known_hosts.h \
	%D%/local.c \
	%D%/spec.c include/target/spec.h \
	%D%/transport.h
libtarget_a_CFLAGS = $(AM_CFLAGS) $(LIBSSH_CFLAGS)
TARGET_LIBS = libtarget.a $(BASE_LIBS) $(LIBSSH_LIBS)

if TESTING
TARGET_TESTS = tests/target/test_hostkey tests/target/test_local tests/target/test_spec
check_PROGRAMS += $(TARGET_TESTS)
TESTS += $(TARGET_TESTS)
tests_target_test_hostkey_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_local_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_spec_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
endif
