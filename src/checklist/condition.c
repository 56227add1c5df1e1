/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Conditions as shell text. Each is a subshell whose exit status is the answer: 0 yes, 1 no, 2
 * could not tell. "Could not tell" has to be told from "no" with care: a path below a folder that
 * may not be searched, and a /proc that hides the processes of others, look like absence.
 */
#include "base/buffer.h"
#include "expand.h"
#include "fact.h"

#include <string.h>

/* comm holds 15 bytes of a process's name. */
#define COMM_BYTES 15

static void append_quoted_argument(struct buffer *command, const char *before, const char *argument,
                                   const char *after)
{
    buffer_append_text(command, before);
    expand_shell_word(command, argument);
    buffer_append_text(command, after);
}

static void append_path(struct buffer *command, const char *path)
{
    append_quoted_argument(command, "(p=", path,
                           "; if [ -e \"$p\" ] || [ -L \"$p\" ]; then exit 0; fi; "
                           "case $p in /*) ;; *) exit 2 ;; esac; "
                           "d=${p%/*}; "
                           "while [ -n \"$d\" ] && [ ! -d \"$d\" ]; do d=${d%/*}; done; "
                           "[ -x \"${d:-/}\" ] || exit 2; exit 1)");
}

/* A program that started itself again by /proc/self/exe, as those of gVisor do, is called "exe" by
 * the kernel; its first argument tells its name. */
static void append_process(struct buffer *command, const char *name)
{
    AUTO_FREE char *comm = memory_copy(name, strnlen(name, COMM_BYTES));
    append_quoted_argument(command, "(n=", comm,
                           "; for f in /proc/[0-9]*/comm; do c=; "
                           "{ IFS= read -r c < \"$f\"; } 2>/dev/null; "
                           "if [ \"$c\" = exe ]; then c=$(tr '\\000' '\\n' < \"${f%comm}cmdline\" "
                           "2>/dev/null | head -n 1 | cut -c 1-15); fi; "
                           "if [ \"$c\" = \"$n\" ]; then exit 0; fi; done; "
                           "{ IFS= read -r c < /proc/1/comm; } 2>/dev/null || exit 2; exit 1)");
}

const struct fact_info fact_infos[FACT_COUNT] = {
#define X(name, what, values, command) {#name, what, values, command},
    FACTS(X)
#undef X
};

/* VALUE as a pattern of `case`: nothing but "*" has a meaning. */
static void append_pattern(struct buffer *command, const char *value)
{
    for (;;) {
        AUTO_FREE char *part = memory_copy(value, strcspn(value, "*"));
        expand_shell_word(command, part);
        value += strlen(part);
        if (*value++ == '\0')
            return;
        buffer_append_byte(command, '*');
    }
}

/* What the fact's command says on stderr is no answer, and a fact without a value could not be
 * told. */
static void append_fact(struct buffer *command, int fact, const char *value)
{
    buffer_append_format(command, "(set -f; f=$({ set +f; %s; } 2>/dev/null) || exit 2; ",
                         fact_infos[fact].command);
    buffer_append_text(command, "for v in $f; do case $v in ");
    append_pattern(command, value);
    buffer_append_text(command, ") exit 0 ;; esac; done; [ -n \"$f\" ] || exit 2; exit 1)");
}

static void append_condition(struct buffer *command, const struct condition *condition,
                             const struct parameters *parameters);

/* DECIDES is the answer of one child that settles it, 1 for all and 0 for any. */
static void append_combination(struct buffer *command, const struct condition *condition,
                               const struct parameters *parameters, int decides)
{
    buffer_append_format(command, "(r=%d; ", 1 - decides);
    for (size_t i = 0; i < condition->child_count; i++) {
        append_condition(command, &condition->children[i], parameters);
        buffer_append_format(command, "; case $? in %d) exit %d ;; %d) ;; *) r=2 ;; esac; ",
                             decides, decides, 1 - decides);
    }
    buffer_append_text(command, "exit $r)");
}

static void append_leaf(struct buffer *command, const struct condition *condition,
                        const struct parameters *parameters)
{
    if (condition->kind == CONDITION_SHELL) {
        /* A shell of its own, so that a syntax error or an exit in the text stays in there. */
        AUTO_FREE char *text = parameters_expand_command(parameters, condition->argument);
        append_quoted_argument(command, "(/bin/sh -c ", text, ")");
        return;
    }
    AUTO_FREE char *argument = parameters_expand_text(parameters, condition->argument);
    if (condition->kind == CONDITION_COMMAND)
        append_quoted_argument(command, "(if command -v ", argument,
                               " >/dev/null 2>&1; then exit 0; else exit 1; fi)");
    else if (condition->kind == CONDITION_PATH)
        append_path(command, argument);
    else if (condition->kind == CONDITION_FACT)
        append_fact(command, condition->fact, argument);
    else
        append_process(command, argument);
}

static void append_condition(struct buffer *command, const struct condition *condition,
                             const struct parameters *parameters)
{
    switch (condition->kind) {
    case CONDITION_ALL:
        append_combination(command, condition, parameters, 1);
        break;
    case CONDITION_ANY:
        append_combination(command, condition, parameters, 0);
        break;
    case CONDITION_NOT:
        buffer_append_byte(command, '(');
        append_condition(command, &condition->children[0], parameters);
        buffer_append_text(command, "; case $? in 0) exit 1 ;; 1) exit 0 ;; *) exit 2 ;; esac)");
        break;
    default:
        append_leaf(command, condition, parameters);
        break;
    }
}

char *condition_command(const struct condition *condition, const struct parameters *parameters)
{
    struct buffer command = {0};
    append_condition(&command, condition, parameters);
    return buffer_take(&command);
}

static void describe_leaf(struct buffer *text, const struct condition *condition, bool is_met)
{
    const char *argument = condition->argument;
    switch (condition->kind) {
    case CONDITION_COMMAND:
        buffer_append_format(text, "there is %s command %s", is_met ? "a" : "no", argument);
        break;
    case CONDITION_PATH:
        buffer_append_format(text, is_met ? "%s exists" : "there is no %s", argument);
        break;
    case CONDITION_PROCESS:
        buffer_append_format(text, is_met ? "a process %s runs" : "no process %s runs", argument);
        break;
    case CONDITION_FACT:
        buffer_append_format(text, "the %s is %s%s", fact_infos[condition->fact].what,
                             is_met ? "" : "not ", argument);
        break;
    default:
        buffer_append_format(text, "the test '%s' %s", argument,
                             is_met ? "holds" : "does not hold");
        break;
    }
}

/* What is so when the condition is met, or unmet: an unmet "all" is "or" over its unmet parts. */
static void describe(struct buffer *text, const struct condition *condition, bool is_met,
                     bool is_nested)
{
    const char *words = is_met ? condition->met : condition->unmet;
    if (words != NULL) {
        buffer_append_text(text, words);
        return;
    }
    if (condition->kind == CONDITION_NOT) {
        describe(text, &condition->children[0], !is_met, is_nested);
        return;
    }
    if (condition->kind != CONDITION_ALL && condition->kind != CONDITION_ANY) {
        describe_leaf(text, condition, is_met);
        return;
    }
    bool has_parentheses = is_nested && condition->child_count > 1;
    const char *word = (condition->kind == CONDITION_ALL) == is_met ? " and " : " or ";
    buffer_append_text(text, has_parentheses ? "(" : "");
    for (size_t i = 0; i < condition->child_count; i++) {
        buffer_append_text(text, i == 0 ? "" : word);
        describe(text, &condition->children[i], is_met, is_nested || condition->child_count > 1);
    }
    buffer_append_text(text, has_parentheses ? ")" : "");
}

char *condition_describe_unmet(const struct condition *condition)
{
    struct buffer text = {0};
    describe(&text, condition, false, false);
    return buffer_take(&text);
}
