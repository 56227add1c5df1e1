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

/* Programs that look at a host, and that are a command of no shell. */
static const char *const programs[] = {
    "auditctl", "awk",         "cat",      "crictl",        "cut",        "df",
    "dmesg",    "dpkg-query",  "file",     "find",          "findmnt",    "getcap",
    "getent",   "getfacl",     "grep",     "groups",        "head",       "hostname",
    "id",       "ip",          "iptables", "iptables-save", "journalctl", "ldd",
    "loginctl", "ls",          "lsblk",    "lscpu",         "lsmod",      "lsns",
    "lsof",     "mount",       "nerdctl",  "nft",           "nproc",      "podman",
    "docker",   "ps",          "readlink", "rpm",           "sed",        "sort",
    "ss",       "sshd",        "stat",     "sysctl",        "systemctl",  "systemd-detect-virt",
    "tail",     "timedatectl", "tr",       "uname",         "uniq",       "wc",
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

static bool is_among(const char *const *words, size_t count, const char *word, size_t length)
{
    for (size_t i = 0; i < count; i++) {
        if (strlen(words[i]) == length && memcmp(word, words[i], length) == 0)
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
            if (is_name && is_among(reserved_words, LENGTH(reserved_words), next, length))
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

/* Whether the simple command at TEXT starts one of the known programs. */
static bool starts_program(const char *text)
{
    text += strspn(text, " \t");
    return is_among(programs, LENGTH(programs), text, word_length(text));
}

/* Whether COMMAND is plain; RET_PROGRAMS_ONLY tells whether every simple command starts a known
 * program. */
static bool look_at(const char *command, bool *ret_programs_only)
{
    bool programs_only = true;
    for (;;) {
        size_t length = simple_command_length(command);
        if (length == 0)
            return false;
        programs_only = programs_only && starts_program(command);
        *ret_programs_only = programs_only;
        command += length;
        if (*command == '\0')
            return true;
        length = joint_length(command);
        if (length == 0)
            return false;
        command += length;
    }
}

bool command_is_plain(const char *command)
{
    bool programs_only = false;
    return look_at(command, &programs_only);
}

/* What a shell expands can fail in the shell itself. */
bool command_is_harmless_to_shell(const char *command)
{
    bool programs_only = false;
    return look_at(command, &programs_only) && programs_only && strpbrk(command, "$*?[") == NULL;
}

void shell_append_quoted(struct buffer *text, const char *command)
{
    buffer_append_byte(text, '\'');
    for (;;) {
        size_t length = strcspn(command, "'");
        buffer_append(text, command, length);
        if (command[length] == '\0')
            break;
        buffer_append_text(text, "'\\''");
        command += length + 1;
    }
    buffer_append_byte(text, '\'');
}
