/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/manifest.h"

#include "base/clock.h"
#include "base/json.h"
#include "manifest_counts.h"

static const char *const count_names[] = {
#define X(member) #member,
    MANIFEST_COUNTS(X)
#undef X
};

const char *manifest_count_name(size_t index, char text[MANIFEST_COUNT_NAME_BYTES])
{
    snprintf(text, MANIFEST_COUNT_NAME_BYTES, "%s", count_names[index]);
    for (char *next = text; *next != '\0'; next++)
        if (*next == '_')
            *next = '-';
    return text;
}

void manifest_release(struct manifest *manifest)
{
    for (size_t i = 0; i < manifest->checklist_count; i++) {
        free(manifest->checklists[i].id);
        free(manifest->checklists[i].version);
    }
    for (size_t i = 0; i < manifest->head_count; i++)
        free(manifest->heads[i].name);
    free(manifest->checklists);
    free(manifest->heads);
    strings_release(&manifest->targets);
    free(manifest->title);
    free(manifest->role);
    free(manifest->statement);
    free(manifest->signer);
    free(manifest->tool);
    *manifest = (struct manifest){0};
}

/* A JSON string has no line feed and one form for each value, in all versions of this program. */
static void append_quoted(struct buffer *text, const char *value)
{
    AUTO_JSON json_t *json = json_text(value == NULL ? "" : value);
    buffer_append_byte(text, ' ');
    json_write(text, json);
}

static void append_digest(struct buffer *text, const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    buffer_append_format(text, " %s", digest_hex(digest, hex));
}

static void write_line(struct buffer *text, const char *name, const char *value)
{
    buffer_append_text(text, name);
    append_quoted(text, value);
    buffer_append_byte(text, '\n');
}

static void write_subject(const struct manifest *manifest, struct buffer *text)
{
    char id[LEDGER_ID_TEXT_BYTES];
    buffer_append_format(text, MANIFEST_TAG "\nreview %s\n", ledger_id_text(&manifest->review, id));
    write_line(text, "title", manifest->title);
    for (size_t i = 0; i < manifest->checklist_count; i++) {
        buffer_append_text(text, "checklist");
        append_quoted(text, manifest->checklists[i].id);
        append_quoted(text, manifest->checklists[i].version);
        append_digest(text, &manifest->checklists[i].digest);
        buffer_append_byte(text, '\n');
    }
    for (size_t i = 0; i < manifest->targets.count; i++)
        write_line(text, "target", manifest->targets.items[i]);
}

static void write_ledger(const struct manifest *manifest, struct buffer *text)
{
    for (size_t i = 0; i < manifest->head_count; i++) {
        const struct manifest_head *head = &manifest->heads[i];
        char id[LEDGER_ID_TEXT_BYTES];
        buffer_append_format(text, "head %s %lld", ledger_id_text(&head->author, id),
                             (long long)head->seq);
        append_digest(text, &head->hash);
        append_quoted(text, head->name);
        buffer_append_byte(text, '\n');
    }
    buffer_append_format(text, "entries %lld\nmerkle", (long long)manifest->entry_count);
    append_digest(text, &manifest->merkle_root);
    buffer_append_byte(text, '\n');
}

static void write_counts(const struct manifest *manifest, struct buffer *text)
{
    const int64_t counts[] = {
#define X(member) manifest->member,
        MANIFEST_COUNTS(X)
#undef X
    };
    char name[MANIFEST_COUNT_NAME_BYTES];
    for (size_t i = 0; i < LENGTH(counts); i++)
        buffer_append_format(text, "%s %lld\n", manifest_count_name(i, name), (long long)counts[i]);
    buffer_append_format(text, "exceptions %lld\n", (long long)manifest->exceptions);
}

static void write_signing(const struct manifest *manifest, struct buffer *text)
{
    static const struct digest none;
    char time[CLOCK_TEXT_BYTES];
    write_line(text, "role", manifest->role);
    write_line(text, "statement", manifest->statement);
    write_line(text, "signer", manifest->signer);
    buffer_append_format(text, "time %s\nprevious", clock_format_utc(manifest->time_ms, time));
    if (digest_equal(&manifest->previous, &none))
        buffer_append_text(text, " -");
    else
        append_digest(text, &manifest->previous);
    buffer_append_byte(text, '\n');
    write_line(text, "tool", manifest->tool);
}

void manifest_write(const struct manifest *manifest, struct buffer *text)
{
    write_subject(manifest, text);
    write_ledger(manifest, text);
    write_counts(manifest, text);
    write_signing(manifest, text);
}
