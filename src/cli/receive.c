/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "commands.h"
#include "opening.h"

static int run(const struct arguments *arguments)
{
    const struct verify_keys keys = {.allowed_signers = arguments->allowed_signers,
                                     .revoked = arguments->revoked};
    struct verify_report report = {0};
    struct error error = {0};
    bool ok = assess_receive(arguments->words[0], arguments->words[1], &keys, &report, &error);
    enum verify_answer answer = report.answer;
    long long entries = (long long)report.entry_count, authors = (long long)report.author_count;

    verify_report_release(&report);
    if (!ok) {
        int status = review_error(&error, arguments->words[0]);
        return error.code == ERROR_CORRUPT ? EXIT_NO : status;
    }
    return report_done(arguments,
                       json_pack("{s:s, s:I, s:I}", "answer", verify_answer_text(answer), "entries",
                                 (json_int_t)entries, "authors", (json_int_t)authors),
                       "received: %lld entries by %lld %s, verified (%s) and rebuilt into %s",
                       entries, authors, authors == 1 ? "author" : "authors",
                       verify_answer_text(answer), arguments->words[1]);
}

static const struct option_spec options[] = {
    VALUE(0, "allowed-signers", "FILE", allowed_signers,
          "your own list of signers, see ssh-keygen(1)"),
    VALUE(0, "revoked", "FILE", revoked, "keys that count no more: a KRL, or public keys"),
    {0},
};

const struct command command_receive = {
    .name = "receive",
    .words = "FILE NEW",
    .words_min = 2,
    .words_max = 2,
    .summary = "verify a stranger's review and rebuild it into a file of your own",
    .details = "A process that can read the file and do nothing else opens it, verifies all of it\n"
               "and tells its entries and blobs, of which NEW is made; nothing else of the file\n"
               "comes along. The file is not changed; its SHA-256 stands in the ledger of NEW. A "
               "file that does not verify is\n"
               "refused with exit status 1.",
    .options = options,
    .run = run,
};
