/* SPDX-License-Identifier: Apache-2.0 */
#include "ledger/entry.h"

static const char domain_tag[] = "walkdown/entry/v1"; /* its NUL is hashed too */

struct ledger_id ledger_id_random(void)
{
    struct ledger_id id = {0};
    random_bytes(id.bytes, sizeof(id.bytes));
    return id;
}

const char *ledger_id_text(const struct ledger_id *id, char text[LEDGER_ID_TEXT_BYTES])
{
    for (size_t i = 0; i < sizeof(id->bytes); i++)
        snprintf(text + 2 * i, 3, "%02x", id->bytes[i]);
    return text;
}

bool ledger_id_parse(const char *text, struct ledger_id *ret_id)
{
    struct ledger_id id = {0};
    if (strspn(text, "0123456789abcdef") != LEDGER_ID_TEXT_BYTES - 1 ||
        text[LEDGER_ID_TEXT_BYTES - 1] != '\0' || !hex_decode(text, id.bytes, sizeof(id.bytes)))
        return false;
    *ret_id = id;
    return true;
}

bool ledger_id_equal(const struct ledger_id *a, const struct ledger_id *b)
{
    return memcmp(a->bytes, b->bytes, sizeof(a->bytes)) == 0;
}

static const char *const kind_texts[] = {
#define X(name, text) [ENTRY_##name] = text,
    ENTRY_KINDS(X)
#undef X
};

const char *entry_kind_text(enum entry_kind kind)
{
    return (size_t)kind < LENGTH(kind_texts) ? kind_texts[kind] : "unknown";
}

enum entry_kind entry_kind_parse(const char *text)
{
    size_t kind = 0;
    while (kind < LENGTH(kind_texts) && strcmp(kind_texts[kind], text) != 0)
        kind++;
    return (enum entry_kind)kind;
}

const char *entry_id_text(const struct entry_id *id, char text[ENTRY_ID_TEXT_BYTES])
{
    char author[LEDGER_ID_TEXT_BYTES];
    snprintf(text, ENTRY_ID_TEXT_BYTES, "%s:%lld", ledger_id_text(&id->author, author),
             (long long)id->seq);
    return text;
}

bool entry_id_parse(const char *text, struct entry_id *ret_id)
{
    struct entry_id id;
    char author[LEDGER_ID_TEXT_BYTES];
    size_t colon = strcspn(text, ":");
    if (colon != LEDGER_ID_TEXT_BYTES - 1 || text[colon] != ':')
        return false;
    memcpy(author, text, colon);
    author[colon] = '\0';
    const char *digits = text + colon + 1;
    size_t count = strspn(digits, "0123456789");
    if (!ledger_id_parse(author, &id.author) || digits[0] == '0' || count == 0 || count > 18 ||
        digits[count] != '\0')
        return false;
    id.seq = strtoll(digits, NULL, 10);
    *ret_id = id;
    return true;
}

bool entry_id_equal(const struct entry_id *a, const struct entry_id *b)
{
    return a->seq == b->seq && ledger_id_equal(&a->author, &b->author);
}

const char *entry_label(const struct entry *entry, char text[ENTRY_LABEL_BYTES])
{
    char author[LEDGER_ID_TEXT_BYTES];
    snprintf(text, ENTRY_LABEL_BYTES, "%.8s:%lld (%.32s)",
             ledger_id_text(&entry->id.author, author), (long long)entry->id.seq, entry->kind);
    return text;
}

void entry_release(struct entry *entry)
{
    free(entry->kind);
    buffer_release(&entry->body);
    *entry = (struct entry){0};
}

static void add_number(struct digest_stream *stream, int64_t number)
{
    uint8_t bytes[8];
    for (int i = 0; i < 8; i++)
        bytes[i] = (uint8_t)((uint64_t)number >> (56 - 8 * i));
    digest_stream_add(stream, bytes, sizeof(bytes));
}

struct digest entry_compute_hash(const struct ledger_id *review, const struct entry *entry)
{
    AUTO(digest_stream) struct digest_stream *stream = digest_stream_new();
    digest_stream_add(stream, domain_tag, sizeof(domain_tag));
    digest_stream_add_field(stream, review->bytes, sizeof(review->bytes));
    digest_stream_add_field(stream, entry->id.author.bytes, sizeof(entry->id.author.bytes));
    add_number(stream, entry->id.seq);
    add_number(stream, entry->clock);
    add_number(stream, entry->time_ms);
    digest_stream_add_field(stream, entry->kind, strlen(entry->kind));
    digest_stream_add_field(stream, buffer_text(&entry->body), entry->body.length);
    digest_stream_add_field(stream, entry->prev.bytes, sizeof(entry->prev.bytes));
    return digest_stream_result(stream);
}

/* Why ENTRY does not follow PREVIOUS; NULL when it does. */
static const char *find_break(const struct entry *entry, const struct entry *previous)
{
    static const struct digest none;
    if (previous != NULL && !ledger_id_equal(&previous->id.author, &entry->id.author))
        return "the entry before it is of another author";
    if (entry->id.seq != (previous == NULL ? 0 : previous->id.seq) + 1)
        return "the entries before it are missing";
    if (!digest_equal(&entry->prev, previous == NULL ? &none : &previous->hash))
        return "it does not continue the entry before it";
    if (entry->clock <= (previous == NULL ? 0 : previous->clock))
        return "its clock does not rise";
    return NULL;
}

bool entry_check(const struct ledger_id *review, const struct entry *entry,
                 const struct entry *previous, struct error *error)
{
    char label[ENTRY_LABEL_BYTES];
    struct digest hash = entry_compute_hash(review, entry);
    const char *problem = digest_equal(&hash, &entry->hash) ? find_break(entry, previous)
                                                            : "its hash does not fit its contents";
    return problem == NULL ||
           error_set(error, ERROR_CORRUPT, "entry %s: %s", entry_label(entry, label), problem);
}

int entry_compare(const struct entry *a, const struct entry *b)
{
    if (a->clock != b->clock)
        return a->clock < b->clock ? -1 : 1;
    int author = memcmp(a->id.author.bytes, b->id.author.bytes, sizeof(a->id.author.bytes));
    if (author != 0)
        return author < 0 ? -1 : 1;
    return (a->id.seq > b->id.seq) - (a->id.seq < b->id.seq);
}
