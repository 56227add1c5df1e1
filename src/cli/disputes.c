/* SPDX-License-Identifier: Apache-2.0 */
#include "disputes.h"

#include "assess/merge.h"
#include "base/clock.h"

static void print_decision(struct output *output, const struct decision_row *row)
{
    char time[CLOCK_TEXT_BYTES];

    output_add(output, "    ");
    output_styled(output, style_of_verdict(row->verdict), row->verdict);
    output_add(output, "  ");
    output_safe(output, row->author, 0);
    output_add(output, ", %s", clock_format_minute(row->time_ms, time));
    if (*row->because || *row->note) {
        output_add(output, ": ");
        output_safe(output, *row->because ? row->because : row->note, 0);
    }
    output_add(output, "\n");
}

static void print_item(struct session *session, const struct item *item, struct output *output)
{
    AUTO_RELEASE(decision_row_list) struct decision_row_list rows = {0};
    size_t count;

    output_add(output, "  ");
    output_styled(output, STYLE_BAD, "disputed");
    output_add(output, " ");
    output_safe(output, item->check->id, 0);
    output_add(output, " on ");
    output_safe(output, session_targets(session, &count)[item->target].name, 0);
    output_add(output, "\n");
    if (!session_disputed(session, item, &rows, NULL))
        return;
    for (size_t i = 0; i < rows.count; i++)
        print_decision(output, &rows.items[i]);
}

size_t disputes_print(struct session *session, struct output *output)
{
    size_t count, disputed = 0;
    const struct item *items = session_items(session, &count);

    for (size_t i = 0; i < count; i++) {
        if (items[i].verdict != VERDICT_DISPUTED)
            continue;
        print_item(session, &items[i], output);
        disputed++;
    }
    return disputed;
}

static json_t *decision_json(const struct decision_row *row)
{
    char id[ENTRY_ID_TEXT_BYTES], time[CLOCK_TEXT_BYTES];

    clock_format_utc(row->time_ms, time);
    return json_pack("{s:s, s:o, s:o, s:s, s:o, s:o}", "entry", entry_id_text(&row->id, id),
                     "verdict", json_text(row->verdict), "author", json_text(row->author), "time",
                     time, "note", json_text(row->note), "because", json_text(row->because));
}

static json_t *dispute_json(struct session *session, const struct item *item)
{
    AUTO_RELEASE(decision_row_list) struct decision_row_list rows = {0};
    json_t *decisions = json_array();
    size_t count;

    if (session_disputed(session, item, &rows, NULL))
        for (size_t i = 0; i < rows.count; i++)
            json_array_append_new(decisions, decision_json(&rows.items[i]));
    return json_pack("{s:o, s:o, s:o}", "check", json_text(item->check->id), "target",
                     json_text(session_targets(session, &count)[item->target].name), "decisions",
                     decisions);
}

json_t *disputes_json(struct session *session)
{
    size_t count;
    const struct item *items = session_items(session, &count);
    json_t *list = json_array();

    for (size_t i = 0; i < count; i++)
        if (items[i].verdict == VERDICT_DISPUTED)
            json_array_append_new(list, dispute_json(session, &items[i]));
    return list;
}
