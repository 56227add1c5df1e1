/* SPDX-License-Identifier: Apache-2.0 */
/* What a host sends, searched by walkdown's own rules: each secret lies in it, behind the one
 * before.
 */
#include "checklist/secrets.h"

#include "base/buffer.h"
#include "base/file.h"

#define RULES_FILE SOURCE_FOLDER "/checklists/rules/secrets.yaml"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static struct secret_rules *load(void)
{
    struct secret_rules *rules = NULL;
    struct buffer text = {0};
    struct error error;
    bool done = file_read(RULES_FILE, 1 << 20, &text, &error) &&
                secret_rules_add(&rules, buffer_text(&text), text.length, &error);
    buffer_release(&text);
    if (!done)
        abort();
    return rules;
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t length)
{
    static struct secret_rules *rules;
    size_t count, end = 0;
    if (rules == NULL)
        rules = load();
    struct secret *found = secrets_find(rules, (const char *)data, length, &count);
    for (size_t i = 0; i < count; i++) {
        require(found[i].length > 0 && found[i].offset >= end);
        require(found[i].offset <= length && found[i].length <= length - found[i].offset);
        require(secret_rules_knows(rules, found[i].rule));
        end = found[i].offset + found[i].length;
    }
    free(found);
    return 0;
}
