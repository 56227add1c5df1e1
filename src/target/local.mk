# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtarget.a
libtarget_a_SOURCES = \
	%D%/account.c %D%/account.h \
	%D%/agent.c %D%/agent.h \
	%D%/certificate.c %D%/certificate.h \
	%D%/child.c %D%/child.h \
	%D%/client_ask.c %D%/client_ask.h \
	%D%/client_helper.c include/target/client_helper.h \
	%D%/connection.c include/target/connection.h \
	%D%/dial.c %D%/dial.h \
	%D%/hostkey.c include/target/hostkey.h \
	%D%/hop.c %D%/hop.h \
	%D%/identity.c %D%/identity.h \
	%D%/known_hosts.c %D%/known_hosts.h \
	%D%/local.c \
	%D%/open.c \
	%D%/reach.c include/target/reach.h \
	%D%/openssh.c %D%/openssh_log.c %D%/openssh_log.h \
	%D%/spec.c include/target/spec.h \
	%D%/ssh_answers.c %D%/ssh_answers.h \
	%D%/ssh.c %D%/ssh.h %D%/ssh_call.c %D%/ssh_hostkey.c %D%/ssh_keys.c \
	%D%/ssh_login.c %D%/ssh_login.h %D%/ssh_shell.c \
	%D%/ssh_settings.c %D%/ssh_settings.h \
	%D%/ssh_forward.c include/target/forward.h \
	%D%/transport.h
libtarget_a_CFLAGS = $(AM_CFLAGS) $(LIBSSH_CFLAGS)
TARGET_LIBS = libtarget.a $(BASE_LIBS) $(LIBSSH_LIBS)

if TESTING
TARGET_TESTS = tests/target/test_agent tests/target/test_dial tests/target/test_hops \
	tests/target/test_certificate tests/target/test_hostkey tests/target/test_local tests/target/test_openssh \
	tests/target/test_spec tests/target/test_ssh_dialled \
	tests/target/test_ssh_forward tests/target/test_ssh_hostkey \
	tests/target/test_ssh_hostile tests/target/test_ssh_login \
	tests/target/test_ssh_answers tests/target/test_ssh_settings tests/target/test_ssh_shell
check_PROGRAMS += $(TARGET_TESTS)
TESTS += $(TARGET_TESTS)
TARGET_RECORDER = tests/target/recorder.c tests/target/recorder.h
TARGET_SSH_FIXTURE = $(TARGET_RECORDER) tests/target/ssh_fixture.c tests/target/ssh_fixture.h
# Some tests look behind the public headers.
TARGET_PRIVATE = $(AM_CPPFLAGS) -I$(top_srcdir)/src
tests_target_test_agent_CPPFLAGS = $(TARGET_PRIVATE)
tests_target_test_agent_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_certificate_SOURCES = tests/target/test_certificate.c $(TARGET_SSH_FIXTURE)
tests_target_test_certificate_CPPFLAGS = $(TARGET_PRIVATE)
tests_target_test_certificate_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_dial_CPPFLAGS = $(TARGET_PRIVATE)
tests_target_test_dial_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_hostkey_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_local_SOURCES = tests/target/test_local.c $(TARGET_RECORDER)
tests_target_test_local_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_hops_SOURCES = tests/target/test_hops.c $(TARGET_SSH_FIXTURE)
tests_target_test_hops_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_openssh_SOURCES = tests/target/test_openssh.c $(TARGET_SSH_FIXTURE)
tests_target_test_openssh_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_spec_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_dialled_SOURCES = tests/target/test_ssh_dialled.c $(TARGET_SSH_FIXTURE)
tests_target_test_ssh_dialled_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_forward_SOURCES = tests/target/test_ssh_forward.c $(TARGET_SSH_FIXTURE)
tests_target_test_ssh_forward_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_hostkey_SOURCES = tests/target/test_ssh_hostkey.c $(TARGET_SSH_FIXTURE)
tests_target_test_ssh_hostkey_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_hostile_SOURCES = tests/target/test_ssh_hostile.c $(TARGET_SSH_FIXTURE) \
	tests/target/hostile.c tests/target/hostile.h
tests_target_test_ssh_hostile_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_login_SOURCES = tests/target/test_ssh_login.c $(TARGET_SSH_FIXTURE)
tests_target_test_ssh_login_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_answers_CPPFLAGS = $(TARGET_PRIVATE)
tests_target_test_ssh_answers_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_settings_CPPFLAGS = $(TARGET_PRIVATE)
tests_target_test_ssh_settings_LDADD = $(TARGET_LIBS) $(TESTING_LIBS)
tests_target_test_ssh_shell_SOURCES = tests/target/test_ssh_shell.c $(TARGET_SSH_FIXTURE)
tests_target_test_ssh_shell_LDADD = $(TARGET_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_certificate tests/fuzz/fuzz_known_hosts tests/fuzz/fuzz_ssh_settings \
	tests/fuzz/fuzz_target_spec
tests_fuzz_fuzz_certificate_SOURCES = tests/fuzz/fuzz_certificate.c $(FUZZ_MAIN)
tests_fuzz_fuzz_certificate_CPPFLAGS = $(TARGET_PRIVATE)
tests_fuzz_fuzz_certificate_LDADD = $(TARGET_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_known_hosts_SOURCES = tests/fuzz/fuzz_known_hosts.c $(FUZZ_MAIN)
tests_fuzz_fuzz_known_hosts_CPPFLAGS = $(TARGET_PRIVATE)
tests_fuzz_fuzz_known_hosts_LDADD = $(TARGET_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_ssh_settings_SOURCES = tests/fuzz/fuzz_ssh_settings.c $(FUZZ_MAIN)
tests_fuzz_fuzz_ssh_settings_CPPFLAGS = $(TARGET_PRIVATE)
tests_fuzz_fuzz_ssh_settings_LDADD = $(TARGET_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_target_spec_SOURCES = tests/fuzz/fuzz_target_spec.c $(FUZZ_MAIN)
tests_fuzz_fuzz_target_spec_LDADD = $(TARGET_LIBS) $(FUZZ_LIBS)
endif
