/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The rules of sudoers(5) that a review's root probes need, and no more: each names one program
 * with its exact arguments. probe/root.h says why no other text fits them.
 */
#include "base/utf8.h"
#include "probe/root.h"
#include "state.h"
#include "target/spec.h"

#include <ctype.h>
#include <pwd.h>
#include <string.h>
#include <unistd.h>

struct rules {
    struct buffer *text;
    struct strings users;
    struct strings words; /* that have a rule */
    size_t count;
};

/* --- whose rules --- */

static bool is_user_name(const char *name)
{
    size_t length = strspn(name, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ"
                                 "0123456789_.-");

    return length > 0 && name[length] == '\0' && name[0] != '-' && strcmp(name, "ALL") != 0;
}

static bool add_user(struct rules *rules, const char *name, struct error *error)
{
    if (!is_user_name(name + (*name == '%')))
        return error_set(error, ERROR_USAGE, "'%s' is no name of a user or a %%group", name);
    if (strcmp(name, "root") != 0 && !strings_contains(&rules->users, name))
        strings_push(&rules->users, name);
    return true;
}

static bool add_user_of(struct rules *rules, const struct session_target *target,
                        struct error *error)
{
    struct target_spec spec = {0};
    bool ok = target_spec_parse(target->spec, &spec, error);
    const struct passwd *account = spec.kind == TARGET_LOCAL ? getpwuid(getuid()) : NULL;
    const char *name = account ? account->pw_name : spec.user;

    if (ok && !name) {
        error_set(error, ERROR_USAGE, "'%s' does not say which user logs in", target->name);
        ok = error_hint(error, "give it with --user NAME");
    }
    ok = ok && add_user(rules, name, error);
    target_spec_release(&spec);
    return ok;
}

static bool find_users(struct rules *rules, const struct session *session,
                       const struct run_request *request, const char *user, struct error *error)
{
    bool ok = !user || add_user(rules, user, error);

    for (size_t t = 0; ok && !user && t < session->target_count; t++)
        ok = !run_has_items(session, t, request) || add_user_of(rules, &session->targets[t], error);
    if (ok && !rules->users.count) {
        error_set(error, ERROR_INVALID, "root needs no rules of sudoers");
        ok = error_hint(error, "give the name of another user with --user NAME");
    }
    return ok;
}

/* --- the rules --- */

/* A comment a line; none may end with a backslash, which would take the next line in. */
static void append_comment(struct buffer *text, const char *lines)
{
    AUTO_RELEASE(buffer) struct buffer safe = {0};

    safe_text_append(&safe, lines, strlen(lines), SAFE_MANY_LINES);
    for (const char *line = buffer_text(&safe);;) {
        size_t length = strcspn(line, "\n");
        buffer_append_format(text, "#   %.*s%s\n", (int)length, line,
                             length && line[length - 1] == '\\' ? " (a backslash)" : "");
        if (!line[length])
            break;
        line += length + 1;
    }
}

/* A backslash counts for sudoers and once more for fnmatch. */
static void append_escaped(struct buffer *text, const char *word)
{
    for (; *word; word++) {
        if (*word == '\\')
            buffer_append_text(text, "\\\\\\");
        buffer_append_byte(text, *word);
    }
}

static void add_rule(struct rules *rules, const char *title, const char *command, const char *word)
{
    buffer_append_text(rules->text, "\n");
    append_comment(rules->text, title);
    append_comment(rules->text, command);
    buffer_append_format(rules->text, "Cmnd_Alias WALKDOWN_%zu = /bin/sh -c ", ++rules->count);
    append_escaped(rules->text, word);
    buffer_append_text(rules->text, "\n");
}

static void add_asking(struct rules *rules, const struct check *check, const struct asking *asking,
                       const struct target_hop *sandbox)
{
    AUTO_RELEASE(buffer) struct buffer word = {0};
    AUTO_FREE char *title = NULL;

    if (asking->not_run || !asking->spec || !asking->spec->as_root)
        return;
    root_append_word(&word, asking_is_outside(asking) ? sandbox : NULL, asking->command);
    if (strings_contains(&rules->words, buffer_text(&word)))
        return;
    strings_push(&rules->words, buffer_text(&word));
    title = memory_format("%s, probe %s%s%s:", check->id, asking->probe,
                          asking_is_outside(asking) ? ", from the host" : "",
                          asking->spec->effect == EFFECT_ACTIVE ? ", active" : "");
    add_rule(rules, title, asking->command, buffer_text(&word));
}

static void add_item(struct rules *rules, const struct session *session, const struct item *item,
                     bool active)
{
    struct target_spec spec = {0};
    const struct target_hop *sandbox = NULL;
    struct gathering gathering;

    if (target_spec_parse(session->targets[item->target].spec, &spec, NULL) &&
        target_outside(&spec) > 0)
        sandbox = target_outside_hop(&spec, target_outside(&spec));
    gathering_init(&gathering, session_parameters(session, item), item->check,
                   session->targets[item->target].spec, active);
    for (size_t a = 0; a < gathering.asking_count; a++)
        add_asking(rules, item->check, &gathering.askings[a], sandbox);
    gathering_release(&gathering);
    target_spec_release(&spec);
}

static void add_items(struct rules *rules, const struct session *session,
                      const struct run_request *request)
{
    for (size_t i = 0; i < session->item_count; i++) {
        const struct item *item = &session->items[i];
        if (item_is_requested(session, item, request))
            add_item(rules, session, item, request->consent_active);
    }
}

static void add_watchdog(struct rules *rules)
{
    AUTO_RELEASE(buffer) struct buffer word = {0};

    root_append_watchdog(&word);
    add_rule(rules, "The watchdog: ends what runs as root when the connection is gone.",
             "It ends no process group but the caller's own.", buffer_text(&word));
    add_rule(rules,
             "Instead of the watchdog, where the shell leads no process group:", ROOT_NOTHING,
             ROOT_NOTHING);
}

static void add_head(struct rules *rules, const struct session *session)
{
    buffer_append_text(
        rules->text, "# What this review's probes run as root, by exact arguments. Check it with\n"
                     "# 'visudo -cf FILE', install it as /etc/sudoers.d/walkdown, mode 0440, and\n"
                     "# take it away after the review.\n");
    for (size_t i = 0; i < session->checklist_count; i++) {
        char digest[DIGEST_HEX_BYTES];
        AUTO_FREE char *line = memory_format(
            "checklist %s %s, SHA-256 %s", session->checklists[i]->id,
            session->checklists[i]->version, digest_hex(&session->checklists[i]->digest, digest));
        append_comment(rules->text, line);
    }
}

static void add_grant(struct rules *rules)
{
    AUTO_FREE char *users = strings_join(&rules->users, ", ");

    buffer_append_text(rules->text, "\nCmnd_Alias WALKDOWN = WALKDOWN_1");
    for (size_t i = 2; i <= rules->count; i++)
        buffer_append_format(rules->text, ", \\\n    WALKDOWN_%zu", i);
    buffer_append_format(rules->text,
                         "\nDefaults!WALKDOWN env_reset, !setenv\n"
                         "%s ALL = (root) NOPASSWD: WALKDOWN\n",
                         users);
}

bool session_sudoers(struct session *session, const struct run_request *request, const char *user,
                     struct buffer *text, struct error *error)
{
    struct rules rules = {.text = text};
    bool ok = (!request->target || target_require(session, request->target, &(size_t){0}, error)) &&
              find_users(&rules, session, request, user, error);

    if (ok) {
        add_head(&rules, session);
        add_items(&rules, session, request);
        ok = rules.count || error_set(error, ERROR_NOT_FOUND, "no probe of the review needs root");
    }
    if (ok) {
        add_watchdog(&rules);
        add_grant(&rules);
    }
    strings_release(&rules.users);
    strings_release(&rules.words);
    return ok;
}
