/* SPDX-License-Identifier: Apache-2.0 */
#include "opening.h"

#include "base/clock.h"

#include <stdarg.h>

int review_error(const struct error *error, const char *path)
{
    int status = output_error(error, path);

    return status == EXIT_USAGE || error->code == ERROR_CANCELLED ? status : EXIT_REVIEW_FILE;
}

bool open_review(const struct arguments *arguments, bool read_only, struct session **ret_session,
                 int *ret_status)
{
    const struct session_options options = {.read_only = read_only};
    struct error error = {0};

    if (session_open(arguments->words[0], &options, ret_session, &error))
        return true;
    *ret_status = review_error(&error, arguments->words[0]);
    return false;
}

int report_done(const struct arguments *arguments, json_t *members, const char *format, ...)
{
    AUTO_JSON json_t *owned = members;
    AUTO_RELEASE(output) struct output output;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    va_list list;

    output_init(&output, arguments);
    if (arguments->json) {
        json_object_set_new(owned, "ok", json_true());
        return output_json(json_incref(owned));
    }
    if (arguments->quiet)
        return EXIT_DONE;
    va_start(list, format);
    buffer_append_format_list(&text, format, list);
    va_end(list);
    output_safe(&output, buffer_text(&text), 0);
    output_add(&output, "\n");
    return output_write(&output);
}

struct entry_name entry_name(const struct entry_id *id)
{
    enum { AUTHOR_DIGITS = 8 };
    struct entry_name name;
    char author[LEDGER_ID_TEXT_BYTES];

    snprintf(name.text, sizeof(name.text), "%.*s:%lld", AUTHOR_DIGITS,
             ledger_id_text(&id->author, author), (long long)id->seq);
    return name;
}

json_t *item_json(const struct session *session, const struct item *item)
{
    size_t count;
    const struct session_target *targets = session_targets(session, &count);
    const struct item_row *row = item->row;
    char decided[CLOCK_TEXT_BYTES] = "";

    if (row->decided_ms)
        clock_format_utc(row->decided_ms, decided);
    return json_pack("{s:o, s:o, s:o, s:o, s:s, s:s, s:o, s:o, s:o, s:o, s:o, s:s, s:b, s:I}",
                     "check", json_text(row->check), "target",
                     json_text(targets[item->target].name), "title", json_text(row->title), "area",
                     json_text(item->area), "severity", severity_text(item->check->severity),
                     "suggestion", suggestion_text(item->suggestion), "reason",
                     json_text(row->suggestion_reason), "verdict", json_text(row->verdict), "note",
                     json_text(row->note), "because", json_text(row->because), "decided_by",
                     json_text(row->decided_by), "decided", decided, "stale", row->is_stale,
                     "evidence", (json_int_t)row->evidence_count);
}
