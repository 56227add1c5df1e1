/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Two things are done without curses' help. SIGWINCH comes by the loop's signalfd and then
 * terminal_resize(), because curses' own handler loses resizes under load. And what curses would
 * write with a width that differs from ours is never given to it: see can_show().
 */
#define NCURSES_WIDECHAR 1
#include "terminal.h"

#include "base/utf8.h"
#include "rescue.h"

#include <langinfo.h>
#include <locale.h>
#include <ncurses.h>
#include <poll.h>
#include <sys/ioctl.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

enum {
    ESCAPE_DELAY_MS = 25,
    PASTE_MAX_BYTES = 1024 * 1024,
    /* keys that curses has no name for, above KEY_MAX */
    CODE_PASTE_BEGIN = 0x1000,
    CODE_PASTE_END,
    CODE_SYNC,
    CODE_CONTROL_LEFT,
    CODE_CONTROL_RIGHT,
};

struct terminal {
    SCREEN *screen;
    WINDOW *input; /* a pad: reading from it draws nothing */
    enum theme theme;
    bool ascii;
    bool has_paste;
    bool is_suspended;
    bool is_test; /* answers EVENT_SYNC */
    unsigned syncs;
    struct termios modes; /* before we came */
    struct buffer paste;
    cchar_t *line; /* one row on its way to curses */
    int line_columns;
};

/* ---- what the terminal can do ---- */

static bool environment_says(const char *name)
{
    const char *value = getenv(name);
    return value != NULL && value[0] != '\0' && strcmp(value, "0") != 0;
}

/* The consoles that call themselves so have no font for our signs. */
static bool type_is_plain(const char *type)
{
    static const char *const plain[] = {"linux", "vt", "ansi", "cons25", "dumb", "hurd", "mach"};
    for (size_t i = 0; i < LENGTH(plain); i++)
        if (strncmp(type, plain[i], strlen(plain[i])) == 0)
            return true;
    return false;
}

/* Only UTF-8 is trusted with more than ASCII; encodings with states could be made to act. */
static bool choose_ascii(const char *type)
{
    setlocale(LC_CTYPE, "");
    bool is_utf8 = strcmp(nl_langinfo(CODESET), "UTF-8") == 0;
    if (!is_utf8)
        setlocale(LC_CTYPE, "C");
    return !is_utf8 || environment_says("WALKDOWN_ASCII") || type_is_plain(type);
}

static const char *capability(const char *name)
{
    const char *text = tigetstr(name);
    return text != NULL && text != (const char *)-1 && text[0] != '\0' ? text : NULL;
}

static void choose_theme(struct terminal *terminal)
{
    struct theme_request request = {.colors = tigetnum("colors"),
                                    .no_color = getenv("NO_COLOR"),
                                    .wanted = getenv("WALKDOWN_THEME"),
                                    .colorfgbg = getenv("COLORFGBG")};
    terminal->theme = theme_choose(&request);
    if (terminal->theme == THEME_MONO)
        return; /* without start_color() curses writes no colour at all */
    start_color();
    use_default_colors();
}

/* ---- opening ---- */

/* A capability without parameters, its padding ("$<50>") left out. */
static void append_capability(struct buffer *bytes, const char *name)
{
    const char *text = capability(name);
    while (text != NULL && *text != '\0') {
        const char *padding = strncmp(text, "$<", 2) == 0 ? strchr(text, '>') : NULL;
        if (padding == NULL)
            buffer_append_byte(bytes, *text);
        text = padding == NULL ? text + 1 : padding + 1;
    }
}

static void arm_rescue(const struct terminal *terminal)
{
    AUTO_RELEASE(buffer) struct buffer bytes = {0};
    if (terminal->has_paste)
        buffer_append_text(&bytes, "\033[?2004l");
    if (capability("kmous") != NULL)
        buffer_append_text(&bytes, "\033[?1006l\033[?1000l");
    append_capability(&bytes, "rmkx");
    append_capability(&bytes, "sgr0");
    append_capability(&bytes, "rmcup");
    append_capability(&bytes, "cnorm");
    rescue_arm(STDOUT_FILENO, buffer_text(&bytes), bytes.length, &terminal->modes);
}

static void write_text(const char *text)
{
    ssize_t written = write(STDOUT_FILENO, text, strlen(text));
    (void)written; /* a lost terminal is noticed by its input */
}

static void set_paste(const struct terminal *terminal, bool on)
{
    if (terminal->has_paste)
        write_text(on ? "\033[?2004h" : "\033[?2004l");
}

static void define_keys(struct terminal *terminal)
{
    define_key("\033[200~", CODE_PASTE_BEGIN);
    define_key("\033[201~", CODE_PASTE_END);
    define_key("\033[1;5D", CODE_CONTROL_LEFT);
    define_key("\033[1;5C", CODE_CONTROL_RIGHT);
    terminal->is_test = environment_says("WALKDOWN_TEST_SYNC");
    if (terminal->is_test)
        define_key("\033[7717~", CODE_SYNC);
}

static void set_modes(struct terminal *terminal)
{
    raw();
    noecho();
    nonl();
    curs_set(0);
    typeahead(-1); /* a screen is drawn to its end: what comes next is drawn soon enough */
    terminal->input = newpad(1, 1);
    keypad(terminal->input, TRUE);
    nodelay(terminal->input, TRUE);
    const char *mouse = getenv("WALKDOWN_MOUSE");
    if (mouse == NULL || strcmp(mouse, "0") != 0) {
        mousemask(BUTTON1_PRESSED | BUTTON4_PRESSED | BUTTON5_PRESSED, NULL);
        mouseinterval(0);
    }
    terminal->has_paste = capability("BE") != NULL || capability("kmous") != NULL;
    set_paste(terminal, true);
    define_keys(terminal);
}

bool terminal_open(struct terminal **ret_terminal, struct error *error)
{
    const char *type = getenv("TERM");
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        error_set(error, ERROR_UNSUPPORTED, "stdin and stdout are not a terminal");
        return error_hint(error, "the commands work without one: walkdown help");
    }
    if (type == NULL || type[0] == '\0')
        return error_set(error, ERROR_UNSUPPORTED, "$TERM does not say what terminal this is");
    struct terminal *terminal = memory_new(1, sizeof(*terminal));
    tcgetattr(STDIN_FILENO, &terminal->modes);
    terminal->ascii = choose_ascii(type);
    set_escdelay(ESCAPE_DELAY_MS);
    use_tioctl(TRUE);
    terminal->screen = newterm(NULL, stdout, stdin);
    if (terminal->screen == NULL) {
        free(terminal);
        error_set(error, ERROR_UNSUPPORTED, "the terminal type '%s' is unknown here", type);
        return error_hint(error, "try TERM=xterm or TERM=vt100");
    }
    if (capability("cup") == NULL) {
        terminal_close(terminal);
        return error_set(error, ERROR_UNSUPPORTED,
                         "a terminal of type '%s' cannot place its cursor", type);
    }
    set_modes(terminal);
    choose_theme(terminal);
    arm_rescue(terminal);
    *ret_terminal = terminal;
    return true;
}

void terminal_close(struct terminal *terminal)
{
    if (terminal == NULL)
        return;
    set_paste(terminal, false);
    endwin();
    rescue_disarm();
    if (terminal->input != NULL)
        delwin(terminal->input);
    delscreen(terminal->screen);
    tcsetattr(STDIN_FILENO, TCSADRAIN, &terminal->modes);
    buffer_release(&terminal->paste);
    free(terminal->line);
    free(terminal);
}

/* ---- showing ---- */

/* True when curses takes as many columns for a character as we do. Where it does not, the screen
 * would be torn: the canvas shows the character by its number instead. */
static bool can_show(const char *text, int columns)
{
    wchar_t wide[CELL_TEXT_BYTES];
    size_t count = mbstowcs(wide, text, LENGTH(wide));
    if (count == 0 || count == (size_t)-1 || count > CCHARW_MAX || wcwidth(wide[0]) != columns)
        return false;
    for (size_t i = 1; i < count; i++)
        if (wcwidth(wide[i]) != 0)
            return false;
    return true;
}

void terminal_fit_canvas(const struct terminal *terminal, struct canvas *canvas)
{
    canvas->ascii = terminal->ascii;
    canvas->can_show = terminal->ascii ? NULL : can_show;
    int rows, columns;
    getmaxyx(stdscr, rows, columns);
    canvas_clear(canvas, rows, columns);
}

static attr_t curses_attributes(uint8_t attributes)
{
    attr_t result = A_NORMAL;
    if (attributes & STYLE_BOLD)
        result |= A_BOLD;
    if (attributes & STYLE_DIM)
        result |= A_DIM;
    if (attributes & STYLE_UNDERLINE)
        result |= A_UNDERLINE;
    if (attributes & STYLE_REVERSE)
        result |= A_REVERSE;
    return result;
}

/* A cell on its way to curses; the style of the cell before is kept, as most are the same. */
struct brush {
    int role, layer;
    attr_t attributes;
    short pair;
};

static void choose_brush(const struct terminal *terminal, const struct cell *cell,
                         struct brush *brush)
{
    if (brush->role == cell->role && brush->layer == cell->layer)
        return;
    struct style style =
        theme_style(terminal->theme, (enum role)cell->role, (enum layer)cell->layer);
    brush->role = cell->role;
    brush->layer = cell->layer;
    brush->attributes = curses_attributes(style.attributes);
    int pair = 0;
    if (terminal->theme != THEME_MONO && (style.foreground >= 0 || style.background >= 0))
        pair = alloc_pair(style.foreground, style.background);
    brush->pair = pair > 0 ? (short)pair : 0;
}

static void show_row(struct terminal *terminal, const struct canvas *canvas, int row,
                     struct brush *brush)
{
    int count = 0;
    for (int column = 0; column < canvas->columns; column++) {
        const struct cell *cell = canvas_cell(canvas, row, column);
        if (cell->columns == 0)
            continue;
        wchar_t text[CELL_TEXT_BYTES];
        if ((unsigned char)cell->text[0] < 0x80 && cell->text[1] == '\0') {
            text[0] = (unsigned char)cell->text[0];
            text[1] = L'\0';
        } else if (mbstowcs(text, cell->text, LENGTH(text)) == (size_t)-1) {
            text[0] = L'?';
            text[1] = L'\0';
        }
        choose_brush(terminal, cell, brush);
        setcchar(&terminal->line[count++], text, brush->attributes, brush->pair, NULL);
    }
    mvwadd_wchnstr(stdscr, row, 0, terminal->line, count);
}

void terminal_show(struct terminal *terminal, const struct canvas *canvas)
{
    if (terminal->is_suspended)
        return;
    if (canvas->columns > terminal->line_columns) {
        terminal->line = memory_resize(terminal->line, (size_t)canvas->columns, sizeof(cchar_t));
        terminal->line_columns = canvas->columns;
    }
    struct brush brush = {.role = -1};
    for (int row = 0; row < canvas->rows; row++)
        show_row(terminal, canvas, row, &brush);
    curs_set(canvas->cursor_is_visible ? 1 : 0);
    if (canvas->cursor_is_visible)
        wmove(stdscr, canvas->cursor_row, canvas->cursor_column);
    wnoutrefresh(stdscr);
    doupdate();
}

void terminal_redraw(struct terminal *terminal)
{
    (void)terminal;
    clearok(curscr, TRUE);
}

void terminal_resize(struct terminal *terminal)
{
    struct winsize size;
    if (terminal->is_suspended || ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) < 0 || size.ws_row == 0 ||
        size.ws_col == 0)
        return;
    if (is_term_resized(size.ws_row, size.ws_col))
        resizeterm(size.ws_row, size.ws_col);
}

void terminal_suspend(struct terminal *terminal)
{
    terminal->is_suspended = true;
    set_paste(terminal, false);
    def_prog_mode();
    endwin();
    rescue_disarm();
}

void terminal_resume(struct terminal *terminal)
{
    arm_rescue(terminal);
    reset_prog_mode();
    set_paste(terminal, true);
    terminal->is_suspended = false;
    terminal_resize(terminal);
    terminal_redraw(terminal);
}

/* ---- reading ---- */

static const struct {
    wint_t code;
    int32_t key;
    uint8_t modifiers;
} key_codes[] = {
    {KEY_UP, KEYCODE_UP, 0},
    {KEY_DOWN, KEYCODE_DOWN, 0},
    {KEY_LEFT, KEYCODE_LEFT, 0},
    {KEY_RIGHT, KEYCODE_RIGHT, 0},
    {KEY_HOME, KEYCODE_HOME, 0},
    {KEY_FIND, KEYCODE_HOME, 0},
    {KEY_END, KEYCODE_END, 0},
    {KEY_SELECT, KEYCODE_END, 0},
    {KEY_PPAGE, KEYCODE_PAGE_UP, 0},
    {KEY_NPAGE, KEYCODE_PAGE_DOWN, 0},
    {KEY_ENTER, KEYCODE_ENTER, 0},
    {KEY_BACKSPACE, KEYCODE_BACKSPACE, 0},
    {KEY_DC, KEYCODE_DELETE, 0},
    {KEY_IC, KEYCODE_INSERT, 0},
    {KEY_BTAB, KEYCODE_TAB, MODIFIER_SHIFT},
    {KEY_SLEFT, KEYCODE_LEFT, MODIFIER_SHIFT},
    {KEY_SRIGHT, KEYCODE_RIGHT, MODIFIER_SHIFT},
    {KEY_SR, KEYCODE_UP, MODIFIER_SHIFT},
    {KEY_SF, KEYCODE_DOWN, MODIFIER_SHIFT},
    {CODE_CONTROL_LEFT, KEYCODE_LEFT, MODIFIER_CONTROL},
    {CODE_CONTROL_RIGHT, KEYCODE_RIGHT, MODIFIER_CONTROL},
};

static bool read_mouse(struct event *event)
{
    MEVENT mouse;
    if (getmouse(&mouse) != OK)
        return false;
    event->row = mouse.y;
    event->column = mouse.x;
    event->kind = mouse.bstate & BUTTON4_PRESSED   ? EVENT_WHEEL_UP
                  : mouse.bstate & BUTTON5_PRESSED ? EVENT_WHEEL_DOWN
                                                   : EVENT_CLICK;
    return true;
}

static void append_wide(struct buffer *buffer, wint_t character)
{
    utf8_append(buffer, (int32_t)character);
}

/* Everything up to the end mark; what is too long is read and dropped. */
static bool read_paste(struct terminal *terminal, struct event *event)
{
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    buffer_clear(&terminal->paste);
    for (;;) {
        wint_t code;
        int result = wget_wch(terminal->input, &code);
        if (result == KEY_CODE_YES && code == CODE_PASTE_END)
            break;
        if (result == OK && terminal->paste.length < PASTE_MAX_BYTES)
            append_wide(&terminal->paste, code == '\r' ? '\n' : code);
        if (result == ERR && poll(&input, 1, 1000) <= 0)
            break; /* a paste that never ends is no reason to hang */
    }
    event->kind = EVENT_PASTE;
    event->paste = buffer_text(&terminal->paste);
    event->paste_length = terminal->paste.length;
    return true;
}

static bool read_named(struct terminal *terminal, wint_t code, struct event *event)
{
    if (code == KEY_MOUSE)
        return read_mouse(event);
    if (code == CODE_PASTE_BEGIN)
        return read_paste(terminal, event);
    if (code == CODE_SYNC) {
        event->kind = EVENT_SYNC;
        return true;
    }
    event->kind = EVENT_KEY;
    for (size_t i = 0; i < LENGTH(key_codes); i++)
        if (key_codes[i].code == code) {
            event->key = (struct key){key_codes[i].key, key_codes[i].modifiers};
            return true;
        }
    if (code >= KEY_F(1) && code <= KEY_F(12)) {
        event->key = (struct key){KEYCODE_F1 + (int32_t)(code - KEY_F(1)), 0};
        return true;
    }
    return false;
}

/* Esc and a character that arrived with it are Alt and that character. */
static void read_alt(struct terminal *terminal, struct event *event)
{
    wint_t code;
    int result = wget_wch(terminal->input, &code);
    if (result == OK && code != 0x1B) {
        event->key = key_from_character((int32_t)code);
        event->key.modifiers |= MODIFIER_ALT;
    } else if (result == OK) {
        unget_wch((wchar_t)code);
    } else if (result == KEY_CODE_YES) {
        ungetch((int)code);
    }
}

bool terminal_read(struct terminal *terminal, struct event *ret_event)
{
    for (;;) {
        wint_t code;
        int result = wget_wch(terminal->input, &code);
        *ret_event = (struct event){0};
        if (result == ERR)
            return false;
        if (result == KEY_CODE_YES) {
            if (read_named(terminal, code, ret_event))
                return true;
            continue; /* a key that we have no name for */
        }
        ret_event->kind = EVENT_KEY;
        ret_event->key = key_from_character((int32_t)code);
        if (ret_event->key.code == KEYCODE_ESCAPE)
            read_alt(terminal, ret_event);
        return true;
    }
}

bool terminal_is_lost(const struct terminal *terminal)
{
    (void)terminal;
    struct pollfd input = {.fd = STDIN_FILENO, .events = POLLIN};
    int waiting = 0;
    if (poll(&input, 1, 0) <= 0)
        return false;
    if (input.revents & (POLLHUP | POLLERR | POLLNVAL))
        return true;
    return ioctl(STDIN_FILENO, FIONREAD, &waiting) < 0 || waiting == 0;
}

void terminal_flush_input(struct terminal *terminal)
{
    (void)terminal;
    flushinp();
}

void terminal_answer_sync(struct terminal *terminal)
{
    if (!terminal->is_test)
        return;
    AUTO_FREE char *mark = memory_format("\033]7717;%u\007", ++terminal->syncs);
    write_text(mark);
}
