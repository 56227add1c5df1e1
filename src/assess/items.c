/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "state.h"

#include <string.h>

void items_release(struct session *session)
{
    free(session->items);
    session->items = NULL;
    session->item_count = 0;
    item_row_list_release(&session->rows);
}

static void fill_item(struct session *session, struct item *item, struct item_row *row)
{
    const struct checklist *checklist;

    item->row = row;
    item->check = session_find_check(session, row->check);
    checklist = session->checklists[session_checklist_of(session, item->check)];
    item->area = checklist->areas[item->check->area].id;
    for (size_t i = 0; i < session->target_count; i++)
        if (strcmp(session->targets[i].name, row->target) == 0)
            item->target = i;
    if (!suggestion_parse(row->suggestion, &item->suggestion))
        item->suggestion = SUGGESTION_NONE;
    if (!verdict_parse(row->verdict, &item->verdict))
        item->verdict = VERDICT_OPEN;
}

/* What the probes do right now lives in the runs, not in the review. */
static enum activity find_activity(const struct session *session, const struct item *item)
{
    const struct run *run = run_of_target(session, item->target);

    for (size_t i = 0; run && i < run->gathering_count; i++) {
        const struct gathering *gathering = &run->gatherings[i];
        if (gathering->check == item->check && gathering->open_count)
            return session->targets[item->target].state == TARGET_PROBING ? ACTIVITY_RUNNING
                                                                          : ACTIVITY_QUEUED;
    }
    return ACTIVITY_NONE;
}

static void fill_targets(struct session *session)
{
    size_t known = session->target_count;

    for (size_t i = 0; i < session->target_rows.count; i++) {
        const struct target_row *row = &session->target_rows.items[i];
        struct session_target *target =
            i < known ? &session->targets[i] : array_push(session->targets, session->target_count);
        target->name = row->name;
        target->spec = row->spec;
        target->key_fingerprint = row->key_fingerprint;
    }
}

static bool read_all(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    struct target_row_list targets = {0};
    struct item_row_list rows = {0};

    session->change_count = review_change_count(session->review);
    if (!pins_read(session, error) || !review_query_targets(session->review, &all, &targets, error))
        return false;
    if (!review_query_items(session->review, &all, &rows, error)) {
        target_row_list_release(&targets);
        return false;
    }
    items_release(session);
    target_row_list_release(&session->target_rows);
    session->target_rows = targets;
    session->rows = rows;
    fill_targets(session);
    session->items = memory_new(rows.count, sizeof(*session->items));
    for (size_t i = 0; i < rows.count; i++)
        if (session_find_check(session, rows.items[i].check))
            fill_item(session, &session->items[session->item_count++], &rows.items[i]);
    for (size_t i = 0; i < session->item_count; i++)
        session->items[i].activity = find_activity(session, &session->items[i]);
    return true;
}

static void count_open(struct item_counts *counts, const struct item *item)
{
    counts->open++;
    counts->suggested_pass += item->suggestion == SUGGESTION_PASS;
    counts->suggested_fail += item->suggestion == SUGGESTION_FAIL;
    counts->blocked += item->suggestion == SUGGESTION_BLOCKED;
    counts->undecided += item->suggestion == SUGGESTION_UNDECIDED;
    counts->not_run += item->suggestion == SUGGESTION_NONE;
}

static void count_item(struct item_counts *counts, const struct item *item)
{
    counts->total++;
    counts->pass += item->verdict == VERDICT_PASS;
    counts->fail += item->verdict == VERDICT_FAIL;
    counts->not_applicable += item->verdict == VERDICT_NOT_APPLICABLE;
    counts->disputed += item->verdict == VERDICT_DISPUTED;
    counts->stale += item->row->is_stale;
    counts->against_suggestion += item->row->because[0] != '\0';
    if (item->verdict == VERDICT_OPEN)
        count_open(counts, item);
}

struct item_counts session_count(const struct session *session, const char *area,
                                 const char *target)
{
    struct item_counts counts = {0};

    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (area && strcmp(item->area, area) != 0)
            continue;
        if (target && strcmp(session->targets[item->target].name, target) != 0)
            continue;
        count_item(&counts, item);
    }
    return counts;
}

bool session_refresh(struct session *session, bool *ret_changed, struct error *error)
{
    *ret_changed = review_change_count(session->review) != session->change_count;
    return !*ret_changed || items_read(session, error);
}

bool items_read(struct session *session, struct error *error)
{
    int64_t began_ms = clock_monotonic_ms();
    bool ok = read_all(session, error);

    session->items_read_ms = clock_monotonic_ms();
    session->items_cost_ms = (int)(session->items_read_ms - began_ms);
    return ok;
}
