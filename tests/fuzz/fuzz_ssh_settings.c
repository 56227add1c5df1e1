/* SPDX-License-Identifier: Apache-2.0 */
/* The answer of "ssh -G", and of an agent: bytes that are only as good as the programs. */
#include "target/agent.h"
#include "target/ssh_settings.h"

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length);

static void require(bool holds)
{
    if (!holds)
        abort();
}

static void parse_settings(const char *text)
{
    struct ssh_settings settings = {0};
    const struct ssh_settings_source source = {text, "/home/jo", "/home/account", true, true};
    if (ssh_settings_parse(&source, &settings, NULL))
        require(settings.host != NULL && settings.user != NULL && settings.port > 0 &&
                settings.port <= 65535 && settings.connect_timeout_ms >= 0);
    ssh_settings_release(&settings);
}

int LLVMFuzzerTestOneInput(const uint8_t *bytes, size_t length)
{
    struct agent_keys keys = {0};
    char *text = memory_copy(bytes, length);
    parse_settings(text);
    if (agent_parse(bytes, length, &keys, NULL))
        for (size_t i = 0; i < keys.count; i++)
            require(keys.items[i].key.type != NULL && keys.items[i].comment != NULL);
    agent_keys_release(&keys);
    free(text);
    return 0;
}
