/* SPDX-License-Identifier: Apache-2.0 */
#include "export/format.h"

#include "csv.h"
#include "folder.h"
#include "html.h"
#include "markdown.h"
#include "report_json.h"

static const struct export_format formats[] = {
    {.name = "html",
     .extension = ".html",
     .title = "one self-contained, printable page",
     .write = html_write},
    {.name = "md",
     .extension = ".md",
     .title = "CommonMark without raw HTML",
     .write = markdown_write},
    {.name = "json",
     .extension = ".json",
     .title = "everything, for programs (docs/export-json.md)",
     .write = report_json_write},
    {.name = "csv",
     .extension = ".csv",
     .title = "one row an item, for spreadsheets (docs/export-csv.md)",
     .write = csv_write},
    {.name = "access-csv",
     .extension = ".access.csv",
     .title = "one row an account: the access matrix, for spreadsheets",
     .write = csv_write_access},
    {.name = "flows-csv",
     .extension = ".flows.csv",
     .title = "one row a flow: measured against expected, for spreadsheets",
     .write = csv_write_flows},
    {.name = "folder",
     .extension = "",
     .title = "all of these with the evidence, the signatures and their checksums",
     .is_folder = true,
     .write_folder = folder_write},
    {0},
};

const struct export_format *export_formats(void)
{
    return formats;
}

const struct export_format *export_format_find(const char *name)
{
    for (const struct export_format *format = formats; format->name != NULL; format++)
        if (strcmp(format->name, name) == 0)
            return format;
    return NULL;
}
