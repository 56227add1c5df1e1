/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The HTML report: one file, no script, nothing loaded from anywhere, well-formed as XML too, so
 * that a test can prove that no text broke out of its place. All data goes through html_put().
 */
#include "html.h"

#include "export/escape.h"
#include "wording.h"

#include <string.h>

/* The policy allows exactly our own style, named by its hash (CSP level 3). */
static void put_head(struct buffer *out, const struct report *report)
{
    struct digest digest = digest_of(html_style, strlen(html_style));
    AUTO_RELEASE(buffer) struct buffer hash = {0};
    base64_append(&hash, digest.bytes, sizeof(digest.bytes));
    buffer_append_text(out, "<!DOCTYPE html>\n<html lang=\"en\">\n<head>\n"
                            "<meta charset=\"utf-8\" />\n"
                            "<meta http-equiv=\"Content-Security-Policy\" content=\""
                            "default-src 'none'; style-src 'sha256-");
    buffer_append_text(out, buffer_text(&hash));
    buffer_append_text(out, "'; img-src data:; base-uri 'none'; form-action 'none'\" />\n"
                            "<meta name=\"viewport\" content=\"width=device-width, "
                            "initial-scale=1\" />\n"
                            "<meta name=\"color-scheme\" content=\"light dark\" />\n"
                            "<meta name=\"referrer\" content=\"no-referrer\" />\n"
                            "<meta name=\"robots\" content=\"noindex\" />\n");
    html_put(out, "<meta name=\"generator\" content=\"%s\" />\n", report->tool);
    buffer_append_text(out, "<title>");
    escape_html_attribute(out, report->info.title); /* markup in a title would show as text */
    buffer_append_text(out, " - security review report</title>\n<style>");
    buffer_append_text(out, html_style);
    buffer_append_text(out, "</style>\n</head>\n");
}

static void put_dates(struct buffer *out, const struct report *report)
{
    char time[CLOCK_TEXT_BYTES];
    char id[LEDGER_ID_TEXT_BYTES];
    html_put(out, "<dt>Review</dt><dd><code class=\"id\">%s</code></dd>\n",
             ledger_id_text(&report->info.id, id));
    html_fact(out, "Begun", wording_time(report->info.created_ms, time));
    html_fact(out, "Last change", wording_time(report->info.last_change_ms, time));
    html_put(out, "<dt>This report</dt><dd>%s, %s</dd>\n", wording_time(report->made_ms, time),
             report->tool);
    buffer_append_text(out, "<dt>State</dt><dd>");
    html_put(out, "%lld entries, Merkle root ", (long long)report->state.entry_count);
    html_digest(out, &report->head);
    buffer_append_text(out, "</dd>\n");
}

static void put_title_block(struct buffer *out, const struct report *report)
{
    AUTO_FREE char *headline = wording_headline(report);
    AUTO_FREE char *is_signed = wording_signed(report);
    const char *title = *report->info.title != '\0' ? report->info.title : "Untitled review";
    html_put(out,
             "<header class=\"title\">\n<p class=\"kicker\">Security review report</p>\n"
             "<h1>%s</h1>\n<p class=\"headline\">%s</p>\n<dl class=\"facts\">\n",
             title, headline);
    for (size_t i = 0; i < report->checklists.count; i++) {
        const struct checklist_row *row = &report->checklists.items[i];
        html_put(out,
                 "<dt>Checklist</dt><dd><bdi>%s</bdi> %s <span class=\"soft\">(%s)</span>"
                 "<br />",
                 row->title, row->version, row->id);
        html_digest(out, &row->digest);
        buffer_append_text(out, "</dd>\n");
    }
    put_dates(out, report);
    html_fact(out, "Sign-off", is_signed);
    buffer_append_text(out, "</dl>\n</header>\n");
}

static void put_contents(struct buffer *out, bool has_flows)
{
    static const struct {
        const char *id, *title;
    } sections[] = {
        {"summary", "Summary"},      {"scope", "Scope"},
        {"findings", "Findings"},    {"exceptions", "Accepted risks"},
        {"access", "Access matrix"}, {"flows", "Flows"},
        {"areas", "Areas"},          {"gaps", "Gaps"},
        {"signoffs", "Sign-offs"},   {"verify", "How to verify"},
    };
    buffer_append_text(out, "<nav aria-label=\"Contents\"><ul>\n");
    for (size_t i = 0; i < LENGTH(sections); i++)
        if (has_flows || strcmp(sections[i].id, "flows") != 0)
            html_put(out, "<li><a href=\"#%s\">%s</a></li>\n", sections[i].id, sections[i].title);
    buffer_append_text(out, "</ul></nav>\n");
}

/* What was reached behind the hops, in the words of the hosts. */
static void put_ways(struct buffer *out, const struct report *report)
{
    for (size_t i = 0; i < report->targets.count; i++) {
        AUTO_FREE char *line = way_line(&report->ways[i]);
        AUTO_FREE char *changes = way_changes(&report->ways[i]);
        if (*line != '\0')
            html_put(out, "<p><bdi>%s</bdi> reached <bdi>%s</bdi></p>\n",
                     report->targets.items[i].name, line);
        if (*changes != '\0')
            html_put(out, "<p><b>Changed since the run before:</b> <bdi>%s</bdi></p>\n", changes);
    }
}

static void put_jump_hosts(struct buffer *out, const struct report *report)
{
    if (report->jump_keys.count == 0)
        return;
    buffer_append_text(out, "<h3>Jump hosts</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
                            "<th scope=\"col\">Host</th><th scope=\"col\">Port</th>"
                            "<th scope=\"col\">Pinned host key</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->jump_keys.count; i++) {
        const struct jump_key_row *row = &report->jump_keys.items[i];
        html_put(out,
                 "<tr><th scope=\"row\"><bdi>%s</bdi></th><td>%d</td>"
                 "<td>%s <code class=\"id\">%s</code></td></tr>\n",
                 row->host, row->port, row->type, row->fingerprint);
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

static void put_targets(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<h3>Targets</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
                            "<th scope=\"col\">Name</th><th scope=\"col\">Reached by</th>"
                            "<th scope=\"col\">Pinned host key</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->targets.count; i++) {
        const struct target_row *row = &report->targets.items[i];
        html_put(out, "<tr><th scope=\"row\"><bdi>%s</bdi></th><td><code>%s</code></td>", row->name,
                 row->spec);
        if (*row->key_fingerprint != '\0')
            html_put(out, "<td>%s <code class=\"id\">%s</code></td></tr>\n", row->key_type,
                     row->key_fingerprint);
        else
            buffer_append_text(out, "<td class=\"soft\">none: no host key was seen</td></tr>\n");
    }
    buffer_append_text(out, "</tbody></table></div>\n");
    put_ways(out, report);
    put_jump_hosts(out, report);
}

static void put_people(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<h3>People</h3>\n<div class=\"scroll\"><table>\n<thead><tr>"
                            "<th scope=\"col\">Name</th><th scope=\"col\">Entries</th>"
                            "<th scope=\"col\">From</th><th scope=\"col\">To</th>"
                            "<th scope=\"col\">Key</th></tr></thead>\n<tbody>\n");
    for (size_t i = 0; i < report->authors.count; i++) {
        const struct author_row *row = &report->authors.items[i];
        AUTO_FREE char *key = wording_key(row->key);
        char from[CLOCK_TEXT_BYTES];
        char to[CLOCK_TEXT_BYTES];
        html_put(out,
                 "<tr><th scope=\"row\"><bdi>%s</bdi> <span class=\"soft\">%s</span></th>"
                 "<td class=\"nowrap\">%lld</td><td class=\"nowrap\">%s</td>"
                 "<td class=\"nowrap\">%s</td><td><code class=\"id\">%s</code></td></tr>\n",
                 row->name, row->email, (long long)row->entry_count,
                 wording_time(row->first_ms, from), wording_time(row->last_ms, to), key);
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

static void put_parameters(struct buffer *out, const struct report *report)
{
    if (report->parameters.count == 0)
        return;
    buffer_append_text(out, "<h3>Parameters set by this review</h3>\n<dl class=\"facts\">\n");
    for (size_t i = 0; i < report->parameters.count; i++) {
        const struct parameter_row *row = &report->parameters.items[i];
        AUTO_FREE char *values = strings_join(&row->values, ", ");
        html_put(out, "<dt><code>%s</code></dt><dd>%s</dd>\n", row->id, values);
    }
    buffer_append_text(out, "</dl>\n");
}

static void put_scope(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<section id=\"scope\">\n<h2>Scope</h2>\n");
    put_targets(out, report);
    put_people(out, report);
    put_parameters(out, report);
    buffer_append_text(out, "</section>\n");
}

bool html_write(const struct report *report, struct buffer *out, struct error *error)
{
    (void)error; /* a writer into memory cannot fail; other formats can */
    put_head(out, report);
    buffer_append_text(out, "<body>\n");
    put_title_block(out, report);
    put_contents(out, report->flows.column_count + report->map.target_count > 0);
    buffer_append_text(out, "<main>\n");
    html_summary(out, report);
    put_scope(out, report);
    html_findings(out, report);
    html_noticed(out, report);
    html_exceptions(out, report);
    html_access(out, report);
    html_flows(out, report);
    html_areas(out, report);
    html_gaps(out, report);
    html_loose(out, report);
    html_signoffs(out, report);
    html_verify(out, report);
    buffer_append_text(out, "</main>\n");
    buffer_append_text(out, "</body>\n</html>\n");
    return true;
}
