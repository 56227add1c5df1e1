/* SPDX-License-Identifier: Apache-2.0 */
/*
 * YAML as a tree that remembers where everything stands. Made from libyaml's events, never from its
 * document loader: aliases, anchors, tags, merge keys, duplicate keys and depth are refused as they
 * come by.
 */
#ifndef CHECKLIST_NODE_H
#define CHECKLIST_NODE_H

#include "diagnostics.h"

#define NODE_DEPTH_MAX        32
#define NODE_COUNT_MAX        50000
#define NODE_TEXT_MAX_BYTES   (64 * 1024)
#define NODE_MAPPING_MAX_KEYS 1000

enum node_kind { NODE_TEXT, NODE_LIST, NODE_MAPPING };

struct node {
    enum node_kind kind;
    struct position position;
    char *key; /* of a member of a mapping, else NULL */
    struct position key_position;
    char *text;            /* of NODE_TEXT; never NULL, no control characters, valid UTF-8 */
    struct node *children; /* items of a list, members of a mapping */
    size_t child_count;
};

/* Parse one document into ROOT, which is zeroed before; release it in either case. False when there
 * was an error, each of which is in DIAGNOSTICS. */
bool node_parse(const char *bytes, size_t length, struct node *root,
                struct diagnostics *diagnostics) MUST_USE;
void node_release(struct node *node);
/* The member of that key, or NULL. */
const struct node *node_member(const struct node *mapping, const char *key);

#endif
