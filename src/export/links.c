/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

/* Items by target and check, to be searched. */
struct index {
    struct report_item **items;
    size_t count;
};

static int compare_key(const char *check, const char *target, const struct item_row *row)
{
    int order = strcmp(check, row->check);
    return order != 0 ? order : strcmp(target, row->target);
}

static int compare_items(const void *a, const void *b)
{
    const struct report_item *const *first = a;
    const struct report_item *const *second = b;
    return compare_key((*first)->row->check, (*first)->row->target, (*second)->row);
}

static void index_items(struct report *report, struct index *index)
{
    index->count = report->item_count;
    index->items = memory_new(index->count, sizeof(struct report_item *));
    for (size_t i = 0; i < index->count; i++)
        index->items[i] = &report->items[i];
    qsort(index->items, index->count, sizeof(struct report_item *), compare_items);
}

static struct report_item *find_item(const struct index *index, const char *check,
                                     const char *target)
{
    size_t low = 0;
    size_t high = index->count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        int order = compare_key(check, target, index->items[middle]->row);
        if (order == 0)
            return index->items[middle];
        if (order < 0)
            high = middle;
        else
            low = middle + 1;
    }
    return NULL;
}

/* link_NAMEs(): put each row into its item's list, or among the loose ones. */
#define DEFINE_LINK(name, rows, list, list_count)                                                  \
    static void link_##name(struct report *report, const struct index *index)                      \
    {                                                                                              \
        for (size_t i = 0; i < report->rows.count; i++) {                                          \
            const struct name##_row *row = &report->rows.items[i];                                 \
            struct report_item *item = find_item(index, row->check, row->target);                  \
            if (item != NULL)                                                                      \
                *array_push(item->list, item->list_count) = row;                                   \
            else                                                                                   \
                *array_push(report->loose.list, report->loose.list_count) = row;                   \
        }                                                                                          \
    }

DEFINE_LINK(answer, answers, answers, answer_count)
DEFINE_LINK(comment, comments, comments, comment_count)
DEFINE_LINK(attachment, attachments, attachments, attachment_count)
DEFINE_LINK(decision, decisions, decisions, decision_count)

static void link_evidence(struct report *report, const struct index *index)
{
    for (size_t i = 0; i < report->evidence.count; i++) {
        const struct evidence_row *row = &report->evidence.items[i];
        struct report_item *item = find_item(index, row->check, row->target);
        if (item == NULL) {
            *array_push(report->loose.evidence, report->loose.evidence_count) = row;
            report->loose.gone_count += strcmp(row->check, WAY_CHECK) != 0;
        } else if (row->is_latest)
            array_push(item->evidence, item->evidence_count)->row = row;
        else
            *array_push(item->older, item->older_count) = row;
    }
}

/* The place of a probe in its check; the condition comes first, an unknown probe last. */
static size_t probe_order(const struct check *check, const char *probe)
{
    if (check == NULL || strcmp(probe, "when") == 0)
        return 0;
    size_t i = 0;
    while (i < check->probe_count && strcmp(check->probes[i].id, probe) != 0)
        i++;
    return i + 1;
}

static int compare_evidence(const void *a, const void *b, void *context)
{
    const struct report_evidence *first = a;
    const struct report_evidence *second = b;
    const struct check *check = ((const struct report_item *)context)->check;
    size_t first_order = probe_order(check, first->row->probe);
    size_t second_order = probe_order(check, second->row->probe);
    if (first_order != second_order)
        return first_order < second_order ? -1 : 1;
    return (first->row > second->row) - (first->row < second->row);
}

/* One in force before one that expired; of those the one that expired last. */
static void link_exception(struct report *report, struct report_item *item)
{
    for (size_t i = 0; i < report->exceptions.count; i++) {
        const struct exception_row *row = &report->exceptions.items[i];
        enum exception_standing standing = exception_standing(row, report->made_ms);
        if (!exception_covers(row, item->row->check, item->row->target) ||
            (standing != EXCEPTION_IN_FORCE && standing != EXCEPTION_EXPIRED) ||
            (item->exception != NULL && strcmp(row->until, item->exception->until) < 0))
            continue;
        item->exception = row;
        item->is_accepted = standing == EXCEPTION_IN_FORCE && item->standing == STANDING_FAIL;
    }
}

void build_links(struct report *report)
{
    struct index index;
    index_items(report, &index);
    link_answer(report, &index);
    link_comment(report, &index);
    link_attachment(report, &index);
    link_decision(report, &index);
    link_evidence(report, &index);
    for (size_t i = 0; i < report->item_count; i++) {
        struct report_item *item = &report->items[i];
        link_exception(report, item);
        if (item->evidence_count > 1)
            qsort_r(item->evidence, item->evidence_count, sizeof(*item->evidence), compare_evidence,
                    item);
    }
    free(index.items);
}
