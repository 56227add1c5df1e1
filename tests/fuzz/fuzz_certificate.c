/* SPDX-License-Identifier: Apache-2.0 */
/* A certificate that a server shows: what is read of it lies in it, and the plain key is a key. */
#include "target/certificate.h"

#include "target/hostkey.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct certificate certificate = {0};
    struct hostkey hostkey = {.host = memory_copy_text("box.example")};
    bool is_read = certificate_read(bytes, length, &certificate, NULL);
    require(!is_read || certificate_is(bytes, length));
    require(certificate.key.length + certificate.authority.length <= length);
    if (certificate_is(bytes, length)) {
        bool is_shown = hostkey_from_shown(bytes, length, &hostkey, NULL);
        require(is_shown == is_read);
        require(!is_shown || strncmp(hostkey.type, "ssh-", 4) == 0 ||
                strncmp(hostkey.type, "ecdsa-", 6) == 0);
    }
    certificate_release(&certificate);
    hostkey_release(&hostkey);
    return 0;
}
