/* SPDX-License-Identifier: Apache-2.0 */
#include "fixture.h"

#include "base/clock.h"
#include "checklist/load.h"
#include "fixture_review.h"
#include "support/testing.h"

static const struct ledger_id review_id_fixed = {{0x3f, 0x0c, 0x11, 0x22, 0x33, 0x44, 0x55, 0x66,
                                                  0x77, 0x88, 0x99, 0xaa, 0xbb, 0xcc, 0xdd, 0xee}};
const struct ledger_id fixture_ada_id = {{0xad, 0xa0}};
const struct ledger_id fixture_grace_id = {{0x6a, 0xce}};

int64_t fixture_time(int minute)
{
    return FIXTURE_NOW_MS - 3600000 + minute * 60000LL;
}

char *fixture_text(const struct review *review, const char *plain)
{
    const char *hostile = review->hostile != NULL ? review->hostile : "";
    return memory_format("%s%s%s", hostile, plain != NULL ? plain : "", hostile);
}

char *fixture_word(const char *plain)
{
    return memory_copy_text(plain != NULL ? plain : "");
}

char *fixture_body(const struct review *review, const char *plain)
{
    if (review->hostile == NULL || *plain == '\0')
        return fixture_word(plain);
    struct buffer flat = {0};
    struct buffer out = {0};
    for (const char *at = review->hostile; *at != '\0'; at++)
        if (*at != '\n')
            buffer_append_byte(&flat, *at);
    while (*plain != '\0') {
        size_t length = strcspn(plain, "\n");
        buffer_append_text(&out, buffer_text(&flat));
        buffer_append(&out, plain, length);
        buffer_append_text(&out, buffer_text(&flat));
        buffer_append_byte(&out, '\n');
        plain += length + (plain[length] == '\n');
    }
    buffer_release(&flat);
    return buffer_take(&out);
}

struct digest fixture_store(struct review *review, const char *bytes)
{
    struct stored *blob = array_push(review->blobs, review->blob_count);
    blob->length = strlen(bytes);
    blob->data = memory_copy(bytes, blob->length);
    blob->id = digest_of(bytes, blob->length);
    return blob->id;
}

struct entry_id fixture_entry(const char *author, int64_t seq)
{
    bool is_ada = strcmp(author, FIXTURE_ADA) == 0;
    return (struct entry_id){.author = is_ada ? fixture_ada_id : fixture_grace_id, .seq = seq};
}

/* --- review/store.h --- */

int64_t review_change_count(struct review *review)
{
    if (review->changes_left > 0) {
        review->changes_left--;
        review->change_count++;
    }
    return review->change_count;
}

bool review_read_blob(struct review *review, const struct digest *id, struct buffer *ret_data,
                      struct error *error)
{
    if (review->blob_failure != ERROR_NONE)
        return error_set(error, review->blob_failure, "no such blob");
    for (size_t i = 0; i < review->blob_count; i++) {
        if (digest_equal(&review->blobs[i].id, id)) {
            buffer_append(ret_data, review->blobs[i].data, review->blobs[i].length);
            return true;
        }
    }
    return error_set(error, ERROR_NOT_FOUND, "no such blob");
}

/* --- review/query.h --- */

bool review_query_info(struct review *review, struct review_info *ret_info, struct error *error)
{
    (void)error;
    *ret_info = (struct review_info){
        .id = review_id_fixed,
        .title = fixture_text(review, "Sandbox 7: the build agents"),
        .tool = fixture_text(review, "walkdown 1.0"),
        .created_ms = fixture_time(0),
        .entry_count = 57,
        .blob_count = 17,
        .blob_bytes = 6421,
        .last_change_ms = fixture_time(45),
    };
    return true;
}

void review_info_release(struct review_info *info)
{
    free(info->title);
    free(info->tool);
}

void fixture_fill_state(struct review *review, struct manifest *state)
{
    *state = (struct manifest){
        .review = review_id_fixed,
        .title = fixture_text(review, "Sandbox 7: the build agents"),
        .entry_count = 57,
        .merkle_root = digest_of("root", 4),
        .tool = fixture_word("walkdown 1.0"),
        .role = fixture_text(review, "reviewer"),
        .statement =
            fixture_text(review, "Reviewed on site with the owners. The open items are known."),
        .signer = fixture_text(review, "ada@example.org"),
        .time_ms = fixture_time(36),
    };
    for (int i = 0; i < 2; i++) {
        struct manifest_head *head = array_push(state->heads, state->head_count);
        head->author = i == 0 ? fixture_grace_id : fixture_ada_id;
        head->name =
            fixture_text(review, i == 0 ? "Grace <grace@example.org>" : "Ada <ada@example.org>");
        head->seq = i == 0 ? 16 : 41;
        head->hash = digest_of(i == 0 ? "grace" : "ada", i == 0 ? 5 : 3);
    }
}

bool review_build_manifest(struct review *review, const struct manifest *up_to,
                           struct manifest *ret_manifest, struct error *error)
{
    (void)up_to;
    (void)error;
    fixture_fill_state(review, ret_manifest);
    return true;
}

/* --- the fixture --- */

static void make_hostile(const struct review *review, char **owned)
{
    char *hostile = fixture_text(review, *owned);
    free(*owned);
    *owned = hostile;
}

static void make_check_hostile(const struct review *review, struct check *check)
{
    make_hostile(review, &check->id);
    make_hostile(review, &check->why);
    make_hostile(review, &check->how);
    make_hostile(review, &check->fix);
    for (size_t i = 0; i < check->probe_count; i++)
        make_hostile(review, &check->probes[i].id);
    for (size_t i = 0; i < check->question_count; i++) {
        make_hostile(review, &check->questions[i].id);
        make_hostile(review, &check->questions[i].text);
    }
    for (size_t i = 0; i < check->reference_count; i++) {
        make_hostile(review, &check->references[i].framework);
        make_hostile(review, &check->references[i].numbers.items[0]);
    }
}

void fixture_open(struct fixture *fixture, const char *hostile)
{
    struct error error = {0};
    fixture->review = memory_new(1, sizeof(*fixture->review));
    assert_done(checklist_load_file(testing_source("tests/export/sandbox.yaml"),
                                    &fixture->checklist, NULL, &error),
                &error);
    fixture->review->checklist = fixture->checklist->digest;
    fixture->review->hostile = memory_copy_text(hostile);
    for (size_t i = 0; hostile != NULL && i < fixture->checklist->area_count; i++) {
        make_hostile(fixture->review, &fixture->checklist->areas[i].id);
        make_hostile(fixture->review, &fixture->checklist->areas[i].title);
    }
    for (size_t i = 0; hostile != NULL && i < fixture->checklist->check_count; i++)
        make_check_hostile(fixture->review, &fixture->checklist->checks[i]);
    clock_set_wall_ms(FIXTURE_NOW_MS);
}

void fixture_close(struct fixture *fixture)
{
    for (size_t i = 0; i < fixture->review->blob_count; i++)
        free(fixture->review->blobs[i].data);
    free(fixture->review->blobs);
    free(fixture->review->hostile);
    free(fixture->review);
    checklist_free(fixture->checklist);
}

struct report *fixture_report(struct fixture *fixture)
{
    const struct checklist *checklists[] = {fixture->checklist};
    struct report *report = NULL;
    struct error error = {0};
    assert_done(report_build(fixture->review, checklists, 1, &report, &error), &error);
    free(report->tool);
    report->tool = memory_copy_text("walkdown 1.0"); /* goldens outlive versions */
    return report;
}

void fixture_fail_blobs(struct fixture *fixture, enum error_code code)
{
    fixture->review->blob_failure = code;
}

void fixture_change_while_read(struct fixture *fixture, int times)
{
    fixture->review->changes_left = times;
}

void fixture_make_empty(struct fixture *fixture)
{
    fixture->review->is_empty = true;
}
