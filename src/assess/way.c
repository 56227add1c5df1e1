/* SPDX-License-Identifier: Apache-2.0 */
#include "way.h"

#include "base/array.h"
#include "checklist/checklist.h"
#include "review/way.h"
#include "target/spec.h"

#include <string.h>

static struct check way_check = {.id = (char[]){WAY_CHECK}, .title = (char[]){"The way there"}};

/* "%" stands for the hop's value, whose grammar lets it stand for itself in a shell, but for a
 * folder, which is quoted. Each prints lines "name: value" about one sandbox, seen from before the
 * hop; docker and kubectl ask whom the hop itself asks, which a probe would not. */
static const struct {
    enum target_hop_kind kind;
    const char *command;
} questions[] = {
    {TARGET_HOP_DOCKER, "DOCKER_HOST=$_walkdown_docker docker container inspect --format 'id: "
                        "{{.Id}}{{\"\\n\"}}image: {{.Config.Image}}{{\"\\n\"}}"
                        "image-digest: {{.Image}}{{\"\\n\"}}started: {{.State.StartedAt}}' %"},
    {TARGET_HOP_PODMAN,
     "podman container inspect --format 'id: {{.Id}}{{\"\\n\"}}image: {{.ImageName}}{{\"\\n\"}}"
     "image-digest: {{.ImageDigest}}{{\"\\n\"}}started: {{.State.StartedAt}}' %"},
    {TARGET_HOP_NERDCTL,
     "nerdctl container inspect --format 'id: {{.ID}}{{\"\\n\"}}image: {{.Image}}{{\"\\n\"}}"
     "created: {{.Created}}' %"},
    {TARGET_HOP_CRICTL,
     "crictl inspect --output go-template --template 'id: {{.status.id}}{{\"\\n\"}}"
     "image: {{.status.image.image}}{{\"\\n\"}}image-digest: {{.status.imageRef}}{{\"\\n\"}}"
     "started: {{.status.startedAt}}' %"},
    {TARGET_HOP_KUBECTL,
     "KUBECONFIG=$_walkdown_kube kubectl get pod % --output go-template --template 'pod: "
     "{{.metadata.uid}}{{\"\\n\"}}"
     "{{range .status.containerStatuses}}id-{{.name}}: {{.containerID}}{{\"\\n\"}}"
     "image-{{.name}}: {{.image}}{{\"\\n\"}}image-digest-{{.name}}: {{.imageID}}{{\"\\n\"}}"
     "{{end}}'"},
    /* lxc-info(1) would write a lock, which is not allowed. */
    {TARGET_HOP_LXC, "folder=$(lxc-config lxc.lxcpath) && cd \"$folder/\"% || exit\n"
                     "stat -c 'config: device %d, inode %i' config\n"
                     "sed -n 's/^ *lxc[.]rootfs[.]path *= */root: /p' config"},
    /* Without a configuration the clients would write one. */
    {TARGET_HOP_LXD, "local=--force-local\n"
                     "test ! -e \"${LXD_CONF:-$HOME/.config/lxc}/config.yml\" || local=\n"
                     "id=$(lxc $local config get % volatile.uuid) || exit\n"
                     "echo \"id: $id\"\n"
                     "echo \"image-digest: $(lxc $local config get % volatile.base_image)\""},
    {TARGET_HOP_INCUS, "local=--force-local\n"
                       "test ! -e \"${INCUS_CONF:-$HOME/.config/incus}/config.yml\" || local=\n"
                       "id=$(incus $local config get % volatile.uuid) || exit\n"
                       "echo \"id: $id\"\n"
                       "echo \"image-digest: $(incus $local config get % volatile.base_image)\""},
    {TARGET_HOP_MACHINECTL,
     "rows=$(machinectl show --property=Id --property=RootDirectory --property=Timestamp -- %) || "
     "exit\n"
     "echo \"$rows\" | sed 's/=/: /'"},
    {TARGET_HOP_NSENTER, "read -r program </proc/%/comm || exit\n"
                         "echo \"program: $program\"\n"
                         "for space in cgroup ipc mnt net pid time user uts; do\n"
                         "link=$(readlink /proc/%/ns/$space) && echo \"$space: ${link#*:}\"\n"
                         "done"},
    {TARGET_HOP_CHROOT, "stat -L -c 'root: device %d, inode %i' %"},
};

static const char inside[] =
    "for space in cgroup ipc mnt net pid time user uts; do\n"
    "link=$(readlink /proc/self/ns/$space) && echo \"$space: ${link#*:}\"\n"
    "done\n"
    "stat -c 'root: device %d, inode %i' / || :";

static const char *question_for(enum target_hop_kind kind)
{
    for (size_t i = 0; i < LENGTH(questions); i++)
        if (questions[i].kind == kind)
            return questions[i].command;
    return NULL;
}

/* kubectl's value is [NAMESPACE:]POD[:CONTAINER]. */
static char *words_of(const struct target_hop *hop)
{
    AUTO_RELEASE(strings) struct strings parts = {0};

    if (hop->kind == TARGET_HOP_CHROOT)
        return memory_format("'%s'", hop->value);
    if (hop->kind != TARGET_HOP_KUBECTL || !strchr(hop->value, ':'))
        return memory_copy_text(hop->value);
    strings_split(&parts, hop->value, ':');
    return memory_format("-n %s %s", parts.items[0], parts.items[1]);
}

/* A "%" that stands alone; those of a format have a letter behind them. */
static char *fill_in(const char *question, const char *words)
{
    struct buffer text = {0};

    for (const char *next = question; *next; next++) {
        bool is_place = *next == '%' && next[1] != 'd' && next[1] != 'i';
        if (is_place)
            buffer_append_text(&text, words);
        else
            buffer_append_byte(&text, *next);
    }
    return buffer_take(&text);
}

static void add(struct gathering *gathering, char *probe, char *command, size_t outside)
{
    *array_push(gathering->askings, gathering->asking_count) =
        (struct asking){.probe = probe, .own_probe = probe, .command = command, .outside = outside};
    gathering->open_count++;
}

static void add_hop(struct gathering *gathering, const struct target_spec *spec, size_t index)
{
    const struct target_hop *hop = &spec->hops[index];
    const char *question = question_for(hop->kind);
    AUTO_FREE char *words = words_of(hop);

    if (question)
        add(gathering, memory_format("hop-%zu-%s", index + 1, target_hop_text(hop->kind)),
            fill_in(question, words), spec->hop_count - index);
}

bool way_gathering_init(struct gathering *gathering, const char *target)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};
    bool is_anew = false;

    *gathering = (struct gathering){.check = &way_check};
    if (!target_spec_parse(target, &spec, NULL) || target_outside(&spec) == 0)
        return false;
    for (size_t i = 0; i < spec.hop_count; i++)
        is_anew = is_anew || spec.hops[i].kind == TARGET_HOP_EXEC;
    add(gathering, memory_copy_text(is_anew ? WAY_INSIDE_ANEW : "inside"), memory_copy_text(inside),
        0);
    for (size_t i = spec.hop_count; i-- > 0;)
        add_hop(gathering, &spec, i);
    way_check.digest = digest_of(WAY_CHECK, strlen(WAY_CHECK));
    return true;
}

bool gathering_is_way(const struct gathering *gathering)
{
    return gathering->check == &way_check;
}
