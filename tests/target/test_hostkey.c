/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The decision on host keys, with the OpenSSH client as the oracle: it sees the same known_hosts
 * files and the same server key. What it refuses must never come out as known here.
 */
#include "support/testing.h"

#include "support/sshd.h"

#include "base/digest.h"
#include "base/file.h"
#include "base/process.h"
#include "target/hostkey.h"

#include <sys/stat.h>
#include <unistd.h>

/* In a line, $K is the server's key, $C another key of its type, $R one of another type (each
 * "type base64"), $H the name hashed, $P the name with its port hashed, $L 20,000 bytes. */
struct table_case {
    const char *name;
    const char *user_file;
    const char *global_file;
    enum hostkey_verdict verdict;
    const char *place; /* the end of where: "user:1" */
    int port;          /* 0: 22 */
    bool is_stricter;  /* OpenSSH takes the key */
};

static const struct table_case table[] = {
    {"known", "web.example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known with a comment and spaces", "  web.example   $K a comment\n", "", HOSTKEY_KNOWN,
     "user:1", 0, false},
    {"known, fields separated by tabs", "web.example\tTAB$K\n", "", HOSTKEY_KNOWN, "user:1", 0,
     false},
    {"known, no newline at the end", "web.example $K", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known, lines end as on Windows", "web.example $K\r\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known, name in capitals", "WEB.Example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known, hashed", "$H $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known, one of several names", "a,b,web.example,c $K\n", "", HOSTKEY_KNOWN, "user:1", 0,
     false},
    {"known by a wildcard", "*.example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known by a question mark", "w?b.example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known in the second file", "", "web.example $K\n", HOSTKEY_KNOWN, "global:1", 0, false},
    {"known after another key of its type", "web.example $C\nweb.example $K\n", "", HOSTKEY_KNOWN,
     "user:2", 0, false},
    {"another key in the user's file, known in the second", "web.example $C\n", "web.example $K\n",
     HOSTKEY_KNOWN, "global:1", 0, false},
    {"unknown", "other.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, both files empty", "", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, commented out", "#web.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, ruled out by a negation", "*.example,!web.example $K\n", "", HOSTKEY_UNKNOWN, "", 0,
     false},
    {"unknown, negation before the wildcard", "!web.*,*.example $K\n", "", HOSTKEY_UNKNOWN, "", 0,
     false},
    {"unknown, only a negation", "!other.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, only part of the name", "web.exampl $K\nweb.example.org $K\n", "", HOSTKEY_UNKNOWN,
     "", 0, false},
    {"changed, the record is cut off", "web.example ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAA\n", "",
     HOSTKEY_CHANGED, "user:1", 0, false},
    {"unknown, no key at all", "web.example\nweb.example ssh-ed25519\n", "", HOSTKEY_UNKNOWN, "", 0,
     false},
    {"unknown, type and key differ", "web.example ssh-rsa $B\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown marker", "@trusted web.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"known by a star at the end", "web.example* $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known between empty names", ",,web.example, $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"known below empty lines", "\n   \n\r\nweb.example $K\n", "", HOSTKEY_KNOWN, "user:4", 0,
     false},
    {"known twice", "web.example $K\nweb.example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false},
    {"unknown, an over-long name before", "$L,web.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, an over-long type", "web.example $L AAAA\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, a type of the same length", "web.example ssh-ed25518 $B\n", "", HOSTKEY_UNKNOWN, "",
     0, false},
    {"unknown, the type is no name",
     "web.example xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
     "AAAARnh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
     "Hh4eHg=\n",
     "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, an authority whose type is no name",
     "@cert-authority web.example "
     "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
     "AAAARnh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4e"
     "Hh4eHg=\n",
     "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, hashed in a way of its own", "|2|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAA $K\n", "",
     HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, a hash without its name", "|1| $K\n|1|AAAA $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, a salt of other characters", "|1|~~~|AAAA $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, a salt too short", "|1|AAAA|AAAA $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"unknown, a hash too short", "|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|AAAA $K\n", "", HOSTKEY_UNKNOWN,
     "", 0, false},
    {"unknown, a hash of other characters", "|1|AAAAAAAAAAAAAAAAAAAAAAAAAAA=|~~~ $K\n", "",
     HOSTKEY_UNKNOWN, "", 0, false},
    {"two markers", "@revoked @cert-authority web.example $K\n", "", HOSTKEY_UNKNOWN, "", 0, false},
    {"authority's key is no host key", "@cert-authority web.example $K\n", "", HOSTKEY_UNKNOWN,
     "user:1", 0, false},
    {"changed", "web.example $C\n", "", HOSTKEY_CHANGED, "user:1", 0, false},
    {"changed, hashed", "$H $C\n", "", HOSTKEY_CHANGED, "user:1", 0, false},
    {"changed, fields separated by tabs", "web.example\tTAB$C\n", "", HOSTKEY_CHANGED, "user:1", 0,
     false},
    {"changed, a line of an unknown type before",
     "web.example ssh-new AAAAB3NzaC1uZXc=\n"
     "web.example $C\n",
     "", HOSTKEY_CHANGED, "user:2", 0, false},
    {"changed, a malformed line behind", "web.example $C\nweb.example ssh-ed25519 ~~~\n", "",
     HOSTKEY_CHANGED, "user:1", 0, false},
    {"changed, an over-long line before", "unrelated $L\nweb.example $C\n", "", HOSTKEY_CHANGED,
     "user:2", 0, false},
    {"changed, another type in the second file", "web.example $C\n", "web.example $R\n",
     HOSTKEY_CHANGED, "user:1", 0, false},
    {"another type only", "web.example $R\n", "", HOSTKEY_OTHER, "user:1", 0, false},
    {"another type in the user's file, known in the second", "web.example $R\n", "web.example $K\n",
     HOSTKEY_KNOWN, "global:1", 0, false},
    {"revoked and known", "@revoked web.example $K\nweb.example $K\n", "", HOSTKEY_REVOKED,
     "user:1", 0, false},
    {"known, then revoked", "web.example $K\n@revoked web.example $K\n", "", HOSTKEY_REVOKED,
     "user:2", 0, false},
    {"revoked for all hosts", "@revoked * $K\nweb.example $K\n", "", HOSTKEY_REVOKED, "user:1", 0,
     false},
    {"revoked in the second file", "web.example $K\n", "@revoked * $K\n", HOSTKEY_REVOKED,
     "global:1", 0, false},
    {"revoked, fields separated by tabs", "web.example $K\n@revoked\t*\tTAB$K\n", "",
     HOSTKEY_REVOKED, "user:2", 0, false},
    {"revoked, one tab among spaces", "web.example $K\n@revoked\t* $K\n", "", HOSTKEY_REVOKED,
     "user:2", 0, true},
    {"revoked is another key", "@revoked * $C\nweb.example $K\n", "", HOSTKEY_KNOWN, "user:2", 0,
     false},
    {"revoked for other hosts", "@revoked *.org $K\nweb.example $K\n", "", HOSTKEY_KNOWN, "user:2",
     0, false},
    {"known on its port", "[web.example]:2222 $K\n", "", HOSTKEY_KNOWN, "user:1", 2222, false},
    {"known on its port, hashed", "$P $K\n", "", HOSTKEY_KNOWN, "user:1", 2222, false},
    {"changed on its port", "[web.example]:2222 $C\nweb.example $K\n", "", HOSTKEY_CHANGED,
     "user:1", 2222, false},
    {"known under the plain name only", "web.example $K\n", "", HOSTKEY_KNOWN, "user:1", 2222,
     false},
    {"another key under the plain name", "web.example $C\n", "", HOSTKEY_UNKNOWN, "", 2222, false},
    {"revoked under the plain name", "@revoked web.example $K\n", "", HOSTKEY_REVOKED, "user:1",
     2222, false},
    {"known on another port", "[web.example]:2200 $K\n", "", HOSTKEY_UNKNOWN, "", 2222, false},
    {"port of a known host is not the plain one", "[web.example]:2222 $K\n", "", HOSTKEY_UNKNOWN,
     "", 0, false},
};

enum { TOO_MANY_BYTES = 64 * 1024 + 1 };

struct fixture {
    struct sshd *sshd;
    struct strings files;
    struct hostkey hostkey;
    struct hostkey_finding finding;
    struct buffer text;
    struct error error;
};

/* ---- the keys of the group ---- */

static struct sshd *server;
static const char *key, *changed_key, *rsa_key;
static char *hashed, *hashed_port, *long_line;

/* The name as "ssh-keygen -H" writes it. */
static char *hash_name(const char *name)
{
    struct buffer text = {0};
    struct error error = {0};
    char *line = memory_format("%s %s\n", name, key);
    const char *path = sshd_write(server, "to_hash", line);
    free(line);
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-H", "-f", path, NULL}, NULL);
    assert_done(file_read(path, 65536, &text, &error), &error);
    char *result = memory_copy(text.data, strcspn(text.data, " "));
    buffer_release(&text);
    return result;
}

static int set_up_group(void **state UNUSED)
{
    if (!sshd_is_installed())
        return 0;
    server = sshd_new();
    key = sshd_host_key(server);
    sshd_make_key(server, "changed", "ed25519", "");
    sshd_make_key(server, "rsa", "rsa", "");
    changed_key = sshd_public_key(server, "changed");
    rsa_key = sshd_public_key(server, "rsa");
    hashed = hash_name("web.example");
    hashed_port = hash_name("[web.example]:2222");
    long_line = memory_new(20001, 1);
    memset(long_line, 'A', 20000);
    return 0;
}

static int tear_down_group(void **state UNUSED)
{
    sshd_free(server);
    free(hashed);
    free(hashed_port);
    free(long_line);
    return 0;
}

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    *state = f;
    return 0;
}

static void clear(struct fixture *f)
{
    hostkey_release(&f->hostkey);
    strings_release(&f->files);
    f->files = (struct strings){0};
    buffer_clear(&f->text);
    hostkey_finding_release(&f->finding);
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    clear(f);
    buffer_release(&f->text);
    free(f);
    return 0;
}

static const char *substitute(struct fixture *f, const char *template)
{
    buffer_clear(&f->text);
    for (const char *at = template; *at != '\0'; at++) {
        const char *value = NULL;
        if (at[0] == '$')
            value = at[1] == 'K'   ? key
                    : at[1] == 'C' ? changed_key
                    : at[1] == 'R' ? rsa_key
                    : at[1] == 'H' ? hashed
                    : at[1] == 'P' ? hashed_port
                    : at[1] == 'L' ? long_line
                    : at[1] == 'B' ? strchr(key, ' ') + 1
                                   : NULL;
        if (value == NULL) {
            buffer_append_byte(&f->text, *at);
            continue;
        }
        buffer_append_text(&f->text, value);
        at++;
    }
    return buffer_text(&f->text);
}

/* "TAB" before a key asks for a tab between its type and its bytes. */
static void put_tabs(char *text)
{
    for (char *at = strstr(text, "TAB"); at != NULL; at = strstr(text, "TAB")) {
        char *blank = strchr(at, ' ');
        *blank = '\t';
        memmove(at, at + 3, strlen(at + 3) + 1);
    }
}

static void write_files(struct fixture *f, const struct table_case *one)
{
    substitute(f, one->user_file);
    if (f->text.data != NULL)
        put_tabs(f->text.data);
    strings_push(&f->files, sshd_write(server, "user", buffer_text(&f->text)));
    strings_push(&f->files, sshd_write(server, "global", substitute(f, one->global_file)));
}

static void set_hostkey(struct fixture *f, const char *public_key, int port)
{
    struct buffer blob = {0};
    const char *base64 = strchr(public_key, ' ') + 1;
    assert_true(base64_decode(base64, strlen(base64), &blob));
    bool done = hostkey_from_blob(blob.data, blob.length, &f->hostkey, &f->error);
    buffer_release(&blob);
    assert_done(done, &f->error);
    f->hostkey.host = memory_copy_text("Web.example");
    f->hostkey.port = port;
}

/* Whether the real client takes the key in strict mode. It cannot log in: no authentication method
 * is left, which it says only after the key was accepted. */
static bool openssh_accepts(struct fixture *f, int port)
{
    char *user_file = memory_format("UserKnownHostsFile=%s", f->files.items[0]);
    char *global_file = memory_format("GlobalKnownHostsFile=%s", f->files.items[1]);
    char *port_text = memory_format("%d", port == 0 ? 22 : port);
    char *proxy =
        memory_format("ProxyCommand=/usr/sbin/sshd -i -f %s", sshd_file(server, "sshd_config"));
    const char *const arguments[] = {"ssh",
                                     "-F",
                                     "none",
                                     "-o",
                                     "StrictHostKeyChecking=yes",
                                     "-o",
                                     "BatchMode=yes",
                                     "-o",
                                     "PreferredAuthentications=none",
                                     "-o",
                                     "KexAlgorithms=curve25519-sha256",
                                     "-o",
                                     user_file,
                                     "-o",
                                     global_file,
                                     "-o",
                                     proxy,
                                     "-p",
                                     port_text,
                                     "--",
                                     "Web.example",
                                     "true",
                                     NULL};
    const struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    bool done = process_run(&options, &result, &f->error);
    bool accepted = done && strstr(buffer_text(&result.errors), "Permission denied") != NULL;
    bool refused =
        done && strstr(buffer_text(&result.errors), "Host key verification failed") != NULL;
    if (accepted == refused)
        print_error("ssh: %s\n", buffer_text(&result.errors));
    process_result_release(&result);
    free(user_file);
    free(global_file);
    free(port_text);
    free(proxy);
    assert_done(done, &f->error);
    assert_true(accepted != refused);
    return accepted;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text), end_length = strlen(end);
    return length >= end_length && strcmp(text + length - end_length, end) == 0;
}

static bool decide(struct fixture *f, const char *pinned_key)
{
    const struct hostkey_records records = {.files = &f->files, .pinned_key = pinned_key};
    hostkey_finding_release(&f->finding);
    return hostkey_decide(&f->hostkey, &records, &f->finding, &f->error);
}

static void check_case(struct fixture *f, const struct table_case *one)
{
    clear(f);
    write_files(f, one);
    set_hostkey(f, key, one->port == 0 ? 22 : one->port);
    assert_done(decide(f, NULL), &f->error);
    const char *where = f->finding.where;
    if (f->finding.verdict != one->verdict || !ends_with(where, one->place) ||
        (one->place[0] == '\0' && where[0] != '\0'))
        fail_msg("%s: %s at '%s'", one->name, hostkey_verdict_text(f->finding.verdict), where);
}

static void verdicts_follow_the_table(void **state)
{
    if (server == NULL)
        skip();
    for (size_t i = 0; i < LENGTH(table); i++)
        check_case(*state, &table[i]);
}

static void verdicts_are_those_of_openssh_or_stricter(void **state)
{
    struct fixture *f = *state;
    if (server == NULL)
        skip();
    close(sshd_connect(server)); /* writes the configuration */
    for (size_t i = 0; i < LENGTH(table); i++) {
        check_case(f, &table[i]);
        bool expected = table[i].verdict == HOSTKEY_KNOWN || table[i].is_stricter;
        if (openssh_accepts(f, table[i].port) != expected)
            fail_msg("%s: OpenSSH %s the key", table[i].name, expected ? "refuses" : "takes");
    }
}

/* ---- the key pinned in the review ---- */

static void expect_with_pin(struct fixture *f, const char *line, const char *pin,
                            enum hostkey_verdict expected, const char *place)
{
    const struct table_case one = {"pin", line, "", expected, place, 0, false};
    clear(f);
    write_files(f, &one);
    set_hostkey(f, key, 22);
    assert_done(decide(f, strchr(pin, ' ') + 1), &f->error);
    assert_string_equal(hostkey_verdict_text(f->finding.verdict), hostkey_verdict_text(expected));
    assert_true(ends_with(f->finding.where, place));
}

static void a_pinned_key_must_agree_with_the_files(void **state)
{
    if (server == NULL)
        skip();
    expect_with_pin(*state, "", key, HOSTKEY_KNOWN, "pinned in the review");
    expect_with_pin(*state, "web.example $K\n", key, HOSTKEY_KNOWN, "pinned in the review");
    expect_with_pin(*state, "", changed_key, HOSTKEY_CHANGED, "pinned in the review");
    expect_with_pin(*state, "web.example $K\n", changed_key, HOSTKEY_CHANGED,
                    "pinned in the review");
    expect_with_pin(*state, "web.example $K\n", rsa_key, HOSTKEY_OTHER, "pinned in the review");
    expect_with_pin(*state, "web.example $C\n", key, HOSTKEY_CHANGED, "user:1");
    expect_with_pin(*state, "web.example $R\n", key, HOSTKEY_OTHER, "user:1");
    expect_with_pin(*state, "@revoked * $K\n", key, HOSTKEY_REVOKED, "user:1");
    expect_with_pin(*state, "@revoked * $K\n", changed_key, HOSTKEY_REVOKED, "user:1");
}

static void a_pin_that_is_no_key_is_an_error(void **state)
{
    static const char *const pins[] = {"~", "AAAA", "AAAAC3Nz", "AAAAAA==", "/////w=="};
    struct fixture *f = *state;
    if (server == NULL)
        skip();
    set_hostkey(f, key, 22);
    for (size_t i = 0; i < LENGTH(pins); i++)
        assert_refused(decide(f, pins[i]), &f->error, ERROR_INVALID);
    char *too_long = memory_new(TOO_MANY_BYTES + 1, 1);
    memset(too_long, 'A', TOO_MANY_BYTES);
    bool is_taken = decide(f, too_long);
    free(too_long);
    assert_refused(is_taken, &f->error, ERROR_INVALID);
    assert_done(decide(f, ""), &f->error);
}

static void a_server_key_that_is_not_base64_is_an_error(void **state)
{
    struct fixture *f = *state;
    f->hostkey.host = memory_copy_text("web.example");
    f->hostkey.type = memory_copy_text("ssh-ed25519");
    f->hostkey.key = memory_copy_text("~");
    assert_refused(decide(f, NULL), &f->error, ERROR_INVALID);
}

static void a_host_without_a_port_is_on_record_by_its_name(void **state)
{
    static const struct table_case one = {
        "alias", "web.example $K\n", "", HOSTKEY_KNOWN, "user:1", 0, false};
    struct fixture *f = *state;
    if (server == NULL)
        skip();
    write_files(f, &one);
    set_hostkey(f, key, 0);
    assert_done(decide(f, NULL), &f->error);
    assert_int_equal(f->finding.verdict, HOSTKEY_KNOWN);
    f->hostkey.host[0] = 'x';
    assert_done(decide(f, NULL), &f->error);
    assert_int_equal(f->finding.verdict, HOSTKEY_UNKNOWN);
}

static void a_verdict_that_is_none_has_a_text(void **state UNUSED)
{
    assert_string_equal(hostkey_verdict_text((enum hostkey_verdict)99), "invalid");
}

/* ---- files and keys ---- */

static void missing_files_are_skipped_and_unreadable_ones_stop(void **state)
{
    struct fixture *f = *state;
    if (server == NULL)
        skip();
    set_hostkey(f, key, 22);
    strings_push(&f->files, testing_path("no/such/file"));
    strings_push(&f->files, "/dev/null");
    assert_done(decide(f, NULL), &f->error);
    assert_int_equal(f->finding.verdict, HOSTKEY_UNKNOWN);
    strings_push(&f->files, testing_folder());
    assert_refused(decide(f, NULL), &f->error, ERROR_IO);
    assert_true(f->error.hint[0] != '\0');
}

static void known_types_are_those_of_the_host(void **state)
{
    struct fixture *f = *state;
    struct strings types = {0};
    if (server == NULL)
        skip();
    const struct table_case one = {
        "types",
        "web.example $R\nweb.example $K\nx $K\n@revoked * $C\n",
        "web.example $K\nweb.example "
        "xxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxxx "
        "AAAARnh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eHh4eH"
        "h4eHh4eHg=\n",
        HOSTKEY_KNOWN,
        "",
        0,
        false};
    write_files(f, &one);
    hostkey_known_types("WEB.example", 2222, &f->files, &types);
    char *joined = strings_join(&types, " ");
    strings_release(&types);
    buffer_append_text(&f->text, joined);
    free(joined);
    assert_true(ends_with(buffer_text(&f->text), "ssh-rsa ssh-ed25519"));
}

static void known_types_of_what_is_not_on_record_are_none(void **state)
{
    static const struct table_case one = {
        "types", "[web.example]:2222 $K\n", "", HOSTKEY_UNKNOWN, "", 0, false};
    struct fixture *f = *state;
    AUTO_RELEASE(strings) struct strings types = {0};
    if (server == NULL)
        skip();
    write_files(f, &one);
    hostkey_known_types("web.example", 22, &f->files, &types);
    hostkey_known_types("web.example", 2200, &f->files, &types);
    strings_push(&f->files, testing_folder());
    hostkey_known_types("db.example", 2222, &f->files, &types);
    assert_int_equal(types.count, 0);
    hostkey_known_types("web.example", 2222, &f->files, &types);
    hostkey_known_types("web.example", 2222, &f->files, &types);
    assert_int_equal(types.count, 1);
}

static void fingerprints_are_those_of_ssh_keygen(void **state)
{
    struct fixture *f = *state;
    static const char *const names[] = {"host_key", "rsa"};
    if (server == NULL)
        skip();
    for (size_t i = 0; i < LENGTH(names); i++) {
        clear(f);
        set_hostkey(f, sshd_public_key(server, names[i]), 22);
        sshd_run((const char *const[]){"ssh-keygen", "-l", "-f", sshd_file(server, names[i]), NULL},
                 &f->text);
        assert_non_null(strstr(buffer_text(&f->text), f->hostkey.fingerprint));
        assert_int_equal(strlen(f->hostkey.fingerprint), 7 + 43);
    }
}

static void what_is_no_key_gives_no_hostkey(void **state)
{
    static const struct {
        const char *bytes;
        size_t length;
    } blobs[] = {{"", 0},
                 {"\0\0\0", 3},
                 {"\0\0\0\0", 4},
                 {"\0\0\0\5abcd", 8},
                 {"\xff\xff\xff\xff"
                  "abc",
                  7},
                 {"\0\0\0\3a c", 7},
                 {"\0\0\0\3a\033c", 7},
                 {"\0\0\0\3ab\177", 7}};
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(blobs); i++)
        assert_refused(hostkey_from_blob(blobs[i].bytes, blobs[i].length, &f->hostkey, &f->error),
                       &f->error, ERROR_INVALID);
    char *too_long = memory_new(TOO_MANY_BYTES, 1);
    memcpy(too_long, "\0\0\0\3abc", 7);
    bool is_taken = hostkey_from_blob(too_long, TOO_MANY_BYTES, &f->hostkey, &f->error);
    free(too_long);
    assert_refused(is_taken, &f->error, ERROR_INVALID);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(verdicts_follow_the_table),
        TEST(verdicts_are_those_of_openssh_or_stricter),
        TEST(a_pinned_key_must_agree_with_the_files),
        TEST(a_pin_that_is_no_key_is_an_error),
        TEST(missing_files_are_skipped_and_unreadable_ones_stop),
        TEST(known_types_are_those_of_the_host),
        TEST(known_types_of_what_is_not_on_record_are_none),
        TEST(fingerprints_are_those_of_ssh_keygen),
        TEST(what_is_no_key_gives_no_hostkey),
        TEST(a_server_key_that_is_not_base64_is_an_error),
        TEST(a_host_without_a_port_is_on_record_by_its_name),
        TEST(a_verdict_that_is_none_has_a_text),
    };
    return cmocka_run_group_tests(tests, set_up_group, tear_down_group);
}
