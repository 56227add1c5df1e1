/* SPDX-License-Identifier: Apache-2.0 */
/* The commands, one file each. To add one: write its file, and name it here and in local.mk. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include "arguments.h"

/* In the order of the help: making, looking, deciding, proving, tools. */
/* clang-format off */
#define COMMANDS(X) \
    X(new) X(run) X(replay) X(sudoers) X(flows) X(status) X(show) \
    X(decide) X(accept) X(access) X(comment) X(answer) X(attach) X(finding) X(exception) \
    X(undo) X(merge) X(resolve) X(redact) X(policy) X(salvage) \
    X(log) X(verify) X(sign) X(handoff) X(receive) X(export) \
    X(lint) X(try) X(test) X(targets) X(checklists) X(keys) X(doctor)
/* clang-format on */

#define X(name) extern const struct command command_##name;
COMMANDS(X)
#undef X

#endif
