/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What is measured: lines that say what is expected between a vantage and a destination, and what
 * one vantage runs to find out. Pure; knows no target and no review.
 */
#ifndef FLOW_PLAN_H
#define FLOW_PLAN_H

#include "base/buffer.h"
#include "base/error.h"
#include "checklist/flow_rule.h"

#define FLOW_LINES_MAX    10000
#define FLOW_REQUESTS_MAX 4096 /* of a vantage */
#define FLOW_RATE_MAX     100
#define FLOW_RATE_DEFAULT 20
#define FLOW_SECONDS      4 /* for one connection: room for two SYN that are lost */

/* X(name, text) */
#define FLOW_EXPECTATIONS(X)                                                                       \
    X(UNDECLARED, "not-declared")                                                                  \
    X(ALLOW, "allow")                                                                              \
    X(DENY, "deny")
enum flow_expectation {
#define X(name, text) FLOW_EXPECT_##name,
    FLOW_EXPECTATIONS(X)
#undef X
};
const char *flow_expectation_text(enum flow_expectation expectation);
bool flow_expectation_parse(const char *text, enum flow_expectation *ret_expectation) MUST_USE;

/* One vantage, one destination; of several that fit a flow, the first counts. */
struct flow_line {
    char *from;   /* name of a target */
    char *to;     /* as the file calls it; texts of others */
    char *places; /* a word of FLOW_WORDS, or addresses and names of hosts with commas between */
    char *ports;  /* for flow_ports_parse() */
    enum flow_protocol protocol;
    enum flow_expectation expectation;
};
struct flow_line_list {
    struct flow_line *items;
    size_t count;
};
void flow_line_list_release(struct flow_line_list *list);
/* Append a copy. */
void flow_line_add(struct flow_line_list *list, const struct flow_line *line);
/* Append what is measured from FROM whether or not somebody declared it: metadata services,
 * gateways, neighbours, DNS, each over IPv4 and IPv6. */
void flow_line_add_defaults(struct flow_line_list *list, const char *from);

/* One port of one destination over one family. */
struct flow_request {
    const struct flow_line *line; /* borrowed */
    int family;                   /* 4 or 6 */
    int port;
};

/* What sshd itself is asked for; no tool of the vantage. */
#define FLOW_FORWARD_TOOL "direct-tcpip"

/* X(name): what can connect, in the order in which a vantage looks for it */
#define FLOW_TOOLS(X)                                                                              \
    X("python3")                                                                                   \
    X("perl")                                                                                      \
    X("bash")                                                                                      \
    X("socat")                                                                                     \
    X("nc")                                                                                        \
    X("busybox")                                                                                   \
    X("curl")                                                                                      \
    X(FLOW_FORWARD_TOOL)

struct flow_options {
    int rate;          /* connections that begin in a second, up to FLOW_RATE_MAX; 0: the default */
    const char *tools; /* names with commas between; NULL: all of FLOW_TOOLS */
};
/* ERROR_USAGE names what is no tool or no rate. */
bool flow_options_check(const struct flow_options *options, struct error *error) MUST_USE;

/* A command for a POSIX shell, and the requests that it answers. */
struct flow_step {
    char *command;
    bool is_forward; /* it is an order for sshd instead (probe/forward.h), of some of the requests,
                        for a vantage that has no tool */
    int timeout_ms;
    size_t first, count; /* requests */
};
struct flow_plan {
    struct flow_request *requests;
    size_t request_count;
    struct flow_step *steps;
    size_t step_count;
};
void flow_plan_release(struct flow_plan *plan);
/* What FROM is asked. LINES have to stay. ERROR_INVALID: more than FLOW_REQUESTS_MAX, or a line is
 * malformed. */
bool flow_plan_make(const struct flow_line_list *lines, const char *from,
                    const struct flow_options *options, struct flow_plan *ret_plan,
                    struct error *error) MUST_USE;

/* Append what sshd is asked where the vantage itself has no tool: flows over TCP to addresses that
 * are known here. Nothing where OPTIONS leave direct-tcpip out. */
void flow_plan_add_forwards(struct flow_plan *plan, const struct flow_options *options);

/* Put what a map is made of before the steps: it has no requests. */
void flow_plan_add_map(struct flow_plan *plan);

#endif
