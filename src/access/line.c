/* SPDX-License-Identifier: Apache-2.0 */
/* A line of the matrix: what an account's facts say in each column. */
#include "base/clock.h"
#include "model.h"

#include <string.h>

struct making {
    const struct model *model;
    const struct access_source *sources;
    const struct account *account;
    struct access_line *line;
    struct strings remarks;
};

/* Of a source that is not complete, what it shows counts, and nothing that it lacks. */
static bool is_complete(const struct making *making, enum access_probe probe)
{
    return making->sources[probe].text != NULL && making->sources[probe].why == NULL;
}

/* "unknown: not permitted" */
static char *unknown(struct making *making, enum access_probe probe)
{
    const char *why = making->sources[probe].why;
    making->line->is_uncertain = true;
    return memory_format("unknown: %s", why == NULL ? "not gathered" : why);
}

static bool has_shell(const struct account *account)
{
    static const char *const none[] = {"nologin", "false", "true",     "null",
                                       "sync",    "halt",  "shutdown", "git-shell"};
    const char *slash = strrchr(account->shell, '/');
    const char *name = slash == NULL ? account->shell : slash + 1;
    for (size_t i = 0; i < LENGTH(none); i++)
        if (strcmp(name, none[i]) == 0)
            return false;
    return true;
}

/* --- columns --- */

static const char *kind_of(const struct account *account)
{
    enum { PERSON_MIN = 1000, PERSON_MAX = 60000 };
    bool is_usable = has_shell(account) || account->keys.count > 0;
    if (account->uid >= PERSON_MIN && (account->uid <= PERSON_MAX || account->uid > UINT16_MAX))
        return is_usable ? "person" : "service";
    return account->uid > 0 && (is_usable || account->rules.count > 0) ? "service" : "system";
}

static void add_password(struct making *making, struct strings *ways)
{
    enum password_state state = making->account->password;
    if (state == PASSWORD_SET)
        strings_push(ways, "password");
    else if (state == PASSWORD_NONE)
        strings_push(ways, "no password needed");
    else if (state == PASSWORD_UNKNOWN && !is_complete(making, ACCESS_PASSWORDS))
        strings_push_take(ways, unknown(making, ACCESS_PASSWORDS));
    else if (state == PASSWORD_UNKNOWN) {
        strings_push(ways, "unknown: its password is kept elsewhere");
        making->line->is_uncertain = true;
    }
}

static void add_keys(struct making *making, struct strings *ways)
{
    size_t count = making->account->keys.count;
    if (count > 0)
        strings_push_take(ways, memory_format("%zu %s", count, count == 1 ? "key" : "keys"));
    if (!is_complete(making, ACCESS_KEYS)) {
        AUTO_FREE char *text = unknown(making, ACCESS_KEYS);
        if (!strings_contains(ways, text))
            strings_push(ways, text);
    } else if (making->account->has_unread_keys) {
        strings_push(ways, "unknown: keys that could not be read");
        making->line->is_uncertain = true;
    }
    if (making->model->has_outside_keys && has_shell(making->account)) {
        strings_push(ways, "unknown: keys of a command or an authority");
        making->line->is_uncertain = true;
    }
}

static char *login_cell(struct making *making)
{
    AUTO_RELEASE(strings) struct strings ways = {0};
    if (has_shell(making->account))
        add_password(making, &ways);
    else
        strings_push(&ways, "no shell");
    add_keys(making, &ways);
    return ways.count == 0 ? memory_copy_text("none") : strings_join(&ways, ", ");
}

static char *root_cell(struct making *making)
{
    const struct account *account = making->account;
    AUTO_RELEASE(strings) struct strings ways = {0};
    if (account->uid == 0)
        return memory_copy_text("is root");
    for (size_t i = 0; i < account->rules.count; i++)
        strings_push(&ways, account->rules.items[i]);
    for (size_t i = 0; i < account->groups.count; i++)
        strings_push_take(&ways, memory_format("group %s", account->groups.items[i]));
    making->line->is_privileged = ways.count > 0;
    if (!is_complete(making, ACCESS_RULES))
        strings_push_take(&ways, unknown(making, ACCESS_RULES));
    else if (account->has_unseen_rules) {
        strings_push(&ways, "unknown: sudo did not tell");
        making->line->is_uncertain = true;
    }
    if (!is_complete(making, ACCESS_GROUPS)) {
        AUTO_FREE char *text = unknown(making, ACCESS_GROUPS);
        if (!strings_contains(&ways, text))
            strings_push(&ways, text);
    }
    return ways.count == 0 ? memory_copy_text("no") : strings_join(&ways, "; ");
}

/* "2026-11-23" */
static char *day_text(int64_t day)
{
    enum { DATE_BYTES = 10 };
    char text[CLOCK_TEXT_BYTES];
    clock_format_utc(day * DAY_MS, text);
    text[DATE_BYTES] = '\0';
    return memory_copy_text(text);
}

static char *last_login_cell(struct making *making)
{
    const struct account *account = making->account;
    if (account->login_day != DAY_UNKNOWN)
        return day_text(account->login_day);
    if (account->is_never_seen)
        return memory_copy_text("never");
    if (!is_complete(making, ACCESS_LOGINS))
        return unknown(making, ACCESS_LOGINS);
    if (making->model->keeps_logins)
        return memory_copy_text("none recorded");
    making->line->is_uncertain = true;
    return memory_copy_text("unknown: no record is kept");
}

static bool has_no_way_in(const struct access_line *line)
{
    const char *login = line->cells[ACCESS_COLUMN_LOGIN];
    return strcmp(login, "none") == 0 || strcmp(login, "no shell") == 0;
}

/* Idle is an account that somebody could use and that has shown no life for long. */
static char *idle_cell(struct making *making)
{
    const struct account *account = making->account;
    int64_t today = making->model->today;
    int64_t alive =
        account->login_day > account->password_day ? account->login_day : account->password_day;
    if (has_no_way_in(making->line))
        return memory_copy_text("");
    if (today <= 0 || alive <= 0)
        return memory_copy_text("unknown");
    int64_t days = today > alive ? today - alive : 0;
    making->line->is_idle = days >= ACCESS_IDLE_DAYS;
    return memory_format("%lld %s", (long long)days, days == 1 ? "day" : "days");
}

/* --- remarks --- */

static bool shares_uid(const struct model *model, const struct account *account)
{
    size_t i = (size_t)(account - model->accounts);
    return (i > 0 && model->accounts[i - 1].uid == account->uid) ||
           (i + 1 < model->count && model->accounts[i + 1].uid == account->uid);
}

static bool has_plain_sudo(const struct account *account, const char *word)
{
    for (size_t i = 0; i < account->rules.count; i++)
        if (strstr(account->rules.items[i], word) != NULL)
            return true;
    return false;
}

static void add_account_remarks(struct making *making)
{
    const struct account *account = making->account;
    struct strings *remarks = &making->remarks;
    if (account->uid == 0 && strcmp(account->name, "root") != 0)
        strings_push(remarks, "user id 0 under another name");
    if (account->uid < 0)
        strings_push(remarks, "its user id is no number");
    if (*account->name == '+' || *account->name == '-')
        strings_push(remarks, "pulls in accounts from NIS");
    if (shares_uid(making->model, account))
        strings_push(remarks, "shares its user id");
    if (account->gid == 0 && account->uid != 0)
        strings_push(remarks, "primary group is root");
    if (account->password == PASSWORD_NONE)
        strings_push(remarks, "no password");
    if (account->password == PASSWORD_LOCKED && has_shell(account) && account->keys.count > 0)
        strings_push(remarks, "password locked, keys open it");
    if (account->expiry_day > 0 && making->model->today >= account->expiry_day)
        strings_push(remarks, "expired");
}

static void add_right_remarks(struct making *making)
{
    const struct account *account = making->account;
    struct strings *remarks = &making->remarks;
    if (has_plain_sudo(account, "NOPASSWD") || has_plain_sudo(account, "nopass"))
        strings_push(remarks, "root without a password");
    if (account->uid == 0 && making->model->refuses_root)
        strings_push(remarks, "SSH refuses it");
    if (!has_shell(account) && account->keys.count > 0)
        strings_push(remarks, "keys, but no shell");
    if (making->line->is_idle)
        strings_push_take(remarks, memory_format("idle for %d days or more", ACCESS_IDLE_DAYS));
}

/* --- facts --- */

static void add_fact(struct buffer *facts, const char *name, const char *value)
{
    buffer_append_format(facts, "%s: %s\n", name, value);
}

static void add_facts(struct buffer *facts, const char *name, const struct strings *values)
{
    for (size_t i = 0; i < values->count; i++)
        add_fact(facts, name, values->items[i]);
}

/* Nothing that changes by itself from day to day. */
static char *facts_of(const struct making *making)
{
    const struct account *account = making->account;
    char *const *cells = making->line->cells;
    struct buffer facts = {0};
    add_fact(&facts, "user id", cells[ACCESS_COLUMN_UID]);
    add_fact(&facts, "kind", cells[ACCESS_COLUMN_KIND]);
    add_fact(&facts, "name", account->full_name);
    add_fact(&facts, "home", account->home);
    add_fact(&facts, "shell", *account->shell == '\0' ? "/bin/sh" : account->shell);
    add_fact(&facts, "logs in by", cells[ACCESS_COLUMN_LOGIN]);
    add_facts(&facts, "key", &account->keys);
    add_fact(&facts, "becomes root by", cells[ACCESS_COLUMN_ROOT]);
    add_facts(&facts, "remark", &making->remarks);
    return buffer_take(&facts);
}

void line_make(const struct model *model, const struct access_source *sources,
               const struct account *account, struct access_line *ret_line)
{
    struct making making = {
        .model = model, .sources = sources, .account = account, .line = ret_line};
    char **cells = ret_line->cells;
    *ret_line = (struct access_line){.comment = memory_copy_text(""),
                                     .author = memory_copy_text(""),
                                     .facts_then = memory_copy_text("")};
    cells[ACCESS_COLUMN_ACCOUNT] = memory_copy_text(account->name);
    cells[ACCESS_COLUMN_UID] =
        account->uid < 0 ? memory_copy_text("?") : memory_format("%lld", (long long)account->uid);
    cells[ACCESS_COLUMN_KIND] = memory_copy_text(kind_of(account));
    cells[ACCESS_COLUMN_LOGIN] = login_cell(&making);
    cells[ACCESS_COLUMN_ROOT] = root_cell(&making);
    ret_line->is_privileged |= account->uid == 0;
    cells[ACCESS_COLUMN_LAST_LOGIN] = last_login_cell(&making);
    cells[ACCESS_COLUMN_IDLE] = idle_cell(&making);
    add_account_remarks(&making);
    add_right_remarks(&making);
    cells[ACCESS_COLUMN_REMARKS] = strings_join(&making.remarks, "; ");
    ret_line->is_inert = has_no_way_in(ret_line) && making.remarks.count == 0 &&
                         strcmp(cells[ACCESS_COLUMN_ROOT], "no") == 0;
    ret_line->facts = facts_of(&making);
    ret_line->evidence = memory_copy_text(buffer_text(&account->evidence));
    strings_release(&making.remarks);
}
