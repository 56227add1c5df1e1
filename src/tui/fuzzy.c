/* SPDX-License-Identifier: Apache-2.0 */
#include "fuzzy.h"

#include <ctype.h>
#include <stdbool.h>
#include <string.h>

enum { SCORE_LETTER = 4, SCORE_RUN = 8, SCORE_WORD = 10, SCORE_START = 6, PENALTY_MAX = 20 };

static bool same_letter(char a, char b)
{
    return tolower((unsigned char)a) == tolower((unsigned char)b);
}

static bool starts_word(const char *text, size_t i)
{
    return i == 0 || !isalnum((unsigned char)text[i - 1]);
}

/* Score one word from the first place of TEXT where its first letter stands at START. */
static int score_from(const char *word, size_t length, const char *text, size_t start)
{
    int score = start == 0 ? SCORE_START : 0;
    size_t at = start;
    for (size_t i = 0; i < length; i++) {
        size_t before = at;
        while (text[at] != '\0' && !same_letter(word[i], text[at]))
            at++;
        if (text[at] == '\0')
            return -1;
        score += SCORE_LETTER;
        if (starts_word(text, at))
            score += SCORE_WORD;
        if (i > 0 && at == before)
            score += SCORE_RUN;
        else if (i > 0)
            score -= at - before < PENALTY_MAX ? (int)(at - before) : PENALTY_MAX;
        at++;
    }
    return score < 0 ? 0 : score;
}

static int score_word(const char *word, size_t length, const char *text)
{
    int best = -1;
    for (size_t start = 0; text[start] != '\0'; start++) {
        if (!same_letter(word[0], text[start]))
            continue;
        int score = score_from(word, length, text, start);
        if (score > best)
            best = score;
    }
    return best;
}

int fuzzy_score(const char *pattern, const char *text)
{
    int total = 0;
    for (;;) {
        pattern += strspn(pattern, " ");
        size_t length = strcspn(pattern, " ");
        if (length == 0)
            break;
        int score = score_word(pattern, length, text);
        if (score < 0)
            return -1;
        total += score;
        pattern += length;
    }
    size_t length = strlen(text);
    int penalty = length < PENALTY_MAX ? (int)length / 4 : PENALTY_MAX / 4;
    return total > penalty ? total - penalty : 0;
}
