/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/buffer.h"
#include "base/clock.h"

#include <unistd.h>

static const char name[] = "query.walk";
static struct review *review;

/* Times and ids are the same in each run: one tick of a second an entry. */
static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    clock_set_wall_ms(1764000000000);
    review = fixture_create(name);
    fixture_one_of_each(review);
    review_close(review);
    clock_set_wall_ms(1764000060000);
    review = fixture_open(name, REVIEW_READ_WRITE, "Bob");
    fixture_evidence(review, "check-0", "host-0", "effective", "permitrootlogin no\n");
    fixture_suggest(review, "check-0", "host-0", "pass");
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    fixture_append(review, ENTRY_ANSWER,
                   json_pack("{s:s, s:s, s:s, s:s}", "target", "host-1", "check", "check-0",
                             "question", "owner", "value", "Team Red"));
    fixture_append(review, ENTRY_COMMENT, json_pack("{s:s}", "text", "On the whole: fine."));
    return 0;
}

static int teardown(void **state UNUSED)
{
    review_close(review);
    clock_set_wall_ms(0);
    return 0;
}

static void put(struct buffer *text, const char *format, ...) PRINTF_LIKE(2, 3);
static void put(struct buffer *text, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    buffer_append_format_list(text, format, arguments);
    va_end(arguments);
}

static void put_id(struct buffer *text, const struct entry_id *id)
{
    char author[LEDGER_ID_TEXT_BYTES];
    put(text, "%.2s:%lld", ledger_id_text(&id->author, author), (long long)id->seq);
}

static long long seconds(int64_t time_ms)
{
    return time_ms == 0 ? -1 : (long long)(time_ms - 1764000000000) / 1000;
}

/* LIST(row, plural, body): a section of the text, a line an item. */
#define LIST(row, plural, filter, ...)                                                             \
    {                                                                                              \
        struct row##_list list;                                                                    \
        struct error error;                                                                        \
        put(text, "%s\n", #plural);                                                                \
        assert_done(review_query_##plural(review, filter, &list, &error), &error);                 \
        for (size_t i = 0; i < list.count; i++) {                                                  \
            const struct row *item = &list.items[i];                                               \
            put(text, "  ");                                                                       \
            __VA_ARGS__;                                                                           \
            put(text, "\n");                                                                       \
        }                                                                                          \
        row##_list_release(&list);                                                                 \
    }

static void describe_subject(struct buffer *text, const struct review_filter *filter)
{
    char digest[DIGEST_HEX_BYTES];
    LIST(author_row, authors, filter,
         put(text, "%s <%s> [%s] %lld to %lld, %lld entries", item->name, item->email, item->key,
             seconds(item->first_ms), seconds(item->last_ms), (long long)item->entry_count))
    LIST(checklist_row, checklists, filter,
         put(text, "%s %s '%s' %.8s", item->id, item->version, item->title,
             digest_hex(&item->digest, digest)))
    LIST(area_row, areas, filter, put(text, "%s: %s '%s'", item->checklist, item->id, item->title))
    LIST(parameter_row, parameters, filter,
         put(text, "%s = %s, %s (%zu)", item->id, item->values.items[0], item->values.items[1],
             item->values.count))
    LIST(target_row, targets, filter,
         put(text, "%s %s [%s %s %s]", item->name, item->spec, item->key_type,
             item->key_fingerprint, item->key))
    LIST(consent_row, consents, filter,
         put(text, "%s %s %.8s at %lld", item->target, item->class,
             digest_hex(&item->digest, digest), seconds(item->time_ms)))
}

static void put_item(struct buffer *text, const struct item_row *item)
{
    put(text, "%s on %s: '%s' %s %s\n", item->check, item->target, item->title, item->area,
        item->severity);
    put(text, "    suggested '%s' '%s' %s in '%s' at %lld\n", item->suggestion,
        item->suggestion_reason, item->suggestion_lines, item->run, seconds(item->suggested_ms));
    put(text, "    decided '%s' '%s' '%s' by '%s' at %lld, ", item->verdict, item->note,
        item->because, item->decided_by, seconds(item->decided_ms));
    put_id(text, &item->decision);
    put(text, ", suggested then '%s'%s\n", item->suggestion_then, item->is_stale ? ", stale" : "");
    put(text, "    %lld evidence, %lld comments, %lld answers, %lld attachments",
        (long long)item->evidence_count, (long long)item->comment_count,
        (long long)item->answer_count, (long long)item->attachment_count);
}

static void describe_work(struct buffer *text, const struct review_filter *filter)
{
    LIST(item_row, items, filter, put_item(text, item))
    LIST(evidence_row, evidence, filter, put_id(text, &item->id);
         put(text,
             " %s %s %s %s '%s'%s %s '%s' exit %d, %lld for %lld ms, out %lld, err %lld, "
             "noise %lld, by %s%s",
             item->run, item->check, item->target, item->probe, item->command,
             item->as_root ? " as root" : "", item->outcome, item->detail, item->exit_status,
             (long long)item->started_ms, (long long)item->duration_ms, (long long)item->out_bytes,
             (long long)item->err_bytes, (long long)item->noise_bytes, item->author,
             item->is_latest ? ", latest" : ""))
    LIST(decision_row, decisions, filter, put_id(text, &item->id);
         put(text, " %s %s %s '%s' '%s' '%s' by %s at %lld%s%s", item->check, item->target,
             item->verdict, item->note, item->because, item->suggestion, item->author,
             seconds(item->time_ms), item->is_retracted ? ", retracted" : "",
             item->is_superseded ? ", superseded" : ""))
    LIST(answer_row, answers, filter, put_id(text, &item->id);
         put(text, " %s %s %s = '%s' by %s at %lld", item->check, item->target, item->question,
             item->value, item->author, seconds(item->time_ms)))
    LIST(comment_row, comments, filter, put_id(text, &item->id);
         put(text, " '%s' '%s' '%s' by %s at %lld", item->check, item->target, item->text,
             item->author, seconds(item->time_ms)))
    LIST(exception_row, exceptions, filter, put_id(text, &item->id);
         put(text, " %s %s '%s' '%s' by %s from %s until %s, '%s' at %lld", item->state,
             item->check, item->target, item->reason, item->approver, item->from, item->until,
             item->ticket, seconds(item->changed_ms)))
    LIST(finding_row, findings, filter, put_id(text, &item->id);
         put(text, " %s '%s' '%s' '%s' %s '%s' '%s' %s '%s' '%s' by %s", item->state, item->check,
             item->target, item->title, item->severity, item->description, item->because,
             item->cvss, item->owner, item->due, item->author))
    LIST(attachment_row, attachments, filter, put_id(text, &item->id);
         put(text, " %s %s %s %lld bytes by %s at %lld", item->check, item->target, item->name,
             (long long)item->size_bytes, item->author, seconds(item->time_ms)))
}

static void describe_history(struct buffer *text, const struct review_filter *filter)
{
    LIST(run_row, runs, filter,
         put(text, "%s %s %s by %s '%s' %lld to %lld, %lld probes, %lld evidence", item->run,
             item->target, item->state, item->author, item->detail, seconds(item->started_ms),
             seconds(item->ended_ms), (long long)item->probe_count,
             (long long)item->evidence_count))
    LIST(signoff_row, signoffs, filter, put_id(text, &item->id);
         put(text, " %s %s [%s] '%s' by %s at %lld, %zu bytes, %lld since", item->role,
             item->signer, item->key, item->signature, item->author, seconds(item->time_ms),
             strlen(item->manifest), (long long)item->entries_since))
    LIST(event_row, events, filter, put_id(text, &item->id);
         put(text, " %lld %s %s [%s %s] %s%s at %lld", (long long)item->clock, item->kind,
             item->author, item->check, item->target, item->summary,
             item->is_retracted ? " (retracted)" : "", seconds(item->time_ms)))
}

static void expect_golden(const struct review_filter *filter, const char *golden)
{
    struct buffer text = {0};
    describe_subject(&text, filter);
    describe_work(&text, filter);
    describe_history(&text, filter);
    testing_assert_golden(golden, buffer_text(&text));
    buffer_release(&text);
}

static void every_list_tells_what_is_there(void **state UNUSED)
{
    expect_golden(NULL, "review/all.txt");
}

static void a_filter_leaves_only_one_item(void **state UNUSED)
{
    const struct review_filter filter = {.check = "check-0", .target = "host-0"};
    expect_golden(&filter, "review/filtered.txt");
}

static void a_filter_on_nothing_leaves_nothing(void **state UNUSED)
{
    const struct review_filter filter = {.check = "check", .target = "host-0' OR 1"};
    struct item_row_list list;
    struct error error;
    assert_done(review_query_items(review, &filter, &list, &error), &error);
    assert_int_equal(list.count, 0);
    item_row_list_release(&list);
}

static void a_limit_leaves_the_newest(void **state UNUSED)
{
    const struct review_filter filter = {.limit = 2};
    struct event_row_list events;
    struct evidence_row_list evidence;
    struct error error;
    assert_done(review_query_events(review, &filter, &events, &error), &error);
    bool fits = events.count == 2 && strcmp(events.items[0].summary, "owner: Team Red") == 0 &&
                strcmp(events.items[1].summary, "On the whole: fine.") == 0;
    event_row_list_release(&events);
    assert_true(fits);
    assert_done(review_query_evidence(review, &filter, &evidence, &error), &error);
    fits = evidence.count == 2 && strcmp(evidence.items[0].probe, "version") == 0 &&
           evidence.items[1].out_bytes == 19;
    evidence_row_list_release(&evidence);
    assert_true(fits);
}

static void pin(const char *target, const char *host, int port, const char *key, const char *how)
{
    fixture_append(review, ENTRY_HOSTKEY,
                   json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "target", target, "host", host,
                             "port", port, "type", "ssh-ed25519", "fingerprint", "SHA256:x", "key",
                             key, "how", how));
}

static void a_jump_host_has_a_key_of_its_own(void **state UNUSED)
{
    struct jump_key_row_list keys;
    struct target_row_list targets;
    struct error error;
    pin("host-0", "jump", 22, "AAAA", "jump-host");
    pin("host-1", "jump", 2222, "AAAB", "jump-host");
    pin("host-1", "jump", 22, "AAAC", "jump-host");
    pin("host-1", "other", 22, "AAAD", "refused");
    assert_done(review_query_jump_keys(review, NULL, &keys, &error), &error);
    bool fits = keys.count == 2 && strcmp(keys.items[0].key, "AAAC") == 0 &&
                keys.items[1].port == 2222 && strcmp(keys.items[1].key, "AAAB") == 0;
    jump_key_row_list_release(&keys);
    assert_done(review_query_targets(review, NULL, &targets, &error), &error);
    bool is_own = strcmp(targets.items[0].key, "AAAAC3Nz") == 0 && targets.items[1].key[0] == '\0';
    target_row_list_release(&targets);
    assert_true(fits);
    assert_true(is_own);
}

static void events_name_their_hashes(void **state UNUSED)
{
    struct event_row_list list;
    struct manifest manifest;
    struct error error;
    assert_done(review_query_events(review, NULL, &list, &error), &error);
    assert_done(review_build_manifest(review, NULL, &manifest, &error), &error);
    bool fits = manifest.head_count == 2 &&
                digest_equal(&manifest.heads[1].hash, &list.items[list.count - 1].hash);
    event_row_list_release(&list);
    manifest_release(&manifest);
    assert_true(fits);
}

/* --- manifests --- */

static void a_manifest_counts_items_by_verdict_and_state(void **state UNUSED)
{
    struct manifest manifest;
    struct error error;
    fixture_suggest(review, "check-1", "host-0", "blocked");
    fixture_decide(review, "check-0", "host-1", "not-applicable", NULL);
    fixture_decide(review, "check-0", "host-1", "fail", NULL);
    assert_done(review_build_manifest(review, NULL, &manifest, &error), &error);
    struct manifest copy = manifest;
    manifest_release(&manifest);
    assert_int_equal(copy.items, 4);
    assert_int_equal(copy.pass, 1);
    assert_int_equal(copy.fail, 1);
    assert_int_equal(copy.not_applicable, 0);
    assert_int_equal(copy.open, 1);
    assert_int_equal(copy.disputed, 1);
    assert_int_equal(copy.blocked, 1);
    assert_int_equal(copy.against_suggestion, 1);
    assert_int_equal(copy.exceptions, 1);
}

static void write_manifest(const struct manifest *up_to, struct buffer *text)
{
    struct manifest manifest;
    struct error error;
    assert_done(review_build_manifest(review, up_to, &manifest, &error), &error);
    manifest_write(&manifest, text);
    manifest_release(&manifest);
}

/* What was built yesterday is built again today, with the heads of then. */
static void a_manifest_of_then_is_built_again_later(void **state UNUSED)
{
    struct manifest then;
    struct buffer before = {0}, after = {0}, now = {0};
    struct error error;
    assert_done(review_build_manifest(review, NULL, &then, &error), &error);
    manifest_write(&then, &before);
    fixture_decide(review, "check-1", "host-0", "fail", NULL);
    fixture_append(review, ENTRY_TARGET, json_pack("{s:s, s:s}", "name", "new", "spec", "local"));
    fixture_append(review, ENTRY_AUTHOR, json_pack("{s:s, s:s}", "name", "Robert", "email", ""));
    write_manifest(&then, &after);
    write_manifest(NULL, &now);
    bool same = before.length == after.length && strcmp(before.data, after.data) == 0;
    bool differs = strcmp(before.data, now.data) != 0;
    manifest_release(&then);
    buffer_release(&before);
    buffer_release(&after);
    buffer_release(&now);
    assert_true(same);
    assert_true(differs);
}

static void entries_since_a_sign_off_are_counted(void **state UNUSED)
{
    struct signoff_row_list list;
    struct error error;
    assert_done(review_query_signoffs(review, NULL, &list, &error), &error);
    int64_t before = list.items[0].entries_since;
    signoff_row_list_release(&list);
    fixture_decide(review, "check-1", "host-0", "fail", NULL);
    assert_done(review_query_signoffs(review, NULL, &list, &error), &error);
    int64_t after = list.items[0].entries_since;
    signoff_row_list_release(&list);
    assert_int_equal(before, 5);
    assert_int_equal(after, 6);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(every_list_tells_what_is_there),
        TEST(a_filter_leaves_only_one_item),
        TEST(a_filter_on_nothing_leaves_nothing),
        TEST(a_limit_leaves_the_newest),
        TEST(a_jump_host_has_a_key_of_its_own),
        TEST(events_name_their_hashes),
        TEST(entries_since_a_sign_off_are_counted),
        TEST(a_manifest_counts_items_by_verdict_and_state),
        TEST(a_manifest_of_then_is_built_again_later),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
