/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What probes found goes into the ledger here: the evidence of a check together with what the judge
 * makes of it, and the beginnings and ends of runs: many in one transaction, since each transaction
 * costs a sync of the disk. What is written is told of only afterwards.
 */
#include "base/clock.h"
#include "capture.h"
#include "way.h"

#include <string.h>

#define FLUSH_DELAY_MS 60
#define FLUSH_BYTES    (4 * 1024 * 1024)

static void pending_release(struct pending *pending)
{
    for (size_t i = 0; i < pending->count; i++)
        json_decref(pending->entries[i].body);
    for (size_t i = 0; i < pending->blob_count; i++)
        free(pending->blobs[i]);
    for (size_t i = 0; i < pending->buffer_count; i++)
        buffer_release(&pending->buffers[i]);
    free(pending->entries);
    free(pending->blobs);
    free(pending->buffers);
    free(pending->ended);
    *pending = (struct pending){0};
}

/* The member for one stream, whose bytes are taken; an empty one needs no blob. */
static json_t *stream_body(struct pending *pending, struct buffer *bytes, struct new_blob *blobs,
                           size_t *blob_count)
{
    char id[DIGEST_HEX_BYTES];

    if (!bytes->length)
        return json_pack("{s:I}", "size", (json_int_t)0);
    new_blob_init(&blobs[*blob_count], bytes->data, bytes->length);
    json_t *body = json_pack("{s:s, s:I}", "blob", digest_hex(&blobs[(*blob_count)++].id, id),
                             "size", (json_int_t)bytes->length);
    pending->bytes += bytes->length;
    *array_push(pending->buffers, pending->buffer_count) = *bytes;
    *bytes = (struct buffer){0};
    return body;
}

static json_t *evidence_body(const struct session *session, const struct run *run,
                             const struct gathering *gathering, const struct asking *asking)
{
    const struct step_result *result = &asking->result;
    AUTO_FREE char *detail = capture_text(session, asking_detail(asking));
    char digest[DIGEST_HEX_BYTES];
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:s, s:s, s:o, s:i, s:I, s:I, s:I}", "run", run->id,
        "target", session->targets[run->target].name, "check", gathering->check->id, "probe",
        asking->probe, "check_digest", digest_hex(&gathering->check->digest, digest), "command",
        json_text(asking->command), "as_root", asking->spec ? asking->spec->as_root : false, "from",
        vantage_text(asking_vantage(asking)), "outcome", asking_outcome(asking), "detail",
        json_text(detail), "exit",
        asking->has_result && result->outcome == STEP_DONE ? result->exit_status : -1, "started_ms",
        (json_int_t)(asking->has_result ? result->started_ms : clock_wall_ms()), "duration_ms",
        (json_int_t)result->duration_ms, "noise", (json_int_t)result->noise_bytes);

    return body;
}

/* The bytes to be stored are taken: as they came, or what the policy made of them. */
static struct buffer *stored(const struct buffer *chosen, struct buffer *result, struct buffer *own)
{
    return chosen == own ? own : result;
}

/* BODY is taken. */
static void write_evidence(struct pending *pending, json_t *body, struct asking *asking,
                           struct captured *captured)
{
    struct buffer *out = stored(captured->out, &asking->result.out, &captured->own_out);
    struct buffer *err = stored(captured->err, &asking->result.err, &captured->own_err);
    struct new_blob *blobs = memory_new(2, sizeof(*blobs));
    size_t blob_count = 0;

    *array_push(pending->blobs, pending->blob_count) = blobs;
    json_object_set_new(body, "out", stream_body(pending, out, blobs, &blob_count));
    json_object_set_new(body, "err", stream_body(pending, err, blobs, &blob_count));
    if (json_array_size(captured->masked) > 0)
        json_object_set(body, "masked", captured->masked);
    *array_push(pending->entries, pending->count) = (struct new_entry){
        .kind = ENTRY_EVIDENCE, .body = body, .blobs = blobs, .blob_count = blob_count};
}

/* --- judging --- */

static json_t *lines_body(const struct judgement *judgement)
{
    static const char *const streams[] = {"stdout", "stderr", "exit"};
    json_t *lines = json_array();

    for (size_t i = 0; i < judgement->line_count; i++) {
        const struct judge_line *line = &judgement->lines[i];
        json_array_append_new(lines, json_pack("{s:s, s:s, s:I, s:b}", "probe", line->probe,
                                               "stream", streams[line->stream], "line",
                                               (json_int_t)line->line, "bad", line->is_bad));
    }
    return lines;
}

/* CAPTURED: of the gathering's askings in order, or NULL: judge what came as it came. */
static void judge_results(const struct gathering *gathering, const struct captured *captured,
                          struct judgement *judgement)
{
    AUTO_FREE struct judge_evidence *evidence = gathering_evidence(gathering);

    for (size_t i = 0; captured && i < gathering->asking_count; i++) {
        evidence[i].out = buffer_text(captured[i].out);
        evidence[i].out_length = captured[i].out->length;
        evidence[i].err = buffer_text(captured[i].err);
        evidence[i].err_length = captured[i].err->length;
    }
    struct judge_case matter = {.check = gathering->check,
                                .parameters = gathering->parameters,
                                .evidence = evidence,
                                .evidence_count = gathering->asking_count,
                                .now_ms = clock_wall_ms()};
    judge_check(&matter, judgement);
}

/* The suggestion rests on what came; its reason may quote only what is stored. Where both cannot be
 * had, it says so. */
static char *judge_quietly(const struct session *session, const struct gathering *gathering,
                           const struct captured *captured, struct judgement *judgement)
{
    struct judgement quiet;
    bool is_changed = false, is_same;
    char *reason;

    judge_results(gathering, NULL, judgement);
    for (size_t i = 0; i < gathering->asking_count; i++)
        is_changed = is_changed || captured[i].is_changed;
    if (!is_changed)
        return capture_text(session, judgement->reason);
    judge_results(gathering, captured, &quiet);
    is_same = quiet.suggestion == judgement->suggestion;
    reason = is_same ? capture_text(session, quiet.reason)
                     : memory_copy_text("judged before secrets were kept out of the evidence; what "
                                        "it rests on is not stored");
    judgement_release(&quiet);
    return reason;
}

static void write_suggestion(struct pending *pending, const struct session *session,
                             const struct run *run, const struct gathering *gathering,
                             const struct captured *captured)
{
    struct judgement judgement;
    AUTO_FREE char *reason = judge_quietly(session, gathering, captured, &judgement);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "run", run->id, "target",
                             session->targets[run->target].name, "check", gathering->check->id,
                             "suggestion", suggestion_text(judgement.suggestion), "reason",
                             json_text(reason), "lines", lines_body(&judgement));

    *array_push(pending->entries, pending->count) =
        (struct new_entry){.kind = ENTRY_SUGGESTION, .body = body};
    judgement_release(&judgement);
}

/* --- the queue --- */

/* Judged before its bytes are taken. */
static void write_gathering(struct pending *pending, const struct session *session,
                            const struct run *run, struct gathering *gathering)
{
    AUTO_FREE struct captured *captured = memory_new(gathering->asking_count, sizeof(*captured));
    size_t first = pending->count;

    for (size_t i = 0; i < gathering->asking_count; i++)
        capture_result(session, &gathering->askings[i].result, &captured[i]);
    bool is_judged = !gathering_is_way(gathering);
    if (is_judged)
        write_suggestion(pending, session, run, gathering, captured);
    for (size_t i = 0; i < gathering->asking_count; i++) {
        struct asking *asking = &gathering->askings[i];
        write_evidence(pending, evidence_body(session, run, gathering, asking), asking,
                       &captured[i]);
        captured_release(&captured[i]);
    }
    if (!is_judged)
        return;
    /* In the ledger the evidence stands before what is made of it. */
    struct new_entry suggestion = pending->entries[first];
    memmove(&pending->entries[first], &pending->entries[first + 1],
            (pending->count - first - 1) * sizeof(suggestion));
    pending->entries[pending->count - 1] = suggestion;
}

/* Tell of the runs whose last words are written now; a callback may start others. */
static void tell_ended(struct session *session, struct pending *written)
{
    for (size_t i = 0; i < written->ended_count; i++) {
        struct ended *ended = &written->ended[i];
        if (session->events.run_ended)
            session->events.run_ended(session->events.context, ended->target,
                                      ended->error.code ? &ended->error : NULL);
    }
}

/* Nobody is left who could make room and try again. */
static void give_up(struct session *session, const struct error *error)
{
    struct pending lost = session->pending;

    session->pending = (struct pending){0};
    for (size_t i = 0; i < lost.ended_count; i++) {
        lost.ended[i].error = *error;
        target_set_status(session, lost.ended[i].target, error->message);
        session->targets[lost.ended[i].target].has_failed = true;
    }
    tell_ended(session, &lost);
    pending_release(&lost);
}

static void read_due(void *context)
{
    struct session *session = context;
    struct error error = {0};

    session->items_timer = NULL; /* the loop has removed it */
    if (!session_changed(session, &error))
        record_stop(session, &error);
}

/* Read the items again, announced, but while probes run only now and then, since it costs time with
 * every item: a tenth of the time may go into it. */
static bool read_soon(struct session *session, struct error *error)
{
    int64_t due_ms = session->items_read_ms + (int64_t)10 * session->items_cost_ms;
    int64_t left_ms = due_ms - clock_monotonic_ms();

    if (left_ms > 0 && (session->run_count || session->waiting_count)) {
        if (!session->items_timer)
            session->items_timer =
                loop_timer_add(session->loop, (int)left_ms, 0, read_due, session);
        return true;
    }
    loop_timer_remove(session->loop, take(&session->items_timer));
    return session_changed(session, error);
}

bool record_flush(struct session *session, struct error *error)
{
    struct pending written;

    loop_timer_remove(session->loop, take(&session->flush_timer));
    if (!session->pending.count && !session->pending.ended_count)
        return true;
    if (session->pending.count && !review_append(session->review, session->pending.entries,
                                                 session->pending.count, NULL, error))
        return false;
    written = session->pending;
    session->pending = (struct pending){0};
    bool ok = read_soon(session, error);
    tell_ended(session, &written);
    pending_release(&written);
    return ok;
}

/* Evidence that cannot be written must not pile up unseen: the runs stop and say why. */
void record_stop(struct session *session, const struct error *error)
{
    for (size_t i = 0; i < session->run_count; i++) {
        target_set_status(session, session->runs[i]->target, error->message);
        session->targets[session->runs[i]->target].has_failed = true;
    }
    if (session->cancel_all)
        session->cancel_all(session);
    session_announce(session);
}

static void flush_due(void *context)
{
    struct session *session = context;
    struct error error = {0};

    session->flush_timer = NULL; /* the loop has removed it */
    if (record_flush(session, &error))
        return;
    if (session->run_count || session->waiting_count)
        record_stop(session, &error);
    else
        give_up(session, &error);
}

/* IS_LAST: nothing more will come that could be written together with it. */
static void flush_soon(struct session *session, bool is_last)
{
    bool is_due = is_last || session->pending.bytes >= FLUSH_BYTES;

    if (is_due)
        loop_timer_remove(session->loop, take(&session->flush_timer));
    if (!session->flush_timer)
        session->flush_timer =
            loop_timer_add(session->loop, is_due ? 0 : FLUSH_DELAY_MS, 0, flush_due, session);
}

void record_ready(struct session *session, struct run *run, size_t gathering)
{
    write_gathering(&session->pending, session, run, &run->gatherings[gathering]);
    gathering_release(&run->gatherings[gathering]);
    flush_soon(session, false);
}

void record_entry(struct session *session, enum entry_kind kind, json_t *body)
{
    *array_push(session->pending.entries, session->pending.count) =
        (struct new_entry){.kind = kind, .body = body};
    flush_soon(session, false);
}

void record_ended(struct session *session, size_t target, const struct error *error)
{
    struct ended *ended = array_push(session->pending.ended, session->pending.ended_count);

    *ended = (struct ended){.target = target};
    if (error)
        ended->error = *error;
    /* The run that ends is counted still. */
    flush_soon(session, session->run_count + session->waiting_count <= 1);
}

void record_close(struct session *session)
{
    struct error error = {0};

    if (session->loop && !record_flush(session, &error))
        give_up(session, &error);
    pending_release(&session->pending);
}
