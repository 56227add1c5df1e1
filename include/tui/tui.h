/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The terminal UI: walks the reviewer through a review on the terminal that stdin and stdout are.
 * Everything it changes, it changes through assess; text of others reaches the terminal only by
 * way of base/utf8. Whatever ends it - a key, a signal, a crash, a terminal that goes away - leaves
 * the terminal as it was found.
 */
#ifndef TUI_TUI_H
#define TUI_TUI_H

#include "base/buffer.h"
#include "base/error.h"

struct tui_options {
    bool read_only;
    const char *worker_path;  /* NULL: found by itself */
    const char *program_path; /* of walkdown, which verifies the file in the background; NULL: it is
                               * verified before the first screen */
    const char *keys_path;    /* NULL: ~/.config/walkdown/keys, which need not exist */
};

/* Run the UI until the user quits. PATH NULL: begin with the start screen. ERROR_UNSUPPORTED when
 * there is no terminal, or one of unknown type; what session_open() says when PATH cannot be opened
 * (nothing was drawn then). SIGTERM and SIGHUP close the review, restore the terminal and then end
 * the process by that same signal. */
bool tui_run(const char *path, const struct tui_options *options, struct error *error) MUST_USE;

/* Append the keys of every screen with their actions and what they do, a reader's table; with the
 * user's own bindings in place where the file KEYS_PATH (as above, NULL too) has any. */
void tui_print_keys(const char *keys_path, struct buffer *text);

#endif
