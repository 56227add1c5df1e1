/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The values that a review gives to a checklist's parameters, and how ${id} is replaced in commands
 * and expectations. Only ${id} of a known parameter is a reference; in a command any other ${...}
 * is the shell's own (lint warns of one that looks like a misspelt parameter); in an expectation an
 * unknown reference is an error that load reports.
 */
#ifndef CHECKLIST_PARAMETERS_H
#define CHECKLIST_PARAMETERS_H

#include "base/error.h"
#include "checklist/checklist.h"

/* Values in the order of the checklist's parameters. Borrows the checklist. */
struct parameters {
    const struct checklist *checklist;
    struct strings *values; /* one list for each of checklist->parameters */
};

/* Start with the defaults. */
void parameters_init(struct parameters *parameters, const struct checklist *checklist);
/* ... or with the values of OTHER, of the same checklist. */
void parameters_copy(struct parameters *parameters, const struct parameters *other);
void parameters_release(struct parameters *parameters);
/* Set one: VALUES replaces the old. Fails when there is no such parameter, or it is no list and
 * VALUES has not exactly one. */
bool parameters_set(struct parameters *parameters, const char *id, const struct strings *values,
                    struct error *error) MUST_USE;

/* A command with each reference replaced by its values as single-quoted shell words. */
char *parameters_expand_command(const struct parameters *parameters, const char *text) MUST_USE;
/* A pattern with each reference replaced by (?:a|b) of its literally quoted values; an empty list
 * gives an expression that never matches. */
char *parameters_expand_pattern(const struct parameters *parameters, const char *text) MUST_USE;
/* Matcher arguments: one that is only a reference becomes the members of that parameter. */
void parameters_expand_arguments(const struct parameters *parameters,
                                 const struct strings *arguments, struct strings *ret_arguments);

/* The condition as a shell command for the target: exit status 0 applies, 1 does not, anything else
 * could not tell. Free with free(). */
char *condition_command(const struct condition *condition,
                        const struct parameters *parameters) MUST_USE;
/* The condition in words, for "not applicable: ...", e.g. "there is no command sshd". */
char *condition_describe_unmet(const struct condition *condition) MUST_USE;

#endif
