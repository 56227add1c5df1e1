/* SPDX-License-Identifier: Apache-2.0 */
#include "keymap.h"

#include "base/file.h"

#include <assert.h>

enum { KEY_FILE_MAX_BYTES = 64 * 1024 };

static void bind_key(struct keymap *keymap, struct key key, unsigned contexts, enum action action)
{
    *array_push(keymap->bindings, keymap->count) = (struct binding){key, contexts, action};
}

void keymap_init(struct keymap *keymap)
{
    *keymap = (struct keymap){0};
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info(action);
        for (const char *keys = info->keys; *keys != '\0';) {
            struct key key;
            size_t used = key_parse(keys, &key);
            assert(used > 0);
            bind_key(keymap, key, info->contexts, action);
            keys += used;
            keys += *keys == ' ';
        }
    }
}

void keymap_release(struct keymap *keymap)
{
    free(keymap->bindings);
    *keymap = (struct keymap){0};
}

/* Cut the word off that TEXT starts with, and return it; "" when there is none. */
static char *cut_word(char **text)
{
    *text += strspn(*text, " \t\r");
    char *word = *text;
    *text += strcspn(*text, " \t\r");
    if (**text != '\0')
        *(*text)++ = '\0';
    return word;
}

static bool parse_line(struct keymap *keymap, char *line, struct error *error)
{
    char *context = cut_word(&line);
    if (context[0] == '\0' || context[0] == '#')
        return true;
    char *key_name = cut_word(&line);
    char *name = cut_word(&line);
    unsigned contexts = context_parse(context);
    enum action action = action_parse(name);
    struct key key;
    if (contexts == 0)
        return error_set(error, ERROR_INVALID, "no screen is called '%s'", context);
    if (key_name[0] == '\0' || key_parse(key_name, &key) != strlen(key_name))
        return error_set(error, ERROR_INVALID, "no key is called '%s'", key_name);
    if (action == ACTION_NONE && strcmp(name, "none") != 0)
        return error_set(error, ERROR_INVALID,
                         "no action is called '%s'; 'walkdown keys' lists them", name);
    if (action != ACTION_NONE)
        contexts &= action_info(action)->contexts;
    if (contexts == 0)
        return error_set(error, ERROR_INVALID, "the action '%s' does not exist in '%s'", name,
                         context);
    bind_key(keymap, key, contexts, action);
    return true;
}

bool keymap_load(struct keymap *keymap, const char *path, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error problem = {0};
    if (!file_read(path, KEY_FILE_MAX_BYTES, &text, &problem)) {
        if (problem.code == ERROR_NOT_FOUND)
            return true;
        return error_set(error, problem.code, "%s", problem.message);
    }
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, buffer_text(&text), '\n');
    bool is_good = true;
    for (size_t i = 0; i < lines.count; i++)
        if (!parse_line(keymap, lines.items[i], &problem) && is_good)
            is_good = error_set(error, ERROR_INVALID, "%s:%zu: %s", path, i + 1, problem.message);
    return is_good;
}

enum action keymap_find(const struct keymap *keymap, struct key key, enum context context)
{
    for (size_t i = keymap->count; i-- > 0;) {
        const struct binding *binding = &keymap->bindings[i];
        if ((binding->contexts & context) && key_equal(binding->key, key))
            return binding->action;
    }
    return ACTION_NONE;
}

void keymap_format_keys(const struct keymap *keymap, enum action action, enum context context,
                        bool all, struct buffer *text)
{
    size_t start = text->length;
    for (size_t i = 0; i < keymap->count; i++) {
        const struct binding *binding = &keymap->bindings[i];
        if (binding->action != action || !(binding->contexts & context) ||
            keymap_find(keymap, binding->key, context) != action)
            continue;
        if (text->length > start)
            buffer_append_byte(text, ' ');
        key_format(binding->key, text);
        if (!all)
            return;
    }
}
