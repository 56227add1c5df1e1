/* SPDX-License-Identifier: Apache-2.0 */
#include "account.h"

#include <pwd.h>
#include <unistd.h>

enum { ACCOUNT_SPACE_BYTES = 16384 };

static bool find_account(struct passwd *ret_account, char space[ACCOUNT_SPACE_BYTES])
{
    struct passwd *found = NULL;
    return getpwuid_r(getuid(), ret_account, space, ACCOUNT_SPACE_BYTES, &found) == 0 &&
           found != NULL;
}

char *account_name(void)
{
    struct passwd account;
    char space[ACCOUNT_SPACE_BYTES];
    if (find_account(&account, space))
        return memory_copy_text(account.pw_name);
    return memory_format("%u", (unsigned)getuid());
}

char *account_home(void)
{
    struct passwd account;
    char space[ACCOUNT_SPACE_BYTES];
    return find_account(&account, space) ? memory_copy_text(account.pw_dir) : NULL;
}
