/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rule behind all this: what was not seen is not known to be fine. A tool that is not there, a
 * right that is missing and a clock that ran out all leave empty output, which looks like "nothing
 * bad found".
 */
#include "testimony.h"

#include "quote.h"

#include <ctype.h>

/* What tools say on stderr when they could not see everything. Lower case. */
static const char *const refusals[] = {
    "incomplete: ", /* what a probe says of itself */
    "permission denied",
    "operation not permitted",
    "access denied",
    "access is denied",
    "not permitted",
    "be root",
    "run as root",
    "only root",
    "root privileges",
    "root permissions",
    "requires root",
    "superuser",
    "insufficient privileges",
    "a password is required",
    "a terminal is required",
    "authentication is required",
    "authentication required",
    "not in the sudoers",
    "may not run sudo",
    "not allowed to execute",
    "run with sudo",
    "no new privileges",
    "command not found",
    "inaccessible or not found",
    "unrecognized: -", /* an option that this tool does not have: busybox, GNU, BSD, util-linux */
    "unrecognized option",
    "unrecognised option",
    "unknown option",
    "unknown predicate",
    "invalid option",
    "illegal option",
    "cannot execute",
    "cannot connect to",
    "could not connect",
    "failed to connect",
    "unable to connect",
    "connection refused",
    "was refused",
    "can't operate",
    "cannot open netlink",
    "function not implemented",
    "cannot allocate memory",
    "out of memory",
    "cannot fork",
    "resource temporarily unavailable",
    "input/output error",
    "file size limit exceeded",
    "cpu time limit exceeded",
    "too many open files",
};
/* How shells end the line about a tool that is not there: "sh: 1: lsns: not found". */
static const char not_found[] = ": not found";

/* A cap on what is searched; more noise than this is no sign of a complete answer. */
#define SEARCHED_MAX_BYTES (256 * 1024)

static bool ends_line(const char *text, size_t length, size_t offset)
{
    return offset == length || text[offset] == '\n' || text[offset] == '\r';
}

static const char *find_not_found(const char *text, size_t length)
{
    size_t size = sizeof(not_found) - 1;
    const char *end = text + length;
    for (const char *found = text;
         (found = memmem(found, (size_t)(end - found), not_found, size)) != NULL; found++)
        if (ends_line(text, length, (size_t)(found - text) + size))
            return found;
    return NULL;
}

/* Where stderr tells of a refusal; NULL when it does not. */
static const char *find_refusal(const char *err, size_t length)
{
    AUTO_FREE char *lower = memory_copy(err, length);
    for (size_t i = 0; i < length; i++)
        lower[i] = (char)tolower((unsigned char)lower[i]);
    const char *found = find_not_found(lower, length);
    for (size_t i = 0; i < LENGTH(refusals) && found == NULL; i++)
        found = memmem(lower, length, refusals[i], strlen(refusals[i]));
    return found == NULL ? NULL : err + (found - lower);
}

static void quote_line_around(struct buffer *text, const char *err, size_t length,
                              const char *place)
{
    const char *before = memrchr(err, '\n', (size_t)(place - err));
    const char *start = before == NULL ? err : before + 1;
    const char *end = memchr(place, '\n', length - (size_t)(place - err));
    quote_append(text, start, (size_t)((end == NULL ? err + length : end) - start));
}

/* What sudo says before all else on a host that does not know its own name. */
static const char sudo_noise[] = "sudo: unable to resolve host ";

static size_t past_blanks(const struct judge_evidence *record, size_t start)
{
    while (start < record->err_length && isspace((unsigned char)record->err[start]))
        start++;
    return start;
}

static void quote_first_line(struct buffer *text, const struct judge_evidence *record)
{
    size_t start = past_blanks(record, 0);
    if (start == record->err_length)
        return;
    size_t noise = sizeof(sudo_noise) - 1;
    if (record->err_length - start > noise && memcmp(record->err + start, sudo_noise, noise) == 0) {
        const char *end = memchr(record->err + start, '\n', record->err_length - start);
        size_t next =
            end == NULL ? record->err_length : past_blanks(record, (size_t)(end - record->err));
        if (next < record->err_length)
            start = next;
    }
    buffer_append_text(text, ": ");
    quote_line_around(text, record->err, record->err_length, record->err + start);
}

/* Up to the last line feed: the rest of the last line never came. */
static size_t whole_lines(const char *bytes, size_t length)
{
    const char *end = length == 0 ? NULL : memrchr(bytes, '\n', length);
    return end == NULL ? 0 : (size_t)(end - bytes) + 1;
}

static void append_size(struct buffer *text, size_t bytes)
{
    if (bytes % (1024 * 1024) == 0)
        buffer_append_format(text, "%zu MiB", bytes / (1024 * 1024));
    else if (bytes % 1024 == 0)
        buffer_append_format(text, "%zu KiB", bytes / 1024);
    else
        buffer_append_format(text, "%zu bytes", bytes);
}

static void append_time(struct buffer *text, int ms)
{
    if (ms % 1000 == 0)
        buffer_append_format(text, "%d s", ms / 1000);
    else
        buffer_append_format(text, "%d ms", ms);
}

/* PROBE is NULL for the condition. */
static void describe_outcome(struct buffer *text, const struct check_probe *probe,
                             const struct judge_evidence *record, const char *name)
{
    switch (record->outcome) {
    case OUTCOME_TIMEOUT:
        buffer_append_format(text, "%s was stopped at its deadline", name);
        if (probe != NULL) {
            buffer_clear(text);
            buffer_append_format(text, "%s was stopped after ", name);
            append_time(text, probe->timeout_ms);
        }
        break;
    case OUTCOME_TRUNCATED:
        buffer_append_format(text, "the output of %s was longer than ", name);
        append_size(text, probe == NULL ? PROBE_OUTPUT_BYTES_DEFAULT : probe->output_max_bytes);
        break;
    case OUTCOME_CUT:
        buffer_append_format(text, "the connection ended before %s did", name);
        break;
    case OUTCOME_NO_FRAME:
        buffer_append_format(text, "the script of %s did not reach a working shell", name);
        break;
    case OUTCOME_REFUSED:
        buffer_append_format(text, "the right to run %s as root was refused", name);
        if (record->command != NULL) {
            buffer_append_text(text, " (");
            quote_append_text(text, record->command);
            buffer_append_byte(text, ')');
        }
        break;
    case OUTCOME_CANCELLED:
        buffer_append_format(text, "%s was cancelled", name);
        break;
    case OUTCOME_NOT_RUN:
        buffer_append_format(text, "%s was not run", name);
        break;
    case OUTCOME_UNREACHABLE:
        buffer_append_format(text, "the target could not be reached for %s", name);
        break;
    default:
        buffer_append_format(text, "%s ended in a way that is not known", name);
        break;
    }
    if (record->detail != NULL && record->detail[0] != '\0') {
        buffer_append_text(text, ": ");
        quote_append_detail(text, record->detail);
    }
}

/* PROBE is NULL for the condition, whose own way to say "could not tell" is exit status 2. */
static void describe_exit(struct buffer *text, const struct check_probe *probe, const char *name,
                          const struct judge_evidence *record)
{
    int status = record->exit_status;
    if (probe == NULL && status == 2)
        buffer_append_text(text, "it cannot be told from here whether the check applies");
    else if (status == 127)
        buffer_append_format(text, "the target has no such tool as %s needs", name);
    else if (status == 126)
        buffer_append_format(text, "%s could not start its tool", name);
    else if (status == 128 + 25) /* SIGXFSZ */
        buffer_append_format(text, "%s tried to write a file, which probes may not", name);
    else if (status == 128 + 24) /* SIGXCPU */
        buffer_append_format(text, "%s used too much processor time", name);
    else
        buffer_append_format(text, "%s ended with exit status %d, which is no answer", name,
                             status);
    quote_first_line(text, record);
}

/* The worth of a probe that was stopped: what it said until then is true, but not all. */
static enum testimony_worth worth_of(enum outcome outcome)
{
    switch (outcome) {
    case OUTCOME_DONE:
        return TESTIMONY_COMPLETE;
    case OUTCOME_TIMEOUT:
    case OUTCOME_TRUNCATED:
    case OUTCOME_CUT:
    case OUTCOME_CANCELLED:
        return TESTIMONY_PARTIAL;
    default:
        return TESTIMONY_BLOCKED;
    }
}

static void weigh_done(struct testimony *testimony, const struct check_probe *probe,
                       const char *name, const struct judge_evidence *record, struct buffer *reason)
{
    /* The condition answers with 0 or 1. */
    static const bool yes_or_no[256] = {true, true};
    const bool *exits = probe == NULL ? yes_or_no : probe->exits;
    int status = record->exit_status;
    if (status < 0 || status > 255 || status == 126 || status == 127 || !exits[status]) {
        testimony->worth = TESTIMONY_BLOCKED;
        describe_exit(reason, probe, name, record);
        return;
    }
    testimony->has_exit_status = true;
    testimony->exit_status = status;
    size_t searched =
        record->err_length > SEARCHED_MAX_BYTES ? SEARCHED_MAX_BYTES : record->err_length;
    const char *refusal = find_refusal(record->err, searched);
    if (refusal == NULL && searched == record->err_length)
        return;
    testimony->worth = TESTIMONY_PARTIAL;
    buffer_append_format(reason, "%s could not see everything: ", name);
    if (refusal != NULL)
        quote_line_around(reason, record->err, record->err_length, refusal);
    else
        buffer_append_text(reason, "it complained at length");
}

static void weigh(struct testimony *testimony, const struct check_probe *probe, const char *name,
                  const struct judge_evidence *record)
{
    struct buffer reason = {0};
    *testimony = (struct testimony){.worth = worth_of(record->outcome),
                                    .out = record->out,
                                    .out_length = record->out_length,
                                    .err = record->err,
                                    .err_length = record->err_length};
    if (record->outcome == OUTCOME_DONE) {
        weigh_done(testimony, probe, name, record, &reason);
    } else {
        describe_outcome(&reason, probe, record, name);
        testimony->out_length = whole_lines(record->out, record->out_length);
        testimony->err_length = whole_lines(record->err, record->err_length);
    }
    if (testimony->worth == TESTIMONY_COMPLETE)
        buffer_release(&reason);
    else
        testimony->reason = buffer_take(&reason);
}

void testimony_weigh(const struct check_probe *probe, const struct judge_evidence *record,
                     struct testimony *ret_testimony)
{
    AUTO_FREE char *name = memory_format("the probe '%s'", probe->id);
    if (record == NULL)
        *ret_testimony = (struct testimony){
            .worth = TESTIMONY_MISSING, .reason = memory_format("%s has not been run yet", name)};
    else
        weigh(ret_testimony, probe, name, record);
}

void testimony_weigh_condition(const struct judge_evidence *record, struct testimony *ret_testimony)
{
    if (record == NULL)
        *ret_testimony = (struct testimony){
            .worth = TESTIMONY_MISSING,
            .reason = memory_copy_text("whether the check applies has not been looked at yet")};
    else
        weigh(ret_testimony, NULL, "the test whether the check applies", record);
}

void testimony_release(struct testimony *testimony)
{
    free(testimony->reason);
    *testimony = (struct testimony){0};
}

const struct judge_evidence *testimony_find_record(const struct judge_case *matter,
                                                   const char *probe)
{
    for (size_t i = 0; i < matter->evidence_count; i++)
        if (strcmp(matter->evidence[i].probe, probe) == 0)
            return &matter->evidence[i];
    return NULL;
}

struct testimony *testimonies_new(const struct judge_case *matter)
{
    const struct check *check = matter->check;
    struct testimony *testimonies = memory_new(check->probe_count, sizeof(*testimonies));
    for (size_t i = 0; i < check->probe_count; i++)
        testimony_weigh(&check->probes[i], testimony_find_record(matter, check->probes[i].id),
                        &testimonies[i]);
    return testimonies;
}

void testimonies_free(struct testimony *testimonies, size_t count)
{
    for (size_t i = 0; i < count; i++)
        testimony_release(&testimonies[i]);
    free(testimonies);
}
