# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libprobe.a
libprobe_a_SOURCES = \
	%D%/channel.c %D%/channel.h \
	%D%/ending.c %D%/ending.h \
	%D%/fleet.c include/probe/fleet.h \
	%D%/fleet_worker.c %D%/fleet_worker.h \
	%D%/forward.c include/probe/forward.h %D%/runner_forward.c %D%/runner_forward.h \
	%D%/frame.c include/probe/frame.h \
	%D%/message.c include/probe/message.h \
	%D%/plain.c %D%/plain.h \
	%D%/plan.c include/probe/plan.h \
	%D%/recording.c include/probe/recording.h \
	%D%/root.c include/probe/root.h \
	%D%/runner.c include/probe/runner.h \
	%D%/runner_frames.c %D%/runner_frames.h \
	%D%/runner_results.c %D%/runner_results.h \
	%D%/runner_secret.c %D%/runner_secret.h \
	%D%/runner_wait.c %D%/runner_wait.h \
	%D%/script.c include/probe/script.h \
	%D%/serve.c include/probe/serve.h \
	%D%/wire.c %D%/wire.h
libprobe_a_CFLAGS = $(AM_CFLAGS) $(JANSSON_CFLAGS)
PROBE_LIBS = libprobe.a $(TARGET_LIBS)

if TESTING
check_LIBRARIES += libprobetesting.a
libprobetesting_a_SOURCES = tests/probe/collect.c tests/probe/collect.h \
	tests/probe/shells.c tests/probe/shells.h
PROBE_TESTS = tests/probe/test_cuts tests/probe/test_ending tests/probe/test_fleet tests/probe/test_fleet_retry tests/probe/test_frame tests/probe/test_message \
	tests/probe/test_plain tests/probe/test_plan tests/probe/test_recording tests/probe/test_root \
	tests/probe/test_runner tests/probe/test_runner_faults \
	tests/probe/test_runner_losses tests/probe/test_script tests/probe/test_servers \
	tests/probe/test_fleet_cancel tests/probe/test_forward tests/probe/test_vantage
PRETENDED_TARGET = tests/probe/pretended.c tests/probe/pretended.h tests/probe/no_forward.c
check_PROGRAMS += $(PROBE_TESTS)
TESTS += $(PROBE_TESTS)
check_PROGRAMS += tests/probe/fake_worker
tests_probe_fake_worker_SOURCES = tests/probe/fake_worker.c tests/probe/no_forward.c
tests_probe_fake_worker_LDADD = $(PROBE_LIBS)
tests_probe_test_cuts_LDADD = libprobetesting.a $(PROBE_LIBS) $(SSHD_LIBS) $(FAULT_LIBS) $(TESTING_LIBS)
EXTRA_tests_probe_test_cuts_DEPENDENCIES = tests/support/fault_proxy
tests_probe_test_fleet_LDADD = libprobetesting.a $(PROBE_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
EXTRA_tests_probe_test_fleet_DEPENDENCIES = walkdown-worker tests/probe/fake_worker
tests_probe_test_fleet_retry_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
EXTRA_tests_probe_test_fleet_retry_DEPENDENCIES = tests/probe/fake_worker
tests_probe_test_fleet_cancel_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
EXTRA_tests_probe_test_fleet_cancel_DEPENDENCIES = walkdown-worker
tests_probe_test_vantage_LDADD = $(PROBE_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
EXTRA_tests_probe_test_vantage_DEPENDENCIES = walkdown-worker
tests_probe_test_forward_LDADD = libprobetesting.a $(PROBE_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_probe_test_frame_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_message_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_plain_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_plan_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_recording_LDADD = $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_root_LDADD = libprobetesting.a $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_runner_LDADD = libprobetesting.a $(PROBE_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
tests_probe_test_runner_losses_SOURCES = tests/probe/test_runner_losses.c $(PRETENDED_TARGET)
tests_probe_test_runner_losses_LDADD = libprobetesting.a $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_runner_faults_SOURCES = tests/probe/test_runner_faults.c $(PRETENDED_TARGET)
tests_probe_test_runner_faults_LDADD = libprobetesting.a $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_servers_SOURCES = tests/probe/test_servers.c \
	tests/target/hostile.c tests/target/hostile.h
tests_probe_test_servers_LDADD = libprobetesting.a $(PROBE_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
SCRIPT_FIXTURE = tests/probe/script_fixture.c tests/probe/script_fixture.h
tests_probe_test_ending_SOURCES = tests/probe/test_ending.c $(SCRIPT_FIXTURE)
tests_probe_test_ending_LDADD = libprobetesting.a $(PROBE_LIBS) $(TESTING_LIBS)
tests_probe_test_script_SOURCES = tests/probe/test_script.c $(SCRIPT_FIXTURE)
tests_probe_test_script_LDADD = libprobetesting.a $(PROBE_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_frame tests/fuzz/fuzz_message tests/fuzz/fuzz_recording
tests_fuzz_fuzz_frame_SOURCES = tests/fuzz/fuzz_frame.c $(FUZZ_MAIN)
tests_fuzz_fuzz_frame_LDADD = $(PROBE_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_message_SOURCES = tests/fuzz/fuzz_message.c $(FUZZ_MAIN)
tests_fuzz_fuzz_message_LDADD = $(PROBE_LIBS) $(FUZZ_LIBS)
tests_fuzz_fuzz_recording_SOURCES = tests/fuzz/fuzz_recording.c $(FUZZ_MAIN)
tests_fuzz_fuzz_recording_LDADD = $(PROBE_LIBS) $(FUZZ_LIBS)
endif
