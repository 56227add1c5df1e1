/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering evidence without the UI: progress on a terminal, silence in a pipe. */
#include "run.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/utf8.h"
#include "commands.h"
#include "opening.h"
#include "summary.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/signalfd.h>
#include <termios.h>
#include <unistd.h>

static const int ending_signals[] = {SIGINT, SIGTERM, SIGHUP, 0};

struct running {
    const struct arguments *arguments;
    struct loop *loop;
    struct session *session;
    bool shows_progress; /* stderr is a terminal */
    size_t failed_count;
    char *refused_key; /* its fingerprint, when nobody could be asked about it */
    int interrupts;
};

/* --- progress: one line that is written over --- */

static void clear_line(const struct running *running)
{
    if (running->shows_progress)
        (void)!write(STDERR_FILENO, "\r\033[K", 4);
}

static void draw_progress(void *context)
{
    const struct running *running = context;
    AUTO_RELEASE(output) struct output line = {0};
    size_t count;
    const struct session_target *targets = session_targets(running->session, &count);

    for (size_t i = 0; i < count; i++) {
        if (targets[i].state == TARGET_IDLE)
            continue;
        output_add(&line, "\r\033[K");
        output_safe(&line, targets[i].name, 0);
        output_add(&line, "  %zu/%zu  ", targets[i].steps_done, targets[i].steps_total);
        output_safe(&line, targets[i].status, 40);
        break;
    }
    if (running->shows_progress && line.text.length)
        (void)!write(STDERR_FILENO, line.text.data, line.text.length);
}

static void on_run_ended(void *context, size_t target, const struct error *error)
{
    struct running *running = context;
    size_t count;
    const struct session_target *targets = session_targets(running->session, &count);

    clear_line(running);
    if (error) {
        running->failed_count++;
        output_error(error, targets[target].name);
        if (running->refused_key)
            output_note("  give --accept-hostkey %s if that is its key", running->refused_key);
        free(take(&running->refused_key));
    } else if (running->shows_progress && !running->arguments->quiet) {
        output_note("%s  %zu probes", targets[target].name, targets[target].steps_done);
    }
    if (!session_running_count(running->session))
        loop_stop(running->loop);
}

/* --- questions --- */

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
    (void)!write(fd, text, strlen(text));
    length = wait_for_line(fd) ? read(fd, answer, answer_bytes - 1) : 0;
    tcsetattr(fd, TCSAFLUSH, &saved);
    if (!echo)
        (void)!write(fd, "\n", 1);
    close(fd);
    if (length <= 0 || answer[length - 1] != '\n')
        return false;
    answer[length - 1] = '\0';
    return true;
}

static void decide_hostkey(struct running *running, const struct session_question *question)
{
    const char *expected = running->arguments->accept_hostkey;
    const char *fingerprint = question->hostkey->fingerprint;
    AUTO_FREE char *host = safe_text_copy(question->hostkey->host);
    AUTO_FREE char *text = NULL;
    char answer[16] = "";
    bool accept;

    if (expected) {
        accept = strcmp(expected, fingerprint) == 0;
        if (!accept)
            output_note("walkdown: %s: its host key is %s, not the one given", host, fingerprint);
    } else {
        text = memory_format("First contact with %s.\nIts %s host key is %s.\n"
                             "Is that the right key? Type yes to pin it in the review: ",
                             host, question->hostkey->type, fingerprint);
        accept = ask_terminal(text, true, answer, sizeof(answer)) && strcmp(answer, "yes") == 0;
        if (!accept && !answer[0])
            running->refused_key = memory_copy_text(fingerprint);
    }
    session_answer_hostkey(running->session, question->target, accept);
}

static void ask_secret(struct running *running, const struct session_question *question)
{
    AUTO_FREE char *quoted = safe_text_copy(question->text);
    AUTO_FREE char *text =
        memory_format(question->kind == PROMPT_PASSPHRASE ? "Passphrase of %s: "
                      : question->kind == PROMPT_PASSWORD ? "Password (%s): "
                                                          : "The server asks: \"%s\" ",
                      quoted);
    char answer[1024] = "";
    bool is_given = ask_terminal(text, question->echo, answer, sizeof(answer));

    session_answer_prompt(running->session, question->target, is_given ? answer : NULL);
    memory_wipe(answer, sizeof(answer));
}

static void on_asked(void *context)
{
    struct running *running = context;
    const struct session_question *question;

    if (!running->session)
        return;
    clear_line(running);
    while ((question = session_question(running->session)) != NULL) {
        if (question->is_hostkey)
            decide_hostkey(running, question);
        else
            ask_secret(running, question);
    }
}

static void on_signal(void *context, int signal_number)
{
    struct running *running = context;

    (void)signal_number;
    if (running->interrupts++)
        loop_stop(running->loop);
    else
        session_cancel(running->session, NULL);
}

/* --- the command --- */

/* Whole words only: "inactive" is no consent to what is active. */
static bool read_consent(const struct arguments *arguments, struct run_request *request,
                         struct error *error)
{
    AUTO_RELEASE(strings) struct strings classes = {0};

    if (arguments->consent)
        strings_split(&classes, arguments->consent, ',');
    for (size_t i = 0; i < classes.count; i++) {
        const char *class = classes.items[i];
        if (strcmp(class, "read") == 0) {
            request->consent_read = true;
        } else if (strcmp(class, "active") == 0) {
            request->consent_active = true;
        } else {
            error_set(error, ERROR_USAGE, "'%s' is no class of commands", class);
            return error_hint(error, "consent to read, to active, or to read,active");
        }
    }
    return true;
}

static bool read_request(const struct arguments *arguments, struct run_request *ret_request,
                         struct error *error)
{
    *ret_request = (struct run_request){.target = arguments->target,
                                        .area = arguments->area,
                                        .check = arguments->check,
                                        .allow_password = arguments->allow_password};
    return read_consent(arguments, ret_request, error);
}

static bool start(struct running *running, struct error *error)
{
    struct run_request request;
    struct run_preview preview;

    if (!read_request(running->arguments, &request, error) ||
        !session_preview_run(running->session, &request, &preview, error))
        return false;
    /* Whoever runs a checklist that came with walkdown consents to what it reads. */
    request.consent_read = request.consent_read || preview.is_bundled;
    return session_run(running->session, &request, error);
}

static int gather(struct running *running)
{
    struct loop_timer *timer = NULL;
    struct error error = {0};
    bool ok;

    if (running->shows_progress)
        timer = loop_timer_add(running->loop, 100, 100, draw_progress, running);
    ok = loop_signals_set(running->loop, ending_signals, on_signal, running, &error) &&
         start(running, &error);
    if (ok && session_running_count(running->session))
        ok = loop_run(running->loop, &error);
    loop_timer_remove(running->loop, timer);
    clear_line(running);
    if (!ok)
        return output_error(&error, "run");
    if (running->interrupts)
        return EXIT_NO;
    return running->failed_count ? EXIT_UNREACHABLE : EXIT_DONE;
}

static int look_only(const struct running *running)
{
    struct run_request request;
    struct error error = {0};

    return read_request(running->arguments, &request, &error)
               ? dry_run(running->session, &request, running->arguments)
               : output_error(&error, "run");
}

static int finish(struct running *running, int status)
{
    AUTO_RELEASE(output) struct output output;
    struct error error = {0};

    output_init(&output, running->arguments);
    if (running->arguments->json) {
        json_t *json = summary_json(running->session, &error);
        if (json)
            output_json(json);
    } else if (isatty(STDOUT_FILENO) && !running->arguments->quiet) {
        if (summary_print(running->session, &output, &error))
            output_write(&output);
    }
    return status;
}

static int run(const struct arguments *arguments)
{
    struct running running = {.arguments = arguments,
                              .shows_progress = isatty(STDERR_FILENO) && !arguments->quiet};
    const struct session_events events = {
        .context = &running, .asked = on_asked, .run_ended = on_run_ended};
    AUTO(loop) struct loop *loop = loop_new();
    struct session_options options = {.loop = loop, .events = &events};
    struct error error = {0};
    int status;

    if (arguments->jobs)
        options.worker_max = (int)strtol(arguments->jobs, NULL, 10);
    if (options.worker_max < 0 || (arguments->jobs && options.worker_max == 0)) {
        error_set(&error, ERROR_USAGE, "'%s' is no number of workers", arguments->jobs);
        return output_error(&error, "run");
    }
    running.loop = loop;
    if (!session_open(arguments->words[0], &options, &running.session, &error))
        return review_error(&error, arguments->words[0]);
    status = arguments->dry_run ? look_only(&running) : finish(&running, gather(&running));
    session_close(running.session);
    return status;
}

static const struct option_spec options[] = {
    VALUE('t', "target", "NAME", target, "only this target"),
    VALUE('a', "area", "ID", area, "only the checks of this area"),
    VALUE('k', "check", "ID", check, "only this check"),
    VALUE('j', "jobs", "N", jobs, "targets at the same time; default 32"),
    VALUE(0, "consent", "CLASSES", consent, "consent to commands: read, active or both"),
    VALUE(0, "accept-hostkey", "SHA256:...", accept_hostkey, "host key to accept at first contact"),
    FLAG(0, "password", allow_password, "ask for a password when all keys are refused"),
    FLAG(0, "dry-run", dry_run, "print the exact scripts and run nothing"),
    {0},
};

const struct command command_run = {
    .name = "run",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "gather evidence without the UI",
    .details = "Asks every target its probes and records what came back, with a suggestion for\n"
               "each check. A checklist that did not come with walkdown needs --consent read.\n"
               "Exit status 4 when a target could not be reached.",
    .options = options,
    .run = run,
};
