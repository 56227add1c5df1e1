/* SPDX-License-Identifier: Apache-2.0 */
#include "summary.h"

#include "assess/facts.h"
#include "assess/signoff.h"
#include "base/clock.h"
#include "review/way.h"

#include <stdio.h>
#include <string.h>

/* --- text --- */

static void print_number(struct output *output, size_t number, enum style style)
{
    char text[16];

    snprintf(text, sizeof(text), "%6zu", number);
    output_styled(output, number ? style : STYLE_DIM, text);
}

static void print_counts(struct output *output, const struct item_counts *counts)
{
    print_number(output, counts->pass, STYLE_GOOD);
    print_number(output, counts->fail, STYLE_BAD);
    print_number(output, counts->not_applicable, STYLE_PLAIN);
    print_number(output, counts->open + counts->disputed, STYLE_BOLD);
    output_add(output, "   ");
    print_number(output, counts->suggested_pass, STYLE_GOOD);
    print_number(output, counts->suggested_fail, STYLE_BAD);
    print_number(output, counts->blocked, STYLE_WARN);
    print_number(output, counts->undecided, STYLE_NOTE);
    print_number(output, counts->not_run, STYLE_PLAIN);
    output_add(output, "\n");
}

static void print_areas(const struct session *session, struct output *output)
{
    size_t count;
    const struct session_area *areas = session_areas(session, &count);
    struct item_counts all = session_count(session, NULL, NULL);

    output_styled(output, STYLE_DIM,
                  "                              decided            open     of these suggested\n"
                  "Area                        pass  fail   n/a  open     pass  fail block judge"
                  "  none\n");
    for (size_t i = 0; i < count; i++) {
        struct item_counts counts = session_count(session, areas[i].id, NULL);
        output_safe(output, areas[i].title, 26);
        print_counts(output, &counts);
    }
    output_styled(output, STYLE_BOLD, "All                       ");
    print_counts(output, &all);
}

static const struct run_row *last_run(const struct run_row_list *runs, const char *target)
{
    for (size_t i = runs->count; i > 0; i--)
        if (strcmp(runs->items[i - 1].target, target) == 0)
            return &runs->items[i - 1];
    return NULL;
}

static void print_target(struct output *output, const struct session_target *target,
                         const struct run_row *run)
{
    char time[CLOCK_TEXT_BYTES], duration[CLOCK_TEXT_BYTES];

    output_add(output, "  ");
    output_safe(output, target->name, 16);
    output_add(output, " ");
    output_safe(output, target->spec, 28);
    if (!run) {
        output_add(output, " no probes were run\n");
        return;
    }
    output_add(output, " %s ", clock_format_minute(run->started_ms, time));
    output_styled(output, strcmp(run->state, "finished") == 0 ? STYLE_GOOD : STYLE_WARN,
                  run->state);
    if (run->ended_ms > run->started_ms)
        output_add(output, " in %s",
                   clock_format_duration(run->ended_ms - run->started_ms, duration));
    if (*run->detail) {
        output_add(output, ": ");
        output_safe(output, run->detail, 0);
    }
    output_add(output, "\n");
}

static bool print_facts(struct session *session, struct output *output, const char *target,
                        struct error *error)
{
    AUTO_RELEASE(target_facts) struct target_facts facts = {0};
    AUTO_FREE char *line = NULL;

    if (!session_facts(session, target, &facts, error))
        return false;
    line = target_facts_line(&facts);
    output_lines(output, line, 4);
    return true;
}

/* What was reached behind a target's hops. */
static bool print_way(struct session *session, struct output *output, const char *target,
                      struct error *error)
{
    struct way way;

    if (!way_read(session_review(session), target, NULL, &way, error))
        return false;
    AUTO_FREE char *line = way_line(&way);
    AUTO_FREE char *changes = way_changes(&way);
    output_lines(output, line, 4);
    if (*changes) {
        output_styled(output, STYLE_WARN, "    changed since the run before:");
        output_add(output, "\n");
        output_lines(output, changes, 4);
    }
    way_release(&way);
    return true;
}

static void print_hostkey(struct output *output, const char *fingerprint)
{
    if (!*fingerprint)
        return;
    output_add(output, "    host key ");
    output_safe(output, fingerprint, 0);
    output_add(output, "\n");
}

static bool print_jump_hosts(struct session *session, struct output *output, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(jump_key_row_list) struct jump_key_row_list keys = {0};

    if (!review_query_jump_keys(session_review(session), &all, &keys, error))
        return false;
    if (keys.count)
        output_styled(output, STYLE_BOLD, "\nJump hosts\n");
    for (size_t i = 0; i < keys.count; i++) {
        output_add(output, "  ");
        output_safe(output, keys.items[i].host, 0);
        output_add(output, " port %d\n", keys.items[i].port);
        print_hostkey(output, keys.items[i].fingerprint);
    }
    return true;
}

static bool print_targets(struct session *session, struct output *output, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(run_row_list) struct run_row_list runs = {0};
    size_t count;
    const struct session_target *targets = session_targets(session, &count);

    if (!review_query_runs(session_review(session), &all, &runs, error))
        return false;
    output_styled(output, STYLE_BOLD, "\nTargets\n");
    for (size_t i = 0; i < count; i++) {
        print_target(output, &targets[i], last_run(&runs, targets[i].name));
        print_hostkey(output, targets[i].key_fingerprint);
        if (!print_facts(session, output, targets[i].name, error) ||
            !print_way(session, output, targets[i].name, error))
            return false;
    }
    return true;
}

static void print_point(struct output *output, const struct preflight_point *point)
{
    static const char *const marks[] = {"  ok  ", "  !   ", "  -   "};
    static const enum style styles[] = {STYLE_GOOD, STYLE_WARN, STYLE_BAD};

    output_styled(output, styles[point->level], marks[point->level]);
    output_safe(output, point->text, 0);
    output_add(output, "\n");
}

static bool print_preflight(struct session *session, struct output *output, struct error *error)
{
    struct preflight preflight = {0};

    if (!session_preflight(session, &preflight, error))
        return false;
    output_styled(output, STYLE_BOLD, "\nBefore sign-off\n");
    for (size_t i = 0; i < preflight.point_count; i++)
        print_point(output, &preflight.points[i]);
    preflight_release(&preflight);
    return true;
}

bool summary_print(struct session *session, struct output *output, struct error *error)
{
    output_styled(output, STYLE_BOLD, "");
    output_safe(output, session_title(session), 0);
    output_add(output, "\n");
    output_safe(output, session_path(session), 0);
    output_add(output, "\n\n");
    print_areas(session, output);
    return print_targets(session, output, error) && print_jump_hosts(session, output, error) &&
           print_preflight(session, output, error);
}

/* --- JSON --- */

static json_t *counts_json(const struct item_counts *counts)
{
    return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "total",
                     (json_int_t)counts->total, "pass", (json_int_t)counts->pass, "fail",
                     (json_int_t)counts->fail, "not_applicable", (json_int_t)counts->not_applicable,
                     "open", (json_int_t)counts->open, "disputed", (json_int_t)counts->disputed,
                     "suggested_pass", (json_int_t)counts->suggested_pass, "suggested_fail",
                     (json_int_t)counts->suggested_fail, "blocked", (json_int_t)counts->blocked,
                     "undecided", (json_int_t)counts->undecided, "not_run",
                     (json_int_t)counts->not_run, "stale", (json_int_t)counts->stale,
                     "against_suggestion", (json_int_t)counts->against_suggestion);
}

static json_t *areas_json(const struct session *session)
{
    size_t count;
    const struct session_area *areas = session_areas(session, &count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        struct item_counts counts = session_count(session, areas[i].id, NULL);
        json_array_append_new(list,
                              json_pack("{s:o, s:o, s:o}", "id", json_text(areas[i].id), "title",
                                        json_text(areas[i].title), "counts", counts_json(&counts)));
    }
    return list;
}

/* An object of texts; empty when there are none, or they cannot be read. */
static json_t *facts_json(struct session *session, const char *target)
{
    AUTO_RELEASE(target_facts) struct target_facts facts = {0};
    json_t *json = json_object();

    if (session_facts(session, target, &facts, NULL))
        for (size_t i = 0; i < facts.names.count; i++) {
            AUTO_JSON json_t *name = json_text(facts.names.items[i]);
            json_object_set_new(json, json_string_value(name), json_text(facts.values.items[i]));
        }
    return json;
}

static json_t *way_json(struct session *session, const char *target)
{
    struct way way = {0};
    json_t *list = json_array();

    if (way_read(session_review(session), target, NULL, &way, NULL))
        for (size_t i = 0; i < way.count; i++)
            json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o}", "probe",
                                                  json_text(way.facts[i].probe), "name",
                                                  json_text(way.facts[i].name), "value",
                                                  json_text(way.facts[i].value), "before",
                                                  json_text(way.facts[i].before)));
    way_release(&way);
    return list;
}

static json_t *targets_json(struct session *session, const struct run_row_list *runs)
{
    size_t count;
    const struct session_target *targets = session_targets(session, &count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++) {
        const struct run_row *run = last_run(runs, targets[i].name);
        json_array_append_new(list, json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "name",
                                              json_text(targets[i].name), "spec",
                                              json_text(targets[i].spec), "hostkey",
                                              json_text(targets[i].key_fingerprint), "last_run",
                                              json_text(run ? run->state : ""), "detail",
                                              json_text(run ? run->detail : ""), "facts",
                                              facts_json(session, targets[i].name), "way",
                                              way_json(session, targets[i].name)));
    }
    return list;
}

static json_t *jump_hosts_json(const struct jump_key_row_list *keys)
{
    json_t *list = json_array();

    for (size_t i = 0; i < keys->count; i++)
        json_array_append_new(
            list, json_pack("{s:o, s:i, s:o, s:o}", "host", json_text(keys->items[i].host), "port",
                            keys->items[i].port, "type", json_text(keys->items[i].type), "hostkey",
                            json_text(keys->items[i].fingerprint)));
    return list;
}

static json_t *preflight_json(const struct preflight *preflight)
{
    static const char *const levels[] = {"ok", "warning", "problem"};
    json_t *list = json_array();

    for (size_t i = 0; i < preflight->point_count; i++)
        json_array_append_new(list, json_pack("{s:s, s:o, s:I}", "level",
                                              levels[preflight->points[i].level], "text",
                                              json_text(preflight->points[i].text), "count",
                                              (json_int_t)preflight->points[i].count));
    return list;
}

json_t *summary_json(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(run_row_list) struct run_row_list runs = {0};
    AUTO_RELEASE(jump_key_row_list) struct jump_key_row_list jumps = {0};
    struct item_counts counts = session_count(session, NULL, NULL);
    struct preflight preflight = {0};
    json_t *json;

    if (!review_query_runs(session_review(session), &all, &runs, error) ||
        !review_query_jump_keys(session_review(session), &all, &jumps, error) ||
        !session_preflight(session, &preflight, error))
        return NULL;
    json =
        json_pack("{s:o, s:o, s:o, s:o, s:o, s:o, s:o}", "title", json_text(session_title(session)),
                  "path", json_text(session_path(session)), "counts", counts_json(&counts), "areas",
                  areas_json(session), "targets", targets_json(session, &runs), "jump_hosts",
                  jump_hosts_json(&jumps), "preflight", preflight_json(&preflight));
    preflight_release(&preflight);
    return json;
}
