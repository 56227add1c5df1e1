/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "target/dial.h"

#include "base/clock.h"

#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <sys/socket.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000 };

struct fixture {
    int listener, connected;
    int fillers[64];
    size_t filler_count;
    char *address;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    f->listener = f->connected = -1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    if (f->listener >= 0)
        close(f->listener);
    if (f->connected >= 0)
        close(f->connected);
    for (size_t i = 0; i < f->filler_count; i++)
        close(f->fillers[i]);
    free(f->address);
    free(f);
    return 0;
}

/* A port of 127.0.0.1 that is bound; LISTENS: and open. */
static int make_port(struct fixture *f, bool listens)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    f->listener = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(f->listener, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(f->listener, (struct sockaddr *)&address, &length), 0);
    if (listens)
        assert_int_equal(listen(f->listener, 1), 0);
    return ntohs(address.sin_port);
}

static bool try_dial(struct fixture *f, const char *host, int port, int timeout_ms)
{
    const struct dial_request request = {.name = "box",
                                         .host = host,
                                         .port = port,
                                         .address_family = AF_UNSPEC,
                                         .deadline_ms = clock_monotonic_ms() + timeout_ms};
    return dial(&request, &f->connected, &f->address, &f->error);
}

static void an_open_port_is_reached(void **state)
{
    struct fixture *f = *state;
    char expected[64];
    int port = make_port(f, true), nodelay = 0;
    socklen_t length = sizeof(nodelay);
    assert_done(try_dial(f, "127.0.0.1", port, PATIENCE_MS), &f->error);
    snprintf(expected, sizeof(expected), "127.0.0.1:%d", port);
    assert_string_equal(f->address, expected);
    assert_int_equal(getsockopt(f->connected, IPPROTO_TCP, TCP_NODELAY, &nodelay, &length), 0);
    assert_true(nodelay != 0);
}

/* "localhost" has two addresses on most machines, and only one of them listens. */
static void all_addresses_of_a_name_are_tried(void **state)
{
    struct fixture *f = *state;
    int64_t before_ms = clock_monotonic_ms();
    assert_done(try_dial(f, "localhost", make_port(f, true), PATIENCE_MS), &f->error);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS / 2);
}

static void a_closed_port_is_told_with_its_address(void **state)
{
    struct fixture *f = *state;
    char expected[64];
    int port = make_port(f, false);
    snprintf(expected, sizeof(expected), "127.0.0.1:%d", port);
    assert_refused(try_dial(f, "127.0.0.1", port, PATIENCE_MS), &f->error, ERROR_UNREACHABLE);
    assert_non_null(strstr(f->error.message, expected));
    assert_non_null(strstr(f->error.message, "Connection refused"));
    assert_non_null(strstr(f->error.hint, "sshd"));
}

static void an_unknown_name_is_told(void **state)
{
    struct fixture *f = *state;
    assert_refused(try_dial(f, "no-such-host.invalid", 22, PATIENCE_MS), &f->error,
                   ERROR_UNREACHABLE);
    assert_non_null(strstr(f->error.message, "no-such-host.invalid"));
    assert_true(f->error.hint[0] != '\0');
}

/* A full queue of connections drops further attempts, as a firewall would. */
static void fill_queue(struct fixture *f, int port)
{
    const struct sockaddr_in address = {.sin_family = AF_INET,
                                        .sin_port = htons((uint16_t)port),
                                        .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    while (f->filler_count < 16) {
        int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
        assert_true(fd >= 0);
        f->fillers[f->filler_count++] = fd;
        (void)!connect(fd, (const struct sockaddr *)&address, sizeof(address));
    }
}

static void a_host_that_does_not_answer_is_given_up_at_the_deadline(void **state)
{
    struct fixture *f = *state;
    int port = make_port(f, true);
    fill_queue(f, port);
    int64_t before_ms = clock_monotonic_ms();
    assert_refused(try_dial(f, "127.0.0.1", port, 300), &f->error, ERROR_TIMEOUT);
    int64_t took_ms = clock_monotonic_ms() - before_ms;
    assert_true(took_ms >= 300 && took_ms < PATIENCE_MS);
    assert_true(f->error.hint[0] != '\0');
}

static void a_deadline_in_the_past_is_a_timeout(void **state)
{
    struct fixture *f = *state;
    assert_refused(try_dial(f, "127.0.0.1", make_port(f, true), -1), &f->error, ERROR_TIMEOUT);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_open_port_is_reached),
        TEST(all_addresses_of_a_name_are_tried),
        TEST(a_closed_port_is_told_with_its_address),
        TEST(an_unknown_name_is_told),
        TEST(a_host_that_does_not_answer_is_given_up_at_the_deadline),
        TEST(a_deadline_in_the_past_is_a_timeout),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
