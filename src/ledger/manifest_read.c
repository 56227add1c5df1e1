/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The reader takes one line after the other and is content with what a line roughly looks like:
 * strictness comes from writing the result again, which must give the very same bytes.
 */
#include "ledger/manifest.h"

#include "base/json.h"
#include "manifest_counts.h"

enum { TEXT_MAX_BYTES = 1024 * 1024 };

/* The rest of a text; it ends in NUL. */
struct reader {
    const char *next;
    int line; /* from 1 */
};

static bool fail(const struct reader *reader, struct error *error, const char *expected)
{
    return error_set(error, ERROR_INVALID, "sign-off text, line %d: expected %s", reader->line,
                     expected);
}

static bool begins(const struct reader *reader, const char *name)
{
    size_t length = strlen(name);
    return strncmp(reader->next, name, length) == 0 && reader->next[length] == ' ';
}

/* "NAME", without the space behind it. */
static bool read_name(struct reader *reader, const char *name, struct error *error)
{
    if (!begins(reader, name))
        return fail(reader, error, name);
    reader->next += strlen(name);
    return true;
}

static bool read_end(struct reader *reader, struct error *error)
{
    if (*reader->next != '\n')
        return fail(reader, error, "the end of the line");
    reader->next++;
    reader->line++;
    return true;
}

/* " WORD" into a short text. */
static bool read_word(struct reader *reader, char *word, size_t size)
{
    if (*reader->next != ' ')
        return false;
    const char *start = reader->next + 1;
    size_t length = strcspn(start, " \n");
    if (length == 0 || length >= size)
        return false;
    memcpy(word, start, length);
    word[length] = '\0';
    reader->next = start + length;
    return true;
}

static bool read_id(struct reader *reader, struct ledger_id *id, struct error *error)
{
    char word[LEDGER_ID_TEXT_BYTES];
    return (read_word(reader, word, sizeof(word)) && ledger_id_parse(word, id)) ||
           fail(reader, error, "an id of 32 hexadecimal digits");
}

static bool read_digest(struct reader *reader, struct digest *digest, struct error *error)
{
    char word[DIGEST_HEX_BYTES];
    return (read_word(reader, word, sizeof(word)) &&
            hex_decode(word, digest->bytes, sizeof(digest->bytes))) ||
           fail(reader, error, "a digest of 64 hexadecimal digits");
}

static bool read_number(struct reader *reader, int64_t *number, struct error *error)
{
    char word[20];
    if (!read_word(reader, word, sizeof(word)) || word[strspn(word, "0123456789")] != '\0')
        return fail(reader, error, "a number");
    *number = strtoll(word, NULL, 10);
    return true;
}

/* Behind a JSON string that begins at TEXT, or NULL. */
static const char *find_string_end(const char *text)
{
    if (*text++ != '"')
        return NULL;
    while (*text != '"') {
        if (*text == '\\')
            text++;
        if (*text == '\0' || *text == '\n')
            return NULL;
        text++;
    }
    return text + 1;
}

static bool read_quoted(struct reader *reader, char **text, struct error *error)
{
    const char *end = *reader->next == ' ' ? find_string_end(reader->next + 1) : NULL;
    AUTO_JSON json_t *json = NULL;
    if (end == NULL ||
        !json_parse(reader->next + 1, (size_t)(end - reader->next - 1), &json, NULL) ||
        !json_is_string(json))
        return fail(reader, error, "a quoted text");
    *text = memory_copy_text(json_string_value(json));
    reader->next = end;
    return true;
}

static bool read_text_line(struct reader *reader, const char *name, char **text,
                           struct error *error)
{
    return read_name(reader, name, error) && read_quoted(reader, text, error) &&
           read_end(reader, error);
}

static bool read_number_line(struct reader *reader, const char *name, int64_t *number,
                             struct error *error)
{
    return read_name(reader, name, error) && read_number(reader, number, error) &&
           read_end(reader, error);
}

static bool read_digest_line(struct reader *reader, const char *name, struct digest *digest,
                             struct error *error)
{
    return read_name(reader, name, error) && read_digest(reader, digest, error) &&
           read_end(reader, error);
}

static bool read_checklist(struct reader *reader, struct manifest *manifest, struct error *error)
{
    struct manifest_checklist *row = array_push(manifest->checklists, manifest->checklist_count);
    return read_name(reader, "checklist", error) && read_quoted(reader, &row->id, error) &&
           read_quoted(reader, &row->version, error) && read_digest(reader, &row->digest, error) &&
           read_end(reader, error);
}

static bool read_target(struct reader *reader, struct manifest *manifest, struct error *error)
{
    char *target = NULL;
    if (!read_text_line(reader, "target", &target, error)) {
        free(target);
        return false;
    }
    strings_push_take(&manifest->targets, target);
    return true;
}

static bool read_subject(struct reader *reader, struct manifest *manifest, struct error *error)
{
    static const char first_line[] = MANIFEST_TAG "\n";
    if (strncmp(reader->next, first_line, strlen(first_line)) != 0)
        return fail(reader, error, "\"" MANIFEST_TAG "\"");
    reader->next += strlen(first_line);
    reader->line++;
    if (!read_name(reader, "review", error) || !read_id(reader, &manifest->review, error) ||
        !read_end(reader, error) || !read_text_line(reader, "title", &manifest->title, error))
        return false;
    while (begins(reader, "checklist"))
        if (!read_checklist(reader, manifest, error))
            return false;
    while (begins(reader, "target"))
        if (!read_target(reader, manifest, error))
            return false;
    return true;
}

static bool read_head(struct reader *reader, struct manifest *manifest, struct error *error)
{
    struct manifest_head *head = array_push(manifest->heads, manifest->head_count);
    return read_name(reader, "head", error) && read_id(reader, &head->author, error) &&
           read_number(reader, &head->seq, error) && read_digest(reader, &head->hash, error) &&
           read_quoted(reader, &head->name, error) && read_end(reader, error);
}

static bool read_ledger(struct reader *reader, struct manifest *manifest, struct error *error)
{
    while (begins(reader, "head"))
        if (!read_head(reader, manifest, error))
            return false;
    return read_number_line(reader, "entries", &manifest->entry_count, error) &&
           read_digest_line(reader, "merkle", &manifest->merkle_root, error);
}

static bool read_counts(struct reader *reader, struct manifest *manifest, struct error *error)
{
    int64_t *const counts[] = {
#define X(member) &manifest->member,
        MANIFEST_COUNTS(X)
#undef X
    };
    char name[MANIFEST_COUNT_NAME_BYTES];
    for (size_t i = 0; i < LENGTH(counts); i++)
        if (!read_number_line(reader, manifest_count_name(i, name), counts[i], error))
            return false;
    return read_number_line(reader, "exceptions", &manifest->exceptions, error);
}

/* RFC 3339 as base/clock.h writes it. */
static bool read_time(struct reader *reader, int64_t *time_ms, struct error *error)
{
    char word[32];
    struct tm when = {0};
    int milliseconds = 0;
    if (!read_word(reader, word, sizeof(word)) ||
        sscanf(word, "%4d-%2d-%2dT%2d:%2d:%2d.%3dZ", &when.tm_year, &when.tm_mon, &when.tm_mday,
               &when.tm_hour, &when.tm_min, &when.tm_sec, &milliseconds) != 7)
        return fail(reader, error, "a time like 2026-11-23T20:15:01.250Z");
    when.tm_year -= 1900;
    when.tm_mon -= 1;
    *time_ms = (int64_t)timegm(&when) * 1000 + milliseconds;
    return true;
}

static bool read_signing(struct reader *reader, struct manifest *manifest, struct error *error)
{
    if (!read_text_line(reader, "role", &manifest->role, error) ||
        !read_text_line(reader, "statement", &manifest->statement, error) ||
        !read_text_line(reader, "signer", &manifest->signer, error) ||
        !read_name(reader, "time", error) || !read_time(reader, &manifest->time_ms, error) ||
        !read_end(reader, error))
        return false;
    static const char no_previous[] = "previous -\n";
    if (strncmp(reader->next, no_previous, strlen(no_previous)) == 0) {
        reader->next += strlen(no_previous);
        reader->line++;
    } else if (!read_digest_line(reader, "previous", &manifest->previous, error)) {
        return false;
    }
    return read_text_line(reader, "tool", &manifest->tool, error);
}

static bool check_canonical(const struct manifest *manifest, const char *text, size_t length,
                            struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer again = {0};
    manifest_write(manifest, &again);
    if (again.length == length && memcmp(again.data, text, length) == 0)
        return true;
    return error_set(error, ERROR_INVALID,
                     "sign-off text: a value is not in the form that walkdown writes");
}

bool manifest_read(const char *text, size_t length, struct manifest *ret_manifest,
                   struct error *error)
{
    if (length > TEXT_MAX_BYTES)
        return error_set(error, ERROR_INVALID, "sign-off text: more than %d bytes", TEXT_MAX_BYTES);
    AUTO_FREE char *copy = memory_copy(text, length);
    struct reader reader = {.next = copy, .line = 1};
    AUTO_RELEASE(manifest) struct manifest manifest = {0};
    if (!read_subject(&reader, &manifest, error) || !read_ledger(&reader, &manifest, error) ||
        !read_counts(&reader, &manifest, error) || !read_signing(&reader, &manifest, error) ||
        !check_canonical(&manifest, text, length, error))
        return false;
    *ret_manifest = manifest;
    manifest = (struct manifest){0};
    return true;
}
