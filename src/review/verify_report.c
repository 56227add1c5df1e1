/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A report, and how it is told from one process to another: in one frame. A text is the number of
 * its bytes and those; a list is the number of its members and those.
 *
 *     V  answer, review id, numbers of entries, blobs and authors, problems: list of texts, notes:
 *        list of texts, entries: list of (author, seq, hash), sign-offs: list of (author, seq,
 *        entries since, whether its manifest fits, role, signer, key, manifest, signature,
 * problem), roles: list of (keys that are wanted, role)
 *
 * Completeness is not in it: what proves that (known heads, receipts, keys) is compared by the
 * process that takes the report, which is why the entries are listed.
 */
#include "verification.h"

#include "wire.h"

#include <string.h>

enum {
    TEXT_MAX_BYTES = 4 * 1024 * 1024, /* nothing in an entry is larger */
    SIGNOFFS_MAX = 10000,
    ROLES_MAX = 10000,
    NOTES_MAX = 100
};
/* More than all entries that are verified, and the sign-offs among them once more. */
#define REPORT_MAX_BYTES (256ULL * 1024 * 1024)

const char *verify_answer_text(enum verify_answer answer)
{
    static const char *const texts[] = {
#define X(name, text) [VERIFY_##name] = text,
        VERIFY_ANSWERS(X)
#undef X
    };
    return (size_t)answer < LENGTH(texts) ? texts[answer] : "unknown";
}

void verify_report_release(struct verify_report *report)
{
    for (size_t i = 0; i < report->signoff_count; i++) {
        struct verify_signoff *signoff = &report->signoffs[i];
        free(signoff->role);
        free(signoff->signer);
        free(signoff->key);
        free(signoff->manifest);
        free(signoff->signature);
        free(signoff->fingerprint);
        free(signoff->problem);
    }
    for (size_t i = 0; i < report->role_count; i++)
        free(report->roles[i].role);
    free(report->roles);
    free(report->signoffs);
    free(report->entries);
    strings_release(&report->problems);
    strings_release(&report->notes);
    *report = (struct verify_report){.answer = VERIFY_CANNOT};
}

static void PRINTF_LIKE(2, 0) push(struct strings *list, const char *format, va_list arguments)
{
    struct buffer text = {0};
    buffer_append_format_list(&text, format, arguments);
    strings_push_take(list, buffer_take(&text));
}

void verify_report_problem(struct verify_report *report, const char *format, ...)
{
    struct strings *problems = &report->problems;
    if (problems->count > VERIFY_PROBLEMS_MAX)
        return;
    if (problems->count == VERIFY_PROBLEMS_MAX) {
        strings_push(problems, "... and more");
        return;
    }
    va_list arguments;
    va_start(arguments, format);
    push(problems, format, arguments);
    va_end(arguments);
}

void verify_report_note(struct verify_report *report, const char *format, ...)
{
    va_list arguments;
    va_start(arguments, format);
    push(&report->notes, format, arguments);
    va_end(arguments);
}

static int compare_ids(const struct entry_id *a, const struct entry_id *b)
{
    int order = memcmp(&a->author, &b->author, sizeof(a->author));
    return order != 0 ? order : (a->seq > b->seq) - (a->seq < b->seq);
}

static int compare_with_entry(const void *id, const void *entry)
{
    return compare_ids(id, &((const struct verify_entry *)entry)->id);
}

const struct digest *verify_report_find(const struct verify_report *report,
                                        const struct entry_id *id)
{
    const struct verify_entry *entry = report->listed_count == 0
                                           ? NULL
                                           : bsearch(id, report->entries, report->listed_count,
                                                     sizeof(*report->entries), compare_with_entry);
    return entry == NULL ? NULL : &entry->hash;
}

/* --- sending --- */

static void append_text(struct buffer *frame, const char *text)
{
    wire_append_number(frame, strlen(text));
    buffer_append_text(frame, text);
}

static void append_texts(struct buffer *frame, const struct strings *texts)
{
    wire_append_number(frame, texts->count);
    for (size_t i = 0; i < texts->count; i++)
        append_text(frame, texts->items[i]);
}

static void append_id(struct buffer *frame, const struct entry_id *id)
{
    buffer_append(frame, id->author.bytes, sizeof(id->author.bytes));
    wire_append_number(frame, (uint64_t)id->seq);
}

static void append_entries(struct buffer *frame, const struct verify_report *report)
{
    wire_append_number(frame, report->listed_count);
    for (size_t i = 0; i < report->listed_count; i++) {
        append_id(frame, &report->entries[i].id);
        buffer_append(frame, report->entries[i].hash.bytes, sizeof(report->entries[i].hash.bytes));
    }
}

static void append_signoff(struct buffer *frame, const struct verify_signoff *signoff)
{
    append_id(frame, &signoff->id);
    wire_append_number(frame, (uint64_t)signoff->entries_since);
    wire_append_number(frame, signoff->manifest_fits);
    append_text(frame, signoff->role);
    append_text(frame, signoff->signer);
    append_text(frame, signoff->key);
    append_text(frame, signoff->manifest);
    append_text(frame, signoff->signature);
    append_text(frame, signoff->problem);
}

bool verify_report_send(const struct verify_report *report, int fd, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer frame = {0};
    wire_append_number(&frame, report->answer);
    buffer_append(&frame, report->review.bytes, sizeof(report->review.bytes));
    wire_append_number(&frame, (uint64_t)report->entry_count);
    wire_append_number(&frame, (uint64_t)report->blob_count);
    wire_append_number(&frame, (uint64_t)report->author_count);
    append_texts(&frame, &report->problems);
    append_texts(&frame, &report->notes);
    append_entries(&frame, report);
    wire_append_number(&frame, report->signoff_count);
    for (size_t i = 0; i < report->signoff_count; i++)
        append_signoff(&frame, &report->signoffs[i]);
    wire_append_number(&frame, report->role_count);
    for (size_t i = 0; i < report->role_count; i++) {
        wire_append_number(&frame, (uint64_t)report->roles[i].wanted);
        append_text(&frame, report->roles[i].role);
    }
    if (frame.length > REPORT_MAX_BYTES || report->signoff_count > SIGNOFFS_MAX)
        return error_set(error, ERROR_UNSUPPORTED, "there is too much to tell of the file");
    return wire_send(fd, 'V', &frame, error);
}

/* --- taking --- */

/* A number from 0 to MAX. */
static bool take_count(struct wire *wire, int64_t max, int64_t *ret_count)
{
    return wire_number(wire, ret_count) && *ret_count >= 0 && *ret_count <= max;
}

static bool take_text(struct wire *wire, char **ret_text)
{
    int64_t length;
    if (!take_count(wire, TEXT_MAX_BYTES, &length))
        return false;
    const char *bytes = wire_bytes(wire, (size_t)length);
    if (bytes == NULL || memchr(bytes, '\0', (size_t)length) != NULL)
        return false;
    *ret_text = memory_copy(bytes, (size_t)length);
    return true;
}

static bool take_texts(struct wire *wire, int64_t max, struct strings *texts)
{
    int64_t count;
    if (!take_count(wire, max, &count))
        return false;
    for (int64_t i = 0; i < count; i++) {
        char *text;
        if (!take_text(wire, &text))
            return false;
        strings_push_take(texts, text);
    }
    return true;
}

static bool take_id(struct wire *wire, struct entry_id *id)
{
    return wire_copy(wire, id->author.bytes, sizeof(id->author.bytes)) &&
           wire_number(wire, &id->seq);
}

/* All of the entries that were counted, in order, or none. */
static bool take_entries(struct wire *wire, struct verify_report *report)
{
    int64_t count;
    if (!take_count(wire, report->entry_count, &count))
        return false;
    for (int64_t i = 0; i < count; i++) {
        const struct verify_entry *last = i == 0 ? NULL : &report->entries[i - 1];
        struct verify_entry entry = {0};
        if (!take_id(wire, &entry.id) ||
            !wire_copy(wire, entry.hash.bytes, sizeof(entry.hash.bytes)) ||
            (last != NULL && compare_ids(&last->id, &entry.id) >= 0))
            return false;
        *array_push(report->entries, report->listed_count) = entry;
    }
    return count == 0 || count == report->entry_count;
}

static bool take_signoff(struct wire *wire, struct verify_report *report)
{
    struct verify_signoff *signoff = array_push(report->signoffs, report->signoff_count);
    int64_t fits;
    if (!take_id(wire, &signoff->id) ||
        !take_count(wire, report->entry_count, &signoff->entries_since) ||
        !take_count(wire, 1, &fits) || !take_text(wire, &signoff->role) ||
        !take_text(wire, &signoff->signer) || !take_text(wire, &signoff->key) ||
        !take_text(wire, &signoff->manifest) || !take_text(wire, &signoff->signature) ||
        !take_text(wire, &signoff->problem))
        return false;
    signoff->manifest_fits = fits == 1;
    return report->listed_count == 0 || verify_report_find(report, &signoff->id) != NULL;
}

static bool take_signoffs(struct wire *wire, struct verify_report *report)
{
    int64_t count;
    if (!take_count(wire, SIGNOFFS_MAX, &count))
        return false;
    for (int64_t i = 0; i < count; i++)
        if (!take_signoff(wire, report))
            return false;
    return true;
}

static bool take_roles(struct wire *wire, struct verify_report *report)
{
    int64_t count;
    if (!take_count(wire, ROLES_MAX, &count))
        return false;
    for (int64_t i = 0; i < count; i++) {
        struct verify_role *role = array_push(report->roles, report->role_count);
        if (!take_count(wire, INT64_MAX, &role->wanted) || role->wanted == 0 ||
            !take_text(wire, &role->role))
            return false;
    }
    return true;
}

static int64_t count_authors(const struct verify_report *report)
{
    int64_t count = 0;
    for (size_t i = 0; i < report->listed_count; i++)
        count += i == 0 ||
                 !ledger_id_equal(&report->entries[i - 1].id.author, &report->entries[i].id.author);
    return count;
}

/* Intact is a file that was read through without a problem, and no other. */
static bool agrees(const struct verify_report *report)
{
    if (report->answer == VERIFY_NOT_PROVEN)
        return report->problems.count == 0 && report->listed_count > 0 &&
               count_authors(report) == report->author_count;
    return (report->answer == VERIFY_TAMPERED || report->answer == VERIFY_CANNOT) &&
           report->problems.count > 0;
}

static bool parse(struct wire *wire, struct verify_report *report)
{
    int64_t answer;
    if (!take_count(wire, VERIFY_CANNOT, &answer) ||
        !wire_copy(wire, report->review.bytes, sizeof(report->review.bytes)) ||
        !take_count(wire, INT64_MAX, &report->entry_count) ||
        !take_count(wire, INT64_MAX, &report->blob_count) ||
        !take_count(wire, INT64_MAX, &report->author_count) ||
        !take_texts(wire, VERIFY_PROBLEMS_MAX + 1, &report->problems) ||
        !take_texts(wire, NOTES_MAX, &report->notes) || !take_entries(wire, report) ||
        !take_signoffs(wire, report) || !take_roles(wire, report))
        return false;
    report->answer = (enum verify_answer)answer;
    return wire_left(wire) == 0 && agrees(report);
}

void verify_report_take(int fd, struct verify_report *ret_report)
{
    struct error error = {0};
    struct wire wire;
    char what = 0;
    *ret_report = (struct verify_report){.answer = VERIFY_CANNOT};
    wire_open(&wire, fd, REPORT_MAX_BYTES, REPORT_MAX_BYTES);
    bool is_taken = wire_next(&wire, &what, &error) &&
                    ((what == 'V' && parse(&wire, ret_report)) || wire_misfit(&error));
    wire_release(&wire);
    if (is_taken)
        return;
    verify_report_release(ret_report);
    verify_report_problem(ret_report, "%s", error.message);
}
