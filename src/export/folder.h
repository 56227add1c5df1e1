/* SPDX-License-Identifier: Apache-2.0 */
/* The report as a folder: all formats, the evidence itself, the signatures, and checksums. */
#ifndef EXPORT_FOLDER_H
#define EXPORT_FOLDER_H

#include "base/error.h"
#include "export/report.h"

/* Make FOLDER, which must not exist or be empty. It appears whole or not at all. */
bool folder_write(const struct report *report, struct review *review, const char *folder,
                  struct error *error) MUST_USE;

#endif
