/* SPDX-License-Identifier: Apache-2.0 */
/* The help and `walkdown keys`, made from the action list and the keys as they are bound now. */
#include "base/path.h"
#include "screens.h"

enum { KEYS_COLUMNS = 20, NAME_COLUMNS = 22 };

static void append_padded(struct buffer *text, const char *word, size_t columns)
{
    size_t length = strlen(word);
    buffer_append_text(text, word);
    buffer_append_byte(text, ' ');
    for (; length < columns; length++)
        buffer_append_byte(text, ' ');
}

/* One line for an action, when it has a key in CONTEXT. */
static void append_action(const struct keymap *keymap, enum action action, enum context context,
                          bool with_name, struct buffer *text)
{
    const struct action_info *info = action_info(action);
    AUTO_RELEASE(buffer) struct buffer keys = {0};
    if (!(info->contexts & context))
        return;
    keymap_format_keys(keymap, action, context, true, &keys);
    if (keys.length == 0 && !with_name)
        return;
    buffer_append_text(text, "  ");
    append_padded(text, keys.length > 0 ? buffer_text(&keys) : "-", KEYS_COLUMNS);
    if (with_name)
        append_padded(text, info->name, NAME_COLUMNS);
    buffer_append_format(text, "%s\n", info->help);
}

static void append_context(const struct keymap *keymap, enum context context, bool with_name,
                           struct buffer *text)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        append_action(keymap, action, context, with_name, text);
}

/* ---- in the UI ---- */

/* Keys that only move are of less interest than those that do something. */
static bool is_motion(enum action action)
{
    return action >= ACTION_UP && action <= ACTION_BOTTOM;
}

static bool is_everywhere(enum action action)
{
    return action >= ACTION_GO_OVERVIEW && action <= ACTION_QUIT;
}

static void add_action(const struct app *app, enum action action, enum context context,
                       struct buffer *text)
{
    AUTO_RELEASE(buffer) struct buffer keys = {0};
    if (!(action_info(action)->contexts & context))
        return;
    keymap_format_keys(&app->keymap, action, context, true, &keys);
    if (keys.length > 0)
        buffer_append_format(text, "  %s\t%s\n", buffer_text(&keys), action_info(action)->help);
}

enum part { PART_HERE, PART_MOTION, PART_EVERYWHERE, PART_COUNT };

static void add_part(const struct app *app, enum part part, enum context context,
                     struct buffer *text)
{
    static const char *const titles[] = {
        [PART_HERE] = "Here", [PART_MOTION] = "\nMoving", [PART_EVERYWHERE] = "\nEverywhere"};
    buffer_append_format(text, "%s\n", titles[part]);
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        enum part own = is_motion(action)       ? PART_MOTION
                        : is_everywhere(action) ? PART_EVERYWHERE
                                                : PART_HERE;
        if (own == part)
            add_action(app, action, context, text);
    }
}

static void add_signs(const struct app *app, struct buffer *text)
{
    static const struct {
        enum glyph glyph;
        const char *meaning;
    } signs[] = {
        {GLYPH_OPEN, "open: nobody decided yet"},
        {GLYPH_PASS, "pass"},
        {GLYPH_FAIL, "fail"},
        {GLYPH_NOT_APPLICABLE, "not applicable"},
        {GLYPH_DISPUTED, "disputed: two reviewers decided without knowing of each other"},
        {GLYPH_STALE, "newer evidence suggests something else than when it was decided"},
        {GLYPH_MARK, "an evidence line that led to the suggestion"},
    };
    buffer_append_text(text, "\nSigns\n");
    for (size_t i = 0; i < LENGTH(signs); i++)
        buffer_append_format(text, "  %s\t%s\n", glyph_text(signs[i].glyph, app->canvas.ascii),
                             signs[i].meaning);
    buffer_append_text(text,
                       "  block\tsuggestion: could not look; a permission, a tool or time was "
                       "missing\n"
                       "  look\tsuggestion: the checklist leaves it to you\n"
                       "  !  R\tbeside the number of a line: it holds hidden characters, or "
                       "letters written from right to left, which some terminals show in "
                       "another order\n");
}

void help_open(struct app *app, enum context context)
{
    struct buffer text = {0};
    for (int part = 0; part < PART_COUNT; part++)
        add_part(app, (enum part)part, context, &text);
    if (context & ON_TABS)
        add_signs(app, &text);
    AUTO_FREE char *folder = path_config_folder();
    buffer_append_text(&text,
                       "\nEscapes in angle brackets, a byte as two digits or a character as "
                       "U+ and its number, stand for what could act on a terminal or hide in "
                       "a text; they are drawn in a style that nothing else has.\n");
    buffer_append_format(&text, "\nKeys are rebound in %s/keys; 'walkdown keys' tells how.",
                         folder);
    AUTO_FREE char *title = memory_format("Keys: %s", context_title(context));
    viewer_open(app, title, buffer_take(&text), false);
}

/* ---- for the command line ---- */

void tui_print_keys(const char *keys_path, struct buffer *text)
{
    AUTO_FREE char *folder = path_config_folder();
    AUTO_FREE char *own = path_join(folder, "keys");
    struct keymap keymap;
    struct error error = {0};
    keymap_init(&keymap);
    bool is_good = keymap_load(&keymap, keys_path != NULL ? keys_path : own, &error);
    for (unsigned bit = 0; 1U << bit <= CONTEXT_DIALOG; bit++) {
        enum context context = (enum context)(1U << bit);
        static const char *const names[] = {
#define X(name, name_text, bit_number) name_text,
            CONTEXTS(X)
#undef X
        };
        buffer_append_format(text, "%s%s (%s)\n\n", bit > 0 ? "\n" : "", context_title(context),
                             names[bit]);
        append_context(&keymap, context, true, text);
    }
    buffer_append_format(text,
                         "\nTo bind a key, write a line into %s:\n\n"
                         "    SCREEN KEY ACTION       for example: walk <F5> run\n\n"
                         "SCREEN is a word in brackets above, or any; KEY as it is written above; "
                         "ACTION a name from the\nsecond column, or none. Lines that begin with # "
                         "are comments.\n",
                         own);
    if (!is_good)
        buffer_append_format(text, "\n%s\n", error.message);
    keymap_release(&keymap);
}
