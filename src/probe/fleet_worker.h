/* SPDX-License-Identifier: Apache-2.0 */
/* One walkdown-worker as its parent sees it: a process and a socket with messages. */
#ifndef PROBE_FLEET_WORKER_H
#define PROBE_FLEET_WORKER_H

#include "probe/message.h"

#include "base/loop.h"

#include <sys/types.h>

struct fleet_worker;

struct fleet_worker_events {
    void *context;
    /* MESSAGE is borrowed. False: the worker talks nonsense (ERROR says which). The callee may not
     * end the worker otherwise. */
    bool (*message)(void *context, struct fleet_worker *worker, const struct message *message,
                    struct error *error);
    /* The worker is gone or has to go; the callee ends it. */
    void (*lost)(void *context, struct fleet_worker *worker, const struct error *error);
};

struct fleet_worker {
    struct loop *loop;
    struct fleet_worker_events events;
    pid_t pid;
    int fd;
    struct loop_watch *watch;
    struct buffer in, out;
    size_t sent;    /* bytes of OUT that are on their way */
    void *job;      /* the owner's; NULL: idle */
    bool is_remote; /* has dialled a remote target: opens no local shell any more */
};

/* Find the program; free RET_PATH. GIVEN (may be NULL) is taken as it is when it can be run. */
bool fleet_worker_find(const char *given, char **ret_path, struct error *error) MUST_USE;
bool fleet_worker_start(struct loop *loop, const char *path,
                        const struct fleet_worker_events *events, struct fleet_worker **ret_worker,
                        struct error *error) MUST_USE;
/* Send what the caller appended to WORKER->out; it is wiped when it was sent. */
void fleet_worker_flush(struct fleet_worker *worker);
/* Kill it, and hand on what it had said before; it still has to be ended. */
void fleet_worker_take_rest(struct fleet_worker *worker);
/* Kill and reap. RET_STATUS (may be NULL) is as waitpid(2) gives it. */
void fleet_worker_end(struct fleet_worker *worker, int *ret_status);

#endif
