/* SPDX-License-Identifier: Apache-2.0 */
/* The state of an item, worked out from its rows: newest suggestion, decisions in force, counts. */
#include "fold.h"

#include "base/array.h"
#include "base/json.h"

#include <sqlite3.h>

struct item_decision {
    struct entry_id id;
    int64_t clock;
    char *verdict, *suggestion, *supersedes; /* the last as JSON */
    bool is_retracted, is_superseded, was_superseded;
};

struct item {
    struct database *database;
    const char *check, *target;
    struct item_decision *decisions; /* oldest first */
    size_t decision_count;
    const struct item_decision *decision; /* the newest in force */
    bool is_disputed;
    struct entry_id suggestion; /* the newest, seq 0: none */
    bool is_stale;
};

static void item_release(struct item *item)
{
    for (size_t i = 0; i < item->decision_count; i++) {
        free(item->decisions[i].verdict);
        free(item->decisions[i].suggestion);
        free(item->decisions[i].supersedes);
    }
    free(item->decisions);
}

static void bind_item(struct sqlite3_stmt *rows, const struct item *item)
{
    bind_text(rows, 1, item->check);
    bind_text(rows, 2, item->target);
}

static bool load_decisions(struct item *item, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(
            item->database,
            "SELECT d.author, d.seq, e.clock, d.verdict, d.suggestion, d.supersedes,"
            " e.is_retracted, d.is_superseded FROM decision AS d JOIN event AS e"
            " ON e.author = d.author AND e.seq = d.seq WHERE d.check_id = ?1 AND d.target = ?2"
            " ORDER BY e.clock, d.author, d.seq",
            &rows, error))
        return false;
    bind_item(rows, item);
    for (;;) {
        if (!database_next(item->database, rows, &row, error))
            return false;
        if (!row)
            return true;
        struct item_decision *decision = array_push(item->decisions, item->decision_count);
        decision->id = column_entry_id(rows, 0);
        decision->clock = sqlite3_column_int64(rows, 2);
        decision->verdict = memory_copy_text(column_text(rows, 3));
        decision->suggestion = memory_copy_text(column_text(rows, 4));
        decision->supersedes = memory_copy_text(column_text(rows, 5));
        decision->is_retracted = sqlite3_column_int(rows, 6) != 0;
        decision->was_superseded = sqlite3_column_int(rows, 7) != 0;
    }
}

static int compare_ids(const void *a, const void *b)
{
    const struct item_decision *const *left = a, *const *right = b;
    int author = memcmp(&(*left)->id.author, &(*right)->id.author, sizeof((*left)->id.author));
    if (author != 0)
        return author;
    return ((*left)->id.seq > (*right)->id.seq) - ((*left)->id.seq < (*right)->id.seq);
}

/* Mark the decisions before NEWER that it names. */
static void mark_superseded(struct item_decision *const *by_id, size_t count,
                            const struct item_decision *newer)
{
    AUTO_JSON json_t *list = NULL;
    if (strcmp(newer->supersedes, "[]") == 0 ||
        !json_parse(newer->supersedes, strlen(newer->supersedes), &list, NULL))
        return;
    for (size_t i = 0; i < json_array_size(list); i++) {
        struct item_decision wanted = {0};
        const struct item_decision *key = &wanted;
        const char *text = json_string_value(json_array_get(list, i));
        if (text == NULL || !entry_id_parse(text, &wanted.id))
            continue;
        struct item_decision *const *found =
            bsearch(&key, by_id, count, sizeof(*by_id), compare_ids);
        if (found != NULL && *found < newer)
            (*found)->is_superseded = true;
    }
}

/* Newest first, so that a decision knows whether it is superseded before it is asked whom it
 * supersedes: one that is retracted passes on what a later one says, and nothing of its own. */
static void supersede(struct item *item)
{
    size_t count = item->decision_count;
    AUTO_FREE struct item_decision **by_id = memory_new(count, sizeof(*by_id));
    for (size_t i = 0; i < count; i++)
        by_id[i] = &item->decisions[i];
    if (count > 1)
        qsort(by_id, count, sizeof(*by_id), compare_ids);
    for (size_t i = count; i-- > 0;)
        if (!item->decisions[i].is_retracted || item->decisions[i].is_superseded)
            mark_superseded(by_id, count, &item->decisions[i]);
    for (size_t i = count; i-- > 0;) {
        const struct item_decision *decision = &item->decisions[i];
        if (decision->is_retracted || decision->is_superseded)
            continue;
        if (item->decision == NULL)
            item->decision = decision;
        else if (strcmp(item->decision->verdict, decision->verdict) != 0)
            item->is_disputed = true;
    }
}

static bool store_superseded(const struct item *item, const struct item_decision *decision,
                             struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (decision->is_superseded == decision->was_superseded)
        return true;
    if (!database_prepare(item->database,
                          "UPDATE decision SET is_superseded = ?5 WHERE check_id = ?1 AND"
                          " target = ?2 AND author = ?3 AND seq = ?4",
                          &rows, error))
        return false;
    bind_item(rows, item);
    bind_entry_id(rows, 3, &decision->id);
    bind_number(rows, 5, decision->is_superseded);
    return database_finish(item->database, rows, error);
}

static const char *or_none(const char *suggestion)
{
    return *suggestion == '\0' ? "none" : suggestion;
}

static bool load_suggestion(struct item *item, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(item->database,
                          "SELECT s.author, s.seq, e.clock, s.suggestion FROM suggestion AS s"
                          " JOIN event AS e ON e.author = s.author AND e.seq = s.seq"
                          " WHERE s.check_id = ?1 AND s.target = ?2"
                          " ORDER BY e.clock DESC, s.author DESC, s.seq DESC LIMIT 1",
                          &rows, error))
        return false;
    bind_item(rows, item);
    if (!database_next(item->database, rows, &row, error))
        return false;
    if (!row)
        return true;
    struct entry suggestion = {.id = column_entry_id(rows, 0),
                               .clock = sqlite3_column_int64(rows, 2)};
    item->suggestion = suggestion.id;
    if (item->decision == NULL)
        return true;
    struct entry decision = {.id = item->decision->id, .clock = item->decision->clock};
    item->is_stale =
        entry_compare(&suggestion, &decision) > 0 &&
        strcmp(or_none(column_text(rows, 3)), or_none(item->decision->suggestion)) != 0;
    return true;
}

#define COUNT_IN_FORCE(what, table)                                                                \
    "(SELECT count(" what ") FROM " table " AS t JOIN event AS e ON e.author = t.author"           \
    " AND e.seq = t.seq WHERE t.check_id = ?1 AND t.target = ?2 AND e.is_retracted = 0)"

static bool store(const struct item *item, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(
            item->database,
            "INSERT OR REPLACE INTO item VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8,"
            "(SELECT count(*) FROM evidence WHERE check_id = ?1 AND target = ?2)," COUNT_IN_FORCE(
                "*", "comment") "," COUNT_IN_FORCE("DISTINCT t.question",
                                                   "answer") "," COUNT_IN_FORCE("*",
                                                                                "attachment") ")",
            &rows, error))
        return false;
    const char *verdict = item->decision == NULL ? "" : item->decision->verdict;
    struct entry_id decision = item->decision == NULL ? (struct entry_id){0} : item->decision->id;
    bind_item(rows, item);
    bind_entry_id(rows, 3, &item->suggestion);
    bind_entry_id(rows, 5, &decision);
    bind_text(rows, 7, item->is_disputed ? "disputed" : verdict);
    bind_number(rows, 8, item->is_stale);
    return database_finish(item->database, rows, error);
}

bool item_refresh(struct database *database, const char *check, const char *target,
                  struct error *error)
{
    AUTO_RELEASE(item)
    struct item item = {.database = database, .check = check, .target = target};
    if (!load_decisions(&item, error))
        return false;
    supersede(&item);
    for (size_t i = 0; i < item.decision_count; i++)
        if (!store_superseded(&item, &item.decisions[i], error))
            return false;
    return load_suggestion(&item, error) && store(&item, error);
}
