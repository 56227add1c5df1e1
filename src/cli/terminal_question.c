/* SPDX-License-Identifier: Apache-2.0 */
#include "terminal_question.h"

#include "base/utf8.h"
#include "output.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, 0};

/* The loop keeps the signals blocked and is not asked meanwhile: wait for a line or for one of
 * them, which is left for the loop. */
static bool wait_for_line(int fd)
{
    struct pollfd ready[2] = {{.fd = fd, .events = POLLIN}, {.events = POLLIN}};
    sigset_t set;
    int count;

    sigemptyset(&set);
    for (size_t i = 0; ending_signals[i]; i++)
        sigaddset(&set, ending_signals[i]);
    ready[1].fd = signalfd(-1, &set, SFD_CLOEXEC);
    if (ready[1].fd < 0)
        return false;
    do
        count = poll(ready, LENGTH(ready), -1);
    while (count < 0 && errno == EINTR);
    close(ready[1].fd);
    return count > 0 && !ready[1].revents;
}

/* Ask on the controlling terminal; false when there is none. The answer has no line feed. */
static bool ask_terminal(const char *text, bool echo, char *answer, size_t answer_bytes)
{
    int fd = open("/dev/tty", O_RDWR | O_CLOEXEC);
    struct termios saved, quiet;
    ssize_t length;

    if (fd < 0)
        return false;
    if (tcgetattr(fd, &saved) < 0) {
        close(fd);
        return false;
    }
    quiet = saved;
    if (!echo)
        quiet.c_lflag &= ~(tcflag_t)ECHO;
    tcsetattr(fd, TCSAFLUSH, &quiet);
    output_ask(fd, text);
    length = wait_for_line(fd) ? read(fd, answer, answer_bytes - 1) : 0;
    tcsetattr(fd, TCSAFLUSH, &saved);
    if (!echo)
        output_ask(fd, "\n");
    close(fd);
    if (length <= 0 || answer[length - 1] != '\n')
        return false;
    answer[length - 1] = '\0';
    return true;
}

bool terminal_accepts_hostkey(const struct hostkey *hostkey, const char *expected,
                              const char *purpose, char **ret_refused)
{
    AUTO_FREE char *host = safe_text_copy(hostkey->host);
    AUTO_FREE char *text = NULL;
    char answer[16] = "";
    bool accept;

    if (expected) {
        accept = strcmp(expected, hostkey->fingerprint) == 0;
        if (!accept)
            output_note("walkdown: %s: its host key is %s, not the one given", host,
                        hostkey->fingerprint);
        return accept;
    }
    text = memory_format("First contact with %s.\nIts %s host key is %s.\n"
                         "Is that the right key? Type yes to %s: ",
                         host, hostkey->type, hostkey->fingerprint, purpose);
    accept = ask_terminal(text, true, answer, sizeof(answer)) && strcmp(answer, "yes") == 0;
    if (!accept && !answer[0]) {
        free(*ret_refused);
        *ret_refused = memory_copy_text(hostkey->fingerprint);
    }
    return accept;
}

bool terminal_answers(const struct prompt *prompt, char answer[TERMINAL_ANSWER_BYTES])
{
    AUTO_FREE char *quoted = safe_text_copy(prompt->text);
    AUTO_FREE char *text =
        memory_format(prompt->kind == PROMPT_PASSPHRASE ? "Passphrase of %s: "
                      : prompt->kind == PROMPT_PASSWORD ? "Password (%s): "
                                                        : "The server asks: \"%s\" ",
                      quoted);

    return ask_terminal(text, prompt->echo, answer, TERMINAL_ANSWER_BYTES);
}

/* Whole words only: "inactive" is no consent to what is active. */
bool consent_parse(const char *text, bool *ret_read, bool *ret_active, struct error *error)
{
    AUTO_RELEASE(strings) struct strings classes = {0};

    if (text)
        strings_split(&classes, text, ',');
    for (size_t i = 0; i < classes.count; i++) {
        const char *class = classes.items[i];
        if (strcmp(class, "read") == 0) {
            *ret_read = true;
        } else if (strcmp(class, "active") == 0) {
            *ret_active = true;
        } else {
            error_set(error, ERROR_USAGE, "'%s' is no class of commands", class);
            return error_hint(error, "consent to read, to active, or to read,active");
        }
    }
    return true;
}
