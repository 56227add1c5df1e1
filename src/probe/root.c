/* SPDX-License-Identifier: Apache-2.0 */
#include "probe/root.h"

#include "plain.h"

#include <string.h>

/* Looks up the processes above it for the first that is the caller's own. The leader of that one's
 * group has to be the caller's too: a rule that permits this lets nobody end what is not his. */
static const char watchdog[] =
    ROOT_SETTINGS "exec </dev/null\n"
                  "u=${SUDO_UID:-$(id -u \"$DOAS_USER\")}\n"
                  "owner() {\n"
                  "o=\n"
                  "while read -r k o _ && test \"$k\" != Uid:; do o=; done <\"/proc/$1/status\"\n"
                  "}\n"
                  "look() {\n"
                  "read -r s <\"/proc/$1/stat\" && s=${s##*) }\n"
                  "}\n"
                  "p=$$\n"
                  "until owner $p; test \"$o\" = \"$u\"; do\n"
                  "look $p || exit 3\n"
                  "s=${s#? } p=${s%% *}\n"
                  "test \"$p\" -gt 1 || exit 3\n"
                  "done\n"
                  "look $p\n"
                  "s=${s#? * } g=${s%% *}\n"
                  "owner $g\n"
                  "test \"$o\" = \"$u\" || exit 3\n"
                  "{ trap '' HUP TERM\n"
                  "while look $g && test \"${s%% *}\" != Z; do sleep 1; done\n"
                  "kill -TERM -$g\n"
                  "sleep 1\n"
                  "kill -KILL -$g\n"
                  "} >/dev/null 2>&1 &\n";

/* Bytes that mean nothing to printf inside quotes, nor to sudoers(5) among arguments. */
static bool is_literal(char byte)
{
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') ||
           (byte >= '0' && byte <= '9') || (byte != '\0' && strchr("/._-$(){}|;&<>+@~", byte));
}

static void append_word(struct buffer *text, const char *script)
{
    buffer_append_text(text, "eval${IFS}\"$(printf${IFS}'");
    for (const char *byte = script; *byte != '\0'; byte++) {
        if (is_literal(*byte))
            buffer_append_byte(text, *byte);
        else if (*byte == '%')
            buffer_append_text(text, "%%");
        else
            buffer_append_format(text, "\\%03o", (unsigned char)*byte);
    }
    buffer_append_text(text, "')\"");
}

void root_append_sandbox(struct buffer *text, const struct target_hop *sandbox)
{
    if (sandbox == NULL)
        return;
    buffer_append_format(text, "SANDBOX_KIND=%s SANDBOX_NAME=", target_hop_text(sandbox->kind));
    shell_append_quoted(text, sandbox->value);
    buffer_append_text(text, "\nexport SANDBOX_KIND SANDBOX_NAME\n");
}

void root_append_word(struct buffer *text, const struct target_hop *sandbox, const char *command)
{
    AUTO_RELEASE(buffer) struct buffer script = {0};
    buffer_append_text(&script, ROOT_SETTINGS);
    root_append_sandbox(&script, sandbox);
    buffer_append_text(&script, "ulimit -f 0\nexec </dev/null\n(");
    if (command_is_plain(command)) {
        buffer_append_text(&script, command);
    } else {
        buffer_append_text(&script, "eval ");
        shell_append_quoted(&script, command);
    }
    buffer_append_format(&script, ")\ns=$?\ncase $s in 1) s=%d ;; %d) s=1 ;; esac\nexit $s",
                         ROOT_STATUS_ONE, ROOT_STATUS_ONE);
    append_word(text, buffer_text(&script));
}

void root_append_watchdog(struct buffer *text)
{
    append_word(text, watchdog);
}
