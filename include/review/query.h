/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Questions to a review's projections. Each fills a list of rows that the caller releases; the text
 * members are never NULL ("" where there is nothing). All text may be hostile: show it through
 * base/utf8. A filter's NULL members mean "any".
 */
#ifndef REVIEW_QUERY_H
#define REVIEW_QUERY_H

#include "base/array.h"
#include "review/store.h"

struct review_filter {
    const char *target; /* name */
    const char *check;  /* id */
    int64_t limit;      /* 0: no limit; else the newest that many */
};

struct review_info {
    struct ledger_id id;
    char *title, *tool;
    int64_t created_ms;
    int64_t entry_count, blob_count, blob_bytes, last_change_ms;
};
bool review_query_info(struct review *review, struct review_info *ret_info,
                       struct error *error) MUST_USE;
void review_info_release(struct review_info *info);

/* Lists: struct NAME_list { struct NAME *items; size_t count; }, review_query_NAMEs(), and
 * NAME_list_release(). */
#define REVIEW_LIST(name, plural)                                                                  \
    struct name##_list {                                                                           \
        struct name *items;                                                                        \
        size_t count;                                                                              \
    };                                                                                             \
    void name##_list_release(struct name##_list *list);                                            \
    bool review_query_##plural(struct review *review, const struct review_filter *filter,          \
                               struct name##_list *ret_list, struct error *error) MUST_USE;

struct author_row {
    struct ledger_id id;
    char *name, *email, *key;
    int64_t first_ms, last_ms, entry_count;
};
REVIEW_LIST(author_row, authors)

/* The checklists in force (the newest of each id), newest last. */
struct checklist_row {
    char *id, *title, *version;
    struct digest digest; /* of the source bytes */
    struct digest blob;
};
REVIEW_LIST(checklist_row, checklists)

/* The areas of the checklists in force, in checklist order. */
struct area_row {
    char *checklist, *id, *title;
};
REVIEW_LIST(area_row, areas)

struct parameter_row {
    char *id;
    struct strings values;
};
REVIEW_LIST(parameter_row, parameters)

struct target_row {
    char *name, *spec;
    /* The pinned host key; "" before first contact. "SHA256:..." as OpenSSH prints it; key is
     * Base64. */
    char *key_type, *key_fingerprint, *key;
};
REVIEW_LIST(target_row, targets) /* in the order they were added */

/* The pinned keys of jump hosts, the newest of each host and port. */
struct jump_key_row {
    char *host;
    int port;
    char *type, *fingerprint, *key; /* as those of a target */
};
REVIEW_LIST(jump_key_row, jump_keys)

struct consent_row {
    char *target, *class; /* "read", "active" */
    struct digest digest; /* of the commands that were consented to */
    int64_t time_ms;
};
REVIEW_LIST(consent_row, consents)

/* One check on one target: the heart of a review. Texts of enums as in judge.h; "" = none. */
struct item_row {
    char *check, *target;
    char *title, *area, *severity; /* of the check */
    char *suggestion, *suggestion_reason;
    char *suggestion_lines; /* JSON array of {probe, stream, line, bad} */
    char *run;              /* that the suggestion came from */
    int64_t suggested_ms;
    char *verdict; /* "pass", "fail", "not-applicable"; "" = open; "disputed" */
    char *note, *because, *decided_by;
    int64_t decided_ms;
    struct entry_id decision; /* the one in force, seq 0: none */
    char *suggestion_then;    /* what was suggested when it was decided */
    bool is_stale;            /* newer evidence suggests something else than when it was decided */
    int64_t evidence_count, comment_count, answer_count, attachment_count;
};
REVIEW_LIST(item_row, items) /* checks in checklist order, then targets */

struct evidence_row {
    struct entry_id id;
    char *run, *check, *target, *probe;
    char *command; /* the exact bytes that ran */
    bool as_root;
    char *from; /* "inside", "host", "reviewer"; "" in reviews of older versions */
    char *outcome, *detail;
    int exit_status; /* -1 when there is none */
    int64_t started_ms, duration_ms;
    struct digest out_blob, err_blob; /* of no meaning when the size is 0 */
    int64_t out_bytes, err_bytes, noise_bytes;
    char *author;
    char *masked;     /* JSON array of {stream, rule, action, count, bytes}: kept out of the file */
    bool is_redacted; /* bytes of it were taken out later */
    bool is_latest;   /* no later record of this check, target and probe */
};
REVIEW_LIST(evidence_row, evidence) /* oldest first */

struct decision_row {
    struct entry_id id;
    char *check, *target, *verdict, *note, *because, *suggestion, *author;
    int64_t time_ms;
    bool is_retracted, is_superseded;
};
REVIEW_LIST(decision_row, decisions) /* oldest first */

struct answer_row {
    struct entry_id id;
    char *check, *target, *question, *value, *author;
    int64_t time_ms;
};
REVIEW_LIST(answer_row, answers) /* in force only */

struct comment_row {
    struct entry_id id;
    char *check, *target, *text, *author;
    int64_t time_ms;
};
REVIEW_LIST(comment_row, comments) /* not retracted; oldest first */

struct attachment_row {
    struct entry_id id;
    char *check, *target, *name, *author;
    struct digest blob, digest; /* digest: SHA-256 of the file itself */
    int64_t size_bytes, time_ms;
};
REVIEW_LIST(attachment_row, attachments) /* not retracted */

/* An exception: a risk that somebody accepted, for a check on one target or on all. */
struct exception_row {
    struct entry_id id;   /* of the entry that made it: its name */
    char *state;          /* "accepted", "ended" */
    char *check, *target; /* target "": all of them */
    char *category, *reason, *control, *risk, *requester, *approver, *ticket;
    char *from, *until; /* first and last day, YYYY-MM-DD in UTC */
    char *author;       /* who recorded it first */
    int64_t time_ms, changed_ms;
};
REVIEW_LIST(exception_row, exceptions) /* not retracted, as changed last; oldest first */

/* X(name, text) */
#define EXCEPTION_STANDINGS(X)                                                                     \
    X(IN_FORCE, "in-force")                                                                        \
    X(PENDING, "pending") /* begins later */                                                       \
    X(EXPIRED, "expired") /* its last day is over: what it covered is open again */                \
    X(ENDED, "ended")     /* taken back before that */
enum exception_standing {
#define X(name, text) EXCEPTION_##name,
    EXCEPTION_STANDINGS(X)
#undef X
};
const char *exception_standing_text(enum exception_standing standing);
enum exception_standing exception_standing(const struct exception_row *row, int64_t now_ms);
bool exception_covers(const struct exception_row *row, const char *check, const char *target);

/* X(name, text) */
#define FINDING_STATES(X)                                                                          \
    X(OPEN, "open")                                                                                \
    X(IN_PROGRESS, "in-progress") /* somebody is mending it */                                     \
    X(FIXED, "fixed")             /* mended, and not looked at again yet */                        \
    X(CLOSED, "closed")

/* Something that was noticed, whether or not a check asks for it. */
struct finding_row {
    struct entry_id id;   /* of the entry that made it: its name */
    char *state;          /* of FINDING_STATES */
    char *check, *target; /* "": of none */
    char *title, *severity, *description, *recommendation;
    char *because;     /* why the severity is another than the check's */
    char *cvss;        /* a vector, as FIRST's CVSS 3.x or 4.0 writes it */
    char *owner, *due; /* who has to mend it, and its last day for that: YYYY-MM-DD in UTC */
    char *author;
    int64_t time_ms, changed_ms;
};
REVIEW_LIST(finding_row, findings) /* not retracted, as changed last; oldest first */

/* A rule of the policies that are in force, by topic; in a topic as they were given. */
struct policy_rule_row {
    char *topic, *name, *value;
};
REVIEW_LIST(policy_rule_row, policy_rules)

/* Bytes that were taken out of the file. */
struct redaction_row {
    struct entry_id id;
    struct digest blob; /* that held them */
    int64_t size_bytes; /* of that blob */
    char *why, *spans;  /* spans: JSON array of {offset, length, rule} */
    char *author;
    int64_t time_ms;
};
REVIEW_LIST(redaction_row, redactions) /* oldest first */

/* Which flows are expected: the lines of the newest list. */
struct expected_flow_row {
    char *from, *to, *places, *ports, *protocol, *expected;
};
REVIEW_LIST(expected_flow_row, expected_flows) /* in the order in which they count */

/* What was measured in the newest run of each vantage that measured something. */
struct measured_flow_row {
    struct entry_id id; /* of the entry that holds it */
    char *from, *to, *protocol;
    int family, port;
    char *address, *state, *tool, *proof, *detail;
    int64_t time_ms;
};
REVIEW_LIST(measured_flow_row, measured_flows)

/* Of each vantage the newest answer that measures no flow: what it showed of itself. By target. */
struct reach_row {
    struct entry_id id;
    char *target, *command, *outcome, *detail;
    struct digest out_blob;
    int64_t out_bytes; /* 0: none */
    int64_t started_ms;
};
REVIEW_LIST(reach_row, reaches)

/* What a reviewer said of a line of the access matrix. */
struct access_row {
    struct entry_id id;
    char *target, *account, *word; /* word: "approved", "questioned" */
    char *comment, *facts;         /* facts: what the line said then */
    struct strings supersedes;     /* "AUTHOR:SEQ" of the words that it replaces */
    char *author;
    int64_t time_ms;
    bool is_retracted;
};
REVIEW_LIST(access_row, access) /* all, oldest first; a filter's target counts */

struct run_row {
    char *run, *target, *state, *author; /* state: started, finished, failed, cancelled */
    char *detail;
    int64_t started_ms, ended_ms, probe_count, evidence_count;
};
REVIEW_LIST(run_row, runs)

struct signoff_row {
    struct entry_id id;
    char *role, *signer, *key, *manifest, *signature, *author;
    int64_t time_ms;
    int64_t entries_since; /* appended after it, other sign-offs aside */
};
REVIEW_LIST(signoff_row, signoffs) /* oldest first */

/* The ledger as a timeline, oldest first. */
struct event_row {
    struct entry_id id;
    int64_t clock, time_ms;
    char *kind, *author, *check, *target;
    char *summary; /* one line for a reader, e.g. "pass: no password logins" */
    bool is_retracted;
    struct entry_id retracts; /* of a retraction; else seq 0 */
    struct digest hash;
};
REVIEW_LIST(event_row, events)

/* What the sign-off would say now, or, with UP_TO, what it should have said with those heads: every
 * member but role, statement, signer and tool is filled in. Its time is now or that of UP_TO. */
struct manifest;
bool review_build_manifest(struct review *review, const struct manifest *up_to,
                           struct manifest *ret_manifest, struct error *error) MUST_USE;

#endif
