/* SPDX-License-Identifier: Apache-2.0 */
#include "base/buffer.h"
#include "load_parts.h"

static void read_command(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    *(char **)member = memory_copy_text(text);
    load_check_command(reader, value);
}

static void read_as(struct reader *reader, const struct node *value, void *member)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL && strcmp(text, "root") != 0)
        reader_error(reader, value, "'%.80s' cannot be asked for, expected 'as: root' or no 'as'",
                     text);
    else if (text != NULL)
        *(bool *)member = true;
}

static void read_effect(struct reader *reader, const struct node *value, void *member)
{
    size_t index;
    if (reader_term(reader, value, &effect_terms, &index))
        *(enum effect *)member = (enum effect)index;
}

static void read_vantage(struct reader *reader, const struct node *value, void *member)
{
    size_t index;
    if (reader_term(reader, value, &vantage_terms, &index))
        *(enum vantage *)member = (enum vantage)index;
}

static void read_timeout(struct reader *reader, const struct node *value, void *member)
{
    static const struct unit units[] = {{"ms", 1}, {"s", 1000}, {"m", 60000}};
    const char *text = reader_expect_text(reader, value);
    int64_t ms;
    if (text == NULL)
        return;
    if (reader_parse_with_unit(text, units, LENGTH(units), &ms) && ms > 0 &&
        ms <= PROBE_TIMEOUT_MS_MAX)
        *(int *)member = (int)ms;
    else
        reader_error(reader, value,
                     "'%.80s' is no time-out, expected 500ms, 10s or 2m, at most %dm", text,
                     PROBE_TIMEOUT_MS_MAX / 60000);
}

static void read_output_cap(struct reader *reader, const struct node *value, void *member)
{
    static const struct unit units[] = {{"", 1}, {"k", 1024}, {"M", 1024 * 1024}};
    const char *text = reader_expect_text(reader, value);
    int64_t bytes;
    if (text == NULL)
        return;
    if (reader_parse_with_unit(text, units, LENGTH(units), &bytes) && bytes > 0 &&
        bytes <= PROBE_OUTPUT_BYTES_MAX)
        *(size_t *)member = (size_t)bytes;
    else
        reader_error(reader, value, "'%.80s' is no size, expected 65536, 64k or 4M, at most %dM",
                     text, PROBE_OUTPUT_BYTES_MAX / (1024 * 1024));
}

static void read_exit(struct reader *reader, const struct node *value, const char *text,
                      bool exits[256])
{
    int64_t status;
    if (!reader_parse_whole(text, 0, 255, &status))
        reader_error(reader, value, "'%.80s' is no exit status, expected 0 to 255 or any", text);
    else if (status == 126 || status == 127)
        reader_error(reader, value,
                     "exit status %s means that the tool could not be run, which is no "
                     "answer; leave it out",
                     text);
    else
        exits[status] = true;
}

static void read_exits(struct reader *reader, const struct node *value, void *member)
{
    struct check_probe *probe = member;
    if (value->kind == NODE_TEXT && strcmp(value->text, "any") == 0) {
        memset(probe->exits, true, sizeof(probe->exits));
        return;
    }
    AUTO_RELEASE(strings) struct strings statuses = {0};
    reader_texts(reader, value, &statuses);
    memset(probe->exits, false, sizeof(probe->exits));
    for (size_t i = 0; i < statuses.count; i++)
        read_exit(reader, value, statuses.items[i], probe->exits);
    if (value->kind == NODE_LIST && statuses.count == 0)
        reader_error(reader, value, "'exits' is empty, expected exit statuses or any");
}

static const struct key probe_key_list[] = {
    {"id", KEY_REQUIRED, reader_id, offsetof(struct check_probe, id)},
    {"run", KEY_REQUIRED, read_command, offsetof(struct check_probe, run)},
    {"as", KEY_OPTIONAL, read_as, offsetof(struct check_probe, as_root)},
    {"effect", KEY_OPTIONAL, read_effect, offsetof(struct check_probe, effect)},
    {"from", KEY_OPTIONAL, read_vantage, offsetof(struct check_probe, from)},
    {"timeout", KEY_OPTIONAL, read_timeout, offsetof(struct check_probe, timeout_ms)},
    {"max-output", KEY_OPTIONAL, read_output_cap, offsetof(struct check_probe, output_max_bytes)},
    {"exits", KEY_OPTIONAL, read_exits, 0},
};
const struct key_table probe_keys = {"a probe", probe_key_list, LENGTH(probe_key_list)};

static void check_probe_id(struct reader *reader, const struct node *value,
                           const struct check_probe *probe)
{
    if (probe->id == NULL)
        return;
    if (strcmp(probe->id, "when") == 0)
        reader_error(reader, value, "a probe cannot be called 'when', the condition has that name");
    for (const struct check_probe *other = reader->check->probes; other < probe; other++)
        if (other->id != NULL && strcmp(other->id, probe->id) == 0)
            reader_error(reader, value, "duplicate probe '%s', first in line %d", probe->id,
                         other->position.line);
}

/* What belongs to the reviewer is looked at, if at all, with the reviewer's own rights. */
static void check_rights(struct reader *reader, const struct node *value,
                         const struct check_probe *probe)
{
    if (probe->as_root && probe->from == VANTAGE_REVIEWER)
        reader_error(reader, value,
                     "nothing runs as root on the reviewer's machine; leave out 'as: root', or "
                     "look 'from: host'");
}

static void read_probe(struct reader *reader, const struct node *value)
{
    struct check *check = reader->check;
    struct check_probe *probe = array_push(check->probes, check->probe_count);
    probe->timeout_ms = PROBE_TIMEOUT_MS_DEFAULT;
    probe->output_max_bytes = PROBE_OUTPUT_BYTES_DEFAULT;
    probe->exits[0] = true;
    probe->position = value->position;
    if (!reader_mapping(reader, value, &probe_keys, probe))
        return;
    check_probe_id(reader, value, probe);
    check_rights(reader, value, probe);
}

void load_probes(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (!reader_expect_list(reader, value, "probes"))
        return;
    for (size_t i = 0; i < value->child_count; i++) {
        if (i >= PROBES_PER_CHECK_MAX) {
            reader_error(reader, &value->children[i],
                         "more than %d probes in a check; split the check", PROBES_PER_CHECK_MAX);
            return;
        }
        read_probe(reader, &value->children[i]);
    }
}

bool load_has_probe(const struct check *check, const char *id)
{
    for (size_t i = 0; i < check->probe_count; i++)
        if (check->probes[i].id != NULL && strcmp(check->probes[i].id, id) == 0)
            return true;
    return false;
}
