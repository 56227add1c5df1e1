/* SPDX-License-Identifier: Apache-2.0 */
/* Whole files in and out, with a cap on what is read and no half-written result. */
#ifndef BASE_FILE_H
#define BASE_FILE_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

/* Append the whole file to RET_CONTENTS. Fails with ERROR_INVALID above MAX_BYTES, ERROR_NOT_FOUND
 * when there is no such file. "-" is a file of that name, not stdin. */
bool file_read(const char *path, size_t max_bytes, struct buffer *ret_contents,
               struct error *error) MUST_USE;
/* Append everything until the end of FD to RET_CONTENTS. */
bool file_read_fd(int fd, size_t max_bytes, struct buffer *ret_contents,
                  struct error *error) MUST_USE;
/* Write a file by way of a temporary one beside it: synced, then renamed over PATH. MODE as in
 * chmod(2). Never leaves a half-written file under PATH's name. */
bool file_write(const char *path, const void *bytes, size_t length, unsigned mode,
                struct error *error) MUST_USE;
/* Write all bytes to a descriptor, EINTR and short writes handled. */
bool file_write_fd(int fd, const void *bytes, size_t length, struct error *error) MUST_USE;
/* The names in a folder without "." and "..", sorted. An unreadable folder is an error. */
bool file_list(const char *folder, struct strings *ret_names, struct error *error) MUST_USE;

#endif
