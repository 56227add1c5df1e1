/* SPDX-License-Identifier: Apache-2.0 */
/* Shells on this machine, or behind hops that begin here. */
#include "child.h"

#include "account.h"

#include <unistd.h>

static void append_words(const struct child_connection *own, size_t outside,
                         struct strings *ret_words)
{
    const struct target_spec *spec = &own->connection.spec;
    target_shell_words(spec, spec->hop_count - outside, ret_words);
}

static const struct child_kind local_kind = {

    .words = append_words, .loss_status = -2};

bool local_open(const struct target_spec *spec, struct connection **ret_connection,
                struct error *error)
{
    (void)error;
    struct child_connection *own = memory_new(1, sizeof(*own));
    char host[256] = "";
    child_connection_init(own, &local_kind);
    target_spec_copy(spec, &own->connection.spec);
    gethostname(host, sizeof(host) - 1);
    own->connection.identity =
        (struct connection_identity){.user = account_name(),
                                     .host = memory_copy_text(host),
                                     .address = memory_copy_text("local"),
                                     .server_version = memory_copy_text(""),
                                     .key_exchange = memory_copy_text(""),
                                     .cipher = memory_copy_text(""),
                                     .authentication = memory_copy_text("none")};
    *ret_connection = &own->connection;
    return true;
}
