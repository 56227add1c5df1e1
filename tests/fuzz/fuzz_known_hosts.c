/* SPDX-License-Identifier: Apache-2.0 */
/* The first line is the name of a host, the rest a known_hosts file: what is reported lies in the
 * file and is a key. */
#include "target/known_hosts.h"

#include "target/hostkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void look_at(void *context, const struct known_host *known)
{
    struct hostkey hostkey = {0};
    size_t *last_line = context;
    require(known->line > *last_line && known->blob->length > 4);
    *last_line = known->line;
    if (hostkey_from_blob(known->blob->data, known->blob->length, &hostkey, NULL))
        require(strncmp(hostkey.fingerprint, "SHA256:", 7) == 0);
    hostkey_release(&hostkey);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    const uint8_t *feed = length == 0 ? NULL : memchr(bytes, '\n', length);
    if (feed == NULL)
        return 0;
    size_t name_length = (size_t)(feed - bytes), last_line = 0;
    char *host = memory_copy(bytes, name_length);
    char *name = known_hosts_name(host, 0);
    struct buffer contents = {0};
    const struct known_hosts_query query = {name, look_at, &last_line};
    buffer_append(&contents, feed + 1, length - name_length - 1);
    known_hosts_scan("file", &contents, &query);
    buffer_release(&contents);
    free(name);
    free(host);
    return 0;
}
