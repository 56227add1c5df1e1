/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A plan as the text of one shell script: what is sent to "/bin/sh -s", byte by byte. It is one
 * compound command, so that the shell has read all of it before it runs any of it, and stdin is
 * free to be the sign of life: when it ends, or when the time for the whole script is over, a
 * watchdog ends the shell's process group. The commands run one after the other, each in a
 * subshell of its own with /dev/null as stdin and its output framed as probe/frame.h says. No file
 * is created. Works in dash, bash, busybox, mksh and zsh as /bin/sh.
 */
#ifndef PROBE_SCRIPT_H
#define PROBE_SCRIPT_H

#include "probe/plan.h"
#include "target/reach.h"

#define SCRIPT_SELF_TEST_STATUS 37
#define SCRIPT_SELF_TEST_BYTES  256 /* stdout of the self-test: every byte value, ascending */

struct script_options {
    const char *nonce;    /* from frame_nonce_make() */
    size_t first_step;    /* of the plan */
    bool self_test;       /* begin with the self-test */
    bool root_is_refused; /* known from before: do not ask the target again */
    /* What the steps look at from its host: $SANDBOX_KIND and $SANDBOX_NAME tell; NULL: nothing. */
    const struct target_hop *sandbox;
    /* What steps on the reviewer's machine look at: $TARGET_KIND, $TARGET_HOST and $TARGET_PORT
     * tell; NULL: the steps run on the target. */
    const struct target_reach *reach;
};

/* What a frame of the script holds. */
enum script_part {
    SCRIPT_SELF_TEST,
    SCRIPT_ROOT, /* how to become root; status 0: there is a way, else stdout says why not */
    SCRIPT_STEP
};

struct script {
    struct buffer text;
    size_t first_step, step_count; /* the part of the plan that it holds: as much as is sensible */
    bool has_self_test, has_root;
    bool may_ask; /* for a password: sudo's prompt is the nonce in brackets, its answer a line */
};

/* Write as many steps from FIRST_STEP on as make one sensible script, at least one; all of them
 * look from the same place. */
void script_write(const struct plan *plan, const struct script_options *options,
                  struct script *ret_script);
void script_release(struct script *script);
size_t script_frame_count(const struct script *script);
/* What frame number FRAME holds; RET_STEP (may be NULL) is the plan's step of a SCRIPT_STEP. */
enum script_part script_frame(const struct script *script, size_t frame, size_t *ret_step);

#endif
