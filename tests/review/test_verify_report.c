/* SPDX-License-Identifier: Apache-2.0 */
/* A report told from one process to another, and what a process that lies can do: lie about the
 * file, and neither call it complete nor contradict itself. */
#include "fixture.h"

#include "base/clock.h"
#include "base/file.h"
#include "review/transfer.h"

#include "../../src/review/wire.h"

#include <sys/mman.h>
#include <unistd.h>

static const char base[] = "report/base.walk", heads[] = "report/heads";
static struct verify_report found; /* of the base */
static struct buffer told;         /* what verify_report_send() wrote of it */

static void tell(const struct verify_report *report, struct buffer *ret_told)
{
    struct error error;
    int fd = memfd_create("told", MFD_CLOEXEC);
    bool done = fd >= 0 && verify_report_send(report, fd, &error) && lseek(fd, 0, SEEK_SET) == 0 &&
                file_read_fd(fd, SIZE_MAX / 2, ret_told, &error);
    close(fd);
    assert_done(done, &error);
}

static int make_base(void **state UNUSED)
{
    struct error error;
    testing_write("report/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    fixture_append(review, ENTRY_POLICY,
                   json_pack("{s:s, s:[{s:s, s:s}]}", "topic", "signoff", "rules", "name",
                             "reviewer", "value", "2"));
    review_close(review);
    review = fixture_open(base, REVIEW_READ_WRITE, "Bob");
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    assert_done(known_heads_save(testing_path(heads), review, &error), &error);
    review_close(review);
    review_verify(testing_path(base), NULL, &found);
    assert_int_equal(found.answer, VERIFY_NOT_PROVEN);
    assert_true(found.signoff_count > 0 && found.role_count > 0 && found.author_count == 2);
    tell(&found, &told);
    return 0;
}

static int free_base(void **state UNUSED)
{
    verify_report_release(&found);
    buffer_release(&told);
    return 0;
}

static void take_bytes(const void *bytes, size_t length, struct verify_report *ret_report)
{
    struct error error;
    int fd = memfd_create("taken", MFD_CLOEXEC);
    bool done = fd >= 0 && file_write_fd(fd, bytes, length, &error) && lseek(fd, 0, SEEK_SET) == 0;
    if (done)
        verify_report_take(fd, ret_report);
    close(fd);
    assert_done(done, &error);
}

static void assert_refused_bytes(const void *bytes, size_t length, const char *why)
{
    struct verify_report report;
    take_bytes(bytes, length, &report);
    bool fits = report.answer == VERIFY_CANNOT && report.problems.count == 1 &&
                strstr(report.problems.items[0], why) != NULL && report.listed_count == 0 &&
                report.signoff_count == 0;
    if (!fits)
        print_error("%s, %zu problems, the first: %s\n", verify_answer_text(report.answer),
                    report.problems.count,
                    report.problems.count > 0 ? report.problems.items[0] : "");
    verify_report_release(&report);
    assert_true(fits);
}

/* What was changed in a report makes it one that nobody believes. */
static void assert_refused_report(const struct verify_report *report)
{
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    tell(report, &bytes);
    assert_refused_bytes(bytes.data, bytes.length, "told something that does not fit");
}

static void what_is_told_is_what_was_found(void **state UNUSED)
{
    struct verify_report report;
    AUTO_RELEASE(buffer) struct buffer again = {0};
    take_bytes(told.data, told.length, &report);
    tell(&report, &again);
    bool is_same = again.length == told.length && memcmp(again.data, told.data, told.length) == 0;
    is_same = is_same && report.answer == VERIFY_NOT_PROVEN && !report.signoffs[0].is_good &&
              strcmp(report.signoffs[0].manifest, found.signoffs[0].manifest) == 0 &&
              report.roles[0].wanted == 2 && report.roles[0].have == 0 &&
              ledger_id_equal(&report.review, &found.review);
    verify_report_compare_heads(&report, testing_path(heads));
    is_same = is_same && report.answer == VERIFY_COMPLETE && report.heads_reach_end;
    verify_report_release(&report);
    assert_true(is_same);
}

static void what_breaks_off_is_no_report(void **state UNUSED)
{
    for (size_t length = 0; length < told.length; length++)
        assert_refused_bytes(told.data, length, "ended unexpectedly");
}

/* A length that says less: the payload is cut, and so are the lists in it. */
static void what_is_cut_short_is_no_report(void **state UNUSED)
{
    enum { HEAD_BYTES = 9 };
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    for (size_t length = 0; length < told.length - HEAD_BYTES; length++) {
        buffer_clear(&bytes);
        buffer_append_byte(&bytes, 'V');
        wire_append_number(&bytes, length);
        buffer_append(&bytes, told.data + HEAD_BYTES, length);
        assert_refused_bytes(bytes.data, bytes.length, "told something that does not fit");
    }
}

static void check_changed(const char *bytes, size_t at)
{
    struct verify_report report;
    take_bytes(bytes, told.length, &report);
    bool fits = report.answer == VERIFY_NOT_PROVEN || report.answer == VERIFY_TAMPERED ||
                report.answer == VERIFY_CANNOT;
    fits = fits && (report.answer == VERIFY_NOT_PROVEN) == (report.problems.count == 0);
    fits = fits && (report.listed_count == 0 || (int64_t)report.listed_count == report.entry_count);
    for (size_t i = 0; i < report.signoff_count; i++)
        fits = fits && !report.signoffs[i].is_good && report.signoffs[i].fingerprint == NULL;
    fits = fits && !report.heads_known;
    verify_report_release(&report);
    if (!fits)
        fail_msg("byte %zu changed makes an answer that does not fit", at);
}

static void no_changed_byte_makes_it_complete(void **state UNUSED)
{
    char *bytes = memory_copy(told.data, told.length);
    for (size_t at = 0; at < told.length; at++) {
        for (int bit = at < 200 ? 7 : (int)fixture_random(8); bit >= 0; bit -= at < 200 ? 1 : 8) {
            bytes[at] ^= (char)(1U << bit);
            check_changed(bytes, at);
            bytes[at] = told.data[at];
        }
    }
    free(bytes);
}

static void only_a_comparison_here_makes_it_complete(void **state UNUSED)
{
    struct verify_report report = found;
    report.answer = VERIFY_COMPLETE;
    assert_refused_report(&report);
    report.answer = VERIFY_UNSIGNED_TAIL;
    assert_refused_report(&report);
}

static void answer_and_problems_agree(void **state UNUSED)
{
    struct verify_report report = found;
    report.answer = VERIFY_TAMPERED;
    assert_refused_report(&report);
    report = found;
    report.problems = (struct strings){0};
    strings_push(&report.problems, "entry 3 is missing");
    assert_refused_report(&report);
    strings_release(&report.problems);
}

static void the_list_of_entries_agrees_with_their_numbers(void **state UNUSED)
{
    struct verify_report report = found;
    report.entry_count++;
    assert_refused_report(&report);
    report = found;
    report.author_count++;
    assert_refused_report(&report);
    report = found;
    report.listed_count--;
    assert_refused_report(&report);
    report.listed_count = 0; /* nothing could be compared with it */
    assert_refused_report(&report);
    report.entry_count = 0;
    assert_refused_report(&report);
}

static void entries_are_in_order_and_there_once(void **state UNUSED)
{
    struct verify_report report = found;
    size_t bytes = found.listed_count * sizeof(*found.entries);
    report.entries = memory_new(found.listed_count, sizeof(*found.entries));
    memcpy(report.entries, found.entries, bytes);
    report.entries[1] = report.entries[0];
    assert_refused_report(&report);
    report.entries[1] = found.entries[2];
    report.entries[2] = found.entries[1];
    assert_refused_report(&report);
    free(report.entries);
}

static void a_sign_off_is_one_of_the_entries(void **state UNUSED)
{
    struct verify_report report = found;
    struct verify_signoff signoff = found.signoffs[0];
    report.signoffs = &signoff;
    report.signoff_count = 1;
    signoff.id.seq = 1000;
    assert_refused_report(&report);
    signoff = found.signoffs[0];
    signoff.entries_since = found.entry_count + 1;
    assert_refused_report(&report);
    signoff.entries_since = -1;
    assert_refused_report(&report);
}

static void a_role_asks_for_a_key(void **state UNUSED)
{
    struct verify_report report = found;
    struct verify_role role = found.roles[0];
    report.roles = &role;
    report.role_count = 1;
    role.wanted = 0;
    assert_refused_report(&report);
    role.wanted = -2;
    assert_refused_report(&report);
}

static void nonsense_is_refused(void **state UNUSED)
{
    static const char misfit[] = "told something that does not fit";
    static const char huge[] = "V\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    static const char other[] = "Z\0\0\0\0\0\0\0\0";
    static const char no_error[] = "X\0\0\0\0\0\0\0\x0B\0\0\0\0\0\0\0\0abc";
    AUTO_RELEASE(buffer) struct buffer more = {0};
    assert_refused_bytes(huge, sizeof(huge) - 1, misfit);
    assert_refused_bytes(other, sizeof(other) - 1, misfit);
    assert_refused_bytes(no_error, sizeof(no_error) - 1, misfit);
    buffer_append_byte(&more, 'V');
    wire_append_number(&more, told.length - 8);
    buffer_append(&more, told.data + 9, told.length - 9);
    buffer_append_byte(&more, 'x');
    assert_refused_bytes(more.data, more.length, misfit);
}

static void a_refusal_is_the_reason(void **state UNUSED)
{
    const struct error why = {.code = ERROR_UNSUPPORTED, .message = "it cannot be confined"};
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    struct error error;
    int fd = memfd_create("refusal", MFD_CLOEXEC);
    review_send_refusal(&why, fd);
    bool done = lseek(fd, 0, SEEK_SET) == 0 && file_read_fd(fd, 4096, &bytes, &error);
    close(fd);
    assert_true(done);
    assert_refused_bytes(bytes.data, bytes.length, "it cannot be confined");
}

/* The pipe stays open, as by a process that hangs. */
static void silence_comes_to_an_end(void **state UNUSED)
{
    struct error error = {0};
    struct wire wire;
    char what;
    int fds[2];
    assert_int_equal(pipe(fds), 0);
    assert_int_equal(write(fds[1], told.data, told.length / 2), told.length / 2);
    wire_open(&wire, fds[0], told.length, told.length);
    wire.deadline_ms = clock_monotonic_ms() + 20;
    bool done = wire_next(&wire, &what, &error);
    wire_release(&wire);
    close(fds[0]);
    close(fds[1]);
    assert_refused(done, &error, ERROR_CORRUPT);
    assert_non_null(strstr(error.message, "took too long"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_is_what_was_found),
        cmocka_unit_test(what_breaks_off_is_no_report),
        cmocka_unit_test(what_is_cut_short_is_no_report),
        cmocka_unit_test(no_changed_byte_makes_it_complete),
        cmocka_unit_test(only_a_comparison_here_makes_it_complete),
        cmocka_unit_test(answer_and_problems_agree),
        cmocka_unit_test(the_list_of_entries_agrees_with_their_numbers),
        cmocka_unit_test(entries_are_in_order_and_there_once),
        cmocka_unit_test(a_sign_off_is_one_of_the_entries),
        cmocka_unit_test(a_role_asks_for_a_key),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_refusal_is_the_reason),
        cmocka_unit_test(silence_comes_to_an_end),
    };
    return cmocka_run_group_tests(tests, make_base, free_base);
}
