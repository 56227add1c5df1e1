/* SPDX-License-Identifier: Apache-2.0 */
#include "file_names.h"

#include "base/buffer.h"

#include <strings.h>

static bool is_plain(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '.' ||
           c == '-' || c == '_';
}

/* "con", "com1.txt": devices of Windows with any extension. */
static bool is_device(const char *name)
{
    static const char *const plain[] = {"con", "prn", "aux", "nul"};
    size_t stem = strcspn(name, ".");
    for (size_t i = 0; i < LENGTH(plain); i++)
        if (stem == 3 && strncasecmp(name, plain[i], 3) == 0)
            return true;
    return stem == 4 && name[3] >= '0' && name[3] <= '9' &&
           (strncasecmp(name, "com", 3) == 0 || strncasecmp(name, "lpt", 3) == 0);
}

static char *make_safe(const char *text)
{
    struct buffer name = {0};
    if (*text == '\0' || *text == '.' || *text == '-' || is_device(text))
        buffer_append_byte(&name, '_');
    for (; *text != '\0' && name.length < FILE_NAME_MAX_BYTES; text++)
        buffer_append_byte(&name, is_plain(*text) ? *text : '_');
    if (name.data[name.length - 1] == '.')
        name.data[name.length - 1] = '_';
    return buffer_take(&name);
}

static void fold(char *text)
{
    for (; *text != '\0'; text++)
        if (*text >= 'A' && *text <= 'Z')
            *text = (char)(*text - 'A' + 'a');
}

/* True when the name was free. */
static bool take_name(struct file_names *names, const char *name)
{
    AUTO_FREE char *folded = memory_copy_text(name);
    fold(folded);
    if (strings_contains(&names->taken, folded))
        return false;
    strings_push(&names->taken, folded);
    return true;
}

char *file_names_make(struct file_names *names, const char *text)
{
    AUTO_FREE char *safe = make_safe(text);
    if (take_name(names, safe))
        return take(&safe);
    for (int number = 2;; number++) {
        AUTO_FREE char *numbered = memory_format("%s_%d", safe, number);
        if (take_name(names, numbered))
            return take(&numbered);
    }
}

void file_names_release(struct file_names *names)
{
    strings_release(&names->taken);
}
