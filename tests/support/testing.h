/* SPDX-License-Identifier: Apache-2.0 */
/*
 * What every test includes instead of <cmocka.h>. Including it pins the process before main(): the
 * environment holds nothing but PATH and what is set here (TZ=UTC, LC_ALL=C.UTF-8, TERM, HOME,
 * TMPDIR and XDG_*_HOME in a fresh folder that is removed at exit), umask is 022. Variables that
 * steer tests and sanitizers (UPDATE_GOLDEN, TESTING_*, *SAN_OPTIONS ...) stay.
 *
 * A failing assertion leaves by longjmp: no AUTO_* owner around it, keep resources in fixtures.
 */
#ifndef SUPPORT_TESTING_H
#define SUPPORT_TESTING_H

/* The prerequisites of cmocka.h, in its order. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#include "base/error.h"

/* Pin the process, once. Runs by itself. */
void testing_pin(void);
static void __attribute__((constructor)) testing_pin_before_main(void)
{
    testing_pin();
}

/* The fresh folder of this process. It holds "environment" with what the environment names: "home",
 * "state", "config", "cache", "data", "runtime" and "tmp". */
const char *testing_folder(void);
/* Absolute names below that folder, the source tree and the build tree. They live until exit. */
const char *testing_path(const char *relative);
const char *testing_source(const char *relative);
const char *testing_build(const char *relative);
/* Write TEXT to a file below testing_folder(), its folders made on demand, and return its name. */
const char *testing_write(const char *relative, const char *text);

/* Fail unless ACTUAL is what tests/golden/NAME holds. With UPDATE_GOLDEN=1 the file is written
 * instead. What differs is kept in the build tree as tests/golden-actual/NAME, and diffed. */
void testing_assert_golden(const char *name, const char *actual);
void testing_assert_golden_bytes(const char *name, const void *actual, size_t length);

/* Fail with the message of ERROR unless CALL is true: assert_done(store_open(..., &e), &e); */
#define assert_done(call, error) testing_check_done((call), (error), #call, __FILE__, __LINE__)
/* Fail unless CALL is false and left this code in ERROR. */
#define assert_refused(call, error, code)                                                          \
    testing_check_refused((call), (error), (code), __FILE__, __LINE__)
void testing_check_done(bool done, const struct error *error, const char *call, const char *file,
                        int line);
void testing_check_refused(bool done, const struct error *error, enum error_code code,
                           const char *file, int line);

#endif
