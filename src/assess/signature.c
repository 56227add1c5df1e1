/* SPDX-License-Identifier: Apache-2.0 */
#include "signature.h"

#include "base/array.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"
#include "ledger/manifest.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

#define SIGNATURE_MAX_BYTES (64 * 1024)
#define SIGNERS_MAX_BYTES   (1024 * 1024)

/* A private folder for the files that ssh-keygen reads and writes. */
struct workbench {
    char *folder, *text, *signature, *signers;
};

static bool workbench_open(struct workbench *bench, struct error *error)
{
    AUTO_FREE char *state = NULL;

    if (!path_state_folder(&state, error))
        return false;
    bench->folder = path_join(state, "signing.XXXXXX");
    if (!mkdtemp(bench->folder)) {
        error_set(error, ERROR_IO, "cannot make a folder in '%s': %s", state, strerror(errno));
        free(take(&bench->folder));
        return false;
    }
    bench->text = path_join(bench->folder, "signoff.txt");
    bench->signature = path_join(bench->folder, "signoff.txt.sig");
    bench->signers = path_join(bench->folder, "allowed_signers");
    return true;
}

static void workbench_close(struct workbench *bench)
{
    if (!bench->folder)
        return;
    unlink(bench->text);
    unlink(bench->signature);
    unlink(bench->signers);
    rmdir(bench->folder);
    free(bench->folder);
    free(bench->text);
    free(bench->signature);
    free(bench->signers);
}

/* "256 SHA256:... comment (ED25519)" becomes "ED25519 SHA256:...". */
static char *describe_fingerprint(const char *line)
{
    AUTO_RELEASE(strings) struct strings words = {0};
    const char *type = strrchr(line, '(');

    strings_split(&words, line, ' ');
    if (words.count < 2 || !type)
        return NULL;
    return memory_format("%.*s %s", (int)strcspn(type + 1, ")"), type + 1, words.items[1]);
}

bool signature_describe_key(const char *key, char **ret_key, struct error *error)
{
    const char *const arguments[] = {"ssh-keygen", "-l", "-f", key, NULL};
    const struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    bool ok = process_run(&options, &result, error);

    if (ok && result.exit_status == 0)
        *ret_key = describe_fingerprint(buffer_text(&result.output));
    if (ok && !*ret_key)
        ok = error_set(error, ERROR_INVALID, "'%s' is no SSH key", key);
    process_result_release(&result);
    return ok;
}

static bool run_signing(const struct workbench *bench, const char *key, struct error *error)
{
    const char *const arguments[] = {"ssh-keygen",       "-Y", "sign", "-q",        "-n",
                                     MANIFEST_NAMESPACE, "-f", key,    bench->text, NULL};
    const struct process_options options = {.arguments = arguments, .inherit_terminal = true};
    struct process_result result = {0};
    bool ok = process_run(&options, &result, error);

    if (ok && result.exit_status != 0) {
        ok = error_set(error, ERROR_DENIED, "ssh-keygen did not sign with '%s'", key);
        error_hint(error, "is the passphrase right, or the key in the agent ('ssh-add -l')?");
    }
    process_result_release(&result);
    return ok;
}

bool signature_make(const char *text, const char *key, struct buffer *ret_signature, char **ret_key,
                    struct error *error)
{
    struct workbench bench = {0};
    char *description = NULL;
    bool ok;

    if (access(key, R_OK) < 0)
        return error_set(error, ERROR_NOT_FOUND, "cannot read the key '%s': %s", key,
                         strerror(errno));
    ok = signature_describe_key(key, &description, error) && workbench_open(&bench, error) &&
         file_write(bench.text, text, strlen(text), 0600, error) &&
         run_signing(&bench, key, error) &&
         file_read(bench.signature, SIGNATURE_MAX_BYTES, ret_signature, error);
    workbench_close(&bench);
    if (ok)
        *ret_key = take(&description);
    free(description);
    return ok;
}

/* --- checking --- */

/* A principal that is a pattern would match any name we ask for. */
static bool is_plain_signer(const char *line)
{
    const char *start = line + strspn(line, " \t");
    size_t length = *start == '"' ? strcspn(start + 1, "\"") + 1 : strcspn(start, " \t");

    return *start && *start != '#' && strcspn(start, "*?!") >= length;
}

static bool write_plain_signers(const char *from, const char *to, struct error *error)
{
    AUTO_RELEASE(buffer) struct buffer text = {0};
    AUTO_RELEASE(buffer) struct buffer plain = {0};
    AUTO_RELEASE(strings) struct strings lines = {0};

    if (!file_read(from, SIGNERS_MAX_BYTES, &text, error))
        return false;
    strings_split(&lines, buffer_text(&text), '\n');
    for (size_t i = 0; i < lines.count; i++)
        if (is_plain_signer(lines.items[i]))
            buffer_append_format(&plain, "%s\n", lines.items[i]);
    return file_write(to, buffer_text(&plain), plain.length, 0600, error);
}

/* Run ssh-keygen on the text; true when it said yes. */
static bool ask_ssh_keygen(const char *const *arguments, const char *text, bool *ret_started,
                           struct buffer *ret_output)
{
    const struct process_options options = {
        .arguments = arguments, .input = text, .input_length = strlen(text)};
    struct process_result result = {0};
    bool is_good;

    *ret_started = process_run(&options, &result, NULL);
    is_good = *ret_started && result.exit_status == 0;
    if (ret_output && is_good)
        buffer_append_text(ret_output, buffer_text(&result.output));
    process_result_release(&result);
    return is_good;
}

static char *explain_refusal(const struct workbench *bench, const char *text, const char *signer,
                             enum signature_answer *ret_answer)
{
    const char *const sound[] = {"ssh-keygen",       "-Y", "check-novalidate", "-n",
                                 MANIFEST_NAMESPACE, "-s", bench->signature,   NULL};
    const char *const find[] = {"ssh-keygen",     "-Y", "find-principals", "-s",
                                bench->signature, "-f", bench->signers,    NULL};
    AUTO_RELEASE(buffer) struct buffer principal = {0};
    bool started;

    *ret_answer = SIGNATURE_UNCHECKED;
    if (!ask_ssh_keygen(sound, text, &started, NULL)) {
        if (!started)
            return memory_copy_text("ssh-keygen could not be run");
        *ret_answer = SIGNATURE_BAD;
        return memory_copy_text("the signature does not fit the text");
    }
    *ret_answer = SIGNATURE_UNKNOWN_SIGNER;
    if (!ask_ssh_keygen(find, "", &started, &principal))
        return memory_copy_text("the signing key is not in the list of allowed signers");
    return memory_format("the key belongs to %.*s, but the sign-off names %s",
                         (int)strcspn(buffer_text(&principal), "\n"), buffer_text(&principal),
                         signer);
}

/* 'Good "walkdown-signoff" signature for NAME with ED25519 key SHA256:...' */
static char *read_fingerprint(const struct buffer *output)
{
    const char *start = strstr(buffer_text(output), " key SHA256:");

    return start ? memory_copy(start + 5, strcspn(start + 5, " \r\n")) : NULL;
}

/* Whether it is good when no key is REVOKED (NULL). */
static bool is_good(const struct workbench *bench, const struct signature_query *query,
                    const char *revoked, char **ret_fingerprint)
{
    const char *const arguments[] = {
        "ssh-keygen",  "-Y", "verify",           "-f", bench->signers,   "-I",
        query->signer, "-n", MANIFEST_NAMESPACE, "-s", bench->signature, revoked ? "-r" : NULL,
        revoked,       NULL};
    AUTO_RELEASE(buffer) struct buffer output = {0};
    bool started;

    if (!ask_ssh_keygen(arguments, query->text, &started, &output))
        return false;
    *ret_fingerprint = read_fingerprint(&output);
    return *ret_fingerprint != NULL;
}

static char *explain(const struct workbench *bench, const struct signature_query *query,
                     enum signature_answer *ret_answer)
{
    char *fingerprint = NULL;

    if (!query->revoked || !is_good(bench, query, NULL, &fingerprint))
        return explain_refusal(bench, query->text, query->signer, ret_answer);
    free(fingerprint);
    *ret_answer = SIGNATURE_UNKNOWN_SIGNER;
    if (access(query->revoked, R_OK) < 0)
        return memory_format("cannot read the list of revoked keys '%s': %s", query->revoked,
                             strerror(errno));
    return memory_copy_text("the signing key is revoked");
}

enum signature_answer signature_check(const struct signature_query *query, char **ret_problem,
                                      char **ret_fingerprint)
{
    struct workbench bench = {0};
    struct error error = {0};
    enum signature_answer answer = SIGNATURE_UNCHECKED;

    *ret_problem = NULL;
    *ret_fingerprint = NULL;
    if (!workbench_open(&bench, &error) ||
        !file_write(bench.signature, query->signature, strlen(query->signature), 0600, &error) ||
        !write_plain_signers(query->allowed_signers, bench.signers, &error))
        *ret_problem = memory_copy_text(error.message);
    else if (is_good(&bench, query, query->revoked, ret_fingerprint))
        answer = SIGNATURE_GOOD;
    else
        *ret_problem = explain(&bench, query, &answer);
    workbench_close(&bench);
    if (!*ret_problem)
        *ret_problem = memory_copy_text("");
    return answer;
}
