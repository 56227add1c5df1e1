/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Whom to end, and how not to end anybody else:
 * - The process group, when the shell leads it ("kill -0 -$$"). Where it does not (a server that
 *   starts us in its own group) the processes below the shell are looked up instead.
 * - Programs that left the group, as setsid and timeout do: everything that the script starts has a
 *   mark in its environment, fresh for each script. The shell itself and its subshells, which were
 *   not started by execve, show no mark.
 * - Signals are sent by `kill -KILL -$$`, never by `kill 0`, which would not care whose group it
 * is.
 *
 * Whether a command hangs is seen from outside, at no cost for the commands: as long as the shell
 * waits for one, or cannot write, nothing in its /proc/PID/stat changes. A shell that is gone is
 * the end, too, also where stdin stays open.
 */
#include "ending.h"

#include "base/digest.h"

enum { TICK_MAX_S = 5, TICKS_OF_GRACE = 3, MARK_DIGITS = 24 };

#define MARK "WALKDOWN_RUN"

/* Without a group of our own nothing may fork between the look for processes and the signal: what
 * has been found is stopped before the next look, until a look finds no more. */
static const char find[] =
    "_walkdown_find() {\n"
    "_walkdown_old=\n"
    "while test \"$_walkdown_all\" != \"$_walkdown_old\"; do\n"
    "_walkdown_old=$_walkdown_all\n"
    "for _walkdown in /proc/[0-9]*/stat; do\n"
    "read -r _walkdown <$_walkdown || continue\n"
    "_walkdown_pid=${_walkdown%% *} _walkdown=${_walkdown##*) ? }\n"
    "case $_walkdown_all in\n"
    "*\" $_walkdown_pid \"*) ;;\n"
    "*\" ${_walkdown%% *} \"*) _walkdown_all=\"$_walkdown_all$_walkdown_pid \" ;;\n"
    "esac\n"
    "done\n"
    "done\n"
    "}\n"
    "_walkdown_send() {\n"
    "for _walkdown_pid in $_walkdown_all; do\n"
    "test $_walkdown_pid = $_walkdown_me || kill -$1 $_walkdown_pid\n"
    "done\n"
    "}\n";

/* Where to look for the mark: as long as process numbers cannot have begun anew since the script
 * began, in no process older than the script. Where few numbers were given since, they are tried
 * one by one: to list all of a host costs more than a short script. Of those found so, the watchers
 * and what they started are left out: mostly nothing is left then, and no grep is needed. */
static const char candidates[] =
    "_walkdown_candidates() {\n"
    "_walkdown_environs= _walkdown_oldest=$$\n"
    "read -r _walkdown_now _walkdown </proc/uptime &&\n"
    "read -r _walkdown _walkdown _walkdown _walkdown _walkdown_newest </proc/loadavg &&\n"
    "test $((${_walkdown_now%%.*} - _walkdown_began)) -le 1 && test $_walkdown_newest -ge $$ ||\n"
    "_walkdown_oldest=0\n"
    "if test $_walkdown_oldest -gt 0 && test $((_walkdown_newest - $$)) -le 64; then\n"
    "_walkdown_pid=$$\n"
    "while test $((_walkdown_pid += 1)) -le $_walkdown_newest; do\n"
    "case \" $_walkdown_watchers \" in *\" $_walkdown_pid \"*) continue ;; esac\n"
    "test -d /proc/$_walkdown_pid || continue\n"
    "_walkdown=\n"
    "read -r _walkdown </proc/$_walkdown_pid/stat\n"
    "_walkdown=${_walkdown##*) ? }\n"
    "case \" $_walkdown_watchers \" in *\" ${_walkdown%% *} \"*) continue ;; esac\n"
    "_walkdown_environs=\"$_walkdown_environs /proc/$_walkdown_pid/environ\"\n"
    "done\n"
    "return\n"
    "fi\n"
    "for _walkdown_pid in /proc/[0-9]*; do\n"
    "test ${_walkdown_pid#/proc/} -le $_walkdown_oldest ||\n"
    "_walkdown_environs=\"$_walkdown_environs $_walkdown_pid/environ\"\n"
    "done\n"
    "}\n";

/* What bears the mark (%s) gets the signal, in the group, too: it may be about to leave it. After
 * KILL it is looked whether there is more, a few times. The grep of busybox sees nothing behind a
 * NUL, so that it does not find the mark twice in what it bears itself. */
static const char sweep[] =
    "_walkdown_look() {\n"
    "_walkdown_marked=\n"
    "test -n \"$_walkdown_environs\" || return\n"
    "_walkdown_marked=$(_walkdown_a=%s _walkdown_b=%s"
    " grep -aosF %s /proc/self/environ $_walkdown_environs 2>/dev/null)\n"
    "case $_walkdown_marked in */self/*/self/*) return ;; esac\n"
    "_walkdown_marked=\n"
    "cat $_walkdown_environs | tr '\\000' '\\n' | grep -qF %s || return\n"
    "for _walkdown in $_walkdown_environs; do\n"
    "tr '\\000' '\\n' <$_walkdown | grep -qF %s && "
    "_walkdown_marked=\"$_walkdown_marked $_walkdown\"\n"
    "done\n"
    "}\n"
    "_walkdown_sweep() {\n"
    "for _walkdown_turn in 1 2 3 4 5; do\n"
    "_walkdown_candidates\n"
    "_walkdown_look\n"
    "_walkdown_found=\n"
    "for _walkdown_pid in $_walkdown_marked; do\n"
    "_walkdown_pid=${_walkdown_pid#/proc/} _walkdown_pid=${_walkdown_pid%%%%/*}\n"
    "test $_walkdown_pid != self && kill -$1 $_walkdown_pid && _walkdown_found=1\n"
    "done\n"
    "test $1$_walkdown_found = KILL1 || return\n"
    "done\n"
    "}\n";

/* Beside the group, the sweep is waited for only so long: to read of a process that is stuck may
 * take for ever. */
static const char end[] = "_walkdown_end() {\n"
                          "unset " MARK "\n"
                          "trap '' HUP TERM\n"
                          "if kill -0 -$$; then\n"
                          "for _walkdown_signal; do\n"
                          "test $_walkdown_signal = KILL || kill -$_walkdown_signal -$$\n"
                          "if test $# = 1; then\n"
                          "_walkdown_sweep $_walkdown_signal\n"
                          "else\n"
                          "_walkdown_sweep $_walkdown_signal &\n"
                          "for _walkdown_turn in 1 2 3 4 5 6 7 8 9; do\n"
                          "sleep $_walkdown_turn\n"
                          "kill -0 $! || break\n"
                          "done\n"
                          "fi\n"
                          "done\n"
                          "kill -KILL -$$\n"
                          "return\n"
                          "fi\n"
                          "read -r _walkdown </proc/self/stat || return\n"
                          "_walkdown_me=${_walkdown%% *} _walkdown=${_walkdown##*) ? }\n"
                          "test $_walkdown_me = $$ || test ${_walkdown%% *} = $$ || return\n"
                          "_walkdown_all=\" $$ \"\n"
                          "for _walkdown_signal; do\n"
                          "_walkdown_held=\n"
                          "while test \"$_walkdown_all\" != \"$_walkdown_held\"; do\n"
                          "_walkdown_held=$_walkdown_all\n"
                          "_walkdown_send STOP\n"
                          "_walkdown_find\n"
                          "done\n"
                          "_walkdown_send $_walkdown_signal\n"
                          "_walkdown_send CONT\n"
                          "_walkdown_sweep $_walkdown_signal\n"
                          "test $_walkdown_signal = KILL || sleep 1\n"
                          "done\n"
                          "}\n";

static const char began[] = "_walkdown_began=-9\n"
                            "{ read -r _walkdown_began _walkdown </proc/uptime; } 2>/dev/null\n"
                            "_walkdown_began=${_walkdown_began%%.*}\n";

void append_ending(struct buffer *text, const char *nonce)
{
    /* Not the nonce itself, which no command may see, and yet as fresh. */
    const struct digest digest = digest_of(nonce, strlen(nonce));
    char mark[DIGEST_HEX_BYTES];
    digest_hex(&digest, mark);
    mark[MARK_DIGITS] = '\0';
    buffer_append_format(text, MARK "=%s\nexport " MARK "\n", mark);
    buffer_append_text(text, "_walkdown_watchers=-\n");
    buffer_append_text(text, began);
    buffer_append_text(text, find);
    buffer_append_text(text, candidates);
    buffer_append_format(text, sweep, mark, mark, mark, mark, mark);
    buffer_append_text(text, end);
}

/* A run that lasts gives way to everybody else: with all that it has started, after a second. */
void append_watch(struct buffer *text, int longest_ms, int64_t total_ms)
{
    int tick_s = longest_ms < TICK_MAX_S * 1000 ? 1 : TICK_MAX_S;
    buffer_append_format(text,
                         "{ unset " MARK "\n"
                         "_walkdown_left=%d _walkdown_same=0 _walkdown_was= _walkdown_tick=1\n"
                         "_walkdown_yields=\n"
                         "while test $((_walkdown_left -= 1)) -ge 0; do\n"
                         "sleep $_walkdown_tick || exit\n"
                         "if test -z \"$_walkdown_yields\"; then\n"
                         "renice -n 10 -g $$ || renice -n 10 -p $$\n"
                         "ionice -c 3 -P $$ || ionice -c 3 -p $$\n"
                         "_walkdown_tick=%d _walkdown_yields=1\n"
                         "fi\n"
                         "if test -r /proc/self/stat; then\n"
                         "read -r _walkdown </proc/$$/stat || break\n"
                         "else\n"
                         "continue\n"
                         "fi\n"
                         "test \"$_walkdown\" = \"$_walkdown_was\" || _walkdown_same=0\n"
                         "_walkdown_was=$_walkdown\n"
                         "test $((_walkdown_same += 1)) -le %d || break\n"
                         "done\n"
                         "_walkdown_end TERM KILL\n"
                         "} 3<&- >/dev/null 2>&1 &\n"
                         "_walkdown_watchers=\"$_walkdown_watchers $!\"\n",
                         (int)(total_ms / 1000 / tick_s) + 2, tick_s,
                         longest_ms / 1000 / tick_s + TICKS_OF_GRACE);
}
