/* SPDX-License-Identifier: Apache-2.0 */
/* Which transport leads to a target. */
#include "transport.h"

bool connection_open(const struct target_spec *spec, const struct connection_options *options,
                     const struct connection_events *events, struct connection **ret_connection,
                     struct error *error)
{
    static const struct connection_options no_options;
    static const struct connection_events no_events;
    if (spec->kind == TARGET_LOCAL)
        return local_open(spec, ret_connection, error);
    return ssh_open(spec, options == NULL ? &no_options : options,
                    events == NULL ? &no_events : events, ret_connection, error);
}
