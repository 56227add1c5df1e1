/* SPDX-License-Identifier: Apache-2.0 */
#ifndef SECRET_RULE_H
#define SECRET_RULE_H

#include "base/pattern.h"
#include "checklist/secrets.h"

/* One rule: a pattern in a line, or everything between two lines. */
struct secret_rule {
    char *id, *title;
    struct strings keywords; /* lower case; none: every line is searched */
    struct pattern *pattern; /* NULL when there is BEGIN */
    struct pattern *allow;   /* what is found and fits this is no secret; NULL: nothing */
    struct pattern *begin, *end;
    double entropy; /* bits a byte, at least */
};

struct secret_rules {
    struct secret_rule *items;
    size_t count;
};

#endif
