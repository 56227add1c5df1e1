/* SPDX-License-Identifier: Apache-2.0 */
/* Judging in one line, for tests: a checklist of one check from its YAML, evidence, a judgement. */
#ifndef JUDGE_JUDGING_H
#define JUDGE_JUDGING_H

#include "support/testing.h"

#include "base/buffer.h"
#include "checklist/load.h"
#include "judge/judge.h"

/* 2026-06-15T12:00:00Z */
#define JUDGING_NOW_MS 1781524800000

struct judging {
    struct checklist *checklist;
    struct parameters parameters;
    struct judgement judgement;
};

/* Load a checklist whose one check has these keys, in YAML flow style: "probes: [...], expect:
 * ..."; PARAMS as in YAML, NULL for none. Fails the test when it does not load. */
void judging_load(struct judging *judging, const char *params, const char *keys);
/* Judge the check; the judgement lives until the next. */
const struct judgement *judging_judge(struct judging *judging,
                                      const struct judge_evidence *evidence, size_t count);
void judging_release(struct judging *judging);
/* Evidence of a probe that ended with an exit status. */
struct judge_evidence judging_done(const char *probe, int exit_status, const char *out,
                                   const char *err);
/* Fail unless the suggestion and a part of the reason are as expected. */
void judging_expect(const struct judgement *judgement, enum suggestion suggestion,
                    const char *reason_part, const char *what);

#endif
