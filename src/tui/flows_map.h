/* SPDX-License-Identifier: Apache-2.0 */
/* The map of data flows, the other face of the Flows screen: each target as a box, who comes in on
 * its left, where it leads on its right. */
#ifndef TUI_FLOWS_MAP_H
#define TUI_FLOWS_MAP_H

#include "app.h"
#include "flow/map.h"
#include "list.h"

struct map_line;
struct map_face {
    struct flow_map map;
    struct map_line *lines; /* what is drawn, box after box */
    size_t line_count;
    struct list list; /* of the lines */
    struct rect area; /* as drawn last */
};
void map_face_release(struct map_face *face);
/* Take the map, which is the face's then. */
void map_face_set(struct map_face *face, struct flow_map *map);
void map_face_draw(struct map_face *face, struct canvas *canvas, struct rect area);
/* What is selected, in words, with the signs beside it. */
void map_face_draw_selected(const struct map_face *face, struct canvas *canvas, struct rect area);
/* The next row that leads to another target; around the end. False: there is none. */
bool map_face_go_to_next(struct map_face *face, bool forward);
/* "2 targets, 5 listen, 4 connected, 1 between them"; free with free(). */
char *map_face_summary(const struct map_face *face) MUST_USE;

#endif
