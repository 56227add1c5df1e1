/* SPDX-License-Identifier: Apache-2.0 */
#include "rows.h"

#include "base/json.h"

#include <sqlite3.h>

/* Any text is at least "" and below every blob, so these bounds stand for "any" and the key of the
 * table serves both with and without a filter. */
static void bind_range(struct sqlite3_stmt *rows, const char *low, const char *high,
                       const char *text)
{
    int index = sqlite3_bind_parameter_index(rows, low);
    if (index == 0)
        return;
    bind_text(rows, index, text == NULL ? "" : text);
    index = sqlite3_bind_parameter_index(rows, high);
    if (text == NULL)
        bind_bytes(rows, index, NULL, 0);
    else
        bind_text(rows, index, text);
}

static void bind_filter(struct sqlite3_stmt *rows, const struct review_filter *filter)
{
    static const struct review_filter none;
    if (filter == NULL)
        filter = &none;
    bind_range(rows, ":check_low", ":check_high", filter->check);
    bind_range(rows, ":target_low", ":target_high", filter->target);
    int index = sqlite3_bind_parameter_index(rows, ":limit");
    if (index != 0)
        bind_number(rows, index, filter->limit > 0 ? filter->limit : -1);
}

static void read_list(const char *text, struct strings *list)
{
    AUTO_JSON json_t *json = NULL;
    if (!json_parse(text, strlen(text), &json, NULL))
        return;
    for (size_t i = 0; i < json_array_size(json); i++) {
        const char *item = json_string_value(json_array_get(json, i));
        strings_push(list, item == NULL ? "" : item);
    }
}

/* Returns the number of columns that were read. */
static int read_field(struct sqlite3_stmt *rows, int column, const struct field *field, void *row)
{
    void *member = (char *)row + field->offset;
    switch (field->type) {
    case FIELD_TEXT:
        *(char **)member = memory_copy_text(column_text(rows, column));
        return 1;
    case FIELD_NUMBER:
        *(int64_t *)member = sqlite3_column_int64(rows, column);
        return 1;
    case FIELD_INT:
        *(int *)member = sqlite3_column_int(rows, column);
        return 1;
    case FIELD_BOOL:
        *(bool *)member = sqlite3_column_int(rows, column) != 0;
        return 1;
    case FIELD_ID:
        *(struct ledger_id *)member = column_id(rows, column);
        return 1;
    case FIELD_DIGEST:
        *(struct digest *)member = column_digest(rows, column);
        return 1;
    case FIELD_ENTRY:
        *(struct entry_id *)member = column_entry_id(rows, column);
        return 2;
    case FIELD_LIST:
        read_list(column_text(rows, column), member);
        return 1;
    }
    abort();
}

static void turn_round(const struct rows *list, size_t size)
{
    AUTO_FREE char *row = memory_new(1, size);
    for (size_t i = 0; i < list->count / 2; i++) {
        char *first = (char *)list->items + i * size;
        char *last = (char *)list->items + (list->count - 1 - i) * size;
        memcpy(row, first, size);
        memcpy(first, last, size);
        memcpy(last, row, size);
    }
}

bool rows_query(struct database *database, const struct shape *shape,
                const struct review_filter *filter, struct rows *ret_rows, struct error *error)
{
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    struct rows list = {0};
    bool row = true;
    if (!database_prepare(database, shape->sql, &rows, error))
        return false;
    bind_filter(rows, filter);
    while (row) {
        if (!database_next(database, rows, &row, error)) {
            rows_release(shape, &list);
            return false;
        }
        if (!row)
            break;
        list.items = array_grow(list.items, list.count, shape->row_size);
        void *item = (char *)list.items + list.count++ * shape->row_size;
        for (size_t i = 0, column = 0; i < shape->field_count; i++)
            column += (size_t)read_field(rows, (int)column, &shape->fields[i], item);
    }
    if (shape->is_newest_first)
        turn_round(&list, shape->row_size);
    *ret_rows = list;
    return true;
}

void rows_release(const struct shape *shape, struct rows *rows)
{
    for (size_t i = 0; i < rows->count; i++)
        for (size_t j = 0; j < shape->field_count; j++) {
            void *member = (char *)rows->items + i * shape->row_size + shape->fields[j].offset;
            if (shape->fields[j].type == FIELD_TEXT)
                free(*(char **)member);
            else if (shape->fields[j].type == FIELD_LIST)
                strings_release(member);
        }
    free(rows->items);
    *rows = (struct rows){0};
}
