/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "target/forward.h"

#include <arpa/inet.h>
#include <poll.h>
#include <sys/socket.h>
#include <unistd.h>

enum { ASKED = 12 };

/* A TCP socket of 127.0.0.1, whose port is RET_PORT; it listens or refuses. */
static int own_socket(bool listens, int *ret_port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(place);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&place, sizeof(place)), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&place, &length), 0);
    if (listens)
        assert_int_equal(listen(fd, 8), 0);
    *ret_port = ntohs(place.sin_port);
    return fd;
}

static struct forward_set *new_set(struct ssh_fixture *f)
{
    struct forward_set *set = NULL;
    assert_done(forward_set_new(f->connection, &set, &f->error), &f->error);
    return set;
}

static struct forward_answer wait_for(struct ssh_fixture *f, struct forward_set *set, size_t number)
{
    while (forward_set_answer(set, number)->state == FORWARD_PENDING) {
        assert_done(connection_pump(f->connection, -1, 10000, &f->error), &f->error);
        forward_set_look(set);
    }
    return *forward_set_answer(set, number);
}

static void a_port_that_listens_is_open_and_is_sent_nothing(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int port, fd = own_socket(true, &port);
    struct forward_set *set = new_set(f);
    size_t number = forward_set_ask(set, "127.0.0.1", port);
    assert_int_equal(wait_for(f, set, number).state, FORWARD_OPENED);
    int peer = accept(fd, NULL, NULL);
    char byte;
    assert_true(peer >= 0);
    /* The end comes without the connection being given up. */
    struct pollfd readable = {.fd = peer, .events = POLLIN};
    while (poll(&readable, 1, 0) == 0)
        assert_done(connection_pump(f->connection, peer, 10000, &f->error), &f->error);
    assert_int_equal(read(peer, &byte, 1), 0);
    close(peer);
    close(fd);
    forward_set_free(set);
}

static void a_port_that_refuses_is_told_with_the_words_of_the_server(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int port, fd = own_socket(false, &port);
    struct forward_set *set = new_set(f);
    struct forward_answer answer = wait_for(f, set, forward_set_ask(set, "127.0.0.1", port));
    assert_int_equal(answer.state, FORWARD_REFUSED);
    assert_int_equal(answer.code, FORWARD_CONNECT_FAILED);
    assert_string_equal(answer.text, "Connection refused");
    close(fd);
    forward_set_free(set);
}

static void assert_prohibited(void **state, const char *lines)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, lines);
    assert_done(ssh_fixture_try(f), &f->error);
    int port, fd = own_socket(true, &port);
    struct forward_set *set = new_set(f);
    struct forward_answer answer = wait_for(f, set, forward_set_ask(set, "127.0.0.1", port));
    assert_int_equal(answer.state, FORWARD_REFUSED);
    assert_int_equal(answer.code, FORWARD_PROHIBITED);
    close(fd);
    forward_set_free(set);
}

static void a_server_that_does_not_forward_says_so(void **state)
{
    assert_prohibited(state, "AllowTcpForwarding no\n");
}

static void a_server_that_forwards_to_elsewhere_alone_says_so(void **state)
{
    assert_prohibited(state, "PermitOpen 192.0.2.1:80\n");
}

/* The reason of each is known or it is said not to be: never that of another one. */
static void reasons_of_several_are_not_mixed_up(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    int refusing, open, fd = own_socket(false, &refusing), other = own_socket(true, &open);
    AUTO_FREE char *lines = memory_format("PermitOpen 127.0.0.1:%d 127.0.0.1:%d\n", refusing, open);
    sshd_configure(f->sshd, lines);
    assert_done(ssh_fixture_try(f), &f->error);
    struct forward_set *set = new_set(f);
    for (size_t i = 0; i < ASKED; i++)
        forward_set_ask(set, "127.0.0.1", i % 3 == 0 ? refusing : i % 3 == 1 ? open : 1);
    for (size_t i = 0; i < ASKED; i++) {
        struct forward_answer answer = wait_for(f, set, i);
        assert_int_equal(answer.state == FORWARD_OPENED, i % 3 == 1);
        if (answer.state == FORWARD_REFUSED)
            assert_int_equal(answer.code, i % 3 == 0 ? FORWARD_CONNECT_FAILED : FORWARD_PROHIBITED);
    }
    /* Asked alone, each tells its reason. */
    assert_int_equal(wait_for(f, set, forward_set_ask(set, "127.0.0.1", refusing)).code,
                     FORWARD_CONNECT_FAILED);
    assert_int_equal(wait_for(f, set, forward_set_ask(set, "127.0.0.1", 1)).code,
                     FORWARD_PROHIBITED);
    close(fd);
    close(other);
    forward_set_free(set);
}

static void a_shell_goes_on_beside_it(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    int port, fd = own_socket(true, &port);
    struct recorder *shell =
        ssh_fixture_shell(f, 0, "echo ready; read line; echo \"got $line\"; exit 0\n");
    recorder_wait_for_text(shell, "ready\n");
    struct forward_set *set = new_set(f);
    size_t pending = forward_set_ask(set, "127.0.0.1", port);
    assert_int_equal(wait_for(f, set, pending).state, FORWARD_OPENED);
    forward_set_ask(set, "127.0.0.1", port);
    forward_set_free(set);
    recorder_write(shell, "x\n");
    recorder_wait_for_end(shell);
    assert_string_equal(recorder_stdout(shell), "ready\ngot x\n");
    close(fd);
}

static void hops_and_local_targets_have_no_server_to_ask(void **state)
{
    struct error error;
    struct target_spec spec = {0};
    struct connection *connection = NULL;
    struct forward_set *set = NULL;
    (void)state;
    assert_done(target_spec_parse("local", &spec, &error), &error);
    assert_done(connection_open(&spec, NULL, NULL, &connection, &error), &error);
    assert_refused(forward_set_new(connection, &set, &error), &error, ERROR_UNSUPPORTED);
    connection_close(connection);
    target_spec_release(&spec);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SSH_TEST(a_port_that_listens_is_open_and_is_sent_nothing),
        SSH_TEST(a_port_that_refuses_is_told_with_the_words_of_the_server),
        SSH_TEST(a_server_that_does_not_forward_says_so),
        SSH_TEST(a_server_that_forwards_to_elsewhere_alone_says_so),
        SSH_TEST(reasons_of_several_are_not_mixed_up),
        SSH_TEST(a_shell_goes_on_beside_it),
        cmocka_unit_test(hops_and_local_targets_have_no_server_to_ask),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
