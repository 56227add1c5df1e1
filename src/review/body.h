/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The bodies of the kinds as one table: what members they have, of what type, and what the fold
 * makes of them. docs/review-file.md, "Kinds and bodies", says the same in words.
 */
#ifndef BODY_H
#define BODY_H

#include "base/json.h"
#include "ledger/entry.h"

enum member_type {
    MEMBER_NAME,  /* text of 1 to 255 bytes */
    MEMBER_LINE,  /* text up to 4,096 bytes */
    MEMBER_TEXT,  /* text up to 1 MiB */
    MEMBER_KEY,   /* text up to 16 KiB */
    MEMBER_WORD,  /* one of the words in WORDS */
    MEMBER_HASH,  /* digest, 64 hexadecimal digits */
    MEMBER_BLOB,  /* the id of a blob, likewise */
    MEMBER_ENTRY, /* "AUTHOR:SEQ" */
    MEMBER_DATE,  /* "YYYY-MM-DD" */
    MEMBER_BOOL,
    MEMBER_COUNT, /* integer from 0 */
    MEMBER_NUMBER,
    MEMBER_LIST,  /* of what INNER describes; its column is the list's JSON */
    MEMBER_ROWS,  /* a list too; each element is a row of the table that INSERT fills */
    MEMBER_OBJECT /* with the members INNER */
};

struct member {
    const char *name; /* NULL ends a list of members, and for the elements of a list */
    enum member_type type;
    bool is_optional;
    const struct member *inner;
    const char *const *words; /* NULL-terminated */
    const char *insert;
};

struct body_kind {
    const struct member *members;
    const char *insert;  /* parameters: author, seq, then a column or more a member */
    const char *summary; /* "{member}"; "[...]" is left out when a member in it is empty */
    bool is_final;       /* cannot be retracted */
};

/* NULL for an unknown kind. */
const struct body_kind *body_kind(enum entry_kind kind);
/* Check a body against its kind; ERROR_INVALID names the member. */
bool body_check(enum entry_kind kind, const json_t *body, struct error *error) MUST_USE;

/* A blob that a body names. HASH is the digest that the body gives for the data, or NULL. */
typedef bool body_blob_function(void *context, const struct digest *id, int64_t size,
                                const struct digest *hash, struct error *error);
/* Call FUNCTION for each; stops when it returns false. The body has been checked. */
bool body_each_blob(enum entry_kind kind, const json_t *body, body_blob_function *function,
                    void *context, struct error *error) MUST_USE;

/* The digest that a member's text gives; zeros for "" and NULL. */
struct digest body_digest(const json_t *text);

#endif
