/* SPDX-License-Identifier: Apache-2.0 */
/* What one target showed of itself, line by line of its answer to flow_map_command. */
#ifndef FLOW_SIGHT_H
#define FLOW_SIGHT_H

#include "flow/map.h"

#include <arpa/inet.h>

struct sight_inet {
    bool is_udp, is_connected;
    int family; /* an address of IPv4 in one of IPv6 is of IPv4 */
    char here[INET6_ADDRSTRLEN], there[INET6_ADDRSTRLEN];
    int here_port, there_port;
    char *inode;
};
struct sight_unix {
    char *path; /* "@name": abstract */
    bool is_listening;
    char *inode;
};
struct sight_owner {
    char *inode, *process; /* "sshd[812]" */
};
struct sight_mount {
    char *device, *root, *point, *type, *source;
    bool is_writable;
};
struct sight_node {
    char kind; /* 's', 'c', 'b' */
    char *mode, *owner, *path;
    bool is_for_all; /* anybody may write */
};

/* Zeroed: nothing was seen. */
struct sight {
    char *boot; /* "" unknown */
    bool is_big_endian, is_complete;
    struct strings namespaces, addresses, writable, missing, more;
    struct sight_inet *inets;
    size_t inet_count;
    struct sight_unix *unixes;
    size_t unix_count;
    struct sight_owner *owners;
    size_t owner_count;
    struct sight_mount *mounts;
    size_t mount_count;
    struct sight_node *nodes;
    size_t node_count;
};

void sight_read(const char *text, struct sight *ret_sight);
void sight_release(struct sight *sight);
/* "" for one whose process was not seen. */
const char *sight_owner(const struct sight *sight, const char *inode);
bool sight_is_loopback(const char *address);

#endif
