/* SPDX-License-Identifier: Apache-2.0 */
#include "base/path.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "checklist/catalog.h"
#include "commands.h"
#include "output.h"

#include "assess/identity.h"

#include <string.h>
#include <unistd.h>

/* One thing that was looked at. */
struct finding {
    bool is_good, is_needed;
    const char *what;
    char *detail;
};

static struct finding look_for_program(const char *name, bool is_needed, const char *for_what)
{
    char *path = path_find_program(name);

    return (struct finding){.is_good = path != NULL,
                            .is_needed = is_needed,
                            .what = name,
                            .detail =
                                path ? path : memory_format("not found; needed %s", for_what)};
}

static struct finding look_for_worker(void)
{
    AUTO_FREE char *folder = path_program_folder();
    char *beside = path_join(folder ? folder : ".", "walkdown-worker");

    if (access(beside, X_OK) == 0)
        return (struct finding){true, true, "walkdown-worker", beside};
    free(beside);
    if (access(LIBEXEC_FOLDER "/walkdown-worker", X_OK) == 0)
        return (struct finding){true, true, "walkdown-worker",
                                memory_copy_text(LIBEXEC_FOLDER "/walkdown-worker")};
    return (struct finding){false, true, "walkdown-worker",
                            memory_copy_text("not found; without it no target can be probed")};
}

static struct finding look_at_checklists(void)
{
    struct catalog catalog = {0};
    struct finding finding = {.is_needed = true, .what = "checklists"};

    catalog_list(&catalog);
    finding.is_good = catalog.count > 0;
    finding.detail = memory_format("%zu at hand", catalog.count);
    catalog_release(&catalog);
    return finding;
}

static struct finding look_at_state(void)
{
    struct error error = {0};
    char *folder = NULL;
    bool ok = path_state_folder(&folder, &error);

    return (struct finding){ok, true, "state folder",
                            ok ? folder : memory_copy_text(error.message)};
}

static struct finding look_at_identity(void)
{
    struct author author = {0};
    struct error error = {0};
    struct finding finding = {.is_needed = true, .what = "you"};

    finding.is_good = identity_load(&author, &error);
    finding.detail = finding.is_good
                         ? memory_format("%s%s%s%s", author.name, *author.email ? " <" : "",
                                         author.email, *author.email ? ">" : "")
                         : memory_copy_text(error.message);
    if (finding.is_good)
        author_release(&author);
    return finding;
}

/* Old builds of libssh have known holes; the package name tells which build this is. */
static struct finding look_at_libssh(void)
{
    static const char *const arguments[] = {"dpkg-query", "-W",       "-f",
                                            "${Version}", "libssh-4", NULL};
    static const char *const compare[] = {"dpkg", "--compare-versions", NULL,
                                          "ge",   "0.10.6-0+deb12u3",   NULL};
    const struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct finding finding = {.what = "libssh", .is_good = true};

    if (!process_run(&options, &result, NULL) || result.exit_status != 0 || !result.output.length) {
        finding.detail =
            memory_copy_text("not from a Debian package: see to it that it is patched");
    } else {
        const char *words[LENGTH(compare)];
        struct process_result newer = {0};
        memcpy(words, compare, sizeof(compare));
        words[2] = buffer_text(&result.output);
        finding.is_good =
            process_run(&(struct process_options){.arguments = words}, &newer, NULL) &&
            newer.exit_status == 0;
        finding.detail = memory_format("%s%s", words[2],
                                       finding.is_good ? ""
                                                       : ": older than the security update "
                                                         "0.10.6-0+deb12u3");
        process_result_release(&newer);
    }
    process_result_release(&result);
    return finding;
}

static struct finding look_at_confinement(void)
{
    bool is_good = sandbox_can_hide_files();

    return (struct finding){
        is_good, false, "strangers' files",
        memory_copy_text(is_good ? "are read by a process that can read nothing else"
                                 : "are read by a process that can read other files too: the "
                                   "kernel has no Landlock")};
}

static struct finding look_at_terminal(void)
{
    const char *terminal = getenv("TERM");
    bool is_good = isatty(STDIN_FILENO) && isatty(STDOUT_FILENO) && terminal && *terminal;

    return (struct finding){
        is_good, false, "terminal",
        memory_copy_text(is_good ? terminal : "none here; the commands work without")};
}

static void print_finding(struct output *output, const struct finding *finding)
{
    if (finding->is_good)
        output_styled(output, STYLE_GOOD, "ok    ");
    else
        output_styled(output, finding->is_needed ? STYLE_BAD : STYLE_WARN,
                      finding->is_needed ? "BAD   " : "note  ");
    output_safe(output, finding->what, 18);
    output_safe(output, finding->detail, 0);
    output_add(output, "\n");
}

static int run(const struct arguments *arguments)
{
    struct finding findings[] = {
        look_for_worker(),
        look_at_checklists(),
        look_at_state(),
        look_at_identity(),
        look_at_libssh(),
        look_for_program("ssh", false, "to read ~/.ssh/config"),
        look_for_program("ssh-keygen", false, "to sign off and to check signatures"),
        look_at_confinement(),
        look_at_terminal(),
    };
    AUTO_RELEASE(output) struct output output;
    AUTO_JSON json_t *list = json_array();
    bool ok = true;

    output_init(&output, arguments);
    for (size_t i = 0; i < LENGTH(findings); i++) {
        ok = ok && (findings[i].is_good || !findings[i].is_needed);
        print_finding(&output, &findings[i]);
        json_array_append_new(list,
                              json_pack("{s:s, s:b, s:b, s:o}", "what", findings[i].what, "good",
                                        findings[i].is_good, "needed", findings[i].is_needed,
                                        "detail", json_text(findings[i].detail)));
        free(findings[i].detail);
    }
    if (arguments->json)
        output_json(json_incref(list));
    else
        output_write(&output);
    return ok ? EXIT_DONE : EXIT_NO;
}

const struct command command_doctor = {
    .name = "doctor",
    .words = "",
    .summary = "look at what walkdown needs on this machine",
    .run = run,
};
