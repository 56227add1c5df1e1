/* SPDX-License-Identifier: Apache-2.0 */
#include "state.h"

#include <string.h>

#define X(name, text) text,
static const char *const verdict_texts[] = {VERDICTS(X)};
#undef X

const char *verdict_text(enum verdict verdict)
{
    return verdict_texts[verdict];
}

bool verdict_parse(const char *text, enum verdict *ret_verdict)
{
    if (strcmp(text, "na") == 0 || strcmp(text, "n/a") == 0)
        text = verdict_texts[VERDICT_NOT_APPLICABLE];
    for (size_t i = 0; i < LENGTH(verdict_texts); i++) {
        if (strcmp(text, verdict_texts[i]) == 0) {
            *ret_verdict = (enum verdict)i;
            return true;
        }
    }
    return false;
}

void items_release(struct session *session)
{
    free(session->items);
    session->items = NULL;
    session->item_count = 0;
    item_row_list_release(&session->rows);
}

static const struct check *find_check(const struct session *session, const char *id)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct check *check = checklist_find_check(session->checklists[i], id);
        if (check)
            return check;
    }
    return NULL;
}

size_t session_checklist_of(const struct session *session, const struct check *check)
{
    for (size_t i = 0; i < session->checklist_count; i++) {
        const struct checklist *checklist = session->checklists[i];
        if (check >= checklist->checks && check < checklist->checks + checklist->check_count)
            return i;
    }
    return 0;
}

static void fill_item(struct session *session, struct item *item, struct item_row *row)
{
    const struct checklist *checklist;

    item->row = row;
    item->check = find_check(session, row->check);
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

bool items_read(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    struct target_row_list targets = {0};
    struct item_row_list rows = {0};

    session->change_count = review_change_count(session->review);
    if (!review_query_targets(session->review, &all, &targets, error))
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
        if (find_check(session, rows.items[i].check))
            fill_item(session, &session->items[session->item_count++], &rows.items[i]);
    for (size_t i = 0; i < session->item_count; i++)
        session->items[i].activity = find_activity(session, &session->items[i]);
    return true;
}

const struct item *session_items(const struct session *session, size_t *ret_count)
{
    *ret_count = session->item_count;
    return session->items;
}

const struct item *session_find_item(const struct session *session, const char *check,
                                     const char *target)
{
    if (!target && session->target_count != 1)
        return NULL;
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (strcmp(item->check->id, check) == 0 &&
            (!target || strcmp(session->targets[item->target].name, target) == 0))
            return item;
    }
    return NULL;
}

bool target_require(const struct session *session, const char *name, size_t *ret_target,
                    struct error *error)
{
    if (!name && session->target_count == 1) {
        *ret_target = 0;
        return true;
    }
    if (!name) {
        error_set(error, ERROR_USAGE, "the review has %zu targets", session->target_count);
        return error_hint(error, "say which one with -t NAME");
    }
    for (size_t i = 0; i < session->target_count; i++) {
        if (strcmp(session->targets[i].name, name) == 0) {
            *ret_target = i;
            return true;
        }
    }
    error_set(error, ERROR_NOT_FOUND, "the review has no target '%s'", name);
    return error_hint(error, "'walkdown status' lists its targets");
}

bool item_require(const struct session *session, const char *check, const char *target,
                  const struct item **ret_item, struct error *error)
{
    size_t index;

    if (!find_check(session, check)) {
        error_set(error, ERROR_NOT_FOUND, "the review has no check '%s'", check);
        return error_hint(error, "'walkdown status' lists its checks");
    }
    if (!target_require(session, target, &index, error))
        return false;
    *ret_item = session_find_item(session, check, session->targets[index].name);
    return *ret_item ? true
                     : error_set(error, ERROR_NOT_FOUND, "check '%s' does not apply to '%s'", check,
                                 session->targets[index].name);
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
