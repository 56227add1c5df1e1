/* SPDX-License-Identifier: Apache-2.0 */
#include "findings_view.h"

const struct finding_line *findings_selected(const struct findings *findings)
{
    int row = findings->list.selected;
    return row >= 0 && row < (int)findings->found.count ? &findings->found.lines[row] : NULL;
}

void findings_show_line(struct app *app, char *name)
{
    struct findings *findings = (struct findings *)app->tabs[TAB_FINDINGS];
    free(findings->wanted);
    findings->wanted = name;
    findings->is_stale = true;
}
