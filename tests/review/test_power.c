/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Power loss at any moment. SQLite's files lie in memory, each as it is seen and as it is on the
 * disk; between them are the writes since the last sync. At a crash these reach the disk not at
 * all, all, up to some point, or sector by sector at random, some as garbage. Whatever was
 * acknowledged has to be there afterwards, nothing may be there by half, and the file has to
 * verify. $WALKDOWN_ROUNDS: how many crashes; several end the same work, each in its own way.
 */
#include "fixture.h"

#include "base/file.h"

#include <sqlite3.h>
#include <unistd.h>

enum { FILES = 8, SECTOR_BYTES = 512, STEPS = 5, ENDS_OF_ONE_WORK = 24, SEEN_MAX = 4 };
enum damage { DAMAGE_NOTHING_WRITTEN, DAMAGE_PREFIX, DAMAGE_SECTORS, DAMAGE_ALL_WRITTEN, DAMAGES };

/* A write or, with no data, a truncation, that no sync has followed yet. */
struct pending {
    size_t offset;
    char *data;
    size_t length;
};

struct memory_file {
    char name[256];
    struct buffer seen, durable;
    bool exists, is_durable;
    struct pending *pending;
    size_t pending_count;
};

static struct memory_file files[FILES], as_worked[FILES];
static long operations, crash_at; /* crash_at 0: never */
static bool is_down;

/* --- the disk --- */

static void set(struct buffer *to, const struct buffer *from)
{
    buffer_clear(to);
    buffer_append(to, from->data == NULL ? "" : from->data, from->length);
}

static void write_at(struct buffer *bytes, size_t offset, const char *data, size_t length)
{
    while (bytes->length < offset + length)
        buffer_append_byte(bytes, '\0');
    memcpy(bytes->data + offset, data, length);
}

static void cut(struct buffer *bytes, size_t length)
{
    if (bytes->length > length)
        bytes->length = length;
}

static void forget_pending(struct memory_file *file)
{
    for (size_t i = 0; i < file->pending_count; i++)
        free(file->pending[i].data);
    free(file->pending);
    file->pending = NULL;
    file->pending_count = 0;
}

static struct memory_file *find(const char *name)
{
    for (size_t i = 0; i < FILES; i++)
        if (strcmp(files[i].name, name) == 0)
            return &files[i];
    return NULL;
}

static struct memory_file *make(const char *name)
{
    struct memory_file *file = find(name);
    for (size_t i = 0; i < FILES && file == NULL; i++)
        if (files[i].name[0] == '\0')
            file = &files[i];
    assert_non_null(file);
    snprintf(file->name, sizeof(file->name), "%s", name);
    return file;
}

/* True when this operation fails: the power is off, or goes off now. */
static bool fails(void)
{
    if (!is_down && ++operations == crash_at)
        is_down = true;
    return is_down;
}

static void reach_disk_by_sectors(struct memory_file *file, const struct pending *write)
{
    for (size_t at = 0; at < write->length; at += SECTOR_BYTES) {
        char garbage[SECTOR_BYTES];
        size_t length = write->length - at < SECTOR_BYTES ? write->length - at : SECTOR_BYTES;
        unsigned fate = fixture_random(16);
        for (size_t i = 0; fate == 8 && i < length; i++)
            garbage[i] = (char)fixture_random(256);
        if (fate < 8)
            write_at(&file->durable, write->offset + at, write->data + at, length);
        else if (fate == 8)
            write_at(&file->durable, write->offset + at, garbage, length);
    }
}

static void reach_disk(struct memory_file *file, enum damage damage)
{
    size_t whole = damage == DAMAGE_ALL_WRITTEN ? file->pending_count
                   : damage == DAMAGE_PREFIX    ? fixture_random((unsigned)file->pending_count + 1)
                                                : 0;
    for (size_t i = 0; i < file->pending_count; i++) {
        const struct pending *write = &file->pending[i];
        bool is_whole = i < whole;
        if (damage == DAMAGE_NOTHING_WRITTEN)
            return;
        if (write->data == NULL && (is_whole || fixture_random(2) == 0))
            cut(&file->durable, write->offset);
        else if (write->data != NULL && is_whole)
            write_at(&file->durable, write->offset, write->data, write->length);
        else if (write->data != NULL)
            reach_disk_by_sectors(file, write);
    }
}

/* A name that was made or removed since the folder was synced may be on the disk or not. */
static bool survives(const struct memory_file *file, enum damage damage)
{
    if (file->exists == file->is_durable || damage == DAMAGE_NOTHING_WRITTEN)
        return file->is_durable;
    return damage == DAMAGE_ALL_WRITTEN || fixture_random(2) == 0 ? file->exists : file->is_durable;
}

static void lose_power(enum damage damage)
{
    for (size_t i = 0; i < FILES; i++) {
        struct memory_file *file = &files[i];
        bool is_there = survives(file, damage);
        reach_disk(file, damage);
        forget_pending(file);
        if (!is_there)
            buffer_clear(&file->durable);
        set(&file->seen, &file->durable);
        file->exists = file->is_durable = is_there;
    }
    is_down = false;
    crash_at = 0;
}

static void forget(struct memory_file *all)
{
    for (size_t i = 0; i < FILES; i++) {
        forget_pending(&all[i]);
        buffer_release(&all[i].seen);
        buffer_release(&all[i].durable);
        all[i] = (struct memory_file){0};
    }
}

/* Another disk, written to in the same way. */
static void copy(const struct memory_file *from, struct memory_file *to)
{
    forget(to);
    for (size_t i = 0; i < FILES; i++) {
        to[i] = from[i];
        to[i].seen = to[i].durable = (struct buffer){0};
        set(&to[i].seen, &from[i].seen);
        set(&to[i].durable, &from[i].durable);
        to[i].pending = NULL;
        to[i].pending_count = 0;
        for (size_t p = 0; p < from[i].pending_count; p++) {
            struct pending *write = array_push(to[i].pending, to[i].pending_count);
            *write = from[i].pending[p];
            if (write->data != NULL)
                write->data = memory_copy(write->data, write->length);
        }
    }
}

/* --- as SQLite wants it; the signatures are its own --- */

struct handle {
    sqlite3_file base;
    struct memory_file *file;
};

static struct memory_file *file_of(sqlite3_file *handle)
{
    return ((struct handle *)handle)->file;
}

static int on_close(sqlite3_file *handle UNUSED)
{
    return SQLITE_OK;
}

static int on_read(sqlite3_file *handle, void *bytes, int count, sqlite3_int64 offset)
{
    const struct buffer *seen = &file_of(handle)->seen;
    size_t there = (size_t)offset < seen->length ? seen->length - (size_t)offset : 0;
    if (is_down)
        return SQLITE_IOERR_READ;
    if (there > (size_t)count)
        there = (size_t)count;
    memset(bytes, 0, (size_t)count);
    if (there > 0)
        memcpy(bytes, seen->data + offset, there);
    return there == (size_t)count ? SQLITE_OK : SQLITE_IOERR_SHORT_READ;
}

static int on_write(sqlite3_file *handle, const void *bytes, int count, sqlite3_int64 offset)
{
    struct memory_file *file = file_of(handle);
    bool was_down = is_down, is_lost = fails();
    if (was_down)
        return SQLITE_IOERR_WRITE;
    *array_push(file->pending, file->pending_count) =
        (struct pending){.offset = (size_t)offset,
                         .data = memory_copy(bytes, (size_t)count),
                         .length = (size_t)count};
    if (is_lost)
        return SQLITE_IOERR_WRITE;
    write_at(&file->seen, (size_t)offset, bytes, (size_t)count);
    return SQLITE_OK;
}

static int on_truncate(sqlite3_file *handle, sqlite3_int64 size)
{
    struct memory_file *file = file_of(handle);
    if (fails())
        return SQLITE_IOERR_TRUNCATE;
    *array_push(file->pending, file->pending_count) = (struct pending){.offset = (size_t)size};
    cut(&file->seen, (size_t)size);
    return SQLITE_OK;
}

static int on_sync(sqlite3_file *handle, int flags UNUSED)
{
    struct memory_file *file = file_of(handle);
    if (fails())
        return SQLITE_IOERR_FSYNC;
    set(&file->durable, &file->seen);
    file->is_durable = true;
    forget_pending(file);
    return SQLITE_OK;
}

static int on_size(sqlite3_file *handle, sqlite3_int64 *ret_size)
{
    *ret_size = (sqlite3_int64)file_of(handle)->seen.length;
    return SQLITE_OK;
}

static int on_lock(sqlite3_file *handle UNUSED, int level UNUSED)
{
    return SQLITE_OK;
}

static int on_check_lock(sqlite3_file *handle UNUSED, int *ret_locked)
{
    *ret_locked = 0;
    return SQLITE_OK;
}

static int on_control(sqlite3_file *handle UNUSED, int operation UNUSED, void *argument UNUSED)
{
    return SQLITE_NOTFOUND;
}

static int on_sector_size(sqlite3_file *handle UNUSED)
{
    return SECTOR_BYTES;
}

static int on_device(sqlite3_file *handle UNUSED)
{
    return 0;
}

static const sqlite3_io_methods methods = {.iVersion = 1,
                                           .xClose = on_close,
                                           .xRead = on_read,
                                           .xWrite = on_write,
                                           .xTruncate = on_truncate,
                                           .xSync = on_sync,
                                           .xFileSize = on_size,
                                           .xLock = on_lock,
                                           .xUnlock = on_lock,
                                           .xCheckReservedLock = on_check_lock,
                                           .xFileControl = on_control,
                                           .xSectorSize = on_sector_size,
                                           .xDeviceCharacteristics = on_device};

static int on_open(sqlite3_vfs *vfs UNUSED, const char *name, sqlite3_file *handle, int flags,
                   int *ret_flags)
{
    struct memory_file *file = name == NULL ? NULL : find(name);
    handle->pMethods = NULL;
    if (name == NULL || ((file == NULL || !file->exists) && !(flags & SQLITE_OPEN_CREATE)))
        return SQLITE_CANTOPEN;
    if (file == NULL || !file->exists) {
        if (fails())
            return SQLITE_IOERR;
        file = make(name);
        file->exists = true;
        buffer_clear(&file->seen);
    }
    ((struct handle *)handle)->file = file;
    handle->pMethods = &methods;
    if (ret_flags != NULL)
        *ret_flags = flags;
    return SQLITE_OK;
}

static int on_delete(sqlite3_vfs *vfs UNUSED, const char *name, int sync_folder)
{
    struct memory_file *file = find(name);
    if (file == NULL || !file->exists)
        return SQLITE_IOERR_DELETE_NOENT;
    if (fails())
        return SQLITE_IOERR_DELETE;
    file->exists = false;
    if (sync_folder) {
        file->is_durable = false;
        forget_pending(file);
        buffer_clear(&file->durable);
    }
    return SQLITE_OK;
}

static int on_access(sqlite3_vfs *vfs UNUSED, const char *name, int flags UNUSED, int *ret_there)
{
    struct memory_file *file = find(name);
    *ret_there = file != NULL && file->exists;
    return SQLITE_OK;
}

static int on_full_name(sqlite3_vfs *vfs UNUSED, const char *name, int size, char *ret_name)
{
    snprintf(ret_name, (size_t)size, "%s", name);
    return SQLITE_OK;
}

static int on_randomness(sqlite3_vfs *vfs UNUSED, int count, char *bytes)
{
    for (int i = 0; i < count; i++)
        bytes[i] = (char)fixture_random(256);
    return count;
}

static int on_time(sqlite3_vfs *vfs UNUSED, double *ret_days)
{
    *ret_days = 2460000.5;
    return SQLITE_OK;
}

static sqlite3_vfs disk = {.iVersion = 1,
                           .szOsFile = sizeof(struct handle),
                           .mxPathname = 250,
                           .zName = "power",
                           .xOpen = on_open,
                           .xDelete = on_delete,
                           .xAccess = on_access,
                           .xFullPathname = on_full_name,
                           .xRandomness = on_randomness,
                           .xCurrentTime = on_time};

/* --- the test --- */

static const char name[] = "power.walk";
static struct buffer base; /* the review that each round begins with */

/* A file of that name stays on the real disk, for those who look before SQLite does. */
static int setup(void **state UNUSED)
{
    struct error error;
    struct review *review = fixture_create(name);
    fixture_subject(review, 1, 1);
    review_close(review);
    assert_done(file_read(testing_path(name), SIZE_MAX / 2, &base, &error), &error);
    return sqlite3_vfs_register(&disk, 1);
}

static int teardown(void **state UNUSED)
{
    sqlite3_vfs_unregister(&disk);
    forget(files);
    forget(as_worked);
    buffer_release(&base);
    return 0;
}

static void begin_round(void)
{
    for (size_t i = 0; i < FILES; i++) {
        forget_pending(&files[i]);
        files[i].exists = files[i].is_durable = false;
    }
    struct memory_file *file = make(testing_path(name));
    set(&file->seen, &base);
    set(&file->durable, &base);
    file->exists = file->is_durable = true;
    operations = 0;
    is_down = false;
}

static bool append(struct review *review, int step)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    char id[DIGEST_HEX_BYTES], hex[DIGEST_HEX_BYTES];
    struct new_blob blob;
    for (int i = 0; i < 200 * step + 7; i++)
        buffer_append_format(&text, "%u", fixture_random(10000));
    new_blob_init(&blob, text.data, text.length);
    struct digest digest = digest_of(text.data, text.length);
    json_t *decision = json_pack("{s:s, s:s, s:s}", "target", "host-0", "check", "check-0",
                                 "verdict", step % 2 == 0 ? "pass" : "fail");
    json_t *file =
        json_pack("{s:s, s:s, s:I, s:s}", "name", "a file", "blob", digest_hex(&blob.id, id),
                  "size", (json_int_t)text.length, "digest", digest_hex(&digest, hex));
    const struct new_entry entries[] = {
        {.kind = ENTRY_DECISION, .body = decision},
        {.kind = ENTRY_ATTACHMENT, .body = file, .blobs = &blob, .blob_count = 1}};
    bool done = review_append(review, entries, LENGTH(entries), NULL, NULL);
    json_decref(decision);
    json_decref(file);
    return done;
}

/* How many steps were acknowledged before the power went off. */
static int work(void)
{
    struct review *review = NULL;
    int acknowledged = 0;
    if (!review_open(testing_path(name), REVIEW_READ_WRITE, fixture_author("Ada"), &review, NULL))
        return 0;
    while (acknowledged < STEPS && append(review, acknowledged))
        acknowledged++;
    review_close(review);
    return acknowledged;
}

/* What a file of these bytes holds; it verifies. */
struct outcome {
    struct digest bytes;
    int64_t decisions, attachments;
};

static struct outcome seen[SEEN_MAX]; /* lately */
static size_t seen_count;

static void count_steps(struct outcome *outcome)
{
    struct review *review = fixture_open(name, REVIEW_READ_WRITE, "Ada");
    struct decision_row_list decisions;
    struct attachment_row_list attachments;
    struct error error;
    assert_done(review_query_decisions(review, NULL, &decisions, &error), &error);
    assert_done(review_query_attachments(review, NULL, &attachments, &error), &error);
    outcome->decisions = (int64_t)decisions.count;
    outcome->attachments = (int64_t)attachments.count;
    decision_row_list_release(&decisions);
    attachment_row_list_release(&attachments);
    review_close(review);
}

/* What stays beside the file afterwards begins with a zero byte, and is no journal to SQLite. */
static struct digest recover(void)
{
    review_close(fixture_open(name, REVIEW_READ_WRITE, "Ada"));
    const struct memory_file *file = find(testing_path(name));
    for (size_t i = 0; i < FILES; i++)
        assert_true(&files[i] == file || !files[i].exists || files[i].seen.length == 0 ||
                    files[i].seen.data[0] == '\0');
    return digest_of(file->seen.data, file->seen.length);
}

/* The ways in which one work ends mostly lead back to the same bytes, which answer the same. */
static const struct outcome *look(void)
{
    struct digest bytes = recover();
    for (size_t i = 0; i < SEEN_MAX && i < seen_count; i++)
        if (digest_equal(&seen[i].bytes, &bytes))
            return &seen[i];
    enum verify_answer answer;
    struct outcome *outcome = &seen[seen_count++ % SEEN_MAX];
    outcome->bytes = bytes;
    count_steps(outcome);
    assert_string_equal(fixture_first_problem(testing_path(name), NULL, &answer), "");
    assert_int_equal(answer, VERIFY_NOT_PROVEN);
    return outcome;
}

static void assert_nothing_is_lost(int acknowledged, long crash, enum damage damage)
{
    const struct outcome *found = look();
    if (found->decisions < acknowledged || found->decisions > acknowledged + 1 ||
        found->attachments != found->decisions)
        fail_msg("operation %ld, damage %d: %d acknowledged, %lld and %lld are there", crash,
                 (int)damage, acknowledged, (long long)found->decisions,
                 (long long)found->attachments);
}

static void nothing_acknowledged_is_lost_by_power_loss(void **state UNUSED)
{
    int rounds = fixture_rounds(600), acknowledged = 0;
    begin_round();
    crash_at = 0;
    assert_int_equal(work(), STEPS);
    long all = operations;
    for (int round = 0; round < rounds; round++) {
        enum damage damage = (enum damage)(round % DAMAGES);
        long crash = 1 + (round / ENDS_OF_ONE_WORK) % all;
        if (round % ENDS_OF_ONE_WORK == 0) {
            begin_round();
            crash_at = crash;
            acknowledged = work();
            copy(files, as_worked);
        }
        copy(as_worked, files);
        lose_power(damage);
        assert_nothing_is_lost(acknowledged, crash, damage);
    }
    print_message(
        "%d crashes at %ld operations: nothing acknowledged was lost (%zu files verified)\n",
        rounds, all, seen_count);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_acknowledged_is_lost_by_power_loss),
    };
    return cmocka_run_group_tests(tests, setup, teardown);
}
