/* SPDX-License-Identifier: Apache-2.0 */
/* The pager and the canvas against hostile texts: whatever is read and however one moves in it,
 * nothing but printable text gets into a cell, and every offset stays inside. */
#include "../../src/tui/pager.h"

#include <assert.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void check_cells(const struct canvas *canvas)
{
    for (int row = 0; row < canvas->rows; row++)
        for (int column = 0; column < canvas->columns; column++) {
            const struct cell *cell = canvas_cell(canvas, row, column);
            for (const char *at = cell->text; *at != '\0'; at++)
                assert((unsigned char)*at >= ' ' && *at != 0x7F);
            assert(cell->columns > 0 || column > 0);
        }
}

/* Each byte of the first part is a key. */
static void press(struct pager *pager, uint8_t byte)
{
    static const enum action actions[] = {
        ACTION_UP,      ACTION_DOWN,      ACTION_PAGE_UP,       ACTION_PAGE_DOWN,
        ACTION_HALF_UP, ACTION_TOP,       ACTION_BOTTOM,        ACTION_LEFT,
        ACTION_RIGHT,   ACTION_WRAP,      ACTION_RAW,           ACTION_DOWN,
        ACTION_RIGHT,   ACTION_NEXT_MARK, ACTION_PREVIOUS_MARK, ACTION_DOWN,
    };
    pager_act(pager, actions[byte % LENGTH(actions)]);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    enum { KEYS = 12 };
    static const struct pager_mark marks[] = {{0, true}, {3, false}, {9, true}};
    if (size < KEYS)
        return 0;
    struct pager pager = {0};
    struct canvas canvas;
    char *text = memory_copy(data + KEYS, size - KEYS);
    char needle[3] = {(char)data[0], (char)data[1], '\0'};
    canvas_init(&canvas, 3 + data[2] % 20, 8 + data[3] % 80);
    canvas.ascii = data[4] & 1;
    pager_set(&pager, text, size - KEYS);
    pager_set_marks(&pager, marks, LENGTH(marks));
    struct buffer position = {0};
    for (size_t i = 0; i < KEYS; i++) {
        canvas_clear(&canvas, canvas.rows, canvas.columns);
        pager_draw(&pager, &canvas, (struct rect){0, 0, canvas.rows, canvas.columns});
        check_cells(&canvas);
        press(&pager, data[i]);
        if (i == KEYS / 2)
            (void)pager_search(&pager, needle);
        assert(pager.top <= pager.length);
        buffer_clear(&position);
        pager_format_position(&pager, &position);
    }
    buffer_release(&position);
    pager_release(&pager);
    canvas_release(&canvas);
    free(text);
    return 0;
}
