/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ledger/manifest.h"

struct fixture {
    struct manifest manifest, again;
    struct buffer text, text_again;
};

static void fill(struct manifest *manifest)
{
    manifest->review = (struct ledger_id){{1, 2, 3}};
    manifest->title = memory_copy_text("Sandbox \"7\"\nrole \"approver\"");
    for (int i = 0; i < 2; i++)
        *array_push(manifest->checklists, manifest->checklist_count) =
            (struct manifest_checklist){.id = memory_format("list-%d", i),
                                        .version = memory_copy_text("2026.1"),
                                        .digest = digest_of("source", 6)};
    strings_push(&manifest->targets, "web ssh://web.example.org");
    strings_push(&manifest->targets, "\xE2\x80\xAE evil\x1B[2J local");
    for (uint8_t i = 0; i < 2; i++)
        *array_push(manifest->heads, manifest->head_count) =
            (struct manifest_head){.author = {{i}},
                                   .name = memory_copy_text("Ada <ada@example.org>"),
                                   .seq = 40 + i,
                                   .hash = digest_of(&i, 1)};
    manifest->entry_count = 81;
    manifest->merkle_root = digest_of("root", 4);
    manifest->items = 162;
    manifest->pass = 100;
    manifest->fail = 40;
    manifest->not_applicable = 10;
    manifest->open = 11;
    manifest->disputed = 1;
    manifest->blocked = 3;
    manifest->against_suggestion = 2;
    manifest->role = memory_copy_text("reviewer");
    manifest->statement = memory_copy_text("I looked <1B> at all of it: \xC3\xA4\tb\\c.");
    manifest->signer = memory_copy_text("ada@example.org");
    manifest->time_ms = 1764000000123;
    manifest->previous = digest_of("previous", 8);
    manifest->tool = memory_copy_text("walkdown 0.1.0");
}

static int setup(void **state)
{
    struct fixture *fixture = memory_new(1, sizeof(*fixture));
    fill(&fixture->manifest);
    manifest_write(&fixture->manifest, &fixture->text);
    *state = fixture;
    return 0;
}

static int teardown(void **state)
{
    struct fixture *fixture = *state;
    manifest_release(&fixture->manifest);
    manifest_release(&fixture->again);
    buffer_release(&fixture->text);
    buffer_release(&fixture->text_again);
    free(fixture);
    return 0;
}

static void the_text_is_readable_and_of_one_form(void **state)
{
    struct fixture *fixture = *state;
    testing_assert_golden("ledger/manifest.txt", buffer_text(&fixture->text));
}

static void what_was_written_is_read_back(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    assert_done(manifest_read(fixture->text.data, fixture->text.length, &fixture->again, &error),
                &error);
    const struct manifest *again = &fixture->again;
    assert_string_equal(again->title, fixture->manifest.title);
    assert_string_equal(again->statement, fixture->manifest.statement);
    assert_string_equal(again->targets.items[1], fixture->manifest.targets.items[1]);
    assert_string_equal(again->signer, "ada@example.org");
    assert_int_equal(again->head_count, 2);
    assert_int_equal(again->heads[1].seq, 41);
    assert_int_equal(again->against_suggestion, 2);
    assert_int_equal(again->time_ms, 1764000000123);
    assert_true(digest_equal(&again->previous, &fixture->manifest.previous));
    manifest_write(again, &fixture->text_again);
    assert_string_equal(buffer_text(&fixture->text_again), buffer_text(&fixture->text));
}

static void a_first_sign_off_has_no_previous_one(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    fixture->manifest.previous = (struct digest){0};
    manifest_write(&fixture->manifest, &fixture->text_again);
    assert_non_null(strstr(fixture->text_again.data, "\nprevious -\n"));
    assert_done(manifest_read(fixture->text_again.data, fixture->text_again.length, &fixture->again,
                              &error),
                &error);
}

static void no_value_can_begin_a_line(void **state)
{
    struct fixture *fixture = *state;
    size_t roles = 0;
    for (const char *next = fixture->text.data; (next = strstr(next, "\nrole ")) != NULL; next++)
        roles++;
    assert_int_equal(roles, 1);
}

/* Each change of one byte gives a text that is refused, or the text of another manifest. */
static void a_changed_byte_never_reads_as_the_same(void **state)
{
    struct fixture *fixture = *state;
    static const char bytes[] = {'\0', '\n', ' ', '"', '0', 'x', '\\', '\x7F', '\xC3'};
    for (size_t i = 0; i < fixture->text.length; i++)
        for (size_t j = 0; j < LENGTH(bytes); j++) {
            char before = fixture->text.data[i];
            fixture->text.data[i] = bytes[j];
            bool is_read =
                manifest_read(fixture->text.data, fixture->text.length, &fixture->again, NULL);
            if (is_read) {
                manifest_write(&fixture->again, &fixture->text_again);
                assert_memory_equal(fixture->text_again.data, fixture->text.data,
                                    fixture->text.length);
                buffer_clear(&fixture->text_again);
                manifest_release(&fixture->again);
            }
            fixture->text.data[i] = before;
        }
}

static void a_text_that_is_cut_or_goes_on_is_refused(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    for (size_t length = 0; length < fixture->text.length; length++)
        assert_refused(manifest_read(fixture->text.data, length, &fixture->again, &error), &error,
                       ERROR_INVALID);
    buffer_append_text(&fixture->text, "tool \"x\"\n");
    assert_refused(manifest_read(fixture->text.data, fixture->text.length, &fixture->again, &error),
                   &error, ERROR_INVALID);
}

static void a_wrong_line_is_named(void **state)
{
    struct fixture *fixture = *state;
    struct error error;
    char *line = strstr(fixture->text.data, "\nmerkle ") + 1;
    line[0] = 'M';
    assert_refused(manifest_read(fixture->text.data, fixture->text.length, &fixture->again, &error),
                   &error, ERROR_INVALID);
    assert_string_equal(error.message, "sign-off text, line 11: expected merkle");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(the_text_is_readable_and_of_one_form, setup, teardown),
        cmocka_unit_test_setup_teardown(what_was_written_is_read_back, setup, teardown),
        cmocka_unit_test_setup_teardown(a_first_sign_off_has_no_previous_one, setup, teardown),
        cmocka_unit_test_setup_teardown(no_value_can_begin_a_line, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_byte_never_reads_as_the_same, setup, teardown),
        cmocka_unit_test_setup_teardown(a_text_that_is_cut_or_goes_on_is_refused, setup, teardown),
        cmocka_unit_test_setup_teardown(a_wrong_line_is_named, setup, teardown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
