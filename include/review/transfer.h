/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a review file holds, told from one process to another: the process that opens a stranger's
 * file writes its entries and blobs to a pipe, the other one makes a file of its own of them. No
 * byte of the file's format comes along. The reader takes the writer for hostile: every length has
 * a cap, the hash of each entry and the id of each blob are computed again, and what is read makes
 * a file only when it ended as it should.
 */
#ifndef REVIEW_TRANSFER_H
#define REVIEW_TRANSFER_H

#include "review/store.h"

/* SOURCE was verified, is not open in this process, and is not changed. ERROR_CORRUPT: what is read
 * now does not fit. */
bool review_send(const char *source, int fd, struct error *error) MUST_USE;
/* Tell why there is nothing to send, instead. */
void review_send_refusal(const struct error *why, int fd);
/* Make the file PATH of what comes from FD, and no more than MAX_BYTES. ERROR_EXISTS: something has
 * the name PATH; ERROR_CORRUPT: what came does not fit or broke off; or what was told by
 * review_send_refusal(). */
bool review_take(int fd, const char *path, uint64_t max_bytes, struct error *error) MUST_USE;

#endif
