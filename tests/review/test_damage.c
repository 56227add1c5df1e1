/* SPDX-License-Identifier: Apache-2.0 */
/* Files with flipped bytes, cut off, or with pages in the wrong places. */
#include "fixture.h"

#include "../../src/review/schema.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <unistd.h>

static const char base[] = "damage/base.walk";

static int make_base(void **state UNUSED)
{
    testing_write("damage/here", "");
    struct review *review = fixture_create(base);
    fixture_one_of_each(review);
    review_close(review);
    return 0;
}

static const char *const tables[] = {"meta ORDER BY name", "entry NOT INDEXED ORDER BY author, seq",
                                     "blob NOT INDEXED ORDER BY id",
#define X(table, key) #table " ORDER BY " key,
                                     PROJECTIONS(X)
#undef X
};

/* All that a reader could see of a file. */
static void dump(const char *path, struct buffer *text)
{
    struct sqlite3 *handle = fixture_sql_open(path);
    for (size_t i = 0; i < LENGTH(tables); i++) {
        AUTO_FREE char *sql = memory_format("SELECT * FROM %s", tables[i]);
        struct sqlite3_stmt *rows = NULL;
        if (sqlite3_prepare_v2(handle, sql, -1, &rows, NULL) != SQLITE_OK)
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

static void flip(const char *path, off_t offset, uint8_t bits)
{
    uint8_t byte = 0;
    int fd = open(path, O_RDWR);
    assert_true(fd >= 0 && pread(fd, &byte, 1, offset) == 1);
    byte ^= bits;
    assert_true(pwrite(fd, &byte, 1, offset) == 1 && close(fd) == 0);
}

static void a_flipped_byte_is_found_or_of_no_meaning(void **state UNUSED)
{
    const char *path = fixture_copy(base, "damage/flip.walk");
    struct stat status;
    struct buffer whole = {0};
    int found = 0, rounds = fixture_rounds(400);
    assert_int_equal(stat(path, &status), 0);
    dump(path, &whole);
    for (int i = 0; i < rounds; i++) {
        enum verify_answer answer;
        off_t offset = (off_t)fixture_random((unsigned)status.st_size);
        uint8_t bits = (uint8_t)(1u << fixture_random(8));
        flip(path, offset, bits);
        fixture_first_problem(path, NULL, &answer);
        if (answer == VERIFY_NOT_PROVEN) {
            struct buffer changed = {0};
            dump(path, &changed);
            bool same = changed.length == whole.length &&
                        memcmp(changed.data, whole.data, whole.length) == 0;
            buffer_release(&changed);
            if (!same)
                fail_msg("byte %lld, bits %02x: not found", (long long)offset, bits);
        } else {
            found++;
        }
        flip(path, offset, bits);
    }
    buffer_release(&whole);
    assert_true(found > rounds / 20);
}

/* A file of which only a part arrived, or whose pages are mixed up. */
static void a_cut_or_mixed_file_is_never_intact(void **state UNUSED)
{
    struct stat status;
    assert_int_equal(stat(testing_path(base), &status), 0);
    for (int i = 0; i < fixture_rounds(60); i++) {
        enum verify_answer answer;
        const char *path = fixture_copy(base, "damage/mixed.walk");
        long pages = (long)status.st_size / 4096;
        long page = (long)fixture_random((unsigned)pages);
        if (i % 2 == 0) {
            assert_int_equal(truncate(path, page * 4096), 0);
        } else {
            char bytes[4096];
            int fd = open(path, O_RDWR);
            long other = (page + 1 + (long)fixture_random((unsigned)pages - 1)) % pages;
            assert_true(pread(fd, bytes, sizeof(bytes), page * 4096) == (ssize_t)sizeof(bytes));
            assert_true(pwrite(fd, bytes, sizeof(bytes), other * 4096) == (ssize_t)sizeof(bytes));
            close(fd);
        }
        fixture_first_problem(path, NULL, &answer);
        assert_true(answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_flipped_byte_is_found_or_of_no_meaning),
        cmocka_unit_test(a_cut_or_mixed_file_is_never_intact),
    };
    return cmocka_run_group_tests(tests, make_base, NULL);
}
