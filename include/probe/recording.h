/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The frames of a run on one target, kept in a file: what was asked, and what each frame brought,
 * byte for byte. The file is a line "walkdown-frames 1" and then the messages PLAN, CONNECTED and
 * RESULT of probe/message.h, as they passed between the two programs. A file that is read is
 * hostile. One that was cut off holds the whole frames before the cut.
 */
#ifndef PROBE_RECORDING_H
#define PROBE_RECORDING_H

#include "probe/plan.h"
#include "target/connection.h"

#define RECORDING_MAX_BYTES (512 * 1024 * 1024)

struct recording {
    struct plan plan;
    struct step_result *results; /* by the plan's steps, from the first on */
    size_t result_count;
};

/* Append the beginning of a file. */
void recording_write_plan(struct buffer *out, const struct plan *plan);
void recording_write_identity(struct buffer *out, const struct connection_identity *identity);
void recording_write_result(struct buffer *out, const struct step_result *result);

bool recording_read(const char *bytes, size_t length, struct recording *ret_recording,
                    struct error *error) MUST_USE;
void recording_release(struct recording *recording);
/* Append a command with the names of its check and probe, and what it brought; RESULT's bytes are
 * taken. */
void recording_add(struct recording *recording, const struct plan_step *step,
                   struct step_result *result);
/* What the last such command brought; NULL: it was not asked, or the run ended before. ONE_VANTAGE:
 * all commands of the target look from the same place. */
const struct step_result *recording_find(const struct recording *recording,
                                         const struct plan_step *step, bool one_vantage);

#endif
