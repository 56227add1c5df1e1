/* SPDX-License-Identifier: Apache-2.0 */
/* The frames of a run, saved as they come, for a replay without the target. */
#include "base/file.h"
#include "base/path.h"
#include "probe/recording.h"
#include "state.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <unistd.h>

static void save(struct session *session, struct run *run, struct buffer *bytes)
{
    struct error error = {0};
    bool ok = file_write_fd(run->frames_fd, bytes->data, bytes->length, &error);

    buffer_release(bytes);
    if (ok)
        return;
    close(run->frames_fd);
    run->frames_fd = -1;
    error_prefix(&error, "the frames of '%s'", session->targets[run->target].name);
    record_stop(session, &error);
}

bool frames_open(struct session *session, struct run *run, const struct plan *plan,
                 struct error *error)
{
    AUTO_FREE char *name = NULL;
    AUTO_FREE char *path = NULL;
    struct buffer bytes = {0};

    run->frames_fd = -1;
    if (!session->frames_folder)
        return true;
    name = memory_format("%s.frames", session->targets[run->target].name);
    path = path_join(session->frames_folder, name);
    run->frames_fd = open(path, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC | O_NOFOLLOW, 0600);
    if (run->frames_fd < 0)
        return error_set(error, errno == EEXIST ? ERROR_EXISTS : ERROR_IO, "cannot make '%s': %s",
                         path, strerror(errno));
    recording_write_plan(&bytes, plan);
    save(session, run, &bytes);
    return true;
}

void frames_save_identity(struct session *session, struct run *run,
                          const struct connection_identity *identity)
{
    struct buffer bytes = {0};

    if (run->frames_fd < 0)
        return;
    recording_write_identity(&bytes, identity);
    save(session, run, &bytes);
}

void frames_save_result(struct session *session, struct run *run, const struct step_result *result)
{
    struct buffer bytes = {0};

    if (run->frames_fd < 0)
        return;
    recording_write_result(&bytes, result);
    save(session, run, &bytes);
}
