/* SPDX-License-Identifier: Apache-2.0 */
/* What the files of the fixture share. */
#ifndef EXPORT_FIXTURE_REVIEW_H
#define EXPORT_FIXTURE_REVIEW_H

#include "fixture.h"
#include "fixture_table.h"

/* Stored bytes, found by the digest that stands for their id. */
struct stored {
    struct digest id;
    char *data;
    size_t length;
};

struct review {
    char *hostile;
    struct digest checklist; /* of its source */
    struct stored *blobs;
    size_t blob_count;
    enum error_code blob_failure;
    int64_t change_count;
    int changes_left;
    bool is_empty;
};

extern const struct ledger_id fixture_ada_id, fixture_grace_id;

int64_t fixture_time(int minute);
/* A text from outside, with the hostile string around it. */
char *fixture_text(const struct review *review, const char *plain);
/* A word of ours. */
char *fixture_word(const char *plain);
/* The bytes that a probe got: each line with the hostile string, its line feeds left out, so that
 * marks keep pointing at the same lines. */
char *fixture_body(const struct review *review, const char *plain);
struct digest fixture_store(struct review *review, const char *bytes);
struct entry_id fixture_entry(const char *author, int64_t seq);
void fixture_fill_state(struct review *review, struct manifest *state);

/* A query that fills NUMBER rows with fill_NAME(), and the release of its list with
 * release_NAME(). */
#define FIXTURE_QUERY(name, plural, number)                                                        \
    static void fill_##name(struct review *review, size_t i, struct name *row);                    \
    bool review_query_##plural(struct review *review, const struct review_filter *filter,          \
                               struct name##_list *ret_list, struct error *error)                  \
    {                                                                                              \
        (void)filter;                                                                              \
        (void)error;                                                                               \
        *ret_list = (struct name##_list){0};                                                       \
        for (size_t i = 0; i < (number); i++)                                                      \
            fill_##name(review, i, array_push(ret_list->items, ret_list->count));                  \
        return true;                                                                               \
    }                                                                                              \
    static void release_##name(struct name *row);                                                  \
    void name##_list_release(struct name##_list *list)                                             \
    {                                                                                              \
        for (size_t i = 0; i < list->count; i++)                                                   \
            release_##name(&list->items[i]);                                                       \
        free(list->items);                                                                         \
        *list = (struct name##_list){0};                                                           \
    }

#endif
