/* SPDX-License-Identifier: Apache-2.0 */
/* What a probe's record is worth: all there is to see, a part of it, or nothing. */
#ifndef JUDGE_TESTIMONY_H
#define JUDGE_TESTIMONY_H

#include "judge/judge.h"

enum testimony_worth {
    TESTIMONY_COMPLETE,
    TESTIMONY_PARTIAL, /* what is there is true, but there may be more */
    TESTIMONY_BLOCKED, /* no answer */
    TESTIMONY_MISSING  /* not asked yet */
};

struct testimony {
    enum testimony_worth worth;
    char *reason;    /* why it is not complete; NULL when it is */
    const char *out; /* whole lines of stdout */
    size_t out_length;
    const char *err; /* whole lines of stderr */
    size_t err_length;
    bool has_exit_status;
    int exit_status;
};

/* Weigh the record of a probe; NULL: there is none. */
void testimony_weigh(const struct check_probe *probe, const struct judge_evidence *record,
                     struct testimony *ret_testimony);
/* Weigh the record of the check's condition: exit statuses 0 and 1 are answers. */
void testimony_weigh_condition(const struct judge_evidence *record,
                               struct testimony *ret_testimony);
void testimony_release(struct testimony *testimony);
/* NULL when there is none. */
const struct judge_evidence *testimony_find_record(const struct judge_case *matter,
                                                   const char *probe);
/* Those of all probes of the check. */
struct testimony *testimonies_new(const struct judge_case *matter) MUST_USE;
void testimonies_free(struct testimony *testimonies, size_t count);

#endif
