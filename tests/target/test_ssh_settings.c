/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "target/ssh_settings.h"

#include "base/path.h"

#include <sys/socket.h>
#include <unistd.h>

struct fixture {
    struct ssh_settings settings;
    struct target_spec spec;
    struct connection_options options;
    char *path;
    struct error error;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    char *client = path_find_program("ssh");
    f->path = client == NULL ? NULL : memory_copy_text(getenv("PATH"));
    free(client);
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    if (f->path != NULL)
        setenv("PATH", f->path, 1);
    unsetenv("SSH_AUTH_SOCK");
    unsetenv("KEYS");
    testing_write("environment/home/.ssh/config", "");
    ssh_settings_release(&f->settings);
    target_spec_release(&f->spec);
    free(f->path);
    free(f);
    return 0;
}

static bool load(struct fixture *f, const char *configuration, const char *target)
{
    testing_write("environment/home/.ssh/config", configuration);
    ssh_settings_release(&f->settings);
    target_spec_release(&f->spec);
    assert_done(target_spec_parse(target, &f->spec, &f->error), &f->error);
    return ssh_settings_load(&f->spec, &f->options, &f->settings, &f->error);
}

static struct fixture *with_client(void **state)
{
    struct fixture *f = *state;
    if (f->path == NULL)
        skip();
    return f;
}

static const char *home_file(const char *name)
{
    char *relative = memory_format("environment/home/%s", name);
    const char *path = testing_path(relative);
    free(relative);
    return path;
}

/* The home folder of a test is not that of the account: its configuration is the one that counts.
 */
static void the_configuration_of_the_home_folder_counts(void **state)
{
    struct fixture *f = with_client(state);
    assert_done(load(f,
                     "Host web\n HostName 10.0.0.7\n User jo\n Port 2200\n"
                     " IdentityFile \"~/.ssh/a key\"\n IdentityFile %d/.ssh/%r-%h-%p%%\n"
                     " IdentitiesOnly yes\n HostKeyAlias alias\n ConnectTimeout 7\n"
                     " AddressFamily inet6\n IdentityAgent /run/%r\n",
                     "web"),
                &f->error);
    assert_string_equal(f->settings.host, "10.0.0.7");
    assert_string_equal(f->settings.user, "jo");
    assert_int_equal(f->settings.port, 2200);
    assert_int_equal(f->settings.identity_files.count, 2);
    assert_string_equal(f->settings.identity_files.items[1], home_file(".ssh/jo-10.0.0.7-2200%"));
    assert_true(f->settings.identities_only);
    assert_string_equal(f->settings.record_name, "alias");
    assert_int_equal(f->settings.connect_timeout_ms, 7000);
    assert_int_equal(f->settings.address_family, AF_INET6);
    assert_string_equal(f->settings.agent_socket, "/run/jo");
}

static void what_the_target_names_is_stronger(void **state)
{
    struct fixture *f = with_client(state);
    assert_done(load(f, "Host *\n User jo\n Port 2200\n", "ssh://ann@web:22"), &f->error);
    assert_string_equal(f->settings.user, "ann");
    assert_int_equal(f->settings.port, 22);
    assert_string_equal(f->settings.host, "web");
}

static void default_files_are_those_of_the_home_folder(void **state)
{
    struct fixture *f = with_client(state);
    setenv("SSH_AUTH_SOCK", "/run/agent", 1);
    assert_done(load(f, "", "web"), &f->error);
    assert_true(strings_contains(&f->settings.identity_files, home_file(".ssh/id_ed25519")));
    assert_string_equal(f->settings.known_hosts.items[0], home_file(".ssh/known_hosts"));
    assert_true(strings_contains(&f->settings.known_hosts, "/etc/ssh/ssh_known_hosts"));
    assert_string_equal(f->settings.agent_socket, "/run/agent");
    assert_int_equal(f->settings.port, 22);
    assert_false(f->settings.identities_only);
    assert_null(f->settings.record_name);
}

static void names_of_files_are_told_apart(void **state)
{
    struct fixture *f = with_client(state);
    setenv("KEYS", "/srv/keys", 1);
    assert_done(load(f,
                     "UserKnownHostsFile \"~/known hosts\" /etc/k ${KEYS}/k\n"
                     "GlobalKnownHostsFile none\nIdentityFile ${KEYS}/id\n",
                     "web"),
                &f->error);
    assert_true(strings_contains(&f->settings.known_hosts, home_file("known hosts")));
    assert_int_equal(f->settings.known_hosts.count, 4);
    assert_true(strings_contains(&f->settings.known_hosts, "/etc/k"));
    assert_true(strings_contains(&f->settings.known_hosts, "/srv/keys/k"));
    assert_string_equal(f->settings.identity_files.items[0], "/srv/keys/id");
}

static void methods_can_be_switched_off(void **state)
{
    struct fixture *f = with_client(state);
    assert_done(load(f, "PreferredAuthentications publickey\n", "web"), &f->error);
    assert_true(f->settings.no_password && f->settings.no_keyboard && !f->settings.no_keys);
    assert_done(load(f, "PubkeyAuthentication no\nIdentityAgent none\n", "web"), &f->error);
    assert_true(f->settings.no_keys && !f->settings.no_password);
    assert_null(f->settings.agent_socket);
}

static void what_libssh_cannot_do_is_left_to_the_client(void **state)
{
    static const char *const lines[][2] = {
        {"ProxyJump bastion", "ProxyJump"},
        {"ProxyCommand nc %h %p", "ProxyCommand"},
        {"CertificateFile ~/.ssh/id-cert.pub", "CertificateFile"},
        {"BindAddress 127.0.0.1", "BindAddress"},
        {"RevokedHostKeys /etc/revoked", "RevokedHostKeys"},
    };
    struct fixture *f = with_client(state);
    for (size_t i = 0; i < LENGTH(lines); i++) {
        assert_done(load(f, lines[i][0], "web"), &f->error);
        assert_string_equal(f->settings.needs_client, lines[i][1]);
    }
}

static void a_key_on_a_token_is_left_to_the_client(void **state)
{
    struct fixture *f = with_client(state);
    testing_write("environment/home/.ssh/token", "");
    testing_write("environment/home/.ssh/token.pub", "sk-ssh-ed25519@openssh.com AAAA\n");
    testing_write("environment/home/.ssh/file.pub", "ssh-ed25519 AAAA\n");
    assert_done(load(f, "IdentityFile ~/.ssh/file\n", "web"), &f->error);
    assert_null(f->settings.needs_client);
    assert_done(load(f, "IdentityFile ~/.ssh/token\n", "web"), &f->error);
    assert_non_null(strstr(f->settings.needs_client, "token"));
}

static void what_cannot_be_done_is_named(void **state)
{
    static const char *const lines[][2] = {
        {"KnownHostsCommand /bin/keys %H", "KnownHostsCommand"},
        {"IdentityFile ~/.ssh/%C", "%C"},
    };
    struct fixture *f = with_client(state);
    for (size_t i = 0; i < LENGTH(lines); i++) {
        assert_refused(load(f, lines[i][0], "web"), &f->error, ERROR_UNSUPPORTED);
        assert_non_null(strstr(f->error.message, lines[i][1]));
    }
    assert_done(load(f, "ProxyJump none\nProxyCommand none\n", "web"), &f->error);
    assert_null(f->settings.needs_client);
    f->options.socket_fd = 7;
    assert_refused(load(f, "CertificateFile ~/.ssh/id-cert.pub\n", "web"), &f->error,
                   ERROR_UNSUPPORTED);
}

static void how_to_dial_does_not_matter_on_a_given_socket(void **state)
{
    struct fixture *f = with_client(state);
    f->options.socket_fd = 7;
    assert_done(load(f, "ProxyJump bastion\n", "web"), &f->error);
}

static void an_error_in_the_configuration_is_told(void **state)
{
    struct fixture *f = with_client(state);
    assert_refused(load(f, "Host web\n Prot 22\n", "web"), &f->error, ERROR_INVALID);
    assert_non_null(strstr(f->error.message, "line 2"));
    assert_non_null(strstr(f->error.hint, "ssh -G web"));
}

static void options_replace_keys_and_records(void **state)
{
    struct fixture *f = *state;
    struct strings known_hosts = {0};
    strings_push(&known_hosts, "/tmp/known");
    f->options.identity = "/tmp/identity";
    f->options.known_hosts = &known_hosts;
    bool done = load(f, "IdentityFile ~/other\nUserKnownHostsFile /etc/other\n", "web");
    strings_release(&known_hosts);
    assert_done(done, &f->error);
    assert_int_equal(f->settings.identity_files.count, 1);
    assert_string_equal(f->settings.identity_files.items[0], "/tmp/identity");
    assert_int_equal(f->settings.known_hosts.count, 1);
    assert_true(f->settings.identities_only);
}

static void without_a_client_there_are_defaults(void **state)
{
    struct fixture *f = *state;
    setenv("PATH", testing_folder(), 1);
    bool done = load(f, "Host *\n Port 2200\n", "ann@web");
    if (f->path != NULL)
        setenv("PATH", f->path, 1);
    assert_done(done, &f->error);
    assert_string_equal(f->settings.host, "web");
    assert_string_equal(f->settings.user, "ann");
    assert_int_equal(f->settings.port, 22);
    assert_string_equal(f->settings.identity_files.items[0], home_file(".ssh/id_rsa"));
    assert_string_equal(f->settings.known_hosts.items[0], home_file(".ssh/known_hosts"));
}

static void assert_same_list(const struct strings *list, const struct strings *other)
{
    assert_int_equal(list->count, other->count);
    for (size_t i = 0; i < list->count; i++)
        assert_string_equal(list->items[i], other->items[i]);
}

static const char *or_none(const char *text)
{
    return text == NULL ? "none" : text;
}

/* Compression is a setting that the client is asked about; its own defaults are in the answer. */
static void a_silent_configuration_means_the_defaults_of_the_client(void **state)
{
    static const char *const silent[] = {"", "Host *\n  SendEnv LANG LC_*\n  HashKnownHosts yes\n"};
    static const char *const targets[] = {"web", "ssh://ann@192.0.2.1:2222", "[2001:db8::1]"};
    struct fixture *f = with_client(state);
    setenv("SSH_AUTH_SOCK", "/run/agent", 1);
    for (size_t i = 0; i < LENGTH(targets) * LENGTH(silent); i++) {
        const char *target = targets[i / LENGTH(silent)];
        assert_done(load(f, "Compression no\n", target), &f->error);
        AUTO_RELEASE(ssh_settings) struct ssh_settings asked = f->settings;
        f->settings = (struct ssh_settings){0};
        assert_done(load(f, silent[i % LENGTH(silent)], target), &f->error);
        const struct ssh_settings *known = &f->settings;
        assert_string_equal(known->host, asked.host);
        assert_string_equal(known->user, asked.user);
        assert_int_equal(known->port, asked.port);
        assert_string_equal(or_none(known->record_name), or_none(asked.record_name));
        assert_string_equal(or_none(known->agent_socket), or_none(asked.agent_socket));
        assert_int_equal(known->connect_timeout_ms, asked.connect_timeout_ms);
        assert_int_equal(known->address_family, asked.address_family);
        assert_int_equal(known->identities_only, asked.identities_only);
        assert_false(known->no_keys || known->no_password || known->no_keyboard);
        assert_false(asked.no_keys || asked.no_password || asked.no_keyboard);
        assert_same_list(&known->identity_files, &asked.identity_files);
        assert_same_list(&known->known_hosts, &asked.known_hosts);
    }
}

static void an_answer_without_host_user_or_port_is_refused(void **state)
{
    static const char *const answers[] = {"",
                                          "hostname web\nuser jo\n",
                                          "user jo\nport 22\n",
                                          "hostname web\nport 22\n",
                                          "hostname web\nuser jo\nport 0\n",
                                          "hostname web\nuser jo\nport 70000\n",
                                          "hostname web\nuser jo\nport 22\nconnecttimeout -1\n"};
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(answers); i++) {
        const struct ssh_settings_source source = {answers[i], "/h", "/h", true, true};
        assert_refused(ssh_settings_parse(&source, &f->settings, &f->error), &f->error,
                       ERROR_INVALID);
        ssh_settings_release(&f->settings);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_configuration_of_the_home_folder_counts),
        TEST(what_the_target_names_is_stronger),
        TEST(default_files_are_those_of_the_home_folder),
        TEST(names_of_files_are_told_apart),
        TEST(methods_can_be_switched_off),
        TEST(what_libssh_cannot_do_is_left_to_the_client),
        TEST(a_key_on_a_token_is_left_to_the_client),
        TEST(what_cannot_be_done_is_named),
        TEST(how_to_dial_does_not_matter_on_a_given_socket),
        TEST(an_error_in_the_configuration_is_told),
        TEST(options_replace_keys_and_records),
        TEST(without_a_client_there_are_defaults),
        TEST(a_silent_configuration_means_the_defaults_of_the_client),
        TEST(an_answer_without_host_user_or_port_is_refused),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
