/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/cvss.h"

#include "base/array.h"
#include "cvss_4.h"

#include <ctype.h>
#include <string.h>

struct metric {
    const char *name;
    const char *values;
    double weights[4]; /* of the values, in their order */
};

enum { AV, AC, PR, UI, S, C, I, A, METRICS_3 };
static const struct metric metrics_3[METRICS_3] = {
    [AV] = {"AV", "NALP", {0.85, 0.62, 0.55, 0.2}},
    [AC] = {"AC", "LH", {0.77, 0.44}},
    [PR] = {"PR", "NLH", {0.85, 0.62, 0.27}},
    [UI] = {"UI", "NR", {0.85, 0.62}},
    [S] = {"S", "UC", {0}},
    [C] = {"C", "HLN", {0.56, 0.22, 0}},
    [I] = {"I", "HLN", {0.56, 0.22, 0}},
    [A] = {"A", "HLN", {0.56, 0.22, 0}},
};
/* Privileges weigh less where the scope changes. */
static const double changed_privileges[] = {0.85, 0.68, 0.5};

static const struct metric metrics_4[CVSS_4_METRICS] = {
    [CVSS_4_AV] = {"AV", "NALP", {0}}, [CVSS_4_AC] = {"AC", "LH", {0}},
    [CVSS_4_AT] = {"AT", "NP", {0}},   [CVSS_4_PR] = {"PR", "NLH", {0}},
    [CVSS_4_UI] = {"UI", "NPA", {0}},  [CVSS_4_VC] = {"VC", "HLN", {0}},
    [CVSS_4_VI] = {"VI", "HLN", {0}},  [CVSS_4_VA] = {"VA", "HLN", {0}},
    [CVSS_4_SC] = {"SC", "HLN", {0}},  [CVSS_4_SI] = {"SI", "HLN", {0}},
    [CVSS_4_SA] = {"SA", "HLN", {0}},
};
enum { METRICS_MAX = CVSS_4_METRICS, VECTOR_MAX_BYTES = 255, VALUE_MAX_BYTES = 8 };

static double score_3(const int *chosen);

struct version {
    const char *prefix;
    const struct metric *metrics;
    size_t count;
    double (*score)(const int *chosen);
};
static const struct version versions[] = {
    {"CVSS:3.1/", metrics_3, METRICS_3, score_3},
    {"CVSS:3.0/", metrics_3, METRICS_3, score_3},
    {"CVSS:4.0/", metrics_4, CVSS_4_METRICS, cvss_4_score},
};

static const struct version *find_version(const char *vector)
{
    for (size_t i = 0; i < LENGTH(versions); i++)
        if (strncmp(vector, versions[i].prefix, strlen(versions[i].prefix)) == 0)
            return &versions[i];
    return NULL;
}

/* "AV:N": letters, a colon, letters. */
static bool is_well_formed(const char *part, size_t length)
{
    const char *colon = memchr(part, ':', length);

    if (!colon || colon == part || colon == part + length - 1 || length > VALUE_MAX_BYTES)
        return false;
    for (size_t i = 0; i < length; i++)
        if (part + i != colon && !isupper((unsigned char)part[i]) &&
            !isdigit((unsigned char)part[i]))
            return false;
    return true;
}

static bool is_metric(const char *part, const char *name)
{
    return strncmp(part, name, strlen(name)) == 0 && part[strlen(name)] == ':';
}

/* Is the metric of PART named before it? */
static bool is_repeated(const char *start, const char *part)
{
    size_t length = (size_t)(strchr(part, ':') - part) + 1;

    for (const char *at = start; at < part; at = strchr(at, '/') + 1)
        if (strncmp(at, part, length) == 0)
            return true;
    return false;
}

/* The value of a base metric goes to CHOSEN; others are only looked at. */
static bool take_part(const struct version *version, const char *part, size_t length, int *chosen,
                      struct error *error)
{
    for (size_t i = 0; i < version->count; i++) {
        const struct metric *metric = &version->metrics[i];
        size_t name = strlen(metric->name);
        const char *value;

        if (!is_metric(part, metric->name))
            continue;
        value = length == name + 2 ? strchr(metric->values, part[name + 1]) : NULL;
        if (!value)
            return error_set(error, ERROR_USAGE,
                             "the CVSS metric %s has no such value as in '%.*s'; one of %s",
                             metric->name, (int)length, part, metric->values);
        chosen[i] = (int)(value - metric->values);
    }
    return true;
}

static bool read_parts(const struct version *version, const char *start, int *chosen,
                       struct error *error)
{
    for (const char *part = start;;) {
        size_t length = strcspn(part, "/");

        if (!is_well_formed(part, length) || is_repeated(start, part))
            return error_set(error, ERROR_USAGE, "'%.*s' has no place in a CVSS vector",
                             (int)length, part);
        if (!take_part(version, part, length, chosen, error))
            return false;
        if (!part[length])
            return true;
        part += length + 1;
    }
}

/* Up to one decimal, as appendix A of the specification of 3.1 does it, safe from binary fractions.
 */
static double round_up(double value)
{
    long exact = (long)(value * 100000 + 0.5);

    long tenths = exact / 10000 + (exact % 10000 != 0);

    return (double)tenths / 10;
}

static double power(double base, int exponent)
{
    double result = 1;

    while (exponent-- > 0)
        result *= base;
    return result;
}

static double score_3(const int *chosen)
{
    double weights[METRICS_3];
    bool is_changed = chosen[S] == 1;
    double base, impact, sum;

    for (size_t i = 0; i < METRICS_3; i++)
        weights[i] = metrics_3[i].weights[chosen[i]];
    if (is_changed)
        weights[PR] = changed_privileges[chosen[PR]];
    base = 1 - (1 - weights[C]) * (1 - weights[I]) * (1 - weights[A]);
    impact = is_changed ? 7.52 * (base - 0.029) - 3.25 * power(base - 0.02, 15) : 6.42 * base;
    if (impact <= 0)
        return 0;
    sum = impact + 8.22 * weights[AV] * weights[AC] * weights[PR] * weights[UI];
    if (is_changed)
        sum *= 1.08;
    return round_up(sum < 10 ? sum : 10);
}

bool cvss_score(const char *vector, double *ret_score, struct error *error)
{
    const struct version *version = find_version(vector);
    int chosen[METRICS_MAX];

    if (!version || strlen(vector) > VECTOR_MAX_BYTES) {
        error_set(error, ERROR_USAGE, "'%.40s' is no CVSS vector", vector);
        return error_hint(error, "it begins with CVSS:3.0/, CVSS:3.1/ or CVSS:4.0/, like "
                                 "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H");
    }
    for (size_t i = 0; i < METRICS_MAX; i++)
        chosen[i] = -1;
    if (!read_parts(version, vector + strlen(version->prefix), chosen, error))
        return false;
    for (size_t i = 0; i < version->count; i++)
        if (chosen[i] < 0)
            return error_set(error, ERROR_USAGE, "the CVSS vector lacks the metric %s",
                             version->metrics[i].name);
    *ret_score = version->score(chosen);
    return true;
}

char *cvss_text(const char *vector)
{
    struct error error;
    double score;

    return cvss_score(vector, &score, &error) ? memory_format("%.1f  %s", score, vector)
                                              : memory_copy_text(vector);
}
