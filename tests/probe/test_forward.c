/* SPDX-License-Identifier: Apache-2.0 */
/* Orders for sshd: their words, and the runner that has a real server carry them out. */
#include "support/sshd.h"
#include "support/testing.h"

#include "collect.h"
#include "probe/forward.h"

#include <arpa/inet.h>
#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct sshd *sshd; /* NULL: none here, the test skips */
    struct connection *connection;
    struct plan plan;
    struct collected got;
    struct runner_events events;
    struct error error;
    int sshd_port, open_port, closed_port;
    int sockets[2];
};

static int own_socket(bool listens, int *ret_port)
{
    struct sockaddr_in place = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(place);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&place, sizeof(place)) != 0 ||
        getsockname(fd, (struct sockaddr *)&place, &length) != 0 || (listens && listen(fd, 8) != 0))
        abort();
    *ret_port = ntohs(place.sin_port);
    return fd;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    *state = f;
    f->events = collect_events(&f->got);
    f->sockets[0] = own_socket(true, &f->open_port);
    f->sockets[1] = own_socket(false, &f->closed_port);
    if (sshd_is_installed())
        f->sshd = sshd_new();
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
    plan_release(&f->plan);
    collected_release(&f->got);
    sshd_free(f->sshd);
    close(f->sockets[0]);
    close(f->sockets[1]);
    free(f);
    return 0;
}

/* An order and a step for a shell behind it. */
static void run(struct fixture *f, const char *lines, const char *order)
{
    if (f->sshd == NULL)
        skip();
    sshd_configure(f->sshd, lines);
    f->sshd_port = sshd_listen(f->sshd);
    const struct target_spec spec = {.kind = TARGET_SSH,
                                     .host = (char[]){"127.0.0.1"},
                                     .port = f->sshd_port,
                                     .user = (char *)(uintptr_t)sshd_user(f->sshd)};
    const struct connection_options options = {
        .pinned_key = strchr(sshd_host_key(f->sshd), ' ') + 1, .identity = sshd_identity(f->sshd)};
    const struct runner_options run = {0};
    assert_done(connection_open(&spec, &options, NULL, &f->connection, &f->error), &f->error);
    plan_add(&f->plan, order)->is_forward = true;
    plan_add(&f->plan, "echo still here");
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    assert_done(runner_run(f->connection, &f->plan, &run, &f->events, &f->error), &f->error);
    assert_int_equal(f->got.result_count, 2);
    assert_string_equal(buffer_text(&f->got.results[1].out), "still here\n");
}

static void PRINTF_LIKE(2, 3) assert_line(struct fixture *f, const char *format, ...)
{
    char line[200];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(line, sizeof(line), format, arguments);
    va_end(arguments);
    if (strstr(buffer_text(&f->got.results[0].out), line) == NULL)
        fail_msg("no '%s' in '%s'", line, buffer_text(&f->got.results[0].out));
}

static void each_try_is_answered_and_the_server_proves_itself(void **state)
{
    struct fixture *f = *state;
    AUTO_FREE char *order = memory_format("# words\ndirect-tcpip seconds 4 rate 100\nprove\n"
                                          "try 7 127.0.0.1 %d\ntry 9 127.0.0.1 %d\n",
                                          f->open_port, f->closed_port);
    run(f, "", order);
    assert_int_equal(f->got.results[0].outcome, STEP_DONE);
    assert_int_equal(f->got.results[0].exit_status, 0);
    assert_line(f, "proof tcp 4 direct-tcpip 127.0.0.1 %d\n", f->sshd_port);
    assert_line(f, "flow 7 127.0.0.1 open direct-tcpip\n");
    assert_line(f, "flow 9 127.0.0.1 refused direct-tcpip sshd could not connect: "
                   "Connection refused\n");
    assert_non_null(strstr(buffer_text(&f->got.results[0].err), "own\nnetwork namespace"));
}

static void a_server_that_may_not_forward_gives_no_verdict(void **state)
{
    struct fixture *f = *state;
    AUTO_FREE char *order =
        memory_format("direct-tcpip seconds 4 rate 100\nprove\ntry 0 127.0.0.1 %d\n", f->open_port);
    run(f, "AllowTcpForwarding no\n", order);
    assert_string_equal(buffer_text(&f->got.results[0].out),
                        "flow 0 127.0.0.1 blocked direct-tcpip sshd does not allow this "
                        "forwarding: open failed\nend\n");
}

/* So many at once that reasons come together: each is asked for until it is known. */
static void no_reason_is_lost_among_many(void **state)
{
    struct fixture *f = *state;
    AUTO_RELEASE(buffer) struct buffer order = {0};
    AUTO_FREE char *lines = memory_format("PermitOpen 127.0.0.1:%d\n", f->closed_port);
    buffer_append_text(&order, "direct-tcpip seconds 10 rate 100\n");
    for (int i = 0; i < 40; i++)
        buffer_append_format(&order, "try %d 127.0.0.1 %d\n", i,
                             i % 2 == 0 ? f->closed_port : f->open_port);
    run(f, lines, buffer_text(&order));
    for (int i = 0; i < 40; i += 2) {
        assert_line(f,
                    "flow %d 127.0.0.1 refused direct-tcpip sshd could not connect: "
                    "Connection refused\n",
                    i);
        assert_line(f, "flow %d 127.0.0.1 blocked direct-tcpip sshd does not allow", i + 1);
    }
}

static void a_local_target_refuses_such_a_step(void **state)
{
    struct fixture *f = *state;
    const struct target_spec spec = {.kind = TARGET_LOCAL};
    const struct runner_options run = {0};
    assert_done(connection_open(&spec, NULL, NULL, &f->connection, &f->error), &f->error);
    plan_add(&f->plan, "direct-tcpip seconds 4 rate 1\ntry 0 127.0.0.1 1\n")->is_forward = true;
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    assert_done(runner_run(f->connection, &f->plan, &run, &f->events, &f->error), &f->error);
    assert_int_equal(f->got.results[0].outcome, STEP_REFUSED);
    assert_non_null(strstr(f->got.results[0].detail, "direct-tcpip"));
}

static void orders_beyond_their_limits_are_refused(void **state)
{
    static const char *const wrong[] = {
        "",
        "prove\n",
        "try 0 10.0.0.2 80\n",
        "direct-tcpip seconds 0 rate 20\n",
        "direct-tcpip seconds 31 rate 20\n",
        "direct-tcpip seconds 4 rate 101\n",
        "direct-tcpip seconds 4 rate\n",
        "direct-tcpip seconds 4 rate 20\ntry 0 example.org 80\n",
        "direct-tcpip seconds 4 rate 20\ntry 0 10.0.0.2 0\n",
        "direct-tcpip seconds 4 rate 20\ntry 0 10.0.0.2 65536\n",
        "direct-tcpip seconds 4 rate 20\ntry -1 10.0.0.2 80\n",
        "direct-tcpip seconds 4 rate 20\ntry 0 10.0.0.2 80 81\n",
        "direct-tcpip seconds 4 rate 20\ndirect-tcpip seconds 4 rate 20\n",
    };
    struct error error;
    (void)state;
    for (size_t i = 0; i < sizeof(wrong) / sizeof(*wrong); i++)
        assert_refused(forward_order_check(wrong[i], &error), &error, ERROR_INVALID);
    AUTO_RELEASE(buffer) struct buffer many = {0};
    buffer_append_text(&many, "direct-tcpip seconds 4 rate 20\n");
    for (int i = 0; i <= FORWARD_TRIES_MAX; i++) {
        assert_done(forward_order_check(buffer_text(&many), &error), &error);
        buffer_append_format(&many, "try %d fd00::2 80\n", i);
    }
    assert_refused(forward_order_check(buffer_text(&many), &error), &error, ERROR_INVALID);
}

static void an_order_is_neither_as_root_nor_from_outside(void **state)
{
    struct fixture *f = *state;
    struct plan_step *step = plan_add(&f->plan, "direct-tcpip seconds 4 rate 1\n");
    step->is_forward = true;
    assert_done(plan_check(&f->plan, &f->error), &f->error);
    step->as_root = true;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
    step->as_root = false;
    step->outside = 1;
    assert_refused(plan_check(&f->plan, &f->error), &f->error, ERROR_INVALID);
}

static void words_of_a_server_that_are_not_known_are_no_verdict(void **state)
{
    static const struct {
        struct forward_answer answer;
        const char *state;
    } cases[] = {
        {{FORWARD_REFUSED, 2, "Connection refused"}, "refused"},
        {{FORWARD_REFUSED, 2, "Connection timed out"}, "filtered"},
        {{FORWARD_REFUSED, 2, "No route to host"}, "unreachable"},
        {{FORWARD_REFUSED, 2, "Network is unreachable"}, "unreachable"},
        {{FORWARD_REFUSED, 2, "Permission denied"}, "prohibited"},
        {{FORWARD_REFUSED, 2, ""}, "blocked"},
        {{FORWARD_REFUSED, 2, "Too many open files"}, "blocked"},
        {{FORWARD_REFUSED, 1, "Connection refused"}, "blocked"},
        {{FORWARD_REFUSED, 4, "Connection refused"}, "blocked"},
        {{FORWARD_UNCLEAR, 0, ""}, "blocked"},
        {{FORWARD_OPENED, 0, ""}, "open"},
    };
    const struct forward_try tried = {.number = 3, .address = "fd00::2", .port = 80};
    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(*cases); i++) {
        AUTO_RELEASE(buffer) struct buffer out = {0};
        AUTO_FREE char *start = memory_format("flow 3 fd00::2 %s direct-tcpip", cases[i].state);
        forward_write_flow(&out, &tried, &cases[i].answer, 4);
        assert_memory_equal(buffer_text(&out), start, strlen(start));
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(each_try_is_answered_and_the_server_proves_itself, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_server_that_may_not_forward_gives_no_verdict, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(no_reason_is_lost_among_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_local_target_refuses_such_a_step, set_up, tear_down),
        cmocka_unit_test_setup_teardown(an_order_is_neither_as_root_nor_from_outside, set_up,
                                        tear_down),
        cmocka_unit_test(orders_beyond_their_limits_are_refused),
        cmocka_unit_test(words_of_a_server_that_are_not_known_are_no_verdict),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
