/* SPDX-License-Identifier: Apache-2.0 */
/* One check on one target, without a review, every expectation explained. */
#include "assess/trial.h"
#include "base/clock.h"
#include "commands.h"
#include "output.h"
#include "terminal_question.h"
#include "visiting.h"

#include <string.h>

#define SHOWN_LINES 200
#define SHOWN_BYTES 500 /* of a line */

struct trying {
    const struct arguments *arguments;
    struct loop *loop;
    struct trial *trial;
    struct visiting visiting;
};

static void cancel(void *work)
{
    trial_cancel(work);
}

/* --- text --- */

static const struct judge_line *find_line(const struct judgement *judgement, const char *probe,
                                          size_t line)
{
    for (size_t i = 0; i < judgement->line_count; i++)
        if (judgement->lines[i].stream == STREAM_STDOUT && judgement->lines[i].line == line &&
            strcmp(judgement->lines[i].probe, probe) == 0)
            return &judgement->lines[i];
    return NULL;
}

static void print_out(struct output *output, const struct trying *trying,
                      const struct trial_answer *answer)
{
    AUTO_RELEASE(strings) struct strings lines = {0};

    strings_split(&lines, buffer_text(answer->out), '\n');
    for (size_t i = 0; i < lines.count && i < SHOWN_LINES; i++) {
        const struct judge_line *mark =
            find_line(trial_judgement(trying->trial), answer->probe, i + 1);
        if (i + 1 == lines.count && !lines.items[i][0])
            break;
        output_add(output, "  %6zu%s ", i + 1, !mark ? "  " : mark->is_bad ? " !" : " >");
        output_safe(output, lines.items[i], strlen(lines.items[i]) > SHOWN_BYTES ? SHOWN_BYTES : 0);
        output_add(output, "\n");
    }
    if (lines.count > SHOWN_LINES)
        output_add(output, "         ... %zu more lines\n", lines.count - SHOWN_LINES);
}

static void print_answer(struct output *output, const struct trying *trying,
                         const struct trial_answer *answer)
{
    const char *from = vantage_words(vantage_text(answer->from));
    char duration[CLOCK_TEXT_BYTES];

    output_styled(output, STYLE_BOLD, "\nProbe ");
    output_safe(output, answer->probe, 0);
    output_add(output, "  %s", clock_format_duration(answer->duration_ms, duration));
    if (answer->exit_status >= 0)
        output_add(output, "  exit %d", answer->exit_status);
    output_add(output, "  ");
    output_safe(output, answer->outcome, 0);
    output_add(output, "%s%s%s\n", answer->as_root ? "  as root" : "", *from ? "  " : "", from);
    output_lines(output, answer->detail, 4);
    output_lines(output, answer->command, 4);
    print_out(output, trying, answer);
    if (answer->err->length) {
        output_styled(output, STYLE_DIM, "  stderr\n");
        output_lines(output, buffer_text(answer->err), 8);
    }
}

static const char *step_word(enum suggestion suggestion)
{
    return suggestion == SUGGESTION_PASS   ? "holds"
           : suggestion == SUGGESTION_FAIL ? "does not hold"
                                           : suggestion_text(suggestion);
}

static void print_explanation(struct output *output, const struct trial *trial)
{
    const struct judge_explanation *explanation = trial_explanation(trial);

    if (explanation->count)
        output_styled(output, STYLE_BOLD, "\nExpectations\n");
    for (size_t i = 0; i < explanation->count; i++) {
        const struct judge_step *step = &explanation->steps[i];
        int indent = 2 + 2 * (int)step->depth;
        output_add(output, "%*s", indent, "");
        output_styled(output, style_of_verdict(suggestion_text(step->suggestion)),
                      step_word(step->suggestion));
        output_add(output, "  ");
        output_safe(output, step->title, 0);
        output_add(output, "\n");
        output_lines(output, step->reason, indent + 2);
    }
}

static void print_questions(struct output *output, const struct check *check)
{
    if (check->question_count)
        output_styled(output, STYLE_BOLD, "\nQuestions to the reviewer\n");
    for (size_t i = 0; i < check->question_count; i++)
        output_lines(output, check->questions[i].text, 2);
}

static int print_text(const struct trying *trying, const char *recorded)
{
    const struct check *check = trial_check(trying->trial);
    const struct judgement *judgement = trial_judgement(trying->trial);
    AUTO_RELEASE(output) struct output output;

    output_init(&output, trying->arguments);
    output_styled(&output, STYLE_BOLD, check->id);
    output_add(&output, "  %s  %s\n", severity_text(check->severity), method_text(check->method));
    output_safe(&output, check->title, 0);
    output_add(&output, "\n");
    for (size_t i = 0; i < trial_answer_count(trying->trial); i++) {
        const struct trial_answer answer = trial_answer_at(trying->trial, i);
        print_answer(&output, trying, &answer);
    }
    print_explanation(&output, trying->trial);
    print_questions(&output, check);
    output_add(&output, "\nSuggests ");
    output_styled(&output, style_of_verdict(suggestion_text(judgement->suggestion)),
                  suggestion_text(judgement->suggestion));
    output_add(&output, ": ");
    output_safe(&output, judgement->reason, 0);
    output_add(&output, "\n");
    if (recorded) {
        output_add(&output, "Recorded in ");
        output_safe(&output, recorded, 0);
        output_add(&output, "\n");
    }
    return output_write(&output);
}

/* --- JSON --- */

static json_t *answer_json(const struct trial_answer *answer)
{
    return json_pack("{s:o, s:o, s:b, s:s, s:s, s:o, s:i, s:I, s:o, s:o}", "probe",
                     json_text(answer->probe), "command", json_text(answer->command), "as_root",
                     answer->as_root, "from", vantage_text(answer->from), "outcome",
                     answer->outcome, "detail", json_text(answer->detail), "exit",
                     answer->exit_status, "duration_ms", (json_int_t)answer->duration_ms, "stdout",
                     json_text_length(buffer_text(answer->out), answer->out->length), "stderr",
                     json_text_length(buffer_text(answer->err), answer->err->length));
}

static int print_json(const struct trying *trying, const char *recorded)
{
    const struct judgement *judgement = trial_judgement(trying->trial);
    const struct judge_explanation *explanation = trial_explanation(trying->trial);
    json_t *answers = json_array(), *steps = json_array();

    for (size_t i = 0; i < trial_answer_count(trying->trial); i++) {
        const struct trial_answer answer = trial_answer_at(trying->trial, i);
        json_array_append_new(answers, answer_json(&answer));
    }
    for (size_t i = 0; i < explanation->count; i++) {
        const struct judge_step *step = &explanation->steps[i];
        json_array_append_new(
            steps, json_pack("{s:I, s:o, s:s, s:o}", "depth", (json_int_t)step->depth,
                             "expectation", json_text(step->title), "result",
                             suggestion_text(step->suggestion), "reason", json_text(step->reason)));
    }
    return output_json(json_pack("{s:o, s:s, s:o, s:o, s:o, s:o}", "check",
                                 json_text(trial_check(trying->trial)->id), "suggestion",
                                 suggestion_text(judgement->suggestion), "reason",
                                 json_text(judgement->reason), "probes", answers, "expectations",
                                 steps, "recorded", recorded ? json_text(recorded) : json_null()));
}

/* --- the command --- */

static bool check_consent(const struct trying *trying, bool consent_read, struct error *error)
{
    if (consent_read || trial_is_bundled(trying->trial))
        return true;
    error_set(error, ERROR_DENIED,
              "this checklist did not come with walkdown, and nobody "
              "consented to run its commands");
    return error_hint(error, "read them with --dry-run, then give --consent read");
}

static int fail(const struct trying *trying, const struct error *error)
{
    int status = output_error(error, trying->arguments->words[0]);

    visiting_tell_refused(&trying->visiting);
    return status;
}

static int show(const struct trying *trying)
{
    AUTO_FREE char *recorded = NULL;
    struct error error = {0};

    if (trying->arguments->record &&
        !trial_record(trying->trial, trying->arguments->record, &recorded, &error))
        return fail(trying, &error);
    return trying->arguments->json ? print_json(trying, recorded) : print_text(trying, recorded);
}

static int try_it(struct trying *trying, bool consent_read)
{
    struct visiting *visiting = &trying->visiting;
    const struct visit_events events = visiting_events(visiting);
    AUTO_RELEASE(output) struct output output = {0};
    struct error error = {0};

    if (trying->arguments->dry_run) {
        trial_print_commands(trying->trial, &output.text);
        return output_write(&output);
    }
    *visiting = (struct visiting){.loop = trying->loop,
                                  .accept_hostkey = trying->arguments->accept_hostkey,
                                  .purpose = "go on this once",
                                  .cancel = cancel,
                                  .work = trying->trial};
    if (!check_consent(trying, consent_read, &error) || !visiting_catch_signals(visiting, &error) ||
        !trial_run(trying->trial, trying->loop, &events, &error))
        return fail(trying, &error);
    return visiting->is_cancelled ? EXIT_NO : show(trying);
}

static bool read_request(const struct arguments *arguments, struct trial_request *request,
                         bool *ret_consent_read, struct error *error)
{
    if (arguments->checklists.count != 1 || arguments->targets.count > 1) {
        error_set(error, ERROR_USAGE, "one checklist and at most one target are needed");
        return error_hint(error, "walkdown try CHECK -c CHECKLIST -t TARGET");
    }
    *request = (struct trial_request){
        .checklist = arguments->checklists.items[0],
        .check = arguments->words[0],
        .target = arguments->targets.count ? arguments->targets.items[0] : "local",
        .parameters = &arguments->parameters,
        .allow_password = arguments->allow_password};
    return consent_parse(arguments->consent, ret_consent_read, &request->consent_active, error);
}

static int run(const struct arguments *arguments)
{
    AUTO(loop) struct loop *loop = loop_new();
    AUTO(trial) struct trial *trial = NULL;
    struct trying trying = {.arguments = arguments, .loop = loop};
    struct trial_request request;
    struct error error = {0};
    bool consent_read = false;
    int status;

    if (!read_request(arguments, &request, &consent_read, &error) ||
        !trial_open(&request, &trial, &error))
        return output_error(&error, arguments->words[0]);
    trying.trial = trial;
    status = try_it(&trying, consent_read);
    visiting_release(&trying.visiting);
    return status;
}

static const struct option_spec options[] = {
    LIST('c', "checklist", "CHECKLIST", checklists, "the checklist that holds the check"),
    LIST('t', "target", "TARGET", targets, "where to try it; default: local"),
    LIST(0, "param", "ID=VALUE", parameters, "a parameter of the checklist; a list as a,b,c"),
    VALUE(0, "record", "SUGGESTION", record,
          "keep what came back as a fixture, if it leads to pass, fail, blocked ..."),
    VALUE(0, "consent", "CLASSES", consent, "consent to commands: read, active or read,active"),
    VALUE(0, "accept-hostkey", "SHA256:...", accept_hostkey, "host key to accept this once"),
    FLAG(0, "password", allow_password, "ask for a password when all keys are refused"),
    FLAG(0, "dry-run", dry_run, "print the exact commands and run nothing"),
    {0},
};

const struct command command_try = {
    .name = "try",
    .words = "CHECK",
    .words_min = 1,
    .words_max = 1,
    .summary = "run one check without a review and explain it",
    .details = "For authors: shows what the probes said and what each expectation makes of it.\n"
               "Nothing is kept, unless --record adds it to the checklist's fixtures.",
    .options = options,
    .run = run,
};
