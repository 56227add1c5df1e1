/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "assess/identity.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "receipt.h"
#include "review/copy.h"
#include "review/merge.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

static bool is_encrypted(const struct handoff_request *request)
{
    return request->recipients && request->recipients->count > 0;
}

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

/* In the copy, which is nobody's until it is finished. Not by a session: that would take the heads
 * of a copy that may fail yet for heads that were seen. */
static bool record(const struct handoff_request *request, struct error *error)
{
    AUTO(review) struct review *copy = NULL;
    AUTO_JSON json_t *body = json_pack("{s:s, s:o, s:o, s:o}", "way", "sent", "party",
                                       json_text(request->to ? request->to : ""), "file",
                                       json_text(path_base(request->copy)), "note",
                                       json_text(request->note ? request->note : ""));
    const struct new_entry entry = {.kind = ENTRY_HANDOFF, .body = body};

    return identity_open_review(request->copy, &copy, error) &&
           review_append(copy, &entry, 1, NULL, error);
}

/* Of the review: that it can be written to, in the format of this version. Called again when it has
 * changed, so that its heads are known. */
static bool open_once(const char *path, struct error *error)
{
    const struct session_options options = {0};
    AUTO(session) struct session *session = NULL;

    return session_open(path, &options, &session, error);
}

static bool merge_back(const struct handoff_request *request, struct error *error)
{
    AUTO(review) struct review *review = NULL;
    AUTO_RELEASE(merge_report) struct merge_report report = {0};

    return identity_open_review(request->path, &review, error) &&
           review_merge(review, request->copy, &report, error);
}

/* Only a copy that is finished brings its entry into the review: a failed one leaves no trace. */
static bool take_over(const struct handoff_request *request, struct error *error)
{
    return (merge_back(request, error) && open_once(request->path, error)) ||
           error_prefix(error, "the hand-off could not be recorded");
}

/* age writes the copy anew, for the recipients alone. */
static bool encrypt(const struct handoff_request *request, const char *encrypted,
                    struct error *error)
{
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
    return ok;
}

static bool make_copy(const struct handoff_request *request, const char *receipt,
                      struct buffer *text, struct error *error)
{
    return review_copy(request->path, request->copy, request->is_raw ? COPY_RAW : COPY_AS_IS,
                       error) &&
           record(request, error) && require_intact(request->copy, error) &&
           receipt_write(request->copy, request->to, text, error) &&
           file_write(receipt, text->data, text->length, 0600, error);
}

/* Nothing of a hand-off that failed stays. */
static void remove_all(const struct handoff_request *request, const char *receipt,
                       const char *encrypted)
{
    unlink(request->copy);
    unlink(receipt);
    if (is_encrypted(request))
        unlink(encrypted);
}

bool assess_handoff(const struct handoff_request *request, char **ret_receipt, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_FREE char *receipt = memory_format("%s.receipt", request->copy);
    AUTO_FREE char *encrypted = memory_format("%s.age", request->copy);

    if (access(request->copy, F_OK) == 0 || access(receipt, F_OK) == 0 ||
        (is_encrypted(request) && access(encrypted, F_OK) == 0))
        return error_set(error, ERROR_EXISTS, "'%s' or its receipt is there already",
                         request->copy);
    if (!require_intact(request->path, error) || !open_once(request->path, error))
        return false;
    if (!make_copy(request, receipt, &text, error) ||
        (is_encrypted(request) && !encrypt(request, encrypted, error)) ||
        !take_over(request, error)) {
        remove_all(request, receipt, encrypted);
        return false;
    }
    if (is_encrypted(request))
        unlink(request->copy);
    *ret_receipt = buffer_take(&text);
    return true;
}
