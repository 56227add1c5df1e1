/* SPDX-License-Identifier: Apache-2.0 */
/*
 * A bad network between a client and a server of 127.0.0.1:
 *
 *     fault_proxy [OPTION...] PORT
 *
 * listens on a free port, prints it, and passes every connection on to PORT until it is killed.
 *
 *     --cut=N    close the connection when N bytes have passed
 *     --stall=N  pass no byte after N, and keep the connection open
 *     --slow=N   pass one byte each N milliseconds after the first --after bytes
 *     --after=N  see --slow
 *     --up       count the bytes to the server; otherwise those to the client
 *     --times=N  only the first N connections are bad; 0: all
 *     --rtt=N    each byte arrives after half of N milliseconds, the first one after a handshake
 *
 * At the end of each connection it prints "end UP DOWN": how many bytes passed.
 */
#include "base/array.h"
#include "base/buffer.h"
#include "base/clock.h"
#include "base/error.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <unistd.h>

enum {
    CONNECTIONS_MAX = 256,
    PIECE_BYTES = 65536,
    QUEUED_MAX_BYTES = 4 * 1024 * 1024,
    UP = 0,
    DOWN
};

/* Bytes on their way, due at a time. */
struct piece {
    int64_t due_us;
    size_t length;
};

struct way {
    struct buffer bytes;
    struct piece *pieces;
    size_t piece_count;
    int64_t passed;
    int64_t next_us; /* not before this, when slow */
    bool has_ended;  /* its source says no more */
    bool is_shut;
};

struct link {
    int fds[2]; /* of the client, of the server */
    bool is_bad;
    bool is_over;
    int64_t since_us;
    struct way ways[2]; /* UP from the client, DOWN from the server */
};

static struct settings {
    int64_t cut, stall, slow_ms, after, times, rtt_ms; /* -1: no */
    int counted;
    int port;
} settings = {.cut = -1, .stall = -1, .slow_ms = -1, .counted = DOWN};

static struct link links[CONNECTIONS_MAX];
static size_t link_count;
static int64_t accepted_count;

static struct sockaddr_in loopback(int port)
{
    return (struct sockaddr_in){.sin_family = AF_INET,
                                .sin_port = htons((uint16_t)port),
                                .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
}

static void make_quick(int fd)
{
    const int on = 1;
    fcntl(fd, F_SETFL, O_NONBLOCK);
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &on, sizeof(on));
}

static int listen_anywhere(void)
{
    struct sockaddr_in address = loopback(0);
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd < 0 || bind(fd, (struct sockaddr *)&address, length) != 0 || listen(fd, 512) != 0 ||
        getsockname(fd, (struct sockaddr *)&address, &length) != 0)
        abort();
    dprintf(STDOUT_FILENO, "%d\n", ntohs(address.sin_port));
    return fd;
}

static void take_connection(int listening)
{
    const struct sockaddr_in address = loopback(settings.port);
    int client = accept4(listening, NULL, NULL, SOCK_CLOEXEC);
    int server = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (client < 0 || server < 0 || link_count == CONNECTIONS_MAX ||
        connect(server, (const struct sockaddr *)&address, sizeof(address)) != 0) {
        close(client);
        close(server);
        return;
    }
    make_quick(client);
    make_quick(server);
    accepted_count++;
    links[link_count++] =
        (struct link){.fds = {client, server},
                      .is_bad = settings.times == 0 || accepted_count <= settings.times,
                      .since_us = clock_monotonic_us()};
}

static void end_link(struct link *link)
{
    dprintf(STDOUT_FILENO, "end %lld %lld\n", (long long)link->ways[UP].passed,
            (long long)link->ways[DOWN].passed);
    for (int i = 0; i < 2; i++) {
        close(link->fds[i]);
        buffer_release(&link->ways[i].bytes);
        free(link->ways[i].pieces);
    }
    *link = links[--link_count];
}

static void take_bytes(struct link *link, int direction)
{
    static char bytes[PIECE_BYTES];
    struct way *way = &link->ways[direction];
    ssize_t got = recv(link->fds[direction], bytes, sizeof(bytes), 0);
    if (got <= 0) {
        way->has_ended = got == 0 || errno != EAGAIN;
        return;
    }
    int64_t now_us = clock_monotonic_us();
    int64_t handshake_us = link->since_us + settings.rtt_ms * (direction == UP ? 1000 : 1500);
    int64_t sent_us = now_us > handshake_us ? now_us : handshake_us;
    buffer_append(&way->bytes, bytes, (size_t)got);
    *array_push(way->pieces, way->piece_count) =
        (struct piece){.due_us = sent_us + settings.rtt_ms * 500, .length = (size_t)got};
}

/* How many of LENGTH bytes may go now, as the fault wants it. */
static size_t allow(struct link *link, struct way *way, int direction, size_t length)
{
    if (!link->is_bad || direction != settings.counted)
        return length;
    int64_t limit = settings.cut >= 0 ? settings.cut : settings.stall;
    if (limit >= 0 && (int64_t)length > limit - way->passed)
        length = (size_t)(limit - way->passed);
    if (settings.slow_ms >= 0 && way->passed + (int64_t)length > settings.after) {
        bool is_fast = way->passed < settings.after;
        length = is_fast ? (size_t)(settings.after - way->passed) : 1;
        if (!is_fast && clock_monotonic_us() < way->next_us)
            return 0;
        way->next_us = clock_monotonic_us() + settings.slow_ms * 1000;
    }
    return length;
}

/* False: nothing of it can go now. */
static bool pass_piece(struct link *link, int direction)
{
    struct way *way = &link->ways[direction];
    struct piece *piece = &way->pieces[0];
    if (way->piece_count == 0 || piece->due_us > clock_monotonic_us())
        return false;
    size_t length = allow(link, way, direction, piece->length);
    ssize_t sent =
        length == 0 ? 0 : send(link->fds[1 - direction], way->bytes.data, length, MSG_NOSIGNAL);
    link->is_over |= sent < 0 && errno != EAGAIN;
    if (sent <= 0)
        return false;
    buffer_consume(&way->bytes, (size_t)sent);
    way->passed += sent;
    piece->length -= (size_t)sent;
    if (piece->length == 0)
        memmove(piece, piece + 1, --way->piece_count * sizeof(*piece));
    return true;
}

static void pass(struct link *link, int direction)
{
    struct way *way = &link->ways[direction];
    while (pass_piece(link, direction))
        continue;
    link->is_over |= link->is_bad && direction == settings.counted && settings.cut >= 0 &&
                     way->passed >= settings.cut;
    if (way->has_ended && way->piece_count == 0 && !way->is_shut) {
        shutdown(link->fds[1 - direction], SHUT_WR);
        way->is_shut = true;
    }
    link->is_over |= link->ways[UP].is_shut && link->ways[DOWN].is_shut;
}

/* Until the next piece is due, in microseconds; -1: none is on its way. */
static int64_t time_to_next(const struct link *link, int direction)
{
    const struct way *way = &link->ways[direction];
    if (way->piece_count == 0)
        return -1;
    int64_t due_us = way->pieces[0].due_us;
    int64_t left_us = (way->next_us > due_us ? way->next_us : due_us) - clock_monotonic_us();
    bool is_stalled = link->is_bad && direction == settings.counted && settings.stall >= 0 &&
                      way->passed >= settings.stall;
    /* What is due and yet did not go waits for the other side. */
    return is_stalled ? -1 : left_us > 0 ? left_us : 1000;
}

static void wait_for_news(int listening)
{
    struct pollfd polls[1 + CONNECTIONS_MAX * 2] = {{.fd = listening, .events = POLLIN}};
    int64_t wait_us = -1;
    for (size_t i = 0; i < link_count; i++) {
        for (int direction = 0; direction < 2; direction++) {
            const struct way *way = &links[i].ways[direction];
            bool is_open = !way->has_ended && way->bytes.length < QUEUED_MAX_BYTES;
            int64_t next_us = time_to_next(&links[i], direction);
            wait_us = next_us >= 0 && (wait_us < 0 || next_us < wait_us) ? next_us : wait_us;
            polls[1 + i * 2 + (size_t)direction] =
                (struct pollfd){.fd = is_open ? links[i].fds[direction] : -1, .events = POLLIN};
        }
    }
    const struct timespec wait = {.tv_sec = wait_us / 1000000, .tv_nsec = wait_us % 1000000 * 1000};
    if (ppoll(polls, 1 + link_count * 2, wait_us < 0 ? NULL : &wait, NULL) < 0)
        return;
    for (size_t i = 0; i < link_count * 2; i++)
        if (polls[1 + i].revents != 0)
            take_bytes(&links[i / 2], (int)(i % 2));
    if (polls[0].revents != 0)
        take_connection(listening);
}

static void read_options(int count, char **arguments)
{
    const struct option options[] = {{"cut", 1, NULL, 'c'},  {"stall", 1, NULL, 's'},
                                     {"slow", 1, NULL, 'w'}, {"after", 1, NULL, 'a'},
                                     {"up", 0, NULL, 'u'},   {"times", 1, NULL, 't'},
                                     {"rtt", 1, NULL, 'r'},  {NULL, 0, NULL, 0}};
    for (int option; (option = getopt_long(count, arguments, "", options, NULL)) != -1;) {
        int64_t number = optarg != NULL ? strtoll(optarg, NULL, 10) : 0;
        int64_t *numbers[] = {
            ['c'] = &settings.cut,   ['s'] = &settings.stall, ['w'] = &settings.slow_ms,
            ['a'] = &settings.after, ['t'] = &settings.times, ['r'] = &settings.rtt_ms};
        if (option == 'u')
            settings.counted = UP;
        else if (option == '?')
            exit(2);
        else
            *numbers[option] = number;
    }
    if (optind + 1 != count)
        exit(2);
    settings.port = (int)strtol(arguments[optind], NULL, 10);
}

int main(int count, char **arguments)
{
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    read_options(count, arguments);
    int listening = listen_anywhere();
    for (;;) {
        wait_for_news(listening);
        for (size_t i = link_count; i-- > 0;) {
            pass(&links[i], UP);
            pass(&links[i], DOWN);
            if (links[i].is_over)
                end_link(&links[i]);
        }
    }
}
