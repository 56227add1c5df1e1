/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"
#include "base/process.h"
#include "commands.h"
#include "output.h"

#include "tui/tui.h"

#include <locale.h>
#include <string.h>
#include <unistd.h>

static const struct command *const commands[] = {
#define X(name) &command_##name,
    COMMANDS(X)
#undef X
};

static const struct command *find_command(const char *name)
{
    for (size_t i = 0; i < LENGTH(commands); i++)
        if (strcmp(commands[i]->name, name) == 0)
            return commands[i];
    return NULL;
}

static const struct option_spec ui_options[] = {
    FLAG(0, "read-only", read_only, "open the review without changing it"),
    VALUE(0, "keys", "FILE", config, "key bindings instead of those in the config folder"),
    {0},
};

/* The UI is what runs without a command's name. */
static int run_ui(const struct arguments *arguments)
{
    const struct tui_options options = {.read_only = arguments->read_only,
                                        .keys_path = arguments->config,
                                        .program_path = "/proc/self/exe"};
    const char *path = arguments->word_count ? arguments->words[0] : NULL;
    struct error error = {0};

    if (tui_run(path, &options, &error))
        return EXIT_DONE;
    return error.code == ERROR_UNSUPPORTED || !path
               ? output_error(&error, path)
               : (output_error(&error, path), EXIT_REVIEW_FILE);
}

static const struct command command_ui = {
    .name = "walkdown",
    .words = "FILE",
    .words_max = 1,
    .options = ui_options,
    .run = run_ui,
};

static int print_help(const struct command *command)
{
    AUTO_RELEASE(output) struct output output = {0};

    arguments_help(command, &output.text);
    return output_write(&output);
}

static int print_overview(void)
{
    AUTO_RELEASE(output) struct output output = {0};

    output_add(&output,
               "Usage: walkdown [--read-only] [FILE]      open the terminal UI\n"
               "       walkdown COMMAND [OPTIONS] ...      do one thing and end\n\n"
               "walkdown walks you through a checklist against isolated environments: it\n"
               "gathers evidence with read-only probes, suggests verdicts, and records what\n"
               "you decide in one review file that can be exported and signed off.\n\n"
               "Commands:\n");
    for (size_t i = 0; i < LENGTH(commands); i++)
        output_add(&output, "  %-12s%s\n", commands[i]->name, commands[i]->summary);
    output_add(&output, "\n'walkdown help COMMAND' tells more; so does the manual, walkdown(1).\n");
    return output_write(&output);
}

static int print_version(void)
{
    AUTO_RELEASE(output) struct output output = {0};

    output_add(&output, "walkdown " PACKAGE_VERSION "\n");
    return output_write(&output);
}

static int help(int count, char *const *words)
{
    const struct command *command = count ? find_command(words[0]) : NULL;
    struct error error = {0};

    if (!count)
        return print_overview();
    if (command)
        return print_help(command);
    error_set(&error, ERROR_USAGE, "there is no command '%s'", words[0]);
    error_hint(&error, "'walkdown help' lists them");
    return output_error(&error, NULL);
}

static int run_command(const struct command *command, int count, char *const *words)
{
    struct arguments arguments;
    struct error error = {0};
    int status;

    if (!arguments_parse(command, count, words, &arguments, &error))
        return output_error(&error, command == &command_ui ? NULL : command->name);
    status = arguments.help ? command == &command_ui ? print_overview() : print_help(command)
                            : command->run(&arguments);
    arguments_release(&arguments);
    return status;
}

int main(int argc, char *argv[])
{
    const struct command *command = argc > 1 ? find_command(argv[1]) : NULL;
    int status;

    process_close_inherited();
    process_harden();
    setlocale(LC_CTYPE, ""); /* numbers are written and read alike everywhere */
    log_open_from_environment("walkdown");
    if (argc > 1 && strcmp(argv[1], "help") == 0)
        status = help(argc - 2, argv + 2);
    else if (argc > 1 && strcmp(argv[1], "--version") == 0)
        status = print_version();
    else if (command)
        status = run_command(command, argc - 2, argv + 2);
    else
        status = run_command(&command_ui, argc - 1, argv + 1);
    log_close();
    return status;
}
