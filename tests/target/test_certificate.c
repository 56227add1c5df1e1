/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Host certificates: a real server that has one, our way through the OpenSSH client, and beside it
 * the OpenSSH client alone as the oracle. What it refuses must never be taken here unasked.
 */
#include "support/testing.h"

#include "ssh_fixture.h"

#include "base/digest.h"
#include "base/process.h"
#include "target/certificate.h"

#include <unistd.h>

enum { ARGUMENTS_MAX = 8 };

/* In a line, $A is the key of the authority that signed, $B of another one, $K the server's own
 * key, $C another key of its type. */
static const struct certificate_case {
    const char *name;
    const char *known;
    const char *arguments[ARGUMENTS_MAX]; /* of ssh-keygen, when the certificate is made */
    bool is_taken;                        /* without a question, by OpenSSH and by us */
    const char *where;                    /* in the question */
} table[] = {
    {"signed", "@cert-authority box.example $A\n", {"-h", "-n", "box.example"}, true, NULL},
    {"signed, on record by a pattern",
     "@cert-authority *.example $A\n",
     {"-h", "-n", "other,box.example"},
     true,
     NULL},
    {"signed for a pattern, which is none in a certificate",
     "@cert-authority *.example $A\n",
     {"-h", "-n", "*.example"},
     false,
     "but it is for other hosts"},
    {"signed for all hosts", "@cert-authority * $A\n", {"-h"}, true, NULL},
    {"signed, and another key is on record",
     "box.example $C\n@cert-authority * $A\n",
     {"-h", "-n", "box.example"},
     true,
     NULL},
    {"signed by nobody on record",
     "@cert-authority box.example $B\n",
     {"-h", "-n", "box.example"},
     false,
     "known_hosts:1"},
    {"signed by an authority of other hosts",
     "@cert-authority other.example $A\n",
     {"-h", "-n", "box.example"},
     false,
     ""},
    {"signed for other hosts",
     "@cert-authority box.example $A\n",
     {"-h", "-n", "other.example"},
     false,
     "known_hosts:1 signed its certificate, but it is for other hosts"},
    {"expired",
     "@cert-authority box.example $A\n",
     {"-h", "-n", "box.example", "-V", "20200101:20200102"},
     false,
     "but it is expired"},
    {"not valid yet",
     "@cert-authority box.example $A\n",
     {"-h", "-n", "box.example", "-V", "20900101:20910101"},
     false,
     "but it is not valid yet"},
    {"a user's certificate",
     "@cert-authority box.example $A\n",
     {"-n", "box.example"},
     false,
     "known_hosts:1"},
    {"the authority's key is listed as a host's",
     "box.example $A\n",
     {"-h", "-n", "box.example"},
     false,
     NULL},
    {"the authority is revoked",
     "@cert-authority box.example $A\n@revoked * $A\n",
     {"-h", "-n", "box.example"},
     false,
     NULL},
    {"the host's key is revoked",
     "@cert-authority box.example $A\n@revoked * $K\n",
     {"-h", "-n", "box.example"},
     false,
     NULL},
    {"expired, and the key itself is on record",
     "@cert-authority box.example $A\nbox.example $K\n",
     {"-h", "-n", "box.example", "-V", "20200101:20200102"},
     true,
     NULL},
    {"signed by nobody on record, and the key itself is",
     "box.example $K\n",
     {"-h", "-n", "box.example"},
     true,
     NULL},
};

/* ---- the server ---- */

static void sign(struct ssh_fixture *f, const char *const arguments[ARGUMENTS_MAX])
{
    const char *words[ARGUMENTS_MAX + 8] = {
        "ssh-keygen", "-q", "-s", sshd_file(f->sshd, "authority"), "-I", "test"};
    size_t count = 6;
    for (size_t i = 0; i < ARGUMENTS_MAX && arguments[i] != NULL; i++)
        words[count++] = arguments[i];
    words[count] = sshd_file(f->sshd, "host_key.pub");
    sshd_run(words, NULL);
}

static void know(struct ssh_fixture *f, const char *text)
{
    struct buffer lines = {0};
    for (const char *at = text; *at != '\0'; at++) {
        const char *key = at[0] != '$'   ? NULL
                          : at[1] == 'A' ? sshd_public_key(f->sshd, "authority")
                          : at[1] == 'B' ? sshd_public_key(f->sshd, "other_authority")
                          : at[1] == 'C' ? sshd_public_key(f->sshd, "changed")
                                         : sshd_host_key(f->sshd);
        if (key != NULL)
            buffer_append_text(&lines, key);
        else
            buffer_append_byte(&lines, *at);
        at += key != NULL;
    }
    sshd_write(f->sshd, "known_hosts", buffer_text(&lines));
    buffer_release(&lines);
}

static void configure(struct ssh_fixture *f, int port, const char *more)
{
    char *text = memory_format(
        "Host box.example near\n HostName 127.0.0.1\n Port %d\n User %s\n"
        " IdentityFile %s\n UserKnownHostsFile %s\n GlobalKnownHostsFile none\n%s",
        port, sshd_user(f->sshd), sshd_identity(f->sshd), f->known_hosts.items[0], more);
    testing_write("environment/home/.ssh/config", text);
    free(text);
    free(f->spec.user);
    f->spec.user = NULL;
    f->options = (struct connection_options){.helper = testing_build("walkdown-worker")};
}

static struct ssh_fixture *prepared(void **state, const char *more)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    char *line = memory_format("HostCertificate %s-cert.pub", sshd_file(f->sshd, "host_key"));
    sshd_make_key(f->sshd, "authority", "ecdsa", "");
    sshd_make_key(f->sshd, "other_authority", "ed25519", "");
    sshd_make_key(f->sshd, "changed", "ed25519", "");
    sign(f, table[0].arguments);
    sshd_configure(f->sshd, line);
    free(line);
    configure(f, sshd_listen(f->sshd), more);
    return f;
}

static bool try_open(struct ssh_fixture *f)
{
    connection_close(f->connection);
    f->connection = NULL;
    return connection_open(&f->spec, &f->options, &f->events, &f->connection, &f->error);
}

static int tear_down(void **state)
{
    testing_write("environment/home/.ssh/config", "");
    return ssh_fixture_tear_down(state);
}

/* ---- the oracle ---- */

/* Whether the client takes the host's key in strict mode; what it may not do is to log in. */
static bool openssh_accepts(struct ssh_fixture *f)
{
    const struct process_options options = {
        .arguments =
            (const char *const[]){"ssh", "-F", testing_path("environment/home/.ssh/config"), "-o",
                                  "StrictHostKeyChecking=yes", "-o", "BatchMode=yes", "-o",
                                  "PreferredAuthentications=none", "box.example", "true", NULL}};
    struct process_result result = {0};
    assert_done(process_run(&options, &result, &f->error), &f->error);
    bool accepted = strstr(buffer_text(&result.errors), "Permission denied") != NULL;
    bool refused = strstr(buffer_text(&result.errors), "Host key verification failed") != NULL;
    if (accepted == refused)
        print_error("ssh: %s\n", buffer_text(&result.errors));
    process_result_release(&result);
    assert_true(accepted != refused);
    return accepted;
}

static void check_case(struct ssh_fixture *f, const struct certificate_case *one)
{
    sign(f, one->arguments);
    know(f, one->known);
    f->hostkey_count = 0;
    f->spec.by_client = true;
    bool is_taken = try_open(f) && f->hostkey_count == 0;
    if (is_taken != one->is_taken)
        fail_msg("%s: %s", one->name, is_taken ? "taken" : f->error.message);
    if (openssh_accepts(f) != one->is_taken)
        fail_msg("%s: OpenSSH thinks otherwise", one->name);
    if (!is_taken)
        assert_int_equal(f->error.code, ERROR_DENIED);
    if (one->where != NULL && (f->hostkey_count != 1 || strstr(f->where, one->where) == NULL))
        fail_msg("%s: asked %d times, '%s'", one->name, f->hostkey_count,
                 f->where == NULL ? "" : f->where);
}

static void certificates_are_taken_as_openssh_takes_them(void **state)
{
    struct ssh_fixture *f = prepared(state, " HostKeyAlias box.example\n");
    for (size_t i = 0; i < LENGTH(table); i++)
        check_case(f, &table[i]);
}

static void the_key_behind_a_certificate_is_what_is_recorded(void **state)
{
    struct ssh_fixture *f = prepared(state, " HostKeyAlias box.example\n");
    know(f, "@cert-authority * $A\n");
    assert_done(try_open(f), &f->error);
    const struct hostkey *hostkey = &connection_identity(f->connection)->hostkey;
    assert_string_equal(hostkey->type, "ssh-ed25519");
    assert_non_null(strstr(sshd_host_key(f->sshd), hostkey->key));
}

static void an_authority_on_record_leads_to_the_client(void **state)
{
    struct ssh_fixture *f = prepared(state, " HostKeyAlias box.example\n");
    know(f, "@cert-authority * $A\n");
    assert_false(f->spec.by_client);
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 0);
    assert_non_null(strstr(connection_identity(f->connection)->authentication, "publickey"));
    f->options.pinned_key = strchr(sshd_host_key(f->sshd), ' ') + 1;
    assert_done(try_open(f), &f->error);
    assert_null(strstr(f->progress, "OpenSSH"));
}

static void a_pinned_key_outweighs_an_authority(void **state)
{
    struct ssh_fixture *f = prepared(state, " HostKeyAlias box.example\n");
    know(f, "@cert-authority * $A\n");
    f->spec.by_client = true;
    f->options.pinned_key = strchr(sshd_public_key(f->sshd, "changed"), ' ') + 1;
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "CHANGED");
}

static void a_host_on_a_port_of_its_own_is_asked_about_once(void **state)
{
    struct ssh_fixture *f = prepared(state, "");
    f->spec.by_client = true;
    know(f, "");
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    assert_int_equal(f->hostkey_count, 1);
    sign(f, (const char *const[ARGUMENTS_MAX]){"-h", "-n", "127.0.0.1"});
    know(f, "@cert-authority 127.0.0.1 $A\n");
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 1);
}

static void a_jump_host_may_have_a_certificate_too(void **state)
{
    struct ssh_fixture *f = prepared(state, "Host near\n HostKeyAlias near\n"
                                            "Host box.example\n HostKeyAlias box.example\n"
                                            " ProxyJump near\n");
    sign(f, (const char *const[ARGUMENTS_MAX]){"-h", "-n", "near,box.example"});
    know(f, "@cert-authority near $A\nbox.example $K\n");
    assert_done(try_open(f), &f->error);
    assert_int_equal(f->hostkey_count, 0);
    know(f, "@cert-authority near $B\nbox.example $K\n");
    assert_refused(try_open(f), &f->error, ERROR_DENIED);
    ssh_fixture_expect_message(f, "'near' is unknown");
    assert_int_equal(f->hostkey_count, 1);
}

/* ---- bytes ---- */

static void read_file(struct ssh_fixture *f, struct buffer *blob)
{
    const char *base64 = sshd_public_key(f->sshd, "host_key-cert");
    base64 = strchr(base64, ' ') + 1;
    assert_true(base64_decode(base64, strlen(base64), blob));
}

static void a_certificate_is_read_whole_or_not_at_all(void **state)
{
    struct ssh_fixture *f = ssh_fixture_ready(state);
    struct certificate certificate = {0};
    struct buffer blob = {0};
    sshd_make_key(f->sshd, "authority", "ecdsa", "");
    sign(f, (const char *const[ARGUMENTS_MAX]){"-h", "-n", "one,two", "-V",
                                               "19700101000140:19700101000320"});
    read_file(f, &blob);
    assert_done(certificate_read(blob.data, blob.length, &certificate, &f->error), &f->error);
    assert_true(certificate.is_for_host);
    assert_int_equal(certificate.valid_after_s, 100);
    assert_int_equal(certificate.valid_before_s, 200);
    assert_int_equal(certificate.principals.count, 2);
    assert_string_equal(certificate.principals.items[1], "two");
    assert_null(certificate_objection(&certificate, "two", 100));
    assert_non_null(certificate_objection(&certificate, "two", 99));
    assert_non_null(certificate_objection(&certificate, "two", 200));
    assert_non_null(certificate_objection(&certificate, "tw", 100));
    certificate_release(&certificate);
    for (size_t length = 0; length < blob.length; length++)
        assert_refused(certificate_read(blob.data, length, &certificate, &f->error), &f->error,
                       ERROR_INVALID);
    buffer_append_byte(&blob, 'x');
    assert_refused(certificate_read(blob.data, blob.length, &certificate, &f->error), &f->error,
                   ERROR_INVALID);
    buffer_release(&blob);
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, ssh_fixture_set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(certificates_are_taken_as_openssh_takes_them),
        TEST(the_key_behind_a_certificate_is_what_is_recorded),
        TEST(an_authority_on_record_leads_to_the_client),
        TEST(a_pinned_key_outweighs_an_authority),
        TEST(a_host_on_a_port_of_its_own_is_asked_about_once),
        TEST(a_jump_host_may_have_a_certificate_too),
        TEST(a_certificate_is_read_whole_or_not_at_all),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
