/* SPDX-License-Identifier: Apache-2.0 */
/* Jobs on the reviewer's machine, which look at a target: a real worker, a real ssh_config. */
#include "support/sshd.h"
#include "support/testing.h"

#include "base/clock.h"
#include "probe/fleet.h"

enum { PATIENCE_MS = 20000, JOBS_MAX = 8 };

struct fixture {
    struct sshd *sshd;
    struct loop *loop;
    struct fleet *fleet;
    struct buffer story;
    struct error ends[JOBS_MAX]; /* code NONE: the plan is through */
    size_t ended_count;
    struct error error;
};

static void tell_progress(void *context, int job, const char *text)
{
    (void)context;
    (void)job;
    (void)text;
}

static void tell_hostkey(void *context, int job, const struct hostkey *hostkey,
                         enum hostkey_verdict verdict, const char *where)
{
    struct fixture *f = context;
    (void)hostkey;
    (void)verdict;
    (void)where;
    fleet_answer_hostkey(f->fleet, job, true);
}

static void tell_prompt(void *context, int job, const struct prompt *prompt)
{
    struct fixture *f = context;
    (void)prompt;
    fleet_answer_prompt(f->fleet, job, NULL);
}

static void tell_connected(void *context, int job, const struct connection_identity *identity)
{
    (void)context;
    (void)job;
    (void)identity;
}

static void tell_begun(void *context, int job, size_t step)
{
    (void)context;
    (void)job;
    (void)step;
}

static void tell_result(void *context, int job, struct step_result *result)
{
    struct fixture *f = context;
    buffer_append_format(&f->story, "%d.%zu %s %d '%s'", job, result->step,
                         step_outcome_text(result->outcome), result->exit_status,
                         buffer_text(&result->out));
}

static void tell_ended(void *context, int job, const struct error *error)
{
    struct fixture *f = context;
    f->ended_count++;
    if (error != NULL)
        f->ends[job] = *error;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    const struct fleet_events events = {.context = f,
                                        .progress = tell_progress,
                                        .hostkey = tell_hostkey,
                                        .prompt = tell_prompt,
                                        .connected = tell_connected,
                                        .begun = tell_begun,
                                        .result = tell_result,
                                        .ended = tell_ended};
    const struct fleet_options options = {.worker_path = testing_build("walkdown-worker"),
                                          .worker_max = 1};
    f->loop = loop_new();
    assert_done(fleet_new(f->loop, &options, &events, &f->fleet, &f->error), &f->error);
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
    testing_write("environment/home/.ssh/config", "");
    free(f);
    return 0;
}

/* STEP_FOR, JOB_FOR: the reviewer's machine. */
static int start(struct fixture *f, const char *spec, const char *command, bool step_for,
                 bool job_for)
{
    struct plan plan = {0};
    struct job job = {.target = "one", .spec = spec, .from_reviewer = job_for, .plan = &plan};
    plan_add(&plan, command)->from_reviewer = step_for;
    if (f->sshd != NULL) {
        job.identity = sshd_identity(f->sshd);
        job.known_hosts = sshd_file(f->sshd, "known_hosts");
    }
    return fleet_start(f->fleet, &job);
}

static int look(struct fixture *f, const char *spec)
{
    return start(f, spec,
                 "echo \"$TARGET_KIND|$TARGET_HOST|$TARGET_PORT|${SANDBOX_NAME-unset}\"; "
                 "env | grep -c '^TARGET_'",
                 true, true);
}

static void run_to_the_end(struct fixture *f, size_t jobs)
{
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    while (f->ended_count < jobs) {
        assert_true(clock_monotonic_ms() < deadline_ms);
        assert_done(loop_run_once(f->loop, 1000, &f->error), &f->error);
    }
}

static void assert_told(const struct fixture *f, const char *text)
{
    if (strstr(buffer_text((struct buffer *)(uintptr_t)&f->story), text) == NULL)
        fail_msg("no \"%s\" in \"%s\"", text, f->story.data);
}

static void assert_out_of_reach(const struct fixture *f, int job, const char *why)
{
    assert_int_equal(f->ends[job].code, ERROR_UNSUPPORTED);
    if (strstr(f->ends[job].message, why) == NULL)
        fail_msg("no \"%s\" in \"%s\"", why, f->ends[job].message);
}

static void a_command_finds_what_ssh_config_says_of_the_target(void **state)
{
    struct fixture *f = *state;
    testing_write("environment/home/.ssh/config",
                  "Host web\n HostName 192.0.2.7\n Port 2200\nHost six\n HostName fe80::1%%lo\n");
    look(f, "web");
    look(f, "openssh://ann@web:22/sudo");
    look(f, "six");
    run_to_the_end(f, 3);
    assert_told(f, "1.0 done 0 'ssh|192.0.2.7|2200|unset\n3\n'");
    assert_told(f, "2.0 done 0 'ssh|192.0.2.7|22|unset\n3\n'");
    assert_told(f, "3.0 done 0 'ssh|fe80::1%lo|22|unset\n3\n'");
}

static void a_local_target_is_the_loopback_address_without_a_port(void **state)
{
    struct fixture *f = *state;
    setenv("TARGET_PORT", "left over", 1);
    look(f, "local");
    run_to_the_end(f, 1);
    unsetenv("TARGET_PORT");
    assert_told(f, "1.0 done 0 'local|127.0.0.1||unset\n3\n'");
}

static void a_command_on_the_target_finds_no_address(void **state)
{
    struct fixture *f = *state;
    setenv("TARGET_HOST", "left over", 1);
    start(f, "local", "echo ${TARGET_HOST-unset}", false, false);
    run_to_the_end(f, 1);
    unsetenv("TARGET_HOST");
    assert_told(f, "1.0 done 0 'unset\n'");
}

static void behind_others_and_in_sandboxes_there_is_nothing_to_look_at(void **state)
{
    struct fixture *f = *state;
    testing_write("environment/home/.ssh/config", "Host inner\n ProxyJump first\n BindAddress ::1\n"
                                                  "Host pipe\n ProxyCommand nc %h %p\n"
                                                  "Host open\n ProxyJump none\n HostName ::1\n");
    look(f, "inner");
    look(f, "pipe");
    look(f, "ssh://open/docker:web/sudo");
    look(f, "local/nsenter:1");
    look(f, "open");
    run_to_the_end(f, 5);
    assert_out_of_reach(f, 1, "ssh_config sets ProxyJump for it");
    assert_out_of_reach(f, 2, "ssh_config sets ProxyCommand for it");
    assert_out_of_reach(f, 3, "does not reach into a sandbox");
    assert_out_of_reach(f, 4, "does not reach into a sandbox");
    assert_told(f, "5.0 done 0 'ssh|::1|22|unset\n3\n'");
}

static void a_host_name_that_is_none_reaches_no_command(void **state)
{
    struct fixture *f = *state;
    testing_write("environment/home/.ssh/config",
                  "Host a\n HostName -oProxyCommand=id\nHost b\n HostName \"x'$(id)\"\n"
                  "Host c\n HostName \"x y\"\nHost d\n HostName /docker:web\n");
    for (const char *name = "abcd"; *name != '\0'; name++) {
        const char spec[2] = {*name, '\0'};
        look(f, spec);
    }
    run_to_the_end(f, 4);
    for (int job = 1; job <= 4; job++)
        assert_int_equal(f->ends[job].code, ERROR_UNSUPPORTED);
    assert_string_equal(buffer_text(&f->story), "");
}

static void nothing_runs_on_the_wrong_side(void **state)
{
    struct fixture *f = *state;
    start(f, "local", "echo wrong", true, false);
    start(f, "local", "echo wrong", false, true);
    run_to_the_end(f, 2);
    assert_string_equal(f->ends[1].message, "step 1 is for the reviewer's machine");
    assert_string_equal(f->ends[2].message, "step 1 is for the target");
    assert_string_equal(buffer_text(&f->story), "");
}

/* Only one worker at a time may live, and the confined one is not used. */
static void no_worker_that_talked_to_a_host_runs_them(void **state)
{
    static const char question[] = "grep '^NoNewPrivs' /proc/self/status | tr -dc 01";
    struct fixture *f = *state;
    char spec[64];
    if (!sshd_is_installed())
        skip();
    f->sshd = sshd_new();
    snprintf(spec, sizeof(spec), "ssh://%s@127.0.0.1:%d", sshd_user(f->sshd), sshd_listen(f->sshd));
    start(f, spec, "echo there", false, false);
    start(f, spec, question, true, true);
    run_to_the_end(f, 2);
    assert_told(f, "1.0 done 0 'there\n'");
    assert_told(f, "2.0 done 0 '0'");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_command_finds_what_ssh_config_says_of_the_target),
        TEST(a_local_target_is_the_loopback_address_without_a_port),
        TEST(a_command_on_the_target_finds_no_address),
        TEST(behind_others_and_in_sandboxes_there_is_nothing_to_look_at),
        TEST(a_host_name_that_is_none_reaches_no_command),
        TEST(nothing_runs_on_the_wrong_side),
        TEST(no_worker_that_talked_to_a_host_runs_them),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
