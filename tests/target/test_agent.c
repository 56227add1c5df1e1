/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "target/agent.h"

#include "base/clock.h"

#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

/* One key of type "ssh-test" and its comment. */
#define KEY     "\0\0\0\x0e\0\0\0\x08ssh-test\1\2"
#define COMMENT "\0\0\0\3abc"

struct fixture {
    struct agent_keys keys;
    struct error error;
    int listener;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    f->listener = -1;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    agent_keys_release(&f->keys);
    if (f->listener >= 0)
        close(f->listener);
    free(f);
    return 0;
}

static void an_answer_gives_its_keys_in_order(void **state)
{
    static const char answer[] = "\x0c\0\0\0\2" KEY COMMENT KEY "\0\0\0\0";
    struct fixture *f = *state;
    assert_done(agent_parse(answer, sizeof(answer) - 1, &f->keys, &f->error), &f->error);
    assert_int_equal(f->keys.count, 2);
    assert_string_equal(f->keys.items[0].key.type, "ssh-test");
    assert_string_equal(f->keys.items[0].comment, "abc");
    assert_string_equal(f->keys.items[1].comment, "");
    assert_int_equal(f->keys.items[0].blob.length, 14);
}

static void what_is_no_key_is_passed_over(void **state)
{
    static const char answer[] = "\x0c\0\0\0\2\0\0\0\2xx" COMMENT KEY COMMENT;
    struct fixture *f = *state;
    assert_done(agent_parse(answer, sizeof(answer) - 1, &f->keys, &f->error), &f->error);
    assert_int_equal(f->keys.count, 1);
}

static void malformed_answers_are_refused(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } bad[] = {{"", 0},
               {"\x05", 1},
               {"\x0c", 1},
               {"\x0c\0\0\0", 4},
               {"\x0c\0\0\0\1", 5},
               {"\x0c\xff\xff\xff\xff", 5},
               {"\x0c\0\0\1\1" KEY COMMENT, 5 + 18 + 7},
               {"\x0c\0\0\0\1\xff\xff\xff\xff", 9},
               {"\x0c\0\0\0\1" KEY, 5 + 18},
               {"\x0c\0\0\0\1" KEY "\0\0\0\4abc", 5 + 18 + 7},
               {"\x0c\0\0\0\2" KEY COMMENT, 5 + 18 + 7}};
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_refused(agent_parse(bad[i].bytes, bad[i].length, &f->keys, &f->error), &f->error,
                       ERROR_INVALID);
}

static void an_answer_with_one_key_can_be_read_back(void **state)
{
    static const char answer[] = "\x0c\0\0\0\1" KEY COMMENT;
    struct fixture *f = *state;
    struct agent_keys again = {0};
    char bytes[256];
    int fds[2];
    assert_done(agent_parse(answer, sizeof(answer) - 1, &f->keys, &f->error), &f->error);
    assert_done(agent_answer_with(&f->keys.items[0], fds, &f->error), &f->error);
    ssize_t length = recv(fds[0], bytes, sizeof(bytes), MSG_WAITALL);
    close(fds[0]);
    close(fds[1]);
    assert_true(length > 4);
    assert_int_equal(bytes[3], length - 4);
    assert_done(agent_parse(bytes + 4, (size_t)length - 4, &again, &f->error), &f->error);
    size_t count = again.count;
    bool is_same = count == 1 && strcmp(again.items[0].key.key, f->keys.items[0].key.key) == 0;
    agent_keys_release(&again);
    assert_true(is_same);
}

static void listen_silently(struct fixture *f, const char *path)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    snprintf(address.sun_path, sizeof(address.sun_path), "%s", path);
    f->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_int_equal(bind(f->listener, (struct sockaddr *)&address, sizeof(address)), 0);
    assert_int_equal(listen(f->listener, 4), 0);
}

static void an_agent_that_does_not_answer_is_given_up(void **state)
{
    struct fixture *f = *state;
    const char *path = testing_path("silent");
    int64_t before_ms = clock_monotonic_ms();
    listen_silently(f, path);
    assert_refused(agent_list(path, &f->keys, &f->error), &f->error, ERROR_TIMEOUT);
    assert_true(clock_monotonic_ms() - before_ms < 20000);
}

static void no_agent_is_an_error(void **state)
{
    struct fixture *f = *state;
    char long_path[200];
    memset(long_path, 'a', sizeof(long_path) - 1);
    long_path[sizeof(long_path) - 1] = '\0';
    assert_refused(agent_list(testing_path("nobody"), &f->keys, &f->error), &f->error,
                   ERROR_UNREACHABLE);
    assert_refused(agent_list(long_path, &f->keys, &f->error), &f->error, ERROR_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(an_answer_gives_its_keys_in_order),
        TEST(what_is_no_key_is_passed_over),
        TEST(malformed_answers_are_refused),
        TEST(an_answer_with_one_key_can_be_read_back),
        TEST(an_agent_that_does_not_answer_is_given_up),
        TEST(no_agent_is_an_error),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
