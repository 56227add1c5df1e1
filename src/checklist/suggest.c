/* SPDX-License-Identifier: Apache-2.0 */
#include "suggest.h"

#include <limits.h>

#define WORD_MAX 64

static int smallest(int a, int b, int c)
{
    int least = a < b ? a : b;
    return least < c ? least : c;
}

/* The optimal string alignment distance; rows[0] is the current row, rows[1] and [2] the ones
 * above. */
static void fill_row(const char *a, const char *b, size_t i, int rows[3][WORD_MAX + 1])
{
    rows[0][0] = (int)i;
    for (size_t j = 1; b[j - 1] != '\0'; j++) {
        int replace = rows[1][j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
        rows[0][j] = smallest(rows[1][j] + 1, rows[0][j - 1] + 1, replace);
        if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
            rows[0][j] = smallest(rows[0][j], rows[2][j - 2] + 1, INT_MAX);
    }
}

int suggest_distance(const char *a, const char *b)
{
    size_t length = strlen(b);
    if (strlen(a) > WORD_MAX || length > WORD_MAX)
        return INT_MAX;
    int rows[3][WORD_MAX + 1] = {{0}};
    for (size_t j = 0; j <= length; j++)
        rows[0][j] = (int)j;
    for (size_t i = 1; a[i - 1] != '\0'; i++) {
        memmove(rows[1], rows[0], 2 * sizeof(rows[0]));
        fill_row(a, b, i, rows);
    }
    return rows[0][length];
}

void suggest_try(struct suggest_search *search, const char *word)
{
    int distance = suggest_distance(search->wanted, word);
    /* Half of a short word changed is another word. */
    int limit = (int)strlen(word) / 3 + 1;
    if (distance <= limit && (search->best == NULL || distance < search->distance)) {
        search->best = word;
        search->distance = distance;
    }
}
