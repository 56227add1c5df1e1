/* SPDX-License-Identifier: Apache-2.0 */
#include "flow/plan.h"

#include "base/array.h"
#include "flow/map.h"
#include "vantage.h"

#include <string.h>

enum {
    SECONDS_AT_MOST = 6,   /* until the last guard has struck */
    PLACES_OF_WORD = 4,    /* that a vantage finds at most */
    CHOOSING_SECONDS = 60, /* for the tools to prove themselves */
    STEP_SECONDS = 200,
    STEP_BYTES = 40 * 1024
};

static const char *const expectation_texts[] = {
#define X(name, text) text,
    FLOW_EXPECTATIONS(X)
#undef X
};

const char *flow_expectation_text(enum flow_expectation expectation)
{
    return expectation_texts[expectation];
}

bool flow_expectation_parse(const char *text, enum flow_expectation *ret_expectation)
{
    for (size_t i = 0; i < LENGTH(expectation_texts); i++)
        if (strcmp(expectation_texts[i], text) == 0) {
            *ret_expectation = (enum flow_expectation)i;
            return true;
        }
    return false;
}

/* --- lines --- */

void flow_line_list_release(struct flow_line_list *list)
{
    for (size_t i = 0; i < list->count; i++) {
        free(list->items[i].from);
        free(list->items[i].to);
        free(list->items[i].places);
        free(list->items[i].ports);
    }
    free(list->items);
    *list = (struct flow_line_list){0};
}

void flow_line_add(struct flow_line_list *list, const struct flow_line *line)
{
    *array_push(list->items, list->count) =
        (struct flow_line){.from = memory_copy_text(line->from),
                           .to = memory_copy_text(line->to),
                           .places = memory_copy_text(line->places),
                           .ports = memory_copy_text(line->ports),
                           .protocol = line->protocol,
                           .expectation = line->expectation};
}

void flow_line_add_defaults(struct flow_line_list *list, const char *from)
{
    static const struct {
        const char *word;
        enum flow_protocol protocol;
    } defaults[] = {{"metadata", FLOW_TCP},
                    {"gateway", FLOW_TCP},
                    {"dns", FLOW_UDP},
                    {"dns", FLOW_TCP},
                    {"neighbours", FLOW_TCP}};
    for (size_t i = 0; i < LENGTH(defaults); i++) {
        AUTO_FREE char *name = memory_copy_text(from);
        AUTO_FREE char *word = memory_copy_text(defaults[i].word);
        AUTO_FREE char *ports = memory_copy_text(flow_word_ports(word));
        const struct flow_line line = {.from = name,
                                       .to = word,
                                       .places = word,
                                       .ports = ports,
                                       .protocol = defaults[i].protocol};
        flow_line_add(list, &line);
    }
}

/* --- options --- */

static bool is_tool(const char *name)
{
    static const char *const tools[] = {
#define X(name) name,
        FLOW_TOOLS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(tools); i++)
        if (strcmp(tools[i], name) == 0)
            return true;
    return false;
}

bool flow_options_check(const struct flow_options *options, struct error *error)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    if (options->rate < 0 || options->rate > FLOW_RATE_MAX) {
        error_set(error, ERROR_USAGE, "%d is no rate", options->rate);
        return error_hint(error, "give the connections that may begin in a second: 1 to %d",
                          FLOW_RATE_MAX);
    }
    if (options->tools != NULL)
        strings_split(&names, options->tools, ',');
    for (size_t i = 0; i < names.count; i++)
        if (!is_tool(names.items[i])) {
            error_set(error, ERROR_USAGE, "'%s' is no tool that can measure flows", names.items[i]);
            return error_hint(error,
                              "python3, perl, bash, socat, nc, busybox, curl and direct-tcpip are");
        }
    return true;
}

/* --- a plan --- */

struct making {
    const struct flow_options *options;
    struct flow_plan plan;
    struct buffer command; /* of the step at hand, without its beginning */
    int rate;
    size_t weight; /* connections of the step at hand, at most */
    size_t first;  /* request of the step at hand */
    /* Where the command leads to so far. */
    const char *place; /* borrowed from the lines' places of the line at hand, NULL: nowhere */
    int family;
};

void flow_plan_release(struct flow_plan *plan)
{
    for (size_t i = 0; i < plan->step_count; i++)
        free(plan->steps[i].command);
    free(plan->steps);
    free(plan->requests);
    *plan = (struct flow_plan){0};
}

static void name_tools(const struct flow_options *options, struct strings *ret_names)
{
    static const char all[] =
#define X(name) "," name
        FLOW_TOOLS(X)
#undef X
        ;
    strings_split(ret_names, options->tools ? options->tools : all + 1, ',');
}

static void begin_command(const struct making *making, struct buffer *text)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    const char *blank = "";
    name_tools(making->options, &names);
    buffer_append_format(text, "seconds=%d rate=%d launched=0\ntools='", FLOW_SECONDS,
                         making->rate);
    for (size_t i = 0; i < names.count; i++) {
        if (strcmp(names.items[i], FLOW_FORWARD_TOOL) == 0)
            continue;
        buffer_append_format(text, "%s%s", blank, names.items[i]);
        blank = " ";
    }
    buffer_append_format(text, "'\n%s", flow_vantage);
}

static bool needs(const struct making *making, bool udp)
{
    for (size_t i = making->first; i < making->plan.request_count; i++)
        if (flow_protocol_is_udp(making->plan.requests[i].line->protocol) == udp)
            return true;
    return false;
}

/* The step at hand is complete. */
static void end_step(struct making *making)
{
    size_t batches = making->weight / (size_t)making->rate + 1;
    AUTO_RELEASE(buffer) struct buffer command = {0};
    if (making->command.length == 0)
        return;
    begin_command(making, &command);
    buffer_append_format(&command, "%s%s", needs(making, false) ? "choose tcp\n" : "",
                         needs(making, true) ? "choose udp\n" : "");
    buffer_append_format(&command, "%swait\necho end\n", buffer_text(&making->command));
    *array_push(making->plan.steps, making->plan.step_count) =
        (struct flow_step){.command = buffer_take(&command),
                           .timeout_ms = (int)(batches * SECONDS_AT_MOST + CHOOSING_SECONDS) * 1000,
                           .first = making->first,
                           .count = making->plan.request_count - making->first};
    buffer_clear(&making->command);
    making->weight = 0;
    making->place = NULL;
    making->first = making->plan.request_count;
}

/* Whether an earlier line speaks of the same flow. */
static bool is_asked(const struct making *making, const struct flow_request *request)
{
    for (size_t i = 0; i < making->plan.request_count; i++) {
        const struct flow_request *other = &making->plan.requests[i];
        if (other->port == request->port && other->family == request->family &&
            flow_protocol_is_udp(other->line->protocol) ==
                flow_protocol_is_udp(request->line->protocol) &&
            strcmp(other->line->to, request->line->to) == 0)
            return true;
    }
    return false;
}

static void lead_to(struct making *making, const char *place, int family)
{
    const char *kind = flow_address_family(place) ? "address " : "host ";
    if (making->place != NULL && strcmp(making->place, place) == 0 && making->family == family)
        return;
    making->place = place;
    making->family = family;
    buffer_append_format(&making->command, "at %d %s%s\n", family,
                         flow_word_ports(place) ? "" : kind, place);
}

/* All places of one family for one port: they share a number. */
static void add_request(struct making *making, const struct strings *places,
                        const struct flow_request *request)
{
    const char *protocol = flow_protocol_is_udp(request->line->protocol) ? "udp" : "tcp";
    size_t number = making->plan.request_count, before = making->command.length;
    for (size_t i = 0; i < places->count; i++) {
        int family = flow_address_family(places->items[i]);
        if (family != 0 && family != request->family)
            continue;
        lead_to(making, places->items[i], request->family);
        buffer_append_format(&making->command, "try %zu %s %d\n", number, protocol, request->port);
        making->weight += family != 0 ? 1 : PLACES_OF_WORD;
    }
    if (making->command.length == before)
        return;
    *array_push(making->plan.requests, making->plan.request_count) = *request;
    if (making->weight >= (size_t)making->rate * (STEP_SECONDS / SECONDS_AT_MOST) ||
        making->command.length > STEP_BYTES)
        end_step(making);
}

static bool are_places_sound(const struct strings *places)
{
    for (size_t i = 0; i < places->count; i++)
        if (!flow_word_ports(places->items[i]) && !flow_address_family(places->items[i]) &&
            !flow_is_host_name(places->items[i]))
            return false;
    return true;
}

static void add_ports(struct making *making, const struct flow_line *line,
                      const struct strings *places, const struct flow_ports *ports, int family)
{
    for (size_t r = 0; r < ports->range_count; r++)
        for (int port = ports->ranges[r].first; port <= ports->ranges[r].last; port++) {
            const struct flow_request request = {line, family, port};
            if (!is_asked(making, &request))
                add_request(making, places, &request);
        }
}

static bool add_line(struct making *making, const struct flow_line *line, struct error *error)
{
    AUTO_RELEASE(strings) struct strings places = {0};
    struct flow_ports ports;
    int only = flow_protocol_family(line->protocol);
    strings_split(&places, line->places, ',');
    if (!flow_ports_parse(line->ports, &ports, error))
        return false;
    if (!are_places_sound(&places))
        return error_set(error, ERROR_INVALID, "'%s' is no place that a flow could lead to",
                         line->places);
    for (int family = 4; family <= 6; family += 2)
        if (only == 0 || only == family)
            add_ports(making, line, &places, &ports, family);
    making->place = NULL;
    return making->plan.request_count <= FLOW_REQUESTS_MAX ||
           error_set(error, ERROR_INVALID, "more than %d flows are to be measured from '%s'",
                     FLOW_REQUESTS_MAX, line->from);
}

bool flow_plan_make(const struct flow_line_list *lines, const char *from,
                    const struct flow_options *options, struct flow_plan *ret_plan,
                    struct error *error)
{
    struct making making = {.options = options,
                            .rate = options->rate > 0 ? options->rate : FLOW_RATE_DEFAULT};
    bool ok = flow_options_check(options, error);
    for (size_t i = 0; ok && i < lines->count; i++)
        if (strcmp(lines->items[i].from, from) == 0)
            ok = add_line(&making, &lines->items[i], error);
    end_step(&making);
    buffer_release(&making.command);
    if (ok)
        *ret_plan = making.plan;
    else
        flow_plan_release(&making.plan);
    return ok;
}

void flow_plan_add_map(struct flow_plan *plan)
{
    size_t before = plan->step_count;
    (void)array_push(plan->steps, plan->step_count);
    memmove(plan->steps + 1, plan->steps, before * sizeof(*plan->steps));
    plan->steps[0] = (struct flow_step){.command = memory_copy_text(flow_map_command),
                                        .timeout_ms = FLOW_MAP_SECONDS * 1000};
}
