/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "ledger/entry.h"

enum { MOST = 70 };

static struct digest leaf(size_t i)
{
    return digest_of(&i, sizeof(i));
}

/* RFC 9162 section 2.1.1, word for word. */
static struct digest by_definition(const struct digest *leaves, size_t count)
{
    uint8_t bytes[1 + 2 * DIGEST_BYTES] = {count == 1 ? 0x00 : 0x01};
    if (count == 0)
        return digest_of("", 0);
    if (count == 1) {
        memcpy(bytes + 1, leaves[0].bytes, DIGEST_BYTES);
        return digest_of(bytes, 1 + DIGEST_BYTES);
    }
    size_t split = 1;
    while (split * 2 < count)
        split *= 2;
    struct digest left = by_definition(leaves, split);
    struct digest right = by_definition(leaves + split, count - split);
    memcpy(bytes + 1, left.bytes, DIGEST_BYTES);
    memcpy(bytes + 1 + DIGEST_BYTES, right.bytes, DIGEST_BYTES);
    return digest_of(bytes, sizeof(bytes));
}

static void the_root_is_the_one_of_the_rfc(void **state UNUSED)
{
    struct digest leaves[MOST];
    for (size_t i = 0; i < MOST; i++)
        leaves[i] = leaf(i);
    for (size_t count = 0; count <= MOST; count++) {
        struct digest expected = by_definition(leaves, count), actual = merkle_root(leaves, count);
        assert_true(digest_equal(&expected, &actual));
    }
}

static void every_leaf_and_its_place_count(void **state UNUSED)
{
    struct digest leaves[7];
    for (size_t i = 0; i < LENGTH(leaves); i++)
        leaves[i] = leaf(i);
    struct digest root = merkle_root(leaves, LENGTH(leaves));
    for (size_t i = 0; i < LENGTH(leaves); i++) {
        leaves[i].bytes[5] ^= 1;
        struct digest changed = merkle_root(leaves, LENGTH(leaves));
        assert_false(digest_equal(&root, &changed));
        leaves[i].bytes[5] ^= 1;
    }
    struct digest first = leaves[0];
    leaves[0] = leaves[1];
    leaves[1] = first;
    struct digest swapped = merkle_root(leaves, LENGTH(leaves));
    assert_false(digest_equal(&root, &swapped));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_root_is_the_one_of_the_rfc),
        cmocka_unit_test(every_leaf_and_its_place_count),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
