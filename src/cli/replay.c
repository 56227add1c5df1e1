/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "inventory.h"
#include "opening.h"

static int replay(struct session *session, const struct arguments *arguments)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    struct run_request request = {.area = arguments->area, .check = arguments->check};
    const char *source = arguments->words[1];
    struct replay_counts counts;
    struct error error = {0};

    if (!targets_chosen(arguments, &names, &error))
        return output_error(&error, "replay");
    request.targets = names.count ? &names : NULL;
    if (!session_replay(session, &request, source, &counts, &error))
        return output_error(&error, source);
    return report_done(
        arguments,
        json_pack("{s:I, s:I, s:I}", "targets", (json_int_t)counts.targets, "replayed",
                  (json_int_t)counts.replayed, "missing", (json_int_t)counts.missing),
        "replayed %zu commands of %zu target%s, %zu were not recorded", counts.replayed,
        counts.targets, counts.targets == 1 ? "" : "s", counts.missing);
}

static int run(const struct arguments *arguments)
{
    AUTO(loop) struct loop *loop = loop_new();
    const struct session_options options = {.loop = loop};
    struct session *session = NULL;
    struct error error = {0};

    if (!session_open(arguments->words[0], &options, &session, &error))
        return review_error(&error, arguments->words[0]);
    int status = replay(session, arguments);
    session_close(session);
    return status;
}

static const struct option_spec options[] = {
    LIST('t', "target", "NAME", targets, "only this target; may be repeated"),
    VALUE('T', "targets", "FILE", target_file, "only the targets that this file names"),
    VALUE('g', "group", "NAME", group, "of that file, only the targets of this group"),
    VALUE('a', "area", "ID", area, "only the checks of this area"),
    VALUE('k', "check", "ID", check, "only this check"),
    {0},
};

const struct command command_replay = {
    .name = "replay",
    .words = "FILE SOURCE",
    .words_min = 2,
    .words_max = 2,
    .summary = "judge what was recorded, without any target",
    .details =
        "SOURCE is a folder that 'walkdown run --save-frames' wrote, or another review file:\n"
        "so a new checklist judges old evidence. Targets are found by their names, commands\n"
        "by their exact text; a check whose command was not recorded is blocked. The ledger\n"
        "says of each run that it was replayed, and from what.",
    .options = options,
    .run = run,
};
