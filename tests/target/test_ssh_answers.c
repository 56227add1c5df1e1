/* SPDX-License-Identifier: Apache-2.0 */
/* Which answers of "ssh -G" serve for another host; compared with what the client itself says. */
#include "support/testing.h"

#include "../../src/target/ssh_answers.h"
#include "base/path.h"
#include "base/process.h"

struct fixture {
    struct buffer found;
    struct process_result one, two;
    const char *folder, *configuration;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    f->folder = testing_path("account");
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    buffer_release(&f->found);
    process_result_release(&f->one);
    process_result_release(&f->two);
    free(f);
    return 0;
}

static void ask(struct fixture *f, const char *host, struct process_result *result)
{
    const char *const arguments[] = {"ssh", "-G", "-F", f->configuration, "-l", "ada", "-p", "2222",
                                     "--",  host, NULL};
    const struct process_options options = {.arguments = arguments};
    process_result_release(result);
    *result = (struct process_result){0};
    assert_done(process_run(&options, result, &f->error), &f->error);
    assert_int_equal(result->exit_status, 0);
}

/* What is kept of the answer for ONE and found for TWO: is it the client's own answer for TWO? */
static bool serves(struct fixture *f, const char *text, const char *one, const char *two)
{
    struct target_spec first = {
        .user = (char[]){"ada"}, .host = memory_copy_text(one), .port = 2222};
    struct target_spec second = first;
    second.host = memory_copy_text(two);
    f->configuration = testing_write("account/.ssh/config", text);
    ask(f, one, &f->one);
    ssh_answer_keep(&first, f->configuration, f->folder, buffer_text(&f->one.output));
    buffer_clear(&f->found);
    bool is_found = ssh_answer_find(&second, f->configuration, f->folder, &f->found);
    if (is_found) {
        ask(f, two, &f->two);
        /* An empty line more at the end is of no meaning. */
        assert_int_equal(
            strncmp(buffer_text(&f->found), buffer_text(&f->two.output), f->two.output.length), 0);
    }
    free(first.host);
    free(second.host);
    return is_found;
}

static bool has_client(void)
{
    char *client = path_find_program("ssh");
    free(client);
    return client != NULL;
}

static void a_configuration_for_all_hosts_is_asked_for_once(void **state)
{
    struct fixture *f = *state;
    if (!has_client())
        skip();
    assert_true(serves(f, "", "alpha.example", "two.example"));
    assert_true(serves(f, "# mine\nHost *\n  IdentityFile ~/.ssh/id_x\n  IdentitiesOnly yes\n",
                       "alpha", "127.0.0.1"));
    testing_write("account/.ssh/more.d/a.conf", "Host *\nPort 7\n");
    assert_true(serves(f, "Include more.d/*.conf\nUser bob\n", "alpha", "beta"));
    assert_true(serves(f, "Include more.d/none*\n", "alpha", "beta"));
}

static void a_configuration_that_may_tell_hosts_apart_is_asked_for_each(void **state)
{
    static const char *const texts[] = {
        "Host one\n  Port 7\n",       "Host * !one\n  Port 7\n",    "Host=one\n  Port 7\n",
        "Match all\n  Port 7\n",      "match host one\n  Port 7\n", "HostName %h.example\n",
        "ProxyJump gate\n",           "CanonicalizeHostname yes\n", "IdentityFile ~/.ssh/%h\n",
        "IdentityFile ${HOME}/key\n", "Host \"one\"\n  Port 7\n",   "Include sub/config\n",
        "Include ~nobody/config\n",
    };
    struct fixture *f = *state;
    if (!has_client())
        skip();
    testing_write("account/.ssh/sub/config", "Host one\n Port 7\n");
    for (size_t i = 0; i < LENGTH(texts); i++) {
        if (serves(f, texts[i], "alpha", "two"))
            fail_msg("one answer for all: %s", texts[i]);
    }
    assert_false(serves(f, "", "alpha", "UPPER"));
}

static void a_changed_configuration_is_asked_for_anew(void **state)
{
    struct fixture *f = *state;
    struct target_spec spec = {.user = (char[]){"ada"}, .host = (char[]){"two"}, .port = 2222};
    if (!has_client())
        skip();
    assert_true(serves(f, "Compression yes\n", "alpha", "two"));
    f->configuration = testing_write("account/.ssh/config", "Compression no\n");
    assert_false(ssh_answer_find(&spec, f->configuration, f->folder, &f->found));
    assert_true(serves(f, "Compression yes\n", "alpha", "two"));
    spec.port = 22;
    assert_false(ssh_answer_find(&spec, f->configuration, f->folder, &f->found));
}

static bool is_default(struct fixture *f, const char *text)
{
    struct target_spec spec = {.host = (char[]){"alpha"}};
    f->configuration = testing_write("account/.ssh/config", text);
    return ssh_answer_is_default(&spec, f->configuration, f->folder);
}

static void only_what_concerns_no_connection_leaves_the_defaults(void **state)
{
    static const char *const telling[] = {
        "Port 7\n",
        "User bob\n",
        "IdentitiesOnly yes\n",
        "Host one\n",
        "Match all\n",
        "Host *\n  Port 7\n",
        "SendEnv=LANG\n",
        "Ciphers aes128-ctr\n",
        "Include loud.d/*",
        "NoSuchThing at all\n",
        "SendEnv\n",
    };
    struct fixture *f = *state;
    testing_write("account/.ssh/loud.d/a.conf", "Compression yes\n");
    testing_write("account/.ssh/calm.d/a.conf", "Host *\n  forwardagent no\n");
    assert_true(is_default(f, "# nothing\n\n"));
    assert_true(
        is_default(f, "Include calm.d/*\nHost *\n\tSENDENV LANG\nGSSAPIAuthentication yes"));
    for (size_t i = 0; i < LENGTH(telling); i++) {
        if (is_default(f, telling[i]))
            fail_msg("taken for nothing: %s", telling[i]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_configuration_for_all_hosts_is_asked_for_once),
        TEST(a_configuration_that_may_tell_hosts_apart_is_asked_for_each),
        TEST(only_what_concerns_no_connection_leaves_the_defaults),
        TEST(a_changed_configuration_is_asked_for_anew),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
