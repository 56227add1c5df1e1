/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What the OpenSSH client runs when it works for a connection: its askpass program, its
 * KnownHostsCommand and its LocalCommand (ssh_config(5)). A program that opens connections names
 * itself as all of these, and calls this first in main().
 */
#ifndef TARGET_CLIENT_HELPER_H
#define TARGET_CLIENT_HELPER_H

#include <stdbool.h>

/* True: this process was started by, or for, the client; RET_STATUS is to be its exit status. */
bool client_helper_serve(int count, char **arguments, int *ret_status);

#endif
