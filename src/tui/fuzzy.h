/* SPDX-License-Identifier: Apache-2.0 */
#ifndef TUI_FUZZY_H
#define TUI_FUZZY_H

/* How well TEXT answers to what the user typed: every word of PATTERN must appear in it, its
 * letters in order, without regard to case (of ASCII). Higher is better: runs of letters and starts
 * of words count more, late and long ones less. -1: it does not fit. An empty pattern fits all. */
int fuzzy_score(const char *pattern, const char *text);

#endif
