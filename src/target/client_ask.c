/* SPDX-License-Identifier: Apache-2.0 */
#include "client_ask.h"

#include "base/clock.h"
#include "base/digest.h"
#include "base/file.h"
#include "base/path.h"

#include <errno.h>
#include <sys/socket.h>
#include <sys/time.h>
#include <sys/un.h>
#include <unistd.h>

enum {
    REQUEST_MAX_BYTES = 64 * 1024,
    REQUEST_TEXTS_MAX = 5,
    HELPER_PATIENCE_S = 5,
    BACKLOG = 4,
    JUMPS_MAX = 16
};

void client_talk_release(struct client_talk *talk)
{
    if (talk->listener >= 0)
        close(talk->listener);
    talk->listener = -1;
    strings_release(&talk->prompts);
}

bool client_talk_listen(struct client_talk *talk, const char *folder, char **ret_path,
                        struct error *error)
{
    AUTO_FREE char *path = path_join(folder, "ask");
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    talk->listener = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (strlen(path) >= sizeof(address.sun_path))
        return error_set(error, ERROR_UNSUPPORTED, "the name of the folder '%s' is too long",
                         folder);
    memcpy(address.sun_path, path, strlen(path));
    if (talk->listener < 0 ||
        bind(talk->listener, (const struct sockaddr *)&address, sizeof(address)) != 0 ||
        listen(talk->listener, BACKLOG) != 0)
        return error_set(error, ERROR_IO, "cannot listen on '%s': %s", path, strerror(errno));
    *ret_path = take(&path);
    return true;
}

/* ---- host keys ---- */

/* "name" or "[name]:port", as known_hosts has it. */
static void set_host(const char *name, struct hostkey *hostkey)
{
    const char *end = name[0] == '[' ? strstr(name, "]:") : NULL;
    hostkey->host =
        end == NULL ? memory_copy_text(name) : memory_copy(name + 1, (size_t)(end - name - 1));
    hostkey->port = end == NULL ? 22 : (int)strtol(end + 2, NULL, 10);
}

static bool is_target(const struct client_talk *talk, const struct hostkey *hostkey)
{
    int port = talk->hostkey->port == 0 ? 22 : talk->hostkey->port;
    return strcmp(hostkey->host, talk->hostkey->host) == 0 && hostkey->port == port;
}

static void keep_hostkey(struct hostkey *kept, struct hostkey *shown)
{
    free(kept->type);
    free(kept->key);
    free(kept->fingerprint);
    kept->type = take(&shown->type);
    kept->key = take(&shown->key);
    kept->fingerprint = take(&shown->fingerprint);
}

/* The line of known_hosts that makes the client take the key: as it is, or for the authority's
 * sake, in which case the client looks at the certificate itself once more. */
static bool append_line(const char *name, const struct hostkey *hostkey, struct buffer *answer,
                        struct error *error)
{
    AUTO_RELEASE(hostkey) struct hostkey authority = {0};
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    if (!hostkey->is_signed) {
        buffer_append_format(answer, "%s %s %s\n", name, hostkey->type, hostkey->key);
        return true;
    }
    if (!base64_decode(hostkey->authority, strlen(hostkey->authority), &blob) ||
        !hostkey_from_blob(blob.data, blob.length, &authority, error))
        return error_prefix(error, "the certificate of '%.200s'", name);
    buffer_append_format(answer, "@cert-authority %s %s %s\n", name, authority.type, authority.key);
    return true;
}

/* What the review pinned for a jump host; NULL: nothing. */
static const char *pinned_jump(const struct client_talk *talk, const struct hostkey *hostkey)
{
    const struct hostkey_list *pinned = talk->login->options->jump_keys;
    const struct hostkey *key =
        pinned == NULL ? NULL : hostkey_list_find(pinned, hostkey->host, hostkey->port);
    return key == NULL ? NULL : key->key;
}

/* True: the key is the one we know or the user took it. */
static bool judge_hostkey(struct client_talk *talk, const char *key, const char *name,
                          struct buffer *answer)
{
    AUTO_RELEASE(hostkey) struct hostkey hostkey = {0};
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    struct error *refusal = &talk->refusal;
    set_host(name, &hostkey);
    bool is_ours = is_target(talk, &hostkey);
    if (is_ours)
        hostkey.port = talk->hostkey->port;
    const struct hostkey_records records = {.files = &talk->login->settings->known_hosts,
                                            .pinned_key = is_ours ? talk->login->options->pinned_key
                                                                  : pinned_jump(talk, &hostkey)};
    if (!base64_decode(key, strlen(key), &blob))
        return error_set(refusal, ERROR_UNREACHABLE, "'%.200s' shows no host key", name);
    if (!hostkey_from_shown(blob.data, blob.length, &hostkey, refusal) ||
        !ssh_judge_hostkey(hostkey.host, &hostkey, &records, talk->login->events, refusal) ||
        !append_line(name, &hostkey, answer, refusal))
        return false;
    if (is_ours)
        keep_hostkey(talk->hostkey, &hostkey);
    else if (talk->jumps->count < JUMPS_MAX)
        hostkey_list_put(talk->jumps, &hostkey);
    return true;
}

/* What is pinned or on record for a jump host, so that the client asks it for that first. */
static void list_hostkeys(const struct client_talk *talk, const char *name, struct buffer *answer)
{
    AUTO_RELEASE(hostkey) struct hostkey hostkey = {0};
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    set_host(name, &hostkey);
    const char *pin = pinned_jump(talk, &hostkey);
    if (pin != NULL && base64_decode(pin, strlen(pin), &blob) &&
        hostkey_from_blob(blob.data, blob.length, &hostkey, NULL))
        buffer_append_format(answer, "%s %s %s\n", name, hostkey.type, hostkey.key);
    else
        hostkey_known_lines(&hostkey, &talk->login->settings->known_hosts, name, answer);
}

static void answer_hostkey(struct client_talk *talk, const struct strings *texts,
                           struct buffer *answer)
{
    const char *why = texts->items[1], *key = texts->items[3], *name = texts->items[4];
    bool is_refused = talk->refusal.code != ERROR_NONE;
    buffer_append_byte(answer, CLIENT_YES);
    /* After a refusal the client asks for the name without its port, which was looked at too. */
    if (strcmp(why, "HOSTNAME") == 0 && !is_refused)
        (void)judge_hostkey(talk, key, name, answer);
    else if (strcmp(why, "ORDER") == 0)
        list_hostkeys(talk, name, answer);
}

/* ---- secrets ---- */

static int count_attempt(struct client_talk *talk, const char *prompt)
{
    int attempt = 1;
    for (size_t i = 0; i < talk->prompts.count; i++)
        attempt += strcmp(talk->prompts.items[i], prompt) == 0 ? 1 : 0;
    strings_push(&talk->prompts, prompt);
    return attempt;
}

static bool ends_with(const char *text, const char *end)
{
    size_t length = strlen(text);
    return length >= strlen(end) && strcmp(text + length - strlen(end), end) == 0;
}

/* The client's own prompts are told by its words; all others are quotes. */
static enum prompt_kind kind_of(const char *prompt)
{
    static const char passphrase[] = "Enter passphrase for ";
    return strncmp(prompt, passphrase, strlen(passphrase)) == 0 ? PROMPT_PASSPHRASE
           : ends_with(prompt, "'s password: ")                 ? PROMPT_PASSWORD
                                                                : PROMPT_KEYBOARD;
}

/* The file's name in "Enter passphrase for key 'FILE': "; the whole prompt otherwise. */
static char *text_of(const char *prompt, enum prompt_kind kind)
{
    const char *begin = strchr(prompt, '\'');
    const char *end = begin == NULL ? NULL : strrchr(begin + 1, '\'');
    return kind == PROMPT_PASSPHRASE && end != NULL
               ? memory_copy(begin + 1, (size_t)(end - begin - 1))
               : memory_copy_text(prompt);
}

static void answer_secret(struct client_talk *talk, const struct strings *texts,
                          struct buffer *answer)
{
    const struct connection_events *events = talk->login->events;
    const char *hint = texts->items[1];
    if (strcmp(hint, "none") == 0) {
        AUTO_FREE char *quote = ssh_quote(texts->items[2]);
        ssh_tell_progress(events, "%s", quote);
        buffer_append_byte(answer, CLIENT_YES);
        return;
    }
    enum prompt_kind kind = kind_of(texts->items[2]);
    AUTO_FREE char *text = text_of(texts->items[2], kind);
    const struct prompt prompt = {.kind = kind,
                                  .text = text,
                                  .echo = strcmp(hint, "confirm") == 0,
                                  .attempt = count_attempt(talk, text)};
    buffer_append_byte(answer, CLIENT_YES);
    bool is_given = !talk->was_declined && events->prompt != NULL &&
                    events->prompt(events->context, &prompt, answer);
    talk->was_declined |= !is_given;
    if (is_given)
        buffer_append_byte(answer, '\n');
    else
        buffer_clear(answer);
}

/* ---- one helper ---- */

static bool is_own_process(int fd)
{
    struct ucred peer;
    socklen_t length = sizeof(peer);
    return getsockopt(fd, SOL_SOCKET, SO_PEERCRED, &peer, &length) == 0 && peer.uid == getuid();
}

static void read_texts(int fd, struct strings *ret_texts)
{
    const struct timeval patience = {.tv_sec = HELPER_PATIENCE_S};
    AUTO_RELEASE(buffer) struct buffer request = {0};
    setsockopt(fd, SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof(patience));
    if (!file_read_fd(fd, REQUEST_MAX_BYTES, &request, NULL) || request.length == 0 ||
        request.data[request.length - 1] != '\0')
        return;
    for (size_t at = 0; at < request.length; at += strlen(request.data + at) + 1)
        strings_push(ret_texts, request.data + at);
}

static void answer(struct client_talk *talk, const struct strings *texts, struct buffer *answer)
{
    const char *what = texts->count == 0 ? "" : texts->items[0];
    int64_t began_ms = clock_monotonic_ms();
    if (strcmp(what, CLIENT_ASK_HOSTKEY) == 0 && texts->count == REQUEST_TEXTS_MAX)
        answer_hostkey(talk, texts, answer);
    else if (strcmp(what, CLIENT_ASK_SECRET) == 0 && texts->count == 3)
        answer_secret(talk, texts, answer);
    else if (strcmp(what, CLIENT_ASK_READY) == 0)
        talk->is_ready = true;
    talk->asked_ms += clock_monotonic_ms() - began_ms;
}

void client_talk_serve(struct client_talk *talk)
{
    struct strings texts = {0};
    struct buffer bytes = {0};
    int fd = accept4(talk->listener, NULL, NULL, SOCK_CLOEXEC);
    if (fd < 0)
        return;
    if (is_own_process(fd)) {
        read_texts(fd, &texts);
        answer(talk, &texts, &bytes);
        send(fd, bytes.data, bytes.length, MSG_NOSIGNAL);
        memory_wipe(bytes.data, bytes.length);
    }
    close(fd);
    strings_release(&texts);
    buffer_release(&bytes);
}
