/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Every file of tests/checklist/hostile is refused, soon, and with the first diagnostic that stands
 * beside it in NAME.expected: "LINE:COLUMN: TEXT".
 */
#include "support/testing.h"

#include "base/array.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "checklist/load.h"

/* Generous: sanitizers and a busy machine. The slowest takes 20 ms. */
#define DEADLINE_MS 2000

struct fixture {
    struct strings names;
    struct buffer source, expected, actual;
    struct diagnostics diagnostics;
    struct checklist *checklist;
};

static struct fixture fixture;

static int set_up(void **state UNUSED)
{
    struct error error;
    return file_list(testing_source("tests/checklist/hostile"), &fixture.names, &error) ? 0 : -1;
}

static int tear_down(void **state UNUSED)
{
    strings_release(&fixture.names);
    buffer_release(&fixture.source);
    buffer_release(&fixture.expected);
    buffer_release(&fixture.actual);
    diagnostics_release(&fixture.diagnostics);
    checklist_free(fixture.checklist);
    return 0;
}

static void read_into(struct buffer *buffer, const char *name)
{
    struct error error;
    char path[300];
    snprintf(path, sizeof(path), "tests/checklist/hostile/%s", name);
    buffer_clear(buffer);
    assert_done(file_read(testing_source(path), CHECKLIST_SOURCE_MAX_BYTES, buffer, &error),
                &error);
}

static void refuse(const char *name)
{
    struct error error;
    char expected_name[200];
    snprintf(expected_name, sizeof(expected_name), "%.*s.expected", (int)strlen(name) - 5, name);
    read_into(&fixture.source, name);
    read_into(&fixture.expected, expected_name);
    diagnostics_release(&fixture.diagnostics);
    int64_t start = clock_monotonic_ms();
    bool is_loaded = checklist_load(buffer_text(&fixture.source), fixture.source.length,
                                    &fixture.checklist, &fixture.diagnostics, &error);
    int64_t elapsed_ms = clock_monotonic_ms() - start;
    if (is_loaded || elapsed_ms > DEADLINE_MS || fixture.diagnostics.count == 0)
        print_error("%s: loaded %d, %lld ms\n", name, is_loaded, (long long)elapsed_ms);
    assert_false(is_loaded);
    assert_true(elapsed_ms <= DEADLINE_MS);
    assert_int_not_equal(fixture.diagnostics.error_count, 0);
    const struct diagnostic *first = &fixture.diagnostics.items[0];
    buffer_clear(&fixture.actual);
    buffer_append_format(&fixture.actual, "%d:%d: %s\n", first->position.line,
                         first->position.column, first->text);
    if (strcmp(buffer_text(&fixture.actual), buffer_text(&fixture.expected)) != 0)
        print_error("%s\n", name);
    assert_string_equal(buffer_text(&fixture.actual), buffer_text(&fixture.expected));
}

static void every_hostile_file_is_refused_with_its_diagnostic(void **state UNUSED)
{
    size_t count = 0;
    for (size_t i = 0; i < fixture.names.count; i++) {
        const char *name = fixture.names.items[i];
        size_t length = strlen(name);
        if (length > 5 && strcmp(name + length - 5, ".yaml") == 0) {
            refuse(name);
            count++;
        }
    }
    assert_true(count >= 147);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(every_hostile_file_is_refused_with_its_diagnostic, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests_name("hostile checklists", tests, NULL, NULL);
}
