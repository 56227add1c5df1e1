/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/access.h"

#include "state.h"

#include <string.h>

bool session_read_access(struct session *session, const char *target,
                         struct access_matrix *ret_matrix, struct error *error)
{
    size_t index;

    return target_require(session, target, &index, error) &&
           access_read(session->review, session->targets[index].name, ret_matrix, error);
}

/* --- words --- */

static bool check_word(const struct access_word *word, const struct access_line *line,
                       const char *target, struct error *error)
{
    if (!line) {
        error_set(error, ERROR_NOT_FOUND, "there is no account '%s' on '%s'", word->account,
                  target);
        return error_hint(error, "'walkdown access FILE' lists them");
    }
    if (line->state == ACCESS_STATE_GONE)
        return error_set(error, ERROR_NOT_FOUND, "the account '%s' is no longer on '%s'",
                         word->account, target);
    if (word->facts && strcmp(word->facts, line->facts) != 0)
        return error_set(error, ERROR_CONFLICT,
                         "what is known of the account '%s' has changed: look again",
                         word->account);
    if (word->is_question && (!word->comment || !word->comment[strspn(word->comment, " \t\n")])) {
        error_set(error, ERROR_USAGE, "a question needs words: what is wrong with '%s'?",
                  word->account);
        return error_hint(error, "give them with --comment TEXT");
    }
    return true;
}

static json_t *word_body(const struct access_word *word, const struct access_line *line,
                         const char *target)
{
    json_t *supersedes = json_array();

    for (size_t i = 0; i < line->words.count; i++)
        json_array_append_new(supersedes, json_text(line->words.items[i]));
    return json_pack("{s:o, s:o, s:s, s:o, s:o, s:o}", "target", json_text(target), "account",
                     json_text(word->account), "word",
                     word->is_question ? "questioned" : "approved", "comment",
                     json_text(word->comment ? word->comment : ""), "facts", json_text(line->facts),
                     "supersedes", supersedes);
}

bool session_say_access(struct session *session, const struct access_word *word,
                        struct error *error)
{
    AUTO_RELEASE(access_matrix) struct access_matrix matrix = {0};
    const struct access_line *line;

    if (!session_read_access(session, word->target, &matrix, error))
        return false;
    line = access_find(&matrix, word->account);
    return check_word(word, line, matrix.target, error) &&
           session_append(session, ENTRY_ACCESS, word_body(word, line, matrix.target), error);
}

bool session_approve_inert(struct session *session, const char *target, size_t *ret_count,
                           struct error *error)
{
    AUTO_RELEASE(access_matrix) struct access_matrix matrix = {0};
    struct new_entry *entries = NULL;
    size_t count = 0;
    bool ok;

    if (!session_read_access(session, target, &matrix, error))
        return false;
    for (size_t i = 0; i < matrix.count; i++) {
        const struct access_line *line = &matrix.lines[i];
        const struct access_word word = {.account = line->cells[ACCESS_COLUMN_ACCOUNT]};
        if (line->is_inert && access_needs_word(line))
            *array_push(entries, count) = (struct new_entry){
                .kind = ENTRY_ACCESS, .body = word_body(&word, line, matrix.target)};
    }
    ok = count == 0 || session_append_all(session, entries, count, error);
    for (size_t i = 0; i < count; i++)
        json_decref(entries[i].body);
    free(entries);
    *ret_count = count;
    return ok;
}

/* --- totals --- */

bool session_asks_for_access(const struct session *session)
{
    return session_find_check(session, ACCESS_CHECK) != NULL;
}

static bool add_target(struct session *session, const char *target, struct access_totals *totals,
                       struct error *error)
{
    AUTO_RELEASE(access_matrix) struct access_matrix matrix = {0};
    const struct item *item = session_find_item(session, ACCESS_CHECK, target);

    if (!item || item->verdict == VERDICT_NOT_APPLICABLE)
        return true;
    if (!access_read(session->review, target, &matrix, error))
        return false;
    totals->targets++;
    totals->unseen += !matrix.is_gathered;
    totals->lines += matrix.count - matrix.by_state[ACCESS_STATE_GONE];
    totals->unwalked += access_count_unwalked(&matrix);
    totals->questioned += matrix.by_state[ACCESS_STATE_QUESTIONED];
    return true;
}

bool session_count_access(struct session *session, struct access_totals *ret_totals,
                          struct error *error)
{
    struct access_totals totals = {0};

    for (size_t i = 0; i < session->target_count; i++)
        if (!add_target(session, session->targets[i].name, &totals, error))
            return false;
    *ret_totals = totals;
    return true;
}
