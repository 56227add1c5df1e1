/* SPDX-License-Identifier: Apache-2.0 */
#include "arguments.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

const struct option_spec common_options[] = {
    FLAG(0, "json", json, "print JSON, as walkdown-json(5) tells"),
    FLAG('q', "quiet", quiet, "print only what was asked for and errors"),
    FLAG(0, "no-color", no_color, "no colours, as with NO_COLOR in the environment"),
    FLAG('h', "help", help, "print this help"),
    {0},
};

static const struct option_spec *find_in(const struct option_spec *options, const char *name,
                                         size_t length, char letter)
{
    for (const struct option_spec *o = options; o && o->name; o++)
        if (letter ? o->letter == letter
                   : strlen(o->name) == length && strncmp(o->name, name, length) == 0)
            return o;
    return NULL;
}

static const struct option_spec *find_option(const struct command *command, const char *name,
                                             size_t length, char letter)
{
    const struct option_spec *option = find_in(command->options, name, length, letter);

    return option ? option : find_in(common_options, name, length, letter);
}

static void store(struct arguments *arguments, const struct option_spec *option, const char *value)
{
    char *member = (char *)arguments + option->offset;

    switch (option->type) {
    case OPTION_FLAG:
        *(bool *)(void *)member = true;
        break;
    case OPTION_VALUE:
        *(const char **)(void *)member = value;
        break;
    case OPTION_LIST:
        strings_push((struct strings *)(void *)member, value);
        break;
    }
}

/* The words that are left to parse. */
struct cursor {
    const struct command *command;
    char *const *words;
    int count, next;
};

static bool take_value(struct cursor *cursor, const char *shown, const char **ret_value,
                       struct error *error)
{
    if (cursor->next >= cursor->count)
        return error_set(error, ERROR_USAGE, "option '%s' needs a value", shown);
    *ret_value = cursor->words[cursor->next++];
    return true;
}

static bool parse_long(struct cursor *cursor, const char *word, struct arguments *arguments,
                       struct error *error)
{
    size_t length = strcspn(word + 2, "=");
    const char *value = word[2 + length] == '=' ? word + 2 + length + 1 : NULL;
    const struct option_spec *option = find_option(cursor->command, word + 2, length, 0);

    if (!option)
        return error_set(error, ERROR_USAGE, "'%s' has no option '%.*s'", cursor->command->name,
                         (int)length + 2, word);
    if (option->type == OPTION_FLAG && value)
        return error_set(error, ERROR_USAGE, "option '--%s' takes no value", option->name);
    if (option->type != OPTION_FLAG && !value && !take_value(cursor, word, &value, error))
        return false;
    store(arguments, option, value);
    return true;
}

/* "-q", "-tNAME", "-t NAME", "-qj4" */
static bool parse_short(struct cursor *cursor, const char *word, struct arguments *arguments,
                        struct error *error)
{
    for (const char *at = word + 1; *at; at++) {
        const struct option_spec *option = find_option(cursor->command, NULL, 0, *at);
        const char *value = at + 1;
        if (!option)
            return error_set(error, ERROR_USAGE, "'%s' has no option '-%c'", cursor->command->name,
                             *at);
        if (option->type == OPTION_FLAG) {
            store(arguments, option, NULL);
            continue;
        }
        if (!*value && !take_value(cursor, word, &value, error))
            return false;
        store(arguments, option, value);
        break;
    }
    return true;
}

static bool check_words(const struct command *command, const struct arguments *arguments,
                        struct error *error)
{
    if (arguments->help)
        return true;
    if (arguments->word_count < command->words_min)
        return error_set(error, ERROR_USAGE, "'%s' needs %s", command->name, command->words);
    if (arguments->word_count > command->words_max)
        return error_set(error, ERROR_USAGE, "'%s' does not know what to do with '%s'",
                         command->name, arguments->words[command->words_max]);
    return true;
}

bool arguments_parse(const struct command *command, int count, char *const *words,
                     struct arguments *ret_arguments, struct error *error)
{
    struct cursor cursor = {command, words, count, 0};
    bool only_words = false, ok = true;

    *ret_arguments = (struct arguments){0};
    while (ok && cursor.next < count) {
        const char *word = words[cursor.next++];
        if (!only_words && strcmp(word, "--") == 0)
            only_words = true;
        else if (!only_words && strncmp(word, "--", 2) == 0)
            ok = parse_long(&cursor, word, ret_arguments, error);
        else if (!only_words && word[0] == '-' && word[1])
            ok = parse_short(&cursor, word, ret_arguments, error);
        else if (ret_arguments->word_count < LENGTH(ret_arguments->words))
            ret_arguments->words[ret_arguments->word_count++] = word;
        else
            ok = error_set(error, ERROR_USAGE, "too many words on the command line");
    }
    if (!ok || !check_words(command, ret_arguments, error)) {
        error_hint(error, "'walkdown help %s' tells how to use it", command->name);
        arguments_release(ret_arguments);
        return false;
    }
    return true;
}

void arguments_release(struct arguments *arguments)
{
    strings_release(&arguments->checklists);
    strings_release(&arguments->targets);
    strings_release(&arguments->parameters);
    strings_release(&arguments->recipients);
}

static void help_options(const struct option_spec *options, struct buffer *text)
{
    for (const struct option_spec *o = options; o && o->name; o++) {
        char left[64];
        char letter[8] = "    ";
        if (o->letter)
            snprintf(letter, sizeof(letter), "-%c, ", o->letter);
        snprintf(left, sizeof(left), "%s--%s%s%s", letter, o->name, o->value ? " " : "",
                 o->value ? o->value : "");
        if (strlen(left) <= 26)
            buffer_append_format(text, "  %-26s  %s\n", left, o->help);
        else
            buffer_append_format(text, "  %s\n  %-26s  %s\n", left, "", o->help);
    }
}

void arguments_help(const struct command *command, struct buffer *text)
{
    buffer_append_format(text, "Usage: walkdown %s%s%s%s\n\n%c%s.\n", command->name,
                         command->options ? " [OPTIONS]" : "", *command->words ? " " : "",
                         command->words, toupper((unsigned char)command->summary[0]),
                         command->summary + 1);
    if (command->details)
        buffer_append_format(text, "\n%s\n", command->details);
    buffer_append_text(text, "\nOptions:\n");
    help_options(command->options, text);
    help_options(common_options, text);
}
