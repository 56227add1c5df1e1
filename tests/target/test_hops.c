/* SPDX-License-Identifier: Apache-2.0 */
/* Hops into real sandboxes. What is not installed, or may not run here, is skipped. */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/path.h"
#include "base/process.h"

#include <signal.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

struct fixture {
    struct target_spec spec;
    struct connection *connection;
    struct recorder recorder;
    struct error error;
    pid_t sandbox;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
    recorder_release(&f->recorder);
    target_spec_release(&f->spec);
    if (f->sandbox > 0) {
        kill(-f->sandbox, SIGKILL);
        waitpid(f->sandbox, NULL, 0);
    }
    free(f);
    return 0;
}

/* True when these words run to a good end. */
static bool works(const char *const *words)
{
    const struct process_options options = {.arguments = words};
    struct process_result result = {0};
    bool done = process_run(&options, &result, NULL);
    bool is_good = done && result.exit_status == 0;
    if (done)
        process_result_release(&result);
    return is_good;
}

#define WORDS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* Run SCRIPT on TARGET to its end. */
static struct recorder *run(struct fixture *f, const char *target, const char *script)
{
    assert_done(target_spec_parse(target, &f->spec, &f->error), &f->error);
    assert_done(connection_open(&f->spec, NULL, NULL, &f->connection, &f->error), &f->error);
    recorder_open(&f->recorder, f->connection, script);
    recorder_wait_for_end(&f->recorder);
    return &f->recorder;
}

static void exec_leads_into_any_sandbox(void **state)
{
    if (!works(WORDS("unshare", "--uts", "--pid", "--fork", "--mount-proc", "true")))
        skip();
    struct recorder *shell =
        run(*state, "local/exec:unshare --uts --pid --fork --mount-proc", "echo $$; exit 3\n");
    assert_string_equal(recorder_stdout(shell), "1\n");
    assert_int_equal(shell->exit_status, 3);
}

static void bubblewrap_is_entered_by_exec(void **state)
{
    if (!works(WORDS("bwrap", "--ro-bind", "/", "/", "--unshare-all", "true")))
        skip();
    struct recorder *shell =
        run(*state, "local/exec:bwrap --ro-bind / / --unshare-all --proc /proc",
            "ls /sys/class/net 2>&1; cat /proc/net/dev | wc -l; exit 0\n");
    assert_non_null(strstr(recorder_stdout(shell), "3\n"));
}

static pid_t start_sandbox(struct fixture *f)
{
    int output[2];
    char text[32] = "";
    const char *const words[] = {
        "unshare", "--uts", "--fork", "sh", "-c", "hostname inside; echo $$; sleep 1000", NULL};
    const struct process_options options = {.arguments = words, .new_group = true};
    assert_int_equal(pipe(output), 0);
    assert_done(process_spawn(&options, (const int[]){-1, output[1], -1}, &f->sandbox, &f->error),
                &f->error);
    close(output[1]);
    assert_true(read(output[0], text, sizeof(text) - 1) > 0);
    close(output[0]);
    return (pid_t)strtol(text, NULL, 10);
}

static void nsenter_joins_the_namespaces_of_a_process(void **state)
{
    char target[64];
    if (!works(WORDS("unshare", "--uts", "hostname", "x")))
        skip();
    snprintf(target, sizeof(target), "local/nsenter:%d", (int)start_sandbox(*state));
    struct recorder *shell = run(*state, target, "hostname; exit 0\n");
    assert_string_equal(recorder_stdout(shell), "inside\n");
}

static const char *make_root(void)
{
    char *busybox = path_find_program("busybox");
    const char *root = testing_path("root");
    mkdir(root, 0755);
    mkdir(testing_path("root/bin"), 0755);
    testing_write("root/marker", "in the jail\n");
    bool done = busybox != NULL && works(WORDS("cp", busybox, testing_path("root/bin/busybox"))) &&
                works(WORDS("ln", "-sf", "busybox", testing_path("root/bin/sh"))) &&
                works(WORDS("ln", "-sf", "busybox", testing_path("root/bin/cat"))) &&
                works(WORDS("chroot", root, "/bin/sh", "-c", ":"));
    free(busybox);
    return done ? root : NULL;
}

static void chroot_leads_into_a_folder(void **state)
{
    const char *root = make_root();
    if (root == NULL)
        skip();
    char *target = memory_format("local/chroot:%s", root);
    struct recorder *shell = run(*state, target, "cat /marker; exit 0\n");
    free(target);
    assert_string_equal(recorder_stdout(shell), "in the jail\n");
}

static void hops_lead_on_from_hops(void **state)
{
    const char *root = make_root();
    if (root == NULL || !works(WORDS("unshare", "--uts", "hostname", "x")))
        skip();
    char *target = memory_format("local/exec:unshare --uts/chroot:%s", root);
    struct recorder *shell = run(*state, target, "busybox hostname deep; busybox hostname; exit\n");
    free(target);
    assert_string_equal(recorder_stdout(shell), "deep\n");
}

static void the_host_of_a_sandbox_can_be_asked_on_the_same_connection(void **state)
{
    struct fixture *f = *state;
    const char *root = make_root();
    if (root == NULL)
        skip();
    char *target = memory_format("local/chroot:%s", root);
    run(f, target, "cat /marker; exit 0\n");
    free(target);
    struct recorder *host = memory_new(1, sizeof(*host));
    recorder_open_outside(host, f->connection, 1, "test -e /marker || echo outside; exit 0\n");
    recorder_wait_for_end(host);
    bool is_outside = strcmp(recorder_stdout(host), "outside\n") == 0;
    recorder_release(host);
    free(host);
    assert_true(is_outside);
}

/* Without a registry: the image is made from the root folder. */
static bool make_container(const char *name)
{
    const char *root = make_root();
    if (root == NULL || !works(WORDS("podman", "--version")))
        return false;
    char *script = memory_format("cd '%s' && tar -c . | podman import - %s", root, name);
    bool done = works(WORDS("sh", "-c", script)) &&
                works(WORDS("podman", "--runtime", "runc", "run", "-d", "--ulimit",
                            "nofile=1024:1024", "--ulimit", "nproc=1000:1000", "--network", "host",
                            "--name", name, name, "/bin/busybox", "sleep", "1000"));
    free(script);
    return done;
}

static void podman_leads_into_a_container(void **state)
{
    char name[64], target[96];
    snprintf(name, sizeof(name), "walkdown-test-%d", (int)getpid());
    snprintf(target, sizeof(target), "local/podman:%s", name);
    bool has_container = make_container(name);
    if (has_container) {
        run(*state, target, "cat /marker; exit 4\n");
        works(WORDS("podman", "rm", "-f", "-t", "0", name));
    }
    works(WORDS("podman", "rmi", "-f", name));
    if (!has_container)
        skip();
    struct fixture *f = *state;
    assert_string_equal(recorder_stdout(&f->recorder), "in the jail\n");
    assert_int_equal(f->recorder.exit_status, 4);
}

static void a_sandbox_without_a_shell_ends_at_once(void **state)
{
    const char *root = testing_path("empty");
    mkdir(root, 0755);
    char *target = memory_format("local/chroot:%s", root);
    struct recorder *shell = run(*state, target, "echo never\n");
    free(target);
    assert_string_equal(recorder_stdout(shell), "");
    assert_true(shell->exit_status != 0);
    assert_non_null(strstr(recorder_stderr(shell), "/bin/sh"));
}

static void over_ssh_it_is_the_same(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->spec.hops[f->spec.hop_count++] =
        (struct target_hop){.kind = TARGET_HOP_EXEC, .value = memory_copy_text("env A=$HOME;x")};
    assert_done(ssh_fixture_try(f), &f->error);
    struct recorder *inside = ssh_fixture_shell(f, 0, "echo \"$A\"; exit 0\n");
    recorder_wait_for_end(inside);
    assert_string_equal(recorder_stdout(inside), "$HOME;x\n");
    recorder_open_outside(&f->recorders[1], f->connection, 1, "echo \"${A-outside}\"; exit 0\n");
    recorder_wait_for_end(&f->recorders[1]);
    assert_string_equal(recorder_stdout(&f->recorders[1]), "outside\n");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(exec_leads_into_any_sandbox),
        TEST(bubblewrap_is_entered_by_exec),
        TEST(nsenter_joins_the_namespaces_of_a_process),
        TEST(chroot_leads_into_a_folder),
        TEST(hops_lead_on_from_hops),
        TEST(the_host_of_a_sandbox_can_be_asked_on_the_same_connection),
        TEST(podman_leads_into_a_container),
        TEST(a_sandbox_without_a_shell_ends_at_once),
        SSH_TEST(over_ssh_it_is_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
