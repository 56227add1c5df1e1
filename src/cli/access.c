/* SPDX-License-Identifier: Apache-2.0 */
/* The access matrix: who may do what on a target, and the reviewers' word on each line. */
#include "assess/access.h"

#include "base/clock.h"
#include "commands.h"
#include "opening.h"

#include <string.h>

enum { STATE_COLUMNS = 11, ACCOUNT_COLUMNS = 18, UID_COLUMNS = 6, KIND_COLUMNS = 8 };

static enum style style_of(enum access_state state)
{
    static const enum style styles[] = {
        [ACCESS_STATE_OPEN] = STYLE_PLAIN,     [ACCESS_STATE_APPROVED] = STYLE_GOOD,
        [ACCESS_STATE_QUESTIONED] = STYLE_BAD, [ACCESS_STATE_CHANGED] = STYLE_WARN,
        [ACCESS_STATE_DISPUTED] = STYLE_BAD,   [ACCESS_STATE_GONE] = STYLE_DIM};
    return styles[state];
}

/* --- text --- */

static void print_cell(struct output *output, const struct access_line *line,
                       enum access_column column)
{
    enum { LABEL_COLUMNS = 16 };

    if (!*line->cells[column])
        return;
    output_add(output, "    %-*s ", LABEL_COLUMNS, access_column_heading(column));
    output_safe(output, line->cells[column], 0);
    output_add(output, "\n");
}

static void print_word(struct output *output, const struct access_line *line)
{
    char when[CLOCK_TEXT_BYTES];

    if (!line->said_ms)
        return;
    output_add(output, "    %s by ", access_state_text(line->state));
    output_safe(output, line->author, 0);
    output_add(output, ", %s", clock_format_minute(line->said_ms, when));
    if (*line->comment) {
        output_add(output, ": ");
        output_safe(output, line->comment, 0);
    }
    output_add(output, "\n");
    if (line->state != ACCESS_STATE_CHANGED)
        return;
    output_add(output, "    approved was:\n");
    output_lines(output, line->facts_then, 6);
}

static void print_line(struct output *output, const struct access_line *line)
{
    char state[32];

    snprintf(state, sizeof(state), "  %-*s ", STATE_COLUMNS, access_state_text(line->state));
    output_styled(output, style_of(line->state), state);
    output_safe(output, line->cells[ACCESS_COLUMN_ACCOUNT], ACCOUNT_COLUMNS);
    output_add(output, " ");
    output_safe(output, line->cells[ACCESS_COLUMN_UID], UID_COLUMNS);
    output_add(output, " ");
    output_safe(output, line->cells[ACCESS_COLUMN_KIND], KIND_COLUMNS);
    output_add(output, "\n");
    for (int column = ACCESS_COLUMN_LOGIN; column < ACCESS_COLUMN_COUNT; column++)
        print_cell(output, line, (enum access_column)column);
    print_word(output, line);
}

static void print_matrix(struct output *output, const struct access_matrix *matrix)
{
    output_safe(output, matrix->target, 0);
    output_add(output, ": %zu accounts", matrix->count);
    for (size_t i = 0; i < ACCESS_STATE_COUNT; i++)
        if (matrix->by_state[i])
            output_add(output, ", %zu %s", matrix->by_state[i],
                       access_state_text((enum access_state)i));
    output_add(output, "\n");
    for (size_t i = 0; i < matrix->count; i++)
        print_line(output, &matrix->lines[i]);
    if (*matrix->why) {
        output_styled(output, STYLE_WARN, "  not seen\n");
        output_lines(output, matrix->why, 4);
    }
}

/* --- JSON --- */

static json_t *line_json(const struct access_line *line)
{
    json_t *object = json_object();

    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        json_object_set_new(object, access_column_id((enum access_column)i),
                            json_text(line->cells[i]));
    json_object_set_new(object, "privileged", json_boolean(line->is_privileged));
    json_object_set_new(object, "idle_account", json_boolean(line->is_idle));
    json_object_set_new(object, "uncertain", json_boolean(line->is_uncertain));
    json_object_set_new(object, "state", json_string(access_state_text(line->state)));
    json_object_set_new(object, "comment", json_text(line->comment));
    json_object_set_new(object, "author", json_text(line->author));
    json_object_set_new(object, "facts", json_text(line->facts));
    json_object_set_new(object, "facts_then", json_text(line->facts_then));
    json_object_set_new(object, "evidence", json_text(line->evidence));
    return object;
}

static json_t *matrix_json(const struct access_matrix *matrix)
{
    json_t *lines = json_array();

    for (size_t i = 0; i < matrix->count; i++)
        json_array_append_new(lines, line_json(&matrix->lines[i]));
    return json_pack("{s:o, s:b, s:o, s:o}", "target", json_text(matrix->target), "gathered",
                     (int)matrix->is_gathered, "not_seen", json_text(matrix->why), "accounts",
                     lines);
}

/* --- verbs --- */

static bool is_settled(const struct access_matrix *matrix)
{
    return matrix->is_gathered && !access_count_unwalked(matrix) &&
           !matrix->by_state[ACCESS_STATE_QUESTIONED];
}

struct listing {
    struct output output;
    json_t *json;
    bool is_settled;
};

static bool list_target(struct session *session, const char *target, struct listing *listing,
                        struct error *error)
{
    AUTO_RELEASE(access_matrix) struct access_matrix matrix = {0};

    if (!session_read_access(session, target, &matrix, error))
        return false;
    print_matrix(&listing->output, &matrix);
    json_array_append_new(listing->json, matrix_json(&matrix));
    listing->is_settled &= is_settled(&matrix);
    return true;
}

static bool list_targets(struct session *session, const char *target, struct listing *listing,
                         struct error *error)
{
    size_t count;
    const struct session_target *targets = session_targets(session, &count);

    if (target)
        return list_target(session, target, listing, error);
    for (size_t i = 0; i < count; i++)
        if (!list_target(session, targets[i].name, listing, error))
            return false;
    return true;
}

static int list(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct listing listing = {.is_settled = true};
    struct error error = {0};
    int status;

    if (!open_review(arguments, true, &session, &status))
        return status;
    output_init(&listing.output, arguments);
    listing.json = json_array();
    if (!list_targets(session, arguments->target, &listing, &error))
        status = output_error(&error, "access");
    else if (arguments->json)
        status = output_json(json_incref(listing.json));
    else
        status = output_write(&listing.output);
    if (status == EXIT_DONE && arguments->check_only && !listing.is_settled)
        status = EXIT_NO;
    output_release(&listing.output);
    json_decref(listing.json);
    return status;
}

static int report_said(const struct arguments *arguments, const char *word, size_t count)
{
    return report_done(arguments, json_pack("{s:s, s:i}", "word", word, "accounts", (int)count),
                       "saved: %zu %s", count, word);
}

static int approve_inert(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    size_t count;
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    if (!session_approve_inert(session, arguments->target, &count, &error))
        return output_error(&error, "access");
    return report_said(arguments, "approved", count);
}

static int say(const struct arguments *arguments, bool is_question)
{
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    int status;

    if (!open_review(arguments, false, &session, &status))
        return status;
    for (size_t i = 2; i < arguments->word_count; i++) {
        const struct access_word word = {.target = arguments->target,
                                         .account = arguments->words[i],
                                         .is_question = is_question,
                                         .comment = arguments->note};
        if (!session_say_access(session, &word, &error))
            return output_error(&error, arguments->words[i]);
    }
    return report_said(arguments, is_question ? "questioned" : "approved",
                       arguments->word_count - 2);
}

static int run(const struct arguments *arguments)
{
    const char *verb = arguments->words[1];
    struct error error = {0};

    if (!verb || (strcmp(verb, "list") == 0 && arguments->word_count == 2))
        return list(arguments);
    if (strcmp(verb, "approve-inert") == 0 && arguments->word_count == 2)
        return approve_inert(arguments);
    if (strcmp(verb, "approve") == 0 && arguments->word_count > 2)
        return say(arguments, false);
    if (strcmp(verb, "question") == 0 && arguments->word_count > 2)
        return say(arguments, true);
    error_set(&error, ERROR_USAGE,
              "expected list, approve ACCOUNT, approve-inert or question ACCOUNT");
    error_hint(&error, "'walkdown help access' tells how to use it");
    return output_error(&error, "access");
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "of this target; a word needs it when there are several"),
    VALUE(0, "comment", "TEXT", note, "what goes with the word; a question needs it"),
    FLAG(0, "check", check_only, "list; end with 1 unless every account is approved"),
    {0},
};

const struct command command_access = {
    .name = "access",
    .words = "FILE [list | approve ACCOUNT... | approve-inert | question ACCOUNT...]",
    .words_min = 1,
    .words_max = 64,
    .summary = "list who may do what, approve or question each account",
    .details = "The access matrix has a line for each account of a target: how it logs in, how it\n"
               "becomes root, its last login. It is joined from the evidence of the check\n"
               "'accounts-have-owners'. What was not seen is unknown, never 'no'. An approval\n"
               "holds while the facts of the line stay as they were. Accounts that can neither\n"
               "log in nor become root, with nothing unknown or odd about them, come last;\n"
               "approve-inert approves all of them that wait for a word.",
    .options = options,
    .run = run,
};
