/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/digest.h"
#include "base/file.h"

#include <fcntl.h>
#include <sqlite3.h>
#include <sys/mman.h>
#include <unistd.h>

static const char digest_text[] =
    "00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff";

const struct author *fixture_author(const char *name)
{
    static struct author authors[16];
    size_t i = 0;
    while (authors[i].name != NULL && strcmp(authors[i].name, name) != 0)
        i++;
    if (authors[i].name == NULL) {
        memset(authors[i].id.bytes, name[0], sizeof(authors[i].id.bytes));
        authors[i].name = memory_copy_text(name);
        authors[i].email = memory_format("%s@example.org", name);
    }
    return &authors[i];
}

struct review *fixture_create(const char *name)
{
    struct review *review = NULL;
    struct error error;
    assert_done(
        review_create(testing_path(name), "A sandbox", fixture_author("Ada"), &review, &error),
        &error);
    return review;
}

struct review *fixture_open(const char *name, enum review_mode mode, const char *author)
{
    struct review *review = NULL;
    struct error error;
    assert_done(review_open(testing_path(name), mode,
                            author == NULL ? NULL : fixture_author(author), &review, &error),
                &error);
    return review;
}

static struct entry_id append(struct review *review, enum entry_kind kind, json_t *body,
                              const struct new_blob *blob)
{
    struct entry_id id = {0};
    struct error error;
    assert_non_null(body);
    const struct new_entry entry = {
        .kind = kind, .body = body, .blobs = blob, .blob_count = blob == NULL ? 0 : 1};
    bool done = review_append(review, &entry, 1, &id, &error);
    json_decref(body);
    assert_done(done, &error);
    return id;
}

struct entry_id fixture_append(struct review *review, enum entry_kind kind, json_t *body)
{
    return append(review, kind, body, NULL);
}

void fixture_refuse(struct review *review, enum entry_kind kind, json_t *body, enum error_code code)
{
    struct error error;
    assert_non_null(body);
    const struct new_entry entry = {.kind = kind, .body = body};
    bool done = review_append(review, &entry, 1, NULL, &error);
    json_decref(body);
    assert_refused(done, &error, code);
}

static json_t *checks(int count)
{
    static const char *const severities[] = {"info", "low", "medium", "high", "critical"};
    json_t *list = json_array();
    for (int i = 0; i < count; i++) {
        AUTO_FREE char *id = memory_format("check-%d", i);
        AUTO_FREE char *title = memory_format("Nothing is wrong with part %d", i);
        json_array_append_new(list, json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", id, "title", title,
                                              "area", i % 2 == 0 ? "access" : "network", "severity",
                                              severities[i % 5], "digest", digest_text));
    }
    return list;
}

static void append_checklist(struct review *review, int check_count)
{
    static const char source[] = "walkdown: 1\nid: demo\n";
    char id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    struct new_blob blob;
    new_blob_init(&blob, source, strlen(source));
    struct digest of_source = digest_of(source, strlen(source));
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:i, s:[{s:s, s:s}, {s:s, s:s}], s:o}", "id", "demo", "title",
        "A demonstration", "version", "2026.1", "digest", digest_hex(&of_source, digest), "blob",
        digest_hex(&blob.id, id), "size", (int)strlen(source), "areas", "id", "access", "title",
        "Access control", "id", "network", "title", "Network", "checks", checks(check_count));
    append(review, ENTRY_CHECKLIST, body, &blob);
}

void fixture_subject(struct review *review, int check_count, int target_count)
{
    append_checklist(review, check_count);
    for (int i = 0; i < target_count; i++) {
        AUTO_FREE char *name = memory_format("host-%d", i);
        AUTO_FREE char *spec = memory_format("ssh://host-%d.example.org", i);
        fixture_append(review, ENTRY_TARGET, json_pack("{s:s, s:s}", "name", name, "spec", spec));
    }
}

struct entry_id fixture_evidence(struct review *review, const char *check, const char *target,
                                 const char *probe, const char *output)
{
    char id[DIGEST_HEX_BYTES] = "";
    struct new_blob blob;
    new_blob_init(&blob, output, strlen(output));
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:i, s:i, s:i, s:{s:s, s:i}, s:{s:s, s:i}, "
        "s:i}",
        "run", "run-1", "target", target, "check", check, "probe", probe, "check_digest",
        digest_text, "command", "sshd -T", "as_root", 1, "outcome", "done", "detail", "", "exit", 0,
        "started_ms", 1000, "duration_ms", 20, "out", "blob",
        *output == '\0' ? "" : digest_hex(&blob.id, id), "size", (int)strlen(output), "err", "blob",
        "", "size", 0, "noise", 0);
    return append(review, ENTRY_EVIDENCE, body, *output == '\0' ? NULL : &blob);
}

struct entry_id fixture_suggest(struct review *review, const char *check, const char *target,
                                const char *suggestion)
{
    return fixture_append(review, ENTRY_SUGGESTION,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:[{s:s, s:s, s:i, s:b}]}", "run",
                                    "run-1", "target", target, "check", check, "suggestion",
                                    suggestion, "reason", "Because of a line.", "lines", "probe",
                                    "effective", "stream", "stdout", "line", 3, "bad", 1));
}

struct entry_id fixture_decide(struct review *review, const char *check, const char *target,
                               const char *verdict, const struct entry_id *supersedes)
{
    char text[ENTRY_ID_TEXT_BYTES];
    json_t *list = json_array();
    if (supersedes != NULL)
        json_array_append_new(list, json_string(entry_id_text(supersedes, text)));
    return fixture_append(review, ENTRY_DECISION,
                          json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:o}", "target", target,
                                    "check", check, "verdict", verdict, "note", "As seen.",
                                    "because", "", "suggestion", "fail", "supersedes", list));
}

struct entry_id fixture_retract(struct review *review, const struct entry_id *entry)
{
    char text[ENTRY_ID_TEXT_BYTES];
    return fixture_append(
        review, ENTRY_RETRACTION,
        json_pack("{s:s, s:s}", "entry", entry_id_text(entry, text), "why", "A slip."));
}

static void sign(struct review *review)
{
    struct manifest manifest = {0};
    struct buffer text = {0};
    struct error error;
    assert_done(review_build_manifest(review, NULL, &manifest, &error), &error);
    manifest.role = memory_copy_text("reviewer");
    manifest.statement = memory_copy_text("I looked at all of it.");
    manifest.signer = memory_copy_text("ada@example.org");
    manifest.tool = memory_copy_text("walkdown test");
    manifest.time_ms = 1764000000123;
    manifest_write(&manifest, &text);
    manifest_release(&manifest);
    json_t *body = json_pack("{s:s, s:s, s:s, s:s, s:s}", "role", "reviewer", "manifest",
                             buffer_text(&text), "signature", "-----BEGIN SSH SIGNATURE-----",
                             "key", "ssh-ed25519 AAAA", "signer", "ada@example.org");
    buffer_release(&text);
    fixture_append(review, ENTRY_SIGNOFF, body);
}

static void attach(struct review *review)
{
    static const char data[] = "a picture";
    char id[DIGEST_HEX_BYTES], digest[DIGEST_HEX_BYTES];
    struct new_blob blob;
    new_blob_init(&blob, data, strlen(data));
    struct digest of_data = digest_of(data, strlen(data));
    append(review, ENTRY_ATTACHMENT,
           json_pack("{s:s, s:s, s:s, s:s, s:i, s:s}", "target", "host-0", "check", "check-0",
                     "name", "screen.png", "blob", digest_hex(&blob.id, id), "size",
                     (int)strlen(data), "digest", digest_hex(&of_data, digest)),
           &blob);
}

static void append_run(struct review *review, const char *state)
{
    fixture_append(review, ENTRY_RUN,
                   json_pack("{s:s, s:s, s:s, s:s, s:i, s:i}", "run", "run-1", "target", "host-0",
                             "state", state, "detail", "", "checks", 2, "probes", 3));
}

static void append_later_kinds(struct review *review)
{
    char text[ENTRY_ID_TEXT_BYTES];
    struct entry_id made =
        fixture_append(review, ENTRY_EXCEPTION,
                       json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "state", "accepted",
                                 "check", "check-0", "target", "host-0", "reason", "Needed.",
                                 "approver", "Carol", "from", "2025-01-01", "until", "2035-12-31"));
    fixture_append(review, ENTRY_EXCEPTION,
                   json_pack("{s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s, s:s}", "of",
                             entry_id_text(&made, text), "state", "accepted", "check", "check-0",
                             "target", "host-0", "reason", "Still needed.", "approver", "Carol",
                             "from", "2025-01-01", "until", "2036-12-31", "ticket", "T-2"));
    fixture_append(review, ENTRY_FINDING,
                   json_pack("{s:s, s:s, s:s, s:s, s:s, s:s}", "state", "open", "title",
                             "A spare key", "severity", "high", "description", "It lies about.",
                             "owner", "Bob", "due", "2025-12-01"));
    fixture_append(review, ENTRY_POLICY,
                   json_pack("{s:s, s:[{s:s, s:s}, {s:s, s:s}]}", "topic", "signoff", "rules",
                             "name", "reviewer", "value", "1", "name", "approver", "value", "1"));
    fixture_append(review, ENTRY_HANDOFF,
                   json_pack("{s:s, s:s, s:s}", "way", "sent", "party", "Carol", "note", "Mail."));
    made = fixture_append(review, ENTRY_ACCESS,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "target", "host-0", "account",
                                    "ada", "word", "questioned", "comment", "Who is it?", "facts",
                                    "user id: 1000\n"));
    fixture_append(review, ENTRY_ACCESS,
                   json_pack("{s:s, s:s, s:s, s:s, s:[s]}", "target", "host-0", "account", "ada",
                             "word", "approved", "facts", "user id: 1000\n", "supersedes",
                             entry_id_text(&made, text)));
}

void fixture_one_of_each(struct review *review)
{
    fixture_subject(review, 2, 2);
    fixture_append(review, ENTRY_PARAMETER,
                   json_pack("{s:s, s:[s, s]}", "id", "allowed_users", "values", "ada", "bob"));
    fixture_append(review, ENTRY_HOSTKEY,
                   json_pack("{s:s, s:s, s:i, s:s, s:s, s:s, s:s}", "target", "host-0", "host",
                             "host-0.example.org", "port", 22, "type", "ssh-ed25519", "fingerprint",
                             "SHA256:abc", "key", "AAAAC3Nz", "how", "confirmed"));
    fixture_append(review, ENTRY_CONSENT,
                   json_pack("{s:s, s:s, s:s, s:i}", "target", "host-0", "class", "read", "digest",
                             digest_text, "commands", 12));
    append_run(review, "started");
    fixture_evidence(review, "check-0", "host-0", "effective", "permitrootlogin yes\n");
    fixture_evidence(review, "check-0", "host-0", "version", "");
    fixture_suggest(review, "check-0", "host-0", "fail");
    append_run(review, "finished");
    fixture_append(review, ENTRY_ANSWER,
                   json_pack("{s:s, s:s, s:s, s:s}", "target", "host-0", "check", "check-0",
                             "question", "owner", "value", "Team Blue"));
    struct entry_id first = fixture_decide(review, "check-0", "host-0", "pass", NULL);
    struct entry_id second = fixture_decide(review, "check-0", "host-0", "fail", &first);
    struct entry_id undo = fixture_retract(review, &second);
    fixture_retract(review, &undo);
    fixture_append(review, ENTRY_COMMENT,
                   json_pack("{s:s, s:s, s:s}", "target", "host-0", "check", "check-0", "text",
                             "Ask Bob.\nSoon."));
    attach(review);
    append_later_kinds(review);
    sign(review);
}

struct sqlite3 *fixture_sql_open(const char *path)
{
    struct sqlite3 *handle = NULL;
    assert_int_equal(sqlite3_open_v2(path, &handle, SQLITE_OPEN_READWRITE, NULL), SQLITE_OK);
    sqlite3_exec(handle, "PRAGMA synchronous = OFF", NULL, NULL, NULL);
    return handle;
}

void fixture_sql(const char *path, const char *sql)
{
    struct sqlite3 *handle = fixture_sql_open(path);
    char *message = NULL;
    int result = sqlite3_exec(handle, sql, NULL, NULL, &message);
    sqlite3_close(handle);
    if (result != SQLITE_OK)
        fail_msg("%s: %s", sql, message);
}

const char *fixture_copy(const char *from, const char *to)
{
    struct buffer bytes = {0};
    struct error error;
    assert_done(file_read(testing_path(from), SIZE_MAX / 2, &bytes, &error), &error);
    unlink(testing_path(to));
    int fd = open(testing_path(to), O_WRONLY | O_CREAT | O_EXCL, 0600);
    assert_true(fd >= 0);
    assert_done(file_write_fd(fd, bytes.data, bytes.length, &error), &error);
    close(fd);
    buffer_release(&bytes);
    return testing_path(to);
}

int fixture_rounds(int usual)
{
    const char *rounds = getenv("WALKDOWN_ROUNDS");
    return rounds == NULL ? usual : (int)strtol(rounds, NULL, 10);
}

unsigned fixture_random(unsigned limit)
{
    static uint64_t state = 0;
    const char *seed = state != 0 ? NULL : getenv("WALKDOWN_SEED");
    if (state == 0)
        state = 88172645463325252u + (seed == NULL ? 0 : strtoull(seed, NULL, 10));
    state ^= state << 13;
    state ^= state >> 7;
    state ^= state << 17;
    return (unsigned)(state >> 33) % limit;
}

/* The report of another process, as it would reach us. */
static void hand_over(const struct verify_report *report, struct verify_report *ret_report)
{
    struct error error;
    int fd = memfd_create("report", MFD_CLOEXEC);
    bool done = fd >= 0 && verify_report_send(report, fd, &error) && lseek(fd, 0, SEEK_SET) == 0;
    if (done)
        verify_report_take(fd, ret_report);
    close(fd);
    assert_done(done, &error);
}

static void assert_same_texts(const struct strings *a, const struct strings *b)
{
    assert_int_equal(a->count, b->count);
    for (size_t i = 0; i < a->count; i++)
        assert_string_equal(a->items[i], b->items[i]);
}

const char *fixture_first_problem(const char *path, const char *heads_folder,
                                  enum verify_answer *ret_answer)
{
    static char problem[512];
    struct verify_report found, report;
    review_verify(path, NULL, &found);
    hand_over(&found, &report);
    assert_int_equal(found.answer, report.answer);
    assert_same_texts(&found.problems, &report.problems);
    verify_report_release(&found);
    if (heads_folder != NULL)
        verify_report_compare_heads(&report, heads_folder);
    *ret_answer = report.answer;
    snprintf(problem, sizeof(problem), "%s",
             report.problems.count == 0 ? "" : report.problems.items[0]);
    verify_report_release(&report);
    return problem;
}
