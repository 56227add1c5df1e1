/* SPDX-License-Identifier: Apache-2.0 */
/* Which record is read, and what it says. */
#include "evidence_view.h"

#include "base/utf8.h"
#include "diff.h"
#include "review/way.h"

#include <assert.h>

const struct evidence_row *evidence_record(const struct evidence *evidence)
{
    return evidence->has_record && evidence->record < evidence->facts.evidence.count
               ? &evidence->facts.evidence.items[evidence->record]
               : NULL;
}

int evidence_find_record(const struct evidence *evidence, int step)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    const struct evidence_row *here = evidence_record(evidence);
    for (int i = (int)evidence->record + step; here != NULL && i >= 0 && i < (int)list->count;
         i += step)
        if (strcmp(list->items[i].probe, here->probe) == 0)
            return i;
    return -1;
}

void evidence_count_records(const struct evidence *evidence, size_t *ret_number, size_t *ret_count)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    const struct evidence_row *here = evidence_record(evidence);
    *ret_number = *ret_count = 0;
    for (size_t i = 0; here != NULL && i < list->count; i++) {
        bool is_same = strcmp(list->items[i].probe, here->probe) == 0;
        *ret_count += is_same;
        *ret_number += is_same && i <= evidence->record;
    }
}

void evidence_count_probes(const struct evidence *evidence, size_t *ret_number, size_t *ret_count)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    *ret_number = *ret_count = 0;
    for (size_t i = 0; i < list->count; i++) {
        if (!list->items[i].is_latest)
            continue;
        ++*ret_count;
        if (evidence->probe != NULL && strcmp(list->items[i].probe, evidence->probe) == 0)
            *ret_number = *ret_count;
    }
}

/* ---- choosing a record ---- */

static bool has_bad_mark(const struct facts *facts, const char *probe)
{
    for (size_t i = 0; i < facts->mark_count; i++)
        if (facts->marks[i].is_bad && strcmp(facts->marks[i].probe, probe) == 0)
            return true;
    return false;
}

void evidence_choose_record(struct evidence *evidence, size_t record)
{
    assert(record < evidence->facts.evidence.count && evidence->facts.evidence.items != NULL);
    const struct evidence_row *row = &evidence->facts.evidence.items[record];
    bool is_other = evidence->probe == NULL || strcmp(evidence->probe, row->probe) != 0;
    evidence->record = record;
    evidence->has_record = true;
    if (!is_other)
        return;
    free(evidence->probe);
    evidence->probe = memory_copy_text(row->probe);
    evidence->is_stderr = row->out_bytes == 0 && row->err_bytes > 0;
    evidence->is_diff = false;
}

/* The newest record of the probe that is read, else of one that failed, else of the first. */
static void choose_newest(struct evidence *evidence)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    int best = -1;
    int best_rank = -1;
    for (int i = 0; i < (int)list->count; i++) {
        const struct evidence_row *row = &list->items[i];
        bool is_same = evidence->probe != NULL && strcmp(row->probe, evidence->probe) == 0;
        int rank = is_same ? 2 : has_bad_mark(&evidence->facts, row->probe) ? 1 : 0;
        if (row->is_latest && rank > best_rank) {
            best = i;
            best_rank = rank;
        }
    }
    evidence->has_record = false;
    if (best >= 0)
        evidence_choose_record(evidence, (size_t)best);
}

/* After a change the same record is read on, unless a newer one replaced it under our eyes. */
static void choose_again(struct evidence *evidence, const struct entry_id *before, bool was_latest)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    for (size_t i = 0; i < list->count && !was_latest; i++)
        if (entry_id_equal(&list->items[i].id, before)) {
            evidence_choose_record(evidence, i);
            return;
        }
    choose_newest(evidence);
}

static void load_facts(struct evidence *evidence)
{
    struct app *app = evidence->view.app;
    const struct evidence_row *row = evidence_record(evidence);
    struct focus before = evidence->facts.focus;
    struct entry_id id = row != NULL ? row->id : (struct entry_id){0};
    bool was_latest = row == NULL || row->is_latest;
    int64_t change = evidence->facts.change_count;
    facts_load(&evidence->facts, app, app->focus);
    if (before.check != app->focus.check) {
        free(take(&evidence->probe));
        choose_newest(evidence);
    } else if (change != evidence->facts.change_count || before.target != app->focus.target) {
        choose_again(evidence, &id, was_latest || before.target != app->focus.target);
    }
}

/* ---- reading it ---- */

static bool read_stream(struct evidence *evidence, const struct evidence_row *row,
                        struct buffer *data)
{
    struct app *app = evidence->view.app;
    struct error error = {0};
    int64_t bytes = evidence->is_stderr ? row->err_bytes : row->out_bytes;
    const struct digest *blob = evidence->is_stderr ? &row->err_blob : &row->out_blob;
    if (bytes == 0 || review_read_blob(session_review(app->session), blob, data, &error))
        return true;
    app_fail(app, &error);
    return false;
}

static void take_marks(struct evidence *evidence, const struct evidence_row *row)
{
    size_t count = 0;
    free(evidence->marks);
    evidence->marks = facts_marks(&evidence->facts, row->probe, evidence->is_stderr, &count);
    bool fits = row->is_latest && !evidence->is_diff;
    pager_set_marks(&evidence->pager, evidence->marks, fits ? count : 0);
    evidence->shown_change = evidence->facts.change_count;
}

static enum role diff_role(const char *line, size_t length)
{
    if (length == 0)
        return ROLE_EVIDENCE;
    return line[0] == '+'   ? ROLE_ADDED
           : line[0] == '-' ? ROLE_REMOVED
           : line[0] == '@' ? ROLE_LABEL
                            : ROLE_EVIDENCE;
}

static void make_diff(struct evidence *evidence, struct buffer *data)
{
    AUTO_RELEASE(buffer) struct buffer before = {0};
    struct buffer text = {0};
    int earlier = evidence_find_record(evidence, -1);
    if (earlier < 0 || !read_stream(evidence, &evidence->facts.evidence.items[earlier], &before))
        return;
    evidence->diff_count = diff_append(&before, data, &text);
    buffer_release(data);
    *data = text;
}

/* A newer record of what is being read takes its place without moving the reader. */
static void fill_pager(struct evidence *evidence, const struct evidence_row *row)
{
    struct pager *pager = &evidence->pager;
    AUTO_FREE char *name = memory_format("%s %s %d %d", evidence->facts.focus.check->id, row->probe,
                                         evidence->is_stderr, evidence->is_diff);
    bool is_same = evidence->shown_name != NULL && strcmp(name, evidence->shown_name) == 0;
    size_t line = is_same ? lines_number(&pager->lines, pager->top) : 0;
    int left = is_same ? pager->left : 0;
    pager_set(pager, buffer_text(&evidence->data), evidence->data.length);
    pager->left = left;
    pager->top = line > 0 && line < pager->lines.count ? lines_start(&pager->lines, line) : 0;
    pager->role = evidence->is_diff ? diff_role : NULL;
    free(evidence->shown_name);
    evidence->shown_name = take(&name);
    take_marks(evidence, row);
    if (!is_same && pager->mark_count > 0)
        pager_act(pager, ACTION_NEXT_MARK);
}

static void read_way(struct evidence *evidence, const struct evidence_row *row)
{
    struct review *review = session_review(evidence->view.app->session);
    struct way way;
    free(take(&evidence->reached));
    free(take(&evidence->changed));
    if (!way_read(review, row->target, row->run, &way, NULL))
        return;
    evidence->reached = way_line(&way);
    evidence->changed = way_changes(&way);
    way_release(&way);
}

void evidence_read(struct evidence *evidence)
{
    load_facts(evidence);
    const struct evidence_row *row = evidence_record(evidence);
    if (row == NULL)
        return;
    bool is_shown = entry_id_equal(&row->id, &evidence->shown) &&
                    evidence->shown_stderr == evidence->is_stderr &&
                    evidence->shown_diff == evidence->is_diff;
    if (is_shown && evidence->shown_change != evidence->facts.change_count)
        take_marks(evidence, row);
    if (is_shown)
        return;
    struct buffer data = {0};
    if (read_stream(evidence, row, &data) && evidence->is_diff)
        make_diff(evidence, &data);
    struct buffer old = evidence->data;
    evidence->data = data;
    evidence->hidden_count = safe_text_count_escapes(buffer_text(&data), data.length);
    fill_pager(evidence, row);
    read_way(evidence, row);
    buffer_release(&old);
    evidence->shown = row->id;
    evidence->shown_stderr = evidence->is_stderr;
    evidence->shown_diff = evidence->is_diff;
}
