/* SPDX-License-Identifier: Apache-2.0 */
#include "export/format.h"

#include "base/digest.h"
#include "base/json.h"
#include "fixture.h"
#include "support/testing.h"

struct written {
    struct fixture fixture;
    struct report *report;
    struct buffer text;
};

static int set_up(void **state)
{
    struct written *written = memory_new(1, sizeof(*written));
    fixture_open(&written->fixture, NULL);
    written->report = fixture_report(&written->fixture);
    *state = written;
    return 0;
}

static int tear_down(void **state)
{
    struct written *written = *state;
    report_free(written->report);
    fixture_close(&written->fixture);
    buffer_release(&written->text);
    free(written);
    return 0;
}

static const char *write_format(struct written *written, const char *name)
{
    struct error error = {0};
    const struct export_format *format = export_format_find(name);
    assert_non_null(format);
    buffer_clear(&written->text);
    assert_done(format->write(written->report, &written->text, &error), &error);
    assert_int_equal(strlen(buffer_text(&written->text)), written->text.length);
    return buffer_text(&written->text);
}

static void the_formats_are_found_by_name(void **state)
{
    (void)state;
    static const char *const names[] = {"html",       "md",        "json",  "csv",
                                        "access-csv", "flows-csv", "folder"};
    size_t count = 0;
    while (export_formats()[count].name != NULL)
        count++;
    assert_int_equal(count, LENGTH(names));
    for (size_t i = 0; i < LENGTH(names); i++) {
        const struct export_format *format = export_format_find(names[i]);
        assert_non_null(format);
        assert_true(format->is_folder ? format->write_folder != NULL : format->write != NULL);
    }
    assert_null(export_format_find("pdf"));
}

static void html_is_as_it_was(void **state)
{
    testing_assert_golden("export/report.html", write_format(*state, "html"));
}

static void markdown_is_as_it_was(void **state)
{
    testing_assert_golden("export/report.md", write_format(*state, "md"));
}

static void json_is_as_it_was(void **state)
{
    testing_assert_golden("export/report.json", write_format(*state, "json"));
}

static void csv_is_as_it_was(void **state)
{
    testing_assert_golden("export/items.csv", write_format(*state, "csv"));
}

static void the_access_matrix_is_as_it_was(void **state)
{
    testing_assert_golden("export/access.csv", write_format(*state, "access-csv"));
}

static void the_flows_are_as_they_were(void **state)
{
    testing_assert_golden("export/flows.csv", write_format(*state, "flows-csv"));
}

static void the_policy_names_the_hash_of_the_style(void **state)
{
    struct written *written = *state;
    const char *html = write_format(written, "html");
    const char *style = strstr(html, "<style>") + strlen("<style>");
    const char *end = strstr(style, "</style>");
    struct digest digest = digest_of(style, (size_t)(end - style));
    struct buffer policy = {0};
    buffer_append_text(&policy, "style-src 'sha256-");
    base64_append(&policy, digest.bytes, sizeof(digest.bytes));
    buffer_append_text(&policy, "';");
    bool is_named = strstr(html, buffer_text(&policy)) != NULL;
    buffer_release(&policy);
    assert_true(is_named);
    assert_null(strstr(end + 1, "<style"));
}

static void html_loads_and_runs_nothing(void **state)
{
    const char *html = write_format(*state, "html");
    static const char *const never[] = {"<script", "<link",   "<img",    "<iframe", "src=",
                                        "url(",    "@import", " style=", "http://", "https://"};
    for (size_t i = 0; i < LENGTH(never); i++)
        assert_null(strstr(html, never[i]));
}

static void every_format_carries_the_sentence_on_testimony(void **state)
{
    static const char *const names[] = {"html", "md", "json"};
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_non_null(strstr(write_format(*state, names[i]),
                               "evidence from a hostile host is testimony, not proof"));
}

static void no_format_says_more_than_the_review(void **state)
{
    static const char *const names[] = {"html", "md"};
    for (size_t i = 0; i < LENGTH(names); i++) {
        const char *text = write_format(*state, names[i]);
        assert_non_null(strstr(text, "3 of 16 items fail; the risk of 1 is accepted for now."));
        assert_non_null(strstr(text, "6 of 16 items have no verdict that stands."));
        assert_non_null(strstr(text, "Amended since"));
    }
}

static void bytes_that_are_no_utf8_stand_whole_in_json(void **state)
{
    struct written *written = *state;
    const char *json = write_format(written, "json");
    /* RAW=<FF><FE><1B>[2Jgone */
    assert_non_null(strstr(json, "\"base64\": \"UkFXPf/+G1sySmdvbmU=\""));
    assert_non_null(strstr(json, "\"text\": \"NOTE=\\u202Edrowssap ym\""));
}

static void a_review_of_nothing_can_be_written(void **state)
{
    struct written *written = *state;
    fixture_make_empty(&written->fixture);
    report_free(written->report);
    written->report = NULL;
    written->report = fixture_report(&written->fixture);
    static const char *const names[] = {"html", "md", "json"};
    for (size_t i = 0; i < LENGTH(names); i++)
        assert_non_null(strstr(write_format(written, names[i]), "nothing was looked at"));
    assert_non_null(strstr(write_format(written, "html"), "Nobody has signed this review off."));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_formats_are_found_by_name),
        TEST(html_is_as_it_was),
        TEST(markdown_is_as_it_was),
        TEST(json_is_as_it_was),
        TEST(csv_is_as_it_was),
        TEST(the_access_matrix_is_as_it_was),
        TEST(the_flows_are_as_they_were),
        TEST(the_policy_names_the_hash_of_the_style),
        TEST(html_loads_and_runs_nothing),
        TEST(every_format_carries_the_sentence_on_testimony),
        TEST(no_format_says_more_than_the_review),
        TEST(bytes_that_are_no_utf8_stand_whole_in_json),
        TEST(a_review_of_nothing_can_be_written),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
