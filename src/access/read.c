/* SPDX-License-Identifier: Apache-2.0 */
/* A matrix from a review: the newest evidence of each probe, and the words on the lines. */
#include "model.h"

#include "review/query.h"

#include <string.h>

/* The texts that the sources of a matrix borrow. */
struct gathered {
    struct access_source sources[ACCESS_PROBE_COUNT];
    struct buffer texts[ACCESS_PROBE_COUNT];
    char *whys[ACCESS_PROBE_COUNT];
    int64_t time_ms;
};

static void gathered_release(struct gathered *gathered)
{
    for (size_t i = 0; i < ACCESS_PROBE_COUNT; i++) {
        buffer_release(&gathered->texts[i]);
        free(gathered->whys[i]);
    }
}

static bool find_probe(const char *id, enum access_probe *ret_probe)
{
    for (size_t i = 0; i < ACCESS_PROBE_COUNT; i++) {
        if (strcmp(access_probe_id((enum access_probe)i), id) != 0)
            continue;
        *ret_probe = (enum access_probe)i;
        return true;
    }
    return false;
}

/* The line of a complaint that says why something is missing, or the first one; at most. */
static char *complaint_of(const char *text, const char *sign)
{
    enum { COMPLAINT_MAX_BYTES = 120 };
    const char *found = sign == NULL ? text : strstr(text, sign);
    if (found == NULL)
        return NULL;
    while (found > text && found[-1] != '\n')
        found--;
    size_t length = strcspn(found, "\n");
    return memory_copy(found, length < COMPLAINT_MAX_BYTES ? length : COMPLAINT_MAX_BYTES);
}

/* What it said on stderr, where that means that something was not seen: as for the judge. */
static bool read_complaint(struct review *review, const struct evidence_row *row, char **ret_why,
                           struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    if (row->err_bytes > 0 && !review_read_blob(review, &row->err_blob, &text, error))
        return false;
    if (row->exit_status == 0) {
        *ret_why = complaint_of(buffer_text(&text), "ermission denied");
        if (*ret_why == NULL)
            *ret_why = complaint_of(buffer_text(&text), "incomplete: ");
    } else if (text.length > 0)
        *ret_why = complaint_of(buffer_text(&text), NULL);
    else
        *ret_why = memory_format("it ended with status %d", row->exit_status);
    return true;
}

/* Why there is nothing, or not all; NULL when all is there. */
static bool read_why(struct review *review, const struct evidence_row *row, char **ret_why,
                     struct error *error)
{
    *ret_why = NULL;
    if (row->is_redacted)
        *ret_why = memory_copy_text("parts were taken out of the review file");
    else if (strcmp(row->outcome, "refused") == 0)
        *ret_why = memory_copy_text("not permitted");
    else if (strcmp(row->outcome, "done") != 0)
        *ret_why = memory_copy_text(row->outcome);
    else
        return read_complaint(review, row, ret_why, error);
    return true;
}

/* A NUL would hide what comes behind it; a line that was cut would say something else. */
static void clean(struct buffer *text, bool is_complete)
{
    for (size_t i = 0; i < text->length; i++)
        if (text->data[i] == '\0')
            text->data[i] = '?';
    while (!is_complete && text->length > 0 && text->data[text->length - 1] != '\n')
        text->data[--text->length] = '\0';
}

static bool read_probe(struct review *review, const struct evidence_row *row,
                       enum access_probe probe, struct gathered *gathered, struct error *error)
{
    struct access_source *source = &gathered->sources[probe];
    struct buffer *text = &gathered->texts[probe];
    if (!read_why(review, row, &gathered->whys[probe], error) ||
        (row->out_bytes > 0 && !review_read_blob(review, &row->out_blob, text, error)))
        return false;
    source->why = gathered->whys[probe];
    clean(text, source->why == NULL);
    if (source->why == NULL || text->length > 0)
        source->text = buffer_text(text);
    if (probe == ACCESS_ACCOUNTS)
        gathered->time_ms = row->started_ms;
    return true;
}

static bool gather(struct review *review, const char *target, struct gathered *gathered,
                   struct error *error)
{
    const struct review_filter filter = {.target = target, .check = ACCESS_CHECK};
    AUTO_RELEASE(evidence_row_list) struct evidence_row_list rows = {0};
    if (!review_query_evidence(review, &filter, &rows, error))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        const struct evidence_row *row = &rows.items[i];
        enum access_probe probe;
        if (row->is_latest && find_probe(row->probe, &probe) &&
            !read_probe(review, row, probe, gathered, error))
            return false;
    }
    return true;
}

static bool read_words(struct review *review, const char *target, struct access_matrix *matrix,
                       struct error *error)
{
    const struct review_filter filter = {.target = target};
    AUTO_RELEASE(access_row_list) struct access_row_list rows = {0};
    if (!review_query_access(review, &filter, &rows, error))
        return false;
    /* Without its accounts nothing can be said about what has gone. */
    if (matrix->is_gathered)
        words_apply(&rows, matrix);
    return true;
}

bool access_read(struct review *review, const char *target, struct access_matrix *ret_matrix,
                 struct error *error)
{
    AUTO_RELEASE(gathered) struct gathered gathered = {0};
    if (!gather(review, target, &gathered, error))
        return false;
    access_join(gathered.sources, ret_matrix);
    free(ret_matrix->target);
    ret_matrix->target = memory_copy_text(target);
    ret_matrix->gathered_ms = gathered.time_ms;
    if (read_words(review, target, ret_matrix, error))
        return true;
    access_matrix_release(ret_matrix);
    return false;
}
