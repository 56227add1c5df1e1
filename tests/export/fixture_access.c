/* SPDX-License-Identifier: Apache-2.0 */
/* The access matrix of the fixture's review, in the place of what src/access reads. */
#include "access/matrix.h"

#include "fixture_review.h"

#include <string.h>

static const char *const rows[][ACCESS_COLUMN_COUNT] = {
    {"root", "0", "system", "none", "is root", "never", "", ""},
    {"ada", "1000", "person", "password, 2 keys", "sudo: (ALL : ALL) ALL; group docker",
     "2026-01-30", "2 days", ""},
    {"old", "1007", "person", "unknown: not permitted", "unknown: not permitted", "2025-03-01",
     "338 days", "idle for 45 days or more"},
    {"=deploy", "500", "service", "1 key", "no", "never", "", ""},
    {"bob", "", "", "", "", "", "", "no longer there"},
};
static const enum access_state states[] = {ACCESS_STATE_APPROVED, ACCESS_STATE_CHANGED,
                                           ACCESS_STATE_QUESTIONED, ACCESS_STATE_OPEN,
                                           ACCESS_STATE_GONE};

static void fill_line(struct review *review, size_t row, struct access_line *line)
{
    bool is_said = states[row] != ACCESS_STATE_OPEN;
    for (size_t i = 0; i < ACCESS_COLUMN_COUNT; i++)
        line->cells[i] = fixture_text(review, rows[row][i]);
    line->is_privileged = row < 2;
    line->is_idle = row == 2;
    line->is_uncertain = row == 2;
    line->facts = fixture_text(review, "user id: 1000\nshell: /bin/zsh\n");
    line->evidence = fixture_text(review, "accounts, line 2: account:ada:1000:1000::/:/bin/zsh\n");
    line->state = states[row];
    line->comment = row == 2 ? fixture_text(review, "Who is that | and why?") : fixture_word("");
    line->author = is_said ? fixture_text(review, FIXTURE_ADA) : fixture_word("");
    line->facts_then = fixture_text(review, is_said ? "user id: 1000\nshell: /bin/bash\n" : "");
    line->said_ms = is_said ? fixture_time(30) : 0;
}

bool access_read(struct review *review, const char *target, struct access_matrix *ret_matrix,
                 struct error *error)
{
    (void)error;
    *ret_matrix = (struct access_matrix){.target = memory_copy_text(target),
                                         .why = fixture_text(review, "keys: not seen: refused\n"),
                                         .is_gathered = true};
    /* Names carry the hostile string, the word between stays. */
    if (strstr(target, "sandbox-7") == NULL)
        return true;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        fill_line(review, i, array_push(ret_matrix->lines, ret_matrix->count));
        ret_matrix->by_state[states[i]]++;
    }
    return true;
}
