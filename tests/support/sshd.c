/* SPDX-License-Identifier: Apache-2.0 */
#include "support/sshd.h"

#include "support/testing.h"

#include "base/array.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/path.h"
#include "base/process.h"

#include <arpa/inet.h>
#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pwd.h>
#include <signal.h>
#include <sys/inotify.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

enum { START_PATIENCE_MS = 20000, START_ATTEMPTS = 5 };

struct sshd {
    const char *folder;
    struct strings lines; /* of the configuration, by the test */
    struct strings names; /* everything handed out */
    pid_t *children;
    size_t child_count;
};

static char *server_program(void)
{
    char *found = path_find_program("sshd");
    if (found == NULL && access("/usr/sbin/sshd", X_OK) == 0)
        found = memory_copy_text("/usr/sbin/sshd");
    return found;
}

bool sshd_is_installed(void)
{
    char *server = server_program();
    char *keygen = path_find_program("ssh-keygen");
    bool is_installed = server != NULL && keygen != NULL;
    free(server);
    free(keygen);
    return is_installed;
}

void sshd_run(const char *const *arguments, struct buffer *ret_output)
{
    const struct process_options options = {.arguments = arguments};
    struct process_result result = {0};
    struct error error = {0};
    assert_done(process_run(&options, &result, &error), &error);
    if (result.exit_status != 0)
        fail_msg("%s: %s", arguments[0], buffer_text(&result.errors));
    if (ret_output != NULL)
        buffer_append(ret_output, result.output.data, result.output.length);
    process_result_release(&result);
}

/* ---- the folder ---- */

static const char *keep(struct sshd *sshd, char *text)
{
    strings_push_take(&sshd->names, text);
    return text;
}

const char *sshd_file(struct sshd *sshd, const char *name)
{
    return keep(sshd, path_join(sshd->folder, name));
}

const char *sshd_write(struct sshd *sshd, const char *name, const char *text)
{
    struct error error = {0};
    const char *path = sshd_file(sshd, name);
    assert_done(file_write(path, text, strlen(text), 0600, &error), &error);
    return path;
}

const char *sshd_make_key(struct sshd *sshd, const char *name, const char *type,
                          const char *passphrase)
{
    const char *path = sshd_file(sshd, name);
    sshd_run((const char *const[]){"ssh-keygen", "-q", "-t", type, "-N", passphrase, "-C", "test",
                                   "-f", path, NULL},
             NULL);
    return path;
}

const char *sshd_public_key(struct sshd *sshd, const char *name)
{
    struct error error = {0};
    struct buffer text = {0};
    char *file = memory_format("%s/%s.pub", sshd->folder, name);
    bool done = file_read(file, 65536, &text, &error);
    free(file);
    assert_done(done, &error);
    size_t type = strcspn(text.data, " ");
    size_t key = strcspn(text.data + type + 1, " \n");
    char *result = memory_copy(text.data, type + 1 + key);
    buffer_release(&text);
    return keep(sshd, result);
}

void sshd_authorize(struct sshd *sshd, const char *name)
{
    struct error error = {0};
    struct buffer text = {0};
    const char *path = sshd_file(sshd, "authorized_keys");
    const char *key = sshd_public_key(sshd, name);
    if (!file_read(path, 1 << 20, &text, &error))
        assert_int_equal(error.code, ERROR_NOT_FOUND);
    buffer_append_format(&text, "%s test\n", key);
    bool done = file_write(path, text.data, text.length, 0600, &error);
    buffer_release(&text);
    assert_done(done, &error);
}

const char *sshd_user(const struct sshd *sshd UNUSED)
{
    return getpwuid(getuid())->pw_name;
}

const char *sshd_identity(const struct sshd *sshd)
{
    return sshd->names.items[0];
}

const char *sshd_host_key(const struct sshd *sshd)
{
    return sshd->names.items[1];
}

struct sshd *sshd_new(void)
{
    static unsigned count;
    char *name = memory_format("sshd-%u", ++count);
    struct sshd *sshd = memory_new(1, sizeof(*sshd));
    sshd->folder = testing_path(name);
    free(name);
    mkdir(sshd->folder, 0700);
    sshd_make_key(sshd, "identity", "ed25519", "");
    sshd_make_key(sshd, "host_key", "ed25519", "");
    /* The two that have a place of their own come first. */
    strings_release(&sshd->names);
    sshd->names = (struct strings){0};
    sshd_file(sshd, "identity");
    sshd_public_key(sshd, "host_key");
    sshd_authorize(sshd, "identity");
    return sshd;
}

void sshd_configure(struct sshd *sshd, const char *lines)
{
    strings_push(&sshd->lines, lines);
}

/* ---- the server ---- */

static const char *write_configuration(struct sshd *sshd)
{
    char *own = strings_join(&sshd->lines, "\n");
    char *text = memory_format("%s\n"
                               "HostKey %s/host_key\n"
                               "AuthorizedKeysFile %s/authorized_keys\n"
                               "ListenAddress 127.0.0.1\n"
                               "PidFile none\n"
                               "StrictModes no\n"
                               "UsePAM no\n"
                               "PasswordAuthentication no\n"
                               "KbdInteractiveAuthentication no\n"
                               "PermitRootLogin yes\n"
                               "PrintMotd no\n"
                               "UseDNS no\n"
                               "MaxStartups 100\n"
                               "LogLevel VERBOSE\n",
                               own, sshd->folder, sshd->folder);
    const char *path = sshd_write(sshd, "sshd_config", text);
    free(own);
    free(text);
    return path;
}

/* The server of root wants the folder that its service would make. */
static void make_separation_folder(void)
{
    if (getuid() == 0)
        mkdir("/run/sshd", 0755);
}

static pid_t spawn(struct sshd *sshd, const char *const *arguments, int fd_in, int fd_err)
{
    const struct process_options options = {.arguments = arguments, .new_session = true};
    struct error error = {0};
    pid_t *child = array_push(sshd->children, sshd->child_count);
    make_separation_folder();
    const int fds[3] = {fd_in, fd_in, fd_err};
    assert_done(process_spawn(&options, fds, child, &error), &error);
    return *child;
}

int sshd_connect(struct sshd *sshd)
{
    int ends[2];
    char *program = server_program();
    const char *path = keep(sshd, program);
    const char *configuration = write_configuration(sshd);
    const char *log = sshd_file(sshd, "sshd.log");
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends), 0);
    spawn(sshd, (const char *const[]){path, "-i", "-E", log, "-f", configuration, NULL}, ends[1],
          -1);
    close(ends[1]);
    return ends[0];
}

pid_t sshd_process(const struct sshd *sshd)
{
    return sshd->children[sshd->child_count - 1];
}

static int free_port(void)
{
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_addr.s_addr = htonl(INADDR_LOOPBACK)};
    socklen_t length = sizeof(address);
    int fd = socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, length), 0);
    assert_int_equal(getsockname(fd, (struct sockaddr *)&address, &length), 0);
    close(fd);
    return ntohs(address.sin_port);
}

/* True when the server says in its log that it listens, false when it ended before. */
static bool wait_until_listening(const char *log, int watch, pid_t *server)
{
    int64_t deadline_ms = clock_monotonic_ms() + START_PATIENCE_MS;
    while (clock_monotonic_ms() < deadline_ms) {
        char news[4096];
        struct buffer text = {0};
        bool listens = file_read(log, 65536, &text, NULL) &&
                       strstr(buffer_text(&text), "Server listening on") != NULL;
        buffer_release(&text);
        if (listens)
            return true;
        if (waitpid(*server, NULL, WNOHANG) != 0) {
            *server = 0;
            return false;
        }
        struct pollfd one = {.fd = watch, .events = POLLIN};
        if (poll(&one, 1, 200) > 0 && read(watch, news, sizeof(news)) < 0)
            return false;
    }
    return false;
}

/* The log is a file and no pipe: nobody reads it while many connections come and go. */
static bool try_to_listen(struct sshd *sshd, int port)
{
    char *option = memory_format("-p%d", port);
    const char *port_option = keep(sshd, option);
    const char *program = keep(sshd, server_program());
    const char *configuration = write_configuration(sshd);
    const char *log = sshd_write(sshd, "sshd-listening.log", "");
    int fd = open(log, O_WRONLY | O_APPEND | O_CLOEXEC);
    int watch = inotify_init1(IN_CLOEXEC);
    assert_true(fd >= 0 && watch >= 0 && inotify_add_watch(watch, log, IN_MODIFY) >= 0);
    spawn(sshd, (const char *const[]){program, "-D", "-e", "-f", configuration, port_option, NULL},
          -1, fd);
    bool listens = wait_until_listening(log, watch, &sshd->children[sshd->child_count - 1]);
    close(fd);
    close(watch);
    return listens;
}

int sshd_listen(struct sshd *sshd)
{
    for (int attempt = 0; attempt < START_ATTEMPTS; attempt++) {
        /* Between the look for a port and its use another process may take it. */
        int port = free_port();
        if (try_to_listen(sshd, port))
            return port;
    }
    fail_msg("sshd does not listen");
    return -1;
}

void sshd_free(struct sshd *sshd)
{
    if (sshd == NULL)
        return;
    for (size_t i = 0; i < sshd->child_count; i++) {
        if (sshd->children[i] <= 0)
            continue;
        kill(-sshd->children[i], SIGKILL);
        waitpid(sshd->children[i], NULL, 0);
    }
    free(sshd->children);
    strings_release(&sshd->lines);
    strings_release(&sshd->names);
    free(sshd);
}
