/* SPDX-License-Identifier: Apache-2.0 */
#include "review/way.h"

#include <string.h>

enum { FACTS_MAX = 128, VALUE_MAX_BYTES = 300 };

static void release_facts(struct way_fact *facts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        free(facts[i].probe);
        free(facts[i].name);
        free(facts[i].value);
        free(facts[i].before);
    }
    free(facts);
}

void way_release(struct way *way)
{
    release_facts(way->facts, way->count);
    strings_release(&way->unseen);
    *way = (struct way){0};
}

static bool is_answer(const struct evidence_row *row)
{
    return strcmp(row->outcome, "done") == 0 && row->exit_status == 0 && row->out_bytes > 0 &&
           !row->is_redacted;
}

static void add_line(struct way *way, const char *probe, const char *line)
{
    const char *colon = strstr(line, ": ");
    size_t length = colon == NULL || colon == line ? 0 : strnlen(colon + 2, VALUE_MAX_BYTES);
    if (length == 0 || way->count >= FACTS_MAX)
        return;
    *array_push(way->facts, way->count) =
        (struct way_fact){.probe = memory_copy_text(probe),
                          .name = memory_copy(line, (size_t)(colon - line)),
                          .value = memory_copy(colon + 2, length),
                          .before = memory_copy_text("")};
}

/* Bytes that are not in the file are no answer; damaged ones are an error. */
static bool read_row(struct review *review, const struct evidence_row *row, struct way *way,
                     struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    struct error problem = {0};
    if (!review_read_blob(review, &row->out_blob, &text, &problem)) {
        if (problem.code == ERROR_NOT_FOUND) {
            strings_push_take(&way->unseen, memory_format("%s: not in this file", row->probe));
            return true;
        }
        if (error != NULL)
            *error = problem;
        return error_prefix(error, "'%s' of '%s'", row->probe, row->target);
    }
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++)
        add_line(way, row->probe, lines.items[i]);
    return true;
}

/* The answer before INDEX to the same probe. */
static const struct evidence_row *find_before(const struct evidence_row_list *rows, size_t index)
{
    for (size_t i = index; i-- > 0;) {
        if (strcmp(rows->items[i].probe, rows->items[index].probe) == 0 &&
            is_answer(&rows->items[i]))
            return &rows->items[i];
    }
    return NULL;
}

/* Facts from FIRST on are those of one probe. */
static void compare(struct way *way, size_t first, const struct way *before)
{
    for (size_t i = first; i < way->count; i++) {
        struct way_fact *fact = &way->facts[i];
        for (size_t j = 0; j < before->count; j++) {
            const struct way_fact *old = &before->facts[j];
            if (strcmp(fact->name, old->name) != 0 || strcmp(fact->value, old->value) == 0)
                continue;
            free(fact->before);
            fact->before = memory_copy_text(old->value);
            way->changed_count++;
            break;
        }
    }
}

static bool add_answer(struct review *review, const struct evidence_row_list *rows, size_t index,
                       struct way *way, struct error *error)
{
    const struct evidence_row *row = &rows->items[index];
    const struct evidence_row *old = find_before(rows, index);
    struct way before = {0};
    size_t first = way->count;
    bool is_lasting = strcmp(row->probe, WAY_INSIDE_ANEW) != 0;
    bool ok = read_row(review, row, way, error) &&
              (old == NULL || !is_lasting || read_row(review, old, &before, error));
    compare(way, first, &before);
    way_release(&before);
    return ok;
}

static void add_unseen(struct way *way, const struct evidence_row *row)
{
    if (row->exit_status == 0)
        strings_push_take(&way->unseen, memory_format("%s: it said nothing", row->probe));
    else if (row->exit_status > 0)
        strings_push_take(&way->unseen, memory_format("%s: exit %d", row->probe, row->exit_status));
    else
        strings_push_take(&way->unseen,
                          memory_format("%s: %s%s%s", row->probe, row->outcome,
                                        *row->detail != '\0' ? ", " : "", row->detail));
}

static int compare_facts(const void *one, const void *other)
{
    return strcmp(((const struct way_fact *)one)->probe, ((const struct way_fact *)other)->probe);
}

static bool is_wanted(const struct evidence_row *row, const char *target, const char *run)
{
    return strcmp(row->check, WAY_CHECK) == 0 && strcmp(row->target, target) == 0 &&
           (run == NULL ? row->is_latest : strcmp(row->run, run) == 0);
}

bool way_read(struct review *review, const char *target, const char *run, struct way *ret_way,
              struct error *error)
{
    const struct review_filter filter = {.target = target, .check = WAY_CHECK};
    AUTO_RELEASE(evidence_row_list) struct evidence_row_list rows = {0};
    bool ok = review_query_evidence(review, &filter, &rows, error);
    *ret_way = (struct way){0};
    for (size_t i = 0; ok && i < rows.count; i++) {
        if (!is_wanted(&rows.items[i], target, run))
            continue;
        if (is_answer(&rows.items[i]))
            ok = add_answer(review, &rows, i, ret_way, error);
        else
            add_unseen(ret_way, &rows.items[i]);
    }
    if (ret_way->count > 1)
        qsort(ret_way->facts, ret_way->count, sizeof(*ret_way->facts), compare_facts);
    if (!ok)
        way_release(ret_way);
    return ok;
}

char *way_line(const struct way *way)
{
    struct buffer line = {0};
    for (size_t i = 0; i < way->count; i++) {
        const struct way_fact *fact = &way->facts[i];
        if (i == 0 || strcmp(fact->probe, way->facts[i - 1].probe) != 0)
            buffer_append_format(&line, "%s%s: ", i > 0 ? "; " : "", fact->probe);
        else
            buffer_append_text(&line, ", ");
        buffer_append_format(&line, "%s %s", fact->name, fact->value);
    }
    for (size_t i = 0; i < way->unseen.count; i++)
        buffer_append_format(&line, "%s%s",
                             line.length > 0 ? "; not seen: " : "not seen: ", way->unseen.items[i]);
    return buffer_take(&line);
}

char *way_changes(const struct way *way)
{
    struct buffer line = {0};
    for (size_t i = 0; i < way->count; i++) {
        const struct way_fact *fact = &way->facts[i];
        if (*fact->before != '\0')
            buffer_append_format(&line, "%s%s %s is %s and was %s before",
                                 line.length > 0 ? "; " : "", fact->probe, fact->name, fact->value,
                                 fact->before);
    }
    return buffer_take(&line);
}
