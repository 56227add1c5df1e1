# SPDX-License-Identifier: Apache-2.0
# Included behind all rooms.
#
# A fuzz target for a room's parser NAME: tests/fuzz/fuzz_NAME.c with LLVMFuzzerTestOneInput(), at
# least one input in tests/fuzz/corpus/NAME/, and these lines in the room's local.mk, inside
# `if TESTING`:
#
#     FUZZ_TARGETS += tests/fuzz/fuzz_NAME
#     tests_fuzz_fuzz_NAME_SOURCES = tests/fuzz/fuzz_NAME.c $(FUZZ_MAIN)
#     tests_fuzz_fuzz_NAME_LDADD = $(ROOM_LIBS) $(FUZZ_LIBS)
#
# `make check` replays tests/fuzz/corpus/NAME/ through it. To fuzz for real:
#
#     ../configure CC=clang --enable-fuzzing --enable-sanitizers
#     make tests/fuzz/fuzz_NAME
#     mkdir -p found && tests/fuzz/fuzz_NAME found ../tests/fuzz/corpus/NAME
if FUZZING
FUZZ_MAIN =
else
FUZZ_MAIN = tests/fuzz/replay.c
endif
if TESTING
check_PROGRAMS += $(FUZZ_TARGETS)
if !FUZZING
TESTS += $(FUZZ_TARGETS)
endif
endif
EXTRA_DIST += tests/fuzz/corpus tests/golden

# The house rules, checked by scripts that read the source tree.
TESTS += %D%/quality/check-layers %D%/quality/check-size %D%/quality/check-words \
	%D%/quality/check-terminal \
	%D%/quality/check-unicode-table %D%/quality/test-quality-scripts
EXTRA_DIST += %D%/quality/check-layers %D%/quality/check-size %D%/quality/check-words \
	%D%/quality/check-terminal \
	%D%/quality/check-unicode-table %D%/quality/test-quality-scripts %D%/quality/tree.pl build-aux/make-unicode-table

TESTS += %D%/quality/check-hardening
EXTRA_DIST += %D%/quality/check-hardening

# The built programs, used as a user uses them.
if TESTING
E2E_TESTS = \
	%D%/e2e/test-access \
	%D%/e2e/test-busybox \
	%D%/e2e/test-canary \
	%D%/e2e/test-checklists \
	%D%/e2e/test-commands \
	%D%/e2e/test-facts \
	%D%/e2e/test-faults \
	%D%/e2e/test-fleet \
	%D%/e2e/test-flows %D%/e2e/test-forward \
	%D%/e2e/test-hops \
	%D%/e2e/test-hostile \
	%D%/e2e/test-interrupt \
	%D%/e2e/test-io-errors \
	%D%/e2e/test-jump \
	%D%/e2e/test-kill \
	%D%/e2e/test-locales \
	%D%/e2e/test-no-file \
	%D%/e2e/test-reader %D%/e2e/test-receive \
	%D%/e2e/test-replay \
	%D%/e2e/test-rights %D%/e2e/test-rpm \
	%D%/e2e/test-sandboxes \
	%D%/e2e/test-schemas \
	%D%/e2e/test-shells \
	%D%/e2e/test-ssh \
	%D%/e2e/test-sudo \
	%D%/e2e/test-trust %D%/e2e/test-vantage
TESTS += $(E2E_TESTS)
check_LIBRARIES += libe2etui.a
libe2etui_a_SOURCES = %D%/e2e/tui.c %D%/e2e/tui.h
E2E_TUI_TESTS = %D%/e2e/test_tui %D%/e2e/test_tui_characters %D%/e2e/test_tui_flows %D%/e2e/test_tui_output %D%/e2e/test_tui_ssh
check_PROGRAMS += $(E2E_TUI_TESTS)
TESTS += $(E2E_TUI_TESTS)
tests_e2e_test_tui_LDADD = libe2etui.a $(ROBOT_LIBS) $(TESTING_LIBS)
tests_e2e_test_tui_flows_LDADD = libe2etui.a $(ROBOT_LIBS) $(TESTING_LIBS)
tests_e2e_test_tui_characters_LDADD = libe2etui.a $(ROBOT_LIBS) $(TESTING_LIBS)
tests_e2e_test_tui_output_LDADD = libe2etui.a $(ROBOT_LIBS) $(TESTING_LIBS)
tests_e2e_test_tui_ssh_LDADD = libe2etui.a $(ROBOT_LIBS) $(SSHD_LIBS) $(TESTING_LIBS)
EXTRA_DIST += $(E2E_TESTS) \
	%D%/e2e/interrupt \
	%D%/e2e/io-errors \
	%D%/e2e/lying-host \
	%D%/soak/all \
	%D%/soak/characters \
	%D%/soak/coverage \
	%D%/soak/cuts \
	%D%/soak/damage \
	%D%/soak/debian \
	%D%/soak/fuzz \
	%D%/soak/honest \
	%D%/soak/interrupt \
	%D%/soak/io-errors \
	%D%/soak/kill \
	%D%/soak/libvirt \
	%D%/soak/memcheck \
	%D%/soak/merge \
	%D%/soak/power \
	%D%/soak/salvage \
	%D%/soak/valgrind
endif

# For scripts that run some of them.
print-tests:
	@echo $(TESTS)
.PHONY: print-tests
