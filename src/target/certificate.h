/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Reads an OpenSSH certificate (OpenSSH's PROTOCOL.certkeys) that a server shows instead of a plain
 * key: which key it is for, whose signature it bears, for which hosts and how long it holds. Checks
 * no signature: the OpenSSH client has done so before it shows us one, and looks at all the rest
 * again.
 */
#ifndef TARGET_CERTIFICATE_H
#define TARGET_CERTIFICATE_H

#include "base/array.h"
#include "base/buffer.h"
#include "base/error.h"

#include <stdint.h>

struct certificate {
    struct buffer key;         /* the plain public key, RFC 4253 section 6.6 */
    struct buffer authority;   /* the public key of who signed */
    bool is_for_host;          /* no user's */
    bool has_critical_options; /* none is known for hosts */
    struct strings principals; /* names of hosts; none: it holds for all */
    uint64_t valid_after_s;    /* since 1970; from then on, */
    uint64_t valid_before_s;   /* and until then; UINT64_MAX: for ever */
};

void certificate_release(struct certificate *certificate);
/* Whether a public key blob is one, by its type. */
bool certificate_is(const void *blob, size_t length);
/* RET_CERTIFICATE is overwritten. ERROR_INVALID: not a certificate of a known type, or broken. */
bool certificate_read(const void *blob, size_t length, struct certificate *ret_certificate,
                      struct error *error) MUST_USE;
/* Why it does not hold for HOST at NOW_S: "it is expired", ...; NULL: it does. */
const char *certificate_objection(const struct certificate *certificate, const char *host,
                                  int64_t now_s);

#endif
