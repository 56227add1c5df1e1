/* SPDX-License-Identifier: Apache-2.0 */
/* The whole way: a name, ssh_config, an address, a port, a login. */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

static int listener = -1;

static int tear_down(void **state)
{
    if (listener >= 0)
        close(listener);
    listener = -1;
    testing_write("environment/home/.ssh/config", "");
    return ssh_fixture_tear_down(state);
}

/* Everything comes from the configuration. */
static void configure(struct ssh_fixture *f, const char *host, int port)
{
    char *text = memory_format("Host box.example\n HostName %s\n Port %d\n User %s\n"
                               " IdentityFile %s\n UserKnownHostsFile %s\n"
                               " GlobalKnownHostsFile none\n",
                               host, port, sshd_user(f->sshd), sshd_identity(f->sshd),
                               f->known_hosts.items[0]);
    testing_write("environment/home/.ssh/config", text);
    free(text);
    free(f->spec.user);
    f->spec.user = NULL;
    f->options = (struct connection_options){0};
    text = memory_format("[%s]:%d $K\n", host, port);
    ssh_fixture_know(f, text);
    free(text);
}

static bool try_dial(struct ssh_fixture *f)
{
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

static void an_alias_of_the_configuration_is_all_it_takes(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int port = sshd_listen(f->sshd);
    configure(f, "127.0.0.1", port);
    assert_done(try_dial(f), &f->error);
    char *address = memory_format("127.0.0.1:%d", port);
    const struct connection_identity *identity = connection_identity(f->connection);
    bool is_right = strcmp(identity->address, address) == 0;
    free(address);
    assert_true(is_right);
    assert_string_equal(identity->host, "box.example");
    assert_string_equal(identity->hostkey.host, "127.0.0.1");
    assert_int_equal(identity->hostkey.port, port);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo here; exit 0\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "here\n");
}

static void an_address_that_does_not_listen_is_passed_over(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    configure(f, "localhost", sshd_listen(f->sshd));
    assert_done(try_dial(f), &f->error);
}

static void a_killed_server_ends_the_shells(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    configure(f, "127.0.0.1", sshd_listen(f->sshd));
    assert_done(try_dial(f), &f->error);
    struct recorder *shell = ssh_fixture_shell(f, 0, "echo $PPID; cat\n");
    recorder_wait_for_text(shell, "\n");
    kill((pid_t)strtol(recorder_stdout(shell), NULL, 10), SIGKILL);
    while (connection_pump(f->connection, -1, 1000, &f->error))
        assert_true(clock_monotonic_ms() < deadline_ms);
    assert_int_equal(f->error.code, ERROR_UNREACHABLE);
    assert_int_equal(shell->ended, 1);
}

static int make_port(bool listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(listener, (struct sockaddr *)&address, &length), 0);
    if (listens)
        assert_int_equal(listen(listener, 8), 0);
    return ntohs(address.sin_port);
}

static void a_port_that_never_answers_is_given_up(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int64_t before_ms = clock_monotonic_ms();
    configure(f, "127.0.0.1", make_port(true));
    f->options.connect_timeout_ms = 300;
    assert_refused(try_dial(f), &f->error, ERROR_TIMEOUT);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS);
    ssh_fixture_expect_message(f, "box.example");
    assert_true(f->error.hint[0] != '\0');
}

static void the_time_set_in_the_configuration_counts(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int64_t before_ms = clock_monotonic_ms();
    int port = make_port(true);
    configure(f, "127.0.0.1", port);
    char *text = memory_format("ConnectTimeout 1\nHostName 127.0.0.1\nPort %d\n", port);
    testing_write("environment/home/.ssh/config", text);
    free(text);
    assert_refused(try_dial(f), &f->error, ERROR_TIMEOUT);
    assert_true(clock_monotonic_ms() - before_ms < 9000);
}

static void a_closed_port_is_told_with_a_hint(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    configure(f, "127.0.0.1", make_port(false));
    assert_refused(try_dial(f), &f->error, ERROR_UNREACHABLE);
    ssh_fixture_expect_message(f, "cannot reach 'box.example' at 127.0.0.1:");
    ssh_fixture_expect_message(f, "Connection refused");
    assert_non_null(strstr(f->error.hint, "sshd"));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, ssh_fixture_set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_alias_of_the_configuration_is_all_it_takes),
        TEST(an_address_that_does_not_listen_is_passed_over),
        TEST(a_killed_server_ends_the_shells),
        TEST(a_port_that_never_answers_is_given_up),
        TEST(the_time_set_in_the_configuration_counts),
        TEST(a_closed_port_is_told_with_a_hint),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
