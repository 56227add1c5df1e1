/* SPDX-License-Identifier: Apache-2.0 */
/* RFC 9162 section 2.1.1 with SHA-256. */
#include "ledger/entry.h"

enum { LEAF_TAG = 0x00, NODE_TAG = 0x01, MAX_DEPTH = 64 };

static struct digest hash_leaf(const struct digest *leaf)
{
    uint8_t bytes[1 + DIGEST_BYTES] = {LEAF_TAG};
    memcpy(bytes + 1, leaf->bytes, DIGEST_BYTES);
    return digest_of(bytes, sizeof(bytes));
}

static struct digest hash_node(const struct digest *left, const struct digest *right)
{
    uint8_t bytes[1 + 2 * DIGEST_BYTES] = {NODE_TAG};
    memcpy(bytes + 1, left->bytes, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right->bytes, DIGEST_BYTES);
    return digest_of(bytes, sizeof(bytes));
}

/* The tree splits at the largest power of two below COUNT; so its left parts are the full subtrees
 * that a binary counter of the leaves shows, and joining them from the right gives the root. */
struct digest merkle_root(const struct digest *leaves, size_t count)
{
    struct digest full[MAX_DEPTH];
    size_t depth = 0;
    for (size_t i = 0; i < count; i++) {
        full[depth++] = hash_leaf(&leaves[i]);
        for (size_t ones = i; (ones & 1) == 1; ones >>= 1, depth--)
            full[depth - 2] = hash_node(&full[depth - 2], &full[depth - 1]);
    }
    if (depth == 0)
        return digest_of("", 0);
    for (; depth > 1; depth--)
        full[depth - 2] = hash_node(&full[depth - 2], &full[depth - 1]);
    return full[0];
}
