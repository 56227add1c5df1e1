/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The access matrix of a target: one line an account, joined from what the probes of ACCESS_CHECK
 * printed, with the reviewers' words on each line. What was not seen is said to be unknown, and
 * why; never "no". All text comes from the target or from people: show it through base/utf8 or
 * export/escape. access_join() is pure; access_read() asks the review's projections.
 */
#ifndef ACCESS_MATRIX_H
#define ACCESS_MATRIX_H

#include "base/array.h"
#include "base/error.h"
#include "ledger/entry.h"

struct review;

#define ACCESS_CHECK     "accounts-have-owners"
#define ACCESS_IDLE_DAYS 45    /* as the check says */
#define ACCESS_LINES_MAX 10000 /* accounts that are shown of a target */

/* The probes of the check. X(name, id) */
#define ACCESS_PROBES(X)                                                                           \
    X(ACCOUNTS, "accounts")                                                                        \
    X(GROUPS, "groups")                                                                            \
    X(PASSWORDS, "passwords")                                                                      \
    X(RULES, "root-rules")                                                                         \
    X(KEYS, "keys")                                                                                \
    X(LOGINS, "last-logins")
enum access_probe {
#define X(name, id) ACCESS_##name,
    ACCESS_PROBES(X)
#undef X
        ACCESS_PROBE_COUNT
};
const char *access_probe_id(enum access_probe probe);

/* What one probe brought. Zeroed: it was not gathered. */
struct access_source {
    const char *text; /* its output, borrowed; NULL: nothing was seen */
    const char *why;  /* text NULL: why; else: what it lacks, or NULL when it is complete */
};

/* The columns of a line. X(name, id, heading) */
#define ACCESS_COLUMNS(X)                                                                          \
    X(ACCOUNT, "account", "Account")                                                               \
    X(UID, "uid", "User id")                                                                       \
    X(KIND, "kind", "Kind")                   /* person, service, system */                        \
    X(LOGIN, "login", "Logs in by")           /* "password, 2 keys", "no shell", "none" */         \
    X(ROOT, "root", "Becomes root by")        /* "is root", "sudo: ...", "group docker", "no" */   \
    X(LAST_LOGIN, "last_login", "Last login") /* a day in UTC, "never" */                          \
    X(IDLE, "idle", "Idle")                   /* "61 days" since a login or a new password */      \
    X(REMARKS, "remarks", "Remarks")
enum access_column {
#define X(name, id, heading) ACCESS_COLUMN_##name,
    ACCESS_COLUMNS(X)
#undef X
        ACCESS_COLUMN_COUNT
};
const char *access_column_id(enum access_column column);
const char *access_column_heading(enum access_column column);

/* Where a line stands with the reviewers. X(name, text) */
#define ACCESS_STATES(X)                                                                           \
    X(OPEN, "open") /* nobody has said anything yet */                                             \
    X(APPROVED, "approved")                                                                        \
    X(QUESTIONED, "questioned")                                                                    \
    X(CHANGED, "changed")   /* approved, but its facts were others then */                         \
    X(DISPUTED, "disputed") /* words that did not know of each other differ */                     \
    X(GONE, "gone")         /* the account is no longer there; needs no word */
enum access_state {
#define X(name, text) ACCESS_STATE_##name,
    ACCESS_STATES(X)
#undef X
        ACCESS_STATE_COUNT
};
const char *access_state_text(enum access_state state);

struct access_line {
    char *cells[ACCESS_COLUMN_COUNT];
    bool is_privileged; /* may become root, as far as is known */
    bool is_idle;       /* for ACCESS_IDLE_DAYS or more */
    bool is_uncertain;  /* a column is unknown */
    bool is_inert;      /* known to have no way in and none to root, and nothing is odd about it */
    char *facts;        /* what a word is about: a fact a line; days that pass do not change it */
    char *evidence;     /* the lines of the probes that it was made from */
    enum access_state state;
    char *comment, *author, *facts_then; /* of the newest word in force; "": none */
    int64_t said_ms;                     /* 0: never */
    struct strings words; /* "AUTHOR:SEQ" of those in force: what a new word supersedes */
};

struct access_matrix {
    char *target;
    bool is_gathered;    /* the accounts were seen; else why says what is missing */
    char *why;           /* "" or what was not seen, a sentence for each probe, with line feeds */
    int64_t gathered_ms; /* when the accounts were; 0: never */
    struct access_line *lines; /* inert ones last; by user id, then name */
    size_t count;
    size_t left_out; /* accounts beyond ACCESS_LINES_MAX */
    size_t by_state[ACCESS_STATE_COUNT];
};

void access_line_release(struct access_line *line);
void access_matrix_release(struct access_matrix *matrix);
/* The lines that SOURCES give, all of them open. RET_MATRIX is overwritten. */
void access_join(const struct access_source sources[ACCESS_PROBE_COUNT],
                 struct access_matrix *ret_matrix);
/* From the newest evidence of a target and the words on it. A target of which nothing was gathered
 * gives a matrix without lines. ERROR_CORRUPT: a blob contradicts its id. */
bool access_read(struct review *review, const char *target, struct access_matrix *ret_matrix,
                 struct error *error) MUST_USE;
/* NULL when there is none. */
const struct access_line *access_find(const struct access_matrix *matrix, const char *account);
/* Whether it is open, changed or disputed. */
bool access_needs_word(const struct access_line *line);
/* Lines that need a word. */
size_t access_count_unwalked(const struct access_matrix *matrix);

#endif
