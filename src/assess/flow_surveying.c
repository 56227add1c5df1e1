/* SPDX-License-Identifier: Apache-2.0 */
#include "flow_surveying.h"
#include "base/clock.h"
#include "capture.h"
#include "probe/script.h"

#include <string.h>

void surveying_release(struct surveying *surveying)
{
    for (size_t i = 0; i < surveying->plan.step_count; i++)
        step_result_release(&surveying->results[i]);
    free(surveying->results);
    free(surveying->has_result);
    free(surveying->key);
    flow_answer_release(&surveying->answer);
    flow_plan_release(&surveying->plan);
}

/* sshd connects from where the vantage stands, not from outside of its sandbox. */
static bool can_forward(const struct flow_vantage *vantage)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};

    return target_spec_parse(vantage->spec, &spec, NULL) && spec.kind == TARGET_SSH &&
           !spec.by_client && !spec.hop_count;
}

bool surveying_begin(const struct flows_request *request, size_t vantage,
                     struct surveying *ret_surveying, struct error *error)
{
    struct ledger_id id = ledger_id_random();

    *ret_surveying = (struct surveying){.request = request, .vantage = &request->vantages[vantage]};
    if (!request->only_map && !flow_plan_make(request->lines, request->vantages[vantage].name,
                                              &request->options, &ret_surveying->plan, error))
        return false;
    size_t before = ret_surveying->plan.step_count;
    if (!request->only_map && can_forward(ret_surveying->vantage))
        flow_plan_add_forwards(&ret_surveying->plan, &request->options);
    flow_plan_add_map(&ret_surveying->plan);
    ret_surveying->errand_steps = before + 1;
    ret_surveying->results =
        memory_new(ret_surveying->plan.step_count, sizeof(*ret_surveying->results));
    ret_surveying->has_result =
        memory_new(ret_surveying->plan.step_count, sizeof(*ret_surveying->has_result));
    ledger_id_text(&id, ret_surveying->run);
    return true;
}

void surveying_fill_plan(const struct surveying *surveying, struct plan *plan)
{
    const struct flow_plan *flows = &surveying->plan;

    for (size_t i = 0; i < surveying->errand_steps; i++) {
        const struct flow_step *from = &flows->steps[surveying->first_step + i];
        struct plan_step *step = plan_add(plan, from->command);
        step->is_forward = from->is_forward;
        step->timeout_ms = from->timeout_ms;
        step->only_once = from->count > 0;
    }
}

/* --- consent --- */

static const char *class_of(const struct flows_request *request)
{
    return request->only_map ? "read" : "active";
}

static struct digest commands_digest(const struct surveying *surveying)
{
    const char *class = class_of(surveying->request);
    const struct flow_vantage *vantage = surveying->vantage;
    const struct flow_plan *plan = &surveying->plan;
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();

    digest_stream_add_field(stream, class, strlen(class));
    digest_stream_add_field(stream, vantage->spec, strlen(vantage->spec));
    for (size_t i = 0; i < plan->step_count; i++)
        digest_stream_add_field(stream, plan->steps[i].command, strlen(plan->steps[i].command));
    return digest_stream_result(stream);
}

static bool is_on_record(const struct consent_row_list *consents, const struct surveying *surveying,
                         const struct digest *digest)
{
    const char *class = class_of(surveying->request);

    for (size_t i = 0; i < consents->count; i++)
        if (digest_equal(&consents->items[i].digest, digest) &&
            strcmp(consents->items[i].class, class) == 0 &&
            strcmp(consents->items[i].target, surveying->vantage->name) == 0)
            return true;
    return false;
}

static bool fail_consent(const struct surveying *surveying, struct error *error)
{
    bool is_map = surveying->request->only_map;

    error_set(error, ERROR_DENIED, "nobody consented to %s '%s'",
              is_map ? "ask what is to be seen on" : "make connections from",
              surveying->vantage->name);
    return error_hint(error,
                      "read the commands with 'walkdown flows %s--dry-run', then give "
                      "--consent %s",
                      is_map ? "--map " : "", class_of(surveying->request));
}

bool surveying_has_consent(const struct surveying *surveying, bool *ret_has, struct error *error)
{
    AUTO_RELEASE(consent_row_list) struct consent_row_list consents = {0};
    struct digest digest = commands_digest(surveying);

    if (!review_query_consents(surveying->request->session->review, NULL, &consents, error))
        return false;
    *ret_has = is_on_record(&consents, surveying, &digest);
    return true;
}

bool surveying_ensure_consent(const struct surveying *surveying, struct error *error)
{
    const struct flows_request *request = surveying->request;
    struct digest digest = commands_digest(surveying);
    char text[DIGEST_HEX_BYTES];
    bool is_there = false;

    if (!request->session)
        return request->consent || fail_consent(surveying, error);
    if (!surveying_has_consent(surveying, &is_there, error))
        return false;
    if (is_there)
        return true;
    if (!request->consent)
        return fail_consent(surveying, error);
    return session_append(request->session, ENTRY_CONSENT,
                          json_pack("{s:s, s:s, s:s, s:I}", "target", surveying->vantage->name,
                                    "class", class_of(request), "digest", digest_hex(&digest, text),
                                    "commands", (json_int_t)surveying->plan.step_count),
                          error);
}

/* --- what comes back --- */

static bool pin_jumps(const struct surveying *surveying, const struct hostkey_list *jumps,
                      struct error *error)
{
    struct session *session = surveying->request->session;

    for (size_t i = 0; i < jumps->count; i++)
        if (pin_is_new_jump(session, &jumps->items[i]) &&
            !session_append(session, ENTRY_HOSTKEY,
                            pin_body(surveying->vantage->name, &jumps->items[i], "jump-host"),
                            error))
            return false;
    return true;
}

bool surveying_pin(struct surveying *surveying, const struct connection_identity *identity)
{
    struct session *session = surveying->request->session;
    const struct hostkey *key = &identity->hostkey;
    size_t target;

    if (!session) {
        free(surveying->key);
        surveying->key = memory_copy_text(key->key);
        return true;
    }
    if (!pin_jumps(surveying, &identity->jumps, &surveying->error))
        return false;
    if (!key->key || surveying->has_pinned ||
        !target_require(session, surveying->vantage->name, &target, NULL) ||
        session->target_rows.items[target].key[0])
        return true;
    surveying->has_pinned = true;
    return session_append(session, ENTRY_HOSTKEY,
                          pin_body(surveying->vantage->name, key, "first-contact"),
                          &surveying->error);
}

bool surveying_take(struct surveying *surveying, struct step_result *result)
{
    size_t step = surveying->first_step + result->step;

    if (step >= surveying->plan.step_count || surveying->has_result[step])
        return false;
    surveying->has_result[step] = true;
    surveying->results[step] = *result;
    result->out = result->err = (struct buffer){0};
    return true;
}

const char *surveying_why_less(const struct surveying *surveying, size_t step)
{
    const struct step_result *result = &surveying->results[step];

    if (!surveying->has_result[step])
        return surveying->error.code ? surveying->error.message : "it was not asked";
    return result->outcome == STEP_DONE ? "" : result->detail;
}

bool surveying_has_answered(const struct surveying *surveying)
{
    for (size_t i = 0; i < surveying->plan.step_count; i++)
        if (surveying->has_result[i] && surveying->results[i].outcome == STEP_DONE)
            return true;
    return false;
}

static void read_errand(struct surveying *surveying)
{
    size_t end = surveying->first_step + surveying->errand_steps;

    for (size_t i = surveying->first_step; i < end && !surveying->is_read; i++)
        if (surveying->plan.steps[i].count > 0)
            flow_answer_read(&surveying->answer, &surveying->plan, i,
                             buffer_text(&surveying->results[i].out),
                             surveying_why_less(surveying, i));
    surveying->is_read = true;
}

/* No tool of the vantage measured anything over TCP. */
static bool has_no_tool(const struct surveying *surveying)
{
    const struct flow_measure_list *measures = &surveying->answer.measures;

    for (size_t i = 0; i < measures->count; i++)
        if (!measures->items[i].is_udp && measures->items[i].tool[0])
            return false;
    return true;
}

/* Each order is an errand of its own: its connection takes along what sshd still waits for. */
bool surveying_go_on(struct surveying *surveying)
{
    size_t next = surveying->first_step + surveying->errand_steps;

    read_errand(surveying);
    if (next == surveying->plan.step_count || (!surveying->first_step && !has_no_tool(surveying)))
        return false;
    surveying->first_step = next;
    surveying->errand_steps = 1;
    surveying->is_read = false;
    return true;
}

void surveying_read(struct surveying *surveying)
{
    read_errand(surveying);
    flow_answer_end(&surveying->answer, &surveying->plan);
}

/* --- the record --- */

static json_t *flow_json(const struct flow_measure *measure)
{
    return json_pack("{s:o, s:s, s:i, s:i, s:o, s:s, s:o, s:o, s:o}", "to", json_text(measure->to),
                     "protocol", measure->is_udp ? "udp" : "tcp", "family", measure->family, "port",
                     measure->port, "address", json_text(measure->address), "state",
                     flow_state_text(measure->state), "tool", json_text(measure->tool), "proof",
                     json_text(measure->proof), "detail", json_text(measure->detail));
}

static json_t *flows_json(const struct surveying *surveying, const struct flow_step *step)
{
    const struct flow_answer *answer = &surveying->answer;
    json_t *flows = json_array();

    for (size_t i = 0; i < answer->measures.count; i++) {
        size_t number = flow_answer_request(answer, i);
        bool is_of_sshd = strcmp(answer->measures.items[i].tool, FLOW_FORWARD_TOOL) == 0;
        if (number >= step->first && number - step->first < step->count &&
            is_of_sshd == step->is_forward)
            json_array_append_new(flows, flow_json(&answer->measures.items[i]));
    }
    return flows;
}

static json_t *stream_json(const struct buffer *bytes, struct new_blob *blobs, size_t *blob_count)
{
    char id[DIGEST_HEX_BYTES];

    if (!bytes->length)
        return json_pack("{s:I}", "size", (json_int_t)0);
    new_blob_init(&blobs[*blob_count], bytes->data, bytes->length);
    return json_pack("{s:s, s:I}", "blob", digest_hex(&blobs[(*blob_count)++].id, id), "size",
                     (json_int_t)bytes->length);
}

/* What an entry borrows. */
struct lent {
    struct captured captured;
    struct new_blob blobs[2];
};

static struct new_entry step_entry(const struct surveying *surveying, size_t index,
                                   struct lent *lent)
{
    struct session *session = surveying->request->session;
    const struct flow_step *step = &surveying->plan.steps[index];
    const struct step_result *result = &surveying->results[index];
    bool has_result = surveying->has_result[index];
    AUTO_FREE char *detail = capture_text(session, surveying_why_less(surveying, index));
    struct new_entry entry = {.kind = ENTRY_REACH, .blobs = lent->blobs};

    capture_result(session, result, &lent->captured);
    entry.body = json_pack(
        "{s:s, s:s, s:s, s:s, s:o, s:I, s:I, s:o, s:o, s:o}", "run", surveying->run, "target",
        surveying->vantage->name, "command", step->command, "outcome",
        has_result ? step_outcome_text(result->outcome) : "not-run", "detail", json_text(detail),
        "started_ms", (json_int_t)(has_result ? result->started_ms : clock_wall_ms()),
        "duration_ms", (json_int_t)result->duration_ms, "out",
        stream_json(lent->captured.out, lent->blobs, &entry.blob_count), "err",
        stream_json(lent->captured.err, lent->blobs, &entry.blob_count), "flows",
        flows_json(surveying, step));
    return entry;
}

/* All at once: half of a run would hide the whole one before it. The map, which is the first step,
 * comes last: the newest entry without flows is taken for it, and a step whose flows were all
 * measured by sshd, or by nobody, has none either. */
static bool record_steps(const struct surveying *surveying, size_t step_count, struct error *error)
{
    AUTO_FREE struct new_entry *entries = memory_new(step_count, sizeof(*entries));
    AUTO_FREE struct lent *lent = memory_new(step_count, sizeof(*lent));
    size_t count = 0;

    for (size_t i = 1; i < step_count; i++) {
        if (!surveying->has_result[i] && surveying->plan.steps[i].is_forward)
            continue;
        entries[count] = step_entry(surveying, i, &lent[count]);
        count++;
    }
    entries[count] = step_entry(surveying, 0, &lent[count]);
    count++;
    bool ok = session_append_all(surveying->request->session, entries, count, error);
    for (size_t i = 0; i < count; i++) {
        json_decref(entries[i].body);
        captured_release(&lent[i].captured);
    }
    return ok;
}

/* Steps up to the last one that said a word. */
static size_t count_news(const struct surveying *surveying)
{
    size_t count = surveying->plan.step_count;

    while (count && (!surveying->has_result[count - 1] ||
                     (surveying->results[count - 1].outcome == STEP_CANCELLED &&
                      !surveying->results[count - 1].out.length)))
        count--;
    return count;
}

/* A vantage that was stopped before it told of a flow must not stand for what was seen before: the
 * map, its first step, is kept alone. Of one that told of some, the others are blocked. */
bool surveying_record(const struct surveying *surveying, struct error *error)
{
    size_t count = surveying->plan.step_count;
    size_t news = count_news(surveying);

    if (surveying->error.code == ERROR_CANCELLED && news <= 1)
        count = news;
    return !count || record_steps(surveying, count, error);
}

/* --- what would be sent --- */

static void print_orders(const struct surveying *surveying, struct buffer *text)
{
    for (size_t i = 0; i < surveying->plan.step_count; i++)
        if (surveying->plan.steps[i].is_forward)
            buffer_append_format(text, "# %s (%s): for sshd, if there is no tool\n%s",
                                 surveying->vantage->name, surveying->vantage->spec,
                                 surveying->plan.steps[i].command);
}

static bool print_scripts(const struct surveying *surveying, struct buffer *text,
                          struct error *error)
{
    struct script_options options = {.nonce = "nonce-made-at-run-time", .self_test = true};
    struct plan plan = {0};
    bool ok;

    surveying_fill_plan(surveying, &plan);
    ok = plan_check(&plan, error);
    while (ok && options.first_step < plan.step_count) {
        struct script script;
        script_write(&plan, &options, &script);
        options.first_step += script.step_count;
        options.self_test = false;
        buffer_append_format(text, "# %s (%s): for exec /bin/sh -s\n", surveying->vantage->name,
                             surveying->vantage->spec);
        buffer_append(text, script.text.data, script.text.length);
        script_release(&script);
    }
    if (ok)
        print_orders(surveying, text);
    plan_release(&plan);
    return ok;
}

bool flows_dry_run(const struct flows_request *request, struct buffer *text, struct error *error)
{
    for (size_t i = 0; i < request->vantage_count; i++) {
        AUTO_RELEASE(surveying) struct surveying surveying = {0};
        if (!surveying_begin(request, i, &surveying, error) ||
            !print_scripts(&surveying, text, error))
            return false;
    }
    return true;
}
