/* SPDX-License-Identifier: Apache-2.0 */
/* How a role looks under a layer, in each of the themes. Pure tables; knows no terminal. */
#ifndef TUI_THEME_H
#define TUI_THEME_H

#include "canvas.h"

enum theme { THEME_MONO, THEME_BASIC, THEME_DARK, THEME_LIGHT, THEME_COUNT };

enum {
    STYLE_BOLD = 1,
    STYLE_DIM = 2,
    STYLE_UNDERLINE = 4,
    STYLE_REVERSE = 8,
};

struct style {
    int16_t foreground, background; /* colour number of the terminal; -1: its default */
    uint8_t attributes;             /* STYLE_* */
};

struct style theme_style(enum theme theme, enum role role, enum layer layer);

/* What the choice of a theme depends on; texts may be NULL. */
struct theme_request {
    int colors;            /* that the terminal has */
    const char *no_color;  /* $NO_COLOR: set and not empty means none */
    const char *wanted;    /* $WALKDOWN_THEME: "dark", "light", "basic", "mono" */
    const char *colorfgbg; /* $COLORFGBG, "15;0": some terminals tell their colours so */
};
enum theme theme_choose(const struct theme_request *request);

#endif
