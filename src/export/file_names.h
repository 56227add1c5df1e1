/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of files made from hostile text: letters, digits, ".", "_" and "-", at most 80 bytes, never
 * hidden, never an option, never a device of Windows, and different from each other in one folder
 * even where a file system does not tell upper from lower case.
 */
#ifndef EXPORT_FILE_NAMES_H
#define EXPORT_FILE_NAMES_H

#include "base/array.h"

#define FILE_NAME_MAX_BYTES 80

/* The names that are taken in one folder. Zeroed memory: none. */
struct file_names {
    struct strings taken; /* in lower case */
};

void file_names_release(struct file_names *names);
/* A name for TEXT, taken from now on; free with free(). Text that is a safe name already and not
 * taken stays as it is. */
char *file_names_make(struct file_names *names, const char *text) MUST_USE;

#endif
