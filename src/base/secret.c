/* SPDX-License-Identifier: Apache-2.0 */
#include "base/secret.h"

#include <string.h>
#include <sys/mman.h>

struct secret {
    bool is_locked;
    char text[SECRET_MAX_BYTES + 1];
};

/* Pages of its own: locking and MADV_DONTDUMP work on pages. */
struct secret *secret_new(const void *bytes, size_t length)
{
    const int access = PROT_READ | PROT_WRITE, kind = MAP_PRIVATE | MAP_ANONYMOUS;
    /* cppcheck-suppress invalidFunctionArg; without a file -1 is what POSIX wants */
    struct secret *secret = mmap(NULL, sizeof(*secret), access, kind, -1, 0);
    if (secret == MAP_FAILED)
        memory_exhausted();
    secret->is_locked = mlock(secret, sizeof(*secret)) == 0;
    madvise(secret, sizeof(*secret), MADV_DONTDUMP);
    if (length > 0)
        memcpy(secret->text, bytes, length < SECRET_MAX_BYTES ? length : SECRET_MAX_BYTES);
    return secret;
}

void secret_free(struct secret *secret)
{
    if (secret == NULL)
        return;
    memory_wipe(secret, sizeof(*secret));
    munmap(secret, sizeof(*secret));
}

char *secret_text(struct secret *secret)
{
    return secret->text;
}

bool secret_is_locked(const struct secret *secret)
{
    return secret->is_locked;
}
