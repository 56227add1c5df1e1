/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A review at work: the one door through which the terminal UI and the commands change it. Holds
 * the open review file, its checklists, the table of items and the running probes. Every change is
 * one call that returns after it is durable; every change is announced by events.changed. No text
 * here is safe to print: show it through base/utf8.
 */
#ifndef ASSESS_SESSION_H
#define ASSESS_SESSION_H

#include "base/loop.h"
#include "base/secret.h"
#include "checklist/checklist.h"
#include "checklist/parameters.h"
#include "judge/judge.h"
#include "probe/fleet.h"
#include "review/query.h"
#include "review/verify.h"

struct session;
struct flow_line_list;

/* X(name, text) */
#define VERDICTS(X)                                                                                \
    X(OPEN, "") /* nobody decided yet */                                                           \
    X(PASS, "pass")                                                                                \
    X(FAIL, "fail")                                                                                \
    X(NOT_APPLICABLE, "not-applicable")                                                            \
    X(DISPUTED, "disputed") /* two decisions that did not know of each other */

enum verdict {
#define X(name, text) VERDICT_##name,
    VERDICTS(X)
#undef X
};
const char *verdict_text(enum verdict verdict);
/* Takes "na" and "n/a" for not-applicable too. */
bool verdict_parse(const char *text, enum verdict *ret_verdict) MUST_USE;

enum activity { ACTIVITY_NONE, ACTIVITY_QUEUED, ACTIVITY_RUNNING };

/* One check on one target. */
struct item {
    const struct check *check;
    const char *area; /* id */
    size_t target;    /* index into the session's targets */
    struct item_row *row;
    enum suggestion suggestion;
    enum verdict verdict;
    enum activity activity; /* of its probes, now */
};

/* An area of the session: the areas of all checklists, those of one id together. */
struct session_area {
    const char *id, *title;
};

/* How a target does, for progress displays. */
enum target_state {
    TARGET_IDLE,
    TARGET_WAITING, /* queued */
    TARGET_CONNECTING,
    TARGET_ASKING, /* waits for an answer of the user */
    TARGET_PROBING
};
/* May sudo's password be sent there? */
enum sudo_state {
    SUDO_UNKNOWN,   /* nobody was asked yet in this session */
    SUDO_CONSENTED, /* on record, and a password was given or will be */
    SUDO_DECLINED   /* somebody was asked and gave none: not asked again in this session */
};
struct session_target {
    const char *name, *spec;
    const char *key_fingerprint; /* pinned; "" none */
    enum target_state state;
    size_t steps_done, steps_total; /* of the current run */
    enum sudo_state sudo;
    size_t refused_count; /* of its probes: the right to run them as root */
    char status[256];     /* the last progress or error text of this run */
    bool has_failed;      /* the last run ended in an error, told in status */
};

/* A question that a target's connection waits on; one a target. */
struct session_question {
    int number; /* counts up */
    size_t target;
    bool is_hostkey;
    const struct hostkey *hostkey; /* of a host key question */
    const char *where;
    enum prompt_kind kind; /* of a prompt */
    const char *text;      /* of sudo's: the account whose password it is */
    bool can_reuse;        /* of sudo's: an empty answer gives the password that was given before */
    bool echo;
    int attempt;
};

struct merge_report; /* review/merge.h */

struct session_events {
    void *context;
    /* Items, targets or history changed; read them again. */
    void (*changed)(void *context);
    /* A question came up: session_question() tells; answer with session_answer_*(). */
    void (*asked)(void *context);
    /* A target's run ended; ERROR is NULL when all probes were asked. */
    void (*run_ended)(void *context, size_t target, const struct error *error);
    /* A vantage of session_measure() is through; ERROR is NULL when it answered. */
    void (*measured)(void *context, size_t target, const struct error *error);
    /* What session_verify_start() found; PROBLEM: the first one, "" when there is none. */
    void (*verified)(void *context, enum verify_answer answer, const char *problem);
    /* What merging OTHER would do, which session_look_at_copy() was given; ERROR is NULL, or why it
     * cannot be merged. */
    void (*looked)(void *context, const char *other, const struct merge_report *report,
                   const struct error *error);
};

struct session_options {
    struct loop *loop;                   /* NULL: no probes can be run */
    const struct session_events *events; /* NULL: nobody listens */
    bool read_only;
    const char *worker_path;   /* NULL: found by itself */
    int worker_max;            /* 0: 32 */
    const char *frames_folder; /* an existing folder, for TARGET.frames of each run; NULL: none */
    int retries;               /* of connections that could not be made; 0: none */
};

struct session_new {
    const char *path;
    const char *title;                  /* NULL: made from the checklist and the targets */
    const struct strings *checklists;   /* names or paths; at least one */
    const struct strings *targets;      /* "[name=]TARGET"; at least one */
    const struct strings *parameters;   /* "id=value" or "id=a,b"; may be NULL */
    const struct flow_line_list *flows; /* that are expected; may be NULL */
    const char *flows_file;             /* where those come from */
};

/* Make a review file and open it. */
bool session_create(const struct session_new *request, const struct session_options *options,
                    struct session **ret_session, struct error *error) MUST_USE;
bool session_open(const char *path, const struct session_options *options,
                  struct session **ret_session, struct error *error) MUST_USE;
/* Running probes are cancelled; what they delivered is recorded. NULL is fine. */
void session_close(struct session *session);
DEFINE_AUTO(session, session_close)

/* --- what there is; borrowed until the next change --- */

struct review *session_review(struct session *session); /* for queries */
const char *session_path(const struct session *session);
const char *session_title(const struct session *session);
bool session_is_read_only(const struct session *session);
/* True when entries are missing that this user has seen in this review before. */
bool session_lacks_known_entries(const struct session *session);
const struct checklist *const *session_checklists(const struct session *session, size_t *ret_count);
/* The values that hold for an item: those of its target, else of the review. */
const struct parameters *session_parameters(const struct session *session, const struct item *item);
const struct session_area *session_areas(const struct session *session, size_t *ret_count);
const struct session_target *session_targets(const struct session *session, size_t *ret_count);
/* Checks in checklist order, and in a check the targets in order. */
const struct item *session_items(const struct session *session, size_t *ret_count);
/* NULL when there is none. TARGET may be NULL when the review has only one. */
const struct item *session_find_item(const struct session *session, const char *check,
                                     const char *target);
/* Read again what another process may have written; true when something changed. */
bool session_refresh(struct session *session, bool *ret_changed, struct error *error) MUST_USE;

/* Counts of items, for status and overview. */
struct item_counts {
    size_t total, open, pass, fail, not_applicable, disputed;
    size_t suggested_pass, suggested_fail, blocked, undecided, not_run; /* of the open ones */
    size_t stale, against_suggestion;
};
/* AREA and TARGET may be NULL: all. */
struct item_counts session_count(const struct session *session, const char *area,
                                 const char *target);

/* --- changes --- */

struct decision {
    const char *check, *target; /* target NULL: the only one */
    enum verdict verdict;       /* PASS, FAIL or NOT_APPLICABLE */
    const char *note;           /* may be NULL */
    const char *because; /* why the suggestion is not followed; needed where it says otherwise */
};
/* True when VERDICT contradicts the item's suggestion, so that a reason is needed. */
bool decision_needs_reason(const struct item *item, enum verdict verdict);
bool session_decide(struct session *session, const struct decision *decision,
                    struct error *error) MUST_USE;
/* Confirm suggestions in bulk, each recorded: the open items of AREA (NULL: all) that are suggested
 * so. Returns how many. */
bool session_accept(struct session *session, const char *area, enum suggestion suggestion,
                    size_t *ret_count, struct error *error) MUST_USE;
bool session_comment(struct session *session, const char *check, const char *target,
                     const char *text, struct error *error) MUST_USE;
/* An answer to a question of a check; the value has to fit the question's type. */
struct answer {
    const char *check, *target; /* target NULL: the only one */
    const char *question, *value;
};
bool session_answer(struct session *session, const struct answer *answer,
                    struct error *error) MUST_USE;
/* Store a file as evidence, 64 MiB at most. */
bool session_attach(struct session *session, const char *check, const char *target,
                    const char *path, struct error *error) MUST_USE;
bool session_add_target(struct session *session, const char *text, struct error *error) MUST_USE;
/* Take back our newest decision, answer, comment, attachment, finding, exception or word on an
 * account that is in force; again: the one before. RET_WHAT: what was taken back, for a message;
 * free it. ERROR_NOT_FOUND: nothing left. */
bool session_undo(struct session *session, char **ret_what, struct error *error) MUST_USE;
/* Take back our newest undo. */
bool session_redo(struct session *session, char **ret_what, struct error *error) MUST_USE;

/* --- probes --- */

struct run_request {
    const char *target, *area, *check; /* NULL: all */
    const struct strings *targets;     /* names; NULL: all */
    bool consent_read;                 /* the user consents to the read-only commands of this run */
    bool consent_active;               /* ... and to those that change or contact something */
    bool sudo_may_ask;   /* sudo on a target may ask for a password: a question to the user */
    bool consent_sudo;   /* ... and the user consents to sending it to every target of this run */
    bool allow_password; /* passwords may be asked for as the last resort */
};

/* What a run would do, for the consent dialog and for --dry-run. */
struct run_preview {
    size_t target_count, check_count, read_count, active_count; /* commands */
    size_t reviewer_count;                         /* of both kinds: here, not on the target */
    bool needs_consent_read, needs_consent_active; /* not on record yet for these very commands */
    bool is_bundled; /* every checklist came with walkdown: starting a run is consent to read */
};
bool session_preview_run(struct session *session, const struct run_request *request,
                         struct run_preview *ret_preview, struct error *error) MUST_USE;
/* A script that a run would send to a target's /bin/sh, byte for byte but for the nonce of its
 * frames, which is made for every connection. */
struct run_script {
    size_t target;
    size_t commands;
    bool from_reviewer; /* for a shell on this machine; the target's address is found at run time */
    struct buffer text; /* hostile: the checklist's own bytes */
};
struct run_script_list {
    struct run_script *items;
    size_t count;
};
void run_script_list_release(struct run_script_list *list);
bool session_dry_run(struct session *session, const struct run_request *request,
                     struct run_script_list *ret_list, struct error *error) MUST_USE;
/* Append a line (line feeds between them) for each command said to be read-only that looks as if it
 * changed its target. */
void session_suspect_commands(const struct session *session, const struct run_request *request,
                              struct buffer *text);
/* Append the exact commands a run would send, for a reader. */
void session_print_commands(struct session *session, const struct run_request *request,
                            struct buffer *text);
/* Append the file for sudoers.d that lets USER (or a %group; NULL: whoever logs in to the targets)
 * run the root probes of REQUEST, and nothing else. */
bool session_sudoers(struct session *session, const struct run_request *request, const char *user,
                     struct buffer *text, struct error *error) MUST_USE;
/* Start gathering evidence; it goes on in the loop. ERROR_DENIED: consent is missing. Active probes
 * without consent are left out and recorded as not run. */
bool session_run(struct session *session, const struct run_request *request,
                 struct error *error) MUST_USE;
struct replay_counts {
    size_t targets;           /* for which there was something */
    size_t replayed, missing; /* commands */
};
/* Judge what was recorded, without any target: SOURCE is a folder of saved frames, or another
 * review file, whose targets are found by their names. Recorded as runs that say so; a command that
 * was not recorded is evidence of nothing, and its check is blocked. */
bool session_replay(struct session *session, const struct run_request *request, const char *source,
                    struct replay_counts *ret_counts, struct error *error) MUST_USE;
size_t session_running_count(const struct session *session); /* targets that are at it */
/* TARGET NULL: all. */
void session_cancel(struct session *session, const char *target);
/* The oldest open question, or NULL. */
const struct session_question *session_question(const struct session *session);
void session_answer_hostkey(struct session *session, size_t target, bool accept);
/* SECRET NULL: the user gives none. It is wiped on our side after it was sent. */
void session_answer_prompt(struct session *session, size_t target, const char *secret);

#endif
