/* SPDX-License-Identifier: Apache-2.0 */
/*
 * Memory: allocation that cannot fail, and owners that clean up after themselves.
 *
 * Running out of memory ends the program in one place, memory_exhausted(); therefore every size
 * that comes from outside is capped before it reaches an allocation.
 */
#ifndef BASE_MEMORY_H
#define BASE_MEMORY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

/* The caller has to look at the result. */
#define MUST_USE __attribute__((warn_unused_result))
/* The compiler checks the arguments against the printf format TEXT. */
#define PRINTF_LIKE(text, first) __attribute__((format(printf, text, first)))
#define UNUSED                   __attribute__((unused))

/* Number of elements of a true array. */
#define LENGTH(array) (sizeof(array) / sizeof((array)[0]))

/* An owning local: AUTO_FREE char *path = NULL; is freed where it goes out of scope.
 * AUTO(store) struct store *store = NULL; calls store_free_auto, which DEFINE_AUTO made. */
#define AUTO_FREE  __attribute__((cleanup(memory_free_auto)))
#define AUTO(type) __attribute__((cleanup(type##_auto)))
#define DEFINE_AUTO(type, release)                                                                 \
    static inline UNUSED void type##_auto(struct type **owner)                                     \
    {                                                                                              \
        release(*owner);                                                                           \
    }
/* The same for a structure that is embedded or on the stack: AUTO_RELEASE(buffer) struct buffer b =
 * {0}; */
#define AUTO_RELEASE(type) __attribute__((cleanup(type##_release)))

/* Hand an owning local out: return take(&path); */
#define take(owner)                                                                                \
    __extension__({                                                                                \
        __auto_type owner_ = (owner);                                                              \
        __auto_type taken_ = *owner_;                                                              \
        *owner_ = NULL;                                                                            \
        taken_;                                                                                    \
    })

/* Zeroed memory; count and size in bytes. Never NULL, even for 0 bytes. Free with free(). */
void *memory_new(size_t count, size_t size) MUST_USE;
/* Resized memory, contents kept, new bytes not cleared. Never NULL. */
void *memory_resize(void *memory, size_t count, size_t size) MUST_USE;
/* A copy of a string; NULL stays NULL. */
char *memory_copy_text(const char *text) MUST_USE;
/* A copy of LENGTH bytes with a NUL behind them. */
char *memory_copy(const void *bytes, size_t length) MUST_USE;
/* A formatted string. */
char *memory_format(const char *format, ...) PRINTF_LIKE(1, 2) MUST_USE;
/* Overwrite a secret so that the compiler cannot leave it out. */
void memory_wipe(void *memory, size_t length);
/* Say so on stderr and abort. */
void memory_exhausted(void) __attribute__((noreturn));

static inline UNUSED void memory_free_auto(void *owner)
{
    free(*(void **)owner);
}

#endif
