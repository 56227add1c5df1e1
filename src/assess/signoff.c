/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/signoff.h"

#include "assess/identity.h"
#include "assess/policy.h"
#include "base/clock.h"
#include "base/path.h"
#include "ledger/manifest.h"
#include "reader.h"
#include "signature.h"
#include "state.h"

#include <string.h>
#include <unistd.h>

#define TOOL "walkdown " PACKAGE_VERSION

/* The name that a list of allowed signers knows a person by. */
static char *signer_name(const struct author *author)
{
    return memory_copy_text(author->email[0] ? author->email : author->name);
}

static bool build_text(struct session *session, const struct signing *signing, char **ret_text,
                       struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct manifest manifest = {0};

    if (strcmp(signing->role, "reviewer") != 0 && strcmp(signing->role, "approver") != 0)
        return error_set(error, ERROR_USAGE, "the role is reviewer or approver, not '%s'",
                         signing->role);
    if (!review_build_manifest(session->review, NULL, &manifest, error))
        return false;
    manifest.role = memory_copy_text(signing->role);
    manifest.statement = memory_copy_text(signing->statement ? signing->statement : "");
    manifest.signer = signer_name(&session->author);
    manifest.tool = memory_copy_text(TOOL);
    manifest_write(&manifest, &text);
    manifest_release(&manifest);
    *ret_text = buffer_take(&text);
    return true;
}

bool session_manifest(struct session *session, const struct signing *signing, char **ret_text,
                      struct error *error)
{
    return build_text(session, signing, ret_text, error);
}

static bool check_preflight(struct session *session, const struct signing *signing,
                            struct error *error)
{
    struct preflight preflight = {0};
    const char *problem;
    enum verify_answer answer = session_verify(session, &problem);
    bool ok = true;

    if (answer == VERIFY_TAMPERED || answer == VERIFY_CANNOT) {
        error_set(error, ERROR_CORRUPT, "the file does not verify: %s", problem);
        return error_hint(error, "nothing can be signed in it; 'walkdown verify' tells more");
    }
    if (!session_preflight(session, &preflight, error))
        return false;
    if (preflight.problem_count && !signing->despite_problems) {
        for (size_t i = 0; ok && i < preflight.point_count; i++)
            if (preflight.points[i].level == PREFLIGHT_PROBLEM)
                ok = error_set(error, ERROR_DENIED, "not ready to be signed: %s",
                               preflight.points[i].text);
        error_hint(error, "the signed text tells the counts; --despite-problems signs anyway");
    }
    preflight_release(&preflight);
    return ok;
}

/* --- roles --- */

/* Whether somebody signed the newest state in this role, and, with KEY, whether it was that key. */
static bool has_signed(const struct signoff_row_list *rows, const char *role, const char *key)
{
    for (size_t i = 0; i < rows->count; i++)
        if (rows->items[i].entries_since == 0 && strcmp(rows->items[i].role, role) == 0 &&
            (!key || strcmp(rows->items[i].key, key) == 0))
            return true;
    return false;
}

/* An approver approves what a reviewer signed, and where the policy speaks of roles, with another
 * key. */
static bool check_roles(struct session *session, const struct signing *signing, const char *key,
                        struct error *error)
{
    AUTO_RELEASE(signoff_row_list) struct signoff_row_list rows = {0};
    AUTO_RELEASE(policy_rule_row_list) struct policy_rule_row_list policy = {0};
    bool is_approver = strcmp(signing->role, "approver") == 0;
    const char *other = is_approver ? "reviewer" : "approver";

    if (!review_query_signoffs(session->review, NULL, &rows, error) ||
        !policy_read(session, POLICY_SIGNOFF, &policy, error))
        return false;
    if (policy.count && key && has_signed(&rows, other, key)) {
        error_set(error, ERROR_DENIED, "this key signed as %s already", other);
        return error_hint(error, "the policy asks for different keys in different roles");
    }
    if (is_approver && !signing->despite_problems && !has_signed(&rows, "reviewer", NULL)) {
        error_set(error, ERROR_DENIED, "no reviewer has signed the review as it is now");
        return error_hint(error, "let a reviewer sign first; --despite-problems signs anyway");
    }
    return true;
}

bool session_check_sign(struct session *session, const struct signing *signing, struct error *error)
{
    AUTO_FREE char *key = NULL;

    return check_preflight(session, signing, error) &&
           (!signing->key || signature_describe_key(signing->key, &key, error)) &&
           check_roles(session, signing, key, error);
}

/* What ssh-keygen made of the text. */
struct signed_text {
    char *text, *key;
    struct buffer signature;
};

static void signed_text_release(struct signed_text *signed_text)
{
    free(signed_text->text);
    free(signed_text->key);
    buffer_release(&signed_text->signature);
}

static bool append_signoff(struct session *session, const char *role,
                           const struct signed_text *signed_text, struct error *error)
{
    AUTO_FREE char *signer = signer_name(&session->author);

    return session_append(session, ENTRY_SIGNOFF,
                          json_pack("{s:s, s:o, s:o, s:o, s:o}", "role", role, "manifest",
                                    json_text(signed_text->text), "signature",
                                    json_text(buffer_text(&signed_text->signature)), "key",
                                    json_text(signed_text->key), "signer", json_text(signer)),
                          error);
}

/* The text names every author's newest entry; what was appended meanwhile would not be covered. */
static bool is_still_current(struct session *session, int64_t change_count, struct error *error)
{
    return review_change_count(session->review) == change_count ||
           error_set(error, ERROR_CONFLICT,
                     "the review changed while it was signed; look at it again and sign anew");
}

bool session_sign(struct session *session, const struct signing *signing, struct error *error)
{
    AUTO_RELEASE(signed_text) struct signed_text signed_text = {0};
    int64_t change_count;

    if (session->is_read_only)
        return error_set(error, ERROR_DENIED, "the review is open read-only");
    if (!signing->key)
        return error_set(error, ERROR_USAGE, "a sign-off needs a key (-i KEY)");
    change_count = review_change_count(session->review);
    if (!build_text(session, signing, &signed_text.text, error) ||
        !session_check_sign(session, signing, error) ||
        !signature_make(signed_text.text, signing->key, &signed_text.signature, &signed_text.key,
                        error) ||
        !is_still_current(session, change_count, error) ||
        !append_signoff(session, signing->role, &signed_text, error))
        return false;
    session_save_heads(session);
    session_backup(session);
    return true;
}

/* --- verification --- */

static void note(struct verify_report *report, char *text)
{
    strings_push_take(&report->notes, text);
}

static void check_signoff(struct verify_report *report, struct verify_signoff *signoff,
                          const struct verify_keys *keys)
{
    const struct signature_query query = {.text = signoff->manifest,
                                          .signature = signoff->signature,
                                          .signer = signoff->signer,
                                          .allowed_signers = keys->allowed_signers,
                                          .revoked = keys->revoked};
    char id[ENTRY_ID_TEXT_BYTES];
    AUTO_FREE char *problem = NULL;
    enum signature_answer answer;

    if (!signoff->manifest_fits)
        return; /* reader_verify() has named it */
    answer = signature_check(&query, &problem, &signoff->fingerprint);
    signoff->is_good = answer == SIGNATURE_GOOD;
    if (answer == SIGNATURE_BAD) {
        report->answer = VERIFY_TAMPERED;
        strings_push_take(
            &report->problems,
            memory_format("entry %s (signoff): %s", entry_id_text(&signoff->id, id), problem));
    }
    if (!signoff->is_good) {
        free(signoff->problem);
        signoff->problem = take(&problem);
    }
}

/* --- four eyes: by keys, whatever names they give --- */

/* A key counts in the role in which it signed first, and once. */
static bool counts(const struct verify_report *report, size_t index)
{
    const struct verify_signoff *signoff = &report->signoffs[index];

    if (!signoff->is_good || signoff->entries_since)
        return false;
    for (size_t i = 0; i < index; i++)
        if (report->signoffs[i].is_good && !report->signoffs[i].entries_since &&
            strcmp(report->signoffs[i].fingerprint, signoff->fingerprint) == 0)
            return false;
    return true;
}

static bool meets_policy(struct verify_report *report)
{
    bool is_met = true;

    for (size_t i = 0; i < report->role_count; i++) {
        struct verify_role *role = &report->roles[i];
        for (size_t j = 0; j < report->signoff_count; j++)
            role->have += strcmp(report->signoffs[j].role, role->role) == 0 && counts(report, j);
        if (role->have >= role->wanted)
            continue;
        is_met = false;
        note(report,
             memory_format("the policy asks for %lld %s as %s; %lld signed the newest state",
                           (long long)role->wanted, role->wanted == 1 ? "key" : "keys", role->role,
                           (long long)role->have));
    }
    return is_met;
}

static const struct verify_signoff *newest_good(const struct verify_report *report)
{
    for (size_t i = report->signoff_count; i > 0; i--)
        if (report->signoffs[i - 1].is_good)
            return &report->signoffs[i - 1];
    return NULL;
}

/* What we saw last is the end only where nobody else could have added to it. */
static bool is_ours_alone(const struct verify_report *report)
{
    struct author author = {0};
    bool is_ours = report->author_count == 1 && identity_load(&author, NULL) &&
                   report->listed_count > 0 &&
                   ledger_id_equal(&author.id, &report->entries[0].id.author);

    author_release(&author);
    return is_ours;
}

static void conclude(struct verify_report *report, bool is_met)
{
    const struct verify_signoff *good = newest_good(report);
    bool saw_the_end = report->heads_known && report->heads_reach_end;

    if (report->answer == VERIFY_TAMPERED || report->answer == VERIFY_CANNOT)
        return;
    report->answer = VERIFY_NOT_PROVEN;
    if (good) {
        report->answer = good->entries_since || !is_met ? VERIFY_UNSIGNED_TAIL : VERIFY_COMPLETE;
        note(report,
             memory_format("complete up to what %s signed as %s", good->signer, good->role));
        if (!saw_the_end)
            note(report, memory_copy_text("entries that were added after the sign-off and cut off "
                                          "again could not be noticed: no later head was seen"));
    } else if (saw_the_end && is_ours_alone(report)) {
        report->answer = VERIFY_COMPLETE;
        note(report, memory_copy_text("you are its only author, and its newest entry is the one "
                                      "you saw last"));
    } else if (saw_the_end) {
        note(report, memory_copy_text("nothing is missing of what you saw; whether others added "
                                      "more is not known"));
    }
}

/* A file of that name in the config folder, when there is one. */
static char *own_file(const char *name)
{
    AUTO_FREE char *folder = path_config_folder();
    AUTO_FREE char *path = path_join(folder, name);

    return access(path, F_OK) == 0 ? take(&path) : NULL;
}

void assess_verify(const char *path, const struct verify_keys *keys,
                   struct verify_report *ret_report)
{
    AUTO_FREE char *heads = session_heads_folder();
    AUTO_FREE char *own_signers = own_file("allowed_signers");
    AUTO_FREE char *own_revoked = own_file("revoked_keys");
    const struct verify_keys used = {
        .allowed_signers = keys->allowed_signers ? keys->allowed_signers : own_signers,
        .revoked = keys->revoked ? keys->revoked : own_revoked};

    reader_verify(path, ret_report);
    if (heads)
        verify_report_compare_heads(ret_report, heads);
    for (size_t i = 0; used.allowed_signers && i < ret_report->signoff_count; i++)
        check_signoff(ret_report, &ret_report->signoffs[i], &used);
    if (!used.allowed_signers && ret_report->signoff_count)
        note(ret_report, memory_copy_text("signatures were not checked: no allowed signers given"));
    conclude(ret_report, !used.allowed_signers || meets_policy(ret_report));
}
