/* SPDX-License-Identifier: Apache-2.0 */
/* The account that runs this process, as the account database knows it. */
#ifndef TARGET_ACCOUNT_H
#define TARGET_ACCOUNT_H

#include "base/memory.h"

/* Its name, or its number where it has no name. Free with free(). */
char *account_name(void) MUST_USE;
/* Its home folder, whatever $HOME says; NULL where the database does not know. */
char *account_home(void) MUST_USE;

#endif
