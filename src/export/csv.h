/* SPDX-License-Identifier: Apache-2.0 */
/* Tables as CSV (RFC 4180): the items of a report, and the evidence files of a folder. */
#ifndef EXPORT_CSV_H
#define EXPORT_CSV_H

#include "base/error.h"
#include "export/report.h"

bool csv_write(const struct report *report, struct buffer *out, struct error *error) MUST_USE;

/* The access matrices: a row an account. */
bool csv_write_access(const struct report *report, struct buffer *out,
                      struct error *error) MUST_USE;

/* A row a flow, from bad to good. */
bool csv_write_flows(const struct report *report, struct buffer *out, struct error *error) MUST_USE;

/* One file below evidence/. */
struct csv_file {
    const char *path; /* relative to the folder */
    const struct evidence_row *row;
    const char *stream; /* "stdout", "stderr" */
    const struct digest *blob;
    int64_t size_bytes;
};
void csv_begin_files(struct buffer *out);
void csv_put_file(struct buffer *out, const struct csv_file *file);

#endif
