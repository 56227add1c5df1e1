/* SPDX-License-Identifier: Apache-2.0 */
#include "findings_list.h"

#include "base/clock.h"

enum { DATE_BYTES = 10 };

const char *finding_filter_title(enum finding_filter filter)
{
    static const char *const titles[] = {
#define X(name, title) title,
        FINDING_FILTERS(X)
#undef X
    };
    return titles[filter];
}

void findings_list_release(struct findings_list *list)
{
    finding_row_list_release(&list->findings);
    exception_row_list_release(&list->exceptions);
    strings_release(&list->texts);
    free(list->lines);
    *list = (struct findings_list){0};
}

/* ---- what belongs together ---- */

/* One in force before one that will be, before one that was; of those the one that lasts longest.
 */
static bool is_better(const struct exception_row *row, enum exception_standing standing,
                      const struct finding_line *line)
{
    if (standing == EXCEPTION_ENDED)
        return false;
    if (line->exception == NULL || standing != line->acceptance)
        return line->exception == NULL || standing < line->acceptance;
    return strcmp(row->until, line->exception->until) > 0;
}

static void find_exception(const struct findings_list *list, struct finding_line *line)
{
    int64_t now_ms = clock_wall_ms();
    for (size_t i = 0; i < list->exceptions.count; i++) {
        const struct exception_row *row = &list->exceptions.items[i];
        enum exception_standing standing = exception_standing(row, now_ms);
        if (!exception_covers(row, line->check, line->target) || !is_better(row, standing, line))
            continue;
        line->exception = row;
        line->acceptance = standing;
    }
}

/* The failed item that it speaks of, or else any of its check and target. */
static struct focus find_focus(const struct app *app, const char *check, const char *target)
{
    size_t count;
    const struct item *items = session_items(app->session, &count);
    struct focus focus = {0};
    for (size_t i = 0; *check != '\0' && i < count; i++) {
        const struct item *item = &items[i];
        if (strcmp(item->check->id, check) != 0 ||
            (*target != '\0' && strcmp(item->row->target, target) != 0))
            continue;
        if (focus.check == NULL || item->verdict == VERDICT_FAIL)
            focus = (struct focus){item->check, item->target};
        if (item->verdict == VERDICT_FAIL)
            break;
    }
    return focus;
}

static enum finding_standing standing_of(const struct finding_line *line)
{
    if (line->finding != NULL && strcmp(line->finding->state, "closed") == 0)
        return FINDING_STANDS_CLOSED;
    return line->exception != NULL && line->acceptance == EXCEPTION_IN_FORCE
               ? FINDING_STANDS_ACCEPTED
               : FINDING_STANDS_OPEN;
}

static bool passes(const struct finding_line *line, enum finding_filter filter)
{
    switch (filter) {
    case FINDING_FILTER_HIGH:
        return line->standing == FINDING_STANDS_OPEN && line->severity >= SEVERITY_HIGH;
    case FINDING_FILTER_ACCEPTED:
        return line->exception != NULL;
    case FINDING_FILTER_CLOSED:
        return line->standing == FINDING_STANDS_CLOSED;
    case FINDING_FILTER_OPEN:
        return line->standing == FINDING_STANDS_OPEN;
    case FINDING_FILTER_ALL:
    case FINDING_FILTER_COUNT:
        break;
    }
    return true;
}

/* ---- lines ---- */

static const char *keep(struct findings_list *list, const char *text)
{
    strings_push(&list->texts, text);
    return list->texts.items[list->texts.count - 1];
}

static void add_line(struct findings_list *list, struct finding_line line,
                     enum finding_filter filter)
{
    line.check = keep(list, line.check);
    line.target = keep(list, line.target);
    line.title = keep(list, line.title);
    if (line.exception == NULL)
        find_exception(list, &line);
    line.standing = standing_of(&line);
    line.order = list->count;
    list->by_standing[line.standing]++;
    if (passes(&line, filter))
        *array_push(list->lines, list->count) = line;
}

static void add_findings(struct app *app, struct findings_list *list, enum finding_filter filter)
{
    for (size_t i = 0; i < list->findings.count; i++) {
        const struct finding_row *row = &list->findings.items[i];
        struct finding_line line = {.finding = row,
                                    .focus = find_focus(app, row->check, row->target),
                                    .check = row->check,
                                    .target = row->target,
                                    .title = row->title};
        if (!severity_parse(row->severity, &line.severity))
            line.severity = SEVERITY_INFO;
        add_line(list, line, filter);
    }
}

/* A check that still fails although its finding was closed is told of again. */
static bool is_written_up(const struct findings_list *list, const struct item *item)
{
    for (size_t i = 0; i < list->findings.count; i++) {
        const struct finding_row *row = &list->findings.items[i];
        if (strcmp(row->state, "closed") != 0 && strcmp(row->check, item->check->id) == 0 &&
            (*row->target == '\0' || strcmp(row->target, item->row->target) == 0))
            return true;
    }
    return false;
}

static void add_failed(struct app *app, struct findings_list *list, enum finding_filter filter)
{
    size_t count;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++) {
        const struct item *item = &items[i];
        if (item->verdict == VERDICT_FAIL && !is_written_up(list, item))
            add_line(list,
                     (struct finding_line){.focus = {item->check, item->target},
                                           .check = item->check->id,
                                           .target = item->row->target,
                                           .title = item->check->title,
                                           .severity = item->check->severity},
                     filter);
    }
}

/* Is the risk that was accepted told of with a finding or with a check that fails? */
static bool is_told(struct app *app, const struct findings_list *list,
                    const struct exception_row *row)
{
    size_t count;
    const struct item *items = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++)
        if (items[i].verdict == VERDICT_FAIL &&
            exception_covers(row, items[i].check->id, items[i].row->target))
            return true;
    for (size_t i = 0; i < list->findings.count; i++)
        if (exception_covers(row, list->findings.items[i].check, list->findings.items[i].target))
            return true;
    return false;
}

static void add_others(struct app *app, struct findings_list *list, enum finding_filter filter)
{
    int64_t now_ms = clock_wall_ms();
    for (size_t i = 0; i < list->exceptions.count; i++) {
        const struct exception_row *row = &list->exceptions.items[i];
        enum exception_standing standing = exception_standing(row, now_ms);
        struct focus focus = find_focus(app, row->check, row->target);
        bool is_over = standing == EXCEPTION_ENDED || standing == EXCEPTION_EXPIRED;
        if (is_over || is_told(app, list, row))
            continue;
        add_line(list,
                 (struct finding_line){
                     .exception = row,
                     .acceptance = standing,
                     .focus = focus,
                     .check = row->check,
                     .target = row->target,
                     .title = focus.check != NULL ? focus.check->title : row->check,
                     .severity = focus.check != NULL ? focus.check->severity : SEVERITY_INFO},
                 filter);
    }
}

static int compare(const void *a, const void *b)
{
    const struct finding_line *left = a;
    const struct finding_line *right = b;
    if (left->standing != right->standing)
        return left->standing < right->standing ? -1 : 1;
    if (left->severity != right->severity)
        return left->severity > right->severity ? -1 : 1;
    return left->order < right->order ? -1 : left->order > right->order;
}

bool findings_list_read(struct app *app, enum finding_filter filter, struct findings_list *ret_list,
                        struct error *error)
{
    struct review *review = session_review(app->session);
    struct findings_list list = {0};
    if (!review_query_findings(review, NULL, &list.findings, error) ||
        !review_query_exceptions(review, NULL, &list.exceptions, error)) {
        findings_list_release(&list);
        return false;
    }
    add_findings(app, &list, filter);
    add_failed(app, &list, filter);
    add_others(app, &list, filter);
    if (list.count > 1)
        qsort(list.lines, list.count, sizeof(*list.lines), compare);
    *ret_list = list;
    return true;
}

/* ---- what a line says ---- */

char *finding_line_state(const struct finding_line *line)
{
    static const char *const words[] = {[EXCEPTION_IN_FORCE] = "accepted",
                                        [EXCEPTION_PENDING] = "accepted from",
                                        [EXCEPTION_EXPIRED] = "expired",
                                        [EXCEPTION_ENDED] = "ended"};
    const struct exception_row *row = line->exception;
    if (row != NULL && line->standing != FINDING_STANDS_CLOSED)
        return memory_format("%s %s", words[line->acceptance],
                             line->acceptance == EXCEPTION_PENDING ? row->from : row->until);
    return memory_copy_text(line->finding != NULL ? line->finding->state : "not written up");
}

bool finding_line_is_overdue(const struct finding_line *line)
{
    char today[CLOCK_TEXT_BYTES];
    clock_format_utc(clock_wall_ms(), today);
    return line->finding != NULL && line->standing == FINDING_STANDS_OPEN &&
           line->finding->due[0] != '\0' && strncmp(line->finding->due, today, DATE_BYTES) < 0;
}

char *finding_line_name(const struct finding_line *line)
{
    char id[ENTRY_ID_TEXT_BYTES];
    if (line->finding != NULL)
        return memory_copy_text(entry_id_text(&line->finding->id, id));
    return memory_format("%s %s", line->check, line->target);
}
