/* SPDX-License-Identifier: Apache-2.0 */
/* The report as JSON, everything in it: docs/export-json.md describes the shape. */
#ifndef EXPORT_REPORT_JSON_H
#define EXPORT_REPORT_JSON_H

#include "base/json.h"
#include "export/report.h"

#define REPORT_JSON_VERSION 1

bool report_json_write(const struct report *report, struct buffer *out,
                       struct error *error) MUST_USE;

/* Parts, each a new reference. */
json_t *report_json_items(const struct report *report) MUST_USE;
/* report_json_accepted.c */
json_t *report_json_findings(const struct report *report);
json_t *report_json_exceptions(const struct report *report);
/* report_json_access.c */
json_t *report_json_access(const struct report *report) MUST_USE;
/* report_json_flows.c */
json_t *report_json_flows(const struct report *report) MUST_USE;
json_t *report_json_loose(const struct report *report) MUST_USE;

/* Values: a time in RFC 3339 or null, a digest in hexadecimal, an entry's name. */
json_t *report_json_time(int64_t wall_ms) MUST_USE;
json_t *report_json_digest(const struct digest *digest) MUST_USE;
json_t *report_json_entry(const struct entry_id *id) MUST_USE;
/* {"items": 12, "pass": 3, ...} */
json_t *report_json_counts(const struct report_counts *counts) MUST_USE;

/* Set a member; VALUE is consumed. */
void report_json_set(json_t *object, const char *key, json_t *value);
void report_json_set_text(json_t *object, const char *key, const char *text);
void report_json_set_integer(json_t *object, const char *key, int64_t number);
void report_json_set_bool(json_t *object, const char *key, bool value);

#endif
