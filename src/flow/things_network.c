/* SPDX-License-Identifier: Apache-2.0 */
#include "things.h"

#include <stdlib.h>
#include <string.h>

static char *port_text(const struct sight_inet *inet, int port)
{
    return memory_format("%d/%s%d", port, inet->is_udp ? "udp" : "tcp", inet->family);
}

static char *place_text(const char *host, int port)
{
    bool is_long = strchr(host, ':') != NULL;
    return memory_format("%s%s%s:%d", is_long ? "[" : "", host, is_long ? "]" : "", port);
}

static bool is_any(const char *address)
{
    return strcmp(address, "0.0.0.0") == 0 || strcmp(address, "::") == 0;
}

/* --- who is at an address --- */

static int compare_ends(const char *here, int here_port, const struct things_end *end)
{
    if (here_port != end->inet->here_port)
        return here_port - end->inet->here_port;
    return strcmp(here, end->inet->here);
}

static int compare_two_ends(const void *a, const void *b)
{
    const struct things_end *left = a, *right = b;
    return compare_ends(left->inet->here, left->inet->here_port, right);
}

void things_index(struct things *things)
{
    for (size_t t = 0; t < things->count; t++)
        for (size_t i = 0; i < things->sights[t].inet_count; i++)
            if (things->sights[t].inets[i].is_connected)
                *array_push(things->ends, things->end_count) =
                    (struct things_end){&things->sights[t].inets[i], t};
    if (things->end_count > 1)
        qsort(things->ends, things->end_count, sizeof(*things->ends), compare_two_ends);
}

static size_t first_end(const struct things *things, const char *here, int here_port)
{
    size_t low = 0, high = things->end_count;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (compare_ends(here, here_port, &things->ends[middle]) > 0)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* The target that shows the other end of a connection; the count of targets: none. */
static size_t find_other_end(const struct things *things, const struct sight_inet *inet)
{
    for (size_t i = first_end(things, inet->there, inet->there_port);
         i < things->end_count &&
         compare_ends(inet->there, inet->there_port, &things->ends[i]) == 0;
         i++) {
        const struct sight_inet *other = things->ends[i].inet;
        if (things->ends[i].target != things->self && other->is_udp == inet->is_udp &&
            other->there_port == inet->here_port && strcmp(other->there, inet->here) == 0)
            return things->ends[i].target;
    }
    return things->count;
}

/* The target at the other end; the count of targets: none, or it could be several. */
static size_t find_peer(const struct things *things, const struct sight_inet *inet)
{
    size_t found = find_other_end(things, inet), candidates = 0;
    if (found < things->count)
        return found;
    for (size_t i = 0; i < things->count; i++)
        if (i != things->self && strings_contains(&things->sights[i].addresses, inet->there)) {
            found = i;
            candidates++;
        }
    return candidates == 1 ? found : things->count;
}

static bool is_inner(const struct things *things, const struct sight_inet *inet)
{
    return sight_is_loopback(inet->there) ||
           strings_contains(&things->sights[things->self].addresses, inet->there);
}

/* --- rows --- */

static const struct sight_inet *find_listener(const struct sight *sight,
                                              const struct sight_inet *inet)
{
    for (size_t i = 0; i < sight->inet_count; i++)
        if (!sight->inets[i].is_connected && sight->inets[i].is_udp == inet->is_udp &&
            sight->inets[i].here_port == inet->here_port)
            return &sight->inets[i];
    return NULL;
}

static size_t count_inner(const struct things *things, const struct sight_inet *listener)
{
    const struct sight *sight = &things->sights[things->self];
    size_t count = 0;
    for (size_t i = 0; i < sight->inet_count; i++)
        count += sight->inets[i].is_connected && sight->inets[i].here_port == listener->here_port &&
                 is_inner(things, &sight->inets[i]) &&
                 find_listener(sight, &sight->inets[i]) == listener;
    return count;
}

static void add_listener(const struct things *things, const struct sight_inet *inet,
                         struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    bool is_inside = sight_is_loopback(inet->here);
    size_t inner = count_inner(things, inet);
    const char *process = sight_owner(sight, inet->inode);
    AUTO_FREE char *own = inner > 0
                              ? memory_format("; connections from the target itself: %zu", inner)
                              : memory_copy_text("");
    const struct flow_map_row row = {
        .thing = FLOW_THING_LISTENER,
        .way = is_inside ? FLOW_WAY_NONE : FLOW_WAY_IN,
        .is_open = !is_inside,
        .here = port_text(inet, inet->here_port),
        .peer = memory_copy_text(is_inside ? "" : "anybody"),
        .process = memory_copy_text(process),
        .detail = memory_format("on %s%s%s%s", is_any(inet->here) ? "every address" : inet->here,
                                is_inside ? ", for the target alone" : "", own,
                                *process == '\0' ? "; process not seen" : "")};
    things_add(target, &row);
}

static void add_connection(const struct things *things, const struct sight_inet *inet,
                           struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    const struct sight_inet *listener = find_listener(sight, inet);
    const char *process = sight_owner(sight, inet->inode);
    size_t peer = find_peer(things, inet);
    const char *host = peer < things->count ? things->sources[peer].target : inet->there;
    AUTO_FREE char *place = place_text(host, inet->there_port);
    AUTO_FREE char *from = place_text(inet->here, inet->here_port);
    AUTO_FREE char *to = place_text(inet->there, inet->there_port);
    struct flow_map_row row = {
        .is_open = true, .is_between = peer < things->count, .process = memory_copy_text(process)};
    if (listener != NULL) {
        row.thing = FLOW_THING_INBOUND;
        row.way = FLOW_WAY_IN;
        row.here = port_text(inet, inet->here_port);
        row.peer = memory_copy_text(host);
        row.detail = memory_format("%s from %s", from, to);
    } else {
        row.thing = FLOW_THING_OUTBOUND;
        row.way = FLOW_WAY_OUT;
        row.here = memory_copy_text(*process != '\0' ? process : "process not seen");
        row.peer = memory_format("%s/%s%d", place, inet->is_udp ? "udp" : "tcp", inet->family);
        row.detail = memory_format("%s to %s", from, to);
    }
    things_add(target, &row);
}

void things_of_network(const struct things *things, struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    for (size_t i = 0; i < sight->inet_count; i++) {
        const struct sight_inet *inet = &sight->inets[i];
        if (!inet->is_connected)
            add_listener(things, inet, target);
        else if (!is_inner(things, inet))
            add_connection(things, inet, target);
    }
}
