/* SPDX-License-Identifier: Apache-2.0 */
#include "base/file.h"
#include "commands.h"
#include "opening.h"

#include <string.h>

static int run(const struct arguments *arguments)
{
    const struct run_request request = {
        .target = arguments->target,
        .area = arguments->area,
        .check = arguments->check,
        .consent_active = arguments->consent && strcmp(arguments->consent, "active") == 0};
    AUTO(session) struct session *session = NULL;
    AUTO_RELEASE(output) struct output output = {0};
    const char *path = arguments->output;
    struct error error = {0};
    int status;

    if (arguments->consent && !request.consent_active) {
        error_set(&error, ERROR_USAGE, "'%s' is no class of commands beyond read",
                  arguments->consent);
        return output_error(&error, "sudoers");
    }
    if (!open_review(arguments, true, &session, &status))
        return status;
    if (!session_sudoers(session, &request, arguments->user, &output.text, &error))
        return output_error(&error, "sudoers");
    if (path && strcmp(path, "-") != 0)
        return file_write(path, output.text.data, output.text.length, 0440, &error)
                   ? report_done(arguments, json_pack("{s:o}", "path", json_text(path)), "wrote %s",
                                 path)
                   : output_error(&error, path);
    if (arguments->json)
        return output_json(json_pack("{s:o}", "text", json_text(buffer_text(&output.text))));
    return output_write(&output);
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "only for this target"),
    VALUE('a', "area", "ID", area, "only for the checks of this area"),
    VALUE('k', "check", "ID", check, "only for this check"),
    VALUE(0, "user", "NAME", user, "who may run them, or %GROUP; else who the targets name"),
    VALUE(0, "consent", "active", consent, "rules for active probes too"),
    VALUE('o', "output", "PATH", output, "where to; without it, or with -, to stdout"),
    {0},
};

const struct command command_sudoers = {
    .name = "sudoers",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "write the sudo rules that root probes need",
    .details = "One rule a command, by its exact arguments, for a file in /etc/sudoers.d: with it\n"
               "the review's probes run as root, and nothing else does. The commands stand above\n"
               "the rules as comments. Check the file with 'visudo -cf', and take it away after\n"
               "the review.",
    .options = options,
    .run = run,
};
