/* SPDX-License-Identifier: Apache-2.0 */
/* What the OpenSSH client says on stderr at LogLevel DEBUG1, as far as it tells of the connection
 * or of what went wrong. All of it is untrusted. */
#ifndef TARGET_OPENSSH_LOG_H
#define TARGET_OPENSSH_LOG_H

#include "target/connection.h"

struct openssh_log {
    struct buffer line; /* begun, not ended */
    char *complaint;    /* the last line that is no debugging, quoted; or NULL */
    char *key;          /* fingerprint of the key that the server takes; or NULL */
    /* As in struct connection_identity; NULL while unknown. */
    char *address, *server_version, *key_exchange, *cipher, *authentication;
};

void openssh_log_release(struct openssh_log *log);
/* Read what there is from FD, which does not block. */
void openssh_log_read(struct openssh_log *log, int fd);
/* Take over one line without its end. */
void openssh_log_take(struct openssh_log *log, const char *line);
/* Why it ended: DENIED or UNREACHABLE. Returns false. */
bool openssh_log_explain(const struct openssh_log *log, const char *name, struct error *error);

#endif
