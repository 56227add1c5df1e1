/* SPDX-License-Identifier: Apache-2.0 */
#include "access/matrix.h"

#include <string.h>

const char *access_probe_id(enum access_probe probe)
{
    static const char *const ids[] = {
#define X(name, id) id,
        ACCESS_PROBES(X)
#undef X
    };
    return ids[probe];
}

static const struct {
    const char *id, *heading;
} columns[] = {
#define X(name, id, heading) {id, heading},
    ACCESS_COLUMNS(X)
#undef X
};

const char *access_column_id(enum access_column column)
{
    return columns[column].id;
}

const char *access_column_heading(enum access_column column)
{
    return columns[column].heading;
}

const char *access_state_text(enum access_state state)
{
    static const char *const texts[] = {
#define X(name, text) text,
        ACCESS_STATES(X)
#undef X
    };
    return texts[state];
}

void access_line_release(struct access_line *line)
{
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        free(line->cells[i]);
    free(line->facts);
    free(line->evidence);
    free(line->comment);
    free(line->author);
    free(line->facts_then);
    strings_release(&line->words);
    *line = (struct access_line){0};
}

void access_matrix_release(struct access_matrix *matrix)
{
    for (size_t i = 0; i < matrix->count; i++)
        access_line_release(&matrix->lines[i]);
    free(matrix->lines);
    free(matrix->target);
    free(matrix->why);
    *matrix = (struct access_matrix){0};
}

const struct access_line *access_find(const struct access_matrix *matrix, const char *account)
{
    for (size_t i = 0; i < matrix->count; i++)
        if (strcmp(matrix->lines[i].cells[ACCESS_COLUMN_ACCOUNT], account) == 0)
            return &matrix->lines[i];
    return NULL;
}

bool access_needs_word(const struct access_line *line)
{
    return line->state == ACCESS_STATE_OPEN || line->state == ACCESS_STATE_CHANGED ||
           line->state == ACCESS_STATE_DISPUTED;
}

size_t access_count_unwalked(const struct access_matrix *matrix)
{
    return matrix->by_state[ACCESS_STATE_OPEN] + matrix->by_state[ACCESS_STATE_CHANGED] +
           matrix->by_state[ACCESS_STATE_DISPUTED];
}
