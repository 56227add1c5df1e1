/* SPDX-License-Identifier: Apache-2.0 */
/* The truth of a file: every entry's hash and chain, every body, every blob. */
#include "base/json.h"
#include "blob.h"
#include "body.h"
#include "entries.h"
#include "redacted.h"
#include "verification.h"
#include "view.h"

#include <sqlite3.h>

enum { SHORT_ID_DIGITS = 12 };

/* --- chains --- */

/* Entry WANTED of an author, which the next one that is there does not follow. */
static void report_missing(struct verification *verification, const struct entry *entry,
                           int64_t wanted)
{
    char author[LEDGER_ID_TEXT_BYTES];
    ledger_id_text(&entry->id.author, author);
    if (entry->id.seq == wanted + 1)
        verify_report_problem(verification->report, "entry %.8s:%lld is missing", author,
                              (long long)wanted);
    else
        verify_report_problem(verification->report, "entries %.8s:%lld to %lld are missing", author,
                              (long long)wanted, (long long)entry->id.seq - 1);
}

static void check_entry(struct verification *verification, const struct entry *entry,
                        const struct entry *previous)
{
    const struct ledger_id *review = &verification->report->review;
    char label[ENTRY_LABEL_BYTES];
    struct error problem = {0};
    bool is_first =
        previous->id.seq == 0 || !ledger_id_equal(&previous->id.author, &entry->id.author);
    int64_t wanted = is_first ? 1 : previous->id.seq + 1;
    if (is_first)
        verification->report->author_count++;
    if (entry->id.seq > wanted)
        report_missing(verification, entry, wanted);
    else if (!entry_check(review, entry, is_first ? NULL : previous, &problem))
        verify_report_problem(verification->report, "%s", problem.message);
    else if (entry->clock > verification->report->entry_count && verification->is_salvaged)
        verification->lacks_entries = true;
    else if (entry->clock > verification->report->entry_count)
        verify_report_problem(verification->report,
                              "entry %s: its clock is ahead of all entries: some are missing",
                              entry_label(entry, label));
}

static bool count_entries(struct verification *verification, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(verification->view,
                          "SELECT count(*), (SELECT count(*) FROM handoff WHERE way = 'salvaged')"
                          " FROM entry",
                          &rows, error) ||
        !database_next(verification->view, rows, &row, error))
        return false;
    verification->report->entry_count = sqlite3_column_int64(rows, 0);
    verification->is_salvaged = sqlite3_column_int64(rows, 1) > 0;
    return true;
}

static bool check_entries(struct verification *verification, struct entry *entry,
                          struct entry *previous, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(verification->view,
                          "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY author, seq", &rows, error))
        return false;
    for (;;) {
        if (!database_next(verification->view, rows, &row, error))
            return false;
        if (!row)
            return true;
        entry_from_row(rows, entry);
        check_entry(verification, entry, previous);
        struct entry last = *previous;
        *previous = *entry;
        *entry = last;
    }
}

bool verify_chains(struct verification *verification, struct error *error)
{
    AUTO_RELEASE(entry) struct entry entry = {0};
    AUTO_RELEASE(entry) struct entry previous = {0};
    if (!count_entries(verification, error) ||
        !check_entries(verification, &entry, &previous, error))
        return false;
    if (verification->report->entry_count == 0)
        verify_report_problem(verification->report, "there is no entry");
    if (verification->lacks_entries)
        verify_report_note(verification->report,
                           "entries are missing: the ledger says that the file was "
                           "salvaged from a damaged one");
    return true;
}

/* --- bodies and blobs --- */

/* A blob that an entry names. */
struct blob_use {
    struct digest id, hash;
    bool has_hash;
    int64_t size_bytes;
    char label[ENTRY_LABEL_BYTES];
};

/* A blob that is there. */
struct blob_fact {
    struct digest id, hash; /* hash: of the data */
    int64_t size_bytes;
    bool is_used;
};

struct blob_search {
    struct blob_use *uses;
    size_t use_count;
    struct blob_fact *facts;
    size_t fact_count;
    const struct entry *entry; /* whose body is looked at */
    struct redacted redacted;
    int64_t redacted_count; /* of the uses */
};

static void blob_search_release(struct blob_search *search)
{
    free(search->uses);
    free(search->facts);
    redacted_release(&search->redacted);
}

static bool add_use(void *context, const struct digest *id, int64_t size, const struct digest *hash,
                    struct error *error UNUSED)
{
    struct blob_search *search = context;
    struct blob_use *use = array_push(search->uses, search->use_count);
    use->id = *id;
    use->size_bytes = size;
    use->has_hash = hash != NULL;
    if (hash != NULL)
        use->hash = *hash;
    entry_label(search->entry, use->label);
    return true;
}

static void check_body(struct verification *verification, struct blob_search *search,
                       const struct entry *entry)
{
    enum entry_kind kind = entry_kind_parse(entry->kind);
    AUTO_JSON json_t *body = NULL;
    struct error problem = {0};
    char label[ENTRY_LABEL_BYTES];
    if (kind == ENTRY_UNKNOWN) {
        verification->unknown_count++;
        return;
    }
    search->entry = entry;
    if (!json_parse(buffer_text(&entry->body), entry->body.length, &body, &problem) ||
        !body_check(kind, body, &problem) || !body_each_blob(kind, body, add_use, search, &problem))
        verify_report_problem(verification->report, "entry %s: its body does not fit its kind: %s",
                              entry_label(entry, label), problem.message);
}

static bool check_bodies(struct verification *verification, struct blob_search *search,
                         struct entry *entry, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(verification->view,
                          "SELECT " ENTRY_COLUMNS " FROM entry ORDER BY author, seq", &rows, error))
        return false;
    for (;;) {
        if (!database_next(verification->view, rows, &row, error))
            return false;
        if (!row)
            return true;
        entry_from_row(rows, entry);
        check_body(verification, search, entry);
    }
}

static void report_type(struct verification *verification, const struct digest *id)
{
    char hex[DIGEST_HEX_BYTES];
    verify_report_problem(verification->report,
                          "blob %.*s: a cell is of another type than its column", SHORT_ID_DIGITS,
                          digest_hex(id, hex));
}

static bool scan_blobs(struct verification *verification, struct blob_search *search,
                       struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    AUTO_RELEASE(buffer) struct buffer data = {0};
    bool row;
    if (!database_prepare(verification->file, "SELECT " BLOB_COLUMNS " FROM blob NOT INDEXED",
                          &rows, error))
        return false;
    for (;;) {
        struct error problem = {0};
        if (!database_next(verification->file, rows, &row, error))
            return false;
        if (!row)
            return true;
        buffer_clear(&data);
        struct blob_fact *fact = array_push(search->facts, search->fact_count);
        fact->id = column_digest(rows, 0);
        fact->size_bytes = sqlite3_column_int64(rows, 2);
        if (!view_types_fit(rows, "bbitb"))
            report_type(verification, &fact->id);
        if (blob_from_row(rows, &data, &problem))
            fact->hash = digest_of(buffer_text(&data), data.length);
        else
            verify_report_problem(verification->report, "%s", problem.message);
    }
}

static int compare_facts(const void *a, const void *b)
{
    return memcmp(&((const struct blob_fact *)a)->id, &((const struct blob_fact *)b)->id,
                  sizeof(struct digest));
}

static void check_use(struct verification *verification, struct blob_search *search,
                      const struct blob_use *use)
{
    char hex[DIGEST_HEX_BYTES];
    struct blob_fact key = {.id = use->id};
    struct blob_fact *fact =
        search->fact_count == 0
            ? NULL
            : bsearch(&key, search->facts, search->fact_count, sizeof(key), compare_facts);
    if (fact != NULL)
        fact->is_used = true;
    if (redacted_contains(&search->redacted, &use->id)) {
        search->redacted_count++;
        if (fact != NULL)
            verify_report_problem(verification->report,
                                  "entry %s: its blob %.*s was redacted, and is there", use->label,
                                  SHORT_ID_DIGITS, digest_hex(&use->id, hex));
    } else if (fact == NULL)
        verify_report_problem(verification->report, "entry %s: its blob %.*s is missing",
                              use->label, SHORT_ID_DIGITS, digest_hex(&use->id, hex));
    else if (fact->size_bytes != use->size_bytes)
        verify_report_problem(verification->report, "entry %s: its blob %.*s has another size",
                              use->label, SHORT_ID_DIGITS, digest_hex(&use->id, hex));
    else if (use->has_hash && !digest_equal(&fact->hash, &use->hash))
        verify_report_problem(verification->report, "entry %s: its blob %.*s has another digest",
                              use->label, SHORT_ID_DIGITS, digest_hex(&use->id, hex));
}

/* An entry of an unknown kind may name blobs that we do not see. */
static void check_unused(struct verification *verification, const struct blob_search *search)
{
    char hex[DIGEST_HEX_BYTES];
    for (size_t i = 0; i < search->fact_count; i++) {
        const struct blob_fact *fact = &search->facts[i];
        if (i > 0 && digest_equal(&fact->id, &fact[-1].id))
            verify_report_problem(verification->report, "blob %.*s: it is there twice",
                                  SHORT_ID_DIGITS, digest_hex(&fact->id, hex));
        else if (!fact->is_used && verification->unknown_count == 0)
            verify_report_problem(verification->report, "blob %.*s: it belongs to no entry",
                                  SHORT_ID_DIGITS, digest_hex(&fact->id, hex));
    }
}

bool verify_blobs(struct verification *verification, struct error *error)
{
    AUTO_RELEASE(blob_search) struct blob_search search = {0};
    AUTO_RELEASE(entry) struct entry entry = {0};
    if (!redacted_load(verification->view, &search.redacted, error) ||
        !check_bodies(verification, &search, &entry, error) ||
        !scan_blobs(verification, &search, error))
        return false;
    verification->report->blob_count = (int64_t)search.fact_count;
    if (search.fact_count > 1)
        qsort(search.facts, search.fact_count, sizeof(*search.facts), compare_facts);
    for (size_t i = 0; i < search.use_count; i++)
        check_use(verification, &search, &search.uses[i]);
    check_unused(verification, &search);
    if (search.redacted_count > 0)
        verify_report_note(verification->report,
                           "the bytes of %lld blobs were redacted; the ledger says by whom and why",
                           (long long)search.redacted_count);
    if (verification->unknown_count > 0)
        verify_report_note(verification->report,
                           "%lld entries are of kinds that this version does not know; their "
                           "hashes fit, their meaning was not looked at",
                           (long long)verification->unknown_count);
    return true;
}

/* --- for what is compared elsewhere --- */

bool verify_listing(struct verification *verification, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    struct verify_report *report = verification->report;
    bool row;
    if (!database_prepare(verification->view,
                          "SELECT author, seq, hash FROM entry ORDER BY author, seq", &rows, error))
        return false;
    for (;;) {
        if (!database_next(verification->view, rows, &row, error))
            return false;
        if (!row)
            return true;
        *array_push(report->entries, report->listed_count) =
            (struct verify_entry){.id = column_entry_id(rows, 0), .hash = column_digest(rows, 2)};
    }
}
