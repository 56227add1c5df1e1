/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/digest.h"

#include <signal.h>
#include <sqlite3.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

static const char name[] = "append.walk";
static struct review *review;

static int setup(void **state UNUSED)
{
    unlink(testing_path(name));
    review = fixture_create(name);
    fixture_subject(review, 2, 2);
    return 0;
}

static int teardown(void **state UNUSED)
{
    enum verify_answer answer;
    review_close(review);
    review = NULL;
    fixture_first_problem(testing_path(name), NULL, &answer);
    return answer == VERIFY_NOT_PROVEN ? 0 : -1;
}

static int64_t entry_count(struct review *of)
{
    struct review_info info;
    struct error error;
    assert_done(review_query_info(of, &info, &error), &error);
    int64_t count = info.entry_count;
    review_info_release(&info);
    return count;
}

static json_t *comment(const char *text)
{
    return json_pack("{s:s, s:s, s:s}", "target", "host-0", "check", "check-0", "text", text);
}

static void entries_are_numbered_and_named(void **state UNUSED)
{
    struct error error;
    struct entry_id ids[2];
    json_t *first = comment("One"), *second = comment("Two");
    const struct new_entry entries[] = {{.kind = ENTRY_COMMENT, .body = first},
                                        {.kind = ENTRY_COMMENT, .body = second}};
    bool done = review_append(review, entries, 2, ids, &error);
    json_decref(first);
    json_decref(second);
    assert_done(done, &error);
    assert_int_equal(ids[0].seq, 6);
    assert_int_equal(ids[1].seq, 7);
    assert_true(ledger_id_equal(&ids[0].author, &fixture_author("Ada")->id));
}

static void all_entries_are_appended_or_none(void **state UNUSED)
{
    struct error error;
    struct entry_id ids[2] = {{.seq = -1}};
    json_t *good = comment("One");
    json_t *bad = json_pack("{s:s}", "entry", "00112233445566778899aabbccddeeff:9");
    const struct new_entry entries[] = {{.kind = ENTRY_COMMENT, .body = good},
                                        {.kind = ENTRY_RETRACTION, .body = bad}};
    bool done = review_append(review, entries, 2, ids, &error);
    json_decref(good);
    json_decref(bad);
    assert_refused(done, &error, ERROR_NOT_FOUND);
    assert_int_equal(ids[0].seq, -1);
    assert_int_equal(entry_count(review), 5);
}

static void the_body_is_kept_to_the_byte(void **state UNUSED)
{
    struct sqlite3_stmt *rows = NULL;
    json_t *body = json_pack("{s:s, s:s, s:s, s:{s:[i,f,n]}}", "text", "\xE2\x80\xAE<&\"\\\n",
                             "later", "member", "check", "", "more", "x", 1, 1.5);
    struct buffer expected = {0};
    json_write(&expected, body);
    fixture_append(review, ENTRY_COMMENT, body);
    struct sqlite3 *handle = fixture_sql_open(testing_path(name));
    sqlite3_prepare_v2(handle, "SELECT body FROM entry WHERE seq = 6", -1, &rows, NULL);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    bool same = (size_t)sqlite3_column_bytes(rows, 0) == expected.length &&
                memcmp(sqlite3_column_blob(rows, 0), expected.data, expected.length) == 0;
    sqlite3_finalize(rows);
    sqlite3_close(handle);
    buffer_release(&expected);
    assert_true(same);
}

/* --- authors --- */

static void an_author_is_named_once_and_again_after_a_change_of_name(void **state UNUSED)
{
    struct author carol = {.id = {{'C'}}, .name = memory_copy_text("Carol")};
    struct review *other = NULL;
    struct error error;
    struct author_row_list list;
    for (int i = 0; i < 3; i++) {
        if (i == 2) {
            free(carol.name);
            carol.name = memory_copy_text("Carol Danvers");
        }
        assert_done(review_open(testing_path(name), REVIEW_READ_WRITE, &carol, &other, &error),
                    &error);
        fixture_append(other, ENTRY_COMMENT, comment("Hello"));
        review_close(other);
    }
    author_release(&carol);
    assert_done(review_query_authors(review, NULL, &list, &error), &error);
    bool fits = list.count == 2 && list.items[1].entry_count == 5 &&
                strcmp(list.items[1].name, "Carol Danvers") == 0 &&
                strcmp(list.items[1].email, "") == 0;
    author_row_list_release(&list);
    assert_true(fits);
}

static void a_name_that_is_no_utf8_is_written_once(void **state UNUSED)
{
    char bad_name[] = "J\xF6rg", bad_email[] = "j@example.org";
    const struct author joerg = {.id = {{'J'}}, .name = bad_name, .email = bad_email};
    struct review *other = NULL;
    struct error error;
    struct author_row_list list;
    assert_done(review_open(testing_path(name), REVIEW_READ_WRITE, &joerg, &other, &error), &error);
    fixture_append(other, ENTRY_COMMENT, comment("One"));
    fixture_append(other, ENTRY_COMMENT, comment("Two"));
    review_close(other);
    assert_done(review_query_authors(review, NULL, &list, &error), &error);
    bool fits = list.count == 2 && list.items[1].entry_count == 3 &&
                strcmp(list.items[1].name, "J\xEF\xBF\xBDrg") == 0;
    author_row_list_release(&list);
    assert_true(fits);
}

/* --- blobs --- */

static bool append_attachment(const struct new_blob *blob, const char *id, int size,
                              const char *digest, struct error *error)
{
    json_t *body = json_pack("{s:s, s:s, s:i, s:s}", "name", "file", "blob", id, "size", size,
                             "digest", digest);
    const struct new_entry entry = {
        .kind = ENTRY_ATTACHMENT, .body = body, .blobs = blob, .blob_count = blob == NULL ? 0 : 1};
    bool done = review_append(review, &entry, 1, NULL, error);
    json_decref(body);
    return done;
}

static void check_round_trip(const void *data, size_t length)
{
    char id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    struct digest of_data = digest_of(data, length);
    struct buffer read = {0};
    struct new_blob blob;
    struct error error;
    new_blob_init(&blob, data, length);
    assert_done(append_attachment(&blob, digest_hex(&blob.id, id), (int)length,
                                  digest_hex(&of_data, digest), &error),
                &error);
    buffer_append_text(&read, "before");
    assert_done(review_read_blob(review, &blob.id, &read, &error), &error);
    bool same = read.length == length + 6 && memcmp(read.data + 6, data, length) == 0;
    buffer_release(&read);
    assert_true(same);
}

static void blobs_are_read_back_whether_compressed_or_not(void **state UNUSED)
{
    size_t length = 1024 * 1024;
    char *data = memory_new(1, length);
    check_round_trip(data, length);
    random_bytes(data, length);
    check_round_trip(data, length);
    check_round_trip(data, 1);
    free(data);
}

static void compressible_blobs_take_less_room(void **state UNUSED)
{
    struct sqlite3_stmt *rows = NULL;
    size_t length = 1024 * 1024;
    char *data = memory_new(1, length);
    check_round_trip(data, length);
    free(data);
    struct sqlite3 *handle = fixture_sql_open(testing_path(name));
    sqlite3_prepare_v2(handle, "SELECT length(data) FROM blob WHERE codec = 'zstd'", -1, &rows,
                       NULL);
    assert_int_equal(sqlite3_step(rows), SQLITE_ROW);
    int stored = sqlite3_column_int(rows, 0);
    sqlite3_finalize(rows);
    sqlite3_close(handle);
    assert_true(stored < 1000);
}

static void the_same_bytes_twice_are_two_blobs(void **state UNUSED)
{
    struct new_blob a, b;
    new_blob_init(&a, "secret", 6);
    new_blob_init(&b, "secret", 6);
    assert_false(digest_equal(&a.id, &b.id));
}

static void a_blob_that_is_not_there_is_not_found(void **state UNUSED)
{
    static const struct digest id = {{1}};
    struct buffer data = {0};
    struct error error;
    assert_refused(review_read_blob(review, &id, &data, &error), &error, ERROR_NOT_FOUND);
    buffer_release(&data);
}

static void blobs_and_bodies_have_to_fit(void **state UNUSED)
{
    char id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    struct digest of_data = digest_of("data", 4), of_other = digest_of("other", 5);
    struct new_blob blob, wrong;
    struct error error;
    new_blob_init(&blob, "data", 4);
    digest_hex(&blob.id, id);
    digest_hex(&of_data, digest);
    assert_refused(append_attachment(NULL, id, 4, digest, &error), &error, ERROR_INVALID);
    assert_string_equal(error.message, "a body names a blob that is not in the file");
    assert_refused(append_attachment(&blob, id, 5, digest, &error), &error, ERROR_INVALID);
    assert_string_equal(error.message, "a body gives 5 as the size of a blob of 4");
    assert_refused(append_attachment(&blob, digest, 4, digest, &error), &error, ERROR_INVALID);
    assert_string_equal(error.message, "a body does not name the blob that comes with it");
    assert_refused(append_attachment(&blob, id, 4, digest_hex(&of_other, digest), &error), &error,
                   ERROR_INVALID);
    assert_string_equal(error.message, "a body gives another digest than its blob has");
    wrong = blob;
    wrong.data = "DATA";
    struct digest of_wrong = digest_of("DATA", 4);
    assert_refused(append_attachment(&wrong, id, 4, digest_hex(&of_wrong, digest), &error), &error,
                   ERROR_INVALID);
    wrong.length = REVIEW_BLOB_MAX_BYTES + 1;
    assert_refused(append_attachment(&wrong, id, (int)wrong.length, "", &error), &error,
                   ERROR_INVALID);
    assert_int_equal(entry_count(review), 5);
}

static void every_blob_that_comes_along_has_to_be_named(void **state UNUSED)
{
    char id[DIGEST_HEX_BYTES];
    struct new_blob blobs[2];
    struct error error;
    new_blob_init(&blobs[0], "data", 4);
    new_blob_init(&blobs[1], "more", 4);
    digest_hex(&blobs[0].id, id);
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:i, s:i, s:i, s:{s:s, s:i}, s:{s:s, s:i}, s:i}",
        "run", "r", "target", "host-0", "check", "check-0", "probe", "p", "check_digest", id,
        "command", "id", "as_root", 0, "outcome", "done", "exit", 0, "started_ms", 1, "duration_ms",
        1, "out", "blob", id, "size", 4, "err", "blob", id, "size", 4, "noise", 0);
    const struct new_entry entry = {
        .kind = ENTRY_EVIDENCE, .body = body, .blobs = blobs, .blob_count = 2};
    bool done = review_append(review, &entry, 1, NULL, &error);
    json_decref(body);
    assert_refused(done, &error, ERROR_INVALID);
}

static void a_blob_may_be_named_again(void **state UNUSED)
{
    char id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    struct digest of_data = digest_of("data", 4);
    struct new_blob blob;
    struct error error;
    new_blob_init(&blob, "data", 4);
    digest_hex(&blob.id, id);
    digest_hex(&of_data, digest);
    assert_done(append_attachment(&blob, id, 4, digest, &error), &error);
    assert_done(append_attachment(&blob, id, 4, digest, &error), &error);
    assert_done(append_attachment(NULL, id, 4, digest, &error), &error);
}

/* --- references --- */

static void what_is_frozen_cannot_be_taken_back(void **state UNUSED)
{
    char text[ENTRY_ID_TEXT_BYTES];
    struct entry_id evidence = fixture_evidence(review, "check-0", "host-0", "p", "x");
    fixture_refuse(review, ENTRY_RETRACTION,
                   json_pack("{s:s}", "entry", entry_id_text(&evidence, text)), ERROR_INVALID);
    struct entry_id first = {.author = fixture_author("Ada")->id, .seq = 1};
    fixture_refuse(review, ENTRY_RETRACTION,
                   json_pack("{s:s}", "entry", entry_id_text(&first, text)), ERROR_INVALID);
    first.seq = 100;
    fixture_refuse(review, ENTRY_RETRACTION,
                   json_pack("{s:s}", "entry", entry_id_text(&first, text)), ERROR_NOT_FOUND);
}

static void a_decision_supersedes_decisions_of_its_item_only(void **state UNUSED)
{
    char text[ENTRY_ID_TEXT_BYTES];
    struct entry_id other = fixture_decide(review, "check-1", "host-0", "pass", NULL);
    fixture_refuse(review, ENTRY_DECISION,
                   json_pack("{s:s, s:s, s:s, s:[s]}", "target", "host-0", "check", "check-0",
                             "verdict", "fail", "supersedes", entry_id_text(&other, text)),
                   ERROR_INVALID);
    fixture_decide(review, "check-1", "host-0", "fail", &other);
}

/* --- two processes --- */

/* The fixtures of the parent are not the child's: it opens the file itself. */
static void append_as(const char *author, int count, int fd)
{
    struct review *own = NULL;
    struct error error;
    bool done =
        review_open(testing_path(name), REVIEW_READ_WRITE, fixture_author(author), &own, &error);
    for (int i = 0; i < count && done; i++) {
        json_t *body = json_pack("{s:s}", "text", author);
        const struct new_entry entry = {.kind = ENTRY_COMMENT, .body = body};
        done = review_append(own, &entry, 1, NULL, &error);
        json_decref(body);
    }
    review_close(own);
    if (!done)
        dprintf(fd, "%s", error.message);
    _exit(done ? 0 : 1);
}

static void two_processes_lose_nothing(void **state UNUSED)
{
    static const char *const authors[] = {"Bob", "Carol"};
    enum { COUNT = 200 };
    pid_t children[2];
    review_close(review);
    review = NULL;
    for (int i = 0; i < 2; i++) {
        fixture_author(authors[i]);
        children[i] = fork();
        if (children[i] == 0)
            append_as(authors[i], COUNT, STDERR_FILENO);
    }
    for (int i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    assert_int_equal(entry_count(review), 5 + 2 * (COUNT + 1));
}

static void one_author_in_two_processes_keeps_one_chain(void **state UNUSED)
{
    enum { COUNT = 60 };
    pid_t children[2];
    review_close(review);
    review = NULL;
    for (int i = 0; i < 2; i++) {
        children[i] = fork();
        if (children[i] == 0)
            append_as("Ada", COUNT, STDERR_FILENO);
    }
    for (int i = 0; i < 2; i++) {
        int status;
        assert_int_equal(waitpid(children[i], &status, 0), children[i]);
        assert_int_equal(status, 0);
    }
    review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    assert_int_equal(entry_count(review), 5 + 2 * COUNT);
}

static void a_lock_that_stays_is_told(void **state UNUSED)
{
    struct sqlite3 *handle = fixture_sql_open(testing_path(name));
    assert_int_equal(sqlite3_exec(handle, "BEGIN IMMEDIATE", NULL, NULL, NULL), SQLITE_OK);
    fixture_refuse(review, ENTRY_COMMENT, comment("Hello"), ERROR_CONFLICT);
    sqlite3_close(handle);
    fixture_append(review, ENTRY_COMMENT, comment("Hello"));
}

static void a_file_that_was_moved_away_is_told(void **state UNUSED)
{
    struct error error;
    AUTO_FREE char *elsewhere = memory_format("%s.moved", testing_path(name));
    json_t *body = comment("One");
    const struct new_entry entry = {.kind = ENTRY_COMMENT, .body = body};
    bool moved = rename(testing_path(name), elsewhere) == 0;
    bool done = review_append(review, &entry, 1, NULL, &error);
    bool back = rename(elsewhere, testing_path(name)) == 0;
    json_decref(body);
    assert_true(moved && back);
    assert_refused(done, &error, ERROR_DENIED);
    assert_non_null(strstr(error.hint, "moved, deleted or replaced"));
}

/* --- a full disk --- */

static void set_size_limit(rlim_t bytes)
{
    struct rlimit limit = {.rlim_cur = bytes, .rlim_max = RLIM_INFINITY};
    assert_int_equal(setrlimit(RLIMIT_FSIZE, &limit), 0);
}

static void a_full_disk_is_told_and_loses_nothing(void **state UNUSED)
{
    struct sigaction ignore = {.sa_handler = SIG_IGN}, before;
    struct error error = {0};
    int acknowledged = 0;
    bool done = true;
    sigaction(SIGXFSZ, &ignore, &before);
    set_size_limit(400 * 1024);
    for (int i = 0; i < 1000 && done; i++) {
        char *text = memory_new(1, 4000);
        memset(text, 'a' + i % 26, 3999);
        json_t *body = comment(text);
        const struct new_entry entry = {.kind = ENTRY_COMMENT, .body = body};
        done = review_append(review, &entry, 1, NULL, &error);
        acknowledged += done;
        json_decref(body);
        free(text);
    }
    set_size_limit(RLIM_INFINITY);
    sigaction(SIGXFSZ, &before, NULL);
    assert_refused(done, &error, ERROR_IO);
    assert_true(acknowledged > 10);
    assert_non_null(strstr(error.message, "disk I/O error"));
    assert_non_null(strstr(error.hint, "whether the disk is full"));
    fixture_refuse(review, ENTRY_COMMENT, comment("Again"), ERROR_IO);
    assert_int_equal(entry_count(review), 5 + acknowledged);
    review_close(review);
    review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    assert_int_equal(entry_count(review), 5 + acknowledged);
    fixture_append(review, ENTRY_COMMENT, comment("Again"));
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, setup, teardown)
    const struct CMUnitTest tests[] = {
        TEST(entries_are_numbered_and_named),
        TEST(all_entries_are_appended_or_none),
        TEST(the_body_is_kept_to_the_byte),
        TEST(an_author_is_named_once_and_again_after_a_change_of_name),
        TEST(a_name_that_is_no_utf8_is_written_once),
        TEST(blobs_are_read_back_whether_compressed_or_not),
        TEST(compressible_blobs_take_less_room),
        TEST(the_same_bytes_twice_are_two_blobs),
        TEST(a_blob_that_is_not_there_is_not_found),
        TEST(blobs_and_bodies_have_to_fit),
        TEST(every_blob_that_comes_along_has_to_be_named),
        TEST(a_blob_may_be_named_again),
        TEST(what_is_frozen_cannot_be_taken_back),
        TEST(a_decision_supersedes_decisions_of_its_item_only),
        TEST(two_processes_lose_nothing),
        TEST(one_author_in_two_processes_keeps_one_chain),
        TEST(a_lock_that_stays_is_told),
        TEST(a_file_that_was_moved_away_is_told),
        TEST(a_full_disk_is_told_and_loses_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
