/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "recorder.h"
#include "support/sshd.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/process.h"

#include <signal.h>
#include <sys/resource.h>
#include <unistd.h>

enum { SHELLS = 4, LONG_WAIT_MS = 60000 };

struct fixture {
    struct sshd *sshd;
    struct target_spec spec;
    struct connection_options options;
    struct connection_events events;
    struct strings known_hosts;
    struct connection *connection;
    struct recorder recorders[SHELLS];
    struct error error;
    /* what the user answers, and was asked */
    bool accepts_hostkey;
    const char *answers[4];
    size_t answer_count, asked_count;
    enum prompt_kind asked_kind;
    char *asked_text;
    int asked_attempt;
    int hostkey_asked;
    enum hostkey_verdict verdict;
    char *fingerprint;
};

static void on_progress(void *context, const char *text)
{
    (void)context;
    assert_true(text[0] != '\0');
}

static bool on_hostkey(void *context, const struct hostkey *hostkey, enum hostkey_verdict verdict,
                       const char *where)
{
    struct fixture *f = context;
    f->hostkey_asked++;
    f->verdict = verdict;
    free(f->fingerprint);
    f->fingerprint = memory_copy_text(hostkey->fingerprint);
    return where != NULL && f->accepts_hostkey;
}

static bool on_prompt(void *context, const struct prompt *prompt, struct buffer *ret_answer)
{
    struct fixture *f = context;
    f->asked_kind = prompt->kind;
    f->asked_attempt = prompt->attempt;
    free(f->asked_text);
    f->asked_text = memory_copy_text(prompt->text);
    const char *answer = f->asked_count < f->answer_count ? f->answers[f->asked_count] : NULL;
    f->asked_count++;
    if (answer == NULL)
        return false;
    buffer_append_text(ret_answer, answer);
    return true;
}

static void know(struct fixture *f, const char *line)
{
    char *text = memory_format("%s %s\n", line, sshd_host_key(f->sshd));
    sshd_write(f->sshd, "known_hosts", text);
    free(text);
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    *state = f;
    if (!sshd_is_installed())
        return 0;
    f->sshd = sshd_new();
    f->events = (struct connection_events){
        .context = f, .progress = on_progress, .accept_hostkey = on_hostkey, .prompt = on_prompt};
    f->spec = (struct target_spec){.kind = TARGET_SSH,
                                   .host = memory_copy_text("box.example"),
                                   .user = memory_copy_text(sshd_user(f->sshd))};
    strings_push(&f->known_hosts, sshd_file(f->sshd, "known_hosts"));
    f->options.identity = sshd_identity(f->sshd);
    f->options.known_hosts = &f->known_hosts;
    know(f, "box.example");
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    connection_close(f->connection);
    for (size_t i = 0; i < SHELLS; i++)
        recorder_release(&f->recorders[i]);
    if (f->options.socket_fd > 0)
        close(f->options.socket_fd);
    strings_release(&f->known_hosts);
    target_spec_release(&f->spec);
    free(f->asked_text);
    free(f->fingerprint);
    sshd_free(f->sshd);
    free(f);
    return 0;
}

static bool try_open(struct fixture *f)
{
    if (f->options.socket_fd > 0)
        close(f->options.socket_fd);
    f->options.socket_fd = sshd_connect(f->sshd);
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

static struct fixture *opened(void **state)
{
    struct fixture *f = *state;
    if (f->sshd == NULL)
        skip();
    assert_done(try_open(f), &f->error);
    return f;
}

static struct recorder *start(struct fixture *f, size_t index, const char *script)
{
    recorder_open(&f->recorders[index], f->connection, script);
    return &f->recorders[index];
}

/* ---- shells ---- */

static void a_script_runs_and_its_streams_are_separate(void **state)
{
    struct recorder *shell = start(opened(state), 0, "echo out; echo err >&2; exit 7\n");
    recorder_wait_for_end(shell);
    assert_int_equal(shell->exit_status, 7);
    assert_string_equal(recorder_stdout(shell), "out\n");
    assert_string_equal(recorder_stderr(shell), "err\n");
}

static void the_identity_says_who_and_how(void **state)
{
    struct fixture *f = opened(state);
    const struct connection_identity *identity = connection_identity(f->connection);
    assert_string_equal(identity->host, "box.example");
    assert_string_equal(identity->user, sshd_user(f->sshd));
    assert_non_null(strstr(identity->server_version, "SSH-2.0-OpenSSH"));
    assert_non_null(strstr(identity->key_exchange, "curve25519"));
    assert_non_null(strstr(identity->cipher, "gcm"));
    assert_non_null(strstr(identity->authentication, "publickey SHA256:"));
    assert_string_equal(identity->hostkey.host, "box.example");
    assert_string_equal(identity->hostkey.type, "ssh-ed25519");
    assert_string_equal(identity->hostkey.key, strchr(sshd_host_key(f->sshd), ' ') + 1);
    assert_int_equal(f->hostkey_asked, 0);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(a_script_runs_and_its_streams_are_separate),
        TEST(the_identity_says_who_and_how),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
