# SPDX-License-Identifier: Apache-2.0
noinst_LIBRARIES += libtui.a
libtui_a_SOURCES = \
	%D%/access.c \
	%D%/action.c %D%/action.h \
	%D%/app.c %D%/app_open.c %D%/app.h \
	%D%/app_main.c %D%/app_act.c %D%/app_main.h \
	%D%/canvas.c %D%/canvas.h \
	%D%/check_pane.c %D%/check_pane.h \
	%D%/commands_view.c %D%/commands_view.h \
	%D%/choice.c %D%/choice.h \
	%D%/create.c \
	%D%/decide.c \
	%D%/dialog.c %D%/dialog.h \
	%D%/diff.c %D%/diff.h \
	%D%/document.c %D%/document.h \
	%D%/drafts.c %D%/drafts.h \
	%D%/draw.c %D%/draw.h \
	%D%/editor.c %D%/editor_draw.c %D%/editor_rows.c %D%/editor.h \
	%D%/event.h \
	%D%/evidence.c %D%/evidence_redact.c %D%/evidence_draw.c %D%/evidence_view.c %D%/evidence_view.h \
	%D%/facts.c %D%/facts.h \
	%D%/findings.c %D%/findings_draw.c %D%/findings_forms.c %D%/findings_view.c %D%/findings_view.h \
	%D%/findings_list.c %D%/findings_list.h \
	%D%/form_view.c %D%/form_view.h \
	%D%/fleet.c \
	%D%/flows.c \
	%D%/flows_map.c %D%/flows_map.h \
	%D%/frame.c %D%/frame.h \
	%D%/fuzzy.c %D%/fuzzy.h \
	%D%/glyph.c %D%/glyph.h \
	%D%/help.c \
	%D%/history.c \
	%D%/key.c %D%/key.h \
	%D%/keymap.c %D%/keymap.h \
	%D%/layout.c %D%/layout.h \
	%D%/lines.c %D%/lines.h \
	%D%/list.c %D%/list.h \
	%D%/measure.c \
	%D%/merging.c \
	%D%/note.c %D%/note.h \
	%D%/outside.c \
	%D%/overview.c \
	%D%/pager.c %D%/pager_draw.c %D%/pager.h \
	%D%/palette.c \
	%D%/policy.c \
	%D%/question.c \
	%D%/queue.c %D%/queue.h \
	%D%/record.c \
	%D%/rescue.c %D%/rescue.h \
	%D%/run.c \
	%D%/screens.h \
	%D%/session_events.c %D%/session_events.h \
	%D%/signoff.c \
	%D%/start.c \
	%D%/terminal.c %D%/terminal.h \
	%D%/theme.c %D%/theme.h \
	%D%/tui.c include/tui/tui.h \
	%D%/view.h \
	%D%/viewer.c \
	%D%/walk.c %D%/walk_draw.c %D%/walk_view.c %D%/walk_view.h
libtui_a_CFLAGS = $(AM_CFLAGS) $(NCURSES_CFLAGS) $(JANSSON_CFLAGS)
TUI_LIBS = libtui.a $(ASSESS_LIBS) $(REVIEW_LIBS) $(CHECKLIST_LIBS) $(BASE_LIBS) $(NCURSES_LIBS)

if TESTING
check_LIBRARIES += libtuitesting.a
libtuitesting_a_SOURCES = tests/tui/world.c tests/tui/world.h
EXTRA_DIST += tests/tui/world.yaml
TUI_TESTS = tests/tui/test_access tests/tui/test_app tests/tui/test_canvas tests/tui/test_editor tests/tui/test_findings tests/tui/test_fleet tests/tui/test_flows tests/tui/test_keys \
	tests/tui/test_list tests/tui/test_merging \
	tests/tui/test_pager tests/tui/test_proof tests/tui/test_screens tests/tui/test_theme
check_PROGRAMS += $(TUI_TESTS)
TESTS += $(TUI_TESTS)
tests_tui_test_proof_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_access_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_app_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_canvas_LDADD = $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_editor_LDADD = $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_findings_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_merging_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_fleet_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_flows_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_keys_LDADD = $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_list_LDADD = $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_pager_LDADD = $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_screens_LDADD = libtuitesting.a $(TUI_LIBS) $(TESTING_LIBS)
tests_tui_test_theme_LDADD = $(TUI_LIBS) $(TESTING_LIBS)

FUZZ_TARGETS += tests/fuzz/fuzz_pager
tests_fuzz_fuzz_pager_SOURCES = tests/fuzz/fuzz_pager.c $(FUZZ_MAIN)
tests_fuzz_fuzz_pager_LDADD = $(TUI_LIBS) $(FUZZ_LIBS)
endif
