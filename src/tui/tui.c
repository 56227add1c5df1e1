/* SPDX-License-Identifier: Apache-2.0 */
/* The terminal, the app and the loop, brought together. */
#include "app_main.h"
#include "terminal.h"

#include <poll.h>
#include <signal.h>
#include <unistd.h>

struct tui {
    struct app app;
    struct terminal *terminal;
    bool is_away; /* another program has the terminal */
    int ended_by; /* a signal; 0: none */
};

static const int signals[] = {SIGWINCH, SIGTERM, SIGHUP, SIGINT, SIGCONT, 0};

static void paint(void *context)
{
    struct tui *tui = context;
    if (tui->is_away)
        return;
    terminal_fit_canvas(tui->terminal, &tui->app.canvas);
    app_draw(&tui->app);
    terminal_show(tui->terminal, &tui->app.canvas);
}

/* ---- what the app may ask of the terminal ---- */

static void flush_input(void *context)
{
    struct tui *tui = context;
    terminal_flush_input(tui->terminal);
}

static void redraw(void *context)
{
    struct tui *tui = context;
    terminal_redraw(tui->terminal);
}

static void suspend(void *context)
{
    struct tui *tui = context;
    tui->is_away = true;
    terminal_suspend(tui->terminal);
}

/* Ctrl-C in the other program was meant for it. */
static void forget_interrupt(void)
{
    sigset_t set;
    struct timespec now = {0};
    sigemptyset(&set);
    sigaddset(&set, SIGINT);
    while (sigtimedwait(&set, NULL, &now) > 0)
        ;
}

static void resume(void *context)
{
    struct tui *tui = context;
    forget_interrupt();
    terminal_resume(tui->terminal);
    tui->is_away = false;
}

static void stop(void *context)
{
    suspend(context);
    raise(SIGSTOP);
    resume(context);
}

/* ---- events ---- */

static void end_by(struct tui *tui, int signal_number)
{
    tui->ended_by = signal_number;
    app_quit(&tui->app);
}

static void on_signal(void *context, int signal_number)
{
    struct tui *tui = context;
    if (signal_number == SIGWINCH) {
        terminal_resize(tui->terminal);
        paint(tui);
    } else if (signal_number != SIGCONT) {
        end_by(tui, signal_number);
    } else if (!tui->is_away) { /* who stopped us may have changed the terminal's modes */
        terminal_resume(tui->terminal);
        paint(tui);
    }
}

static void on_input(void *context, int fd UNUSED, short revents)
{
    struct tui *tui = context;
    struct event event;
    int count = 0;
    bool is_asked = false;
    while (!tui->app.is_done && terminal_read(tui->terminal, &event)) {
        count++;
        if (event.kind == EVENT_SYNC) {
            terminal_resize(tui->terminal);
            is_asked = true;
            continue;
        }
        app_handle(&tui->app, &event);
    }
    if ((revents & (POLLHUP | POLLERR | POLLNVAL)) ||
        (count == 0 && terminal_is_lost(tui->terminal))) {
        end_by(tui, SIGHUP);
        return;
    }
    paint(tui);
    if (is_asked)
        terminal_answer_sync(tui->terminal);
}

static bool run(struct tui *tui, struct error *error)
{
    struct app *app = &tui->app;
    app->host = (struct app_host){.context = tui,
                                  .flush_input = flush_input,
                                  .redraw = redraw,
                                  .stop = stop,
                                  .suspend = suspend,
                                  .resume = resume};
    app->paint = paint;
    if (!loop_signals_set(app->loop, signals, on_signal, tui, error))
        return false;
    struct loop_watch *watch = loop_watch_add(app->loop, STDIN_FILENO, POLLIN, on_input, tui);
    paint(tui);
    bool is_done = loop_run(app->loop, error);
    loop_watch_remove(app->loop, watch);
    return is_done;
}

/* As if we had never caught it: whoever started us learns how we ended. */
static void end_by_signal(int signal_number)
{
    struct sigaction action = {.sa_handler = SIG_DFL};
    sigset_t set;
    sigemptyset(&action.sa_mask);
    sigaction(signal_number, &action, NULL);
    sigemptyset(&set);
    sigaddset(&set, signal_number);
    sigprocmask(SIG_UNBLOCK, &set, NULL);
    raise(signal_number);
}

bool tui_run(const char *path, const struct tui_options *options, struct error *error)
{
    struct tui tui = {0};
    struct loop *loop = loop_new();
    app_init(&tui.app, loop, options);
    bool is_done =
        (path == NULL || app_open(&tui.app, path, error)) && terminal_open(&tui.terminal, error);
    if (is_done) {
        app_settle(&tui.app);
        is_done = run(&tui, error);
    }
    tui.app.paint = NULL;
    tui.app.host = (struct app_host){0};
    terminal_close(tui.terminal);
    app_release(&tui.app);
    loop_free(loop);
    if (tui.ended_by != 0)
        end_by_signal(tui.ended_by);
    return is_done;
}
