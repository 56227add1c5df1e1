/* SPDX-License-Identifier: Apache-2.0 */
#include "support/robot.h"

#include "support/testing.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <termios.h>
#include <unistd.h>
#include <utmp.h>
#include <vterm.h>

enum {
    DEFAULT_ROWS = 24,
    DEFAULT_COLUMNS = 80,
    DEFAULT_TIMEOUT_MS = 10000,
    END_MS = 2000,
    BUTTON_WHEEL = 4
};

struct robot {
    pid_t process; /* 0 once its end was seen */
    int status;
    int pty;   /* our side; -1 once the program hung up */
    int slave; /* kept open, so that the modes can be read after the program's end */
    int timeout_ms;
    struct termios modes; /* before the program began */
    VTerm *terminal;
    VTermScreen *screen;
    bool cursor_is_visible, is_fullscreen;
    unsigned syncs_asked, syncs_answered;
    struct buffer output;
    size_t scanned; /* of output, for answers to robot_wait_idle() */

    struct buffer keys; /* that the terminal makes, until they are sent together */
    struct buffer text; /* of the screen, handed out last */
};

/* ---- the terminal's side ---- */

static int on_property(VTermProp property, VTermValue *value, void *context)
{
    struct robot *robot = context;
    if (property == VTERM_PROP_CURSORVISIBLE)
        robot->cursor_is_visible = value->boolean;
    else if (property == VTERM_PROP_ALTSCREEN)
        robot->is_fullscreen = value->boolean;
    return 1;
}

/* What the terminal answers, and the keys that it makes. A key comes here in several parts; a
 * program that got them with a pause in between would take its ESC for a key. */
static void on_bytes(const char *bytes, size_t length, void *context)
{
    struct robot *robot = context;
    buffer_append(&robot->keys, bytes, length);
}

static void send_keys(struct robot *robot)
{
    robot_send(robot, buffer_text(&robot->keys), robot->keys.length);
    buffer_clear(&robot->keys);
}

static const VTermScreenCallbacks screen_callbacks = {.settermprop = on_property};

static void open_terminal(struct robot *robot, int rows, int columns)
{
    robot->terminal = vterm_new(rows, columns);
    vterm_set_utf8(robot->terminal, 1);
    vterm_output_set_callback(robot->terminal, on_bytes, robot);
    robot->screen = vterm_obtain_screen(robot->terminal);
    vterm_screen_set_callbacks(robot->screen, &screen_callbacks, robot);

    vterm_screen_enable_altscreen(robot->screen, 1);
    vterm_screen_reset(robot->screen, 1);
    robot->cursor_is_visible = true;
    robot->is_fullscreen = false;
}

/* ---- the program ---- */

static void run_program(const struct robot_options *options)
{
    static const char *const defaults[] = {"TERM=xterm-256color", "LC_ALL=C.UTF-8",
                                           "WALKDOWN_TEST_SYNC=1"};
    sigset_t none;
    sigemptyset(&none);
    sigprocmask(SIG_SETMASK, &none, NULL);
    for (size_t i = 0; i < LENGTH(defaults); i++)
        putenv(memory_copy_text(defaults[i]));
    for (size_t i = 0; options->environment != NULL && options->environment[i] != NULL; i++)
        putenv(memory_copy_text(options->environment[i]));
    if (options->folder != NULL && chdir(options->folder) < 0)
        _exit(126);
    char **arguments = memory_new(32, sizeof(*arguments));
    for (size_t i = 0; i < 31 && options->arguments[i] != NULL; i++)
        arguments[i] = memory_copy_text(options->arguments[i]);
    execv(arguments[0], arguments);
    _exit(127);
}

struct robot *robot_start(const struct robot_options *options)
{
    struct winsize size = {
        .ws_row = (unsigned short)(options->rows > 0 ? options->rows : DEFAULT_ROWS),
        .ws_col = (unsigned short)(options->columns > 0 ? options->columns : DEFAULT_COLUMNS)};
    struct robot *robot = memory_new(1, sizeof(*robot));
    robot->timeout_ms = options->timeout_ms > 0 ? options->timeout_ms : DEFAULT_TIMEOUT_MS;
    if (openpty(&robot->pty, &robot->slave, NULL, NULL, &size) < 0)
        fail_msg("no pseudo-terminal: %s", strerror(errno));
    fcntl(robot->pty, F_SETFD, FD_CLOEXEC);
    tcgetattr(robot->slave, &robot->modes);
    robot->process = fork();
    if (robot->process == 0) {
        close(robot->pty);
        login_tty(robot->slave);
        run_program(options);
    }
    open_terminal(robot, size.ws_row, size.ws_col);
    return robot;
}

/* Without a terminal it ends by itself, and in order: what it was writing is written. */
static void end_program(struct robot *robot)
{
    int64_t deadline_ms = clock_monotonic_ms() + END_MS;
    while (robot->process > 0 && clock_monotonic_ms() < deadline_ms) {
        if (waitpid(robot->process, &robot->status, WNOHANG) == robot->process)
            robot->process = 0;
        else
            poll(NULL, 0, 2);
    }
    if (robot->process > 0) {
        kill(robot->process, SIGKILL);
        waitpid(robot->process, NULL, 0);
    }
}

void robot_free(struct robot *robot)
{
    if (robot == NULL)
        return;
    close(robot->slave);
    if (robot->pty >= 0)
        close(robot->pty);
    end_program(robot);
    vterm_free(robot->terminal);
    buffer_release(&robot->output);
    buffer_release(&robot->keys);
    buffer_release(&robot->text);
    free(robot);
}

/* libvterm may lose a string that comes in two portions, so the marks are looked for here. */
static void count_answers(struct robot *robot)
{
    static const char mark[] = "\033]7717;";
    const char *end = buffer_text(&robot->output) + robot->output.length;
    for (;;) {
        const char *start = buffer_text(&robot->output) + robot->scanned;
        const char *found = memmem(start, (size_t)(end - start), mark, strlen(mark));
        const char *bell = found != NULL ? memchr(found, '\007', (size_t)(end - found)) : NULL;
        if (bell == NULL)
            return;
        robot->syncs_answered = (unsigned)strtoul(found + strlen(mark), NULL, 10);
        robot->scanned = (size_t)(bell + 1 - buffer_text(&robot->output));
    }
}

/* Take one portion of what the program writes; false: none came until the deadline. */
static bool pump(struct robot *robot, int64_t deadline_ms)
{
    struct pollfd poll_fd = {.fd = robot->pty, .events = POLLIN};
    int64_t left_ms = deadline_ms - clock_monotonic_ms();
    char bytes[4096];
    if (robot->pty < 0 || poll(&poll_fd, 1, left_ms > 0 ? (int)left_ms : 0) <= 0)
        return false;
    ssize_t length = read(robot->pty, bytes, sizeof(bytes));
    if (length <= 0)
        return false;
    buffer_append(&robot->output, bytes, (size_t)length);
    vterm_input_write(robot->terminal, bytes, (size_t)length);
    vterm_screen_flush_damage(robot->screen);
    count_answers(robot);
    send_keys(robot);
    return true;
}

/* ---- keys ---- */

void robot_send(struct robot *robot, const char *bytes, size_t length)
{
    while (length > 0) {
        ssize_t written = write(robot->pty, bytes, length);
        if (written < 0 && errno == EINTR)
            continue;
        if (written <= 0)
            return;
        bytes += written;
        length -= (size_t)written;
    }
}

static const struct {
    const char *name;
    VTermKey key;
} named_keys[] = {
    {"Enter", VTERM_KEY_ENTER},   {"Tab", VTERM_KEY_TAB},     {"BS", VTERM_KEY_BACKSPACE},
    {"Esc", VTERM_KEY_ESCAPE},    {"Up", VTERM_KEY_UP},       {"Down", VTERM_KEY_DOWN},
    {"Left", VTERM_KEY_LEFT},     {"Right", VTERM_KEY_RIGHT}, {"Del", VTERM_KEY_DEL},
    {"Home", VTERM_KEY_HOME},     {"End", VTERM_KEY_END},     {"PgUp", VTERM_KEY_PAGEUP},
    {"PgDn", VTERM_KEY_PAGEDOWN},
};

static void press_named(struct robot *robot, const char *name)
{
    VTermModifier modifiers = VTERM_MOD_NONE;
    for (; strlen(name) > 2 && name[1] == '-'; name += 2)
        modifiers |= *name == 'C' ? VTERM_MOD_CTRL : *name == 'M' ? VTERM_MOD_ALT : VTERM_MOD_SHIFT;
    for (size_t i = 0; i < LENGTH(named_keys); i++)
        if (strcmp(named_keys[i].name, name) == 0) {
            vterm_keyboard_key(robot->terminal, named_keys[i].key, modifiers);
            return;
        }
    if (strcmp(name, "Lt") == 0)
        vterm_keyboard_unichar(robot->terminal, '<', modifiers);
    else if (name[0] == 'F' && name[1] != '\0')
        vterm_keyboard_key(robot->terminal,
                           (VTermKey)VTERM_KEY_FUNCTION((int)strtol(name + 1, NULL, 10)),
                           modifiers);
    else if (name[1] == '\0')
        vterm_keyboard_unichar(robot->terminal, (unsigned char)name[0], modifiers);
    else
        fail_msg("no key is called <%s>", name);
}

/* Esc and what follows it would be one key to the program: it is handled first. */
void robot_press(struct robot *robot, const char *keys)
{
    size_t length = strlen(keys);
    while (length > 0) {
        const char *end = *keys == '<' ? memchr(keys, '>', length) : NULL;
        size_t used;
        if (end != NULL) {
            char *name = memory_copy(keys + 1, (size_t)(end - keys - 1));
            press_named(robot, name);
            used = (size_t)(end - keys) + 1;
            send_keys(robot);
            if (strcmp(name, "Esc") == 0 && used < length)
                robot_wait_idle(robot);
            free(name);
        } else {
            int32_t code_point;
            used = utf8_decode(keys, length, &code_point);
            vterm_keyboard_unichar(robot->terminal, (uint32_t)code_point, VTERM_MOD_NONE);
        }
        keys += used;
        length -= used;
    }
    send_keys(robot);
}

void robot_type(struct robot *robot, const char *text)
{
    size_t length = strlen(text);
    while (length > 0) {
        int32_t code_point;
        size_t used = utf8_decode(text, length, &code_point);
        if (code_point == '\n')
            vterm_keyboard_key(robot->terminal, VTERM_KEY_ENTER, VTERM_MOD_NONE);
        else
            vterm_keyboard_unichar(robot->terminal, (uint32_t)code_point, VTERM_MOD_NONE);
        text += used;
        length -= used;
    }
    send_keys(robot);
}

void robot_paste(struct robot *robot, const char *text)
{
    vterm_keyboard_start_paste(robot->terminal);
    buffer_append_text(&robot->keys, text);
    vterm_keyboard_end_paste(robot->terminal);
    send_keys(robot);
}

static void press_button(struct robot *robot, int row, int column, int button)
{
    vterm_mouse_move(robot->terminal, row, column, VTERM_MOD_NONE);
    vterm_mouse_button(robot->terminal, button, true, VTERM_MOD_NONE);
    vterm_mouse_button(robot->terminal, button, false, VTERM_MOD_NONE);
    send_keys(robot);
}

void robot_click(struct robot *robot, int row, int column)
{
    press_button(robot, row, column, 1);
}

void robot_wheel(struct robot *robot, int row, int column, bool up)
{
    press_button(robot, row, column, up ? BUTTON_WHEEL : BUTTON_WHEEL + 1);
}

void robot_resize(struct robot *robot, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    vterm_set_size(robot->terminal, rows, columns);
    ioctl(robot->pty, TIOCSWINSZ, &size);
}

void robot_hang_up(struct robot *robot)
{
    close(robot->pty);
    robot->pty = -1;
}

void robot_signal(struct robot *robot, int signal_number)
{
    kill(robot->process, signal_number);
}

/* ---- waiting ---- */

static int64_t deadline_of(const struct robot *robot)
{
    return clock_monotonic_ms() + robot->timeout_ms;
}

static void wait_shown(struct robot *robot, const char *text, bool shown)
{
    int64_t deadline_ms = deadline_of(robot);
    while (robot_shows(robot, text) != shown)
        if (!pump(robot, deadline_ms))
            fail_msg("the screen %s \"%s\":\n%s", shown ? "does not show" : "still shows", text,
                     robot_screen(robot));
}

void robot_wait_text(struct robot *robot, const char *text)
{
    wait_shown(robot, text, true);
}

void robot_wait_gone(struct robot *robot, const char *text)
{
    wait_shown(robot, text, false);
}

void robot_wait_idle(struct robot *robot)
{
    int64_t deadline_ms = deadline_of(robot);
    robot_send(robot, "\033[7717~", 7);
    robot->syncs_asked++;
    while (robot->syncs_answered < robot->syncs_asked)
        if (!pump(robot, deadline_ms))
            fail_msg("the program did not come to rest:\n%s", robot_screen(robot));
}

void robot_wait_stopped(struct robot *robot)
{
    int64_t deadline_ms = deadline_of(robot);
    int status = 0;
    while (waitpid(robot->process, &status, WUNTRACED | WNOHANG) == 0) {
        int64_t now_ms = clock_monotonic_ms();
        if (now_ms > deadline_ms)
            fail_msg("the program did not stop:\n%s", robot_screen(robot));
        pump(robot, now_ms + 5);
    }
    assert_true(WIFSTOPPED(status));
    while (pump(robot, 0))
        ;
}

static bool has_ended(struct robot *robot)
{
    if (robot->process > 0 && waitpid(robot->process, &robot->status, WNOHANG) == robot->process)
        robot->process = 0;
    return robot->process == 0;
}

/* The slave is open on our side too, so the end shows by waitpid alone: look between portions. */
int robot_wait_exit(struct robot *robot)
{
    int64_t deadline_ms = deadline_of(robot);
    while (!has_ended(robot)) {
        int64_t now_ms = clock_monotonic_ms();
        if (now_ms > deadline_ms)
            fail_msg("the program did not end:\n%s", robot_screen(robot));
        pump(robot, now_ms + 5);
    }
    while (pump(robot, 0))
        ;
    return robot->status;
}

/* ---- reading ---- */

static void append_cell(struct robot *robot, const VTermScreenCell *cell)
{
    if (cell->chars[0] == 0)
        buffer_append_byte(&robot->text, ' ');
    for (size_t i = 0; i < VTERM_MAX_CHARS_PER_CELL && cell->chars[i] != 0; i++)
        if (cell->chars[i] != (uint32_t)-1) /* the right half of a wide one */
            utf8_append(&robot->text, (int32_t)cell->chars[i]);
}

static void append_row(struct robot *robot, int row, int columns)
{
    for (VTermPos at = {row, 0}; at.col < columns;) {
        VTermScreenCell cell;
        vterm_screen_get_cell(robot->screen, at, &cell);
        append_cell(robot, &cell);
        at.col += cell.width > 1 ? cell.width : 1;
    }
    while (robot->text.length > 0 && robot->text.data[robot->text.length - 1] == ' ')
        robot->text.length--;
    buffer_append_byte(&robot->text, '\n');
}

const char *robot_screen(struct robot *robot)
{
    int rows, columns;
    buffer_clear(&robot->text);
    vterm_get_size(robot->terminal, &rows, &columns);
    for (int row = 0; row < rows; row++)
        append_row(robot, row, columns);
    return buffer_text(&robot->text);
}

bool robot_shows(struct robot *robot, const char *text)
{
    return strstr(robot_screen(robot), text) != NULL;
}

int robot_find(struct robot *robot, const char *text, int *ret_column)
{
    const char *screen = robot_screen(robot);
    const char *found = strstr(screen, text);
    int row = 0;
    const char *start = screen;
    if (found == NULL)
        return -1;
    for (const char *at = screen; at < found; at++)
        if (*at == '\n') {
            row++;
            start = at + 1;
        }
    char *before = memory_copy(start, (size_t)(found - start));
    if (ret_column != NULL)
        *ret_column = utf8_text_width(before);
    free(before);
    return row;
}

const struct buffer *robot_output(const struct robot *robot)
{
    return &robot->output;
}

void robot_clear_output(struct robot *robot)
{
    buffer_clear(&robot->output);
    robot->scanned = 0;
}

bool robot_cursor_is_visible(const struct robot *robot)
{
    return robot->cursor_is_visible;
}

bool robot_is_fullscreen(const struct robot *robot)
{
    return robot->is_fullscreen;
}

bool robot_modes_are_restored(const struct robot *robot)
{
    struct termios now;
    tcgetattr(robot->slave, &now);
    return now.c_iflag == robot->modes.c_iflag && now.c_oflag == robot->modes.c_oflag &&
           now.c_cflag == robot->modes.c_cflag && now.c_lflag == robot->modes.c_lflag &&
           memcmp(now.c_cc, robot->modes.c_cc, sizeof(now.c_cc)) == 0;
}

pid_t robot_process(const struct robot *robot)
{
    return robot->process;
}
