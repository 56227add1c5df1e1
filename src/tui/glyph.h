/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The signs that the UI draws itself: a fixed list, each one column wide on every terminal we know,
 * each with a twin for terminals that show ASCII alone. Meaning never hangs on a sign's colour.
 */
#ifndef TUI_GLYPH_H
#define TUI_GLYPH_H

#include <stdbool.h>

/* X(name, UTF-8, ASCII) */
#define GLYPHS(X)                                                                                  \
    X(PASS, "✓", "+")                                                                              \
    X(FAIL, "✗", "x")                                                                              \
    X(NOT_APPLICABLE, "–", "-")                                                                    \
    X(OPEN, "○", ".")                                                                              \
    X(DISPUTED, "‼", "!")                                                                          \
    X(WARNING, "▲", "!")                                                                           \
    X(STALE, "≠", "~")                                                                             \
    X(IDLE, "○", "o")                                                                              \
    X(READY, "●", "*")                                                                             \
    X(COLLAPSED, "▸", ">")                                                                         \
    X(EXPANDED, "▾", "v")                                                                          \
    X(POINTER, "▌", ">")                                                                           \
    X(HORIZONTAL, "─", "-")                                                                        \
    X(VERTICAL, "│", "|")                                                                          \
    X(TEE_DOWN, "┬", "+")                                                                          \
    X(TEE_RIGHT, "├", "+")                                                                         \
    X(TOP_LEFT, "╭", "+")                                                                          \
    X(TOP_RIGHT, "╮", "+")                                                                         \
    X(BOTTOM_LEFT, "╰", "+")                                                                       \
    X(BOTTOM_RIGHT, "╯", "+")                                                                      \
    X(BAR_DONE, "━", "#")                                                                          \
    X(BAR_LEFT, "─", "-")                                                                          \
    X(THUMB, "┃", "#")                                                                             \
    X(ELLIPSIS, "…", "~")                                                                          \
    X(SEPARATOR, "·", "-")                                                                         \
    X(MARK, "◀", "<")                                                                              \
    X(MORE_LEFT, "‹", "<")                                                                         \
    X(MORE_RIGHT, "›", ">")                                                                        \
    X(MORE_UP, "↑", "^")                                                                           \
    X(MORE_DOWN, "↓", "v")                                                                         \
    X(WRAPPED, "↪", "\\")                                                                          \
    X(BULLET, "•", "*")                                                                            \
    X(ARROW, "→", ">")                                                                             \
    X(ARROW_LEFT, "←", "<")                                                                        \
    X(DOTTED, "┄", ".")                                                                            \
    X(DOUBLE, "═", "=")                                                                            \
    X(HIDDEN, "•", "*")                                                                            \
    X(SPIN_0, "⠋", "|")                                                                            \
    X(SPIN_1, "⠙", "/")                                                                            \
    X(SPIN_2, "⠹", "-")                                                                            \
    X(SPIN_3, "⠸", "\\")                                                                           \
    X(SPIN_4, "⠴", "|")                                                                            \
    X(SPIN_5, "⠦", "/")                                                                            \
    X(SPIN_6, "⠧", "-")                                                                            \
    X(SPIN_7, "⠇", "\\")

enum glyph {
#define X(name, utf8, ascii) GLYPH_##name,
    GLYPHS(X)
#undef X
        GLYPH_COUNT
};

const char *glyph_text(enum glyph glyph, bool ascii);
/* The sign of a spinner that has turned STEP times. */
enum glyph glyph_spinner(unsigned step);

#endif
