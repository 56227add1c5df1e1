/* SPDX-License-Identifier: Apache-2.0 */
#include "wording.h"

#include <inttypes.h>

const char wording_testimony[] =
    "Evidence was gathered by asking the systems under review. A system that is under somebody "
    "else's control can answer whatever it likes: evidence from a hostile host is testimony, not "
    "proof.";

const char wording_scope[] =
    "An item is one check on one target. Only items that were decided and that no newer evidence "
    "contradicts count as passed or not applicable; whatever is open, blocked, disputed or stale "
    "is counted apart and is not good.";

const char wording_access_meaning[] =
    "One line for each account: what was seen of it, and what a reviewer said of that. What was "
    "not seen is unknown, which is not \"no\". An approval holds while the facts of its line stay "
    "as they were.";

const char wording_flows_meaning[] =
    "What each target was seen to reach, against what is expected. A flow counts as closed only "
    "when the tool that did not get through was seen to get through elsewhere; silence over UDP "
    "proves nothing.";

const char wording_map_meaning[] =
    "What each target shows of itself: on the left who may come in or is connected, on the right "
    "where it leads. What is only possible is dotted, and what leads to another target of this "
    "review is thick.";

const struct wording_step wording_verify[] = {
    {"This report was made from a review file. Ask for that file; walkdown checks every hash, "
     "every stored byte and every signature in it. The keys that you trust stand in your own "
     "allowed_signers file, never in the review.",
     "walkdown verify REVIEW.walk --allowed-signers allowed_signers"},
    {"The Merkle root names exactly the state that this report tells. Make the report again from "
     "the file and compare the root and the heads below.",
     "walkdown export REVIEW.walk -f html -o again.html"},
    {"Signatures can be checked without walkdown: export the review as a folder, which holds the "
     "signed texts, the signatures and all evidence, and follow its README.txt.",
     "ssh-keygen -Y verify -f allowed_signers -I IDENTITY -n walkdown-signoff -s 1.sig < 1.txt"},
    {"The id of a piece of evidence is the SHA-256 of a random salt and its bytes; the salt stands "
     "in the review file, which docs/review-file.md of walkdown describes.",
     NULL},
};
const size_t wording_verify_count = LENGTH(wording_verify);

const char *wording_time(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    char stamp[CLOCK_TEXT_BYTES];
    text[0] = '\0';
    if (wall_ms != 0 && strlen(clock_format_utc(wall_ms, stamp)) >= 16)
        snprintf(text, CLOCK_TEXT_BYTES, "%.10s %.5s UTC", stamp, stamp + 11);
    return text;
}

const char *wording_stamp(int64_t wall_ms, char text[CLOCK_TEXT_BYTES])
{
    text[0] = '\0';
    return wall_ms != 0 ? clock_format_utc(wall_ms, text) : text;
}

const char *wording_size(int64_t bytes, char text[CLOCK_TEXT_BYTES])
{
    static const char *const units[] = {"KiB", "MiB", "GiB", "TiB"};
    double value = (double)bytes / 1024;
    size_t unit = 0;
    while (value >= 1024 && unit + 1 < LENGTH(units)) {
        value /= 1024;
        unit++;
    }
    if (bytes < 1024)
        snprintf(text, CLOCK_TEXT_BYTES, "%" PRId64 " byte%s", bytes, bytes == 1 ? "" : "s");
    else
        snprintf(text, CLOCK_TEXT_BYTES, "%.1f %s", value, units[unit]);
    return text;
}

const char *wording_severity(size_t severity)
{
    static const char *const words[] = {"Info", "Low", "Medium", "High", "Critical", "Unrated"};
    return words[severity];
}

/* --- the review --- */

static size_t count_unsettled(const struct report_counts *counts)
{
    return counts->by_standing[STANDING_DISPUTED] + counts->by_standing[STANDING_STALE] +
           counts->by_standing[STANDING_BLOCKED] + counts->by_standing[STANDING_OPEN];
}

char *wording_headline(const struct report *report)
{
    size_t items = report->counts.items;
    size_t failed = report->counts.by_standing[STANDING_FAIL];
    size_t unsettled = count_unsettled(&report->counts);
    AUTO_FREE char *accepted =
        report->counts.accepted == 0
            ? memory_copy_text("")
            : memory_format("; the risk of %zu is accepted for now", report->counts.accepted);
    struct buffer text = {0};
    if (items == 0)
        buffer_append_text(&text, "This review has no items: nothing was looked at.");
    else if (failed == 0)
        buffer_append_text(&text,
                           unsettled == 0 ? "No item fails." : "No item is decided as failed.");
    else
        buffer_append_format(&text, "%zu of %zu items fail%s%s.", failed, items,
                             failed == 1 ? "s" : "", accepted);
    if (unsettled > 0)
        buffer_append_format(&text,
                             " The review is not complete: %zu of %zu items ha%s no verdict "
                             "that stands.",
                             unsettled, items, unsettled == 1 ? "s" : "ve");
    else if (items > 0)
        buffer_append_format(&text, " All %zu items have a verdict that stands.", items);
    return buffer_take(&text);
}

char *wording_signed(const struct report *report)
{
    if (report->signoff_count == 0)
        return memory_copy_text("Not signed off.");
    const struct signoff_row *newest = report->signoffs[report->signoff_count - 1].row;
    struct buffer text = {0};
    buffer_append_format(&text, "%zu sign-off%s recorded, the newest by %s as %s.",
                         report->signoff_count, report->signoff_count == 1 ? "" : "s",
                         newest->signer, newest->role);
    if (newest->entries_since > 0)
        buffer_append_format(&text, " Amended since: %" PRId64 " entr%s.", newest->entries_since,
                             newest->entries_since == 1 ? "y" : "ies");
    return buffer_take(&text);
}

/* --- an item --- */

char *wording_suggestion(const struct report_item *item)
{
    const char *suggestion = item->row->suggestion;
    const char *reason = item->row->suggestion_reason;
    if (*suggestion == '\0')
        suggestion = "none";
    return memory_format("%s%s%s", suggestion, *reason != '\0' ? ": " : "", reason);
}

char *wording_decided(const struct report_item *item)
{
    const struct item_row *row = item->row;
    char time[CLOCK_TEXT_BYTES];
    if (row->decision.seq == 0 || *row->verdict == '\0')
        return memory_copy_text("");
    if (item->standing == STANDING_DISPUTED)
        return memory_copy_text("disputed: the decisions below did not know of each other");
    return memory_format("%s by %s on %s", row->verdict, row->decided_by,
                         wording_time(row->decided_ms, time));
}

char *wording_decision(const struct decision_row *decision)
{
    char time[CLOCK_TEXT_BYTES];
    const char *fate = decision->is_retracted    ? " (taken back)"
                       : decision->is_superseded ? " (superseded)"
                                                 : "";
    return memory_format("%s by %s on %s%s", decision->verdict, decision->author,
                         wording_time(decision->time_ms, time), fate);
}

char *wording_exception(const struct exception_row *row, int64_t now_ms)
{
    static const char *const words[] = {
        [EXCEPTION_IN_FORCE] = "accepted until",
        [EXCEPTION_PENDING] = "accepted, not yet in force, until",
        [EXCEPTION_EXPIRED] = "acceptance expired on",
        [EXCEPTION_ENDED] = "acceptance ended before",
    };
    return memory_format("%s %s", words[exception_standing(row, now_ms)], row->until);
}

char *wording_noticed(const struct finding_row *row)
{
    return memory_format("%s%s%s", row->check, *row->check && *row->target ? " on " : "",
                         row->target);
}

/* --- evidence --- */

char *wording_provenance(const struct evidence_row *row)
{
    struct buffer text = {0};
    char value[CLOCK_TEXT_BYTES];
    if (row->as_root)
        buffer_append_text(&text, "as root, ");
    if (*vantage_words(row->from) != '\0')
        buffer_append_format(&text, "%s, ", vantage_words(row->from));
    if (strcmp(row->outcome, "done") != 0)
        buffer_append_format(&text, "%s%s%s, ", row->outcome, *row->detail != '\0' ? ": " : "",
                             row->detail);
    if (row->exit_status >= 0)
        buffer_append_format(&text, "exit %d, ", row->exit_status);
    buffer_append_format(&text, "%s, ", clock_format_duration(row->duration_ms, value));
    buffer_append_format(&text, "%s, by %s", wording_time(row->started_ms, value), row->author);
    if (*row->masked != '\0' && strcmp(row->masked, "[]") != 0)
        buffer_append_text(&text, ", secrets kept out");
    if (row->is_redacted)
        buffer_append_text(&text, ", redacted");
    if (row->noise_bytes > 0)
        buffer_append_format(&text, ", %" PRId64 " bytes of noise around it", row->noise_bytes);
    return buffer_take(&text);
}

char *wording_stream(const char *name, int64_t size_bytes, const struct report_excerpt *excerpt)
{
    char size[CLOCK_TEXT_BYTES];
    struct buffer text = {0};
    if (excerpt->state == EXCERPT_EMPTY)
        return NULL;
    buffer_append_format(&text, "%s: %s", name, wording_size(size_bytes, size));
    if (excerpt->state == EXCERPT_GONE)
        buffer_append_text(&text, ", not in the review file any more");
    else if (excerpt->state == EXCERPT_LEFT_OUT)
        buffer_append_text(&text, ", too large to be quoted here");
    else if (excerpt->line_count < excerpt->total_lines)
        buffer_append_format(&text, ", %zu of %zu lines shown", excerpt->line_count,
                             excerpt->total_lines);
    else
        buffer_append_format(&text, ", %zu line%s", excerpt->total_lines,
                             excerpt->total_lines == 1 ? "" : "s");
    return buffer_take(&text);
}

/* --- a check --- */

char *wording_references(const struct check *check)
{
    struct buffer text = {0};
    for (size_t i = 0; i < check->reference_count; i++) {
        AUTO_FREE char *numbers = strings_join(&check->references[i].numbers, ", ");
        buffer_append_format(&text, "%s%s %s", i > 0 ? "; " : "", check->references[i].framework,
                             numbers);
    }
    return buffer_take(&text);
}

const char *wording_question(const struct report_item *item, const char *id)
{
    for (size_t i = 0; item->check != NULL && i < item->check->question_count; i++)
        if (strcmp(item->check->questions[i].id, id) == 0)
            return item->check->questions[i].text;
    return id;
}

char *wording_key(const char *key)
{
    AUTO_RELEASE(buffer) struct buffer blob = {0};
    struct buffer text = {0};
    const char *body = strchr(key, ' ');
    if (body == NULL || !base64_decode(body + 1, strcspn(body + 1, " \n"), &blob) ||
        blob.length == 0)
        return memory_copy_text(key);
    struct digest digest = digest_of(blob.data, blob.length);
    buffer_append_text(&text, "SHA256:");
    base64_append(&text, digest.bytes, sizeof(digest.bytes));
    while (text.data[text.length - 1] == '=')
        text.data[--text.length] = '\0';
    return buffer_take(&text);
}

char *wording_access(const struct access_matrix *matrix)
{
    struct buffer text = {0};
    if (!matrix->is_gathered && matrix->count == 0)
        return memory_copy_text("The accounts were not seen.");
    buffer_append_format(&text, "%zu accounts:", matrix->count);
    const char *separator = " ";
    for (size_t i = 0; i < ACCESS_STATE_COUNT; i++) {
        if (matrix->by_state[i] == 0)
            continue;
        buffer_append_format(&text, "%s%zu %s", separator, matrix->by_state[i],
                             access_state_text((enum access_state)i));
        separator = ", ";
    }
    return buffer_take(&text);
}

char *wording_flows(const struct flow_matrix *matrix)
{
    struct buffer text = {0};
    size_t total = 0;
    for (int i = FLOW_VERDICT_NONE + 1; i < FLOW_VERDICT_COUNT; i++)
        total += matrix->counts[i];
    buffer_append_format(&text, "%zu flow%s:", total, total == 1 ? "" : "s");
    const char *separator = " ";
    for (int i = FLOW_VERDICT_COUNT - 1; i > FLOW_VERDICT_NONE; i--) {
        if (matrix->counts[i] == 0)
            continue;
        buffer_append_format(&text, "%s%zu %s", separator, matrix->counts[i],
                             flow_verdict_meaning((enum flow_verdict)i));
        separator = "; ";
    }
    return buffer_take(&text);
}

char *wording_things(const struct flow_map_target *target)
{
    struct buffer text = {0};
    if (!target->is_seen)
        return memory_copy_text("Nothing was seen.");
    for (int i = 0; i < FLOW_THING_COUNT; i++)
        if (target->by_thing[i] > 0)
            buffer_append_format(&text, "%s%s: %zu", text.length > 0 ? ", " : "",
                                 flow_thing_heading((enum flow_thing)i), target->by_thing[i]);
    if (target->left_out > 0)
        buffer_append_format(&text, "; left out: %zu", target->left_out);
    return text.length > 0 ? buffer_take(&text) : memory_copy_text("There is nothing.");
}

char *wording_map_row(const struct flow_map_row *row)
{
    struct buffer text = {0};
    bool has_process = *row->process != '\0' && row->thing != FLOW_THING_OUTBOUND;
    buffer_append_format(&text, "%s%s%s", has_process ? row->process : "", has_process ? "; " : "",
                         row->detail);
    if (row->count > 1)
        buffer_append_format(&text, "; %zu times", row->count);
    return buffer_take(&text);
}
