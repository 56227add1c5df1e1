/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The commands of docs/review-file.md, "Checking by hand", as they stand there, on a review with a
 * true signature: they find nothing wrong, and find what was changed.
 */
#include "fixture.h"

#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <unistd.h>

static const char folder[] = "by-hand";
static struct strings blocks; /* of commands, in the order of the page */

static void read_blocks(void)
{
    struct buffer page = {0}, block = {0};
    struct strings lines = {0};
    struct error error;
    assert_done(file_read(testing_source("docs/review-file.md"), 1000000, &page, &error), &error);
    const char *section = strstr(page.data, "\n## Checking by hand\n");
    assert_non_null(section);
    strings_split(&lines, section, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        bool is_command = strncmp(lines.items[i], "    ", 4) == 0;
        if (is_command)
            buffer_append_format(&block, "%s\n", lines.items[i] + 4);
        else if (block.length > 0)
            strings_push_take(&blocks, buffer_take(&block));
    }
    if (block.length > 0)
        strings_push_take(&blocks, buffer_take(&block));
    strings_release(&lines);
    buffer_release(&page);
}

/* Run a script in the folder of the review; what it printed, free with free(). */
static char *run(const char *script, int expected_status)
{
    const char *const arguments[] = {"sh", "-c", script, NULL};
    struct process_options options = {.arguments = arguments, .folder = testing_path(folder)};
    struct process_result result;
    struct error error;
    assert_done(process_run(&options, &result, &error), &error);
    int status = result.exit_status;
    char *output = buffer_take(&result.output);
    if (status != expected_status)
        print_error("%s\n%s%s", script, output, buffer_text(&result.errors));
    process_result_release(&result);
    assert_int_equal(status, expected_status);
    return output;
}

static void run_quietly(const char *script)
{
    free(run(script, 0));
}

static void read_text(const char *name, char text[4096])
{
    struct buffer contents = {0};
    struct error error;
    AUTO_FREE char *relative = path_join(folder, name);
    assert_done(file_read(testing_path(relative), 4095, &contents, &error), &error);
    snprintf(text, 4096, "%s", buffer_text(&contents));
    buffer_release(&contents);
}

static void sign(struct review *review)
{
    char signature[4096], key[4096], manifest_text[4096];
    struct manifest manifest;
    struct buffer text = {0};
    struct error error;
    assert_done(review_build_manifest(review, NULL, &manifest, &error), &error);
    manifest.role = memory_copy_text("reviewer");
    manifest.statement = memory_copy_text("I \"looked\" at it: \xC3\xA4.");
    manifest.signer = memory_copy_text("ada@example.org");
    manifest_write(&manifest, &text);
    manifest_release(&manifest);
    testing_write("by-hand/text", text.data);
    buffer_release(&text);
    run_quietly("ssh-keygen -q -t ed25519 -N '' -f key && ssh-keygen -q -Y sign -n walkdown-signoff"
                " -f key text && (printf 'ada@example.org '; cat key.pub) > allowed_signers");
    read_text("text", manifest_text);
    read_text("text.sig", signature);
    read_text("key.pub", key);
    fixture_append(review, ENTRY_SIGNOFF,
                   json_pack("{s:s, s:s, s:s, s:s, s:s}", "role", "reviewer", "manifest",
                             manifest_text, "signature", signature, "key", key, "signer",
                             "ada@example.org"));
}

static int setup(void **state UNUSED)
{
    static const char *const programs[] = {"sqlite3", "xxd",        "zstd",
                                           "jq",      "ssh-keygen", "sha256sum"};
    for (size_t i = 0; i < LENGTH(programs); i++) {
        AUTO_FREE char *found = path_find_program(programs[i]);
        if (found == NULL) {
            print_message("no %s: skipped\n", programs[i]);
            exit(77);
        }
    }
    read_blocks();
    assert_int_equal(blocks.count, 4);
    testing_write("by-hand/here", "");
    struct review *review = fixture_create("by-hand/name.walk");
    char output[5000];
    memset(output, 'x', sizeof(output) - 1);
    output[sizeof(output) - 1] = '\0';
    fixture_one_of_each(review);
    fixture_evidence(review, "check-1", "host-1", "p", output);
    sign(review);
    review_close(review);
    return 0;
}

static int teardown(void **state UNUSED)
{
    strings_release(&blocks);
    return 0;
}

static void expect_output(size_t block, const char *expected)
{
    char *output = run(blocks.items[block], 0);
    bool same = strcmp(output, expected) == 0;
    if (!same)
        print_error("%s", output);
    free(output);
    assert_true(same);
}

static void hashes_are_recomputed_by_hand(void **state UNUSED)
{
    expect_output(0, "");
}

static void the_chain_is_followed_by_hand(void **state UNUSED)
{
    expect_output(1, "");
}

static void a_blob_is_checked_by_hand(void **state UNUSED)
{
    char *id = run("sqlite3 -readonly name.walk \"SELECT lower(hex(id)) FROM blob WHERE codec ="
                   " 'zstd'\" | tr -d '\\n'",
                   0);
    const char *rest = blocks.items[2];
    struct buffer script = {0};
    for (const char *mark; (mark = strstr(rest, "x'ID'")) != NULL; rest = mark + 5) {
        buffer_append(&script, rest, (size_t)(mark - rest));
        buffer_append_format(&script, "x'%s'", id);
    }
    buffer_append_text(&script, rest);
    char *output = run(script.data, 0);
    bool same = strlen(id) == 64 && strncmp(output, id, 64) == 0;
    free(id);
    free(output);
    buffer_release(&script);
    assert_true(same);
}

static void a_signature_is_checked_by_hand(void **state UNUSED)
{
    char *output = run(blocks.items[3], 0);
    bool is_good =
        strncmp(output, "Good \"walkdown-signoff\" signature for ada@example.org", 53) == 0;
    free(output);
    assert_true(is_good);
}

static void what_was_changed_is_found_by_hand(void **state UNUSED)
{
    const char *path = testing_path("by-hand/name.walk");
    fixture_sql(path, "UPDATE entry SET time_ms = time_ms + 1 WHERE seq = 7");
    expect_output(0, "41414141414141414141414141414141:7 does not fit\n");
    expect_output(1, "");
    fixture_sql(path, "UPDATE entry SET time_ms = time_ms - 1 WHERE seq = 7");
    fixture_sql(path, "DELETE FROM entry WHERE seq = 9");
    expect_output(0, "");
    expect_output(1, "41414141414141414141414141414141:10 does not follow\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(hashes_are_recomputed_by_hand),
        cmocka_unit_test(the_chain_is_followed_by_hand),
        cmocka_unit_test(a_blob_is_checked_by_hand),
        cmocka_unit_test(a_signature_is_checked_by_hand),
        cmocka_unit_test(what_was_changed_is_found_by_hand),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
