/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "target/spec.h"

/* Parsed into a fixture: a failing assertion leaves nothing behind. */
struct parsed {
    struct target_spec spec;
    char *text, *name;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct parsed));
    return 0;
}

static void clear(struct parsed *parsed)
{
    target_spec_release(&parsed->spec);
    free(parsed->text);
    free(parsed->name);
    *parsed = (struct parsed){0};
}

static int tear_down(void **state)
{
    clear(*state);
    free(*state);
    return 0;
}

static void expect_ssh(struct parsed *parsed, const char *text, const char *normal)
{
    clear(parsed);
    assert_true(target_spec_parse(text, &parsed->spec, &parsed->error));
    assert_int_equal(parsed->spec.kind, TARGET_SSH);
    parsed->text = target_spec_text(&parsed->spec);
    assert_string_equal(parsed->text, normal);
}

static void local_is_this_machine(void **state)
{
    struct parsed *parsed = *state;
    assert_true(target_spec_parse("local", &parsed->spec, &parsed->error));
    assert_int_equal(parsed->spec.kind, TARGET_LOCAL);
    assert_null(parsed->spec.host);
    parsed->text = target_spec_text(&parsed->spec);
    assert_string_equal(parsed->text, "local");
}

static void ssh_targets_have_one_normal_form(void **state)
{
    static const char *const pairs[][2] = {
        {"ssh://web", "ssh://web"},
        {"web", "ssh://web"},
        {"ssh://local", "ssh://local"},
        {"root@web", "ssh://root@web"},
        {"ssh://root@web.example.org:2222", "ssh://root@web.example.org:2222"},
        {"web:22", "ssh://web:22"},
        {"docker:22", "ssh://docker:22"},
        {"ssh://10.0.0.7", "ssh://10.0.0.7"},
        {"ssh://[2001:db8::1]", "ssh://[2001:db8::1]"},
        {"ssh://a@[fe80::1%eth0]:22", "ssh://a@[fe80::1%eth0]:22"},
        {"jo@corp.example@gate_7", "ssh://jo@corp.example@gate_7"},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++)
        expect_ssh(*state, pairs[i][0], pairs[i][1]);
}

static void parts_are_told_apart(void **state)
{
    struct parsed *parsed = *state;
    expect_ssh(parsed, "ssh://jo@[::1]:2200", "ssh://jo@[::1]:2200");
    assert_string_equal(parsed->spec.user, "jo");
    assert_string_equal(parsed->spec.host, "::1");
    assert_int_equal(parsed->spec.port, 2200);
}

/* What a shell, an option parser, ssh_config's %-expansion or a path could take for its own. */
static const char *const evil[] = {
    "",
    " ",
    "ssh://",
    "ssh:///",
    "@",
    "a@",
    "@a",
    "ssh://@host",
    "-oProxyCommand=id",
    "ssh://-oProxyCommand=id",
    "ssh://-l@h",
    "ssh://-oX@h",
    "--",
    "-",
    "a;id",
    "a&id",
    "a|id",
    "a`id`",
    "`id`",
    "$(id)",
    "a$(id)",
    "${HOME}",
    "a$HOME",
    "a'b",
    "a\"b",
    "a\\b",
    "a b",
    "a\tb",
    "a\nb",
    "\na",
    "a\rb",
    "a\x1b[2J",
    "a\x7f",
    "a\x80",
    "h\xc3\xa9te",
    "\xd1\x95udo",
    "a\xe2\x80\xae"
    "b",
    "a\xe2\x80\x8b"
    "b",
    "a<b",
    "a>b",
    "a(b",
    "a)b",
    "a{b",
    "a}b",
    "a[b",
    "a]b",
    "a*b",
    "a?b",
    "a!b",
    "a#b",
    "a~b",
    "~root",
    "a=b=",
    "a,b",
    "a^b",
    "a%b",
    "%h",
    "%r@h",
    "u%r@h",
    "u;id@h",
    "u`id`@h",
    "u$(id)@h",
    "u b@h",
    "u'@h",
    "u\"@h",
    "u\\@h",
    "u/x@h",
    "u\n@h",
    "../h",
    "/etc/passwd",
    "./h",
    "h/",
    "h/docker",
    "h/docker:",
    "h/docker:-v",
    "h/docker:.x",
    "h/docker:a b",
    "h/docker:a;id",
    "h/docker:a%20b",
    "h/docker:web/",
    "h/docker:web/x",
    "h/nosuch:web",
    "h/kubectl::pod",
    "h/kubectl:a:b:c:d",
    "h/nsenter:0",
    "h/nsenter:x",
    "h/nsenter:99999999999",
    "h/chroot:srv",
    "h/chroot:/srv/../etc",
    "h/chroot:/..",
    "h/chroot:/a'b",
    "h/chroot:/a%27b",
    "h/chroot:/a%00",
    "h/chroot:/a%4",
    "h/exec:",
    "h/exec:-x",
    "h/exec: x",
    "h/exec:a\\b",
    "h/exec:a\nb",
    "h/sudo:x",
    "h/sudo/x",
    "openssh://",
    "openssh:///docker:web",
    "local/docker:a/docker:a/docker:a/docker:a/docker:a/docker:a/docker:a/docker:a/docker:a",
    "ssh://h?x",
    "ssh://h#x",
    ".",
    "..",
    "a..b",
    ".a",
    "a.",
    "a-",
    "-a",
    "a.-b",
    "a-.b",
    "-.a",
    "h:",
    "h:0",
    "h:65536",
    "h:99999",
    "h:-1",
    "h:+1",
    "h: 1",
    "h:1 ",
    "h:022",
    "h:1x",
    "h:0x16",
    "h:22:22",
    "h:123456789012345678901",
    "::1",
    "2001:db8::1",
    "[::1",
    "::1]",
    "[]",
    "[h]",
    "[::1]x",
    "[::1]:",
    "[::1]:x",
    "[::1%]",
    "[::1%;id]",
    "[::1%-x]",
    "[:::]",
    "[::1\n]",
    "http://h",
    "ssh:h:22",
    "ssh:/h",
    "ssh://ssh://h",
    "SSH://h",
    "telnet://h",
};

static void evil_names_are_refused(void **state)
{
    struct parsed *parsed = *state;
    assert_true(LENGTH(evil) >= 100);
    for (size_t i = 0; i < LENGTH(evil); i++) {
        clear(parsed);
        if (target_spec_parse(evil[i], &parsed->spec, &parsed->error))
            fail_msg("'%s' was taken for a target", evil[i]);
        assert_int_equal(parsed->error.code, ERROR_USAGE);
        assert_true(parsed->error.hint[0] != '\0');
    }
}

static void over_long_parts_are_refused(void **state)
{
    struct parsed *parsed = *state;
    static char host[255], user[80];
    memset(host, 'a', 254);
    assert_false(target_spec_parse(host, &parsed->spec, &parsed->error));
    host[253] = '\0';
    assert_true(target_spec_parse(host, &parsed->spec, &parsed->error));
    target_spec_release(&parsed->spec);
    memset(user, 'u', 65);
    memcpy(user + 65, "@h", 3);
    assert_false(target_spec_parse(user, &parsed->spec, &parsed->error));
    assert_true(target_spec_parse(user + 1, &parsed->spec, &parsed->error));
}

static void expect_name(struct parsed *parsed, const char *text, const char *name, const char *spec)
{
    clear(parsed);
    assert_true(target_name_parse(text, &parsed->name, &parsed->text, &parsed->error));
    assert_string_equal(parsed->name, name);
    assert_string_equal(parsed->text, spec);
}

static void a_name_may_stand_before_a_target(void **state)
{
    expect_name(*state, "box=ssh://root@10.0.0.7", "box", "ssh://root@10.0.0.7");
    expect_name(*state, "this.one_7=local", "this.one_7", "local");
}

static void a_name_is_made_from_the_host(void **state)
{
    expect_name(*state, "local", "local", "local");
    expect_name(*state, "sandbox7", "sandbox7", "ssh://sandbox7");
    expect_name(*state, "ssh://root@WEB.example.org:2222", "web.example.org",
                "ssh://root@WEB.example.org:2222");
    expect_name(*state, "[2001:db8::1]", "2001-db8--1", "ssh://[2001:db8::1]");
    expect_name(*state, "[::1]", "ip6-1", "ssh://[::1]");
    expect_name(*state, "[::]", "target", "ssh://[::]");
    expect_name(*state, "_x", "x", "ssh://_x");
}

static void bad_names_are_refused(void **state)
{
    static const char *const bad[] = {
        "=local",         "-a=local",
        ".a=local",       "A=local",
        "a b=local",      "a/b=local",
        "\xc3\xa9=local", "a=",
        "a=b=c",          "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa=local",
    };
    struct parsed *parsed = *state;
    for (size_t i = 0; i < LENGTH(bad); i++) {
        assert_false(target_name_parse(bad[i], &parsed->name, &parsed->text, &parsed->error));
        assert_int_equal(parsed->error.code, ERROR_USAGE);
    }
}

static void hops_have_one_normal_form(void **state)
{
    static const char *const pairs[][2] = {
        {"web/docker:app", "ssh://web/docker:app"},
        {"openssh://jo@web:22/podman:app", "openssh://jo@web:22/podman:app"},
        {"ssh://n3/sudo/kubectl:prod:api-0:main", "ssh://n3/sudo/kubectl:prod:api-0:main"},
        {"h/chroot:/srv/jail", "ssh://h/chroot:/srv/jail"},
        {"h/chroot:%2Fsrv%2fjail/docker:x", "ssh://h/chroot:/srv/jail/docker:x"},
        {"h/chroot:/srv%2Fdocker:x", "ssh://h/chroot:/srv%2Fdocker:x"},
        {"h/exec:crun exec box", "ssh://h/exec:crun exec box"},
        {"h/exec:a%20/bin/b%25", "ssh://h/exec:a /bin/b%25"},
        {"h/lxc:a/lxd:b/incus:c/machinectl:d/nsenter:1/doas",
         "ssh://h/lxc:a/lxd:b/incus:c/machinectl:d/nsenter:1/doas"},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++)
        expect_ssh(*state, pairs[i][0], pairs[i][1]);
}

static void expect_line(struct parsed *parsed, const char *text, size_t hops, const char *line)
{
    clear(parsed);
    assert_done(target_spec_parse(text, &parsed->spec, &parsed->error), &parsed->error);
    parsed->text = target_shell_line(&parsed->spec, hops);
    assert_string_equal(parsed->text, line);
}

static void each_hop_starts_a_shell_in_its_way(void **state)
{
    static const char *const pairs[][2] = {
        {"docker:app", "docker exec -i app /bin/sh -s"},
        {"podman:app", "podman exec -i app /bin/sh -s"},
        {"nerdctl:app", "nerdctl exec -i app /bin/sh -s"},
        {"crictl:3f2a", "crictl exec -i 3f2a /bin/sh -s"},
        {"kubectl:pod", "kubectl exec -i pod -- /bin/sh -s"},
        {"kubectl:ns:pod:c", "kubectl exec -i -n ns pod -c c -- /bin/sh -s"},
        {"lxc:box", "lxc-attach --clear-env -n box -- /bin/sh -s"},
        {"lxd:box", "/bin/sh -c 'test -e \"${LXD_CONF:-$HOME/.config/lxc}/config.yml\" || "
                    "set -- --force-local \"$@\"; exec lxc exec -T \"$@\"' sh box -- /bin/sh -s"},
        {"incus:box", "/bin/sh -c 'test -e \"${INCUS_CONF:-$HOME/.config/incus}/config.yml\" || "
                      "set -- --force-local \"$@\"; exec incus exec -T \"$@\"' "
                      "sh box -- /bin/sh -s"},
        {"machinectl:box",
         "/bin/sh -c 'class=$(machinectl show --property=Class --value -- \"$1\") || exit; "
         "test \"$class\" = container || "
         "{ echo \"$1 is no container but of the class $class: review it over SSH\" >&2; "
         "exit 1; }; "
         "leader=$(machinectl show --property=Leader --value -- \"$1\") && shift && "
         "exec nsenter -a -t \"$leader\" -- \"$@\"' sh box /bin/sh -s"},
        {"nsenter:42", "nsenter -a -t 42 -- /bin/sh -s"},
        {"chroot:/srv/a b", "chroot '/srv/a b' /bin/sh -s"},
        {"exec:env A=$x y", "env 'A=$x' y /bin/sh -s"},
        {"sudo/docker:app", "sudo -n -- docker exec -i app /bin/sh -s"},
        {"docker:a/docker:b", "docker exec -i a docker exec -i b /bin/sh -s"},
    };
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        char target[64], line[512];
        snprintf(target, sizeof(target), "h/%s", pairs[i][0]);
        snprintf(line, sizeof(line), "exec %s", pairs[i][1]);
        expect_line(*state, target, TARGET_HOPS_MAX, line);
    }
    expect_line(*state, "h/docker:a/docker:b", 1, "exec docker exec -i a /bin/sh -s");
    expect_line(*state, "h/docker:a/docker:b", 0, "exec /bin/sh -s");
}

static void a_hop_gives_its_target_a_name(void **state)
{
    static const char *const pairs[][2] = {{"local/docker:Web_1", "local-web_1"},
                                           {"ssh://n3/kubectl:ns:api/sudo", "n3-ns-api"},
                                           {"local/exec:env A=b c", "local-env-a-b-c"},
                                           {"h/chroot:/srv/jail", "h-srv-jail"},
                                           {"h/sudo", "h"}};
    struct parsed *parsed = *state;
    for (size_t i = 0; i < LENGTH(pairs); i++) {
        clear(parsed);
        assert_done(target_name_parse(pairs[i][0], &parsed->name, &parsed->text, &parsed->error),
                    &parsed->error);
        assert_string_equal(parsed->name, pairs[i][1]);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(local_is_this_machine, set_up, tear_down),
        cmocka_unit_test_setup_teardown(ssh_targets_have_one_normal_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(parts_are_told_apart, set_up, tear_down),
        cmocka_unit_test_setup_teardown(evil_names_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(over_long_parts_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_may_stand_before_a_target, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_name_is_made_from_the_host, set_up, tear_down),
        cmocka_unit_test_setup_teardown(bad_names_are_refused, set_up, tear_down),
        cmocka_unit_test_setup_teardown(hops_have_one_normal_form, set_up, tear_down),
        cmocka_unit_test_setup_teardown(each_hop_starts_a_shell_in_its_way, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_hop_gives_its_target_a_name, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
