/* SPDX-License-Identifier: Apache-2.0 */
#include "placeholder.h"

#include "keys.h"

#include <string.h>

static bool placeholder_at(const char *text, size_t start, struct placeholder *ret_placeholder)
{
    const char *id = text + start + 2;
    const char *end = strchr(id, '}');
    if (end == NULL || !reader_is_id(id, (size_t)(end - id)))
        return false;
    size_t length = (size_t)(end - id);
    *ret_placeholder = (struct placeholder){.start = start, .length = length + 3};
    memcpy(ret_placeholder->id, id, length);
    return true;
}

bool placeholder_find(const char *text, size_t from, struct placeholder *ret_placeholder)
{
    for (const char *dollar = text + from; (dollar = strstr(dollar, "${")) != NULL; dollar++)
        if (placeholder_at(text, (size_t)(dollar - text), ret_placeholder))
            return true;
    return false;
}

bool placeholder_find_in_pattern(const char *text, size_t from, struct placeholder *ret_placeholder)
{
    for (; placeholder_find(text, from, ret_placeholder); from = ret_placeholder->start + 1) {
        size_t backslashes = 0;
        while (backslashes < ret_placeholder->start &&
               text[ret_placeholder->start - backslashes - 1] == '\\')
            backslashes++;
        if (backslashes % 2 == 0)
            return true;
    }
    return false;
}

bool placeholder_is_all(const char *text, struct placeholder *ret_placeholder)
{
    return strncmp(text, "${", 2) == 0 && placeholder_at(text, 0, ret_placeholder) &&
           ret_placeholder->length == strlen(text);
}
