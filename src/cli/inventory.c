/* SPDX-License-Identifier: Apache-2.0 */
#include "inventory.h"

#include "assess/flows.h"

static void append(struct strings *to, const struct strings *from)
{
    for (size_t i = 0; i < from->count; i++)
        strings_push(to, from->items[i]);
}

/* The file of -T and the names that -g chooses in it. */
static bool load(const struct arguments *arguments, struct inventory *ret_inventory,
                 struct strings *ret_names, struct error *error)
{
    *ret_inventory = (struct inventory){0};
    if (!arguments->target_file)
        return !arguments->group ||
               error_set(error, ERROR_USAGE, "-g chooses in a file of targets: give it with -T");
    return inventory_load_file(arguments->target_file, ret_inventory, error) &&
           inventory_select(ret_inventory, arguments->group, ret_names, error);
}

bool targets_chosen(const struct arguments *arguments, struct strings *ret_names,
                    struct error *error)
{
    struct inventory inventory;
    bool ok;

    append(ret_names, &arguments->targets);
    ok = load(arguments, &inventory, ret_names, error);
    inventory_release(&inventory);
    /* No names would mean all targets. */
    return ok &&
           (ret_names->count || !arguments->target_file ||
            error_set(error, ERROR_NOT_FOUND, "the group '%s' has no targets", arguments->group));
}

bool targets_added(const struct arguments *arguments, struct strings *ret_targets,
                   struct strings *ret_parameters, struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    struct inventory inventory;
    bool ok = load(arguments, &inventory, &names, error);

    append(ret_targets, &arguments->targets);
    for (size_t i = 0; ok && i < names.count; i++)
        strings_push_take(ret_targets, memory_format("%s=%s", names.items[i],
                                                     inventory_target(&inventory, names.items[i])));
    append(ret_parameters, &inventory.parameters);
    for (size_t i = 0; ok && i < names.count; i++)
        inventory_settings(&inventory, names.items[i], ret_parameters);
    append(ret_parameters, &arguments->parameters);
    inventory_release(&inventory);
    return ok;
}

bool flows_added(const struct arguments *arguments, struct flow_line_list *ret_lines,
                 struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    AUTO_RELEASE(flow_line_list) struct flow_line_list all = {0};
    struct inventory inventory;
    bool ok = load(arguments, &inventory, &names, error) &&
              flows_of_inventory(&inventory, arguments->target_file, &all, error);

    inventory_release(&inventory);
    for (size_t i = 0; ok && i < all.count; i++)
        if (strings_contains(&names, all.items[i].from))
            flow_line_add(ret_lines, &all.items[i]);
    return ok;
}
