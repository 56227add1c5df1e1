/* SPDX-License-Identifier: Apache-2.0 */
#include "review/salvage.h"

#include "base/json.h"
#include "base/path.h"
#include "blob.h"
#include "body.h"
#include "entries.h"
#include "handle.h"
#include "place.h"
#include "schema.h"
#include "transfer.h"
#include "view.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

enum { DEADLINE_MS = 300000, TOTAL_MAX_BYTES = 512 * 1024 * 1024 };
/* What may come of it: more than any review that can be worked with. */
#define TAKEN_MAX_BYTES (64ULL * 1024 * 1024 * 1024)

/* A damaged file at work, in the process that reads it. */
struct salvage {
    struct database *file;
    struct ledger_id review;
    struct entry *entries; /* each (author, seq) once, in that order */
    size_t count;
    size_t total_bytes;
    struct strings lost;
};

void salvage_report_release(struct salvage_report *report)
{
    strings_release(&report->lost);
    *report = (struct salvage_report){0};
}

static void add_lost(struct strings *lost, char *text)
{
    if (lost->count + 1 < SALVAGE_LOST_MAX) {
        strings_push_take(lost, text);
        return;
    }
    free(text);
    if (lost->count + 1 == SALVAGE_LOST_MAX)
        strings_push(lost, "... and more");
}

/* --- reading what can be read --- */

static void read_entry(struct salvage *salvage, struct sqlite3_stmt *rows)
{
    struct entry entry = {0};
    if (!view_types_fit(rows, "biiitbbb") || sqlite3_column_bytes(rows, 0) != LEDGER_ID_BYTES ||
        sqlite3_column_bytes(rows, 7) > LEDGER_BODY_MAX_BYTES)
        return;
    entry_from_row(rows, &entry);
    salvage->total_bytes += entry.body.length;
    *array_push(salvage->entries, salvage->count) = entry;
}

/* Until the rows end or damage ends them. */
static bool scan_entries(struct salvage *salvage, const char *sql)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row = true;
    if (!database_prepare(salvage->file, sql, &rows, NULL))
        return false;
    while (database_next(salvage->file, rows, &row, NULL) && row &&
           salvage->total_bytes < TOTAL_MAX_BYTES)
        read_entry(salvage, rows);
    return !row;
}

static int compare_entries(const void *a, const void *b)
{
    const struct entry *left = a, *right = b;
    int order = memcmp(&left->id.author, &right->id.author, sizeof(left->id.author));
    if (order != 0)
        return order;
    if (left->id.seq != right->id.seq)
        return left->id.seq < right->id.seq ? -1 : 1;
    return memcmp(&left->hash, &right->hash, sizeof(left->hash));
}

/* Of the rows that several scans found, those whose hash fits their contents, each once. */
static void keep_whole_ones(struct salvage *salvage)
{
    size_t kept = 0;
    if (salvage->count > 1)
        qsort(salvage->entries, salvage->count, sizeof(*salvage->entries), compare_entries);
    for (size_t i = 0; i < salvage->count; i++) {
        struct entry *entry = &salvage->entries[i];
        struct digest hash = entry_compute_hash(&salvage->review, entry);
        bool is_same = kept > 0 && entry_id_equal(&salvage->entries[kept - 1].id, &entry->id);
        if (digest_equal(&hash, &entry->hash) && !is_same) {
            struct entry whole = *entry;
            *entry = (struct entry){0};
            salvage->entries[kept++] = whole;
        } else {
            entry_release(entry);
        }
    }
    salvage->count = kept;
}

/* Forwards, backwards and by an index: damage in the middle leaves both ends. */
static void read_entries(struct salvage *salvage)
{
    if (!scan_entries(salvage, "SELECT " ENTRY_COLUMNS " FROM entry NOT INDEXED ORDER BY rowid") &&
        !scan_entries(salvage,
                      "SELECT " ENTRY_COLUMNS " FROM entry NOT INDEXED ORDER BY rowid DESC"))
        scan_entries(salvage, "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY author, seq");
    keep_whole_ones(salvage);
}

/* --- sending what is proven --- */

static bool send_entries(struct salvage *salvage, int fd, struct error *error)
{
    const struct entry *previous = NULL;
    char label[ENTRY_LABEL_BYTES];
    for (size_t i = 0; i < salvage->count; i++) {
        const struct entry *entry = &salvage->entries[i];
        bool is_first =
            previous == NULL || !ledger_id_equal(&previous->id.author, &entry->id.author);
        bool is_first_of_all =
            i == 0 || !ledger_id_equal(&salvage->entries[i - 1].id.author, &entry->id.author);
        if ((is_first && !is_first_of_all) ||
            !entry_check(&salvage->review, entry, is_first ? NULL : previous, NULL)) {
            add_lost(&salvage->lost,
                     memory_format("entry %s: one before it is lost", entry_label(entry, label)));
            continue;
        }
        if (!transfer_send_entry(&fd, entry, error))
            return false;
        previous = entry;
    }
    return previous != NULL || error_set(error, ERROR_CORRUPT, "no entry of it can be proven");
}

static bool send_scanned(struct salvage *salvage, int fd, const char *sql, bool *ret_whole,
                         struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row = true;
    *ret_whole = false;
    if (!database_prepare(salvage->file, sql, &rows, NULL))
        return true;
    while (database_next(salvage->file, rows, &row, NULL) && row) {
        struct error problem = {0};
        if (view_types_fit(rows, "bbitb") && !transfer_send_blob(&fd, rows, &problem) &&
            problem.code != ERROR_CORRUPT)
            return error_set(error, problem.code, "%s", problem.message);
    }
    *ret_whole = !row;
    return true;
}

static bool send_blobs(struct salvage *salvage, int fd, struct error *error)
{
    bool is_whole;
    if (!send_scanned(salvage, fd, "SELECT " BLOB_COLUMNS " FROM blob NOT INDEXED ORDER BY rowid",
                      &is_whole, error))
        return false;
    return is_whole ||
           send_scanned(salvage, fd,
                        "SELECT " BLOB_COLUMNS " FROM blob NOT INDEXED ORDER BY rowid DESC",
                        &is_whole, error);
}

static bool send_all(struct salvage *salvage, const char *path, int fd, struct error *error)
{
    if (!database_open(path, DATABASE_READ, &salvage->file, error))
        return false;
    database_set_deadline(salvage->file, DEADLINE_MS);
    if (!review_read_id(salvage->file, &salvage->review, error))
        return false;
    read_entries(salvage);
    return transfer_send_id(&salvage->review, fd, error) && send_entries(salvage, fd, error) &&
           transfer_send_lost(&salvage->lost, fd, error) && send_blobs(salvage, fd, error) &&
           transfer_send_end(fd, error);
}

bool review_salvage_send(const char *damaged, int fd, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    struct salvage salvage = {0};
    bool done = place_check(damaged, REVIEW_READ_ONLY, &absolute, error) &&
                send_all(&salvage, absolute, fd, error);
    for (size_t i = 0; i < salvage.count; i++)
        entry_release(&salvage.entries[i]);
    free(salvage.entries);
    strings_release(&salvage.lost);
    database_close(salvage.file);
    return done;
}

/* --- telling in the new file --- */

struct lost_blob {
    struct digest id;
    int64_t size_bytes;
};
struct lost_blobs {
    struct lost_blob *items;
    size_t count;
};

static bool find_lost_blobs(struct review *review, struct lost_blobs *lost, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(review->file,
                          "SELECT id, size FROM (" BLOBS_OF_ENTRIES
                          ") WHERE size > 0 AND id NOT IN (SELECT id FROM blob) AND id"
                          " NOT IN (SELECT blob FROM redaction)",
                          &rows, error))
        return false;
    for (;;) {
        if (!database_next(review->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        *array_push(lost->items, lost->count) = (struct lost_blob){
            .id = column_digest(rows, 0), .size_bytes = sqlite3_column_int64(rows, 1)};
    }
}

static bool append_lost(struct review *review, const struct lost_blob *blob,
                        struct salvage_report *report, struct error *error)
{
    char hex[DIGEST_HEX_BYTES];
    AUTO_JSON json_t *body =
        json_pack("{s:s, s:I, s:s, s:{s:i}}", "blob", digest_hex(&blob->id, hex), "size",
                  (json_int_t)blob->size_bytes, "why", "Lost: the review file was damaged.", "kept",
                  "size", 0);
    const struct new_entry entry = {.kind = ENTRY_REDACTION, .body = body};
    add_lost(&report->lost, memory_format("blob %.12s, %lld bytes: it cannot be read", hex,
                                          (long long)blob->size_bytes));
    return review_append(review, &entry, 1, NULL, error);
}

static bool append_handoff(struct review *review, const struct salvage_report *report,
                           const char *name, struct error *error)
{
    char hex[DIGEST_HEX_BYTES];
    AUTO_FREE char *note =
        memory_format("%lld entries of a damaged file are proven, %zu records are lost",
                      (long long)report->entry_count, report->lost.count);
    AUTO_JSON json_t *body =
        json_pack("{s:s, s:o, s:s, s:s}", "way", "salvaged", "file", json_text(name), "digest",
                  digest_hex(&report->source, hex), "note", note);
    const struct new_entry entry = {.kind = ENTRY_HANDOFF, .body = body};
    return review_append(review, &entry, 1, NULL, error);
}

static bool tell(struct salvage_report *report, const char *path, const char *name,
                 const struct author *author, struct error *error)
{
    AUTO(review) struct review *review = NULL;
    struct lost_blobs lost = {0};
    bool done = review_open(path, REVIEW_READ_WRITE, author, &review, error) &&
                find_lost_blobs(review, &lost, error);
    for (size_t i = 0; done && i < lost.count; i++)
        done = append_lost(review, &lost.items[i], report, error);
    free(lost.items);
    return done && append_handoff(review, report, name, error);
}

/* --- the whole --- */

/* The file is not open in this process yet. */
static bool hash_file(const char *path, struct digest *ret_digest, struct error *error)
{
    char bytes[64 * 1024];
    ssize_t count;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_CLOEXEC);
    if (fd < 0)
        return error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO,
                         "cannot read '%s': %s", path, strerror(errno));
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();
    while ((count = read(fd, bytes, sizeof(bytes))) > 0)
        digest_stream_add(stream, bytes, (size_t)count);
    close(fd);
    *ret_digest = digest_stream_result(stream);
    return count == 0 || error_set(error, ERROR_IO, "cannot read '%s'", path);
}

bool review_salvage_take(int fd, const struct salvaging *salvaging,
                         struct salvage_report *ret_report, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    *ret_report = (struct salvage_report){0};
    return place_check(salvaging->damaged, REVIEW_READ_ONLY, &absolute, error) &&
           hash_file(absolute, &ret_report->source, error) &&
           transfer_take(fd, salvaging->path, TAKEN_MAX_BYTES, ret_report, error) &&
           tell(ret_report, salvaging->path, path_base(absolute), salvaging->author, error);
}
