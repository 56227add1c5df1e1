/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes as the output of all probes: each account has a line with every column. */
#include "access/matrix.h"

#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

/* The input's parts between two line feeds are the probes' outputs, in order. */
int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_RELEASE(access_matrix) struct access_matrix matrix = {0};
    AUTO_FREE char *text = memory_copy(bytes, length);
    struct access_source sources[ACCESS_PROBE_COUNT] = {0};
    char *part = text;
    for (size_t i = 0; i < ACCESS_PROBE_COUNT && part != NULL; i++) {
        char *end = strstr(part, "\n\n");
        sources[i].text = part;
        if (end != NULL)
            *end = '\0';
        part = end == NULL ? NULL : end + 2;
    }
    access_join(sources, &matrix);
    for (size_t i = 0; i < matrix.count; i++)
        for (size_t column = 0; column < ACCESS_COLUMN_COUNT; column++)
            if (matrix.lines[i].cells[column] == NULL || matrix.lines[i].facts == NULL)
                abort();
    return 0;
}
