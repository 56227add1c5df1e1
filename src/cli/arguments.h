/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The command line: each command declares its options as data, which feeds the parser, the help
 * text and the usage line alike.
 */
#ifndef CLI_ARGUMENTS_H
#define CLI_ARGUMENTS_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stddef.h>

/* What any command can be told; a command reads the members that its options name. */
struct arguments {
    const char *words[64]; /* what is no option, in order */
    size_t word_count;
    bool json, quiet, no_color, plain, help;
    const char *config;
    struct strings checklists, targets, parameters, recipients;
    const char *target, *area, *check, *title, *verdict, *note, *because, *suggested;
    const char *jobs, *consent, *accept_hostkey, *identity, *role, *statement, *allowed_signers,
        *revoked;
    const char *category, *reason, *control, *risk, *requester, *approver, *ticket, *from, *until;
    const char *severity, *description, *recommendation, *cvss, *owner, *due, *state;
    const char *why, *lines, *bytes, *receipt, *to;
    const char *format, *output, *worker, *kind, *record, *user, *target_file, *group, *save_frames;
    const char *rate, *tools;
    bool dry_run, allow_password, sudo_password, despite_problems, print_text, read_only, force,
        redo, missing;
    bool secrets, everything, is_stderr, check_only, raw, declared, show, map;
};

enum option_type { OPTION_FLAG, OPTION_VALUE, OPTION_LIST };

struct option_spec {
    char letter; /* 0: none */
    const char *name;
    enum option_type type;
    const char *value; /* what the help calls the value */
    const char *help;
    size_t offset; /* of the member of struct arguments */
};
#define FLAG(letter, name, member, help)                                                           \
    {                                                                                              \
        letter, name, OPTION_FLAG, NULL, help, offsetof(struct arguments, member)                  \
    }
#define VALUE(letter, name, value, member, help)                                                   \
    {                                                                                              \
        letter, name, OPTION_VALUE, value, help, offsetof(struct arguments, member)                \
    }
#define LIST(letter, name, value, member, help)                                                    \
    {                                                                                              \
        letter, name, OPTION_LIST, value, help, offsetof(struct arguments, member)                 \
    }

struct command {
    const char *name;
    const char *words; /* "FILE CHECK" for the usage line */
    size_t words_min, words_max;
    const char *summary;                           /* one line, lower case */
    const char *details;                           /* paragraphs for the help; may be NULL */
    const struct option_spec *options;             /* ends with a zeroed one; NULL: none */
    int (*run)(const struct arguments *arguments); /* the exit status */
};

/* The options that every command takes. */
extern const struct option_spec common_options[];

/* Parse what follows the command's name. ERROR_USAGE names the word that does not fit. */
bool arguments_parse(const struct command *command, int count, char *const *words,
                     struct arguments *ret_arguments, struct error *error) MUST_USE;
void arguments_release(struct arguments *arguments);
/* Append the help of a command: usage, what it does, options. */
void arguments_help(const struct command *command, struct buffer *text);

#endif
