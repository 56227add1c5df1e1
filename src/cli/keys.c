/* SPDX-License-Identifier: Apache-2.0 */
#include "commands.h"
#include "output.h"

#include "tui/tui.h"

static int run(const struct arguments *arguments)
{
    AUTO_RELEASE(output) struct output output;

    output_init(&output, arguments);
    tui_print_keys(NULL, &output.text);
    if (arguments->json)
        return output_json(json_pack("{s:o}", "text", json_text(buffer_text(&output.text))));
    return output_write(&output);
}

const struct command command_keys = {
    .name = "keys",
    .words = "",
    .summary = "list the keys of the terminal UI",
    .run = run,
};
