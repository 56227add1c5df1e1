/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/signoff.h"

#include "assess/access.h"
#include "base/clock.h"
#include "state.h"

#include <string.h>

void preflight_release(struct preflight *preflight)
{
    for (size_t i = 0; i < preflight->point_count; i++)
        free(preflight->points[i].text);
    free(preflight->points);
    *preflight = (struct preflight){0};
}

/* TEXT is stolen. A count of 0 makes the good form of a point. */
static void add_point(struct preflight *preflight, enum preflight_level level, size_t count,
                      char *text)
{
    *array_push(preflight->points, preflight->point_count) =
        (struct preflight_point){.level = level, .text = text, .count = count};
    preflight->problem_count += level == PREFLIGHT_PROBLEM;
    preflight->warning_count += level == PREFLIGHT_WARNING;
}

/* One point about a number of items: bad when there are any. */
static void add_count(struct preflight *preflight, enum preflight_level level, size_t count,
                      const char *bad, const char *good)
{
    if (count)
        add_point(preflight, level, count,
                  memory_format("%zu %s %s", count, count == 1 ? "item" : "items", bad));
    else if (good)
        add_point(preflight, PREFLIGHT_OK, 0, memory_copy_text(good));
}

static size_t count_without_evidence(const struct session *session)
{
    size_t item_count, count = 0;
    const struct item *items = session_items(session, &item_count);

    for (size_t i = 0; i < item_count; i++)
        count += items[i].check->probe_count > 0 && items[i].row->evidence_count == 0 &&
                 items[i].row->attachment_count == 0 && items[i].verdict == VERDICT_PASS;
    return count;
}

static size_t count_passed_though_blocked(const struct session *session)
{
    size_t item_count, count = 0;
    const struct item *items = session_items(session, &item_count);

    for (size_t i = 0; i < item_count; i++)
        count += items[i].suggestion == SUGGESTION_BLOCKED && items[i].verdict == VERDICT_PASS;
    return count;
}

static size_t count_unanswered(const struct session *session)
{
    size_t item_count, count = 0;
    const struct item *items = session_items(session, &item_count);

    for (size_t i = 0; i < item_count; i++)
        count += items[i].verdict != VERDICT_NOT_APPLICABLE &&
                 (size_t)items[i].row->answer_count < items[i].check->question_count;
    return count;
}

static bool add_runs(struct session *session, struct preflight *preflight, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(run_row_list) struct run_row_list runs = {0};
    size_t target_count;
    const struct session_target *targets = session_targets(session, &target_count);

    if (!review_query_runs(session_review(session), &all, &runs, error))
        return false;
    for (size_t t = 0; t < target_count; t++) {
        const struct run_row *last = NULL;
        if (targets[t].state != TARGET_IDLE)
            continue;
        for (size_t i = 0; i < runs.count; i++)
            if (strcmp(runs.items[i].target, targets[t].name) == 0)
                last = &runs.items[i];
        if (!last)
            add_point(preflight, PREFLIGHT_WARNING, 1,
                      memory_format("no probes were run on %s", targets[t].name));
        else if (strcmp(last->state, "finished") != 0)
            add_point(preflight, PREFLIGHT_WARNING, 1,
                      memory_format("the last run on %s did not finish: %s", targets[t].name,
                                    *last->detail ? last->detail : last->state));
    }
    return true;
}

enum { DATE_BYTES = 10, SOON_DAYS = 14 };
#define DAY_MS ((int64_t)24 * 3600 * 1000)

/* Is the day DATE over at TIME_MS? */
static bool is_over(const char *date, int64_t time_ms)
{
    char today[CLOCK_TEXT_BYTES];

    clock_format_utc(time_ms, today);
    return *date && strncmp(date, today, DATE_BYTES) < 0;
}

static bool is_accepted(const struct exception_row_list *exceptions, const struct finding_row *row)
{
    for (size_t i = 0; i < exceptions->count; i++)
        if (exception_covers(&exceptions->items[i], row->check, row->target) &&
            exception_standing(&exceptions->items[i], clock_wall_ms()) == EXCEPTION_IN_FORCE)
            return true;
    return false;
}

static bool add_findings(struct session *session, struct preflight *preflight,
                         const struct exception_row_list *exceptions, struct error *error)
{
    AUTO_RELEASE(finding_row_list) struct finding_row_list rows = {0};
    size_t overdue = 0;

    if (!review_query_findings(session->review, NULL, &rows, error))
        return false;
    for (size_t i = 0; i < rows.count; i++)
        overdue += strcmp(rows.items[i].state, "closed") != 0 &&
                   is_over(rows.items[i].due, clock_wall_ms()) &&
                   !is_accepted(exceptions, &rows.items[i]);
    if (overdue)
        add_point(preflight, PREFLIGHT_WARNING, overdue,
                  memory_format("%zu %s overdue: the day until which %s to be mended is over",
                                overdue, overdue == 1 ? "finding is" : "findings are",
                                overdue == 1 ? "it had" : "they had"));
    return true;
}

static bool add_exceptions(struct session *session, struct preflight *preflight,
                           struct error *error)
{
    AUTO_RELEASE(exception_row_list) struct exception_row_list rows = {0};
    size_t in_force = 0, expired = 0, soon = 0;

    if (!review_query_exceptions(session->review, NULL, &rows, error))
        return false;
    for (size_t i = 0; i < rows.count; i++) {
        enum exception_standing standing = exception_standing(&rows.items[i], clock_wall_ms());
        in_force += standing == EXCEPTION_IN_FORCE;
        expired += standing == EXCEPTION_EXPIRED;
        soon += standing == EXCEPTION_IN_FORCE &&
                is_over(rows.items[i].until, clock_wall_ms() + SOON_DAYS * DAY_MS);
    }
    if (expired)
        add_point(preflight, PREFLIGHT_WARNING, expired,
                  memory_format("%zu %s expired: what %s covered counts again", expired,
                                expired == 1 ? "exception has" : "exceptions have",
                                expired == 1 ? "it" : "they"));
    if (soon)
        add_point(preflight, PREFLIGHT_WARNING, soon,
                  memory_format("%zu accepted %s within %d days", soon,
                                soon == 1 ? "risk expires" : "risks expire", SOON_DAYS));
    if (in_force)
        add_point(preflight, PREFLIGHT_OK, in_force,
                  memory_format("%zu accepted %s, shown apart in reports", in_force,
                                in_force == 1 ? "risk" : "risks"));
    return add_findings(session, preflight, &rows, error);
}

/* The lines of the access matrices, where a checklist asks for the walk. */
static bool add_access(struct session *session, struct preflight *preflight, struct error *error)
{
    struct access_totals totals;

    if (!session_asks_for_access(session))
        return true;
    if (!session_count_access(session, &totals, error))
        return false;
    if (totals.unseen)
        add_point(preflight, PREFLIGHT_WARNING, totals.unseen,
                  memory_format("the accounts of %zu %s were not seen: there is no access matrix",
                                totals.unseen, totals.unseen == 1 ? "target" : "targets"));
    if (totals.questioned)
        add_point(preflight, PREFLIGHT_WARNING, totals.questioned,
                  memory_format("%zu %s questioned in the access matrix", totals.questioned,
                                totals.questioned == 1 ? "account is" : "accounts are"));
    if (totals.unwalked)
        add_point(preflight, PREFLIGHT_WARNING, totals.unwalked,
                  memory_format("%zu %s still to be walked in the access matrix", totals.unwalked,
                                totals.unwalked == 1 ? "account is" : "accounts are"));
    if (totals.lines && !totals.questioned && !totals.unwalked)
        add_point(
            preflight, PREFLIGHT_OK, 0,
            memory_format("each of %zu accounts in the access matrix is approved", totals.lines));
    return true;
}

/* Damage stays until the file is replaced; that all is well holds for the state that was looked at.
 */
static void add_verification(const struct session *session, struct preflight *preflight)
{
    enum verify_answer answer = (enum verify_answer)session->verified_answer;

    if (!session->verified_count)
        return;
    if (answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT)
        add_point(preflight, PREFLIGHT_PROBLEM, 1,
                  memory_format("the file does not verify: %s", session->verified_problem));
    else if (session->verified_count == review_change_count(session->review) + 1)
        add_point(preflight, PREFLIGHT_OK, 0,
                  memory_copy_text("the file verifies: all entries and blobs were recomputed"));
}

bool session_preflight(struct session *session, struct preflight *ret_preflight,
                       struct error *error)
{
    struct item_counts counts = session_count(session, NULL, NULL);
    struct preflight preflight = {0};

    add_count(&preflight, PREFLIGHT_PROBLEM, counts.open, "not decided yet",
              "every item is decided");
    add_count(&preflight, PREFLIGHT_PROBLEM, counts.disputed,
              "disputed: two reviewers decided differently", "no item is disputed");
    add_count(&preflight, PREFLIGHT_WARNING, counts.stale,
              "with newer evidence that suggests something else than when it was decided",
              "no decision is stale");
    add_count(&preflight, PREFLIGHT_WARNING, count_passed_though_blocked(session),
              "passed although its probes were blocked", NULL);
    add_count(&preflight, PREFLIGHT_WARNING, count_without_evidence(session),
              "passed without any evidence", NULL);
    add_count(&preflight, PREFLIGHT_WARNING, count_unanswered(session), "with unanswered questions",
              "every question is answered");
    add_count(&preflight, PREFLIGHT_WARNING, counts.against_suggestion,
              "decided against the suggestion, each with a reason", NULL);
    if (!add_access(session, &preflight, error) || !add_exceptions(session, &preflight, error)) {
        preflight_release(&preflight);
        return false;
    }
    add_verification(session, &preflight);
    if (session_lacks_known_entries(session))
        add_point(&preflight, PREFLIGHT_PROBLEM, 1,
                  memory_copy_text("entries are missing that you have seen in this review before"));
    if (session_running_count(session))
        add_point(&preflight, PREFLIGHT_PROBLEM, 1, memory_copy_text("probes are still running"));
    if (!add_runs(session, &preflight, error)) {
        preflight_release(&preflight);
        return false;
    }
    *ret_preflight = preflight;
    return true;
}
