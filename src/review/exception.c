/* SPDX-License-Identifier: Apache-2.0 */
/* What an exception's row says at a time: pure. */
#include "base/clock.h"
#include "review/query.h"

#include <string.h>

const char *exception_standing_text(enum exception_standing standing)
{
    static const char *const texts[] = {
#define X(name, text) text,
        EXCEPTION_STANDINGS(X)
#undef X
    };
    return texts[standing];
}

/* Dates of this form are in the order of their texts. */
enum exception_standing exception_standing(const struct exception_row *row, int64_t now_ms)
{
    enum { DATE_BYTES = 10 };
    char today[CLOCK_TEXT_BYTES];
    clock_format_utc(now_ms, today);
    if (strcmp(row->state, "accepted") != 0)
        return EXCEPTION_ENDED;
    if (strncmp(row->from, today, DATE_BYTES) > 0)
        return EXCEPTION_PENDING;
    return strncmp(row->until, today, DATE_BYTES) < 0 ? EXCEPTION_EXPIRED : EXCEPTION_IN_FORCE;
}

bool exception_covers(const struct exception_row *row, const char *check, const char *target)
{
    return strcmp(row->check, check) == 0 &&
           (*row->target == '\0' || strcmp(row->target, target) == 0);
}
