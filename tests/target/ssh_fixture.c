/* SPDX-License-Identifier: Apache-2.0 */
#include "ssh_fixture.h"

#include "support/testing.h"

#include <unistd.h>

/* libssh forgets the agent's earlier answer when a further key of an agent is tried: about 100
 * bytes for each. We never make one of its buffers ourselves. */
const char *__lsan_default_suppressions(void);
const char *__lsan_default_suppressions(void)
{
    return "leak:ssh_buffer_new\n";
}

static void on_progress(void *context, const char *text)
{
    struct ssh_fixture *f = context;
    free(f->progress);
    f->progress = memory_copy_text(text);
}

static bool on_hostkey(void *context, const struct hostkey *hostkey, enum hostkey_verdict verdict,
                       const char *where)
{
    struct ssh_fixture *f = context;
    f->hostkey_count++;
    f->verdict = verdict;
    free(f->fingerprint);
    free(f->where);
    f->fingerprint = memory_copy_text(hostkey->fingerprint);
    f->where = memory_copy_text(where);
    return f->accepts_hostkey;
}

static bool on_prompt(void *context, const struct prompt *prompt, struct buffer *ret_answer)
{
    struct ssh_fixture *f = context;
    const char *answer = f->asked_count < FIXTURE_ANSWERS ? f->answers[f->asked_count] : NULL;
    f->asked_count++;
    f->asked_kind = prompt->kind;
    f->asked_echo = prompt->echo;
    f->asked_attempt = prompt->attempt;
    free(f->asked_text);
    f->asked_text = memory_copy_text(prompt->text);
    if (answer != NULL)
        buffer_append_text(ret_answer, answer);
    return answer != NULL;
}

void ssh_fixture_know(struct ssh_fixture *f, const char *text)
{
    struct buffer lines = {0};
    for (const char *at = text; *at != '\0'; at++) {
        bool is_key = at[0] == '$' && at[1] == 'K';
        if (is_key)
            buffer_append_text(&lines, sshd_host_key(f->sshd));
        else
            buffer_append_byte(&lines, *at);
        at += is_key;
    }
    sshd_write(f->sshd, "known_hosts", buffer_text(&lines));
    buffer_release(&lines);
}

int ssh_fixture_set_up(void **state)
{
    struct ssh_fixture *f = memory_new(1, sizeof(*f));
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
    ssh_fixture_know(f, "box.example $K\n");
    return 0;
}

int ssh_fixture_tear_down(void **state)
{
    struct ssh_fixture *f = *state;
    connection_close(f->connection);
    for (size_t i = 0; i < FIXTURE_SHELLS; i++)
        recorder_release(&f->recorders[i]);
    if (f->options.socket_fd > 0)
        close(f->options.socket_fd);
    strings_release(&f->known_hosts);
    target_spec_release(&f->spec);
    free(f->asked_text);
    free(f->fingerprint);
    free(f->where);
    free(f->progress);
    sshd_free(f->sshd);
    free(f);
    return 0;
}

struct ssh_fixture *ssh_fixture_ready(void **state)
{
    struct ssh_fixture *f = *state;
    if (f->sshd == NULL)
        skip();
    return f;
}

bool ssh_fixture_try(struct ssh_fixture *f)
{
    connection_close(f->connection);
    f->connection = NULL;
    if (f->options.socket_fd > 0)
        close(f->options.socket_fd);
    f->options.socket_fd = sshd_connect(f->sshd);
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

struct ssh_fixture *ssh_fixture_open(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    assert_done(ssh_fixture_try(f), &f->error);
    return f;
}

struct recorder *ssh_fixture_shell(struct ssh_fixture *f, size_t index, const char *script)
{
    recorder_open(&f->recorders[index], f->connection, script);
    return &f->recorders[index];
}

void ssh_fixture_expect_message(const struct ssh_fixture *f, const char *part)
{
    if (strstr(f->error.message, part) == NULL)
        fail_msg("expected '%s' in '%s'", part, f->error.message);
}
