/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/handoff.h"

#include "base/path.h"
#include "reader.h"
#include "receipt.h"
#include "state.h"

#include <unistd.h>

/* What cannot be read far enough is refused as what contradicts itself. */
static bool rebuild(const char *source, const char *path, struct error *error)
{
    bool is_done = reader_rebuild(source, path, error);

    if (!is_done && error->code == ERROR_INVALID)
        error->code = ERROR_CORRUPT;
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
