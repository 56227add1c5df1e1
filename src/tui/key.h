/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Keys and their names: "j", "<Enter>", "<C-l>", "<M-x>", "<S-Tab>", "<Lt>" for "<". A control
 * byte that has a key of its own (Tab, Enter, Esc, Backspace) is that key.
 */
#ifndef TUI_KEY_H
#define TUI_KEY_H

#include "base/buffer.h"

/* X(name, text) */
#define NAMED_KEYS(X)                                                                              \
    X(ENTER, "Enter")                                                                              \
    X(TAB, "Tab")                                                                                  \
    X(ESCAPE, "Esc")                                                                               \
    X(BACKSPACE, "BS")                                                                             \
    X(DELETE, "Del")                                                                               \
    X(INSERT, "Ins")                                                                               \
    X(UP, "Up")                                                                                    \
    X(DOWN, "Down")                                                                                \
    X(LEFT, "Left")                                                                                \
    X(RIGHT, "Right")                                                                              \
    X(HOME, "Home")                                                                                \
    X(END, "End")                                                                                  \
    X(PAGE_UP, "PgUp")                                                                             \
    X(PAGE_DOWN, "PgDn")                                                                           \
    X(F1, "F1")                                                                                    \
    X(F2, "F2")                                                                                    \
    X(F3, "F3")                                                                                    \
    X(F4, "F4")                                                                                    \
    X(F5, "F5")                                                                                    \
    X(F6, "F6")                                                                                    \
    X(F7, "F7")                                                                                    \
    X(F8, "F8")                                                                                    \
    X(F9, "F9")                                                                                    \
    X(F10, "F10")                                                                                  \
    X(F11, "F11")                                                                                  \
    X(F12, "F12")

enum {
    KEY_NAMED_BASE = 0x200000, /* above every code point */
#define X(name, text) KEYCODE_##name,
    NAMED_KEYS(X)
#undef X
};

enum { MODIFIER_CONTROL = 1, MODIFIER_ALT = 2, MODIFIER_SHIFT = 4 };

struct key {
    int32_t code;      /* a code point or KEYCODE_* */
    uint8_t modifiers; /* MODIFIER_*; SHIFT with named keys only */
};

bool key_equal(struct key a, struct key b);
/* True for a key that types its own character. */
bool key_is_text(struct key key);
/* The key of a character as a terminal sends it. */
struct key key_from_character(int32_t character);
/* Read the key that TEXT starts with. Returns the bytes used, 0 when it is no key's name. */
size_t key_parse(const char *text, struct key *ret_key);
/* Append the name of a key. */
void key_format(struct key key, struct buffer *text);

#endif
