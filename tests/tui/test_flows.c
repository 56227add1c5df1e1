/* SPDX-License-Identifier: Apache-2.0 */
/* The Flows screen, drawn of a review in whose ledger flows were declared and measured. */
#include "assess/flows.h"
#include "review/store.h"
#include "world.h"

#include "support/testing.h"

static struct world world;

static void append(enum entry_kind kind, json_t *body)
{
    struct error error = {0};
    const struct new_entry entry = {.kind = kind, .body = body};
    bool ok = review_append(session_review(world.app.session), &entry, 1, NULL, &error);
    json_decref(body);
    assert_done(ok, &error);
    app_update(&world.app);
}

static void declare(struct flow_line_list *lines, const char *text, enum flow_expectation expected)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    strings_split(&parts, text, ' ');
    const struct flow_line line = {.from = parts.items[0],
                                   .to = parts.items[1],
                                   .places = parts.items[2],
                                   .ports = parts.items[3],
                                   .protocol = FLOW_TCP4,
                                   .expectation = expected};
    flow_line_add(lines, &line);
}

static json_t *measured(const char *to, int port, const char *address, const char *state,
                        const char *proof)
{
    return json_pack("{s:s, s:s, s:i, s:i, s:s, s:s, s:s, s:s}", "to", to, "protocol", "tcp",
                     "family", 4, "port", port, "address", address, "state", state, "tool", "nc",
                     "proof", proof);
}

static void append_reach(const char *target, json_t *flows)
{
    append(ENTRY_REACH,
           json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:{s:i}, s:{s:i}, s:o}", "run", target,
                     "target", target, "command", "true", "outcome", "done", "started_ms", 1,
                     "duration_ms", 2, "out", "size", 0, "err", "size", 0, "flows", flows));
}

static void fill(void)
{
    static const char proof[] = "saw port 22 open on 127.0.0.1";
    struct flow_line_list lines = {0};
    size_t count;
    const struct session_target *targets = session_targets(world.app.session, &count);
    char *first = memory_copy_text(targets[0].name), *second = memory_copy_text(targets[1].name);
    char *rows[] = {memory_format("%s db 10.0.0.2 5432", first),
                    memory_format("%s db 10.0.0.2 22-29", first),
                    memory_format("%s db 10.0.0.2 22,5432", second),
                    memory_format("%s metadata metadata 80", first),
                    memory_format("%s metadata metadata 80", second)};
    for (size_t i = 0; i < LENGTH(rows); i++) {
        declare(&lines, rows[i], i == 0 ? FLOW_EXPECT_ALLOW : i < 3 ? FLOW_EXPECT_DENY : 0);
        free(rows[i]);
    }
    append(ENTRY_FLOWS, flows_body(&lines, "targets.yaml"));
    flow_line_list_release(&lines);
    append_reach(first,
                 json_pack("[o, o, o, o, o]", measured("db", 5432, "10.0.0.2", "refused", proof),
                           measured("db", 22, "10.0.0.2", "open", ""),
                           measured("db", 23, "10.0.0.2", "filtered", ""),
                           measured("db", 24, "10.0.0.2", "filtered", proof),
                           measured("metadata", 80, "169.254.169.254", "open", "")));
    append_reach(second, json_pack("[o, o, o]", measured("db", 22, "10.0.0.2", "prohibited", proof),
                                   measured("db", 5432, "10.0.0.2", "unreachable", proof),
                                   measured("metadata", 80, "169.254.169.254", "filtered", proof)));
    free(first);
    free(second);
}

/* What the targets named 0 and 1 show of themselves. */
static void append_view(size_t number, const char *text)
{
    size_t count;
    char id[DIGEST_HEX_BYTES];
    struct error error = {0};
    struct new_blob blob;
    const struct session_target *targets = session_targets(world.app.session, &count);
    new_blob_init(&blob, text, strlen(text));
    struct new_entry entry = {.kind = ENTRY_REACH, .blobs = &blob, .blob_count = 1};
    entry.body =
        json_pack("{s:s, s:s, s:s, s:s, s:i, s:i, s:{s:s, s:i}, s:{s:i}, s:[]}", "run", "r",
                  "target", targets[number].name, "command", flow_map_command, "outcome", "done",
                  "started_ms", 1, "duration_ms", 2, "out", "blob", digest_hex(&blob.id, id),
                  "size", (int)strlen(text), "err", "size", 0, "flows");
    bool ok = review_append(session_review(world.app.session), &entry, 1, NULL, &error);
    json_decref(entry.body);
    assert_done(ok, &error);
    app_update(&world.app);
}

static void fill_map(void)
{
    append_view(0, "boot 1\nnamespace net:[7]\naddress4 10.0.0.3\n"
                   "tcp4 00000000:0016 00000000:0000 0A 0 11\n"
                   "tcp4 0100007F:1F90 00000000:0000 0A 0 12\n"
                   "tcp4 0300000A:9C40 0200000A:1538 01 0 13\n"
                   "tcp4 0300000A:9C44 0900000A:01BB 01 0 13\n"
                   "tcp4 0300000A:9C45 0900000A:01BB 01 0 13\n"
                   "tcp4 0300000A:0016 0900000A:9C41 01 0 14\n"
                   "unix 0001 01 00010000 15 /run/agent.sock\nowner 11 8 sshd\nowner 13 90 agent\n"
                   "mount 2 1 8:1 /srv/agents /data rw - ext4 /dev/sda1 rw\n"
                   "may-write /run/docker.sock\n"
                   "node srw-rw---- 1 0 999 0 Nov 23 20:15 /run/docker.sock\n"
                   "node crw-rw---- 1 0 104 10, 232 Nov 23 20:15 /dev/kvm\nend\n");
    append_view(1, "boot 1\nnamespace net:[8]\n"
                   "tcp4 00000000:1538 00000000:0000 0A 0 21\n"
                   "tcp4 0200000A:1538 0300000A:9C40 01 0 22\n"
                   "mount 2 1 8:1 /srv /srv ro - ext4 /dev/sda1 rw\nmissing unix\n");
}

static void the_map_stands_behind_the_matrix(void **state UNUSED)
{
    fill();
    fill_map();
    world_press(&world, "6v");
    world_assert_golden(&world, "flows-map");
    world_press(&world, "m");
    world_assert_golden(&world, "flows-map-between");
    world_press(&world, "M");
    world_press(&world, "v");
    world_assert_shows(&world, "not as declared");
}

static void a_map_of_nothing_says_how_to_get_one(void **state UNUSED)
{
    world_press(&world, "6v");
    world_assert_shows(&world, "R asks them, after your consent");
    world_press(&world, "mMjkgG");
    world_assert_shows(&world, "R asks them, after your consent");
}

static void a_click_chooses_a_row_of_the_map(void **state UNUSED)
{
    fill_map();
    world_press(&world, "6v");
    world_screen(&world, 24, 80);
    world_click(&world, 7, 30);
    assert_non_null(strstr(world_screen(&world, 24, 80), "on every address"));
}

static void what_a_target_calls_its_things_is_shown_as_text(void **state UNUSED)
{
    append_view(0, "owner 11 8 \033[2J\xE2\x80\xAE"
                   "evil\nunix 0001 01 00010000 11 @\033]0;x\007\n"
                   "missing \033[1m\nend\n");
    world_press(&world, "6vjj");
    const char *screen = world_screen(&world, 24, 80);
    assert_null(strchr(screen, '\033'));
    assert_null(strchr(screen, '\007'));
    assert_null(strstr(screen, "\xE2\x80\xAE"));
    assert_non_null(strstr(screen, "evil"));
}

static void a_target_that_did_not_answer_says_why_in_the_map(void **state UNUSED)
{
    size_t count;
    const struct session_target *targets = session_targets(world.app.session, &count);
    append(ENTRY_REACH,
           json_pack("{s:s, s:s, s:s, s:s, s:s, s:i, s:i, s:{s:i}, s:{s:i}, s:[]}", "run", "r",
                     "target", targets[0].name, "command", flow_map_command, "outcome", "timeout",
                     "detail", "no answer within 60 seconds", "started_ms", 1, "duration_ms", 2,
                     "out", "size", 0, "err", "size", 0, "flows"));
    world_press(&world, "6v");
    world_assert_shows(&world, "no answer within 60 seconds");
    world_assert_shows(&world, "1 target, 0 listen, 0 connected, 0 between them");
}

static void the_map_in_ascii_and_at_any_size(void **state UNUSED)
{
    fill_map();
    world.app.canvas.ascii = true;
    world_press(&world, "6vm");
    for (const char *at = world_screen(&world, 24, 80); *at != '\0'; at++)
        assert_true((unsigned char)*at < 0x80);
    world_assert_shows(&world, "==>");
    for (int rows = 1; rows < 50; rows += rows < 14 ? 1 : 9)
        for (int columns = 1; columns < 160; columns += columns < 64 ? 3 : 31)
            world_screen(&world, rows, columns);
}

static void nothing_was_measured(void **state UNUSED)
{
    world_press(&world, "6");
    world_assert_golden(&world, "flows-none");
}

static void the_matrix_and_a_cell_in_words(void **state UNUSED)
{
    fill();
    world_press(&world, "6");
    world_assert_golden(&world, "flows");
    world_press(&world, "m");
    world_assert_shows(&world, "OPEN, but denied");
    world_press(&world, "m");
    world_assert_golden(&world, "flows-blocked");
    world_press(&world, "M");
    world_assert_shows(&world, "OPEN, but denied");
}

static void arrows_stay_inside(void **state UNUSED)
{
    fill();
    world_press(&world, "6hhkk");
    world_assert_shows(&world, " 1 of 10");
    world_press(&world, "llllllllllllllljjjj");
    world_assert_shows(&world, " 10 of 10");
    world_assert_shows(&world, "closed, not declared");
}

static void a_click_chooses_a_cell(void **state UNUSED)
{
    fill();
    world_press(&world, "6");
    world_screen(&world, 24, 80);
    world_click(&world, 4, 25);
    assert_non_null(strstr(world_screen(&world, 24, 80), " 2 of 10"));
}

static void hostile_names_are_shown_as_text(void **state UNUSED)
{
    size_t count;
    const struct session_target *targets = session_targets(world.app.session, &count);
    append(ENTRY_FLOWS,
           json_pack("{s:[{s:s, s:s, s:s, s:s, s:s, s:s}]}", "lines", "from", targets[0].name, "to",
                     "d\033[2Jb\xE2\x80\xAE", "places", "10.0.0.2", "ports", "22", "protocol",
                     "tcp4", "expected", "deny"));
    world_press(&world, "6");
    const char *screen = world_screen(&world, 24, 80);
    assert_null(strchr(screen, '\033'));
    assert_null(strstr(screen, "\xE2\x80\xAE"));
    assert_non_null(strstr(screen, "declared, not measured yet"));
}

static void ascii_and_any_size(void **state UNUSED)
{
    fill();
    world.app.canvas.ascii = true;
    world_press(&world, "6m");
    for (const char *at = world_screen(&world, 24, 80); *at != '\0'; at++)
        assert_true((unsigned char)*at < 0x80);
    for (int rows = 1; rows < 50; rows += rows < 14 ? 1 : 9)
        for (int columns = 1; columns < 160; columns += columns < 64 ? 3 : 31)
            world_screen(&world, rows, columns);
}

/* ---- measuring ---- */

static size_t count_consents(void)
{
    AUTO_RELEASE(consent_row_list) struct consent_row_list rows = {0};
    struct error error = {0};
    assert_done(review_query_consents(session_review(world.app.session), NULL, &rows, &error),
                &error);
    return rows.count;
}

static void assert_nothing_was_sent(void)
{
    assert_int_equal(session_running_count(world.app.session), 0);
    assert_int_equal(count_consents(), 0);
}

static void nothing_is_measured_before_consent(void **state UNUSED)
{
    fill();
    world_press(&world, "6r");
    world_assert_golden(&world, "flows-consent");
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "not as declared");
    assert_nothing_was_sent();
}

static void the_exact_commands_can_be_read_before_consent(void **state UNUSED)
{
    fill();
    world_press(&world, "6rv");
    world_assert_shows(&world, "The exact commands");
    world_assert_shows(&world, "# == 1 of 2 on sandbox-7");
    world_press(&world, "G");
    world_assert_shows(&world, "echo end");
    world_press(&world, "q<Esc>");
    assert_nothing_was_sent();
}

static void the_map_alone_takes_consent_to_read(void **state UNUSED)
{
    world_press(&world, "6R");
    world_assert_golden(&world, "flows-consent-map");
    world_press(&world, "v");
    world_assert_lacks(&world, "# == 1 of 2");
    world_assert_shows(&world, "# == 1 of 1 on sandbox-7");
    world_press(&world, "q<Esc>v");
    world_assert_shows(&world, "R asks them, after your consent");
    assert_nothing_was_sent();
}

static void a_vantage_that_is_no_target_is_left_out_and_told(void **state UNUSED)
{
    struct flow_line_list lines = {0};
    declare(&lines, "sandbox-7 db 10.0.0.2 5432", FLOW_EXPECT_ALLOW);
    declare(&lines, "elsewhere db 10.0.0.2 5432", FLOW_EXPECT_ALLOW);
    append(ENTRY_FLOWS, flows_body(&lines, "targets.yaml"));
    flow_line_list_release(&lines);
    world_press(&world, "6r");
    world_assert_shows(&world, "flow is tried from 1 target");
    world_assert_shows(&world, "1 other vantage is no target of this review");
}

static void hostile_places_are_refused_before_anything_is_sent(void **state UNUSED)
{
    size_t count;
    const struct session_target *targets = session_targets(world.app.session, &count);
    append(ENTRY_FLOWS, json_pack("{s:[{s:s, s:s, s:s, s:s, s:s, s:s}]}", "lines", "from",
                                  targets[0].name, "to", "db", "places", "10.0.0.2;reboot", "ports",
                                  "22", "protocol", "tcp4", "expected", "deny"));
    world_press(&world, "6r");
    world_assert_shows(&world, "is no place that a flow could lead to");
    world_assert_lacks(&world, "Enter consent");
    assert_nothing_was_sent();
}

static void rate_tools_and_vantages_can_be_chosen(void **state UNUSED)
{
    fill();
    world_press(&world, "6o");
    world_assert_golden(&world, "flows-form");
    world_press(&world, "<BS><BS>");
    world_type(&world, "7");
    world_press(&world, "<Down>");
    world_type(&world, "nc, bash");
    world_press(&world, "<Down>");
    world_type(&world, "sandbox-7");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "at most 7");
    world_assert_shows(&world, "tried from 1 target");
    world_press(&world, "v/rate=7<Enter>");
    world_assert_shows(&world, "rate=7 launched=0");
    world_assert_shows(&world, "tools='nc bash'");
    world_press(&world, "q<Esc>");
    assert_nothing_was_sent();
}

/* Gives the form VALUES, a line each, and saves it. */
static void give(const char *rate, const char *tools, const char *from)
{
    world_press(&world, "6o<BS><BS>");
    world_type(&world, rate);
    world_press(&world, "<Down>");
    world_type(&world, tools);
    world_press(&world, "<Down>");
    world_type(&world, from);
    world_press(&world, "<C-s>");
}

static void what_cannot_be_measured_with_is_told_and_the_form_stays(void **state UNUSED)
{
    static const struct {
        const char *rate, *tools, *from, *words;
    } examples[] = {
        {"0", "", "", "1 to 100"},        {"101", "", "", "101 is no rate"},
        {"9x", "", "", "1 to 100"},       {"99999999999", "", "", "1 to 100"},
        {"5", "telnet", "", "no tool"},   {"5", "", "nowhere", "no target of this review"},
        {"5", "nc;reboot", "", "no tool"}};
    fill();
    for (size_t i = 0; i < LENGTH(examples); i++) {
        give(examples[i].rate, examples[i].tools, examples[i].from);
        world_assert_shows(&world, examples[i].words);
        world_assert_shows(&world, "Default set");
        world_press(&world, "<Esc><Enter>");
        world_assert_lacks(&world, "Default set");
    }
    assert_nothing_was_sent();
}

/* What is measured otherwise, where nothing is declared. */
static void without_declared_flows_the_form_offers_the_default_set(void **state UNUSED)
{
    world_press(&world, "6o");
    world_assert_shows(&world, "Default set   yes");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "tried from 2 targets");
    world_press(&world, "<Esc>o<Down><Down><Down><Left><C-s>");
    world_assert_shows(&world, "no flow is declared");
    world_assert_shows(&world, "Default set   no");
    assert_nothing_was_sent();
}

static void the_default_set_is_left_out_or_taken_in(void **state UNUSED)
{
    struct flow_line_list lines = {0};
    declare(&lines, "sandbox-7 db 10.0.0.2 5432", FLOW_EXPECT_ALLOW);
    append(ENTRY_FLOWS, flows_body(&lines, "targets.yaml"));
    flow_line_list_release(&lines);
    world_press(&world, "6o");
    world_assert_shows(&world, "Default set   no");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "flow is tried from 1 target");
    world_press(&world, "<Esc>o<Down><Down><Down><Right>");
    world_assert_shows(&world, "Default set   yes");
    world_press(&world, "<C-s>");
    world_assert_shows(&world, "41 flows are tried from 2 targets");
    world_press(&world, "<Esc>");
    assert_nothing_was_sent();
}

int main(void)
{
#define TEST(function) WORLD_TEST(function, world_set_up)
    const struct CMUnitTest tests[] = {
        TEST(nothing_was_measured),
        TEST(the_matrix_and_a_cell_in_words),
        TEST(arrows_stay_inside),
        TEST(a_click_chooses_a_cell),
        TEST(hostile_names_are_shown_as_text),
        TEST(ascii_and_any_size),
        TEST(rate_tools_and_vantages_can_be_chosen),
        TEST(what_cannot_be_measured_with_is_told_and_the_form_stays),
        TEST(the_default_set_is_left_out_or_taken_in),
        TEST(without_declared_flows_the_form_offers_the_default_set),
        TEST(the_map_stands_behind_the_matrix),
        TEST(a_map_of_nothing_says_how_to_get_one),
        TEST(a_click_chooses_a_row_of_the_map),
        TEST(what_a_target_calls_its_things_is_shown_as_text),
        TEST(a_target_that_did_not_answer_says_why_in_the_map),
        TEST(the_map_in_ascii_and_at_any_size),
        TEST(nothing_is_measured_before_consent),
        TEST(the_exact_commands_can_be_read_before_consent),
        TEST(the_map_alone_takes_consent_to_read),
        TEST(a_vantage_that_is_no_target_is_left_out_and_told),
        TEST(hostile_places_are_refused_before_anything_is_sent),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
