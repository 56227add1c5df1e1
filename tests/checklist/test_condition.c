/* SPDX-License-Identifier: Apache-2.0 */
/* Conditions run in the shells that targets have. */
#include "support/testing.h"

#include "base/buffer.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "checklist/load.h"
#include "checklist/parameters.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct checklist *checklist;
    struct parameters parameters;
    struct process_result result;
    struct buffer yaml;
    char *command, *text;
};

static struct fixture fixture;

/* Shells in the role of /bin/sh; those that are not installed are left out. */
static const char *const shells[][3] = {
    {"dash", NULL, NULL}, {"bash", "--posix", NULL},  {"busybox", "sh", NULL},
    {"mksh", NULL, NULL}, {"zsh", "--emulate", "sh"},
};

static int release(void **state UNUSED)
{
    parameters_release(&fixture.parameters);
    checklist_free(fixture.checklist);
    process_result_release(&fixture.result);
    buffer_release(&fixture.yaml);
    free(fixture.command);
    free(fixture.text);
    fixture = (struct fixture){0};
    return 0;
}

static const struct condition *load(const char *when)
{
    struct error error;
    release(NULL);
    buffer_append_format(&fixture.yaml,
                         "walkdown: 1\nid: test\ntitle: T\nversion: 1\n"
                         "params: {folder: {default: \"/et'c\"}}\n"
                         "conditions:\n"
                         "  here: {met: it is here, unmet: it is not here, when: {command: sh}}\n"
                         "  gone: {met: it is gone, unmet: it is still here, when: {not: {is: "
                         "here}}}\n"
                         "areas: [{id: a, title: A, checks: [{id: c, title: C, severity: low,\n"
                         "  when: %s}]}]\n",
                         when);
    assert_done(
        checklist_load(fixture.yaml.data, fixture.yaml.length, &fixture.checklist, NULL, &error),
        &error);
    parameters_init(&fixture.parameters, fixture.checklist);
    const struct condition *condition = fixture.checklist->checks[0].when;
    fixture.command = condition_command(condition, &fixture.parameters);
    fixture.text = condition_describe_unmet(condition);
    return condition;
}

/* Run the condition, as USER (a number) unless NULL; nothing may come out on stdout. */
static int run_in(const char *const shell[3], const char *user)
{
    const char *arguments[10];
    size_t count = 0;
    struct error error;
    if (user != NULL) {
        arguments[count++] = "setpriv";
        arguments[count++] = user;
        arguments[count++] = "--clear-groups";
    }
    for (size_t i = 0; i < 3 && shell[i] != NULL; i++)
        arguments[count++] = shell[i];
    arguments[count++] = "-c";
    arguments[count++] = fixture.command;
    arguments[count] = NULL;
    struct process_options options = {.arguments = arguments, .folder = "/"};
    process_result_release(&fixture.result);
    assert_done(process_run(&options, &fixture.result, &error), &error);
    assert_int_equal(fixture.result.output.length, 0);
    return fixture.result.exit_status;
}

static void expect_status(const char *when, int expected)
{
    size_t runs = 0;
    load(when);
    for (size_t i = 0; i < LENGTH(shells); i++) {
        char *program = path_find_program(shells[i][0]);
        bool is_there = program != NULL;
        free(program);
        if (!is_there)
            continue;
        int status = run_in(shells[i], NULL);
        if (status != expected)
            print_error("%s in %s: %d\n%s\n", when, shells[i][0], status, fixture.command);
        assert_int_equal(status, expected);
        assert_int_equal(fixture.result.errors.length, 0);
        runs++;
    }
    assert_true(runs > 0);
}

static void leaves_answer_yes_or_no(void **state UNUSED)
{
    expect_status("{command: sh}", 0);
    expect_status("{command: no-such-command}", 1);
    expect_status("{path: /proc/self}", 0);
    expect_status("{path: /}", 0);
    expect_status("{path: /no/such/path}", 1);
    expect_status("{path: /no-such-path}", 1);
    expect_status("{path: '${folder}'}", 1);
    expect_status("{shell: 'test 1 = 1'}", 0);
    expect_status("{shell: 'test 1 = 2'}", 1);
    expect_status("{shell: 'test ${folder} = \"/et''c\"'}", 0);
}

static void a_process_is_found_by_its_name(void **state UNUSED)
{
    assert_int_equal(prctl(PR_SET_NAME, "wd test 'name' a"), 0);
    expect_status("{process: \"wd test 'name' a\"}", 0);
    expect_status("{process: \"wd test 'name' and more\"}", 0);
    expect_status("{process: wd test}", 1);
    expect_status("{process: '*'}", 1);
}

/* As the programs of gVisor are seen: the kernel calls what was started as /proc/self/exe so. */
static void a_process_called_exe_is_found_by_its_first_argument(void **state UNUSED)
{
    testing_write("again/here", "");
    AUTO_FREE char *path = memory_copy_text(testing_path("again/exe"));
    assert_int_equal(symlink("/bin/sleep", path), 0);
    expect_status("{process: again-sandbox}", 1);
    pid_t child = fork();
    if (child == 0) {
        execl(path, "again-sandbox", "60", (char *)NULL);
        _exit(127);
    }
    assert_true(child > 0);
    AUTO_FREE char *comm = memory_format("/proc/%d/comm", (int)child);
    for (bool is_started = false; !is_started;) {
        AUTO_RELEASE(buffer) struct buffer text = {0};
        struct error error;
        assert_done(file_read(comm, 64, &text, &error), &error);
        is_started = strcmp(buffer_text(&text), "exe\n") == 0;
    }
    expect_status("{process: again-sandbox}", 0);
    expect_status("{process: again}", 1);
    expect_status("{process: sandbox}", 1);
    expect_status("{process: again-sandboxes}", 1);
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, NULL, 0), child);
    expect_status("{process: again-sandbox}", 1);
}

/* Values as the target's own files and programs tell them. */
static void facts_are_compared_with_what_the_target_says(void **state UNUSED)
{
    struct buffer text = {0};
    struct error error;
    char kernel[80], when[200];
    assert_done(file_read("/proc/sys/kernel/osrelease", sizeof(kernel), &text, &error), &error);
    snprintf(kernel, sizeof(kernel), "%.*s", (int)strcspn(buffer_text(&text), "\n"),
             buffer_text(&text));
    buffer_release(&text);
    snprintf(when, sizeof(when), "{fact: {kernel: '%s'}}", kernel);
    expect_status(when, 0);
    snprintf(when, sizeof(when), "{fact: {kernel: ['no such kernel', '%.1s*']}}", kernel);
    expect_status(when, 0);
    snprintf(when, sizeof(when), "{fact: {kernel: '%s', machine: no-such-machine}}", kernel);
    expect_status(when, 1);
    expect_status("{fact: {kernel: '[0-9]*'}}", 1);
    expect_status("{fact: {kernel: '?*'}}", 1);
    expect_status("{fact: {kernel: '${folder}'}}", 1);
    expect_status("{not: {fact: {virtualisation: [sandbox, virtual-machine, hardware]}}}", 1);
    expect_status("{fact: {cgroup: [v1, v2, none]}}", 0);
    expect_status("{fact: {runtime: '*'}}", 0);
    expect_status("{fact: {rights: [root, sudo, doas, none]}}", 0);
}

static void a_fact_that_cannot_be_read_could_not_be_told(void **state UNUSED)
{
    static const char *const facts[] = {"distribution", "release", "init", "virtualisation",
                                        "runtime"};
    for (size_t i = 0; i < LENGTH(facts); i++) {
        char when[80];
        snprintf(when, sizeof(when), "{fact: {%s: '*'}}", facts[i]);
        load(when);
        /* A root without any file but the shell and its libraries is a lot to make: what it reads
         * is renamed in the text instead. */
        for (char *at = fixture.command; (at = strpbrk(at, "/")) != NULL; at++)
            if (strncmp(at, "/etc/", 5) == 0 || strncmp(at, "/usr/lib/", 9) == 0 ||
                strncmp(at, "/proc/", 6) == 0)
                at[1] = '_';
        assert_int_equal(run_in(shells[0], NULL), 2);
    }
}

static void an_unmet_fact_is_the_reason(void **state UNUSED)
{
    load("{fact: {init: systemd}}");
    assert_string_equal(fixture.text, "the init is not systemd");
    load("{not: {fact: {distribution: [debian, fedora]}}}");
    assert_string_equal(fixture.text, "the distribution is debian or the distribution is fedora");
}

static void a_shell_that_fails_could_not_tell(void **state UNUSED)
{
    expect_status("{shell: 'exit 2'}", 2);
    expect_status("{shell: 'exit 77'}", 77);
    load("{shell: 'no-such-command'}");
    assert_int_equal(run_in(shells[0], NULL), 127);
    load("{shell: 'if ((('}");
    assert_int_not_equal(run_in(shells[0], NULL), 0);
    assert_int_not_equal(run_in(shells[0], NULL), 1);
}

#define YES  "{command: sh}"
#define NO   "{path: /no-such-path}"
#define OPEN "{shell: 'exit 3'}"

static void combinations_follow_three_valued_logic(void **state UNUSED)
{
    static const struct {
        const char *when;
        int status;
    } rows[] = {
        {"[" YES ", " YES "]", 0},
        {"[" YES ", " NO ", " OPEN "]", 1},
        {"[" OPEN ", " NO "]", 1},
        {"[" YES ", " OPEN "]", 2},
        {"{any: [" NO ", " YES "]}", 0},
        {"{any: [" OPEN ", " YES "]}", 0},
        {"{any: [" NO ", " NO "]}", 1},
        {"{any: [" NO ", " OPEN "]}", 2},
        {"{not: " YES "}", 1},
        {"{not: " NO "}", 0},
        {"{not: " OPEN "}", 2},
        {"{not: {any: [" NO ", {all: [" YES ", {not: " NO "}]}]}}", 1},
        {"{command: [sh, cat], path: [/, /proc]}", 0},
        {"{is: here}", 0},
        {"{is: [here, gone]}", 1},
        {"{not: {is: gone}}", 0},
    };
    for (size_t i = 0; i < LENGTH(rows); i++)
        expect_status(rows[i].when, rows[i].status);
}

/* What lies below a folder that may not be searched is not "not there". */
static void a_path_that_cannot_be_seen_is_not_absent(void **state UNUSED)
{
    char when[400];
    const char *const folder = testing_path("closed");
    assert_int_equal(mkdir(folder, 0), 0);
    snprintf(when, sizeof(when), "{path: %s/below/it}", folder);
    load(when);
    bool is_root = geteuid() == 0;
    char *setpriv = path_find_program("setpriv");
    bool has_setpriv = setpriv != NULL;
    free(setpriv);
    if (is_root && !has_setpriv)
        skip();
    assert_int_equal(run_in(shells[0], is_root ? "--reuid=65534" : NULL), 2);
    snprintf(when, sizeof(when), "{not: {path: %s/below}}", folder);
    load(when);
    assert_int_equal(run_in(shells[0], is_root ? "--reuid=65534" : NULL), 2);
    assert_int_equal(rmdir(folder), 0);
}

static void a_dangling_link_is_something(void **state UNUSED)
{
    char when[400];
    assert_int_equal(symlink("/no/such/target", testing_path("link")), 0);
    snprintf(when, sizeof(when), "{path: %s}", testing_path("link"));
    expect_status(when, 0);
}

static void an_unmet_condition_is_told_in_words(void **state UNUSED)
{
    static const char *const rows[][2] = {
        {"{command: sshd}", "there is no command sshd"},
        {"{path: /etc/x}", "there is no /etc/x"},
        {"{process: sshd}", "no process sshd runs"},
        {"{shell: 'test x'}", "the test 'test x' does not hold"},
        {"{not: {command: a}}", "there is a command a"},
        {"{not: {path: /a}}", "/a exists"},
        {"{not: {process: a}}", "a process a runs"},
        {"{not: {shell: a}}", "the test 'a' holds"},
        {"{command: a, path: /b}", "there is no command a or there is no /b"},
        {"{any: [{command: a}, {command: b}]}", "there is no command a and there is no command b"},
        {"{not: [{command: a}, {command: b}]}", "there is a command a and there is a command b"},
        {"{is: here}", "it is not here"},
        {"{not: {is: here}}", "it is here"},
        {"{is: gone, path: /b}", "there is no /b or it is still here"},
        {"{command: a, any: [{path: /b}, {path: /c}]}",
         "there is no command a or (there is no /b and there is no /c)"},
    };
    for (size_t i = 0; i < LENGTH(rows); i++) {
        load(rows[i][0]);
        assert_string_equal(fixture.text, rows[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(facts_are_compared_with_what_the_target_says, release),
        cmocka_unit_test_teardown(a_fact_that_cannot_be_read_could_not_be_told, release),
        cmocka_unit_test_teardown(an_unmet_fact_is_the_reason, release),
        cmocka_unit_test_teardown(leaves_answer_yes_or_no, release),
        cmocka_unit_test_teardown(a_process_is_found_by_its_name, release),
        cmocka_unit_test_teardown(a_process_called_exe_is_found_by_its_first_argument, release),
        cmocka_unit_test_teardown(a_shell_that_fails_could_not_tell, release),
        cmocka_unit_test_teardown(combinations_follow_three_valued_logic, release),
        cmocka_unit_test_teardown(a_path_that_cannot_be_seen_is_not_absent, release),
        cmocka_unit_test_teardown(a_dangling_link_is_something, release),
        cmocka_unit_test_teardown(an_unmet_condition_is_told_in_words, release),
    };
    return cmocka_run_group_tests_name("condition", tests, NULL, NULL);
}
