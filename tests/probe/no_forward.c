/* SPDX-License-Identifier: Apache-2.0 */
/* For connections that are pretended: none of them forwards anything. */
#include "target/forward.h"

bool forward_set_new(struct connection *connection UNUSED, struct forward_set **ret_set UNUSED,
                     struct error *error)
{
    return error_set(error, ERROR_UNSUPPORTED, "nothing is forwarded here");
}

void forward_set_free(struct forward_set *set UNUSED)
{
}

size_t forward_set_ask(struct forward_set *set UNUSED, const char *address UNUSED, int port UNUSED)
{
    return 0;
}

void forward_set_look(struct forward_set *set UNUSED)
{
}

const struct forward_answer *forward_set_answer(const struct forward_set *set UNUSED,
                                                size_t number UNUSED)
{
    static const struct forward_answer none;
    return &none;
}
