/* SPDX-License-Identifier: Apache-2.0 */
/* A connection of a test to a real OpenSSH server, and a user who answers as the test wants. */
#ifndef TARGET_SSH_FIXTURE_H
#define TARGET_SSH_FIXTURE_H

#include "recorder.h"
#include "support/sshd.h"

#include "base/array.h"
#include "target/connection.h"

enum { FIXTURE_SHELLS = 4, FIXTURE_ANSWERS = 4 };

struct ssh_fixture {
    struct sshd *sshd; /* NULL: not installed, the test skips */
    struct target_spec spec;
    struct connection_options options; /* known_hosts and identity of the server's folder */
    struct connection_events events;
    struct strings known_hosts;
    struct connection *connection;
    struct recorder recorders[FIXTURE_SHELLS];
    struct error error;
    /* what the user answers; NULL: nothing */
    bool accepts_hostkey;
    const char *answers[FIXTURE_ANSWERS];
    /* what the user was asked, last */
    size_t asked_count;
    enum prompt_kind asked_kind;
    char *asked_text;
    bool asked_echo;
    int asked_attempt;
    int hostkey_count;
    enum hostkey_verdict verdict;
    char *fingerprint, *where;
    char *progress; /* the newest line */
};

/* The host is "box.example" and its key is on record. */
int ssh_fixture_set_up(void **state);
int ssh_fixture_tear_down(void **state);
/* Write known_hosts of the fixture: each "$K" in TEXT stands for the server's key. */
void ssh_fixture_know(struct ssh_fixture *f, const char *text);
/* Skip the test where there is no server. */
struct ssh_fixture *ssh_fixture_ready(void **state);
/* Start a server on a socket pair and open a connection to it. */
bool ssh_fixture_try(struct ssh_fixture *f) MUST_USE;
struct ssh_fixture *ssh_fixture_open(void **state);
struct recorder *ssh_fixture_shell(struct ssh_fixture *f, size_t index, const char *script);
/* Fail unless the error's message holds PART. */
void ssh_fixture_expect_message(const struct ssh_fixture *f, const char *part);

#define SSH_TEST(name)                                                                             \
    cmocka_unit_test_setup_teardown(name, ssh_fixture_set_up, ssh_fixture_tear_down)

#endif
