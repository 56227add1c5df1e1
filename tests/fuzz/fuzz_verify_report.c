/* SPDX-License-Identifier: Apache-2.0 */
/* Any bytes in place of the report that the reader of a stranger's file tells: what is taken never
 * says complete, and is told on as it was taken. */
#include "base/file.h"
#include "review/verify.h"

#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static bool is_possible(const struct verify_report *report)
{
    if (report->answer == VERIFY_NOT_PROVEN)
        return report->problems.count == 0 && (int64_t)report->listed_count == report->entry_count;
    return (report->answer == VERIFY_TAMPERED || report->answer == VERIFY_CANNOT) &&
           report->problems.count > 0;
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct verify_report report = {0};
    struct error error = {0};
    int fd = memfd_create("told", MFD_CLOEXEC);
    if (file_write_fd(fd, bytes, length, &error) && lseek(fd, 0, SEEK_SET) == 0) {
        verify_report_take(fd, &report);
        if (!is_possible(&report) || lseek(fd, 0, SEEK_SET) != 0 ||
            !verify_report_send(&report, fd, &error))
            abort();
        verify_report_release(&report);
    }
    close(fd);
    return 0;
}
