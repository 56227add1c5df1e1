/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What probes found goes into the ledger here: the evidence of a check together with what the judge
 * makes of it, many checks in one transaction, since each transaction costs a sync of the disk.
 */
#include "base/clock.h"
#include "capture.h"

#include <string.h>

#define FLUSH_DELAY_MS 60
#define FLUSH_BYTES    (4 * 1024 * 1024)

/* Entries under construction; blobs borrow the results they were made from. */
struct writing {
    struct new_entry *entries;
    size_t count;
    struct new_blob **blobs;
    size_t blob_count;
    struct captured **captured; /* one each asking; what the blobs borrow */
    size_t captured_count;
};

static void writing_release(struct writing *writing)
{
    for (size_t i = 0; i < writing->count; i++)
        json_decref(writing->entries[i].body);
    for (size_t i = 0; i < writing->blob_count; i++)
        free(writing->blobs[i]);
    for (size_t i = 0; i < writing->captured_count; i++) {
        captured_release(writing->captured[i]);
        free(writing->captured[i]);
    }
    free(writing->entries);
    free(writing->blobs);
    free(writing->captured);
}

/* The member for one stream; an empty one needs no blob. */
static json_t *stream_body(const struct buffer *bytes, struct new_blob *blobs, size_t *blob_count)
{
    char id[DIGEST_HEX_BYTES];

    if (!bytes->length)
        return json_pack("{s:I}", "size", (json_int_t)0);
    new_blob_init(&blobs[*blob_count], bytes->data, bytes->length);
    return json_pack("{s:s, s:I}", "blob", digest_hex(&blobs[(*blob_count)++].id, id), "size",
                     (json_int_t)bytes->length);
}

static json_t *evidence_body(const struct session *session, const struct run *run,
                             const struct gathering *gathering, const struct asking *asking)
{
    const struct step_result *result = &asking->result;
    AUTO_FREE char *detail = capture_text(session, asking_detail(asking));
    char digest[DIGEST_HEX_BYTES];
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o, s:b, s:s, s:o, s:i, s:I, s:I, s:I}", "run", run->id,
        "target", session->targets[run->target].name, "check", gathering->check->id, "probe",
        asking->probe, "check_digest", digest_hex(&gathering->check->digest, digest), "command",
        json_text(asking->command), "as_root", asking->spec ? asking->spec->as_root : false,
        "outcome", asking_outcome(asking), "detail", json_text(detail), "exit",
        asking->has_result && result->outcome == STEP_DONE ? result->exit_status : -1, "started_ms",
        (json_int_t)(asking->has_result ? result->started_ms : clock_wall_ms()), "duration_ms",
        (json_int_t)result->duration_ms, "noise", (json_int_t)result->noise_bytes);

    return body;
}

static struct captured *capture(struct writing *writing, const struct session *session,
                                const struct asking *asking)
{
    struct captured *captured = memory_new(1, sizeof(*captured));

    capture_result(session, &asking->result, captured);
    *array_push(writing->captured, writing->captured_count) = captured;
    return captured;
}

static void write_evidence(struct writing *writing, const struct session *session,
                           const struct run *run, const struct gathering *gathering,
                           const struct asking *asking)
{
    struct captured *captured = capture(writing, session, asking);
    struct new_blob *blobs = memory_new(2, sizeof(*blobs));
    json_t *body = evidence_body(session, run, gathering, asking);
    size_t blob_count = 0;

    *array_push(writing->blobs, writing->blob_count) = blobs;
    json_object_set_new(body, "out", stream_body(captured->out, blobs, &blob_count));
    json_object_set_new(body, "err", stream_body(captured->err, blobs, &blob_count));
    if (json_array_size(captured->masked) > 0)
        json_object_set(body, "masked", captured->masked);
    *array_push(writing->entries, writing->count) = (struct new_entry){
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
static void judge_results(const struct session *session, const struct gathering *gathering,
                          struct captured *const *captured, struct judgement *judgement)
{
    AUTO_FREE struct judge_evidence *evidence = gathering_evidence(gathering);

    for (size_t i = 0; captured && i < gathering->asking_count; i++) {
        evidence[i].out = buffer_text(captured[i]->out);
        evidence[i].out_length = captured[i]->out->length;
        evidence[i].err = buffer_text(captured[i]->err);
        evidence[i].err_length = captured[i]->err->length;
    }
    struct judge_case matter = {.check = gathering->check,
                                .parameters = session_parameters(session, gathering->check),
                                .evidence = evidence,
                                .evidence_count = gathering->asking_count,
                                .now_ms = clock_wall_ms()};
    judge_check(&matter, judgement);
}

/* The suggestion rests on what came; its reason may quote only what is stored. Where both cannot be
 * had, it says so. */
static char *judge_quietly(const struct session *session, const struct gathering *gathering,
                           struct captured *const *captured, struct judgement *judgement)
{
    struct judgement quiet;
    bool is_changed = false, is_same;
    char *reason;

    judge_results(session, gathering, NULL, judgement);
    for (size_t i = 0; i < gathering->asking_count; i++)
        is_changed = is_changed || captured[i]->is_changed;
    if (!is_changed)
        return capture_text(session, judgement->reason);
    judge_results(session, gathering, captured, &quiet);
    is_same = quiet.suggestion == judgement->suggestion;
    reason = is_same ? capture_text(session, quiet.reason)
                     : memory_copy_text("judged before secrets were kept out of the evidence; what "
                                        "it rests on is not stored");
    judgement_release(&quiet);
    return reason;
}

static void write_suggestion(struct writing *writing, const struct session *session,
                             const struct run *run, const struct gathering *gathering)
{
    struct captured *const *captured =
        writing->captured + writing->captured_count - gathering->asking_count;
    struct judgement judgement;
    AUTO_FREE char *reason = judge_quietly(session, gathering, captured, &judgement);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:o, s:o}", "run", run->id, "target",
                             session->targets[run->target].name, "check", gathering->check->id,
                             "suggestion", suggestion_text(judgement.suggestion), "reason",
                             json_text(reason), "lines", lines_body(&judgement));

    *array_push(writing->entries, writing->count) =
        (struct new_entry){.kind = ENTRY_SUGGESTION, .body = body};
    judgement_release(&judgement);
}

/* --- the queue --- */

static void write_gathering(struct writing *writing, const struct session *session,
                            const struct run *run, const struct gathering *gathering)
{
    for (size_t i = 0; i < gathering->asking_count; i++)
        write_evidence(writing, session, run, gathering, &gathering->askings[i]);
    write_suggestion(writing, session, run, gathering);
}

bool record_flush(struct session *session, struct error *error)
{
    struct writing writing = {0};
    bool ok;

    loop_timer_remove(session->loop, take(&session->flush_timer));
    if (!session->ready_count)
        return true;
    for (size_t i = 0; i < session->ready_count; i++) {
        const struct ready *ready = &session->ready[i];
        write_gathering(&writing, session, ready->run, &ready->run->gatherings[ready->gathering]);
    }
    ok = review_append(session->review, writing.entries, writing.count, NULL, error);
    writing_release(&writing);
    if (!ok)
        return false;
    for (size_t i = 0; i < session->ready_count; i++)
        gathering_release(&session->ready[i].run->gatherings[session->ready[i].gathering]);
    free(take(&session->ready));
    session->ready_count = 0;
    session->ready_bytes = 0;
    return session_changed(session, error);
}

/* Evidence that cannot be written must not pile up unseen: the runs stop and say why. */
void record_stop(struct session *session, const struct error *error)
{
    for (size_t i = 0; i < session->run_count; i++) {
        target_set_status(session, session->runs[i]->target, error->message);
        session->targets[session->runs[i]->target].has_failed = true;
    }
    fleet_cancel(session->fleet, 0);
    session_announce(session);
}

static void flush_or_stop(struct session *session)
{
    struct error error = {0};

    if (!record_flush(session, &error))
        record_stop(session, &error);
}

static void flush_due(void *context)
{
    struct session *session = context;

    session->flush_timer = NULL; /* the loop has removed it */
    flush_or_stop(session);
}

void record_ready(struct session *session, struct run *run, size_t gathering)
{
    const struct gathering *done = &run->gatherings[gathering];

    *array_push(session->ready, session->ready_count) = (struct ready){run, gathering};
    for (size_t i = 0; i < done->asking_count; i++)
        session->ready_bytes +=
            done->askings[i].result.out.length + done->askings[i].result.err.length;
    if (session->ready_bytes >= FLUSH_BYTES)
        flush_or_stop(session);
    else if (!session->flush_timer)
        session->flush_timer = loop_timer_add(session->loop, FLUSH_DELAY_MS, 0, flush_due, session);
}

void ready_drop(struct session *session, const struct run *run)
{
    size_t kept = 0;

    for (size_t i = 0; i < session->ready_count; i++)
        if (session->ready[i].run != run)
            session->ready[kept++] = session->ready[i];
    session->ready_count = kept;
}
