/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A vector falls into a class (the specification's MacroVector), whose worst vector has a score
 * from a table. From it the vector is some steps away in each of five groups of metrics (EQ1, EQ2,
 * EQ3 with EQ6, EQ4, EQ5); each group takes from the score its part of the way to the next class
 * below, and the mean of these parts is what counts. Of a base score the exploit is taken to be
 * attacked (EQ5 is 0) and every requirement to be high. Calculated in whole numbers, so that half a
 * tenth is exactly that.
 */
#include "cvss_4.h"

#include "base/memory.h"

/* EQ3 and EQ6 together; the second and fourth are only ever the class below. */
enum { VULNERABLE_00, VULNERABLE_01, VULNERABLE_10, VULNERABLE_11, VULNERABLE_21, VULNERABLES };

/* Scores in tenths by EQ1, EQ2, EQ3 with EQ6, and EQ4 less 1; EQ5 is 0. */
static const int scores[3][2][VULNERABLES][2] = {
    {{{100, 93}, {96, 90}, {93, 88}, {92, 80}, {79, 69}},
     {{95, 92}, {91, 81}, {92, 84}, {82, 70}, {71, 63}}},
    {{{94, 87}, {89, 75}, {86, 72}, {76, 57}, {65, 53}},
     {{90, 77}, {77, 66}, {74, 61}, {59, 52}, {58, 23}}},
    {{{86, 70}, {74, 54}, {72, 53}, {57, 36}, {47, 24}},
     {{73, 54}, {55, 43}, {61, 46}, {51, 18}, {24, 10}}},
};

/* How many steps a group has within a class that has one below. */
static const int attack_depth[] = {1, 4}, complexity_depth = 1, subsequent_depth = 5,
                 vulnerable_depth[] = {[VULNERABLE_00] = 7, [VULNERABLE_10] = 8};

enum {
    DEPTHS = 280, /* a multiple of all depths */
    COUNTS = 60,  /* and of all numbers of groups, 1 to 5 */
    TENTH = DEPTHS * COUNTS
};

/* The worst values in these classes: the first that is not above the vector counts. */
static const int attack_worst[][3] = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}, {0, 0, 1}};
static const int vulnerable_worst[][3] = {{0, 0, 0}, {1, 0, 0}, {0, 1, 0}};

/* Steps from WORST to VALUES, -1 where one of them is above. */
static int steps_from(const int worst[3], const int values[3])
{
    int sum = 0;

    for (size_t i = 0; i < 3; i++) {
        if (values[i] < worst[i])
            return -1;
        sum += values[i] - worst[i];
    }
    return sum;
}

/* From those FROM on, of COUNT in all. */
static int steps_of(const int values[3], const int (*worsts)[3], size_t from, size_t count)
{
    int steps = -1;

    for (size_t i = from; steps < 0 && i < count; i++)
        steps = steps_from(worsts[i], values);
    return steps;
}

struct mean {
    int score; /* of the class */
    int sum, count;
};

/* A group with a class below of the score BELOW, DISTANCE steps of DEPTH away. */
static void take_away(struct mean *mean, int below, int distance, int depth)
{
    mean->sum += (mean->score - below) * distance * (DEPTHS / depth);
    mean->count++;
}

static int attack_class(const int *attack)
{
    bool all = attack[0] == 0 && attack[1] == 0 && attack[2] == 0;
    bool one = attack[0] == 0 || attack[1] == 0 || attack[2] == 0;

    return all ? 0 : one && attack[0] != 3 ? 1 : 2;
}

static int vulnerable_class(const int *impact)
{
    if (impact[0] == 0 && impact[1] == 0)
        return VULNERABLE_00;
    return impact[0] == 0 || impact[1] == 0 || impact[2] == 0 ? VULNERABLE_10 : VULNERABLE_21;
}

static bool is_harmless(const int *chosen)
{
    for (int i = CVSS_4_VC; i <= CVSS_4_SA; i++)
        if (chosen[i] != 2)
            return false;
    return true;
}

/* The higher one where there are two classes below. */
static int vulnerable_below(const int (*row)[2], int eq36, int eq4)
{
    if (eq36 == VULNERABLE_10)
        return row[VULNERABLE_11][eq4];
    int left = row[VULNERABLE_01][eq4], right = row[VULNERABLE_10][eq4];
    return left > right ? left : right;
}

double cvss_4_score(const int chosen[CVSS_4_METRICS])
{
    const int attack[] = {chosen[CVSS_4_AV], chosen[CVSS_4_PR], chosen[CVSS_4_UI]};
    const int *impact = chosen + CVSS_4_VC, *subsequent = chosen + CVSS_4_SC;
    int eq1 = attack_class(attack), eq2 = chosen[CVSS_4_AC] != 0 || chosen[CVSS_4_AT] != 0;
    int eq36 = vulnerable_class(impact);
    int eq4 = subsequent[0] != 0 && subsequent[1] != 0 && subsequent[2] != 0;
    const int(*row)[2] = scores[eq1][eq2];
    /* EQ5 has a class below, and the vector is no step away. */
    struct mean mean = {.score = row[eq36][eq4], .count = 1};

    if (is_harmless(chosen))
        return 0;
    if (eq1 < 2)
        take_away(&mean, scores[eq1 + 1][eq2][eq36][eq4],
                  steps_of(attack, attack_worst, eq1 == 0 ? 0 : 1, LENGTH(attack_worst)),
                  attack_depth[eq1]);
    if (eq2 == 0)
        take_away(&mean, scores[eq1][1][eq36][eq4], 0, complexity_depth);
    if (eq36 != VULNERABLE_21)
        take_away(&mean, vulnerable_below(row, eq36, eq4),
                  steps_of(impact, vulnerable_worst, eq36 == VULNERABLE_00 ? 0 : 1,
                           LENGTH(vulnerable_worst)),
                  vulnerable_depth[eq36]);
    if (eq4 == 0)
        take_away(&mean, row[eq36][1], subsequent[0] + subsequent[1] + subsequent[2],
                  subsequent_depth);
    int exact = mean.score * TENTH - mean.sum * (COUNTS / mean.count);
    int tenths = (exact + TENTH / 2) / TENTH;
    return tenths / 10.0;
}
