/* SPDX-License-Identifier: Apache-2.0 */
#include "findings_view.h"

#include "base/clock.h"
#include "checklist/cvss.h"
#include "document.h"
#include "draw.h"

enum {
    LABEL_COLUMNS = 12,
    STATE_COLUMNS = 20,
    DUE_COLUMNS = 11,
    TARGET_COLUMNS = 13,
    OWNER_COLUMNS = 17,
    WIDE = 110,
    NARROW = 70,
    DETAIL_FROM = 12, /* rows of the body below which the list is alone */
};

/* ---- the list ---- */

static enum glyph line_glyph(const struct finding_line *line)
{
    if (line->standing == FINDING_STANDS_CLOSED)
        return GLYPH_PASS;
    if (line->standing == FINDING_STANDS_ACCEPTED ||
        (line->finding == NULL && line->exception && line->acceptance == EXCEPTION_PENDING))
        return GLYPH_NOT_APPLICABLE;
    return line->exception != NULL && line->acceptance == EXCEPTION_EXPIRED ? GLYPH_WARNING
                                                                            : GLYPH_FAIL;
}

static enum role state_role(const struct finding_line *line)
{
    if (line->standing == FINDING_STANDS_CLOSED)
        return ROLE_PASS;
    if (line->standing == FINDING_STANDS_ACCEPTED)
        return ROLE_MUTED;
    return line->exception != NULL || line->finding == NULL ? ROLE_WARNING : ROLE_TEXT;
}

struct columns {
    int title, target, state, due, owner; /* 0: not shown */
};

static struct columns columns_of(struct app *app, struct rect area)
{
    size_t targets;
    (void)session_targets(app->session, &targets);
    struct columns columns = {.state = STATE_COLUMNS};
    if (area.columns >= NARROW) {
        columns.due = DUE_COLUMNS;
        columns.target = targets > 1 ? TARGET_COLUMNS : 0;
    }
    columns.owner = area.columns >= WIDE ? OWNER_COLUMNS : 0;
    columns.title =
        area.columns - 10 - columns.target - columns.state - columns.due - columns.owner;
    return columns;
}

static void put_column(struct strip *strip, enum role role, const char *text, int columns)
{
    struct strip cell = *strip;
    if (columns <= 0)
        return;
    cell.limit = cell.next + columns - 1 < strip->limit ? cell.next + columns - 1 : strip->limit;
    strip_put(&cell, role, text);
    strip_skip(strip, columns);
}

static void draw_headings(struct canvas *canvas, struct rect area, const struct columns *columns)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    strip_skip(&strip, 4);
    strip_put(&strip, ROLE_DIM, "Sev");
    strip_skip_to(&strip, 9);
    put_column(&strip, ROLE_DIM, "What", columns->title);
    put_column(&strip, ROLE_DIM, "Target", columns->target);
    put_column(&strip, ROLE_DIM, "State", columns->state);
    put_column(&strip, ROLE_DIM, "Due", columns->due);
    put_column(&strip, ROLE_DIM, "Owner", columns->owner);
}

static void draw_line(struct canvas *canvas, struct rect area, const struct columns *columns,
                      const struct finding_line *line)
{
    struct strip strip = canvas_strip(canvas, area, 0);
    bool is_open = line->standing == FINDING_STANDS_OPEN;
    bool is_everywhere = *line->target == '\0' && *line->check != '\0';
    const char *target = is_everywhere ? "all" : line->target;
    AUTO_FREE char *state = finding_line_state(line);
    strip_skip(&strip, 2);
    strip_glyph(&strip, state_role(line), line_glyph(line));
    strip_skip(&strip, 1);
    strip_put(&strip, is_open ? severity_role(line->severity) : ROLE_MUTED,
              severity_label(line->severity));
    strip_skip_to(&strip, 9);
    put_column(&strip, is_open ? ROLE_TEXT : ROLE_MUTED, line->title, columns->title);
    put_column(&strip, ROLE_DIM, target, columns->target);
    put_column(&strip, state_role(line), state, columns->state);
    if (line->finding == NULL)
        return;
    put_column(&strip, finding_line_is_overdue(line) ? ROLE_FAIL : ROLE_TEXT, line->finding->due,
               columns->due);
    put_column(&strip, ROLE_TEXT, line->finding->owner, columns->owner);
}

static void draw_list(struct findings *findings, struct canvas *canvas, struct rect area)
{
    struct columns columns = columns_of(findings->view.app, area);
    draw_headings(canvas, layout_take_top(&area, 1), &columns);
    findings->rows = area;
    list_show(&findings->list, area.rows);
    for (int row = 0; row < area.rows && findings->list.top + row < findings->list.count; row++)
        draw_line(canvas, (struct rect){area.row + row, area.column, 1, area.columns}, &columns,
                  &findings->found.lines[findings->list.top + row]);
    draw_selection(canvas, area, &findings->list, true);
    draw_list_scrollbar(canvas, area, &findings->list);
}

/* ---- the details ---- */

static void add(struct document *document, const char *label, enum role role, const char *text)
{
    if (*text != '\0')
        document_labeled(document, label, role, LABEL_COLUMNS, text);
}

static void add_severity(struct document *document, const struct finding_line *line)
{
    const struct check *check = line->focus.check;
    bool is_other = check != NULL && check->severity != line->severity;
    AUTO_FREE char *text =
        is_other ? memory_format("%s; the check says %s", severity_text(line->severity),
                                 severity_text(check->severity))
                 : memory_copy_text(severity_text(line->severity));
    add(document, "Severity", severity_role(line->severity), text);
}

static void add_cvss(struct document *document, const char *vector)
{
    AUTO_FREE char *text = cvss_text(vector);
    if (*vector != '\0')
        add(document, "CVSS", ROLE_TEXT, text);
}

static void add_finding(struct document *document, const struct finding_line *line)
{
    char made[CLOCK_TEXT_BYTES], changed[CLOCK_TEXT_BYTES];
    const struct finding_row *row = line->finding;
    if (row == NULL) {
        if (line->standing == FINDING_STANDS_OPEN)
            add(document, "State", ROLE_WARNING, "not written up: F writes it up");
        return;
    }
    AUTO_FREE char *due =
        memory_format("%s%s", row->due, finding_line_is_overdue(line) ? ", overdue" : "");
    AUTO_FREE char *by =
        memory_format("%s, %s", row->author, clock_format_minute(row->time_ms, made));
    add(document, "because", ROLE_TEXT, row->because);
    add_cvss(document, row->cvss);
    add(document, "State", ROLE_TEXT, row->state);
    add(document, "Owner", ROLE_TEXT, row->owner);
    add(document, "Due", finding_line_is_overdue(line) ? ROLE_FAIL : ROLE_TEXT, due);
    add(document, "What", ROLE_TEXT, row->description);
    add(document, "To mend it", ROLE_TEXT, row->recommendation);
    add(document, "Written by", ROLE_DIM, by);
    if (row->changed_ms != row->time_ms)
        add(document, "Changed", ROLE_DIM, clock_format_minute(row->changed_ms, changed));
}

static void add_acceptance(struct document *document, const struct exception_row *row)
{
    enum exception_standing standing = exception_standing(row, clock_wall_ms());
    enum role role = standing == EXCEPTION_IN_FORCE ? ROLE_TEXT : ROLE_WARNING;
    AUTO_FREE char *head = memory_format(
        "%s: accepted by %s from %s until %s, on %s", exception_standing_text(standing),
        row->approver, row->from, row->until, *row->target != '\0' ? row->target : "every target");
    add(document, "Risk", role, head);
    add(document, "reason", ROLE_TEXT, row->reason);
    add(document, "control", ROLE_TEXT, row->control);
    add(document, "risk left", ROLE_TEXT, row->risk);
    add(document, "category", ROLE_TEXT, row->category);
    add(document, "requester", ROLE_TEXT, row->requester);
    add(document, "ticket", ROLE_TEXT, row->ticket);
}

static void add_acceptances(struct document *document, const struct findings_list *found,
                            const struct finding_line *line)
{
    for (size_t i = 0; i < found->exceptions.count; i++)
        if (exception_covers(&found->exceptions.items[i], line->check, line->target))
            add_acceptance(document, &found->exceptions.items[i]);
}

static void add_decision(struct document *document, const struct item *item)
{
    char time[CLOCK_TEXT_BYTES];
    const struct item_row *row = item->row;
    add(document, "Suggests", suggestion_role(item->suggestion), row->suggestion_reason);
    if (item->verdict == VERDICT_OPEN)
        return;
    AUTO_FREE char *text =
        memory_format("%s by %s, %s", verdict_text(item->verdict), row->decided_by,
                      clock_format_minute(row->decided_ms, time));
    add(document, "Decided", verdict_role(item->verdict), text);
    add(document, "because", ROLE_TEXT, row->because);
    add(document, "note", ROLE_TEXT, row->note);
}

static void add_evidence(struct document *document, const struct facts *facts)
{
    for (size_t i = 0; i < facts->evidence.count; i++) {
        const struct evidence_row *row = &facts->evidence.items[i];
        char time[CLOCK_TEXT_BYTES];
        if (!row->is_latest)
            continue;
        AUTO_FREE char *text = memory_format("%s: %s, %s", row->probe, row->outcome,
                                             clock_format_minute(row->started_ms, time));
        add(document, "Evidence", ROLE_TEXT, text);
    }
}

static void add_check(struct document *document, const struct findings *findings,
                      const struct finding_line *line)
{
    const struct item *item = app_item(findings->view.app, line->focus);
    if (item == NULL) {
        add(document, "Check", ROLE_TEXT, line->check);
        return;
    }
    AUTO_FREE char *text = memory_format("%s on %s", item->check->id, item->row->target);
    add(document, "Check", ROLE_TEXT, text);
    add_decision(document, item);
    add_evidence(document, &findings->facts);
    if (line->finding == NULL)
        add(document, "To mend it", ROLE_TEXT, item->check->fix);
}

static void draw_detail(struct findings *findings, struct canvas *canvas, struct rect area)
{
    const struct finding_line *line = findings_selected(findings);
    struct document document;
    draw_title(canvas, area, &(struct title){line->title, NULL, false});
    area = layout_indent(layout_below_title(area), 2);
    document_init(&document, canvas, area.columns);
    add_severity(&document, line);
    add_finding(&document, line);
    add_acceptances(&document, &findings->found, line);
    add_check(&document, findings, line);
    int most = (int)document.count - area.rows;
    if (findings->detail_top > most)
        findings->detail_top = most > 0 ? most : 0;
    findings->detail_below = document_draw(&document, canvas, area, findings->detail_top);
    if (findings->detail_below > 0) {
        struct strip strip = canvas_strip(canvas, area, area.rows - 1);
        strip.next = strip.limit - 1;
        strip_glyph(&strip, ROLE_DIM, GLYPH_MORE_DOWN);
    }
    document_release(&document);
}

/* ---- all ---- */

static void draw_nothing(const struct findings *findings, struct canvas *canvas, struct rect area)
{
    const size_t *by = findings->found.by_standing;
    bool is_empty =
        by[FINDING_STANDS_OPEN] + by[FINDING_STANDS_ACCEPTED] + by[FINDING_STANDS_CLOSED] == 0;
    struct document document;
    area = layout_indent(area, 2);
    document_init(&document, canvas, area.columns);
    document_text(&document, ROLE_TEXT, 0,
                  is_empty ? "Nothing has failed, and nothing was written up."
                           : "No finding is in this view: v shows others.");
    document_blank(&document);
    document_text(&document, ROLE_DIM, 0,
                  "Checks that you decide as failed in Walk come here by themselves. F writes one "
                  "up: title, severity, owner, due date. n writes up something that no check asks "
                  "for. a records that somebody accepts the risk of a check until a day.");
    document_draw(&document, canvas, area, 0);
    document_release(&document);
}

/* What a short list leaves, but half of the body and more. */
static int detail_rows(const struct findings *findings, int rows)
{
    int least = rows * 11 / 20;
    int left = rows - (int)findings->found.count - 2;
    return left > least ? left : least;
}

void findings_draw(struct findings *findings, struct canvas *canvas, struct rect area)
{
    const size_t *by = findings->found.by_standing;
    AUTO_FREE char *left = memory_format("Findings: %s", finding_filter_title(findings->filter));
    AUTO_FREE char *right =
        memory_format("%zu open, %zu accepted, %zu closed", by[FINDING_STANDS_OPEN],
                      by[FINDING_STANDS_ACCEPTED], by[FINDING_STANDS_CLOSED]);
    draw_title(canvas, area, &(struct title){left, right, true});
    struct rect body = layout_below_title(area);
    findings->rows = (struct rect){0};
    if (findings->found.count == 0) {
        draw_nothing(findings, canvas, body);
        return;
    }
    if (body.rows >= DETAIL_FROM)
        draw_detail(findings, canvas, layout_take_bottom(&body, detail_rows(findings, body.rows)));
    draw_list(findings, canvas, body);
}
