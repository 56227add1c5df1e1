/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The workers, seen from walkdown: one process a connection, started on demand, reused from target
 * to target, at most so many at once. A job is one plan for one target. Everything happens in the
 * caller's loop; callbacks come from loop_run_once(). A worker that crashes costs its own job.
 */
#ifndef PROBE_FLEET_H
#define PROBE_FLEET_H

#include "base/loop.h"
#include "probe/plan.h"
#include "target/connection.h"

struct fleet;

struct job {
    const char *target; /* the caller's name for it */
    const char *spec;
    const char *pinned_key;               /* Base64; NULL or "": none */
    const struct hostkey_list *jump_keys; /* the same of jump hosts; NULL: none */
    bool allow_password;
    bool from_reviewer; /* on this machine, by a worker that talks to no target: it looks at SPEC */
    int retries;        /* after a connection could not be made, with growing pauses; 0: none */
    struct plan *plan;  /* taken: the fleet releases what it holds and leaves it empty */
    /* for tests and special cases; NULL: by configuration */
    const char *identity, *known_hosts;
};

/* JOB is the number that fleet_start() gave. Text from a target is untrusted. A callback may start,
 * cancel and answer jobs; it may neither free the fleet nor run the loop. */
struct fleet_events {
    void *context;
    void (*progress)(void *context, int job, const char *text);
    /* Answer with fleet_answer_hostkey(), now or later; the job waits. */
    void (*hostkey)(void *context, int job, const struct hostkey *hostkey,
                    enum hostkey_verdict verdict, const char *where);
    /* Answer with fleet_answer_prompt(). */
    void (*prompt)(void *context, int job, const struct prompt *prompt);
    void (*connected)(void *context, int job, const struct connection_identity *identity);
    void (*begun)(void *context, int job, size_t step);
    void (*result)(void *context, int job, struct step_result *result); /* borrowed */
    /* The last call for a job. ERROR is NULL when the whole plan was worked through; else steps
     * may have no result, and ERROR says why. */
    void (*ended)(void *context, int job, const struct error *error);
};

struct fleet_options {
    const char *worker_path; /* NULL: found beside this program or in the installed folder */
    int worker_max;          /* 0: 32 */
};

bool fleet_new(struct loop *loop, const struct fleet_options *options,
               const struct fleet_events *events, struct fleet **ret_fleet,
               struct error *error) MUST_USE;
/* Ends every worker. NULL is fine. */
void fleet_free(struct fleet *fleet);
/* Queue a job and return its number (from 1). */
int fleet_start(struct fleet *fleet, struct job *job);
size_t fleet_job_count(const struct fleet *fleet); /* queued and running */
/* ACCEPT: trust the key and go on. */
void fleet_answer_hostkey(struct fleet *fleet, int job, bool accept);
/* SECRET is copied, sent and wiped on our side; NULL: the user gives none. */
void fleet_answer_prompt(struct fleet *fleet, int job, const char *secret);
/* Stop a job; its `ended` comes with ERROR_CANCELLED within 200 ms, or without an error when it was
 * just through. JOB 0: all. */
void fleet_cancel(struct fleet *fleet, int job);

#endif
