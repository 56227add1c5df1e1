/* SPDX-License-Identifier: Apache-2.0 */
/* A review told from one process to another, and what a writer that lies can do: nothing. */
#include "fixture.h"

#include "base/file.h"
#include "review/transfer.h"

#include <fcntl.h>
#include <sys/mman.h>
#include <unistd.h>

static const char base[] = "transfer/base.walk", fresh[] = "transfer/fresh.walk";
static struct buffer told; /* what review_send() wrote of the base */

static int make_base(void **state UNUSED)
{
    struct error error = {0};
    testing_write("transfer/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    review_close(review);
    int fd = memfd_create("told", MFD_CLOEXEC);
    bool done = fd >= 0 && review_send(testing_path(base), fd, &error) &&
                lseek(fd, 0, SEEK_SET) == 0 && file_read_fd(fd, SIZE_MAX / 2, &told, &error);
    close(fd);
    return done ? 0 : -1;
}

static int free_base(void **state UNUSED)
{
    buffer_release(&told);
    return 0;
}

static bool take_up_to(const void *bytes, size_t length, uint64_t max_bytes, struct error *error)
{
    int fd = memfd_create("taken", MFD_CLOEXEC);
    *error = (struct error){0};
    bool done = fd >= 0 && file_write_fd(fd, bytes, length, error) && lseek(fd, 0, SEEK_SET) == 0 &&
                review_take(fd, testing_path(fresh), max_bytes, error);
    close(fd);
    return done;
}

static bool take_told(const void *bytes, size_t length, struct error *error)
{
    return take_up_to(bytes, length, UINT64_MAX, error);
}

/* ... and leaves no file. */
static void assert_nothing(const void *bytes, size_t length)
{
    struct error error;
    if (take_told(bytes, length, &error))
        fail_msg("%zu bytes made a file", length);
    assert_true(error.code == ERROR_CORRUPT || error.code == ERROR_INVALID);
    assert_int_not_equal(access(testing_path(fresh), F_OK), 0);
}

static void what_is_told_makes_the_same_review(void **state UNUSED)
{
    struct error error;
    enum verify_answer answer;
    struct manifest a, b;
    assert_done(take_told(told.data, told.length, &error), &error);
    assert_string_equal(fixture_first_problem(testing_path(fresh), NULL, &answer), "");
    struct review *old = fixture_open(base, REVIEW_READ_ONLY, NULL);
    struct review *new = fixture_open(fresh, REVIEW_READ_ONLY, NULL);
    assert_done(review_build_manifest(old, NULL, &a, &error), &error);
    assert_done(review_build_manifest(new, NULL, &b, &error), &error);
    bool is_same = digest_equal(&a.merkle_root, &b.merkle_root) && a.entry_count == b.entry_count;
    manifest_release(&a);
    manifest_release(&b);
    review_close(old);
    review_close(new);
    unlink(testing_path(fresh));
    assert_true(is_same);
}

static void what_breaks_off_makes_no_file(void **state UNUSED)
{
    for (size_t length = 0; length < told.length; length += length < 600 ? 1 : 97)
        assert_nothing(told.data, length);
}

/* A changed byte of an entry or a blob: its hash or id fits no more, or a length leads astray. */
static void no_byte_can_be_changed(void **state UNUSED)
{
    char *bytes = memory_copy(told.data, told.length);
    for (size_t at = 0; at < told.length; at += 1 + fixture_random(40)) {
        bytes[at] ^= (char)(1U << fixture_random(8));
        assert_nothing(bytes, told.length);
        bytes[at] = told.data[at];
    }
    free(bytes);
}

static void a_length_beyond_all_limits_is_refused(void **state UNUSED)
{
    static const char huge[] = "R\x7F\xFF\xFF\xFF\xFF\xFF\xFF\xFF";
    static const char longer[] = "R\0\0\0\0\x10\0\0\0";
    struct error error;
    assert_nothing(huge, sizeof(huge) - 1);
    assert_nothing(longer, sizeof(longer) - 1);
    assert_false(take_up_to(told.data, told.length, 1000, &error));
    assert_int_equal(error.code, ERROR_CORRUPT);
    assert_int_not_equal(access(testing_path(fresh), F_OK), 0);
}

static void nonsense_is_refused(void **state UNUSED)
{
    static const char unknown[] = "Q\0\0\0\0\0\0\0\0";
    static const char only_the_end[] = "Z\0\0\0\0\0\0\0\0";
    static const char no_code[] = "X\0\0\0\0\0\0\0\3abc";
    static const char no_error[] = "X\0\0\0\0\0\0\0\x0B\0\0\0\0\0\0\0\0abc";
    assert_nothing(unknown, sizeof(unknown) - 1);
    assert_nothing(only_the_end, sizeof(only_the_end) - 1);
    assert_nothing(no_code, sizeof(no_code) - 1);
    assert_nothing(no_error, sizeof(no_error) - 1);
    AUTO_RELEASE(buffer) struct buffer lost = {0}; /* which only a damaged file has */
    buffer_append(&lost, told.data, 9 + LEDGER_ID_BYTES);
    buffer_append(&lost, "L\0\0\0\0\0\0\0\1x", 10);
    buffer_append(&lost, told.data + 9 + LEDGER_ID_BYTES, told.length - 9 - LEDGER_ID_BYTES);
    assert_nothing(lost.data, lost.length);
}

static void a_refusal_is_handed_on(void **state UNUSED)
{
    const struct error why = {
        .code = ERROR_CORRUPT, .message = "it does not verify: entry 3", .hint = "look at entry 3"};
    struct buffer text = {0};
    struct error error;
    int fd = memfd_create("refusal", MFD_CLOEXEC);
    review_send_refusal(&why, fd);
    bool done = lseek(fd, 0, SEEK_SET) == 0 && file_read_fd(fd, 4096, &text, &error);
    close(fd);
    assert_true(done);
    assert_false(take_told(text.data, text.length, &error));
    buffer_release(&text);
    assert_int_equal(error.code, ERROR_CORRUPT);
    assert_string_equal(error.message, "it does not verify: entry 3");
    assert_string_equal(error.hint, "look at entry 3");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(what_is_told_makes_the_same_review),
        cmocka_unit_test(what_breaks_off_makes_no_file),
        cmocka_unit_test(no_byte_can_be_changed),
        cmocka_unit_test(a_length_beyond_all_limits_is_refused),
        cmocka_unit_test(nonsense_is_refused),
        cmocka_unit_test(a_refusal_is_handed_on),
    };
    return cmocka_run_group_tests(tests, make_base, free_base);
}
