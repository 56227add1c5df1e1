/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "assess/identity.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "receipt.h"
#include "review/copy.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

static bool require_intact(const char *path, struct error *error)
{
    struct verify_report report;
    bool ok = true;

    assess_verify(path, &(struct verify_keys){0}, &report);
    if (report.answer == VERIFY_TAMPERED || report.answer == VERIFY_CANNOT)
        ok = error_set(error, ERROR_CORRUPT, "the file does not verify: %s",
                       report.problems.items[0]);
    verify_report_release(&report);
    return ok;
}

/* Before the copy is made, so that it stands in there too. */
static bool record(const struct handoff_request *request, struct error *error)
{
    const struct session_options options = {0};
    AUTO(session) struct session *session = NULL;

    return session_open(request->path, &options, &session, error) &&
           session_append(session, ENTRY_HANDOFF,
                          json_pack("{s:s, s:o, s:o, s:o}", "way", "sent", "party",
                                    json_text(request->to ? request->to : ""), "file",
                                    json_text(path_base(request->copy)), "note",
                                    json_text(request->note ? request->note : "")),
                          error);
}

/* age writes the copy anew, for the recipients alone. */
static bool encrypt(const struct handoff_request *request, struct error *error)
{
    AUTO_FREE char *encrypted = memory_format("%s.age", request->copy);
    const char **arguments = NULL;
    size_t count = 0;
    struct process_result result = {0};
    bool ok;

    *array_push(arguments, count) = "age";
    for (size_t i = 0; i < request->recipients->count; i++) {
        *array_push(arguments, count) = "-r";
        *array_push(arguments, count) = request->recipients->items[i];
    }
    *array_push(arguments, count) = "-o";
    *array_push(arguments, count) = encrypted;
    *array_push(arguments, count) = "--";
    *array_push(arguments, count) = request->copy;
    *array_push(arguments, count) = NULL;
    const struct process_options options = {.arguments = arguments, .timeout_ms = 600000};
    ok = process_run(&options, &result, error);
    if (ok && result.exit_status != 0)
        ok =
            error_set(error, ERROR_IO, "age could not encrypt it: %.*s",
                      (int)strcspn(buffer_text(&result.errors), "\n"), buffer_text(&result.errors));
    process_result_release(&result);
    free(arguments);
    unlink(request->copy);
    return ok;
}

bool assess_handoff(const struct handoff_request *request, char **ret_receipt, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_FREE char *receipt = memory_format("%s.receipt", request->copy);
    bool is_encrypted = request->recipients && request->recipients->count > 0;

    if (access(request->copy, F_OK) == 0 || access(receipt, F_OK) == 0)
        return error_set(error, ERROR_EXISTS, "'%s' or its receipt is there already",
                         request->copy);
    if (!require_intact(request->path, error) || !record(request, error) ||
        !review_copy(request->path, request->copy, request->is_raw ? COPY_RAW : COPY_AS_IS, error))
        return false;
    if (!require_intact(request->copy, error) ||
        !receipt_write(request->copy, request->to, &text, error) ||
        !file_write(receipt, text.data, text.length, 0600, error) ||
        (is_encrypted && !encrypt(request, error))) {
        unlink(request->copy);
        unlink(receipt);
        return false;
    }
    *ret_receipt = buffer_take(&text);
    return true;
}
