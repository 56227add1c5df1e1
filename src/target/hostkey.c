/* SPDX-License-Identifier: Apache-2.0 */
#include "target/hostkey.h"

#include "base/digest.h"
#include "known_hosts.h"

enum { TYPE_MAX_BYTES = 64, BLOB_MAX_BYTES = 64 * 1024, STANDARD_PORT = 22 };

void hostkey_release(struct hostkey *hostkey)
{
    free(hostkey->host);
    free(hostkey->type);
    free(hostkey->key);
    free(hostkey->fingerprint);
    *hostkey = (struct hostkey){0};
}

/* The blob begins with its type as a string: u32 length, most significant byte first, and text. */
static size_t type_length(const unsigned char *blob, size_t length)
{
    if (length < 4)
        return 0;
    size_t type_length =
        (size_t)blob[0] << 24 | (size_t)blob[1] << 16 | (size_t)blob[2] << 8 | (size_t)blob[3];
    if (type_length > TYPE_MAX_BYTES || type_length > length - 4)
        return 0;
    for (size_t i = 0; i < type_length; i++)
        if (blob[4 + i] <= ' ' || blob[4 + i] > '~')
            return 0;
    return type_length;
}

bool hostkey_from_blob(const void *blob, size_t length, struct hostkey *ret_hostkey,
                       struct error *error)
{
    size_t type_bytes = length > BLOB_MAX_BYTES ? 0 : type_length(blob, length);
    if (type_bytes == 0)
        return error_set(error, ERROR_INVALID, "expected a public key, got %zu other bytes",
                         length);
    struct digest digest = digest_of(blob, length);
    struct buffer key = {0};
    struct buffer fingerprint = {0};
    base64_append(&key, blob, length);
    buffer_append_text(&fingerprint, "SHA256:");
    base64_append(&fingerprint, digest.bytes, sizeof(digest.bytes));
    while (fingerprint.data[fingerprint.length - 1] == '=')
        fingerprint.data[--fingerprint.length] = '\0';
    ret_hostkey->type = memory_copy((const char *)blob + 4, type_bytes);
    ret_hostkey->key = buffer_take(&key);
    ret_hostkey->fingerprint = buffer_take(&fingerprint);
    return true;
}

const char *hostkey_verdict_text(enum hostkey_verdict verdict)
{
    static const char *const texts[] = {
#define X(name, text) [HOSTKEY_##name] = text,
        HOSTKEY_VERDICTS(X)
#undef X
    };
    return (size_t)verdict < LENGTH(texts) ? texts[verdict] : "invalid";
}

/* ---- the decision ---- */

static const char pinned_place[] = "pinned in the review";

/* What is on record about one name, seen from one key: the first place of each verdict. */
struct tally {
    const struct buffer *blob; /* of the server's key */
    const char *type;
    struct sighting {
        char *where, *fingerprint; /* NULL: nothing of that kind */
    } seen[HOSTKEY_REVOKED + 1];
};

static void tally_release(struct tally *tally)
{
    for (size_t i = 0; i < LENGTH(tally->seen); i++) {
        free(tally->seen[i].where);
        free(tally->seen[i].fingerprint);
    }
}

static bool blob_is(const struct buffer *a, const struct buffer *b)
{
    return a->length == b->length && memcmp(a->data, b->data, a->length) == 0;
}

static void note(struct tally *tally, enum hostkey_verdict verdict, const struct hostkey *recorded,
                 const char *where)
{
    struct sighting *sighting = &tally->seen[verdict];
    if (sighting->where != NULL)
        return;
    sighting->where = memory_copy_text(where);
    sighting->fingerprint = memory_copy_text(recorded->fingerprint);
}

static void compare(struct tally *tally, const struct buffer *blob, const char *where)
{
    AUTO_RELEASE(hostkey) struct hostkey recorded = {0};
    if (!hostkey_from_blob(blob->data, blob->length, &recorded, NULL))
        return;
    if (blob_is(blob, tally->blob))
        note(tally, HOSTKEY_KNOWN, &recorded, where);
    else if (strcmp(recorded.type, tally->type) == 0)
        note(tally, HOSTKEY_CHANGED, &recorded, where);
    else
        note(tally, HOSTKEY_OTHER, &recorded, where);
}

static void tally_line(void *context, const struct known_host *known)
{
    struct tally *tally = context;
    AUTO_FREE char *where = memory_format("%s:%zu", known->file, known->line);
    AUTO_RELEASE(hostkey) struct hostkey recorded = {0};
    switch (known->kind) {
    case KNOWN_HOST_KEY:
        compare(tally, known->blob, where);
        break;
    case KNOWN_HOST_REVOKED:
        if (blob_is(known->blob, tally->blob) &&
            hostkey_from_blob(known->blob->data, known->blob->length, &recorded, NULL))
            note(tally, HOSTKEY_REVOKED, &recorded, where);
        break;
    case KNOWN_HOST_AUTHORITY:
        /* A plain key says nothing about a certificate: still unknown, but worth a word. */
        if (hostkey_from_blob(known->blob->data, known->blob->length, &recorded, NULL))
            note(tally, HOSTKEY_UNKNOWN, &recorded, where);
        break;
    }
}

static enum hostkey_verdict verdict_of(const struct tally *tally)
{
    static const enum hostkey_verdict order[] = {HOSTKEY_REVOKED, HOSTKEY_KNOWN, HOSTKEY_CHANGED,
                                                 HOSTKEY_OTHER};
    for (size_t i = 0; i < LENGTH(order); i++)
        if (tally->seen[order[i]].where != NULL)
            return order[i];
    return HOSTKEY_UNKNOWN;
}

/* A host on a port of its own that is not on record may be so under its plain name; OpenSSH takes
 * the key from there too. A mismatch there says nothing: another server may have that name. */
static bool ask_files(struct tally *tally, const struct hostkey *hostkey,
                      const struct strings *files, struct error *error)
{
    AUTO_FREE char *name = known_hosts_name(hostkey->host, hostkey->port);
    const struct known_hosts_query query = {name, tally_line, tally};
    if (!known_hosts_find(files, &query, error))
        return false;
    bool is_settled = verdict_of(tally) != HOSTKEY_UNKNOWN;
    if (is_settled || hostkey->port == 0 || hostkey->port == STANDARD_PORT)
        return true;
    AUTO_RELEASE(tally) struct tally plain = {.blob = tally->blob, .type = tally->type};
    AUTO_FREE char *plain_name = known_hosts_name(hostkey->host, 0);
    const struct known_hosts_query plain_query = {plain_name, tally_line, &plain};
    if (!known_hosts_find(files, &plain_query, error))
        return false;
    enum hostkey_verdict verdict = verdict_of(&plain);
    if (verdict == HOSTKEY_KNOWN || verdict == HOSTKEY_REVOKED) {
        tally->seen[verdict] = plain.seen[verdict];
        plain.seen[verdict] = (struct sighting){0};
    }
    return true;
}

/* The pin and the files must both agree where they speak at all. */
static bool ask_pin(struct tally *tally, const char *pinned_key, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    if (strlen(pinned_key) > BLOB_MAX_BYTES ||
        !base64_decode(pinned_key, strlen(pinned_key), &blob) ||
        type_length((const unsigned char *)blob.data, blob.length) == 0)
        return error_set(error, ERROR_INVALID, "the host key pinned in the review is not a key");
    AUTO_RELEASE(tally) struct tally pin = {.blob = tally->blob, .type = tally->type};
    compare(&pin, &blob, pinned_place);
    enum hostkey_verdict pinned = verdict_of(&pin), filed = verdict_of(tally);
    bool files_object = filed != HOSTKEY_KNOWN && filed != HOSTKEY_UNKNOWN;
    if (filed == HOSTKEY_REVOKED || (pinned == HOSTKEY_KNOWN && files_object))
        return true;
    tally_release(tally);
    *tally = pin;
    pin = (struct tally){0};
    return true;
}

void hostkey_finding_release(struct hostkey_finding *finding)
{
    free(finding->where);
    free(finding->recorded);
    *finding = (struct hostkey_finding){0};
}

bool hostkey_decide(const struct hostkey *hostkey, const struct hostkey_records *records,
                    struct hostkey_finding *ret_finding, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    const char *pin = records->pinned_key;
    if (!base64_decode(hostkey->key, strlen(hostkey->key), &blob))
        return error_set(error, ERROR_INVALID, "the server's host key is not Base64");
    AUTO_RELEASE(tally) struct tally tally = {.blob = &blob, .type = hostkey->type};
    if (!ask_files(&tally, hostkey, records->files, error))
        return false;
    if (pin != NULL && pin[0] != '\0' && !ask_pin(&tally, pin, error))
        return false;
    enum hostkey_verdict verdict = verdict_of(&tally);
    struct sighting sighting = tally.seen[verdict];
    *ret_finding = (struct hostkey_finding){
        .verdict = verdict,
        .where = memory_copy_text(sighting.where == NULL ? "" : sighting.where),
        .recorded = memory_copy_text(sighting.fingerprint == NULL ? "" : sighting.fingerprint)};
    return true;
}

static void collect_type(void *context, const struct known_host *known)
{
    struct strings *types = context;
    AUTO_RELEASE(hostkey) struct hostkey recorded = {0};
    if (known->kind == KNOWN_HOST_KEY &&
        hostkey_from_blob(known->blob->data, known->blob->length, &recorded, NULL) &&
        !strings_contains(types, recorded.type))
        strings_push(types, recorded.type);
}

void hostkey_known_types(const char *host, int port, const struct strings *files,
                         struct strings *ret_types)
{
    AUTO_FREE char *name = known_hosts_name(host, port);
    AUTO_FREE char *plain_name = known_hosts_name(host, 0);
    size_t before = ret_types->count;
    const struct known_hosts_query query = {name, collect_type, ret_types};
    const struct known_hosts_query plain_query = {plain_name, collect_type, ret_types};
    struct error ignored; /* an unreadable file is told when the key is decided on */
    bool done = known_hosts_find(files, &query, &ignored);
    if (done && ret_types->count == before && strcmp(name, plain_name) != 0)
        done = known_hosts_find(files, &plain_query, &ignored);
    (void)done;
}
