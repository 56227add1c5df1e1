/* SPDX-License-Identifier: Apache-2.0 */
#include "lint_pattern.h"

#include "base/pattern.h"

#include <string.h>

#define DEPTH_MAX 200

/* What is known of a part of a pattern: whether each way through it has something that is there
 * exactly so often, which keeps repetitions apart; and whether it repeats without end. */
struct part {
    bool is_fixed, is_repeated;
};

struct scan {
    const char *at;
    bool is_bad;
};

struct quantifier {
    bool is_there, may_be_none, is_endless;
    bool is_possessive; /* never gives back what it took */
};

static struct quantifier read_quantifier(struct scan *scan)
{
    struct quantifier quantifier = {0};
    const char *end = *scan->at == '{' ? strchr(scan->at, '}') : NULL;
    if (*scan->at == '*' || *scan->at == '+' || *scan->at == '?') {
        quantifier.may_be_none = *scan->at != '+';
        quantifier.is_endless = *scan->at != '?';
        scan->at++;
    } else if (end != NULL && scan->at[1] >= '0' && scan->at[1] <= '9') {
        quantifier.may_be_none = scan->at[1] == '0';
        quantifier.is_endless = end[-1] == ',';
        scan->at = end + 1;
    } else {
        return quantifier;
    }
    quantifier.is_there = true;
    quantifier.is_possessive = *scan->at == '+';
    if (*scan->at == '+' || *scan->at == '?')
        scan->at++;
    return quantifier;
}

static void skip_class(struct scan *scan)
{
    scan->at++;
    if (*scan->at == '^')
        scan->at++;
    if (*scan->at == ']')
        scan->at++;
    while (*scan->at != '\0' && *scan->at != ']') {
        const char *named =
            scan->at[0] == '[' && scan->at[1] == ':' ? strstr(scan->at, ":]") : NULL;
        if (named != NULL)
            scan->at = named + 2;
        else
            scan->at += scan->at[0] == '\\' && scan->at[1] != '\0' ? 2 : 1;
    }
    if (*scan->at == ']')
        scan->at++;
}

static struct part scan_branches(struct scan *scan, int depth);

/* Behind "(": look-around matches no text, an atomic group gives nothing back. */
static struct part scan_group(struct scan *scan, int depth)
{
    bool is_around = strncmp(scan->at, "?=", 2) == 0 || strncmp(scan->at, "?!", 2) == 0 ||
                     strncmp(scan->at, "?<=", 3) == 0 || strncmp(scan->at, "?<!", 3) == 0;
    bool is_atomic = strncmp(scan->at, "?>", 2) == 0;
    if (*scan->at == '?')
        scan->at += 1 + strcspn(scan->at + 1, ":=!>)");
    if (*scan->at != '\0' && strchr(":=!>", *scan->at) != NULL)
        scan->at++;
    struct part inside = scan_branches(scan, depth + 1);
    if (*scan->at == ')')
        scan->at++;
    if (is_around)
        inside = (struct part){0};
    if (is_atomic)
        inside = (struct part){.is_fixed = true};
    return inside;
}

/* One thing that a quantifier may follow. */
static struct part scan_atom(struct scan *scan, int depth)
{
    if (*scan->at == '(') {
        scan->at++;
        return scan_group(scan, depth);
    }
    if (*scan->at == '[') {
        skip_class(scan);
        return (struct part){.is_fixed = true};
    }
    bool is_place = *scan->at == '^' || *scan->at == '$';
    if (*scan->at == '\\' && scan->at[1] != '\0') {
        scan->at++;
        is_place = strchr("bBAzZG", *scan->at) != NULL;
    }
    scan->at++;
    return (struct part){.is_fixed = !is_place};
}

static struct part scan_piece(struct scan *scan, int depth)
{
    bool is_group = *scan->at == '(';
    struct part part = scan_atom(scan, depth);
    struct quantifier quantifier = read_quantifier(scan);
    if (!quantifier.is_there)
        return part;
    if (quantifier.is_possessive)
        return (struct part){.is_fixed = !quantifier.may_be_none};
    if (quantifier.is_endless && is_group && part.is_repeated && !part.is_fixed)
        scan->is_bad = true;
    part.is_fixed = part.is_fixed && !quantifier.is_endless && !quantifier.may_be_none;
    part.is_repeated = part.is_repeated || quantifier.is_endless;
    return part;
}

static struct part scan_branches(struct scan *scan, int depth)
{
    struct part all = {.is_fixed = true}, branch = {0};
    while (*scan->at != '\0' && *scan->at != ')' && depth < DEPTH_MAX) {
        if (*scan->at == '|') {
            scan->at++;
            all.is_fixed &= branch.is_fixed;
            all.is_repeated |= branch.is_repeated;
            branch = (struct part){0};
            continue;
        }
        struct part piece = scan_piece(scan, depth);
        branch.is_fixed |= piece.is_fixed;
        branch.is_repeated |= piece.is_repeated;
    }
    all.is_fixed &= branch.is_fixed;
    all.is_repeated |= branch.is_repeated;
    return all;
}

static bool has_neighbours(const char *text)
{
    static const char *const pairs[] = {".*.*", ".*.+", ".+.*", ".+.+"};
    for (size_t i = 0; i < LENGTH(pairs); i++)
        for (const char *found = strstr(text, pairs[i]); found != NULL;
             found = strstr(found + 1, pairs[i]))
            if (found == text || found[-1] != '\\')
                return true;
    return false;
}

bool pattern_backtracks(const char *text)
{
    struct scan scan = {.at = text};
    scan_branches(&scan, 0);
    return scan.is_bad || has_neighbours(text);
}

bool pattern_matches_anything(const char *text)
{
    static const char *const samples[] = {"", "a", "~#0 Z:=/", "\xc3\xa4"};
    AUTO(pattern) struct pattern *pattern = NULL;
    if (!pattern_new(text, false, &pattern, NULL))
        return false;
    for (size_t i = 0; i < LENGTH(samples); i++)
        if (pattern_search(pattern, samples[i], strlen(samples[i]), NULL) != PATTERN_MATCH)
            return false;
    return true;
}
