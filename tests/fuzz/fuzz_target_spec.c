/* SPDX-License-Identifier: Apache-2.0 */
/* What is taken for a target comes back the same from its normal form, and holds nothing that a
 * shell or the parser of options could act on. */
#include "target/spec.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void look_at(const char *part)
{
    static const char evil[] = " \t\r\n;&|`$()<>{}[]'\"\\*?!#~^=,/";
    require(part == NULL || (part[0] != '-' && part[0] != '\0' && strpbrk(part, evil) == NULL));
}

static void check_again(const struct target_spec *spec)
{
    struct target_spec again = {0};
    char *text = target_spec_text(spec);
    require(target_spec_parse(text, &again, NULL));
    char *same = target_spec_text(&again);
    require(strcmp(text, same) == 0 && spec->kind == again.kind && spec->port == again.port);
    free(same);
    free(text);
    target_spec_release(&again);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct target_spec spec = {0};
    char *name = NULL, *normal = NULL;
    char *text = memory_copy(bytes, length);
    if (target_spec_parse(text, &spec, NULL)) {
        look_at(spec.user);
        look_at(spec.host);
        require(spec.port >= 0 && spec.port <= 65535);
        check_again(&spec);
    }
    if (target_name_parse(text, &name, &normal, NULL))
        require(strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789._-") == strlen(name));
    free(name);
    free(normal);
    free(text);
    target_spec_release(&spec);
    return 0;
}
