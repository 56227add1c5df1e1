/* SPDX-License-Identifier: Apache-2.0 */
/* A file of fixtures is read or refused; what is read and written again reads the same. */
#include "checklist/fixtures.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_round_trip(const struct fixture *fixture)
{
    AUTO(fixtures) struct fixtures *again = NULL;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    fixtures_write_head("x", &text);
    if (!fixture_write(fixture, &text, NULL) ||
        !fixtures_load(text.data, text.length, &again, NULL, NULL))
        return;
    assert(again->count == 1);
    assert(strcmp(again->items[0].check, fixture->check) == 0);
    assert(strcmp(again->items[0].suggests, fixture->suggests) == 0);
    assert(again->items[0].answer_count <= fixture->answer_count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    AUTO(fixtures) struct fixtures *fixtures = NULL;
    struct error error;
    if (fixtures_load(data, size, &fixtures, NULL, &error))
        for (size_t i = 0; i < fixtures->count && i < 8; i++)
            check_round_trip(&fixtures->items[i]);
    return 0;
}
