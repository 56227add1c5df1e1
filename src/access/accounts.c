/* SPDX-License-Identifier: Apache-2.0 */
/* Accounts, groups and the state of passwords. */
#include "model.h"

#include <string.h>

/* --- accounts --- */

enum { ACCOUNT_FIELDS = 7 }; /* "account", name, uid, gid, full name, home, shell */

/* Directory services keep accounts that a list of all may leave out. */
static bool names_directory(const char *sources)
{
    static const char *const services[] = {"sss", "ldap", "winbind", "nis", "compat"};
    for (size_t i = 0; i < LENGTH(services); i++)
        if (strstr(sources, services[i]) != NULL)
            return true;
    return false;
}

static void add_account(struct model *model, const struct fields *fields, size_t number,
                        const char *line)
{
    if (model->count >= ACCESS_LINES_MAX) {
        model->left_out++;
        return;
    }
    const char *const *items = (const char *const *)fields->items;
    struct account *account = array_push(model->accounts, model->count);
    *account = (struct account){.name = memory_copy_text(items[1]),
                                .uid = field_number(items[2]),
                                .gid = field_number(items[3]),
                                .full_name = memory_copy(items[4], strcspn(items[4], ",")),
                                .home = memory_copy_text(items[5]),
                                .shell = memory_copy_text(items[6]),
                                .password_day = DAY_UNKNOWN,
                                .expiry_day = DAY_UNKNOWN,
                                .login_day = DAY_UNKNOWN};
    account_cite(account, ACCESS_ACCOUNTS, number, line);
}

static int compare_accounts(const void *a, const void *b)
{
    const struct account *left = a, *right = b;
    if (left->uid != right->uid)
        return left->uid < right->uid ? -1 : 1;
    return strcmp(left->name, right->name);
}

static void sort_accounts(struct model *model)
{
    if (model->count == 0)
        return;
    qsort(model->accounts, model->count, sizeof(*model->accounts), compare_accounts);
    model_index(model);
}

void parse_accounts(struct model *model, const char *text)
{
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        AUTO_FREE char *copy = memory_copy_text(lines.items[i]);
        struct fields fields;
        fields_split(&fields, copy, ACCOUNT_FIELDS);
        if (strcmp(fields.items[0], "source") == 0)
            model->uses_directory |= names_directory(lines.items[i]);
        if (strcmp(fields.items[0], "account") == 0 && fields.count == ACCOUNT_FIELDS &&
            *fields.items[1] != '\0')
            add_account(model, &fields, i + 1, lines.items[i]);
    }
    sort_accounts(model);
}

/* --- groups --- */

/* Groups that are as good as root, or read what others may not. X(name, why) */
#define PRIVILEGED_GROUPS(X)                                                                       \
    X("root", "files of root")                                                                     \
    X("sudo", "sudo")                                                                              \
    X("wheel", "sudo and su")                                                                      \
    X("admin", "sudo")                                                                             \
    X("docker", "root by a container")                                                             \
    X("podman", "root by a container")                                                             \
    X("lxd", "root by a container")                                                                \
    X("incus", "containers")                                                                       \
    X("incus-admin", "root by a container")                                                        \
    X("libvirt", "root by a virtual machine")                                                      \
    X("kvm", "virtual machines")                                                                   \
    X("disk", "all disks")                                                                         \
    X("shadow", "password hashes")                                                                 \
    X("adm", "logs")                                                                               \
    X("systemd-journal", "logs")                                                                   \
    X("staff", "programs in /usr/local")

const char *privileged_group(const char *name)
{
    static const char *const names[] = {
#define X(group, why) group, why,
        PRIVILEGED_GROUPS(X)
#undef X
    };
    for (size_t i = 0; i < LENGTH(names); i += 2)
        if (strcmp(name, names[i]) == 0)
            return names[i + 1];
    return NULL;
}

static void join_group(struct account *account, const char *group, size_t number, const char *line)
{
    if (strings_contains(&account->groups, group))
        return;
    strings_push(&account->groups, group);
    account_cite(account, ACCESS_GROUPS, number, line);
}

static void add_group(struct model *model, const struct fields *fields, size_t number,
                      const char *line)
{
    AUTO_RELEASE(strings) struct strings members = {0};
    int64_t gid = field_number(fields->items[2]);
    strings_split(&members, fields->items[3], ',');
    for (size_t i = 0; i < members.count; i++) {
        struct account *account = model_find(model, members.items[i]);
        if (account != NULL)
            join_group(account, fields->items[1], number, line);
    }
    for (size_t i = 0; gid >= 0 && i < model->count; i++)
        if (model->accounts[i].gid == gid)
            join_group(&model->accounts[i], fields->items[1], number, line);
}

void parse_groups(struct model *model, const char *text)
{
    enum { GROUP_FIELDS = 4 }; /* "group", name, gid, members */
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        AUTO_FREE char *copy = memory_copy_text(lines.items[i]);
        struct fields fields;
        fields_split(&fields, copy, GROUP_FIELDS);
        if (strcmp(fields.items[0], "group") == 0 && fields.count == GROUP_FIELDS &&
            privileged_group(fields.items[1]) != NULL)
            add_group(model, &fields, i + 1, lines.items[i]);
    }
}

/* --- passwords --- */

static enum password_state password_state(const char *text)
{
    if (strcmp(text, "set") == 0)
        return PASSWORD_SET;
    if (strcmp(text, "none") == 0)
        return PASSWORD_NONE;
    return strcmp(text, "locked") == 0 ? PASSWORD_LOCKED : PASSWORD_UNKNOWN;
}

void parse_passwords(struct model *model, const char *text)
{
    enum { PASSWORD_FIELDS = 5 }; /* "password", name, state, day of change, day of expiry */
    AUTO_RELEASE(strings) struct strings lines = {0};
    strings_split(&lines, text, '\n');
    for (size_t i = 0; i < lines.count; i++) {
        AUTO_FREE char *copy = memory_copy_text(lines.items[i]);
        struct fields fields;
        fields_split(&fields, copy, PASSWORD_FIELDS);
        if (strcmp(fields.items[0], "password") != 0 || fields.count != PASSWORD_FIELDS)
            continue;
        struct account *account = model_find(model, fields.items[1]);
        if (account == NULL)
            continue;
        account->password = password_state(fields.items[2]);
        account->password_day = field_number(fields.items[3]);
        account->expiry_day = field_number(fields.items[4]);
        account_cite(account, ACCESS_PASSWORDS, i + 1, lines.items[i]);
    }
}
