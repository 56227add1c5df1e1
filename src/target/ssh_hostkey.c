/* SPDX-License-Identifier: Apache-2.0 */
/* The host key of an SSH connection: which types to ask for, and what to do about the one shown. */
#include "ssh.h"

#include "base/digest.h"

/* ---- asking ---- */

static void append_algorithms(struct strings *algorithms, const char *key_type)
{
    static const char *const supported[][2] = {{"ssh-ed25519", "ssh-ed25519"},
                                               {"ecdsa-sha2-nistp256", "ecdsa-sha2-nistp256"},
                                               {"ecdsa-sha2-nistp384", "ecdsa-sha2-nistp384"},
                                               {"ecdsa-sha2-nistp521", "ecdsa-sha2-nistp521"},
                                               {"ssh-rsa", "rsa-sha2-512"},
                                               {"ssh-rsa", "rsa-sha2-256"}};
    for (size_t i = 0; i < LENGTH(supported); i++)
        if ((key_type == NULL || strcmp(supported[i][0], key_type) == 0) &&
            !strings_contains(algorithms, supported[i][1]))
            strings_push(algorithms, supported[i][1]);
}

char *ssh_hostkey_algorithms(const struct ssh_login *login, const struct hostkey *asked)
{
    AUTO_RELEASE(strings) struct strings types = {0};
    AUTO_RELEASE(strings) struct strings algorithms = {0};
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    AUTO_RELEASE(hostkey) struct hostkey pinned = {0};
    const char *pin = login->options->pinned_key == NULL ? "" : login->options->pinned_key;
    if (base64_decode(pin, strlen(pin), &blob) &&
        hostkey_from_blob(blob.data, blob.length, &pinned, NULL))
        strings_push(&types, pinned.type);
    hostkey_known_types(asked->host, asked->port, &login->settings->known_hosts, &types);
    for (size_t i = 0; i < types.count; i++)
        append_algorithms(&algorithms, types.items[i]);
    append_algorithms(&algorithms, NULL);
    return strings_join(&algorithms, ",");
}

char *ssh_client_algorithms(const struct ssh_login *login, const struct hostkey *asked)
{
    static const char certificates[] = "ssh-ed25519-cert-v01@openssh.com,"
                                       "ecdsa-sha2-nistp256-cert-v01@openssh.com,"
                                       "ecdsa-sha2-nistp384-cert-v01@openssh.com,"
                                       "ecdsa-sha2-nistp521-cert-v01@openssh.com,"
                                       "rsa-sha2-512-cert-v01@openssh.com,"
                                       "rsa-sha2-256-cert-v01@openssh.com,";
    AUTO_FREE char *plain = ssh_hostkey_algorithms(login, asked);
    const char *pin = login->options->pinned_key;
    bool is_signed = (pin == NULL || pin[0] == '\0') &&
                     hostkey_has_authority(asked->host, asked->port, &login->settings->known_hosts);
    return memory_format("%s%s", is_signed ? certificates : "", plain);
}

/* ---- deciding ---- */

static bool fetch_hostkey(struct ssh_connection *ssh, struct hostkey *hostkey, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    ssh_key key = NULL;
    char *text = NULL;
    bool done = ssh_get_server_publickey(ssh->session, &key) == SSH_OK &&
                ssh_pki_export_pubkey_base64(key, &text) == SSH_OK &&
                base64_decode(text, strlen(text), &blob);
    ssh_key_free(key);
    ssh_string_free_char(text);
    if (!done)
        return error_set(error, ERROR_UNREACHABLE, "'%s' shows no host key", ssh->name);
    return hostkey_from_blob(blob.data, blob.length, hostkey, error);
}

static bool ask_user(const char *name, const struct hostkey *hostkey,
                     const struct hostkey_finding *finding, const struct connection_events *events,
                     struct error *error)
{
    if (events->accept_hostkey != NULL &&
        events->accept_hostkey(events->context, hostkey, finding->verdict, finding->where))
        return true;
    error_set(error, ERROR_DENIED, "the host key of '%s' is unknown and was not accepted: %s %s",
              name, hostkey->type, hostkey->fingerprint);
    return error_hint(error, "compare the fingerprint with the host's own ('ssh-keygen -lf "
                             "/etc/ssh/ssh_host_..._key.pub'), then accept it");
}

static bool refuse_hostkey(const char *name, const struct hostkey *hostkey,
                           const struct hostkey_finding *finding, struct error *error)
{
    switch (finding->verdict) {
    case HOSTKEY_REVOKED:
        error_set(error, ERROR_DENIED, "the host key of '%s' is REVOKED (%s): %s %s", name,
                  finding->where, hostkey->type, hostkey->fingerprint);
        return error_hint(error, "do not log in there: whoever holds the key can pose as the host");
    case HOSTKEY_OTHER:
        error_set(error, ERROR_DENIED,
                  "the host key of '%s' is of another type than those on record: it shows %s %s, "
                  "on record is %s (%s)",
                  name, hostkey->type, hostkey->fingerprint, finding->recorded, finding->where);
        break;
    default:
        error_set(error, ERROR_DENIED,
                  "the host key of '%s' has CHANGED: it shows %s %s, on record is %s (%s)", name,
                  hostkey->type, hostkey->fingerprint, finding->recorded, finding->where);
    }
    return error_hint(error, "somebody may sit in between; only if the host was set up anew, take "
                             "the old key off the record");
}

bool ssh_judge_hostkey(const char *name, struct hostkey *hostkey,
                       const struct hostkey_records *records,
                       const struct connection_events *events, struct error *error)
{
    AUTO_RELEASE(hostkey_finding) struct hostkey_finding finding = {0};
    if (!hostkey_decide(hostkey, records, &finding, error))
        return false;
    hostkey->is_signed = finding.verdict == HOSTKEY_SIGNED;
    if (hostkey->is_signed)
        ssh_tell_progress(events, "the host key of %s is signed by an authority (%s)", name,
                          finding.where);
    if (finding.verdict == HOSTKEY_KNOWN || hostkey->is_signed)
        return true;
    if (finding.verdict == HOSTKEY_UNKNOWN)
        return ask_user(name, hostkey, &finding, events, error);
    return refuse_hostkey(name, hostkey, &finding, error);
}

bool ssh_decide_on_hostkey(struct ssh_login *login, struct hostkey *hostkey, struct error *error)
{
    const struct hostkey_records records = {.files = &login->settings->known_hosts,
                                            .pinned_key = login->options->pinned_key};
    return fetch_hostkey(login->ssh, hostkey, error) &&
           ssh_judge_hostkey(login->ssh->name, hostkey, &records, login->events, error);
}
