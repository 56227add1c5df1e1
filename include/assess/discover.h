/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The sandboxes that run on a host, as its tools and its process list tell: each as a target that a
 * review could have. What could not be asked is said. The host may lie in every byte: a name that
 * is more than a name leads nowhere, and of one tool at most DISCOVERY_MAX_EACH sandboxes are
 * listed.
 */
#ifndef ASSESS_DISCOVER_H
#define ASSESS_DISCOVER_H

#include "assess/visit.h"
#include "base/array.h"
#include "base/json.h"
#include "base/loop.h"

#define DISCOVERY_MAX_EACH 10000

struct sandbox {
    char *kind;   /* "docker", "vm", ...; for a process with namespaces of its own "process" */
    char *name;   /* as the host calls it; hostile bytes */
    char *detail; /* image, program or state; hostile bytes, perhaps "" */
    char *target; /* what to give to -t; NULL: no hop leads there, as into a virtual machine */
};

struct discovery {
    struct sandbox *items;
    size_t count;
    struct strings unseen; /* "docker: permission denied"; hostile bytes */
    bool is_cancelled;
    /* private */
    json_t *processes; /* an object: the first processes of what is listed, by number */
    struct errand *errand;
    char *spec;
};

void discovery_release(struct discovery *discovery);
/* Append the commands that are run, for a reader. */
void discovery_print_commands(struct buffer *text);
struct discovery_request {
    const char *target; /* "[name=]TARGET" */
    bool allow_password;
    struct loop *loop; /* stopped at the end */
};
/* Look around on a target. */
bool discover(const struct discovery_request *request, const struct visit_events *events,
              struct discovery *ret_discovery, struct error *error) MUST_USE;
/* From within the loop. */
void discovery_cancel(struct discovery *discovery);

#endif
