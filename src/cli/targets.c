/* SPDX-License-Identifier: Apache-2.0 */
/* What runs on a host and could be a target. */
#include "assess/discover.h"
#include "commands.h"
#include "output.h"
#include "visiting.h"

#include <string.h>

enum { KIND_COLUMNS = 11, NAME_COLUMNS = 20, DETAIL_COLUMNS = 20 };

struct looking {
    const struct arguments *arguments;
    struct loop *loop;
    struct discovery discovery;
    struct visiting visiting;
};

static void cancel(void *work)
{
    discovery_cancel(work);
}

static int print_text(const struct looking *looking)
{
    const struct discovery *discovery = &looking->discovery;
    AUTO_RELEASE(output) struct output output = {0};

    output_init(&output, looking->arguments);
    for (size_t i = 0; i < discovery->count; i++) {
        const struct sandbox *sandbox = &discovery->items[i];
        output_safe(&output, sandbox->kind, KIND_COLUMNS);
        output_add(&output, "  ");
        output_safe(&output, sandbox->name, NAME_COLUMNS);
        output_add(&output, "  ");
        output_safe(&output, sandbox->detail, DETAIL_COLUMNS);
        output_add(&output, "  ");
        output_safe(&output, sandbox->target ? sandbox->target : "-", 0);
        output_add(&output, "\n");
    }
    if (!discovery->count)
        output_add(&output, "no sandbox was seen\n");
    for (size_t i = 0; i < discovery->unseen.count; i++) {
        output_styled(&output, STYLE_WARN, "not seen  ");
        output_safe(&output, discovery->unseen.items[i], 0);
        output_add(&output, "\n");
    }
    return output_write(&output);
}

static int print_json(const struct discovery *discovery)
{
    json_t *sandboxes = json_array(), *unseen = json_array();

    for (size_t i = 0; i < discovery->count; i++) {
        const struct sandbox *sandbox = &discovery->items[i];
        json_array_append_new(
            sandboxes,
            json_pack("{s:o, s:o, s:o, s:o}", "kind", json_text(sandbox->kind), "name",
                      json_text(sandbox->name), "detail", json_text(sandbox->detail), "target",
                      sandbox->target ? json_text(sandbox->target) : json_null()));
    }
    for (size_t i = 0; i < discovery->unseen.count; i++)
        json_array_append_new(unseen, json_text(discovery->unseen.items[i]));
    return output_json(json_pack("{s:o, s:o}", "sandboxes", sandboxes, "unseen", unseen));
}

static int look(struct looking *looking, const char *target)
{
    struct visiting *visiting = &looking->visiting;
    const struct visit_events events = visiting_events(visiting);
    const struct discovery_request request = {.target = target,
                                              .allow_password = looking->arguments->allow_password,
                                              .loop = looking->loop};
    struct error error = {0};

    *visiting = (struct visiting){.loop = looking->loop,
                                  .accept_hostkey = looking->arguments->accept_hostkey,
                                  .purpose = "go on this once",
                                  .cancel = cancel,
                                  .work = &looking->discovery};
    if (!visiting_catch_signals(visiting, &error) ||
        !discover(&request, &events, &looking->discovery, &error)) {
        int status = output_error(&error, target);
        visiting_tell_refused(visiting);
        return status;
    }
    return looking->arguments->json ? print_json(&looking->discovery) : print_text(looking);
}

static int run(const struct arguments *arguments)
{
    AUTO(loop) struct loop *loop = loop_new();
    struct looking looking = {.arguments = arguments, .loop = loop};
    struct error error = {0};

    if (strcmp(arguments->words[0], "discover") != 0) {
        error_set(&error, ERROR_USAGE, "'%s' is nothing that can be done with targets",
                  arguments->words[0]);
        error_hint(&error, "walkdown targets discover TARGET");
        return output_error(&error, "targets");
    }
    if (arguments->dry_run) {
        AUTO_RELEASE(output) struct output output = {0};
        discovery_print_commands(&output.text);
        return output_write(&output);
    }
    int status = look(&looking, arguments->words[1]);
    discovery_release(&looking.discovery);
    visiting_release(&looking.visiting);
    return status;
}

static const struct option_spec options[] = {
    VALUE(0, "accept-hostkey", "SHA256:...", accept_hostkey, "host key to accept this once"),
    FLAG(0, "password", allow_password, "ask for a password when all keys are refused"),
    FLAG(0, "dry-run", dry_run, "print the commands and run nothing"),
    {0},
};

const struct command command_targets = {
    .name = "targets",
    .words = "discover TARGET",
    .words_min = 2,
    .words_max = 2,
    .summary = "list the sandboxes that run on a host, as targets",
    .details =
        "Asks the container tools, virsh and the process list of the host. The last column\n"
        "is what to give to -t; '-' where no hop leads in, as into a virtual machine: review\n"
        "that over SSH. What could not be asked is said.",
    .options = options,
    .run = run,
};
