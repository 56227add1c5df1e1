/* SPDX-License-Identifier: Apache-2.0 */
#include "things.h"

#include <string.h>

static bool may_write(const struct things *things, const char *path)
{
    return strings_contains(&things->sights[things->self].writable, path);
}

/* "srw-rw---- 0:999; this account may write" */
static char *rights_text(const struct things *things, const struct sight_node *node)
{
    return memory_format("%s %s%s", node->mode, node->owner,
                         may_write(things, node->path) ? "; this account may write" : "");
}

/* --- unix sockets --- */

static const struct sight_node *find_node(const struct sight *sight, const char *path)
{
    for (size_t i = 0; i < sight->node_count; i++)
        if (strcmp(sight->nodes[i].path, path) == 0)
            return &sight->nodes[i];
    return NULL;
}

static bool has_listener(const struct sight *sight, const char *path)
{
    for (size_t i = 0; i < sight->unix_count; i++)
        if (sight->unixes[i].is_listening && strcmp(sight->unixes[i].path, path) == 0)
            return true;
    return false;
}

static size_t count_ends(const struct sight *sight, const char *path)
{
    size_t count = 0;
    for (size_t i = 0; i < sight->unix_count; i++)
        count += !sight->unixes[i].is_listening && strcmp(sight->unixes[i].path, path) == 0;
    return count;
}

static void add_listening_socket(const struct things *things, const struct sight_unix *unix_socket,
                                 struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    const struct sight_node *node = find_node(sight, unix_socket->path);
    const char *peer = "whoever finds it";
    bool is_abstract = unix_socket->path[0] == '@';
    AUTO_FREE char *rights =
        node != NULL ? rights_text(things, node)
                     : memory_copy_text(is_abstract ? "abstract, no rights" : "rights not seen");
    if (is_abstract)
        peer = "its network namespace";
    else if (node != NULL)
        peer = node->is_for_all ? "every account" : "some accounts";
    const struct flow_map_row row = {
        .thing = FLOW_THING_SOCKET,
        .way = FLOW_WAY_IN,
        .here = memory_copy_text(unix_socket->path),
        .peer = memory_copy_text(peer),
        .process = memory_copy_text(sight_owner(sight, unix_socket->inode)),
        .detail =
            memory_format("%s; connected: %zu", rights, count_ends(sight, unix_socket->path))};
    things_add(target, &row);
}

/* A socket that nobody listens on whom this network namespace shows. */
static void add_foreign_socket(const struct things *things, const struct sight_node *node,
                               struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    bool is_known =
        !strings_contains(&sight->missing, "unix") && !strings_contains(&sight->more, "unix");
    AUTO_FREE char *rights = rights_text(things, node);
    const struct flow_map_row row = {
        .thing = FLOW_THING_SOCKET,
        .way = FLOW_WAY_OUT,
        .is_open = may_write(things, node->path),
        .here = memory_copy_text(node->path),
        .peer = memory_copy_text(is_known ? "outside, or gone" : "not seen"),
        .process = memory_copy_text(""),
        .detail = memory_format("%s; %s", rights,
                                is_known ? "nobody in this network namespace listens"
                                         : "who listens was not seen")};
    things_add(target, &row);
}

void things_of_unix(const struct things *things, struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    for (size_t i = 0; i < sight->unix_count; i++)
        if (sight->unixes[i].is_listening)
            add_listening_socket(things, &sight->unixes[i], target);
    for (size_t i = 0; i < sight->node_count; i++)
        if (sight->nodes[i].kind == 's' && !has_listener(sight, sight->nodes[i].path))
            add_foreign_socket(things, &sight->nodes[i], target);
}

/* --- devices --- */

static void add_device(const struct things *things, const struct sight_node *node,
                       struct flow_map_target *target)
{
    bool is_usable = may_write(things, node->path);
    size_t length = strlen(node->path);
    while (length > 0 && strchr("0123456789", node->path[length - 1]) != NULL)
        length--;
    AUTO_FREE char *stem = memory_copy(node->path, length);
    const struct flow_map_row row = {
        .thing = FLOW_THING_DEVICE,
        .way = is_usable ? FLOW_WAY_BOTH : FLOW_WAY_NONE,
        .is_open = is_usable,
        .here = memory_format("%s%s", stem, node->path[length] != '\0' ? "*" : ""),
        .peer = memory_copy_text("kernel"),
        .process = memory_copy_text(""),
        .detail = rights_text(things, node)};
    things_add(target, &row);
}

/* --- mounts --- */

static bool is_of_list(const char *type, const char *const *list)
{
    for (; *list != NULL; list++)
        if (strcmp(*list, type) == 0)
            return true;
    return false;
}

/* What the kernel makes up carries no data from elsewhere. */
static bool is_made_up(const struct sight_mount *mount)
{
    static const char *const types[] = {
        "autofs",     "binfmt_misc", "bpf",      "cgroup",   "cgroup2", "configfs",
        "debugfs",    "devpts",      "devtmpfs", "efivarfs", "fusectl", "hugetlbfs",
        "mqueue",     "nsfs",        "proc",     "pstore",   "ramfs",   "rpc_pipefs",
        "securityfs", "selinuxfs",   "sysfs",    "tracefs",  NULL};
    bool is_of_kernel =
        strcmp(mount->type, "tmpfs") == 0 &&
        (strncmp(mount->point, "/sys/", 5) == 0 || strncmp(mount->point, "/proc/", 6) == 0);
    return is_of_kernel || is_of_list(mount->type, types);
}

static bool is_remote(const struct sight_mount *mount)
{
    static const char *const types[] = {
        "9p",  "afs",  "ceph", "cifs",     "fuse.sshfs", "fuse.glusterfs",
        "nfs", "nfs4", "smb3", "virtiofs", NULL};
    return is_of_list(mount->type, types);
}

static bool is_below(const char *path, const char *top)
{
    size_t length = strlen(top);
    return strcmp(top, "/") == 0 ||
           (strncmp(path, top, length) == 0 && (path[length] == '\0' || path[length] == '/'));
}

/* Do both lead to the same files, or one into the files of the other? */
static bool is_same_volume(const struct sight_mount *a, const struct sight_mount *b, bool same_host)
{
    if (is_remote(a))
        return strcmp(a->type, b->type) == 0 && strcmp(a->source, b->source) == 0;
    return same_host && strcmp(a->device, b->device) == 0 &&
           (is_below(a->root, b->root) || is_below(b->root, a->root));
}

static bool has_root(const struct sight *sight, const struct sight_mount *like)
{
    for (size_t i = 0; i < sight->mount_count; i++)
        if (strcmp(sight->mounts[i].device, like->device) == 0 &&
            strcmp(sight->mounts[i].root, like->root) == 0)
            return true;
    return false;
}

/* Of mounts on one file system those belong together that have the same root; one within another
 * only where one of the two has no such partner. */
static bool is_closest(const struct sight *sight, const struct sight_mount *mount,
                       const struct sight *other, const struct sight_mount *there)
{
    return is_remote(mount) || strcmp(mount->root, there->root) == 0 || !has_root(other, mount) ||
           !has_root(sight, there);
}

static bool is_same_host(const struct things *things, size_t other)
{
    const char *boot = things->sights[things->self].boot;
    return *boot != '\0' && strcmp(boot, things->sights[other].boot) == 0;
}

static bool shares(const struct things *things, size_t other, const char *kind)
{
    const struct sight *sight = &things->sights[things->self];
    if (!is_same_host(things, other))
        return false;
    for (size_t i = 0; i < sight->namespaces.count; i++)
        if (strncmp(sight->namespaces.items[i], kind, strlen(kind)) == 0)
            return strings_contains(&things->sights[other].namespaces, sight->namespaces.items[i]);
    return false;
}

static void add_mount(const struct sight_mount *mount, const char *peer, bool is_between,
                      struct flow_map_target *target)
{
    bool is_part = strcmp(mount->root, "/") != 0;
    const struct flow_map_row row = {
        .thing = FLOW_THING_MOUNT,
        .way = mount->is_writable ? FLOW_WAY_BOTH : FLOW_WAY_IN,
        .is_open = is_between || is_part || is_remote(mount),
        .is_between = is_between,
        .here = memory_copy_text(mount->point),
        .peer = peer != NULL ? memory_copy_text(peer)
                : is_part    ? memory_format("%s of %s", mount->root, mount->source)
                             : memory_copy_text(mount->source),
        .process = memory_copy_text(""),
        .detail = memory_format("%s %s, %s of %s, %s", mount->type, mount->device, mount->root,
                                mount->source, mount->is_writable ? "read-write" : "read-only")};
    things_add(target, &row);
}

/* The other targets that have it too; false: none. With a whole mount namespace in common, that
 * alone is told. */
static bool add_shares(const struct things *things, const struct sight_mount *mount,
                       struct flow_map_target *target)
{
    enum { SHARES_MAX = 8 };
    size_t count = 0;
    for (size_t t = 0; t < things->count; t++) {
        const struct sight *other = &things->sights[t];
        bool same_host = is_same_host(things, t);
        if (t == things->self || shares(things, t, "mnt:"))
            continue;
        for (size_t i = 0; i < other->mount_count && count < SHARES_MAX; i++) {
            if (!is_same_volume(mount, &other->mounts[i], same_host) ||
                is_made_up(&other->mounts[i]) ||
                !is_closest(&things->sights[things->self], mount, other, &other->mounts[i]))
                continue;
            AUTO_FREE char *peer =
                memory_format("%s:%s", things->sources[t].target, other->mounts[i].point);
            add_mount(mount, peer, true, target);
            count++;
        }
    }
    return count > 0;
}

void things_of_files(const struct things *things, struct flow_map_target *target)
{
    const struct sight *sight = &things->sights[things->self];
    for (size_t i = 0; i < sight->node_count; i++)
        if (sight->nodes[i].kind != 's')
            add_device(things, &sight->nodes[i], target);
    for (size_t i = 0; i < sight->mount_count; i++) {
        const struct sight_mount *mount = &sight->mounts[i];
        bool is_own = strcmp(mount->type, "tmpfs") == 0 && strcmp(mount->root, "/") == 0;
        if (!is_made_up(mount) && !add_shares(things, mount, target) && !is_own)
            add_mount(mount, NULL, false, target);
    }
}

/* --- namespaces --- */

void things_of_sharing(const struct things *things, struct flow_map_target *target)
{
    static const struct {
        const char *kind, *name;
    } kinds[] = {{"net:", "network namespace"},
                 {"mnt:", "mount namespace"},
                 {"pid:", "process namespace"},
                 {"ipc:", "IPC namespace"}};
    for (size_t t = 0; t < things->count; t++)
        for (size_t i = 0; i < LENGTH(kinds); i++) {
            if (t == things->self || !shares(things, t, kinds[i].kind))
                continue;
            const struct flow_map_row row = {.thing = FLOW_THING_NAMESPACE,
                                             .way = FLOW_WAY_BOTH,
                                             .is_open = true,
                                             .is_between = true,
                                             .here = memory_copy_text(kinds[i].name),
                                             .peer = memory_copy_text(things->sources[t].target),
                                             .process = memory_copy_text(""),
                                             .detail =
                                                 memory_copy_text("both are in the same one")};
            things_add(target, &row);
        }
}
