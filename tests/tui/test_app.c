/* SPDX-License-Identifier: Apache-2.0 */
/* How the app behaves under a user's keys, on a real review, without a terminal. */
#include "../../src/tui/dialog.h"
#include "../../src/tui/drafts.h"
#include "../../src/tui/evidence_view.h"
#include "../../src/tui/session_events.h"
#include "../../src/tui/walk_view.h"
#include "world.h"

#include "support/testing.h"

#include "base/clock.h"

static struct world world;

static const char *focus(void)
{
    return world.app.focus.check != NULL ? world.app.focus.check->id : "";
}

static struct item_counts counts(void)
{
    return session_count(world.app.session, NULL, "sandbox-7");
}

static const struct item *find(const char *check)
{
    return session_find_item(world.app.session, check, "sandbox-7");
}

/* ---- deciding ---- */

static void a_decision_goes_on_to_the_next_open_check(void **state UNUSED)
{
    world_press(&world, "2jj");
    assert_string_equal(focus(), "ssh-root-password");
    world_press(&world, "f");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
    assert_string_equal(focus(), "audit-running");
    world_assert_shows(&world, "ssh-root-password: fail, saved");
}

static void the_last_decision_names_the_key_of_the_sign_off(void **state UNUSED)
{
    size_t count;
    struct error error = {0};
    world_press(&world, "2jj");
    session_items(world.app.session, &count);
    for (size_t i = 0; i < count; i++) {
        /* Every decision makes them anew. */
        const struct item *items = session_items(world.app.session, &count);
        const struct decision decision = {.check = items[i].check->id,
                                          .target = app_target_name(&world.app, items[i].target),
                                          .verdict = VERDICT_PASS,
                                          .because = "seen"};
        if (items[i].verdict == VERDICT_OPEN &&
            (strcmp(items[i].check->id, focus()) != 0 || items[i].target != 0))
            assert_done(session_decide(world.app.session, &decision, &error), &error);
    }
    world_press(&world, "f");
    world_assert_shows(&world, "every check is decided: 8 goes to the sign-off");
    world_press(&world, "8");
    assert_int_equal(world.app.tab, TAB_SIGNOFF);
}

static void what_was_decided_stays_in_sight_until_the_view_changes(void **state UNUSED)
{
    world_press(&world, "2jjf");
    world_assert_shows(&world, "ssh-root-password");
    world_press(&world, "vV");
    world_assert_lacks(&world, "ssh-root-password");
}

static void disagreement_needs_a_reason(void **state UNUSED)
{
    world_press(&world, "2jjp");
    world_assert_shows(&world, "Why is it 'pass'?");
    world_press(&world, "<Enter>");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_OPEN);
    world_type(&world, "locked account");
    world_press(&world, "<Enter>");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_PASS);
    assert_string_equal(find("ssh-root-password")->row->because, "locked account");
}

static void accepting_follows_the_suggestion(void **state UNUSED)
{
    world_press(&world, "2jja");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
    assert_string_equal(focus(), "audit-running");
    world_press(&world, "a");
    assert_int_equal(find("audit-running")->verdict, VERDICT_OPEN);
    world_assert_shows(&world, "the suggestion is 'blocked': that is for you to decide");
}

static void undo_goes_back_to_what_was_undone(void **state UNUSED)
{
    world_press(&world, "2jjfu");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_OPEN);
    assert_string_equal(focus(), "ssh-root-password");
    world_press(&world, "<C-r>");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
    world_press(&world, "uuu");
    assert_int_equal(counts().fail, 0);
    world_press(&world, "uuuu");
    world_assert_shows(&world, "nothing of yours to undo");
}

static void what_is_suggested_is_confirmed_in_bulk_after_a_question(void **state UNUSED)
{
    world_press(&world, "1a");
    world_assert_shows(&world, "not-applicable  1 open check");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "1 open check is suggested as pass");
    world_press(&world, "<Esc>");
    assert_int_equal(counts().pass, 1);
    world_press(&world, "a<Enter><Enter>");
    assert_int_equal(counts().pass, 2);
    assert_int_equal(find("memory-limit")->verdict, VERDICT_PASS);
    world_press(&world, "ajj<Esc>jja");
    world_assert_shows(&world, "nothing that is open here has a suggestion to confirm");
}

static void nothing_is_decided_without_a_check(void **state UNUSED)
{
    world_press(&world, "2hp");
    world_assert_shows(&world, "select a check first");
    assert_int_equal(counts().pass, 1);
}

static void a_read_only_review_is_only_read(void **state UNUSED)
{
    struct error error = {0};
    char *path = memory_copy_text(session_path(world.app.session));
    world.app.options.read_only = true;
    assert_done(app_open(&world.app, path, &error), &error);
    app_settle(&world.app);
    free(path);
    world_press(&world, "2jjf");
    world_assert_shows(&world, "the review is open read-only");
    world_press(&world, "c");
    assert_int_equal(world.app.overlay_count, 0);
    world_press(&world, "u");
    assert_int_equal(counts().fail, 1);
}

static void a_long_reason_does_not_hide_the_decision(void **state UNUSED)
{
    struct buffer reason = {0};
    for (int i = 0; i < 100; i++)
        buffer_append_format(&reason, "word-%d ", i);
    world_add_suggestion(&world, &(struct world_suggestion){.check = "docker-group",
                                                            .suggestion = "fail",
                                                            .reason = buffer_text(&reason)});
    world_press(&world, "2g");
    static const int sizes[][2] = {{24, 80}, {12, 60}, {10, 40}, {40, 140}};
    for (size_t i = 0; i < LENGTH(sizes); i++) {
        struct walk *walk = (struct walk *)world.app.tabs[TAB_WALK];
        walk->detail_has_focus = sizes[i][1] < 60;
        const char *screen = world_screen(&world, sizes[i][0], sizes[i][1]);
        assert_non_null(strstr(screen, "Decided   not yet"));
    }
    assert_non_null(strstr(world_screen(&world, 40, 140), "word-99"));
    buffer_release(&reason);
}

/* ---- what happens meanwhile ---- */

static void arriving_results_move_nothing(void **state UNUSED)
{
    struct walk *walk = (struct walk *)world.app.tabs[TAB_WALK];
    world_press(&world, "2vvGkk");
    world_screen(&world, 14, 80);
    const struct check *before = world.app.focus.check;
    int selected = walk->queue.list.selected;
    int top = walk->queue.list.top;
    assert_true(top > 0);
    static const char *const checks[] = {"docker-group", "kernel-pointers", "signed-sources"};
    for (size_t i = 0; i < LENGTH(checks); i++)
        world_add_suggestion(&world, &(struct world_suggestion){.check = checks[i],
                                                                .suggestion = "fail",
                                                                .reason = "it arrived"});
    world_screen(&world, 14, 80);
    assert_ptr_equal(world.app.focus.check, before);
    assert_int_equal(walk->queue.list.selected, selected);
    assert_int_equal(walk->queue.list.top, top);
}

static void newer_evidence_keeps_the_place_in_the_text(void **state UNUSED)
{
    struct evidence *evidence = (struct evidence *)world.app.tabs[TAB_EVIDENCE];
    struct buffer text = {0};
    for (int i = 0; i < 500; i++)
        buffer_append_format(&text, "line %d\n", i);
    struct world_evidence record = {
        .check = "docker-group", .probe = "members", .command = "many", .out = text.data};
    world_add_evidence(&world, &record);
    world_press(&world, "23");
    world_screen(&world, 24, 80);
    for (int i = 0; i < 5; i++)
        world_press(&world, "<PgDn>");
    world_screen(&world, 24, 80);
    size_t line = lines_number(&evidence->pager.lines, evidence->pager.top);
    assert_true(line > 50);
    record.after_ms = 60000;
    world_add_evidence(&world, &record);
    world_assert_shows(&world, "record 2 of 2");
    assert_int_equal(lines_number(&evidence->pager.lines, evidence->pager.top), line);
    world_press(&world, "[");
    world_assert_shows(&world, "record 1 of 2");
    record.after_ms = 120000;
    world_add_evidence(&world, &record);
    world_assert_shows(&world, "record 1 of 3");
    buffer_release(&text);
}

static void what_another_process_writes_is_seen(void **state UNUSED)
{
    struct session *other;
    struct session_options options = {0};
    struct error error = {0};
    assert_done(session_open(session_path(world.app.session), &options, &other, &error), &error);
    struct decision decision = {.check = "docker-group",
                                .target = "sandbox-7",
                                .verdict = VERDICT_FAIL,
                                .because = "seen by hand"};
    assert_done(session_decide(other, &decision, &error), &error);
    session_close(other);
    world.app.refreshed_ms = 0;
    world_press(&world, "2");
    assert_int_equal(find("docker-group")->verdict, VERDICT_FAIL);
    world_assert_shows(&world, "3/24");
}

static void a_changed_host_key_is_a_hard_stop(void **state UNUSED)
{
    struct session_events events = session_events_for(&world.app);
    struct error error = {0};
    error_set(&error, ERROR_DENIED, "the host key of build.example.org has changed");
    error_hint(&error, "ask its owner before you go on");
    events.run_ended(events.context, 1, &error);
    world_assert_shows(&world, "build-host was not contacted");
    world_assert_shows(&world, "ask its owner before you go on");
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.overlay_count, 0);
}

static void the_end_of_a_run_disturbs_nobody_who_writes(void **state UNUSED)
{
    struct session_events events = session_events_for(&world.app);
    struct error error = {0};
    error_set(&error, ERROR_DENIED, "the host key of build.example.org has changed");
    world_press(&world, "2jjc");
    events.run_ended(events.context, 1, &error);
    world_type(&world, "still writing");
    world_assert_shows(&world, "still writing");
    assert_int_equal(world.app.overlay_count, 1);
}

/* ---- keys ---- */

static void n_decides_only_while_no_search_is_on(void **state UNUSED)
{
    world_press(&world, "2vv/");
    world_type(&world, "root");
    world_press(&world, "<Enter>");
    assert_string_equal(focus(), "ssh-root-password");
    world_press(&world, "n");
    assert_string_equal(focus(), "sudo-nopasswd");
    world_press(&world, "N");
    assert_string_equal(focus(), "ssh-root-password");
    assert_int_equal(counts().not_applicable, 0);
    world_press(&world, "<Esc>n");
    world_assert_shows(&world, "Reason for 'not-applicable'");
}

static void alt_that_means_nothing_is_esc_and_a_key(void **state UNUSED)
{
    world_press(&world, "2c");
    world_type(&world, "text");
    world_press(&world, "<M-7>");
    assert_int_equal(world.app.overlay_count, 0);
    assert_int_equal(world.app.tab, TAB_HISTORY);
}

static void keys_follow_the_users_file(void **state UNUSED)
{
    struct tui_options options = {.keys_path = testing_write("own", "any <F2> walk\n"
                                                                    "walk x accept\n"
                                                                    "walk p none\n"
                                                                    "nonsense\n")};
    struct app app;
    app_init(&app, world.loop, &options);
    assert_non_null(strstr(app.message, "own:4"));
    assert_int_equal(keymap_find(&app.keymap, (struct key){'x', 0}, CONTEXT_WALK), ACTION_ACCEPT);
    assert_int_equal(keymap_find(&app.keymap, (struct key){'p', 0}, CONTEXT_WALK), ACTION_NONE);
    app_release(&app);
}

static void the_palette_finds_actions_and_checks(void **state UNUSED)
{
    world_press(&world, "2:");
    world_type(&world, "kernel");
    world_press(&world, "<Enter>");
    assert_string_equal(focus(), "kernel-pointers");
    world_press(&world, ":");
    world_type(&world, "sign-off");
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.tab, TAB_SIGNOFF);
    world_press(&world, ":");
    world_type(&world, "zzzz");
    world_assert_shows(&world, "nothing fits");
    world_press(&world, "<Enter><Esc>");
    assert_int_equal(world.app.overlay_count, 0);
}

static void back_goes_back(void **state UNUSED)
{
    world_press(&world, "2l3q");
    assert_int_equal(world.app.tab, TAB_WALK);
    world_press(&world, "q");
    world_press(&world, "q");
    assert_int_equal(world.app.tab, TAB_OVERVIEW);
    assert_false(world.app.is_done);
    world_press(&world, "q");
    assert_true(world.app.is_done);
}

static void escape_closes_and_goes_back_but_never_quits(void **state UNUSED)
{
    world_press(&world, "23:<Esc><Esc>");
    assert_int_equal(world.app.tab, TAB_WALK);
    world_press(&world, "<Esc>");
    assert_int_equal(world.app.tab, TAB_OVERVIEW);
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "q quits");
    assert_false(world.app.is_done);
    world_press(&world, "q");
    assert_true(world.app.is_done);
}

static void another_target_shows_its_own_state(void **state UNUSED)
{
    world_press(&world, "2jjt");
    assert_string_equal(focus(), "ssh-root-password");
    assert_int_equal(world.app.focus.target, 1);
    world_assert_shows(&world, "target: build-host");
    world_assert_shows(&world, "nothing yet: r gathers evidence");
    world_press(&world, "T");
    world_type(&world, "sand");
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.focus.target, 0);
    world_assert_shows(&world, "fail: Root may log in");
}

static void a_target_is_added(void **state UNUSED)
{
    world_press(&world, "1+");
    world_type(&world, "third=ssh://root@third.example.org");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "target saved");
    world_assert_shows(&world, "2/36");
    world_press(&world, "+");
    world_type(&world, "-oProxyCommand=evil");
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.overlay_count, 1);
    world_press(&world, "<Esc>");
}

static void a_group_is_closed_and_opened(void **state UNUSED)
{
    world_press(&world, "2");
    world_assert_shows(&world, "docker-group");
    world_press(&world, "h");
    world_assert_lacks(&world, "docker-group");
    world_press(&world, "j");
    assert_string_equal(focus(), "ssh-root-password");
    world_press(&world, "kl");
    world_assert_shows(&world, "docker-group");
}

static void an_area_is_opened_from_the_overview(void **state UNUSED)
{
    world_press(&world, "1jj<Enter>");
    assert_int_equal(world.app.tab, TAB_WALK);
    assert_string_equal(focus(), "kernel-pointers");
    world_assert_shows(&world, "all, by area");
}

/* ---- texts ---- */

static void questions_are_asked_one_after_the_other(void **state UNUSED)
{
    world_press(&world, "2jjA<Enter>");
    world_type(&world, "Ada approves");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "Was it used in the last 90 days?");
    world_press(&world, "<Down><Enter>");
    world_assert_shows(&world, "How is it handed out?");
    world_type(&world, "paper");
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.overlay_count, 0);
    assert_int_equal(find("ssh-root-password")->row->answer_count, 3);
    world_press(&world, "lG");
    world_assert_shows(&world, "Ada approves");
    world_assert_shows(&world, "on paper");
}

/* Waits for the timer of the draft, which must come within a second. */
static void typed_text_is_kept_within_a_second(void **state UNUSED)
{
    struct error error = {0};
    char *text = NULL;
    world_press(&world, "2jjc");
    world_type(&world, "half a thought");
    int64_t deadline_ms = clock_monotonic_ms() + 1000;
    while (text == NULL && clock_monotonic_ms() < deadline_ms) {
        assert_done(loop_run_once(world.loop, 50, &error), &error);
        text = drafts_find(&world.app, "comment:ssh-root-password:sandbox-7");
    }
    assert_string_equal(text, "half a thought");
    free(text);
    world_press(&world, "<Esc>c");
    world_assert_shows(&world, "half a thought");
    world_assert_shows(&world, "your draft is here again");
    world_press(&world, "<C-s>");
    assert_null(drafts_find(&world.app, "comment:ssh-root-password:sandbox-7"));
}

static void a_draft_is_announced_after_a_crash(void **state UNUSED)
{
    struct error error = {0};
    world_press(&world, "2jjc");
    world_type(&world, "before the crash");
    world_press(&world, "<Esc>1");
    char *path = memory_copy_text(session_path(world.app.session));
    assert_done(app_open(&world.app, path, &error), &error);
    app_settle(&world.app);
    free(path);
    world_assert_shows(&world, "an unsaved text about ssh-root-password was kept");
    assert_string_equal(focus(), "ssh-root-password");
}

static void pasted_text_goes_where_text_goes(void **state UNUSED)
{
    static const char paste[] = "f\nQ\n";
    struct event event = {.kind = EVENT_PASTE, .paste = paste, .paste_length = strlen(paste)};
    world_press(&world, "2jj");
    app_handle(&world.app, &event);
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_OPEN);
    assert_false(world.app.is_done);
    world_press(&world, "p");
    app_handle(&world.app, &event);
    world_assert_shows(&world, "f Q ");
    world_press(&world, "<Enter>");
    assert_string_equal(find("ssh-root-password")->row->because, "f Q ");
}

static void a_guarded_question_takes_no_key_for_a_moment(void **state UNUSED)
{
    world.app.guard_ms = 60000;
    world_press(&world, "1R");
    world_assert_shows(&world, "Consent to these commands?");
    world_press(&world, "<Enter>y<Esc>");
    assert_int_equal(world.app.overlay_count, 1);
    assert_int_equal(session_running_count(world.app.session), 0);
}

static void only_the_typed_word_confirms(void **state UNUSED)
{
    static const char paste[] = "sign";
    struct event event = {.kind = EVENT_PASTE, .paste = paste, .paste_length = strlen(paste)};
    world_press(&world, "8<Enter>");
    world_type(&world, "nokey/id_test");
    world_press(&world, "<Enter>s<Enter>");
    app_handle(&world.app, &event);
    world_press(&world, "<Enter>");
    assert_int_equal(world.app.overlay_count, 1);
    world_assert_shows(&world, "that is another word");
}

static void a_long_message_is_shown_whole(void **state UNUSED)
{
    app_say(&world.app, MESSAGE_BAD, "%s",
            "cannot open the review 'sandbox-7.walk': it was made by a newer walkdown than this "
            "one, and this one knows how to read it but not how to write it (take the newer one)");
    const char *screen = world_screen(&world, 24, 80);
    assert_non_null(strstr(screen, "cannot open the review"));
    assert_non_null(strstr(screen, "(take the newer one)"));
    world_press(&world, "j");
    world_assert_lacks(&world, "cannot open the review");
}

static void consent_tells_of_everything_it_is_given_to(void **state UNUSED)
{
    world_press(&world, "2jjr");
    world_assert_shows(&world, "This review sends 13 commands to 1 target. 12 only read, 1 change");
    world_assert_shows(&world, "1 of them is sent now");
    world_press(&world, "v");
    world_press(&world, "G");
    world_assert_shows(&world, "logger walkdown-canary");
}

/* ---- mouse ---- */

static void a_click_selects_and_a_second_one_opens(void **state UNUSED)
{
    world_press(&world, "2");
    world_screen(&world, 24, 80);
    world_click(&world, 7, 5);
    assert_string_equal(focus(), "ssh-root-password");
    world_screen(&world, 24, 80);
    world_click(&world, 7, 5);
    assert_int_equal(world.app.tab, TAB_EVIDENCE);
    world_click(&world, 1, 2);
    assert_int_equal(world.app.tab, TAB_OVERVIEW);
    world_click(&world, 1, 11);
    assert_int_equal(world.app.tab, TAB_OVERVIEW);
    world_click(&world, 1, 12);
    assert_int_equal(world.app.tab, TAB_WALK);
}

int main(void)
{
#define TEST(function) WORLD_TEST(function, world_set_up)
    const struct CMUnitTest tests[] = {
        TEST(a_decision_goes_on_to_the_next_open_check),
        TEST(the_last_decision_names_the_key_of_the_sign_off),
        TEST(what_was_decided_stays_in_sight_until_the_view_changes),
        TEST(disagreement_needs_a_reason),
        TEST(accepting_follows_the_suggestion),
        TEST(undo_goes_back_to_what_was_undone),
        TEST(what_is_suggested_is_confirmed_in_bulk_after_a_question),
        TEST(nothing_is_decided_without_a_check),
        TEST(a_read_only_review_is_only_read),
        TEST(a_long_reason_does_not_hide_the_decision),
        TEST(arriving_results_move_nothing),
        TEST(newer_evidence_keeps_the_place_in_the_text),
        TEST(what_another_process_writes_is_seen),
        TEST(a_changed_host_key_is_a_hard_stop),
        TEST(the_end_of_a_run_disturbs_nobody_who_writes),
        TEST(n_decides_only_while_no_search_is_on),
        TEST(alt_that_means_nothing_is_esc_and_a_key),
        TEST(keys_follow_the_users_file),
        TEST(the_palette_finds_actions_and_checks),
        TEST(back_goes_back),
        TEST(escape_closes_and_goes_back_but_never_quits),
        TEST(another_target_shows_its_own_state),
        TEST(a_target_is_added),
        TEST(a_group_is_closed_and_opened),
        TEST(an_area_is_opened_from_the_overview),
        TEST(questions_are_asked_one_after_the_other),
        TEST(typed_text_is_kept_within_a_second),
        TEST(a_draft_is_announced_after_a_crash),
        TEST(pasted_text_goes_where_text_goes),
        TEST(a_guarded_question_takes_no_key_for_a_moment),
        TEST(only_the_typed_word_confirms),
        TEST(a_long_message_is_shown_whole),
        TEST(consent_tells_of_everything_it_is_given_to),
        TEST(a_click_selects_and_a_second_one_opens),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
