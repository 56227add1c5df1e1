/* SPDX-License-Identifier: Apache-2.0 */
#include "build.h"

const struct fixed_area fixed_areas[FIXED_AREAS] = {
    {"access", "Access control"},        {"configuration", "Configuration"},
    {"isolation", "Resource isolation"}, {"monitoring", "Monitoring"},
    {"dependencies", "Dependencies"},    {"data", "Data protection"},
};

/* The checklists that are in force, in the order in which their checks count: where two have a
 * check of one id, the first has it (docs/review-file.md, "The fold"). */
struct models {
    const struct checklist **items;
    size_t count;
};

static void find_models(const struct checklist_row_list *rows,
                        const struct checklist *const *checklists, size_t checklist_count,
                        struct models *models)
{
    for (size_t i = 0; i < rows->count; i++) {
        for (size_t j = 0; j < checklist_count; j++) {
            if (digest_equal(&checklists[j]->digest, &rows->items[i].digest)) {
                *array_push(models->items, models->count) = checklists[j];
                break;
            }
        }
    }
}

static const struct check *find_check(const struct models *models, const char *id)
{
    for (size_t i = 0; i < models->count; i++) {
        const struct check *check = checklist_find_check(models->items[i], id);
        if (check != NULL)
            return check;
    }
    return NULL;
}

static const char *area_title(const struct report *report, const char *id)
{
    for (size_t i = 0; i < report->area_rows.count; i++)
        if (strcmp(report->area_rows.items[i].id, id) == 0)
            return report->area_rows.items[i].title;
    for (size_t i = 0; i < FIXED_AREAS; i++)
        if (strcmp(fixed_areas[i].id, id) == 0)
            return fixed_areas[i].title;
    return "";
}

/* The index of the row's area; rows of one area mostly follow each other. */
static size_t find_area(struct report *report, const char *id, size_t last)
{
    if (last < report->area_count && strcmp(report->areas[last].id, id) == 0)
        return last;
    for (size_t i = 0; i < report->area_count; i++)
        if (strcmp(report->areas[i].id, id) == 0)
            return i;
    array_push(report->areas, report->area_count)->id = id;
    return report->area_count - 1;
}

/* Count the items of each area, in AREA_OF the area of each row. Areas come in the order of the
 * checklists; one without items is left out. */
static void find_areas(struct report *report, size_t *area_of)
{
    for (size_t i = 0; i < report->area_rows.count; i++)
        find_area(report, report->area_rows.items[i].id, 0);
    for (size_t i = 0; i < report->rows.count; i++) {
        area_of[i] = find_area(report, report->rows.items[i].area, i > 0 ? area_of[i - 1] : 0);
        report->areas[area_of[i]].item_count++;
    }
}

static void drop_empty_areas(struct report *report)
{
    size_t kept = 0;
    for (size_t i = 0; i < report->area_count; i++)
        if (report->areas[i].item_count > 0)
            report->areas[kept++] = report->areas[i];
    report->area_count = kept;
}

/* Group the rows by area, the order in an area kept. */
static void sort_rows(struct report *report)
{
    size_t count = report->rows.count;
    AUTO_FREE size_t *area_of = memory_new(count, sizeof(size_t));
    find_areas(report, area_of);
    report->items = memory_new(count, sizeof(*report->items));
    report->item_count = count;
    struct report_item *next = report->items;
    for (size_t i = 0; i < report->area_count; i++) {
        struct report_area *area = &report->areas[i];
        const char *title = area_title(report, area->id);
        area->title = *title != '\0' ? title : *area->id != '\0' ? area->id : "Other";
        area->items = next;
        next += area->item_count;
        area->item_count = 0;
    }
    for (size_t i = 0; i < count; i++) {
        struct report_area *area = &report->areas[area_of[i]];
        area->items[area->item_count++].row = &report->rows.items[i];
    }
    drop_empty_areas(report);
}

static bool is_verdict(const char *text)
{
    return strcmp(text, "pass") == 0 || strcmp(text, "fail") == 0 ||
           strcmp(text, "not-applicable") == 0;
}

/* A verdict that we do not know counts as none. */
static enum standing find_standing(const struct item_row *row)
{
    if (strcmp(row->verdict, "disputed") == 0)
        return STANDING_DISPUTED;
    if (strcmp(row->verdict, "fail") == 0)
        return STANDING_FAIL;
    if (is_verdict(row->verdict) && row->is_stale)
        return STANDING_STALE;
    if (strcmp(row->verdict, "pass") == 0)
        return STANDING_PASS;
    if (strcmp(row->verdict, "not-applicable") == 0)
        return STANDING_NOT_APPLICABLE;
    return strcmp(row->suggestion, "blocked") == 0 ? STANDING_BLOCKED : STANDING_OPEN;
}

static size_t find_severity(const char *text)
{
    enum severity severity;
    return severity_parse(text, &severity) ? (size_t)severity : REPORT_UNRATED;
}

void build_items(struct report *report, const struct checklist *const *checklists,
                 size_t checklist_count)
{
    struct models models = {0};
    find_models(&report->checklists, checklists, checklist_count, &models);
    sort_rows(report);
    for (size_t i = 0; i < report->item_count; i++) {
        struct report_item *item = &report->items[i];
        const struct item_row *row = item->row;
        bool is_same_check = i > 0 && strcmp(report->items[i - 1].row->check, row->check) == 0;
        item->number = i + 1;
        item->check = is_same_check ? report->items[i - 1].check : find_check(&models, row->check);
        item->standing = find_standing(row);
        item->severity = find_severity(row->severity);
        item->is_against = is_verdict(row->verdict) && is_verdict(row->suggestion_then) &&
                           strcmp(row->verdict, row->suggestion_then) != 0;
    }
    free(models.items);
}
