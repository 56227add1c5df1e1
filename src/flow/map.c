/* SPDX-License-Identifier: Apache-2.0 */
/* The map: rows of each target, in the order in which they are read. */
#include "flow/map.h"

#include "things.h"

#include <stdlib.h>
#include <string.h>

static const struct {
    const char *text, *heading;
} thing_words[] = {
#define X(name, text, heading) {text, heading},
    FLOW_THINGS(X)
#undef X
};

const char *flow_thing_text(enum flow_thing thing)
{
    return thing_words[thing].text;
}

const char *flow_thing_heading(enum flow_thing thing)
{
    return thing_words[thing].heading;
}

const char *flow_way_text(enum flow_way way)
{
    static const char *const texts[] = {
#define X(name, text) text,
        FLOW_WAYS(X)
#undef X
    };
    return texts[way];
}

bool flow_map_is_command(const char *command)
{
    return strncmp(command, FLOW_MAP_MARK "\n", strlen(FLOW_MAP_MARK "\n")) == 0;
}

void flow_map_release(struct flow_map *map)
{
    for (size_t i = 0; i < map->target_count; i++) {
        for (size_t j = 0; j < map->targets[i].row_count; j++)
            things_release_row(&map->targets[i].rows[j]);
        free(map->targets[i].rows);
        free(map->targets[i].name);
        free(map->targets[i].why);
    }
    free(map->targets);
    *map = (struct flow_map){0};
}

size_t flow_map_rows(const struct flow_map *map)
{
    size_t count = 0;
    for (size_t i = 0; i < map->target_count; i++)
        count += map->targets[i].row_count;
    return count;
}

/* --- what was not seen --- */

static const char *name_of_part(const char *part)
{
    static const char *const names[][2] = {{"tcp4", "sockets of TCP over IPv4"},
                                           {"tcp6", "sockets of TCP over IPv6"},
                                           {"udp4", "sockets of UDP over IPv4"},
                                           {"udp6", "sockets of UDP over IPv6"},
                                           {"unix", "unix sockets"},
                                           {"mount", "mounts"},
                                           {"node", "sockets and devices"}};
    for (size_t i = 0; i < LENGTH(names); i++)
        if (strcmp(names[i][0], part) == 0)
            return names[i][1];
    return part;
}

static void say_what_is_not_seen(const struct sight *sight, const char *why, struct buffer *text)
{
    size_t listening = 0, unknown = 0;
    for (size_t i = 0; i < sight->inet_count; i++) {
        if (sight->inets[i].is_connected)
            continue;
        listening++;
        unknown += *sight_owner(sight, sight->inets[i].inode) == '\0';
    }
    if (*why != '\0')
        buffer_append_format(text, "%s\n", why);
    else if (!sight->is_complete)
        buffer_append_text(text, "the answer has no end: there may be more\n");
    for (size_t i = 0; i < sight->missing.count; i++)
        buffer_append_format(text, "%s: could not be read\n",
                             name_of_part(sight->missing.items[i]));
    for (size_t i = 0; i < sight->more.count; i++)
        buffer_append_format(text, "%s: there are more than the first ones\n",
                             name_of_part(sight->more.items[i]));
    if (unknown > 0)
        buffer_append_format(text,
                             "of %zu of %zu listening sockets the process was not seen: no right, "
                             "or hidden\n",
                             unknown, listening);
}

/* --- joining --- */

static void join_target(const struct things *things, const struct flow_map_source *source,
                        struct flow_map_target *ret_target)
{
    const struct sight *sight = &things->sights[things->self];
    AUTO_RELEASE(buffer) struct buffer why = {0};
    *ret_target = (struct flow_map_target){.name = memory_copy_text(source->target),
                                           .seen_ms = source->seen_ms};
    ret_target->is_seen =
        sight->is_complete || sight->inet_count + sight->unix_count + sight->mount_count > 0;
    say_what_is_not_seen(sight, source->why, &why);
    ret_target->why = memory_copy_text(buffer_text(&why));
    things_of_network(things, ret_target);
    things_of_unix(things, ret_target);
    things_of_files(things, ret_target);
    things_of_sharing(things, ret_target);
    things_finish(ret_target);
}

void flow_map_join(const struct flow_map_source *sources, size_t count, struct flow_map *ret_map)
{
    struct sight *sights = memory_new(count, sizeof(*sights));
    struct things things = {.sources = sources, .sights = sights, .count = count};
    *ret_map = (struct flow_map){0};
    for (size_t i = 0; i < count; i++) {
        sight_read(sources[i].text, &sights[i]);
        if (*sources[i].addresses != '\0')
            strings_split(&sights[i].addresses, sources[i].addresses, ',');
    }
    things_index(&things);
    for (things.self = 0; things.self < count; things.self++)
        join_target(&things, &sources[things.self],
                    array_push(ret_map->targets, ret_map->target_count));
    for (size_t i = 0; i < count; i++)
        sight_release(&sights[i]);
    free(things.ends);
    free(sights);
}
