/* SPDX-License-Identifier: Apache-2.0 */
/* How the counts of MANIFEST_COUNTS are called in the text, for its writer and its reader. */
#ifndef MANIFEST_COUNTS_H
#define MANIFEST_COUNTS_H

#include <stddef.h>

#define MANIFEST_COUNT_NAME_BYTES 32
/* "not-applicable" for member not_applicable. Returns TEXT. */
const char *manifest_count_name(size_t index, char text[MANIFEST_COUNT_NAME_BYTES]);

#endif
