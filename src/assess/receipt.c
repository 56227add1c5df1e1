/* SPDX-License-Identifier: Apache-2.0 */
#include "receipt.h"

#include "assess/handoff.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "ledger/manifest.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { RECEIPT_MAX_BYTES = 1024 * 1024, WORD_BYTES = 8 };
#define FIRST_LINE "walkdown-receipt v1\n"

bool receipt_hash(const char *path, struct digest *ret_digest, int64_t *ret_bytes,
                  struct error *error)
{
    AUTO(digest_stream) struct digest_stream *stream = NULL;
    char bytes[64 * 1024];
    struct stat status;
    ssize_t count;
    int fd = open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK | O_CLOEXEC); /* no pipe is waited for */

    if (fd < 0)
        return error_set(error, errno == ENOENT ? ERROR_NOT_FOUND : ERROR_IO,
                         "cannot read '%s': %s", path, strerror(errno));
    if (fstat(fd, &status) != 0 || !S_ISREG(status.st_mode)) {
        close(fd);
        return error_set(error, ERROR_INVALID, "'%s' is no regular file", path);
    }
    stream = digest_stream_new();
    *ret_bytes = 0;
    while ((count = read(fd, bytes, sizeof(bytes))) > 0) {
        digest_stream_add(stream, bytes, (size_t)count);
        *ret_bytes += count;
    }
    close(fd);
    *ret_digest = digest_stream_result(stream);
    return count == 0 || error_set(error, ERROR_IO, "cannot read '%s'", path);
}

/* --- words, to be read over a telephone --- */

/* Two bytes as a word of five letters: D. S. Wilkerson, "A Proposal for Proquints". */
static void append_word(struct buffer *text, const uint8_t bytes[2])
{
    static const char consonants[] = "bdfghjklmnprstvz", vowels[] = "aiou";
    unsigned number = (unsigned)bytes[0] << 8 | bytes[1];

    buffer_append_byte(text, consonants[number >> 12 & 15]);
    buffer_append_byte(text, vowels[number >> 10 & 3]);
    buffer_append_byte(text, consonants[number >> 6 & 15]);
    buffer_append_byte(text, vowels[number >> 4 & 3]);
    buffer_append_byte(text, consonants[number & 15]);
}

static void append_words(struct buffer *text, const struct digest *digest)
{
    for (size_t i = 0; i < WORD_BYTES; i += 2) {
        if (i > 0)
            buffer_append_byte(text, '-');
        append_word(text, digest->bytes + i);
    }
}

/* --- writing --- */

static void append_quoted(struct buffer *text, const char *name, const char *value)
{
    AUTO_JSON json_t *json = json_text(value ? value : "");

    buffer_append_format(text, "%s ", name);
    json_write(text, json);
    buffer_append_byte(text, '\n');
}

static void append_state(struct buffer *text, const struct manifest *manifest)
{
    char id[LEDGER_ID_TEXT_BYTES], hex[DIGEST_HEX_BYTES];

    buffer_append_format(text, "review %s\nentries %lld\nmerkle %s\nwords ",
                         ledger_id_text(&manifest->review, id), (long long)manifest->entry_count,
                         digest_hex(&manifest->merkle_root, hex));
    append_words(text, &manifest->merkle_root);
    buffer_append_byte(text, '\n');
    for (size_t i = 0; i < manifest->head_count; i++)
        buffer_append_format(
            text, "head %s %lld %s\n", ledger_id_text(&manifest->heads[i].author, id),
            (long long)manifest->heads[i].seq, digest_hex(&manifest->heads[i].hash, hex));
}

bool receipt_write(const char *path, const char *to, struct buffer *text, struct error *error)
{
    AUTO(review) struct review *review = NULL;
    AUTO_RELEASE(manifest) struct manifest manifest = {0};
    char hex[DIGEST_HEX_BYTES], time[CLOCK_TEXT_BYTES];
    struct digest digest;
    int64_t bytes;

    if (!receipt_hash(path, &digest, &bytes, error) ||
        !review_open(path, REVIEW_READ_ONLY, NULL, &review, error) ||
        !review_build_manifest(review, NULL, &manifest, error))
        return false;
    buffer_append_text(text, FIRST_LINE);
    append_quoted(text, "file", path_base(path));
    append_quoted(text, "to", to);
    buffer_append_format(text, "time %s\nbytes %lld\nsha256 %s\n",
                         clock_format_utc(clock_wall_ms(), time), (long long)bytes,
                         digest_hex(&digest, hex));
    append_state(text, &manifest);
    return true;
}

/* --- checking --- */

static bool has_entry(const struct verify_report *report, const struct entry_id *id,
                      const char *hash)
{
    const struct digest *found = verify_report_find(report, id);
    char hex[DIGEST_HEX_BYTES];

    return found && strcmp(digest_hex(found, hex), hash) == 0;
}

static void check_head(struct verify_report *report, const char *line)
{
    char author[LEDGER_ID_TEXT_BYTES], hash[DIGEST_HEX_BYTES];
    struct entry_id id;
    long long seq;

    if (sscanf(line, "head %32s %lld %64s", author, &seq, hash) != 3 ||
        !ledger_id_parse(author, &id.author)) {
        strings_push_take(&report->problems, memory_copy_text("the receipt is damaged"));
        report->answer = VERIFY_TAMPERED;
        return;
    }
    id.seq = seq;
    if (!has_entry(report, &id, hash)) {
        strings_push_take(&report->problems,
                          memory_format("the receipt names entry %.8s:%lld, which the file does "
                                        "not hold like that: entries were cut off or rewritten",
                                        author, seq));
        report->answer = VERIFY_TAMPERED;
    }
}

static void check_lines(struct verify_report *report, const struct strings *lines)
{
    char review[LEDGER_ID_TEXT_BYTES], wanted[64];
    bool is_same = false;
    long long entries = 0;

    snprintf(wanted, sizeof(wanted), "review %s", ledger_id_text(&report->review, review));
    for (size_t i = 0; i < lines->count; i++) {
        is_same = is_same || strcmp(lines->items[i], wanted) == 0;
        if (strncmp(lines->items[i], "head ", 5) == 0)
            check_head(report, lines->items[i]);
        else if (strncmp(lines->items[i], "entries ", 8) == 0)
            entries = strtoll(lines->items[i] + 8, NULL, 10);
    }
    if (!is_same) {
        strings_push_take(&report->problems, memory_copy_text("the receipt is of another review"));
        report->answer = VERIFY_TAMPERED;
    }
    if (report->answer == VERIFY_TAMPERED)
        return;
    strings_push_take(
        &report->notes,
        memory_format("nothing is missing of the %lld entries that the receipt covers", entries));
    if (report->answer == VERIFY_NOT_PROVEN && entries == report->entry_count)
        report->answer = VERIFY_COMPLETE;
}

void receipt_check(const char *receipt, struct verify_report *report)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};
    struct error error = {0};

    if (report->answer == VERIFY_TAMPERED || report->answer == VERIFY_CANNOT)
        return;
    if (!file_read(receipt, RECEIPT_MAX_BYTES, &text, &error) ||
        (strncmp(buffer_text(&text), FIRST_LINE, strlen(FIRST_LINE)) != 0 &&
         !error_set(&error, ERROR_INVALID, "'%s' is no receipt", receipt))) {
        strings_push_take(&report->problems, memory_copy_text(error.message));
        report->answer = VERIFY_CANNOT;
        return;
    }
    strings_split(&lines, buffer_text(&text), '\n');
    check_lines(report, &lines);
}
