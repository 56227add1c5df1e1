/* SPDX-License-Identifier: Apache-2.0 */
/* Merging a copy of the review that was worked on apart, and what it brings. */
#include "assess/merge.h"

#include "dialog.h"
#include "note.h"
#include "screens.h"

static void tell_disputes(struct app *app, int64_t count)
{
    if (count > 0)
        app_say(app, MESSAGE_INFO, "merged; %lld check%s disputed: d leads there", (long long)count,
                count == 1 ? " is" : "s are");
    else
        app_say(app, MESSAGE_GOOD, "merged; nothing is disputed");
}

/* Checklists and targets may be others now: the review comes to the front anew. */
static void merge_confirmed(struct app *app, void *context UNUSED, bool yes)
{
    AUTO_RELEASE(merge_report) struct merge_report report = {0};
    AUTO_FREE char *path = memory_copy_text(session_path(app->session));
    struct error error = {0};
    if (!yes)
        session_forget_copy(app->session);
    else if (!session_merge_copy(app->session, &report, &error) || !app_open(app, path, &error))
        app_fail(app, &error);
    else
        tell_disputes(app, report.disputed_count);
}

static char *describe(const struct merge_report *report)
{
    AUTO_FREE char *names = strings_join(&report->names, ", ");
    return memory_format(
        "%lld %s of %s and %lld %s would be added; nothing is overwritten. Afterwards %lld %s in "
        "dispute: decided by two who did not know of each other.",
        (long long)report->entry_count, report->entry_count == 1 ? "entry" : "entries", names,
        (long long)report->blob_count, report->blob_count == 1 ? "blob" : "blobs",
        (long long)report->disputed_count, report->disputed_count == 1 ? "check is" : "checks are");
}

static void ask(struct app *app, const char *other, const struct merge_report *report)
{
    AUTO_FREE char *text = describe(report);
    dialog_open(app, &(struct dialog_request){.title = "Merge this copy?",
                                              .text = text,
                                              .quote = other,
                                              .confirm = "merge",
                                              .is_guarded = true,
                                              .done = merge_confirmed});
}

static void fail(struct app *app, const struct error *error, const struct merge_report *report)
{
    if (report->forks.count > 1)
        app_say(app, MESSAGE_BAD, "%s (%zu entries; 'walkdown merge' names them all)",
                error->message, report->forks.count);
    else
        app_fail(app, error);
}

static void looked(struct app *app, const char *other, const struct merge_report *report,
                   const struct error *error)
{
    app_pop(app, take(&app->looking));
    if (error != NULL) {
        fail(app, error, report);
    } else if (report->entry_count == 0 && report->blob_count == 0) {
        session_forget_copy(app->session);
        app_say(app, MESSAGE_INFO, "the copy holds nothing new");
    } else {
        ask(app, other, report);
    }
}

static void look_stopped(struct app *app, void *context UNUSED, bool yes UNUSED)
{
    app->looking = NULL;
    session_forget_copy(app->session);
    app_say(app, MESSAGE_INFO, "stopped; nothing was merged");
}

static bool path_given(struct app *app, void *context UNUSED, const char *path)
{
    struct error error = {0};
    if (!session_look_at_copy(app->session, path, &error)) {
        app_fail(app, &error);
        return false;
    }
    app->looked = looked;
    app->looking = dialog_open(
        app, &(struct dialog_request){
                 .title = "Looking at the copy",
                 .text = "It is read by a process that can do nothing else, verified, and made "
                         "into a file of our own. A large one takes a while.",
                 .quote = path,
                 .stop = "stop",
                 .done = look_stopped});
    return true;
}

void do_merge(struct app *app)
{
    if (!app_can_write(app))
        return;
    note_open(app, &(struct note_request){
                       .title = "Merge a copy",
                       .prompt = "Path of a copy of this review that was worked on apart. It is "
                                 "verified first and not changed:",
                       .kind = EDITOR_LINE,
                       .save = "look at it",
                       .done = path_given});
}
