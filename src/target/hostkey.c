/* SPDX-License-Identifier: Apache-2.0 */
#include "target/hostkey.h"

#include "base/clock.h"
#include "base/digest.h"
#include "certificate.h"
#include "known_hosts.h"

enum { TYPE_MAX_BYTES = 64, BLOB_MAX_BYTES = 64 * 1024, STANDARD_PORT = 22, MS_PER_S = 1000 };

void hostkey_release(struct hostkey *hostkey)
{
    free(hostkey->host);
    free(hostkey->type);
    free(hostkey->key);
    free(hostkey->fingerprint);
    free(hostkey->authority);
    *hostkey = (struct hostkey){0};
}

struct hostkey hostkey_copy(const struct hostkey *hostkey)
{
    return (struct hostkey){.host = memory_copy_text(hostkey->host),
                            .port = hostkey->port,
                            .type = memory_copy_text(hostkey->type),
                            .key = memory_copy_text(hostkey->key),
                            .fingerprint = memory_copy_text(hostkey->fingerprint)};
}

static bool is_same_place(const struct hostkey *hostkey, const char *host, int port)
{
    int own_port = hostkey->port == 0 ? STANDARD_PORT : hostkey->port;
    return own_port == (port == 0 ? STANDARD_PORT : port) && strcmp(hostkey->host, host) == 0;
}

bool hostkey_is_same(const struct hostkey *a, const struct hostkey *b)
{
    return is_same_place(a, b->host, b->port) && strcmp(a->key, b->key) == 0;
}

void hostkey_list_release(struct hostkey_list *list)
{
    for (size_t i = 0; i < list->count; i++)
        hostkey_release(&list->items[i]);
    free(list->items);
    *list = (struct hostkey_list){0};
}

const struct hostkey *hostkey_list_find(const struct hostkey_list *list, const char *host, int port)
{
    for (size_t i = 0; i < list->count; i++)
        if (is_same_place(&list->items[i], host, port))
            return &list->items[i];
    return NULL;
}

void hostkey_list_put(struct hostkey_list *list, const struct hostkey *hostkey)
{
    struct hostkey copy = hostkey_copy(hostkey);
    for (size_t i = 0; i < list->count; i++) {
        if (is_same_place(&list->items[i], hostkey->host, hostkey->port)) {
            hostkey_release(&list->items[i]);
            list->items[i] = copy;
            return;
        }
    }
    *array_push(list->items, list->count) = copy;
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

bool hostkey_from_shown(const void *blob, size_t length, struct hostkey *hostkey,
                        struct error *error)
{
    AUTO_RELEASE(certificate) struct certificate certificate = {0};
    struct buffer authority = {0};
    if (length > BLOB_MAX_BYTES || !certificate_is(blob, length))
        return hostkey_from_blob(blob, length, hostkey, error);
    if (!certificate_read(blob, length, &certificate, error) ||
        !hostkey_from_blob(certificate.key.data, certificate.key.length, hostkey, error))
        return false;
    base64_append(&authority, certificate.authority.data, certificate.authority.length);
    hostkey->authority = buffer_take(&authority);
    hostkey->objection =
        certificate_objection(&certificate, hostkey->host, clock_wall_ms() / MS_PER_S);
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
    const struct buffer *blob;      /* of the server's key */
    const struct buffer *authority; /* that signed its certificate; empty: none */
    const struct hostkey *hostkey;
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
    else if (strcmp(recorded.type, tally->hostkey->type) == 0)
        note(tally, HOSTKEY_CHANGED, &recorded, where);
    else
        note(tally, HOSTKEY_OTHER, &recorded, where);
}

static bool is_authority(const struct tally *tally, const struct buffer *blob)
{
    return tally->authority->length > 0 && blob_is(blob, tally->authority);
}

static void note_authority(struct tally *tally, const struct buffer *blob, const char *where)
{
    AUTO_RELEASE(hostkey) struct hostkey recorded = {0};
    if (!hostkey_from_blob(blob->data, blob->length, &recorded, NULL))
        return;
    const char *objection = tally->hostkey->objection;
    bool is_ours = is_authority(tally, blob);
    AUTO_FREE char *why =
        !is_ours || objection == NULL
            ? memory_copy_text(where)
            : memory_format("%s signed its certificate, but %s", where, objection);
    note(tally, is_ours && objection == NULL ? HOSTKEY_SIGNED : HOSTKEY_UNKNOWN, &recorded, why);
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
        if ((blob_is(known->blob, tally->blob) || is_authority(tally, known->blob)) &&
            hostkey_from_blob(known->blob->data, known->blob->length, &recorded, NULL))
            note(tally, HOSTKEY_REVOKED, &recorded, where);
        break;
    case KNOWN_HOST_AUTHORITY:
        /* Where it did not sign, the key is still unknown, but the line is worth a word. */
        note_authority(tally, known->blob, where);
        break;
    }
}

static enum hostkey_verdict verdict_of(const struct tally *tally)
{
    static const enum hostkey_verdict order[] = {HOSTKEY_REVOKED, HOSTKEY_KNOWN, HOSTKEY_SIGNED,
                                                 HOSTKEY_CHANGED, HOSTKEY_OTHER};
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
    AUTO_RELEASE(tally)
    struct tally plain = {
        .blob = tally->blob, .authority = tally->authority, .hostkey = tally->hostkey};
    AUTO_FREE char *plain_name = known_hosts_name(hostkey->host, 0);
    const struct known_hosts_query plain_query = {plain_name, tally_line, &plain};
    if (!known_hosts_find(files, &plain_query, error))
        return false;
    enum hostkey_verdict verdict = verdict_of(&plain);
    if (verdict == HOSTKEY_KNOWN || verdict == HOSTKEY_SIGNED || verdict == HOSTKEY_REVOKED) {
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
    AUTO_RELEASE(tally)
    struct tally pin = {
        .blob = tally->blob, .authority = tally->authority, .hostkey = tally->hostkey};
    compare(&pin, &blob, pinned_place);
    enum hostkey_verdict pinned = verdict_of(&pin), filed = verdict_of(tally);
    bool files_object =
        filed != HOSTKEY_KNOWN && filed != HOSTKEY_SIGNED && filed != HOSTKEY_UNKNOWN;
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
    AUTO_RELEASE(buffer) struct buffer authority = {0};
    const char *pin = records->pinned_key;
    const char *signer = hostkey->authority == NULL ? "" : hostkey->authority;
    if (!base64_decode(hostkey->key, strlen(hostkey->key), &blob) ||
        !base64_decode(signer, strlen(signer), &authority))
        return error_set(error, ERROR_INVALID, "the server's host key is not Base64");
    AUTO_RELEASE(tally)
    struct tally tally = {.blob = &blob, .authority = &authority, .hostkey = hostkey};
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

/* ---- what is on record ---- */

/* What to collect of the keys and authorities on record for a host. */
struct survey {
    const char *host;
    int port;
    const struct strings *files;
    bool wants_keys, wants_authorities;
    size_t found;
    struct strings *types; /* or NULL */
    struct buffer *lines;  /* of known_hosts, under the name NAME; or NULL */
    const char *name;
};

static void survey_line(void *context, const struct known_host *known)
{
    struct survey *survey = context;
    bool is_authority = known->kind == KNOWN_HOST_AUTHORITY;
    AUTO_RELEASE(hostkey) struct hostkey recorded = {0};
    if (!(is_authority                    ? survey->wants_authorities
          : known->kind == KNOWN_HOST_KEY ? survey->wants_keys
                                          : false) ||
        !hostkey_from_blob(known->blob->data, known->blob->length, &recorded, NULL))
        return;
    survey->found++;
    if (survey->types != NULL && !strings_contains(survey->types, recorded.type))
        strings_push(survey->types, recorded.type);
    if (survey->lines != NULL)
        buffer_append_format(survey->lines, "%s%s %s %s\n", is_authority ? "@cert-authority " : "",
                             survey->name, recorded.type, recorded.key);
}

/* By the name with its port and, where nothing is found, by the plain one. */
static void survey_files(struct survey *survey)
{
    AUTO_FREE char *name = known_hosts_name(survey->host, survey->port);
    AUTO_FREE char *plain_name = known_hosts_name(survey->host, 0);
    const struct known_hosts_query query = {name, survey_line, survey};
    const struct known_hosts_query plain_query = {plain_name, survey_line, survey};
    struct error ignored; /* an unreadable file is told when the key is decided on */
    bool done = known_hosts_find(survey->files, &query, &ignored);
    if (done && survey->found == 0 && strcmp(name, plain_name) != 0)
        done = known_hosts_find(survey->files, &plain_query, &ignored);
    (void)done;
}

void hostkey_known_types(const char *host, int port, const struct strings *files,
                         struct strings *ret_types)
{
    struct survey survey = {
        .host = host, .port = port, .files = files, .wants_keys = true, .types = ret_types};
    survey_files(&survey);
}

bool hostkey_has_authority(const char *host, int port, const struct strings *files)
{
    struct survey survey = {.host = host, .port = port, .files = files, .wants_authorities = true};
    survey_files(&survey);
    return survey.found > 0;
}

void hostkey_known_lines(const struct hostkey *hostkey, const struct strings *files,
                         const char *name, struct buffer *ret_lines)
{
    struct survey survey = {.host = hostkey->host,
                            .port = hostkey->port,
                            .files = files,
                            .wants_keys = true,
                            .wants_authorities = true,
                            .lines = ret_lines,
                            .name = name};
    survey_files(&survey);
}
