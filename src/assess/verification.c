/* SPDX-License-Identifier: Apache-2.0 */
/* Whether the session's own file verifies: at once, or by a process of its own, while the reviewer
 * already works. */
#include "assess/signoff.h"

#include "base/json.h"
#include "base/path.h"
#include "base/process.h"
#include "beside.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <unistd.h>

struct verifier {
    struct beside *process;
    int64_t count; /* of the review's changes when it was started */
};

char *session_heads_folder(void)
{
    AUTO_FREE char *state = NULL;

    return path_state_folder(&state, NULL) ? path_join(state, "heads") : NULL;
}

static void keep(struct session *session, enum verify_answer answer, const char *problem,
                 int64_t count)
{
    free(session->verified_problem);
    session->verified_problem = problem ? memory_copy_text(problem) : NULL;
    session->verified_answer = (int)answer;
    session->verified_count = count;
}

static int64_t count_now(const struct session *session)
{
    return review_change_count(session->review) + 1;
}

enum verify_answer session_verify(struct session *session, const char **ret_problem)
{
    int64_t count = count_now(session);

    if (session->verified_count != count) {
        AUTO_FREE char *heads = session_heads_folder();
        struct verify_report report;
        review_verify(review_path(session->review), heads, &report);
        keep(session, report.answer, report.problems.count ? report.problems.items[0] : NULL,
             count);
        verify_report_release(&report);
    }
    *ret_problem = session->verified_problem ? session->verified_problem : "";
    return (enum verify_answer)session->verified_answer;
}

/* --- by a process of its own --- */

void verification_stop(struct session *session)
{
    struct verifier *verifier = take(&session->verifier);

    if (!verifier)
        return;
    beside_free(verifier->process);
    free(verifier);
}

static bool parse_answer(const struct buffer *output, enum verify_answer *ret_answer,
                         char **ret_problem)
{
    AUTO_JSON json_t *report = NULL;
    const char *text;

    if (!json_parse(buffer_text(output), output->length, &report, NULL))
        return false;
    text = json_member_text(report, "answer", "");
    for (int answer = VERIFY_COMPLETE; answer <= VERIFY_CANNOT; answer++) {
        if (strcmp(verify_answer_text((enum verify_answer)answer), text) != 0)
            continue;
        *ret_answer = (enum verify_answer)answer;
        *ret_problem = memory_copy_text(
            json_string_value(json_array_get(json_object_get(report, "problems"), 0)));
        return true;
    }
    return false;
}

/* What was written meanwhile is not in the answer, which then holds for the file as it was. */
static void conclude_verification(void *context, const struct buffer *output)
{
    struct session *session = context;
    int64_t count = session->verifier->count;
    enum verify_answer answer = VERIFY_CANNOT;
    AUTO_FREE char *problem = NULL;
    bool is_known = parse_answer(output, &answer, &problem);

    verification_stop(session);
    if (!is_known)
        problem = memory_copy_text("the process that verifies it ended without an answer");
    else if (count == count_now(session))
        keep(session, answer, problem, count);
    if (session->events.verified)
        session->events.verified(session->events.context, answer, problem ? problem : "");
}

bool session_verify_start(struct session *session, const char *program, struct error *error)
{
    const char *const arguments[] = {
        program, "verify", "--json", "--", review_path(session->review), NULL};
    const struct process_options options = {.arguments = arguments, .new_session = true};
    int fds[2];
    pid_t pid;
    bool good;

    verification_stop(session);
    if (pipe2(fds, O_CLOEXEC) != 0)
        return error_set(error, ERROR_IO, "cannot verify the file: %s", strerror(errno));
    good = process_spawn(&options, (const int[3]){-1, fds[1], -1}, &pid, error);
    close(fds[1]);
    if (!good) {
        close(fds[0]);
        return error_prefix(error, "cannot verify the file");
    }
    session->verifier = memory_new(1, sizeof(*session->verifier));
    *session->verifier = (struct verifier){
        .process = beside_new(session->loop, pid, fds[0], conclude_verification, session),
        .count = count_now(session)};
    return true;
}
