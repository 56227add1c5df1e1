/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A run without its target: recorded frames take the place of what would be asked. The commands are
 * those of this review's checklists; what was recorded of exactly the same command counts.
 */
#include "capture.h"

#include "base/file.h"
#include "base/path.h"
#include "probe/recording.h"
#include "state.h"

#include <string.h>
#include <sys/stat.h>

/* Where recordings come from: one of the two. */
struct source {
    const char *folder;
    struct review *review;
};

/* --- from a folder of frames --- */

static bool read_frames(const char *folder, const char *target, struct recording *ret_recording,
                        char **ret_origin, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    AUTO_FREE char *name = memory_format("%s.frames", target);
    AUTO_FREE char *path = path_join(folder, name);
    char text[DIGEST_HEX_BYTES];

    if (!file_read(path, RECORDING_MAX_BYTES, &bytes, error))
        return error->code == ERROR_NOT_FOUND;
    if (!recording_read(buffer_text(&bytes), bytes.length, ret_recording, error))
        return error_prefix(error, "%s", path);
    struct digest digest = digest_of(bytes.data, bytes.length);
    *ret_origin = memory_format("replayed from %s, SHA-256 %s", name, digest_hex(&digest, text));
    return true;
}

/* --- from another review --- */

static bool read_stream(struct review *review, const struct digest *blob, int64_t size,
                        struct buffer *ret_bytes, struct error *error)
{
    return size == 0 || review_read_blob(review, blob, ret_bytes, error);
}

static bool add_row(struct review *review, const struct evidence_row *row,
                    struct recording *recording, struct error *error)
{
    const struct plan_step step = {.check = row->check,
                                   .probe = row->probe,
                                   .command = row->command,
                                   .as_root = row->as_root,
                                   .from_reviewer =
                                       strcmp(row->from, vantage_text(VANTAGE_REVIEWER)) == 0};
    struct step_result result = {.exit_status = row->exit_status,
                                 .started_ms = row->started_ms,
                                 .duration_ms = row->duration_ms,
                                 .noise_bytes = (size_t)row->noise_bytes};

    if (!step_outcome_parse(row->outcome, &result.outcome))
        return true; /* it was not run */
    snprintf(result.detail, sizeof(result.detail), "%s", row->detail);
    if (!read_stream(review, &row->out_blob, row->out_bytes, &result.out, error) ||
        !read_stream(review, &row->err_blob, row->err_bytes, &result.err, error)) {
        step_result_release(&result);
        return false;
    }
    recording_add(recording, &step, &result);
    return true;
}

static bool read_review(struct review *review, const char *target, struct recording *ret_recording,
                        char **ret_origin, struct error *error)
{
    const struct review_filter filter = {.target = target};
    AUTO_RELEASE(evidence_row_list) struct evidence_row_list rows = {0};
    bool ok = review_query_evidence(review, &filter, &rows, error);

    for (size_t i = 0; ok && i < rows.count; i++)
        ok = add_row(review, &rows.items[i], ret_recording, error);
    if (ok)
        *ret_origin =
            memory_format("replayed from the evidence of %s", path_base(review_path(review)));
    return ok;
}

/* --- replaying --- */

static void fill_gathering(struct gathering *gathering, const struct recording *recording,
                           size_t outside, struct replay_counts *counts)
{
    for (size_t i = 0; i < gathering->asking_count; i++) {
        struct asking *asking = &gathering->askings[i];
        struct plan plan = {0};
        const struct step_result *found = NULL;
        if (gathering_add_step(gathering, i, outside, &plan))
            found = recording_find(recording, &plan.steps[0], outside == 0);
        if (found) {
            step_result_copy(found, &asking->result);
            asking->has_result = true;
            counts->replayed++;
        } else if (!asking->not_run) {
            asking->not_run = "nothing was recorded of this command";
            counts->missing++;
        }
        plan_release(&plan);
    }
}

/* What was recorded of one target, and in which words to tell it. */
struct tape {
    struct recording recording;
    char *origin;
};

static void replay_target(struct session *session, size_t target, const struct run_request *request,
                          const struct tape *tape, struct replay_counts *counts)
{
    struct run *run = run_new(session, target, request);

    run_tell(session, run, "started", tape->origin);
    for (size_t i = 0; i < run->gathering_count; i++) {
        fill_gathering(&run->gatherings[i], &tape->recording, run->outside, counts);
        record_ready(session, run, i);
    }
    run_tell(session, run, "finished", tape->origin);
    counts->targets++;
    run_free(run);
}

static bool replay_from(struct session *session, const struct source *source,
                        const struct run_request *request, struct replay_counts *counts,
                        struct error *error)
{
    bool ok = true;

    for (size_t t = 0; ok && t < session->target_count; t++) {
        struct tape tape = {0};
        const char *name = session->targets[t].name;
        if (!run_has_items(session, t, request))
            continue;
        ok = source->folder
                 ? read_frames(source->folder, name, &tape.recording, &tape.origin, error)
                 : read_review(source->review, name, &tape.recording, &tape.origin, error);
        if (ok && tape.recording.result_count)
            replay_target(session, t, request, &tape, counts);
        ok = ok && record_flush(session, error);
        recording_release(&tape.recording);
        free(tape.origin);
    }
    return ok;
}

bool session_replay(struct session *session, const struct run_request *request, const char *source,
                    struct replay_counts *ret_counts, struct error *error)
{
    struct run_request all = *request;
    struct source from = {0};
    struct replay_counts counts = {0};
    struct stat status;
    bool ok = run_check_request(session, request, error) && capture_prepare(session, error);

    /* What was recorded has run; nothing runs now. */
    all.consent_active = true;
    if (stat(source, &status) == 0 && S_ISDIR(status.st_mode))
        from.folder = source;
    else
        ok = ok && review_open(source, REVIEW_READ_ONLY, &session->author, &from.review, error);
    ok = ok && replay_from(session, &from, &all, &counts, error);
    review_close(from.review);
    if (ok && !counts.targets)
        ok = error_set(error, ERROR_NOT_FOUND, "'%s' holds nothing of these targets", source);
    if (ok)
        *ret_counts = counts;
    return ok && items_read(session, error);
}
