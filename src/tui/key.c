/* SPDX-License-Identifier: Apache-2.0 */
#include "key.h"

#include "base/utf8.h"

static const char *const key_names[] = {
#define X(name, text) text,
    NAMED_KEYS(X)
#undef X
};

bool key_equal(struct key a, struct key b)
{
    return a.code == b.code && a.modifiers == b.modifiers;
}

bool key_is_text(struct key key)
{
    return key.modifiers == 0 && key.code >= ' ' && key.code < KEY_NAMED_BASE && key.code != 0x7F;
}

struct key key_from_character(int32_t character)
{
    switch (character) {
    case '\t':
        return (struct key){KEYCODE_TAB, 0};
    case '\r':
        return (struct key){KEYCODE_ENTER, 0};
    case 0x1B:
        return (struct key){KEYCODE_ESCAPE, 0};
    case '\b':
    case 0x7F:
        return (struct key){KEYCODE_BACKSPACE, 0};
    case 0:
        return (struct key){' ', MODIFIER_CONTROL};
    default:
        break;
    }
    if (character > 0 && character <= 26)
        return (struct key){'a' + character - 1, MODIFIER_CONTROL};
    if (character > 26 && character < ' ')
        return (struct key){'@' + character, MODIFIER_CONTROL};
    return (struct key){character, 0};
}

/* "Enter", "Lt", "Space", or one character. */
static bool parse_name(const char *name, size_t length, int32_t *ret_code)
{
    for (size_t i = 0; i < LENGTH(key_names); i++)
        if (strlen(key_names[i]) == length && strncmp(key_names[i], name, length) == 0) {
            *ret_code = KEY_NAMED_BASE + 1 + (int32_t)i;
            return true;
        }
    if (length == 2 && strncmp(name, "Lt", 2) == 0)
        *ret_code = '<';
    else if (length == 5 && strncmp(name, "Space", 5) == 0)
        *ret_code = ' ';
    else if (length == 0 || utf8_decode(name, length, ret_code) != length || *ret_code < '!')
        return false;
    return true;
}

static uint8_t parse_modifier(char letter)
{
    return letter == 'C'   ? MODIFIER_CONTROL
           : letter == 'M' ? MODIFIER_ALT
           : letter == 'S' ? MODIFIER_SHIFT
                           : 0;
}

size_t key_parse(const char *text, struct key *ret_key)
{
    struct key key = {0};
    if (text[0] == '\0')
        return 0;
    const char *end = text[0] == '<' ? strchr(text, '>') : NULL;
    if (end == NULL) {
        size_t used = utf8_decode(text, strlen(text), &key.code);
        if (key.code <= ' ' || text[0] == '<')
            return 0;
        *ret_key = key;
        return used;
    }
    const char *name = text + 1;
    while (end - name > 2 && name[1] == '-' && parse_modifier(name[0]) != 0) {
        key.modifiers |= parse_modifier(name[0]);
        name += 2;
    }
    if (!parse_name(name, (size_t)(end - name), &key.code))
        return 0;
    if ((key.modifiers & MODIFIER_SHIFT) && key.code < KEY_NAMED_BASE)
        return 0;
    *ret_key = key;
    return (size_t)(end - text) + 1;
}

void key_format(struct key key, struct buffer *text)
{
    bool is_plain = key_is_text(key) && key.code != '<' && key.code != ' ';
    if (!is_plain)
        buffer_append_byte(text, '<');
    if (key.modifiers & MODIFIER_CONTROL)
        buffer_append_text(text, "C-");
    if (key.modifiers & MODIFIER_ALT)
        buffer_append_text(text, "M-");
    if (key.modifiers & MODIFIER_SHIFT)
        buffer_append_text(text, "S-");
    if (key.code > KEY_NAMED_BASE)
        buffer_append_text(text, key_names[key.code - KEY_NAMED_BASE - 1]);
    else if (key.code == '<')
        buffer_append_text(text, "Lt");
    else if (key.code == ' ')
        buffer_append_text(text, "Space");
    else
        utf8_append(text, key.code);
    if (!is_plain)
        buffer_append_byte(text, '>');
}
