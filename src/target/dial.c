/* SPDX-License-Identifier: Apache-2.0 */
#include "dial.h"

#include "base/clock.h"

#include <errno.h>
#include <netdb.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <resolv.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    ADDRESSES_MAX = 8,
    STAGGER_MS = 250, /* head start of one address before the next is tried beside it; RFC 8305 */
    NAME_TRY_SECONDS = 3,
    NAME_TRIES = 2,
    /* A peer that is gone is noticed after so long, with or without data on its way. */
    DEAD_PEER_MS = 30000,
    KEEP_ALIVE_AFTER_S = 15,
    KEEP_ALIVE_EVERY_S = 5,
    KEEP_ALIVE_COUNT = 3
};

/* All attempts of one call; -1: not started or given up. */
struct attempts {
    const struct addrinfo *addresses[ADDRESSES_MAX];
    int fds[ADDRESSES_MAX];
    size_t count, started;
    int last_errno; /* of the attempts that failed */
    const struct addrinfo *last_failed;
};

static char *address_text(const struct addrinfo *address)
{
    char host[NI_MAXHOST], port[NI_MAXSERV];
    if (getnameinfo(address->ai_addr, address->ai_addrlen, host, sizeof(host), port, sizeof(port),
                    NI_NUMERICHOST | NI_NUMERICSERV) != 0)
        return memory_copy_text("");
    bool is_ipv6 = address->ai_family == AF_INET6;
    return memory_format(is_ipv6 ? "[%s]:%s" : "%s:%s", host, port);
}

/* ---- names ---- */

/* The resolver's own patience is 5 seconds for each try and server. */
static void shorten_resolver(void)
{
    if (res_init() == 0) {
        _res.retrans = NAME_TRY_SECONDS;
        _res.retry = NAME_TRIES;
    }
}

static bool resolve(const struct dial_request *request, struct addrinfo **ret_list,
                    struct error *error)
{
    const struct addrinfo wanted = {.ai_family = request->address_family,
                                    .ai_socktype = SOCK_STREAM,
                                    .ai_flags = AI_NUMERICSERV};
    char port[16];
    snprintf(port, sizeof(port), "%d", request->port);
    shorten_resolver();
    int problem = getaddrinfo(request->host, port, &wanted, ret_list);
    if (problem == 0)
        return true;
    const char *why = problem == EAI_SYSTEM ? strerror(errno) : gai_strerror(problem);
    error_set(error, ERROR_UNREACHABLE, "cannot reach '%s': no address of '%s' is found: %s",
              request->name, request->host, why);
    return error_hint(error, problem == EAI_AGAIN
                                 ? "the name server does not answer: check the network or VPN"
                                 : "check the spelling, or set HostName for it in ssh_config");
}

/* ---- attempts ---- */

/* Without these two before the connection is made, each step of the key exchange waits for a
 * delayed acknowledgement of the step before. The rest notices a peer that is gone. */
static void set_options(int fd)
{
    static const struct {
        int level, name, value;
    } options[] = {{IPPROTO_TCP, TCP_NODELAY, 1},
                   {IPPROTO_TCP, TCP_QUICKACK, 1},
                   {SOL_SOCKET, SO_KEEPALIVE, 1},
                   {IPPROTO_TCP, TCP_KEEPIDLE, KEEP_ALIVE_AFTER_S},
                   {IPPROTO_TCP, TCP_KEEPINTVL, KEEP_ALIVE_EVERY_S},
                   {IPPROTO_TCP, TCP_KEEPCNT, KEEP_ALIVE_COUNT},
                   {IPPROTO_TCP, TCP_USER_TIMEOUT, DEAD_PEER_MS}};
    for (size_t i = 0; i < LENGTH(options); i++)
        setsockopt(fd, options[i].level, options[i].name, &options[i].value,
                   sizeof(options[i].value));
}

static void give_up(struct attempts *attempts, size_t index, int number)
{
    attempts->last_errno = number;
    attempts->last_failed = attempts->addresses[index];
    if (attempts->fds[index] >= 0)
        close(attempts->fds[index]);
    attempts->fds[index] = -1;
}

static void start_next(struct attempts *attempts)
{
    size_t index = attempts->started++;
    const struct addrinfo *address = attempts->addresses[index];
    int fd = socket(address->ai_family, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    attempts->fds[index] = fd;
    if (fd < 0) {
        give_up(attempts, index, errno);
        return;
    }
    set_options(fd);
    if (connect(fd, address->ai_addr, address->ai_addrlen) != 0 && errno != EINPROGRESS)
        give_up(attempts, index, errno);
}

static size_t running(const struct attempts *attempts)
{
    size_t count = 0;
    for (size_t i = 0; i < attempts->started; i++)
        count += attempts->fds[i] >= 0 ? 1 : 0;
    return count;
}

/* Wait until one attempt is decided or the time is up. Returns the one that is connected, or
 * ADDRESSES_MAX. */
static size_t wait_for_one(struct attempts *attempts, int timeout_ms)
{
    struct pollfd polls[ADDRESSES_MAX];
    for (size_t i = 0; i < attempts->started; i++)
        polls[i] = (struct pollfd){.fd = attempts->fds[i], .events = POLLOUT};
    if (poll(polls, attempts->started, timeout_ms) <= 0)
        return ADDRESSES_MAX;
    for (size_t i = 0; i < attempts->started; i++) {
        int problem = 0;
        socklen_t length = sizeof(problem);
        if (polls[i].fd < 0 || polls[i].revents == 0)
            continue;
        getsockopt(polls[i].fd, SOL_SOCKET, SO_ERROR, &problem, &length);
        if (problem == 0 && (polls[i].revents & POLLOUT) != 0)
            return i;
        give_up(attempts, i, problem == 0 ? ECONNREFUSED : problem);
    }
    return ADDRESSES_MAX;
}

/* Start one attempt after the other, each with a head start; the first that connects wins. */
static size_t race(struct attempts *attempts, int64_t deadline_ms)
{
    int64_t next_start_ms = 0;
    size_t winner = ADDRESSES_MAX;
    while (winner == ADDRESSES_MAX) {
        int64_t now_ms = clock_monotonic_ms();
        bool has_next = attempts->started < attempts->count;
        if (now_ms >= deadline_ms || (!has_next && running(attempts) == 0))
            break;
        if (has_next && (now_ms >= next_start_ms || running(attempts) == 0)) {
            start_next(attempts);
            next_start_ms = now_ms + STAGGER_MS;
            continue;
        }
        int64_t until_ms = has_next && next_start_ms < deadline_ms ? next_start_ms : deadline_ms;
        winner = wait_for_one(attempts, (int)(until_ms - now_ms));
    }
    return winner;
}

/* ---- the outcome ---- */

static const char *hint_for(int number)
{
    switch (number) {
    case ECONNREFUSED:
        return "nothing listens there: check the port, and that sshd runs";
    case EHOSTUNREACH:
    case ENETUNREACH:
        return "there is no way there from here: check the address, the network or VPN";
    case ETIMEDOUT:
        return "no answer: the host is down, or a firewall drops the packets";
    default:
        return "check the address and the network";
    }
}

static bool fail(const struct dial_request *request, const struct attempts *attempts,
                 struct error *error)
{
    if (running(attempts) > 0 || attempts->last_failed == NULL) {
        error_set(error, ERROR_TIMEOUT, "cannot reach '%s': no answer from %s on port %d in time",
                  request->name, request->host, request->port);
        return error_hint(error, "%s", hint_for(ETIMEDOUT));
    }
    AUTO_FREE char *address = address_text(attempts->last_failed);
    error_set(error, ERROR_UNREACHABLE, "cannot reach '%s' at %s: %s", request->name, address,
              strerror(attempts->last_errno));
    return error_hint(error, "%s", hint_for(attempts->last_errno));
}

static bool connect_to_any(const struct dial_request *request, struct attempts *attempts,
                           int *ret_fd, char **ret_address, struct error *error)
{
    size_t winner = race(attempts, request->deadline_ms);
    bool done = winner < ADDRESSES_MAX;
    if (done) {
        *ret_fd = attempts->fds[winner];
        *ret_address = address_text(attempts->addresses[winner]);
        attempts->fds[winner] = -1;
    } else {
        fail(request, attempts, error);
    }
    for (size_t i = 0; i < attempts->started; i++)
        if (attempts->fds[i] >= 0)
            close(attempts->fds[i]);
    return done;
}

bool dial(const struct dial_request *request, int *ret_fd, char **ret_address, struct error *error)
{
    struct addrinfo *list = NULL;
    struct attempts attempts = {0};
    if (!resolve(request, &list, error))
        return false;
    for (const struct addrinfo *one = list; one != NULL && attempts.count < ADDRESSES_MAX;
         one = one->ai_next)
        attempts.addresses[attempts.count++] = one;
    bool done = connect_to_any(request, &attempts, ret_fd, ret_address, error);
    freeaddrinfo(list);
    return done;
}
