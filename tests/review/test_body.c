/* SPDX-License-Identifier: Apache-2.0 */
/* A full body of each kind, and what happens when a member is missing or of another form. */
#include "fixture.h"

#include "../../src/review/body.h"
#include "../../src/review/summary.h"

#define DIGEST "\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\""
#define ENTRY  "\"0123456789abcdef0123456789abcdef:12\""

static const char *const bodies[] = {
    [ENTRY_REVIEW] = "{\"title\":\"A sandbox\",\"tool\":\"walkdown\"}",
    [ENTRY_AUTHOR] = "{\"name\":\"Ada\",\"email\":\"ada@example.org\",\"key\":\"ssh-ed25519 A\"}",
    [ENTRY_CHECKLIST] =
        "{\"id\":\"demo\",\"title\":\"Demo\",\"version\":\"1\",\"digest\":" DIGEST
        ",\"blob\":" DIGEST ",\"size\":9,\"areas\":[{\"id\":\"a\",\"title\":\"A\"}],\"checks\":[{"
        "\"id\":\"c\",\"title\":\"C\",\"area\":\"a\",\"severity\":\"high\",\"digest\":" DIGEST
        "}]}",
    [ENTRY_PARAMETER] = "{\"id\":\"users\",\"values\":[\"ada\",\"\"]}",
    [ENTRY_TARGET] = "{\"name\":\"web\",\"spec\":\"ssh://web\"}",
    [ENTRY_HOSTKEY] = "{\"target\":\"web\",\"host\":\"web\",\"port\":22,\"type\":\"ssh-ed25519\","
                      "\"fingerprint\":\"SHA256:a\",\"key\":\"AAAA\",\"how\":\"confirmed\"}",
    [ENTRY_CONSENT] =
        "{\"target\":\"web\",\"class\":\"read\",\"digest\":" DIGEST ",\"commands\":3}",
    [ENTRY_RUN] = "{\"run\":\"r1\",\"target\":\"web\",\"state\":\"failed\",\"detail\":\"no route\","
                  "\"checks\":1,\"probes\":2}",
    [ENTRY_EVIDENCE] =
        "{\"run\":\"r1\",\"target\":\"web\",\"check\":\"c\",\"probe\":\"p\",\"check_"
        "digest\":" DIGEST
        ",\"command\":\"id\",\"as_root\":false,\"outcome\":\"timeout\",\"detail\":\"30 s\","
        "\"exit\":-1,\"started_ms\":5,\"duration_ms\":6,\"out\":{\"blob\":" DIGEST
        ",\"size\":3},\"err\":{\"blob\":\"\",\"size\":0},\"noise\":0,\"masked\":[{\"stream\":"
        "\"stdout\",\"rule\":\"jwt\",\"action\":\"mask\",\"count\":1,\"bytes\":90}]}",
    [ENTRY_SUGGESTION] =
        "{\"run\":\"r1\",\"target\":\"web\",\"check\":\"c\",\"suggestion\":\"fail\","
        "\"reason\":\"Root.\",\"lines\":[{\"probe\":\"p\",\"stream\":\"stdout\","
        "\"line\":3,\"bad\":true}]}",
    [ENTRY_ANSWER] =
        "{\"target\":\"web\",\"check\":\"c\",\"question\":\"owner\",\"value\":\"Blue\"}",
    [ENTRY_DECISION] =
        "{\"target\":\"web\",\"check\":\"c\",\"verdict\":\"pass\",\"note\":\"Fine.\","
        "\"because\":\"It is.\",\"suggestion\":\"fail\",\"supersedes\":[" ENTRY "]}",
    [ENTRY_RETRACTION] = "{\"entry\":" ENTRY ",\"why\":\"A slip.\"}",
    [ENTRY_COMMENT] = "{\"target\":\"web\",\"check\":\"c\",\"text\":\"Ask\\u001b Bob.\\nNow.\"}",
    [ENTRY_ATTACHMENT] = "{\"target\":\"web\",\"check\":\"c\",\"name\":\"a.png\",\"blob\":" DIGEST
                         ",\"size\":8,\"digest\":" DIGEST "}",
    [ENTRY_SIGNOFF] = "{\"role\":\"reviewer\",\"manifest\":\"m\",\"signature\":\"s\",\"key\":\"k\","
                      "\"signer\":\"ada\"}",
    [ENTRY_FINDING] = "{\"of\":" ENTRY ",\"state\":\"open\",\"check\":\"c\",\"target\":\"web\","
                      "\"title\":\"A spare key\",\"severity\":\"high\",\"description\":\"It lies"
                      " about.\",\"recommendation\":\"Remove it.\",\"because\":\"It opens "
                      "all.\",\"cvss\":\"CVSS:3.1/AV:N\",\"owner\":\"Ada\",\"due\":\"2026-12-01\"}",
    [ENTRY_EXCEPTION] =
        "{\"of\":" ENTRY ",\"state\":\"accepted\",\"check\":\"c\",\"target\":\"web\","
        "\"category\":\"business\",\"reason\":\"Needed.\",\"control\":\"Watched.\",\"risk\":"
        "\"low\",\"requester\":\"Bob\",\"approver\":\"Carol\",\"ticket\":\"T-1\","
        "\"from\":\"2026-01-01\",\"until\":\"2026-12-31\"}",
    [ENTRY_REDACTION] = "{\"blob\":" DIGEST ",\"size\":30,\"why\":\"A password.\",\"kept\":"
                        "{\"blob\":" DIGEST ",\"size\":20},\"spans\":[{\"offset\":3,"
                        "\"length\":10,\"rule\":\"password\"}]}",
    [ENTRY_POLICY] = "{\"topic\":\"signoff\",\"rules\":[{\"name\":\"reviewer\",\"value\":\"1\"}]}",
    [ENTRY_HANDOFF] = "{\"way\":\"sent\",\"party\":\"Carol\",\"file\":\"a.walk\",\"digest\":" DIGEST
                      ",\"note\":\"By mail.\"}",
    [ENTRY_FLOWS] = "{\"file\":\"targets.yaml\",\"lines\":[{\"from\":\"web\",\"to\":\"db\","
                    "\"places\":\"10.0.0.2,fd00::2\",\"ports\":\"22,80-90\",\"protocol\":\"tcp\","
                    "\"expected\":\"deny\"}]}",
    [ENTRY_REACH] =
        "{\"run\":\"r1\",\"target\":\"web\",\"command\":\"true\",\"outcome\":\"done\","
        "\"detail\":\"late\",\"started_ms\":1,\"duration_ms\":2,\"out\":{\"blob\":" DIGEST
        ",\"size\":3},\"err\":{\"size\":0},\"flows\":[{\"to\":\"db\",\"protocol\":\"tcp\","
        "\"family\":4,\"port\":22,\"address\":\"10.0.0.2\",\"state\":\"open|filtered\","
        "\"tool\":\"nc\",\"proof\":\"saw port 22 open on ::1\",\"detail\":\"none\"}]}",
    [ENTRY_ACCESS] = "{\"target\":\"web\",\"account\":\"ada\",\"word\":\"questioned\","
                     "\"comment\":\"Who is it?\",\"facts\":\"user id: 1000\",\"supersedes\":"
                     "[" ENTRY "]}",
};

static json_t *body_of(int kind)
{
    json_t *body = NULL;
    struct error error;
    assert_done(json_parse(bodies[kind], strlen(bodies[kind]), &body, &error), &error);
    return body;
}

static void every_full_body_is_taken(void **state UNUSED)
{
    assert_int_equal(LENGTH(bodies), ENTRY_UNKNOWN);
    for (int kind = 0; kind < ENTRY_UNKNOWN; kind++) {
        json_t *body = body_of(kind);
        struct error error = {0};
        bool done = body_check((enum entry_kind)kind, body, &error);
        json_decref(body);
        assert_done(done, &error);
    }
}

/* What a member takes, and what is said of all else. */
struct forms {
    enum entry_kind kind;
    json_t *body;
    json_t *object; /* in the body, that has the member */
    const char *key;
    struct buffer taken;
    struct strings messages;
};

/* Put VALUE (taken; NULL: remove) in the place of a member and see what comes of it. */
static void try_form(struct forms *forms, const char *form, json_t *value)
{
    struct error error = {0};
    json_t *before = json_incref(json_object_get(forms->object, forms->key));
    if (value == NULL)
        json_object_del(forms->object, forms->key);
    else
        json_object_set_new(forms->object, forms->key, value);
    if (body_check(forms->kind, forms->body, &error))
        buffer_append_format(&forms->taken, " %s", form);
    else if (!strings_contains(&forms->messages, error.message))
        strings_push(&forms->messages, error.message);
    json_object_set_new(forms->object, forms->key, before);
}

static void describe_member(struct buffer *text, int kind, json_t *body, json_t *object,
                            const char *key)
{
    struct forms forms = {
        .kind = (enum entry_kind)kind, .body = body, .object = object, .key = key};
    char *large = memory_new(1, 1024 * 1024 + 2);
    memset(large, 'x', 1024 * 1024 + 1);
    try_form(&forms, "missing", NULL);
    try_form(&forms, "null", json_null());
    try_form(&forms, "\"\"", json_string(""));
    try_form(&forms, "text", json_string("x"));
    try_form(&forms, "NUL", json_stringn("a\0b", 3));
    try_form(&forms, "large", json_string(large));
    try_form(&forms, "7", json_integer(7));
    try_form(&forms, "-2", json_integer(-2));
    try_form(&forms, "true", json_true());
    try_form(&forms, "1.5", json_real(1.5));
    try_form(&forms, "[]", json_array());
    try_form(&forms, "[{}]", json_pack("[{}]"));
    try_form(&forms, "{}", json_object());
    buffer_append_format(text, "  %s takes:%s\n", key, buffer_text(&forms.taken));
    for (size_t i = 0; i < forms.messages.count; i++)
        buffer_append_format(text, "    %s\n", forms.messages.items[i]);
    buffer_release(&forms.taken);
    strings_release(&forms.messages);
    free(large);
}

static void describe_members(struct buffer *text, int kind, json_t *body, json_t *object)
{
    struct strings keys = {0};
    const char *key;
    json_t *value;
    json_object_foreach(object, key, value) strings_push(&keys, key);
    for (size_t i = 0; i < keys.count; i++) {
        describe_member(text, kind, body, object, keys.items[i]);
        value = json_object_get(object, keys.items[i]);
        if (json_is_array(value))
            value = json_array_get(value, 0);
        if (json_is_object(value))
            describe_members(text, kind, body, value);
    }
    strings_release(&keys);
}

static void each_member_has_its_form(void **state UNUSED)
{
    struct buffer text = {0};
    for (int kind = 0; kind < ENTRY_UNKNOWN; kind++) {
        json_t *body = body_of(kind);
        buffer_append_format(&text, "%s\n", entry_kind_text((enum entry_kind)kind));
        describe_members(&text, kind, body, body);
        json_decref(body);
    }
    testing_assert_golden("review/bodies.txt", buffer_text(&text));
    buffer_release(&text);
}

static void each_kind_has_a_line_for_a_reader(void **state UNUSED)
{
    struct buffer text = {0};
    for (int kind = 0; kind < ENTRY_UNKNOWN; kind++) {
        json_t *body = body_of(kind);
        struct buffer line = {0};
        summary_append(&line, body_kind((enum entry_kind)kind)->summary, body);
        summary_trim(&line, 200);
        buffer_append_format(&text, "%s: %s\n", entry_kind_text((enum entry_kind)kind),
                             buffer_text(&line));
        buffer_release(&line);
        json_decref(body);
    }
    testing_assert_golden("review/summaries.txt", buffer_text(&text));
    buffer_release(&text);
}

static void what_is_empty_leaves_no_trace_in_a_summary(void **state UNUSED)
{
    json_t *body = json_pack("{s:s, s:i}", "verdict", "pass", "exit", -1);
    struct buffer line = {0};
    summary_append(&line, "{verdict}[: {note}][, exit {exit}]", body);
    json_decref(body);
    bool same = strcmp(line.data, "pass") == 0;
    buffer_release(&line);
    assert_true(same);
}

static void a_long_summary_is_cut_between_characters(void **state UNUSED)
{
    for (size_t max = 10; max < 20; max++) {
        struct buffer line = {0};
        for (int i = 0; i < 20; i++)
            buffer_append_text(&line, "\xE2\x82\xAC");
        summary_trim(&line, max);
        size_t length = line.length;
        bool fits = strcmp(line.data + length - 3, "...") == 0 && (length - 3) % 3 == 0;
        buffer_release(&line);
        assert_true(fits && length <= max && length > max - 3);
    }
}

struct blobs {
    int count;
    int64_t size;
    bool has_hash;
};

static bool count_blob(void *context, const struct digest *id, int64_t size,
                       const struct digest *hash, struct error *error UNUSED)
{
    struct blobs *blobs = context;
    blobs->count++;
    blobs->size = size;
    blobs->has_hash = hash != NULL;
    return id->bytes[1] == 0x11;
}

static void bodies_name_their_blobs(void **state UNUSED)
{
    static const struct {
        enum entry_kind kind;
        struct blobs blobs;
    } cases[] = {{ENTRY_CHECKLIST, {1, 9, true}},
                 {ENTRY_ATTACHMENT, {1, 8, true}},
                 {ENTRY_EVIDENCE, {1, 3, false}},
                 {ENTRY_DECISION, {0, 0, false}}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct blobs blobs = {0};
        struct error error = {0};
        json_t *body = body_of(cases[i].kind);
        bool done = body_each_blob(cases[i].kind, body, count_blob, &blobs, &error);
        json_decref(body);
        assert_true(done);
        assert_int_equal(blobs.count, cases[i].blobs.count);
        assert_int_equal(blobs.size, cases[i].blobs.size);
        assert_int_equal(blobs.has_hash, cases[i].blobs.has_hash);
    }
}

static void lists_have_an_end(void **state UNUSED)
{
    json_t *body = json_pack("{s:s, s:[]}", "id", "users", "values");
    struct error error;
    for (int i = 0; i < 10001; i++)
        json_array_append_new(json_object_get(body, "values"), json_string("x"));
    bool done = body_check(ENTRY_PARAMETER, body, &error);
    json_decref(body);
    assert_refused(done, &error, ERROR_INVALID);
    assert_string_equal(error.message, "entry of kind 'parameter': member 'values': expected a "
                                       "list of at most 10,000 members");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_full_body_is_taken),
        cmocka_unit_test(each_member_has_its_form),
        cmocka_unit_test(each_kind_has_a_line_for_a_reader),
        cmocka_unit_test(what_is_empty_leaves_no_trace_in_a_summary),
        cmocka_unit_test(a_long_summary_is_cut_between_characters),
        cmocka_unit_test(bodies_name_their_blobs),
        cmocka_unit_test(lists_have_an_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
