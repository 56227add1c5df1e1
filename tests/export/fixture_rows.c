/* SPDX-License-Identifier: Apache-2.0 */
/* The lists of review/query.h. */
#include "base/json.h"
#include "base/utf8.h"
#include "fixture_review.h"
#include "review/way.h"
#include "support/testing.h"

FIXTURE_QUERY(author_row, authors, 2)

static void fill_author_row(struct review *review, size_t i, struct author_row *row)
{
    *row = (struct author_row){
        .id = i == 0 ? fixture_ada_id : fixture_grace_id,
        .name = fixture_text(review, i == 0 ? FIXTURE_ADA : FIXTURE_GRACE),
        .email = fixture_text(review, i == 0 ? "ada@example.org" : "grace@example.org"),
        .key = i == 0 ? fixture_text(review, FIXTURE_KEY) : fixture_word(""),
        .first_ms = fixture_time(i == 0 ? 0 : 11),
        .last_ms = fixture_time(i == 0 ? 45 : 38),
        .entry_count = i == 0 ? 41 : 16,
    };
}

static void release_author_row(struct author_row *row)
{
    free(row->name);
    free(row->email);
    free(row->key);
}

FIXTURE_QUERY(checklist_row, checklists, 1)

static void fill_checklist_row(struct review *review, size_t i, struct checklist_row *row)
{
    (void)i;
    *row = (struct checklist_row){
        .id = fixture_text(review, "isolated-environment"),
        .title = fixture_text(review, "Isolated environment baseline"),
        .version = fixture_text(review, "2026.1"),
        .digest = review->checklist,
        .blob = digest_of("checklist", 9),
    };
}

static void release_checklist_row(struct checklist_row *row)
{
    free(row->id);
    free(row->title);
    free(row->version);
}

FIXTURE_QUERY(area_row, areas, 5)

static void fill_area_row(struct review *review, size_t i, struct area_row *row)
{
    static const char *const ids[] = {"access", "configuration", "isolation", "monitoring", "data"};
    static const char *const titles[] = {"Access control", "Configuration", "Resource isolation",
                                         "Monitoring", "Data protection"};
    *row = (struct area_row){
        .checklist = fixture_text(review, "isolated-environment"),
        .id = fixture_text(review, ids[i]),
        .title = fixture_text(review, titles[i]),
    };
}

static void release_area_row(struct area_row *row)
{
    free(row->checklist);
    free(row->id);
    free(row->title);
}

FIXTURE_QUERY(parameter_row, parameters, 1)

static void fill_parameter_row(struct review *review, size_t i, struct parameter_row *row)
{
    (void)i;
    row->id = fixture_text(review, "admins");
    strings_push_take(&row->values, fixture_text(review, "root"));
    strings_push_take(&row->values, fixture_text(review, "ops"));
}

static void release_parameter_row(struct parameter_row *row)
{
    free(row->id);
    strings_release(&row->values);
}

FIXTURE_QUERY(target_row, targets, 2)

static void fill_target_row(struct review *review, size_t i, struct target_row *row)
{
    bool is_host = i == 0;
    *row = (struct target_row){
        .name = fixture_text(review, is_host ? "sandbox-7" : "agent"),
        .spec = fixture_text(review, is_host ? "ssh://audit@sandbox7"
                                             : "ssh://audit@sandbox7/docker:agent"),
        .key_type = is_host ? fixture_text(review, "ssh-ed25519") : fixture_word(""),
        .key_fingerprint = is_host ? fixture_text(review, FIXTURE_FINGERPRINT) : fixture_word(""),
        .key =
            is_host ? fixture_text(review, "AAAAC3NzaC1lZDI1NTE5AAAAICtVLaof") : fixture_word(""),
    };
}

static void release_target_row(struct target_row *row)
{
    free(row->name);
    free(row->spec);
    free(row->key_type);
    free(row->key_fingerprint);
    free(row->key);
}

FIXTURE_QUERY(jump_key_row, jump_keys, 2)

static void fill_jump_key_row(struct review *review, size_t i, struct jump_key_row *row)
{
    *row = (struct jump_key_row){
        .host = fixture_text(review, i == 0 ? "bastion" : "fd91:2::2"),
        .port = i == 0 ? 22 : 2222,
        .type = fixture_text(review, i == 0 ? "ssh-ed25519" : "ecdsa-sha2-nistp256"),
        .fingerprint = fixture_text(review, FIXTURE_FINGERPRINT),
        .key = fixture_text(review, "AAAAC3NzaC1lZDI1NTE5AAAAICtVLaof"),
    };
}

static void release_jump_key_row(struct jump_key_row *row)
{
    free(row->host);
    free(row->type);
    free(row->fingerprint);
    free(row->key);
}

FIXTURE_QUERY(item_row, items, review->is_empty ? 0 : fixture_item_count)

static void fill_item_row(struct review *review, size_t i, struct item_row *row)
{
    const struct fixture_item *item = &fixture_items[i];
    bool is_decided = item->verdict != NULL;
    *row = (struct item_row){
        .check = fixture_text(review, item->check),
        .target = fixture_text(review, item->target),
        .title = fixture_text(review, item->title),
        .area = fixture_text(review, item->area),
        .severity = fixture_word(item->severity),
        .suggestion = fixture_word(item->suggestion),
        .suggestion_reason = fixture_text(review, item->reason),
        .suggestion_lines = fixture_word(item->lines != NULL ? item->lines : "[]"),
        .run = item->suggestion != NULL ? fixture_text(review, "run-1") : fixture_word(""),
        .suggested_ms = item->suggestion != NULL ? fixture_time(item->is_stale ? 40 : 5) : 0,
        .verdict = fixture_word(item->verdict),
        .note = fixture_text(review, item->note),
        .because = fixture_text(review, item->because),
        .decided_by = is_decided ? fixture_text(review, item->by) : fixture_word(""),
        .decided_ms = is_decided ? fixture_time(10 + (int)i) : 0,
        .decision =
            is_decided ? fixture_entry(item->by, 20 + (int64_t)i) : (struct entry_id){.seq = 0},
        .suggestion_then = fixture_word(item->then),
        .is_stale = item->is_stale,
        .evidence_count = item->evidence,
        .comment_count = item->comments,
        .answer_count = item->answers,
        .attachment_count = item->attachments,
    };
    /* The marks name probes, whose names are hostile too. */
    if (review->hostile != NULL && item->lines != NULL) {
        AUTO_JSON json_t *lines = NULL;
        assert_true(json_parse(item->lines, strlen(item->lines), &lines, NULL));
        for (size_t j = 0; j < json_array_size(lines); j++) {
            json_t *line = json_array_get(lines, j);
            AUTO_FREE char *probe = fixture_text(review, json_member_text(line, "probe", ""));
            if (utf8_is_valid(probe, strlen(probe)))
                json_object_set_new(line, "probe", json_text(probe));
        }
        struct buffer out = {0};
        json_write(&out, lines);
        free(row->suggestion_lines);
        row->suggestion_lines = buffer_take(&out);
    }
}

static void release_item_row(struct item_row *row)
{
    char *owned[] = {row->check,
                     row->target,
                     row->title,
                     row->area,
                     row->severity,
                     row->suggestion,
                     row->suggestion_reason,
                     row->suggestion_lines,
                     row->run,
                     row->verdict,
                     row->note,
                     row->because,
                     row->decided_by,
                     row->suggestion_then};
    for (size_t i = 0; i < LENGTH(owned); i++)
        free(owned[i]);
}

FIXTURE_QUERY(evidence_row, evidence, review->is_empty ? 0 : fixture_evidence_count)

static void fill_evidence_row(struct review *review, size_t i, struct evidence_row *row)
{
    const struct fixture_evidence *evidence = &fixture_evidence[i];
    AUTO_FREE char *out = fixture_body(review, evidence->out);
    AUTO_FREE char *err = fixture_body(review, evidence->err);
    *row = (struct evidence_row){
        .id = fixture_entry(FIXTURE_ADA, 3 + (int64_t)i),
        .run = fixture_text(review, "run-1"),
        .check = strcmp(evidence->check, WAY_CHECK) == 0 ? fixture_word(WAY_CHECK)
                                                         : fixture_text(review, evidence->check),
        .target = fixture_text(review, evidence->target),
        .probe = fixture_text(review, evidence->probe),
        .command = fixture_text(review, evidence->command),
        .as_root = evidence->as_root,
        .from = memory_copy_text(evidence->from ? evidence->from : "inside"),
        .outcome = fixture_word(evidence->outcome),
        .detail = fixture_text(review, evidence->detail),
        .exit_status = evidence->exit_status,
        .started_ms = fixture_time(evidence->minute),
        .duration_ms = 40 + 7 * (int64_t)i,
        .out_blob = fixture_store(review, out),
        .err_blob = fixture_store(review, err),
        .out_bytes = (int64_t)strlen(out),
        .err_bytes = (int64_t)strlen(err),
        .noise_bytes = i == 2 ? 18 : 0,
        .author = fixture_text(review, FIXTURE_ADA),
        .masked = fixture_word("[]"),
        .is_latest = !evidence->is_old,
    };
}

static void release_evidence_row(struct evidence_row *row)
{
    free(row->run);
    free(row->check);
    free(row->target);
    free(row->probe);
    free(row->command);
    free(row->from);
    free(row->outcome);
    free(row->detail);
    free(row->masked);
    free(row->author);
}

FIXTURE_QUERY(decision_row, decisions, review->is_empty ? 0 : fixture_decision_count)

static void fill_decision_row(struct review *review, size_t i, struct decision_row *row)
{
    const struct fixture_decision *decision = &fixture_decisions[i];
    *row = (struct decision_row){
        .id = fixture_entry(decision->author, 20 + (int64_t)i),
        .check = fixture_text(review, decision->check),
        .target = fixture_text(review, decision->target),
        .verdict = fixture_word(decision->verdict),
        .note = fixture_text(review, decision->note),
        .because = fixture_text(review, ""),
        .suggestion = fixture_word(decision->suggestion),
        .author = fixture_text(review, decision->author),
        .time_ms = fixture_time(decision->minute),
        .is_retracted = decision->is_retracted,
        .is_superseded = decision->is_superseded,
    };
}

static void release_decision_row(struct decision_row *row)
{
    free(row->check);
    free(row->target);
    free(row->verdict);
    free(row->note);
    free(row->because);
    free(row->suggestion);
    free(row->author);
}

FIXTURE_QUERY(answer_row, answers, review->is_empty ? 0 : 2)

static void fill_answer_row(struct review *review, size_t i, struct answer_row *row)
{
    *row = (struct answer_row){
        .id = fixture_entry(FIXTURE_GRACE, 40 + (int64_t)i),
        .check = fixture_text(review, "break-glass"),
        .target = fixture_text(review, "sandbox-7"),
        .question = i == 0 ? fixture_text(review, "who") : fixture_text(review, "watched"),
        .value = i == 0 ? fixture_text(
                              review, "The two engineers on call; the head of operations approves.")
                        : fixture_text(review,
                                       "The security team is paged at once.\nSeen on 2026-11-02."),
        .author = fixture_text(review, FIXTURE_GRACE),
        .time_ms = fixture_time(20 + (int)i),
    };
}

static void release_answer_row(struct answer_row *row)
{
    free(row->check);
    free(row->target);
    free(row->question);
    free(row->value);
    free(row->author);
}

FIXTURE_QUERY(comment_row, comments, review->is_empty ? 1 : 3)

static void fill_comment_row(struct review *review, size_t i, struct comment_row *row)
{
    static const char *const checks[] = {"", "ssh-root-password", "break-glass"};
    static const char *const texts[] = {
        "Kick-off with the owners on 2026-11-20; the scope is the build agents alone.",
        "The owner knows; a ticket is open.",
        "The pager test of last week is attached to the runbook."};
    *row = (struct comment_row){
        .id = fixture_entry(FIXTURE_ADA, 50 + (int64_t)i),
        .check = i == 0 ? fixture_word("") : fixture_text(review, checks[i]),
        .target = i == 0 ? fixture_word("") : fixture_text(review, "sandbox-7"),
        .text = fixture_text(review, texts[i]),
        .author = fixture_text(review, FIXTURE_ADA),
        .time_ms = fixture_time(30 + (int)i),
    };
}

static void release_comment_row(struct comment_row *row)
{
    free(row->check);
    free(row->target);
    free(row->text);
    free(row->author);
}

FIXTURE_QUERY(attachment_row, attachments, review->is_empty ? 0 : 1)

static void fill_attachment_row(struct review *review, size_t i, struct attachment_row *row)
{
    (void)i;
    const char *bytes = "compose file of the build agent\n";
    *row = (struct attachment_row){
        .id = fixture_entry(FIXTURE_ADA, 60),
        .check = fixture_text(review, "docker-socket"),
        .target = fixture_text(review, "agent"),
        .name = fixture_text(review, "compose.yaml"),
        .author = fixture_text(review, FIXTURE_ADA),
        .blob = fixture_store(review, bytes),
        .digest = digest_of(bytes, strlen(bytes)),
        .size_bytes = (int64_t)strlen(bytes),
        .time_ms = fixture_time(35),
    };
}

static void release_attachment_row(struct attachment_row *row)
{
    free(row->check);
    free(row->target);
    free(row->name);
    free(row->author);
}

/* One in force, for a check that fails; one that has expired. */
FIXTURE_QUERY(exception_row, exceptions, review->is_empty ? 0 : 2)

static const char *const fixture_excepted[] = {"docker-socket", "ssh-root-password"};

static void fill_exception_row(struct review *review, size_t i, struct exception_row *row)
{
    *row = (struct exception_row){
        .id = fixture_entry(FIXTURE_ADA, 70 + (int64_t)i),
        .state = fixture_word("accepted"),
        .check = fixture_text(review, fixture_excepted[i]),
        .target = i == 0 ? fixture_word("") : fixture_text(review, "sandbox-7"),
        .category = fixture_text(review, "business"),
        .reason = fixture_text(review, "The build needs it until the new runner is there."),
        .control = fixture_text(review, "Only builds of reviewed branches run there."),
        .risk = fixture_text(review, "low"),
        .requester = fixture_text(review, FIXTURE_GRACE),
        .approver = fixture_text(review, FIXTURE_ADA),
        .ticket = fixture_text(review, "OPS-12"),
        .from = fixture_word("2026-01-01"),
        .until = fixture_word(i == 0 ? "2027-06-30" : "2026-06-30"),
        .author = fixture_text(review, FIXTURE_ADA),
        .time_ms = fixture_time(37),
        .changed_ms = fixture_time(37),
    };
}

static void release_exception_row(struct exception_row *row)
{
    char *const texts[] = {row->state,   row->check, row->target,    row->category, row->reason,
                           row->control, row->risk,  row->requester, row->approver, row->ticket,
                           row->from,    row->until, row->author};
    for (size_t i = 0; i < LENGTH(texts); i++)
        free(texts[i]);
}

FIXTURE_QUERY(finding_row, findings, review->is_empty ? 0 : 1)

static void fill_finding_row(struct review *review, size_t i, struct finding_row *row)
{
    (void)i;
    *row = (struct finding_row){
        .id = fixture_entry(FIXTURE_GRACE, 12),
        .state = fixture_word("open"),
        .check = fixture_word(""),
        .target = fixture_text(review, "agent"),
        .title = fixture_text(review, "A key lies in the build cache"),
        .severity = fixture_word("high"),
        .because = fixture_text(review, "The cache is shared."),
        .cvss = fixture_text(review, "CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:C/C:H/I:N/A:N"),
        .owner = fixture_text(review, "build team"),
        .due = fixture_word("2025-12-24"),
        .description = fixture_text(review, "Anybody who builds can read it."),
        .recommendation = fixture_text(review, "Remove it, and make a new one."),
        .author = fixture_text(review, FIXTURE_GRACE),
        .time_ms = fixture_time(38),
        .changed_ms = fixture_time(38),
    };
}

static void release_finding_row(struct finding_row *row)
{
    char *const texts[] = {row->state,    row->check,       row->target,         row->title,
                           row->severity, row->description, row->recommendation, row->author,
                           row->because,  row->cvss,        row->owner,          row->due};
    for (size_t i = 0; i < LENGTH(texts); i++)
        free(texts[i]);
}

FIXTURE_QUERY(run_row, runs, review->is_empty ? 0 : 3)

static void fill_run_row(struct review *review, size_t i, struct run_row *row)
{
    static const char *const states[] = {"finished", "failed", "finished"};
    *row = (struct run_row){
        .run = fixture_text(review, "run-1"),
        .target = fixture_text(review, i == 1 ? "agent" : "sandbox-7"),
        .state = fixture_word(states[i]),
        .author = fixture_text(review, FIXTURE_ADA),
        .detail = i == 1 ? fixture_text(review, "the container stopped while it was asked")
                         : fixture_word(""),
        .started_ms = fixture_time(i == 2 ? 40 : 2 + 2 * (int)i),
        .ended_ms = fixture_time(i == 2 ? 41 : 3 + 2 * (int)i),
        .probe_count = i == 2 ? 1 : 8,
        .evidence_count = i == 2 ? 1 : 7,
    };
}

static void release_run_row(struct run_row *row)
{
    free(row->run);
    free(row->target);
    free(row->state);
    free(row->author);
    free(row->detail);
}

FIXTURE_QUERY(signoff_row, signoffs, review->is_empty ? 0 : 1)

static void fill_signoff_row(struct review *review, size_t i, struct signoff_row *row)
{
    (void)i;
    struct manifest manifest;
    struct buffer lines = {0};
    fixture_fill_state(review, &manifest);
    manifest_write(&manifest, &lines);
    *row = (struct signoff_row){
        .id = fixture_entry(FIXTURE_ADA, 38),
        .role = fixture_text(review, "reviewer"),
        .signer = fixture_text(review, "ada@example.org"),
        .key = fixture_text(review, FIXTURE_KEY),
        .manifest = buffer_take(&lines),
        .signature = fixture_text(review, "-----BEGIN SSH SIGNATURE-----\nU1NIU0lH\n"
                                          "-----END SSH SIGNATURE-----\n"),
        .author = fixture_text(review, FIXTURE_ADA),
        .time_ms = fixture_time(36),
        .entries_since = 3,
    };
    manifest_release(&manifest);
}

static void release_signoff_row(struct signoff_row *row)
{
    free(row->role);
    free(row->signer);
    free(row->key);
    free(row->manifest);
    free(row->signature);
    free(row->author);
}

FIXTURE_QUERY(event_row, events, 2)

static void fill_event_row(struct review *review, size_t i, struct event_row *row)
{
    *row = (struct event_row){
        .id = fixture_entry(FIXTURE_ADA, 1 + (int64_t)i),
        .clock = 1 + (int64_t)i,
        .time_ms = fixture_time((int)i),
        .kind = fixture_word(i == 0 ? "review" : "checklist"),
        .author = fixture_text(review, FIXTURE_ADA),
        .check = fixture_word(""),
        .target = fixture_word(""),
        .summary =
            fixture_text(review, i == 0 ? "Sandbox 7: the build agents" : "isolated-environment"),
        .hash = digest_of(i == 0 ? "one" : "two", 3),
    };
}

static void release_event_row(struct event_row *row)
{
    free(row->kind);
    free(row->author);
    free(row->check);
    free(row->target);
    free(row->summary);
}
