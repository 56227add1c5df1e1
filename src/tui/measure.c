/* SPDX-License-Identifier: Apache-2.0 */
/* Measuring flows: consent to the exact commands first, then it goes on in the background. */
#include "assess/flows.h"
#include "flow/plan.h"

#include "commands_view.h"
#include "dialog.h"
#include "form_view.h"
#include "screens.h"
#include "session_events.h"

#include <string.h>

enum line_set { LINES_OF_REVIEW, LINES_DECLARED, LINES_DECLARED_AND_DEFAULT };

/* What a form asked for; NULL and 0: as ever. */
struct wishes {
    int rate;
    const char *tools;
    struct strings from; /* targets; none: all */
    enum line_set lines;
};

/* A request whose texts are its own: what is consented to is what is sent. */
struct measuring {
    struct flows_request request;
    char *tools;
    struct flow_line_list lines;
    struct flow_vantage *vantages;
    struct strings strangers; /* flows are expected from there, but the review has no such target */
};

static void free_measuring(void *context)
{
    struct measuring *measuring = context;
    flow_line_list_release(&measuring->lines);
    for (size_t i = 0; i < measuring->request.vantage_count; i++) {
        free(measuring->vantages[i].name);
        free(measuring->vantages[i].spec);
    }
    free(measuring->vantages);
    free(measuring->tools);
    strings_release(&measuring->strangers);
    free(measuring);
}

static bool is_vantage(const struct measuring *measuring, const char *name)
{
    for (size_t i = 0; i < measuring->request.vantage_count; i++)
        if (strcmp(measuring->vantages[i].name, name) == 0)
            return true;
    return strings_contains(&measuring->strangers, name);
}

/* NULL: the review has no such target. */
static const struct session_target *find_target(const struct app *app, const char *name)
{
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    for (size_t i = 0; i < count; i++)
        if (strcmp(targets[i].name, name) == 0)
            return &targets[i];
    return NULL;
}

static void add_vantage(struct app *app, struct measuring *measuring, const char *name)
{
    const struct session_target *target = find_target(app, name);
    if (target == NULL)
        strings_push(&measuring->strangers, name);
    else
        *array_push(measuring->vantages, measuring->request.vantage_count) =
            (struct flow_vantage){memory_copy_text(name), memory_copy_text(target->spec)};
}

static void add_vantages(struct app *app, struct measuring *measuring, const struct strings *wanted)
{
    for (size_t i = 0; i < measuring->lines.count; i++) {
        const char *from = measuring->lines.items[i].from;
        bool is_wanted = wanted->count == 0 || strings_contains(wanted, from);
        if (is_wanted && !is_vantage(measuring, from))
            add_vantage(app, measuring, from);
    }
}

/* Of what the review has, its default set included where that was measured, to what is wanted. */
static void choose_lines(struct app *app, enum line_set set, struct flow_line_list *lines)
{
    struct flow_line_list all = *lines;
    size_t count;
    const struct session_target *targets = session_targets(app->session, &count);
    if (set == LINES_OF_REVIEW)
        return;
    *lines = (struct flow_line_list){0};
    for (size_t i = 0; i < all.count; i++)
        if (all.items[i].expectation != FLOW_EXPECT_UNDECLARED)
            flow_line_add(lines, &all.items[i]);
    flow_line_list_release(&all);
    for (size_t i = 0; set == LINES_DECLARED_AND_DEFAULT && i < count; i++)
        flow_line_add_defaults(lines, targets[i].name);
}

static bool read_lines(struct app *app, struct flow_line_list *ret_lines, struct error *error)
{
    struct flow_measure_list measures = {0};
    bool ok = flows_of_session(app->session, ret_lines, &measures, error);
    flow_measure_list_release(&measures);
    return ok;
}

/* NULL: it was said why not. */
static struct measuring *make_measuring(struct app *app, bool only_map, const struct wishes *wishes)
{
    struct measuring *measuring = memory_new(1, sizeof(*measuring));
    struct error error = {0};
    bool ok = read_lines(app, &measuring->lines, &error);
    choose_lines(app, wishes->lines, &measuring->lines);
    if (ok && measuring->lines.count == 0)
        ok = error_set(&error, ERROR_NOT_FOUND,
                       "no flow is declared: there is only the default set to measure");
    if (!ok) {
        app_fail(app, &error);
        free_measuring(measuring);
        return NULL;
    }
    add_vantages(app, measuring, &wishes->from);
    measuring->tools = memory_copy_text(wishes->tools);
    measuring->request.options = (struct flow_options){wishes->rate, measuring->tools};
    measuring->request.lines = &measuring->lines;
    measuring->request.vantages = measuring->vantages;
    measuring->request.only_map = only_map;
    return measuring;
}

static void start(struct app *app, const struct measuring *measuring)
{
    const struct flows_request *request = &measuring->request;
    struct error error = {0};
    if (!session_measure(app->session, request, &error)) {
        app_fail(app, &error);
        return;
    }
    app->is_stale = true;
    spinner_update(app);
    app_say(app, MESSAGE_INFO, "%s; go on working meanwhile",
            request->only_map ? "asking the targets" : "measuring flows");
}

static void view_commands(struct app *app, void *context)
{
    const struct measuring *measuring = context;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error = {0};
    if (!flows_print_commands(&measuring->request, &text, &error))
        app_fail(app, &error);
    else
        viewer_open(app, "The exact commands", buffer_take(&text), true);
}

static void consented(struct app *app, void *context, bool yes)
{
    struct measuring *measuring = context;
    measuring->request.consent = true;
    if (yes)
        start(app, measuring);
}

static void describe_map(const struct measuring *measuring, const struct flows_preview *preview,
                         struct buffer *text)
{
    commands_append_count(text, preview->command_count, "command");
    buffer_append_text(text, preview->command_count == 1 ? " asks " : " ask ");
    commands_append_count(text, measuring->request.vantage_count, "target");
    buffer_append_text(text, " what listens, is connected, mounted and shared there. All of this "
                             "only reads (class 'read'); no connection is made.");
}

static void describe_flows(const struct measuring *measuring, const struct flows_preview *preview,
                           struct buffer *text)
{
    size_t count = measuring->request.vantage_count;
    buffer_append_text(text, "These commands are active (class 'active'): they make connections. ");
    commands_append_count(text, preview->flow_count, "flow");
    buffer_append_text(text, preview->flow_count == 1 ? " is" : " are");
    buffer_append_text(text, " tried from ");
    commands_append_count(text, count, "target");
    buffer_append_format(text, "%s, at most %d connections begin in a second. ",
                         count == 1 ? "" : ", one after the other", preview->rate);
    commands_append_count(text, preview->command_count, "command");
    buffer_append_format(text, " %s sent; nothing is left there.",
                         preview->command_count == 1 ? "is" : "are");
}

static char *describe(const struct measuring *measuring, const struct flows_preview *preview,
                      size_t odd)
{
    struct buffer text = {0};
    if (measuring->request.only_map)
        describe_map(measuring, preview, &text);
    else
        describe_flows(measuring, preview, &text);
    if (measuring->strangers.count > 0) {
        buffer_append_text(&text, "\n\n");
        commands_append_count(&text, measuring->strangers.count, "other vantage");
        buffer_append_text(&text, measuring->strangers.count == 1
                                      ? " is no target of this review, and is left out."
                                      : " are no targets of this review, and are left out.");
    }
    buffer_append_text(&text, measuring->request.only_map
                                  ? "\n\nThe commands come with walkdown. Your consent is recorded."
                                  : "\n\nThe commands come with walkdown, addresses and ports with "
                                    "this review. Your consent is recorded.");
    commands_warn_of_odd(&text, odd);
    return buffer_take(&text);
}

/* MEASURING is taken. */
static void ask_consent(struct app *app, struct measuring *measuring,
                        const struct flows_preview *preview)
{
    AUTO_RELEASE(buffer) struct buffer commands = {0};
    struct error error = {0};
    if (!flows_print_commands(&measuring->request, &commands, &error)) {
        app_fail(app, &error);
        free_measuring(measuring);
        return;
    }
    size_t odd = commands_count_odd(&commands);
    AUTO_FREE char *text = describe(measuring, preview, odd);
    bool only_map = measuring->request.only_map;
    dialog_open(app,
                &(struct dialog_request){
                    .title = only_map ? "Ask the targets for the map?" : "Make these connections?",
                    .text = text,
                    .confirm = only_map ? "consent and ask" : "consent and measure",
                    .is_warning = odd > 0,
                    .is_guarded = true,
                    .toggles = {{ACTION_TOGGLE_PASSWORD, "a target may ask for a password",
                                 &measuring->request.allow_password}},
                    .toggle_count = 1,
                    .view = view_commands,
                    .view_label = "view the commands",
                    .must_view = odd > 0,
                    .done = consented,
                    .context = measuring,
                    .free_context = free_measuring});
}

/* False: it was said why not. */
static bool measure(struct app *app, bool only_map, const struct wishes *wishes)
{
    struct flows_preview preview;
    struct error error = {0};
    struct measuring *measuring = make_measuring(app, only_map, wishes);
    if (measuring == NULL)
        return false;
    if (!session_preview_flows(app->session, &measuring->request, &preview, &error)) {
        app_fail(app, &error);
        free_measuring(measuring);
        return false;
    }
    if (preview.needs_consent) {
        ask_consent(app, measuring, &preview);
    } else {
        start(app, measuring);
        free_measuring(measuring);
    }
    return true;
}

void measure_open(struct app *app, bool only_map)
{
    const struct wishes none = {0};
    if (app_can_write(app))
        (void)measure(app, only_map, &none);
}

/* --- with a choice --- */

enum { WITH_RATE, WITH_TOOLS, WITH_FROM, WITH_DEFAULTS };

static bool read_rate(const char *text, int *ret_rate)
{
    int rate = 0;
    for (const char *at = text; *at != '\0'; at++) {
        if (*at < '0' || *at > '9' || rate > FLOW_RATE_MAX)
            return false;
        rate = 10 * rate + (*at - '0');
    }
    *ret_rate = rate;
    return *text == '\0' || rate > 0;
}

static void split_names(const char *text, struct strings *ret_names)
{
    AUTO_RELEASE(strings) struct strings parts = {0};
    strings_split(&parts, text, ',');
    for (size_t i = 0; i < parts.count; i++) {
        const char *name = parts.items[i] + strspn(parts.items[i], " ");
        size_t length = strlen(name);
        while (length > 0 && name[length - 1] == ' ')
            length--;
        if (length > 0)
            strings_push_length(ret_names, name, length);
    }
}

static bool are_targets(struct app *app, const struct strings *names)
{
    for (size_t i = 0; i < names->count; i++)
        if (find_target(app, names->items[i]) == NULL) {
            app_say(app, MESSAGE_BAD, "'%s' is no target of this review", names->items[i]);
            return false;
        }
    return true;
}

static bool form_given(struct app *app, void *context UNUSED, const char *const *values)
{
    AUTO_RELEASE(strings) struct strings tools = {0};
    bool wants_default = strcmp(values[WITH_DEFAULTS], "yes") == 0;
    struct wishes wishes = {.lines = wants_default ? LINES_DECLARED_AND_DEFAULT : LINES_DECLARED};
    bool is_done = false;
    split_names(values[WITH_TOOLS], &tools);
    split_names(values[WITH_FROM], &wishes.from);
    AUTO_FREE char *joined = strings_join(&tools, ",");
    wishes.tools = tools.count > 0 ? joined : NULL;
    if (!read_rate(values[WITH_RATE], &wishes.rate))
        app_say(app, MESSAGE_BAD, "the rate is a number from 1 to %d", FLOW_RATE_MAX);
    else if (are_targets(app, &wishes.from))
        is_done = measure(app, false, &wishes);
    strings_release(&wishes.from);
    return is_done;
}

/* Whether what is measured otherwise has more than what is declared. */
static bool has_default_set(struct app *app)
{
    AUTO_RELEASE(flow_line_list) struct flow_line_list lines = {0};
    struct error error = {0};
    if (!read_lines(app, &lines, &error))
        return true; /* the start tells */
    for (size_t i = 0; i < lines.count; i++)
        if (lines.items[i].expectation == FLOW_EXPECT_UNDECLARED)
            return true;
    return false;
}

void measure_open_form(struct app *app)
{
    struct form_request form = {
        .title = "Measure flows",
        .save = "measure",
        .fields = {[WITH_RATE] = {"Rate", "Connections that may begin in a second, 1 to 100.",
                                  "20"},
                   [WITH_TOOLS] = {"Tools",
                                   "The first that a target has is used; empty: all of python3, "
                                   "perl, bash, socat, nc, busybox, curl, direct-tcpip."},
                   [WITH_FROM] = {"From", "Targets, with commas between; empty: all."},
                   [WITH_DEFAULTS] = {"Default set",
                                      "Beside what is declared: metadata services, gateways, name "
                                      "servers and neighbours.",
                                      "no",
                                      FORM_WORD,
                                      {"no", "yes"}}},
        .field_count = 4,
        .done = form_given};
    if (!app_can_write(app))
        return;
    if (has_default_set(app))
        form.fields[WITH_DEFAULTS].initial = "yes";
    form_open(app, &form);
}
