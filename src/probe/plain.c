/* SPDX-License-Identifier: Apache-2.0 */
#include "plain.h"

#include "base/memory.h"

/* Words that some shell reads as syntax where a command's name is expected. */
static const char *const reserved_words[] = {
    "case", "coproc",  "declare", "do",        "done",      "elif",     "else",     "end",
    "esac", "export",  "fi",      "float",     "for",       "foreach",  "function", "if",
    "in",   "integer", "local",   "namespace", "nocorrect", "readonly", "repeat",   "select",
    "then", "time",    "typeset", "until",     "while",     "alias",    "unalias",  "noglob",
};

static bool is_word_byte(char byte)
{
    return byte != '\0' && (strchr("_./:@%+,=*?-", byte) != NULL || (byte >= '0' && byte <= '9') ||
                            (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z'));
}

static bool is_name_start(char byte)
{
    return byte == '_' || (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z');
}

static bool is_reserved(const char *word, size_t length)
{
    for (size_t i = 0; i < LENGTH(reserved_words); i++) {
        if (strlen(reserved_words[i]) == length && memcmp(word, reserved_words[i], length) == 0)
            return true;
    }
    return false;
}

static bool is_blank_or_end(char byte)
{
    return byte == ' ' || byte == '\t' || byte == '\0';
}

/* The length of one word at TEXT, 0 for none that is plain. A bracket inside a word may begin the
 * subscript of an array, which bash reads across everything up to its end. */
static size_t word_length(const char *text)
{
    size_t length = 0;
    if ((text[0] == '[' || text[0] == ']') && is_blank_or_end(text[1]))
        return 1;
    for (;;) {
        const char *next = text + length;
        if (*next == '\'') {
            const char *end = strchr(next + 1, '\'');
            if (end == NULL)
                return 0;
            length = (size_t)(end - text) + 1;
        } else if (*next == '"') {
            size_t inside = strcspn(next + 1, "\"$`\\!");
            if (next[inside + 1] != '"')
                return 0;
            length += inside + 2;
        } else if (is_word_byte(*next) || (*next == '$' && is_name_start(next[1]))) {
            length++;
        } else {
            return length;
        }
    }
}

/* The length of a redirection at TEXT, 0 for none of the plain ones. */
static size_t redirection_length(const char *text)
{
    static const char *const known[] = {"2>&1", "2>/dev/null", ">/dev/null", "</dev/null"};
    for (size_t i = 0; i < LENGTH(known); i++) {
        size_t length = strlen(known[i]);
        if (strncmp(text, known[i], length) == 0 && !is_word_byte(text[length]))
            return length;
    }
    return 0;
}

/* The length of what joins two commands at TEXT. */
static size_t joint_length(const char *text)
{
    if (strncmp(text, "&&", 2) == 0 || strncmp(text, "||", 2) == 0)
        return 2;
    return (text[0] == ';' && text[1] != ';') || (text[0] == '|' && text[1] != '&') ? 1 : 0;
}

/* The length of a simple command at TEXT with the blanks around it, 0 for none that is plain. In
 * zsh a reserved word is one behind an assignment, too. */
static size_t simple_command_length(const char *text)
{
    const char *next = text;
    size_t words = 0;
    bool is_name = true;
    for (;;) {
        next += strspn(next, " \t");
        size_t length = redirection_length(next);
        if (length == 0) {
            length = word_length(next);
            words += length > 0 ? 1 : 0;
            if (is_name && is_reserved(next, length))
                return 0;
            is_name = is_name && memchr(next, '=', length) != NULL;
        }
        if (length == 0)
            return words > 0 ? (size_t)(next - text) : 0;
        next += length;
        if (!is_blank_or_end(*next) && joint_length(next) == 0)
            return 0;
    }
}

bool command_is_plain(const char *command)
{
    for (;;) {
        size_t length = simple_command_length(command);
        if (length == 0)
            return false;
        command += length;
        if (*command == '\0')
            return true;
        length = joint_length(command);
        if (length == 0)
            return false;
        command += length;
    }
}
