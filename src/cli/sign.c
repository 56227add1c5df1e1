/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/signoff.h"
#include "commands.h"
#include "opening.h"

static int print_manifest(struct session *session, const struct signing *signing)
{
    AUTO_FREE char *text = NULL;
    AUTO_RELEASE(output) struct output output = {0};
    struct error error = {0};

    if (!session_manifest(session, signing, &text, &error))
        return output_error(&error, "sign");
    output_lines(&output, text, 0);
    return output_write(&output);
}

/* The text that would be signed, and what stands in the way of it. */
static int check(const struct arguments *arguments, struct session *session,
                 const struct signing *signing)
{
    AUTO_FREE char *text = NULL;
    AUTO_RELEASE(output) struct output output;
    struct error error = {0}, refusal = {0};
    bool is_fine = session_check_sign(session, signing, &refusal);

    output_init(&output, arguments);
    if (!session_manifest(session, signing, &text, &error))
        return output_error(&error, "sign");
    if (arguments->json) {
        output_json(json_pack("{s:b, s:o, s:o}", "ok", is_fine, "problem",
                              json_text(is_fine ? "" : refusal.message), "text", json_text(text)));
        return is_fine ? EXIT_DONE : EXIT_NO;
    }
    output_lines(&output, text, 0);
    output_write(&output);
    return is_fine ? EXIT_DONE : output_error(&refusal, "sign");
}

static int run(const struct arguments *arguments)
{
    AUTO(session) struct session *session = NULL;
    const struct signing signing = {.key = arguments->identity,
                                    .role = arguments->role ? arguments->role : "reviewer",
                                    .statement = arguments->statement,
                                    .despite_problems = arguments->despite_problems};
    struct error error = {0};
    int status;

    if (!open_review(arguments, arguments->print_text || arguments->check_only, &session, &status))
        return status;
    if (arguments->check_only)
        return check(arguments, session, &signing);
    if (arguments->print_text)
        return print_manifest(session, &signing);
    if (!session_sign(session, &signing, &error))
        return output_error(&error, "sign");
    return report_done(arguments, json_pack("{s:s}", "role", signing.role), "signed as %s",
                       signing.role);
}

static const struct option_spec options[] = {
    VALUE('i', "identity", "KEY", identity, "a private key file, or the agent key's .pub"),
    VALUE(0, "role", "ROLE", role, "reviewer (default) or approver"),
    VALUE(0, "statement", "TEXT", statement, "a sentence of yours in the signed text"),
    FLAG(0, "despite-problems", despite_problems, "sign although items are open or disputed"),
    FLAG(0, "check", check_only, "sign nothing: print the text and what stands in the way"),
    FLAG(0, "print", print_text, "only print the text that would be signed"),
    {0},
};

const struct command command_sign = {
    .name = "sign",
    .words = "FILE",
    .words_min = 1,
    .words_max = 1,
    .summary = "sign a review off with an SSH key",
    .details =
        "Signs a readable text that names every author's newest entry, with ssh-keygen -Y\n"
        "sign. Refused while items are open or disputed, unless told otherwise; and where the\n"
        "policy asks for different keys, for a key that signed in another role. An approver\n"
        "signs what a reviewer has signed.",
    .options = options,
    .run = run,
};
