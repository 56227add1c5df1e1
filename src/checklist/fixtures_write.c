/* SPDX-License-Identifier: Apache-2.0 */
/* Fixtures as YAML: block texts, so that recorded output reads as it was. */
#include "base/buffer.h"
#include "base/utf8.h"
#include "checklist/fixtures.h"
#include "node.h"
#include "source.h"

static bool can_be_written(const char *text)
{
    size_t length = strlen(text);
    for (size_t i = 0; i < length;) {
        int32_t c;
        i += utf8_decode(text + i, length - i, &c);
        if (c < 0 || !source_allows(c))
            return false;
    }
    return length < NODE_TEXT_MAX_BYTES;
}

/* "KEY: |" and the lines; the indicator counts where the first line begins with a blank. */
static void write_block(struct buffer *text, int indent, const char *key, const char *value)
{
    bool needs_indicator = value[0] == ' ' || value[0] == '\n' || value[0] == '\t';
    buffer_append_format(text, "%*s%s: |%s\n", indent, "", key, needs_indicator ? "2" : "");
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, value, '\n');
    while (lines.count > 0 && lines.items[lines.count - 1][0] == '\0')
        free(lines.items[--lines.count]);
    for (size_t i = 0; i < lines.count; i++)
        buffer_append_format(text, "%*s%s\n", lines.items[i][0] == '\0' ? 0 : indent + 2, "",
                             lines.items[i]);
}

static bool is_blank(const char *text)
{
    return text[strspn(text, "\n")] == '\0';
}

static bool write_answer(const struct fixture_answer *answer, struct buffer *text,
                         struct error *error)
{
    if (!can_be_written(answer->out) || !can_be_written(answer->err)) {
        error_set(error, ERROR_UNSUPPORTED,
                  "the output of probe '%s' holds bytes that a fixture cannot hold, or too many",
                  answer->probe);
        return error_hint(error, "let the probe print text, and cut it small on the target");
    }
    buffer_append_format(text, "      %s:\n        exit: %d\n", answer->probe, answer->exit_status);
    if (strcmp(answer->outcome, "done") != 0)
        buffer_append_format(text, "        outcome: %s\n", answer->outcome);
    if (!is_blank(answer->out))
        write_block(text, 8, "stdout", answer->out);
    if (!is_blank(answer->err))
        write_block(text, 8, "stderr", answer->err);
    return true;
}

static void write_when(const struct fixture_answer *answer, struct buffer *text)
{
    if (strcmp(answer->outcome, "done") == 0)
        buffer_append_format(text, "    when: %d\n", answer->exit_status);
    else
        buffer_append_format(text, "    when: {outcome: %s}\n", answer->outcome);
}

/* In single quotes, where only the quote itself needs care. */
static void write_quoted(struct buffer *text, const char *value)
{
    buffer_append_byte(text, '\'');
    for (const char *c = value; *c != '\0'; c++)
        buffer_append_text(text, *c == '\'' ? "''" : (const char[]){*c, '\0'});
    buffer_append_byte(text, '\'');
}

static void write_parameters(const struct fixture *fixture, struct buffer *text)
{
    if (fixture->parameter_count > 0)
        buffer_append_text(text, "    params:\n");
    for (size_t i = 0; i < fixture->parameter_count; i++) {
        const struct fixture_parameter *parameter = &fixture->parameters[i];
        buffer_append_format(text, "      %s: [", parameter->id);
        for (size_t j = 0; j < parameter->values.count; j++) {
            buffer_append_text(text, j == 0 ? "" : ", ");
            write_quoted(text, parameter->values.items[j]);
        }
        buffer_append_text(text, "]\n");
    }
}

bool fixture_write(const struct fixture *fixture, struct buffer *text, struct error *error)
{
    bool has_probes = false;
    buffer_append_format(text, "  - check: %s\n    suggests: %s\n", fixture->check,
                         fixture->suggests);
    if (fixture->note[0] != '\0')
        write_block(text, 4, "note", fixture->note);
    if (fixture->now != NULL)
        buffer_append_format(text, "    now: %s\n", fixture->now);
    write_parameters(fixture, text);
    for (size_t i = 0; i < fixture->answer_count; i++) {
        const struct fixture_answer *answer = &fixture->answers[i];
        if (strcmp(answer->probe, "when") == 0) {
            write_when(answer, text);
            continue;
        }
        if (!has_probes)
            buffer_append_text(text, "    probes:\n");
        has_probes = true;
        if (!write_answer(answer, text, error))
            return false;
    }
    return true;
}

void fixtures_write_head(const char *checklist, struct buffer *text)
{
    buffer_append_format(
        text,
        "# SPDX-License-Identifier: Apache-2.0\n"
        "# What probes said, and what has to be suggested; 'walkdown test' replays "
        "it.\nwalkdown-fixtures: 1\nchecklist: %s\nfixtures:\n",
        checklist);
}
