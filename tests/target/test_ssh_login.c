/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/clock.h"
#include "base/file.h"

#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

/* ---- an ssh-agent of our own ---- */

static pid_t agent_process;

/* Start ssh-agent and put its socket into the environment. */
static void start_agent(struct ssh_fixture *f)
{
    struct buffer text = {0};
    const char *path = sshd_file(f->sshd, "agent");
    sshd_run((const char *const[]){"ssh-agent", "-s", "-a", path, NULL}, &text);
    const char *number = strstr(buffer_text(&text), "SSH_AGENT_PID=");
    agent_process = number == NULL ? 0 : (pid_t)strtol(number + 14, NULL, 10);
    buffer_release(&text);
    assert_true(agent_process > 0);
    setenv("SSH_AUTH_SOCK", path, 1);
}

static void add_to_agent(const char *key)
{
    sshd_run((const char *const[]){"ssh-add", "-q", key, NULL}, NULL);
}

static int set_up(void **state)
{
    unsetenv("SSH_AUTH_SOCK");
    return ssh_fixture_set_up(state);
}

static int tear_down(void **state)
{
    if (agent_process > 0)
        kill(agent_process, SIGKILL);
    agent_process = 0;
    unsetenv("SSH_AUTH_SOCK");
    return ssh_fixture_tear_down(state);
}

/* A key with a passphrase that the server takes. */
static const char *encrypted_key(struct ssh_fixture *f, const char *type, const char *passphrase)
{
    const char *path = sshd_make_key(f->sshd, "encrypted", type, passphrase);
    sshd_authorize(f->sshd, "encrypted");
    return path;
}

static const char *how(const struct ssh_fixture *f)
{
    return connection_identity(f->connection)->authentication;
}

/* ---- key files ---- */

static void keys_of_all_types_log_in(void **state)
{
    static const char *const types[] = {"ed25519", "ecdsa", "rsa"};
    struct ssh_fixture *f = ssh_fixture_ready(state);
    for (size_t i = 0; i < LENGTH(types); i++) {
        f->options.identity = sshd_make_key(f->sshd, types[i], types[i], "");
        sshd_authorize(f->sshd, types[i]);
        assert_done(ssh_fixture_try(f), &f->error);
        assert_non_null(strstr(how(f), "publickey SHA256:"));
    }
}

static void a_key_that_the_server_does_not_know_is_refused(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "was refused");
    ssh_fixture_expect_message(f, f->options.identity);
    ssh_fixture_expect_message(f, "the server takes: publickey");
    assert_true(f->error.hint[0] != '\0');
    assert_int_equal(f->asked_count, 0);
}

static void no_key_at_all_is_said_so(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = sshd_file(f->sshd, "no-such-key");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "no key was found");
    assert_non_null(strstr(f->error.hint, "ssh-add"));
}

static void a_key_file_that_others_can_read_is_not_used(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    assert_int_equal(chmod(f->options.identity, 0644), 0);
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "chmod 600");
}

static void what_is_no_key_is_said_so(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = sshd_write(f->sshd, "junk",
                                     "-----BEGIN OPENSSH PRIVATE KEY-----\nAAAA\n"
                                     "-----END OPENSSH PRIVATE KEY-----\n");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "is no private key");
}

static void a_weak_rsa_key_is_not_used(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    const char *path = sshd_file(f->sshd, "weak");
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-t", "rsa", "-b", "1024", "-N", "", "-f",
                                   path, NULL},
             NULL);
    sshd_configure(f->sshd, "RequiredRSASize 1024");
    sshd_authorize(f->sshd, "weak");
    f->options.identity = path;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
}

/* ---- certificates ---- */

/* A server that takes any key with a certificate of an authority, and no key by itself. */
static const char *certified_key(struct ssh_fixture *f)
{
    const char *authority = sshd_make_key(f->sshd, "authority", "ed25519", "");
    const char *key = sshd_make_key(f->sshd, "certified", "ed25519", "");
    char *file = memory_format("%s.pub", key);
    char *line = memory_format("TrustedUserCAKeys %s.pub", authority);
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-s", authority, "-I", "test", "-n",
                                   sshd_user(f->sshd), file, NULL},
             NULL);
    sshd_configure(f->sshd, line);
    free(file);
    free(line);
    return key;
}

static void a_certificate_beside_the_key_logs_in(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = certified_key(f);
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "certificate SHA256:"));
}

static void a_certificate_of_the_agent_logs_in(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    add_to_agent(certified_key(f));
    f->options.identity = NULL;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "agent SHA256:"));
}

static void a_key_whose_certificate_is_strange_still_logs_in(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    const char *authority = sshd_make_key(f->sshd, "authority", "ed25519", "");
    const char *key = sshd_make_key(f->sshd, "own", "ed25519", "");
    char *file = memory_format("%s.pub", key);
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-s", authority, "-I", "test", file, NULL},
             NULL);
    free(file);
    sshd_authorize(f->sshd, "own");
    f->options.identity = key;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "publickey SHA256:"));
}

/* ---- passphrases ---- */

static void a_passphrase_opens_an_encrypted_key(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = encrypted_key(f, "ed25519", "open sesame");
    f->answers[0] = "open sesame";
    assert_done(ssh_fixture_try(f), &f->error);
    assert_int_equal(f->asked_count, 1);
    assert_int_equal(f->asked_kind, PROMPT_PASSPHRASE);
    assert_string_equal(f->asked_text, f->options.identity);
    assert_int_equal(f->asked_attempt, 1);
    assert_false(f->asked_echo);
}

static void a_passphrase_opens_a_key_in_the_old_format(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = sshd_file(f->sshd, "old");
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-t", "rsa", "-m", "PEM", "-N",
                                   "open sesame", "-f", f->options.identity, NULL},
             NULL);
    sshd_authorize(f->sshd, "old");
    f->answers[0] = "wrong";
    f->answers[1] = "open sesame";
    assert_done(ssh_fixture_try(f), &f->error);
    assert_int_equal(f->asked_count, 2);
}

static void a_wrong_passphrase_is_asked_for_again(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = encrypted_key(f, "ed25519", "open sesame");
    f->answers[0] = "wrong";
    f->answers[1] = "";
    f->answers[2] = "open sesame";
    assert_done(ssh_fixture_try(f), &f->error);
    assert_int_equal(f->asked_count, 3);
    assert_int_equal(f->asked_attempt, 3);
}

static void three_wrong_passphrases_are_enough(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = encrypted_key(f, "ecdsa", "open sesame");
    f->answers[0] = f->answers[1] = f->answers[2] = "wrong";
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "without its passphrase");
    assert_int_equal(f->asked_count, 3);
}

static void a_passphrase_that_is_not_given_cancels(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = encrypted_key(f, "ed25519", "open sesame");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_CANCELLED);
    assert_int_equal(f->asked_count, 1);
}

static void nobody_to_ask_is_a_refusal(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = encrypted_key(f, "ed25519", "open sesame");
    f->events = (struct connection_events){0};
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
}

static void a_passphrase_is_not_asked_for_in_vain(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "open sesame");
    f->answers[0] = "open sesame";
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->asked_count, 0);
}

/* ---- the agent ---- */

static void a_key_of_the_agent_logs_in(void **state)
{
    static const char *const types[] = {"rsa", "ecdsa", "ed25519"};
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    for (size_t i = 0; i < LENGTH(types); i++) {
        f->options.identity = sshd_make_key(f->sshd, types[i], types[i], "");
        sshd_authorize(f->sshd, types[i]);
        add_to_agent(f->options.identity);
        assert_int_equal(unlink(f->options.identity), 0);
        assert_done(ssh_fixture_try(f), &f->error);
        assert_non_null(strstr(how(f), "agent SHA256:"));
    }
}

static void the_agent_signs_for_an_encrypted_key_without_a_question(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    const char *key = sshd_make_key(f->sshd, "held", "ed25519", "");
    sshd_authorize(f->sshd, "held");
    add_to_agent(key);
    sshd_run(
        (const char *const[]){"ssh-keygen", "-q", "-p", "-P", "", "-N", "secret", "-f", key, NULL},
        NULL);
    f->options.identity = key;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "agent SHA256:"));
    assert_int_equal(f->asked_count, 0);
}

static void a_public_key_names_the_one_of_the_agent(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    add_to_agent(sshd_make_key(f->sshd, "stranger", "ed25519", ""));
    add_to_agent(sshd_identity(f->sshd));
    f->options.identity = sshd_file(f->sshd, "identity.pub");
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "agent SHA256:"));
    f->options.identity = sshd_file(f->sshd, "host_key.pub");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "the agent has none for it");
}

static void other_keys_of_the_agent_stay_there_when_one_is_named(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    add_to_agent(sshd_identity(f->sshd));
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    assert_null(strstr(f->error.message, "agent"));
}

/* Without a named identity the configuration counts; it is empty here, with a home of its own. */
static void any_key_of_the_agent_is_tried_in_turn(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    add_to_agent(sshd_make_key(f->sshd, "stranger", "ed25519", ""));
    add_to_agent(sshd_make_key(f->sshd, "other", "ecdsa", ""));
    add_to_agent(sshd_identity(f->sshd));
    f->options.identity = NULL;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "agent SHA256:"));
}

static void an_agent_with_only_strange_keys_is_refused(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    add_to_agent(sshd_make_key(f->sshd, "stranger", "ed25519", ""));
    f->options.identity = NULL;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "agent key test");
}

static void too_many_keys_are_explained(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    char name[16];
    start_agent(f);
    sshd_configure(f->sshd, "MaxAuthTries 3");
    for (int i = 0; i < 6; i++) {
        snprintf(name, sizeof(name), "key%d", i);
        add_to_agent(sshd_make_key(f->sshd, name, "ed25519", ""));
    }
    f->options.identity = NULL;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "Too many authentication failures");
    assert_non_null(strstr(f->error.hint, "IdentitiesOnly"));
}

static void an_agent_that_is_gone_is_no_obstacle(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    setenv("SSH_AUTH_SOCK", sshd_file(f->sshd, "nobody"), 1);
    assert_done(ssh_fixture_try(f), &f->error);
    assert_non_null(strstr(how(f), "publickey"));
}

static void a_locked_agent_has_no_keys(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    start_agent(f);
    f->options.identity = NULL;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "no key was found");
}

/* ---- further steps ---- */

static void two_keys_may_be_demanded(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "AuthenticationMethods publickey,publickey");
    start_agent(f);
    add_to_agent(sshd_identity(f->sshd));
    const char *second = sshd_make_key(f->sshd, "second", "ecdsa", "");
    sshd_authorize(f->sshd, "second");
    add_to_agent(second);
    f->options.identity = NULL;
    assert_done(ssh_fixture_try(f), &f->error);
}

static void a_step_that_is_missing_is_named(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "AuthenticationMethods publickey,password\nPasswordAuthentication yes");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "needs a further step");
    ssh_fixture_expect_message(f, "the server takes: password");
    assert_non_null(strstr(f->error.hint, "password"));
}

static void a_password_is_only_asked_for_when_allowed(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "PasswordAuthentication yes");
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "");
    f->answers[0] = "surely not the password";
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->asked_count, 0);
    f->options.allow_password = true;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->asked_count, 1);
    assert_int_equal(f->asked_kind, PROMPT_PASSWORD);
    assert_non_null(strstr(f->asked_text, "box.example"));
    ssh_fixture_expect_message(f, "password");
}

static void a_password_that_is_not_given_cancels(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_configure(f->sshd, "PasswordAuthentication yes");
    f->options.identity = sshd_make_key(f->sshd, "stranger", "ed25519", "");
    f->options.allow_password = true;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_CANCELLED);
    assert_int_equal(f->asked_count, 1);
}

static void an_account_that_does_not_exist_is_refused(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    free(f->spec.user);
    f->spec.user = memory_copy_text("nobody-of-that-name");
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "nobody-of-that-name");
}

static void a_banner_does_not_disturb_the_login(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    const char *path = sshd_write(f->sshd, "banner", "Only for \033[31mred\033[0m people\r\n");
    char *line = memory_format("Banner %s", path);
    sshd_configure(f->sshd, line);
    free(line);
    assert_done(ssh_fixture_try(f), &f->error);
    assert_string_equal(f->progress, "box.example says: Only for ?[31mred?[0m people");
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(keys_of_all_types_log_in),
        TEST(a_key_that_the_server_does_not_know_is_refused),
        TEST(no_key_at_all_is_said_so),
        TEST(a_key_file_that_others_can_read_is_not_used),
        TEST(what_is_no_key_is_said_so),
        TEST(a_weak_rsa_key_is_not_used),
        TEST(a_certificate_beside_the_key_logs_in),
        TEST(a_certificate_of_the_agent_logs_in),
        TEST(a_key_whose_certificate_is_strange_still_logs_in),
        TEST(a_passphrase_opens_an_encrypted_key),
        TEST(a_passphrase_opens_a_key_in_the_old_format),
        TEST(a_wrong_passphrase_is_asked_for_again),
        TEST(three_wrong_passphrases_are_enough),
        TEST(a_passphrase_that_is_not_given_cancels),
        TEST(nobody_to_ask_is_a_refusal),
        TEST(a_passphrase_is_not_asked_for_in_vain),
        TEST(a_key_of_the_agent_logs_in),
        TEST(the_agent_signs_for_an_encrypted_key_without_a_question),
        TEST(a_public_key_names_the_one_of_the_agent),
        TEST(other_keys_of_the_agent_stay_there_when_one_is_named),
        TEST(any_key_of_the_agent_is_tried_in_turn),
        TEST(an_agent_with_only_strange_keys_is_refused),
        TEST(too_many_keys_are_explained),
        TEST(an_agent_that_is_gone_is_no_obstacle),
        TEST(a_locked_agent_has_no_keys),
        TEST(two_keys_may_be_demanded),
        TEST(a_step_that_is_missing_is_named),
        TEST(a_password_is_only_asked_for_when_allowed),
        TEST(a_password_that_is_not_given_cancels),
        TEST(an_account_that_does_not_exist_is_refused),
        TEST(a_banner_does_not_disturb_the_login),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
