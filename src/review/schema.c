/* SPDX-License-Identifier: Apache-2.0 */
#include "schema.h"

#include "base/array.h"
#include "review/store.h"

#include <errno.h>
#include <fcntl.h>
#include <sqlite3.h>
#include <unistd.h>

/* Behind author and seq, a kind's table has the members of its body in the order of body.c. */
/* clang-format off */
static const char version_1[] =
/* truth */
"CREATE TABLE meta(name TEXT NOT NULL PRIMARY KEY, value BLOB NOT NULL) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE entry(author BLOB NOT NULL, seq INTEGER NOT NULL, clock INTEGER NOT NULL,"
" time_ms INTEGER NOT NULL, kind TEXT NOT NULL, prev BLOB NOT NULL, hash BLOB NOT NULL,"
" body BLOB NOT NULL, PRIMARY KEY(author, seq)) STRICT;\n"
"CREATE INDEX entry_order ON entry(clock, author, seq);\n"
"CREATE TABLE blob(id BLOB NOT NULL PRIMARY KEY, salt BLOB NOT NULL, size INTEGER NOT NULL,"
" codec TEXT NOT NULL, data BLOB NOT NULL) STRICT;\n"
/* unsaved text, no part of the review */
"CREATE TABLE draft(key TEXT NOT NULL PRIMARY KEY, text TEXT NOT NULL) STRICT, WITHOUT ROWID;\n"
/* every entry and every author */
"CREATE TABLE event(author BLOB NOT NULL, seq INTEGER NOT NULL, clock INTEGER NOT NULL,"
" time_ms INTEGER NOT NULL, kind TEXT NOT NULL, check_id TEXT NOT NULL, target TEXT NOT NULL,"
" summary TEXT NOT NULL, is_retracted INTEGER NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE author(id BLOB NOT NULL PRIMARY KEY, name TEXT NOT NULL, email TEXT NOT NULL,"
" key TEXT NOT NULL, first_ms INTEGER NOT NULL, last_ms INTEGER NOT NULL,"
" entry_count INTEGER NOT NULL) STRICT, WITHOUT ROWID;\n"
/* entries of one kind each */
"CREATE TABLE review(author BLOB NOT NULL, seq INTEGER NOT NULL, title TEXT NOT NULL,"
" tool TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE checklist(author BLOB NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,"
" title TEXT NOT NULL, version TEXT NOT NULL, digest BLOB NOT NULL, blob BLOB NOT NULL,"
" size INTEGER NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE checklist_area(author BLOB NOT NULL, seq INTEGER NOT NULL,"
" position INTEGER NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL,"
" PRIMARY KEY(author, seq, position)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE checklist_check(author BLOB NOT NULL, seq INTEGER NOT NULL,"
" position INTEGER NOT NULL, id TEXT NOT NULL, title TEXT NOT NULL, area TEXT NOT NULL,"
" severity TEXT NOT NULL, digest BLOB NOT NULL,"
" PRIMARY KEY(author, seq, position)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE parameter(author BLOB NOT NULL, seq INTEGER NOT NULL, id TEXT NOT NULL,"
" value_list TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE target(author BLOB NOT NULL, seq INTEGER NOT NULL, name TEXT NOT NULL,"
" spec TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE hostkey(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" host TEXT NOT NULL, port INTEGER NOT NULL, type TEXT NOT NULL, fingerprint TEXT NOT NULL,"
" key TEXT NOT NULL, how TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE consent(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" class TEXT NOT NULL, digest BLOB NOT NULL, commands INTEGER NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE run(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, state TEXT NOT NULL, detail TEXT NOT NULL, checks INTEGER NOT NULL,"
" probes INTEGER NOT NULL, PRIMARY KEY(run, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE evidence(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, check_id TEXT NOT NULL, probe TEXT NOT NULL, check_digest BLOB NOT NULL,"
" command TEXT NOT NULL, as_root INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,"
" exit_status INTEGER NOT NULL, started_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,"
" out_blob BLOB NOT NULL, out_size INTEGER NOT NULL, err_blob BLOB NOT NULL,"
" err_size INTEGER NOT NULL, noise INTEGER NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE suggestion(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, check_id TEXT NOT NULL, suggestion TEXT NOT NULL, reason TEXT NOT NULL,"
" line_list TEXT NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE answer(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" check_id TEXT NOT NULL, question TEXT NOT NULL, value TEXT NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE decision(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" check_id TEXT NOT NULL, verdict TEXT NOT NULL, note TEXT NOT NULL, because TEXT NOT NULL,"
" suggestion TEXT NOT NULL, supersedes TEXT NOT NULL, is_superseded INTEGER NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE retraction(author BLOB NOT NULL, seq INTEGER NOT NULL, entry_author BLOB NOT NULL,"
" entry_seq INTEGER NOT NULL, why TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE INDEX retraction_entry ON retraction(entry_author, entry_seq);\n"
"CREATE TABLE comment(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" check_id TEXT NOT NULL, text TEXT NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE attachment(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" check_id TEXT NOT NULL, name TEXT NOT NULL, blob BLOB NOT NULL, size INTEGER NOT NULL,"
" digest BLOB NOT NULL, PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE signoff(author BLOB NOT NULL, seq INTEGER NOT NULL, role TEXT NOT NULL,"
" manifest TEXT NOT NULL, signature TEXT NOT NULL, key TEXT NOT NULL, signer TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
/* what the entries say together of each check on each target */
"CREATE TABLE item(check_id TEXT NOT NULL, target TEXT NOT NULL,"
" suggestion_author BLOB NOT NULL, suggestion_seq INTEGER NOT NULL,"
" decision_author BLOB NOT NULL, decision_seq INTEGER NOT NULL, verdict TEXT NOT NULL,"
" is_stale INTEGER NOT NULL, evidence_count INTEGER NOT NULL, comment_count INTEGER NOT NULL,"
" answer_count INTEGER NOT NULL, attachment_count INTEGER NOT NULL,"
" PRIMARY KEY(check_id, target)) STRICT, WITHOUT ROWID;\n";
/* Secrets that were kept out of evidence; findings, exceptions, redactions, policies, hand-offs. */
static const char version_2[] =
"DROP TABLE evidence;\n"
"CREATE TABLE evidence(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, check_id TEXT NOT NULL, probe TEXT NOT NULL, check_digest BLOB NOT NULL,"
" command TEXT NOT NULL, as_root INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,"
" exit_status INTEGER NOT NULL, started_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,"
" out_blob BLOB NOT NULL, out_size INTEGER NOT NULL, err_blob BLOB NOT NULL,"
" err_size INTEGER NOT NULL, noise INTEGER NOT NULL, masked TEXT NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE finding(author BLOB NOT NULL, seq INTEGER NOT NULL, of_author BLOB NOT NULL,"
" of_seq INTEGER NOT NULL, state TEXT NOT NULL, check_id TEXT NOT NULL, target TEXT NOT NULL,"
" title TEXT NOT NULL, severity TEXT NOT NULL, description TEXT NOT NULL,"
" recommendation TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE exception(author BLOB NOT NULL, seq INTEGER NOT NULL, of_author BLOB NOT NULL,"
" of_seq INTEGER NOT NULL, state TEXT NOT NULL, check_id TEXT NOT NULL, target TEXT NOT NULL,"
" category TEXT NOT NULL, reason TEXT NOT NULL, control TEXT NOT NULL, risk TEXT NOT NULL,"
" requester TEXT NOT NULL, approver TEXT NOT NULL, ticket TEXT NOT NULL,"
" from_date TEXT NOT NULL, until_date TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE redaction(author BLOB NOT NULL, seq INTEGER NOT NULL, blob BLOB NOT NULL,"
" size INTEGER NOT NULL, why TEXT NOT NULL, kept_blob BLOB NOT NULL, kept_size INTEGER NOT NULL,"
" spans TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE policy(author BLOB NOT NULL, seq INTEGER NOT NULL, topic TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE policy_rule(author BLOB NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,"
" name TEXT NOT NULL, value TEXT NOT NULL,"
" PRIMARY KEY(author, seq, position)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE handoff(author BLOB NOT NULL, seq INTEGER NOT NULL, way TEXT NOT NULL,"
" party TEXT NOT NULL, file TEXT NOT NULL, digest BLOB NOT NULL, note TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n";
/* Expected flows, what was measured of them, and reviewers' words on lines of the access matrix. */
static const char version_3[] =
"CREATE TABLE flows(author BLOB NOT NULL, seq INTEGER NOT NULL, file TEXT NOT NULL,"
" PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE flow_line(author BLOB NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,"
" vantage TEXT NOT NULL, destination TEXT NOT NULL, places TEXT NOT NULL, ports TEXT NOT NULL,"
" protocol TEXT NOT NULL, expected TEXT NOT NULL,"
" PRIMARY KEY(author, seq, position)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE reach(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, command TEXT NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,"
" started_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL, out_blob BLOB NOT NULL,"
" out_size INTEGER NOT NULL, err_blob BLOB NOT NULL, err_size INTEGER NOT NULL,"
" PRIMARY KEY(target, author, seq)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE reach_flow(author BLOB NOT NULL, seq INTEGER NOT NULL, position INTEGER NOT NULL,"
" destination TEXT NOT NULL, protocol TEXT NOT NULL, family INTEGER NOT NULL,"
" port INTEGER NOT NULL, address TEXT NOT NULL, state TEXT NOT NULL, tool TEXT NOT NULL,"
" proof TEXT NOT NULL, detail TEXT NOT NULL,"
" PRIMARY KEY(author, seq, position)) STRICT, WITHOUT ROWID;\n"
"CREATE TABLE access(author BLOB NOT NULL, seq INTEGER NOT NULL, target TEXT NOT NULL,"
" account TEXT NOT NULL, word TEXT NOT NULL, comment TEXT NOT NULL, facts TEXT NOT NULL,"
" supersedes TEXT NOT NULL, PRIMARY KEY(target, author, seq)) STRICT, WITHOUT ROWID;\n";
/* Why a finding's severity is another than its check's; its CVSS vector, owner and due day. */
static const char version_4[] =
"DROP TABLE finding;\n"
"CREATE TABLE finding(author BLOB NOT NULL, seq INTEGER NOT NULL, of_author BLOB NOT NULL,"
" of_seq INTEGER NOT NULL, state TEXT NOT NULL, check_id TEXT NOT NULL, target TEXT NOT NULL,"
" title TEXT NOT NULL, severity TEXT NOT NULL, description TEXT NOT NULL,"
" recommendation TEXT NOT NULL, because TEXT NOT NULL, cvss TEXT NOT NULL, owner TEXT NOT NULL,"
" due_date TEXT NOT NULL, PRIMARY KEY(author, seq)) STRICT, WITHOUT ROWID;\n";
/* From where a probe looked. */
static const char version_5[] =
"DROP TABLE evidence;\n"
"CREATE TABLE evidence(author BLOB NOT NULL, seq INTEGER NOT NULL, run TEXT NOT NULL,"
" target TEXT NOT NULL, check_id TEXT NOT NULL, probe TEXT NOT NULL, check_digest BLOB NOT NULL,"
" command TEXT NOT NULL, as_root INTEGER NOT NULL, outcome TEXT NOT NULL, detail TEXT NOT NULL,"
" exit_status INTEGER NOT NULL, started_ms INTEGER NOT NULL, duration_ms INTEGER NOT NULL,"
" out_blob BLOB NOT NULL, out_size INTEGER NOT NULL, err_blob BLOB NOT NULL,"
" err_size INTEGER NOT NULL, noise INTEGER NOT NULL, masked TEXT NOT NULL, vantage TEXT NOT NULL,"
" PRIMARY KEY(check_id, target, author, seq)) STRICT, WITHOUT ROWID;\n";
/* clang-format on */

const struct schema_step schema_steps[] = {
    {1, version_1}, {2, version_2}, {3, version_3}, {4, version_4}, {5, version_5}};
const size_t schema_step_count = LENGTH(schema_steps);

bool schema_read_version(struct database *database, int64_t *ret_version, struct error *error)
{
    char answer[32];
    if (!database_ask(database, "PRAGMA user_version", answer, sizeof(answer), error))
        return false;
    *ret_version = strtoll(answer, NULL, 10);
    return true;
}

/* --- upgrading --- */

enum { BACKUP_NAMES = 100 };

/* A new file of mode 0600. */
static bool make_backup_file(const char *path, int64_t version, char **ret_path,
                             struct error *error)
{
    for (int i = 1; i <= BACKUP_NAMES; i++) {
        AUTO_FREE char *backup =
            i == 1 ? memory_format("%s.v%lld.backup", path, (long long)version)
                   : memory_format("%s.v%lld.backup-%d", path, (long long)version, i);
        int fd = open(backup, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW | O_CLOEXEC, 0600);
        if (fd >= 0) {
            close(fd);
            *ret_path = take(&backup);
            return true;
        }
        if (errno != EEXIST)
            return error_set(error, ERROR_IO, "cannot make the backup '%s': %s", backup,
                             strerror(errno));
    }
    return error_set(error, ERROR_EXISTS, "'%s' has %d backups already", path, BACKUP_NAMES);
}

/* Read by a connection of its own: one that is in a write transaction cannot be copied from. */
static bool fill_backup(const char *path, const char *backup, struct error *error)
{
    AUTO(database) struct database *from = NULL;
    AUTO(database) struct database *to = NULL;
    return database_open(path, DATABASE_READ, &from, error) &&
           database_open_empty(backup, &to, error) && database_copy(from, to, error);
}

static bool make_backup(struct database *database, int64_t version, struct error *error)
{
    AUTO_FREE char *backup = NULL;
    if (!make_backup_file(database_path(database), version, &backup, error))
        return false;
    if (fill_backup(database_path(database), backup, error))
        return true;
    unlink(backup);
    return false;
}

static bool take_step(struct database *database, const struct schema_step *step,
                      struct error *error)
{
    AUTO_FREE char *number = memory_format("PRAGMA application_id = %d; PRAGMA user_version = %d",
                                           REVIEW_APPLICATION_ID, step->version);
    return database_execute(database, step->sql, error) &&
           database_execute(database, number, error);
}

bool schema_upgrade(struct database *database, const struct schema_step *steps, size_t count,
                    bool *ret_is_old, struct error *error)
{
    int64_t version;
    if (!schema_read_version(database, &version, error))
        return false;
    bool is_old = version > 0 && version < steps[count - 1].version;
    if (is_old && !make_backup(database, version, error))
        return false;
    for (size_t i = 0; i < count; i++)
        if (steps[i].version > version && !take_step(database, &steps[i], error))
            return false;
    *ret_is_old = is_old;
    return true;
}

/* --- comparing --- */

/* "table 'entry'" LF and what made it, a string for each row, sorted. */
static bool read_schema(struct database *database, enum schema_part part, struct strings *rows_out,
                        struct error *error)
{
    static const char *const texts[] = {
        [SCHEMA_WHOLE] = "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_schema",
        [SCHEMA_TRUTH_ONLY] = "SELECT type, name, tbl_name, sql FROM sqlite_schema"
                              " WHERE type = 'table' AND name IN ('meta', 'entry', 'blob')"};
    AUTO(sqlite3_stmt) struct sqlite3_stmt *rows = NULL;
    bool row;
    if (!database_prepare(database, texts[part], &rows, error))
        return false;
    for (;;) {
        if (!database_next(database, rows, &row, error))
            return false;
        if (!row)
            break;
        strings_push_take(rows_out, memory_format("%s '%s'\n%s\n%s", column_text(rows, 0),
                                                  column_text(rows, 1), column_text(rows, 2),
                                                  column_text(rows, 3)));
    }
    strings_sort(rows_out);
    return true;
}

static bool read_own_schema(enum schema_part part, int64_t version, struct strings *rows,
                            struct error *error)
{
    AUTO(database) struct database *own = NULL;
    if (!database_open_memory(&own, error))
        return false;
    for (size_t i = 0; i < schema_step_count && schema_steps[i].version <= version; i++)
        if (!database_execute(own, schema_steps[i].sql, error))
            return false;
    return read_schema(own, part, rows, error);
}

/* Kept for the next file, mostly one of the same version: to make it takes longer than the rest of
 * opening a small review. NULL: an error. */
static const struct strings *own_schema(enum schema_part part, int64_t version, struct error *error)
{
    static struct strings kept[SCHEMA_TRUTH_ONLY + 1];
    static int64_t versions[SCHEMA_TRUTH_ONLY + 1];
    if (kept[part].count > 0 && versions[part] == version)
        return &kept[part];
    strings_release(&kept[part]);
    versions[part] = version;
    if (read_own_schema(part, version, &kept[part], error))
        return &kept[part];
    strings_release(&kept[part]);
    return NULL;
}

bool schema_check(struct database *database, enum schema_part part, int64_t version,
                  struct error *error)
{
    const struct strings *expected = own_schema(part, version, error);
    AUTO_RELEASE(strings) struct strings actual = {0};
    if (expected == NULL || !read_schema(database, part, &actual, error))
        return false;
    for (size_t i = 0; i < actual.count; i++)
        if (!strings_contains(expected, actual.items[i]))
            return error_set(error, ERROR_CORRUPT, "'%s' has a foreign %.*s",
                             database_path(database), (int)strcspn(actual.items[i], "\n"),
                             actual.items[i]);
    for (size_t i = 0; i < expected->count; i++)
        if (i >= actual.count || strcmp(actual.items[i], expected->items[i]) != 0)
            return error_set(error, ERROR_CORRUPT, "'%s' lacks %.*s", database_path(database),
                             (int)strcspn(expected->items[i], "\n"), expected->items[i]);
    return true;
}
