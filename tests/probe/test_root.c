/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "shells.h"

#include "base/process.h"
#include "probe/root.h"

#include <ctype.h>

struct fixture {
    struct buffer word;
    struct process_result result;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buffer_release(&f->word);
    process_result_release(&f->result);
    free(f);
    return 0;
}

/* As sudo starts it: "sh -c WORD", with something on stdin. */
static void run_word(struct fixture *f, const struct shell_kind *kind)
{
    const char *arguments[6] = {NULL};
    struct error error;
    size_t count = 0;
    while (kind->arguments[count] != NULL && strcmp(kind->arguments[count], "-s") != 0) {
        arguments[count] = kind->arguments[count];
        count++;
    }
    arguments[count++] = "-c";
    arguments[count++] = buffer_text(&f->word);
    const struct process_options options = {
        .arguments = arguments, .input = "x\n", .input_length = 2};
    process_result_release(&f->result);
    f->result = (struct process_result){0};
    assert_done(process_run(&options, &f->result, &error), &error);
}

static void expect(struct fixture *f, const char *command, const char *output, int status)
{
    for (size_t i = 0; i < SHELL_KINDS; i++) {
        if (!shell_is_here(&shell_kinds[i]))
            continue;
        buffer_clear(&f->word);
        root_append_word(&f->word, NULL, command);
        run_word(f, &shell_kinds[i]);
        if (strcmp(buffer_text(&f->result.output), output) != 0 || f->result.exit_status != status)
            fail_msg("%s, %s: '%s' '%s' and %d", shell_kinds[i].name, command,
                     buffer_text(&f->result.output), buffer_text(&f->result.errors),
                     f->result.exit_status);
    }
}

static void a_word_does_what_its_command_says(void **state)
{
    struct fixture *f = *state;
    expect(f, "printf '%s\\n' \"it's\" 100% '\\n%s*'\"?[]!#:,=\"", "it's\n100%\n\\n%s*?[]!#:,=\n",
           0);
    expect(f, "for i in 1 2\ndo\n\techo \"$i ä\"\ndone", "1 ä\n2 ä\n", 0);
    expect(f, "pwd; echo $PATH; cat",
           "/\n/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:"
           "/usr/local/bin\n",
           0);
}

static void status_one_is_left_to_sudo(void **state)
{
    struct fixture *f = *state;
    expect(f, "true", "", 0);
    expect(f, "false", "", ROOT_STATUS_ONE);
    expect(f, "exit 231", "", 1);
    expect(f, "exit 7", "", 7);
    expect(f, "exit 255", "", 255);
    expect(f, "no-such-command-anywhere 2>/dev/null", "", 127);
}

static void a_syntax_error_is_no_refusal(void **state)
{
    struct fixture *f = *state;
    buffer_clear(&f->word);
    root_append_word(&f->word, NULL, "echo 'open");
    for (size_t i = 0; i < SHELL_KINDS; i++) {
        if (!shell_is_here(&shell_kinds[i]))
            continue;
        run_word(f, &shell_kinds[i]);
        assert_int_not_equal(f->result.exit_status, 1);
        assert_int_not_equal(f->result.exit_status, 0);
    }
}

/* What sudo compares are the arguments joined by blanks: in a word without any there is no other
 * place to cut. What sudoers(5) gives a meaning to does not occur, but for the backslash. */
static void a_word_has_neither_blanks_nor_signs_of_sudoers(void **state)
{
    struct fixture *f = *state;
    char every[256];
    for (int i = 0; i < 255; i++)
        every[i] = (char)(i + 1);
    every[255] = '\0';
    root_append_word(&f->word, NULL, every);
    root_append_watchdog(&f->word);
    for (size_t i = 0; i < f->word.length; i++) {
        assert_true(isgraph((unsigned char)f->word.data[i]));
        assert_null(strchr(",:=#*?[]!^", f->word.data[i]));
        if (f->word.data[i] == '\\')
            assert_true(isdigit((unsigned char)f->word.data[i + 1]));
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_word_does_what_its_command_says),
        TEST(status_one_is_left_to_sudo),
        TEST(a_syntax_error_is_no_refusal),
        TEST(a_word_has_neither_blanks_nor_signs_of_sudoers),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
