/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What a vantage answered. Its bytes are hostile: what does not fit the plan is counted and left
 * aside, and a flow of which nothing was said is blocked.
 */
#ifndef FLOW_ANSWER_H
#define FLOW_ANSWER_H

#include "flow/plan.h"

/* X(name, text, what it means) */
#define FLOW_STATES(X)                                                                             \
    X(OPEN, "open", "open")                                                                        \
    X(REFUSED, "refused", "refused: closed, or rejected on the way")                               \
    X(FILTERED, "filtered", "no answer in time")                                                   \
    X(UNREACHABLE, "unreachable", "no way there, or rejected on the way")                          \
    X(PROHIBITED, "prohibited", "not permitted")                                                   \
    X(SILENT, "open|filtered", "no answer over UDP, which proves nothing")                         \
    X(ABSENT, "absent", "no such place was found")                                                 \
    X(BLOCKED, "blocked", "could not be measured")
enum flow_state {
#define X(name, text, meaning) FLOW_##name##_STATE,
    FLOW_STATES(X)
#undef X
};
const char *flow_state_text(enum flow_state state);
const char *flow_state_meaning(enum flow_state state);
bool flow_state_parse(const char *text, enum flow_state *ret_state) MUST_USE;

/* One flow to one address, as it was measured. Texts are never NULL, and of others. */
struct flow_measure {
    char *from, *to;
    bool is_udp;
    int family, port;
    char *address; /* "" none was tried */
    enum flow_state state;
    char *tool;   /* "" none */
    char *proof;  /* how it is known that the tool sees what is open, or that what is absent has
                     no address of this family; "" it is not */
    char *detail; /* why it is blocked; of direct-tcpip, what sshd said */
};
struct flow_measure_list {
    struct flow_measure *items;
    size_t count;
};
void flow_measure_list_release(struct flow_measure_list *list);

struct flow_answer {
    struct flow_measure_list measures; /* in the order of the requests */
    size_t strange_lines;              /* that do not fit the plan */
    /* private */
    struct flow_proof {
        bool is_udp;
        int family;
        char *tool, *where;
    } * proofs;
    size_t proof_count;
    size_t *numbers; /* request of each measure */
    size_t number_count;
};
void flow_answer_release(struct flow_answer *answer);
/* Take in what step STEP brought; WHY: why there may be less than was asked for, or "". */
void flow_answer_read(struct flow_answer *answer, const struct flow_plan *plan, size_t step,
                      const char *text, const char *why);
/* Of all steps: what was not answered is blocked, and what proves what is worked out. */
void flow_answer_end(struct flow_answer *answer, const struct flow_plan *plan);
/* The request that a measure answers. */
size_t flow_answer_request(const struct flow_answer *answer, size_t measure);

#endif
