/* SPDX-License-Identifier: Apache-2.0 */
/* How long a review of 200 checks on 3 targets takes: an append, opening, every query, verify. */
#include "review/fixture.h"

#include "base/clock.h"

#include <time.h>

enum { CHECKS = 200, TARGETS = 3, ROUNDS = 5, OUTPUT_BYTES = 6000 };
static const char name[] = "bench.walk";

static double since_ms(int64_t start_us)
{
    return (double)(clock_monotonic_us() - start_us) / 1000;
}

static void fill(void)
{
    struct review *review = fixture_create(name);
    char *output = memory_new(1, OUTPUT_BYTES);
    int appends = 0;
    memset(output, 'x', OUTPUT_BYTES - 1);
    fixture_subject(review, CHECKS, TARGETS);
    int64_t start = clock_monotonic_us();
    for (int i = 0; i < CHECKS * TARGETS; i++) {
        AUTO_FREE char *check = memory_format("check-%d", i / TARGETS);
        AUTO_FREE char *target = memory_format("host-%d", i % TARGETS);
        fixture_evidence(review, check, target, "effective", output);
        fixture_suggest(review, check, target, "fail");
        fixture_decide(review, check, target, "fail", NULL);
        appends += 3;
    }
    printf("%-12s %8.3f ms each, %d of them\n", "append", since_ms(start) / appends, appends);
    free(output);
    review_close(review);
}

#define MEASURE(row, plural)                                                                       \
    {                                                                                              \
        struct row##_list list;                                                                    \
        int64_t list_begin = clock_monotonic_us();                                                 \
        assert_done(review_query_##plural(review, NULL, &list, &error), &error);                   \
        printf("%-12s %8.3f ms, %zu rows\n", #plural, since_ms(list_begin), list.count);           \
        row##_list_release(&list);                                                                 \
    }

static void ask(void)
{
    struct review_info info;
    struct error error;
    int64_t start = clock_monotonic_us();
    struct review *review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    printf("%-12s %8.3f ms\n", "open", since_ms(start));
    int64_t begin = clock_monotonic_us();
    assert_done(review_query_info(review, &info, &error), &error);
    printf("%-12s %8.3f ms, %lld entries\n", "info", since_ms(begin), (long long)info.entry_count);
    review_info_release(&info);
    MEASURE(author_row, authors)
    MEASURE(checklist_row, checklists)
    MEASURE(parameter_row, parameters)
    MEASURE(target_row, targets)
    MEASURE(consent_row, consents)
    MEASURE(item_row, items)
    MEASURE(evidence_row, evidence)
    MEASURE(decision_row, decisions)
    MEASURE(answer_row, answers)
    MEASURE(comment_row, comments)
    MEASURE(attachment_row, attachments)
    MEASURE(run_row, runs)
    MEASURE(signoff_row, signoffs)
    MEASURE(event_row, events)
    review_close(review);
    printf("%-12s %8.3f ms\n", "all of it", since_ms(start));
}

/* 100 attachments of 10 KB that does not compress, in one transaction. */
static void attach_many(struct review *review)
{
    enum { COUNT = 100, BYTES = 10000 };
    static struct new_blob blobs[COUNT];
    static struct new_entry entries[COUNT];
    char *data = memory_new(COUNT, BYTES);
    struct error error;
    random_bytes(data, (size_t)COUNT * BYTES);
    for (int i = 0; i < COUNT; i++) {
        char id[DIGEST_HEX_BYTES], hex[DIGEST_HEX_BYTES];
        struct digest digest = digest_of(data + (size_t)i * BYTES, BYTES);
        new_blob_init(&blobs[i], data + (size_t)i * BYTES, BYTES);
        entries[i] = (struct new_entry){
            .kind = ENTRY_ATTACHMENT,
            .body = json_pack("{s:s, s:s, s:s, s:i, s:s}", "check", "check-0", "name", "a file",
                              "blob", digest_hex(&blobs[i].id, id), "size", BYTES, "digest",
                              digest_hex(&digest, hex)),
            .blobs = &blobs[i],
            .blob_count = 1};
    }
    assert_done(review_append(review, entries, COUNT, NULL, &error), &error);
    for (int i = 0; i < COUNT; i++)
        json_decref(entries[i].body);
    free(data);
}

static void verify(const char *what, const char *file)
{
    struct verify_report report;
    int64_t start = clock_monotonic_us();
    clock_t processor = clock();
    review_verify(testing_path(file), NULL, &report);
    printf("%-12s %8.3f ms (%.3f ms of a processor), %s, %lld entries, %lld blobs\n", what,
           since_ms(start), (double)(clock() - processor) * 1000 / CLOCKS_PER_SEC,
           verify_answer_text(report.answer), (long long)report.entry_count,
           (long long)report.blob_count);
    verify_report_release(&report);
}

static void fill_large(void)
{
    struct review *review = fixture_create("large.walk");
    fixture_subject(review, 1, 1);
    for (int i = 0; i < 100; i++)
        attach_many(review);
    review_close(review);
}

int main(void)
{
    fill();
    for (int i = 0; i < ROUNDS; i++)
        ask();
    verify("verify", name);
    fill_large();
    verify("verify 100MB", "large.walk");
    return 0;
}
