/* SPDX-License-Identifier: Apache-2.0 */
/* Every action that works here, and every check, found by a few letters. */
#include "choice.h"
#include "draw.h"
#include "screens.h"

enum { CHECK_VALUE = 10000 }; /* values above it are checks */

static void add_actions(struct app *app, struct choice_items *items, enum context context)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info(action);
        bool is_motion = action >= ACTION_UP && action <= ACTION_BOTTOM;
        if (!(info->contexts & context) || action == ACTION_PALETTE || is_motion)
            continue;
        struct buffer key = {0};
        keymap_format_keys(&app->keymap, action, context, false, &key);
        choice_add(items, (struct choice_item){.text = memory_copy_text(info->name),
                                               .detail = memory_copy_text(info->help),
                                               .key = buffer_take(&key),
                                               .value = (int)action});
    }
}

static void add_checks(struct app *app, struct choice_items *items)
{
    size_t count;
    const struct item *all = session_items(app->session, &count);
    for (size_t i = 0; i < count; i++) {
        if (all[i].target != app->focus.target)
            continue;
        choice_add(items, (struct choice_item){
                              .text = memory_copy_text(all[i].check->id),
                              .detail = memory_copy_text(all[i].check->title),
                              .key = memory_copy_text(severity_label(all[i].check->severity)),
                              .value = CHECK_VALUE + (int)i});
    }
}

struct palette {
    bool (*act)(struct app *app, enum action action);
};

static void done(struct app *app, void *context, int value, const char *text UNUSED)
{
    const struct palette *palette = context;
    if (value < CHECK_VALUE) {
        palette->act(app, (enum action)value);
        return;
    }
    size_t count;
    const struct item *items = session_items(app->session, &count);
    size_t index = (size_t)(value - CHECK_VALUE);
    if (index >= count)
        return;
    app_set_focus(app, items[index].check, items[index].target);
    app_go(app, app->tab == TAB_EVIDENCE ? TAB_EVIDENCE : TAB_WALK);
}

void palette_open(struct app *app, bool (*act)(struct app *app, enum action action))
{
    struct choice_items items = {0};
    struct palette *palette = memory_new(1, sizeof(*palette));
    struct view *view = app_front(app);
    palette->act = act;
    add_actions(app, &items, view->class->context(view));
    if (app->session != NULL)
        add_checks(app, &items);
    choice_open(app, &(struct choice_request){.title = "Command or check",
                                              .items = items,
                                              .selected = -1,
                                              .done = done,
                                              .context = palette,
                                              .free_context = free});
}
