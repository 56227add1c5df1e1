/* SPDX-License-Identifier: Apache-2.0 */
/* What many commands begin and end with. */
#ifndef CLI_OPENING_H
#define CLI_OPENING_H

#include "assess/session.h"
#include "output.h"

/* Open words[0] without a loop. On failure says so and returns false with the exit status. */
bool open_review(const struct arguments *arguments, bool read_only, struct session **ret_session,
                 int *ret_status) MUST_USE;
/* The exit status for an error about the review file itself. */
int review_error(const struct error *error, const char *path);
/* {"ok": true, ...members} for a change that was made; quiet text otherwise. MEMBERS is taken. */
int report_done(const struct arguments *arguments, json_t *members, const char *format, ...)
    PRINTF_LIKE(3, 4);
/* What a reader calls an entry: "3f0c5d1e:17". */
struct entry_name {
    char text[ENTRY_ID_TEXT_BYTES];
};
struct entry_name entry_name(const struct entry_id *id);
/* An item as every command's JSON tells it. New reference. */
json_t *item_json(const struct session *session, const struct item *item);

#endif
