/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/json.h"

struct fixture {
    json_t *json;
    struct buffer text;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;
    json_decref(fixture->json);
    buffer_release(&fixture->text);
    free(fixture);
    return 0;
}

static void parse(struct fixture *f, const char *text)
{
    json_decref(f->json);
    f->json = NULL;
    assert_done(json_parse(text, strlen(text), &f->json, &f->error), &f->error);
}

static void a_document_is_read_and_written_in_its_own_order(void **state)
{
    struct fixture *f = *state;
    parse(f, " {\"z\": 1, \"a\": [true, null, \"\\u00e9\"], \"m\": 1.5} ");
    json_write(&f->text, f->json);
    assert_string_equal(f->text.data, "{\"z\":1,\"a\":[true,null,\"\xc3\xa9\"],\"m\":1.5}");
    buffer_clear(&f->text);
    json_write_pretty(&f->text, json_object_get(f->json, "a"));
    assert_string_equal(f->text.data, "[\n  true,\n  null,\n  \"\xc3\xa9\"\n]\n");
}

static void a_value_alone_is_a_document(void **state)
{
    struct fixture *f = *state;
    parse(f, "\"x\"");
    json_write(&f->text, f->json);
    assert_string_equal(f->text.data, "\"x\"");
}

static void errors_name_line_and_column(void **state)
{
    struct fixture *f = *state;
    const char *text = "{\n  \"a\": 1,\n  \"a\": 2}";
    assert_refused(json_parse(text, strlen(text), &f->json, &f->error), &f->error, ERROR_INVALID);
    assert_non_null(strstr(f->error.message, "line 3, column "));
    assert_non_null(strstr(f->error.message, "duplicate"));
}

static void malformed_documents_are_refused(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        size_t length;
    } cases[] = {{"", 0},         {"{", 1},     {"[1] x", 5}, {"{'a':1}", 7}, {"\"\xff\"", 3},
                 {"\"\x1b\"", 3}, {"[1]\0", 4}, {"01", 2},    {"nul", 3},     {"\"\\ud800\"", 8}};
    for (size_t i = 0; i < LENGTH(cases); i++)
        assert_refused(json_parse(cases[i].text, cases[i].length, &f->json, &f->error), &f->error,
                       ERROR_INVALID);
}

static void only_the_given_bytes_are_read(void **state)
{
    struct fixture *f = *state;
    assert_done(json_parse("[1]garbage", 3, &f->json, &f->error), &f->error);
}

static void endless_nesting_is_refused(void **state)
{
    struct fixture *f = *state;
    for (size_t i = 0; i < 100000; i++)
        buffer_append_byte(&f->text, '[');
    assert_refused(json_parse(f->text.data, f->text.length, &f->json, &f->error), &f->error,
                   ERROR_INVALID);
}

static void any_bytes_become_a_valid_string_and_come_back(void **state)
{
    struct fixture *f = *state;
    json_t *json = json_text_length("a\xff\0\xed\xa0\x80z\xc3\xa9", 9);
    json_write(&f->text, json);
    json_decref(json);
    assert_string_equal(f->text.data, "\"a\xef\xbf\xbd\\u0000\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                      "z\xc3\xa9\"");
    parse(f, f->text.data);
    assert_int_equal(json_string_length(f->json), 1 + 3 + 1 + 9 + 1 + 2);
    assert_true(json_is_null(json_text(NULL)));
}

static void a_terminal_shows_what_is_written(void **state)
{
    struct fixture *f = *state;
    f->json = json_text("\x1b[2J\x7f\xc2\x9b\xe2\x80\xae\xf3\xa0\x81\x81 ok");
    json_write(&f->text, f->json);
    assert_string_equal(f->text.data, "\"\\u001B[2J\\u007F\\u009B\\u202E\\uDB40\\uDC41 ok\"");
    json_t *again = NULL;
    assert_done(json_parse(f->text.data, f->text.length, &again, &f->error), &f->error);
    assert_true(json_equal(f->json, again));
    json_decref(again);
}

static void members_have_defaults(void **state)
{
    struct fixture *f = *state;
    parse(f, "{\"text\":\"t\",\"number\":7,\"yes\":true,\"nul\":\"a\\u0000b\",\"real\":1.5}");
    assert_string_equal(json_member_text(f->json, "text", "d"), "t");
    assert_string_equal(json_member_text(f->json, "number", "d"), "d");
    assert_string_equal(json_member_text(f->json, "none", "d"), "d");
    assert_string_equal(json_member_text(f->json, "nul", "d"), "d");
    assert_int_equal(json_member_integer(f->json, "number", -1), 7);
    assert_int_equal(json_member_integer(f->json, "real", -1), -1);
    assert_true(json_member_bool(f->json, "yes", false));
    assert_true(json_member_bool(f->json, "text", true));
    assert_int_equal(json_member_integer(NULL, "number", 3), 3);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_document_is_read_and_written_in_its_own_order),
        TEST(a_value_alone_is_a_document),
        TEST(errors_name_line_and_column),
        TEST(malformed_documents_are_refused),
        TEST(only_the_given_bytes_are_read),
        TEST(endless_nesting_is_refused),
        TEST(any_bytes_become_a_valid_string_and_come_back),
        TEST(a_terminal_shows_what_is_written),
        TEST(members_have_defaults),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
