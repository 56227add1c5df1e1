/* SPDX-License-Identifier: Apache-2.0 */
/* A file a review: docs/review-file.md, "Known heads". */
#include "base/file.h"
#include "base/path.h"
#include "handle.h"
#include "verification.h"

#include <sqlite3.h>

enum { FILE_MAX_BYTES = 4 * 1024 * 1024 };
#define FIRST_LINE "walkdown-heads v1\nreview "

/* What the user has seen of a review. */
struct known_heads {
    struct manifest_head *items; /* names are NULL */
    size_t count;
};

static void known_heads_release(struct known_heads *heads)
{
    free(heads->items);
    *heads = (struct known_heads){0};
}

static char *path_of(const char *folder, const struct ledger_id *review)
{
    char name[LEDGER_ID_TEXT_BYTES];
    return path_join(folder, ledger_id_text(review, name));
}

static void write_text(const struct known_heads *heads, const struct ledger_id *review,
                       struct buffer *text)
{
    char id[LEDGER_ID_TEXT_BYTES], hash[DIGEST_HEX_BYTES];
    buffer_append_format(text, FIRST_LINE "%s\n", ledger_id_text(review, id));
    for (size_t i = 0; i < heads->count; i++)
        buffer_append_format(text, "head %s %lld %s\n", ledger_id_text(&heads->items[i].author, id),
                             (long long)heads->items[i].seq,
                             digest_hex(&heads->items[i].hash, hash));
}

static bool read_head(const char *line, struct manifest_head *head)
{
    char author[LEDGER_ID_TEXT_BYTES], hash[DIGEST_HEX_BYTES];
    long long seq;
    if (sscanf(line, "head %32s %lld %64s", author, &seq, hash) != 3)
        return false;
    head->seq = seq;
    return ledger_id_parse(author, &head->author) &&
           hex_decode(hash, head->hash.bytes, sizeof(head->hash.bytes));
}

/* What was read has to be written again as the same bytes. */
static bool read_text(const struct buffer *text, const struct ledger_id *review,
                      struct known_heads *heads)
{
    AUTO_RELEASE(buffer) struct buffer again = {0};
    for (const char *line = text->data; (line = strstr(line, "\nhead ")) != NULL; line++)
        if (!read_head(line + 1, array_push(heads->items, heads->count)))
            return false;
    write_text(heads, review, &again);
    return again.length == text->length && memcmp(again.data, text->data, text->length) == 0;
}

/* ERROR_NOT_FOUND: nothing. */
static bool load(const char *folder, const struct ledger_id *review, struct known_heads *ret_heads,
                 struct error *error)
{
    AUTO_FREE char *path = path_of(folder, review);
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(known_heads) struct known_heads heads = {0};
    if (!file_read(path, FILE_MAX_BYTES, &text, error))
        return false;
    if (!read_text(&text, review, &heads)) {
        error_set(error, ERROR_INVALID, "'%s' is damaged", path);
        return error_hint(error, "remove it; what it proved is lost");
    }
    *ret_heads = heads;
    heads = (struct known_heads){0};
    return true;
}

/* FOUND: the hash of the entry that HEAD names, or NULL. */
static bool compare_head(const struct manifest_head *head, const struct digest *found,
                         struct error *error)
{
    char author[LEDGER_ID_TEXT_BYTES];
    ledger_id_text(&head->author, author);
    if (found == NULL)
        return error_set(error, ERROR_CONFLICT, "entry %.8s:%lld is missing: entries were cut off",
                         author, (long long)head->seq);
    return digest_equal(found, &head->hash) ||
           error_set(error, ERROR_CONFLICT,
                     "entry %.8s:%lld is not the one seen before: history was rewritten, or this "
                     "is a copy that was worked on apart",
                     author, (long long)head->seq);
}

bool known_head_check(struct database *view, const struct manifest_head *head, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(view, "SELECT hash FROM entry WHERE author = ?1 AND seq = ?2", &rows,
                          error))
        return false;
    bind_bytes(rows, 1, head->author.bytes, sizeof(head->author.bytes));
    bind_number(rows, 2, head->seq);
    if (!database_next(view, rows, &row, error))
        return false;
    struct digest hash = row ? column_digest(rows, 0) : (struct digest){0};
    return compare_head(head, row ? &hash : NULL, error);
}

static bool read_heads(struct database *view, struct known_heads *heads, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(view,
                          "SELECT x.author, x.seq, x.hash FROM author AS a JOIN entry AS x"
                          " ON x.author = a.id AND x.seq = a.entry_count ORDER BY a.id",
                          &rows, error))
        return false;
    for (;;) {
        if (!database_next(view, rows, &row, error))
            return false;
        if (!row)
            return true;
        *array_push(heads->items, heads->count) =
            (struct manifest_head){.author = column_id(rows, 0),
                                   .seq = sqlite3_column_int64(rows, 1),
                                   .hash = column_digest(rows, 2)};
    }
}

static bool check_heads(struct database *view, const struct known_heads *heads, struct error *error)
{
    for (size_t i = 0; i < heads->count; i++)
        if (!known_head_check(view, &heads->items[i], error))
            return error_prefix(error, "this computer has seen more of the review than the file "
                                       "holds");
    return true;
}

static bool save(const char *folder, struct review *review, const struct known_heads *heads,
                 struct error *error)
{
    AUTO_FREE char *path = path_of(folder, &review->id);
    AUTO_RELEASE(buffer) struct buffer text = {0};
    write_text(heads, &review->id, &text);
    return path_make_folder(folder, error) && file_write(path, text.data, text.length, 0600, error);
}

bool known_heads_save(const char *heads_folder, struct review *review, struct error *error)
{
    AUTO_RELEASE(known_heads) struct known_heads known = {0};
    AUTO_RELEASE(known_heads) struct known_heads now = {0};
    struct error problem = {0};
    if (!load(heads_folder, &review->id, &known, &problem) && problem.code != ERROR_NOT_FOUND) {
        if (error != NULL)
            *error = problem;
        return false;
    }
    return check_heads(review->view, &known, error) && read_heads(review->view, &now, error) &&
           save(heads_folder, review, &now, error);
}

/* --- beside a report --- */

/* Whether the newest entry of each author is the one that is known. */
static bool reach_end(const struct verify_report *report, const struct known_heads *known)
{
    size_t author = 0;
    for (size_t i = 0; i < report->listed_count; i++) {
        const struct entry_id *id = &report->entries[i].id;
        if (i + 1 < report->listed_count &&
            ledger_id_equal(&id->author, &report->entries[i + 1].id.author))
            continue;
        if (author == known->count || known->items[author].seq != id->seq ||
            !ledger_id_equal(&known->items[author].author, &id->author))
            return false;
        author++;
    }
    return author == known->count;
}

static void compare_known(struct verify_report *report, const struct known_heads *known)
{
    for (size_t i = 0; i < known->count; i++) {
        const struct entry_id id = {.author = known->items[i].author, .seq = known->items[i].seq};
        struct error problem = {0};
        if (!compare_head(&known->items[i], verify_report_find(report, &id), &problem))
            verify_report_problem(report, "compared with what this computer saw before: %s",
                                  problem.message);
    }
    report->heads_known = true;
    report->heads_reach_end = reach_end(report, known);
    report->answer = report->problems.count > 0 ? VERIFY_TAMPERED : VERIFY_COMPLETE;
}

void verify_report_compare_heads(struct verify_report *report, const char *heads_folder)
{
    AUTO_RELEASE(known_heads) struct known_heads known = {0};
    struct error problem = {0};
    if (report->listed_count == 0)
        return;
    if (load(heads_folder, &report->review, &known, &problem))
        compare_known(report, &known);
    else if (problem.code == ERROR_NOT_FOUND)
        verify_report_note(report, "this computer has not seen this review before: that nothing "
                                   "was cut off at the end cannot be proven");
    else
        verify_report_note(report, "what this computer saw before cannot be compared: %s",
                           problem.message);
}
