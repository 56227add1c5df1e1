/* SPDX-License-Identifier: Apache-2.0 */
/* walkdown-worker: owns the network and hostile bytes for walkdown, which starts it with a socket
 * as descriptor 3 and nothing else. */
#include "base/log.h"
#include "base/process.h"
#include "base/sandbox.h"
#include "probe/serve.h"
#include "target/client_helper.h"

#include <signal.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <unistd.h>

enum { SOCKET_FD = 3 };

static bool has_socket(void)
{
    struct stat status;
    return fstat(SOCKET_FD, &status) == 0 && S_ISSOCK(status.st_mode);
}

static void ignore_broken_pipes(void)
{
    const struct sigaction ignore = {.sa_handler = SIG_IGN};
    sigaction(SIGPIPE, &ignore, NULL);
}

int main(int count, char **arguments)
{
    static const char usage[] = "walkdown-worker is started by walkdown, not by hand\n";
    struct error error;
    int status;
    /* At once: a leak check at exit would need calls that the worker's children may not make. */
    if (client_helper_serve(count, arguments, &status))
        _exit(status);
    if (count != 1 || !has_socket())
        return write(STDERR_FILENO, usage, sizeof(usage) - 1) < 0 ? 3 : 2;
    process_close_inherited();
    process_harden();
    /* The end of walkdown is also the end of the socket; but a worker that waits for a server would
     * see that only later. */
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    ignore_broken_pipes();
    log_open_from_environment("worker");
    bool good = probe_serve(SOCKET_FD, sandbox_confine, &error);
    if (!good)
        log_line("stopped: %s", error.message);
    log_close();
    return good ? 0 : 1;
}
