/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The Evidence screen: the records of one check, each with what its probe brought and where it came
 * from. Stored bytes are never changed by how they are shown.
 */
#include "evidence_view.h"

#include "base/utf8.h"
#include "diff.h"
#include "note.h"
#include "review/way.h"
#include "screens.h"

#include <assert.h>

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_EVIDENCE;
}

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

static void choose_record(struct evidence *evidence, size_t record)
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
        choose_record(evidence, (size_t)best);
}

/* After a change the same record is read on, unless a newer one replaced it under our eyes. */
static void choose_again(struct evidence *evidence, const struct entry_id *before, bool was_latest)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    for (size_t i = 0; i < list->count && !was_latest; i++)
        if (entry_id_equal(&list->items[i].id, before)) {
            choose_record(evidence, i);
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

/* ---- acting ---- */

static bool step_record(struct evidence *evidence, int step)
{
    int record = evidence_find_record(evidence, step);
    if (record >= 0)
        choose_record(evidence, (size_t)record);
    else
        app_say(evidence->view.app, MESSAGE_INFO,
                step < 0 ? "there is no earlier record" : "there is no later record");
    return true;
}

/* The probes of a check in the order in which they first ran, newest record each. */
static bool step_probe(struct evidence *evidence, int step)
{
    const struct evidence_row_list *list = &evidence->facts.evidence;
    int count = (int)list->count;
    int start = 0;
    if (evidence->probe == NULL || list->items == NULL)
        return true;
    for (int i = 0; i < count; i++)
        if (list->items[i].is_latest && strcmp(list->items[i].probe, evidence->probe) == 0)
            start = i;
    for (int i = 1; i < count; i++) {
        int at = ((start + step * i) % count + count) % count;
        if (list->items[at].is_latest && strcmp(list->items[at].probe, evidence->probe) != 0) {
            choose_record(evidence, (size_t)at);
            return true;
        }
    }
    app_say(evidence->view.app, MESSAGE_INFO, "this check has one probe");
    return true;
}

static bool step_check(struct evidence *evidence, int step)
{
    struct app *app = evidence->view.app;
    size_t count;
    const struct item *items = session_items(app->session, &count);
    size_t here = count;
    for (size_t i = 0; i < count; i++)
        if (items[i].check == app->focus.check && items[i].target == app->focus.target)
            here = i;
    for (size_t i = 1; i < count && here < count; i++) {
        size_t at = step > 0 ? (here + i) % count : (here + count - i) % count;
        if (items[at].target == app->focus.target && items[at].row->evidence_count > 0) {
            app_set_focus(app, items[at].check, items[at].target);
            return true;
        }
    }
    app_say(app, MESSAGE_INFO, "no other check has evidence on this target");
    return true;
}

static bool next_target(struct evidence *evidence)
{
    struct app *app = evidence->view.app;
    size_t count;
    (void)session_targets(app->session, &count);
    app_set_focus(app, app->focus.check, (app->focus.target + 1) % count);
    app_update(app);
    if (count < 2)
        app_say(app, MESSAGE_INFO, "this review has one target");
    return true;
}

static bool switch_diff(struct evidence *evidence)
{
    if (!evidence->is_diff && evidence_find_record(evidence, -1) < 0) {
        app_say(evidence->view.app, MESSAGE_INFO,
                "there is no earlier record to compare with: r runs the probe again");
        return true;
    }
    evidence->is_diff = !evidence->is_diff;
    return true;
}

static bool search_done(struct app *app, void *context, const char *text)
{
    struct evidence *evidence = context;
    if (!pager_search(&evidence->pager, text))
        app_say(app, MESSAGE_INFO, "not found: %s", text);
    return true;
}

static bool ask_search(struct evidence *evidence)
{
    note_open(evidence->view.app, &(struct note_request){.title = "Search",
                                                         .kind = EDITOR_LINE,
                                                         .initial = evidence->pager.search,
                                                         .save = "search",
                                                         .is_prompt = true,
                                                         .may_be_empty = true,
                                                         .done = search_done,
                                                         .context = evidence});
    return true;
}

static bool next_match(struct evidence *evidence, bool forward)
{
    if (!pager_search_next(&evidence->pager, forward))
        app_say(evidence->view.app, MESSAGE_INFO,
                evidence->pager.search == NULL ? "/ searches" : "not found");
    return true;
}

static bool back(struct evidence *evidence)
{
    if (evidence->pager.search != NULL)
        (void)pager_search(&evidence->pager, NULL);
    else if (evidence->is_diff)
        evidence->is_diff = false;
    else
        return false;
    return true;
}

static bool act_on_record(struct evidence *evidence, enum action action)
{
    switch (action) {
    case ACTION_EARLIER:
        return step_record(evidence, -1);
    case ACTION_LATER:
        return step_record(evidence, 1);
    case ACTION_NEXT_PROBE:
        return step_probe(evidence, 1);
    case ACTION_PREVIOUS_PROBE:
        return step_probe(evidence, -1);
    case ACTION_NEXT_CHECK:
        return step_check(evidence, 1);
    case ACTION_PREVIOUS_CHECK:
        return step_check(evidence, -1);
    case ACTION_NEXT_TARGET:
        return next_target(evidence);
    case ACTION_DIFF:
        return switch_diff(evidence);
    case ACTION_STREAM:
        evidence->is_stderr = !evidence->is_stderr;
        return true;
    case ACTION_PROVENANCE:
        evidence->shows_all = !evidence->shows_all;
        return true;
    default:
        return false;
    }
}

static bool act(struct view *view, enum action action)
{
    struct evidence *evidence = (struct evidence *)view;
    evidence_read(evidence);
    switch (action) {
    case ACTION_SEARCH:
        return ask_search(evidence);
    case ACTION_NEXT_MATCH:
        return next_match(evidence, true);
    case ACTION_PREVIOUS_MATCH:
        return next_match(evidence, false);
    case ACTION_BACK:
        return back(evidence);
    case ACTION_REDACT:
        return evidence_redact(evidence);
    default:
        if (evidence_record(evidence) != NULL && pager_act(&evidence->pager, action))
            return true;
        return view->app->focus.check != NULL && act_on_record(evidence, action);
    }
}

static void mouse(struct view *view, const struct event *event)
{
    struct evidence *evidence = (struct evidence *)view;
    if (event->kind != EVENT_CLICK && evidence_record(evidence) != NULL)
        pager_scroll(&evidence->pager, event->kind == EVENT_WHEEL_UP ? -3 : 3);
}

static const char *hint(const struct view *view, enum action action)
{
    const struct evidence *evidence = (const struct evidence *)view;
    size_t count;
    (void)session_targets(view->app->session, &count);
    switch (action) {
    case ACTION_COMMENT:
    case ACTION_WRITE_UP:
        return "";
    case ACTION_NEXT_TARGET:
        return count > 1 ? NULL : "";
    case ACTION_NEXT_MARK:
        return evidence->pager.mark_count > 0 ? NULL : "";
    case ACTION_RUN:
        return "run again";
    case ACTION_DIFF:
        return evidence->is_diff ? "end diff" : NULL;
    case ACTION_BACK:
        return "back";
    default:
        return NULL;
    }
}

static void free_evidence(struct view *view)
{
    struct evidence *evidence = (struct evidence *)view;
    facts_release(&evidence->facts);
    pager_release(&evidence->pager);
    buffer_release(&evidence->data);
    redact_form_release(&evidence->redact);
    free(evidence->marks);
    free(evidence->probe);
    free(evidence->shown_name);
    free(evidence->reached);
    free(evidence->changed);
    free(evidence);
}

static const struct view_class evidence_class = {.title = "Evidence",
                                                 .context = context,
                                                 .draw = evidence_draw,
                                                 .act = act,
                                                 .mouse = mouse,
                                                 .hint = hint,
                                                 .free = free_evidence};

struct view *evidence_new(struct app *app)
{
    struct evidence *evidence = memory_new(1, sizeof(*evidence));
    evidence->view = (struct view){&evidence_class, app};
    evidence->pager.rows = 12; /* until it is drawn */
    evidence->pager.columns = 60;
    return &evidence->view;
}
