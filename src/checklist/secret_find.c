/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Line by line, so that what a hostile host sends costs no more than its length: a line longer than
 * a window is searched in windows that overlap by more than any secret but a key block is long.
 */
#include "secret_rule.h"

#include <ctype.h>
#include <math.h>

enum { WINDOW_BYTES = 16 * 1024, OVERLAP_BYTES = 2 * 1024, BLOCK_MAX_BYTES = 64 * 1024 };

struct search {
    const struct secret_rules *rules;
    const char *bytes;
    size_t length;
    struct buffer lower; /* the window that is searched */
    size_t block_end;    /* of the last block: what begins in it is a part of it */
    struct secret *found;
    size_t count;
};

static void add(struct search *search, const struct secret_rule *rule, size_t offset, size_t length)
{
    *array_push(search->found, search->count) =
        (struct secret){.offset = offset, .length = length, .rule = rule->id};
}

/* Shannon's, in bits a byte. */
static double entropy_of(const char *bytes, size_t length)
{
    size_t counts[256] = {0};
    double entropy = 0;
    for (size_t i = 0; i < length; i++)
        counts[(unsigned char)bytes[i]]++;
    for (size_t i = 0; i < LENGTH(counts); i++)
        if (counts[i] > 0)
            entropy -=
                (double)counts[i] / (double)length * log2((double)counts[i] / (double)length);
    return entropy;
}

static bool is_secret(const struct secret_rule *rule, const char *bytes, size_t length)
{
    if (length == 0 || (rule->entropy > 0 && entropy_of(bytes, length) < rule->entropy))
        return false;
    return rule->allow == NULL ||
           pattern_search(rule->allow, bytes, length, NULL) == PATTERN_NO_MATCH;
}

static bool has_keyword(const struct search *search, const struct secret_rule *rule)
{
    if (rule->keywords.count == 0)
        return true;
    for (size_t i = 0; i < rule->keywords.count; i++)
        if (memmem(search->lower.data, search->lower.length, rule->keywords.items[i],
                   strlen(rule->keywords.items[i])) != NULL)
            return true;
    return false;
}

/* Every match of a rule between START and END, none of which goes on beyond END. */
static void search_window(struct search *search, const struct secret_rule *rule, size_t start,
                          size_t end)
{
    size_t at = start;
    while (at < end) {
        struct pattern_span span;
        const char *bytes = search->bytes + at;
        enum pattern_result result = pattern_search(rule->pattern, bytes, end - at, &span);
        if (result == PATTERN_GAVE_UP)
            add(search, rule, start, end - start);
        if (result != PATTERN_MATCH)
            return;
        if (is_secret(rule, bytes + span.start, span.length))
            add(search, rule, at + span.start, span.length);
        at += span.start + (span.length > 0 ? span.length : 1);
    }
}

static void make_lower(struct search *search, size_t start, size_t end)
{
    buffer_clear(&search->lower);
    buffer_append(&search->lower, search->bytes + start, end - start);
    for (size_t i = 0; i < search->lower.length; i++)
        search->lower.data[i] = (char)tolower((unsigned char)search->lower.data[i]);
}

/* The end of the block that begins in a line whose end is FROM: behind the line that ends it. */
static size_t find_block_end(const struct search *search, const struct secret_rule *rule,
                             size_t from)
{
    size_t limit =
        search->length - from < BLOCK_MAX_BYTES ? search->length : from + BLOCK_MAX_BYTES;
    while (from < limit) {
        const char *newline = memchr(search->bytes + from + 1, '\n', limit - from - 1);
        size_t end = newline == NULL ? limit : (size_t)(newline - search->bytes);
        if (pattern_search(rule->end, search->bytes + from + 1, end - from - 1, NULL) ==
            PATTERN_MATCH)
            return end;
        from = end;
    }
    return limit;
}

static void search_block(struct search *search, const struct secret_rule *rule, size_t start,
                         size_t end)
{
    if (start < search->block_end ||
        pattern_search(rule->begin, search->bytes + start, end - start, NULL) == PATTERN_NO_MATCH)
        return;
    search->block_end = end < search->length ? find_block_end(search, rule, end) : end;
    add(search, rule, start, search->block_end - start);
}

static void search_rules(struct search *search, size_t start, size_t end)
{
    make_lower(search, start, end);
    for (size_t i = 0; i < search->rules->count; i++) {
        const struct secret_rule *rule = &search->rules->items[i];
        if (!has_keyword(search, rule))
            continue;
        if (rule->pattern != NULL)
            search_window(search, rule, start, end);
        else
            search_block(search, rule, start, end);
    }
}

static void search_line(struct search *search, size_t start, size_t end)
{
    while (end - start > WINDOW_BYTES) {
        search_rules(search, start, start + WINDOW_BYTES);
        start += WINDOW_BYTES - OVERLAP_BYTES;
    }
    if (end > start)
        search_rules(search, start, end);
}

static int compare_secrets(const void *a, const void *b)
{
    const struct secret *left = a, *right = b;
    if (left->offset != right->offset)
        return left->offset < right->offset ? -1 : 1;
    return (left->length < right->length) - (left->length > right->length);
}

/* Those that overlap or touch become one, of the rule that came first. */
static void join_overlapping(struct search *search)
{
    size_t kept = 0;
    if (search->count == 0)
        return;
    qsort(search->found, search->count, sizeof(*search->found), compare_secrets);
    for (size_t i = 1; i < search->count; i++) {
        struct secret *last = &search->found[kept];
        const struct secret *next = &search->found[i];
        size_t end = next->offset + next->length;
        if (next->offset > last->offset + last->length)
            search->found[++kept] = *next;
        else if (end > last->offset + last->length)
            last->length = end - last->offset;
    }
    search->count = kept + 1;
}

struct secret *secrets_find(const struct secret_rules *rules, const char *bytes, size_t length,
                            size_t *ret_count)
{
    struct search search = {.rules = rules, .bytes = bytes, .length = length};
    for (size_t start = 0; start < length;) {
        const char *newline = memchr(bytes + start, '\n', length - start);
        size_t end = newline == NULL ? length : (size_t)(newline - bytes);
        search_line(&search, start, end);
        start = end + 1;
    }
    buffer_release(&search.lower);
    join_overlapping(&search);
    *ret_count = search.count;
    return search.found;
}
