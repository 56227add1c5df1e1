/* SPDX-License-Identifier: Apache-2.0 */
#include "tui.h"

#include "base/digest.h"
#include "base/process.h"
#include "base/utf8.h"

#include <stdio.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

struct robot *robot;

static const char checklist_text[] =
    "walkdown: 1\n"
    "id: small\n"
    "title: Small \\e[31mchecklist\n"
    "version: '1'\n"
    "areas:\n"
    "  - id: access\n"
    "    title: Access control\n"
    "    checks:\n"
    "      - id: says-no\n"
    "        title: The target says no\n"
    "        severity: high\n"
    "        why: Because it should.\n"
    "        probes: [{id: word, run: 'printf \"%s\\n\" one yes three'}]\n"
    "        expect: [{that: stdout, lacks: '^yes$', else: It says yes}]\n"
    "      - id: says-three\n"
    "        title: The target counts to three\n"
    "        severity: medium\n"
    "        why: Because it should.\n"
    "        probes: [{id: count, run: 'seq 1 200'}]\n"
    "        expect: [{that: stdout, matches: '^3$', else: It does not count}]\n"
    "      - id: hostile\n"
    "        title: 'A hostile target \u202E is no danger'\n"
    "        severity: low\n"
    "        why: 'Because.'\n"
    "        probes: [{id: bytes, run: 'cat %s'}]\n"
    "        expect: [{that: stdout, empty: true, else: It says something}]\n"
    "  - id: data\n"
    "    title: Data protection\n"
    "    checks:\n"
    "      - id: owner\n"
    "        title: Somebody owns the data\n"
    "        severity: info\n"
    "        method: interview\n"
    "        why: Because.\n"
    "        ask: [{id: who, question: Who owns it?}]\n";

/* Sequences that act on some terminal, and characters that hide or reorder: none of them may reach
 * ours as it is. */
const char tui_hostile_bytes[] =
    "\033[2J\033[H\033[31mred\033[0m\033]0;title\007\033]2;title\033\\\033]52;c;ZXZpbA==\007"
    "\033]8;;http://evil\033\\link\033]9;7;cmd\007\033P$qm\033\\\033_apc\033\\\033^pm\033\\\033Xsos"
    "\033\\\033[c\033[>c\033[5n\033[6n\033[?1049h\033[?25l\033[8m\033[!p\033c\033#8\033("
    "0\033N\033O\n"
    "\x9b\x31m\x9d\x30;c1\x9c\x90q\x9c \xc2\x9b\x31m \xc2\x9d\x30;x\xc2\x9c\n"
    "back\b\b\b\rover\013\014\016\017\005\006\177 \xc2\x85 \xe2\x80\xa8 \xe2\x80\xa9\n"
    "\xe2\x80\xae\xe2\x80\xad\xe2\x80\xaa\xe2\x80\xab\xe2\x81\xa6\xe2\x81\xa7\xe2\x81\xa8\xe2\x81"
    "\xa9"
    "\xe2\x80\x8e\xe2\x80\x8f\xd8\x9c bidi\n"
    "\xe2\x80\x8b\xe2\x80\x8c\xe2\x80\x8d\xe2\x81\xa0\xef\xbb\xbf\xc2\xad\xe3\x85\xa4\xe1\x85\x9f"
    "\xf3\xa0\x81\x81\xef\xb8\x8f\xe1\xa0\x8e\xee\x80\x80 hidden\n"
    "\xc0\xaf\xe0\x80\xaf\xed\xa0\x80\xed\xbf\xbf\xf4\x90\x80\x80\xf5\x80\x80\x80\xff\xfe broken\n"
    "end of the hostile text\n";

const char *tui_review_path(void)
{
    return testing_path("review.walk");
}

void tui_run_command(const char *const *arguments)
{
    struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct error error = {0};
    assert_done(process_run(&options, &result, &error), &error);
    if (result.exit_status != 0)
        fail_msg("%s %s: %s%s", arguments[0], arguments[1], buffer_text(&result.output),
                 buffer_text(&result.errors));
    process_result_release(&result);
}

static const char *write_checklist(void)
{
    char *text = memory_new(sizeof(checklist_text) + 4096, 1);
    const char *hostile = testing_write("hostile.bin", tui_hostile_bytes);
    const char *mark = strstr(checklist_text, "%s'}]\n        expect: [{that: stdout, empty");
    int head = (int)(mark - checklist_text);
    snprintf(text, sizeof(checklist_text) + 4096, "%.*s%s%s", head, checklist_text, hostile,
             mark + 2);
    const char *path = testing_write("small.yaml", text);
    free(text);
    return path;
}

void tui_make_review(const char *checklist)
{
    unlink(tui_review_path());
    tui_run_command((const char *[]){testing_build("walkdown"), "new", tui_review_path(), "-c",
                                     checklist, "-t", "here=local", NULL});
}

int tui_set_up(void **state UNUSED)
{
    setenv("WALKDOWN_NAME", "Ada", 1);
    tui_make_review(write_checklist());
    return 0;
}

int tui_tear_down(void **state UNUSED)
{
    robot_free(robot);
    robot = NULL;
    return 0;
}

void tui_start_with(const char *const *environment, int rows, int columns)
{
    const char *arguments[] = {testing_build("walkdown"), tui_review_path(), NULL};
    robot = robot_start(&(struct robot_options){
        .arguments = arguments, .environment = environment, .rows = rows, .columns = columns});
}

void tui_start(void)
{
    tui_start_with(NULL, 24, 80);
    robot_wait_text(robot, "Next: press r");
}

void tui_gather(void)
{
    robot_press(robot, "1R");
    robot_wait_text(robot, "Enter consent and start");
    robot_press(robot, "<Enter>");
    robot_wait_text(robot, "all evidence gathered");
}

void tui_assert_ended_well(int status)
{
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 0);
}

void tui_assert_terminal_restored(void)
{
    assert_false(robot_is_fullscreen(robot));
    assert_true(robot_cursor_is_visible(robot));
    assert_true(robot_modes_are_restored(robot));
    const char *output = buffer_text(robot_output(robot));
    const char *paste_on = strstr(output, "\033[?2004h");
    const char *last_off = output;
    for (const char *at = output; (at = strstr(at, "\033[?2004l")) != NULL; at++)
        last_off = at;
    assert_non_null(paste_on);
    assert_true(last_off > paste_on);
}

/* --- what reached the terminal --- */

static bool is_allowed_private_mode(const char *parameters)
{
    static const char *const modes[] = {"?1",    "?7",    "?12",   "?25",   "?12;25",
                                        "?1049", "?2004", "?1000", "?1006", "?1006;1000"};
    for (size_t i = 0; i < LENGTH(modes); i++)
        if (strcmp(parameters, modes[i]) == 0)
            return true;
    return false;
}

static bool is_allowed_csi(const char *parameters, char final)
{
    if (final == 'h' || final == 'l')
        return strcmp(parameters, "4") == 0 || is_allowed_private_mode(parameters);
    if (final == 't')
        return strcmp(parameters, "22;0;0") == 0 || strcmp(parameters, "23;0;0") == 0;
    return strchr("ABCDGHIJKLMPSTXZ@bdmr", final) != NULL &&
           strspn(parameters, "0123456789;") == strlen(parameters);
}

/* The length of the sequence at the start of BYTES, which begins with ESC; 0: not one of ours. */
static size_t allowed_sequence(const char *bytes, size_t length)
{
    if (length > 2 && bytes[1] == '(' && strchr("B0", bytes[2]) != NULL)
        return 3;
    if (length > 1 && strchr("=>78M", bytes[1]) != NULL)
        return 2;
    if (length > 7 && strncmp(bytes, "\033]7717;", 7) == 0) {
        const char *end = memchr(bytes, '\007', length);
        return end != NULL ? (size_t)(end - bytes) + 1 : 0;
    }
    if (length < 3 || bytes[1] != '[')
        return 0;
    size_t at = 2;
    while (at < length && strchr("0123456789;?", bytes[at]) != NULL)
        at++;
    char *parameters = memory_copy(bytes + 2, at - 2);
    bool is_allowed = at < length && is_allowed_csi(parameters, bytes[at]);
    free(parameters);
    return is_allowed ? at + 1 : 0;
}

/* The bytes of a printable character; 0: it is none. */
static size_t printable_length(const char *bytes, size_t length)
{
    int32_t code_point;
    size_t used = utf8_decode(bytes, length, &code_point);
    return code_point >= ' ' && code_point != 0x7F && utf8_is_printable(code_point) ? used : 0;
}

void tui_assert_only_our_own_output(void)
{
    const struct buffer *output = robot_output(robot);
    for (size_t i = 0; i < output->length;) {
        const char *at = output->data + i;
        size_t left = output->length - i;
        size_t used = *at == 0x1B ? allowed_sequence(at, left) : printable_length(at, left);
        if (used == 0 && *at != 0 && strchr("\r\n\b\t\016\017", *at) != NULL)
            used = 1;
        if (used == 0) {
            struct buffer hex = {0};
            hex_append(&hex, at, left < 24 ? left : 24);
            fail_msg("byte %zu of the output is not ours: %s", i, buffer_text(&hex));
        }
        i += used;
    }
}
