/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What reviewers said of the lines. A word names in `supersedes` those its author knew to be in
 * force; what is in force follows as it does for decisions (docs/review-file.md, "The fold").
 */
#include "model.h"

#include "base/json.h"
#include "review/query.h"

#include <string.h>

struct word {
    const struct access_row *row;
    bool is_superseded;
};

/* The words on one account, oldest first. */
struct words {
    struct word *items;
    struct word **by_id;
    size_t count;
};

static int compare_ids(const void *a, const void *b)
{
    const struct entry_id *left = &(*(struct word *const *)a)->row->id;
    const struct entry_id *right = &(*(struct word *const *)b)->row->id;
    int author = memcmp(&left->author, &right->author, sizeof(left->author));
    return author != 0 ? author : (left->seq > right->seq) - (left->seq < right->seq);
}

static void mark_superseded(const struct words *words, const struct word *newer)
{
    for (size_t i = 0; i < newer->row->supersedes.count; i++) {
        struct access_row wanted = {0};
        struct word word = {.row = &wanted};
        struct word *key = &word;
        if (!entry_id_parse(newer->row->supersedes.items[i], &wanted.id))
            continue;
        struct word **found =
            bsearch(&key, words->by_id, words->count, sizeof(struct word *), compare_ids);
        if (found != NULL && *found < newer)
            (*found)->is_superseded = true;
    }
}

/* Newest first: one that is retracted passes on what a later one says, and nothing of its own. */
static void supersede(const struct words *words)
{
    for (size_t i = words->count; i-- > 0;)
        if (!words->items[i].row->is_retracted || words->items[i].is_superseded)
            mark_superseded(words, &words->items[i]);
}

static enum access_state state_of(const struct access_line *line, const struct access_row *row)
{
    if (strcmp(row->word, "approved") != 0)
        return ACCESS_STATE_QUESTIONED;
    return strcmp(row->facts, line->facts) == 0 ? ACCESS_STATE_APPROVED : ACCESS_STATE_CHANGED;
}

static void replace(char **text, const char *value)
{
    free(*text);
    *text = memory_copy_text(value);
}

static void apply(const struct words *words, struct access_line *line)
{
    const struct access_row *newest = NULL;
    bool is_disputed = false;
    for (size_t i = words->count; i-- > 0;) {
        const struct access_row *row = words->items[i].row;
        char id[ENTRY_ID_TEXT_BYTES];
        if (row->is_retracted || words->items[i].is_superseded)
            continue;
        if (newest == NULL)
            newest = row;
        is_disputed |= strcmp(newest->word, row->word) != 0;
        strings_push(&line->words, entry_id_text(&row->id, id));
    }
    if (newest == NULL)
        return;
    line->state = is_disputed ? ACCESS_STATE_DISPUTED : state_of(line, newest);
    line->said_ms = newest->time_ms;
    replace(&line->comment, newest->comment);
    replace(&line->author, newest->author);
    replace(&line->facts_then, newest->facts);
}

/* --- words by account --- */

static int compare_accounts(const void *a, const void *b)
{
    const struct word *left = a, *right = b;
    int account = strcmp(left->row->account, right->row->account);
    return account != 0 ? account : (left->row > right->row) - (left->row < right->row);
}

/* An account that somebody spoke of and that is no longer there. */
static struct access_line *add_gone(struct access_matrix *matrix, const char *account)
{
    struct access_line *line = array_push(matrix->lines, matrix->count);
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        line->cells[i] = memory_copy_text(i == ACCESS_COLUMN_ACCOUNT   ? account
                                          : i == ACCESS_COLUMN_REMARKS ? "no longer there"
                                                                       : "");
    line->facts = memory_copy_text("");
    line->evidence = memory_copy_text("");
    line->comment = memory_copy_text("");
    line->author = memory_copy_text("");
    line->facts_then = memory_copy_text("");
    return line;
}

static void apply_to_account(struct word *items, size_t count, struct access_matrix *matrix)
{
    struct words words = {.items = items, .count = count};
    const char *account = items[0].row->account;
    struct access_line *line = NULL;
    words.by_id = memory_new(count, sizeof(struct word *));
    for (size_t i = 0; i < count; i++)
        words.by_id[i] = &items[i];
    qsort(words.by_id, count, sizeof(struct word *), compare_ids);
    supersede(&words);
    for (size_t i = 0; line == NULL && i < matrix->count; i++)
        if (strcmp(matrix->lines[i].cells[ACCESS_COLUMN_ACCOUNT], account) == 0)
            line = &matrix->lines[i];
    bool is_gone = line == NULL;
    if (is_gone)
        line = add_gone(matrix, account);
    apply(&words, line);
    if (is_gone)
        line->state = ACCESS_STATE_GONE;
    free(words.by_id);
}

static void drop_unsaid(struct access_matrix *matrix)
{
    size_t kept = 0;
    for (size_t i = 0; i < matrix->count; i++) {
        struct access_line *line = &matrix->lines[i];
        if (line->state == ACCESS_STATE_GONE && line->words.count == 0)
            access_line_release(line);
        else
            matrix->lines[kept++] = *line;
    }
    matrix->count = kept;
}

void words_apply(const struct access_row_list *rows, struct access_matrix *matrix)
{
    AUTO_FREE struct word *words = memory_new(rows->count, sizeof(*words));
    size_t first = 0;
    for (size_t i = 0; i < rows->count; i++)
        words[i].row = &rows->items[i];
    if (rows->count > 1)
        qsort(words, rows->count, sizeof(*words), compare_accounts);
    for (size_t i = 1; i <= rows->count; i++) {
        if (i < rows->count && strcmp(words[i].row->account, words[first].row->account) == 0)
            continue;
        apply_to_account(words + first, i - first, matrix);
        first = i;
    }
    drop_unsaid(matrix);
    memset(matrix->by_state, 0, sizeof(matrix->by_state));
    for (size_t i = 0; i < matrix->count; i++)
        matrix->by_state[matrix->lines[i].state]++;
}
