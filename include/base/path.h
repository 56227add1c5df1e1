/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Names of files and the folders where walkdown keeps its own, by the XDG Base Directory
 * Specification 0.8. All results are free()d by the caller.
 */
#ifndef BASE_PATH_H
#define BASE_PATH_H

#include "base/error.h"

/* FOLDER/NAME with one slash between them. */
char *path_join(const char *folder, const char *name) MUST_USE;
/* The part behind the last slash. Borrowed from PATH. */
const char *path_base(const char *path);
/* The absolute, symlink-free form of PATH's folder joined with its last part, which need not exist.
 */
bool path_resolve(const char *path, char **ret_path, struct error *error) MUST_USE;
/* Make a folder and the missing ones above it, mode 0700. An existing folder is fine. */
bool path_make_folder(const char *path, struct error *error) MUST_USE;

/* $XDG_STATE_HOME/walkdown, made on demand: reviews, known heads, the author's identity. */
bool path_state_folder(char **ret_path, struct error *error) MUST_USE;
/* $XDG_CONFIG_HOME/walkdown; need not exist. */
char *path_config_folder(void) MUST_USE;
/* The user's home folder: $HOME, else the account database, else "/". */
char *path_home(void) MUST_USE;
/* The running program's file; NULL where /proc does not say. */
char *path_program(void) MUST_USE;
/* The folder of the running program, free of symlinks; NULL where /proc does not say. */
char *path_program_folder(void) MUST_USE;
/* Find NAME as an executable file in $PATH; NULL when there is none. */
char *path_find_program(const char *name) MUST_USE;

#endif
