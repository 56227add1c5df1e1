/* SPDX-License-Identifier: Apache-2.0 */
#include "target/client_helper.h"

#include "client_ask.h"

#include "base/file.h"
#include "base/path.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

enum { ANSWER_MAX_BYTES = 64 * 1024, STATUS_FAILED = 1, STATUS_NOT_STARTED = 127 };

void client_remove_folder(const char *folder)
{
    struct strings names = {0};
    if (file_list(folder, &names, NULL)) {
        for (size_t i = 0; i < names.count; i++) {
            AUTO_FREE char *path = path_join(folder, names.items[i]);
            unlink(path);
        }
    }
    strings_release(&names);
    rmdir(folder);
}

/* ---- asking the connection ---- */

static int call_connection(void)
{
    const char *path = getenv(CLIENT_SOCKET_VARIABLE);
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    if (path == NULL || strlen(path) >= sizeof(address.sun_path))
        return -1;
    memcpy(address.sun_path, path, strlen(path));
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    if (fd >= 0 && connect(fd, (const struct sockaddr *)&address, sizeof(address)) == 0)
        return fd;
    if (fd >= 0)
        close(fd);
    return -1;
}

/* Ask, and print what was answered. */
static int ask(const char *const *texts, size_t count)
{
    struct buffer request = {0}, answer = {0};
    for (size_t i = 0; i < count; i++)
        buffer_append(&request, texts[i], strlen(texts[i]) + 1);
    int fd = call_connection();
    bool done = fd >= 0 && file_write_fd(fd, request.data, request.length, NULL) &&
                shutdown(fd, SHUT_WR) == 0 && file_read_fd(fd, ANSWER_MAX_BYTES, &answer, NULL) &&
                answer.length > 0 && answer.data[0] == CLIENT_YES &&
                file_write_fd(STDOUT_FILENO, answer.data + 1, answer.length - 1, NULL);
    if (fd >= 0)
        close(fd);
    memory_wipe(answer.data, answer.length);
    buffer_release(&answer);
    buffer_release(&request);
    return done ? 0 : STATUS_FAILED;
}

/* ---- a program that must not outlive the connection ---- */

static void become(char **arguments, const sigset_t *mask)
{
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    sigprocmask(SIG_SETMASK, mask, NULL);
    execvp(arguments[0], arguments);
    _exit(STATUS_NOT_STARTED);
}

/* Its exit status; it is asked to end when we are, or when the process that started us has. */
static int attend(pid_t program, const sigset_t *signals)
{
    int status = 0;
    for (;;) {
        int signal = sigwaitinfo(signals, NULL);
        if (signal == SIGTERM)
            kill(program, SIGTERM);
        if (signal == SIGCHLD && waitpid(program, &status, WNOHANG) == program)
            return WIFEXITED(status) ? WEXITSTATUS(status) : STATUS_FAILED;
    }
}

/* Nobody else removes the connection's folder when the connection's process is killed. */
static int run(const char *folder, char **arguments)
{
    sigset_t signals, mask;
    pid_t parent = getppid();
    sigemptyset(&signals);
    sigaddset(&signals, SIGTERM);
    sigaddset(&signals, SIGCHLD);
    sigprocmask(SIG_BLOCK, &signals, &mask);
    prctl(PR_SET_PDEATHSIG, SIGTERM);
    if (getppid() != parent)
        raise(SIGTERM);
    pid_t program = fork();
    if (program == 0)
        become(arguments, &mask);
    int status = program > 0 ? attend(program, &signals) : STATUS_NOT_STARTED;
    client_remove_folder(folder);
    return status;
}

static int ask_secret(const char *prompt)
{
    const char *hint = getenv("SSH_ASKPASS_PROMPT");
    return ask((const char *const[]){CLIENT_ASK_SECRET, hint == NULL ? "" : hint, prompt}, 3);
}

/* The client's askpass program gets one argument, the server's own words among it; all other calls
 * have more. */
bool client_helper_serve(int count, char **arguments, int *ret_status)
{
    if (getenv(CLIENT_SOCKET_VARIABLE) == NULL || count < 2)
        return false;
    if (count == 2)
        *ret_status = ask_secret(arguments[1]);
    else if (strcmp(arguments[1], CLIENT_RUN) == 0)
        *ret_status = count < 4 ? STATUS_FAILED : run(arguments[2], arguments + 3);
    else
        *ret_status = ask((const char *const *)arguments + 1, (size_t)count - 1);
    return true;
}
