/* SPDX-License-Identifier: Apache-2.0 */
#include "export/escape.h"
#include "html.h"
#include "wording.h"

enum { BAR_UNITS = 1000 }; /* width of a full bar, in units of its own picture */

void html_verdict(struct buffer *out, enum standing standing)
{
    html_put(out, "<span class=\"verdict %s\"><span aria-hidden=\"true\">%s</span> %s</span>",
             standing_id(standing), standing_symbol(standing), standing_word(standing));
}

void html_severity(struct buffer *out, const struct report_item *item)
{
    static const char *const classes[] = {"info", "low", "medium", "high", "critical", "unrated"};
    html_put(out, "<span class=\"severity %s\">%s</span>", classes[item->severity],
             wording_severity(item->severity));
}

static const char *short_word(enum standing standing)
{
    return standing == STANDING_NOT_APPLICABLE ? "N/A" : standing_word(standing);
}

static void put_tiles(struct buffer *out, const struct report_counts *counts)
{
    buffer_append_text(out, "<ul class=\"tiles\">\n");
    for (int i = 0; i < STANDING_COUNT; i++)
        html_put(out,
                 "<li class=\"%s%s\"><b>%zu</b> <span aria-hidden=\"true\">%s</span> %s</li>\n",
                 standing_id(i), counts->by_standing[i] == 0 ? " zero" : "", counts->by_standing[i],
                 standing_symbol(i), short_word(i));
    buffer_append_text(out, "</ul>\n");
}

static char *describe_counts(const struct report_counts *counts)
{
    struct buffer text = {0};
    for (int i = 0; i < STANDING_COUNT; i++)
        if (counts->by_standing[i] > 0)
            buffer_append_format(&text, "%s%zu %s", text.length > 0 ? ", " : "",
                                 counts->by_standing[i], standing_word(i));
    return buffer_take(&text);
}

/* A stacked bar; a full one stands for FULL items. */
static void put_bar(struct buffer *out, const struct report_counts *counts, size_t full)
{
    AUTO_FREE char *label = describe_counts(counts);
    html_put(out,
             "<svg class=\"bar\" viewBox=\"0 0 1000 10\" preserveAspectRatio=\"none\" "
             "role=\"img\" aria-label=\"%s\">"
             "<rect class=\"track\" x=\"0\" y=\"0\" width=\"1000\" height=\"10\"></rect>",
             label);
    size_t before = 0;
    for (int i = 0; i < STANDING_COUNT && full > 0; i++) {
        size_t begin = before * BAR_UNITS / full;
        before += counts->by_standing[i];
        size_t end = before * BAR_UNITS / full;
        if (end > begin)
            html_put(out,
                     "<rect class=\"%s\" x=\"%zu\" y=\"0\" width=\"%zu\" height=\"10\"></rect>",
                     standing_id(i), begin, end - begin);
    }
    buffer_append_text(out, "</svg>");
}

static void put_count_headings(struct buffer *out, const char *first, bool has_bar)
{
    html_put(out,
             "<div class=\"scroll\"><table class=\"counts%s\">\n<thead><tr>"
             "<th scope=\"col\">%s</th>",
             has_bar ? "" : " plain", first);
    if (has_bar)
        buffer_append_text(out, "<th scope=\"col\" class=\"wide\">How the items stand</th>");
    for (int i = 0; i < STANDING_COUNT; i++)
        html_put(out,
                 "<th scope=\"col\"><span class=\"mark %s\" aria-hidden=\"true\">%s</span>"
                 "<span>%s</span></th>",
                 standing_id(i), standing_symbol(i), short_word(i));
    buffer_append_text(out, "<th scope=\"col\">All</th></tr></thead>\n<tbody>\n");
}

static void put_count_cells(struct buffer *out, const struct report_counts *counts)
{
    for (int i = 0; i < STANDING_COUNT; i++)
        html_put(out, "<td class=\"%s%s\">%zu</td>", standing_id(i),
                 counts->by_standing[i] == 0 ? " zero" : "", counts->by_standing[i]);
    html_put(out, "<td class=\"all\">%zu</td></tr>\n", counts->items);
}

static void put_area_table(struct buffer *out, const struct report *report)
{
    size_t most = 0;
    for (size_t i = 0; i < report->area_count; i++)
        if (report->areas[i].item_count > most)
            most = report->areas[i].item_count;
    buffer_append_text(out, "<h3>By area</h3>\n");
    put_count_headings(out, "Area", true);
    for (size_t i = 0; i < report->area_count; i++) {
        const struct report_area *area = &report->areas[i];
        html_put(out,
                 "<tr><th scope=\"row\"><a href=\"#a%zu\"><bdi>%s</bdi></a></th>"
                 "<td class=\"wide\">",
                 i + 1, area->title);
        put_bar(out, &area->counts, most);
        buffer_append_text(out, "</td>");
        put_count_cells(out, &area->counts);
    }
    buffer_append_text(out, "</tbody>\n<tfoot><tr><th scope=\"row\">All areas</th>"
                            "<td class=\"wide\"></td>");
    put_count_cells(out, &report->counts);
    buffer_append_text(out, "</tfoot></table></div>\n");
}

static void put_severity_table(struct buffer *out, const struct report *report)
{
    static const size_t order[] = {SEVERITY_CRITICAL, SEVERITY_HIGH, SEVERITY_MEDIUM,
                                   SEVERITY_LOW,      SEVERITY_INFO, REPORT_UNRATED};
    buffer_append_text(out, "<h3>By severity</h3>\n");
    put_count_headings(out, "Severity", false);
    for (size_t i = 0; i < LENGTH(order); i++) {
        const struct report_counts *counts = &report->severities[order[i]];
        if (order[i] == REPORT_UNRATED && counts->items == 0)
            continue;
        html_put(out, "<tr><th scope=\"row\">%s</th>", wording_severity(order[i]));
        put_count_cells(out, counts);
    }
    buffer_append_text(out, "</tbody></table></div>\n");
}

void html_summary(struct buffer *out, const struct report *report)
{
    buffer_append_text(out, "<section id=\"summary\">\n<h2>Summary</h2>\n");
    put_tiles(out, &report->counts);
    put_bar(out, &report->counts, report->counts.items);
    html_put(out, "<p class=\"soft\">%s", wording_scope);
    if (report->counts.against_suggestion > 0)
        html_put(out, " %zu verdict%s against what was suggested; each says why.",
                 report->counts.against_suggestion,
                 report->counts.against_suggestion == 1 ? " is" : "s are");
    html_put(out, "</p>\n<p class=\"soft\">%s</p>\n", wording_testimony);
    put_area_table(out, report);
    put_severity_table(out, report);
    buffer_append_text(out, "</section>\n");
}
