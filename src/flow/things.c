/* SPDX-License-Identifier: Apache-2.0 */
#include "things.h"

#include <stdlib.h>
#include <string.h>

void things_release_row(struct flow_map_row *row)
{
    free(row->here);
    free(row->peer);
    free(row->process);
    free(row->detail);
}

void things_add(struct flow_map_target *target, const struct flow_map_row *row)
{
    for (size_t i = 0; i < target->row_count; i++) {
        struct flow_map_row *other = &target->rows[i];
        if (other->thing != row->thing || strcmp(other->here, row->here) != 0 ||
            strcmp(other->peer, row->peer) != 0 || strcmp(other->process, row->process) != 0)
            continue;
        other->count++;
        struct flow_map_row spare = *row;
        things_release_row(&spare);
        return;
    }
    struct flow_map_row *added = array_push(target->rows, target->row_count);
    *added = *row;
    added->count = 1;
}

/* By number where both begin with one. */
static int compare_texts(const char *a, const char *b)
{
    long left = strtol(a, NULL, 10), right = strtol(b, NULL, 10);
    return left != right ? (left > right) - (left < right) : strcmp(a, b);
}

static int compare_rows(const void *a, const void *b)
{
    const struct flow_map_row *left = a, *right = b;
    if (left->thing != right->thing)
        return (int)left->thing - (int)right->thing;
    if (left->is_between != right->is_between)
        return right->is_between - left->is_between;
    if (left->is_open != right->is_open)
        return right->is_open - left->is_open;
    int order = compare_texts(left->here, right->here);
    return order != 0 ? order : strcmp(left->peer, right->peer);
}

void things_finish(struct flow_map_target *target)
{
    if (target->row_count > 1)
        qsort(target->rows, target->row_count, sizeof(*target->rows), compare_rows);
    for (; target->row_count > FLOW_MAP_ROWS_MAX; target->left_out++)
        things_release_row(&target->rows[--target->row_count]);
    for (size_t i = 0; i < target->row_count; i++)
        target->by_thing[target->rows[i].thing]++;
}
