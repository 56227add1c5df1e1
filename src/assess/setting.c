/* SPDX-License-Identifier: Apache-2.0 */
#include "setting.h"

#include <string.h>

char *setting_id(const char *text)
{
    return memory_copy(text, strcspn(text, "="));
}

char *setting_target(const char *text)
{
    size_t length = strcspn(text, "/=");

    return text[length] == '/' ? memory_copy(text, length) : NULL;
}

static bool apply(const char *id, const char *value, struct parameters *parameters,
                  bool *ret_is_known, struct error *error)
{
    const struct parameter *parameter = checklist_find_parameter(parameters->checklist, id);
    AUTO_RELEASE(strings) struct strings values = {0};

    if (!parameter)
        return true;
    *ret_is_known = true;
    if (!parameter->is_list)
        strings_push(&values, value);
    else if (*value)
        strings_split(&values, value, ',');
    return parameters_set(parameters, id, &values, error);
}

bool setting_apply(const char *text, struct parameters *parameters, size_t count,
                   struct error *error)
{
    AUTO_FREE char *id = setting_id(text);
    bool is_known = false;

    if (!strchr(text, '='))
        return error_set(error, ERROR_USAGE, "parameter '%s' is not of the form ID=VALUE", text);
    for (size_t i = 0; i < count; i++)
        if (!apply(id, text + strlen(id) + 1, &parameters[i], &is_known, error))
            return false;
    return is_known || error_set(error, ERROR_NOT_FOUND, "no checklist has a parameter '%s'", id);
}
