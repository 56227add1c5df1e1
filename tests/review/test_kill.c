/* SPDX-License-Identifier: Apache-2.0 */
/*
 * kill -9 at random moments: a child appends decisions with evidence and, once an append has
 * returned, acknowledges it through a pipe. Whatever was acknowledged has to be there afterwards.
 * $WALKDOWN_ROUNDS: how often.
 */
#include "fixture.h"

#include "base/clock.h"

#include <poll.h>
#include <signal.h>
#include <sys/wait.h>
#include <unistd.h>

static const char name[] = "kill.walk";

static void append_until_killed(int round, int fd)
{
    struct review *review = NULL;
    int acknowledged = 0;
    if (!review_open(testing_path(name), REVIEW_READ_WRITE, fixture_author("Ada"), &review, NULL))
        _exit(1);
    for (int i = 0;; i++) {
        AUTO_FREE char *text = memory_format("round %d, number %d", round, i);
        char id[DIGEST_HEX_BYTES];
        struct new_blob blob;
        new_blob_init(&blob, text, strlen(text));
        struct digest digest = digest_of(text, strlen(text));
        char of_text[DIGEST_HEX_BYTES];
        json_t *decision = json_pack("{s:s, s:s, s:s, s:s}", "target", "host-0", "check", "check-0",
                                     "verdict", i % 2 == 0 ? "pass" : "fail", "note", text);
        json_t *file =
            json_pack("{s:s, s:s, s:i, s:s}", "name", text, "blob", digest_hex(&blob.id, id),
                      "size", (int)strlen(text), "digest", digest_hex(&digest, of_text));
        const struct new_entry entries[] = {
            {.kind = ENTRY_DECISION, .body = decision},
            {.kind = ENTRY_ATTACHMENT, .body = file, .blobs = &blob, .blob_count = 1}};
        bool done = review_append(review, entries, 2, NULL, NULL);
        json_decref(decision);
        json_decref(file);
        if (!done)
            _exit(2);
        acknowledged++;
        if (write(fd, &acknowledged, sizeof(acknowledged)) != sizeof(acknowledged))
            _exit(3);
    }
}

enum { REACH_MAX_US = 4000000 };

/* Let the child live for DELAY_US, then kill it; the number of appends it acknowledged. */
static int run_child(int round, int delay_us)
{
    int pipe_fds[2], status, number = 0, last = 0;
    assert_int_equal(pipe(pipe_fds), 0);
    pid_t child = fork();
    if (child == 0) {
        close(pipe_fds[0]);
        append_until_killed(round, pipe_fds[1]);
    }
    close(pipe_fds[1]);
    int64_t end = clock_monotonic_us() + delay_us;
    while (clock_monotonic_us() < end) {
        struct pollfd ready = {.fd = pipe_fds[0], .events = POLLIN};
        if (poll(&ready, 1, 1) == 1 && read(pipe_fds[0], &number, sizeof(number)) > 0)
            last = number;
    }
    kill(child, SIGKILL);
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    while (read(pipe_fds[0], &number, sizeof(number)) == sizeof(number))
        last = number;
    close(pipe_fds[0]);
    return last;
}

/* Decisions and attachments that this round left. */
static int64_t count_round(int round, int64_t *ret_attachments)
{
    struct review *review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    struct decision_row_list decisions;
    struct attachment_row_list attachments;
    struct error error;
    AUTO_FREE char *prefix = memory_format("round %d,", round);
    int64_t count = 0;
    *ret_attachments = 0;
    assert_done(review_query_decisions(review, NULL, &decisions, &error), &error);
    assert_done(review_query_attachments(review, NULL, &attachments, &error), &error);
    for (size_t i = 0; i < decisions.count; i++)
        count += strncmp(decisions.items[i].note, prefix, strlen(prefix)) == 0;
    for (size_t i = 0; i < attachments.count; i++)
        *ret_attachments += strncmp(attachments.items[i].name, prefix, strlen(prefix)) == 0;
    decision_row_list_release(&decisions);
    attachment_row_list_release(&attachments);
    review_close(review);
    return count;
}

static void nothing_acknowledged_is_lost_by_kill(void **state UNUSED)
{
    int total = 0, interrupted = 0, rounds = fixture_rounds(60), reach_us = 36000;
    struct review *review = fixture_create(name);
    fixture_subject(review, 1, 1);
    review_close(review);
    for (int round = 0; round < rounds; round++) {
        enum verify_answer answer;
        int64_t attachments;
        int acknowledged = run_child(round, 4000 + (int)fixture_random((unsigned)reach_us));
        if (access(testing_path("kill.walk-journal"), F_OK) == 0)
            interrupted++;
        int64_t there = count_round(round, &attachments);
        assert_true(there >= acknowledged && there <= acknowledged + 1);
        assert_int_equal(attachments, there);
        assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
        assert_int_equal(answer, VERIFY_NOT_PROVEN);
        total += acknowledged;
        /* On a slow disk the kills came too early to tell anything. */
        if (acknowledged == 0 && reach_us < REACH_MAX_US)
            reach_us += reach_us / 4;
    }
    print_message("%d rounds, %d acknowledged, %d interrupted\n", rounds, total, interrupted);
    assert_true(total > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_by_kill),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
