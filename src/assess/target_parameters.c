/* SPDX-License-Identifier: Apache-2.0 */
/* Parameters that hold for one target alone, in place of those of the review. */
#include "state.h"

#include <string.h>

static int compare_targets(const void *a, const void *b)
{
    return strcmp(((const struct target_parameters *)a)->target,
                  ((const struct target_parameters *)b)->target);
}

const struct parameters *own_parameters(const struct session *session, const char *target)
{
    const struct target_parameters wanted = {.target = (char *)(uintptr_t)target};
    const struct target_parameters *own = session->own_count
                                              ? bsearch(&wanted, session->owns, session->own_count,
                                                        sizeof(*session->owns), compare_targets)
                                              : NULL;

    return own ? own->sets : NULL;
}

/* Those of one target mostly come one after the other. */
static struct parameters *find_unsorted(struct session *session, const char *target)
{
    for (size_t i = session->own_count; i-- > 0;)
        if (strcmp(session->owns[i].target, target) == 0)
            return session->owns[i].sets;
    return NULL;
}

struct parameters *own_parameters_make(struct session *session, const char *target)
{
    struct parameters *sets = find_unsorted(session, target);

    if (sets)
        return sets;
    sets = memory_new(session->checklist_count, sizeof(*sets));
    for (size_t i = 0; i < session->checklist_count; i++)
        parameters_copy(&sets[i], &session->parameters[i]);
    *array_push(session->owns, session->own_count) =
        (struct target_parameters){memory_copy_text(target), sets};
    return sets;
}

void own_parameters_sort(struct session *session)
{
    if (session->own_count > 1)
        qsort(session->owns, session->own_count, sizeof(*session->owns), compare_targets);
}

void own_parameters_release(struct session *session)
{
    for (size_t i = 0; i < session->own_count; i++) {
        for (size_t c = 0; c < session->checklist_count; c++)
            parameters_release(&session->owns[i].sets[c]);
        free(session->owns[i].sets);
        free(session->owns[i].target);
    }
    free(session->owns);
}
