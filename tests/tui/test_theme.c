/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/theme.h"

#include "support/testing.h"

static enum theme choose(int colors, const char *no_color, const char *wanted)
{
    return theme_choose(
        &(struct theme_request){.colors = colors, .no_color = no_color, .wanted = wanted});
}

static void the_theme_follows_the_terminal(void **state UNUSED)
{
    assert_int_equal(choose(256, NULL, NULL), THEME_DARK);
    assert_int_equal(choose(8, NULL, NULL), THEME_BASIC);
    assert_int_equal(choose(16, NULL, NULL), THEME_BASIC);
    assert_int_equal(choose(-1, NULL, NULL), THEME_MONO);
    assert_int_equal(choose(256, NULL, "light"), THEME_LIGHT);
    assert_int_equal(choose(8, NULL, "light"), THEME_BASIC);
    assert_int_equal(choose(256, NULL, "mono"), THEME_MONO);
    assert_int_equal(
        theme_choose(&(struct theme_request){.colors = 256, .colorfgbg = "0;default;15"}),
        THEME_LIGHT);
}

static void no_color_means_none_unless_it_is_empty(void **state UNUSED)
{
    assert_int_equal(choose(256, "1", NULL), THEME_MONO);
    assert_int_equal(choose(256, "1", "light"), THEME_MONO);
    assert_int_equal(choose(256, "", NULL), THEME_DARK);
}

static void mono_has_no_color_at_all(void **state UNUSED)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            struct style style = theme_style(THEME_MONO, (enum role)role, (enum layer)layer);
            assert_int_equal(style.foreground, -1);
            assert_int_equal(style.background, -1);
        }
}

static void basic_uses_eight_colors(void **state UNUSED)
{
    for (int role = 0; role < ROLE_COUNT; role++)
        for (int layer = 0; layer < LAYER_COUNT; layer++) {
            struct style style = theme_style(THEME_BASIC, (enum role)role, (enum layer)layer);
            assert_true(style.foreground < 8 && style.background < 8);
        }
}

static bool same(struct style a, struct style b)
{
    return a.foreground == b.foreground && a.background == b.background &&
           a.attributes == b.attributes;
}

/* What we put in place of a hostile byte must not look like anything that a text can look like. */
static void nothing_else_looks_like_an_escape(void **state UNUSED)
{
    for (int theme = 0; theme < THEME_COUNT; theme++)
        for (int role = 0; role < ROLE_COUNT; role++)
            for (int layer = 0; layer < LAYER_COUNT; layer++)
                if (role != ROLE_ESCAPE)
                    assert_false(
                        same(theme_style((enum theme)theme, (enum role)role, (enum layer)layer),
                             theme_style((enum theme)theme, ROLE_ESCAPE, LAYER_NONE)));
}

static void a_selection_is_seen_in_every_theme(void **state UNUSED)
{
    for (int theme = 0; theme < THEME_COUNT; theme++)
        for (int role = 0; role < ROLE_COUNT; role++)
            if (role != ROLE_ESCAPE && role != ROLE_BAR && role != ROLE_BAR_STRONG &&
                role != ROLE_TAB_CURRENT)
                assert_false(same(theme_style((enum theme)theme, (enum role)role, LAYER_SELECTED),
                                  theme_style((enum theme)theme, (enum role)role, LAYER_NONE)));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_theme_follows_the_terminal),
        cmocka_unit_test(no_color_means_none_unless_it_is_empty),
        cmocka_unit_test(mono_has_no_color_at_all),
        cmocka_unit_test(basic_uses_eight_colors),
        cmocka_unit_test(nothing_else_looks_like_an_escape),
        cmocka_unit_test(a_selection_is_seen_in_every_theme),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
