/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The one way a review changes. Bodies are checked and blobs compressed before the file is locked;
 * under the lock our log's head and the highest clock are read anew, because another process may
 * have appended since. Each process folds what it appends, in the same transaction, so there is
 * never an entry in the file that nobody folded.
 */
#include "base/array.h"
#include "base/clock.h"
#include "blob.h"
#include "body.h"
#include "entries.h"
#include "fold.h"
#include "handle.h"
#include "redacted.h"
#include "schema.h"

#include <sqlite3.h>

/* A blob that has to be in the file before its entry. */
struct needed_blob {
    struct digest id;
    int64_t size_bytes;
};

struct prepared {
    enum entry_kind kind;
    const json_t *body; /* borrowed */
    struct buffer text; /* the same, as it will be stored */
    struct stored_blob *blobs;
    size_t blob_count;
    struct needed_blob *needed;
    size_t needed_count;
    struct entry_id id; /* once it is appended */
};

struct batch {
    struct prepared *items;
    size_t count;
};

/* The end of our log, and the clock of the file. */
struct head {
    int64_t seq, clock;
    struct digest hash;
};

static void prepared_release(struct prepared *item)
{
    buffer_release(&item->text);
    for (size_t i = 0; i < item->blob_count; i++)
        stored_blob_release(&item->blobs[i]);
    free(item->blobs);
    free(item->needed);
}

static void batch_release(struct batch *batch)
{
    for (size_t i = 0; i < batch->count; i++)
        prepared_release(&batch->items[i]);
    free(batch->items);
}

/* --- before the lock --- */

struct blob_search {
    const struct new_entry *entry;
    struct prepared *item;
    bool *found; /* for each blob that comes with the entry */
};

static bool check_new_blob(const struct new_blob *blob, int64_t size, const struct digest *hash,
                           struct error *error)
{
    struct digest actual;
    if ((int64_t)blob->length != size)
        return error_set(error, ERROR_INVALID, "a body gives %lld as the size of a blob of %zu",
                         (long long)size, blob->length);
    if (hash == NULL)
        return true;
    actual = digest_of(blob->data, blob->length);
    return digest_equal(&actual, hash) ||
           error_set(error, ERROR_INVALID, "a body gives another digest than its blob has");
}

static bool find_blob(void *context, const struct digest *id, int64_t size,
                      const struct digest *hash, struct error *error)
{
    struct blob_search *search = context;
    for (size_t i = 0; i < search->entry->blob_count; i++)
        if (digest_equal(&search->entry->blobs[i].id, id)) {
            search->found[i] = true;
            return check_new_blob(&search->entry->blobs[i], size, hash, error);
        }
    *array_push(search->item->needed, search->item->needed_count) =
        (struct needed_blob){.id = *id, .size_bytes = size};
    return true;
}

static bool prepare_blobs(const struct new_entry *entry, struct prepared *item, struct error *error)
{
    AUTO_FREE bool *found = memory_new(entry->blob_count, sizeof(*found));
    struct blob_search search = {.entry = entry, .item = item, .found = found};
    if (!body_each_blob(entry->kind, entry->body, find_blob, &search, error))
        return false;
    for (size_t i = 0; i < entry->blob_count; i++)
        if (!found[i])
            return error_set(error, ERROR_INVALID,
                             "a body does not name the blob that comes with it");
    for (size_t i = 0; i < entry->blob_count; i++)
        if (!blob_encode(&entry->blobs[i], array_push(item->blobs, item->blob_count), error))
            return false;
    return true;
}

static bool prepare(struct batch *batch, const struct new_entry *entry, struct error *error)
{
    struct prepared *item = array_push(batch->items, batch->count);
    item->kind = entry->kind;
    item->body = entry->body;
    if (!body_check(entry->kind, entry->body, error))
        return false;
    json_write(&item->text, entry->body);
    if (item->text.length > LEDGER_BODY_MAX_BYTES)
        return error_set(error, ERROR_INVALID,
                         "entry of kind '%s': its body has more than %d bytes",
                         entry_kind_text(entry->kind), LEDGER_BODY_MAX_BYTES);
    return prepare_blobs(entry, item, error);
}

/* --- under the lock --- */

static bool check_needed_blobs(struct database *file, const struct prepared *item,
                               struct error *error)
{
    for (size_t i = 0; i < item->needed_count; i++) {
        int64_t size;
        if (!blob_find_size(file, &item->needed[i].id, &size, error))
            return false;
        if (size != item->needed[i].size_bytes)
            return error_set(error, ERROR_INVALID, "a body names a blob that is not in the file");
    }
    return true;
}

static bool check_retraction(struct database *file, const json_t *body, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    const char *text = json_member_text(body, "entry", "");
    struct entry_id id = {0};
    bool row;
    if (!database_prepare(file, "SELECT kind FROM event WHERE author = ?1 AND seq = ?2", &rows,
                          error) ||
        !entry_id_parse(text, &id))
        return false;
    bind_entry_id(rows, 1, &id);
    if (!database_next(file, rows, &row, error))
        return false;
    if (!row)
        return error_set(error, ERROR_NOT_FOUND, "there is no entry %s to take back", text);
    const struct body_kind *rules = body_kind(entry_kind_parse(column_text(rows, 0)));
    return rules == NULL || !rules->is_final ||
           error_set(error, ERROR_INVALID, "an entry of kind '%s' cannot be taken back",
                     column_text(rows, 0));
}

static bool check_superseded(struct database *file, const json_t *body, const char *text,
                             struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    struct entry_id id = {0};
    bool row;
    if (!database_prepare(file,
                          "SELECT 1 FROM decision WHERE check_id = ?1 AND target = ?2 AND"
                          " author = ?3 AND seq = ?4",
                          &rows, error) ||
        !entry_id_parse(text, &id))
        return false;
    bind_text(rows, 1, json_member_text(body, "check", ""));
    bind_text(rows, 2, json_member_text(body, "target", ""));
    bind_entry_id(rows, 3, &id);
    return database_next(file, rows, &row, error) &&
           (row || error_set(error, ERROR_INVALID, "entry %s is no decision of this item", text));
}

/* Only what evidence, an attachment or an earlier redaction brought can be taken out. */
static bool check_redacted(struct database *file, const json_t *body, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    struct digest id = body_digest(json_object_get(body, "blob"));
    bool row;
    if (!database_prepare(file,
                          "SELECT size FROM (" BLOBS_OF_ENTRIES
                          ") WHERE id = ?1 AND id NOT IN (SELECT blob FROM redaction)",
                          &rows, error))
        return false;
    bind_bytes(rows, 1, id.bytes, sizeof(id.bytes));
    if (!database_next(file, rows, &row, error))
        return false;
    if (!row)
        return error_set(error, ERROR_NOT_FOUND, "no evidence or attachment has these bytes now");
    return sqlite3_column_int64(rows, 0) == json_member_integer(body, "size", -1) ||
           error_set(error, ERROR_INVALID, "a redaction gives another size than its blob has");
}

/* What an entry says of other entries has to be so. */
static bool check_references(struct database *file, const struct prepared *item,
                             struct error *error)
{
    if (item->kind == ENTRY_RETRACTION)
        return check_retraction(file, item->body, error);
    if (item->kind == ENTRY_REDACTION)
        return check_redacted(file, item->body, error);
    const json_t *list =
        item->kind == ENTRY_DECISION ? json_object_get(item->body, "supersedes") : NULL;
    for (size_t i = 0; i < json_array_size(list); i++)
        if (!check_superseded(file, item->body, json_string_value(json_array_get(list, i)), error))
            return false;
    return true;
}

static bool append_entry(struct review *review, struct head *head, struct prepared *item,
                         struct error *error)
{
    struct entry entry = {.id = {.author = review->author.id, .seq = head->seq + 1},
                          .clock = head->clock + 1,
                          .time_ms = clock_wall_ms(),
                          .kind = memory_copy_text(entry_kind_text(item->kind)),
                          .body = item->text,
                          .prev = head->hash};
    item->text = (struct buffer){0};
    entry.hash = entry_compute_hash(&review->id, &entry);
    bool done = check_references(review->file, item, error);
    for (size_t i = 0; i < item->blob_count && done; i++)
        done = blob_insert(review->file, &item->blobs[i], error);
    done = done && check_needed_blobs(review->file, item, error) &&
           entry_insert(review->file, &entry, error) && fold_entry(review->file, &entry, error) &&
           (item->kind != ENTRY_REDACTION || redacted_drop(review->file, error));
    item->id = entry.id;
    *head = (struct head){.seq = entry.id.seq, .clock = entry.clock, .hash = entry.hash};
    entry_release(&entry);
    return done;
}

static bool find_head(struct review *review, struct head *head, struct error *error)
{
    if (!entry_find_head(review->file, &review->author.id, &head->seq, &head->hash, error) ||
        !entry_find_clock(review->file, &head->clock, error))
        return false;
    return head->clock < INT64_MAX - INT32_MAX ||
           error_set(error, ERROR_CORRUPT, "'%s': a clock in it is out of range", review->path);
}

/* Whether our log does not give our name as it is now. */
static bool is_unnamed(struct review *review, bool *ret_unnamed, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->file, "SELECT name, email FROM author WHERE id = ?1", &rows,
                          error))
        return false;
    bind_bytes(rows, 1, review->author.id.bytes, sizeof(review->author.id.bytes));
    if (!database_next(review->file, rows, &row, error))
        return false;
    *ret_unnamed = !row || strcmp(column_text(rows, 0), review->author.name) != 0 ||
                   strcmp(column_text(rows, 1), review->author.email) != 0;
    return true;
}

static bool append_author(struct review *review, struct head *head, struct error *error)
{
    AUTO_JSON json_t *body = json_object();
    json_object_set_new(body, "name", json_text(review->author.name));
    json_object_set_new(body, "email", json_text(review->author.email));
    const struct new_entry entry = {.kind = ENTRY_AUTHOR, .body = body};
    AUTO_RELEASE(batch) struct batch batch = {0};
    return prepare(&batch, &entry, error) && append_entry(review, head, &batch.items[0], error);
}

static bool append_batch(struct review *review, struct batch *batch, struct error *error)
{
    struct head head = {0};
    bool is_unnamed_now = false, names_itself = false;
    for (size_t i = 0; i < batch->count; i++)
        names_itself = names_itself || batch->items[i].kind == ENTRY_AUTHOR;
    if (!find_head(review, &head, error) ||
        (!names_itself && !is_unnamed(review, &is_unnamed_now, error)) ||
        (is_unnamed_now && !append_author(review, &head, error)))
        return false;
    for (size_t i = 0; i < batch->count; i++)
        if (!append_entry(review, &head, &batch->items[i], error))
            return false;
    return true;
}

void review_give_up(struct review *review)
{
    struct sqlite3 *handle = database_handle(review->file);
    if ((sqlite3_errcode(handle) & 0xFF) == SQLITE_IOERR)
        review->has_failed = true;
    if (!database_roll_back(review->file))
        review->has_failed = true;
}

bool review_append(struct review *review, const struct new_entry *entries, size_t count,
                   struct entry_id *ret_ids, struct error *error)
{
    AUTO_RELEASE(batch) struct batch batch = {0};
    if (review->is_read_only)
        return error_set(error, ERROR_DENIED, "'%s' is open for reading only", review->path);
    if (review->has_failed) {
        error_set(error, ERROR_IO, "'%s' could not be written before", review->path);
        return error_hint(error, "mend the disk and open the review again");
    }
    for (size_t i = 0; i < count; i++)
        if (!prepare(&batch, &entries[i], error))
            return false;
    if (!database_execute(review->file, "BEGIN IMMEDIATE", error))
        return false;
    if (!append_batch(review, &batch, error) || !database_execute(review->file, "COMMIT", error)) {
        review_give_up(review);
        return false;
    }
    for (size_t i = 0; i < count && ret_ids != NULL; i++)
        ret_ids[i] = batch.items[i].id;
    review->change_count++;
    return true;
}
