/* SPDX-License-Identifier: Apache-2.0 */
/* A bad network for one test: tests/support/fault_proxy, started and listened to. */
#ifndef SUPPORT_FAULT_H
#define SUPPORT_FAULT_H

#include <stdint.h>
#include <sys/types.h>

struct fault {
    pid_t process; /* 0: none */
    int port;      /* where it listens on 127.0.0.1 */
    int output;
};

/* Start one before PORT with a NULL-terminated list of its options. It ends with fault_stop(). */
void fault_start(struct fault *fault, int port, const char *const *options);
/* Wait for the end of a connection; returns how many bytes went to the client, and to the server
 * where RET_UP is not NULL. */
int64_t fault_wait_for_end(const struct fault *fault, int64_t *ret_up);
void fault_stop(struct fault *fault);

#endif
