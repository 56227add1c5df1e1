/* SPDX-License-Identifier: Apache-2.0 */
/* Which list of flows is in force, and which run's measures count. */
#include "fixture.h"

#include "review/copy.h"

#include <unistd.h>

static const char name[] = "flows.walk";
static struct review *review;

static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 1, 2);
    return 0;
}

static int teardown(void **state UNUSED)
{
    enum verify_answer answer;
    review_close(review);
    assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
    return 0;
}

static struct entry_id declare(const char *to, const char *expected)
{
    return fixture_append(review, ENTRY_FLOWS,
                          json_pack("{s:s, s:[{s:s, s:s, s:s, s:s, s:s, s:s}]}", "file",
                                    "targets.yaml", "lines", "from", "host-0", "to", to, "places",
                                    "10.0.0.2", "ports", "22,80-90", "protocol", "tcp4", "expected",
                                    expected));
}

static void measure(const char *run, const char *target, int port, const char *state)
{
    fixture_append(review, ENTRY_REACH,
                   json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:{s:i}, s:{s:i},"
                             " s:[{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s}]}",
                             "run", run, "target", target, "command", "true", "outcome", "done",
                             "started_ms", 1, "duration_ms", 2, "out", "size", 0, "err", "size", 0,
                             "flows", "to", "db", "protocol", "udp", "family", 6, "port", port,
                             "address", "fd00::2", "state", state, "tool", "nc", "proof",
                             "saw port 22 open on ::1"));
}

static void expect_lines(const char *expected)
{
    struct expected_flow_row_list list;
    struct buffer text = {0};
    struct error error;
    assert_done(review_query_expected_flows(review, NULL, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        buffer_append_format(&text, "%s>%s=%s:%s/%s %s\n", list.items[i].from, list.items[i].to,
                             list.items[i].places, list.items[i].ports, list.items[i].protocol,
                             list.items[i].expected);
    expected_flow_row_list_release(&list);
    char *actual = buffer_take(&text);
    assert_string_equal(actual, expected);
    free(actual);
}

static void the_newest_list_that_nobody_took_back_is_in_force(void **state UNUSED)
{
    expect_lines("");
    declare("db", "allow");
    struct entry_id second = declare("mail", "deny");
    expect_lines("host-0>mail=10.0.0.2:22,80-90/tcp4 deny\n");
    fixture_retract(review, &second);
    expect_lines("host-0>db=10.0.0.2:22,80-90/tcp4 allow\n");
}

static void of_each_vantage_the_newest_run_counts(void **state UNUSED)
{
    struct measured_flow_row_list list;
    struct buffer text = {0};
    struct error error;
    measure("r1", "host-0", 1, "open");
    measure("r1", "host-1", 2, "refused");
    measure("r2", "host-0", 3, "filtered");
    measure("r2", "host-0", 4, "open|filtered");
    assert_done(review_query_measured_flows(review, NULL, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        buffer_append_format(&text, "%s>%s:%d/%s%d %s %s %s %s\n", list.items[i].from,
                             list.items[i].to, list.items[i].port, list.items[i].protocol,
                             list.items[i].family, list.items[i].address, list.items[i].state,
                             list.items[i].tool, list.items[i].proof);
    measured_flow_row_list_release(&list);
    char *actual = buffer_take(&text);
    assert_string_equal(actual,
                        "host-1>db:2/udp6 fd00::2 refused nc saw port 22 open on ::1\n"
                        "host-0>db:3/udp6 fd00::2 filtered nc saw port 22 open on ::1\n"
                        "host-0>db:4/udp6 fd00::2 open|filtered nc saw port 22 open on ::1\n");
    free(actual);
}

/* Two runs of one vantage, and what the newer one said. */
static void answer(const char *run, const char *output)
{
    char id[DIGEST_HEX_BYTES];
    struct new_blob blob;
    struct error error;
    new_blob_init(&blob, output, strlen(output));
    struct new_entry entry = {.kind = ENTRY_REACH, .blobs = &blob, .blob_count = 1};
    entry.body = json_pack(
        "{s:s, s:s, s:s, s:s, s:i, s:i, s:{s:s, s:i}, s:{s:i}, s:[]}", "run", run, "target",
        "host-0", "command", "ask", "outcome", "done", "started_ms", 1, "duration_ms", 2, "out",
        "blob", digest_hex(&blob.id, id), "size", (int)strlen(output), "err", "size", 0, "flows");
    bool done = review_append(review, &entry, 1, NULL, &error);
    json_decref(entry.body);
    assert_done(done, &error);
}

static void a_copy_brings_along_what_vantages_answered(void **state UNUSED)
{
    static const char copy[] = "flows-copy.walk";
    struct reach_row_list list;
    struct buffer text = {0};
    struct error error;
    answer("r1", "an old answer");
    answer("r2", "a new answer");
    review_close(review);
    unlink(testing_path(copy));
    assert_done(review_copy(testing_path(name), testing_path(copy), COPY_AS_IS, &error), &error);
    review = fixture_open(copy, REVIEW_READ_ONLY, NULL);
    assert_done(review_query_reaches(review, NULL, &list, &error), &error);
    assert_int_equal(list.count, 1);
    assert_string_equal(list.items[0].command, "ask");
    bool is_read = review_read_blob(review, &list.items[0].out_blob, &text, &error);
    reach_row_list_release(&list);
    assert_done(is_read, &error);
    assert_string_equal(buffer_text(&text), "a new answer");
    buffer_release(&text);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(the_newest_list_that_nobody_took_back_is_in_force),
        TEST(of_each_vantage_the_newest_run_counts),
        TEST(a_copy_brings_along_what_vantages_answered),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
