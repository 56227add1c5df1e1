/* SPDX-License-Identifier: Apache-2.0 */
/*
 * write_corpus FOLDER: the fixture's review in every format as plain.*, and once for each string of
 * tests/export/hostile.json around all its texts as NNN.*; reference.* and lines.* have
 * the harmless "x" and "x LF x".
 * tests/export/check-corpus looks at them with other people's parsers.
 */
#include "export/format.h"

#include "base/file.h"
#include "base/json.h"
#include "fixture.h"
#include "support/testing.h"

static void write_report(const char *folder, const char *name, const char *hostile)
{
    struct fixture fixture;
    struct error error = {0};
    fixture_open(&fixture, hostile);
    struct report *report = fixture_report(&fixture);
    for (const struct export_format *format = export_formats(); format->name; format++) {
        struct buffer text = {0};
        if (format->is_folder)
            continue;
        char *path = memory_format("%s/%s%s", folder, name, format->extension);
        assert_done(format->write(report, &text, &error), &error);
        assert_done(file_write(path, text.data, text.length, 0600, &error), &error);
        buffer_release(&text);
        free(path);
    }
    report_free(report);
    fixture_close(&fixture);
}

/* An entry of the corpus: a string, or {"hex": "..."} for bytes that are no UTF-8. */
static void decode_entry(const json_t *entry, struct buffer *bytes)
{
    const char *hex = json_member_text(entry, "hex", NULL);
    if (hex == NULL) {
        buffer_append_text(bytes, json_string_value(entry));
        return;
    }
    size_t length = strlen(hex) / 2;
    buffer_reserve(bytes, length);
    assert_true(hex_decode(hex, bytes->data, length));
    bytes->length = length;
    bytes->data[length] = '\0';
}

int main(int argument_count, char **arguments)
{
    struct buffer text = {0};
    struct error error = {0};
    json_t *corpus = NULL;
    assert_int_equal(argument_count, 2);
    assert_done(file_read(testing_source("tests/export/hostile.json"), 1024 * 1024, &text, &error),
                &error);
    assert_done(json_parse(text.data, text.length, &corpus, &error), &error);
    write_report(arguments[1], "plain", NULL);
    write_report(arguments[1], "reference", "x");
    write_report(arguments[1], "lines", "x\nx");
    for (size_t i = 0; i < json_array_size(corpus); i++) {
        struct buffer bytes = {0};
        char name[24];
        decode_entry(json_array_get(corpus, i), &bytes);
        snprintf(name, sizeof(name), "%03zu", i);
        write_report(arguments[1], name, buffer_text(&bytes));
        buffer_release(&bytes);
    }
    json_decref(corpus);
    buffer_release(&text);
    return 0;
}
