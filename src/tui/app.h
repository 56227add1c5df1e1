/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What all views share and may ask for: the session, the screens and what lies over them, the
 * message line. What drives it is app_main.h.
 */
#ifndef TUI_APP_H
#define TUI_APP_H

#include "assess/session.h"
#include "keymap.h"
#include "tui/tui.h"
#include "view.h"

/* X(name): the screens of a review, in the order of their keys */
#define TABS(X) X(OVERVIEW) X(WALK) X(EVIDENCE) X(FINDINGS) X(ACCESS) X(FLOWS) X(HISTORY) X(SIGNOFF)
enum tab {
#define X(name) TAB_##name,
    TABS(X)
#undef X
        TAB_COUNT
};

enum message_level { MESSAGE_INFO, MESSAGE_GOOD, MESSAGE_BAD };

/* The check on a target that all screens speak about. */
struct focus {
    const struct check *check; /* NULL: none */
    size_t target;
};

/* What the terminal does for the app; all NULL where there is none. */
struct app_host {
    void *context;
    void (*flush_input)(void *context);
    void (*redraw)(void *context);
    void (*stop)(void *context); /* as a shell's Ctrl-Z does */
    void (*suspend)(void *context);
    void (*resume)(void *context);
};

struct app;
/* What came of a look at a copy; as the session's event. */
typedef void app_looked_function(struct app *app, const char *other,
                                 const struct merge_report *report, const struct error *error);

struct app {
    struct loop *loop;
    struct app_host host;
    struct tui_options options;
    struct session *session; /* NULL: the start screen */
    struct session *opened;  /* takes the place of session in app_settle() */
    struct keymap keymap;
    struct canvas canvas;
    struct view *start;
    struct view *tabs[TAB_COUNT]; /* NULL without a session */
    enum tab tab, tab_before;
    struct view **overlays; /* the last is in front */
    size_t overlay_count;
    struct view *looking;        /* the dialog while a copy is looked at; NULL: none is */
    app_looked_function *looked; /* who wants to know */
    struct focus focus;
    char *draft_key; /* of the draft that was kept last */
    char *message;
    enum message_level message_level;
    struct loop_timer *spinner; /* runs while probes do */
    struct loop_timer
        *painter; /* paints what came from the background, at most 30 times a second */
    unsigned spinner_step;
    int64_t refreshed_ms;     /* when we last looked for changes of another process */
    int guard_ms;             /* how long a question ignores keys that may not be meant for it */
    bool is_stale;            /* the session changed since the views last read it */
    bool is_asked;            /* a target waits for an answer */
    bool has_declined_active; /* of the commands that change something: not asked again */
    bool has_refused;         /* the user did not trust a host key: the run's end is no news */
    bool is_done;
    void (*paint)(void *context); /* bring the canvas to the terminal */
};

/* --- app_open.c --- */

/* Open a review. It comes to the front when the event at hand was handled. */
bool app_open(struct app *app, const char *path, struct error *error) MUST_USE;
/* Make a review; the same. */
bool app_create(struct app *app, const struct session_new *request, struct error *error) MUST_USE;

/* --- app.c --- */

/* The screen below what lies over it. */
struct view *app_screen(const struct app *app);
/* The view that keys go to. */
struct view *app_front(const struct app *app);
void app_say(struct app *app, enum message_level level, const char *format, ...) PRINTF_LIKE(3, 4);
/* Tell what failed, and how to mend it. */
void app_fail(struct app *app, const struct error *error);
/* Put a view in front; it is freed by app_pop(). */
void app_push(struct app *app, struct view *view);
/* Take VIEW away, wherever it lies. */
void app_pop(struct app *app, struct view *view);
void app_go(struct app *app, enum tab tab);
/* Go back to the screen before. */
void app_go_back(struct app *app);
/* Read again what the session tells, now. */
void app_update(struct app *app);
/* NULL when nothing is in the focus. Borrowed until the next change of the session. */
const struct item *app_item(const struct app *app, struct focus focus);
const char *app_target_name(const struct app *app, size_t target);
void app_set_focus(struct app *app, const struct check *check, size_t target);
bool app_can_write(struct app *app); /* false: it was said why not */
void app_quit(struct app *app);

/* --- outside.c --- */

/* Let the user go on with TEXT in $VISUAL or $EDITOR; NULL when that failed, and was said. Free
 * with free(). */
char *app_edit_outside(struct app *app, const char *text);

#endif
