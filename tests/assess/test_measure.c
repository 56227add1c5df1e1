/* SPDX-License-Identifier: Apache-2.0 */
/* Flows measured in a session's loop, by real workers. Every connection goes to this machine's own
 * loopback. */
#include "assess/flows.h"
#include "support/testing.h"

#include <arpa/inet.h>
#include <stdio.h>
#include <string.h>
#include <sys/socket.h>
#include <unistd.h>

static const char checklist_text[] = "walkdown: 1\n"
                                     "id: small\n"
                                     "title: Small checklist\n"
                                     "version: '1'\n"
                                     "areas:\n"
                                     "  - id: access\n"
                                     "    title: Access control\n"
                                     "    checks:\n"
                                     "      - id: says-word\n"
                                     "        title: The target says the word\n"
                                     "        severity: high\n"
                                     "        why: Because.\n"
                                     "        probes: [{id: word, run: 'echo word'}]\n"
                                     "        expect: [{that: stdout, matches: word, else: No}]\n";

enum { MEASURED_MAX = 4 };

static struct world {
    struct loop *loop;
    struct session *session;
    struct flow_line_list lines;
    struct flow_vantage vantages[2];
    char names[2][16], specs[2][64];
    int listener;
    char port[8];
    size_t count; /* vantages that were told to be through */
    struct error ends[MEASURED_MAX];
} world;

static void on_measured(void *context UNUSED, size_t target UNUSED, const struct error *error)
{
    assert_true(world.count < MEASURED_MAX);
    world.ends[world.count++] = error ? *error : (struct error){0};
}

static void listen_on_loopback(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t size = sizeof(address);

    world.listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    assert_int_equal(bind(world.listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(world.listener, 50), 0);
    assert_int_equal(getsockname(world.listener, (struct sockaddr *)&address, &size), 0);
    snprintf(world.port, sizeof(world.port), "%d", ntohs(address.sin_port));
}

static void expect_from(char *name)
{
    const struct flow_line line = {.from = name,
                                   .to = (char[]){"service"},
                                   .places = (char[]){"127.0.0.1"},
                                   .ports = world.port,
                                   .protocol = FLOW_TCP4,
                                   .expectation = FLOW_EXPECT_ALLOW};

    flow_line_add(&world.lines, &line);
}

static const struct session_events events = {.measured = on_measured};

static void make_session(const char *first, const char *second)
{
    struct error error = {0};
    struct strings checklists = {0}, targets = {0};
    const struct session_options options = {
        .loop = world.loop, .events = &events, .worker_path = testing_build("walkdown-worker")};
    const char *path = testing_path("review.walk");
    const struct session_new request = {
        .path = path, .checklists = &checklists, .targets = &targets};

    unlink(path);
    strings_push(&checklists, testing_write("small.yaml", checklist_text));
    strings_push_take(&targets, memory_format("one=%s", first));
    strings_push_take(&targets, memory_format("two=%s", second));
    session_close(take(&world.session));
    assert_done(session_create(&request, &options, &world.session, &error), &error);
    strings_release(&checklists);
    strings_release(&targets);
}

static int set_up(void **state UNUSED)
{
    world = (struct world){.loop = loop_new()};
    setenv("WALKDOWN_NAME", "Ada", 1);
    listen_on_loopback();
    expect_from((char[]){"one"});
    expect_from((char[]){"two"});
    make_session("local", "local");
    return 0;
}

static int tear_down(void **state UNUSED)
{
    session_close(world.session);
    loop_free(world.loop);
    flow_line_list_release(&world.lines);
    close(world.listener);
    return 0;
}

/* From both targets; what it borrows is kept until the next call. */
static struct flows_request request_with(bool consent)
{
    size_t count;
    const struct session_target *targets = session_targets(world.session, &count);

    assert_int_equal(count, LENGTH(world.vantages));
    for (size_t i = 0; i < count; i++) {
        snprintf(world.names[i], sizeof(world.names[i]), "%s", targets[i].name);
        snprintf(world.specs[i], sizeof(world.specs[i]), "%s", targets[i].spec);
        world.vantages[i] = (struct flow_vantage){world.names[i], world.specs[i]};
    }
    return (struct flows_request){.lines = &world.lines,
                                  .vantages = world.vantages,
                                  .vantage_count = count,
                                  .consent = consent};
}

static void measure(const struct flows_request *request)
{
    struct error error = {0};

    assert_done(session_measure(world.session, request, &error), &error);
}

static void turn_the_loop(void)
{
    struct error error = {0};

    assert_done(loop_run_once(world.loop, 20000, &error), &error);
}

static void wait_for_the_end(void)
{
    while (session_running_count(world.session))
        turn_the_loop();
}

/* What the review has on record; the list is kept until the next call. */
static const struct flow_measure_list *recorded(void)
{
    static struct flow_measure_list measures;
    AUTO_RELEASE(flow_line_list) struct flow_line_list lines = {0};
    struct error error = {0};

    flow_measure_list_release(&measures);
    assert_done(flows_of_session(world.session, &lines, &measures, &error), &error);
    return &measures;
}

static size_t count_consents(const char *class)
{
    AUTO_RELEASE(consent_row_list) struct consent_row_list rows = {0};
    struct error error = {0};
    size_t count = 0;

    assert_done(review_query_consents(session_review(world.session), NULL, &rows, &error), &error);
    for (size_t i = 0; i < rows.count; i++)
        count += strcmp(rows.items[i].class, class) == 0;
    return count;
}

static void each_vantage_is_measured_in_the_loop_and_recorded(void **state UNUSED)
{
    struct flows_request request = request_with(true);
    struct flows_progress progress;

    measure(&request);
    assert_true(session_measure_progress(world.session, &progress));
    assert_int_equal(progress.vantage, 0);
    assert_int_equal(progress.vantage_count, 2);
    while (!world.count)
        turn_the_loop();
    assert_int_equal(recorded()->count, 1); /* of the first, while the second is at it */
    assert_int_equal(session_running_count(world.session), 1);
    wait_for_the_end();
    assert_false(session_measure_progress(world.session, &progress));
    assert_int_equal(world.count, 2);
    assert_int_equal(world.ends[0].code, ERROR_NONE);
    assert_int_equal(world.ends[1].code, ERROR_NONE);
    assert_int_equal(recorded()->count, 2);
    assert_int_equal(recorded()->items[0].state, FLOW_OPEN_STATE);
    assert_int_equal(recorded()->items[1].state, FLOW_OPEN_STATE);
    assert_int_equal(count_consents("active"), 2);
}

static void
nothing_is_sent_without_consent_and_it_is_kept_for_the_same_commands(void **state UNUSED)
{
    struct flows_request request = request_with(false);
    struct flows_preview preview;
    struct error error = {0};

    assert_false(session_measure(world.session, &request, &error));
    assert_int_equal(error.code, ERROR_DENIED);
    assert_int_equal(session_running_count(world.session), 0);
    assert_done(session_preview_flows(world.session, &request, &preview, &error), &error);
    assert_true(preview.needs_consent);
    assert_int_equal(preview.flow_count, 2);
    assert_int_equal(preview.rate, FLOW_RATE_DEFAULT);
    request.consent = true;
    measure(&request);
    wait_for_the_end();
    request = request_with(false);
    assert_done(session_preview_flows(world.session, &request, &preview, &error), &error);
    assert_false(preview.needs_consent);
    measure(&request);
    wait_for_the_end();
    assert_int_equal(count_consents("active"), 2);
    request.options.rate = 7; /* other commands */
    assert_done(session_preview_flows(world.session, &request, &preview, &error), &error);
    assert_true(preview.needs_consent);
    assert_int_equal(preview.rate, 7);
}

static void one_that_is_stopped_at_once_leaves_what_was_seen_before(void **state UNUSED)
{
    struct flows_request request = request_with(true);

    measure(&request);
    wait_for_the_end();
    request = request_with(true);
    measure(&request);
    session_cancel(world.session, NULL);
    wait_for_the_end();
    assert_int_equal(world.count, 3); /* the second vantage did not begin again */
    assert_int_equal(world.ends[2].code, ERROR_CANCELLED);
    assert_int_equal(recorded()->count, 2);
    assert_int_equal(recorded()->items[0].state, FLOW_OPEN_STATE);
    assert_int_equal(recorded()->items[1].state, FLOW_OPEN_STATE);
}

static void one_that_is_stopped_after_the_map_keeps_the_flows_of_before(void **state UNUSED)
{
    struct flows_request request = request_with(true);
    struct flows_progress progress = {0};

    measure(&request);
    wait_for_the_end();
    request = request_with(true);
    measure(&request);
    while (session_measure_progress(world.session, &progress) && !progress.steps_done)
        turn_the_loop();
    session_cancel(world.session, NULL);
    wait_for_the_end();
    assert_int_equal(recorded()->count, 2);
    assert_int_equal(recorded()->items[0].state, FLOW_OPEN_STATE);
    assert_int_equal(recorded()->items[1].state, FLOW_OPEN_STATE);
}

static void
a_vantage_that_cannot_be_reached_is_blocked_and_the_next_one_measured(void **state UNUSED)
{
    make_session("local/exec:/no/such/program", "local");
    struct flows_request request = request_with(true);

    measure(&request);
    wait_for_the_end();
    assert_int_equal(world.count, 2);
    assert_int_not_equal(world.ends[0].code, ERROR_NONE);
    assert_int_equal(world.ends[1].code, ERROR_NONE);
    assert_int_equal(recorded()->count, 2);
    for (size_t i = 0; i < 2; i++) {
        const struct flow_measure *at = &recorded()->items[i];
        bool is_first = strcmp(at->from, "one") == 0;
        assert_int_equal(at->state, is_first ? FLOW_BLOCKED_STATE : FLOW_OPEN_STATE);
        assert_int_equal(at->detail[0] != '\0', is_first);
    }
}

static void nothing_else_runs_meanwhile(void **state UNUSED)
{
    const struct run_request run = {.consent_read = true};
    struct flows_request request = request_with(true);
    struct error error = {0};

    measure(&request);
    assert_false(session_run(world.session, &run, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    request = request_with(true);
    assert_false(session_measure(world.session, &request, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    wait_for_the_end();
    assert_done(session_run(world.session, &run, &error), &error);
    request = request_with(true);
    assert_false(session_measure(world.session, &request, &error));
    assert_int_equal(error.code, ERROR_CONFLICT);
    wait_for_the_end();
    assert_int_equal(world.count, 2);
}

static void the_map_alone_makes_no_connection(void **state UNUSED)
{
    AUTO_RELEASE(flow_map) struct flow_map map = {0};
    struct flows_request request = request_with(true);
    struct error error = {0};

    request.only_map = true;
    measure(&request);
    wait_for_the_end();
    assert_int_equal(recorded()->count, 0);
    assert_int_equal(count_consents("read"), 2);
    assert_int_equal(count_consents("active"), 0);
    assert_done(flows_map(world.session, NULL, &world.lines, &map, &error), &error);
    assert_int_equal(map.target_count, 2);
    assert_true(map.targets[0].is_seen);
    assert_true(map.targets[1].is_seen);
    assert_int_equal(accept(world.listener, NULL, NULL), -1); /* nobody came */
}

static void what_came_before_the_review_was_closed_is_kept(void **state UNUSED)
{
    AUTO_RELEASE(flow_map) struct flow_map map = {0};
    const struct session_options options = {.read_only = true};
    struct flows_request request = request_with(true);
    struct flows_progress progress = {0};
    struct error error = {0};

    measure(&request);
    while (session_measure_progress(world.session, &progress) && !progress.steps_done)
        turn_the_loop();
    session_close(take(&world.session));
    assert_done(session_open(testing_path("review.walk"), &options, &world.session, &error),
                &error);
    assert_done(flows_map(world.session, NULL, &world.lines, &map, &error), &error);
    assert_true(map.target_count > 0);
    assert_true(map.targets[0].is_seen);
    for (size_t i = 0; i < recorded()->count; i++)
        assert_int_equal(recorded()->items[i].state, FLOW_OPEN_STATE);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(each_vantage_is_measured_in_the_loop_and_recorded),
        TEST(nothing_is_sent_without_consent_and_it_is_kept_for_the_same_commands),
        TEST(one_that_is_stopped_at_once_leaves_what_was_seen_before),
        TEST(one_that_is_stopped_after_the_map_keeps_the_flows_of_before),
        TEST(a_vantage_that_cannot_be_reached_is_blocked_and_the_next_one_measured),
        TEST(nothing_else_runs_meanwhile),
        TEST(the_map_alone_makes_no_connection),
        TEST(what_came_before_the_review_was_closed_is_kept),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
