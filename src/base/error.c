/* SPDX-License-Identifier: Apache-2.0 */
#include "base/error.h"

#include <stdarg.h>

#ifdef __clang_analyzer__
#undef error_set
#undef error_prefix
#undef error_hint
#endif

/* The arguments may quote the very message that is replaced: each text is made aside first. */

bool error_set(struct error *error, enum error_code code, const char *format, ...)
{
    if (error == NULL)
        return false;
    char message[sizeof(error->message)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    error->code = code;
    memcpy(error->message, message, sizeof(message));
    error->hint[0] = '\0';
    return false;
}

bool error_prefix(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    char message[sizeof(error->message)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(message, sizeof(message), format, arguments);
    va_end(arguments);
    AUTO_FREE char *whole = memory_format("%s: %s", message, error->message);
    snprintf(error->message, sizeof(error->message), "%s", whole);
    return false;
}

bool error_hint(struct error *error, const char *format, ...)
{
    if (error == NULL)
        return false;
    char hint[sizeof(error->hint)];
    va_list arguments;
    va_start(arguments, format);
    vsnprintf(hint, sizeof(hint), format, arguments);
    va_end(arguments);
    memcpy(error->hint, hint, sizeof(hint));
    return false;
}

const char *error_code_text(enum error_code code)
{
    static const char *const texts[] = {
#define X(name, text) [ERROR_##name] = text,
        ERROR_CODES(X)
#undef X
    };
    return (size_t)code < LENGTH(texts) ? texts[code] : "unknown";
}
