/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    AUTO_FREE char *what = NULL;
    struct error error = {0};
    int status;
    bool ok;

    if (!open_review(arguments, false, &session, &status))
        return status;
    ok = arguments->redo ? session_redo(session, &what, &error)
                         : session_undo(session, &what, &error);
    if (!ok)
        return output_error(&error, "undo");
    return report_done(arguments, json_pack("{s:o}", "what", json_text(what)), "%s: %s",
                       arguments->redo ? "in force again" : "taken back", what);
}

static const struct option_spec options[] = {
    FLAG(0, "redo", redo, "take the last undo back"),
    {0},
};

const struct command command_undo = {
    .name = "undo",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "take back your newest decision, answer, comment, attachment, finding or exception",
    .details = "Undo appends a retraction; what it takes back stays in the ledger.",
    .options = options,
    .run = run,
};
