/* SPDX-License-Identifier: Apache-2.0 */
/* Where a review file lies and what lies beside it, seen without opening anything. */
#ifndef PLACE_H
#define PLACE_H

#include "base/error.h"
#include "review/store.h"

/* The absolute name of an existing review file. Refused: symlink, several links, no regular file,
 * a write-ahead log beside it; and for writing: owner is somebody else, network file system. */
bool place_check(const char *path, enum review_mode mode, char **ret_path,
                 struct error *error) MUST_USE;
/* The absolute name of a file to be made. ERROR_EXISTS when something has that name. */
bool place_check_new(const char *path, char **ret_path, struct error *error) MUST_USE;
/* Whether statfs(2) f_type TYPE is a file system on which locks or syncs cannot be relied on. */
bool place_is_network(long type);
/* A rollback journal lies beside the file: a change was interrupted, or one is under way. */
bool place_has_journal(const char *path);
/* Take away what others may do with the file. */
bool place_make_private(const char *path, struct error *error) MUST_USE;
/* Rename FROM to the name TO, which must not exist, and sync the folder. */
bool place_publish(const char *from, const char *to, struct error *error) MUST_USE;

#endif
