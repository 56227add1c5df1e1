/* SPDX-License-Identifier: Apache-2.0 */
#include "action.h"

#include <string.h>

static const struct action_info infos[] = {[ACTION_NONE] = {"none", 0, "", "", "Nothing"},
#define X(name, text, contexts, keys, hint, help)                                                  \
    [ACTION_##name] = {text, (unsigned)(contexts), keys, hint, help},
                                           ACTIONS(X)
#undef X
};

const struct action_info *action_info(enum action action)
{
    return &infos[action];
}

enum action action_parse(const char *name)
{
    for (enum action action = ACTION_NONE + 1; action < ACTION_COUNT; action++)
        if (strcmp(infos[action].name, name) == 0)
            return action;
    return ACTION_NONE;
}

unsigned context_parse(const char *name)
{
#define X(context, text, bit)                                                                      \
    if (strcmp(name, text) == 0)                                                                   \
        return CONTEXT_##context;
    CONTEXTS(X)
#undef X
    return strcmp(name, "any") == 0 ? ~0U : 0;
}

const char *context_title(enum context context)
{
    switch (context) {
    case CONTEXT_START:
        return "Start";
    case CONTEXT_OVERVIEW:
        return "Overview";
    case CONTEXT_WALK:
        return "Walk";
    case CONTEXT_WALK_SEARCH:
        return "Walk, while searching";
    case CONTEXT_EVIDENCE:
        return "Evidence";
    case CONTEXT_FINDINGS:
        return "Findings";
    case CONTEXT_FLEET:
        return "Fleet";
    case CONTEXT_ACCESS:
        return "Access";
    case CONTEXT_FLOWS:
        return "Flows";
    case CONTEXT_HISTORY:
        return "History";
    case CONTEXT_SIGNOFF:
        return "Sign-off";
    case CONTEXT_VIEWER:
        return "Reading a text";
    case CONTEXT_FORM:
        return "Form";
    case CONTEXT_EDITOR:
        return "Writing a text";
    case CONTEXT_LINE:
        return "Writing a line";
    case CONTEXT_CHOICE:
        return "Choosing";
    case CONTEXT_DIALOG:
        return "Questions";
    }
    return "";
}
