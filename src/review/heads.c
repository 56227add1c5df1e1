/* SPDX-License-Identifier: Apache-2.0 */
/* A file a review: docs/review-file.md, "Known heads". */
#include "base/file.h"
#include "base/path.h"
#include "handle.h"
#include "verification.h"

#include <sqlite3.h>

enum { FILE_MAX_BYTES = 4 * 1024 * 1024 };
#define FIRST_LINE "walkdown-heads v1\nreview "

void known_heads_release(struct known_heads *heads)
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

bool known_heads_load(const char *folder, const struct ledger_id *review,
                      struct known_heads *ret_heads, struct error *error)
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

bool known_head_check(struct database *view, const struct manifest_head *head, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    char author[LEDGER_ID_TEXT_BYTES];
    bool row;
    if (!database_prepare(view, "SELECT hash FROM entry WHERE author = ?1 AND seq = ?2", &rows,
                          error))
        return false;
    bind_bytes(rows, 1, head->author.bytes, sizeof(head->author.bytes));
    bind_number(rows, 2, head->seq);
    if (!database_next(view, rows, &row, error))
        return false;
    ledger_id_text(&head->author, author);
    if (!row)
        return error_set(error, ERROR_CONFLICT, "entry %.8s:%lld is missing: entries were cut off",
                         author, (long long)head->seq);
    struct digest hash = column_digest(rows, 0);
    return digest_equal(&hash, &head->hash) ||
           error_set(error, ERROR_CONFLICT,
                     "entry %.8s:%lld is not the one seen before: history was rewritten, or this "
                     "is a copy that was worked on apart",
                     author, (long long)head->seq);
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
    if (!known_heads_load(heads_folder, &review->id, &known, &problem) &&
        problem.code != ERROR_NOT_FOUND) {
        if (error != NULL)
            *error = problem;
        return false;
    }
    return check_heads(review->view, &known, error) && read_heads(review->view, &now, error) &&
           save(heads_folder, review, &now, error);
}

/* --- as a step of the verification --- */

static bool compare_known(struct verification *verification, const struct known_heads *known,
                          struct error *error)
{
    AUTO_RELEASE(known_heads) struct known_heads now = {0};
    struct error problem = {0};
    for (size_t i = 0; i < known->count; i++)
        if (!known_head_check(verification->view, &known->items[i], &problem))
            verification_problem(verification, "compared with what this computer saw before: %s",
                                 problem.message);
    if (!read_heads(verification->view, &now, error))
        return false;
    bool reach_end = now.count == known->count;
    for (size_t i = 0; i < now.count && reach_end; i++)
        reach_end = ledger_id_equal(&now.items[i].author, &known->items[i].author) &&
                    now.items[i].seq == known->items[i].seq;
    verification->report->heads_known = true;
    verification->report->heads_reach_end = reach_end;
    return true;
}

bool verify_heads(struct verification *verification, struct error *error)
{
    AUTO_RELEASE(known_heads) struct known_heads known = {0};
    struct error problem = {0};
    if (verification->heads_folder == NULL)
        return true;
    if (known_heads_load(verification->heads_folder, &verification->report->review, &known,
                         &problem))
        return compare_known(verification, &known, error);
    if (problem.code == ERROR_NOT_FOUND)
        verification_note(verification, "this computer has not seen this review before: that "
                                        "nothing was cut off at the end cannot be proven");
    else
        verification_note(verification, "what this computer saw before cannot be compared: %s",
                          problem.message);
    return true;
}
