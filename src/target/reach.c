/* SPDX-License-Identifier: Apache-2.0 */
#include "target/reach.h"

#include "ssh_settings.h"

void target_reach_release(struct target_reach *reach)
{
    free(reach->host);
    *reach = (struct target_reach){0};
}

static bool fail(struct error *error, const char *host, const char *why)
{
    error_set(error, ERROR_UNSUPPORTED, "nothing here can reach '%s' by itself: %s", host, why);
    return error_hint(error, "look from a machine that reaches it, or skip the check");
}

/* A word that no program takes for an option, whatever ssh_config holds: the same grammar as for a
 * target. */
static bool is_host(const char *host)
{
    AUTO_RELEASE(target_spec) struct target_spec spec = {0};
    bool is_ipv6 = strchr(host, ':') != NULL;
    AUTO_FREE char *text = memory_format(is_ipv6 ? "ssh://[%s]" : "ssh://%s", host);
    return target_spec_parse(text, &spec, NULL) && spec.user == NULL && spec.port == 0 &&
           spec.hop_count == 0;
}

static bool find_ssh(const struct target_spec *spec, struct target_reach *ret_reach,
                     struct error *error)
{
    const struct connection_options options = {0};
    AUTO_RELEASE(ssh_settings) struct ssh_settings settings = {0};
    if (!ssh_settings_load(spec, &options, &settings, error)) {
        error->code = ERROR_UNSUPPORTED;
        return false;
    }
    if (settings.proxy != NULL) {
        AUTO_FREE char *why = memory_format("ssh_config sets %s for it", settings.proxy);
        return fail(error, spec->host, why);
    }
    if (!is_host(settings.host))
        return fail(error, spec->host, "what ssh_config calls its HostName is no name or address");
    ret_reach->host = take(&settings.host);
    ret_reach->port = settings.port;
    return true;
}

bool target_reach_find(const struct target_spec *spec, struct target_reach *ret_reach,
                       struct error *error)
{
    const char *obstacle = target_obstacle(spec);
    struct target_reach reach = {.kind = spec->kind};
    struct error unwanted = {0};
    error = error != NULL ? error : &unwanted;
    if (obstacle != NULL)
        return error_set(error, ERROR_UNSUPPORTED, "%s", obstacle);
    if (spec->kind == TARGET_LOCAL)
        reach.host = memory_copy_text("127.0.0.1");
    else if (!find_ssh(spec, &reach, error))
        return false;
    *ret_reach = reach;
    return true;
}
