/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs from end to end: walkdown's side in this process, real and pretended workers beside it. */
#include "support/sshd.h"
#include "support/testing.h"

#include "shells.h"

#include "base/clock.h"
#include "base/file.h"
#include "probe/fleet.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

enum { PATIENCE_MS = 20000, JOBS_MAX = 100 };

struct fixture {
    struct sshd *sshd; /* of the tests that need one */
    char ssh[128];     /* how to name it */
    struct loop *loop;
    struct fleet *fleet;
    struct error error;
    char mark[64];
    struct buffer story; /* what the callbacks were told, in order */
    bool has_ended[JOBS_MAX];
    struct error ends[JOBS_MAX]; /* code ERROR_NONE: the plan is through */
    size_t ended_count;
    size_t result_bytes;
    /* what a callback does */
    bool accept_key;
    const char *secret;
    int cancel_on_begun; /* a job; 0: none */
    bool start_on_ended;
    size_t workers_most;
};

static void tell_progress(void *context, int job, const char *text)
{
    struct fixture *f = context;
    (void)job;
    if (strcmp(text, "dialling") == 0)
        buffer_append_text(&f->story, "dialling;");
}

static void tell_hostkey(void *context, int job, const struct hostkey *hostkey,
                         enum hostkey_verdict verdict, const char *where)
{
    struct fixture *f = context;
    buffer_append_format(&f->story, "%s:%d %s %s %s %s %s;", hostkey->host, hostkey->port,
                         hostkey->type, hostkey->key, hostkey->fingerprint,
                         hostkey_verdict_text(verdict), where);
    fleet_answer_hostkey(f->fleet, job, f->accept_key);
}

static void tell_prompt(void *context, int job, const struct prompt *prompt)
{
    struct fixture *f = context;
    buffer_append_format(&f->story, "prompt %d %s %d;", (int)prompt->kind, prompt->text,
                         prompt->attempt);
    fleet_answer_prompt(f->fleet, job, f->secret);
}

static void tell_connected(void *context, int job, const struct connection_identity *identity)
{
    struct fixture *f = context;
    (void)job;
    buffer_append_format(&f->story, "connected %s;", identity->user);
}

static void tell_begun(void *context, int job, size_t step)
{
    struct fixture *f = context;
    (void)step;
    if (f->cancel_on_begun == job)
        fleet_cancel(f->fleet, job);
}

static void tell_result(void *context, int job, struct step_result *result)
{
    struct fixture *f = context;
    f->result_bytes += result->out.length;
    buffer_append_format(&f->story, "%d.%zu %s %d '%.40s' '%.40s';", job, result->step,
                         step_outcome_text(result->outcome), result->exit_status,
                         buffer_text(&result->out), buffer_text(&result->err));
}

static int start(struct fixture *f, const char *spec, const char *first, const char *second)
{
    struct plan plan = {0};
    char target[32];
    snprintf(target, sizeof(target), "target-%zu", f->ended_count + fleet_job_count(f->fleet));
    plan_add(&plan, first);
    if (second != NULL)
        plan_add(&plan, second);
    struct job job = {.target = target, .spec = spec, .plan = &plan};
    if (f->sshd != NULL) {
        job.identity = sshd_identity(f->sshd);
        job.known_hosts = sshd_file(f->sshd, "known_hosts");
    }
    int number = fleet_start(f->fleet, &job);
    assert_null(plan.steps);
    return number;
}

static void tell_ended(void *context, int job, const struct error *error)
{
    struct fixture *f = context;
    f->has_ended[job] = true;
    f->ended_count++;
    if (error != NULL)
        f->ends[job] = *error;
    if (f->start_on_ended) {
        f->start_on_ended = false;
        start(f, "local", "echo again", NULL);
    }
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    char nonce[FRAME_NONCE_BYTES];
    frame_nonce_make(nonce);
    snprintf(f->mark, sizeof(f->mark), "mark-%s", nonce);
    setenv("WALKDOWN_TEST_MARK", f->mark, 1);
    f->loop = loop_new();
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    fleet_free(f->fleet);
    loop_free(f->loop);
    sshd_free(f->sshd);
    buffer_release(&f->story);
    free(f);
    return 0;
}

static void open_fleet_max(struct fixture *f, const char *worker, int worker_max)
{
    const struct fleet_events events = {.context = f,
                                        .progress = tell_progress,
                                        .hostkey = tell_hostkey,
                                        .prompt = tell_prompt,
                                        .connected = tell_connected,
                                        .begun = tell_begun,
                                        .result = tell_result,
                                        .ended = tell_ended};
    const struct fleet_options options = {.worker_path = worker, .worker_max = worker_max};
    assert_done(fleet_new(f->loop, &options, &events, &f->fleet, &f->error), &f->error);
}

static void open_fleet(struct fixture *f)
{
    open_fleet_max(f, testing_build("walkdown-worker"), 0);
}

static void open_pretended_fleet(struct fixture *f)
{
    open_fleet_max(f, testing_build("tests/probe/fake_worker"), 0);
}

/* The process ids of our children. */
static void list_workers(struct strings *ret_ids)
{
    char path[64];
    struct buffer text = {0};
    struct error error;
    snprintf(path, sizeof(path), "/proc/self/task/%d/children", (int)getpid());
    if (!file_read(path, 65536, &text, &error))
        abort();
    strings_split(ret_ids, buffer_text(&text), ' ');
    buffer_release(&text);
}

static size_t worker_count(void)
{
    struct strings ids = {0};
    list_workers(&ids);
    size_t count = ids.count - 1;
    strings_release(&ids);
    return count;
}

static void signal_workers(int signal_number)
{
    struct strings ids = {0};
    list_workers(&ids);
    for (size_t i = 0; i + 1 < ids.count; i++)
        kill((pid_t)strtol(ids.items[i], NULL, 10), signal_number);
    strings_release(&ids);
}

static bool run_until(struct fixture *f, const char *in_story, size_t ended_count)
{
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    while ((in_story != NULL && strstr(buffer_text(&f->story), in_story) == NULL) ||
           f->ended_count < ended_count) {
        if (clock_monotonic_ms() > deadline_ms || !loop_run_once(f->loop, 1000, &f->error))
            return false;
        size_t workers = worker_count();
        f->workers_most = workers > f->workers_most ? workers : f->workers_most;
    }
    return true;
}

static void run_to_the_end(struct fixture *f)
{
    assert_true(run_until(f, NULL, f->ended_count + fleet_job_count(f->fleet)));
}

static void a_local_job_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    int job = start(f, "local", "echo out; echo err >&2; exit 3", "printf 'it'\\''s %s' \xC3\xA4");
    assert_int_equal(fleet_job_count(f->fleet), 1);
    run_to_the_end(f);
    assert_int_equal(f->ends[job].code, ERROR_NONE);
    assert_non_null(strstr(f->story.data, "connected "));
    assert_non_null(
        strstr(f->story.data, "1.0 done 3 'out\n' 'err\n';1.1 done 0 'it's \xC3\xA4' '';"));
    assert_int_equal(fleet_job_count(f->fleet), 0);
}

static void a_worker_is_used_again(void **state)
{
    struct fixture *f = *state;
    open_fleet_max(f, testing_build("walkdown-worker"), 1);
    for (int i = 0; i < 5; i++)
        start(f, "local", "echo one", "cat /proc/$PPID/stat >/dev/null; echo two");
    run_to_the_end(f);
    assert_int_equal(f->workers_most, 1);
    for (int job = 1; job <= 5; job++)
        assert_int_equal(f->ends[job].code, ERROR_NONE);
}

static void jobs_run_side_by_side(void **state)
{
    struct fixture *f = *state;
    open_fleet_max(f, testing_build("walkdown-worker"), 4);
    for (int i = 0; i < 12; i++)
        start(f, "local", "sleep 0.1; echo done", NULL);
    run_to_the_end(f);
    assert_int_equal(f->workers_most, 4);
    assert_int_equal(f->ended_count, 12);
}

static void large_output_passes_the_socket(void **state)
{
    struct fixture *f = *state;
    struct plan plan = {0};
    open_fleet(f);
    for (int i = 0; i < 4; i++) {
        struct plan_step *step = plan_add(&plan, "head -c 16777216 /dev/zero");
        step->out_max_bytes = PLAN_STREAM_MAX_BYTES;
    }
    fleet_start(f->fleet, &(struct job){.target = "large", .spec = "local", .plan = &plan});
    run_to_the_end(f);
    assert_int_equal(f->ends[1].code, ERROR_NONE);
    assert_int_equal(f->result_bytes, 4 * 16777216);
}

/* AddressSanitizer catches the other one. */
#ifdef __SANITIZE_ADDRESS__
#define CRASH SIGABRT
#else
#define CRASH SIGSEGV
#endif

static void a_crash_of_the_worker_costs_its_own_job(void **state)
{
    struct fixture *f = *state;
    char expected[128];
    open_fleet(f);
    int job = start(f, "local", "echo first", "echo begun >&2; sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    signal_workers(CRASH);
    run_to_the_end(f);
    snprintf(expected, sizeof(expected), "the worker for target-0 ended unexpectedly (signal %d)",
             CRASH);
    assert_int_equal(f->ends[job].code, ERROR_IO);
    assert_string_equal(f->ends[job].message, expected);
    assert_true(f->ends[job].hint[0] != '\0');
    assert_true(processes_are_gone(f->mark, 5000));
    int next = start(f, "local", "echo next", NULL);
    run_to_the_end(f);
    assert_int_equal(f->ends[next].code, ERROR_NONE);
}

static void a_running_job_is_cancelled_in_time(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    int job = start(f, "local", "echo first", "sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    int64_t before_ms = clock_monotonic_ms();
    fleet_cancel(f->fleet, job);
    run_to_the_end(f);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS / 2);
    assert_int_equal(f->ends[job].code, ERROR_CANCELLED);
    assert_non_null(strstr(f->story.data, "1.1 cancelled -1"));
    /* The worker answered, so it is still there. */
    assert_int_equal(worker_count(), 1);
    fleet_free(f->fleet);
    f->fleet = NULL;
    assert_int_equal(worker_count(), 0);
    assert_true(processes_are_gone(f->mark, 5000));
}

static void a_worker_that_does_not_answer_is_killed(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    int job = start(f, "local", "echo first", "sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    signal_workers(SIGSTOP);
    int64_t before_ms = clock_monotonic_ms();
    fleet_cancel(f->fleet, job);
    run_to_the_end(f);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS / 2);
    assert_int_equal(f->ends[job].code, ERROR_CANCELLED);
    assert_int_equal(worker_count(), 0);
    assert_true(processes_are_gone(f->mark, 5000));
}

static void cancelling_everything_ends_queued_jobs_too(void **state)
{
    struct fixture *f = *state;
    open_fleet_max(f, testing_build("walkdown-worker"), 1);
    for (int i = 0; i < 5; i++)
        start(f, "local", "echo begun", "sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    fleet_cancel(f->fleet, 0);
    run_to_the_end(f);
    for (int job = 1; job <= 5; job++)
        assert_int_equal(f->ends[job].code, ERROR_CANCELLED);
}

static void a_callback_may_cancel_and_start_jobs(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    f->start_on_ended = true;
    f->cancel_on_begun = start(f, "local", "sleep 1000", NULL);
    assert_true(run_until(f, NULL, 2));
    assert_int_equal(f->ends[1].code, ERROR_CANCELLED);
    assert_int_equal(f->ends[2].code, ERROR_NONE);
    assert_non_null(strstr(f->story.data, "2.0 done 0 'again\n'"));
}

static void freeing_the_fleet_ends_what_runs(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    start(f, "local", "echo begun", "sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    fleet_free(f->fleet);
    f->fleet = NULL;
    assert_int_equal(worker_count(), 0);
    assert_true(processes_are_gone(f->mark, 5000));
    assert_int_equal(f->ended_count, 0);
}

static void a_missing_worker_is_a_clear_error(void **state)
{
    struct fixture *f = *state;
    const struct fleet_options options = {.worker_path = "/nowhere/walkdown-worker"};
    assert_refused(fleet_new(f->loop, &options, &(struct fleet_events){0}, &f->fleet, &f->error),
                   &f->error, ERROR_NOT_FOUND);
    assert_string_equal(f->error.message,
                        "cannot find the program walkdown-worker as /nowhere/walkdown-worker");
    assert_true(f->error.hint[0] != '\0');
}

static void a_target_that_cannot_be_named_ends_its_job(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    int job = start(f, "-oProxyCommand=x", "id", NULL);
    run_to_the_end(f);
    assert_int_not_equal(f->ends[job].code, ERROR_NONE);
    assert_int_equal(worker_count(), 0);
}

static void a_plan_beyond_the_limits_ends_its_job(void **state)
{
    struct fixture *f = *state;
    open_fleet(f);
    int job = start(f, "local", "", NULL);
    run_to_the_end(f);
    assert_int_equal(f->ends[job].code, ERROR_INVALID);
    assert_string_equal(f->ends[job].message, "step 1: the command is empty");
}

static void an_accepted_host_key_lets_the_job_go_on(void **state)
{
    struct fixture *f = *state;
    open_pretended_fleet(f);
    f->accept_key = true;
    int job = start(f, "ssh://key", "id", NULL);
    run_to_the_end(f);
    assert_non_null(strstr(f->story.data,
                           "dialling;key:22 ssh-ed25519 AAAA SHA256:abc unknown somewhere:1;"
                           "connected somebody;"));
    assert_int_equal(f->ends[job].code, ERROR_UNREACHABLE);
}

static void a_refused_host_key_ends_the_job(void **state)
{
    struct fixture *f = *state;
    open_pretended_fleet(f);
    int job = start(f, "ssh://key", "id", NULL);
    run_to_the_end(f);
    assert_int_equal(f->ends[job].code, ERROR_DENIED);
    assert_string_equal(f->ends[job].message, "the host key was not accepted");
}

static void secrets_reach_the_worker_and_nothing_else(void **state)
{
    struct fixture *f = *state;
    open_pretended_fleet(f);
    f->secret = "secret";
    start(f, "ssh://password", "id", NULL);
    run_to_the_end(f);
    assert_non_null(strstr(f->story.data, "prompt 1 Password for \x1b[31mred 1;connected"));
    f->secret = NULL;
    int job = start(f, "ssh://password", "id", NULL);
    run_to_the_end(f);
    assert_string_equal(f->ends[job].message, "no password was given");
    f->secret = "wrong";
    job = start(f, "ssh://password", "id", NULL);
    run_to_the_end(f);
    assert_string_equal(f->ends[job].message, "the password is wrong");
    assert_int_equal(f->workers_most, 1);
}

static void a_worker_that_waits_for_a_server_is_cancelled_in_time(void **state)
{
    struct fixture *f = *state;
    open_pretended_fleet(f);
    int job = start(f, "ssh://slow", "id", NULL);
    assert_true(run_until(f, "dialling", 0));
    int64_t before_ms = clock_monotonic_ms();
    fleet_cancel(f->fleet, job);
    run_to_the_end(f);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS / 2);
    assert_int_equal(f->ends[job].code, ERROR_CANCELLED);
}

static void a_connection_that_is_always_lost_is_told_for_each_step_and_the_job(void **state)
{
    struct fixture *f = *state;
    open_pretended_fleet(f);
    int job = start(f, "ssh://lost", "id", "uname");
    run_to_the_end(f);
    assert_int_equal(f->ends[job].code, ERROR_UNREACHABLE);
    assert_string_equal(f->ends[job].message,
                        "the connection was lost 4 times: the connection was lost");
    assert_non_null(strstr(f->story.data, "dialling;connected somebody;dialling;connected"));
    assert_non_null(strstr(f->story.data, "1.0 cut -1 '' '';1.1 cut -1 '' '';"));
}

static void open_server(struct fixture *f)
{
    if (!sshd_is_installed())
        skip();
    f->sshd = sshd_new();
    snprintf(f->ssh, sizeof(f->ssh), "ssh://%s@127.0.0.1:%d", sshd_user(f->sshd),
             sshd_listen(f->sshd));
    open_fleet_max(f, testing_build("walkdown-worker"), 1);
}

static void a_job_over_ssh_asks_about_the_key_once_and_comes_back_whole(void **state)
{
    struct fixture *f = *state;
    open_server(f);
    f->accept_key = true;
    int job = start(f, f->ssh, "echo out; echo err >&2; exit 3", "printf '\\000\\377' | wc -c");
    run_to_the_end(f);
    assert_string_equal(f->ends[job].message, "");
    assert_int_equal(f->ends[job].code, ERROR_NONE);
    assert_non_null(strstr(f->story.data, "127.0.0.1:"));
    assert_non_null(strstr(f->story.data, " unknown "));
    assert_non_null(strstr(f->story.data, "1.0 done 3 'out\n' 'err\n';1.1 done 0 '2\n' '';"));
}

static void a_confined_worker_gives_way_to_a_fresh_one_for_local_shells(void **state)
{
    struct fixture *f = *state;
    open_server(f);
    f->accept_key = true;
    start(f, f->ssh, "echo one", NULL);
    start(f, "local", "grep -c '^NoNewPrivs:.0$' /proc/self/status; ulimit -v", NULL);
    start(f, f->ssh, "echo three", NULL);
    run_to_the_end(f);
    /* One worker at a time; the server is the other child. */
    assert_int_equal(f->workers_most, 2);
    assert_non_null(strstr(f->story.data, "1.0 done 0 'one\n'"));
    assert_non_null(strstr(f->story.data, "2.0 done 0 '1\nunlimited\n'"));
    for (int job = 1; job <= 3; job++)
        assert_string_equal(f->ends[job].message, "");
    assert_non_null(strstr(f->story.data, "3.0 done 0 'three\n'"));
}

static void a_job_over_ssh_is_cancelled_in_time(void **state)
{
    struct fixture *f = *state;
    open_server(f);
    f->accept_key = true;
    int job = start(f, f->ssh, "echo first", "sleep 1000");
    assert_true(run_until(f, "1.0 done", 0));
    int64_t before_ms = clock_monotonic_ms();
    fleet_cancel(f->fleet, job);
    run_to_the_end(f);
    assert_true(clock_monotonic_ms() - before_ms < PATIENCE_MS / 2);
    assert_int_equal(f->ends[job].code, ERROR_CANCELLED);
    assert_non_null(strstr(f->story.data, "1.1 cancelled -1"));
}

/* A worker that says these bytes and goes on. */
static void assert_nonsense(struct fixture *f, const char *printf_text)
{
    char script[512];
    snprintf(script, sizeof(script), "#!/bin/sh\nprintf '%s' >&3\nexec sleep 1000\n", printf_text);
    const char *path = testing_write("nonsense", script);
    chmod(path, 0755);
    open_fleet_max(f, path, 0);
    int job = start(f, "local", "id", NULL);
    run_to_the_end(f);
    assert_int_equal(f->ends[job].code, ERROR_INVALID);
    assert_non_null(strstr(f->ends[job].message, "the worker for target-"));
    assert_int_equal(worker_count(), 0);
    fleet_free(f->fleet);
    f->fleet = NULL;
    memset(f->has_ended, 0, sizeof(f->has_ended));
    memset(f->ends, 0, sizeof(f->ends));
    f->ended_count = 0;
}

static void a_worker_that_talks_nonsense_is_stopped(void **state)
{
    struct fixture *f = *state;
    assert_nonsense(f, "\\377\\377\\377\\377nonsense");
    assert_nonsense(f, "\\0\\0\\0\\7\\377\\0\\0\\0\\2{}");
    assert_nonsense(f, "\\0\\0\\0\\7\\12\\0\\0\\0\\2{}"); /* an early RESULT */
    assert_nonsense(f, "\\0\\0\\0\\7\\13\\0\\0\\0\\2{}"); /* an early FINISHED */
    assert_nonsense(f, "\\0\\0\\0\\7\\6\\0\\0\\0\\2{}");  /* half a HOSTKEY */
    assert_nonsense(f,
                    "\\0\\0\\0\\7\\10\\0\\0\\0\\2{}\\0\\0\\0\\7\\13\\0\\0\\0\\2{}"); /* no result */
}

static void a_worker_that_hangs_up_at_once_ends_its_job(void **state)
{
    struct fixture *f = *state;
    open_fleet_max(f, "/bin/true", 0);
    int job = start(f, "local", "id", NULL);
    run_to_the_end(f);
    assert_string_equal(f->ends[job].message,
                        "the worker for target-0 ended unexpectedly (exit status 0)");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_local_job_comes_back_whole),
        TEST(a_worker_is_used_again),
        TEST(jobs_run_side_by_side),
        TEST(large_output_passes_the_socket),
        TEST(a_crash_of_the_worker_costs_its_own_job),
        TEST(a_running_job_is_cancelled_in_time),
        TEST(a_worker_that_does_not_answer_is_killed),
        TEST(cancelling_everything_ends_queued_jobs_too),
        TEST(a_callback_may_cancel_and_start_jobs),
        TEST(freeing_the_fleet_ends_what_runs),
        TEST(a_missing_worker_is_a_clear_error),
        TEST(a_target_that_cannot_be_named_ends_its_job),
        TEST(a_plan_beyond_the_limits_ends_its_job),
        TEST(an_accepted_host_key_lets_the_job_go_on),
        TEST(a_refused_host_key_ends_the_job),
        TEST(secrets_reach_the_worker_and_nothing_else),
        TEST(a_worker_that_waits_for_a_server_is_cancelled_in_time),
        TEST(a_connection_that_is_always_lost_is_told_for_each_step_and_the_job),
        TEST(a_job_over_ssh_asks_about_the_key_once_and_comes_back_whole),
        TEST(a_confined_worker_gives_way_to_a_fresh_one_for_local_shells),
        TEST(a_job_over_ssh_is_cancelled_in_time),
        TEST(a_worker_that_talks_nonsense_is_stopped),
        TEST(a_worker_that_hangs_up_at_once_ends_its_job),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
