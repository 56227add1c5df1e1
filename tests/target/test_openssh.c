/* SPDX-License-Identifier: Apache-2.0 */
/* The way through the OpenSSH client, to real servers. */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/clock.h"
#include "base/file.h"

#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

/* A Host block for the fixture's server. */
static char *host_lines(struct ssh_fixture *f, const char *alias, int port, const char *more)
{
    return memory_format("Host %s\n HostName 127.0.0.1\n Port %d\n User %s\n"
                         " IdentityFile %s\n UserKnownHostsFile %s\n GlobalKnownHostsFile none\n"
                         " HostKeyAlias %s\n%s",
                         alias, port, sshd_user(f->sshd), sshd_identity(f->sshd),
                         f->known_hosts.items[0], alias, more);
}

static void configure(struct ssh_fixture *f, const char *text)
{
    testing_write("environment/home/.ssh/config", text);
    free(f->spec.user);
    f->spec.user = NULL;
    f->spec.by_client = true;
    f->options = (struct connection_options){.helper = testing_build("walkdown-worker")};
}

static struct ssh_fixture *prepared(void **state, const char *more)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    char *text = host_lines(f, "box.example", sshd_listen(f->sshd), more);
    configure(f, text);
    free(text);
    return f;
}

static bool try_open(struct ssh_fixture *f)
{
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

/* Folders of connections that are there now. */
static size_t count_folders(void)
{
    struct strings names = {0};
    size_t count = 0;
    assert_true(file_list(testing_path("environment/runtime"), &names, NULL));
    for (size_t i = 0; i < names.count; i++)
        count += strncmp(names.items[i], "walkdown-", 9) == 0 ? 1 : 0;
    strings_release(&names);
    return count;
}

static void wait_until_folders_are_gone(void)
{
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (count_folders() > 0)
        assert_true(clock_monotonic_ms() < deadline_ms);
}

static int tear_down(void **state)
{
    testing_write("environment/home/.ssh/config", "");
    return ssh_fixture_tear_down(state);
}

static void shells_share_one_login(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    assert_done(try_open(f), &f->error);
    struct recorder *first = ssh_fixture_shell(f, 0, "echo out; echo err >&2; exit 7\n");
    struct recorder *second = ssh_fixture_shell(f, 1, "echo two; cat\n");
    recorder_wait_for_end(first);
    assert_int_equal(first->exit_status, 7);
    assert_string_equal(recorder_stdout(first), "out\n");
    assert_string_equal(recorder_stderr(first), "err\n");
    recorder_wait_for_text(second, "two\n");
    assert_int_equal(count_folders(), 1);
    connection_close(f->connection);
    f->connection = NULL;
    wait_until_folders_are_gone();
}

static void it_tells_who_and_what_is_there(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    assert_done(try_open(f), &f->error);
    const struct connection_identity *identity = connection_identity(f->connection);
    assert_string_equal(identity->user, sshd_user(f->sshd));
    assert_string_equal(identity->host, "box.example");
    assert_non_null(strstr(identity->address, "127.0.0.1"));
    assert_non_null(strstr(identity->server_version, "SSH-2.0-OpenSSH"));
    assert_true(identity->key_exchange[0] != '\0');
    assert_true(identity->cipher[0] != '\0');
    assert_non_null(strstr(identity->authentication, "publickey SHA256:"));
    assert_non_null(strstr(sshd_host_key(f->sshd), identity->hostkey.key));
    assert_int_equal(f->hostkey_count, 0);
}

static void an_unknown_host_key_is_asked_about(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    ssh_fixture_know(f, "");
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->hostkey_count, 1);
    assert_int_equal(f->verdict, HOSTKEY_UNKNOWN);
    ssh_fixture_expect_message(f, "unknown and was not accepted");
    f->accepts_hostkey = true;
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 2);
}

static void a_changed_host_key_is_refused(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    sshd_make_key(f->sshd, "other", "ed25519", "");
    char *line = memory_format("box.example %s\n", sshd_public_key(f->sshd, "other"));
    ssh_fixture_know(f, line);
    free(line);
    f->accepts_hostkey = true;
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "CHANGED");
    assert_int_equal(f->hostkey_count, 0);
}

static void a_pinned_key_counts_here_too(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    ssh_fixture_know(f, "");
    f->options.pinned_key = strchr(sshd_host_key(f->sshd), ' ') + 1;
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 0);
}

static void a_passphrase_is_asked_for(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    const char *key = sshd_make_key(f->sshd, "locked", "ed25519", "open sesame");
    sshd_authorize(f->sshd, "locked");
    f->options.identity = key;
    f->answers[0] = "wrong";
    f->answers[1] = "open sesame";
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->asked_count, 2);
    assert_int_equal(f->asked_kind, PROMPT_PASSPHRASE);
    assert_string_equal(f->asked_text, key);
    assert_int_equal(f->asked_attempt, 2);
    assert_false(f->asked_echo);
}

/* The host by its address, without a key of the configuration. */
static struct ssh_fixture *prepared_without_key(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    configure(f, "IdentityFile none\n");
    f->spec.user = memory_copy_text(sshd_user(f->sshd));
    f->spec.port = sshd_listen(f->sshd);
    free(f->spec.host);
    f->spec.host = memory_copy_text("127.0.0.1");
    f->accepts_hostkey = true;
    f->options.known_hosts = &f->known_hosts;
    return f;
}

static void no_answer_cancels_the_login(void **state)
{
    struct ssh_fixture *f = prepared_without_key(state);
    f->options.identity = sshd_make_key(f->sshd, "locked", "ed25519", "open sesame");
    sshd_authorize(f->sshd, "locked");
    assert_refused(try_open(f), &f->error, ERROR_CANCELLED);
    wait_until_folders_are_gone();
}

static void a_refused_key_is_told(void **state)
{
    struct ssh_fixture *f = prepared_without_key(state);
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "");
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "Permission denied");
    assert_non_null(strstr(f->error.hint, "ssh -v"));
}

static void a_jump_host_is_passed_by_itself(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int port = sshd_listen(f->sshd);
    char *inner = host_lines(f, "box.example", port, " ProxyJump near,far\n");
    char *near = host_lines(f, "near", port, "");
    char *far = host_lines(f, "far", port, "");
    char *text = memory_format("%s%s%s", inner, near, far);
    configure(f, text);
    f->spec.by_client = false;
    ssh_fixture_know(f, "box.example $K\nnear $K\n");
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->hostkey_count, 1);
    ssh_fixture_expect_message(f, "'far' is unknown");
    ssh_fixture_know(f, "box.example $K\nnear $K\nfar $K\n");
    assert_done(try_open(f), &f->error);
    assert_non_null(strstr(f->progress, "ProxyJump"));
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo there; exit 0\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "there\n");
    const struct hostkey_list *jumps = &connection_identity(f->connection)->jumps;
    assert_int_equal(jumps->count, 2);
    assert_non_null(hostkey_list_find(jumps, "near", 22));
    assert_non_null(hostkey_list_find(jumps, "far", 22));
    free(inner);
    free(near);
    free(far);
    free(text);
}

static void a_pinned_key_of_a_jump_host_counts(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int port = sshd_listen(f->sshd);
    char *inner = host_lines(f, "box.example", port, " ProxyJump near\n");
    char *near = host_lines(f, "near", port, "");
    char *text = memory_format("%s%s", inner, near);
    configure(f, text);
    free(inner);
    free(near);
    free(text);
    ssh_fixture_know(f, "box.example $K\n");
    f->accepts_hostkey = true;
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 1);
    struct hostkey pinned = hostkey_copy(&connection_identity(f->connection)->jumps.items[0]);
    struct hostkey_list list = {&pinned, 1};
    connection_close(f->connection);
    f->connection = NULL;
    f->options.jump_keys = &list;
    bool is_open = try_open(f);
    char *key = pinned.key;
    sshd_make_key(f->sshd, "other", "ed25519", "");
    pinned.key = memory_copy_text(strchr(sshd_public_key(f->sshd, "other"), ' ') + 1);
    connection_close(f->connection);
    f->connection = NULL;
    bool is_wrong_open = try_open(f);
    hostkey_release(&pinned);
    free(key);
    assert_true(is_open);
    assert_int_equal(f->hostkey_count, 1);
    assert_refused(is_wrong_open, &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "'near' has CHANGED");
    ssh_fixture_expect_message(f, "pinned in the review");
}

static void a_closed_port_is_told(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    char *text = host_lines(f, "box.example", 1, "");
    configure(f, text);
    free(text);
    assert_refused(try_open(f), &f->error, ERROR_UNREACHABLE);
    ssh_fixture_expect_message(f, "Connection refused");
}

static void a_server_that_refuses_another_shell_is_not_logged_in_to_again(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "MaxSessions 1\n");
    prepared(state, "");
    assert_done(try_open(f), &f->error);
    struct recorder *first = ssh_fixture_shell(f, 0, "echo one; cat\n");
    recorder_wait_for_text(first, "one\n");
    struct recorder *second = ssh_fixture_shell(f, 1, "echo two\n");
    recorder_wait_for_end(second);
    assert_int_equal(second->exit_status, 255);
    assert_string_equal(recorder_stdout(second), "");
    assert_int_equal(first->ended, 0);
}

static void a_lost_connection_ends_the_shells(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    assert_done(try_open(f), &f->error);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo $PPID; cat\n");
    recorder_wait_for_text(shell, "\n");
    kill((pid_t)strtol(recorder_stdout(shell), NULL, 10), SIGKILL);
    while (connection_pump(f->connection, -1, 1000, &f->error))
        assert_true(clock_monotonic_ms() < deadline_ms);
    assert_int_equal(f->error.code, ERROR_UNREACHABLE);
    ssh_fixture_expect_message(f, "the connection was lost");
    assert_int_equal(shell->ended, 1);
}

/* What a killed worker leaves behind. */
static void nothing_is_left_when_the_process_is_killed(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    int ready[2];
    char byte;
    assert_int_equal(pipe(ready), 0);
    pid_t child = fork();
    if (child == 0) {
        bool done = try_open(f);
        if (write(ready[1], done ? "y" : "n", 1) == 1)
            pause();
        _exit(1);
    }
    assert_int_equal(read(ready[0], &byte, 1), 1);
    assert_int_equal(byte, 'y');
    assert_int_equal(count_folders(), 1);
    kill(child, SIGKILL);
    waitpid(child, NULL, 0);
    wait_until_folders_are_gone();
    close(ready[0]);
    close(ready[1]);
}

static void a_hop_leads_on_from_there(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    f->spec.hops[f->spec.hop_count++] =
        (struct target_hop){.kind = TARGET_HOP_EXEC, .value = memory_copy_text("env HOP=$x;y")};
    assert_done(try_open(f), &f->error);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo \"$HOP\"; exit 0\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "$x;y\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ssh_fixture_set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(shells_share_one_login),
        TEST(it_tells_who_and_what_is_there),
        TEST(an_unknown_host_key_is_asked_about),
        TEST(a_changed_host_key_is_refused),
        TEST(a_pinned_key_counts_here_too),
        TEST(a_passphrase_is_asked_for),
        TEST(no_answer_cancels_the_login),
        TEST(a_refused_key_is_told),
        TEST(a_jump_host_is_passed_by_itself),
        TEST(a_pinned_key_of_a_jump_host_counts),
        TEST(a_closed_port_is_told),
        TEST(a_server_that_refuses_another_shell_is_not_logged_in_to_again),
        TEST(a_lost_connection_ends_the_shells),
        TEST(nothing_is_left_when_the_process_is_killed),
        TEST(a_hop_leads_on_from_there),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
