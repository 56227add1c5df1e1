/* SPDX-License-Identifier: Apache-2.0 */
#include "../../src/tui/keymap.h"

#include "support/testing.h"

#include "tui/tui.h"

static struct keymap keymap;
static struct buffer text;

static int set_up(void **state UNUSED)
{
    keymap_init(&keymap);
    return 0;
}

static int tear_down(void **state UNUSED)
{
    keymap_release(&keymap);
    buffer_release(&text);
    return 0;
}

static struct key key(const char *name)
{
    struct key result = {0};
    assert_int_equal(key_parse(name, &result), strlen(name));
    return result;
}

static void every_key_name_is_read_as_it_is_written(void **state UNUSED)
{
    static const char *const names[] = {"j",       "G",     "?",        "<Lt>",     "<Space>",
                                        "<Enter>", "<Tab>", "<S-Tab>",  "<C-l>",    "<M-x>",
                                        "<C-M-a>", "<F12>", "<C-Left>", "é",        "<M-é>",
                                        ">",       "[",     "<Esc>",    "<C-Space>"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        buffer_clear(&text);
        key_format(key(names[i]), &text);
        assert_string_equal(buffer_text(&text), names[i]);
    }
}

static void nonsense_is_no_key(void **state UNUSED)
{
    static const char *const names[] = {"", "<", "<>", "<Foo>", "<C->", "<C-Foo>", "<S-a>", " "};
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct key result;
        assert_int_equal(key_parse(names[i], &result), 0);
    }
}

static void control_bytes_are_the_keys_that_send_them(void **state UNUSED)
{
    assert_true(key_equal(key_from_character('\t'), key("<Tab>")));
    assert_true(key_equal(key_from_character('\r'), key("<Enter>")));
    assert_true(key_equal(key_from_character(0x1B), key("<Esc>")));
    assert_true(key_equal(key_from_character(0x7F), key("<BS>")));
    assert_true(key_equal(key_from_character(12), key("<C-l>")));
    assert_true(key_equal(key_from_character(0x1F), key("<C-_>")));
    assert_true(key_equal(key_from_character('x'), key("x")));
}

/* With two meanings in one place, the later in the list would silently win. */
static void no_key_means_two_things_in_one_place(void **state UNUSED)
{
    for (size_t a = 0; a < keymap.count; a++)
        for (size_t b = a + 1; b < keymap.count; b++) {
            const struct binding *one = &keymap.bindings[a];
            const struct binding *other = &keymap.bindings[b];
            if (!key_equal(one->key, other->key) || !(one->contexts & other->contexts))
                continue;
            key_format(one->key, &text);
            fail_msg("%s is '%s' and '%s'", buffer_text(&text), action_info(one->action)->name,
                     action_info(other->action)->name);
        }
}

static void every_action_has_a_name_and_help_of_its_own(void **state UNUSED)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++) {
        const struct action_info *info = action_info(action);
        assert_int_equal(action_parse(info->name), action);
        assert_true(strlen(info->help) > 1);
        assert_true(strlen(info->hint) <= 14);
    }
    assert_int_equal(action_parse("no such action"), ACTION_NONE);
}

static void text_can_be_typed_where_text_is_typed(void **state UNUSED)
{
    static const enum context contexts[] = {CONTEXT_EDITOR, CONTEXT_LINE, CONTEXT_CHOICE,
                                            CONTEXT_FORM};
    for (size_t i = 0; i < LENGTH(contexts); i++)
        for (int32_t character = ' '; character < 0x7F; character++)
            assert_int_equal(keymap_find(&keymap, (struct key){character, 0}, contexts[i]),
                             ACTION_NONE);
}

static void one_key_decides(void **state UNUSED)
{
    assert_int_equal(keymap_find(&keymap, key("p"), CONTEXT_WALK), ACTION_PASS);
    assert_int_equal(keymap_find(&keymap, key("f"), CONTEXT_WALK), ACTION_FAIL);
    assert_int_equal(keymap_find(&keymap, key("n"), CONTEXT_WALK), ACTION_NOT_APPLICABLE);
    assert_int_equal(keymap_find(&keymap, key("n"), CONTEXT_WALK_SEARCH), ACTION_NEXT_MATCH);
    assert_int_equal(keymap_find(&keymap, key("p"), CONTEXT_OVERVIEW), ACTION_NONE);
}

static void the_users_file_rebinds_and_unbinds(void **state UNUSED)
{
    struct error error = {0};
    const char *path = testing_write("keys", "# mine\n"
                                             "\n"
                                             "walk <F5> run # not a comment's place, but a word\n"
                                             "walk p none\n"
                                             "any <C-q> quit\n");
    assert_done(keymap_load(&keymap, path, &error), &error);
    assert_int_equal(keymap_find(&keymap, key("<F5>"), CONTEXT_WALK), ACTION_RUN);
    assert_int_equal(keymap_find(&keymap, key("<F5>"), CONTEXT_EVIDENCE), ACTION_NONE);
    assert_int_equal(keymap_find(&keymap, key("p"), CONTEXT_WALK), ACTION_NONE);
    assert_int_equal(keymap_find(&keymap, key("<C-q>"), CONTEXT_HISTORY), ACTION_QUIT);
    keymap_format_keys(&keymap, ACTION_RUN, CONTEXT_WALK, true, &text);
    assert_string_equal(buffer_text(&text), "r <F5>");
}

static void a_bad_line_is_named_and_the_good_ones_count(void **state UNUSED)
{
    struct error error = {0};
    const char *path = testing_write("bad-keys", "walk <F5> run\n"
                                                 "walk <Foo> run\n"
                                                 "wall x run\n"
                                                 "history p pass\n"
                                                 "walk <F6> accept\n");
    assert_refused(keymap_load(&keymap, path, &error), &error, ERROR_INVALID);
    assert_non_null(strstr(error.message, "bad-keys:2: no key is called '<Foo>'"));
    assert_int_equal(keymap_find(&keymap, key("<F5>"), CONTEXT_WALK), ACTION_RUN);
    assert_int_equal(keymap_find(&keymap, key("<F6>"), CONTEXT_WALK), ACTION_ACCEPT);
}

static void a_missing_file_changes_nothing(void **state UNUSED)
{
    struct error error = {0};
    size_t count = keymap.count;
    assert_done(keymap_load(&keymap, testing_path("nothing/keys"), &error), &error);
    assert_int_equal(keymap.count, count);
}

static void the_keys_are_printed_with_the_users_own(void **state UNUSED)
{
    tui_print_keys(testing_path("nothing/keys"), &text);
    char *folder = strstr(text.data, "To bind a key"); /* what follows names a folder of this run */
    assert_non_null(folder);
    *folder = '\0';
    testing_assert_golden("tui/keys.txt", text.data);
    buffer_clear(&text);
    tui_print_keys(testing_write("own-keys", "walk <F5> pass\nwalk p none\n"), &text);
    assert_non_null(strstr(buffer_text(&text), "<F5>                 pass "));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(every_key_name_is_read_as_it_is_written),
        TEST(nonsense_is_no_key),
        TEST(control_bytes_are_the_keys_that_send_them),
        TEST(no_key_means_two_things_in_one_place),
        TEST(every_action_has_a_name_and_help_of_its_own),
        TEST(text_can_be_typed_where_text_is_typed),
        TEST(one_key_decides),
        TEST(the_users_file_rebinds_and_unbinds),
        TEST(a_bad_line_is_named_and_the_good_ones_count),
        TEST(a_missing_file_changes_nothing),
        TEST(the_keys_are_printed_with_the_users_own),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
