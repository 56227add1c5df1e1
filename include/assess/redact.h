/* SPDX-License-Identifier: Apache-2.0 */
/* Taking bytes out of evidence and attachments, for ever. */
#ifndef ASSESS_REDACT_H
#define ASSESS_REDACT_H

#include "assess/session.h"

struct redact_request {
    const char *entry; /* that brought the bytes, "3f0c5d1e:17"; NULL: all (with SECRETS alone) */
    bool is_stderr;    /* of evidence: not its standard output */
    const char *lines; /* "3" or "3-5", from 1; or NULL */
    const char *bytes; /* "0-19": first and last, from 0; or NULL */
    bool secrets;      /* what the rules for secrets find */
    bool all;          /* everything */
    const char *why;
};

struct redact_result {
    size_t span_count, byte_count;
    struct strings left; /* where the same bytes still are, a line a place */
};
void redact_result_release(struct redact_result *result);

/* One of LINES, BYTES, SECRETS and ALL. ERROR_NOT_FOUND: no such entry, or nothing to redact. */
bool session_redact(struct session *session, const struct redact_request *request,
                    struct redact_result *ret_result, struct error *error) MUST_USE;

#endif
