/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A diary for whoever has to find a defect: off unless $WALKDOWN_LOG names a file. Never holds
 * evidence or secrets. Lines are made safe by base/utf8 before they are written.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

#include "base/memory.h"

/* Open the file that $WALKDOWN_LOG names, for appending, mode 0600; WHO, a
 * literal, is put into each line. */
void log_open_from_environment(const char *who);
void log_close(void);
/* Write "time who[pid] text". Does nothing while no log is open. */
void log_line(const char *format, ...) PRINTF_LIKE(1, 2);

#endif
