/* SPDX-License-Identifier: Apache-2.0 */
/* What a damaged file still proves, and copies made while it was whole. */
#include "fixture.h"

#include "base/file.h"
#include "review/backup.h"
#include "review/salvage.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

static const char base[] = "salvage/base.walk", hurt[] = "salvage/hurt.walk",
                  fresh[] = "salvage/fresh.walk";

static int make_base(void **state UNUSED)
{
    testing_write("salvage/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    review_close(review);
    review = fixture_open(base, REVIEW_READ_WRITE, "Bob");
    for (int i = 0; i < 60; i++) {
        AUTO_FREE char *output = memory_format("output %d of a probe, %u\n", i, fixture_random(99));
        fixture_evidence(review, "check-1", "host-1", "p", output);
    }
    review_close(review);
    return 0;
}

static int setup(void **state UNUSED)
{
    fixture_copy(base, hurt);
    unlink(testing_path(fresh));
    return 0;
}

static bool take_salvaged(int fd, const char *name, struct salvage_report *report,
                          struct error *error)
{
    const struct salvaging salvaging = {.damaged = testing_path(hurt),
                                        .path = testing_path(name),
                                        .author = fixture_author("Carol")};
    return review_salvage_take(fd, &salvaging, report, error);
}

/* What two processes do. */
static bool salvage_to(const char *name, struct salvage_report *report, struct error *error)
{
    int fd = memfd_create("proven", MFD_CLOEXEC);
    bool done = review_salvage_send(testing_path(hurt), fd, error) && lseek(fd, 0, SEEK_SET) == 0 &&
                take_salvaged(fd, name, report, error);
    close(fd);
    return done;
}

static void salvage(struct salvage_report *report)
{
    struct error error;
    assert_done(salvage_to(fresh, report, &error), &error);
}

static void expect_whole(void)
{
    enum verify_answer answer;
    assert_string_equal(fixture_first_problem(testing_path(fresh), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static size_t count_handoffs(void)
{
    struct review *review = fixture_open(fresh, REVIEW_READ_ONLY, NULL);
    struct event_row_list list;
    struct error error;
    size_t count = 0;
    assert_done(review_query_events(review, NULL, &list, &error), &error);
    for (size_t i = 0; i < list.count; i++)
        count += strcmp(list.items[i].kind, "handoff") == 0 &&
                 strncmp(list.items[i].summary, "salvaged hurt.walk: 89 entries", 30) == 0;
    event_row_list_release(&list);
    review_close(review);
    return count;
}

static void nothing_is_lost_of_a_file_that_is_whole(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    salvage(&report);
    assert_int_equal(report.lost.count, 0);
    assert_int_equal(report.entry_count, 28 + 61);
    expect_whole();
    assert_int_equal(count_handoffs(), 1);
}

static void a_changed_entry_ends_what_is_proven_of_its_author(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    fixture_sql(testing_path(hurt), "UPDATE entry SET time_ms = 1 WHERE kind = 'suggestion'");
    salvage(&report);
    assert_true(report.entry_count > 61 && report.entry_count < 28 + 61);
    assert_non_null(strstr(report.lost.items[0], "one before it is lost"));
    expect_whole();
}

static void a_lost_blob_is_told_and_the_rest_verifies(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    fixture_sql(testing_path(hurt),
                "UPDATE blob SET data = zeroblob(length(data)) WHERE id IN (SELECT out_blob FROM"
                " evidence WHERE check_id = 'check-0' AND out_size > 0)");
    salvage(&report);
    assert_int_equal(report.lost.count, 1);
    assert_non_null(strstr(report.lost.items[0], "20 bytes: it cannot be read"));
    expect_whole();
}

static void doctored_tables_are_worked_out_anew(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    fixture_sql(testing_path(hurt), "UPDATE item SET verdict = 'pass'; DELETE FROM event");
    salvage(&report);
    assert_int_equal(report.lost.count, 0);
    expect_whole();
}

static void the_damaged_file_is_not_changed(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    struct buffer before = {0}, after = {0};
    struct error error;
    fixture_sql(testing_path(hurt), "DELETE FROM event");
    assert_done(file_read(testing_path(hurt), SIZE_MAX / 2, &before, &error), &error);
    salvage(&report);
    assert_done(file_read(testing_path(hurt), SIZE_MAX / 2, &after, &error), &error);
    bool same =
        before.length == after.length && memcmp(before.data, after.data, before.length) == 0;
    struct digest digest = digest_of(before.data, before.length);
    buffer_release(&before);
    buffer_release(&after);
    assert_true(same);
    assert_true(digest_equal(&digest, &report.source));
}

static void an_existing_file_is_not_overwritten(void **state UNUSED)
{
    AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
    struct error error;
    assert_refused(salvage_to(base, &report, &error), &error, ERROR_EXISTS);
}

/* Pages overwritten at random: what comes out verifies, or nothing comes out. */
static void what_comes_out_of_any_damage_verifies(void **state UNUSED)
{
    int salvaged = 0, rounds = fixture_rounds(40);
    for (int round = 0; round < rounds; round++) {
        AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
        struct error error;
        char garbage[512];
        setup(NULL);
        int fd = open(testing_path(hurt), O_RDWR);
        off_t size = lseek(fd, 0, SEEK_END);
        for (size_t i = 0; i < sizeof(garbage); i++)
            garbage[i] = (char)fixture_random(256);
        assert_int_equal(pwrite(fd, garbage, sizeof(garbage),
                                4096 + (off_t)fixture_random((unsigned)(size - 4096 - 512))),
                         sizeof(garbage));
        close(fd);
        if (!salvage_to(fresh, &report, &error))
            continue;
        expect_whole();
        salvaged++;
    }
    assert_true(salvaged * 2 > rounds);
}

/* What the process that reads the damaged file tells, with something changed: refused, or as good
 * as any other file. */
static void a_process_that_lies_makes_nothing_that_does_not_verify(void **state UNUSED)
{
    struct buffer told = {0};
    struct error error;
    int fd = memfd_create("told", MFD_CLOEXEC), refused = 0;
    fixture_sql(testing_path(hurt), "UPDATE entry SET time_ms = 1 WHERE kind = 'suggestion'");
    assert_done(review_salvage_send(testing_path(hurt), fd, &error) &&
                    lseek(fd, 0, SEEK_SET) == 0 && file_read_fd(fd, SIZE_MAX / 2, &told, &error),
                &error);
    for (size_t at = 0; at < told.length; at += 1 + fixture_random(150)) {
        AUTO_RELEASE(salvage_report) struct salvage_report report = {0};
        unlink(testing_path(fresh));
        char before = told.data[at];
        told.data[at] ^= (char)(1U << fixture_random(8));
        assert_int_equal(pwrite(fd, told.data, told.length, 0), told.length);
        told.data[at] = before;
        assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
        if (take_salvaged(fd, fresh, &report, &error))
            expect_whole();
        else
            refused++;
    }
    close(fd);
    buffer_release(&told);
    assert_true(refused > 0);
}

/* --- backups --- */

static void a_backup_is_the_review_as_it_was(void **state UNUSED)
{
    static const char copy[] = "salvage/backup.walk";
    struct review *review = fixture_open(hurt, REVIEW_READ_WRITE, "Ada");
    enum verify_answer answer;
    struct stat status;
    struct error error;
    unlink(testing_path(copy));
    bool done = review_backup(review, testing_path(copy), &error);
    fixture_decide(review, "check-1", "host-1", "pass", NULL);
    review_close(review);
    assert_done(done, &error);
    assert_int_equal(stat(testing_path(copy), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
    assert_string_equal(fixture_first_problem(testing_path(copy), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup(nothing_is_lost_of_a_file_that_is_whole, setup),
        cmocka_unit_test_setup(a_changed_entry_ends_what_is_proven_of_its_author, setup),
        cmocka_unit_test_setup(a_lost_blob_is_told_and_the_rest_verifies, setup),
        cmocka_unit_test_setup(doctored_tables_are_worked_out_anew, setup),
        cmocka_unit_test_setup(the_damaged_file_is_not_changed, setup),
        cmocka_unit_test_setup(an_existing_file_is_not_overwritten, setup),
        cmocka_unit_test_setup(what_comes_out_of_any_damage_verifies, setup),
        cmocka_unit_test_setup(a_process_that_lies_makes_nothing_that_does_not_verify, setup),
        cmocka_unit_test_setup(a_backup_is_the_review_as_it_was, setup),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
