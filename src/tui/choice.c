/* SPDX-License-Identifier: Apache-2.0 */
#include "choice.h"

#include "draw.h"
#include "editor.h"
#include "fuzzy.h"
#include "layout.h"

enum {
    COLUMNS_MAX = 76,
    EDGE = 4,
    ROWS_MIN = 7,
    ROWS_MAX = 18,
    KEY_COLUMNS = 9,
    TEXT_BONUS = 20,
    TEXT_COLUMNS_MAX = 24,
    POOR = 2
};

struct match {
    size_t item;
    int score;
};

struct choice {
    struct view view;
    struct choice_request request;
    char *title;
    struct editor editor;
    struct match *matches;
    struct list list;
    int text_columns; /* of the texts, so that the details stand in a column */
    struct rect rows; /* as drawn last */
};

void choice_add(struct choice_items *items, struct choice_item item)
{
    *array_push(items->items, items->count) = item;
}

static enum context context(const struct view *view UNUSED)
{
    return CONTEXT_CHOICE;
}

static int compare_matches(const void *a, const void *b)
{
    const struct match *left = a;
    const struct match *right = b;
    if (left->score != right->score)
        return left->score > right->score ? -1 : 1;
    return left->item < right->item ? -1 : left->item > right->item;
}

/* What is beside the text is looked at, too, but counts less. */
static int score_item(const char *pattern, const struct choice_item *item)
{
    int score = fuzzy_score(pattern, item->text);
    int other = item->detail != NULL ? fuzzy_score(pattern, item->detail) : -1;
    if (score >= 0)
        score += TEXT_BONUS;
    return score > other ? score : other;
}

static void find_matches(struct choice *choice)
{
    const char *pattern = editor_text(&choice->editor);
    size_t count = 0;
    for (size_t i = 0; i < choice->request.items.count; i++) {
        int score = score_item(pattern, &choice->request.items.items[i]);
        if (score >= 0)
            choice->matches[count++] = (struct match){i, score};
    }
    if (pattern[0] != '\0')
        qsort(choice->matches, count, sizeof(*choice->matches), compare_matches);
    while (count > 1 && choice->matches[count - 1].score * POOR < choice->matches[0].score)
        count--; /* letters that only happen to be there */
    list_set_count(&choice->list, (int)count);
    list_select(&choice->list, 0);
}

static void draw_item(const struct choice *choice, struct canvas *canvas, struct rect area, int row)
{
    int index = choice->list.top + row;
    if (index >= choice->list.count)
        return;
    const struct choice_item *item = &choice->request.items.items[choice->matches[index].item];
    struct strip strip = canvas_strip(canvas, area, row);
    strip_skip(&strip, 2);
    if (item->key != NULL) {
        struct strip right = strip;
        right.next = right.limit - KEY_COLUMNS;
        strip_put(&right, ROLE_KEY, item->key);
        strip.limit -= KEY_COLUMNS + 1;
    }
    int start = strip.next;
    strip_put(&strip, ROLE_TEXT, item->text);
    if (item->detail != NULL) {
        strip_skip(&strip, 2);
        strip_skip_to(&strip, start - strip.start + choice->text_columns + 2);
        strip_put(&strip, ROLE_DIM, item->detail);
    }
}

static void draw(struct view *view, struct canvas *canvas, struct rect area)
{
    struct choice *choice = (struct choice *)view;
    int columns = area.columns - EDGE < COLUMNS_MAX ? area.columns - EDGE : COLUMNS_MAX;
    int rows = (int)choice->request.items.count + 4;
    rows = rows < ROWS_MIN ? ROWS_MIN : rows > ROWS_MAX ? ROWS_MAX : rows;
    rows = rows > area.rows - 2 ? area.rows - 2 : rows;
    struct rect box = layout_center(area, rows, columns);
    struct rect inside = draw_box(canvas, box, choice->title);
    struct rect input = layout_take_top(&inside, 1);
    struct strip strip = canvas_strip(canvas, input, 0);
    strip_glyph(&strip, ROLE_KEY, GLYPH_MORE_RIGHT);
    input.column += 2;
    input.columns -= 2;
    layout_take_top(&inside, 1);
    list_show(&choice->list, inside.rows);
    choice->rows = inside;
    for (int row = 0; row < inside.rows; row++)
        draw_item(choice, canvas, inside, row);
    draw_selection(canvas, inside, &choice->list, true);
    draw_list_scrollbar(canvas,
                        (struct rect){inside.row, inside.column, inside.rows, inside.columns + 1},
                        &choice->list);
    if (choice->list.count == 0) {
        strip = canvas_strip(canvas, inside, 0);
        strip_skip(&strip, 2);
        strip_put(&strip, ROLE_DIM,
                  choice->request.takes_other ? "Enter takes what is typed" : "nothing fits");
    }
    editor_draw(&choice->editor, canvas, input);
}

static void finish(struct choice *choice, bool chosen)
{
    struct app *app = choice->view.app;
    struct choice_request request = choice->request;
    int row = choice->list.selected;
    int value = row >= 0 ? request.items.items[choice->matches[row].item].value : -1;
    AUTO_FREE char *text = memory_copy_text(editor_text(&choice->editor));
    if (chosen && row < 0 && (!request.takes_other || text[0] == '\0'))
        return;
    choice->request.free_context = NULL;
    app_pop(app, &choice->view);
    if (chosen)
        request.done(app, request.context, value, text);
    if (request.free_context != NULL)
        request.free_context(request.context);
}

static bool act(struct view *view, enum action action)
{
    struct choice *choice = (struct choice *)view;
    switch (action) {
    case ACTION_CONFIRM:
        finish(choice, true);
        return true;
    case ACTION_CANCEL:
        finish(choice, false);
        return true;
    default:
        if (list_act(&choice->list, action))
            return true;
        if (!editor_act(&choice->editor, action))
            return false;
        find_matches(choice);
        return true;
    }
}

static void type(struct view *view, struct key key)
{
    struct choice *choice = (struct choice *)view;
    if (editor_type(&choice->editor, key))
        find_matches(choice);
}

static void paste(struct view *view, const char *bytes, size_t length)
{
    struct choice *choice = (struct choice *)view;
    if (editor_insert(&choice->editor, bytes, length))
        find_matches(choice);
}

static void mouse(struct view *view, const struct event *event)
{
    struct choice *choice = (struct choice *)view;
    if (list_mouse(&choice->list, choice->rows, event) != LIST_MISSED)
        finish(choice, true);
}

static const char *hint(const struct view *view UNUSED, enum action action)
{
    return action == ACTION_CONFIRM ? "choose" : NULL;
}

static void free_choice(struct view *view)
{
    struct choice *choice = (struct choice *)view;
    for (size_t i = 0; i < choice->request.items.count; i++) {
        free(choice->request.items.items[i].text);
        free(choice->request.items.items[i].detail);
        free(choice->request.items.items[i].key);
    }
    free(choice->request.items.items);
    if (choice->request.free_context != NULL)
        choice->request.free_context(choice->request.context);
    free(choice->matches);
    free(choice->title);
    editor_release(&choice->editor);
    free(choice);
}

static const struct view_class choice_class = {.title = "Choice",
                                               .context = context,
                                               .draw = draw,
                                               .act = act,
                                               .type = type,
                                               .paste = paste,
                                               .mouse = mouse,
                                               .hint = hint,
                                               .free = free_choice};

void choice_open(struct app *app, const struct choice_request *request)
{
    struct choice *choice = memory_new(1, sizeof(*choice));
    choice->view = (struct view){&choice_class, app};
    choice->request = *request;
    choice->title = memory_copy_text(request->title);
    choice->matches = memory_new(request->items.count, sizeof(*choice->matches));
    editor_init(&choice->editor, EDITOR_LINE);
    find_matches(choice);
    for (size_t i = 0; i < request->items.count; i++) {
        int columns = (int)strlen(request->items.items[i].text);
        if (columns > choice->text_columns)
            choice->text_columns = columns < TEXT_COLUMNS_MAX ? columns : TEXT_COLUMNS_MAX;
    }
    for (size_t i = 0; i < request->items.count; i++)

        if (request->items.items[i].value == request->selected)
            list_select(&choice->list, (int)i);
    app_push(app, &choice->view);
}
