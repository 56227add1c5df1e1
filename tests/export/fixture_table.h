/* SPDX-License-Identifier: Apache-2.0 */
/* The rows of the fixture's review. */
#ifndef EXPORT_FIXTURE_TABLE_H
#define EXPORT_FIXTURE_TABLE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct fixture_item {
    const char *check, *target, *title, *area, *severity;
    const char *suggestion, *reason, *lines;
    const char *verdict, *note, *because, *by, *then;
    bool is_stale;
    int evidence, comments, answers, attachments;
};

struct fixture_evidence {
    const char *check, *target, *probe, *command, *outcome, *detail, *out, *err;
    int exit_status;
    int minute;
    bool as_root, is_old;
    const char *from; /* NULL: inside */
};

struct fixture_decision {
    const char *check, *target, *verdict, *note, *suggestion, *author;
    int minute;
    bool is_retracted, is_superseded;
};

extern const struct fixture_item fixture_items[];
extern const size_t fixture_item_count;
extern const struct fixture_evidence fixture_evidence[];
extern const size_t fixture_evidence_count;
extern const struct fixture_decision fixture_decisions[];
extern const size_t fixture_decision_count;

#define FIXTURE_ADA   "Ada"
#define FIXTURE_GRACE "Grace"
#define FIXTURE_KEY                                                                                \
    "ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICtVLaofUcgPhfOmobfMyU88GtZErjSkSchtBDaPUIoL ada"
#define FIXTURE_FINGERPRINT "SHA256:E4/MLP+6be4LixfgPJ3/QFmqFl/+xEEUlE6bBzfgPjQ"

#endif
