/* SPDX-License-Identifier: Apache-2.0 */
/*
 * An expectation is read key by key into a draft, which remembers which keys of a kind there were;
 * what the keys mean together is looked at when all are read. load_matcher.c checks arguments.
 */
#include "load_expectation.h"

#include "base/buffer.h"

static void read_one(struct reader *reader, const struct node *value, struct expectation *place);

static void read_children(struct reader *reader, const struct node *value, struct draft *draft)
{
    if (!reader_expect_list(reader, value, "expectations"))
        return;
    struct expectation *target = draft->target;
    if (value->child_count == 0)
        reader_error(reader, value, "'%s' is empty, expected at least one expectation", value->key);
    for (size_t i = 0; i < value->child_count; i++)
        read_one(reader, &value->children[i], array_push(target->children, target->child_count));
}

static void begin_combination(struct reader *reader, const struct node *value, struct draft *draft,
                              enum expectation_kind kind)
{
    if (draft->combination != NULL)
        reader_error(reader, value, "'%s' beside '%s', expected one of them; nest them instead",
                     value->key, draft->combination->key);
    draft->combination = value;
    draft->target->kind = kind;
}

static void read_all_key(struct reader *reader, const struct node *value, void *member)
{
    begin_combination(reader, value, member, EXPECT_ALL);
    read_children(reader, value, member);
}

static void read_any_key(struct reader *reader, const struct node *value, void *member)
{
    begin_combination(reader, value, member, EXPECT_ANY);
    read_children(reader, value, member);
}

static void read_not_key(struct reader *reader, const struct node *value, void *member)
{
    struct draft *draft = member;
    begin_combination(reader, value, draft, EXPECT_NOT);
    read_one(reader, value, array_push(draft->target->children, draft->target->child_count));
}

static void read_that_key(struct reader *reader, const struct node *value, void *member)
{
    ((struct draft *)member)->that = value;
    (void)reader_expect_text(reader, value);
}

/* The first key that cuts values out of the stream; a second one is an error. */
static bool begin_extraction(struct reader *reader, const struct node *value, struct draft *draft,
                             enum extraction extraction)
{
    if (draft->extraction != NULL) {
        reader_error(reader, value, "'%s' beside '%s', expected one way to cut out values",
                     value->key, draft->extraction->key);
        return false;
    }
    draft->extraction = value;
    draft->target->extraction = extraction;
    return true;
}

static void take_extract_text(struct reader *reader, const struct node *value, struct draft *draft)
{
    const char *text = reader_expect_text(reader, value);
    if (text != NULL)
        draft->target->extract_text = memory_copy_text(text);
}

static void read_capture_key(struct reader *reader, const struct node *value, void *member)
{
    if (!begin_extraction(reader, value, member, EXTRACT_CAPTURE))
        return;
    take_extract_text(reader, value, member);
    if (value->kind == NODE_TEXT)
        load_check_pattern(reader, value);
}

static void read_column_key(struct reader *reader, const struct node *value, void *member)
{
    struct draft *draft = member;
    const char *text = reader_expect_text(reader, value);
    int64_t column;
    if (!begin_extraction(reader, value, draft, EXTRACT_COLUMN) || text == NULL)
        return;
    if (reader_parse_whole(text, 1, 1000, &column))
        draft->target->extract_number = (int)column;
    else
        reader_error(reader, value, "'%.80s' is no column, expected a number from 1 to 1000", text);
}

static void read_key_key(struct reader *reader, const struct node *value, void *member)
{
    if (begin_extraction(reader, value, member, EXTRACT_KEY))
        take_extract_text(reader, value, member);
}

/* RFC 6901: empty, or '/' in front of each part; '~' only as ~0 or ~1. */
static bool is_pointer(const char *text)
{
    if (*text != '\0' && *text != '/')
        return false;
    for (; (text = strchr(text, '~')) != NULL; text++)
        if (text[1] != '0' && text[1] != '1')
            return false;
    return true;
}

static void read_pointer_key(struct reader *reader, const struct node *value, void *member)
{
    struct draft *draft = member;
    if (!begin_extraction(reader, value, draft, EXTRACT_POINTER))
        return;
    if (value->kind != NODE_TEXT || !is_pointer(value->text))
        reader_error(reader, value, "no JSON pointer, expected '/name/0' or \"\" (RFC 6901)");
    else
        draft->target->extract_text = memory_copy_text(value->text);
}

static void read_whole_key(struct reader *reader, const struct node *value, void *member)
{
    bool is_whole = true;
    reader_bool(reader, value, &is_whole);
    if (!is_whole)
        reader_error(reader, value, "'whole: false' says nothing; leave it out");
    begin_extraction(reader, value, member, EXTRACT_WHOLE);
}

static void read_separator_key(struct reader *reader, const struct node *value, void *member)
{
    struct draft *draft = member;
    draft->separator = value;
    const char *text = reader_expect_text(reader, value);
    if (text != NULL)
        draft->target->separator = memory_copy_text(text);
}

static void read_filter(struct reader *reader, const struct node *value, struct draft *draft,
                        char **place)
{
    draft->filter = value;
    const char *text = reader_expect_text(reader, value);
    if (text == NULL)
        return;
    *place = memory_copy_text(text);
    load_check_pattern(reader, value);
}

static void read_select_key(struct reader *reader, const struct node *value, void *member)
{
    read_filter(reader, value, member, &((struct draft *)member)->target->select);
}

static void read_ignore_key(struct reader *reader, const struct node *value, void *member)
{
    read_filter(reader, value, member, &((struct draft *)member)->target->ignore);
}

static void read_none_key(struct reader *reader, const struct node *value, void *member)
{
    static const char *const texts[] = {"undecided", "pass", "fail"};
    static const struct terms terms = {texts, LENGTH(texts)};
    struct draft *draft = member;
    size_t index;
    draft->none = value;
    if (reader_term(reader, value, &terms, &index))
        draft->target->no_value = (enum no_value)index;
}

static void read_else_key(struct reader *reader, const struct node *value, void *member)
{
    reader_text(reader, value, &((struct draft *)member)->target->otherwise);
}

static void read_matcher_key(struct reader *reader, const struct node *value, void *member)
{
    struct draft *draft = member;
    size_t matcher = 0;
    if (draft->matcher != NULL)
        reader_error(reader, value,
                     "'%s' beside '%s', expected one matcher; write two expectations", value->key,
                     draft->matcher->key);
    draft->matcher = value;
    if (terms_find(&matcher_terms, value->key, &matcher))
        draft->target->matcher = (enum matcher)matcher;
}

#define X(name, text, takes) {text, KEY_OPTIONAL, read_matcher_key, 0},
static const struct key expectation_key_list[] = {
    {"all", KEY_OPTIONAL, read_all_key, 0},
    {"any", KEY_OPTIONAL, read_any_key, 0},
    {"not", KEY_OPTIONAL, read_not_key, 0},
    {"that", KEY_OPTIONAL, read_that_key, 0},
    {"select", KEY_OPTIONAL, read_select_key, 0},
    {"ignore", KEY_OPTIONAL, read_ignore_key, 0},
    {"capture", KEY_OPTIONAL, read_capture_key, 0},
    {"column", KEY_OPTIONAL, read_column_key, 0},
    {"separator", KEY_OPTIONAL, read_separator_key, 0},
    {"key", KEY_OPTIONAL, read_key_key, 0},
    {"pointer", KEY_OPTIONAL, read_pointer_key, 0},
    {"whole", KEY_OPTIONAL, read_whole_key, 0},
    {"none", KEY_OPTIONAL, read_none_key, 0},
    {"else", KEY_OPTIONAL, read_else_key, 0},
    MATCHERS(X)};
#undef X
const struct key_table expectation_keys = {"an expectation", expectation_key_list,
                                           LENGTH(expectation_key_list)};

/* "effective.stdout", or "stdout" in a check with one probe. */
static void resolve_that(struct reader *reader, const struct node *that,
                         struct expectation *expectation)
{
    static const char *const texts[] = {"stdout", "stderr", "exit"};
    static const struct terms streams = {texts, LENGTH(texts)};
    const struct check *check = reader->check;
    const char *dot = strchr(that->text, '.');
    const char *stream_text = dot == NULL ? that->text : dot + 1;
    size_t stream;
    AUTO_FREE char *probe =
        dot == NULL ? NULL : memory_copy(that->text, (size_t)(dot - that->text));
    if (!terms_find(&streams, stream_text, &stream))
        reader_error(reader, that,
                     "'%.80s' cannot be looked at, expected PROBE.stdout, PROBE.stderr "
                     "or PROBE.exit",
                     that->text);
    else if (probe == NULL && check->probe_count != 1)
        reader_error(reader, that, "'%s' of which probe? the check has %zu, expected PROBE.%s",
                     that->text, check->probe_count, that->text);
    else if (probe == NULL && check->probes[0].id != NULL)
        expectation->probe = memory_copy_text(check->probes[0].id);
    else if (probe != NULL && load_has_probe(check, probe))
        expectation->probe = take(&probe);
    else if (probe != NULL)
        reader_error(reader, that, "the check has no probe '%.80s'", probe);
    if (terms_find(&streams, stream_text, &stream))
        expectation->stream = (enum stream)stream;
}

static void finish_combination(struct reader *reader, const struct draft *draft)
{
    const struct node *const others[] = {draft->that,    draft->extraction, draft->filter,
                                         draft->matcher, draft->separator,  draft->none};
    for (size_t i = 0; i < LENGTH(others); i++)
        if (others[i] != NULL)
            reader_error(reader, others[i],
                         "'%s' beside '%s': an expectation is a combination or a "
                         "match, not both",
                         others[i]->key, draft->combination->key);
}

static void check_stream(struct reader *reader, const struct draft *draft)
{
    bool is_exit = draft->target->stream == STREAM_EXIT;
    const struct node *cut = draft->extraction != NULL ? draft->extraction : draft->filter;
    if (is_exit && cut != NULL)
        reader_error(reader, cut, "'%s' is of no use with an exit status; leave it out", cut->key);
    if (draft->target->matcher == MATCHER_EXIT && !is_exit)
        reader_error(reader, draft->that,
                     "'exit' looks at the exit status, expected "
                     "'that: PROBE.exit'");
    if (draft->separator != NULL && draft->target->extraction != EXTRACT_COLUMN)
        reader_error(reader, draft->separator, "'separator' is only for 'column'");
    if (draft->filter != NULL && draft->target->extraction == EXTRACT_POINTER)
        reader_error(reader, draft->filter,
                     "'%s' cuts lines, which JSON does not keep to; leave it "
                     "out",
                     draft->filter->key);
}

static void finish_match(struct reader *reader, const struct node *value, struct draft *draft)
{
    draft->target->kind = EXPECT_MATCH;
    if (draft->that == NULL)
        reader_error(reader, value,
                     "an expectation needs 'that: PROBE.stdout', or one of all, any, "
                     "not");
    if (draft->matcher == NULL)
        reader_error(reader, value,
                     "an expectation needs a matcher such as matches, lacks, equals, "
                     "one-of, count, empty");
    if (draft->that == NULL || draft->that->kind != NODE_TEXT || draft->matcher == NULL)
        return;
    resolve_that(reader, draft->that, draft->target);
    check_stream(reader, draft);
    load_matcher(reader, draft);
}

static void read_one(struct reader *reader, const struct node *value, struct expectation *place)
{
    struct expectation expectation = {.position = value->position};
    struct draft draft = {.target = &expectation};
    if (reader_mapping(reader, value, &expectation_keys, &draft)) {
        if (draft.combination != NULL)
            finish_combination(reader, &draft);
        else
            finish_match(reader, value, &draft);
    }
    *place = expectation;
}

void load_expectations(struct reader *reader, const struct node *value, void *member UNUSED)
{
    if (!reader_expect_list(reader, value, "expectations"))
        return;
    struct check *check = reader->check;
    for (size_t i = 0; i < value->child_count; i++)
        read_one(reader, &value->children[i],
                 array_push(check->expectations, check->expectation_count));
}
