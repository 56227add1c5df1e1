/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "assess/identity.h"
#include "base/path.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "receipt.h"
#include "review/transfer.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What rebuilding a stranger's file may cost. */
enum { CPU_SECONDS = 600 };
#define MEMORY_MAX_BYTES (2ULL * 1024 * 1024 * 1024)
/* What may come of it: more than any review that can be worked with. */
#define TAKEN_MAX_BYTES (64ULL * 1024 * 1024 * 1024)

static void limit(int resource, rlim_t value)
{
    const struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    setrlimit((__rlimit_resource_t)resource, &limit);
}

/* A file that is made to break SQLite breaks this process, which can do nothing but tell entries
 * and blobs through the pipe. */
static void read_in_child(const char *source, int fd)
{
    struct error error = {0};
    struct verify_report report = {0};

    process_harden();
    process_keep_only(fd);
    fd = PROCESS_KEPT_FD;
#ifndef __SANITIZE_ADDRESS__ /* AddressSanitizer reserves terabytes */
    limit(RLIMIT_AS, MEMORY_MAX_BYTES);
#endif
    limit(RLIMIT_CPU, CPU_SECONDS);
    if (sandbox_confine_reader(source, &error)) {
        review_verify(source, NULL, &report);
        if (report.answer == VERIFY_TAMPERED || report.answer == VERIFY_CANNOT)
            error_set(&error, ERROR_CORRUPT, "it does not verify: %s", report.problems.items[0]);
        else if (!review_send(source, fd, &error))
            error_prefix(&error, "it cannot be rebuilt");
    }
    if (error.code != ERROR_NONE)
        review_send_refusal(&error, fd);
    _exit(0);
}

static bool rebuild(const char *source, const char *path, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    int fds[2];
    pid_t child;
    bool is_done;

    if (!path_resolve(source, &absolute, error))
        return false;
    if (pipe2(fds, O_CLOEXEC) != 0 || (child = fork()) < 0)
        return error_set(error, ERROR_IO, "cannot start a process to look at it");
    if (child == 0)
        read_in_child(absolute, fds[1]);
    close(fds[1]);
    is_done = review_take(fds[0], path, TAKEN_MAX_BYTES, error);
    close(fds[0]);
    kill(child, SIGKILL); /* it has nothing more to say */
    while (waitpid(child, NULL, 0) < 0 && errno == EINTR)
        continue;
    return is_done;
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
        error_set(error, ERROR_CORRUPT, "it does not verify: %s", ret_report->problems.items[0]);
        return error_hint(error, "if you received it before, merge it into the file that you have: "
                                 "'walkdown merge'");
    }
    return record(source, path, &digest, error);
}
