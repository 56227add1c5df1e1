/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/forward.h"

#include "base/array.h"

#include <arpa/inet.h>
#include <string.h>

enum { NUMBER_MAX = 999999, WORDS_MAX = 5 };

void forward_order_release(struct forward_order *order)
{
    free(order->tries);
    *order = (struct forward_order){0};
}

int forward_family(const char *address)
{
    struct in6_addr ignored;
    if (inet_pton(AF_INET, address, &ignored) == 1)
        return 4;
    return inet_pton(AF_INET6, address, &ignored) == 1 ? 6 : 0;
}

static bool read_number(const char *text, int most, int *ret_number)
{
    int number = 0;
    size_t length = strlen(text);
    if (length == 0 || length > 6 || text[strspn(text, "0123456789")] != '\0')
        return false;
    for (; *text != '\0'; text++)
        number = number * 10 + (*text - '0');
    *ret_number = number;
    return number <= most;
}

static bool read_head(const struct strings *words, struct forward_order *order)
{
    return words->count == 5 && strcmp(words->items[0], "direct-tcpip") == 0 &&
           strcmp(words->items[1], "seconds") == 0 && strcmp(words->items[3], "rate") == 0 &&
           read_number(words->items[2], FORWARD_SECONDS_MAX, &order->seconds) &&
           read_number(words->items[4], FORWARD_RATE_MAX, &order->rate) && order->seconds > 0 &&
           order->rate > 0;
}

static bool read_try(const struct strings *words, struct forward_order *order)
{
    int number, port;
    if (words->count != 4 || strcmp(words->items[0], "try") != 0 ||
        order->count == FORWARD_TRIES_MAX || !read_number(words->items[1], NUMBER_MAX, &number) ||
        forward_family(words->items[2]) == 0 || !read_number(words->items[3], 65535, &port) ||
        port == 0)
        return false;
    struct forward_try *tried = array_push(order->tries, order->count);
    *tried = (struct forward_try){.number = (size_t)number, .port = port};
    snprintf(tried->address, sizeof(tried->address), "%s", words->items[2]);
    return true;
}

static bool read_line(const char *line, struct forward_order *order)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    if (line[0] == '#' || line[0] == '\0')
        return true;
    strings_split(&words, line, ' ');
    if (order->seconds == 0)
        return read_head(&words, order);
    if (strcmp(line, "prove") == 0) {
        order->is_to_prove = true;
        return true;
    }
    return read_try(&words, order);
}

bool forward_order_read(const char *text, struct forward_order *ret_order, struct error *error)
{
    AUTO_RELEASE(forward_order) struct forward_order order = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (!read_line(lines.items[i], &order))
            return error_set(error, ERROR_INVALID,
                             "line %zu is no order for direct-tcpip, or one beyond its limits",
                             i + 1);
    if (order.seconds == 0)
        return error_set(error, ERROR_INVALID, "an order for direct-tcpip without its first line");
    *ret_order = order;
    order = (struct forward_order){0};
    return true;
}

bool forward_order_check(const char *text, struct error *error)
{
    AUTO_RELEASE(forward_order) struct forward_order order = {0};
    return forward_order_read(text, &order, error);
}

/* ---- the answer ---- */

/* What sshd says of a connection that it could not make; other words are no verdict. */
static const char *state_of(const char *words)
{
    static const struct {
        const char *part, *state;
    } reasons[] = {{"refused", "refused"},         {"timed out", "filtered"},
                   {"No route", "unreachable"},    {"nreachable", "unreachable"},
                   {"assign req", "unreachable"},  {"ermission denied", "prohibited"},
                   {"not permitted", "prohibited"}};
    for (size_t i = 0; i < sizeof(reasons) / sizeof(*reasons); i++)
        if (strstr(words, reasons[i].part) != NULL)
            return reasons[i].state;
    return "blocked";
}

static void write_refusal(struct buffer *out, const struct forward_answer *answer)
{
    const char *words = answer->text[0] != '\0' ? answer->text : "nothing more";
    if (answer->code == FORWARD_CONNECT_FAILED)
        buffer_append_format(out, "%s direct-tcpip sshd could not connect: %s", state_of(words),
                             words);
    else if (answer->code == FORWARD_PROHIBITED)
        buffer_append_format(out, "blocked direct-tcpip sshd does not allow this forwarding: %s",
                             words);
    else
        buffer_append_format(out, "blocked direct-tcpip sshd refused the channel (reason %u): %s",
                             answer->code, words);
}

void forward_write_flow(struct buffer *out, const struct forward_try *tried,
                        const struct forward_answer *answer, int seconds)
{
    buffer_append_format(out, "flow %zu %s ", tried->number, tried->address);
    if (answer == NULL)
        buffer_append_format(out, "filtered direct-tcpip sshd gave no answer within %d s", seconds);
    else if (answer->state == FORWARD_OPENED)
        buffer_append_text(out, "open direct-tcpip");
    else if (answer->state == FORWARD_REFUSED)
        write_refusal(out, answer);
    else
        buffer_append_text(out, "blocked direct-tcpip sshd refused without a reason");
    buffer_append_byte(out, '\n');
}

void forward_write_proof(struct buffer *out, const struct forward_try *tried)
{
    buffer_append_format(out, "proof tcp %d direct-tcpip %s %d\n", forward_family(tried->address),
                         tried->address, tried->port);
}
