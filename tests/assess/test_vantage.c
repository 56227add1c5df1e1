/* SPDX-License-Identifier: Apache-2.0 */
/* Runs that look at a target from the reviewer's machine as well, by real workers. */
#include "assess/session.h"
#include "support/testing.h"

#include "base/clock.h"

#include <string.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

static const char checklist_text[] =
    "walkdown: 1\n"
    "id: small\n"
    "title: Small checklist\n"
    "version: '1'\n"
    "areas:\n"
    "  - id: access\n"
    "    title: Access control\n"
    "    checks:\n"
    "      - id: both\n"
    "        title: Both sides say the same\n"
    "        severity: high\n"
    "        probes:\n"
    "          - {id: here, run: 'echo word $TARGET_KIND', from: reviewer}\n"
    "          - {id: there, run: 'echo word local${TARGET_KIND-}'}\n"
    "        expect: [{that: here.stdout, same-as: there}]\n"
    "      - id: only\n"
    "        title: The address of the target\n"
    "        severity: high\n"
    "        probes: [{id: here, run: 'echo $TARGET_HOST $TARGET_PORT', from: reviewer}]\n"
    "        expect: [{that: here.stdout, matches: '^127.0.0.1 1?$'}]\n"
    "  - id: slow\n"
    "    title: What takes its time\n"
    "    checks:\n"
    "      - id: slow-there\n"
    "        title: A look that hangs on the target\n"
    "        severity: high\n"
    "        probes:\n"
    "          - {id: there, run: 'sleep 1000'}\n"
    "          - {id: here, run: 'echo $TARGET_HOST', from: reviewer}\n"
    "        expect: [{that: here.stdout, exists: true}]\n"
    "      - id: slow-here\n"
    "        title: A look that hangs on the reviewer's machine\n"
    "        severity: high\n"
    "        probes: [{id: here, run: 'sleep 1000 $TARGET_PORT', from: reviewer}]\n"
    "        expect: [{that: here.stdout, exists: true}]\n";

static struct world {
    struct loop *loop;
    struct session *session;
    struct error error;
    int ended;
    enum error_code code;
    const char *cancel_at; /* the status of the target at which to cancel */
} world;

static void on_run_ended(void *context UNUSED, size_t target UNUSED, const struct error *error)
{
    world.ended++;
    world.code = error ? error->code : ERROR_NONE;
}

static const struct session_events events = {.run_ended = on_run_ended};

static int set_up(void **state UNUSED)
{
    world = (struct world){.loop = loop_new()};
    setenv("WALKDOWN_NAME", "Ada", 1);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    session_close(world.session);
    loop_free(world.loop);
    testing_write("environment/home/.ssh/config", "");
    return 0;
}

static void open_review(const char *target)
{
    struct strings checklists = {0}, targets = {0};
    const struct session_options options = {
        .loop = world.loop, .events = &events, .worker_path = testing_build("walkdown-worker")};
    const char *path = testing_path("review.walk");
    const struct session_new request = {
        .path = path, .checklists = &checklists, .targets = &targets};

    unlink(path);
    strings_push(&checklists, testing_write("small.yaml", checklist_text));
    strings_push(&targets, target);
    assert_done(session_create(&request, &options, &world.session, &world.error), &world.error);
    strings_release(&checklists);
    strings_release(&targets);
}

static void cancel_in_time(void)
{
    size_t count;
    const struct session_target *targets = session_targets(world.session, &count);

    if (!world.cancel_at || strcmp(targets[0].status, world.cancel_at) != 0)
        return;
    world.cancel_at = NULL;
    session_cancel(world.session, NULL);
}

static void run(const char *check)
{
    const struct run_request request = {.check = check, .consent_read = true};
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;

    world.ended = 0;
    assert_done(session_run(world.session, &request, &world.error), &world.error);
    while (!world.ended) {
        assert_true(clock_monotonic_ms() < deadline_ms);
        assert_done(loop_run_once(world.loop, 1000, &world.error), &world.error);
        cancel_in_time();
    }
}

static const struct item *item(const char *check)
{
    const struct item *found = session_find_item(world.session, check, NULL);

    assert_non_null(found);
    return found;
}

static void assert_suggested(const char *check, enum suggestion suggestion, const char *why)
{
    const struct item *found = item(check);

    assert_int_equal(found->suggestion, suggestion);
    if (why && !strstr(found->row->suggestion_reason, why))
        fail_msg("no '%s' in '%s'", why, found->row->suggestion_reason);
}

static void both_sides_are_asked_and_compared(void **state UNUSED)
{
    open_review("here=local");
    run("both");
    assert_int_equal(world.code, ERROR_NONE);
    assert_suggested("both", SUGGESTION_PASS, NULL);
    assert_int_equal(item("both")->row->evidence_count, 2);
}

static void what_will_run_here_is_counted_before_consent(void **state UNUSED)
{
    const struct run_request all = {0};
    struct run_preview preview;

    open_review("nobody=ssh://ada@127.0.0.1:1");
    assert_done(session_preview_run(world.session, &all, &preview, &world.error), &world.error);
    assert_int_equal(preview.read_count, 6);
    assert_int_equal(preview.reviewer_count, 4);
    assert_false(preview.is_bundled);
    assert_refused(session_run(world.session, &all, &world.error), &world.error, ERROR_DENIED);
}

static void where_the_target_is_here_nothing_else_is_asked_here(void **state UNUSED)
{
    const struct run_request all = {0};
    struct run_preview preview;

    open_review("here=local");
    assert_done(session_preview_run(world.session, &all, &preview, &world.error), &world.error);
    assert_int_equal(preview.read_count, 6);
    assert_int_equal(preview.reviewer_count, 0);
}

static void a_target_that_is_only_looked_at_is_not_logged_in_to(void **state UNUSED)
{
    open_review("nobody=ssh://ada@127.0.0.1:1");
    run("only");
    assert_int_equal(world.code, ERROR_NONE);
    assert_suggested("only", SUGGESTION_PASS, NULL);
}

static void a_target_that_cannot_be_reached_is_not_judged_from_here_alone(void **state UNUSED)
{
    open_review("nobody=ssh://ada@127.0.0.1:1");
    run("both");
    assert_int_equal(world.code, ERROR_UNREACHABLE);
    assert_suggested("both", SUGGESTION_NONE, NULL);
}

static void a_sandbox_has_no_address_and_is_asked_the_rest(void **state UNUSED)
{
    open_review("inside=local/exec:env");
    run("both");
    assert_int_equal(world.code, ERROR_NONE);
    assert_suggested("both", SUGGESTION_BLOCKED, "does not reach into a sandbox");
    run("only");
    assert_int_equal(world.code, ERROR_NONE);
    assert_suggested("only", SUGGESTION_BLOCKED, "does not reach into a sandbox");
}

static void behind_a_proxy_a_check_is_blocked_and_the_run_is_well(void **state UNUSED)
{
    open_review("inner");
    testing_write("environment/home/.ssh/config", "Host inner\n ProxyJump first\n");
    run("only");
    assert_int_equal(world.code, ERROR_NONE);
    assert_suggested("only", SUGGESTION_BLOCKED, "ssh_config sets ProxyJump");
    assert_int_equal(item("only")->row->evidence_count, 1);
}

static void what_is_cancelled_on_the_target_is_not_begun_here(void **state UNUSED)
{
    open_review("here=local");
    world.cancel_at = "slow-there";
    run("slow-there");
    assert_int_equal(world.code, ERROR_CANCELLED);
    assert_suggested("slow-there", SUGGESTION_NONE, NULL);
    assert_int_equal(item("slow-there")->row->evidence_count, 0);
}

static void a_look_from_here_can_be_cancelled(void **state UNUSED)
{
    open_review("here=local");
    world.cancel_at = "slow-here";
    run("slow-here");
    assert_int_equal(world.code, ERROR_CANCELLED);
    assert_suggested("slow-here", SUGGESTION_NONE, NULL);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(both_sides_are_asked_and_compared),
        TEST(what_will_run_here_is_counted_before_consent),
        TEST(where_the_target_is_here_nothing_else_is_asked_here),
        TEST(a_target_that_is_only_looked_at_is_not_logged_in_to),
        TEST(a_target_that_cannot_be_reached_is_not_judged_from_here_alone),
        TEST(a_sandbox_has_no_address_and_is_asked_the_rest),
        TEST(behind_a_proxy_a_check_is_blocked_and_the_run_is_well),
        TEST(what_is_cancelled_on_the_target_is_not_begun_here),
        TEST(a_look_from_here_can_be_cancelled),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
