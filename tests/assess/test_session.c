/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/flows.h"
#include "assess/session.h"

#include "assess/signoff.h"
#include "support/testing.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

static const char checklist_text[] =
    "walkdown: 1\n"
    "id: small\n"
    "title: Small checklist\n"
    "version: '1'\n"
    "params:\n"
    "  word: {default: blue, help: What the probe says}\n"
    "areas:\n"
    "  - id: access\n"
    "    title: Access control\n"
    "    checks:\n"
    "      - id: says-word\n"
    "        title: The target says the word\n"
    "        severity: high\n"
    "        why: Because.\n"
    "        probes: [{id: word, run: 'printf \"%s\\n\" one ${word}'}]\n"
    "        expect: [{that: stdout, matches: '^blue$', else: It says another word}]\n"
    "      - id: missing-tool\n"
    "        title: A tool that no machine has answers\n"
    "        severity: medium\n"
    "        why: Because.\n"
    "        probes: [{id: tool, run: no-such-tool-anywhere}]\n"
    "        expect: [{that: stdout, matches: good}]\n"
    "      - id: not-here\n"
    "        title: Something about a program that is not here\n"
    "        severity: low\n"
    "        why: Because.\n"
    "        when: {command: no-such-tool-anywhere}\n"
    "        probes: [{id: tool, run: no-such-tool-anywhere}]\n"
    "        expect: [{that: stdout, matches: good}]\n"
    "  - id: data\n"
    "    title: Data protection\n"
    "    checks:\n"
    "      - id: owner\n"
    "        title: Somebody owns the data\n"
    "        severity: low\n"
    "        method: interview\n"
    "        why: Because.\n"
    "        ask: [{id: who, question: Who owns it?}, {id: sure, question: Sure?, type: yes-no}]\n"
    "      - id: touches\n"
    "        title: A probe that touches something\n"
    "        severity: low\n"
    "        method: test\n"
    "        why: Because.\n"
    "        probes: [{id: touch, run: 'echo touched', effect: active}]\n"
    "        expect: [{that: stdout, matches: touched}]\n";

struct world {
    struct loop *loop;
    struct session *session;
    struct error error;
    int ended, changed;
    enum error_code ended_code;
    char *path;
};

static void on_changed(void *context)
{
    struct world *world = context;

    world->changed++;
}

static void on_run_ended(void *context, size_t target, const struct error *error)
{
    struct world *world = context;

    (void)target;
    world->ended++;
    world->ended_code = error ? error->code : ERROR_NONE;
    if (error)
        world->error = *error;
}

static struct session_options world_options(struct world *world, struct session_events *events)
{
    *events =
        (struct session_events){.context = world, .changed = on_changed, .run_ended = on_run_ended};
    return (struct session_options){
        .loop = world->loop, .events = events, .worker_path = testing_build("walkdown-worker")};
}

static void create(struct world *world, const char *parameter)
{
    static int number;
    char name[32];
    struct session_events events;
    struct session_options options = world_options(world, &events);
    struct strings checklists = {0}, targets = {0}, parameters = {0};
    struct session_new request = {
        .checklists = &checklists, .targets = &targets, .parameters = &parameters};

    snprintf(name, sizeof(name), "review-%d.walk", ++number);
    free(world->path);
    world->path = memory_copy_text(testing_path(name));
    request.path = world->path;
    strings_push(&checklists, testing_write("small.yaml", checklist_text));
    strings_push(&targets, "here=local");
    if (parameter)
        strings_push(&parameters, parameter);
    assert_done(session_create(&request, &options, &world->session, &world->error), &world->error);
    strings_release(&checklists);
    strings_release(&targets);
    strings_release(&parameters);
}

static int set_up(void **state)
{
    struct world *world = memory_new(1, sizeof(*world));

    setenv("WALKDOWN_NAME", "Ada", 1);
    world->loop = loop_new();
    *state = world;
    create(world, NULL);
    return 0;
}

static int tear_down(void **state)
{
    struct world *world = *state;

    session_close(world->session);
    loop_free(world->loop);
    free(world->path);
    free(world);
    return 0;
}

static void gather(struct world *world, const struct run_request *request)
{
    int ended = world->ended;

    assert_done(session_run(world->session, request, &world->error), &world->error);
    while (world->ended == ended)
        assert_done(loop_run_once(world->loop, 20000, &world->error), &world->error);
}

static const struct item *item(struct world *world, const char *check)
{
    const struct item *found = session_find_item(world->session, check, NULL);

    assert_non_null(found);
    return found;
}

static const struct run_request everything = {.consent_read = true};

static void a_run_suggests_what_the_evidence_earned(void **state)
{
    struct world *world = *state;

    gather(world, &everything);
    assert_int_equal(world->ended_code, ERROR_NONE);
    assert_int_equal(item(world, "says-word")->suggestion, SUGGESTION_PASS);
    assert_int_equal(item(world, "missing-tool")->suggestion, SUGGESTION_BLOCKED);
    assert_int_equal(item(world, "not-here")->suggestion, SUGGESTION_NOT_APPLICABLE);
    assert_int_equal(item(world, "owner")->suggestion, SUGGESTION_UNDECIDED);
    assert_int_equal(item(world, "touches")->suggestion, SUGGESTION_BLOCKED);
    assert_int_equal(item(world, "says-word")->row->evidence_count, 1);
}

static void a_parameter_changes_what_is_asked(void **state)
{
    struct world *world = *state;

    session_close(world->session);
    create(world, "word=red");
    gather(world, &everything);
    assert_int_equal(item(world, "says-word")->suggestion, SUGGESTION_FAIL);
    assert_non_null(strstr(item(world, "says-word")->row->suggestion_reason, "another word"));
}

static void nothing_runs_without_consent(void **state)
{
    struct world *world = *state;
    const struct run_request request = {0};

    assert_refused(session_run(world->session, &request, &world->error), &world->error,
                   ERROR_DENIED);
    assert_int_equal(session_running_count(world->session), 0);
}

static void consent_is_remembered_for_the_same_commands(void **state)
{
    struct world *world = *state;
    const struct run_request again = {0};
    struct run_preview preview;

    gather(world, &everything);
    assert_done(session_preview_run(world->session, &again, &preview, &world->error),
                &world->error);
    assert_false(preview.needs_consent_read);
    assert_true(preview.needs_consent_active);
    gather(world, &again);
    assert_int_equal(world->ended_code, ERROR_NONE);
    assert_int_equal(item(world, "says-word")->row->evidence_count, 2);
}

static void an_active_probe_runs_with_consent(void **state)
{
    struct world *world = *state;
    const struct run_request request = {.consent_read = true, .consent_active = true};

    gather(world, &request);
    assert_int_equal(item(world, "touches")->suggestion, SUGGESTION_PASS);
}

static struct decision decide(const char *check, enum verdict verdict, const char *because)
{
    return (struct decision){.check = check, .verdict = verdict, .because = because};
}

static void a_decision_against_the_suggestion_needs_a_reason(void **state)
{
    struct world *world = *state;
    struct decision plain = decide("says-word", VERDICT_FAIL, " ");
    struct decision reasoned = decide("says-word", VERDICT_FAIL, "It is the wrong blue.");

    gather(world, &everything);
    assert_refused(session_decide(world->session, &plain, &world->error), &world->error,
                   ERROR_USAGE);
    assert_int_equal(item(world, "says-word")->verdict, VERDICT_OPEN);
    assert_done(session_decide(world->session, &reasoned, &world->error), &world->error);
    assert_int_equal(item(world, "says-word")->verdict, VERDICT_FAIL);
    assert_string_equal(item(world, "says-word")->row->because, "It is the wrong blue.");
}

static void a_decision_survives_closing(void **state)
{
    struct world *world = *state;
    struct decision decision = decide("owner", VERDICT_PASS, NULL);
    struct session_events events;
    struct session_options options = world_options(world, &events);

    assert_done(session_decide(world->session, &decision, &world->error), &world->error);
    session_close(world->session);
    world->session = NULL;
    assert_done(session_open(world->path, &options, &world->session, &world->error), &world->error);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_PASS);
    assert_string_equal(item(world, "owner")->row->decided_by, "Ada");
}

static void undo_goes_back_step_by_step_and_redo_forward(void **state)
{
    struct world *world = *state;
    struct decision first = decide("owner", VERDICT_PASS, NULL);
    struct decision second = decide("owner", VERDICT_FAIL, NULL);
    char *what = NULL;

    assert_done(session_decide(world->session, &first, &world->error), &world->error);
    assert_done(session_decide(world->session, &second, &world->error), &world->error);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_FAIL);
    assert_done(session_undo(world->session, &what, &world->error), &world->error);
    free(what);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_PASS);
    assert_done(session_undo(world->session, &what, &world->error), &world->error);
    free(what);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_OPEN);
    assert_refused(session_undo(world->session, &what, &world->error), &world->error,
                   ERROR_NOT_FOUND);
    assert_done(session_redo(world->session, &what, &world->error), &world->error);
    free(what);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_PASS);
    assert_done(session_redo(world->session, &what, &world->error), &world->error);
    free(what);
    assert_int_equal(item(world, "owner")->verdict, VERDICT_FAIL);
    assert_refused(session_redo(world->session, &what, &world->error), &world->error,
                   ERROR_NOT_FOUND);
}

static void accepting_decides_only_what_is_suggested_and_open(void **state)
{
    struct world *world = *state;
    size_t count = 0;

    gather(world, &everything);
    assert_done(session_accept(world->session, NULL, SUGGESTION_PASS, &count, &world->error),
                &world->error);
    assert_int_equal(count, 1);
    assert_done(session_accept(world->session, NULL, SUGGESTION_PASS, &count, &world->error),
                &world->error);
    assert_int_equal(count, 0);
    assert_refused(session_accept(world->session, NULL, SUGGESTION_BLOCKED, &count, &world->error),
                   &world->error, ERROR_USAGE);
}

static struct answer answer(const char *question, const char *value)
{
    return (struct answer){.check = "owner", .question = question, .value = value};
}

static void answers_fit_their_questions(void **state)
{
    struct world *world = *state;
    const struct answer who = answer("who", "Ada"), perhaps = answer("sure", "perhaps"),
                        yes = answer("sure", "yes"), unknown = answer("when", "now");

    assert_done(session_answer(world->session, &who, &world->error), &world->error);
    assert_refused(session_answer(world->session, &perhaps, &world->error), &world->error,
                   ERROR_USAGE);
    assert_refused(session_answer(world->session, &unknown, &world->error), &world->error,
                   ERROR_NOT_FOUND);
    assert_done(session_answer(world->session, &yes, &world->error), &world->error);
    assert_int_equal(item(world, "owner")->row->answer_count, 2);
}

static void a_file_is_attached_with_its_bytes(void **state)
{
    struct world *world = *state;
    const struct review_filter filter = {.check = "owner"};
    struct attachment_row_list rows = {0};
    struct buffer data = {0};

    assert_done(session_attach(world->session, "owner", NULL, testing_write("letter.txt", "Dear"),
                               &world->error),
                &world->error);
    assert_done(
        review_query_attachments(session_review(world->session), &filter, &rows, &world->error),
        &world->error);
    assert_int_equal(rows.count, 1);
    assert_string_equal(rows.items[0].name, "letter.txt");
    assert_done(
        review_read_blob(session_review(world->session), &rows.items[0].blob, &data, &world->error),
        &world->error);
    assert_string_equal(buffer_text(&data), "Dear");
    buffer_release(&data);
    attachment_row_list_release(&rows);
}

static void unknown_names_are_refused_with_a_hint(void **state)
{
    struct world *world = *state;
    struct decision no_check = decide("no-such", VERDICT_PASS, NULL);
    struct decision no_target = {.check = "owner", .target = "there", .verdict = VERDICT_PASS};

    assert_refused(session_decide(world->session, &no_check, &world->error), &world->error,
                   ERROR_NOT_FOUND);
    assert_refused(session_decide(world->session, &no_target, &world->error), &world->error,
                   ERROR_NOT_FOUND);
    assert_true(world->error.hint[0] != '\0');
}

static void a_target_can_be_added_and_its_items_appear(void **state)
{
    struct world *world = *state;
    size_t before, after;

    session_items(world->session, &before);
    assert_done(session_add_target(world->session, "there=ssh://h.example", &world->error),
                &world->error);
    session_items(world->session, &after);
    assert_int_equal(after, 2 * before);
    assert_refused(session_add_target(world->session, "there=local", &world->error), &world->error,
                   ERROR_EXISTS);
}

static void a_missing_worker_is_said_and_costs_no_evidence(void **state)
{
    struct world *world = *state;
    struct session_events events;
    struct session_options options = world_options(world, &events);

    session_close(world->session);
    world->session = NULL;
    options.worker_path = testing_path("no-worker-here");
    assert_done(session_open(world->path, &options, &world->session, &world->error), &world->error);
    if (session_run(world->session, &everything, &world->error))
        while (!world->ended)
            assert_done(loop_run_once(world->loop, 20000, &world->error), &world->error);
    assert_true(world->error.code != ERROR_NONE);
    assert_int_equal(item(world, "says-word")->suggestion, SUGGESTION_NONE);
}

static void preflight_counts_what_is_open(void **state)
{
    struct world *world = *state;
    struct preflight preflight = {0};
    size_t count = 0;

    assert_done(session_preflight(world->session, &preflight, &world->error), &world->error);
    for (size_t i = 0; i < preflight.point_count; i++)
        if (preflight.points[i].level == PREFLIGHT_PROBLEM)
            count += preflight.points[i].count;
    assert_int_equal(count, 5);
    preflight_release(&preflight);
}

static void a_clash_of_checklists_is_refused_and_leaves_no_file(void **state)
{
    struct world *world = *state;
    struct session_options options = {0};
    struct strings checklists = {0}, targets = {0};
    struct session_new request = {
        .path = testing_path("clash.walk"), .checklists = &checklists, .targets = &targets};
    struct session *session = NULL;

    strings_push(&checklists, testing_write("small.yaml", checklist_text));
    strings_push(&checklists, testing_path("small.yaml"));
    strings_push(&targets, "local");
    assert_refused(session_create(&request, &options, &session, &world->error), &world->error,
                   ERROR_INVALID);
    assert_int_equal(access(request.path, F_OK), -1);
    strings_release(&checklists);
    strings_release(&targets);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

static void without_declared_flows_each_target_has_the_default_set(void **state)
{
    struct world *world = *state;
    AUTO_RELEASE(flow_line_list) struct flow_line_list lines = {0};
    AUTO_RELEASE(flow_measure_list) struct flow_measure_list measures = {0};
    size_t of_first = 0, of_second = 0;

    assert_done(session_add_target(world->session, "there=local", &world->error), &world->error);
    assert_done(flows_of_session(world->session, &lines, &measures, &world->error), &world->error);
    for (size_t i = 0; i < lines.count; i++) {
        of_first += strcmp(lines.items[i].from, "here") == 0;
        of_second += strcmp(lines.items[i].from, "there") == 0;
    }
    assert_true(of_first > 0);
    assert_int_equal(of_first, of_second);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(a_run_suggests_what_the_evidence_earned),
        TEST(a_parameter_changes_what_is_asked),
        TEST(nothing_runs_without_consent),
        TEST(consent_is_remembered_for_the_same_commands),
        TEST(an_active_probe_runs_with_consent),
        TEST(a_decision_against_the_suggestion_needs_a_reason),
        TEST(a_decision_survives_closing),
        TEST(undo_goes_back_step_by_step_and_redo_forward),
        TEST(accepting_decides_only_what_is_suggested_and_open),
        TEST(answers_fit_their_questions),
        TEST(a_file_is_attached_with_its_bytes),
        TEST(unknown_names_are_refused_with_a_hint),
        TEST(a_target_can_be_added_and_its_items_appear),
        TEST(a_missing_worker_is_said_and_costs_no_evidence),
        TEST(preflight_counts_what_is_open),
        TEST(without_declared_flows_each_target_has_the_default_set),
        TEST(a_clash_of_checklists_is_refused_and_leaves_no_file),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
