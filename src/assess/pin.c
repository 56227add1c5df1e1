/* SPDX-License-Identifier: Apache-2.0 */
/* Host keys that are pinned in the review: of targets, and of the jump hosts on the way there. */
#include "state.h"

json_t *pin_body(const char *target, const struct hostkey *hostkey, const char *how)
{
    return json_pack("{s:s, s:o, s:i, s:o, s:o, s:o, s:s}", "target", target, "host",
                     json_text(hostkey->host), "port", hostkey->port, "type",
                     json_text(hostkey->type), "fingerprint", json_text(hostkey->fingerprint),
                     "key", json_text(hostkey->key), "how", how);
}

bool pins_read(struct session *session, struct error *error)
{
    const struct review_filter all = {0};
    AUTO_RELEASE(jump_key_row_list) struct jump_key_row_list rows = {0};

    if (!review_query_jump_keys(session->review, &all, &rows, error))
        return false;
    hostkey_list_release(&session->jump_keys);
    for (size_t i = 0; i < rows.count; i++) {
        const struct jump_key_row *row = &rows.items[i];
        const struct hostkey hostkey = {.host = row->host,
                                        .port = row->port,
                                        .type = row->type,
                                        .key = row->key,
                                        .fingerprint = row->fingerprint};
        hostkey_list_put(&session->jump_keys, &hostkey);
    }
    return true;
}

bool pin_is_new_jump(struct session *session, const struct hostkey *hostkey)
{
    if (hostkey_list_find(&session->jump_keys, hostkey->host, hostkey->port))
        return false;
    hostkey_list_put(&session->jump_keys, hostkey);
    return true;
}

bool pin_was_accepted(const struct session *session, const struct hostkey *hostkey)
{
    const struct hostkey *accepted =
        hostkey_list_find(&session->accepted_keys, hostkey->host, hostkey->port);

    return accepted && hostkey_is_same(accepted, hostkey);
}
