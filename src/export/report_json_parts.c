/* SPDX-License-Identifier: Apache-2.0 */
/* The small parts that every member of the JSON report is made of. */
#include "report_json.h"

#include "base/clock.h"

json_t *report_json_time(int64_t wall_ms)
{
    char text[CLOCK_TEXT_BYTES];
    return wall_ms != 0 ? json_text(clock_format_utc(wall_ms, text)) : json_null();
}

json_t *report_json_digest(const struct digest *digest)
{
    char hex[DIGEST_HEX_BYTES];
    return json_text(digest_hex(digest, hex));
}

json_t *report_json_entry(const struct entry_id *id)
{
    char text[ENTRY_ID_TEXT_BYTES];
    return id->seq > 0 ? json_text(entry_id_text(id, text)) : json_null();
}

void report_json_set(json_t *object, const char *key, json_t *value)
{
    json_object_set_new(object, key, value);
}

void report_json_set_text(json_t *object, const char *key, const char *text)
{
    json_object_set_new(object, key, json_text(text));
}

void report_json_set_integer(json_t *object, const char *key, int64_t number)
{
    json_object_set_new(object, key, json_integer(number));
}

void report_json_set_bool(json_t *object, const char *key, bool value)
{
    json_object_set_new(object, key, json_boolean(value));
}

json_t *report_json_counts(const struct report_counts *counts)
{
    json_t *object = json_object();
    report_json_set_integer(object, "items", (int64_t)counts->items);
    for (int i = 0; i < STANDING_COUNT; i++)
        report_json_set_integer(object, standing_id(i), (int64_t)counts->by_standing[i]);
    report_json_set_integer(object, "against", (int64_t)counts->against_suggestion);
    report_json_set_integer(object, "accepted", (int64_t)counts->accepted);
    return object;
}
