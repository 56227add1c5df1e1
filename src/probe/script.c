/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Why the text is as it is:
 * - Markers are written by echo, which is built into every shell (printf is not in mksh), from a
 *   literal line feed: no escape that one echo knows and another does not.
 * - The nonce stands in the text itself and in no variable or function, so that no command comes by
 *   it by chance.
 * - A command that is not surely complete goes through eval in its subshell: a syntax error ends
 *   that subshell alone. One that only starts well-known programs stands there as it is: dash and
 *   others start a program in less time than a subshell.
 * - Files cannot be written: "ulimit -f 0". Where sudo is needed, only the soft limit is set for
 *   all, and the hard one in each subshell: sudo writes a file of its own, and lifts only soft
 *   limits.
 * - A password is read by sudo itself: it is in no variable, which a command could print, and it is
 *   sent when sudo asks, so that nothing but sudo finds it in the pipe.
 */
#include "probe/script.h"

#include "ending.h"
#include "plain.h"
#include "probe/frame.h"
#include "probe/root.h"

enum {
    STEPS_MAX = 500,
    TEXT_MAX_BYTES = 256 * 1024,
    DEADLINE_SLACK_MS = 60000,      /* above the sum of the time-outs */
    MEMORY_MAX_KB = 2 * 1024 * 1024 /* of data in one process; what is only reserved is free */
};

static const char prologue[] =
    "set +e +f +u +v +x\n"
    "unset -f cd echo grep id ionice kill printf read renice sleep test ulimit umask unalias"
    " 2>/dev/null\n"
    "unalias -a 2>/dev/null\n"
    "_walkdown_docker=${DOCKER_HOST-} _walkdown_kube=${KUBECONFIG-}\n"
    "unset IFS ENV BASH_ENV CDPATH GLOBIGNORE POSIXLY_CORRECT TMPDIR LD_PRELOAD LD_LIBRARY_PATH"
    " LD_AUDIT LD_DEBUG LD_BIND_NOW LD_PROFILE LD_SHOW_AUXV LD_ORIGIN_PATH LD_ASSUME_KERNEL"
    " GCONV_PATH LOCPATH MALLOC_TRACE HOSTALIASES RES_OPTIONS PYTHONPATH PYTHONHOME PYTHONSTARTUP"
    " PERL5LIB PERLLIB PERL5OPT PERL5DB RUBYLIB RUBYOPT NODE_OPTIONS NODE_PATH JAVA_TOOL_OPTIONS"
    " GREP_OPTIONS GREP_COLOR GREP_COLORS LS_COLORS LS_OPTIONS BLOCK_SIZE BLOCKSIZE LESSOPEN"
    " LESSCLOSE SYSTEMD_COLORS DOCKER_HOST KUBECONFIG 2>/dev/null\n" ROOT_SETTINGS;

/* The end of stdin is the sign to stop. */
static const char watch_stdin[] = "exec 3<&0 </dev/null\n"
                                  "{ trap '' HUP TERM\n"
                                  "while read -r _walkdown; do :; done\n"
                                  "_walkdown_end TERM KILL\n"
                                  "} <&3 3<&- >/dev/null 2>&1 &\n"
                                  "_walkdown_watchers=\"$_walkdown_watchers $!\"\n";

/* The same where sudo may ask for a password: whatever comes on stdin is handed on, and sudo reads
 * it from descriptor 3. All that follows is the other end of the pipe. */
static const char hand_on_stdin[] = "{ trap '' HUP TERM\n"
                                    "while read -r _walkdown; do echo \"$_walkdown\"; done\n"
                                    "_walkdown_end TERM KILL\n"
                                    "} 2>/dev/null | {\n"
                                    "exec 3<&0 </dev/null\n";

/* A frame's text: finds out how to become root, by starting a watchdog as root in $_walkdown_word.
 * %s: what closes descriptor 3, and what to try when sudo wants a password. */
static const char find_root[] =
    "_walkdown_as=none\n"
    "case $(id -u) in\n"
    "0) _walkdown_as=self ;;\n"
    "*)\n"
    "kill -0 -$$ 2>/dev/null || _walkdown_word=" ROOT_NOTHING "\n"
    "for _walkdown in 'sudo -k' doas; do\n"
    "command -v ${_walkdown%% *} >/dev/null 2>&1 || continue\n"
    "_walkdown_as=\n"
    "$_walkdown -n -- /bin/sh -c \"$_walkdown_word\" 2>&1%s && _walkdown_as=$_walkdown && "
    "break\n"
    "%s"
    "done\n"
    ";;\n"
    "esac\n"
    "test \"$_walkdown_as\" != none || { _walkdown_as=; echo 'no sudo or doas on the target'; }\n"
    "test \"$_walkdown_as\"\n";

/* Runs $_walkdown_run as root, or $_walkdown_word by sudo or doas, and leaves its status in
 * $_walkdown; status 1 is theirs alone. With -k sudo neither uses nor keeps a right from one
 * command to the next, and writes no file about it. */
static const char run_as_root[] =
    "_walkdown_root() {\n"
    "case $_walkdown_as in\n"
    "self)\n"
    "(ulimit -f 0; eval \"$_walkdown_run\")%s\n"
    "_walkdown=$?\n"
    "return\n"
    ";;\n"
    "'sudo -k' | doas) $_walkdown_as -n -- /bin/sh -c \"$_walkdown_word\"%s ;;\n"
    "ask) sudo -k -S -p '[%s]' -- /bin/sh -c \"$_walkdown_word\" <&3 3<&- ;;\n"
    "*) ! : ;;\n"
    "esac\n"
    "_walkdown=$?\n"
    "case $_walkdown in 1) _walkdown=R ;; %d) _walkdown=1 ;; esac\n"
    "}\n";

static const char ask_sudo[] =
    "test \"$_walkdown\" != doas &&\n"
    "sudo -k -S -p '[%s]' -- /bin/sh -c \"$_walkdown_word\" <&3 2>&1 3<&- &&\n"
    "_walkdown_as=ask && break\n";

/* The words that echo gets: the end of frame FRAME (none for 0), the begin of the next one (none
 * for the last). Echo itself adds the last line feed. */
static void append_markers(struct buffer *text, const char *nonce, size_t ended, bool is_last)
{
    buffer_append_text(text, "echo '");
    if (ended > 0)
        buffer_append_format(text, "\n%s E%zu '$_walkdown'%s", nonce, ended - 1,
                             is_last ? "" : "\n");
    if (!is_last)
        buffer_append_format(text, "\n%s B%zu", nonce, ended);
    buffer_append_text(text, "'");
}

/* After ENDED frames: the markers between one frame and the next, on both streams. */
static void append_boundary(struct script *script, const char *nonce, size_t ended)
{
    bool is_last = ended == script_frame_count(script);
    append_markers(&script->text, nonce, ended, is_last);
    buffer_append_byte(&script->text, ';');
    append_markers(&script->text, nonce, ended, is_last);
    buffer_append_text(&script->text, " >&2\n");
}

static void append_self_test(struct buffer *text)
{
    buffer_append_format(text, "_walkdown_test() {\nreturn %d\n}\nprintf '",
                         SCRIPT_SELF_TEST_STATUS);
    for (int byte = 0; byte < SCRIPT_SELF_TEST_BYTES; byte++)
        buffer_append_format(text, byte == '%' ? "%%%%" : "\\%03o", (unsigned)byte);
    buffer_append_text(text, "'\n_walkdown_test\n_walkdown=$?\n");
}

/* VARIABLE=WORD, and WORD is empty again. */
static void append_assignment(struct buffer *text, const char *variable, struct buffer *word)
{
    buffer_append_format(text, "%s=", variable);
    shell_append_quoted(text, buffer_text(word));
    buffer_append_byte(text, '\n');
    buffer_clear(word);
}

static void append_root(struct script *script, const char *nonce, bool is_refused)
{
    struct buffer *text = &script->text;
    const char *close = script->may_ask ? " 3<&-" : "";
    AUTO_FREE char *ask = script->may_ask ? memory_format(ask_sudo, nonce) : NULL;
    AUTO_RELEASE(buffer) struct buffer word = {0};
    root_append_watchdog(&word);
    append_assignment(text, "_walkdown_word", &word);
    if (is_refused)
        buffer_append_text(text, "_walkdown_as=\n! :\n");
    else
        buffer_append_format(text, find_root, close, ask != NULL ? ask : "");
    buffer_append_text(text, "_walkdown=$?\n");
    buffer_append_format(text, run_as_root, close, close, nonce, ROOT_STATUS_ONE);
}

static void append_step(struct script *script, const struct target_hop *sandbox,
                        const struct plan_step *step)
{
    struct buffer *text = &script->text;
    const char *limit = script->may_ask    ? "ulimit -f 0;exec 3<&-;"
                        : script->has_root ? "ulimit -f 0;"
                                           : "";
    if (step->as_root) {
        AUTO_RELEASE(buffer) struct buffer word = {0};
        root_append_word(&word, sandbox, step->command);
        append_assignment(text, "_walkdown_word", &word);
        buffer_append_text(&word, step->command);
        append_assignment(text, "_walkdown_run", &word);
        buffer_append_text(text, "_walkdown_root\n");
        return;
    }
    if (!script->has_root && command_is_harmless_to_shell(step->command)) {
        buffer_append_format(text, "%s\n", step->command);
    } else if (command_is_plain(step->command)) {
        buffer_append_format(text, "(%s%s)\n", limit, step->command);
    } else {
        buffer_append_format(text, "(%seval ", limit);
        shell_append_quoted(text, step->command);
        buffer_append_text(text, ")\n");
    }
    buffer_append_text(text, "_walkdown=$?\n");
}

/* Port 0 is none: an empty word. */
static void append_reach(struct buffer *text, const struct target_reach *reach)
{
    buffer_append_format(
        text, "TARGET_KIND=%s TARGET_PORT=", reach->kind == TARGET_LOCAL ? "local" : "ssh");
    if (reach->port > 0)
        buffer_append_format(text, "%d", reach->port);
    buffer_append_text(text, " TARGET_HOST=");
    shell_append_quoted(text, reach->host);
    buffer_append_text(text, "\nexport TARGET_KIND TARGET_HOST TARGET_PORT\n");
}

/* What a command finds in its environment about what it looks at. */
static void append_view(struct buffer *text, const struct script_options *options)
{
    buffer_append_text(text, "unset SANDBOX_KIND SANDBOX_NAME TARGET_KIND TARGET_HOST "
                             "TARGET_PORT\n");
    root_append_sandbox(text, options->sandbox);
    if (options->reach != NULL)
        append_reach(text, options->reach);
}

static void append_prologue(struct script *script, const struct plan *plan,
                            const struct script_options *options)
{
    int64_t total_ms = DEADLINE_SLACK_MS;
    int longest_ms = 0;
    for (size_t i = 0; i < script->step_count; i++) {
        int timeout_ms = plan->steps[script->first_step + i].timeout_ms;
        total_ms += timeout_ms;
        longest_ms = timeout_ms > longest_ms ? timeout_ms : longest_ms;
    }
    struct buffer *text = &script->text;
    buffer_append_text(text, prologue);
    append_view(text, options);
    buffer_append_format(text, "ulimit %s-f 0\nulimit -t %d\nulimit -d %d 2>/dev/null\n",
                         script->has_root ? "-S " : "", longest_ms / 1000 + 10, MEMORY_MAX_KB);
    append_ending(text, options->nonce);
    if (!script->may_ask)
        buffer_append_text(text, watch_stdin);
    append_watch(text, longest_ms, total_ms);
    buffer_append_text(text, script->may_ask ? hand_on_stdin : "exec 3<&-\n");
}

/* How many steps go into one script, and whether one of them needs root. A step to be asked only
 * once is alone in its script: what was sent with others may have run when the connection is lost,
 * and nobody saw it. */
static void choose_steps(const struct plan *plan, size_t first_step, struct script *script)
{
    size_t bytes = 0;
    script->first_step = first_step;
    for (size_t i = first_step; i < plan->step_count && script->step_count < STEPS_MAX; i++) {
        bytes += strlen(plan->steps[i].command);
        bool is_alone = plan->steps[i].only_once;
        bool is_elsewhere = plan->steps[i].outside != plan->steps[first_step].outside ||
                            plan->steps[i].from_reviewer != plan->steps[first_step].from_reviewer ||
                            plan->steps[i].is_forward;
        if (is_elsewhere || ((bytes > TEXT_MAX_BYTES || is_alone) && script->step_count > 0))
            return;
        script->step_count++;
        script->has_root |= plan->steps[i].as_root;
        if (is_alone)
            return;
    }
}

void script_write(const struct plan *plan, const struct script_options *options,
                  struct script *ret_script)
{
    struct script script = {.has_self_test = options->self_test};
    choose_steps(plan, options->first_step, &script);
    script.may_ask = script.has_root && plan->sudo_may_ask && !options->root_is_refused;
    buffer_append_text(&script.text, "{\n");
    append_prologue(&script, plan, options);
    for (size_t frame = 0; frame < script_frame_count(&script); frame++) {
        size_t step = 0;
        enum script_part part = script_frame(&script, frame, &step);
        append_boundary(&script, options->nonce, frame);
        if (part == SCRIPT_SELF_TEST)
            append_self_test(&script.text);
        else if (part == SCRIPT_ROOT)
            append_root(&script, options->nonce, options->root_is_refused);
        else
            append_step(&script, options->sandbox, &plan->steps[step]);
    }
    append_boundary(&script, options->nonce, script_frame_count(&script));
    buffer_append_text(&script.text, "_walkdown_end KILL 2>/dev/null\nexit 0\n}\n");
    if (script.may_ask)
        buffer_append_text(&script.text, "}\n");
    *ret_script = script;
}

void script_release(struct script *script)
{
    buffer_release(&script->text);
}

size_t script_frame_count(const struct script *script)
{
    return script->step_count + (script->has_self_test ? 1 : 0) + (script->has_root ? 1 : 0);
}

enum script_part script_frame(const struct script *script, size_t frame, size_t *ret_step)
{
    size_t before = 0;
    if (script->has_self_test && frame == before++)
        return SCRIPT_SELF_TEST;
    if (script->has_root && frame == before++)
        return SCRIPT_ROOT;
    if (ret_step != NULL)
        *ret_step = script->first_step + frame - before;
    return SCRIPT_STEP;
}
