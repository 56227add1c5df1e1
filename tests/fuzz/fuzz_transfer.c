/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes in place of what the reader of a stranger's file, or of a damaged one, tells: a file
 * that they make is one that can be opened. */
#include "base/file.h"
#include "review/transfer.h"

#include "../../src/review/transfer.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void take_as(int fd, const char *path, struct salvage_report *salvaged)
{
    AUTO(review) struct review *review = NULL;
    struct error error = {0};
    if (lseek(fd, 0, SEEK_SET) == 0 && transfer_take(fd, path, UINT64_MAX, salvaged, &error) &&
        !review_open(path, REVIEW_READ_ONLY, NULL, &review, &error))
        abort();
    unlink(path);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO_RELEASE(salvage_report) struct salvage_report salvaged = {0};
    char folder[] = "/tmp/walkdown-fuzz-XXXXXX";
    struct error error = {0};
    if (mkdtemp(folder) == NULL)
        return 0;
    AUTO_FREE char *path = memory_format("%s/taken.walk", folder);
    int fd = memfd_create("told", MFD_CLOEXEC);
    if (file_write_fd(fd, bytes, length, &error)) {
        take_as(fd, path, NULL);
        take_as(fd, path, &salvaged);
    }
    close(fd);
    if (rmdir(folder) != 0)
        abort();
    return 0;
}
