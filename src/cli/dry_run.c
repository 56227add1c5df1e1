/* SPDX-License-Identifier: Apache-2.0 */
/*
 * The scripts of a run, byte for byte, into a file or a pipe; on a terminal without the bytes that
 * could steer it.
 */
#include "base/utf8.h"
#include "output.h"
#include "run.h"

#include <string.h>
#include <unistd.h>

static json_t *script_json(const struct session_target *target, const struct run_script *script)
{
    return json_pack("{s:o, s:o, s:b, s:I, s:o}", "target", json_text(target->name), "spec",
                     json_text(target->spec), "from_reviewer", script->from_reviewer, "commands",
                     (json_int_t)script->commands, "script", json_text(buffer_text(&script->text)));
}

static int print_json(const struct session_target *targets, const struct run_script_list *list)
{
    json_t *json = json_array();

    for (size_t i = 0; i < list->count; i++)
        json_array_append_new(json, script_json(&targets[list->items[i].target], &list->items[i]));
    return output_json(json);
}

static int print_text(const struct session_target *targets, const struct run_script_list *list)
{
    AUTO_RELEASE(output) struct output output = {0};
    bool is_safe = isatty(STDOUT_FILENO);

    for (size_t i = 0; i < list->count; i++) {
        const struct run_script *script = &list->items[i];
        const struct session_target *target = &targets[script->target];
        output_add(&output, "# ");
        output_safe(&output, target->name, 0);
        output_add(&output, " (");
        output_safe(&output, target->spec, 0);
        output_add(&output, "): %zu command%s for exec /bin/sh -s%s\n", script->commands,
                   script->commands == 1 ? "" : "s",
                   script->from_reviewer ? " on the reviewer's machine" : "");
        if (is_safe)
            safe_text_append(&output.text, script->text.data, script->text.length, SAFE_MANY_LINES);
        else
            buffer_append(&output.text, script->text.data, script->text.length);
    }
    return output_write(&output);
}

int dry_run(struct session *session, const struct run_request *request,
            const struct arguments *arguments)
{
    AUTO_RELEASE(run_script_list) struct run_script_list list = {0};
    AUTO_RELEASE(buffer) struct buffer suspects = {0};
    struct error error = {0};
    size_t count;
    const struct session_target *targets = session_targets(session, &count);

    if (!session_dry_run(session, request, &list, &error))
        return output_error(&error, "run");
    session_suspect_commands(session, request, &suspects);
    if (suspects.length)
        output_note("%s", buffer_text(&suspects));
    return arguments->json ? print_json(targets, &list) : print_text(targets, &list);
}
