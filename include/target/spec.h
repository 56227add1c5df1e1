/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Where a review looks: "local", "ssh://[user@]host[:port]", or a bare Host alias of ssh_config,
 * which is the same as ssh://alias. A strict grammar: what could be read as an option, a shell word
 * or a path by any program that we hand it to is refused. Hops ("/docker:web") are not known yet
 * and are refused with a clear message.
 */
#ifndef TARGET_SPEC_H
#define TARGET_SPEC_H

#include "base/error.h"

enum target_kind { TARGET_LOCAL, TARGET_SSH };

struct target_spec {
    enum target_kind kind;
    char *user; /* NULL: from ssh_config, else the name of the local account */
    char *host; /* NULL for local; an IPv6 address without its brackets */
    int port;   /* 0: from ssh_config, else 22 */
};

void target_spec_release(struct target_spec *spec);
bool target_spec_parse(const char *text, struct target_spec *ret_spec,
                       struct error *error) MUST_USE;
/* The spec in its one normal form; free with free(). */
char *target_spec_text(const struct target_spec *spec) MUST_USE;
/* Split "name=TARGET"; without a name, one is made from the host ("local", "sandbox7"). Names are
 * [a-z0-9][a-z0-9._-]{0,62}. */
bool target_name_parse(const char *text, char **ret_name, char **ret_spec,
                       struct error *error) MUST_USE;

#endif
