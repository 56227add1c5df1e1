/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/file.h"

/* Fails when the server saw as much as a request to log in. */
static void expect_no_login(struct ssh_fixture *f)
{
    struct buffer log = {0};
    struct error error = {0};
    bool done = file_read(sshd_file(f->sshd, "sshd.log"), 1 << 20, &log, &error);
    bool saw_login =
        done && (strstr(log.data, "user root") != NULL || strstr(log.data, "Accepted") != NULL ||
                 strstr(log.data, "Failed") != NULL);
    buffer_release(&log);
    assert_done(done, &error);
    assert_false(saw_login);
}

static void expect_refused(struct ssh_fixture *f, const char *word)
{
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, word);
    ssh_fixture_expect_message(f, "box.example");
    assert_true(f->error.hint[0] != '\0');
    expect_no_login(f);
}

static void a_known_key_raises_no_question(void **state)
{
    struct ssh_fixture *f = ssh_fixture_open(state);
    assert_int_equal(f->hostkey_count, 0);
}

static void first_contact_is_the_users_decision(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "elsewhere $K\n");
    f->accepts_hostkey = true;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_int_equal(f->hostkey_count, 1);
    assert_int_equal(f->verdict, HOSTKEY_UNKNOWN);
    assert_string_equal(f->where, "");
    assert_string_equal(f->fingerprint, connection_identity(f->connection)->hostkey.fingerprint);
}

static void a_refused_first_contact_ends_it(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "");
    expect_refused(f, "unknown");
    assert_int_equal(f->hostkey_count, 1);
    ssh_fixture_expect_message(f, f->fingerprint);
}

static void first_contact_without_a_user_ends_it(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "");
    f->events = (struct connection_events){0};
    expect_refused(f, "unknown");
}

static void a_changed_key_stops_and_both_fingerprints_are_told(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_make_key(f->sshd, "old", "ed25519", "");
    char *line = memory_format("box.example %s\n", sshd_public_key(f->sshd, "old"));
    sshd_write(f->sshd, "known_hosts", line);
    free(line);
    f->accepts_hostkey = true;
    expect_refused(f, "CHANGED");
    ssh_fixture_expect_message(f, "known_hosts:1");
    const char *first = strstr(f->error.message, "SHA256:");
    assert_non_null(first);
    const char *second = strstr(first + 1, "SHA256:");
    assert_non_null(second);
    assert_memory_not_equal(first, second, 50);
    assert_int_equal(f->hostkey_count, 0);
}

static void a_key_of_another_type_stops(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_make_key(f->sshd, "old", "ecdsa", "");
    char *line = memory_format("box.example %s\n", sshd_public_key(f->sshd, "old"));
    sshd_write(f->sshd, "known_hosts", line);
    free(line);
    f->accepts_hostkey = true;
    expect_refused(f, "another type");
    assert_int_equal(f->hostkey_count, 0);
}

static void a_revoked_key_stops(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "box.example $K\n@revoked * $K\n");
    f->accepts_hostkey = true;
    expect_refused(f, "REVOKED");
    ssh_fixture_expect_message(f, "known_hosts:2");
    assert_int_equal(f->hostkey_count, 0);
}

static void a_pinned_key_counts_like_a_known_one(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "");
    f->options.pinned_key = strchr(sshd_host_key(f->sshd), ' ') + 1;
    assert_done(ssh_fixture_try(f), &f->error);
    assert_int_equal(f->hostkey_count, 0);
}

static void a_key_other_than_the_pinned_one_stops(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    sshd_make_key(f->sshd, "pinned", "ed25519", "");
    f->options.pinned_key = strchr(sshd_public_key(f->sshd, "pinned"), ' ') + 1;
    f->accepts_hostkey = true;
    expect_refused(f, "CHANGED");
    ssh_fixture_expect_message(f, "pinned in the review");
}

/* A server with several keys shows the one that is on record. */
static void the_known_type_is_asked_for_first(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    static const char *const types[] = {"rsa", "ecdsa"};
    for (size_t i = 0; i < LENGTH(types); i++) {
        char *line = memory_format("HostKey %s", sshd_make_key(f->sshd, types[i], types[i], ""));
        sshd_configure(f->sshd, line);
        free(line);
    }
    for (size_t i = 0; i < LENGTH(types); i++) {
        char *line = memory_format("box.example %s\n", sshd_public_key(f->sshd, types[i]));
        sshd_write(f->sshd, "known_hosts", line);
        free(line);
        assert_done(ssh_fixture_try(f), &f->error);
        assert_non_null(strstr(connection_identity(f->connection)->hostkey.type, types[i]));
    }
}

static void an_unreadable_record_stops(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    strings_push(&f->known_hosts, testing_folder());
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_IO);
    expect_no_login(f);
}

static void a_port_of_its_own_is_part_of_the_name(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    ssh_fixture_know(f, "[box.example]:2200 $K\n");
    f->spec.port = 2200;
    assert_done(ssh_fixture_try(f), &f->error);
    f->spec.port = 2201;
    assert_refused(ssh_fixture_try(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "unknown");
}

/* Weak algorithms are not agreed on. */
static void weak_algorithms_are_refused(void **state)
{
    static const char *const weak[] = {"Ciphers aes128-cbc",
                                       "KexAlgorithms diffie-hellman-group14-sha1",
                                       "MACs hmac-sha1\nCiphers aes128-ctr"};
    struct ssh_fixture *f = ssh_fixture_ready(state);
    for (size_t i = 0; i < LENGTH(weak); i++) {
        struct sshd *other = sshd_new();
        struct sshd *kept = f->sshd;
        f->sshd = other;
        sshd_configure(other, weak[i]);
        bool done = ssh_fixture_try(f);
        f->sshd = kept;
        sshd_free(other);
        assert_refused(done, &f->error, ERROR_UNREACHABLE);
        ssh_fixture_expect_message(f, "secure connection");
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        SSH_TEST(a_known_key_raises_no_question),
        SSH_TEST(first_contact_is_the_users_decision),
        SSH_TEST(a_refused_first_contact_ends_it),
        SSH_TEST(first_contact_without_a_user_ends_it),
        SSH_TEST(a_changed_key_stops_and_both_fingerprints_are_told),
        SSH_TEST(a_key_of_another_type_stops),
        SSH_TEST(a_revoked_key_stops),
        SSH_TEST(a_pinned_key_counts_like_a_known_one),
        SSH_TEST(a_key_other_than_the_pinned_one_stops),
        SSH_TEST(the_known_type_is_asked_for_first),
        SSH_TEST(an_unreadable_record_stops),
        SSH_TEST(a_port_of_its_own_is_part_of_the_name),
        SSH_TEST(weak_algorithms_are_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
