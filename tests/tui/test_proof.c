/* SPDX-License-Identifier: Apache-2.0 */
/* What the screens show of a review's integrity: damage, disputes, accepted risks, redactions. */
#include "world.h"

#include "support/testing.h"

#include "assess/accepted.h"
#include "assess/policy.h"
#include "base/file.h"

#include <sqlite3.h>

static struct world world;

static const struct item *find(const char *check)
{
    return session_find_item(world.app.session, check, "sandbox-7");
}

/* Open it again, with a time on record changed. */
static void open_tampered(void)
{
    struct error error = {0};
    struct sqlite3 *handle = NULL;
    char *path = memory_copy_text(session_path(world.app.session));
    assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_exec(handle, "UPDATE entry SET time_ms = time_ms + 1 WHERE seq = 3",
                                  NULL, NULL, NULL),
                     SQLITE_OK);
    sqlite3_close(handle);
    assert_done(app_open(&world.app, path, &error), &error);
    app_settle(&world.app);
    free(path);
}

static void a_file_that_does_not_verify_says_so_when_it_is_opened(void **state UNUSED)
{
    open_tampered();
    world_assert_shows(&world, "this file does not verify: entry");
    world_press(&world, "8");
    world_assert_shows(&world, "the file does not verify: entry");
}

static void wait_for_message(void)
{
    struct error error = {0};
    for (int i = 0; i < 300 && world.app.message == NULL; i++)
        assert_done(loop_run_once(world.loop, 100, &error), &error);
    assert_non_null(world.app.message);
}

static void the_first_screen_does_not_wait_for_the_verification(void **state UNUSED)
{
    world.app.options.program_path = testing_build("walkdown");
    open_tampered();
    assert_null(world.app.message);
    wait_for_message();
    world_assert_shows(&world, "this file does not verify: entry");
    world_press(&world, "8");
    world_assert_shows(&world, "the file does not verify: entry");
}

static void a_verification_that_gives_no_answer_is_told(void **state UNUSED)
{
    world.app.options.program_path = "/bin/true";
    open_tampered();
    wait_for_message();
    world_assert_shows(&world, "ended without an answer");
}

static void a_dispute_shows_both_sides_and_is_settled_by_deciding(void **state UNUSED)
{
    static const char *const verdicts[] = {"pass", "fail"};
    static const char *const notes[] = {"I saw it.", "I did not."};
    bool changed;
    struct error error = {0};
    for (int i = 0; i < 2; i++) {
        json_t *body = json_pack("{s:s, s:s, s:s, s:s}", "target", "sandbox-7", "check",
                                 "ssh-root-password", "verdict", verdicts[i], "note", notes[i]);
        const struct new_entry entry = {.kind = ENTRY_DECISION, .body = body};
        bool done = review_append(session_review(world.app.session), &entry, 1, NULL, &error) &&
                    session_refresh(world.app.session, &changed, &error);
        json_decref(body);
        assert_done(done, &error);
    }
    app_update(&world.app);
    world_press(&world, "2jj");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_DISPUTED);
    world_assert_shows(&world, "I saw it.");
    world_assert_shows(&world, "I did not.");
    world_press(&world, "f");
    assert_int_equal(find("ssh-root-password")->verdict, VERDICT_FAIL);
}

static void the_policy_is_set_on_the_sign_off_screen(void **state UNUSED)
{
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list rules = {0};
    struct error error = {0};
    world_press(&world, "8");
    world_assert_shows(&world, "secrets: mask");
    world_press(&world, "p<Down><Enter><Down><Enter>");
    world_assert_shows(&world, "the policy is saved");
    /* The list is there again, at the same place. */
    world_assert_shows(&world, "Policy of this review");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "Signatures of approvers");
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "2 approvers; secrets: mask");
    world_press(&world, "pevery<Enter>drop<Enter><Esc>");
    world_press(&world, "pjwt<Enter>store<Enter><Esc>");
    world_assert_shows(&world, "secrets: drop, 1 otherwise");
    assert_done(policy_read(world.app.session, POLICY_SECRETS, &rules, &error), &error);
    assert_string_equal(policy_value(&rules, "all"), "drop");
    assert_string_equal(policy_value(&rules, "jwt"), "store");
    world_press(&world, "pjwt<Enter>as<Space>all<Enter><Esc>");
    world_press(&world, "papprovers<Enter>none<Space>required<Enter><Esc>");
    policy_rule_row_list_release(&rules);
    rules = (struct policy_rule_row_list){0};
    assert_done(policy_read(world.app.session, POLICY_SIGNOFF, &rules, &error), &error);
    assert_int_equal(rules.count, 0);
    world_press(&world, "8");
    world_assert_shows(&world, "secrets: drop");
}

static void an_accepted_risk_is_shown_with_its_check(void **state UNUSED)
{
    struct exception_request request = {.check = "ssh-root-password",
                                        .reason = "Only the lab reaches it.",
                                        .approver = "Carol",
                                        .until = "2026-12-31"};
    struct error error = {0};
    struct entry_id id;
    assert_done(session_add_exception(world.app.session, &request, &id, &error), &error);
    app_update(&world.app);
    world_press(&world, "2jj");
    world_assert_shows(&world, "accepted by Carol until 2026-12-31");
    world_assert_shows(&world, "Only the lab reaches it.");
}

/* --- redaction --- */

static bool file_holds(const char *text)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct error error = {0};
    assert_done(file_read(session_path(world.app.session), SIZE_MAX / 2, &data, &error), &error);
    return memmem(data.data, data.length, text, strlen(text)) != NULL;
}

static void add_secret(void)
{
    world_add_evidence(&world, &(struct world_evidence){.check = "ssh-root-password",
                                                        .probe = "effective",
                                                        .command = "cat settings",
                                                        .out = "one\nthe sesame opens\nthree\n",
                                                        .after_ms = 1000});
    world_press(&world, "2jj3");
}

static void lines_are_redacted_with_a_reason_and_a_word(void **state UNUSED)
{
    add_secret();
    world_assert_shows(&world, "the sesame opens");
    assert_true(file_holds("the sesame opens"));
    world_press(&world, "D");
    world_assert_shows(&world, "Redact lines");
    world_press(&world, "<BS>");
    world_type(&world, "2");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "Why is it redacted?");
    world_type(&world, "It opens.");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "Redact for good?");
    world_type(&world, "redact");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "16 bytes were taken out of the review file");
    world_assert_shows(&world, "[redacted 16 bytes]");
    world_assert_lacks(&world, "the sesame opens");
    assert_false(file_holds("the sesame opens"));
}

static void nothing_is_redacted_without_the_word(void **state UNUSED)
{
    add_secret();
    world_press(&world, "D<Enter>");
    world_type(&world, "It opens.");
    world_press(&world, "<C-s>");
    world_type(&world, "yes");
    world_press(&world, "<Enter><Esc>");
    world_assert_shows(&world, "the sesame opens");
    assert_true(file_holds("the sesame opens"));
}

#define TEST(name) WORLD_TEST(name, world_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_file_that_does_not_verify_says_so_when_it_is_opened),
        TEST(the_first_screen_does_not_wait_for_the_verification),
        TEST(a_verification_that_gives_no_answer_is_told),
        TEST(a_dispute_shows_both_sides_and_is_settled_by_deciding),
        TEST(the_policy_is_set_on_the_sign_off_screen),
        TEST(an_accepted_risk_is_shown_with_its_check),
        TEST(lines_are_redacted_with_a_reason_and_a_word),
        TEST(nothing_is_redacted_without_the_word),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
