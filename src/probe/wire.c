/* SPDX-License-Identifier: Apache-2.0 */
#include "wire.h"

#include "base/array.h"

enum { JUMPS_MAX = 4096 };

static bool malformed(struct error *error, const char *what)
{
    return error_set(error, ERROR_INVALID, "malformed message: %s", what);
}

static void put_text(json_t *body, const char *key, const char *text)
{
    if (text != NULL)
        json_object_set_new(body, key, json_text(text));
}

static void put_integer(json_t *body, const char *key, int64_t number)
{
    json_object_set_new(body, key, json_integer(number));
}

static void put_bool(json_t *body, const char *key, bool value)
{
    json_object_set_new(body, key, json_boolean(value));
}

/* A copy; NULL where there is none. */
static char *copy_member(const json_t *body, const char *key)
{
    return memory_copy_text(json_member_text(body, key, NULL));
}

/* Borrowed, for a member of a structure that is read only. */
static char *borrow_member(const json_t *body, const char *key)
{
    return (char *)(uintptr_t)json_member_text(body, key, "");
}

static void send_body(struct buffer *out, enum message_type type, json_t *body)
{
    message_write(out, type, body, NULL, 0);
    json_decref(body);
}

/* ---- host keys ---- */

static void put_hostkey(json_t *body, const struct hostkey *hostkey)
{
    put_text(body, "key_host", hostkey->host);
    put_integer(body, "key_port", hostkey->port);
    put_text(body, "key_type", hostkey->type);
    put_text(body, "key", hostkey->key);
    put_text(body, "fingerprint", hostkey->fingerprint);
}

static bool read_port(const json_t *body, int *ret_port)
{
    int64_t port = json_member_integer(body, "key_port", 0);
    *ret_port = (int)port;
    return port >= 0 && port <= 65535;
}

static bool read_hostkey(const json_t *body, struct hostkey *hostkey, struct error *error)
{
    *hostkey = (struct hostkey){.host = copy_member(body, "key_host"),
                                .type = copy_member(body, "key_type"),
                                .key = copy_member(body, "key"),
                                .fingerprint = copy_member(body, "fingerprint")};
    if (!read_port(body, &hostkey->port))
        return malformed(error, "no such port");
    return (hostkey->host != NULL && hostkey->type != NULL && hostkey->key != NULL &&
            hostkey->fingerprint != NULL) ||
           malformed(error, "half a host key");
}

static void put_jumps(json_t *body, const struct hostkey_list *jumps)
{
    json_t *list = json_array();
    for (size_t i = 0; i < jumps->count; i++) {
        json_t *item = json_object();
        put_hostkey(item, &jumps->items[i]);
        json_array_append_new(list, item);
    }
    json_object_set_new(body, "jumps", list);
}

/* Half a key is passed over: the worst that comes of it is a question. */
static void read_jumps(const json_t *body, struct hostkey_list *ret_jumps)
{
    const json_t *list = json_object_get(body, "jumps");
    for (size_t i = 0; i < json_array_size(list) && i < JUMPS_MAX; i++) {
        AUTO_RELEASE(hostkey) struct hostkey hostkey = {0};
        if (read_hostkey(json_array_get(list, i), &hostkey, NULL))
            hostkey_list_put(ret_jumps, &hostkey);
    }
}

/* ---- to the worker ---- */

void wire_open_release(struct wire_open *open)
{
    free(open->spec);
    free(open->pinned_key);
    free(open->identity);
    free(open->known_hosts);
    hostkey_list_release(&open->jump_keys);
    *open = (struct wire_open){0};
}

void wire_write_open(struct buffer *out, const struct wire_open *open)
{
    json_t *body = json_object();
    put_text(body, "spec", open->spec);
    put_text(body, "pinned_key", open->pinned_key);
    put_text(body, "identity", open->identity);
    put_text(body, "known_hosts", open->known_hosts);
    put_jumps(body, &open->jump_keys);
    put_bool(body, "allow_password", open->allow_password);
    put_bool(body, "from_reviewer", open->from_reviewer);
    send_body(out, MESSAGE_OPEN, body);
}

bool wire_read_open(const struct message *message, struct wire_open *ret_open, struct error *error)
{
    const json_t *body = message->body;
    *ret_open =
        (struct wire_open){.spec = copy_member(body, "spec"),
                           .pinned_key = copy_member(body, "pinned_key"),
                           .identity = copy_member(body, "identity"),
                           .known_hosts = copy_member(body, "known_hosts"),
                           .allow_password = json_member_bool(body, "allow_password", false),
                           .from_reviewer = json_member_bool(body, "from_reviewer", false)};
    read_jumps(body, &ret_open->jump_keys);
    return ret_open->spec != NULL || malformed(error, "no target to open");
}

void wire_write_plan(struct buffer *out, const struct plan *plan)
{
    json_t *body = json_object();
    json_t *steps = json_array();
    struct buffer commands = {0};
    for (size_t i = 0; i < plan->step_count; i++) {
        const struct plan_step *step = &plan->steps[i];
        json_t *item = json_object();
        put_integer(item, "length", (int64_t)strlen(step->command));
        put_bool(item, "forward", step->is_forward);
        put_bool(item, "as_root", step->as_root);
        put_integer(item, "outside", (int64_t)step->outside);
        put_bool(item, "from_reviewer", step->from_reviewer);
        put_bool(item, "only_once", step->only_once);
        put_integer(item, "timeout_ms", step->timeout_ms);
        put_integer(item, "out_max", (int64_t)step->out_max_bytes);
        put_integer(item, "err_max", (int64_t)step->err_max_bytes);
        json_array_append_new(steps, item);
        buffer_append_text(&commands, step->command);
    }
    json_object_set_new(body, "steps", steps);
    put_integer(body, "total_max", plan->total_max_bytes);
    put_bool(body, "sudo_may_ask", plan->sudo_may_ask);
    message_write(out, MESSAGE_PLAN, body, commands.data, commands.length);
    json_decref(body);
    buffer_release(&commands);
}

static bool read_step(const json_t *item, const char *command, size_t left, struct plan_step *step,
                      struct error *error)
{
    int64_t length = json_member_integer(item, "length", -1);
    int64_t timeout_ms = json_member_integer(item, "timeout_ms", -1);
    int64_t out_max = json_member_integer(item, "out_max", -1);
    int64_t err_max = json_member_integer(item, "err_max", -1);
    int64_t outside = json_member_integer(item, "outside", -1);
    if (length < 0 || (size_t)length > left || memchr(command, '\0', (size_t)length) != NULL)
        return malformed(error, "a command is not where it should be");
    if (outside < 0 || outside > TARGET_HOPS_MAX)
        return malformed(error, "a step looks from nowhere");
    if (timeout_ms < 0 || timeout_ms > PLAN_TIMEOUT_MAX_MS || out_max < 0 || err_max < 0)
        return malformed(error, "a step has impossible limits");
    step->command = memory_copy(command, (size_t)length);
    step->is_forward = json_member_bool(item, "forward", false);
    step->as_root = json_member_bool(item, "as_root", false);
    step->from_reviewer = json_member_bool(item, "from_reviewer", false);
    step->only_once = json_member_bool(item, "only_once", false);
    step->outside = (size_t)outside;
    step->timeout_ms = (int)timeout_ms;
    step->out_max_bytes = (size_t)out_max;
    step->err_max_bytes = (size_t)err_max;
    return true;
}

bool wire_read_plan(const struct message *message, struct plan *ret_plan, struct error *error)
{
    const json_t *steps = json_object_get(message->body, "steps");
    const char *command = message->raw;
    size_t left = message->raw_length;
    *ret_plan = (struct plan){0};
    if (json_array_size(steps) > PLAN_STEPS_MAX)
        return malformed(error, "too many steps");
    for (size_t i = 0; i < json_array_size(steps); i++) {
        struct plan_step *step = array_push(ret_plan->steps, ret_plan->step_count);
        if (!read_step(json_array_get(steps, i), command, left, step, error))
            return false;
        command += strlen(step->command);
        left -= strlen(step->command);
    }
    ret_plan->total_max_bytes = json_member_integer(message->body, "total_max", -1);
    ret_plan->sudo_may_ask = json_member_bool(message->body, "sudo_may_ask", false);
    return plan_check(ret_plan, error) &&
           (left == 0 || malformed(error, "bytes behind the last command"));
}

void wire_write_answer(struct buffer *out, bool accept, const char *secret)
{
    json_t *body = json_object();
    put_bool(body, "accept", accept);
    message_write(out, MESSAGE_ANSWER, body, secret, secret == NULL ? 0 : strlen(secret));
    json_decref(body);
}

/* ---- from the worker ---- */

void wire_write_progress(struct buffer *out, const char *text)
{
    json_t *body = json_object();
    put_text(body, "text", text);
    send_body(out, MESSAGE_PROGRESS, body);
}

void wire_hostkey_release(struct wire_hostkey *hostkey)
{
    hostkey_release(&hostkey->hostkey);
    free(hostkey->where);
    *hostkey = (struct wire_hostkey){0};
}

void wire_write_hostkey(struct buffer *out, const struct wire_hostkey *hostkey)
{
    json_t *body = json_object();
    put_hostkey(body, &hostkey->hostkey);
    put_text(body, "verdict", hostkey_verdict_text(hostkey->verdict));
    put_text(body, "where", hostkey->where);
    send_body(out, MESSAGE_HOSTKEY, body);
}

static bool read_verdict(const json_t *body, enum hostkey_verdict *ret_verdict)
{
    static const enum hostkey_verdict verdicts[] = {
#define X(name, text) HOSTKEY_##name,
        HOSTKEY_VERDICTS(X)
#undef X
    };
    const char *text = json_member_text(body, "verdict", "");
    for (size_t i = 0; i < LENGTH(verdicts); i++) {
        if (strcmp(text, hostkey_verdict_text(verdicts[i])) != 0)
            continue;
        *ret_verdict = verdicts[i];
        return true;
    }
    return false;
}

bool wire_read_hostkey(const struct message *message, struct wire_hostkey *ret_hostkey,
                       struct error *error)
{
    const json_t *body = message->body;
    *ret_hostkey = (struct wire_hostkey){.where = copy_member(body, "where")};
    return read_hostkey(body, &ret_hostkey->hostkey, error) &&
           (read_verdict(body, &ret_hostkey->verdict) || malformed(error, "no such verdict"));
}

void wire_write_prompt(struct buffer *out, const struct prompt *prompt)
{
    json_t *body = json_object();
    put_integer(body, "kind", prompt->kind);
    put_text(body, "text", prompt->text);
    put_bool(body, "echo", prompt->echo);
    put_integer(body, "attempt", prompt->attempt);
    send_body(out, MESSAGE_PROMPT, body);
}

bool wire_read_prompt(const struct message *message, struct prompt *ret_prompt, struct error *error)
{
    const json_t *body = message->body;
    int64_t kind = json_member_integer(body, "kind", -1);
    int64_t attempt = json_member_integer(body, "attempt", 1);
    if (kind < PROMPT_PASSPHRASE || kind > PROMPT_SUDO || attempt < 1 || attempt > 1000)
        return malformed(error, "no such prompt");
    *ret_prompt = (struct prompt){.kind = (enum prompt_kind)kind,
                                  .text = json_member_text(body, "text", ""),
                                  .echo = json_member_bool(body, "echo", false),
                                  .attempt = (int)attempt};
    return true;
}

void wire_write_identity(struct buffer *out, const struct connection_identity *identity)
{
    json_t *body = json_object();
    put_text(body, "user", identity->user);
    put_text(body, "host", identity->host);
    put_text(body, "address", identity->address);
    put_text(body, "server_version", identity->server_version);
    put_text(body, "key_exchange", identity->key_exchange);
    put_text(body, "cipher", identity->cipher);
    put_text(body, "authentication", identity->authentication);
    put_hostkey(body, &identity->hostkey);
    put_jumps(body, &identity->jumps);
    send_body(out, MESSAGE_CONNECTED, body);
}

void wire_read_identity(const struct message *message, struct connection_identity *ret_identity)
{
    const json_t *body = message->body;
    bool has_key = json_object_get(body, "key") != NULL;
    *ret_identity = (struct connection_identity){
        .user = borrow_member(body, "user"),
        .host = borrow_member(body, "host"),
        .address = borrow_member(body, "address"),
        .server_version = borrow_member(body, "server_version"),
        .key_exchange = borrow_member(body, "key_exchange"),
        .cipher = borrow_member(body, "cipher"),
        .authentication = borrow_member(body, "authentication"),
    };
    read_jumps(body, &ret_identity->jumps);
    if (!has_key || !read_port(body, &ret_identity->hostkey.port))
        return;
    ret_identity->hostkey.host = borrow_member(body, "key_host");
    ret_identity->hostkey.type = borrow_member(body, "key_type");
    ret_identity->hostkey.key = borrow_member(body, "key");
    ret_identity->hostkey.fingerprint = borrow_member(body, "fingerprint");
}

void wire_write_begun(struct buffer *out, size_t step)
{
    json_t *body = json_object();
    put_integer(body, "step", (int64_t)step);
    send_body(out, MESSAGE_BEGUN, body);
}

bool wire_read_begun(const struct message *message, size_t step, struct error *error)
{
    return json_member_integer(message->body, "step", -1) == (int64_t)step ||
           malformed(error, "a step out of order");
}

void wire_write_result(struct buffer *out, const struct step_result *result)
{
    json_t *body = json_object();
    struct buffer raw = {0};
    put_integer(body, "step", (int64_t)result->step);
    put_text(body, "outcome", step_outcome_text(result->outcome));
    put_integer(body, "exit_status", result->exit_status);
    put_integer(body, "started_ms", result->started_ms);
    put_integer(body, "duration_ms", result->duration_ms);
    if (result->detail[0] != '\0')
        put_text(body, "detail", result->detail);
    if (result->noise_bytes > 0)
        put_integer(body, "noise", (int64_t)result->noise_bytes);
    put_integer(body, "out_length", (int64_t)result->out.length);
    buffer_append(&raw, result->out.data, result->out.length);
    buffer_append(&raw, result->err.data, result->err.length);
    message_write(out, MESSAGE_RESULT, body, raw.data, raw.length);
    json_decref(body);
    buffer_release(&raw);
}

static bool read_numbers(const json_t *body, struct step_result *result)
{
    int64_t status = json_member_integer(body, "exit_status", -2);
    int64_t noise = json_member_integer(body, "noise", 0);
    result->started_ms = json_member_integer(body, "started_ms", -1);
    result->duration_ms = json_member_integer(body, "duration_ms", -1);
    result->exit_status = (int)status;
    result->noise_bytes = (size_t)noise;
    int64_t lowest = result->outcome == STEP_DONE ? 0 : -1;
    int64_t highest = result->outcome == STEP_DONE ? 255 : -1;
    return status >= lowest && status <= highest && noise >= 0 && result->started_ms >= 0 &&
           result->duration_ms >= 0;
}

bool wire_read_result(const struct message *message, const struct plan *plan, size_t step,
                      struct step_result *ret_result, struct error *error)
{
    const json_t *body = message->body;
    int64_t out_length = json_member_integer(body, "out_length", -1);
    *ret_result = (struct step_result){.step = step};
    if (json_member_integer(body, "step", -1) != (int64_t)step || step >= plan->step_count)
        return malformed(error, "a result out of order");
    if (out_length < 0 || (size_t)out_length > message->raw_length ||
        (size_t)out_length > plan->steps[step].out_max_bytes ||
        message->raw_length - (size_t)out_length > plan->steps[step].err_max_bytes)
        return malformed(error, "more output than was asked for");
    if (!step_outcome_parse(json_member_text(body, "outcome", ""), &ret_result->outcome) ||
        !read_numbers(body, ret_result))
        return malformed(error, "a result that cannot be");
    snprintf(ret_result->detail, sizeof(ret_result->detail), "%s",
             json_member_text(body, "detail", ""));
    buffer_append(&ret_result->out, message->raw, (size_t)out_length);
    buffer_append(&ret_result->err, message->raw + out_length,
                  message->raw_length - (size_t)out_length);
    return true;
}

void wire_write_error(struct buffer *out, const struct error *error)
{
    json_t *body = json_object();
    put_text(body, "code", error_code_text(error->code));
    put_text(body, "message", error->message);
    put_text(body, "hint", error->hint);
    send_body(out, MESSAGE_FAILED, body);
}

void wire_read_error(const struct message *message, struct error *ret_error)
{
    static const enum error_code codes[] = {
#define X(name, text) ERROR_##name,
        ERROR_CODES(X)
#undef X
    };
    const json_t *body = message->body;
    const char *code = json_member_text(body, "code", "");
    enum error_code found = ERROR_INVALID;
    for (size_t i = 0; i < LENGTH(codes); i++) {
        if (codes[i] != ERROR_NONE && strcmp(code, error_code_text(codes[i])) == 0)
            found = codes[i];
    }
    const char *text = json_member_text(body, "message", "the worker failed without a word");
    error_set(ret_error, found, "%s", text);
    error_hint(ret_error, "%s", json_member_text(body, "hint", ""));
}
