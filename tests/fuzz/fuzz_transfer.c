/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes in place of what the reader of a stranger's file tells: a file that they make is one
 * that can be opened. */
#include "base/file.h"
#include "review/transfer.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    AUTO(review) struct review *review = NULL;
    char folder[] = "/tmp/walkdown-fuzz-XXXXXX";
    struct error error = {0};
    if (mkdtemp(folder) == NULL)
        return 0;
    AUTO_FREE char *path = memory_format("%s/taken.walk", folder);
    int fd = memfd_create("told", MFD_CLOEXEC);
    bool is_written = file_write_fd(fd, bytes, length, &error) && lseek(fd, 0, SEEK_SET) == 0;
    if (is_written && review_take(fd, path, UINT64_MAX, &error) &&
        !review_open(path, REVIEW_READ_ONLY, NULL, &review, &error))
        abort();
    close(fd);
    unlink(path);
    if (rmdir(folder) != 0)
        abort();
    return 0;
}
