/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "script_fixture.h"

#include "base/clock.h"

#include <sys/stat.h>
#include <unistd.h>

static void check_self_test(struct fixture *f, const struct shell_kind *kind)
{
    add(f, ":");
    run(f, kind);
    const struct shell_frame *frame = &f->run.frames[0];
    assert_int_equal(frame->status, SCRIPT_SELF_TEST_STATUS);
    assert_int_equal(frame->out.length, 256);
    for (int i = 0; i < 256; i++)
        assert_int_equal((unsigned char)frame->out.data[i], i);
    assert_int_equal(frame->err.length, 0);
    assert_int_equal(f->run.noise[0], 0);
    assert_int_equal(f->run.noise[1], 0);
}

static void the_self_test_brings_every_byte_value_and_its_status(void **state)
{
    in_each_shell(state, check_self_test);
}

static void check_exact(struct fixture *f, const struct shell_kind *kind)
{
    add(f, "echo out; echo err >&2");
    add(f, "printf 'no final newline'; printf 'nor here' >&2");
    add(f, ":");
    add(f, "printf 'a\\000b\\n\\n'");
    add(f, "printf '\\n'");
    add(f, "printf '\\nAAAAAAAAAAAAAAAAAAAAAA E3 0\\n'");
    add(f, "echo 'it'\\''s \"quoted\" $HOME `backquoted` \\ * ~'");
    add(f, "cat");
    add(f, "echo two\necho lines");
    add(f, "printf '%s' \xC3\xA4\xFF");
    run(f, kind);
    assert_step(f, 0, "out\n", "err\n", 0);
    assert_step(f, 1, "no final newline", "nor here", 0);
    assert_step(f, 2, "", "", 0);
    assert_step(f, 3, "a\0b\n\n", "", 0);
    assert_step(f, 4, "\n", "", 0);
    assert_step(f, 5, "\nAAAAAAAAAAAAAAAAAAAAAA E3 0\n", "", 0);
    assert_step(f, 6, "it's \"quoted\" $HOME `backquoted` \\ * ~\n", "", 0);
    assert_step(f, 7, "", "", 0);
    assert_step(f, 8, "two\nlines\n", "", 0);
    assert_step(f, 9, "\xC3\xA4\xFF", "", 0);
}

static void output_arrives_byte_for_byte(void **state)
{
    in_each_shell(state, check_exact);
}

static void check_statuses(struct fixture *f, const struct shell_kind *kind)
{
    char command[32];
    for (int i = 0; i < 256; i++) {
        snprintf(command, sizeof(command), "exit %d", i);
        add(f, command);
    }
    add(f, "kill -9 $(exec sh -c 'echo $PPID')");
    add(f, "sh -c 'kill -15 $$'");
    run(f, kind);
    for (int i = 0; i < 256; i++)
        assert_int_equal(step(f, (size_t)i)->status, i);
    assert_int_equal(step(f, 256)->status, 128 + 9);
    assert_int_equal(step(f, 257)->status, 128 + 15);
}

static void every_exit_status_and_death_by_a_signal_is_told(void **state)
{
    in_each_shell(state, check_statuses);
}

static void check_syntax_errors(struct fixture *f, const struct shell_kind *kind)
{
    static const char *const broken[] = {
        "if",      "fi",      "echo 'open", "echo \"open", "echo `open", "echo $(open",
        "(",       ")",       "}",          "{",           "a(",         "case x in",
        "&&",      "| cat",   ";;",         "cat <<E",     "for in",     "${",
        "while :", "echo \\", "'",          "\"",          "a[1",        "((",
        "[[ x",    "repeat",  "select",     "time",        "function",
    };
    for (size_t i = 0; i < LENGTH(broken); i++) {
        add(f, broken[i]);
        add(f, "echo next");
    }
    run(f, kind);
    for (size_t i = 0; i < LENGTH(broken); i++)
        assert_step(f, 2 * i + 1, "next\n", "", 0);
    assert_int_not_equal(step(f, 0)->status, 0);
    assert_int_not_equal(step(f, 2 * 6)->status, 0);
    assert_true(step(f, 0)->err.length > 0);
}

static void a_syntax_error_costs_only_its_own_check(void **state)
{
    in_each_shell(state, check_syntax_errors);
}

static void check_isolation(struct fixture *f, const struct shell_kind *kind)
{
    static const char *const hostile[] = {
        "cd /tmp; x=1; export x; set -e; false",
        "exec >/dev/null 2>&1; echo lost",
        "echo() { :; }; printf() { :; }; test() { false; }; _walkdown_end() { :; }",
        "alias echo=false; alias exit=true",
        "set -eufC; false",
        "trap '' TERM INT; trap 'echo trapped' EXIT; exit 5",
        "exec true",
        "exec 1>&- 2>&-",
        "unset PATH; PATH=/nowhere; _walkdown=77",
        "IFS=0123456789; readonly IFS",
        "readonly _walkdown=9 || :",
        "ulimit -n 5; umask 0",
    };
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        add(f, hostile[i]);
        add(f, "pwd; echo \"${x-unset} $-\" | tr -d 'himsX'; (false; true) && echo fine");
    }
    run(f, kind);
    for (size_t i = 0; i < LENGTH(hostile); i++) {
        const struct shell_frame *after = step(f, 2 * i + 1);
        assert_memory_equal(after->out.data, "/\nunet", 6);
        assert_non_null(strstr(after->out.data, "fine\n"));
        assert_int_equal(after->status, 0);
    }
    assert_step(f, 2 * 1, "", "", 0);
    assert_step(f, 2 * 6, "", "", 0);
}

static void a_command_changes_nothing_for_the_next_one(void **state)
{
    in_each_shell(state, check_isolation);
}

static void check_environment(struct fixture *f, const struct shell_kind *kind)
{
    setenv("LD_PRELOAD", "", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("IFS", "x", 1);
    setenv("GREP_OPTIONS", "-v", 1);
    add(f, "env");
    add(f, "umask; ulimit -c; ulimit -f; pwd");
    add(f, "ls -l /proc/self/fd | grep -c ' [3-9] ->'");
    run(f, kind);
    const char *environment = step(f, 0)->out.data;
    assert_non_null(strstr(environment, "LC_ALL=C\n"));
    assert_non_null(
        strstr(environment, "PATH=/usr/sbin:/usr/bin:/sbin:/bin:/usr/local/sbin:/usr/local/bin\n"));
    assert_null(strstr(environment, "LD_PRELOAD"));
    assert_null(strstr(environment, "GREP_OPTIONS"));
    const struct shell_frame *limits = step(f, 1);
    assert_true(limits->out.length >= 10);
    assert_string_equal(limits->out.data + limits->out.length - 6, "0\n0\n/\n");
    /* 3 is the open folder of ls itself, where it is not part of the shell. */
    assert_true(step(f, 2)->out.data[0] <= '1');
}

static void the_environment_is_the_same_everywhere(void **state)
{
    in_each_shell(state, check_environment);
}

static void check_files(struct fixture *f, const struct shell_kind *kind)
{
    const char *folder = testing_path("watched");
    char command[512];
    mkdir(folder, 0777);
    snprintf(command, sizeof(command), "echo x > %s/file; echo \"status $?\"", folder);
    add(f, command);
    add(f, "echo still here");
    run(f, kind);
    struct stat status;
    snprintf(command, sizeof(command), "%s/file", folder);
    assert_true(stat(command, &status) != 0 || status.st_size == 0);
    assert_step(f, 1, "still here\n", "", 0);
    unlink(command);
}

static void no_command_can_write_a_file(void **state)
{
    in_each_shell(state, check_files);
}

static void check_noise(struct fixture *f, const struct shell_kind *kind)
{
    f->run.first_line = "echo welcome; printf 'no newline' >&2; set -eu\n";
    add(f, "echo out; false; echo $unset");
    run(f, kind);
    assert_step(f, 0, "out\n\n", "", 0);
    assert_int_equal(f->run.noise[0], 8);
    assert_int_equal(f->run.noise[1], 10);
}

static void login_noise_stays_outside_the_frames(void **state)
{
    in_each_shell(state, check_noise);
}

/* A folder in front of the fixed PATH, with an id that is no root's and a sudo of this text. */
static void start_with_sudo(struct fixture *f, const struct shell_kind *kind, const char *sudo)
{
    char path[512];
    struct buffer text = {0};
    struct error error;
    snprintf(path, sizeof(path), "%s:/usr/sbin", testing_path("fake"));
    chmod(testing_write("fake/id", "#!/bin/sh\necho 1000\n"), 0755);
    if (sudo != NULL)
        chmod(testing_write("fake/sudo", sudo), 0755);
    else
        unlink(testing_path("fake/sudo"));
    assert_done(plan_check(&f->run.plan, &error), &error);
    script_write(&f->run.plan, &(struct script_options){.nonce = f->nonce}, &f->run.script);
    for (const char *next = f->run.script.text.data; *next != '\0'; next++) {
        if (strncmp(next, "/usr/sbin", 9) != 0) {
            buffer_append_byte(&text, *next);
            continue;
        }
        buffer_append_text(&text, path);
        next += 8;
    }
    buffer_release(&f->run.script.text);
    f->run.script.text = text;
    shell_start(&f->run, kind, f->nonce);
    assert_true(shell_read(&f->run, script_frame_count(&f->run.script)));
    assert_false(f->run.is_broken);
    assert_int_equal(f->run.ended[1], script_frame_count(&f->run.script));
}

/* busybox has an id of its own and looks for no other. */
static bool has_own_id(const struct shell_kind *kind)
{
    return strcmp(kind->name, "busybox") == 0;
}

static void add_as_root(struct fixture *f, const char *command)
{
    plan_add(&f->run.plan, command)->as_root = true;
}

#define WILLING_SUDO                                                                               \
    "#!/bin/sh\n[ \"$1 $2 $3\" = '-k -n --' ] || exit 99\nshift 3\nAS_SUDO=yes; "                  \
    "SUDO_UID=$(/usr/bin/id "                                                                      \
    "-u); export AS_SUDO SUDO_UID\nexec "                                                          \
    "\"$@\"\n"

static void check_willing_sudo(struct fixture *f, const struct shell_kind *kind)
{
    if (has_own_id(kind))
        return;
    add_as_root(f, "echo \"it's $AS_SUDO\"; pwd; echo err >&2; exit 7");
    add(f, "echo \"not $AS_SUDO\"");
    add_as_root(f, "if");
    add_as_root(f, "exit 1");
    add_as_root(f, "sleep 1000 & cat; umask");
    start_with_sudo(f, kind, WILLING_SUDO);
    assert_int_equal(f->run.frames[0].status, 0);
    assert_step(f, 0, "it's yes\n/\n", "err\n", 7);
    assert_step(f, 1, "not \n", "", 0);
    assert_int_equal(step(f, 2)->status, 2);
    assert_step(f, 3, "", "", 1);
    assert_int_equal(step(f, 4)->status, 0);
    shell_hang_up(&f->run);
    assert_true(processes_are_gone(f->mark, 20000));
}

static void steps_as_root_go_through_sudo(void **state)
{
    in_each_shell(state, check_willing_sudo);
}

static void check_refusing_sudo(struct fixture *f, const struct shell_kind *kind)
{
    if (has_own_id(kind))
        return;
    add_as_root(f, "echo never");
    add(f, "echo other");
    start_with_sudo(f, kind, "#!/bin/sh\necho 'sudo: a password is required' >&2\nexit 1\n");
    /* A doas of this machine may add its own refusal. */
    assert_ptr_equal(strstr(buffer_text(&f->run.frames[0].out), "sudo: a password is required\n"),
                     f->run.frames[0].out.data);
    assert_int_equal(f->run.frames[0].status, 1);
    assert_step(f, 0, "", "", FRAME_REFUSED);
    assert_step(f, 1, "other\n", "", 0);
}

static void what_sudo_refuses_is_not_run(void **state)
{
    in_each_shell(state, check_refusing_sudo);
}

static void check_no_sudo(struct fixture *f, const struct shell_kind *kind)
{
    if (access("/usr/bin/sudo", X_OK) == 0 || access("/usr/bin/doas", X_OK) == 0 ||
        has_own_id(kind))
        return;
    add_as_root(f, "echo never");
    start_with_sudo(f, kind, NULL);
    assert_bytes(f->run.frames[0].out, "no sudo or doas on the target\n");
    assert_step(f, 0, "", "", FRAME_REFUSED);
}

static void without_sudo_and_doas_root_is_refused(void **state)
{
    in_each_shell(state, check_no_sudo);
}

/* Willing to start the watchdog, and never again. */
#define EXPIRING_SUDO                                                                              \
    "#!/bin/sh\nshift 3\nSUDO_UID=$(/usr/bin/id -u); export SUDO_UID\n"                            \
    "case $* in\n"                                                                                 \
    "*TERM*) exec \"$@\" ;;\n"                                                                     \
    "esac\n"                                                                                       \
    "echo 'sudo: a password is required' >&2\nexit 1\n"

static void check_expiring_sudo(struct fixture *f, const struct shell_kind *kind)
{
    if (has_own_id(kind))
        return;
    add_as_root(f, "echo never");
    start_with_sudo(f, kind, EXPIRING_SUDO);
    assert_int_equal(f->run.frames[0].status, 0);
    assert_step(f, 0, "", "sudo: a password is required\n", FRAME_REFUSED);
}

static void a_right_that_runs_out_is_a_refusal(void **state)
{
    in_each_shell(state, check_expiring_sudo);
}

static void many_steps_are_spread_over_scripts(void **state)
{
    struct fixture *f = *state;
    struct script_options options = {.nonce = f->nonce};
    struct error error;
    for (int i = 0; i < 1200; i++)
        add(f, "true");
    assert_done(plan_check(&f->run.plan, &error), &error);
    size_t scripts = 0;
    while (options.first_step < 1200) {
        struct script script;
        script_write(&f->run.plan, &options, &script);
        assert_true(script.step_count > 0);
        assert_int_equal(script.first_step, options.first_step);
        options.first_step += script.step_count;
        script_release(&script);
        scripts++;
    }
    assert_int_equal(options.first_step, 1200);
    assert_int_equal(scripts, 3);
}

static void check_hostile_address(struct fixture *f, const struct shell_kind *kind)
{
    struct target_reach reach = {
        .kind = TARGET_SSH, .host = (char[]){"-x';id;$(id)`id`\\ \n\xFF*"}, .port = 65535};
    struct error error;
    add(f, "printf '%s|' \"$TARGET_KIND\" \"$TARGET_HOST\" \"$TARGET_PORT\"");
    add(f, "env | grep '^TARGET_[KP]' | sort");
    assert_done(plan_check(&f->run.plan, &error), &error);
    script_write(&f->run.plan,
                 &(struct script_options){.nonce = f->nonce, .self_test = true, .reach = &reach},
                 &f->run.script);
    run(f, kind);
    assert_step(f, 0, "ssh|-x';id;$(id)`id`\\ \n\xFF*|65535|", "", 0);
    assert_step(f, 1, "TARGET_KIND=ssh\nTARGET_PORT=65535\n", "", 0);
}

static void the_address_of_a_target_is_one_word_whatever_it_holds(void **state)
{
    in_each_shell(state, check_hostile_address);
}

static void steps_on_the_reviewers_machine_are_a_script_of_their_own(void **state)
{
    struct fixture *f = *state;
    struct script_options options = {.nonce = f->nonce};
    add(f, "id");
    add(f, "id");
    f->run.plan.steps[1].from_reviewer = true;
    script_write(&f->run.plan, &options, &f->run.script);
    assert_int_equal(f->run.script.step_count, 1);
    assert_null(strstr(f->run.script.text.data, "export TARGET_HOST"));
}

static void each_frame_knows_what_it_holds(void **state)
{
    struct fixture *f = *state;
    size_t number = 0;
    add(f, "id");
    add(f, "id");
    f->run.plan.steps[1].as_root = true;
    script_write(&f->run.plan, &(struct script_options){.nonce = f->nonce, .self_test = true},
                 &f->run.script);
    assert_int_equal(script_frame_count(&f->run.script), 4);
    assert_int_equal(script_frame(&f->run.script, 0, &number), SCRIPT_SELF_TEST);
    assert_int_equal(script_frame(&f->run.script, 1, &number), SCRIPT_ROOT);
    assert_int_equal(script_frame(&f->run.script, 2, &number), SCRIPT_STEP);
    assert_int_equal(number, 0);
    assert_int_equal(script_frame(&f->run.script, 3, &number), SCRIPT_STEP);
    assert_int_equal(number, 1);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_self_test_brings_every_byte_value_and_its_status),
        TEST(output_arrives_byte_for_byte),
        TEST(every_exit_status_and_death_by_a_signal_is_told),
        TEST(a_syntax_error_costs_only_its_own_check),
        TEST(a_command_changes_nothing_for_the_next_one),
        TEST(the_environment_is_the_same_everywhere),
        TEST(no_command_can_write_a_file),
        TEST(login_noise_stays_outside_the_frames),
        TEST(steps_as_root_go_through_sudo),
        TEST(what_sudo_refuses_is_not_run),
        TEST(without_sudo_and_doas_root_is_refused),
        TEST(a_right_that_runs_out_is_a_refusal),
        TEST(many_steps_are_spread_over_scripts),
        TEST(the_address_of_a_target_is_one_word_whatever_it_holds),
        TEST(steps_on_the_reviewers_machine_are_a_script_of_their_own),
        TEST(each_frame_knows_what_it_holds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
