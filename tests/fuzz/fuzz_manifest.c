/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes: what is read as the text of a sign-off is written again as the same bytes. */
#include "ledger/manifest.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_RELEASE(manifest) struct manifest manifest = {0};
    AUTO_RELEASE(buffer) struct buffer text = {0};
    struct error error;
    if (!manifest_read((const char *)bytes, length, &manifest, &error))
        return 0;
    manifest_write(&manifest, &text);
    if (text.length != length || memcmp(text.data, bytes, length) != 0)
        abort();
    return 0;
}
