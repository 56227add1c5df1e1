/* SPDX-License-Identifier: Apache-2.0 */
/* Files with flipped bytes, cut off, or with pages in the wrong places. */
#include "fixture.h"

#include "../../src/review/schema.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static const char base[] = "damage/base.walk";

/* A quarter of a MiB, most of it of meaning. */
static int make_base(void **state UNUSED)
{
    static char noise[96 * 1024];
    testing_write("damage/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    for (size_t i = 0; i + 1 < sizeof(noise); i++)
        noise[i] = (char)('!' + fixture_random(90));
    fixture_evidence(review, "check-0", "host-0", "noise", noise);
    review_close(review);
    return 0;
}

static const char *const queries[] = {"SELECT * FROM meta ORDER BY name",
                                      "SELECT * FROM entry NOT INDEXED ORDER BY author, seq",
                                      "SELECT id, salt, size, codec FROM blob NOT INDEXED"
                                      " ORDER BY id",
#define X(table, key) "SELECT * FROM " #table " ORDER BY " key,
                                      PROJECTIONS(X)
#undef X
};

static void dump_rows(const char *path, struct buffer *text)
{
    struct sqlite3 *handle = fixture_sql_open(path);
    for (size_t i = 0; i < LENGTH(queries); i++) {
        struct sqlite3_stmt *rows = NULL;
        if (sqlite3_prepare_v2(handle, queries[i], -1, &rows, NULL) != SQLITE_OK)
            break;
        while (sqlite3_step(rows) == SQLITE_ROW)
            for (int j = 0; j < sqlite3_column_count(rows); j++) {
                const void *bytes = sqlite3_column_blob(rows, j);
                buffer_append(text, bytes == NULL ? "" : bytes,
                              (size_t)sqlite3_column_bytes(rows, j));
                buffer_append_byte(text, '\n');
            }
        sqlite3_finalize(rows);
    }
    sqlite3_close(handle);
}

/* What is in the blobs: a few bits of a compressed one are of no meaning to zstd. */
static void dump_blobs(const char *path, struct buffer *text)
{
    struct sqlite3 *handle = fixture_sql_open(path);
    struct sqlite3_stmt *rows = NULL;
    struct review *review = NULL;
    if (!review_open(path, REVIEW_READ_ONLY, NULL, &review, NULL) ||
        sqlite3_prepare_v2(handle, "SELECT id FROM blob NOT INDEXED ORDER BY id", -1, &rows,
                           NULL) != SQLITE_OK)
        fail_msg("a file that verified cannot be read");
    while (sqlite3_step(rows) == SQLITE_ROW) {
        struct digest id;
        struct buffer content = {0};
        struct error error;
        assert_int_equal(sqlite3_column_bytes(rows, 0), sizeof(id.bytes));
        memcpy(id.bytes, sqlite3_column_blob(rows, 0), sizeof(id.bytes));
        assert_done(review_read_blob(review, &id, &content, &error), &error);
        buffer_append(text, content.data == NULL ? "" : content.data, content.length);
        buffer_release(&content);
    }
    sqlite3_finalize(rows);
    sqlite3_close(handle);
    review_close(review);
}

/* All that a reader could see of a file. */
static void dump(const char *path, struct buffer *text)
{
    dump_rows(path, text);
    dump_blobs(path, text);
}

static void flip(const char *path, off_t offset, uint8_t bits)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && pread(fd, &byte, 1, offset) == 1);
    byte ^= bits;
    assert_true(pwrite(fd, &byte, 1, offset) == 1 && close(fd) == 0);
}

/* Whether verify found the damage; what it did not find must be of no meaning. */
static bool is_found(const char *path, const struct buffer *whole, const char *damage)
{
    enum verify_answer answer;
    struct buffer text = {0};
    fixture_first_problem(path, NULL, &answer);
    if (answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT)
        return true;
    dump(path, &text);
    bool same = text.length == whole->length && memcmp(text.data, whole->data, whole->length) == 0;
    buffer_release(&text);
    if (!same)
        fail_msg("not found: %s", damage);
    return false;
}

/* Some bytes, or with as many rounds as the file has bytes every one in turn: a bit of it, then
 * all. */
static void a_flipped_byte_is_found_or_of_no_meaning(void **state UNUSED)
{
    const char *path = fixture_copy(base, "damage/flip.walk");
    struct stat status;
    struct buffer whole = {0};
    int found = 0, rounds = fixture_rounds(400);
    assert_int_equal(stat(path, &status), 0);
    dump(path, &whole);
    for (int i = 0; i < rounds; i++) {
        off_t offset = rounds >= status.st_size ? i % status.st_size
                                                : (off_t)fixture_random((unsigned)status.st_size);
        bool is_whole = i / status.st_size % 2 == 1;
        uint8_t bits = (uint8_t)(is_whole ? 0xFFu : 1u << fixture_random(8));
        AUTO_FREE char *damage = memory_format("byte %lld, bit %02x", (long long)offset, bits);
        flip(path, offset, bits);
        found += is_found(path, &whole, damage);
        flip(path, offset, bits);
    }
    buffer_release(&whole);
    print_message("%d bytes of a file of %lld flipped, %d found, the others of no meaning\n",
                  rounds, (long long)status.st_size, found);
    assert_true(found > rounds / 20);
}

static void copy_page(const char *path, long from, long to)
{
    char bytes[4096];
    int fd = open(path, O_RDWR);
    assert_true(pread(fd, bytes, sizeof(bytes), from * 4096) == (ssize_t)sizeof(bytes));
    assert_true(pwrite(fd, bytes, sizeof(bytes), to * 4096) == (ssize_t)sizeof(bytes));
    close(fd);
}

/* A file of which only a part arrived, or whose pages are mixed up: only a page that is not in use
 * may be of no meaning. */
static void a_cut_or_mixed_file_is_found_or_the_same(void **state UNUSED)
{
    struct stat status;
    struct buffer whole = {0};
    int found = 0, rounds = fixture_rounds(60);
    assert_int_equal(stat(testing_path(base), &status), 0);
    int page_count = (int)(status.st_size / 4096), most = 2 * page_count * page_count;
    rounds = rounds < most ? rounds : most;
    dump(testing_path(base), &whole);
    for (int i = 0; i < rounds; i++) {
        const char *path = fixture_copy(base, "damage/mixed.walk");
        long from = (long)fixture_random((unsigned)page_count);
        long to = (from + 1 + (long)fixture_random((unsigned)page_count - 1)) % page_count;
        AUTO_FREE char *damage =
            memory_format("%s page %ld, %ld", i % 2 == 0 ? "cut" : "copied", from, to);
        if (i % 2 == 0)
            assert_int_equal(truncate(path, from * 4096), 0);
        else
            copy_page(path, from, to);
        found += is_found(path, &whole, damage);
    }
    buffer_release(&whole);
    assert_true(found > rounds * 3 / 4);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_byte_is_found_or_of_no_meaning),
        cmocka_unit_test(a_cut_or_mixed_file_is_found_or_the_same),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
