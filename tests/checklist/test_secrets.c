/* SPDX-License-Identifier: Apache-2.0 */
/* What the secret finder finds, what it leaves alone, and that it takes no longer than its input.
 */
#include "checklist/secrets.h"

#include "support/testing.h"

#include "base/clock.h"
#include "base/file.h"

static struct secret_rules *rules;

static int load(void **state UNUSED)
{
    struct error error;
    assert_done(secret_rules_load(&rules, &error), &error);
    return 0;
}

static int unload(void **state UNUSED)
{
    secret_rules_free(rules);
    return 0;
}

static unsigned random_below(unsigned limit)
{
    static uint64_t number = 88172645463325252u;
    number ^= number << 13;
    number ^= number >> 7;
    number ^= number << 17;
    return (unsigned)(number >> 33) % limit;
}

/* --- recall --- */

/* {N} is N random letters and digits, {N#} digits, {N^} capitals and digits, {N=} Base64. */
static const struct {
    const char *rule, *line, *secret; /* the line holds "@" where the secret is */
} kinds[] = {
    {"private-key", "@",
     "-----BEGIN OPENSSH PRIVATE KEY-----\n{64=}\n{64=}\n{40=}\n-----END OPENSSH "
     "PRIVATE KEY-----"},
    {"private-key", "@",
     "-----BEGIN RSA PRIVATE KEY-----\n{64=}\n{64=}\n-----END RSA PRIVATE KEY-----"},
    {"age-key", "# key: @", "AGE-SECRET-KEY-1{58^}"},
    {"shadow-hash", "ada:@:19000:0:99999:7:::", "$6${8}${86}"},
    {"shadow-hash", "bob:@:19000:0:99999:7:::", "$y$j9T${22}${43}"},
    {"aws-access-key", "aws_access_key_id = @", "AKIA{16^}"},
    {"aws-secret-key", "aws_secret_access_key = @", "{40}"},
    {"github-token", "GITHUB: @ # old", "ghp_{36}"},
    {"github-token", "url https://x:@github.com", "github_pat_{82}"},
    {"gitlab-token", "token=@", "glpat-{20}"},
    {"slack-token", "hook @", "xoxb-{12#}-{12#}-{24}"},
    {"google-api-key", "key: '@'", "AIza{35}"},
    {"azure-storage-key", "AccountName=a;AccountKey=@;", "{86=}=="},
    {"npm-token", "//registry/:_authToken=@", "npm_{36}"},
    {"stripe-key", "STRIPE=@", "sk_live_{24}"},
    {"sendgrid-key", "sendgrid @", "SG.{22}.{43}"},
    {"vault-token", "VAULT_TOKEN=@", "hvs.{24}"},
    {"jwt", "cookie: a=@; b=c", "eyJ{30}.eyJ{60}.{43}"},
    {"kubeconfig-key", "    client-key-data: @", "{200=}"},
    {"docker-auth", "  \"auth\": \"@\"", "{32=}"},
    {"bearer-token", "Authorization: Bearer @", "{40}"},
    {"basic-auth", "Authorization: Basic @", "{24=}"},
    {"url-password", "DATABASE_URL=postgres://app:@@db.example.org:5432/app", "{16}"},
    {"pgpass", "db.example.org:5432:app:app:@", "{14}"},
    {"password", "password = \"@\"", "{12}"},
    {"password", "DB_PASSWORD=@", "{16}"},
};
enum { ROUNDS = 20, KINDS_MAX = 64 };

static void append_random(struct buffer *text, int count, char set)
{
    static const char all[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz+/";
    unsigned first = set == '#' ? 26 : 0;
    unsigned size = set == '#' ? 10 : set == '^' ? 36 : set == '=' ? 64 : 62;
    while (count-- > 0)
        buffer_append_byte(text, all[first + random_below(size)]);
}

static void expand(const char *template, struct buffer *text)
{
    for (const char *at = template; *at != '\0'; at++) {
        char *end;
        if (*at != '{') {
            buffer_append_byte(text, *at);
            continue;
        }
        long count = strtol(at + 1, &end, 10);
        append_random(text, (int)count, *end);
        at = strchr(end, '}');
    }
}

static bool is_covered(const struct buffer *text, size_t offset, size_t length)
{
    size_t count;
    struct secret *found = secrets_find(rules, text->data, text->length, &count);
    bool covered = false;
    for (size_t i = 0; i < count; i++)
        covered = covered || (found[i].offset <= offset &&
                              found[i].offset + found[i].length >= offset + length);
    free(found);
    return covered;
}

/* Among other lines; the whole secret has to be found. */
static bool is_found(size_t kind)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(buffer) struct buffer secret = {0};
    const char *place = strchr(kinds[kind].line, '@');
    expand(kinds[kind].secret, &secret);
    buffer_append_text(&text, "nothing here\n");
    buffer_append(&text, kinds[kind].line, (size_t)(place - kinds[kind].line));
    size_t offset = text.length;
    buffer_append(&text, secret.data, secret.length);
    buffer_append_text(&text, place + 1);
    buffer_append_text(&text, "\nnor here\n");
    return is_covered(&text, offset, secret.length);
}

static void seeded_secrets_are_found(void **state UNUSED)
{
    size_t found = 0, all = LENGTH(kinds) * ROUNDS;
    for (size_t kind = 0; kind < LENGTH(kinds); kind++) {
        size_t of_kind = 0;
        for (int round = 0; round < ROUNDS; round++)
            of_kind += is_found(kind);
        if (of_kind < ROUNDS)
            print_message("%s, \"%s\": %zu of %d\n", kinds[kind].rule, kinds[kind].line, of_kind,
                          ROUNDS);
        found += of_kind;
    }
    print_message("%zu of %zu seeded secrets were found\n", found, all);
    assert_true(all >= 500);
    assert_true(found * 100 >= all * 95);
}

/* --- what is no secret --- */

static void ordinary_lines_are_left_alone(void **state UNUSED)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error;
    size_t count, lines = 0;
    assert_done(
        file_read(testing_source("tests/checklist/secrets/ordinary.txt"), 1 << 24, &text, &error),
        &error);
    for (size_t i = 0; i < text.length; i++)
        lines += text.data[i] == '\n';
    struct secret *found = secrets_find(rules, text.data, text.length, &count);
    for (size_t i = 0; i < count; i++)
        print_message("%s: %.*s\n", found[i].rule, (int)found[i].length,
                      text.data + found[i].offset);
    free(found);
    print_message("%zu of %zu ordinary lines were taken for secrets\n", count, lines);
    assert_true(lines > 1000);
    assert_true(count * 1000 <= lines * 2);
}

static void nothing_is_found_in_nothing(void **state UNUSED)
{
    size_t count;
    struct secret *found = secrets_find(rules, "", 0, &count);
    assert_int_equal(count, 0);
    free(found);
    found = secrets_find(rules, "\n\n\0\n", 4, &count);
    assert_int_equal(count, 0);
    free(found);
}

/* --- form --- */

static void what_is_found_rises_and_does_not_overlap(void **state UNUSED)
{
    static const char text[] = "password=ghp_0123456789abcdefghijABCDEFGHIJ012345 and "
                               "password=another-One-1";
    size_t count;
    struct secret *found = secrets_find(rules, text, strlen(text), &count);
    assert_int_equal(count, 2);
    assert_string_equal(found[0].rule, "github-token");
    assert_int_equal(found[0].offset, 9);
    assert_int_equal(found[0].length, 40);
    assert_string_equal(found[1].rule, "password");
    free(found);
}

static void a_key_without_an_end_is_a_secret_to_the_end(void **state UNUSED)
{
    static const char text[] = "x\n-----BEGIN PRIVATE KEY-----\nMIIEvg\nIBADAN";
    size_t count;
    struct secret *found = secrets_find(rules, text, strlen(text), &count);
    assert_int_equal(count, 1);
    assert_int_equal(found[0].offset, 2);
    assert_int_equal(found[0].offset + found[0].length, strlen(text));
    free(found);
}

static void a_secret_far_into_a_long_line_is_found(void **state UNUSED)
{
    for (size_t before = 16000; before < 16600; before += 37) {
        AUTO_RELEASE(buffer) struct buffer text = {0};
        for (size_t i = 0; i < before; i++)
            buffer_append_byte(&text, i % 7 == 0 ? ' ' : 'a');
        buffer_append_text(&text, " ghp_0123456789abcdefghijABCDEFGHIJ012345 ");
        for (size_t i = 0; i < 40000; i++)
            buffer_append_byte(&text, 'b');
        assert_true(is_covered(&text, before + 1, 40));
    }
}

/* Ten times the bytes may take ten times as long, and not a hundred times. */
static int64_t time_of(size_t bytes, const char *pattern)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    size_t count;
    while (text.length < bytes)
        buffer_append_text(&text, pattern);
    int64_t before = clock_monotonic_ms();
    free(secrets_find(rules, text.data, text.length, &count));
    return clock_monotonic_ms() - before;
}

static void hostile_text_costs_no_more_than_its_length(void **state UNUSED)
{
    static const char *const patterns[] = {"password",
                                           "a:a:a:a:",
                                           "eyJ",
                                           "://:",
                                           "token=\"'",
                                           "-----BEGIN PRIVATE KEY-----\n",
                                           "password =          ",
                                           "AKIA",
                                           "sk-sk-",
                                           "$6$$6$a"};
    for (size_t i = 0; i < LENGTH(patterns); i++) {
        int64_t small = time_of(200000, patterns[i]), large = time_of(2000000, patterns[i]);
        if (large > 30 * (small + 20))
            fail_msg("'%s': %lld ms, and %lld ms for ten times as much", patterns[i],
                     (long long)small, (long long)large);
    }
}

/* --- rules --- */

static void a_rule_of_ones_own_is_added_and_replaces(void **state UNUSED)
{
    static const char own[] = "walkdown-secrets: 1\n"
                              "rules:\n"
                              "  - id: ticket\n"
                              "    keywords: [T-]\n"
                              "    pattern: '\\b(T-[0-9]{6})\\b'\n"
                              "  - id: github-token\n"
                              "    pattern: '(never-matches-anything)'\n";
    struct secret_rules *mine = NULL;
    struct error error;
    size_t count;
    assert_done(secret_rules_load(&mine, &error), &error);
    size_t before = secret_rules_count(mine);
    assert_done(secret_rules_add(&mine, own, strlen(own), &error), &error);
    assert_int_equal(secret_rules_count(mine), before + 1);
    assert_true(secret_rules_knows(mine, "ticket"));
    static const char text[] = "see T-123456, ghp_0123456789abcdefghijABCDEFGHIJ012345";
    struct secret *found = secrets_find(mine, text, strlen(text), &count);
    bool fits = count == 1 && strcmp(found[0].rule, "ticket") == 0 && found[0].length == 8;
    free(found);
    secret_rules_free(mine);
    assert_true(fits);
}

static void bad_rules_are_named_with_their_place(void **state UNUSED)
{
    static const struct {
        const char *text, *message;
    } cases[] = {
        {"rules: []\n", "expected 'walkdown-secrets: 1'"},
        {"walkdown-secrets: 2\nrules: []\n", "expected 'walkdown-secrets: 1'"},
        {"walkdown-secrets: 1\n", "expected a list 'rules'"},
        {"walkdown-secrets: 1\nrules:\n  - id: a\n", "needs a 'pattern'"},
        {"walkdown-secrets: 1\nrules:\n  - id: A b\n    pattern: x\n", "needs an 'id'"},
        {"walkdown-secrets: 1\nrules:\n  - id: a\n    pattern: '('\n",
         "4:14: 'pattern': bad regular"},
        {"walkdown-secrets: 1\nrules:\n  - id: a\n    begin: x\n", "or 'begin' and 'end'"},
        {"walkdown-secrets: 1\nrules:\n  - id: a\n    pattern: x\n    entropy: lots\n",
         "'entropy'"},
        {"walkdown-secrets: 1\nrules:\n  - id: a\n    patern: x\n", "no member 'patern'"},
        {"walkdown-secrets: 1\nrules: [&a x, *a]\n", "anchor"},
    };
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct secret_rules *bad = NULL;
        struct error error;
        assert_refused(secret_rules_add(&bad, cases[i].text, strlen(cases[i].text), &error), &error,
                       ERROR_INVALID);
        if (strstr(error.message, cases[i].message) == NULL)
            fail_msg("'%s' does not say '%s'", error.message, cases[i].message);
        assert_null(bad);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(seeded_secrets_are_found),
        cmocka_unit_test(ordinary_lines_are_left_alone),
        cmocka_unit_test(nothing_is_found_in_nothing),
        cmocka_unit_test(what_is_found_rises_and_does_not_overlap),
        cmocka_unit_test(a_key_without_an_end_is_a_secret_to_the_end),
        cmocka_unit_test(a_secret_far_into_a_long_line_is_found),
        cmocka_unit_test(hostile_text_costs_no_more_than_its_length),
        cmocka_unit_test(a_rule_of_ones_own_is_added_and_replaces),
        cmocka_unit_test(bad_rules_are_named_with_their_place),
    };
    return cmocka_run_group_tests(tests, load, unload);
}
