/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ledger/entry.h"

static const struct ledger_id review = {{1, 2, 3}};

struct chain {
    struct entry first, second;
};

static void fill(struct entry *entry, int64_t seq, const char *kind, const char *body)
{
    *entry = (struct entry){.id = {.author = {{0xAB, 0xCD, 0xEF, 0x01}}, .seq = seq},
                            .clock = seq + 4,
                            .time_ms = 1764000000000,
                            .kind = memory_copy_text(kind)};
    buffer_append_text(&entry->body, body);
}

static int setup(void **state)
{
    struct chain *chain = memory_new(1, sizeof(*chain));
    fill(&chain->first, 1, "review", "{\"title\":\"A sandbox\"}");
    chain->first.hash = entry_compute_hash(&review, &chain->first);
    fill(&chain->second, 2, "decision", "{\"verdict\":\"pass\"}");
    chain->second.prev = chain->first.hash;
    chain->second.hash = entry_compute_hash(&review, &chain->second);
    *state = chain;
    return 0;
}

static int teardown(void **state)
{
    struct chain *chain = *state;
    entry_release(&chain->first);
    entry_release(&chain->second);
    free(chain);
    return 0;
}

static void ids_are_read_back_and_nothing_else_is_one(void **state UNUSED)
{
    static const char *const bad[] = {"",
                                      "00",
                                      "0123456789abcdef0123456789abcdeF",
                                      "0123456789abcdef0123456789abcde",
                                      "0123456789abcdef0123456789abcdef0",
                                      "0123456789abcdef0123456789abcdefg"};
    char text[LEDGER_ID_TEXT_BYTES];
    struct ledger_id id = ledger_id_random(), again, other = ledger_id_random();
    assert_true(ledger_id_parse(ledger_id_text(&id, text), &again));
    assert_true(ledger_id_equal(&id, &again));
    assert_false(ledger_id_equal(&id, &other));
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_false(ledger_id_parse(bad[i], &again));
}

static void names_of_entries_are_read_back_and_nothing_else_is_one(void **state UNUSED)
{
#define AUTHOR "0123456789abcdef0123456789abcdef"
    static const char *const bad[] = {"",
                                      AUTHOR,
                                      AUTHOR ":",
                                      AUTHOR ":0",
                                      AUTHOR ":01",
                                      AUTHOR ":-1",
                                      AUTHOR ":1 ",
                                      AUTHOR ": 1",
                                      AUTHOR ":1x",
                                      "x" AUTHOR ":1",
                                      "0123456789abcdef0123456789abcdeg:1",
                                      AUTHOR ":1234567890123456789",
                                      AUTHOR ":9999999999999999999"};
    char text[ENTRY_ID_TEXT_BYTES];
    struct entry_id id, same;
    assert_true(entry_id_parse(AUTHOR ":412", &id));
    assert_int_equal(id.seq, 412);
    assert_string_equal(entry_id_text(&id, text), AUTHOR ":412");
    assert_true(entry_id_parse(text, &same) && entry_id_equal(&id, &same));
    same.seq++;
    assert_false(entry_id_equal(&id, &same));
    same.seq--;
    same.author.bytes[0]++;
    assert_false(entry_id_equal(&id, &same));
    for (size_t i = 0; i < LENGTH(bad); i++)
        assert_false(entry_id_parse(bad[i], &id));
}

static void every_kind_has_a_text_of_its_own(void **state UNUSED)
{
    for (int kind = 0; kind < ENTRY_UNKNOWN; kind++)
        assert_int_equal(entry_kind_parse(entry_kind_text((enum entry_kind)kind)), kind);
    assert_int_equal(entry_kind_parse("weather"), ENTRY_UNKNOWN);
    assert_int_equal(entry_kind_parse(""), ENTRY_UNKNOWN);
    assert_string_equal(entry_kind_text(ENTRY_UNKNOWN), "unknown");
}

/* The number was worked out by hand from docs/review-file.md, with a few lines of Python. */
static void the_hash_is_the_one_of_the_format(void **state)
{
    struct chain *chain = *state;
    char hex[DIGEST_HEX_BYTES];
    assert_string_equal(digest_hex(&chain->first.hash, hex),
                        "b49faccd37359c38c646ddc968b7318caaaadca96819dab30492602aa81a4a57");
    assert_string_equal(digest_hex(&chain->second.hash, hex),
                        "d2677d96016061842f3022d1f737a21502407ec2b331df690f9102f570ae8e20");
}

static void a_chain_fits(void **state)
{
    struct chain *chain = *state;
    struct error error;
    assert_done(entry_check(&review, &chain->first, NULL, &error), &error);
    assert_done(entry_check(&review, &chain->second, &chain->first, &error), &error);
}

static void refuse(const struct chain *chain, const char *message)
{
    struct error error;
    assert_refused(entry_check(&review, &chain->second, &chain->first, &error), &error,
                   ERROR_CORRUPT);
    assert_string_equal(error.message, message);
}

#define NO_FIT "entry abcdef01:2 (decision): its hash does not fit its contents"

static void a_changed_member_does_not_fit_the_hash(void **state)
{
    struct chain *chain = *state;
    struct entry *entry = &chain->second, before = *entry;
    entry->clock++;
    refuse(chain, NO_FIT);
    *entry = before;
    entry->time_ms--;
    refuse(chain, NO_FIT);
    *entry = before;
    entry->prev.bytes[31] ^= 1;
    refuse(chain, NO_FIT);
    *entry = before;
    entry->hash.bytes[0] ^= 0x80;
    refuse(chain, NO_FIT);
    *entry = before;
    entry->id.seq = 3;
    refuse(chain, "entry abcdef01:3 (decision): its hash does not fit its contents");
    *entry = before;
    entry->id.author.bytes[15] ^= 1;
    refuse(chain, NO_FIT);
    *entry = before;
    entry->kind[0] = 'D';
    refuse(chain, "entry abcdef01:2 (Decision): its hash does not fit its contents");
    entry->kind[0] = 'd';
    for (size_t i = 0; i < entry->body.length; i++) {
        entry->body.data[i] ^= 1;
        refuse(chain, NO_FIT);
        entry->body.data[i] ^= 1;
    }
}

static void an_entry_of_another_review_does_not_fit(void **state)
{
    struct chain *chain = *state;
    static const struct ledger_id other = {{1, 2, 4}};
    struct error error;
    assert_refused(entry_check(&other, &chain->first, NULL, &error), &error, ERROR_CORRUPT);
}

/* Signed anew by whoever changed it, an entry still has to continue the one before it. */
static void forge(struct chain *chain, const char *message)
{
    chain->second.hash = entry_compute_hash(&review, &chain->second);
    refuse(chain, message);
}

static void a_changed_entry_breaks_the_chain(void **state)
{
    struct chain *chain = *state;
    struct entry before = chain->second;
    chain->second.prev.bytes[0] ^= 1;
    forge(chain, "entry abcdef01:2 (decision): it does not continue the entry before it");
    chain->second = before;
    chain->second.id.seq = 3;
    forge(chain, "entry abcdef01:3 (decision): the entries before it are missing");
    chain->second = before;
    chain->second.clock = chain->first.clock;
    forge(chain, "entry abcdef01:2 (decision): its clock does not rise");
    chain->second = before;
    chain->second.id.author.bytes[3]++;
    forge(chain, "entry abcdef02:2 (decision): the entry before it is of another author");
}

static void the_first_entry_has_nothing_before_it(void **state)
{
    struct chain *chain = *state;
    struct error error;
    chain->first.prev.bytes[9] = 1;
    chain->first.hash = entry_compute_hash(&review, &chain->first);
    assert_refused(entry_check(&review, &chain->first, NULL, &error), &error, ERROR_CORRUPT);
    assert_refused(entry_check(&review, &chain->second, NULL, &error), &error, ERROR_CORRUPT);
}

static void fields_cannot_run_together(void **state)
{
    struct chain *chain = *state;
    struct entry a, b;
    struct digest hash_a, hash_b;
    fill(&a, 1, "run", "xy");
    fill(&b, 1, "runx", "y");
    hash_a = entry_compute_hash(&review, &a);
    hash_b = entry_compute_hash(&review, &b);
    entry_release(&a);
    entry_release(&b);
    assert_false(digest_equal(&hash_a, &hash_b));
    assert_false(digest_equal(&hash_a, &chain->first.hash));
}

static void entries_are_ordered_by_clock_author_and_number(void **state UNUSED)
{
    struct entry a = {.clock = 1, .id = {.author = {{9}}, .seq = 9}};
    struct entry b = {.clock = 2, .id = {.author = {{1}}, .seq = 1}};
    struct entry c = {.clock = 2, .id = {.author = {{1}}, .seq = 2}};
    struct entry d = {.clock = 2, .id = {.author = {{0x80}}, .seq = 1}};
    const struct entry *const order[] = {&a, &b, &c, &d};
    for (int i = 0; i < 4; i++)
        for (int j = 0; j < 4; j++) {
            int compared = entry_compare(order[i], order[j]);
            assert_int_equal((compared > 0) - (compared < 0), (i > j) - (i < j));
        }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ids_are_read_back_and_nothing_else_is_one),
        cmocka_unit_test(names_of_entries_are_read_back_and_nothing_else_is_one),
        cmocka_unit_test(every_kind_has_a_text_of_its_own),
        cmocka_unit_test_setup_teardown(the_hash_is_the_one_of_the_format, setup, teardown),
        cmocka_unit_test_setup_teardown(a_chain_fits, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_member_does_not_fit_the_hash, setup, teardown),
        cmocka_unit_test_setup_teardown(an_entry_of_another_review_does_not_fit, setup, teardown),
        cmocka_unit_test_setup_teardown(a_changed_entry_breaks_the_chain, setup, teardown),
        cmocka_unit_test_setup_teardown(the_first_entry_has_nothing_before_it, setup, teardown),
        cmocka_unit_test_setup_teardown(fields_cannot_run_together, setup, teardown),
        cmocka_unit_test(entries_are_ordered_by_clock_author_and_number),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
