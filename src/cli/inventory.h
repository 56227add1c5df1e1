/* SPDX-License-Identifier: Apache-2.0 */
/* The options -T and -g: targets out of a file. */
#ifndef CLI_INVENTORY_H
#define CLI_INVENTORY_H

#include "arguments.h"

/* Append the names of the targets that -t, -T and -g choose together; none when there is no such
 * option. */
bool targets_chosen(const struct arguments *arguments, struct strings *ret_names,
                    struct error *error) MUST_USE;
struct flow_line_list;
/* Append what the file of -T expects of the flows from the targets that are chosen there. */
bool flows_added(const struct arguments *arguments, struct flow_line_list *ret_lines,
                 struct error *error) MUST_USE;
/* Append "name=TARGET" for -t, -T and -g, and the file's parameters before those of --param. */
bool targets_added(const struct arguments *arguments, struct strings *ret_targets,
                   struct strings *ret_parameters, struct error *error) MUST_USE;

#endif
