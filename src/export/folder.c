/* SPDX-License-Identifier: Apache-2.0 */
#include "folder.h"

#include "csv.h"
#include "export/escape.h"
#include "file_names.h"
#include "html.h"
#include "markdown.h"
#include "report_json.h"
#include "staging.h"
#include "wording.h"

/* A target's folder below evidence/. */
struct target_folder {
    const char *target;
    char *path; /* relative */
    struct file_names checks;
};

struct writing {
    const struct report *report;
    struct review *review;
    struct staging staging;
    struct target_folder *targets;
    size_t target_count;
    struct file_names target_names;
    struct buffer index;   /* of evidence/, as CSV */
    struct buffer missing; /* attachments whose bytes are not in the file, for README.txt */
};

static void release_writing(struct writing *writing)
{
    for (size_t i = 0; i < writing->target_count; i++) {
        free(writing->targets[i].path);
        file_names_release(&writing->targets[i].checks);
    }
    free(writing->targets);
    file_names_release(&writing->target_names);
    buffer_release(&writing->index);
    buffer_release(&writing->missing);
    staging_release(&writing->staging);
}

/* --- the formats --- */

static bool write_formats(struct writing *writing, struct error *error)
{
    static const struct {
        const char *name;
        bool (*write)(const struct report *report, struct buffer *out, struct error *error);
    } files[] = {
        {"report.html", html_write},        {"report.md", markdown_write},
        {"report.json", report_json_write}, {"items.csv", csv_write},
        {"access.csv", csv_write_access},   {"flows.csv", csv_write_flows},
    };
    for (size_t i = 0; i < LENGTH(files); i++) {
        AUTO_RELEASE(buffer) struct buffer text = {0};
        if (!files[i].write(writing->report, &text, error) ||
            !staging_write(&writing->staging, files[i].name, text.data, text.length, error))
            return false;
    }
    return true;
}

/* --- evidence --- */

static bool find_target(struct writing *writing, const char *target,
                        struct target_folder **ret_folder, struct error *error)
{
    for (size_t i = 0; i < writing->target_count; i++) {
        *ret_folder = &writing->targets[i];
        if (strcmp((*ret_folder)->target, target) == 0)
            return true;
    }
    struct target_folder *folder = array_push(writing->targets, writing->target_count);
    AUTO_FREE char *name = file_names_make(&writing->target_names, target);
    folder->target = target;
    folder->path = memory_format("evidence/%s", name);
    *ret_folder = folder;
    return staging_make_folder(&writing->staging, folder->path, error);
}

/* Write one stream and its line of the index. What is empty or gone has a line without a file. */
static bool write_stream(struct writing *writing, struct csv_file *file, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    struct error problem = {0};
    const char *path = file->path;
    if (file->size_bytes <= 0) {
        file->path = "";
    } else if (review_read_blob(writing->review, file->blob, &data, &problem)) {
        if (!staging_write(&writing->staging, path, data.data, data.length, error))
            return false;
    } else if (problem.code == ERROR_NOT_FOUND) {
        file->path = "";
    } else {
        if (error != NULL)
            *error = problem;
        return error_prefix(error, "cannot read the evidence for '%s'", path);
    }
    csv_put_file(&writing->index, file);
    return true;
}

static bool write_probe(struct writing *writing, const struct evidence_row *row, const char *stem,
                        struct error *error)
{
    AUTO_FREE char *out_path = memory_format("%s.stdout", stem);
    AUTO_FREE char *err_path = memory_format("%s.stderr", stem);
    struct csv_file out = {.path = out_path,
                           .row = row,
                           .stream = "stdout",
                           .blob = &row->out_blob,
                           .size_bytes = row->out_bytes};
    struct csv_file err = {.path = err_path,
                           .row = row,
                           .stream = "stderr",
                           .blob = &row->err_blob,
                           .size_bytes = row->err_bytes};
    return write_stream(writing, &out, error) &&
           (row->err_bytes <= 0 || write_stream(writing, &err, error));
}

static bool has_output(const struct report_item *item)
{
    for (size_t i = 0; i < item->evidence_count; i++)
        if (item->evidence[i].row->out_bytes > 0 || item->evidence[i].row->err_bytes > 0)
            return true;
    return false;
}

static bool make_item_folder(struct writing *writing, const struct report_item *item,
                             char **ret_folder, struct error *error)
{
    struct target_folder *target;
    if (!find_target(writing, item->row->target, &target, error))
        return false;
    AUTO_FREE char *name = file_names_make(&target->checks, item->row->check);
    *ret_folder = memory_format("%s/%s", target->path, name);
    return staging_make_folder(&writing->staging, *ret_folder, error);
}

static bool write_item(struct writing *writing, const struct report_item *item, struct error *error)
{
    AUTO_FREE char *folder = NULL; /* stays NULL where there is no file to be written */
    AUTO_RELEASE(file_names) struct file_names probes = {0};
    if (has_output(item) && !make_item_folder(writing, item, &folder, error))
        return false;
    for (size_t i = 0; i < item->evidence_count; i++) {
        const struct evidence_row *row = item->evidence[i].row;
        AUTO_FREE char *probe = file_names_make(&probes, row->probe);
        AUTO_FREE char *stem = memory_format("%s/%s", folder != NULL ? folder : "", probe);
        if (!write_probe(writing, row, stem, error))
            return false;
    }
    return true;
}

static bool write_evidence(struct writing *writing, struct error *error)
{
    if (!staging_make_folder(&writing->staging, "evidence", error))
        return false;
    free(file_names_make(&writing->target_names, "index.csv"));
    csv_begin_files(&writing->index);
    for (size_t i = 0; i < writing->report->item_count; i++)
        if (!write_item(writing, &writing->report->items[i], error))
            return false;
    return staging_write(&writing->staging, "evidence/index.csv", writing->index.data,
                         writing->index.length, error);
}

/* --- attachments and sign-offs --- */

static bool read_attachment(struct writing *writing, const struct attachment_row *row,
                            struct buffer *ret_data, bool *ret_is_gone, struct error *error)
{
    struct error problem = {0};
    *ret_is_gone = false;
    if (row->size_bytes <= 0 || review_read_blob(writing->review, &row->blob, ret_data, &problem))
        return true;
    *ret_is_gone = problem.code == ERROR_NOT_FOUND;
    if (*ret_is_gone)
        return true;
    if (error != NULL)
        *error = problem;
    return error_prefix(error, "cannot read the attachment '%s'", row->name);
}

static bool write_attachment(struct writing *writing, const struct attachment_row *row,
                             struct file_names *names, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer data = {0};
    bool is_gone;
    if (!read_attachment(writing, row, &data, &is_gone, error))
        return false;
    if (is_gone) {
        buffer_append_text(&writing->missing, "The review file does not hold the attachment ");
        escape_plain(&writing->missing, row->name, ESCAPE_ONE_LINE);
        buffer_append_text(&writing->missing, " any more.\n");
        return true;
    }
    struct digest digest = digest_of(buffer_text(&data), data.length);
    if (!digest_equal(&digest, &row->digest))
        return error_set(error, ERROR_CORRUPT,
                         "the attachment '%s' is not the file whose SHA-256 was recorded",
                         row->name);
    AUTO_FREE char *name = file_names_make(names, row->name);
    AUTO_FREE char *path = memory_format("attachments/%s", name);
    return staging_write(&writing->staging, path, buffer_text(&data), data.length, error);
}

static bool write_attachments(struct writing *writing, struct error *error)
{
    const struct attachment_row_list *list = &writing->report->attachments;
    AUTO_RELEASE(file_names) struct file_names names = {0};
    if (list->count > 0 && !staging_make_folder(&writing->staging, "attachments", error))
        return false;
    for (size_t i = 0; i < list->count; i++)
        if (!write_attachment(writing, &list->items[i], &names, error))
            return false;
    return true;
}

static bool write_signoffs(struct writing *writing, struct error *error)
{
    const struct signoff_row_list *list = &writing->report->signoff_rows;
    if (list->count > 0 && !staging_make_folder(&writing->staging, "signoffs", error))
        return false;
    for (size_t i = 0; i < list->count; i++) {
        const struct signoff_row *row = &list->items[i];
        AUTO_FREE char *text = memory_format("signoffs/%zu.txt", i + 1);
        AUTO_FREE char *signature = memory_format("signoffs/%zu.sig", i + 1);
        if (!staging_write(&writing->staging, text, row->manifest, strlen(row->manifest), error) ||
            !staging_write(&writing->staging, signature, row->signature, strlen(row->signature),
                           error))
            return false;
    }
    return true;
}

/* --- README.txt --- */

static const char readme_files[] =
    "This folder was exported by walkdown from a review file.\n"
    "\n"
    "  report.html, report.md   the report, for readers\n"
    "  report.json              the same and more, for programs\n"
    "  items.csv                one row an item; a leading ' keeps a spreadsheet from\n"
    "                           taking a cell for a formula and is no part of the text\n"
    "  access.csv               one row an account: the access matrix, likewise\n"
    "  flows.csv                one row a flow: what was measured against what is expected\n"
    "  evidence/                TARGET/CHECK/PROBE.stdout and .stderr: the bytes that the\n"
    "                           newest run of each probe got; index.csv says what is what,\n"
    "                           for names were made safe for file systems\n"
    "  attachments/             files that reviewers added\n"
    "  signoffs/                N.txt: what was signed; N.sig: the signature (SSHSIG)\n"
    "  SHA256SUMS               of all files but itself\n"
    "\n"
    "Everything below evidence/ and attachments/ is as it came and may be hostile: do not\n"
    "open it with programs that you would not open a stranger's mail with, and do not print\n"
    "it to a terminal; 'cat -v' is safe.\n"
    "\n"
    "1. Has the folder changed since it was exported?\n"
    "\n"
    "     sha256sum --check --quiet SHA256SUMS\n"
    "\n"
    "   This finds accidents. Whoever changes a file can change SHA256SUMS too.\n"
    "\n"
    "2. Are the signatures good? Write a file allowed_signers with a line for each person\n"
    "   whose key you have got from that person, not from this folder:\n"
    "\n"
    "     IDENTITY namespaces=\"walkdown-signoff\" ssh-ed25519 AAAA...\n"
    "\n"
    "   and for each N in signoffs/ run:\n"
    "\n"
    "     ssh-keygen -Y verify -f allowed_signers -I IDENTITY -n walkdown-signoff \\\n"
    "         -s signoffs/N.sig < signoffs/N.txt\n"
    "\n"
    "   A good signature says that this person signed that text: the counts, the checklists\n"
    "   and the heads in it, and nothing that was added later.\n"
    "\n"
    "3. Does the review file fit? Ask for it, then run:\n"
    "\n"
    "     walkdown verify REVIEW.walk --allowed-signers allowed_signers\n"
    "\n"
    "   It recomputes every hash and every signed text from the file. An export that is made\n"
    "   again from the file has the Merkle root below if nothing was added since.\n"
    "\n";

static const char readme_testimony[] =
    "\n"
    "Evidence was gathered by asking the systems under review. A system that is under\n"
    "somebody else's control can answer whatever it likes: evidence from a hostile host is\n"
    "testimony, not proof.\n";

static bool write_readme(struct writing *writing, struct error *error)
{
    const struct report *report = writing->report;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    char value[DIGEST_HEX_BYTES];
    char time[CLOCK_TEXT_BYTES];
    escape_plain(&text, report->info.title, ESCAPE_ONE_LINE);
    buffer_append_text(&text, "\n\n");
    buffer_append_text(&text, readme_files);
    buffer_append_format(&text, "Review       %s\n", ledger_id_text(&report->info.id, value));
    buffer_append_format(&text, "Entries      %lld\n", (long long)report->state.entry_count);
    buffer_append_format(&text, "Merkle root  %s\n", digest_hex(&report->head, value));
    buffer_append_format(&text, "Exported     %s, %s\n", wording_stamp(report->made_ms, time),
                         report->tool);
    for (size_t i = 0; i < report->signoff_count; i++) {
        const struct signoff_row *row = report->signoffs[i].row;
        AUTO_FREE char *key = wording_key(row->key);
        buffer_append_format(&text, "Sign-off %zu claims to be by ", i + 1);
        escape_plain(&text, row->signer, ESCAPE_ONE_LINE);
        buffer_append_text(&text, " as ");
        escape_plain(&text, row->role, ESCAPE_ONE_LINE);
        buffer_append_format(&text, ",\n             with key %s\n", key);
    }
    buffer_append_text(&text, buffer_text(&writing->missing));
    buffer_append_text(&text, readme_testimony);
    return staging_write(&writing->staging, "README.txt", text.data, text.length, error);
}

bool folder_write(const struct report *report, struct review *review, const char *folder,
                  struct error *error)
{
    struct writing writing = {.report = report, .review = review};
    bool is_done = staging_begin(&writing.staging, folder, error) &&
                   write_formats(&writing, error) && write_evidence(&writing, error) &&
                   write_attachments(&writing, error) && write_signoffs(&writing, error) &&
                   write_readme(&writing, error) && staging_finish(&writing.staging, error);
    release_writing(&writing);
    return is_done;
}
