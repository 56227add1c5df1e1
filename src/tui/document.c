/* SPDX-License-Identifier: Apache-2.0 */
#include "document.h"

#include "base/array.h"
#include "base/utf8.h"

void document_init(struct document *document, const struct canvas *canvas, int columns)
{
    *document = (struct document){.canvas = canvas, .columns = columns < 1 ? 1 : columns};
}

static void release_line(struct document_line *line)
{
    free(line->label);
    free(line->text);
    free(line->right);
}

void document_release(struct document *document)
{
    for (size_t i = 0; i < document->count; i++)
        release_line(&document->lines[i]);
    free(document->lines);
    *document = (struct document){0};
}

void document_line(struct document *document, const struct document_line *line)
{
    struct document_line *copy = array_push(document->lines, document->count);
    *copy = *line;
    copy->label = memory_copy_text(line->label);
    copy->length = line->length > 0 || line->text == NULL ? line->length : strlen(line->text);
    copy->text = line->text != NULL ? memory_copy(line->text, copy->length) : NULL;
    copy->right = memory_copy_text(line->right);
}

void document_blank(struct document *document)
{
    if (document->count > 0)
        document_line(document, &(struct document_line){0});
}

void document_cut(struct document *document, size_t first, size_t count)
{
    if (count == 0 || document->count <= first + count)
        return;
    for (size_t i = first + count; i < document->count; i++)
        release_line(&document->lines[i]);
    document->count = first + count;
    free(document->lines[document->count - 1].right);
    document->lines[document->count - 1].right =
        memory_copy_text(glyph_text(GLYPH_ELLIPSIS, document->canvas->ascii));
    document->lines[document->count - 1].right_role = ROLE_DIM;
}

/* How much of [TEXT, TEXT + LENGTH) goes into a row of COLUMNS: whole words, or part of one that is
 * longer than a row. */
static size_t row_length(const struct canvas *canvas, const char *text, size_t length, int columns)
{
    size_t at = 0;
    size_t after_blank = 0;
    int column = 0;
    while (at < length) {
        struct safe_piece piece;
        canvas_next_piece(canvas, text + at, length - at, column, &piece);
        if (column > 0 && column + piece.columns > columns)
            return text[at] == ' ' ? at : after_blank > 0 ? after_blank : at;
        column += piece.columns;
        at += piece.consumed;
        if (text[at - 1] == ' ')
            after_blank = at;
    }
    return at;
}

static void add_wrapped(struct document *document, const char *label, enum role role, int indent,
                        const char *text)
{
    const char *end = text + strlen(text);
    int columns = document->columns - indent;
    columns = columns < 8 ? 8 : columns;
    for (;;) {
        const char *feed = strchr(text, '\n');
        size_t left = (size_t)((feed != NULL ? feed : end) - text);
        do {
            size_t used = row_length(document->canvas, text, left, columns);
            size_t shown = used;
            while (shown > 0 && text[shown - 1] == ' ')
                shown--;
            AUTO_FREE char *row = memory_copy(text, shown);
            AUTO_FREE char *head = memory_copy_text(label);
            document_line(document, &(struct document_line){.label = head,
                                                            .label_role = ROLE_LABEL,
                                                            .text = row,
                                                            .role = role,
                                                            .indent = indent});
            label = NULL;
            while (used < left && text[used] == ' ')
                used++;
            text += used;
            left -= used;
        } while (left > 0);
        if (feed == NULL)
            return;
        text = feed + 1;
    }
}

void document_text(struct document *document, enum role role, int indent, const char *text)
{
    add_wrapped(document, NULL, role, indent, text);
}

void document_labeled(struct document *document, const char *label, enum role role, int indent,
                      const char *text)
{
    add_wrapped(document, label, role, indent, text);
}

void document_write(const struct document *document, struct buffer *text)
{
    for (size_t i = 0; i < document->count; i++) {
        const struct document_line *line = &document->lines[i];
        int columns = line->label != NULL ? canvas_text_width(document->canvas, line->label) : 0;
        if (line->label != NULL)
            buffer_append_text(text, line->label);
        for (; line->length > 0 && columns < line->indent; columns++)
            buffer_append_byte(text, ' ');
        if (line->text != NULL)
            buffer_append(text, line->text, line->length);
        buffer_append_byte(text, '\n');
    }
}

static void draw_line(const struct document_line *line, struct canvas *canvas, struct rect area,
                      int row)
{
    struct strip strip = canvas_strip(canvas, area, row);
    if (line->right != NULL) {
        strip_put_right(&strip, line->right_role, line->right);
        strip.limit--;
    }
    if (line->label != NULL)
        strip_put(&strip, line->label_role, line->label);
    strip_skip_to(&strip, line->indent);
    if (line->gutter) {
        strip_glyph(&strip, ROLE_GUTTER, GLYPH_VERTICAL);
        strip_skip(&strip, 1);
    }
    if (line->text != NULL && line->gutter) {
        struct line_window window = {.bytes = line->text, .length = line->length};
        if (strip_put_line(&strip, line->role, &window)) {
            strip.next = strip.limit - 1;
            strip_glyph(&strip, ROLE_ACCENT, GLYPH_MORE_RIGHT);
        }
    } else if (line->text != NULL) {
        strip_put(&strip, line->role, line->text);
    }
    if (line->layer != LAYER_NONE)
        canvas_set_layer(canvas, (struct rect){area.row + row, area.column, 1, area.columns},
                         line->layer);
}

int document_draw(const struct document *document, struct canvas *canvas, struct rect area, int top)
{
    int count = (int)document->count;
    for (int row = 0; row < area.rows && top + row < count; row++)
        draw_line(&document->lines[top + row], canvas, area, row);
    int below = count - top - area.rows;
    return below > 0 ? below : 0;
}
