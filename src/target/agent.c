/* SPDX-License-Identifier: Apache-2.0 */
#include "agent.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"

#include <errno.h>
#include <poll.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    REQUEST_IDENTITIES = 11,
    IDENTITIES_ANSWER = 12,
    ANSWER_MAX_BYTES = 256 * 1024,
    KEYS_MAX = 256,
    PATIENCE_MS = 5000
};

void agent_keys_release(struct agent_keys *keys)
{
    for (size_t i = 0; i < keys->count; i++) {
        buffer_release(&keys->items[i].blob);
        hostkey_release(&keys->items[i].key);
        free(keys->items[i].comment);
    }
    free(keys->items);
    *keys = (struct agent_keys){0};
}

/* ---- the answer ---- */

/* What is left of a message. */
struct reader {
    const unsigned char *at;
    size_t left;
};

static bool read_number(struct reader *reader, uint32_t *ret_number)
{
    if (reader->left < 4)
        return false;
    const unsigned char *at = reader->at;
    *ret_number = (uint32_t)at[0] << 24 | (uint32_t)at[1] << 16 | (uint32_t)at[2] << 8 | at[3];
    reader->at += 4;
    reader->left -= 4;
    return true;
}

static bool read_string(struct reader *reader, const void **ret_bytes, size_t *ret_length)
{
    uint32_t length;
    if (!read_number(reader, &length) || length > reader->left)
        return false;
    *ret_bytes = reader->at;
    *ret_length = length;
    reader->at += length;
    reader->left -= length;
    return true;
}

static bool read_key(struct reader *reader, struct agent_keys *keys)
{
    const void *blob, *comment;
    size_t blob_length, comment_length;
    if (!read_string(reader, &blob, &blob_length) ||
        !read_string(reader, &comment, &comment_length))
        return false;
    struct hostkey key = {0};
    if (!hostkey_from_blob(blob, blob_length, &key, NULL))
        return true; /* not a key that anybody could use */
    struct agent_key *added = array_push(keys->items, keys->count);
    buffer_append(&added->blob, blob, blob_length);
    added->key = key;
    added->comment = memory_copy(comment, comment_length);
    return true;
}

bool agent_parse(const void *message, size_t length, struct agent_keys *ret_keys,
                 struct error *error)
{
    struct reader reader = {message, length};
    AUTO_RELEASE(agent_keys) struct agent_keys keys = {0};
    uint32_t count = 0;
    bool is_answer = length > 0 && reader.at[0] == IDENTITIES_ANSWER;
    if (is_answer) {
        reader.at++;
        reader.left--;
    }
    if (!is_answer || !read_number(&reader, &count) || count > KEYS_MAX)
        return error_set(error, ERROR_INVALID, "the agent does not tell its keys");
    for (uint32_t i = 0; i < count; i++)
        if (!read_key(&reader, &keys))
            return error_set(error, ERROR_INVALID, "the agent's list of keys is cut off");
    *ret_keys = keys;
    keys = (struct agent_keys){0};
    return true;
}

/* ---- the conversation ---- */

bool agent_connect(const char *path, int *ret_fd, struct error *error)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (strlen(path) >= sizeof(address.sun_path))
        return error_set(error, ERROR_INVALID, "the agent's socket '%s' has too long a name", path);
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0) {
        *ret_fd = fd;
        return true;
    }
    error_set(error, ERROR_UNREACHABLE, "cannot reach the agent at '%s': %s", path,
              strerror(errno));
    if (fd >= 0)
        close(fd);
    return false;
}

static bool receive(int fd, void *bytes, size_t length, int64_t deadline_ms)
{
    for (size_t done = 0; done < length;) {
        struct pollfd one = {.fd = fd, .events = POLLIN};
        int64_t left_ms = deadline_ms - clock_monotonic_ms();
        if (left_ms <= 0 || (poll(&one, 1, (int)left_ms) < 0 && errno != EINTR))
            return false;
        if (one.revents == 0)
            continue;
        ssize_t got = recv(fd, (char *)bytes + done, length - done, MSG_DONTWAIT);
        if (got == 0 || (got < 0 && errno != EAGAIN && errno != EINTR))
            return false;
        done += got > 0 ? (size_t)got : 0;
    }
    return true;
}

static bool ask(int fd, struct buffer *answer)
{
    static const char question[] = {0, 0, 0, 1, REQUEST_IDENTITIES};
    int64_t deadline_ms = clock_monotonic_ms() + PATIENCE_MS;
    unsigned char head[4];
    if (send(fd, question, sizeof(question), MSG_NOSIGNAL) != sizeof(question) ||
        !receive(fd, head, sizeof(head), deadline_ms))
        return false;
    size_t length = (size_t)head[0] << 24 | (size_t)head[1] << 16 | (size_t)head[2] << 8 | head[3];
    if (length > ANSWER_MAX_BYTES)
        return false;
    buffer_reserve(answer, length);
    answer->length = length;
    return receive(fd, answer->data, length, deadline_ms);
}

bool agent_list(const char *path, struct agent_keys *ret_keys, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer answer = {0};
    int fd;
    if (!agent_connect(path, &fd, error))
        return false;
    bool done = ask(fd, &answer) ||
                error_set(error, ERROR_TIMEOUT, "the agent at '%s' does not answer", path);
    close(fd);
    return done && agent_parse(answer.data, answer.length, ret_keys, error);
}

static void append_number(struct buffer *buffer, size_t number)
{
    for (int shift = 24; shift >= 0; shift -= 8)
        buffer_append_byte(buffer, (char)(number >> shift & 0xff));
}

bool agent_answer_with(const struct agent_key *key, int ret_fds[2], struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer answer = {0};
    append_number(&answer, 1 + 4 + 4 + key->blob.length + 4);
    buffer_append_byte(&answer, IDENTITIES_ANSWER);
    append_number(&answer, 1);
    append_number(&answer, key->blob.length);
    buffer_append(&answer, key->blob.data, key->blob.length);
    append_number(&answer, 0);
    if (socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ret_fds) != 0)
        return error_set(error, ERROR_IO, "cannot make a socket: %s", strerror(errno));
    if (file_write_fd(ret_fds[1], answer.data, answer.length, error) &&
        shutdown(ret_fds[1], SHUT_WR) == 0)
        return true;
    close(ret_fds[0]);
    close(ret_fds[1]);
    return false;
}
