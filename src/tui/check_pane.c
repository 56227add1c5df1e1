/* SPDX-License-Identifier: Apache-2.0 */
#include "check_pane.h"

#include "base/clock.h"
#include "draw.h"

enum {
    INDENT = 6,
    CONTEXT_LINES = 2,
    HEAD_LINES = 6,
    FOOT_INDENT = 10,
    SHOWN_MAX = 2000,
    EXCERPT_LINES_MAX = 40,
    COMMAND_ROWS_MAX = 4,
    REASON_BYTES_SHORT = 120
};

static void add_section(struct document *document, const char *label, const char *text)
{
    if (text[0] == '\0')
        return;
    document_blank(document);
    document_labeled(document, label, ROLE_TEXT, INDENT, text);
}

/* ---- evidence ---- */

/* One line of output behind the gutter. */
static void add_output_line(struct document *document, const struct lines *lines, size_t number,
                            const struct pager_mark *mark)
{
    size_t start = lines_start(lines, number);
    size_t end = lines_end(lines, start);
    size_t length = end - start;
    if (length > 0 && lines->data[end - 1] == '\r')
        length--;
    AUTO_FREE char *text =
        memory_copy(lines->data + start, length < SHOWN_MAX ? length : SHOWN_MAX);
    AUTO_FREE char *label = memory_format("%4zu", number + 1);
    bool ascii = document->canvas->ascii;
    AUTO_FREE char *right = mark != NULL ? memory_format("%s %s", glyph_text(GLYPH_MARK, ascii),
                                                         mark->is_bad ? "fails" : "holds")
                                         : NULL;
    document_line(document, &(struct document_line){
                                .label = label,
                                .label_role = ROLE_GUTTER,
                                .text = text,
                                .length = length < SHOWN_MAX ? length : SHOWN_MAX,
                                .role = ROLE_EVIDENCE,
                                .indent = 5,
                                .gutter = true,
                                .right = right,
                                .right_role = mark != NULL && mark->is_bad ? ROLE_FAIL : ROLE_PASS,
                                .layer = mark != NULL && mark->is_bad ? LAYER_MARKED : LAYER_NONE});
}

static const struct pager_mark *mark_at(const struct pager_mark *marks, size_t count, size_t line)
{
    for (size_t i = 0; i < count; i++)
        if (marks[i].line == line)
            return &marks[i];
    return NULL;
}

static void add_gap(struct document *document, size_t lines)
{
    if (lines == 0)
        return;
    AUTO_FREE char *text = memory_format("%zu more line%s", lines, lines == 1 ? "" : "s");
    document_line(document, &(struct document_line){.text = text, .role = ROLE_DIM, .indent = 7});
}

/* The lines around the marked ones; without any, the first. */
static void add_excerpt(struct document *document, const struct lines *lines,
                        const struct pager_mark *marks, size_t count)
{
    size_t next = 0;
    size_t shown = 0;
    for (size_t i = 0; i < count && marks[i].line < lines->count; i++) {
        size_t from = marks[i].line > CONTEXT_LINES ? marks[i].line - CONTEXT_LINES : 0;
        size_t to = marks[i].line + CONTEXT_LINES + 1;
        from = from < next ? next : from;
        to = to > lines->count ? lines->count : to;
        to = to - from > EXCERPT_LINES_MAX - shown ? from + EXCERPT_LINES_MAX - shown : to;
        add_gap(document, from - next);
        for (size_t line = from; line < to; line++, shown++)
            add_output_line(document, lines, line, mark_at(marks, count, line));
        next = to > next ? to : next;
        if (shown >= EXCERPT_LINES_MAX)
            break;
    }
    for (; count == 0 && next < lines->count && next < HEAD_LINES; next++)
        add_output_line(document, lines, next, NULL);
    add_gap(document, lines->count - next);
}

static void add_stream(struct document *document, const struct facts *facts,
                       const struct fact_output *output, bool is_stderr)
{
    const struct lines *lines = is_stderr ? &output->err_lines : &output->out_lines;
    size_t count;
    AUTO_FREE struct pager_mark *marks = facts_marks(facts, output->row->probe, is_stderr, &count);
    if (lines->count == 0)
        return;
    if (is_stderr)
        document_text(document, ROLE_DIM, 5, "stderr");
    add_excerpt(document, lines, marks, count);
}

/* "14:02:11  0.12 s  exit 1"; the date where it was not today. */
static char *describe_record(const struct evidence_row *row)
{
    char time[CLOCK_TEXT_BYTES];
    char now[CLOCK_TEXT_BYTES];
    char clock[CLOCK_TEXT_BYTES];
    char duration[CLOCK_TEXT_BYTES];
    clock_format_minute(row->started_ms, time);
    clock_format_minute(clock_wall_ms(), now);
    clock_format_time_of_day(row->started_ms, clock);
    bool is_today = strncmp(time, now, 10) == 0;
    struct buffer text = {0};
    buffer_append_format(&text, "%s  %s", is_today ? clock : time,
                         clock_format_duration(row->duration_ms, duration));
    if (row->exit_status >= 0)
        buffer_append_format(&text, "  exit %d", row->exit_status);
    if (strcmp(row->outcome, "done") != 0)
        buffer_append_format(&text, "  %s", row->outcome);
    if (row->as_root)
        buffer_append_text(&text, "  as root");
    if (*vantage_words(row->from) != '\0')
        buffer_append_format(&text, "  %s", vantage_words(row->from));
    return buffer_take(&text);
}

static void add_output(struct document *document, const struct facts *facts,
                       const struct fact_output *output)
{
    const struct evidence_row *row = output->row;
    AUTO_FREE char *description = describe_record(row);
    bool is_done = strcmp(row->outcome, "done") == 0;
    document_text(document, is_done ? ROLE_DIM : ROLE_WARNING, INDENT, description);
    if (row->detail[0] != '\0')
        document_text(document, ROLE_WARNING, INDENT, row->detail);
    if (output->is_too_large) {
        AUTO_FREE char *size = size_text(row->out_bytes);
        AUTO_FREE char *text = memory_format("%s of output: e reads it", size);
        document_text(document, ROLE_DIM, INDENT, text);
        return;
    }
    if (row->out_bytes == 0 && row->err_bytes == 0)
        document_text(document, ROLE_DIM, INDENT, "no output");
    add_stream(document, facts, output, false);
    add_stream(document, facts, output, true);
}

static const struct fact_output *find_output(const struct facts *facts, const char *probe)
{
    for (size_t i = 0; i < facts->output_count; i++)
        if (strcmp(facts->outputs[i].row->probe, probe) == 0)
            return &facts->outputs[i];
    return NULL;
}

/* The head of the command; Evidence shows all of it. */
static void add_command(struct document *document, const char *command)
{
    struct document whole;
    document_init(&whole, document->canvas, document->columns);
    document_text(&whole, ROLE_COMMAND, INDENT, command);
    size_t shown = whole.count > COMMAND_ROWS_MAX ? COMMAND_ROWS_MAX - 1 : whole.count;
    for (size_t i = 0; i < shown; i++)
        document_line(document, &whole.lines[i]);
    if (shown < whole.count) {
        AUTO_FREE char *more = memory_format("%zu more lines", whole.count - shown);
        document_text(document, ROLE_DIM, INDENT, more);
    }
    document_release(&whole);
}

static void add_probe(struct document *document, const struct facts *facts, const char *probe,
                      const char *command)
{
    const struct fact_output *output = find_output(facts, probe);
    document_blank(document);
    document_labeled(document, "Probe", ROLE_STRONG, INDENT, probe);
    add_command(document, output != NULL ? output->row->command : command);
    if (output != NULL)
        add_output(document, facts, output);
    else
        document_text(document, ROLE_DIM, INDENT, "not run yet");
}

static void add_probes(struct document *document, const struct facts *facts,
                       const struct check *check)
{
    if (check->when != NULL && find_output(facts, JUDGE_WHEN) != NULL && check->probe_count == 0)
        add_probe(document, facts, JUDGE_WHEN, "");
    for (size_t i = 0; i < check->probe_count; i++)
        add_probe(document, facts, check->probes[i].id, check->probes[i].run);
}

/* ---- people ---- */

static void add_questions(struct document *document, const struct facts *facts,
                          const struct check *check)
{
    for (size_t i = 0; i < check->question_count; i++) {
        const char *answer = NULL;
        for (size_t a = 0; a < facts->answers.count; a++)
            if (strcmp(facts->answers.items[a].question, check->questions[i].id) == 0)
                answer = facts->answers.items[a].value;
        add_section(document, "Ask", check->questions[i].text);
        document_text(document, answer != NULL ? ROLE_STRONG : ROLE_DIM, INDENT,
                      answer != NULL ? answer : "no answer yet: A answers");
    }
}

/* Two who decided without knowing of each other: both, with what each said. */
static void add_disputed(struct document *document, const struct facts *facts)
{
    for (size_t i = 0; i < facts->disputed.count; i++) {
        const struct decision_row *row = &facts->disputed.items[i];
        char time[CLOCK_TEXT_BYTES];
        AUTO_FREE char *head = memory_format("%s, by %s, %s", row->verdict, row->author,
                                             clock_format_minute(row->time_ms, time));
        document_blank(document);
        document_labeled(document, "Says", ROLE_WARNING, INDENT, head);
        if (row->because[0] != '\0')
            document_text(document, ROLE_TEXT, INDENT, row->because);
        if (row->note[0] != '\0')
            document_text(document, ROLE_TEXT, INDENT, row->note);
    }
}

static void add_exceptions(struct document *document, const struct facts *facts,
                           const struct item *item)
{
    for (size_t i = 0; i < facts->exceptions.count; i++) {
        const struct exception_row *row = &facts->exceptions.items[i];
        enum exception_standing standing = exception_standing(row, clock_wall_ms());
        if (!exception_covers(row, item->check->id, item->row->target))
            continue;
        AUTO_FREE char *head =
            memory_format("accepted by %s until %s%s%s", row->approver, row->until,
                          standing == EXCEPTION_IN_FORCE ? "" : ", ",
                          standing == EXCEPTION_IN_FORCE ? "" : exception_standing_text(standing));
        document_blank(document);
        document_labeled(document, "Risk",
                         standing == EXCEPTION_IN_FORCE ? ROLE_TEXT : ROLE_WARNING, INDENT, head);
        document_text(document, ROLE_TEXT, INDENT, row->reason);
    }
}

/* What was written up of it, as the Findings screen shows it at length. */
static void add_findings(struct document *document, const struct facts *facts,
                         const struct item *item)
{
    for (size_t i = 0; i < facts->findings.count; i++) {
        const struct finding_row *row = &facts->findings.items[i];
        if (row->target[0] != '\0' && strcmp(row->target, item->row->target) != 0)
            continue;
        AUTO_FREE char *head = memory_format("%s, %s%s%s%s%s", row->severity, row->state,
                                             row->owner[0] != '\0' ? ", " : "", row->owner,
                                             row->due[0] != '\0' ? ", until " : "", row->due);
        document_blank(document);
        document_labeled(document, "Found", ROLE_TEXT, INDENT, head);
        document_text(document, ROLE_TEXT, INDENT, row->title);
    }
}

static void add_comments(struct document *document, const struct facts *facts)
{
    for (size_t i = 0; i < facts->comments.count; i++) {
        const struct comment_row *row = &facts->comments.items[i];
        char time[CLOCK_TEXT_BYTES];
        AUTO_FREE char *head =
            memory_format("%s, %s", row->author, clock_format_minute(row->time_ms, time));
        document_blank(document);
        document_labeled(document, "Note", ROLE_DIM, INDENT, head);
        document_text(document, ROLE_TEXT, INDENT, row->text);
    }
}

static void add_attachments(struct document *document, const struct facts *facts)
{
    for (size_t i = 0; i < facts->attachments.count; i++) {
        const struct attachment_row *row = &facts->attachments.items[i];
        AUTO_FREE char *size = size_text(row->size_bytes);
        AUTO_FREE char *text = memory_format("%s  %s", row->name, size);
        add_section(document, "File", text);
    }
}

static void add_references(struct document *document, const struct check *check)
{
    struct buffer text = {0};
    for (size_t i = 0; i < check->reference_count; i++) {
        AUTO_FREE char *numbers = strings_join(&check->references[i].numbers, " ");
        buffer_append_format(&text, "%s%s %s", i > 0 ? ", " : "", check->references[i].framework,
                             numbers);
    }
    add_section(document, "Refs", buffer_text(&text));
    buffer_release(&text);
}

void check_pane_build(struct document *document, const struct facts *facts, const struct item *item)
{
    const struct check *check = item->check;
    document_text(document, ROLE_STRONG, 0, check->title);
    add_section(document, "Why", check->why);
    if (facts->error.code != ERROR_NONE)
        document_text(document, ROLE_FAIL, 0, facts->error.message);
    add_disputed(document, facts);
    add_exceptions(document, facts, item);
    add_findings(document, facts, item);
    add_probes(document, facts, check);
    if (strlen(item->row->suggestion_reason) > REASON_BYTES_SHORT)
        add_section(document, "Says", item->row->suggestion_reason);
    add_section(document, "How", check->how);
    add_questions(document, facts, check);
    add_section(document, "Fix", check->fix);
    add_references(document, check);
    add_attachments(document, facts);
    add_comments(document, facts);
}

/* ---- foot ---- */

static void add_suggestion(struct document *document, const struct item *item)
{
    const char *reason = item->row->suggestion_reason;
    if (item->activity != ACTIVITY_NONE) {
        document_labeled(document, "Suggests", ROLE_ACCENT, FOOT_INDENT, "being probed now");
        return;
    }
    if (item->suggestion == SUGGESTION_NONE) {
        document_labeled(document, "Suggests", ROLE_DIM, FOOT_INDENT,
                         item->check->probe_count > 0 ? "nothing yet: r gathers evidence"
                                                      : "nothing: it has no probe");
        return;
    }
    AUTO_FREE char *text = reason[0] != '\0'
                               ? memory_format("%s: %s", suggestion_text(item->suggestion), reason)
                               : memory_copy_text(suggestion_text(item->suggestion));
    document_labeled(document, "Suggests", suggestion_role(item->suggestion), FOOT_INDENT, text);
}

static void add_decision(struct document *document, const struct item *item)
{
    char time[CLOCK_TEXT_BYTES];
    const struct item_row *row = item->row;
    if (item->verdict == VERDICT_OPEN) {
        document_labeled(document, "Decided", ROLE_DIM, FOOT_INDENT, "not yet");
        return;
    }
    if (item->verdict == VERDICT_DISPUTED) {
        document_labeled(document, "Decided", ROLE_WARNING, FOOT_INDENT,
                         "disputed, see above: decide once more to settle it");
        return;
    }
    AUTO_FREE char *text =
        memory_format("%s by %s, %s%s", verdict_text(item->verdict), row->decided_by,
                      clock_format_minute(row->decided_ms, time),
                      row->is_stale ? "; newer evidence disagrees" : "");
    document_labeled(document, "Decided", verdict_role(item->verdict), FOOT_INDENT, text);
    if (row->because[0] != '\0')
        document_labeled(document, "because", ROLE_TEXT, FOOT_INDENT, row->because);
    if (row->note[0] != '\0')
        document_labeled(document, "note", ROLE_TEXT, FOOT_INDENT, row->note);
}

void check_pane_build_foot(struct document *document, const struct item *item, size_t rows)
{
    add_suggestion(document, item);
    document_cut(document, 0, rows);
    size_t first = document->count;
    add_decision(document, item);
    document_cut(document, first, rows);
}
