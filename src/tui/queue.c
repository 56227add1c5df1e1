/* SPDX-License-Identifier: Apache-2.0 */
#include "queue.h"

#include "base/array.h"

#include <assert.h>

enum { RANK_MAX = 4 };

static const struct {
    const char *title;
    bool by_severity;
} filters[] = {
#define X(name, title, by_severity) {title, by_severity},
    QUEUE_FILTERS(X)
#undef X
};

const char *queue_filter_title(enum queue_filter filter)
{
    return filters[filter].title;
}

void queue_release(struct queue *queue)
{
    free(queue->groups);
    free(queue->rows);
    free(queue->kept);
    free(queue->ranks);
    *queue = (struct queue){0};
}

/* ---- what is shown ---- */

static bool is_kept(const struct queue *queue, const struct check *check)
{
    for (size_t i = 0; i < queue->kept_count; i++)
        if (queue->kept[i] == check)
            return true;
    return false;
}

static bool is_open(const struct item *item)
{
    return item->verdict == VERDICT_OPEN || item->verdict == VERDICT_DISPUTED;
}

static bool disagrees(const struct item *item)
{
    return item->verdict == VERDICT_DISPUTED || item->row->is_stale ||
           item->row->because[0] != '\0';
}

static bool passes_filter(enum queue_filter filter, const struct item *item)
{
    switch (filter) {
    case QUEUE_OPEN:
    case QUEUE_OPEN_BY_AREA:
        return is_open(item);
    case QUEUE_FAILED:
        return item->verdict == VERDICT_FAIL ||
               (is_open(item) && item->suggestion == SUGGESTION_FAIL);
    case QUEUE_DISAGREE:
        return disagrees(item);
    case QUEUE_ALL:
    case QUEUE_FILTER_COUNT:
        break;
    }
    return true;
}

static bool is_shown(const struct queue *queue, const struct item *item)
{
    return item->target == queue->target &&
           (passes_filter(queue->filter, item) || is_kept(queue, item->check));
}

/* ---- groups ---- */

static const char *severity_title(enum severity severity)
{
    static const char *const titles[] = {[SEVERITY_INFO] = "Info",
                                         [SEVERITY_LOW] = "Low",
                                         [SEVERITY_MEDIUM] = "Medium",
                                         [SEVERITY_HIGH] = "High",
                                         [SEVERITY_CRITICAL] = "Critical"};
    return titles[severity];
}

static bool in_group(const struct queue_group *group, const struct item *item)
{
    return group->area != NULL ? strcmp(item->area, group->area) == 0
                               : strcmp(severity_title(item->check->severity), group->title) == 0;
}

static bool was_closed(const struct queue_group *groups, size_t count, const char *title)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(groups[i].title, title) == 0)
            return groups[i].is_closed;
    return false;
}

/* All groups that there may be; the titles live as long as the session. */
static struct queue_group *make_groups(const struct queue *queue, const struct session *session,
                                       size_t *ret_count)
{
    struct queue_group *groups = NULL;
    size_t count = 0;
    size_t area_count;
    const struct session_area *areas = session_areas(session, &area_count);
    if (filters[queue->filter].by_severity) {
        for (int severity = SEVERITY_CRITICAL; severity >= SEVERITY_INFO; severity--)
            *array_push(groups, count) =
                (struct queue_group){.title = severity_title((enum severity)severity)};
    } else {
        for (size_t i = 0; i < area_count; i++)
            *array_push(groups, count) =
                (struct queue_group){.title = areas[i].title, .area = areas[i].id};
    }
    for (size_t i = 0; i < count; i++)
        groups[i].is_closed = was_closed(queue->groups, queue->group_count, groups[i].title);
    *ret_count = count;
    return groups;
}

static void add_row(struct queue *queue, struct queue_row row)
{
    *array_push(queue->rows, queue->row_count) = row;
}

static void count_item(struct item_counts *counts, const struct item *item)
{
    counts->total++;
    counts->open += is_open(item);
    counts->pass += item->verdict == VERDICT_PASS;
    counts->fail += item->verdict == VERDICT_FAIL;
    counts->not_applicable += item->verdict == VERDICT_NOT_APPLICABLE;
}

/* What needs a human first comes first. */
static int rank_of_suggestion(enum suggestion suggestion)
{
    static const int ranks[] = {
        [SUGGESTION_FAIL] = 0, [SUGGESTION_BLOCKED] = 1, [SUGGESTION_UNDECIDED] = 1,
        [SUGGESTION_NONE] = 2, [SUGGESTION_PASS] = 3,    [SUGGESTION_NOT_APPLICABLE] = 4};
    return ranks[suggestion];
}

static void rank_checks(struct queue *queue, const struct item *items, size_t count)
{
    free(take(&queue->ranks));
    queue->rank_count = 0;
    for (size_t i = 0; i < count; i++)
        if (items[i].target == queue->target)
            *array_push(queue->ranks, queue->rank_count) =
                (struct queue_rank){items[i].check, rank_of_suggestion(items[i].suggestion)};
}

static int find_rank(const struct queue *queue, const struct check *check)
{
    for (size_t i = 0; i < queue->rank_count; i++)
        if (queue->ranks[i].check == check)
            return queue->ranks[i].rank;
    return rank_of_suggestion(SUGGESTION_NONE);
}

static void add_group(struct queue *queue, size_t index, const struct item *items, size_t count)
{
    struct queue_group *group = &queue->groups[index];
    bool by_rank = filters[queue->filter].by_severity;
    add_row(queue, (struct queue_row){.group = (int)index});
    for (int rank = 0; rank <= (by_rank ? RANK_MAX : 0); rank++)
        for (size_t i = 0; i < count; i++) {
            if (!is_shown(queue, &items[i]) || !in_group(group, &items[i]) ||
                (by_rank && find_rank(queue, items[i].check) != rank))
                continue;
            count_item(&group->counts, &items[i]);
            if (!group->is_closed)
                add_row(queue, (struct queue_row){(int)index, items[i].check, i});
        }
    if (group->counts.total == 0)
        queue->row_count--;
}

static void keep_shown(struct queue *queue)
{
    for (size_t i = 0; i < queue->row_count; i++)
        if (queue->rows[i].check != NULL && !is_kept(queue, queue->rows[i].check))
            *array_push(queue->kept, queue->kept_count) = queue->rows[i].check;
}

static void build(struct queue *queue, const struct session *session)
{
    size_t count;
    const struct item *items = session_items(session, &count);
    size_t group_count;
    struct queue_group *groups = make_groups(queue, session, &group_count);
    free(queue->groups);
    queue->groups = groups;
    queue->group_count = group_count;
    free(queue->rows);
    queue->rows = NULL;
    queue->row_count = 0;
    for (size_t i = 0; i < group_count; i++)
        add_group(queue, i, items, count);
    keep_shown(queue);
}

/* ---- the view ---- */

void queue_set(struct queue *queue, const struct session *session, enum queue_filter filter,
               size_t target)
{
    queue->filter = filter;
    queue->target = target;
    free(queue->kept);
    queue->kept = NULL;
    queue->kept_count = 0;
    free(queue->rows);
    queue->rows = NULL;
    queue->row_count = 0;
    size_t count;
    const struct item *items = session_items(session, &count);
    rank_checks(queue, items, count);
    build(queue, session);
    list_set_count(&queue->list, (int)queue->row_count);
    list_select(&queue->list, queue->row_count > 1 ? 1 : 0);
    queue->list.top = 0;
}

static int find_row(const struct queue *queue, const struct check *check, const char *group)
{
    for (size_t i = 0; i < queue->row_count; i++) {
        const struct queue_row *row = &queue->rows[i];
        if (row->check == check &&
            (check != NULL || strcmp(queue->groups[row->group].title, group) == 0))
            return (int)i;
    }
    return -1;
}

void queue_update(struct queue *queue, const struct session *session)
{
    const struct queue_row *selected = queue_selected(queue);
    const struct check *check = selected != NULL ? selected->check : NULL;
    const char *group = selected != NULL ? queue->groups[selected->group].title : "";
    int place = queue->list.selected - queue->list.top;
    build(queue, session);
    list_set_count(&queue->list, (int)queue->row_count);
    int row = find_row(queue, check, group);
    if (row < 0)
        return;
    list_select(&queue->list, row);
    queue->list.top = row - place > 0 ? row - place : 0;
}

const struct queue_row *queue_selected(const struct queue *queue)
{
    int row = queue->list.selected;
    return row >= 0 && row < (int)queue->row_count ? &queue->rows[row] : NULL;
}

static bool is_open_head(const struct queue *queue, int row)
{
    return row >= 0 && row < (int)queue->row_count && queue->rows[row].check == NULL &&
           !queue->groups[queue->rows[row].group].is_closed;
}

void queue_skip_heads(struct queue *queue, int step)
{
    struct list *list = &queue->list;
    while (is_open_head(queue, list->selected)) {
        int before = list->selected;
        list_move(list, step);
        if (list->selected == before || (step < 0 && list->selected == 0 && is_open_head(queue, 0)))
            step = 1; /* at the very top there is only the way down */
    }
    if (list->top == list->selected && is_open_head(queue, list->selected - 1))
        list->top--; /* a head stays in sight with its first check */
}

void queue_set_closed(struct queue *queue, const struct session *session, bool closed)
{
    const struct queue_row *row = queue_selected(queue);
    if (row == NULL)
        return;
    const char *title = queue->groups[row->group].title;
    queue->groups[row->group].is_closed = closed;
    build(queue, session);
    list_set_count(&queue->list, (int)queue->row_count);
    int head = find_row(queue, NULL, title);
    list_select(&queue->list, head >= 0 ? head : 0);
}

bool queue_select(struct queue *queue, const struct session *session, const struct check *check)
{
    assert(check != NULL);
    int row = find_row(queue, check, "");
    if (row < 0) { /* perhaps in a closed group */
        size_t count;
        const struct item *items = session_items(session, &count);
        for (size_t i = 0; i < count; i++)
            for (size_t g = 0; g < queue->group_count && items[i].check == check; g++)
                if (is_shown(queue, &items[i]) && in_group(&queue->groups[g], &items[i]))
                    queue->groups[g].is_closed = false;
        queue_update(queue, session);
        row = find_row(queue, check, "");
    }
    if (row >= 0)
        list_select(&queue->list, row);
    return row >= 0;
}

/* ---- going on ---- */

/* The nearest row in the direction of STEP, around the end, that passes; -1: none. */
static int find_next(const struct queue *queue, const struct session *session, int step,
                     bool (*test)(const struct item *, const void *), const void *context)
{
    size_t count;
    const struct item *items = session_items(session, &count);
    int rows = (int)queue->row_count;
    int start = queue->list.selected < 0 ? 0 : queue->list.selected;
    int direction = step < 0 ? -1 : 1;
    for (int i = step == 0 ? 0 : 1; i <= rows; i++) {
        int row = ((start + direction * i) % rows + rows) % rows;
        const struct queue_row *candidate = &queue->rows[row];
        if (candidate->check != NULL && candidate->item < count &&
            test(&items[candidate->item], context))
            return row;
    }
    return -1;
}

static bool test_open(const struct item *item, const void *context UNUSED)
{
    return is_open(item);
}

bool queue_next_open(struct queue *queue, const struct session *session, bool forward)
{
    int row = find_next(queue, session, forward ? 1 : -1, test_open, NULL);
    if (row >= 0)
        list_select(&queue->list, row);
    return row >= 0;
}

bool check_has_text(const struct check *check, const char *text)
{
    return strcasestr(check->id, text) != NULL || strcasestr(check->title, text) != NULL;
}

static bool test_text(const struct item *item, const void *context)
{
    return check_has_text(item->check, context);
}

bool queue_search(struct queue *queue, const struct session *session, const char *text, int step)
{
    int row = find_next(queue, session, step, test_text, text);
    if (row >= 0)
        list_select(&queue->list, row);
    return row >= 0;
}
