/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A stranger's file is opened by a process of its own alone, which is confined before
 * (base/sandbox.h) and tells through a pipe what is in it. One that a file takes over can lie about
 * that file and do nothing else; one that dies, hangs or talks nonsense is an error.
 *
 * In that process is all that parses the file. Outside is what needs other files or programs, and
 * bytes of the file only as data: known heads, receipts, lists of keys, ssh-keygen.
 */
#ifndef ASSESS_READER_H
#define ASSESS_READER_H

#include "base/buffer.h"
#include "base/error.h"
#include "review/salvage.h"
#include "review/verify.h"

#include <sys/types.h>

/* review_verify() without heads; always fills the report. */
void reader_verify(const char *path, struct verify_report *ret_report);
/* Verify SOURCE and make a file of our own at PATH of what is in it. ERROR_CORRUPT: it does not
 * verify; ERROR_INVALID: it cannot be verified. Whoever goes on verifies PATH: what was told may be
 * a lie. */
bool reader_rebuild(const char *source, const char *path, struct error *error) MUST_USE;
/* Do the same in a process that works beside this one, and tells FD how it ended. */
bool reader_rebuild_start(const char *source, const char *path, pid_t *ret_pid, int *ret_fd,
                          struct error *error) MUST_USE;
/* What it told when it ended. */
bool reader_rebuild_ended(const struct buffer *told, struct error *error) MUST_USE;
/* The same for what can be proven of a damaged file. */
bool reader_salvage(const struct salvaging *salvaging, struct salvage_report *ret_report,
                    struct error *error) MUST_USE;

#endif
