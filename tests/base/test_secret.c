/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/secret.h"

#include <stdio.h>
#include <string.h>
#include <sys/resource.h>

/* The line of /proc/self/smaps that begins with KEY, of the mapping that holds ADDRESS. */
static void read_mapping(const void *address, const char *key, char line[256])
{
    FILE *file = fopen("/proc/self/smaps", "re");
    unsigned long from, to;
    bool is_inside = false, found = false;
    assert_non_null(file);
    while (!found && fgets(line, 256, file) != NULL) {
        if (sscanf(line, "%lx-%lx ", &from, &to) == 2)
            is_inside = from <= (unsigned long)address && (unsigned long)address < to;
        found = is_inside && strncmp(line, key, strlen(key)) == 0;
    }
    fclose(file);
    assert_true(found);
}

static void a_secret_is_locked_and_left_out_of_dumps(void **state UNUSED)
{
    char line[256];
    struct secret *secret = secret_new("open sesame", 11);
    assert_string_equal(secret_text(secret), "open sesame");
#ifndef __SANITIZE_ADDRESS__ /* where mlock(2) does nothing */
    if (secret_is_locked(secret)) {
        read_mapping(secret_text(secret), "Locked:", line);
        assert_null(strstr(line, " 0 kB"));
    }
#endif
    read_mapping(secret_text(secret), "VmFlags:", line);
    assert_non_null(strstr(line, " dd"));
    secret_free(secret);
}

static void a_secret_that_cannot_be_locked_is_one_all_the_same(void **state UNUSED)
{
    struct rlimit before;
    assert_int_equal(getrlimit(RLIMIT_MEMLOCK, &before), 0);
    assert_int_equal(setrlimit(RLIMIT_MEMLOCK, &(struct rlimit){0, before.rlim_max}), 0);
    struct secret *secret = secret_new("x", 1);
    assert_string_equal(secret_text(secret), "x");
    secret_free(secret);
    setrlimit(RLIMIT_MEMLOCK, &before);
}

static void what_is_too_long_is_cut(void **state UNUSED)
{
    char bytes[SECRET_MAX_BYTES + 100];
    memset(bytes, 'x', sizeof(bytes));
    struct secret *secret = secret_new(bytes, sizeof(bytes));
    assert_int_equal(strlen(secret_text(secret)), SECRET_MAX_BYTES);
    secret_free(secret);
    secret_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_secret_is_locked_and_left_out_of_dumps),
        cmocka_unit_test(a_secret_that_cannot_be_locked_is_one_all_the_same),
        cmocka_unit_test(what_is_too_long_is_cut),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
