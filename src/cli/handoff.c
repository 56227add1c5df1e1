/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(output) struct output output;
    AUTO_FREE char *receipt = NULL;
    const struct handoff_request request = {.path = arguments->words[0],
                                            .copy = arguments->words[1],
                                            .to = arguments->to,
                                            .note = arguments->note,
                                            .is_raw = arguments->raw,
                                            .recipients = &arguments->recipients};
    struct error error = {0};

    if (!assess_handoff(&request, &receipt, &error))
        return review_error(&error, "handoff");
    output_init(&output, arguments);
    if (arguments->json)
        return output_json(json_pack("{s:b, s:o, s:b}", "ok", true, "receipt", json_text(receipt),
                                     "encrypted", arguments->recipients.count > 0));
    output_lines(&output, receipt, 0);
    return output_write(&output);
}

static const struct option_spec options[] = {
    VALUE(0, "to", "NAME", to, "who gets it, for the ledger and the receipt"),
    VALUE(0, "note", "TEXT", note, "a note for the ledger"),
    FLAG(0, "raw", raw, "leave evidence uncompressed, so that an auditor needs no zstd"),
    LIST('r', "recipient", "KEY", recipients, "encrypt with age to this key; several may be given"),
    {0},
};

const struct command command_handoff = {
    .name = "handoff",
    .words = "FILE COPY",
    .words_min = 2,
    .words_max = 2,
    .summary = "make the copy of a review that leaves your hands, with a receipt",
    .details =
        "The file is verified and copied afresh: no deleted bytes, no drafts. The copy is\n"
        "verified too. The receipt, COPY.receipt, tells its size, its SHA-256 and every\n"
        "author's newest entry; keep it apart from the file. 'verify --receipt' shows later\n"
        "that nothing was cut off. The ledger records the hand-off when the copy is\n"
        "finished; one that failed leaves neither a file nor an entry.",
    .options = options,
    .run = run,
};
