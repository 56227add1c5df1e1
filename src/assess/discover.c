/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/discover.h"

#include "errand.h"
#include "target/spec.h"

#include <string.h>

/* Each prints lines of fields with a tab between: name, detail, and the process on the host where
 * the tool knows it. Status 127: there is no such tool. docker and kubectl ask whom the hop itself
 * asks, which a probe would not. */
static const struct source {
    const char *kind;
    const char *hop; /* how a target's hop begins, before the name; NULL: none leads there */
    const char *command;
} sources[] = {
    {"docker", "docker:",
     "export DOCKER_HOST=\"$_walkdown_docker\"\n"
     "pid='{{.State.Pid}}'\n" /* of another machine, where the daemon is on one */
     "case $DOCKER_HOST in '' | unix:*) ;; *) pid= ;; esac\n"
     "ids=$(docker ps --quiet) || exit\n"
     "test -z \"$ids\" || docker inspect "
     "--format '{{slice .Name 1}}{{\"\\t\"}}{{.Config.Image}}{{\"\\t\"}}'$pid $ids"},
    {"podman",
     "podman:", "podman ps --format '{{.Names}}{{\"\\t\"}}{{.Image}}{{\"\\t\"}}{{.Pid}}'"},
    {"nerdctl", "nerdctl:", "nerdctl ps --format '{{.Names}}{{\"\\t\"}}{{.Image}}'"},
    {"crictl", "crictl:",
     "ids=$(crictl ps --quiet) || exit\n"
     "for id in $ids; do\n"
     "crictl inspect --output go-template --template "
     "'{{.status.id}}{{\"\\t\"}}{{.status.metadata.name}}{{\"\\t\"}}{{.info.pid}}' $id\n"
     "done"},
    {"kubectl", "kubectl:",
     "command -v kubectl >/dev/null || exit 127\n"
     "test \"$_walkdown_kube\" || test -r ~/.kube/config || exit 127\n"
     "KUBECONFIG=$_walkdown_kube kubectl get pods --all-namespaces --field-selector "
     "status.phase=Running --output go-template "
     "--template '{{range .items}}{{$p := .}}{{range .spec.containers}}{{$p.metadata.namespace}}:"
     "{{$p.metadata.name}}:{{.name}}{{\"\\t\"}}{{.image}}{{\"\\n\"}}{{end}}{{end}}'"},
    {"lxc", "lxc:", /* lxc-ls(1) needs to write files of its own */
     "command -v lxc-attach >/dev/null || exit 127\n"
     "path=$(lxc-config lxc.lxcpath) || exit\n"
     "grep -ahs '^.lxc monitor. ' /proc/[0-9]*/cmdline | tr '\\0' '\\n' | "
     "awk -v start=\"[lxc monitor] $path \" 'index($0, start) == 1 {print $NF}'"},
    /* A cluster's rows tell where, as a process counts on its own machine only. Without a
     * configuration the clients would write one. */
    {"incus", "incus:",
     "local=--force-local\n"
     "test ! -e \"${INCUS_CONF:-$HOME/.config/incus}/config.yml\" || local=\n"
     "all='list status=running type=container --format csv --columns'\n"
     "rows=$(incus $local $all nL 2>/dev/null) || rows=$(incus $local $all nfp) || exit\n"
     "echo \"$rows\" | tr ',' '\\t'"},
    {"lxd", "lxd:",
     "local=--force-local\n"
     "test ! -e \"${LXD_CONF:-$HOME/.config/lxc}/config.yml\" || local=\n"
     "all='list status=running type=container --format csv --columns'\n"
     "rows=$(lxc $local $all nL 2>/dev/null) || rows=$(lxc $local $all nfp) || exit\n"
     "echo \"$rows\" | tr ',' '\\t'"},
    {"machinectl", "machinectl:",
     "rows=$(machinectl list --no-legend --no-pager) || exit\n"
     "echo \"$rows\" | while read -r name class service rest; do\n"
     "test \"$class\" = container || continue\n"
     "leader=$(machinectl show --property=Leader --value -- \"$name\") || continue\n"
     "printf '%s\\t%s\\t%s\\n' \"$name\" \"$service\" \"$leader\"\n"
     "done"},
    {"runc", "exec:runc exec ",
     "rows=$(runc list) || exit\n"
     "echo \"$rows\" | awk 'NR > 1 && $3 == \"running\" {print $1 \"\\t\" $4 \"\\t\" $2}'"},
    {"crun", "exec:crun exec ",
     "rows=$(crun list) || exit\n"
     "echo \"$rows\" | awk 'NR > 1 && $3 == \"running\" {print $1 \"\\t\" $4 \"\\t\" $2}'"},
    {"gvisor", "exec:runsc exec ",
     "rows=$(runsc list) || exit\n"
     "echo \"$rows\" | awk 'NR > 1 && $3 == \"running\" {print $1 \"\\t\" $4 \"\\t\" $2}'"},
    {"vm", NULL,
     "names=$(virsh --readonly --connect qemu:///system list --name) || exit\n"
     "echo \"$names\" | while IFS= read -r name; do\n"
     "process=\n"
     "read -r process 2>/dev/null <\"/run/libvirt/qemu/$name.pid\"\n"
     "printf '%s\\tlibvirt\\t%s\\n' \"$name\" \"$process\"\n"
     "done"},
    {"vm", NULL,
     "for folder in /proc/[0-9]*; do\n"
     "read -r program 2>/dev/null <$folder/comm || continue\n"
     "case $program in\n"
     "qemu-system* | qemu-kvm)\n" /* libvirt may have told it by its name */
     "printf '%s\\t%s\\t%s\\n' ${folder#/proc/} \"$program\" ${folder#/proc/} ;;\n"
     "firecracker* | cloud-hyperviso* | crosvm*)\n"
     "printf '%s\\t%s\\n' ${folder#/proc/} \"$program\" ;;\n"
     "esac\n"
     "done"},
    /* The first process of each process namespace but ours. */
    {"process", "nsenter:",
     "own=$(readlink /proc/self/ns/pid) || exit\n"
     "hidden=0\n"
     "for folder in /proc/[0-9]*; do\n"
     "numbers=\n"
     "while read -r key rest; do\n"
     "case $key in NSpid:) numbers=$rest && break ;; esac\n"
     "done 2>/dev/null <$folder/status || continue\n"
     "case $numbers in *[!0-9]1) ;; *) continue ;; esac\n"
     "space=$(readlink $folder/ns/pid) || { hidden=$((hidden + 1)); continue; }\n"
     "test \"$space\" != \"$own\" || continue\n"
     "read -r program 2>/dev/null <$folder/comm || continue\n"
     "printf '%s\\t%s\\t%s\\n' ${folder#/proc/} \"$program\" ${folder#/proc/}\n"
     "done 2>/dev/null\n"
     "test $hidden = 0 || { echo \"$hidden sandboxes belong to others\" >&2; exit 3; }"},
};

enum {
    TIMEOUT_MS = 20000,
    NO_SUCH_TOOL = 127,
    PROCESS_FIELD = 2,
    PROCESS_DIGITS = 10,
    NAME_SHOWN_BYTES = 100,
    WHY_SHOWN_BYTES = 500
};

void discovery_release(struct discovery *discovery)
{
    for (size_t i = 0; i < discovery->count; i++) {
        free(discovery->items[i].kind);
        free(discovery->items[i].name);
        free(discovery->items[i].detail);
        free(discovery->items[i].target);
    }
    free(discovery->items);
    strings_release(&discovery->unseen);
    json_decref(discovery->processes);
    free(discovery->spec);
    *discovery = (struct discovery){0};
}

void discovery_print_commands(struct buffer *text)
{
    for (size_t i = 0; i < LENGTH(sources); i++)
        buffer_append_format(text, "# %s\n%s\n\n", sources[i].kind, sources[i].command);
}

/* ---- what was found ---- */

/* One name, and not a path, words or signs of a shell, whatever the hop would take behind it: what
 * comes of it is pasted into command lines. ":" is kubectl's. */
static bool is_one_name(const char *name)
{
    static const char allowed[] =
        "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._-:";

    return name[strspn(name, allowed)] == '\0' && name[0] != '-' && name[0] != '.';
}

/* The host's place with a hop behind it; NULL where the name cannot stand in one. */
static char *target_behind(const struct discovery *discovery, const char *hop, const char *name)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};
    AUTO_FREE char *text = memory_format("%s/%s%s", discovery->spec, hop, name);

    return is_one_name(name) && target_spec_parse(text, &spec, NULL) ? target_spec_text(&spec)
                                                                     : NULL;
}

/* Its first process on the host; NULL where the tool does not tell. */
static const char *process_of(const struct strings *fields)
{
    const char *process = fields->count > PROCESS_FIELD ? fields->items[PROCESS_FIELD] : "";

    return *process && strlen(process) <= PROCESS_DIGITS &&
                   process[strspn(process, "0123456789")] == '\0'
               ? process
               : NULL;
}

/* A container is told by its tool, and again by its first process. */
static bool is_known(const struct discovery *discovery, const struct strings *fields)
{
    const char *process = process_of(fields);

    return process && json_object_get(discovery->processes, process);
}

/* What one tool listed, as it is taken. */
struct listing {
    const struct source *source;
    size_t count, nameless_count;
    char *nameless; /* the first name that cannot stand in a target */
};

static void add(struct discovery *discovery, struct listing *listing, const struct strings *fields)
{
    const struct source *source = listing->source;
    const char *name = fields->items[0];
    const char *process = process_of(fields);
    struct sandbox sandbox = {.kind = memory_copy_text(source->kind),
                              .name = memory_copy_text(name),
                              .detail =
                                  memory_copy_text(fields->count > 1 ? fields->items[1] : "")};

    if (process)
        json_object_set_new(discovery->processes, process, json_true());
    if (source->hop)
        sandbox.target = target_behind(discovery, source->hop, name);
    if (source->hop && !sandbox.target && listing->nameless_count++ == 0)
        listing->nameless = memory_copy_text(name);
    listing->count++;
    *array_push(discovery->items, discovery->count) = sandbox;
}

static void tell_nameless(struct discovery *discovery, const struct listing *listing)
{
    const char *kind = listing->source->kind;

    if (listing->nameless_count == 1)
        strings_push_take(&discovery->unseen,
                          memory_format("%s: the name '%.*s' cannot stand in a target", kind,
                                        NAME_SHOWN_BYTES, listing->nameless));
    else if (listing->nameless_count > 1)
        strings_push_take(
            &discovery->unseen,
            memory_format("%s: the name '%.*s' and %zu others cannot stand in a target", kind,
                          NAME_SHOWN_BYTES, listing->nameless, listing->nameless_count - 1));
}

static void take_lines(struct discovery *discovery, const struct source *source, const char *text)
{
    AUTO_RELEASE(strings) struct strings lines = {0};
    struct listing listing = {.source = source};
    size_t next = 0;

    strings_split(&lines, text, '\n');
    for (; next < lines.count && listing.count < DISCOVERY_MAX_EACH; next++) {
        AUTO_RELEASE(strings) struct strings fields = {0};
        strings_split(&fields, lines.items[next], '\t');
        if (fields.count && fields.items[0][0] && !is_known(discovery, &fields))
            add(discovery, &listing, &fields);
    }
    tell_nameless(discovery, &listing);
    bool ends_in_empty = lines.items[lines.count - 1][0] == '\0';
    size_t left = lines.count - next - (ends_in_empty && next < lines.count ? 1 : 0);
    if (left > 0)
        strings_push_take(&discovery->unseen,
                          memory_format("%s: %zu more lines: only the first %d are listed",
                                        source->kind, left, DISCOVERY_MAX_EACH));
    free(listing.nameless);
}

static void add_unseen(struct discovery *discovery, const struct source *source,
                       const struct step_result *result)
{
    const char *why = buffer_text(&result->err);
    size_t line = strcspn(why, "\r\n");
    size_t length = line < WHY_SHOWN_BYTES ? line : WHY_SHOWN_BYTES;

    if (result->outcome != STEP_DONE)
        strings_push_take(&discovery->unseen,
                          memory_format("%s: %s", source->kind, result->detail));
    else if (result->exit_status == NO_SUCH_TOOL)
        return;
    else if (length)
        strings_push_take(&discovery->unseen,
                          memory_format("%s: %.*s", source->kind, (int)length, why));
    else
        strings_push_take(&discovery->unseen, memory_format("%s: ended with status %d",
                                                            source->kind, result->exit_status));
}

static void on_result(void *context, struct step_result *result)
{
    struct discovery *discovery = context;
    bool is_done = result->outcome == STEP_DONE && result->exit_status == 0;

    if (result->step >= LENGTH(sources))
        return;
    const struct source *source = &sources[result->step];
    if (!is_done)
        add_unseen(discovery, source, result);
    if (result->out.length > strlen(buffer_text(&result->out)))
        strings_push_take(&discovery->unseen,
                          memory_format("%s: what is behind a NUL in its list", source->kind));
    if (result->outcome == STEP_DONE)
        take_lines(discovery, source, buffer_text(&result->out));
}

/* ---- the way there ---- */

bool discover(const struct discovery_request *request, const struct visit_events *events,
              struct discovery *ret_discovery, struct error *error)
{
    AUTO_FREE char *name = NULL;
    struct plan plan = {0};
    struct errand errand = {.allow_password = request->allow_password,
                            .loop = request->loop,
                            .events = *events,
                            .context = ret_discovery,
                            .result = on_result};

    if (!target_name_parse(request->target, &name, &ret_discovery->spec, error))
        return false;
    for (size_t i = 0; i < LENGTH(sources); i++)
        plan_add(&plan, sources[i].command)->timeout_ms = TIMEOUT_MS;
    ret_discovery->processes = json_object();
    errand.target = name;
    errand.spec = ret_discovery->spec;
    ret_discovery->errand = &errand;
    bool ok = errand_run(&errand, &plan, error);
    ret_discovery->errand = NULL;
    plan_release(&plan);
    return ok;
}

void discovery_cancel(struct discovery *discovery)
{
    discovery->is_cancelled = true;
    if (discovery->errand)
        errand_cancel(discovery->errand);
}
