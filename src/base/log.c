/* SPDX-License-Identifier: Apache-2.0 */
#include "base/log.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <fcntl.h>
#include <unistd.h>

static int log_fd = -1;
static const char *log_who = "";

void log_open_from_environment(const char *who)
{
    const char *path = getenv("WALKDOWN_LOG");
    log_close();
    if (path == NULL || *path == '\0')
        return;
    log_fd = open(path, O_WRONLY | O_APPEND | O_CREAT | O_NOFOLLOW | O_CLOEXEC | O_NOCTTY, 0600);
    log_who = who;
}

void log_close(void)
{
    if (log_fd >= 0)
        close(log_fd);
    log_fd = -1;
}

void log_line(const char *format, ...)
{
    if (log_fd < 0)
        return;
    AUTO_RELEASE(buffer) struct buffer text = {0};
    va_list arguments;
    va_start(arguments, format);
    buffer_append_format_list(&text, format, arguments);
    va_end(arguments);

    AUTO_RELEASE(buffer) struct buffer line = {0};
    char now[CLOCK_TEXT_BYTES];
    buffer_append_format(&line, "%s %s[%d] ", clock_format_utc(clock_wall_ms(), now), log_who,
                         (int)getpid());
    safe_text_append(&line, text.data, text.length, SAFE_ONE_LINE);
    buffer_append_byte(&line, '\n');
    /* One write, so that lines of several processes do not mix; a full disk is no reason to stop.
     */
    ssize_t ignored UNUSED = write(log_fd, line.data, line.length);
}
