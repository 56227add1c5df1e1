/* SPDX-License-Identifier: Apache-2.0 */
/* Time: a monotonic clock for deadlines, a wall clock for claims, both in milliseconds. */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include "base/memory.h"

/* Milliseconds since some point in the past; never goes back. */
int64_t clock_monotonic_ms(void);
/* The same, but it goes on while the machine is suspended. */
int64_t clock_boot_ms(void);
/* Microseconds of the monotonic clock, for measuring. */
int64_t clock_monotonic_us(void);
/* Milliseconds since 1970-01-01T00:00:00Z, as the machine believes. */
int64_t clock_wall_ms(void);
/* Make clock_wall_ms() answer this from now on, for tests; 0 gives the true clock back. */
void clock_set_wall_ms(int64_t wall_ms);

/* Longest text of the formats below, with its NUL. */
#define CLOCK_TEXT_BYTES 32

/* RFC 3339 in UTC with milliseconds, "2026-11-23T20:15:01.250Z". Returns TEXT. */
const char *clock_format_utc(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
/* Local time for a reader: "2026-11-23 20:15". Returns TEXT. */
const char *clock_format_minute(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
/* Local time of day: "20:15:01". Returns TEXT. */
const char *clock_format_time_of_day(int64_t wall_ms, char text[CLOCK_TEXT_BYTES]);
/* A duration for a reader: "12 ms", "3.4 s", "2 min 5 s", "3 h 20 min". Returns TEXT. */
const char *clock_format_duration(int64_t duration_ms, char text[CLOCK_TEXT_BYTES]);

#endif
