/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What commands print. Text is collected in a buffer, made safe for a terminal where it may come
 * from others, and written once. Colour only on a terminal, never as the only sign, never with
 * NO_COLOR.
 */
#ifndef CLI_OUTPUT_H
#define CLI_OUTPUT_H

#include "arguments.h"
#include "base/buffer.h"
#include "base/error.h"
#include "base/json.h"

/* 6-commands: what the process says when it ends. */
enum exit_status {
    EXIT_DONE = 0,
    EXIT_NO = 1, /* the answer is no */
    EXIT_USAGE = 2,
    EXIT_GATE = 3,
    EXIT_UNREACHABLE = 4,
    EXIT_REVIEW_FILE = 5,
    EXIT_NOT_PROVEN = 6, /* verify: intact, completeness not proven */
    EXIT_UNSIGNED = 7,   /* verify: intact, entries after the last sign-off */
    EXIT_CANNOT = 8      /* verify: cannot tell */
};

enum style { STYLE_PLAIN, STYLE_BOLD, STYLE_DIM, STYLE_GOOD, STYLE_BAD, STYLE_WARN, STYLE_NOTE };

struct output {
    struct buffer text;
    bool has_color;
};

void output_init(struct output *output, const struct arguments *arguments);
void output_release(struct output *output);
/* Our own text, as it is. */
void output_add(struct output *output, const char *format, ...) PRINTF_LIKE(2, 3);
/* Text of others on one line, cut with an ellipsis at COLUMNS and padded to it; 0: as it is. */
void output_safe(struct output *output, const char *text, int columns);
/* Text of others with its lines, each with INDENT blanks in front. */
void output_lines(struct output *output, const char *text, int indent);
/* Our own text in a style. */
void output_styled(struct output *output, enum style style, const char *text);
enum style style_of_verdict(const char *verdict);
/* Write everything to stdout. Returns an exit status: EXIT_DONE, or EXIT_NO when it cannot. */
int output_write(struct output *output);
/* Write a report, whose format has made it safe, to stdout. */
bool output_report(const struct buffer *text, struct error *error) MUST_USE;
/* Write what was collected over the last line of stderr, a terminal. */
void output_progress(const struct output *line);
/* Write a question, which is safe, to the terminal FD. */
void output_ask(int fd, const char *text);
/* Write JSON to stdout; takes the reference. */
int output_json(json_t *json);
/* "walkdown: WHAT: WHY" and the hint, on stderr. Returns the exit status that fits the error. */
int output_error(const struct error *error, const char *what);
/* A line for the user on stderr, made safe. */
void output_note(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
