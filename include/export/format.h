/* SPDX-License-Identifier: Apache-2.0 */
/* The formats a report can take: a registry. To add one, write a writer and add its line. */
#ifndef EXPORT_FORMAT_H
#define EXPORT_FORMAT_H

#include "export/report.h"

struct export_format {
    const char *name;      /* "html" */
    const char *extension; /* ".html" */
    const char *title;     /* for help */
    bool is_folder;        /* written by write_folder instead */
    bool (*write)(const struct report *report, struct buffer *out, struct error *error);
    bool (*write_folder)(const struct report *report, struct review *review, const char *folder,
                         struct error *error);
};

/* NULL-terminated by a zeroed last element. */
const struct export_format *export_formats(void);
const struct export_format *export_format_find(const char *name);

#endif
