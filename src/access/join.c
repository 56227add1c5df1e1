/* SPDX-License-Identifier: Apache-2.0 */
/* From what the probes of a target said to its matrix. */
#include "base/json.h"
#include "model.h"

static void parse(struct model *model, const struct access_source *sources)
{
    typedef void parse_function(struct model *, const char *);
    static parse_function *const functions[] = {
        [ACCESS_ACCOUNTS] = parse_accounts,   [ACCESS_GROUPS] = parse_groups,
        [ACCESS_PASSWORDS] = parse_passwords, [ACCESS_RULES] = parse_rules,
        [ACCESS_KEYS] = parse_keys,           [ACCESS_LOGINS] = parse_logins};
    for (size_t i = 0; i < ACCESS_PROBE_COUNT; i++) {
        /* A name that is no UTF-8 has to be the same in the matrix and in the ledger. */
        AUTO_JSON json_t *text = json_text(sources[i].text);
        if (sources[i].text != NULL)
            functions[i](model, json_string_value(text));
    }
}

/* What the columns that say "unknown" have in common, and what none of them can tell. */
static char *gaps_of(const struct access_source *sources, const struct model *model)
{
    struct buffer text = {0};
    for (size_t i = 0; i < ACCESS_PROBE_COUNT; i++) {
        const char *why = sources[i].why;
        if (sources[i].text == NULL)
            buffer_append_format(&text, "%s: not seen: %s\n", access_probe_id((enum access_probe)i),
                                 why == NULL ? "not gathered" : why);
        else if (why != NULL)
            buffer_append_format(&text, "%s: incomplete: %s\n",
                                 access_probe_id((enum access_probe)i), why);
    }
    if (model->uses_directory)
        buffer_append_text(&text, "accounts of a directory service may not be in the list\n");
    if (model->left_out > 0)
        buffer_append_format(&text, "%zu more accounts are left out\n", model->left_out);
    return buffer_take(&text);
}

/* What needs a look comes first. */
static void put_inert_last(struct access_line *lines, size_t count)
{
    struct access_line *inert = memory_new(count, sizeof(*inert));
    size_t kept = 0, moved = 0;
    for (size_t i = 0; i < count; i++) {
        if (lines[i].is_inert)
            inert[moved++] = lines[i];
        else
            lines[kept++] = lines[i];
    }
    for (size_t i = 0; i < moved; i++)
        lines[kept + i] = inert[i];
    free(inert);
}

void access_join(const struct access_source sources[ACCESS_PROBE_COUNT],
                 struct access_matrix *ret_matrix)
{
    AUTO_RELEASE(model) struct model model = {0};
    *ret_matrix = (struct access_matrix){.target = memory_copy_text("")};
    parse(&model, sources);
    for (size_t i = 0; i < model.count; i++)
        line_make(&model, sources, &model.accounts[i],
                  array_push(ret_matrix->lines, ret_matrix->count));
    put_inert_last(ret_matrix->lines, ret_matrix->count);
    ret_matrix->why = gaps_of(sources, &model);
    ret_matrix->is_gathered = model.count > 0;
    ret_matrix->left_out = model.left_out;
    ret_matrix->by_state[ACCESS_STATE_OPEN] = model.count;
}
