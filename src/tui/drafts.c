/* SPDX-License-Identifier: Apache-2.0 */
#include "drafts.h"

/* Holds the key of the draft that was kept last, so that it can be found again after a crash. */
#define LAST_KEY "last"

static void note_last(struct app *app, const char *key)
{
    bool is_same = key == NULL ? app->draft_key == NULL
                               : app->draft_key != NULL && strcmp(key, app->draft_key) == 0;
    if (is_same || !review_set_draft(session_review(app->session), LAST_KEY, key, NULL))
        return;
    free(app->draft_key);
    app->draft_key = memory_copy_text(key);
}

/* A draft that cannot be kept is no reason to disturb somebody who is writing; saving will say so.
 */
void drafts_keep(struct app *app, const char *key, const char *text)
{
    if (key == NULL || app->session == NULL || session_is_read_only(app->session))
        return;
    if (review_set_draft(session_review(app->session), key, text, NULL))
        note_last(app, text != NULL && text[0] != '\0' ? key : NULL);
}

char *drafts_find(struct app *app, const char *key)
{
    char *text = NULL;
    if (key == NULL || app->session == NULL ||
        !review_get_draft(session_review(app->session), key, &text, NULL))
        return NULL;
    return text;
}

char *drafts_key(const struct app *app, const char *what)
{
    return memory_format("%s:%s:%s", what, app->focus.check->id,
                         app_target_name(app, app->focus.target));
}

/* Look for the check and the target of a key "comment:CHECK:TARGET". */
static bool find_focus(const struct app *app, const char *key, struct focus *focus)
{
    size_t count;
    const struct item *items = session_items(app->session, &count);
    const char *rest = strchr(key, ':');
    for (size_t i = 0; rest != NULL && i < count; i++) {
        AUTO_FREE char *name =
            memory_format(":%s:%s", items[i].check->id, app_target_name(app, items[i].target));
        if (strncmp(rest, name, strlen(name)) == 0) {
            *focus = (struct focus){items[i].check, items[i].target};
            return true;
        }
    }
    return false;
}

void drafts_announce(struct app *app)
{
    struct focus focus;
    AUTO_FREE char *key = drafts_find(app, LAST_KEY);
    if (key == NULL || !find_focus(app, key, &focus))
        return;
    app->draft_key = take(&key);
    app->focus = focus;
    app_update(app);
    app_say(app, MESSAGE_INFO, "an unsaved text about %s was kept; it is offered again",
            focus.check->id);
}
