/* SPDX-License-Identifier: Apache-2.0 */
/* What a session holds; for the files of this room only. */
#ifndef ASSESS_STATE_H
#define ASSESS_STATE_H

#include "assess/session.h"
#include "base/json.h"
#include "gathering.h"

/* What is consented to, X(name, text in the ledger): commands that read, commands that do more, and
 * sending sudo's password for those that need root. */
#define CONSENT_CLASSES(X) X(READ, "read") X(ACTIVE, "active") X(SUDO, "sudo-password")
enum consent_class {
#define X(name, text) CONSENT_##name,
    CONSENT_CLASSES(X)
#undef X
};

/* A run on one target: one job of the fleet. */
struct run {
    int job;
    size_t target;
    char id[LEDGER_ID_TEXT_BYTES];
    struct gathering *gatherings;
    size_t gathering_count;
    struct step_owner { /* for each step of the plan: whose it is */
        size_t gathering, asking;
    } * owners;
    size_t owner_count;
    struct step_sharer { /* who else waits for the answer to a step */
        size_t step;
        struct step_owner who;
    } * sharers;
    size_t sharer_count;
    size_t outside; /* hops that a host's view leaves out */
    /* Steps on the reviewer's machine, a job of their own when the one before is through; a step of
     * the job at hand is this number further in the owners. */
    struct plan reviewers;
    size_t first_step;
    bool is_on_reviewers; /* that job is under way */
    bool is_cancelled;
    char *obstacle;   /* why it could not look; NULL: it could */
    int frames_fd;    /* where its frames are saved; -1: nowhere */
    bool has_pinned;  /* the host key of this first contact is on its way into the ledger */
    json_t *identity; /* of the other end, once connected */
};

/* The parameters of one target, where it has some of its own: one set for each checklist. */
struct target_parameters {
    char *target;
    struct parameters *sets;
};

/* Entries that wait to be written together, with the bytes of their blobs. */
struct pending {
    struct new_entry *entries;
    size_t count;
    struct new_blob **blobs; /* an array for each entry that has some */
    size_t blob_count;
    struct buffer *buffers;
    size_t buffer_count;
    size_t bytes;
    struct ended { /* runs to be told of when this is written */
        size_t target;
        struct error error; /* code NONE: all probes were asked */
    } * ended;
    size_t ended_count;
};

/* What several targets that wait for their turn are asked. */
struct shared_request {
    size_t user_count;
    struct run_request request;
    char *area, *check;
};

/* A target whose run has not begun: nothing is held for it yet. */
struct waiting_run {
    size_t target;
    struct shared_request *shared;
};

struct waiting_question {
    struct session_question shown;
    int job; /* that waits for the answer */
    struct hostkey hostkey;
    char *text, *where;
};

struct session {
    struct review *review;
    struct author author;
    struct loop *loop;
    struct session_events events;
    bool is_read_only;
    char *worker_path; /* NULL: found by the fleet */
    int worker_max;
    int retries;
    char *frames_folder; /* where runs save their frames; NULL: nowhere */
    char *title;

    struct checklist **checklists;
    struct parameters *parameters; /* one for each checklist */
    size_t checklist_count;
    struct target_parameters *owns; /* by target, once all are read */
    size_t own_count;
    struct session_area *areas;
    size_t area_count;

    struct target_row_list target_rows;
    struct hostkey_list jump_keys;     /* pinned, or on their way into the ledger */
    struct hostkey_list accepted_keys; /* by the user, since the review was opened */
    struct session_target *targets;
    size_t target_count;

    struct item_row_list rows;
    struct item *items;
    size_t item_count;
    int64_t change_count;     /* of the review when the items were read */
    int64_t heads_saved_ms;   /* monotonic; 0: never */
    bool lacks_known_entries; /* the file is shorter than what this user has seen of it */

    int64_t backup_count; /* entries when a copy was made last, or when it was opened; 0: unknown */
    int verified_answer;  /* enum verify_answer, when the change count was verified_count */
    int64_t verified_count;    /* 0: never */
    char *verified_problem;    /* the first, or NULL */
    struct verifier *verifier; /* that runs; NULL: none */
    struct merging *merging;   /* a copy that is looked at, or was; NULL: none */

    struct secret_rules *secret_rules; /* once a run was started */
    struct policy_rule_row_list secret_policy;

    struct fleet *fleet;
    void (*cancel_all)(struct session *session); /* NULL: nothing was begun yet */
    struct run **runs;
    size_t run_count;
    struct waiting_run *waiting; /* in order */
    size_t waiting_count;
    struct pending pending;
    struct measuring *measuring; /* flows; NULL: none are */
    struct loop_timer *flush_timer;
    struct loop_timer *items_timer; /* when the items are read again */
    int64_t items_read_ms;          /* monotonic: when they were read last, and for how long */
    int items_cost_ms;
    struct waiting_question **questions; /* oldest first */
    size_t question_count;
    int last_question;
    struct secret *sudo_secret; /* the password of sudo; NULL: none was given */
};

/* session.c */
struct session *session_new(const struct session_options *options);
/* CHECKLIST is taken. */
void session_add_checklist(struct session *session, struct checklist *checklist);

/* lookup.c */
const struct check *session_find_check(const struct session *session, const char *id);
struct run *run_of_target(const struct session *session, size_t target);
size_t session_checklist_of(const struct session *session, const struct check *check);
/* ERROR_NOT_FOUND, or ERROR_USAGE when NAME is NULL and there are several. */
bool target_require(const struct session *session, const char *name, size_t *ret_target,
                    struct error *error) MUST_USE;
bool item_require(const struct session *session, const char *check, const char *target,
                  const struct item **ret_item, struct error *error) MUST_USE;

/* target_parameters.c */
/* The sets of a target that has parameters of its own; NULL: those of the review hold. */
const struct parameters *own_parameters(const struct session *session, const char *target);
/* The same, to be changed: made of those of the review where there are none yet. */
struct parameters *own_parameters_make(struct session *session, const char *target);
/* When all are made. */
void own_parameters_sort(struct session *session);
void own_parameters_release(struct session *session);

/* pin.c */
/* The body of an entry that pins a key. HOW: "first-contact" for a target's own, "jump-host". */
json_t *pin_body(const char *target, const struct hostkey *hostkey, const char *how) MUST_USE;
/* Read the keys of jump hosts again. */
bool pins_read(struct session *session, struct error *error) MUST_USE;
/* Whether a jump host's key is to be pinned; from then on it counts as pinned. */
bool pin_is_new_jump(struct session *session, const struct hostkey *hostkey) MUST_USE;
/* Whether the user took this very key of this host and port already. */
bool pin_was_accepted(const struct session *session, const struct hostkey *hostkey) MUST_USE;

/* Whether TEXT, like "3f0c5d1e:17" with four digits or more, names this entry. */
bool entry_is_named(const struct entry_id *id, const char *text);

/* items.c */
/* Read targets and items from the review again. */
bool items_read(struct session *session, struct error *error) MUST_USE;
void items_release(struct session *session);

/* announce.c */
/* Tell whoever watches that something changed. */
void session_announce(struct session *session);
/* The last word on a target's run; TEXT may be hostile. */
void target_set_status(struct session *session, size_t target, const char *text);

/* append.c */
/* Append one entry and announce it. BODY is stolen. */
bool session_append(struct session *session, enum entry_kind kind, json_t *body,
                    struct error *error) MUST_USE;
/* Append entries whose bodies stay the caller's, and announce them. */
bool session_append_all(struct session *session, const struct new_entry *entries, size_t count,
                        struct error *error) MUST_USE;
/* After a change of the file by us: read again, remember the heads, announce. */
bool session_changed(struct session *session, struct error *error) MUST_USE;
/* Remember, outside the file, how far it reaches. */
void session_save_heads(struct session *session);

/* backup.c */
/* Copy the review into the state folder now; when 50 entries were added; after the older copies
 * were removed. */
void session_backup(struct session *session);
void session_backup_if_due(struct session *session);
void session_backup_anew(struct session *session);

/* change.c */
/* The entry for a target, from "[name=]TARGET"; a new reference. */
bool target_body(const char *text, json_t **ret_body, struct error *error) MUST_USE;

/* asking.c */
bool item_is_requested(const struct session *session, const struct item *item,
                       const struct run_request *request);
bool run_has_items(const struct session *session, size_t target, const struct run_request *request);
/* The digest of all commands of a class for a target, to which consent is given. */
struct digest consent_digest(const struct session *session, size_t target, enum consent_class class,
                             size_t *ret_commands);
/* CONSENTS: all of the review. */
bool consent_is_on_record(const struct session *session, const struct consent_row_list *consents,
                          size_t target, enum consent_class class);
/* Queue it: nothing may be sent before record_flush(). */
void consent_record(struct session *session, size_t target, enum consent_class class);

/* record.c */
/* GATHERING is complete: it is judged, and queued to be written; its bytes are taken. */
void record_ready(struct session *session, struct run *run, size_t gathering);
/* Queue an entry. BODY is stolen. */
void record_entry(struct session *session, enum entry_kind kind, json_t *body);
/* A target's run is over: events.run_ended follows when all that was queued before is written. */
void record_ended(struct session *session, size_t target, const struct error *error);
/* The review file cannot be written: end every run with ERROR. */
void record_stop(struct session *session, const struct error *error);
/* Write what is queued, at once. */
bool record_flush(struct session *session, struct error *error) MUST_USE;
/* The same as the last thing; what cannot be written is lost. */
void record_close(struct session *session);

/* question.c */
/* JOB waits for the answer. */
void question_push_hostkey(struct session *session, size_t target, int job,
                           const struct hostkey *hostkey, const char *where);
void question_push_prompt(struct session *session, size_t target, int job,
                          const struct prompt *prompt);
void questions_drop(struct session *session, size_t target);

/* sudo.c */
/* Record that the password may be sent to a target, unless that is on record among CONSENTS; to be
 * flushed. */
void sudo_consent(struct session *session, const struct consent_row_list *consents, size_t target);
/* Answer a question that needs nobody; false: it has to be asked. */
bool sudo_answer_known(struct session *session, const struct session_question *question);
/* The user's answer: what to send, borrowed; NULL: nothing. */
const char *sudo_take_answer(struct session *session, size_t target, const char *password);

/* run.c */
/* What REQUEST asks of a target; free it with run_free(). */
struct run *run_new(const struct session *session, size_t target,
                    const struct run_request *request) MUST_USE;
void run_free(struct run *run); /* NULL is fine */
void run_fill_plan(struct run *run, struct plan *plan);
/* How many answers a run waits for; fewer commands may do. */
size_t run_probe_count(const struct run *run);
/* Runs that are under way, wait, or wait to be told of. */
size_t runs_count(const struct session *session);
/* Tell the ledger about a run. */
void run_tell(struct session *session, const struct run *run, const char *state,
              const char *detail);
/* Begin the job on the reviewer's machine. */
void run_start_reviewers(struct session *session, struct run *run);

/* queue.c */
void runs_queue(struct session *session, const struct run_request *request);
/* Begin the runs for which there is room. */
void runs_start_waiting(struct session *session);
/* Take a target, or all (NULL), out of the queue. */
void runs_drop_waiting(struct session *session, const size_t *target);

/* start.c */
bool run_check_request(struct session *session, const struct run_request *request,
                       struct error *error) MUST_USE;

/* fleet_events.c */
void runs_release(struct session *session);
bool runs_ensure_fleet(struct session *session, struct error *error) MUST_USE;

/* verification.c */
void verification_stop(struct session *session);
/* Where the heads are kept that this user has seen; free with free(). NULL: nowhere. */
char *session_heads_folder(void);

/* flow_measuring.c; the events of the fleet are for the job of session->measuring */
struct flows_request;
/* Nothing stands in the way any more. REQUEST is copied. */
bool measuring_begin(struct session *session, const struct flows_request *request,
                     struct error *error) MUST_USE;
bool measuring_has_job(const struct session *session, int job);
const size_t *measuring_target(const struct session *session);
void measuring_connected(struct session *session, const struct connection_identity *identity);
void measuring_begun(struct session *session);
void measuring_result(struct session *session, struct step_result *result);
void measuring_ended(struct session *session, const struct error *error);
size_t measuring_left(const struct session *session); /* vantages that did not answer yet */
/* TARGET NULL: the vantages that would follow, too. */
void measuring_cancel(struct session *session, const size_t *target);
void measuring_close(struct session *session);

/* frames.c */
/* Begin a file for a run's frames, where they are saved. */
bool frames_open(struct session *session, struct run *run, const struct plan *plan,
                 struct error *error) MUST_USE;
void frames_save_identity(struct session *session, struct run *run,
                          const struct connection_identity *identity);
void frames_save_result(struct session *session, struct run *run, const struct step_result *result);

#endif
