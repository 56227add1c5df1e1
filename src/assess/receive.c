/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "assess/identity.h"
#include "base/path.h"
#include "base/process.h"
#include "receipt.h"
#include "review/copy.h"
#include "state.h"

#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What rebuilding a stranger's file may cost. */
enum { CPU_SECONDS = 600 };
#define MEMORY_MAX_BYTES (2ULL * 1024 * 1024 * 1024)

static void limit(int resource, rlim_t value)
{
    const struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    setrlimit((__rlimit_resource_t)resource, &limit);
}

/* What the child says: its error's code, and the message. */
struct child_answer {
    int code;
    char message[sizeof(((struct error *)0)->message)];
};

/* A file that is made to break SQLite breaks this process, which holds nothing and has no way back
 * but the pipe. */
static void rebuild_in_child(const char *source, const char *path, int fd)
{
    struct child_answer answer = {.code = ERROR_NONE};
    struct error error = {0};
    struct verify_report report;

    process_harden();
#ifndef __SANITIZE_ADDRESS__ /* AddressSanitizer reserves terabytes */
    limit(RLIMIT_AS, MEMORY_MAX_BYTES);
#endif
    limit(RLIMIT_CPU, CPU_SECONDS);
    review_verify(source, NULL, &report);
    if (report.answer == VERIFY_TAMPERED || report.answer == VERIFY_CANNOT)
        error_set(&error, ERROR_CORRUPT, "it does not verify: %s", report.problems.items[0]);
    else if (!review_copy(source, path, COPY_AS_IS, &error))
        error_prefix(&error, "it cannot be rebuilt");
    verify_report_release(&report);
    answer.code = (int)error.code;
    snprintf(answer.message, sizeof(answer.message), "%s", error.message);
    _exit(write(fd, &answer, sizeof(answer)) == (ssize_t)sizeof(answer) ? 0 : 1);
}

static bool rebuild(const char *source, const char *path, struct error *error)
{
    struct child_answer answer = {0};
    int fds[2], status;
    pid_t child;
    ssize_t count;

    if (pipe(fds) != 0 || (child = fork()) < 0)
        return error_set(error, ERROR_IO, "cannot start a process to look at it");
    if (child == 0)
        rebuild_in_child(source, path, fds[1]);
    close(fds[1]);
    count = read(fds[0], &answer, sizeof(answer));
    close(fds[0]);
    while (waitpid(child, &status, 0) < 0)
        continue;
    if (count != (ssize_t)sizeof(answer))
        return error_set(error, ERROR_CORRUPT,
                         "the process that looked at it ended unexpectedly: the file may be made "
                         "to do harm");
    answer.message[sizeof(answer.message) - 1] = '\0';
    return answer.code == ERROR_NONE ||
           error_set(error, (enum error_code)answer.code, "%s", answer.message);
}

static bool record(const char *source, const char *path, const struct digest *digest,
                   struct error *error)
{
    const struct session_options options = {0};
    AUTO(session) struct session *session = NULL;
    char hex[DIGEST_HEX_BYTES];

    return session_open(path, &options, &session, error) &&
           session_append(session, ENTRY_HANDOFF,
                          json_pack("{s:s, s:o, s:s}", "way", "received", "file",
                                    json_text(path_base(source)), "digest",
                                    digest_hex(digest, hex)),
                          error);
}

bool assess_receive(const char *source, const char *path, const struct verify_keys *keys,
                    struct verify_report *ret_report, struct error *error)
{
    struct digest digest;
    int64_t bytes;

    *ret_report = (struct verify_report){.answer = VERIFY_CANNOT};
    if (!receipt_hash(source, &digest, &bytes, error) || !rebuild(source, path, error))
        return false;
    assess_verify(path, keys, ret_report); /* our own file by now */
    if (ret_report->answer == VERIFY_TAMPERED || ret_report->answer == VERIFY_CANNOT) {
        unlink(path);
        return error_set(error, ERROR_CORRUPT, "it does not verify: %s",
                         ret_report->problems.items[0]);
    }
    return record(source, path, &digest, error);
}
