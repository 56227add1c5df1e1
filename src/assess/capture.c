/* SPDX-License-Identifier: Apache-2.0 */
#include "capture.h"

#include "assess/policy.h"
#include "checklist/secrets.h"

#include <string.h>

enum action { ACTION_STORE, ACTION_MASK, ACTION_DROP };
static const char *const action_texts[] = {"store", "mask", "drop"};

/* What was found in a stream by one rule. */
struct tally {
    const char *rule;
    enum action action;
    size_t count, bytes;
};

struct capture {
    const struct session *session;
    const struct buffer *in;
    struct buffer *out;
    size_t at; /* what lies before is in OUT */
    struct tally *tallies;
    size_t tally_count;
};

bool capture_prepare(struct session *session, struct error *error)
{
    AUTO(secret_rules) struct secret_rules *rules = NULL;

    if (!secret_rules_load(&rules, error)) {
        error_prefix(error, "secrets could not be kept out of the evidence");
        return false;
    }
    secret_rules_free(session->secret_rules);
    session->secret_rules = take(&rules);
    return policy_read(session, POLICY_SECRETS, &session->secret_policy, error);
}

/* What is said of this rule, else of all, else to mask. */
static enum action action_for(const struct session *session, const char *rule)
{
    const char *text = policy_value(&session->secret_policy, rule);

    if (!text)
        text = policy_value(&session->secret_policy, "all");
    for (size_t i = 0; text && i < LENGTH(action_texts); i++)
        if (strcmp(text, action_texts[i]) == 0)
            return (enum action)i;
    return ACTION_MASK;
}

static void count(struct capture *capture, const struct secret *secret, enum action action)
{
    struct tally *tally = NULL;

    for (size_t i = 0; i < capture->tally_count && !tally; i++)
        if (strcmp(capture->tallies[i].rule, secret->rule) == 0)
            tally = &capture->tallies[i];
    if (!tally) {
        tally = array_push(capture->tallies, capture->tally_count);
        *tally = (struct tally){.rule = secret->rule, .action = action};
    }
    tally->count++;
    tally->bytes += secret->length;
}

/* Everything up to START as it is, MARK in the place of what lies before END. Lines keep their
 * numbers. */
static void replace(struct capture *capture, size_t start, size_t end, const char *mark)
{
    const char *bytes = capture->in->data;

    if (start > capture->at)
        buffer_append(capture->out, bytes + capture->at, start - capture->at);
    buffer_append_text(capture->out, mark);
    for (size_t i = start; i < end; i++)
        if (bytes[i] == '\n')
            buffer_append_byte(capture->out, '\n');
    capture->at = end;
}

static void mask(struct capture *capture, const struct secret *secret)
{
    AUTO_FREE char *mark = memory_format("[masked %zu bytes: %s]", secret->length, secret->rule);

    replace(capture, secret->offset, secret->offset + secret->length, mark);
}

/* The whole lines that it lies in. */
static void drop(struct capture *capture, const struct secret *secret)
{
    const struct buffer *in = capture->in;
    size_t start = secret->offset, end = secret->offset + secret->length;
    AUTO_FREE char *mark = memory_format("[dropped: %s]", secret->rule);

    while (start > capture->at && in->data[start - 1] != '\n')
        start--;
    while (end < in->length && in->data[end] != '\n')
        end++;
    replace(capture, start, end, mark);
}

static void treat(struct capture *capture, const struct secret *secret)
{
    enum action action = action_for(capture->session, secret->rule);

    count(capture, secret, action);
    if (secret->offset < capture->at) /* on a line that was dropped */
        return;
    if (action == ACTION_MASK)
        mask(capture, secret);
    else if (action == ACTION_DROP)
        drop(capture, secret);
}

static void tell(const struct capture *capture, const char *stream, json_t *masked)
{
    for (size_t i = 0; i < capture->tally_count; i++) {
        const struct tally *tally = &capture->tallies[i];
        json_array_append_new(
            masked, json_pack("{s:s, s:s, s:s, s:I, s:I}", "stream", stream, "rule", tally->rule,
                              "action", action_texts[tally->action], "count",
                              (json_int_t)tally->count, "bytes", (json_int_t)tally->bytes));
    }
}

/* Returns whether OUT is to be stored in the place of IN. */
static bool treat_stream(const struct session *session, const struct buffer *in, struct buffer *out,
                         const char *stream, json_t *masked)
{
    struct capture capture = {.session = session, .in = in, .out = out};
    size_t found_count;
    AUTO_FREE struct secret *found =
        secrets_find(session->secret_rules, buffer_text(in), in->length, &found_count);

    for (size_t i = 0; i < found_count; i++)
        treat(&capture, &found[i]);
    if (capture.at > 0)
        buffer_append(out, in->data + capture.at, in->length - capture.at);
    if (masked)
        tell(&capture, stream, masked);
    free(capture.tallies);
    return capture.at > 0;
}

void capture_result(const struct session *session, const struct step_result *result,
                    struct captured *ret_captured)
{
    struct captured *captured = ret_captured;

    *captured = (struct captured){.out = &result->out, .err = &result->err, .masked = json_array()};
    if (treat_stream(session, &result->out, &captured->own_out, "stdout", captured->masked))
        captured->out = &captured->own_out;
    if (treat_stream(session, &result->err, &captured->own_err, "stderr", captured->masked))
        captured->err = &captured->own_err;
    captured->is_changed = captured->out != &result->out || captured->err != &result->err;
}

void captured_release(struct captured *captured)
{
    buffer_release(&captured->own_out);
    buffer_release(&captured->own_err);
    json_decref(captured->masked);
}

char *capture_text(const struct session *session, const char *text)
{
    AUTO_RELEASE(buffer) struct buffer in = {0};
    AUTO_RELEASE(buffer) struct buffer out = {0};

    buffer_append_text(&in, text);
    if (!treat_stream(session, &in, &out, "", NULL))
        return memory_copy_text(text);
    return buffer_take(&out);
}
