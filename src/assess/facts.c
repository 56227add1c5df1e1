/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/facts.h"

#include <string.h>

#define FACTS_MAX       64
#define VALUE_MAX_BYTES 200

void target_facts_release(struct target_facts *facts)
{
    strings_release(&facts->names);
    strings_release(&facts->values);
}

/* What comes first of a name counts: a target cannot correct itself. */
static void add_line(struct target_facts *facts, const char *line)
{
    const char *colon = strstr(line, ": ");
    size_t length = colon ? strlen(colon + 2) : 0;
    AUTO_FREE char *name = memory_copy(line, colon ? (size_t)(colon - line) : 0);

    if (!length || facts->names.count >= FACTS_MAX || strings_contains(&facts->names, name))
        return;
    strings_push(&facts->names, name);
    strings_push_length(&facts->values, colon + 2,
                        length < VALUE_MAX_BYTES ? length : VALUE_MAX_BYTES);
}

static bool read_row(struct session *session, const struct evidence_row *row,
                     struct target_facts *facts, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};

    if (row->out_bytes == 0 || row->is_redacted)
        return true;
    if (!review_read_blob(session_review(session), &row->out_blob, &text, error))
        return false;
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++)
        add_line(facts, lines.items[i]);
    return true;
}

bool session_facts(struct session *session, const char *target, struct target_facts *ret_facts,
                   struct error *error)
{
    const struct review_filter filter = {.target = target, .check = FACTS_CHECK};
    AUTO_RELEASE(evidence_row_list) struct evidence_row_list rows = {0};
    bool ok = review_query_evidence(session_review(session), &filter, &rows, error);

    *ret_facts = (struct target_facts){0};
    for (size_t i = 0; ok && i < rows.count; i++)
        if (rows.items[i].is_latest && strcmp(rows.items[i].probe, FACTS_PROBE) == 0)
            ok = read_row(session, &rows.items[i], ret_facts, error);
    if (!ok)
        target_facts_release(ret_facts);
    return ok;
}

const char *target_facts_value(const struct target_facts *facts, const char *name)
{
    for (size_t i = 0; i < facts->names.count; i++)
        if (strcmp(facts->names.items[i], name) == 0)
            return facts->values.items[i];
    return NULL;
}

char *target_facts_line(const struct target_facts *facts)
{
    static const char *const shown[] = {"system", "kernel", "kind", "init", "user"};
    struct buffer line = {0};

    for (size_t i = 0; i < LENGTH(shown); i++) {
        const char *value = target_facts_value(facts, shown[i]);
        if (value)
            buffer_append_format(&line, "%s%s", line.length ? ", " : "", value);
    }
    return buffer_take(&line);
}
