/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A folder that appears whole or not at all: it is written under a temporary name beside its place,
 * synced, and renamed. Keeps the checksums of what was written.
 */
#ifndef EXPORT_STAGING_H
#define EXPORT_STAGING_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

struct staging {
    char *place;         /* where it will appear */
    char *folder;        /* where it is written; NULL: nothing to clean up */
    struct strings made; /* relative names of files and folders, in the order they were made */
    struct buffer sums;  /* "SHA-256  NAME" a line, as sha256sum writes it */
};

/* ERROR_EXISTS when PLACE is anything but an empty folder. */
bool staging_begin(struct staging *staging, const char *place, struct error *error) MUST_USE;
/* NAMES are relative and safe. */
bool staging_make_folder(struct staging *staging, const char *name, struct error *error) MUST_USE;
bool staging_write(struct staging *staging, const char *name, const void *bytes, size_t length,
                   struct error *error) MUST_USE;
/* Write SHA256SUMS and put the folder in its place. */
bool staging_finish(struct staging *staging, struct error *error) MUST_USE;
/* Remove what is not in its place. */
void staging_release(struct staging *staging);

#endif
