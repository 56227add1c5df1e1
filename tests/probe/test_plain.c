/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "../../src/probe/plain.h"

static void simple_commands_are_plain(void **state)
{
    static const char *const plain[] = {
        "id",
        "id -u",
        "  uname -r  ",
        "cat /etc/os-release /proc/1/status",
        "sysctl -n kernel.kptr_restrict 2>/dev/null",
        "grep -E '^(a|b)=\"$x\"$' /etc/fstab",
        "find / -xdev -perm -4000 2>/dev/null | sort | head -5",
        "[ -e /.dockerenv ] && echo yes || echo no",
        "test -f /etc/x; echo $HOME \"quoted words\" x=1",
        "ls /etc/*.conf /dev/tty?",
        "LC_ALL=C sort /etc/passwd",
        "mount 2>&1 >/dev/null </dev/null",
        "echo if then fi",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(plain); i++) {
        if (!command_is_plain(plain[i]))
            fail_msg("'%s' is plain", plain[i]);
    }
}

static const char *const not_plain[] = {
    "",
    " ",
    ";",
    "a;",
    "a &&",
    "| a",
    "a | | b",
    "a;;b",
    "a & b",
    "a &",
    "(a)",
    "{ a; }",
    "if a",
    "for x",
    "while a",
    "! a",
    "time a",
    "[[ a",
    "case x",
    "echo 'a",
    "echo \"a",
    "echo `a`",
    "echo $(a)",
    "echo ${a}",
    "echo \"$a\"",
    "echo \\",
    "a\nb",
    "a # b",
    "cat <<E",
    "cat <file",
    "echo >f",
    "a[1 b",
    "a[1]=2",
    "echo $",
    "echo a$'b'",
    "echo $\"b\"",
    "a |& b",
    "a; if b",
    "a && { b",
    "alias a=b",
    "export A=(b",
    "echo ~",
    "a\rb",
    "a\x80",
    "2>/dev/null",
    "2>/dev/nullx y",
    "function a",
    "select a",
    "a=b for x",
    "2>/dev/null a= if",
    "repeat 2",
    "coproc a",
    "'a'b\"c",
};

static void what_could_be_open_or_syntax_is_not_plain(void **state)
{
    (void)state;
    for (size_t i = 0; i < LENGTH(not_plain); i++) {
        if (command_is_plain(not_plain[i]))
            fail_msg("'%s' is not plain", not_plain[i]);
    }
}

static void a_command_that_only_starts_programs_needs_no_subshell(void **state)
{
    static const char *const harmless[] = {
        "uname -r",
        "  id -u",
        "grep -c . /etc/group 2>/dev/null | tail -1",
        "cat /proc/sys/kernel/osrelease; stat -c '%a (x)' /etc/passwd && nproc",
    };
    static const char *const harmful[] = {
        "cd /",
        "exit 3",
        "uname -r; exit",
        "id && umask 000",
        "A=b id",
        "2>/dev/null cat",
        "unamex -r",
        "cat $HOME",
        "ls /etc/*.conf",
        "cat 'open",
        "(id)",
        "\"id\"",
        "exec cat",
        ". cat",
        "",
    };
    (void)state;
    for (size_t i = 0; i < LENGTH(harmless); i++) {
        if (!command_is_harmless_to_shell(harmless[i]))
            fail_msg("'%s' does nothing to the shell", harmless[i]);
    }
    for (size_t i = 0; i < LENGTH(harmful); i++) {
        if (command_is_harmless_to_shell(harmful[i]))
            fail_msg("'%s' may do something to the shell", harmful[i]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(simple_commands_are_plain),
        cmocka_unit_test(what_could_be_open_or_syntax_is_not_plain),
        cmocka_unit_test(a_command_that_only_starts_programs_needs_no_subshell),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
