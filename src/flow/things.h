/* SPDX-License-Identifier: Apache-2.0 */
/* From what targets showed to rows of the map. */
#ifndef FLOW_THINGS_H
#define FLOW_THINGS_H

#include "sight.h"

#include "base/buffer.h"

/* An end of a connection. */
struct things_end {
    const struct sight_inet *inet;
    size_t target;
};
struct things {
    const struct flow_map_source *sources;
    const struct sight *sights; /* one for each source */
    size_t count;
    size_t self;             /* the target whose rows are made */
    struct things_end *ends; /* of all targets, by port and address */
    size_t end_count;
};

/* Take in the texts of ROW; one that is there already counts once more. */
void things_add(struct flow_map_target *target, const struct flow_map_row *row);
/* All rows are there: sort them, leave out what is over the maximum, and count. */
void things_finish(struct flow_map_target *target);
void things_release_row(struct flow_map_row *row);

/* things_network.c: fill in the ends; what listens and what is connected */
void things_index(struct things *things);
void things_of_network(const struct things *things, struct flow_map_target *target);
/* things_local.c: unix sockets; devices; mounts, and namespaces that another target has too */
void things_of_unix(const struct things *things, struct flow_map_target *target);
void things_of_files(const struct things *things, struct flow_map_target *target);
void things_of_sharing(const struct things *things, struct flow_map_target *target);

#endif
