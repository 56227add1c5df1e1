/* SPDX-License-Identifier: Apache-2.0 */
#include "model.h"

#include <string.h>

/* --- texts --- */

void fields_split(struct fields *fields, char *line, size_t max)
{
    fields->count = 0;
    while (fields->count < max) {
        fields->items[fields->count++] = line;
        char *colon = fields->count < max ? strchr(line, ':') : NULL;
        if (colon == NULL)
            return;
        *colon = '\0';
        line = colon + 1;
    }
}

int64_t field_number(const char *text)
{
    enum { DIGITS_MAX = 15 };
    size_t digits = strspn(text, "0123456789");
    if (digits == 0 || digits > DIGITS_MAX || text[digits] != '\0')
        return -1;
    return strtoll(text, NULL, 10);
}

void split_words(struct strings *words, const char *text)
{
    while (*(text += strspn(text, " \t")) != '\0') {
        size_t length = strcspn(text, " \t");
        strings_push_length(words, text, length);
        text += length;
    }
}

/* --- the model --- */

void model_release(struct model *model)
{
    for (size_t i = 0; i < model->count; i++) {
        struct account *account = &model->accounts[i];
        free(account->name);
        free(account->full_name);
        free(account->home);
        free(account->shell);
        strings_release(&account->groups);
        strings_release(&account->keys);
        strings_release(&account->rules);
        buffer_release(&account->evidence);
    }
    free(model->accounts);
    free(model->by_name);
    *model = (struct model){0};
}

static int compare_names(const void *a, const void *b)
{
    const struct account *const *left = a, *const *right = b;
    return strcmp((*left)->name, (*right)->name);
}

void model_index(struct model *model)
{
    model->by_name = memory_new(model->count, sizeof(struct account *));
    for (size_t i = 0; i < model->count; i++)
        model->by_name[i] = &model->accounts[i];
    qsort(model->by_name, model->count, sizeof(struct account *), compare_names);
}

struct account *model_find(const struct model *model, const char *name)
{
    struct account wanted = {.name = (char *)(uintptr_t)name};
    const struct account *key = &wanted;
    if (model->count == 0)
        return NULL;
    struct account **found =
        bsearch(&key, model->by_name, model->count, sizeof(*model->by_name), compare_names);
    return found == NULL ? NULL : *found;
}

void account_cite(struct account *account, enum access_probe probe, size_t number, const char *line)
{
    enum { CITED_MAX_BYTES = 16 * 1024 };
    if (account->evidence.length < CITED_MAX_BYTES)
        buffer_append_format(&account->evidence, "%s, line %zu: %s\n", access_probe_id(probe),
                             number, line);
}
