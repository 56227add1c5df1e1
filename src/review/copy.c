/* SPDX-License-Identifier: Apache-2.0 */
#include "review/copy.h"

#include "contents.h"
#include "rebuild.h"

static bool copy_entry(void *rebuild, const struct entry *entry, struct error *error)
{
    return rebuild_add_entry(rebuild, entry, error);
}

static bool copy_blob(void *rebuild, struct sqlite3_stmt *rows, struct error *error)
{
    bool fits;
    if (!rebuild_add_blob(rebuild, rows, &fits, error))
        return false;
    return fits || error_set(error, ERROR_CORRUPT, "a blob does not fit its id");
}

bool review_copy(const char *source, const char *path, enum copy_blobs how, struct error *error)
{
    struct rebuild rebuild = {.is_raw = how == COPY_RAW};
    struct contents contents;
    bool done = contents_open(source, &contents, error) &&
                rebuild_begin(&rebuild, path, &contents.review, error) &&
                contents_each_entry(&contents, copy_entry, &rebuild, error) &&
                contents_each_blob(&contents, copy_blob, &rebuild, error) &&
                rebuild_finish(&rebuild, error);
    contents_close(&contents);
    rebuild_release(&rebuild);
    return done;
}
