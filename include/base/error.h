/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Errors: one way to fail.
 *
 * A function that can fail returns bool (true = done) and takes a struct error last. The struct is
 * plain data on the caller's stack, nothing to free. error may be NULL where the caller does not
 * care. A message is lower case, has no full stop, names the thing and says what was expected.
 * Message text may quote bytes from outside: whoever shows it sends it through base/utf8.
 */
#ifndef BASE_ERROR_H
#define BASE_ERROR_H

#include "base/memory.h"

/* X(name, text, what it means) */
#define ERROR_CODES(X)                                                                             \
    X(NONE, "none")               /* nothing went wrong */                                         \
    X(USAGE, "usage")             /* the command line or a key press asks for nonsense */          \
    X(INVALID, "invalid")         /* a file, a message or a value is malformed */                  \
    X(NOT_FOUND, "not-found")     /* the named thing does not exist */                             \
    X(EXISTS, "exists")           /* the thing to be made is already there */                      \
    X(DENIED, "denied")           /* a permission or a consent is missing */                       \
    X(CONFLICT, "conflict")       /* somebody else changed it first */                             \
    X(CORRUPT, "corrupt")         /* the review file contradicts itself */                         \
    X(IO, "io")                   /* the system said no: disk full, read error ... */              \
    X(UNREACHABLE, "unreachable") /* a target cannot be reached or logged in to */                 \
    X(TIMEOUT, "timeout")         /* it took longer than it may */                                 \
    X(CANCELLED, "cancelled")     /* the user changed his mind */                                  \
    X(UNSUPPORTED, "unsupported") /* a newer format, a missing tool */

enum error_code {
#define X(name, text) ERROR_##name,
    ERROR_CODES(X)
#undef X
};

struct error {
    enum error_code code;
    char message[512]; /* what went wrong and where */
    char hint[256];    /* how to mend it; empty where nobody knows */
};

/* Fill in ERROR (unless it is NULL) and return false, so that a failure is one line:
 *     return error_set(error, ERROR_IO, "cannot open '%s': %s", path, strerror(errno));  */
bool error_set(struct error *error, enum error_code code, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* Put context in front of the message: "CONTEXT: message". Returns false. */
bool error_prefix(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);
/* Say how to mend it. Returns false. */
bool error_hint(struct error *error, const char *format, ...) PRINTF_LIKE(2, 3);
#ifdef __clang_analyzer__
/* The analyzer sees one file at a time; this tells it that a failure is a failure. */
#define error_set(...)    (error_set(__VA_ARGS__), false)
#define error_prefix(...) (error_prefix(__VA_ARGS__), false)
#define error_hint(...)   (error_hint(__VA_ARGS__), false)
#endif

/* The short stable name of a code, for JSON. */
const char *error_code_text(enum error_code code);

#endif
