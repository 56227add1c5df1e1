/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"
#include "commands.h"
#include "output.h"

static int status_of(enum verify_answer answer)
{
    switch (answer) {
    case VERIFY_COMPLETE:
        return EXIT_DONE;
    case VERIFY_NOT_PROVEN:
        return EXIT_NOT_PROVEN;
    case VERIFY_UNSIGNED_TAIL:
        return EXIT_UNSIGNED;
    case VERIFY_TAMPERED:
        return EXIT_NO;
    case VERIFY_CANNOT:
        break;
    }
    return EXIT_CANNOT;
}

static void print_answer(struct output *output, const struct verify_report *report)
{
    switch (report->answer) {
    case VERIFY_COMPLETE:
        output_styled(output, STYLE_GOOD, "COMPLETE");
        output_add(output, " and intact up to entry %lld, the last in the file\n",
                   (long long)report->entry_count);
        break;
    case VERIFY_NOT_PROVEN:
        output_styled(output, STYLE_WARN, "INTACT, COMPLETENESS NOT PROVEN");
        output_add(output, ": nothing at hand says whether entries were cut off\n");
        break;
    case VERIFY_UNSIGNED_TAIL:
        output_styled(output, STYLE_WARN, "INTACT, UNSIGNED TAIL");
        output_add(output, ": not all of it is signed as it has to be\n");
        break;
    case VERIFY_TAMPERED:
        output_styled(output, STYLE_BAD, "TAMPERED");
        output_add(output, ": the file contradicts itself or what was seen before\n");
        break;
    case VERIFY_CANNOT:
        output_styled(output, STYLE_BAD, "CANNOT VERIFY");
        output_add(output, "\n");
        break;
    }
}

static void print_list(struct output *output, const char *label, const struct strings *list)
{
    for (size_t i = 0; i < list->count; i++) {
        output_add(output, "  %s ", label);
        output_safe(output, list->items[i], 0);
        output_add(output, "\n");
    }
}

static void print_signoff(struct output *output, const struct verify_signoff *signoff)
{
    output_add(output, "  sign-off by ");
    output_safe(output, signoff->signer, 0);
    output_add(output, " as ");
    output_safe(output, signoff->role, 0);
    output_add(output, ": ");
    if (signoff->is_good)
        output_styled(output, STYLE_GOOD, "good signature");
    else
        output_safe(output, *signoff->problem ? signoff->problem : "signature not checked", 0);
    if (signoff->entries_since)
        output_add(output, ", amended since by %lld entries", (long long)signoff->entries_since);
    output_add(output, "\n");
}

static int print_text(const struct arguments *arguments, const struct verify_report *report)
{
    AUTO_RELEASE(output) struct output output;

    output_init(&output, arguments);
    print_answer(&output, report);
    print_list(&output, "!", &report->problems);
    if (report->answer != VERIFY_CANNOT && !arguments->quiet)
        output_add(&output, "  %lld entries by %lld authors, %lld blobs, all recomputed\n",
                   (long long)report->entry_count, (long long)report->author_count,
                   (long long)report->blob_count);
    for (size_t i = 0; i < report->signoff_count; i++)
        print_signoff(&output, &report->signoffs[i]);
    if (!arguments->quiet)
        print_list(&output, "-", &report->notes);
    return output_write(&output);
}

static json_t *texts_json(const struct strings *texts)
{
    json_t *list = json_array();

    for (size_t i = 0; i < texts->count; i++)
        json_array_append_new(list, json_text(texts->items[i]));
    return list;
}

static json_t *signoff_json(const struct verify_signoff *signoff)
{
    char id[ENTRY_ID_TEXT_BYTES];

    return json_pack("{s:s, s:o, s:o, s:o, s:b, s:b, s:o, s:I}", "entry",
                     entry_id_text(&signoff->id, id), "role", json_text(signoff->role), "signer",
                     json_text(signoff->signer), "key", json_text(signoff->key), "manifest_fits",
                     signoff->manifest_fits, "good", signoff->is_good, "problem",
                     json_text(signoff->problem), "entries_since",
                     (json_int_t)signoff->entries_since);
}

static json_t *roles_json(const struct verify_report *report)
{
    json_t *list = json_array();

    for (size_t i = 0; i < report->role_count; i++)
        json_array_append_new(list,
                              json_pack("{s:o, s:I, s:I}", "role", json_text(report->roles[i].role),
                                        "wanted", (json_int_t)report->roles[i].wanted, "have",
                                        (json_int_t)report->roles[i].have));
    return list;
}

static json_t *report_json(const struct verify_report *report)
{
    char review[LEDGER_ID_TEXT_BYTES];
    json_t *signoffs = json_array();

    for (size_t i = 0; i < report->signoff_count; i++)
        json_array_append_new(signoffs, signoff_json(&report->signoffs[i]));
    return json_pack("{s:s, s:s, s:I, s:I, s:I, s:b, s:o, s:o, s:o, s:o}", "answer",
                     verify_answer_text(report->answer), "review",
                     ledger_id_text(&report->review, review), "entries",
                     (json_int_t)report->entry_count, "authors", (json_int_t)report->author_count,
                     "blobs", (json_int_t)report->blob_count, "heads_known", report->heads_known,
                     "problems", texts_json(&report->problems), "notes", texts_json(&report->notes),
                     "signoffs", signoffs, "policy", roles_json(report));
}

static int run(const struct arguments *arguments)
{
    const struct verify_keys keys = {.allowed_signers = arguments->allowed_signers,
                                     .revoked = arguments->revoked};
    struct verify_report report = {0};
    int status;

    assess_verify(arguments->words[0], &keys, &report);
    if (arguments->receipt)
        receipt_check(arguments->receipt, &report);
    status = status_of(report.answer);
    if (arguments->json)
        output_json(report_json(&report));
    else
        print_text(arguments, &report);
    verify_report_release(&report);
    return status;
}

static const struct option_spec options[] = {
    VALUE(0, "allowed-signers", "FILE", allowed_signers,
          "your own list of signers, see ssh-keygen(1)"),
    VALUE(0, "receipt", "FILE", receipt, "of an earlier hand-off: nothing of it may be missing"),
    VALUE(0, "revoked", "FILE", revoked, "keys that count no more: a KRL, or public keys"),
    {0},
};

const struct command command_verify = {
    .name = "verify",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "recompute everything in a review file and say what is proven",
    .details = "Every hash, blob, table and sign-off text is computed anew, by a process that can\n"
               "read the file and do nothing else. Exit status:\n"
               "  0  complete: intact, and nothing is missing\n"
               "  1  tampered: the first bad record is named\n"
               "  6  intact, but nothing at hand proves that no entries were cut off\n"
               "  7  intact, with entries after the last good sign-off, or not signed by all\n"
               "     the keys that its policy asks for\n"
               "  8  cannot tell: the file cannot be read far enough",
    .options = options,
    .run = run,
};
