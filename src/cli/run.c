/* SPDX-License-Identifier: Apache-2.0 */
/* Gathering evidence without the UI: progress on a terminal, silence in a pipe. */
#include "run.h"
#include "ask.h"
#include "base/clock.h"
#include "base/path.h"
#include "base/utf8.h"
#include "commands.h"
#include "inventory.h"
#include "opening.h"
#include "summary.h"
#include "terminal_question.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum { RETRIES = 2 };

/* A host key that nobody could be asked about. */
struct refusal {
    size_t target;
    char *key; /* its fingerprint */
};

struct running {
    const struct arguments *arguments;
    struct loop *loop;
    struct session *session;
    bool shows_progress; /* stderr is a terminal */
    size_t target_count, ended_count, failed_count;
    struct ask *ask;      /* the open question; NULL: none */
    int asked_number;     /* of the question that is asked */
    struct strings names; /* of the targets that the user chose; none: all */
    struct strings failed_names;
    struct refusal *refusals;
    size_t refusal_count;
    int interrupts;
};

/* --- progress: one line that is written over --- */

static void clear_line(const struct running *running)
{
    if (running->shows_progress && !running->ask)
        output_progress(&(struct output){0});
}

/* One of those that are at it, another one each second. */
static void add_busy_target(const struct running *running, struct output *line)
{
    size_t count, busy = 0;
    const struct session_target *targets = session_targets(running->session, &count);

    for (size_t i = 0; i < count; i++)
        busy += targets[i].state > TARGET_WAITING;
    size_t chosen = busy ? (size_t)(clock_monotonic_ms() / 1000) % busy : 0;
    for (size_t i = 0; busy && i < count; i++) {
        if (targets[i].state <= TARGET_WAITING || chosen--)
            continue;
        output_safe(line, targets[i].name, 0);
        output_add(line, "  %zu/%zu  ", targets[i].steps_done, targets[i].steps_total);
        output_safe(line, targets[i].status, 40);
        return;
    }
}

static void draw_progress(void *context)
{
    const struct running *running = context;
    AUTO_RELEASE(output) struct output line = {0};

    if (running->target_count > 1)
        output_add(&line, "%zu/%zu targets  ", running->ended_count, running->target_count);
    if (running->failed_count)
        output_add(&line, "%zu failed  ", running->failed_count);
    add_busy_target(running, &line);
    if (running->shows_progress && !running->ask)
        output_progress(&line);
}

/* --- questions: one at a time, while the other targets go on --- */

static void ask_next(struct running *running);

static void answer_hostkey(void *context, const char *answer)
{
    struct running *running = context;
    const struct session_question *question = session_question(running->session);
    bool accept = answer && strcmp(answer, "yes") == 0;

    running->ask = NULL;
    session_answer_hostkey(running->session, question->target, accept);
    ask_next(running);
}

static void answer_secret(void *context, const char *answer)
{
    struct running *running = context;
    const struct session_question *question = session_question(running->session);

    running->ask = NULL;
    session_answer_prompt(running->session, question->target, answer);
    ask_next(running);
}

/* Nobody is there to look at the key. */
static void refuse_hostkey(struct running *running, const struct session_question *question)
{
    *array_push(running->refusals, running->refusal_count) =
        (struct refusal){question->target, memory_copy_text(question->hostkey->fingerprint)};
    session_answer_hostkey(running->session, question->target, false);
}

static void ask_hostkey(struct running *running, const struct session_question *question)
{
    const char *expected = running->arguments->accept_hostkey;
    const char *fingerprint = question->hostkey->fingerprint;
    AUTO_FREE char *host = safe_text_copy(question->hostkey->host);
    AUTO_FREE char *text = NULL;

    if (expected) {
        bool accept = strcmp(expected, fingerprint) == 0;
        if (!accept)
            output_note("walkdown: %s: its host key is %s, not the one given", host, fingerprint);
        session_answer_hostkey(running->session, question->target, accept);
        return;
    }
    text = memory_format("First contact with %s.\nIts %s host key is %s.\n"
                         "Is that the right key? Type yes to pin it in the review: ",
                         host, question->hostkey->type, fingerprint);
    running->ask = ask_start(running->loop, text, true, answer_hostkey, running);
    if (!running->ask)
        refuse_hostkey(running, question);
}

static char *describe_secret(const struct running *running, const struct session_question *question)
{
    AUTO_FREE char *quoted = safe_text_copy(question->text);
    size_t count;
    const struct session_target *targets = session_targets(running->session, &count);

    switch (question->kind) {
    case PROMPT_PASSPHRASE:
        return memory_format("Passphrase of %s: ", quoted);
    case PROMPT_PASSWORD:
        return memory_format("Password (%s): ", quoted);
    case PROMPT_SUDO:
        return memory_format("%sPassword of %s for sudo on %s: ",
                             question->attempt > 1 ? "sudo did not take it. " : "", quoted,
                             targets[question->target].name);
    case PROMPT_KEYBOARD:
        break;
    }
    return memory_format("The server asks: \"%s\" ", quoted);
}

static void ask_secret(struct running *running, const struct session_question *question)
{
    AUTO_FREE char *text = describe_secret(running, question);

    running->ask = ask_start(running->loop, text, question->echo, answer_secret, running);
    if (!running->ask)
        session_answer_prompt(running->session, question->target, NULL);
}

static void ask_next(struct running *running)
{
    const struct session_question *question;

    while (!running->ask && (question = session_question(running->session)) != NULL) {
        clear_line(running);
        running->asked_number = question->number;
        if (question->is_hostkey)
            ask_hostkey(running, question);
        else
            ask_secret(running, question);
    }
}

/* A question that is open may have lost its sense: the target is gone. */
static void drop_stale_question(struct running *running)
{
    const struct session_question *question = session_question(running->session);

    if (running->ask && (!question || question->number != running->asked_number))
        ask_stop(take(&running->ask));
    ask_next(running);
}

static void on_asked(void *context)
{
    struct running *running = context;

    if (running->session)
        drop_stale_question(running);
}

static void tell_refused_key(struct running *running, size_t target)
{
    for (size_t i = 0; i < running->refusal_count; i++) {
        struct refusal *refusal = &running->refusals[i];
        if (refusal->target != target || !refusal->key)
            continue;
        output_note("  give --accept-hostkey %s if that is its key", refusal->key);
        free(take(&refusal->key));
    }
}

static void on_run_ended(void *context, size_t target, const struct error *error)
{
    struct running *running = context;
    size_t count;
    const struct session_target *targets = session_targets(running->session, &count);

    running->ended_count++;
    drop_stale_question(running);
    clear_line(running);
    if (error) {
        running->failed_count++;
        strings_push(&running->failed_names, targets[target].name);
        output_error(error, targets[target].name);
        tell_refused_key(running, target);
    } else if (running->shows_progress && !running->arguments->quiet) {
        output_note("%s  %zu probes", targets[target].name, targets[target].steps_done);
    }
    if (!session_running_count(running->session))
        loop_stop(running->loop);
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

static bool read_request(struct running *running, struct run_request *ret_request,
                         struct error *error)
{
    const struct arguments *arguments = running->arguments;

    if (!targets_chosen(arguments, &running->names, error))
        return false;
    *ret_request = (struct run_request){.targets = running->names.count ? &running->names : NULL,
                                        .area = arguments->area,
                                        .check = arguments->check,
                                        .sudo_may_ask = arguments->sudo_password,
                                        .consent_sudo = arguments->sudo_password,
                                        .allow_password = arguments->allow_password};
    return consent_parse(arguments->consent, &ret_request->consent_read,
                         &ret_request->consent_active, error);
}

static bool start(struct running *running, struct error *error)
{
    struct run_request request;
    struct run_preview preview;

    if (!read_request(running, &request, error) ||
        !session_preview_run(running->session, &request, &preview, error))
        return false;
    /* Whoever runs a checklist that came with walkdown consents to what it reads. */
    request.consent_read = request.consent_read || preview.is_bundled;
    return session_run(running->session, &request, error);
}

/* Of many targets, those that failed may have scrolled away. */
static void tell_failures(const struct running *running)
{
    AUTO_FREE char *names = strings_join(&running->failed_names, ", ");

    if (running->failed_count && running->target_count > 1)
        output_note("walkdown: %zu of %zu targets failed: %s", running->failed_count,
                    running->target_count, names);
}

/* Where root was refused, say how to get what the checklist needs. */
static void tell_refusals(const struct running *running)
{
    size_t count, probes = 0, hosts = 0;
    const struct session_target *targets = session_targets(running->session, &count);

    for (size_t i = 0; i < count; i++) {
        probes += targets[i].refused_count;
        hosts += targets[i].refused_count > 0;
    }
    if (probes && !running->arguments->quiet) {
        output_note("walkdown: %zu probe%s not run: root was refused on %zu target%s", probes,
                    probes == 1 ? " was" : "s were", hosts, hosts == 1 ? "" : "s");
        output_note("  'walkdown sudoers %s' writes the rules of sudo that they need",
                    running->arguments->words[0]);
    }
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
    running->target_count = session_running_count(running->session);
    if (ok && running->target_count)
        ok = loop_run(running->loop, &error);
    loop_timer_remove(running->loop, timer);
    ask_stop(take(&running->ask));
    clear_line(running);
    if (!ok)
        return output_error(&error, "run");
    tell_failures(running);
    tell_refusals(running);
    if (running->interrupts)
        return EXIT_NO;
    return running->failed_count ? EXIT_UNREACHABLE : EXIT_DONE;
}

static int look_only(struct running *running)
{
    struct run_request request;
    struct error error = {0};

    return read_request(running, &request, &error)
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
    struct session_options options = {.loop = loop,
                                      .events = &events,
                                      .retries = RETRIES,
                                      .frames_folder = arguments->save_frames};
    struct error error = {0};
    int status;

    if (arguments->jobs)
        options.worker_max = (int)strtol(arguments->jobs, NULL, 10);
    if (options.worker_max < 0 || (arguments->jobs && options.worker_max == 0)) {
        error_set(&error, ERROR_USAGE, "'%s' is no number of workers", arguments->jobs);
        return output_error(&error, "run");
    }
    if (arguments->save_frames && !path_make_folder(arguments->save_frames, &error))
        return output_error(&error, arguments->save_frames);
    running.loop = loop;
    if (!session_open(arguments->words[0], &options, &running.session, &error))
        return review_error(&error, arguments->words[0]);
    status = arguments->dry_run ? look_only(&running) : finish(&running, gather(&running));
    session_close(running.session);
    for (size_t i = 0; i < running.refusal_count; i++)
        free(running.refusals[i].key);
    free(running.refusals);
    strings_release(&running.names);
    strings_release(&running.failed_names);
    return status;
}

static const struct option_spec options[] = {
    LIST('t', "target", "NAME", targets, "only this target; may be repeated"),
    VALUE('T', "targets", "FILE", target_file, "only the targets that this file names"),
    VALUE('g', "group", "NAME", group, "of that file, only the targets of this group"),
    VALUE('a', "area", "ID", area, "only the checks of this area"),
    VALUE('k', "check", "ID", check, "only this check"),
    VALUE('j', "jobs", "N", jobs, "targets at the same time; default 32"),
    VALUE(0, "consent", "CLASSES", consent, "consent to commands: read, active or read,active"),
    VALUE(0, "accept-hostkey", "SHA256:...", accept_hostkey, "host key to accept at first contact"),
    FLAG(0, "sudo-password", sudo_password,
         "let sudo on the targets have your password; asked once, without echo"),
    FLAG(0, "password", allow_password, "ask for a password when all keys are refused"),
    VALUE(0, "save-frames", "FOLDER", save_frames,
          "save what each command brought, for 'walkdown replay'"),
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
