/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/flows.h"
#include "commands.h"
#include "inventory.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    const struct session_options options = {0};
    AUTO_RELEASE(strings) struct strings targets = {0};
    AUTO_RELEASE(strings) struct strings parameters = {0};
    AUTO_RELEASE(flow_line_list) struct flow_line_list flows = {0};
    const struct session_new request = {.path = arguments->words[0],
                                        .title = arguments->title,
                                        .checklists = &arguments->checklists,
                                        .targets = &targets,
                                        .parameters = &parameters,
                                        .flows = &flows,
                                        .flows_file = arguments->target_file};
    AUTO(session) struct session *session = NULL;
    struct error error = {0};
    size_t item_count, target_count;

    if (!targets_added(arguments, &targets, &parameters, &error) ||
        !flows_added(arguments, &flows, &error))
        return output_error(&error, "new");
    if (!session_create(&request, &options, &session, &error))
        return output_error(&error, arguments->words[0]);
    session_items(session, &item_count);
    session_targets(session, &target_count);
    return report_done(arguments,
                       json_pack("{s:o, s:o, s:I, s:I}", "path", json_text(session_path(session)),
                                 "title", json_text(session_title(session)), "items",
                                 (json_int_t)item_count, "targets", (json_int_t)target_count),
                       "made %s: %zu items on %zu %s", session_path(session), item_count,
                       target_count, target_count == 1 ? "target" : "targets");
}

static const struct option_spec options[] = {
    LIST('c', "checklist", "NAME", checklists, "a bundled checklist or a file; may be repeated"),
    LIST('t', "target", "[NAME=]TARGET", targets,
         "local, ssh://host or an SSH alias, and hops; may be repeated"),
    VALUE('T', "targets", "FILE", target_file, "targets and flows out of a YAML file"),
    VALUE('g', "group", "NAME", group, "of that file, only the targets of this group"),
    VALUE(0, "title", "TEXT", title, "the review's title"),
    LIST(0, "param", "ID=VALUE", parameters, "a parameter of the checklist; a list as a,b,c"),
    {0},
};

const struct command command_new = {
    .name = "new",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "make a review file",
    .details = "Makes FILE, which must not exist, with the checklists and targets given. The\n"
               "checklists' own bytes are stored in it: the review does not change when they do.",
    .options = options,
    .run = run,
};
