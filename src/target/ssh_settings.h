/* SPDX-License-Identifier: Apache-2.0 */
/*
 * How to reach a host, as the OpenSSH client itself reads its configuration ("ssh -G HOST"), or by
 * its defaults where there is no such client. What is configured and libssh cannot do is left to
 * the client; what cannot be done at all is an error that names the setting: to connect in another
 * way than the user meant is worse.
 */
#ifndef TARGET_SSH_SETTINGS_H
#define TARGET_SSH_SETTINGS_H

#include "base/array.h"
#include "target/connection.h"

struct ssh_settings {
    char *host; /* HostName: where to connect */
    int port;
    char *user;
    char *record_name; /* HostKeyAlias: the name in known_hosts instead of host and port; or NULL */
    char *agent_socket;       /* NULL: no agent */
    const char *needs_client; /* the setting that only the OpenSSH client knows; NULL: none */
    const char *proxy;        /* the setting by which others dial the host for us; NULL: none */
    int connect_timeout_ms;   /* 0: not set */
    int address_family;       /* AF_UNSPEC, AF_INET or AF_INET6 */
    bool identities_only;
    bool no_keys, no_password, no_keyboard; /* authentication methods switched off */
    struct strings identity_files;          /* in order; they need not exist */
    struct strings known_hosts;             /* files, the user's first */
};

void ssh_settings_release(struct ssh_settings *settings);
bool ssh_settings_load(const struct target_spec *spec, const struct connection_options *options,
                       struct ssh_settings *ret_settings, struct error *error) MUST_USE;
/* Where a configuration comes from. */
struct ssh_settings_source {
    const char *text;           /* what "ssh -G" printed */
    const char *home;           /* the folder that "~" means to us */
    const char *account_folder; /* the one it means to the client; NULL: unknown */
    bool is_dialled;            /* settings that say how to dial are looked at */
    bool by_client;             /* the client may do what libssh cannot */
};
/* Take it over. */
bool ssh_settings_parse(const struct ssh_settings_source *source, struct ssh_settings *settings,
                        struct error *error) MUST_USE;

#endif
