/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/file.h"

#include "../../src/review/place.h"

#include <fcntl.h>
#include <linux/magic.h>
#include <sqlite3.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static int make_folder(void **state UNUSED)
{
    testing_write("store/here", "");
    return 0;
}

static void refuse_open(const char *path, enum review_mode mode, enum error_code code,
                        const char *message)
{
    struct review *review = NULL;
    struct error error;
    bool done = review_open(path, mode, fixture_author("Ada"), &review, &error);
    review_close(review);
    assert_refused(done, &error, code);
    if (strstr(error.message, message) == NULL)
        fail_msg("'%s' does not say '%s'", error.message, message);
}

/* --- making --- */

static void a_new_review_is_private_and_says_what_it_is(void **state UNUSED)
{
    struct stat status;
    struct review_info info;
    struct error error;
    struct review *review = fixture_create("store/new.walk");
    assert_string_equal(review_path(review), testing_path("store/new.walk"));
    assert_false(review_is_read_only(review));
    assert_done(review_query_info(review, &info, &error), &error);
    assert_string_equal(info.title, "A sandbox");
    assert_string_equal(info.tool, PACKAGE_STRING);
    assert_int_equal(info.entry_count, 2);
    assert_true(ledger_id_equal(&info.id, review_id(review)));
    assert_true(info.created_ms > 0 && info.created_ms <= info.last_change_ms);
    review_info_release(&info);
    review_close(review);
    assert_int_equal(stat(testing_path("store/new.walk"), &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void nothing_is_left_beside_a_closed_review(void **state UNUSED)
{
    struct strings names = {0};
    struct error error;
    testing_write("alone/here", "");
    struct review *review = fixture_create("alone/a.walk");
    fixture_one_of_each(review);
    review_close(review);
    assert_done(file_list(testing_path("alone"), &names, &error), &error);
    size_t count = names.count;
    strings_release(&names);
    assert_int_equal(count, 2);
}

static void an_existing_file_is_not_replaced(void **state UNUSED)
{
    static const char *const names[] = {"store/new.walk", "store/dangling", "store/here", "store"};
    assert_int_equal(symlink("/nowhere/at/all", testing_path("store/dangling")), 0);
    for (size_t i = 0; i < LENGTH(names); i++) {
        struct review *review = NULL;
        struct error error;
        assert_refused(
            review_create(testing_path(names[i]), "x", fixture_author("Ada"), &review, &error),
            &error, ERROR_EXISTS);
    }
}

static void a_review_in_a_missing_folder_is_not_made(void **state UNUSED)
{
    struct review *review = NULL;
    struct error error;
    assert_refused(
        review_create(testing_path("nowhere/x.walk"), "x", fixture_author("Ada"), &review, &error),
        &error, ERROR_NOT_FOUND);
}

static void an_unlucky_start_leaves_no_file(void **state UNUSED)
{
    static char no_name[] = "";
    static const struct author nobody = {.name = no_name};
    struct review *review = NULL;
    struct error error;
    struct strings names = {0};
    testing_write("unlucky/here", "");
    assert_refused(review_create(testing_path("unlucky/x.walk"), "x", &nobody, &review, &error),
                   &error, ERROR_INVALID);
    assert_done(file_list(testing_path("unlucky"), &names, &error), &error);
    size_t count = names.count;
    strings_release(&names);
    assert_int_equal(count, 1);
}

/* SQLite would take this name for a URI and keep the review in memory. */
static void a_name_that_looks_like_a_uri_is_a_file(void **state UNUSED)
{
    static const char name[] = "file:zz.walk?mode=memory";
    struct review *review = NULL;
    struct error error;
    struct stat status;
    assert_int_equal(chdir(testing_path("store")), 0);
    assert_done(review_create(name, "x", fixture_author("Ada"), &review, &error), &error);
    review_close(review);
    assert_int_equal(stat(name, &status), 0);
    assert_true(status.st_size > 0);
    assert_done(review_open(name, REVIEW_READ_ONLY, NULL, &review, &error), &error);
    assert_int_equal(review_path(review)[0], '/');
    review_close(review);
    assert_int_equal(chdir("/"), 0);
}

/* --- what is opened, and what is not --- */

static void a_review_is_the_same_after_opening_it_again(void **state UNUSED)
{
    struct review *review = fixture_create("store/again.walk");
    struct ledger_id id = *review_id(review);
    fixture_one_of_each(review);
    review_close(review);
    review = fixture_open("store/again.walk", REVIEW_READ_ONLY, NULL);
    bool same = ledger_id_equal(&id, review_id(review));
    assert_true(review_is_read_only(review));
    review_close(review);
    assert_true(same);
}

static void links_and_what_is_no_file_are_refused(void **state UNUSED)
{
    const char *path = fixture_copy("store/again.walk", "store/target.walk");
    const char *soft = testing_path("store/soft.walk"), *hard = testing_path("store/hard.walk");
    const char *fifo = testing_path("store/fifo.walk");
    assert_int_equal(symlink(path, soft), 0);
    refuse_open(soft, REVIEW_READ_ONLY, ERROR_DENIED, "is a symbolic link");
    refuse_open(soft, REVIEW_READ_WRITE, ERROR_DENIED, "is a symbolic link");
    assert_int_equal(link(path, hard), 0);
    refuse_open(path, REVIEW_READ_ONLY, ERROR_DENIED, "has 2 names");
    refuse_open(hard, REVIEW_READ_WRITE, ERROR_DENIED, "has 2 names");
    assert_int_equal(unlink(hard), 0);
    assert_int_equal(mkfifo(fifo, 0600), 0);
    refuse_open(fifo, REVIEW_READ_ONLY, ERROR_INVALID, "is no regular file");
    refuse_open(testing_path("store"), REVIEW_READ_WRITE, ERROR_INVALID, "is no regular file");
    refuse_open("/dev/null", REVIEW_READ_ONLY, ERROR_INVALID, "is no regular file");
    refuse_open(testing_path("store/none.walk"), REVIEW_READ_ONLY, ERROR_NOT_FOUND, "none.walk");
    refuse_open("", REVIEW_READ_ONLY, ERROR_INVALID, "expected");
}

/* The folder may be reached through a link: then the file is the one in the true folder. */
static void a_link_on_the_way_is_followed(void **state UNUSED)
{
    struct review *review = NULL;
    struct error error;
    assert_int_equal(symlink(testing_path("store"), testing_path("way")), 0);
    assert_done(
        review_open(testing_path("way/target.walk"), REVIEW_READ_ONLY, NULL, &review, &error),
        &error);
    char *path = memory_copy_text(review_path(review));
    review_close(review);
    bool same = strcmp(path, testing_path("store/target.walk")) == 0;
    free(path);
    assert_true(same);
}

static void what_is_no_review_is_refused(void **state UNUSED)
{
    refuse_open(testing_write("store/empty", ""), REVIEW_READ_ONLY, ERROR_INVALID,
                "is no review file");
    refuse_open(testing_write("store/empty", ""), REVIEW_READ_WRITE, ERROR_INVALID,
                "is no review file");
    refuse_open(testing_write("store/text", "title: Not a review\n"), REVIEW_READ_WRITE,
                ERROR_INVALID, "is no review file");
    const char *other = testing_write("store/other.db", "");
    fixture_sql(other, "CREATE TABLE t(x)");
    refuse_open(other, REVIEW_READ_ONLY, ERROR_INVALID, "is no review file");
    fixture_sql(other, "PRAGMA application_id = 1463897163");
    refuse_open(other, REVIEW_READ_WRITE, ERROR_INVALID, "is no review file");
    fixture_sql(other, "PRAGMA user_version = 1");
    refuse_open(other, REVIEW_READ_WRITE, ERROR_CORRUPT, "foreign table 't'");
}

static void a_write_ahead_log_is_refused(void **state UNUSED)
{
    const char *path = fixture_copy("store/again.walk", "store/wal.walk");
    testing_write("store/wal.walk-wal", "");
    refuse_open(path, REVIEW_READ_ONLY, ERROR_UNSUPPORTED, "-wal' lies beside the file");
    assert_int_equal(unlink(testing_path("store/wal.walk-wal")), 0);
    fixture_sql(path, "PRAGMA journal_mode = WAL; DELETE FROM draft");
    unlink(testing_path("store/wal.walk-wal"));
    unlink(testing_path("store/wal.walk-shm"));
    refuse_open(path, REVIEW_READ_WRITE, ERROR_UNSUPPORTED, "is in WAL mode");
    refuse_open(path, REVIEW_READ_ONLY, ERROR_UNSUPPORTED, "is in WAL mode");
}

static void another_encoding_is_refused(void **state UNUSED)
{
    const char *path = testing_write("store/utf16.walk", "");
    fixture_sql(path, "PRAGMA encoding = 'UTF-16le'; PRAGMA application_id = 1463897163;"
                      "PRAGMA user_version = 1; CREATE TABLE t(x)");
    refuse_open(path, REVIEW_READ_ONLY, ERROR_INVALID, "UTF-16le");
}

static void network_file_systems_are_known(void **state UNUSED)
{
    static const long network[] = {NFS_SUPER_MAGIC,  SMB_SUPER_MAGIC, CIFS_SUPER_MAGIC,
                                   SMB2_SUPER_MAGIC, V9FS_MAGIC,      0x65735546,
                                   (int)0xFF534D42};
    static const long local[] = {EXT4_SUPER_MAGIC, XFS_SUPER_MAGIC, BTRFS_SUPER_MAGIC, TMPFS_MAGIC,
                                 OVERLAYFS_SUPER_MAGIC};
    for (size_t i = 0; i < LENGTH(network); i++)
        assert_true(place_is_network(network[i]));
    for (size_t i = 0; i < LENGTH(local); i++)
        assert_false(place_is_network(local[i]));
}

static void others_lose_their_rights_when_a_review_is_opened_for_writing(void **state UNUSED)
{
    struct stat status;
    const char *path = fixture_copy("store/again.walk", "store/public.walk");
    assert_int_equal(chmod(path, 0644), 0);
    review_close(fixture_open("store/public.walk", REVIEW_READ_ONLY, NULL));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0644);
    review_close(fixture_open("store/public.walk", REVIEW_READ_WRITE, "Ada"));
    assert_int_equal(stat(path, &status), 0);
    assert_int_equal(status.st_mode & 07777, 0600);
}

static void what_is_open_for_reading_cannot_be_changed(void **state UNUSED)
{
    struct error error;
    struct review *review = fixture_open("store/again.walk", REVIEW_READ_ONLY, "Ada");
    fixture_refuse(review, ENTRY_COMMENT, json_pack("{s:s}", "text", "Hello"), ERROR_DENIED);
    assert_refused(review_set_draft(review, "note", "Hello", &error), &error, ERROR_DENIED);
    review_close(review);
}

static void damage_that_sqlite_sees_is_refused(void **state UNUSED)
{
    const char *path = fixture_copy("store/again.walk", "store/damaged.walk");
    fixture_sql(path, "PRAGMA writable_schema = ON; UPDATE sqlite_schema SET rootpage = (SELECT"
                      " rootpage FROM sqlite_schema WHERE name = 'comment') WHERE name = 'item'");
    refuse_open(path, REVIEW_READ_WRITE, ERROR_CORRUPT, "");
}

/* --- drafts --- */

static void a_draft_outlives_the_program_and_is_no_part_of_the_review(void **state UNUSED)
{
    struct error error;
    enum verify_answer answer;
    char *text = NULL;
    fixture_copy("store/again.walk", "store/draft.walk");
    struct review *review = fixture_open("store/draft.walk", REVIEW_READ_WRITE, "Ada");
    assert_done(review_get_draft(review, "note", &text, &error), &error);
    assert_null(text);
    assert_done(review_set_draft(review, "note", "Half a", &error), &error);
    assert_done(review_set_draft(review, "note", "Half a sentence", &error), &error);
    review_close(review);
    assert_string_equal(fixture_first_problem(testing_path("store/draft.walk"), NULL, &answer), "");
    review = fixture_open("store/draft.walk", REVIEW_READ_WRITE, "Ada");
    assert_done(review_get_draft(review, "note", &text, &error), &error);
    bool same = strcmp(text, "Half a sentence") == 0;
    free(text);
    assert_true(same);
    assert_done(review_set_draft(review, "note", NULL, &error), &error);
    assert_done(review_get_draft(review, "note", &text, &error), &error);
    review_close(review);
    assert_null(text);
}

/* --- changes --- */

static void the_change_count_grows_with_every_change_of_anybody(void **state UNUSED)
{
    fixture_copy("store/again.walk", "store/count.walk");
    struct review *ada = fixture_open("store/count.walk", REVIEW_READ_WRITE, "Ada");
    struct review *bob = fixture_open("store/count.walk", REVIEW_READ_WRITE, "Bob");
    int64_t first = review_change_count(ada);
    assert_true(review_change_count(ada) == first);
    fixture_decide(ada, "check-1", "host-1", "pass", NULL);
    int64_t second = review_change_count(ada);
    assert_true(second > first && review_change_count(ada) == second);
    fixture_decide(bob, "check-1", "host-0", "pass", NULL);
    assert_true(review_change_count(ada) > second);
    review_close(ada);
    review_close(bob);
}

/* --- interrupted changes --- */

/* A child makes a change up to its last sync, and dies before it is committed. */
static void leave_hot_journal(const char *path)
{
    pid_t child = fork();
    if (child == 0) {
        struct sqlite3 *handle = NULL;
        sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL);
        sqlite3_exec(handle,
                     "PRAGMA cache_size = 1; PRAGMA cache_spill = 1; BEGIN IMMEDIATE;"
                     "UPDATE event SET summary = summary || printf('%.2000c', 'x');"
                     "UPDATE entry SET body = body || zeroblob(9000)",
                     NULL, NULL, NULL);
        kill(getpid(), SIGKILL);
    }
    int status;
    assert_int_equal(waitpid(child, &status, 0), child);
    assert_true(WIFSIGNALED(status));
    assert_true(place_has_journal(path));
}

static void expect_intact(const char *path)
{
    enum verify_answer answer;
    assert_string_equal(fixture_first_problem(path, NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
}

static void an_interrupted_change_is_rolled_back_when_the_file_is_opened(void **state UNUSED)
{
    static const enum review_mode modes[] = {REVIEW_READ_WRITE, REVIEW_READ_ONLY};
    for (size_t i = 0; i < LENGTH(modes); i++) {
        enum verify_answer answer;
        const char *path = fixture_copy("store/again.walk", "store/hot.walk");
        leave_hot_journal(path);
        assert_non_null(strstr(fixture_first_problem(path, NULL, &answer), "was interrupted"));
        assert_int_equal(answer, VERIFY_CANNOT);
        review_close(fixture_open("store/hot.walk", modes[i], "Ada"));
        assert_false(place_has_journal(path));
        expect_intact(path);
    }
}

/* --- hostile files --- */

static void ask_everything(struct review *review)
{
    struct review_info info;
    struct evidence_row_list evidence;
    struct manifest manifest;
    if (review_query_info(review, &info, NULL))
        review_info_release(&info);
#define ASK(row, plural)                                                                           \
    {                                                                                              \
        struct row##_list list;                                                                    \
        if (review_query_##plural(review, NULL, &list, NULL))                                      \
            row##_list_release(&list);                                                             \
    }
    ASK(author_row, authors)
    ASK(checklist_row, checklists)
    ASK(area_row, areas)
    ASK(parameter_row, parameters)
    ASK(target_row, targets)
    ASK(consent_row, consents)
    ASK(item_row, items)
    ASK(decision_row, decisions)
    ASK(answer_row, answers)
    ASK(comment_row, comments)
    ASK(attachment_row, attachments)
    ASK(run_row, runs)
    ASK(signoff_row, signoffs)
    ASK(event_row, events)
#undef ASK
    if (review_build_manifest(review, NULL, &manifest, NULL))
        manifest_release(&manifest);
    if (!review_query_evidence(review, NULL, &evidence, NULL))
        return;
    for (size_t i = 0; i < evidence.count; i++) {
        struct buffer data = {0};
        if (review_read_blob(review, &evidence.items[i].out_blob, &data, NULL))
            assert_true(data.length > 0);
        buffer_release(&data);
    }
    evidence_row_list_release(&evidence);
}

static void a_damaged_file_never_crashes_a_reader(void **state UNUSED)
{
    const char *path = fixture_copy("store/again.walk", "store/fuzz.walk");
    struct buffer whole = {0};
    struct error error;
    int opened = 0, rounds = fixture_rounds(200);
    assert_done(file_read(path, SIZE_MAX / 2, &whole, &error), &error);
    for (int i = 0; i < rounds; i++) {
        struct review *review = NULL;
        int fd = open(path, O_RDWR);
        assert_true(fd >= 0);
        for (unsigned flips = 1 + fixture_random(8); flips > 0; flips--) {
            uint8_t byte = (uint8_t)fixture_random(256);
            assert_int_equal(pwrite(fd, &byte, 1, (off_t)fixture_random((unsigned)whole.length)),
                             1);
        }
        close(fd);
        if (review_open(path, REVIEW_READ_ONLY, NULL, &review, NULL)) {
            opened++;
            ask_everything(review);
            review_close(review);
        }
        fixture_copy("store/again.walk", "store/fuzz.walk");
    }
    buffer_release(&whole);
    assert_true(opened > 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_new_review_is_private_and_says_what_it_is),
        cmocka_unit_test(nothing_is_left_beside_a_closed_review),
        cmocka_unit_test(an_existing_file_is_not_replaced),
        cmocka_unit_test(a_review_in_a_missing_folder_is_not_made),
        cmocka_unit_test(an_unlucky_start_leaves_no_file),
        cmocka_unit_test(a_name_that_looks_like_a_uri_is_a_file),
        cmocka_unit_test(a_review_is_the_same_after_opening_it_again),
        cmocka_unit_test(links_and_what_is_no_file_are_refused),
        cmocka_unit_test(a_link_on_the_way_is_followed),
        cmocka_unit_test(what_is_no_review_is_refused),
        cmocka_unit_test(a_write_ahead_log_is_refused),
        cmocka_unit_test(another_encoding_is_refused),
        cmocka_unit_test(network_file_systems_are_known),
        cmocka_unit_test(others_lose_their_rights_when_a_review_is_opened_for_writing),
        cmocka_unit_test(what_is_open_for_reading_cannot_be_changed),
        cmocka_unit_test(damage_that_sqlite_sees_is_refused),
        cmocka_unit_test(a_draft_outlives_the_program_and_is_no_part_of_the_review),
        cmocka_unit_test(the_change_count_grows_with_every_change_of_anybody),
        cmocka_unit_test(an_interrupted_change_is_rolled_back_when_the_file_is_opened),
        cmocka_unit_test(a_damaged_file_never_crashes_a_reader),
    };
    return cmocka_run_group_tests(tests, make_folder, NULL);
}
