/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/salvage.h"

#include "assess/identity.h"
#include "reader.h"

bool assess_salvage(const char *damaged, const char *path, struct salvage_report *ret_report,
                    struct error *error)
{
    struct author author = {0};
    const struct salvaging salvaging = {.damaged = damaged, .path = path, .author = &author};
    bool ok = identity_load(&author, error) && reader_salvage(&salvaging, ret_report, error);

    author_release(&author);
    return ok;
}
