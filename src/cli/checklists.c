/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/catalog.h"
#include "checklist/load.h"
#include "commands.h"
#include "output.h"

/* How many checks of an area suggest a verdict of their own, and how many help a human to one. */
static json_t *area_json(const struct checklist *checklist, size_t area)
{
    json_int_t deciding = 0, assisting = 0, interviews = 0;

    for (size_t i = 0; i < checklist->check_count; i++) {
        const struct check *check = &checklist->checks[i];
        if (check->area != area)
            continue;
        deciding += check->expectation_count > 0;
        assisting += check->expectation_count == 0;
        interviews += check->expectation_count == 0 && check->probe_count == 0;
    }
    return json_pack("{s:o, s:o, s:I, s:I, s:I, s:I}", "id", json_text(checklist->areas[area].id),
                     "title", json_text(checklist->areas[area].title), "checks",
                     deciding + assisting, "deciding", deciding, "assisting", assisting,
                     "interviews", interviews);
}

static json_t *areas_json(const struct checklist *checklist)
{
    json_t *areas = json_array();

    for (size_t i = 0; i < checklist->area_count; i++)
        json_array_append_new(areas, area_json(checklist, i));
    return areas;
}

static json_t *entry_json(const struct catalog_entry *entry, const struct checklist *checklist,
                          const struct error *error)
{
    json_t *json = json_pack("{s:o, s:o, s:b}", "name", json_text(entry->name), "path",
                             json_text(entry->path), "bundled", entry->is_bundled);

    if (!checklist) {
        json_object_set_new(json, "error", json_text(error->message));
        return json;
    }
    json_object_set_new(json, "title", json_text(checklist->title));
    json_object_set_new(json, "version", json_text(checklist->version));
    json_object_set_new(json, "checks", json_integer((json_int_t)checklist->check_count));
    json_object_set_new(json, "areas", areas_json(checklist));
    return json;
}

static void print_entry(struct output *output, const struct catalog_entry *entry,
                        const struct checklist *checklist, const struct error *error)
{
    output_safe(output, entry->name, 28);
    if (checklist) {
        output_add(output, "%4zu checks  ", checklist->check_count);
        output_safe(output, checklist->version, 10);
        output_safe(output, checklist->title, 0);
    } else {
        output_styled(output, STYLE_BAD, "not usable: ");
        output_safe(output, error->message, 0);
    }
    output_add(output, "%s\n", entry->is_bundled ? "" : "  (your own)");
}

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *list = json_array();
    struct catalog catalog = {0};

    output_init(&output, arguments);
    catalog_list(&catalog);
    for (size_t i = 0; i < catalog.count; i++) {
        AUTO(checklist) struct checklist *checklist = NULL;
        struct error error = {0};
        bool ok = checklist_load_file(catalog.entries[i].path, &checklist, NULL, &error);
        const struct checklist *loaded = ok ? checklist : NULL;
        json_array_append_new(list, entry_json(&catalog.entries[i], loaded, &error));
        print_entry(&output, &catalog.entries[i], loaded, &error);
    }
    if (!catalog.count)
        output_add(&output, "no checklists are installed\n");
    catalog_release(&catalog);
    return arguments->json ? output_json(json_incref(list)) : output_write(&output);
}

const struct command command_checklists = {
    .name = "checklists",
    .words = "",
    .summary = "list the checklists at hand",
    .run = run,
};
