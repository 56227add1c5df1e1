/* SPDX-License-Identifier: Apache-2.0 */
/* What the probes print, joined into a line for each account. */
#include "support/testing.h"

#include "access/matrix.h"
#include "base/buffer.h"

#include <stdio.h>
#include <string.h>

static const char accounts[] = "source:passwd: files systemd\n"
                               "account:root:0:0:root:/root:/bin/bash\n"
                               "account:daemon:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
                               "account:deploy:500:500::/srv/deploy:/bin/sh\n"
                               "account:backup:34:34:backup:/var/backups:/usr/sbin/nologin\n"
                               "account:ada:1000:1000:Ada,,,:/home/ada:/bin/bash\n"
                               "account:bob:1001:1001:Bob:/home/bob:/bin/zsh\n";
static const char groups[] = "group:root:0:\n"
                             "group:sudo:27:ada\n"
                             "group:docker:998:bob,ada\n"
                             "group:friends:1005:bob\n"
                             "group:disk:6:\n";
static const char passwords[] = "password:root:locked:20000:\n"
                                "password:daemon:locked:20000:\n"
                                "password:deploy:none:20000:\n"
                                "password:backup:locked:20000:\n"
                                "password:ada:set:20380:\n"
                                "password:bob:set:20100:20400\n";
static const char rules[] = "tool:sudo\n"
                            "sudo:root:(ALL : ALL) ALL\n"
                            "sudo:ada:(ALL : ALL) ALL\n"
                            "sudo:deploy:(root) NOPASSWD: /usr/bin/systemctl restart web\n"
                            "polkit:group:sudo\n"
                            "tool:doas\n"
                            "doas:permit persist bob as root\n";
static const char keys[] =
    "setting:permitrootlogin without-password\n"
    "setting:authorizedkeyscommand none\n"
    "key:ada:256 SHA256:aaaa ada@laptop (ED25519)\n"
    "key:ada:3072 SHA256:bbbb old (RSA) options: from=\"10.0.0.0/8\"\n"
    "key:backup:256 SHA256:cccc pull (ED25519) options: command=\"/bin/pull\"\n";
static const char logins[] =
    "today:20420\n"
    "lastlog:Username         Port     From                                       Latest\n"
    "lastlog:root                                                **Never logged in**\n"
    "lastlog:ada              pts/0    192.0.2.7        Mon Nov 24 20:15:01 +0000 2025\n"
    "last:ada      pts/1   192.0.2.7   2025-11-26T08:00:00+00:00 - 2025-11-26T09:00:00+00:00\n"
    "last:ada      pts/1   192.0.2.7   2025-11-01T08:00:00+00:00   gone - no logout\n"
    "last:bob      pts/1   192.0.2.8   2025-06-01T08:00:00+00:00   still logged in\n"
    "last:\n"
    "last:wtmp begins 2025-05-01T08:00:00+00:00\n";

static struct access_source sources[ACCESS_PROBE_COUNT];
static struct access_matrix matrix;

static int setup(void **state UNUSED)
{
    const char *const texts[] = {
        [ACCESS_ACCOUNTS] = accounts, [ACCESS_GROUPS] = groups, [ACCESS_PASSWORDS] = passwords,
        [ACCESS_RULES] = rules,       [ACCESS_KEYS] = keys,     [ACCESS_LOGINS] = logins};
    for (size_t i = 0; i < ACCESS_PROBE_COUNT; i++)
        sources[i] = (struct access_source){.text = texts[i]};
    return 0;
}

static int teardown(void **state UNUSED)
{
    access_matrix_release(&matrix);
    return 0;
}

static void join(void)
{
    access_matrix_release(&matrix);
    access_join(sources, &matrix);
}

static const struct access_line *line_of(const char *account)
{
    const struct access_line *line = access_find(&matrix, account);
    assert_non_null(line);
    return line;
}

static void expect(const char *account, enum access_column column, const char *text)
{
    assert_string_equal(line_of(account)->cells[column], text);
}

static void what_can_do_nothing_comes_last(void **state UNUSED)
{
    static const char *const order[] = {"root", "backup", "deploy", "ada", "bob", "daemon"};
    join();
    assert_true(matrix.is_gathered);
    assert_int_equal(matrix.count, LENGTH(order));
    for (size_t i = 0; i < LENGTH(order); i++)
        assert_string_equal(matrix.lines[i].cells[ACCESS_COLUMN_ACCOUNT], order[i]);
    assert_string_equal(matrix.why, "");
}

static void a_line_says_what_kind_of_account_it_is(void **state UNUSED)
{
    join();
    expect("root", ACCESS_COLUMN_KIND, "system");
    expect("daemon", ACCESS_COLUMN_KIND, "system");
    expect("deploy", ACCESS_COLUMN_KIND, "service");
    expect("backup", ACCESS_COLUMN_KIND, "service");
    expect("ada", ACCESS_COLUMN_KIND, "person");
}

static void a_line_says_how_one_logs_in(void **state UNUSED)
{
    join();
    expect("root", ACCESS_COLUMN_LOGIN, "none");
    expect("daemon", ACCESS_COLUMN_LOGIN, "no shell");
    expect("backup", ACCESS_COLUMN_LOGIN, "no shell, 1 key");
    expect("deploy", ACCESS_COLUMN_LOGIN, "no password needed");
    expect("ada", ACCESS_COLUMN_LOGIN, "password, 2 keys");
    expect("bob", ACCESS_COLUMN_LOGIN, "password");
}

static void a_line_says_how_one_becomes_root(void **state UNUSED)
{
    join();
    expect("root", ACCESS_COLUMN_ROOT, "is root");
    expect("daemon", ACCESS_COLUMN_ROOT, "no");
    expect("deploy", ACCESS_COLUMN_ROOT, "sudo: (root) NOPASSWD: /usr/bin/systemctl restart web");
    expect("ada", ACCESS_COLUMN_ROOT,
           "sudo: (ALL : ALL) ALL; polkit: administrator by group sudo; group sudo; group docker");
    expect("bob", ACCESS_COLUMN_ROOT, "doas: permit persist bob as root; group docker");
    assert_true(line_of("bob")->is_privileged);
    assert_false(line_of("daemon")->is_privileged);
}

static void the_newest_login_of_all_records_counts(void **state UNUSED)
{
    join();
    expect("ada", ACCESS_COLUMN_LAST_LOGIN, "2025-11-26");
    expect("bob", ACCESS_COLUMN_LAST_LOGIN, "2025-06-01");
    expect("root", ACCESS_COLUMN_LAST_LOGIN, "never");
    expect("deploy", ACCESS_COLUMN_LAST_LOGIN, "none recorded");
}

static void an_account_without_a_sign_of_life_is_idle(void **state UNUSED)
{
    join();
    expect("ada", ACCESS_COLUMN_IDLE, "2 days");
    expect("bob", ACCESS_COLUMN_IDLE, "180 days");
    expect("daemon", ACCESS_COLUMN_IDLE, "");
    assert_false(line_of("ada")->is_idle);
    assert_true(line_of("bob")->is_idle);
    expect("bob", ACCESS_COLUMN_REMARKS, "expired; idle for 45 days or more");
}

static void remarks_name_what_is_odd(void **state UNUSED)
{
    sources[ACCESS_ACCOUNTS].text = "account:root:0:0:root:/root:/bin/bash\n"
                                    "account:toor:0:0::/root:/bin/sh\n"
                                    "account:+:::::\n"
                                    "account:deploy:500:0::/srv/deploy:/bin/sh\n"
                                    "account:backup:34:34:b:/var/backups:/usr/sbin/nologin\n";
    join();
    expect("toor", ACCESS_COLUMN_REMARKS, "user id 0 under another name; shares its user id");
    expect("+", ACCESS_COLUMN_REMARKS, "its user id is no number; pulls in accounts from NIS");
    expect("deploy", ACCESS_COLUMN_REMARKS,
           "primary group is root; no password; root without a password; "
           "idle for 45 days or more");
    expect("backup", ACCESS_COLUMN_REMARKS, "keys, but no shell; idle for 45 days or more");
}

/* --- what was not seen --- */

static void what_was_not_seen_is_unknown_and_never_no(void **state UNUSED)
{
    static const enum access_probe refused[] = {ACCESS_PASSWORDS, ACCESS_RULES, ACCESS_KEYS};
    for (size_t i = 0; i < LENGTH(refused); i++)
        sources[refused[i]] = (struct access_source){.why = "not permitted"};
    sources[ACCESS_LOGINS] = (struct access_source){0};
    join();
    expect("ada", ACCESS_COLUMN_LOGIN, "unknown: not permitted");
    expect("ada", ACCESS_COLUMN_ROOT, "group sudo; group docker; unknown: not permitted");
    expect("daemon", ACCESS_COLUMN_LOGIN, "no shell, unknown: not permitted");
    expect("daemon", ACCESS_COLUMN_ROOT, "unknown: not permitted");
    expect("ada", ACCESS_COLUMN_LAST_LOGIN, "unknown: not gathered");
    expect("ada", ACCESS_COLUMN_IDLE, "unknown");
    assert_true(line_of("daemon")->is_uncertain);
    assert_non_null(strstr(matrix.why, "passwords: not seen: not permitted\n"));
    assert_non_null(strstr(matrix.why, "last-logins: not seen: not gathered\n"));
}

static void without_groups_nobody_is_said_to_have_no_way_to_root(void **state UNUSED)
{
    sources[ACCESS_GROUPS] = (struct access_source){.why = "timeout"};
    join();
    expect("daemon", ACCESS_COLUMN_ROOT, "unknown: timeout");
}

static void keys_from_elsewhere_leave_it_open_who_gets_in(void **state UNUSED)
{
    sources[ACCESS_KEYS].text = "setting:authorizedkeyscommand /usr/bin/keys\n"
                                "unreadable:ada:/home/ada/.ssh/authorized_keys\n";
    join();
    expect("root", ACCESS_COLUMN_LOGIN, "unknown: keys of a command or an authority");
    expect("ada", ACCESS_COLUMN_LOGIN,
           "password, unknown: keys that could not be read, "
           "unknown: keys of a command or an authority");
}

static void an_account_of_whose_sudo_nothing_is_known_is_not_said_to_have_none(void **state UNUSED)
{
    sources[ACCESS_RULES].text = "unseen:daemon:sudo: a parse error\n";
    join();
    expect("daemon", ACCESS_COLUMN_ROOT, "unknown: sudo did not tell");
    expect("backup", ACCESS_COLUMN_ROOT, "no");
}

static void a_password_that_is_kept_elsewhere_is_unknown(void **state UNUSED)
{
    sources[ACCESS_PASSWORDS].text = "password:root:locked:20000:\n";
    join();
    expect("bob", ACCESS_COLUMN_LOGIN, "unknown: its password is kept elsewhere");
}

static void without_accounts_there_are_no_lines(void **state UNUSED)
{
    sources[ACCESS_ACCOUNTS] = (struct access_source){.why = "cut"};
    join();
    assert_false(matrix.is_gathered);
    assert_int_equal(matrix.count, 0);
    assert_non_null(strstr(matrix.why, "accounts: not seen: cut\n"));
}

static void a_directory_of_accounts_is_pointed_out(void **state UNUSED)
{
    sources[ACCESS_ACCOUNTS].text = "source:passwd: files sss\n"
                                    "account:root:0:0:root:/root:/bin/bash\n";
    join();
    assert_string_equal(matrix.why, "accounts of a directory service may not be in the list\n");
}

/* --- doas --- */

static void the_last_rule_of_doas_that_fits_decides(void **state UNUSED)
{
    sources[ACCESS_GROUPS].text = "group:wheel:10:ada,bob\n";
    sources[ACCESS_RULES].text = "doas:permit nopass setenv { A B } :wheel\n"
                                 "doas:deny bob\n"
                                 "doas:deny ada cmd reboot\n"
                                 "doas:permit 500 as deploy cmd ls\n"
                                 "doas:nonsense ada\n"
                                 "doas:permit\n";
    join();
    expect("ada", ACCESS_COLUMN_ROOT, "doas: permit nopass setenv { A B } :wheel; group wheel");
    expect("bob", ACCESS_COLUMN_ROOT, "group wheel");
    expect("deploy", ACCESS_COLUMN_ROOT, "doas: permit 500 as deploy cmd ls");
}

/* --- facts --- */

static void days_that_pass_change_no_fact(void **state UNUSED)
{
    join();
    AUTO_FREE char *before = memory_copy_text(line_of("ada")->facts);
    sources[ACCESS_LOGINS].text =
        "today:20423\n"
        "last:ada      pts/1   192.0.2.7   2025-11-30T08:00:00+00:00 - still logged in\n";
    join();
    assert_string_equal(line_of("ada")->facts, before);
}

static void another_key_or_rule_changes_the_facts(void **state UNUSED)
{
    join();
    AUTO_FREE char *before = memory_copy_text(line_of("bob")->facts);
    sources[ACCESS_KEYS].text = "key:bob:256 SHA256:dddd new (ED25519)\n";
    join();
    assert_string_not_equal(line_of("bob")->facts, before);
    setup(NULL);
    sources[ACCESS_RULES].text = "sudo:bob:(ALL) ALL\n";
    join();
    assert_string_not_equal(line_of("bob")->facts, before);
}

static void the_evidence_of_a_line_names_probes_and_lines(void **state UNUSED)
{
    join();
    assert_string_equal(line_of("deploy")->evidence,
                        "accounts, line 4: account:deploy:500:500::/srv/deploy:/bin/sh\n"
                        "passwords, line 3: password:deploy:none:20000:\n"
                        "root-rules, line 4: sudo:deploy:(root) NOPASSWD: /usr/bin/systemctl "
                        "restart web\n");
}

static void bytes_that_are_no_text_stay_apart(void **state UNUSED)
{
    sources[ACCESS_ACCOUNTS].text = "account:a\xff:1000:1000:\x1b[31m:/:/bin/sh\n"
                                    "account::1:1:::\naccount:short:1\nno tag at all\n";
    join();
    assert_int_equal(matrix.count, 1);
    expect("a\xef\xbf\xbd", ACCESS_COLUMN_UID, "1000");
}

static void more_accounts_than_anybody_walks_are_counted(void **state UNUSED)
{
    struct buffer text = {0};
    for (int i = 0; i < ACCESS_LINES_MAX + 3; i++)
        buffer_append_format(&text, "account:u%d:%d:1::/:/bin/sh\n", i, i + 1000);
    sources[ACCESS_ACCOUNTS].text = buffer_text(&text);
    join();
    buffer_release(&text);
    assert_int_equal(matrix.count, ACCESS_LINES_MAX);
    assert_int_equal(matrix.left_out, 3);
    assert_non_null(strstr(matrix.why, "3 more accounts are left out\n"));
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, setup, teardown)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(what_can_do_nothing_comes_last),
        TEST(a_line_says_what_kind_of_account_it_is),
        TEST(a_line_says_how_one_logs_in),
        TEST(a_line_says_how_one_becomes_root),
        TEST(the_newest_login_of_all_records_counts),
        TEST(an_account_without_a_sign_of_life_is_idle),
        TEST(remarks_name_what_is_odd),
        TEST(what_was_not_seen_is_unknown_and_never_no),
        TEST(without_groups_nobody_is_said_to_have_no_way_to_root),
        TEST(keys_from_elsewhere_leave_it_open_who_gets_in),
        TEST(an_account_of_whose_sudo_nothing_is_known_is_not_said_to_have_none),
        TEST(a_password_that_is_kept_elsewhere_is_unknown),
        TEST(without_accounts_there_are_no_lines),
        TEST(a_directory_of_accounts_is_pointed_out),
        TEST(the_last_rule_of_doas_that_fits_decides),
        TEST(days_that_pass_change_no_fact),
        TEST(another_key_or_rule_changes_the_facts),
        TEST(the_evidence_of_a_line_names_probes_and_lines),
        TEST(bytes_that_are_no_text_stay_apart),
        TEST(more_accounts_than_anybody_walks_are_counted),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
