/* SPDX-License-Identifier: Apache-2.0 */
#include "identity.h"

#include "base/digest.h"
#include "base/file.h"

#include <sys/stat.h>
#include <unistd.h>

enum { FILE_MAX_BYTES = 64 * 1024 };

void identity_release(struct identity *identity)
{
    if (identity->text != NULL)
        memory_wipe(identity->text, strlen(identity->text));
    free(identity->text);
    free(identity->path);
    ssh_key_free(identity->private_key);
    ssh_key_free(identity->certified_key);
    ssh_key_free(identity->public_key);
    hostkey_release(&identity->key);
    *identity = (struct identity){0};
}

/* Fill in what the fingerprint is made of. */
static void describe(struct identity *identity)
{
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    char *text = NULL;
    if (identity->public_key == NULL || identity->key.type != NULL ||
        ssh_pki_export_pubkey_base64(identity->public_key, &text) != SSH_OK)
        return;
    if (base64_decode(text, strlen(text), &blob) &&
        !hostkey_from_blob(blob.data, blob.length, &identity->key, NULL))
        identity->complaint = "holds no key that walkdown knows";
    ssh_string_free_char(text);
}

/* libssh asks for a passphrase only where it needs one; it gets none here. Its signature. */
static int note_question(const char *prompt, char *buffer, size_t length, int echo, int verify,
                         void *was_asked)
{
    (void)prompt;
    (void)buffer;
    (void)length;
    (void)echo;
    (void)verify;
    *(bool *)was_asked = true;
    return -1;
}

/* "NAME-cert.pub", as the OpenSSH client looks for it. */
static void certify(struct identity *identity)
{
    AUTO_FREE char *beside = memory_format("%s-cert.pub", identity->path);
    ssh_key certificate = NULL;
    if (ssh_pki_import_cert_file(beside, &certificate) != SSH_OK)
        return;
    identity->certified_key = ssh_key_dup(identity->private_key);
    if (identity->certified_key != NULL &&
        ssh_pki_copy_cert_to_privkey(certificate, identity->certified_key) != SSH_OK) {
        ssh_key_free(identity->certified_key);
        identity->certified_key = NULL;
    }
    ssh_key_free(certificate);
}

static bool import(struct identity *identity, const char *text, const char *passphrase,
                   bool *ret_was_asked)
{
    *ret_was_asked = false;
    if (ssh_pki_import_privkey_base64(text, passphrase, note_question, ret_was_asked,
                                      &identity->private_key) != SSH_OK)
        return false;
    identity->state = IDENTITY_READY;
    if (identity->public_key == NULL)
        ssh_pki_export_privkey_to_pubkey(identity->private_key, &identity->public_key);
    describe(identity);
    certify(identity);
    return true;
}

/* The public half stands in the clear in OpenSSH's own format, else perhaps in a file beside. */
static void find_public_key(struct identity *identity)
{
    AUTO_FREE char *beside = memory_format("%s.pub", identity->path);
    if (ssh_pki_import_pubkey_file(identity->path, &identity->public_key) != SSH_OK &&
        ssh_pki_import_pubkey_file(beside, &identity->public_key) != SSH_OK)
        identity->public_key = NULL;
    describe(identity);
}

/* As the OpenSSH client: a key of ours that others can read is not used. */
static bool is_exposed(const char *path)
{
    struct stat status;
    return stat(path, &status) == 0 && status.st_uid == getuid() && (status.st_mode & 077) != 0;
}

static void load_text(struct identity *identity, const char *text)
{
    bool was_asked;
    if (import(identity, text, NULL, &was_asked))
        return;
    find_public_key(identity);
    identity->state = was_asked ? IDENTITY_ENCRYPTED : IDENTITY_UNUSABLE;
    if (was_asked)
        identity->text = memory_copy_text(text);
    else
        identity->complaint = "is no private key that walkdown can use";
}

void identity_read(const char *path, struct identity *ret_identity)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error = {0};
    struct stat status;
    struct identity identity = {.state = IDENTITY_UNUSABLE, .path = memory_copy_text(path)};
    bool is_file = stat(path, &status) == 0 && S_ISREG(status.st_mode);
    if (!is_file || !file_read(path, FILE_MAX_BYTES, &text, &error)) {
        find_public_key(&identity);
        identity.state = access(path, F_OK) != 0 ? IDENTITY_MISSING : IDENTITY_UNUSABLE;
        identity.complaint = "cannot be read";
    } else if (strstr(buffer_text(&text), "PRIVATE KEY") == NULL) {
        /* The name of a public key stands for a private one that only the agent has. */
        find_public_key(&identity);
        identity.complaint = "is no private key, and the agent has none for it";
    } else if (is_exposed(path)) {
        find_public_key(&identity);
        identity.complaint = "can be read by others: chmod 600 it";
    } else {
        load_text(&identity, buffer_text(&text));
    }
    if (text.data != NULL)
        memory_wipe(text.data, text.length);
    *ret_identity = identity;
}

void identity_unlock(struct identity *identity, const char *passphrase)
{
    bool was_asked;
    if (!import(identity, identity->text, passphrase, &was_asked))
        return;
    memory_wipe(identity->text, strlen(identity->text));
    free(identity->text);
    identity->text = NULL;
}
