/* SPDX-License-Identifier: Apache-2.0 */
#include "walk_view.h"

#include "screens.h"

struct walk *walk_of(struct app *app)
{
    return (struct walk *)app->tabs[TAB_WALK];
}

void walk_publish_focus(struct walk *walk)
{
    const struct queue_row *row = queue_selected(&walk->queue);
    app_set_focus(walk->view.app, row != NULL ? row->check : NULL, walk->queue.target);
}

bool do_next_open(struct app *app, bool forward)
{
    struct walk *walk = walk_of(app);
    if (!queue_next_open(&walk->queue, app->session, forward))
        return false;
    walk_publish_focus(walk);
    return true;
}

static char *keys_of(const struct app *app, enum action action)
{
    struct buffer keys = {0};
    keymap_format_keys(&app->keymap, action, CONTEXT_WALK, false, &keys);
    return buffer_take(&keys);
}

/* No other check is open: what may be next. */
static void say_what_is_next(struct app *app)
{
    struct item_counts counts = session_count(app->session, NULL, NULL);
    AUTO_FREE char *sign = keys_of(app, ACTION_GO_SIGNOFF);
    AUTO_FREE char *filter = keys_of(app, ACTION_FILTER);
    if (counts.open == 0)
        app_say(app, MESSAGE_GOOD, "saved; every check is decided: %s goes to the sign-off", sign);
    else
        app_say(app, MESSAGE_GOOD, "saved; nothing is open in this view, %s shows others", filter);
}

void walk_decided(struct app *app)
{
    struct walk *walk = walk_of(app);
    if (!do_next_open(app, true))
        say_what_is_next(app);
    walk->detail_has_focus = false;
}
