/* SPDX-License-Identifier: Apache-2.0 */
/* The part of a script that leaves nothing running on the target. */
#ifndef PROBE_ENDING_H
#define PROBE_ENDING_H

#include "base/buffer.h"

#include <stdint.h>

/* Defines the shell function _walkdown_end, which ends all that the script started and, where it
 * can, the script itself. Its arguments are signals, sent a second apart; the last one is KILL. */
void append_ending(struct buffer *text, const char *nonce);
/* Starts a watchdog that ends everything when the shell made no progress for longer than
 * LONGEST_MS, the longest time-out of its commands, or after TOTAL_MS. */
void append_watch(struct buffer *text, int longest_ms, int64_t total_ms);

#endif
