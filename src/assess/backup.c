/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Rolling copies of a review in the user's state folder, backups/REVIEW-ID/: one each 50 entries
 * and one at each sign-off, the newest five. They are for the day on which the file itself is
 * damaged; that one cannot be made costs nobody his work.
 */
#include "review/backup.h"

#include "base/clock.h"
#include "base/file.h"
#include "base/log.h"
#include "base/path.h"
#include "state.h"

#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum { ENTRIES_BETWEEN = 50, KEPT = 5 };
/* A larger file is copied at a sign-off only. */
#define ROLLING_MAX_BYTES (256LL * 1024 * 1024)

static char *backup_folder(const struct session *session)
{
    char id[LEDGER_ID_TEXT_BYTES];
    AUTO_FREE char *state = NULL;
    AUTO_FREE char *all = NULL;

    if (!path_state_folder(&state, NULL))
        return NULL;
    all = path_join(state, "backups");
    return path_join(all, ledger_id_text(review_id(session->review), id));
}

/* Names sort by the time at which they were made. */
static void remove_older(const char *folder, size_t kept)
{
    AUTO_RELEASE(strings) struct strings names = {0};

    if (!file_list(folder, &names, NULL))
        return;
    strings_sort(&names);
    for (size_t i = 0; i + kept < names.count; i++) {
        AUTO_FREE char *path = path_join(folder, names.items[i]);
        unlink(path);
    }
}

static int64_t count_entries(struct session *session)
{
    struct review_info info = {0};
    int64_t count;

    if (!review_query_info(session->review, &info, NULL))
        return 0;
    count = info.entry_count;
    review_info_release(&info);
    return count;
}

void session_backup(struct session *session)
{
    AUTO_FREE char *folder = backup_folder(session);
    AUTO_FREE char *path = NULL;
    struct error error = {0};
    int64_t count = count_entries(session);

    session->backup_count = count;
    if (!folder || session->is_read_only)
        return;
    path =
        memory_format("%s/%014lld-%lld.walk", folder, (long long)clock_wall_ms(), (long long)count);
    if (path_make_folder(folder, &error) && review_backup(session->review, path, &error))
        remove_older(folder, KEPT);
    else
        log_line("no backup of %s: %s", review_path(session->review), error.message);
}

void session_backup_if_due(struct session *session)
{
    struct stat status;
    int64_t count;

    if (session->is_read_only)
        return;
    count = count_entries(session);
    if (session->backup_count == 0)
        session->backup_count = count;
    if (count - session->backup_count >= ENTRIES_BETWEEN &&
        stat(review_path(session->review), &status) == 0 && status.st_size <= ROLLING_MAX_BYTES)
        session_backup(session);
}

void session_backup_anew(struct session *session)
{
    AUTO_FREE char *folder = backup_folder(session);

    if (folder)
        remove_older(folder, 0);
    session_backup(session);
}
