/* SPDX-License-Identifier: Apache-2.0 */
/*
 * libssh keeps the server's reason for a refusal in the error text of the session, where the next
 * refusal replaces it, and does not say which channel is whose. So a reason is taken only where,
 * since the last look, one channel alone was refused.
 */
#include "target/forward.h"

#include "ssh.h"

#include <assert.h>

struct forward {
    ssh_channel channel; /* NULL when it was given up */
    char *address;
    int port;
    bool is_new_refusal;
    struct forward_answer answer;
};

struct forward_set {
    struct ssh_connection *ssh;
    struct forward *items;
    size_t count;
    unsigned number;              /* libssh's, of the channel that was refused last */
    bool has_heard;               /* since the last look */
    struct forward_answer newest; /* what was heard */
};

/* True when the session's error text tells of a refusal that was not heard before. */
static bool hear(struct forward_set *set)
{
    AUTO_FREE char *complaint = ssh_complaint(set->ssh);
    unsigned number, code;
    int length = 0;
    if (sscanf(complaint, "Channel opening failure: channel %u error (%u)%n", &number, &code,
               &length) != 2 ||
        length == 0 || number == set->number)
        return false;
    const char *text = complaint + length;
    set->number = number;
    set->has_heard = true;
    set->newest = (struct forward_answer){.state = FORWARD_REFUSED, .code = code};
    snprintf(set->newest.text, sizeof(set->newest.text), "%s", text + strspn(text, " "));
    return true;
}

static void give_up(struct forward *forward)
{
    if (forward->channel == NULL)
        return;
    if (ssh_channel_is_open(forward->channel))
        ssh_channel_close(forward->channel);
    ssh_channel_free(forward->channel);
    forward->channel = NULL;
}

/* Sends the request at first, and then tells what became of it. True: something did. */
static bool advance(struct forward *forward)
{
    int result =
        ssh_channel_open_forward(forward->channel, forward->address, forward->port, "127.0.0.1", 0);
    if (result == SSH_AGAIN)
        return false;
    forward->answer.state = result == SSH_OK ? FORWARD_OPENED : FORWARD_UNCLEAR;
    forward->is_new_refusal = result != SSH_OK;
    give_up(forward);
    return true;
}

bool forward_set_new(struct connection *connection, struct forward_set **ret_set,
                     struct error *error)
{
    if (!connection->transport->can_forward)
        return error_set(error, ERROR_UNSUPPORTED,
                         "direct-tcpip needs a target that is reached over SSH without the "
                         "OpenSSH client");
    if (connection->spec.hop_count > 0)
        return error_set(error, ERROR_UNSUPPORTED,
                         "direct-tcpip would connect from the host, not from behind its hops");
    struct forward_set *set = memory_new(1, sizeof(*set));
    set->ssh = (struct ssh_connection *)connection;
    set->items = memory_new(FORWARDS_MAX, sizeof(*set->items));
    (void)hear(set);
    *ret_set = set;
    return true;
}

void forward_set_free(struct forward_set *set)
{
    if (set == NULL)
        return;
    set->ssh->library_depth++;
    for (size_t i = 0; i < set->count; i++) {
        give_up(&set->items[i]);
        free(set->items[i].address);
    }
    set->ssh->library_depth--;
    free(set->items);
    free(set);
}

size_t forward_set_ask(struct forward_set *set, const char *address, int port)
{
    assert(set->count < FORWARDS_MAX);
    struct forward *forward = &set->items[set->count];
    *forward = (struct forward){.address = memory_copy_text(address), .port = port};
    forward->channel = ssh_channel_new(set->ssh->session);
    if (forward->channel == NULL)
        memory_exhausted();
    set->count++;
    forward_set_look(set);
    return set->count - 1;
}

/* Until nothing is new, since each call of libssh may take in more packets. */
static void look_at_all(struct forward_set *set)
{
    bool is_news;
    do {
        is_news = false;
        for (size_t i = 0; i < set->count && !ssh_is_lost(set->ssh); i++) {
            if (set->items[i].channel == NULL)
                continue;
            is_news |= advance(&set->items[i]);
            is_news |= hear(set);
        }
    } while (is_news);
}

void forward_set_look(struct forward_set *set)
{
    struct forward *refused = NULL;
    size_t refused_count = 0;
    set->has_heard = false;
    set->ssh->library_depth++;
    (void)hear(set);
    look_at_all(set);
    set->ssh->library_depth--;
    for (size_t i = 0; i < set->count; i++) {
        if (!set->items[i].is_new_refusal)
            continue;
        set->items[i].is_new_refusal = false;
        refused = &set->items[i];
        refused_count++;
    }
    if (refused_count == 1 && set->has_heard)
        refused->answer = set->newest;
}

const struct forward_answer *forward_set_answer(const struct forward_set *set, size_t number)
{
    assert(number < set->count);
    return &set->items[number].answer;
}
