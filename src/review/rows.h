/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rows of a query as an array of structs. A shape says which column goes into which member; so a
 * list of review/query.h is a statement and a table.
 */
#ifndef ROWS_H
#define ROWS_H

#include "database.h"
#include "review/query.h"

enum field_type {
    FIELD_TEXT,   /* char *, never NULL */
    FIELD_NUMBER, /* int64_t */
    FIELD_INT,    /* int */
    FIELD_BOOL,   /* bool */
    FIELD_ID,     /* struct ledger_id */
    FIELD_DIGEST, /* struct digest */
    FIELD_ENTRY,  /* struct entry_id, two columns */
    FIELD_LIST    /* struct strings, from a JSON list */
};

struct field {
    enum field_type type;
    size_t offset;
};

/* SQL may have the parameters :check_low, :check_high, :target_low, :target_high (BETWEEN) and
 * :limit. IS_NEWEST_FIRST: it sorts newest first, for the limit, and the result is turned round. */
struct shape {
    const char *sql;
    size_t row_size;
    const struct field *fields; /* of the columns, in order */
    size_t field_count;
    bool is_newest_first;
};

struct rows {
    void *items; /* of the shape's row size */
    size_t count;
};

bool rows_query(struct database *database, const struct shape *shape,
                const struct review_filter *filter, struct rows *ret_rows,
                struct error *error) MUST_USE;
void rows_release(const struct shape *shape, struct rows *rows);

/* Defines review_query_PLURAL() and ROW_list_release() by a shape. */
#define DEFINE_REVIEW_LIST(row, plural, shape)                                                     \
    void row##_list_release(struct row##_list *list)                                               \
    {                                                                                              \
        struct rows rows = {.items = list->items, .count = list->count};                           \
        rows_release(&(shape), &rows);                                                             \
        *list = (struct row##_list){0};                                                            \
    }                                                                                              \
    bool review_query_##plural(struct review *review, const struct review_filter *filter,          \
                               struct row##_list *ret_list, struct error *error)                   \
    {                                                                                              \
        struct rows rows;                                                                          \
        if (!rows_query(review->view, &(shape), filter, &rows, error))                             \
            return false;                                                                          \
        *ret_list = (struct row##_list){.items = rows.items, .count = rows.count};                 \
        return true;                                                                               \
    }

/* A shape whose newest rows come first, and one in the order of its statement. */
#define NEWEST_FIRST(row, table, text)                                                             \
    {                                                                                              \
        .sql = (text), .row_size = sizeof(struct row), .fields = (table),                          \
        .field_count = LENGTH(table), .is_newest_first = true                                      \
    }
#define IN_ORDER(row, table, text)                                                                 \
    {                                                                                              \
        .sql = (text), .row_size = sizeof(struct row), .fields = (table),                          \
        .field_count = LENGTH(table), .is_newest_first = false                                     \
    }

/* --- parts of statements --- */

/* The name of author A for a reader. */
#define AUTHOR_NAME "coalesce(nullif(a.name, ''), substr(lower(hex(a.id)), 1, 8))"
/* Rows X of a kind's table with their event E and author A. CROSS JOIN is SQLite's way to say in
 * which order to go: from the table that is the smallest. */
#define FROM_KIND(table)                                                                           \
    " FROM " table " AS x CROSS JOIN event AS e ON e.author = x.author AND e.seq = x.seq"          \
    " CROSS JOIN author AS a ON a.id = x.author"
#define WHERE_ITEM                                                                                 \
    " WHERE x.check_id BETWEEN :check_low AND :check_high"                                         \
    " AND x.target BETWEEN :target_low AND :target_high"
#define NEWEST       "e.clock DESC, e.author DESC, e.seq DESC"
#define OLDEST       "e.clock, e.author, e.seq"
#define ORDER_NEWEST " ORDER BY " NEWEST " LIMIT :limit"

#endif
