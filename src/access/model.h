/* SPDX-License-Identifier: Apache-2.0 */
/* The accounts of a target while their lines are made; for the files of this room only. */
#ifndef ACCESS_MODEL_H
#define ACCESS_MODEL_H

#include "access/matrix.h"
#include "base/buffer.h"

enum { DAY_UNKNOWN = -1 };
#define DAY_MS (24LL * 3600 * 1000)

enum password_state {
    PASSWORD_UNKNOWN, /* not in what was seen */
    PASSWORD_SET,
    PASSWORD_NONE, /* none is needed */
    PASSWORD_LOCKED
};

struct account {
    char *name, *full_name, *home, *shell;
    int64_t uid, gid;
    struct strings groups; /* privileged ones */
    enum password_state password;
    int64_t password_day, expiry_day; /* since 1970-01-01 */
    struct strings keys;              /* "ED25519 256 SHA256:... comment" */
    bool has_unread_keys;
    struct strings rules; /* "sudo: (ALL) ALL" */
    bool has_unseen_rules;
    int64_t login_day;
    bool is_never_seen;     /* a record of last logins says so */
    struct buffer evidence; /* the lines about it */
};

struct model {
    struct account *accounts;
    size_t count, left_out;
    struct account **by_name;
    int64_t today; /* on the target, days since 1970-01-01 */
    bool has_outside_keys, refuses_root;
    bool keeps_logins; /* there is a record of logins, whoever is in it */
    bool uses_directory;
};

/* One line of a probe's output, cut at its colons; the last field holds the rest. */
enum { FIELDS_MAX = 8 };
struct fields {
    char *items[FIELDS_MAX];
    size_t count;
};
void fields_split(struct fields *fields, char *line, size_t max);
/* A decimal number from 0; -1 for anything else. */
int64_t field_number(const char *text);
/* Append the parts of TEXT between blanks. */
void split_words(struct strings *words, const char *text);

/* When all accounts are there: index them by name. */
void model_index(struct model *model);
struct account *model_find(const struct model *model, const char *name);
/* Keep a line as what the account's line comes from. */
void account_cite(struct account *account, enum access_probe probe, size_t number,
                  const char *line);
void model_release(struct model *model);

/* accounts.c */
/* The group's right, NULL when it gives none. */
const char *privileged_group(const char *name);
void parse_accounts(struct model *model, const char *text);
void parse_groups(struct model *model, const char *text);
void parse_passwords(struct model *model, const char *text);
/* rights.c: behind the groups */
void parse_rules(struct model *model, const char *text);
void parse_keys(struct model *model, const char *text);
/* logins.c */
void parse_logins(struct model *model, const char *text);
/* The day "2026-11-23T..." names, or DAY_UNKNOWN. */
int64_t parse_iso_day(const char *text);

/* line.c */
void line_make(const struct model *model, const struct access_source *sources,
               const struct account *account, struct access_line *ret_line);

/* words.c */
struct access_row_list;
void words_apply(const struct access_row_list *rows, struct access_matrix *matrix);

#endif
