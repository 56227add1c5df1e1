/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/cvss.h"
#include "report_json.h"

static json_t *write_finding(const struct finding_row *row)
{
    json_t *object = json_object();
    struct error error;
    double score;
    report_json_set(object, "finding", report_json_entry(&row->id));
    report_json_set_text(object, "state", row->state);
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "title", row->title);
    report_json_set_text(object, "severity", row->severity);
    report_json_set_text(object, "because", row->because);
    report_json_set_text(object, "cvss", row->cvss);
    if (cvss_score(row->cvss, &score, &error))
        report_json_set(object, "cvss_score", json_real(score));
    report_json_set_text(object, "owner", row->owner);
    report_json_set_text(object, "due", row->due);
    report_json_set_text(object, "description", row->description);
    report_json_set_text(object, "recommendation", row->recommendation);
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    report_json_set(object, "changed", report_json_time(row->changed_ms));
    return object;
}

json_t *report_json_findings(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->noticed.count; i++)
        json_array_append_new(list, write_finding(&report->noticed.items[i]));
    return list;
}

static json_t *write_exception(const struct exception_row *row, int64_t now_ms)
{
    json_t *object = json_object();
    report_json_set(object, "exception", report_json_entry(&row->id));
    report_json_set_text(object, "standing",
                         exception_standing_text(exception_standing(row, now_ms)));
    report_json_set_text(object, "check", row->check);
    report_json_set_text(object, "target", row->target);
    report_json_set_text(object, "category", row->category);
    report_json_set_text(object, "reason", row->reason);
    report_json_set_text(object, "control", row->control);
    report_json_set_text(object, "risk", row->risk);
    report_json_set_text(object, "requester", row->requester);
    report_json_set_text(object, "approver", row->approver);
    report_json_set_text(object, "ticket", row->ticket);
    report_json_set_text(object, "from", row->from);
    report_json_set_text(object, "until", row->until);
    report_json_set_text(object, "author", row->author);
    report_json_set(object, "time", report_json_time(row->time_ms));
    report_json_set(object, "changed", report_json_time(row->changed_ms));
    return object;
}

json_t *report_json_exceptions(const struct report *report)
{
    json_t *list = json_array();
    for (size_t i = 0; i < report->exceptions.count; i++)
        json_array_append_new(list, write_exception(&report->exceptions.items[i], report->made_ms));
    return list;
}
