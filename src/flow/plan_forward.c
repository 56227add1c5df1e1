/* SPDX-License-Identifier: Apache-2.0 */
/* Orders for sshd, in the words that probe/forward.h tells of. */
#include "base/array.h"
#include "flow/plan.h"

#include <string.h>

enum {
    TRIES_MAX = 400,     /* of one order */
    ORDER_SECONDS = 100, /* until all of an order have begun; as many again to ask twice */
    SLACK_SECONDS = 40
};

static const char head[] =
    "# Not for a shell: sshd is asked for these TCP connections over direct-tcpip channels\n"
    "# (RFC 4254, section 7.2), where the target has no tool for them. They start in sshd's own\n"
    "# network namespace, as the account that it runs under for this login. No byte is sent, and\n"
    "# what opens is closed at once. Here \"prove\" connects to sshd itself.\n";

struct ordering {
    struct flow_plan *plan;
    int rate;
    size_t most; /* tries of an order */
    struct buffer text;
    size_t count;
};

static bool is_wanted(const struct flow_options *options)
{
    AUTO_RELEASE(strings) struct strings names = {0};
    if (options->tools == NULL)
        return true;
    strings_split(&names, options->tools, ',');
    for (size_t i = 0; i < names.count; i++)
        if (strcmp(names.items[i], FLOW_FORWARD_TOOL) == 0)
            return true;
    return false;
}

/* The address of a place that needs nobody on the vantage to find it; NULL: there is none. */
static const char *address_of(const char *place, int family)
{
    static const struct {
        const char *word, *addresses[2];
    } words[] = {{"metadata", {"169.254.169.254", "fd00:ec2::254"}},
                 {"internet", {"1.1.1.1", "2606:4700:4700::1111"}}};
    for (size_t i = 0; i < LENGTH(words); i++)
        if (strcmp(place, words[i].word) == 0)
            return words[i].addresses[family == 6];
    return flow_address_family(place) == family ? place : NULL;
}

static void end_order(struct ordering *ordering)
{
    struct flow_plan *plan = ordering->plan;
    int seconds = 2 * (int)(ordering->count / (size_t)ordering->rate) + SLACK_SECONDS;
    if (ordering->count == 0)
        return;
    *array_push(plan->steps, plan->step_count) =
        (struct flow_step){.command = buffer_take(&ordering->text),
                           .is_forward = true,
                           .timeout_ms = seconds * 1000,
                           .count = plan->request_count};
    ordering->count = 0;
}

static void add_try(struct ordering *ordering, size_t number, const char *address)
{
    if (ordering->count == 0)
        buffer_append_format(&ordering->text, "%sdirect-tcpip seconds %d rate %d\nprove\n", head,
                             FLOW_SECONDS, ordering->rate);
    buffer_append_format(&ordering->text, "try %zu %s %d\n", number, address,
                         ordering->plan->requests[number].port);
    if (++ordering->count == ordering->most)
        end_order(ordering);
}

void flow_plan_add_forwards(struct flow_plan *plan, const struct flow_options *options)
{
    int rate = options->rate > 0 ? options->rate : FLOW_RATE_DEFAULT;
    size_t most = (size_t)rate * ORDER_SECONDS;
    struct ordering ordering = {
        .plan = plan, .rate = rate, .most = most < TRIES_MAX ? most : TRIES_MAX};
    for (size_t i = 0; is_wanted(options) && i < plan->request_count; i++) {
        const struct flow_request *request = &plan->requests[i];
        AUTO_RELEASE(strings) struct strings places = {0};
        strings_split(&places, request->line->places, ',');
        for (size_t p = 0; p < places.count; p++) {
            const char *address = address_of(places.items[p], request->family);
            if (address != NULL && !flow_protocol_is_udp(request->line->protocol))
                add_try(&ordering, i, address);
        }
    }
    end_order(&ordering);
    buffer_release(&ordering.text);
}
