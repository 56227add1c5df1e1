/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The review file: one SQLite database that holds the authors' logs, the blobs they name, and the
 * tables that are derived from them (projections). State changes in one way only: review_append()
 * adds entries and folds them into the projections in one transaction. When it returns true the
 * change is on the disk (journal DELETE, synchronous EXTRA). Knows no SSH, no YAML, prints nothing.
 *
 * The file is 0600, has one link, is no symlink, and its path is absolute. While it is open, nobody
 * in this process may open and close it in another way: that would drop SQLite's locks.
 */
#ifndef REVIEW_STORE_H
#define REVIEW_STORE_H

#include "base/error.h"
#include "base/json.h"
#include "ledger/entry.h"

#define REVIEW_APPLICATION_ID 0x57414c4b /* "WALK" */
#define REVIEW_SCHEMA_VERSION 5
#define REVIEW_BLOB_MAX_BYTES (64 * 1024 * 1024)

struct review;

/* Who writes: one person on one machine. */
struct author {
    struct ledger_id id;
    char *name;  /* never empty */
    char *email; /* may be empty */
};
void author_release(struct author *author);

enum review_mode { REVIEW_READ_ONLY, REVIEW_READ_WRITE };

/* Make a new file; ERROR_EXISTS when there is one. TITLE goes into its first entry. */
bool review_create(const char *path, const char *title, const struct author *author,
                   struct review **ret_review, struct error *error) MUST_USE;
/* Open a file. Refused with a clear message: not a review, symlink, several links, foreign schema,
 * a write-ahead log, a network file system or another owner for writing, damage that SQLite sees.
 * A file that is newer than this program is ERROR_UNSUPPORTED for writing, an older one is brought
 * up; for reading both are folded in memory. AUTHOR is needed for REVIEW_READ_WRITE. A change that
 * was interrupted is rolled back.
 */
bool review_open(const char *path, enum review_mode mode, const struct author *author,
                 struct review **ret_review, struct error *error) MUST_USE;
void review_close(struct review *review); /* NULL is fine */
DEFINE_AUTO(review, review_close)

const char *review_path(const struct review *review); /* absolute */
const struct ledger_id *review_id(const struct review *review);
bool review_is_read_only(const struct review *review);
/* Grows with every change of the projections, by us or by another process. */
int64_t review_change_count(struct review *review);

/* Bytes to be stored beside an entry; their id goes into its body. */
struct new_blob {
    struct digest id; /* SHA-256(salt || data) */
    uint8_t salt[16];
    const void *data; /* borrowed until review_append() */
    size_t length;
};
/* Choose a salt and compute the id. */
void new_blob_init(struct new_blob *blob, const void *data, size_t length);

struct new_entry {
    enum entry_kind kind;
    json_t *body; /* borrowed */
    const struct new_blob *blobs;
    size_t blob_count;
};

/* Append entries to our author's log and fold them, all or nothing. RET_IDS (may be NULL) has room
 * for COUNT. They come behind what another process appended meanwhile. An author entry is put in
 * front when our name or e-mail is not in the log yet. Fails when the file is read-only, a body
 * does not fit its kind or its blobs, or names an entry that it may not; nothing is changed then.
 * After an I/O error nothing more is written until the review is opened again. */
bool review_append(struct review *review, const struct new_entry *entries, size_t count,
                   struct entry_id *ret_ids, struct error *error) MUST_USE;

/* The bytes of a blob, appended; checked against its id. Of one that was redacted, those that are
 * left, with a mark in the place of each that is not. ERROR_NOT_FOUND, ERROR_CORRUPT. */
bool review_read_blob(struct review *review, const struct digest *id, struct buffer *ret_data,
                      struct error *error) MUST_USE;

/* Typed but unsaved text, outside the ledger, kept so that a crash costs at most a second of it. */
bool review_set_draft(struct review *review, const char *key, const char *text,
                      struct error *error) MUST_USE; /* NULL or "": remove */
bool review_get_draft(struct review *review, const char *key, char **ret_text,
                      struct error *error) MUST_USE; /* NULL when there is none */

#endif
