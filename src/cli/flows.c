/* SPDX-License-Identifier: Apache-2.0 */
/* Which flows are possible, against which are expected. */
#include "assess/flows.h"
#include "base/file.h"
#include "commands.h"
#include "flow/map_json.h"
#include "flow_map.h"
#include "flow_matrix.h"
#include "opening.h"
#include "terminal_question.h"
#include "visiting.h"

#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

/* The command at work: FILE is a review, or a file of targets with or without a review. */
struct flowing {
    const struct arguments *arguments;
    const char *file; /* of targets; NULL: none */
    const char *path; /* of the review; NULL: none */
    struct loop *loop;
    struct session *session;
    struct inventory inventory;
    struct flow_line_list lines; /* all that are expected */
    struct flow_line_list asked; /* those to be measured */
    struct flow_vantage *vantages;
    size_t vantage_count;
    struct flow_measure_list measures; /* on record */
    struct flow_survey survey;
    struct visiting visiting;
};

static void flowing_release(struct flowing *flowing)
{
    session_close(flowing->session);
    inventory_release(&flowing->inventory);
    flow_line_list_release(&flowing->lines);
    flow_line_list_release(&flowing->asked);
    for (size_t i = 0; i < flowing->vantage_count; i++) {
        free(flowing->vantages[i].name);
        free(flowing->vantages[i].spec);
    }
    free(flowing->vantages);
    flow_measure_list_release(&flowing->measures);
    flow_survey_release(&flowing->survey);
    visiting_release(&flowing->visiting);
}

/* --- what is expected, and from where --- */

/* A review is a database of SQLite; whatever else it is, it is no YAML. */
static bool is_database(const char *path)
{
    static const char magic[] = "SQLite format 3";
    char head[sizeof(magic)] = "";
    int fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    bool is_read = fd >= 0 && read(fd, head, sizeof(head)) == (ssize_t)sizeof(head);

    if (fd >= 0)
        close(fd);
    return is_read && memcmp(head, magic, sizeof(magic)) == 0;
}

static bool open_files(struct flowing *flowing, int *ret_status)
{
    const struct arguments *arguments = flowing->arguments;
    const struct session_options options = {.read_only = arguments->show || arguments->dry_run};
    bool is_review = is_database(arguments->words[0]);
    struct error error = {0};

    flowing->file = is_review ? NULL : arguments->words[0];
    flowing->path = is_review ? arguments->words[0] : arguments->words[1];
    if (is_review && arguments->word_count > 1) {
        error_set(&error, ERROR_USAGE, "'%s' is a review already", arguments->words[0]);
        error_hint(&error, "walkdown flows REVIEW, or walkdown flows TARGETS REVIEW");
        *ret_status = output_error(&error, "flows");
        return false;
    }
    if (flowing->path && !session_open(flowing->path, &options, &flowing->session, &error)) {
        *ret_status = review_error(&error, flowing->path);
        return false;
    }
    if (flowing->file && !inventory_load_file(flowing->file, &flowing->inventory, &error)) {
        *ret_status = output_error(&error, "flows");
        return false;
    }
    return true;
}

static bool read_lines(struct flowing *flowing, struct error *error)
{
    AUTO_RELEASE(flow_line_list) struct flow_line_list recorded = {0};

    if (flowing->session &&
        !flows_of_session(flowing->session, flowing->file ? &recorded : &flowing->lines,
                          &flowing->measures, error))
        return false;
    return !flowing->file ||
           flows_of_inventory(&flowing->inventory, flowing->file, &flowing->lines, error);
}

static const char *spec_of(const struct flowing *flowing, const char *name)
{
    size_t count = 0;
    const struct session_target *targets =
        flowing->session ? session_targets(flowing->session, &count) : NULL;

    for (size_t i = 0; i < count; i++)
        if (strcmp(targets[i].name, name) == 0)
            return targets[i].spec;
    return flowing->session ? NULL : inventory_target(&flowing->inventory, name);
}

static bool add_vantage(struct flowing *flowing, const char *name, struct error *error)
{
    const char *spec = spec_of(flowing, name);

    for (size_t i = 0; i < flowing->vantage_count; i++)
        if (strcmp(flowing->vantages[i].name, name) == 0)
            return true;
    if (!spec)
        return error_set(error, ERROR_NOT_FOUND, "there is no target '%s'%s", name,
                         flowing->session ? " in the review" : "");
    *array_push(flowing->vantages, flowing->vantage_count) =
        (struct flow_vantage){memory_copy_text(name), memory_copy_text(spec)};
    return true;
}

/* Those of -t and -g, or all from which a flow is expected. */
static bool choose_vantages(struct flowing *flowing, struct error *error)
{
    const struct arguments *arguments = flowing->arguments;
    AUTO_RELEASE(strings) struct strings members = {0};

    for (size_t i = 0; i < arguments->targets.count; i++)
        if (!add_vantage(flowing, arguments->targets.items[i], error))
            return false;
    if (arguments->group && !flowing->file)
        return error_set(error, ERROR_USAGE, "-g chooses in a file of targets: give that");
    if (arguments->group &&
        !inventory_select(&flowing->inventory, arguments->group, &members, error))
        return false;
    for (size_t i = 0; i < flowing->lines.count; i++) {
        const char *from = flowing->lines.items[i].from;
        bool is_wanted =
            arguments->group ? strings_contains(&members, from) : !arguments->targets.count;
        if (is_wanted && !add_vantage(flowing, from, error))
            return false;
    }
    return true;
}

static void choose_lines(struct flowing *flowing)
{
    for (size_t i = 0; i < flowing->lines.count; i++)
        if (!flowing->arguments->declared ||
            flowing->lines.items[i].expectation != FLOW_EXPECT_UNDECLARED)
            flow_line_add(&flowing->asked, &flowing->lines.items[i]);
}

/* --- measuring --- */

static bool read_request(const struct flowing *flowing, struct flows_request *ret_request,
                         struct error *error)
{
    const struct arguments *arguments = flowing->arguments;
    bool other = false;
    char *end = NULL;

    *ret_request = (struct flows_request){.lines = &flowing->asked,
                                          .vantages = flowing->vantages,
                                          .vantage_count = flowing->vantage_count,
                                          .options.tools = arguments->tools,
                                          .only_map = arguments->map,
                                          .allow_password = arguments->allow_password,
                                          .loop = flowing->loop,
                                          .session = flowing->session};
    if (arguments->rate) {
        long rate = strtol(arguments->rate, &end, 10);
        bool is_number = *arguments->rate && !*end && rate > 0 && rate <= FLOW_RATE_MAX;
        ret_request->options.rate = is_number ? (int)rate : -1;
    }
    return flow_options_check(&ret_request->options, error) &&
           consent_parse(arguments->consent, arguments->map ? &ret_request->consent : &other,
                         arguments->map ? &other : &ret_request->consent, error);
}

static void cancel(void *work)
{
    flows_cancel(work);
}

static bool measure(struct flowing *flowing, const struct flows_request *request,
                    struct error *error)
{
    struct visiting *visiting = &flowing->visiting;
    const struct visit_events events = visiting_events(visiting);

    *visiting =
        (struct visiting){.loop = flowing->loop,
                          .accept_hostkey = flowing->arguments->accept_hostkey,
                          .purpose = flowing->session ? "pin it in the review" : "go on this once",
                          .cancel = cancel,
                          .work = &flowing->survey};
    if (flowing->session && !request->only_map &&
        !session_expect_flows(flowing->session, &flowing->lines, flowing->file, error))
        return false;
    if (!visiting_catch_signals(visiting, error) ||
        !flows_measure(request, &events, &flowing->survey, error))
        return false;
    if (!flowing->session)
        return true;
    AUTO_RELEASE(flow_line_list) struct flow_line_list same = {0};
    flow_measure_list_release(&flowing->measures);
    return flows_of_session(flowing->session, &same, &flowing->measures, error);
}

static int print_scripts(const struct flows_request *request)
{
    AUTO_RELEASE(output) struct output output = {0};
    struct error error = {0};

    if (!flows_dry_run(request, &output.text, &error))
        return output_error(&error, "flows");
    return output_write(&output);
}

static void tell_failures(const struct flowing *flowing)
{
    for (size_t i = 0; i < flowing->survey.failures.count; i++)
        output_note("walkdown: %s", flowing->survey.failures.items[i]);
    visiting_tell_refused(&flowing->visiting);
}

static int report_map(struct flowing *flowing)
{
    AUTO_RELEASE(flow_map) struct flow_map map = {0};
    AUTO_RELEASE(output) struct output output = {0};
    struct error error = {0};
    int written = EXIT_DONE;

    if (!flows_map(flowing->session, &flowing->survey, &flowing->lines, &map, &error))
        return output_error(&error, "flows");
    tell_failures(flowing);
    output_init(&output, flowing->arguments);
    flow_map_print(&map, &output);
    if (flowing->arguments->json)
        written = output_json(json_pack("{s:o, s:o}", "map", flow_map_json(&map), "failures",
                                        flow_failures_json(&flowing->survey.failures)));
    else if (!flowing->arguments->quiet)
        written = output_write(&output);
    return written ? written : flowing->survey.failures.count ? EXIT_UNREACHABLE : EXIT_DONE;
}

static int report(struct flowing *flowing)
{
    const struct flow_measure_list *measures =
        flowing->session ? &flowing->measures : &flowing->survey.measures;
    AUTO_RELEASE(flow_matrix) struct flow_matrix matrix = {0};
    AUTO_RELEASE(output) struct output output = {0};
    AUTO_RELEASE(flow_map) struct flow_map map = {0};
    struct error error = {0};

    if (flowing->arguments->map)
        return report_map(flowing);
    if (!flow_matrix_make(&flowing->lines, measures, &matrix, &error) ||
        !flows_map(flowing->session, &flowing->survey, &flowing->lines, &map, &error))
        return output_error(&error, "flows");
    tell_failures(flowing);
    int status = flow_matrix_status(&matrix);
    if (status != EXIT_GATE && flowing->survey.failures.count)
        status = EXIT_UNREACHABLE;
    if (flowing->arguments->json) {
        json_t *json = flow_matrix_json(&matrix, &flowing->survey.failures);
        json_object_set_new(json, "map", flow_map_json(&map));
        int written = output_json(json);
        return written ? written : status;
    }
    output_init(&output, flowing->arguments);
    flow_matrix_print(&matrix, &output);
    int written = flowing->arguments->quiet ? EXIT_DONE : output_write(&output);
    return written ? written : status;
}

static int act(struct flowing *flowing)
{
    struct flows_request request;
    struct error error = {0};

    if (!read_lines(flowing, &error))
        return output_error(&error, "flows");
    if (flowing->arguments->show)
        return report(flowing);
    choose_lines(flowing);
    if (!choose_vantages(flowing, &error) || !read_request(flowing, &request, &error))
        return output_error(&error, "flows");
    if (flowing->arguments->dry_run)
        return print_scripts(&request);
    if (!measure(flowing, &request, &error))
        return output_error(&error, "flows");
    return flowing->survey.is_cancelled ? EXIT_NO : report(flowing);
}

static int run(const struct arguments *arguments)
{
    AUTO(loop) struct loop *loop = loop_new();
    struct flowing flowing = {.arguments = arguments, .loop = loop};
    int status;

    if (open_files(&flowing, &status))
        status = act(&flowing);
    flowing_release(&flowing);
    return status;
}

static const struct option_spec options[] = {
    LIST('t', "target", "NAME", targets, "measure from this target alone; may be repeated"),
    VALUE('g', "group", "NAME", group, "of a file of targets, only from those of this group"),
    VALUE(0, "consent", "active", consent,
          "consent to connections from the targets; with --map: read"),
    VALUE(0, "rate", "N", rate, "connections that begin in a second, 1 to 100; default 20"),
    VALUE(0, "tools", "NAME,...", tools,
          "what may connect: python3, perl, bash, socat, nc, busybox, curl, direct-tcpip; default "
          "all"),
    FLAG(0, "declared", declared, "only what the file declares, not the default set"),
    FLAG(0, "map", map, "make no connection: show what listens, is connected and shared there"),
    FLAG(0, "show", show, "measure nothing: show what the review has on record"),
    VALUE(0, "accept-hostkey", "SHA256:...", accept_hostkey, "host key to accept"),
    FLAG(0, "password", allow_password, "ask for a password when all keys are refused"),
    FLAG(0, "dry-run", dry_run, "print the exact scripts and run nothing"),
    {0},
};

const struct command command_flows = {
    .name = "flows",
    .words = "FILE [REVIEW]",
    .words_min = 1,
    .words_max = 2,
    .summary = "measure which flows are possible, against which are expected",
    .details =
        "FILE is a review, or a file of targets, whose measures go into REVIEW when one is\n"
        "given. Each target tries what its flows and the default set name, with a tool that it\n"
        "has; nothing is left there. A flow counts as closed only when that tool was seen to\n"
        "reach something that is open. Exit status 3 when a flow is otherwise than declared, 4\n"
        "when a target could not be reached, 8 when a declared flow could not be seen.",
    .options = options,
    .run = run,
};
