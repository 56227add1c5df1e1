/* SPDX-License-Identifier: Apache-2.0 */
#include "report_json.h"

static json_t *write_line(const struct access_line *line)
{
    json_t *object = json_object();
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        report_json_set_text(object, access_column_id((enum access_column)i), line->cells[i]);
    report_json_set_bool(object, "privileged", line->is_privileged);
    report_json_set_bool(object, "idle_account", line->is_idle);
    report_json_set_bool(object, "uncertain", line->is_uncertain);
    report_json_set_text(object, "facts", line->facts);
    report_json_set_text(object, "evidence", line->evidence);
    report_json_set_text(object, "state", access_state_text(line->state));
    report_json_set_text(object, "author", line->author);
    report_json_set(object, "time", report_json_time(line->said_ms));
    report_json_set_text(object, "comment", line->comment);
    report_json_set_text(object, "facts_then", line->facts_then);
    return object;
}

static json_t *write_matrix(const struct access_matrix *matrix)
{
    json_t *object = json_object();
    json_t *lines = json_array();
    for (size_t i = 0; i < matrix->count; i++)
        json_array_append_new(lines, write_line(&matrix->lines[i]));
    report_json_set_text(object, "target", matrix->target);
    report_json_set_bool(object, "gathered", matrix->is_gathered);
    report_json_set_text(object, "not_seen", matrix->why);
    report_json_set(object, "accounts", lines);
    return object;
}

json_t *report_json_access(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->access_count; i++)
        json_array_append_new(list, write_matrix(&report->access[i]));
    return list;
}
