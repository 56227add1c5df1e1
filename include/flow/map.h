/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The map of data flows: what each target shows of itself - what listens there, who is connected,
 * what is mounted, unix sockets, devices - and which of it leads to another target. All text comes
 * from targets: show it through base/utf8 or export/escape. What was not seen is said, never left
 * out in silence. Pure.
 */
#ifndef FLOW_MAP_H
#define FLOW_MAP_H

#include "base/array.h"
#include "base/error.h"

/* What a target is asked: a command for a POSIX shell that reads and changes nothing. */
#define FLOW_MAP_MARK "# walkdown data-flow map 1"
extern const char flow_map_command[];
/* Is COMMAND that one, or an earlier one of the same answer? */
bool flow_map_is_command(const char *command);

#define FLOW_MAP_SECONDS  60  /* for the command */
#define FLOW_MAP_ROWS_MAX 500 /* of one target; the others are counted */

/* X(name, text, heading) */
#define FLOW_THINGS(X)                                                                             \
    X(LISTENER, "listener", "listens")                                                             \
    X(INBOUND, "inbound", "comes in")                                                              \
    X(OUTBOUND, "outbound", "goes out")                                                            \
    X(SOCKET, "socket", "unix socket")                                                             \
    X(NAMESPACE, "namespace", "shared")                                                            \
    X(MOUNT, "mount", "mount")                                                                     \
    X(DEVICE, "device", "device")
enum flow_thing {
#define X(name, text, heading) FLOW_THING_##name,
    FLOW_THINGS(X)
#undef X
        FLOW_THING_COUNT
};
const char *flow_thing_text(enum flow_thing thing);
const char *flow_thing_heading(enum flow_thing thing);

/* X(name, text): which way data goes between the target and the other side */
#define FLOW_WAYS(X)                                                                               \
    X(NONE, "none")                                                                                \
    X(IN, "in")                                                                                    \
    X(OUT, "out")                                                                                  \
    X(BOTH, "both")
enum flow_way {
#define X(name, text) FLOW_WAY_##name,
    FLOW_WAYS(X)
#undef X
};
const char *flow_way_text(enum flow_way way);

/* One thing of one target. Texts are never NULL. */
struct flow_map_row {
    enum flow_thing thing;
    enum flow_way way;
    bool is_open;    /* others can reach the target by it, or the target others */
    bool is_between; /* the other side is a target of the map */
    size_t count;    /* connections, or devices that are alike; 1 or more */
    char *here;      /* "22/tcp4", "/run/docker.sock", "/data" */
    char *peer;      /* the other side: "anybody", "db:5432/tcp4", "db:/srv"; "" none */
    char *process;   /* "sshd[812]"; "" not seen, or there is none */
    char *detail;    /* addresses, device, rights, in words */
};

struct flow_map_target {
    char *name;
    char *why;                 /* what was not seen, in sentences, one a line; "" all was */
    bool is_seen;              /* false: nothing was, and WHY says why */
    int64_t seen_ms;           /* 0: never */
    struct flow_map_row *rows; /* by thing; what is open first */
    size_t row_count;
    size_t left_out;                   /* rows beyond FLOW_MAP_ROWS_MAX */
    size_t by_thing[FLOW_THING_COUNT]; /* rows */
};
struct flow_map {
    struct flow_map_target *targets;
    size_t target_count;
};
void flow_map_release(struct flow_map *map);

/* What a target answered; texts are borrowed. */
struct flow_map_source {
    const char *target, *text;
    const char *why;       /* why there may be less than was asked for, or "" */
    const char *addresses; /* where others reach it, with commas between, or "" */
    int64_t seen_ms;
};
void flow_map_join(const struct flow_map_source *sources, size_t count, struct flow_map *ret_map);
/* Rows of all targets. */
size_t flow_map_rows(const struct flow_map *map);

#endif
