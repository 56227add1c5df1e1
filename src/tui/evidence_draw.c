/* SPDX-License-Identifier: Apache-2.0 */
#include "base/clock.h"
#include "document.h"
#include "draw.h"
#include "evidence_view.h"
#include "layout.h"

enum { LABEL_COLUMNS = 10, COMMAND_ROWS_MAX = 3, TALL_ROWS = 30 };

static const char *mode_text(const struct evidence *evidence)
{
    static const char *const texts[] = {
        [PAGER_TEXT] = "", [PAGER_ESCAPED] = "  ASCII only", [PAGER_HEX] = "  hexadecimal"};
    return texts[evidence->pager.mode];
}

static void draw_head_title(const struct evidence *evidence, struct canvas *canvas,
                            struct rect area)
{
    const struct app *app = evidence->view.app;
    const struct evidence_row *row = evidence_record(evidence);
    size_t number, count;
    evidence_count_records(evidence, &number, &count);
    AUTO_FREE char *left =
        row != NULL
            ? memory_format("%s %s %s on %s", app->focus.check->id,
                            glyph_text(GLYPH_COLLAPSED, canvas->ascii), row->probe, row->target)
            : memory_copy_text(app->focus.check != NULL ? app->focus.check->id : "");
    size_t probe, probe_count;
    evidence_count_probes(evidence, &probe, &probe_count);
    AUTO_FREE char *right = probe_count > 1 ? memory_format("probe %zu of %zu  record %zu of %zu",
                                                            probe, probe_count, number, count)
                                            : memory_format("record %zu of %zu", number, count);
    draw_title(canvas, area, &(struct title){left, count > 0 ? right : NULL, true});
}

static void add_outcome(const struct evidence_row *row, struct buffer *text)
{
    char duration[CLOCK_TEXT_BYTES];
    if (row->exit_status >= 0)
        buffer_append_format(text, "exit %d", row->exit_status);
    else
        buffer_append_text(text, row->outcome);
    if (row->exit_status >= 0 && strcmp(row->outcome, "done") != 0)
        buffer_append_format(text, ", %s", row->outcome);
    buffer_append_format(text, "  %s", clock_format_duration(row->duration_ms, duration));
    if (row->as_root)
        buffer_append_text(text, "  as root");
    if (*vantage_words(row->from) != '\0')
        buffer_append_format(text, "  %s", vantage_words(row->from));
}

/* Who, when, how it ended: always there. */
static void add_summary(const struct evidence_row *row, struct document *document)
{
    char time[CLOCK_TEXT_BYTES];
    char clock[CLOCK_TEXT_BYTES];
    struct buffer text = {0};
    clock_format_minute(row->started_ms, time);
    clock_format_time_of_day(row->started_ms, clock);
    buffer_append_format(&text, "%.10s %s  ", time, clock);
    add_outcome(row, &text);
    buffer_append_format(&text, "  by %s", row->author);
    bool is_good = strcmp(row->outcome, "done") == 0;
    document_labeled(document, "Ran", is_good ? ROLE_TEXT : ROLE_WARNING, LABEL_COLUMNS,
                     buffer_text(&text));
    if (row->detail[0] != '\0')
        document_labeled(document, "", ROLE_WARNING, LABEL_COLUMNS, row->detail);
    buffer_release(&text);
}

static void add_command(const struct evidence_row *row, bool all, struct document *document)
{
    size_t first = document->count;
    document_labeled(document, "Command", ROLE_COMMAND, LABEL_COLUMNS, row->command);
    size_t most = first + COMMAND_ROWS_MAX;
    if (all || document->count <= most)
        return;
    for (size_t i = most; i < document->count; i++) {
        free(document->lines[i].text);
        free(document->lines[i].label);
    }
    AUTO_FREE char *more = memory_format("%zu more lines: i shows all", document->count - most);
    document->count = most;
    document_line(document,
                  &(struct document_line){.text = more, .role = ROLE_DIM, .indent = LABEL_COLUMNS});
}

static const char *fingerprint_of(const struct evidence *evidence)
{
    const struct app *app = evidence->view.app;
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    return app->focus.target < count ? targets[app->focus.target].key_fingerprint : "";
}

static void add_blob(struct document *document, const char *label, const struct digest *blob,
                     int64_t bytes)
{
    char hex[DIGEST_HEX_BYTES];
    if (bytes == 0)
        return;
    AUTO_FREE char *text = memory_format("%s", digest_hex(blob, hex));
    document_labeled(document, label, ROLE_DIM, LABEL_COLUMNS, text);
}

/* The rest of the provenance, on demand. */
static void add_details(const struct evidence *evidence, const struct evidence_row *row,
                        struct document *document)
{
    char entry[ENTRY_ID_TEXT_BYTES];
    const char *fingerprint = fingerprint_of(evidence);
    document_labeled(document, "Host key", ROLE_DIM, LABEL_COLUMNS,
                     fingerprint[0] != '\0' ? fingerprint : "none: a local target, or none pinned");
    if (evidence->reached != NULL && *evidence->reached != '\0')
        document_labeled(document, "Reached", ROLE_DIM, LABEL_COLUMNS, evidence->reached);
    if (evidence->changed != NULL && *evidence->changed != '\0')
        document_labeled(document, "Changed", ROLE_WARNING, LABEL_COLUMNS, evidence->changed);
    document_labeled(document, "Run", ROLE_DIM, LABEL_COLUMNS, row->run);
    document_labeled(document, "Entry", ROLE_DIM, LABEL_COLUMNS, entry_id_text(&row->id, entry));
    add_blob(document, "stdout", &row->out_blob, row->out_bytes);
    add_blob(document, "stderr", &row->err_blob, row->err_bytes);
    if (strcmp(row->masked, "[]") != 0)
        document_labeled(document, "Secrets", ROLE_WARNING, LABEL_COLUMNS,
                         "were kept out when it was gathered");
    if (row->is_redacted)
        document_labeled(document, "Redacted", ROLE_WARNING, LABEL_COLUMNS,
                         "bytes were taken out later");
    if (row->noise_bytes > 0) {
        AUTO_FREE char *text =
            memory_format("%d bytes came outside the probe's frame", (int)row->noise_bytes);
        document_labeled(document, "Noise", ROLE_WARNING, LABEL_COLUMNS, text);
    }
}

static struct rect draw_provenance(const struct evidence *evidence, struct canvas *canvas,
                                   struct rect area, const struct evidence_row *row)
{
    struct document document;
    document_init(&document, canvas, area.columns - 2);
    add_summary(row, &document);
    bool all = evidence->shows_all != (area.rows >= TALL_ROWS);
    add_command(row, all, &document);
    if (all)
        add_details(evidence, row, &document);
    int rows = (int)document.count < area.rows - 4 ? (int)document.count : area.rows - 4;
    struct rect head = layout_take_top(&area, rows < 0 ? 0 : rows);
    document_draw(&document, canvas, layout_indent(head, 1), 0);
    document_release(&document);
    return area;
}

/* Which stream it is, how large, and where we are in it. */
static void draw_stream_title(const struct evidence *evidence, struct canvas *canvas,
                              struct rect area, const struct evidence_row *row)
{
    AUTO_FREE char *out = size_text(row->out_bytes);
    AUTO_FREE char *err = size_text(row->err_bytes);
    AUTO_RELEASE(buffer) struct buffer left = {0};
    AUTO_RELEASE(buffer) struct buffer right = {0};
    if (evidence->is_diff)
        buffer_append_format(&left, "%s, compared with the record before: %zu line%s differ",
                             evidence->is_stderr ? "stderr" : "stdout", evidence->diff_count,
                             evidence->diff_count == 1 ? "" : "s");
    else if (evidence->is_stderr)
        buffer_append_format(&left, "stderr %s", err);
    else
        buffer_append_format(&left, "stdout %s", out);
    buffer_append_text(&left, mode_text(evidence));
    if (!evidence->is_diff && (evidence->is_stderr ? row->out_bytes : row->err_bytes) > 0)
        buffer_append_format(&right, "s: %s %s  ", evidence->is_stderr ? "stdout" : "stderr",
                             evidence->is_stderr ? out : err);
    if (evidence->hidden_count > 0)
        buffer_append_format(&right, "hidden characters: %zu  ", evidence->hidden_count);
    pager_format_position(&evidence->pager, &right);
    draw_title(canvas, area, &(struct title){buffer_text(&left), buffer_text(&right), false});
}

static void draw_nothing(const struct evidence *evidence, struct canvas *canvas, struct rect area)
{
    const struct app *app = evidence->view.app;
    const char *text = app->focus.check == NULL ? "Select a check in Walk first."
                       : app->focus.check->probe_count == 0
                           ? "This check has no probe: look, ask, and decide by hand."
                           : "No evidence yet. Press r to gather it.";
    struct strip strip = canvas_strip(canvas, area, 1);
    strip_skip(&strip, 2);
    strip_put(&strip, ROLE_DIM, text);
}

void evidence_draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct evidence *evidence = (struct evidence *)view;
    evidence_read(evidence);
    const struct evidence_row *row = evidence_record(evidence);
    draw_head_title(evidence, canvas, layout_take_top(&area, 1));
    if (row == NULL) {
        draw_nothing(evidence, canvas, area);
        return;
    }
    area = draw_provenance(evidence, canvas, area, row);
    struct rect title = layout_take_top(&area, 1);
    pager_draw(&evidence->pager, canvas, area);
    draw_stream_title(evidence, canvas, title, row);
    if (evidence->pager.length == 0) {
        struct strip strip = canvas_strip(canvas, area, 0);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_DIM, "no output");
    }
}
