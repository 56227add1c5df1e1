/* SPDX-License-Identifier: Apache-2.0 */
#include "reader.h"

#include "base/json.h"
#include "base/log.h"
#include "base/path.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "review/transfer.h"

#include <errno.h>
#include <fcntl.h>
#include <signal.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <unistd.h>

/* What reading a stranger's file may cost. */
enum { CPU_SECONDS = 600 };
#define MEMORY_MAX_BYTES (2ULL * 1024 * 1024 * 1024)
/* What may come of it: more than any review that can be worked with. */
#define TAKEN_MAX_BYTES (64ULL * 1024 * 1024 * 1024)

struct reader {
    pid_t pid;
    int fd; /* where it tells */
};

/* What the process does with the file; an error is told in its place. */
typedef bool reader_function(const char *path, int fd, struct error *error);

static void limit(int resource, rlim_t value)
{
    const struct rlimit limit = {.rlim_cur = value, .rlim_max = value};

    setrlimit((__rlimit_resource_t)resource, &limit);
}

/* A file that is made to break SQLite breaks this process, which can do nothing but tell. */
static void read_in_child(const char *path, int fd, reader_function *tell)
{
    /* Without a look into it SQLite takes what is left of a journal for a change to roll back. */
    AUTO_FREE char *journal = memory_format("%s-journal", path);
    struct error error = {0};

    log_close(); /* its number may become the pipe's */
    process_harden();
    process_keep_only(fd);
    fd = PROCESS_KEPT_FD;
#ifndef __SANITIZE_ADDRESS__ /* AddressSanitizer reserves terabytes */
    limit(RLIMIT_AS, MEMORY_MAX_BYTES);
#endif
    limit(RLIMIT_CPU, CPU_SECONDS);
    if (!sandbox_confine_reader(path, journal, &error) || !tell(path, fd, &error))
        review_send_refusal(&error, fd);
    _exit(0);
}

/* Fork a child that ends with us. True in the child, too, which has RET_READER's pid 0. */
static bool divide(struct reader *ret_reader, struct error *error)
{
    pid_t parent = getpid();
    int fds[2];

    if (pipe2(fds, O_CLOEXEC) != 0)
        return error_set(error, ERROR_IO, "cannot make a pipe: %s", strerror(errno));
    ret_reader->pid = fork();
    if (ret_reader->pid == 0) {
        prctl(PR_SET_PDEATHSIG, SIGKILL);
        if (getppid() != parent)
            _exit(0);
        ret_reader->fd = fds[1];
        return true;
    }
    ret_reader->fd = fds[0];
    if (ret_reader->pid < 0)
        error_set(error, ERROR_IO, "cannot start a process to look at it: %s", strerror(errno));
    close(fds[1]);
    if (ret_reader->pid < 0)
        close(fds[0]);
    return ret_reader->pid > 0;
}

static bool start(const char *path, reader_function *tell, struct reader *ret_reader,
                  struct error *error)
{
    if (!sandbox_can_hide_files())
        log_line("the process that reads '%s' can read other files too: no Landlock", path);
    if (!divide(ret_reader, error))
        return false;
    if (ret_reader->pid == 0) {
        read_in_child(path, ret_reader->fd, tell);
        _exit(0);
    }
    return true;
}

/* It has nothing more to say. */
static void end(struct reader *reader)
{
    close(reader->fd);
    kill(reader->pid, SIGKILL);
    while (waitpid(reader->pid, NULL, 0) < 0 && errno == EINTR)
        continue;
}

/* --- a report --- */

static bool tell_report(const char *path, int fd, struct error *error)
{
    struct verify_report report;

    review_verify(path, NULL, &report);
    return verify_report_send(&report, fd, error);
}

void reader_verify(const char *path, struct verify_report *ret_report)
{
    AUTO_FREE char *absolute = NULL;
    struct error error = {0};
    struct reader reader;

    *ret_report = (struct verify_report){.answer = VERIFY_CANNOT};
    if (!path_resolve(path, &absolute, &error) || !start(absolute, tell_report, &reader, &error)) {
        strings_push(&ret_report->problems, error.message);
        return;
    }
    verify_report_take(reader.fd, ret_report);
    end(&reader);
}

/* --- the contents --- */

static bool tell_contents(const char *path, int fd, struct error *error)
{
    struct verify_report report;

    review_verify(path, NULL, &report);
    if (report.answer == VERIFY_TAMPERED || report.answer == VERIFY_CANNOT)
        return error_set(error, report.answer == VERIFY_TAMPERED ? ERROR_CORRUPT : ERROR_INVALID,
                         "it does not verify: %s", report.problems.items[0]);
    return review_send(path, fd, error) || error_prefix(error, "it cannot be rebuilt");
}

bool reader_rebuild(const char *source, const char *path, struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    struct reader reader;
    bool is_done;

    if (!path_resolve(source, &absolute, error) || !start(absolute, tell_contents, &reader, error))
        return false;
    is_done = review_take(reader.fd, path, TAKEN_MAX_BYTES, error);
    end(&reader);
    return is_done;
}

/* --- the same beside this process --- */

static const char rebuilt[] = "rebuilt";

static void tell_end(bool is_done, const struct error *error, int fd)
{
    AUTO_JSON json_t *told =
        is_done ? json_pack("{s:b}", rebuilt, 1)
                : json_pack("{s:b, s:i, s:o, s:o}", rebuilt, 0, "code", (int)error->code, "message",
                            json_text(error->message), "hint", json_text(error->hint));

    json_dumpfd(told, fd, 0);
}

bool reader_rebuild_start(const char *source, const char *path, pid_t *ret_pid, int *ret_fd,
                          struct error *error)
{
    struct reader beside;

    if (!divide(&beside, error))
        return false;
    if (beside.pid == 0) {
        struct error why = {0};
        log_close();
        process_keep_only(beside.fd);
        tell_end(reader_rebuild(source, path, &why), &why, PROCESS_KEPT_FD);
        _exit(0);
    }
    *ret_pid = beside.pid;
    *ret_fd = beside.fd;
    return true;
}

bool reader_rebuild_ended(const struct buffer *told, struct error *error)
{
    AUTO_JSON json_t *end = NULL;
    json_int_t code;

    if (!json_parse(buffer_text(told), told->length, &end, NULL))
        return error_set(error, ERROR_IO, "the process that looked at it ended without an answer");
    if (json_is_true(json_object_get(end, rebuilt)))
        return true;
    code = json_integer_value(json_object_get(end, "code"));
    if (code <= ERROR_NONE || code > ERROR_UNSUPPORTED)
        code = ERROR_IO;
    error_set(error, (enum error_code)code, "%s", json_member_text(end, "message", ""));
    return error_hint(error, "%s", json_member_text(end, "hint", ""));
}

bool reader_salvage(const struct salvaging *salvaging, struct salvage_report *ret_report,
                    struct error *error)
{
    AUTO_FREE char *absolute = NULL;
    struct reader reader;
    bool is_done;

    *ret_report = (struct salvage_report){0};
    if (!path_resolve(salvaging->damaged, &absolute, error) ||
        !start(absolute, review_salvage_send, &reader, error))
        return false;
    is_done = review_salvage_take(reader.fd, salvaging, ret_report, error);
    end(&reader);
    return is_done;
}
