/* SPDX-License-Identifier: Apache-2.0 */
#include "markdown.h"

#include "export/escape.h"
#include "wording.h"

static void put_checklist(struct buffer *out, const struct checklist_row *row)
{
    markdown_put(out, "- Checklist: %s %s (%s), SHA-256 ", row->title, row->version, row->id);
    markdown_digest(out, &row->digest);
    buffer_append_text(out, "\n");
}

static void put_title_block(struct buffer *out, const struct report *report)
{
    AUTO_FREE char *headline = wording_headline(report);
    AUTO_FREE char *is_signed = wording_signed(report);
    char id[LEDGER_ID_TEXT_BYTES];
    char time[CLOCK_TEXT_BYTES];
    const char *title = *report->info.title != '\0' ? report->info.title : "Untitled review";
    markdown_put(out, "# %s\n\nSecurity review report. %s\n\n", title, headline);
    for (size_t i = 0; i < report->checklists.count; i++)
        put_checklist(out, &report->checklists.items[i]);
    buffer_append_format(out, "- Review: `%s`\n", ledger_id_text(&report->info.id, id));
    markdown_fact(out, "Begun", wording_time(report->info.created_ms, time));
    markdown_fact(out, "Last change", wording_time(report->info.last_change_ms, time));
    markdown_put(out, "- This report: %s, %s\n", wording_time(report->made_ms, time), report->tool);
    markdown_put(out, "- State: %lld entries, Merkle root ", (long long)report->state.entry_count);
    markdown_digest(out, &report->head);
    markdown_put(out, "\n- Sign-off: %s\n", is_signed);
}

static void put_count_headings(struct buffer *out, const char *first)
{
    markdown_put(out, "| %s |", first);
    for (int i = 0; i < STANDING_COUNT; i++)
        markdown_put(out, " %s %s |", standing_symbol(i), standing_word(i));
    buffer_append_text(out, " All |\n| :--- |");
    for (int i = 0; i <= STANDING_COUNT; i++)
        buffer_append_text(out, " ---: |");
    buffer_append_text(out, "\n");
}

static void put_counts(struct buffer *out, const char *name, const struct report_counts *counts)
{
    markdown_put(out, "| %s |", name);
    for (int i = 0; i < STANDING_COUNT; i++)
        markdown_put(out, " %zu |", counts->by_standing[i]);
    markdown_put(out, " %zu |\n", counts->items);
}

static void put_summary(struct buffer *out, const struct report *report)
{
    static const size_t order[] = {SEVERITY_CRITICAL, SEVERITY_HIGH, SEVERITY_MEDIUM,
                                   SEVERITY_LOW,      SEVERITY_INFO, REPORT_UNRATED};
    markdown_put(out, "\n## Summary\n\n%s", wording_scope);
    if (report->counts.against_suggestion > 0)
        markdown_put(out, " Verdicts against what was suggested: %zu; each says why.",
                     report->counts.against_suggestion);
    markdown_put(out, "\n\n%s\n\n", wording_testimony);
    put_count_headings(out, "Area");
    for (size_t i = 0; i < report->area_count; i++)
        put_counts(out, report->areas[i].title, &report->areas[i].counts);
    put_counts(out, "All areas", &report->counts);
    buffer_append_text(out, "\n");
    put_count_headings(out, "Severity");
    for (size_t i = 0; i < LENGTH(order); i++)
        if (order[i] != REPORT_UNRATED || report->severities[order[i]].items > 0)
            put_counts(out, wording_severity(order[i]), &report->severities[order[i]]);
}

static void put_ways(struct buffer *out, const struct report *report)
{
    bool has_any = false;
    for (size_t i = 0; i < report->targets.count; i++) {
        AUTO_FREE char *line = way_line(&report->ways[i]);
        AUTO_FREE char *changes = way_changes(&report->ways[i]);
        if (*line == '\0')
            continue;
        if (!has_any)
            buffer_append_text(out, "\n");
        has_any = true;
        markdown_put(out, "- %s reached %s%s%s\n", report->targets.items[i].name, line,
                     *changes != '\0' ? ". CHANGED since the run before: " : "", changes);
    }
}

static void put_jump_hosts(struct buffer *out, const struct report *report)
{
    if (report->jump_keys.count == 0)
        return;
    buffer_append_text(out, "\n### Jump hosts\n\n"
                            "| Host | Port | Pinned host key |\n| :--- | :--- | :--- |\n");
    for (size_t i = 0; i < report->jump_keys.count; i++) {
        const struct jump_key_row *row = &report->jump_keys.items[i];
        markdown_put(out, "| %s | %d | %s %s |\n", row->host, row->port, row->type,
                     row->fingerprint);
    }
}

static void put_scope(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "\n## Scope\n\n### Targets\n\n"
                            "| Name | Reached by | Pinned host key |\n| :--- | :--- | :--- |\n");
    for (size_t i = 0; i < report->targets.count; i++) {
        const struct target_row *row = &report->targets.items[i];
        bool is_pinned = *row->key_fingerprint != '\0';
        markdown_put(out, "| %s | %s | %s %s |\n", row->name, row->spec,
                     is_pinned ? row->key_type : "none: no host key was seen",
                     row->key_fingerprint);
    }
    put_ways(out, report);
    put_jump_hosts(out, report);
    buffer_append_text(out, "\n### People\n\n| Name | Entries | From | To | Key |\n"
                            "| :--- | :--- | :--- | :--- | :--- |\n");
    for (size_t i = 0; i < report->authors.count; i++) {
        const struct author_row *row = &report->authors.items[i];
        AUTO_FREE char *key = wording_key(row->key);
        char from[CLOCK_TEXT_BYTES];
        char to[CLOCK_TEXT_BYTES];
        markdown_put(out, "| %s %s | %lld | %s | %s | %s |\n", row->name, row->email,
                     (long long)row->entry_count, wording_time(row->first_ms, from),
                     wording_time(row->last_ms, to), key);
    }
}

static void put_parameters(struct buffer *out, const struct report *report)
{
    if (report->parameters.count == 0)
        return;
    buffer_append_text(out, "\n### Parameters set by this review\n\n");
    for (size_t i = 0; i < report->parameters.count; i++) {
        const struct parameter_row *row = &report->parameters.items[i];
        AUTO_FREE char *values = strings_join(&row->values, ", ");
        markdown_fact(out, row->id, values);
    }
}

bool markdown_write(const struct report *report, struct buffer *out, struct error *error)
{
    (void)error; /* a writer into memory cannot fail; other formats can */
    put_title_block(out, report);
    put_summary(out, report);
    put_scope(out, report);
    put_parameters(out, report);
    markdown_findings(out, report);
    markdown_accepted(out, report);
    markdown_access(out, report);
    markdown_flows(out, report);
    markdown_areas(out, report);
    markdown_closing(out, report);
    return true;
}
