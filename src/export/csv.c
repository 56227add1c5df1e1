/* SPDX-License-Identifier: Apache-2.0 */
/*
 * One row an item, RFC 4180: CRLF, every cell quoted. docs/export-csv.md describes the columns and
 * the guard against formulas.
 */
#include "csv.h"

#include "export/escape.h"
#include "wording.h"

static void put_cell(struct buffer *out, const char *text)
{
    if (out->length > 0 && out->data[out->length - 1] != '\n')
        buffer_append_byte(out, ',');
    escape_csv_cell(out, text);
}

static void put_number(struct buffer *out, int64_t number)
{
    char text[CLOCK_TEXT_BYTES];
    snprintf(text, sizeof(text), "%lld", (long long)number);
    put_cell(out, text);
}

static void put_time(struct buffer *out, int64_t wall_ms)
{
    char text[CLOCK_TEXT_BYTES];
    put_cell(out, wording_stamp(wall_ms, text));
}

static void end_row(struct buffer *out)
{
    buffer_append_text(out, "\r\n");
}

static void put_verdict(struct buffer *out, const struct report_item *item)
{
    const struct item_row *row = item->row;
    put_cell(out, standing_id(item->standing));
    put_cell(out, row->verdict);
    put_cell(out, row->suggestion);
    put_cell(out, row->suggestion_reason);
    put_cell(out, row->note);
    put_cell(out, row->because);
    put_cell(out, row->decided_by);
    put_time(out, row->decided_ms);
    put_cell(out, row->suggestion_then);
    put_cell(out, row->is_stale ? "yes" : "no");
    put_cell(out, item->is_against ? "yes" : "no");
}

static void put_exception(struct buffer *out, const struct report_item *item, int64_t now_ms)
{
    const struct exception_row *row = item->exception;
    put_cell(out, row != NULL ? exception_standing_text(exception_standing(row, now_ms)) : "");
    put_cell(out, row != NULL ? row->until : "");
    put_cell(out, row != NULL ? row->approver : "");
    put_cell(out, row != NULL ? row->reason : "");
}

static void put_row(struct buffer *out, const struct report_item *item, const char *area,
                    int64_t now_ms)
{
    const struct item_row *row = item->row;
    const struct check *check = item->check;
    AUTO_FREE char *references = check != NULL ? wording_references(check) : memory_copy_text("");
    put_cell(out, area);
    put_cell(out, row->check);
    put_cell(out, row->title);
    put_cell(out, row->severity);
    put_cell(out, check != NULL ? method_text(check->method) : "");
    put_cell(out, row->target);
    put_verdict(out, item);
    put_cell(out, row->run);
    put_time(out, row->suggested_ms);
    put_number(out, row->evidence_count);
    put_number(out, row->answer_count);
    put_number(out, row->comment_count);
    put_number(out, row->attachment_count);
    put_cell(out, references);
    put_cell(out, check != NULL ? check->fix : "");
    put_exception(out, item, now_ms);
    end_row(out);
}

bool csv_write(const struct report *report, struct buffer *out, struct error *error)
{
    static const char *const columns[] = {
        "area",
        "check",
        "title",
        "severity",
        "method",
        "target",
        "standing",
        "verdict",
        "suggestion",
        "reason",
        "note",
        "because",
        "decided_by",
        "decided_at",
        "suggestion_when_decided",
        "stale",
        "against",
        "run",
        "suggested_at",
        "evidence",
        "answers",
        "comments",
        "attachments",
        "references",
        "fix",
        "exception",
        "exception_until",
        "exception_approver",
        "exception_reason",
    };
    (void)error; /* a writer into memory cannot fail; other formats can */
    struct buffer text = {0};
    for (size_t i = 0; i < LENGTH(columns); i++)
        put_cell(&text, columns[i]);
    end_row(&text);
    for (size_t i = 0; i < report->area_count; i++)
        for (size_t j = 0; j < report->areas[i].item_count; j++)
            put_row(&text, &report->areas[i].items[j], report->areas[i].id, report->made_ms);
    buffer_append(out, text.data, text.length);
    buffer_release(&text);
    return true;
}

/* --- the access matrices --- */

static void put_access_row(struct buffer *out, const char *target, const struct access_line *line)
{
    put_cell(out, target);
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        put_cell(out, line->cells[i]);
    put_cell(out, access_state_text(line->state));
    put_cell(out, line->author);
    put_time(out, line->said_ms);
    put_cell(out, line->comment);
    put_cell(out, line->facts);
    end_row(out);
}

bool csv_write_access(const struct report *report, struct buffer *out, struct error *error)
{
    static const char *const behind[] = {"state", "said_by", "said_at", "comment", "facts"};
    (void)error; /* a writer into memory cannot fail; other formats can */
    struct buffer text = {0};
    put_cell(&text, "target");
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        put_cell(&text, access_column_id((enum access_column)i));
    for (size_t i = 0; i < LENGTH(behind); i++)
        put_cell(&text, behind[i]);
    end_row(&text);
    for (size_t i = 0; i < report->access_count; i++)
        for (size_t j = 0; j < report->access[i].count; j++)
            put_access_row(&text, report->access[i].target, &report->access[i].lines[j]);
    buffer_append(out, text.data, text.length);
    buffer_release(&text);
    return true;
}

/* --- flows --- */

static void put_flow_row(struct buffer *out, const struct flow_matrix *matrix, size_t index)
{
    const struct flow_cell *cell = &matrix->cells[index];
    const struct flow_column *column = &matrix->columns[index % matrix->column_count];
    const struct flow_measure *measure = cell->measure;
    put_cell(out, matrix->vantages.items[index / matrix->column_count]);
    put_cell(out, column->to);
    put_cell(out, column->is_udp ? "udp" : "tcp");
    put_number(out, column->family);
    put_number(out, column->port);
    put_cell(out, flow_expectation_text(cell->expectation));
    put_cell(out, flow_verdict_text(cell->verdict));
    put_cell(out, measure != NULL ? flow_state_text(measure->state) : "");
    put_cell(out, measure != NULL ? measure->address : "");
    put_cell(out, measure != NULL ? measure->tool : "");
    put_cell(out, measure != NULL ? measure->proof : "");
    put_cell(out, measure != NULL ? measure->detail : "");
    end_row(out);
}

bool csv_write_flows(const struct report *report, struct buffer *out, struct error *error)
{
    static const char *const names[] = {"from",    "to",       "protocol", "family",
                                        "port",    "expected", "verdict",  "state",
                                        "address", "tool",     "proof",    "detail"};
    (void)error; /* a writer into memory cannot fail; other formats can */
    AUTO_RELEASE(buffer) struct buffer text = {0};
    size_t count;
    AUTO_FREE size_t *order = flow_matrix_worst_first(&report->flows, &count);
    for (size_t i = 0; i < LENGTH(names); i++)
        put_cell(&text, names[i]);
    end_row(&text);
    for (size_t i = 0; i < count; i++)
        put_flow_row(&text, &report->flows, order[i]);
    buffer_append(out, text.data, text.length);
    return true;
}

/* --- the index of the evidence files in a folder --- */

void csv_begin_files(struct buffer *out)
{
    static const char *const columns[] = {"file", "target",     "check",   "probe",   "stream",
                                          "run",  "author",     "command", "as_root", "outcome",
                                          "exit", "started_at", "bytes",   "blob",    "from"};
    for (size_t i = 0; i < LENGTH(columns); i++)
        put_cell(out, columns[i]);
    end_row(out);
}

void csv_put_file(struct buffer *out, const struct csv_file *file)
{
    const struct evidence_row *row = file->row;
    char hex[DIGEST_HEX_BYTES];
    put_cell(out, file->path);
    put_cell(out, row->target);
    put_cell(out, row->check);
    put_cell(out, row->probe);
    put_cell(out, file->stream);
    put_cell(out, row->run);
    put_cell(out, row->author);
    put_cell(out, row->command);
    put_cell(out, row->as_root ? "yes" : "no");
    put_cell(out, row->outcome);
    put_number(out, row->exit_status);
    put_time(out, row->started_ms);
    put_number(out, file->size_bytes);
    put_cell(out, file->size_bytes > 0 ? digest_hex(file->blob, hex) : "");
    put_cell(out, row->from);
    end_row(out);
}
