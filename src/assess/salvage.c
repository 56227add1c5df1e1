/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/salvage.h"

#include "assess/identity.h"

bool assess_salvage(const char *damaged, const char *path, struct salvage_report *ret_report,
                    struct error *error)
{
    struct author author = {0};
    bool ok =
        identity_load(&author, error) && review_salvage(damaged, path, &author, ret_report, error);

    author_release(&author);
    return ok;
}
