/* SPDX-License-Identifier: Apache-2.0 */
/* A parameter as a user sets it: "id=value", or "id=a,b" for a list. */
#ifndef ASSESS_SETTING_H
#define ASSESS_SETTING_H

#include "checklist/parameters.h"

/* The part before the '='; free it. */
char *setting_id(const char *text) MUST_USE;
/* The target of "TARGET/ID=VALUE", which holds for it alone; NULL: for all. Free it. */
char *setting_target(const char *text) MUST_USE;
/* Set it in each of COUNT sets of parameters that know it; one has to. */
bool setting_apply(const char *text, struct parameters *parameters, size_t count,
                   struct error *error) MUST_USE;

#endif
