/* SPDX-License-Identifier: Apache-2.0 */
#include "theme.h"

enum { NONE = -1, B = STYLE_BOLD, D = STYLE_DIM, U = STYLE_UNDERLINE, R = STYLE_REVERSE };

/* The colours of "basic" are the eight that every colour terminal has. */
enum { BLACK, RED, GREEN, YELLOW, BLUE, MAGENTA, CYAN, WHITE };

/* {foreground, background, attributes} */
static const struct style role_styles[THEME_COUNT][ROLE_COUNT] =
    {
        [THEME_MONO] =
            {
                [ROLE_TEXT] = {NONE, NONE, 0},
                [ROLE_DIM] = {NONE, NONE, D},
                [ROLE_STRONG] = {NONE, NONE, B},
                [ROLE_BAR] = {NONE, NONE, R},
                [ROLE_BAR_STRONG] = {NONE, NONE, R | B},
                [ROLE_TAB] = {NONE, NONE, 0},
                [ROLE_TAB_CURRENT] = {NONE, NONE, R | B},
                [ROLE_FRAME] = {NONE, NONE, D},
                [ROLE_TITLE] = {NONE, NONE, 0},
                [ROLE_TITLE_FOCUS] = {NONE, NONE, B},
                [ROLE_LABEL] = {NONE, NONE, B},
                [ROLE_KEY] = {NONE, NONE, B},
                [ROLE_GUTTER] = {NONE, NONE, D},
                [ROLE_EVIDENCE] = {NONE, NONE, 0},
                [ROLE_COMMAND] = {NONE, NONE, 0},
                [ROLE_PASS] = {NONE, NONE, 0},
                [ROLE_FAIL] = {NONE, NONE, B},
                [ROLE_MUTED] = {NONE, NONE, D},
                [ROLE_WARNING] = {NONE, NONE, B},
                [ROLE_ACCENT] = {NONE, NONE, B},
                [ROLE_CRITICAL] = {NONE, NONE, B},
                [ROLE_HIGH] = {NONE, NONE, B},
                [ROLE_MEDIUM] = {NONE, NONE, 0},
                [ROLE_LOW] = {NONE, NONE, D},
                [ROLE_ADDED] = {NONE, NONE, B},
                [ROLE_REMOVED] = {NONE, NONE, D},
                [ROLE_ESCAPE] = {NONE, NONE, R | U},
            },
        [THEME_BASIC] =
            {
                [ROLE_TEXT] = {NONE, NONE, 0},
                [ROLE_DIM] = {NONE, NONE, D},
                [ROLE_STRONG] = {NONE, NONE, B},
                [ROLE_BAR] = {WHITE, BLUE, 0},
                [ROLE_BAR_STRONG] = {WHITE, BLUE, B},
                [ROLE_TAB] = {NONE, NONE, 0},
                [ROLE_TAB_CURRENT] = {CYAN, NONE, B | U},
                [ROLE_FRAME] = {NONE, NONE, D},
                [ROLE_TITLE] = {NONE, NONE, 0},
                [ROLE_TITLE_FOCUS] = {CYAN, NONE, B},
                [ROLE_LABEL] = {CYAN, NONE, 0},
                [ROLE_KEY] = {CYAN, NONE, B},
                [ROLE_GUTTER] = {NONE, NONE, D},
                [ROLE_EVIDENCE] = {NONE, NONE, 0},
                [ROLE_COMMAND] = {YELLOW, NONE, 0},
                [ROLE_PASS] = {GREEN, NONE, 0},
                [ROLE_FAIL] = {RED, NONE, B},
                [ROLE_MUTED] = {NONE, NONE, D},
                [ROLE_WARNING] = {YELLOW, NONE, B},
                [ROLE_ACCENT] = {CYAN, NONE, B},
                [ROLE_CRITICAL] = {RED, NONE, B},
                [ROLE_HIGH] = {RED, NONE, 0},
                [ROLE_MEDIUM] = {YELLOW, NONE, 0},
                [ROLE_LOW] = {NONE, NONE, D},
                [ROLE_ADDED] = {GREEN, NONE, 0},
                [ROLE_REMOVED] = {RED, NONE, 0},
                [ROLE_ESCAPE] = {WHITE, MAGENTA, B},
            },
        [THEME_DARK] =
            {
                [ROLE_TEXT] = {NONE, NONE, 0},
                [ROLE_DIM] = {246, NONE, 0},
                [ROLE_STRONG] = {NONE, NONE, B},
                [ROLE_BAR] = {250, 236, 0},
                [ROLE_BAR_STRONG] = {117, 236, B},
                [ROLE_TAB] = {246, NONE, 0},
                [ROLE_TAB_CURRENT] = {117, NONE, B | U},
                [ROLE_FRAME] = {240, NONE, 0},
                [ROLE_TITLE] = {250, NONE, 0},
                [ROLE_TITLE_FOCUS] = {117, NONE, B},
                [ROLE_LABEL] = {110, NONE, 0},
                [ROLE_KEY] = {117, NONE, B},
                [ROLE_GUTTER] = {242, NONE, 0},
                [ROLE_EVIDENCE] = {NONE, NONE, 0},
                [ROLE_COMMAND] = {180, NONE, 0},
                [ROLE_PASS] = {114, NONE, 0},
                [ROLE_FAIL] = {203, NONE, B},
                [ROLE_MUTED] = {245, NONE, 0},
                [ROLE_WARNING] = {221, NONE, 0},
                [ROLE_ACCENT] = {117, NONE, 0},
                [ROLE_CRITICAL] = {203, NONE, B},
                [ROLE_HIGH] = {209, NONE, 0},
                [ROLE_MEDIUM] = {180, NONE, 0},
                [ROLE_LOW] = {246, NONE, 0},
                [ROLE_ADDED] = {114, NONE, 0},
                [ROLE_REMOVED] = {210, NONE, 0},
                [ROLE_ESCAPE] = {16, 176, 0},
            },
        [THEME_LIGHT] =
            {
                [ROLE_TEXT] = {NONE, NONE, 0},          [ROLE_DIM] = {242, NONE, 0},
                [ROLE_STRONG] = {NONE, NONE, B},        [ROLE_BAR] = {238, 253, 0},
                [ROLE_BAR_STRONG] = {25, 253, B},       [ROLE_TAB] = {242, NONE, 0},
                [ROLE_TAB_CURRENT] = {25, NONE, B | U}, [ROLE_FRAME] = {249, NONE, 0},
                [ROLE_TITLE] = {238, NONE, 0},          [ROLE_TITLE_FOCUS] = {25, NONE, B},
                [ROLE_LABEL] = {25, NONE, 0},           [ROLE_KEY] = {25, NONE, B},
                [ROLE_GUTTER] = {247, NONE, 0},         [ROLE_EVIDENCE] = {NONE, NONE, 0},
                [ROLE_COMMAND] = {94, NONE, 0},         [ROLE_PASS] = {28, NONE, 0},
                [ROLE_FAIL] = {160, NONE, B},           [ROLE_MUTED] = {243, NONE, 0},
                [ROLE_WARNING] = {130, NONE, 0},        [ROLE_ACCENT] = {25, NONE, 0},
                [ROLE_CRITICAL] = {160, NONE, B},       [ROLE_HIGH] = {166, NONE, 0},
                [ROLE_MEDIUM] = {94, NONE, 0},          [ROLE_LOW] = {242, NONE, 0},
                [ROLE_ADDED] = {28, NONE, 0},           [ROLE_REMOVED] = {160, NONE, 0},
                [ROLE_ESCAPE] = {231, 90, 0},
            },
};

/* What a layer puts over a style: a colour that is not NONE replaces it, attributes are added. */
static const struct style layer_styles[THEME_COUNT][LAYER_COUNT] = {
    [THEME_MONO] = {[LAYER_NONE] = {NONE, NONE, 0},
                    [LAYER_SELECTED] = {NONE, NONE, R},
                    [LAYER_REMEMBERED] = {NONE, NONE, B},
                    [LAYER_MARKED] = {NONE, NONE, B},
                    [LAYER_MATCH] = {NONE, NONE, U | B},
                    [LAYER_CURRENT_MATCH] = {NONE, NONE, R}},
    [THEME_BASIC] = {[LAYER_NONE] = {NONE, NONE, 0},
                     [LAYER_SELECTED] = {NONE, NONE, R},
                     [LAYER_REMEMBERED] = {NONE, NONE, B},
                     [LAYER_MARKED] = {NONE, NONE, B},
                     [LAYER_MATCH] = {BLACK, YELLOW, 0},
                     [LAYER_CURRENT_MATCH] = {BLACK, CYAN, 0}},
    [THEME_DARK] = {[LAYER_NONE] = {NONE, NONE, 0},
                    [LAYER_SELECTED] = {NONE, 24, 0},
                    [LAYER_REMEMBERED] = {NONE, 237, 0},
                    [LAYER_MARKED] = {NONE, 52, 0},
                    [LAYER_MATCH] = {16, 186, 0},
                    [LAYER_CURRENT_MATCH] = {16, 215, B}},
    [THEME_LIGHT] = {[LAYER_NONE] = {NONE, NONE, 0},
                     [LAYER_SELECTED] = {NONE, 153, 0},
                     [LAYER_REMEMBERED] = {NONE, 254, 0},
                     [LAYER_MARKED] = {NONE, 224, 0},
                     [LAYER_MATCH] = {16, 228, 0},
                     [LAYER_CURRENT_MATCH] = {16, 215, B}},
};

/* The colour of text on a coloured background whose own colour would be lost there. */
static int16_t readable_foreground(enum theme theme, enum role role, int16_t foreground)
{
    bool is_quiet = role == ROLE_DIM || role == ROLE_MUTED || role == ROLE_GUTTER ||
                    role == ROLE_FRAME || role == ROLE_LOW;
    if (theme == THEME_DARK && (foreground == NONE || role == ROLE_STRONG))
        return 255;
    if (theme == THEME_DARK && is_quiet)
        return 252;
    if (theme == THEME_LIGHT && (foreground == NONE || is_quiet))
        return 235;
    return foreground;
}

struct style theme_style(enum theme theme, enum role role, enum layer layer)
{
    struct style style = role_styles[theme][role];
    if (layer == LAYER_NONE || role == ROLE_ESCAPE)
        return style;
    const struct style *over = &layer_styles[theme][layer];
    if (over->background != NONE) {
        style.background = over->background;
        style.foreground = readable_foreground(theme, role, style.foreground);
    }
    if (over->foreground != NONE)
        style.foreground = over->foreground;
    if (over->attributes & R) /* one plain bar; colours and dimness would break it up */
        style = (struct style){NONE, NONE, (uint8_t)(style.attributes & B)};
    style.attributes = (uint8_t)(style.attributes | over->attributes);
    return style;
}

/* The background of "15;0" or "15;default;0" is its last number; 7 and 15 are light. */
static bool background_is_light(const char *colorfgbg)
{
    const char *last = colorfgbg != NULL ? strrchr(colorfgbg, ';') : NULL;
    return last != NULL && (strcmp(last, ";7") == 0 || strcmp(last, ";15") == 0);
}

enum theme theme_choose(const struct theme_request *request)
{
    const char *wanted = request->wanted != NULL ? request->wanted : "";
    bool no_color = request->no_color != NULL && request->no_color[0] != '\0';
    if (no_color || request->colors < 8 || strcmp(wanted, "mono") == 0)
        return THEME_MONO;
    if (request->colors < 256 || strcmp(wanted, "basic") == 0)
        return THEME_BASIC;
    if (strcmp(wanted, "light") == 0)
        return THEME_LIGHT;
    if (strcmp(wanted, "dark") == 0)
        return THEME_DARK;
    return background_is_light(request->colorfgbg) ? THEME_LIGHT : THEME_DARK;
}
