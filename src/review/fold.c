/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Each entry becomes a row of `event`, and a row of its kind's table where its body fits its kind.
 * What entries say together is worked out from those rows: who is retracted (below), and the state
 * of an item (item.c). So the result depends on the set of entries alone; order matters only where
 * an entry names another, which has to come before it.
 */
#include "fold.h"

#include "body.h"
#include "entries.h"
#include "schema.h"
#include "summary.h"

#include <sqlite3.h>

enum { SUMMARY_BYTES = 200, NAMED_SUMMARY_BYTES = 80 };

/* What is known of an entry while it is folded. */
struct fold {
    struct database *database;
    const struct entry *entry;
    enum entry_kind kind;
    const struct body_kind *rules; /* NULL: unknown, or the body does not fit */
    json_t *body;
    const char *check, *target; /* the item it speaks of; "" where there is none */
    struct buffer summary;
    bool is_deferred; /* items are refreshed later */
};

struct event {
    enum entry_kind kind;
    char *check, *target;
    struct buffer summary;
};

static void event_release(struct event *event)
{
    free(event->check);
    free(event->target);
    buffer_release(&event->summary);
}

/* An entry that was folded before. */
static bool find_event(struct fold *fold, const struct entry_id *id, bool *ret_found,
                       struct event *ret_event, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(
            fold->database,
            "SELECT kind, check_id, target, summary FROM event WHERE author = ?1 AND seq = ?2",
            &rows, error))
        return false;
    bind_entry_id(rows, 1, id);
    if (!database_next(fold->database, rows, ret_found, error))
        return false;
    if (!*ret_found)
        return true;
    ret_event->kind = entry_kind_parse(column_text(rows, 0));
    ret_event->check = memory_copy_text(column_text(rows, 1));
    ret_event->target = memory_copy_text(column_text(rows, 2));
    buffer_append_text(&ret_event->summary, column_text(rows, 3));
    return true;
}

/* --- rows --- */

static void bind_members(struct sqlite3_stmt *rows, int *index, const struct member *members,
                         const json_t *object);

static void bind_digest(struct sqlite3_stmt *rows, int index, const json_t *value)
{
    struct digest digest = body_digest(value);
    bool is_empty = !json_is_string(value) || json_string_length(value) == 0;
    bind_bytes(rows, index, digest.bytes, is_empty ? 0 : sizeof(digest.bytes));
}

static void bind_list(struct sqlite3_stmt *rows, int index, const json_t *value)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (json_is_array(value))
        json_write(&text, value);
    bind_text(rows, index, text.length == 0 ? "[]" : text.data);
}

static void bind_member(struct sqlite3_stmt *rows, int *index, const struct member *member,
                        const json_t *value)
{
    struct entry_id id = {0};
    switch (member->type) {
    case MEMBER_HASH:
    case MEMBER_BLOB:
        bind_digest(rows, (*index)++, value);
        break;
    case MEMBER_ENTRY:
        if (json_is_string(value) && json_string_length(value) > 0 &&
            !entry_id_parse(json_string_value(value), &id))
            abort();
        bind_entry_id(rows, *index, &id);
        *index += 2;
        break;
    case MEMBER_BOOL:
        bind_number(rows, (*index)++, json_is_true(value));
        break;
    case MEMBER_COUNT:
    case MEMBER_NUMBER:
        bind_number(rows, (*index)++, json_integer_value(value));
        break;
    case MEMBER_LIST:
        bind_list(rows, (*index)++, value);
        break;
    case MEMBER_OBJECT:
        bind_members(rows, index, member->inner, value);
        break;
    case MEMBER_ROWS:
        break;
    default:
        bind_text(rows, (*index)++, json_is_string(value) ? json_string_value(value) : "");
    }
}

static void bind_members(struct sqlite3_stmt *rows, int *index, const struct member *members,
                         const json_t *object)
{
    for (const struct member *member = members; member->name != NULL; member++)
        bind_member(rows, index, member, json_object_get(object, member->name));
}

static bool insert_list_rows(struct fold *fold, const struct member *member, struct error *error)
{
    const json_t *list = json_object_get(fold->body, member->name);
    for (size_t i = 0; i < json_array_size(list); i++) {
        AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
        int index = 4;
        if (!database_prepare(fold->database, member->insert, &rows, error))
            return false;
        bind_entry_id(rows, 1, &fold->entry->id);
        bind_number(rows, 3, (int64_t)i);
        bind_members(rows, &index, member->inner->inner, json_array_get(list, i));
        if (!database_finish(fold->database, rows, error))
            return false;
    }
    return true;
}

static bool insert_rows(struct fold *fold, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    int index = 3;
    if (!database_prepare(fold->database, fold->rules->insert, &rows, error))
        return false;
    bind_entry_id(rows, 1, &fold->entry->id);
    bind_members(rows, &index, fold->rules->members, fold->body);
    if (!database_finish(fold->database, rows, error))
        return false;
    for (const struct member *member = fold->rules->members; member->name != NULL; member++)
        if (member->type == MEMBER_ROWS && !insert_list_rows(fold, member, error))
            return false;
    return true;
}

static bool insert_event(struct fold *fold, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(fold->database,
                          "INSERT INTO event VALUES(?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, 0)", &rows,
                          error))
        return false;
    summary_trim(&fold->summary, SUMMARY_BYTES);
    bind_entry_id(rows, 1, &fold->entry->id);
    bind_number(rows, 3, fold->entry->clock);
    bind_number(rows, 4, fold->entry->time_ms);
    bind_text(rows, 5, fold->entry->kind);
    bind_text(rows, 6, fold->check);
    bind_text(rows, 7, fold->target);
    bind_text(rows, 8, buffer_text(&fold->summary));
    return database_finish(fold->database, rows, error);
}

static bool count_entry(struct fold *fold, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(fold->database,
                          "INSERT INTO author VALUES(?1, '', '', '', ?2, ?2, 1) ON CONFLICT(id)"
                          " DO UPDATE SET last_ms = ?2, entry_count = entry_count + 1",
                          &rows, error))
        return false;
    bind_bytes(rows, 1, fold->entry->id.author.bytes, sizeof(fold->entry->id.author.bytes));
    bind_number(rows, 2, fold->entry->time_ms);
    return database_finish(fold->database, rows, error);
}

/* --- kinds --- */

static bool fold_rows(struct fold *fold, struct error *error)
{
    return insert_rows(fold, error) && insert_event(fold, error);
}

static bool fold_author(struct fold *fold, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    int index = 2;
    if (!database_prepare(fold->database,
                          "UPDATE author SET name = ?2, email = ?3,"
                          " key = coalesce(nullif(?4, ''), key) WHERE id = ?1",
                          &rows, error))
        return false;
    bind_bytes(rows, 1, fold->entry->id.author.bytes, sizeof(fold->entry->id.author.bytes));
    bind_members(rows, &index, fold->rules->members, fold->body);
    return database_finish(fold->database, rows, error) && insert_event(fold, error);
}

static bool refresh_item(struct fold *fold, const char *check, const char *target,
                         struct error *error)
{
    return fold->is_deferred || *check == '\0' || *target == '\0' ||
           item_refresh(fold->database, check, target, error);
}

/* Set an entry's is_retracted from the retractions that name it. */
static bool mark_retracted(struct fold *fold, const struct entry_id *id, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    if (!database_prepare(
            fold->database,
            "UPDATE event SET is_retracted = (SELECT count(*) FROM retraction AS r JOIN event AS e"
            " ON e.author = r.author AND e.seq = r.seq WHERE r.entry_author = ?1 AND"
            " r.entry_seq = ?2 AND e.is_retracted = 0) > 0 WHERE author = ?1 AND seq = ?2",
            &rows, error))
        return false;
    bind_entry_id(rows, 1, id);
    return database_finish(fold->database, rows, error);
}

/* The entry that a retraction names; seq 0 when it is none. */
static bool find_retracted(struct fold *fold, const struct entry_id *retraction,
                           struct entry_id *ret_id, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(
            fold->database,
            "SELECT entry_author, entry_seq FROM retraction WHERE author = ?1 AND seq = ?2", &rows,
            error))
        return false;
    bind_entry_id(rows, 1, retraction);
    if (!database_next(fold->database, rows, &row, error))
        return false;
    *ret_id = row ? column_entry_id(rows, 0) : (struct entry_id){0};
    return true;
}

/* A retraction of a retraction brings back what that one took away, and so on; each names an
 * entry before it, so this ends. */
static bool spread_retraction(struct fold *fold, struct entry_id id, struct error *error)
{
    while (id.seq != 0) {
        struct entry_id next;
        if (!mark_retracted(fold, &id, error) || !find_retracted(fold, &id, &next, error))
            return false;
        id = next;
    }
    return true;
}

static bool fold_retraction(struct fold *fold, struct error *error)
{
    AUTO_RELEASE(event) struct event named = {0};
    struct entry_id id = {0};
    bool is_found;
    if (!entry_id_parse(json_member_text(fold->body, "entry", ""), &id))
        abort();
    if (!find_event(fold, &id, &is_found, &named, error))
        return false;
    const struct body_kind *rules = is_found ? body_kind(named.kind) : NULL;
    if (!is_found || (rules != NULL && rules->is_final)) {
        buffer_clear(&fold->summary);
        buffer_append_text(&fold->summary, "has no effect: it names no entry that it may retract");
        return insert_event(fold, error);
    }
    AUTO_RELEASE(buffer) struct buffer why = fold->summary;
    fold->summary = (struct buffer){0};
    summary_trim(&named.summary, NAMED_SUMMARY_BYTES);
    buffer_append_format(&fold->summary, "takes back %s \"%s\"%s", entry_kind_text(named.kind),
                         buffer_text(&named.summary), buffer_text(&why));
    fold->check = named.check;
    fold->target = named.target;
    return insert_rows(fold, error) && insert_event(fold, error) &&
           spread_retraction(fold, id, error) &&
           refresh_item(fold, named.check, named.target, error);
}

typedef bool fold_function(struct fold *fold, struct error *error);
static fold_function *const functions[] = {
    [ENTRY_REVIEW] = fold_rows,
    [ENTRY_AUTHOR] = fold_author,
    [ENTRY_CHECKLIST] = fold_rows,
    [ENTRY_PARAMETER] = fold_rows,
    [ENTRY_TARGET] = fold_rows,
    [ENTRY_HOSTKEY] = fold_rows,
    [ENTRY_CONSENT] = fold_rows,
    [ENTRY_RUN] = fold_rows,
    [ENTRY_EVIDENCE] = fold_rows,
    [ENTRY_SUGGESTION] = fold_rows,
    [ENTRY_ANSWER] = fold_rows,
    [ENTRY_DECISION] = fold_rows,
    [ENTRY_RETRACTION] = fold_retraction,
    [ENTRY_COMMENT] = fold_rows,
    [ENTRY_ATTACHMENT] = fold_rows,
    [ENTRY_SIGNOFF] = fold_rows,
    [ENTRY_FINDING] = fold_rows,
    [ENTRY_EXCEPTION] = fold_rows,
    [ENTRY_REDACTION] = fold_rows,
    [ENTRY_POLICY] = fold_rows,
    [ENTRY_HANDOFF] = fold_rows,
    [ENTRY_FLOWS] = fold_rows,
    [ENTRY_REACH] = fold_rows,
    [ENTRY_ACCESS] = fold_rows,
};

/* --- entries --- */

static void read_body(struct fold *fold)
{
    const struct buffer *body = &fold->entry->body;
    fold->kind = entry_kind_parse(fold->entry->kind);
    fold->rules = body_kind(fold->kind);
    if (fold->rules == NULL) {
        buffer_append_text(&fold->summary, "unknown kind of entry");
        return;
    }
    if (!json_parse(buffer_text(body), body->length, &fold->body, NULL) ||
        !body_check(fold->kind, fold->body, NULL)) {
        fold->rules = NULL;
        buffer_append_text(&fold->summary, "its body does not fit its kind");
        return;
    }
    summary_append(&fold->summary, fold->rules->summary, fold->body);
    fold->check = json_member_text(fold->body, "check", "");
    fold->target = json_member_text(fold->body, fold->kind == ENTRY_TARGET ? "name" : "target", "");
}

static bool fold_one(struct database *database, const struct entry *entry, bool is_deferred,
                     struct error *error)
{
    struct fold fold = {.database = database,
                        .entry = entry,
                        .check = "",
                        .target = "",
                        .is_deferred = is_deferred};
    read_body(&fold);
    bool done =
        count_entry(&fold, error) &&
        (fold.rules == NULL ? insert_event(&fold, error) : functions[fold.kind](&fold, error));
    if (done && fold.kind != ENTRY_RETRACTION)
        done = refresh_item(&fold, fold.check, fold.target, error);
    json_decref(fold.body);
    buffer_release(&fold.summary);
    return done;
}

bool fold_entry(struct database *database, const struct entry *entry, struct error *error)
{
    return fold_one(database, entry, false, error);
}

static bool forget(struct database *database, struct error *error)
{
    static const char *const texts[] = {
#define X(table, key) "DELETE FROM " #table,
        PROJECTIONS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(texts); i++)
        if (!database_execute(database, texts[i], error))
            return false;
    return true;
}

static bool fold_rows_in_order(struct database *database, struct entry *entry, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database,
                          "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY clock, author, seq", &rows,
                          error))
        return false;
    for (;;) {
        if (!database_next(database, rows, &row, error))
            return false;
        if (!row)
            return true;
        entry_from_row(rows, entry);
        if (!fold_one(database, entry, true, error))
            return false;
    }
}

static bool refresh_items(struct database *database, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database,
                          "SELECT DISTINCT check_id, target FROM event"
                          " WHERE check_id <> '' AND target <> ''",
                          &rows, error))
        return false;
    for (;;) {
        if (!database_next(database, rows, &row, error))
            return false;
        if (!row)
            return true;
        if (!item_refresh(database, column_text(rows, 0), column_text(rows, 1), error))
            return false;
    }
}

bool fold_all(struct database *database, struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    return forget(database, error) && fold_rows_in_order(database, &entry, error) &&
           refresh_items(database, error);
}
