/* SPDX-License-Identifier: Apache-2.0 */
#include "editor.h"

#include "base/array.h"
#include "base/utf8.h"

enum { EDITS_MAX = 10000 };

void editor_init(struct editor *editor, enum editor_kind kind)
{
    *editor = (struct editor){.kind = kind, .goal_column = -1};
    if (kind == EDITOR_SECRET) /* so that it is never copied to a larger place */
        buffer_reserve(&editor->text, EDITOR_SECRET_MAX_BYTES + 1);
}

static void release_edit(struct edit *edit)
{
    free(edit->removed);
    free(edit->inserted);
}

static void forget_edits(struct editor *editor, size_t from)
{
    for (size_t i = from; i < editor->edit_count; i++)
        release_edit(&editor->edits[i]);
    editor->edit_count = from;
    if (editor->done_count > from)
        editor->done_count = from;
}

void editor_release(struct editor *editor)
{
    if (editor->kind == EDITOR_SECRET && editor->text.data != NULL)
        memory_wipe(editor->text.data, editor->text.capacity);
    forget_edits(editor, 0);
    free(editor->edits);
    buffer_release(&editor->text);
    *editor = (struct editor){0};
}

const char *editor_text(const struct editor *editor)
{
    return buffer_text(&editor->text);
}

static size_t max_bytes(const struct editor *editor)
{
    return editor->kind == EDITOR_SECRET ? EDITOR_SECRET_MAX_BYTES : EDITOR_TEXT_MAX_BYTES;
}

/* ---- changes ---- */

static void splice(struct editor *editor, size_t offset, size_t remove, const char *bytes,
                   size_t length)
{
    struct buffer *text = &editor->text;
    buffer_reserve(text, length + 1);
    size_t behind = text->length - offset - remove;
    memmove(text->data + offset + length, text->data + offset + remove, behind);
    memcpy(text->data + offset, bytes, length);
    text->length = offset + length + behind;
    text->data[text->length] = '\0';
    editor->cursor = offset + length;
    editor->goal_column = -1;
}

static void record(struct editor *editor, struct edit edit)
{
    forget_edits(editor, editor->done_count);
    if (editor->edit_count == EDITS_MAX)
        forget_edits(editor, 0);
    *array_push(editor->edits, editor->edit_count) = edit;
    editor->done_count = editor->edit_count;
}

static void change(struct editor *editor, size_t offset, size_t remove, const char *bytes,
                   size_t length)
{
    const char *text = buffer_text(&editor->text);
    if (remove == 0 && length == 0)
        return;
    if (editor->kind != EDITOR_SECRET)
        record(editor, (struct edit){.offset = offset,
                                     .removed = memory_copy(text + offset, remove),
                                     .inserted = memory_copy(bytes, length)});
    splice(editor, offset, remove, bytes, length);
}

void editor_set(struct editor *editor, const char *text)
{
    size_t length = strlen(text);
    forget_edits(editor, 0);
    if (length > max_bytes(editor))
        length = max_bytes(editor);
    splice(editor, 0, editor->text.length, text, length);
    editor->top = 0;
}

void editor_replace(struct editor *editor, const char *text)
{
    size_t length = strlen(text);
    if (length > max_bytes(editor))
        length = max_bytes(editor);
    change(editor, 0, editor->text.length, text, length);
}

/* A NUL would end the text early for everybody who reads it as a string: it is dropped. */
static void append_clean(const struct editor *editor, const char *bytes, size_t length,
                         struct buffer *clean)
{
    for (size_t i = 0; i < length; i++) {
        char byte = bytes[i];
        bool ends_line = byte == '\n' || byte == '\r';
        if (byte == '\r' && i + 1 < length && bytes[i + 1] == '\n')
            continue;
        if (ends_line)
            byte = editor->kind == EDITOR_LINES ? '\n' : ' ';
        if (byte != '\0')
            buffer_append_byte(clean, byte);
    }
}

bool editor_insert(struct editor *editor, const char *bytes, size_t length)
{
    struct buffer clean = {0};
    buffer_reserve(&clean, length + 1);
    append_clean(editor, bytes, length, &clean);
    bool fits = editor->text.length + clean.length <= max_bytes(editor);
    if (fits)
        change(editor, editor->cursor, 0, buffer_text(&clean), clean.length);
    if (editor->kind == EDITOR_SECRET)
        memory_wipe(clean.data, clean.capacity);
    buffer_release(&clean);
    return fits;
}

/* Letters of one word are undone together. */
static void join_typing(struct editor *editor)
{
    struct edit *last = &editor->edits[editor->edit_count - 1];
    last->is_typing = true;
    if (editor->edit_count < 2)
        return;
    struct edit *before = last - 1;
    bool is_next = before->is_typing && before->removed[0] == '\0' &&
                   before->offset + strlen(before->inserted) == last->offset;
    if (!is_next) /* what was only deleted has no last character to look at */
        return;
    bool begins_word = strchr(" \t\n", last->inserted[0]) == NULL &&
                       strchr(" \t\n", before->inserted[strlen(before->inserted) - 1]) != NULL;
    if (begins_word)
        return;
    char *joined = memory_format("%s%s", before->inserted, last->inserted);
    free(before->inserted);
    before->inserted = joined;
    forget_edits(editor, editor->edit_count - 1);
    editor->done_count = editor->edit_count;
}

bool editor_type(struct editor *editor, struct key key)
{
    if (!key_is_text(key))
        return false;
    struct buffer text = {0};
    buffer_reserve(&text, 8);
    utf8_append(&text, key.code);
    size_t count = editor->edit_count;
    bool fits = editor_insert(editor, text.data, text.length);
    if (fits && editor->kind != EDITOR_SECRET && editor->edit_count > count)
        join_typing(editor);
    if (editor->kind == EDITOR_SECRET)
        memory_wipe(text.data, text.capacity);
    buffer_release(&text);
    return true;
}

static void undo(struct editor *editor)
{
    if (editor->done_count == 0)
        return;
    const struct edit *edit = &editor->edits[--editor->done_count];
    splice(editor, edit->offset, strlen(edit->inserted), edit->removed, strlen(edit->removed));
}

static void redo(struct editor *editor)
{
    if (editor->done_count == editor->edit_count)
        return;
    const struct edit *edit = &editor->edits[editor->done_count++];
    splice(editor, edit->offset, strlen(edit->removed), edit->inserted, strlen(edit->inserted));
}

/* ---- moving and deleting ---- */

static bool move_to(struct editor *editor, size_t cursor)
{
    editor->cursor = cursor;
    editor->goal_column = -1;
    if (editor->edit_count > 0) /* what is typed elsewhere is a change of its own */
        editor->edits[editor->edit_count - 1].is_typing = false;
    return true;
}

static bool is_blank_at(const struct editor *editor, size_t offset)
{
    return strchr(" \t\n", editor->text.data[offset]) != NULL;
}

static size_t word_left(const struct editor *editor)
{
    size_t at = editor->cursor;
    while (at > 0 && is_blank_at(editor, at - 1))
        at--;
    while (at > 0 && !is_blank_at(editor, at - 1))
        at--;
    return at;
}

static size_t word_right(const struct editor *editor)
{
    size_t at = editor->cursor;
    while (at < editor->text.length && is_blank_at(editor, at))
        at++;
    while (at < editor->text.length && !is_blank_at(editor, at))
        at++;
    return at;
}

static size_t line_start(const struct editor *editor)
{
    size_t at = editor->cursor;
    while (at > 0 && editor->text.data[at - 1] != '\n')
        at--;
    return at;
}

static size_t line_end(const struct editor *editor)
{
    size_t at = editor->cursor;
    while (at < editor->text.length && editor->text.data[at] != '\n')
        at++;
    return at;
}

static bool delete_between(struct editor *editor, size_t from, size_t to)
{
    change(editor, from, to - from, "", 0);
    return true;
}

static bool move_rows(struct editor *editor, int delta)
{
    size_t count;
    AUTO_FREE struct editor_row *rows = editor_wrap(editor, editor->columns, &count);
    size_t row = editor_row_of(rows, count, editor->cursor);
    int goal = editor->goal_column >= 0 ? editor->goal_column
                                        : editor_width(editor, rows[row].start, editor->cursor);
    int64_t target = (int64_t)row + delta;
    target = target < 0 ? 0 : target >= (int64_t)count ? (int64_t)count - 1 : target;
    move_to(editor, editor_offset_at(editor, &rows[target], goal));
    editor->goal_column = goal;
    return true;
}

static bool act_on_text(struct editor *editor, enum action action)
{
    size_t cursor = editor->cursor;
    switch (action) {
    case ACTION_EDIT_BACKSPACE:
        return delete_between(editor, editor_previous(editor, cursor), cursor);
    case ACTION_EDIT_DELETE:
        return delete_between(editor, cursor, editor_next(editor, cursor));
    case ACTION_EDIT_DELETE_WORD:
        return delete_between(editor, word_left(editor), cursor);
    case ACTION_EDIT_DELETE_TO_END:
        return delete_between(editor, cursor, line_end(editor));
    case ACTION_EDIT_DELETE_TO_START:
        return delete_between(editor, line_start(editor), cursor);
    case ACTION_EDIT_NEWLINE:
        (void)editor_insert(editor, "\n", 1);
        return true;
    case ACTION_EDIT_UNDO:
        undo(editor);
        return true;
    case ACTION_EDIT_REDO:
        redo(editor);
        return true;
    default:
        return false;
    }
}

bool editor_act(struct editor *editor, enum action action)
{
    int page = editor->rows > 1 ? editor->rows - 1 : 1;
    switch (action) {
    case ACTION_EDIT_LEFT:
        return move_to(editor, editor_previous(editor, editor->cursor));
    case ACTION_EDIT_RIGHT:
        return move_to(editor, editor_next(editor, editor->cursor));
    case ACTION_EDIT_WORD_LEFT:
        return move_to(editor, word_left(editor));
    case ACTION_EDIT_WORD_RIGHT:
        return move_to(editor, word_right(editor));
    case ACTION_EDIT_HOME:
        return move_to(editor, line_start(editor));
    case ACTION_EDIT_END:
        return move_to(editor, line_end(editor));
    case ACTION_EDIT_UP:
        return move_rows(editor, -1);
    case ACTION_EDIT_DOWN:
        return move_rows(editor, 1);
    case ACTION_EDIT_PAGE_UP:
        return move_rows(editor, -page);
    case ACTION_EDIT_PAGE_DOWN:
        return move_rows(editor, page);
    default:
        return act_on_text(editor, action);
    }
}
