/* SPDX-License-Identifier: Apache-2.0 */
/* How long a review of 200 checks on 3 targets takes: an append, opening, every query, verify. */
#include "review/fixture.h"

#include "base/clock.h"

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

int main(void)
{
    struct verify_report report;
    fill();
    for (int i = 0; i < ROUNDS; i++)
        ask();
    int64_t start = clock_monotonic_us();
    review_verify(testing_path(name), NULL, &report);
    printf("%-12s %8.3f ms, %s\n", "verify", since_ms(start), verify_answer_text(report.answer));
    verify_report_release(&report);
    return 0;
}
