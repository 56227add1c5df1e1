/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "checklist/inventory.h"

struct fixture {
    struct inventory inventory;
    struct strings names;
    struct error error;
};

static int set_up(void **state)
{
    *state = memory_new(1, sizeof(struct fixture));
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    inventory_release(&f->inventory);
    strings_release(&f->names);
    free(f);
    return 0;
}

static bool load(struct fixture *f, const char *text)
{
    return inventory_load_file(testing_write("targets.yaml", text), &f->inventory, &f->error);
}

static void expect_names(struct fixture *f, const char *group, const char *expected)
{
    strings_release(&f->names);
    f->names = (struct strings){0};
    assert_done(inventory_select(&f->inventory, group, &f->names, &f->error), &f->error);
    char *joined = strings_join(&f->names, " ");
    assert_string_equal(joined, expected);
    free(joined);
}

static void targets_groups_and_parameters_are_read(void **state)
{
    struct fixture *f = *state;
    assert_done(load(f, "walkdown-targets: 1\n"
                        "params: {admins: [root, ada], days: 7}\n"
                        "targets:\n"
                        "  web1: ssh://web1\n"
                        "  web2: {target: 'ssh://ada@web2:2222', groups: web}\n"
                        "  db: {target: local, groups: [data, all-in-one]}\n"
                        "groups:\n"
                        "  web: [web1, web2]\n"
                        "  none: []\n"),
                &f->error);
    expect_names(f, NULL, "web1 web2 db");
    expect_names(f, "web", "web2 web1");
    expect_names(f, "data", "db");
    expect_names(f, "none", "");
    assert_string_equal(inventory_target(&f->inventory, "web2"), "ssh://ada@web2:2222");
    assert_null(inventory_target(&f->inventory, "web3"));
    assert_string_equal(f->inventory.parameters.items[0], "admins=root,ada");
    assert_string_equal(f->inventory.parameters.items[1], "days=7");
    assert_refused(inventory_select(&f->inventory, "mail", &f->names, &f->error), &f->error,
                   ERROR_NOT_FOUND);
    assert_string_equal(f->error.hint, "it has: web, data, all-in-one, none");
}

static void expect_settings(struct fixture *f, const char *name, const char *expected)
{
    struct strings settings = {0};
    inventory_settings(&f->inventory, name, &settings);
    char *joined = strings_join(&settings, " ");
    strings_release(&settings);
    bool fits = strcmp(joined, expected) == 0;
    if (!fits)
        print_error("%s: %s\n", name, joined);
    free(joined);
    assert_true(fits);
}

static void a_target_has_the_parameters_of_its_groups_and_then_its_own(void **state)
{
    struct fixture *f = *state;
    assert_done(load(f, "walkdown-targets: 1\n"
                        "params: {admins: root}\n"
                        "targets:\n"
                        "  web1: {target: local, params: {admins: [root, ada], empty: []}}\n"
                        "  web2: local\n"
                        "  web10: {target: local, groups: web, params: {words: a=b/c}}\n"
                        "groups:\n"
                        "  web: {targets: [web1], params: {admins: bob}}\n"
                        "  late: {targets: web1, params: {words: x}}\n"),
                &f->error);
    assert_int_equal(f->inventory.parameters.count, 1);
    expect_settings(f, "web1", "web1/admins=bob web1/words=x web1/admins=root,ada web1/empty=");
    expect_settings(f, "web2", "");
    expect_settings(f, "web10", "web10/admins=bob web10/words=a=b/c");
    expect_names(f, "web", "web10 web1");
}

static void flows_are_read_with_whom_they_name(void **state)
{
    struct fixture *f = *state;
    struct strings members = {0};
    assert_done(load(f, "walkdown-targets: 1\n"
                        "targets:\n"
                        "  web1: {target: ssh://web1, groups: web}\n"
                        "  web2: {target: ssh://web2, groups: web}\n"
                        "  db: {target: local, addresses: [10.0.0.2, 'fd00::2']}\n"
                        "flows:\n"
                        "  - web -> db:5432/tcp allow\n"
                        "  - any -> [fd00::9]:22/tcp deny   # nobody logs in there\n"
                        "  - db -> www.example.org:443 deny\n"),
                &f->error);
    assert_int_equal(f->inventory.flow_count, 3);
    assert_string_equal(f->inventory.flows[0].rule.to, "db");
    assert_true(f->inventory.flows[0].rule.is_allowed);
    assert_string_equal(f->inventory.flows[1].rule.to, "fd00::9");
    assert_int_equal(f->inventory.flows[2].position.line, 9);
    assert_string_equal(inventory_addresses(&f->inventory, "db"), "10.0.0.2,fd00::2");
    assert_string_equal(inventory_addresses(&f->inventory, "web1"), "");
    inventory_members(&f->inventory, "web", &members);
    inventory_members(&f->inventory, "db", &members);
    inventory_members(&f->inventory, "metadata", &members);
    char *joined = strings_join(&members, " ");
    assert_string_equal(joined, "web1 web2 db");
    free(joined);
    strings_release(&members);
}

static void mistakes_are_told_with_their_place(void **state)
{
    static const char *const rows[][2] = {
        {"targets: {a: local}\n", "1:1: a file of targets begins with 'walkdown-targets: 1'"},
        {"walkdown-targets: 2\ntargets: {a: local}\n", "begins with 'walkdown-targets: 1'"},
        {"walkdown-targets: 1\n", "there are no 'targets'"},
        {"walkdown-targets: 1\ntargets: [a]\n", "2:10: 'targets' has to be a mapping"},
        {"walkdown-targets: 1\ntargets: {a: }\n", "'a' needs a target"},
        {"walkdown-targets: 1\ntargets:\n  a: {target: local, param: {x: 1}}\n",
         "3:22: a target has no key 'param'"},
        {"walkdown-targets: 1\ntargets:\n  a: {target: local, params: [x]}\n",
         "3:30: 'params' has to be a mapping"},
        {"walkdown-targets: 1\ntargets:\n  a: {target: local, params: {x: {y: z}}}\n",
         "3:38: a parameter has to be a text or a list of texts"},
        {"walkdown-targets: 1\ntargets:\n  a: {target: local, params: {b/x: 1}}\n",
         "3:31: 'b/x' is no id of a parameter"},
        {"walkdown-targets: 1\ntargets: {a: local}\ngroups: {g: {target: a}}\n",
         "3:14: a group has no key 'target'"},
        {"walkdown-targets: 1\ntargets: {a: local, a: local}\n", "'a'"},
        {"walkdown-targets: 1\ntargets: {a: local}\ngroups: {g: [b]}\n",
         "the group 'g' names 'b', which is no target of this file"},
        {"walkdown-targets: 1\ntarget: {a: local}\ntargets: {a: local}\n", "no key 'target'"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows: {a: b}\n",
         "3:8: 'flows' has to be a list of texts"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows:\n  - {from: a}\n",
         "4:5: a flow is a text"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows:\n  - a -> a:80/tpc allow\n",
         "4:5: 'tpc' is no protocol"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows:\n  - b -> a:80/tcp allow\n",
         "4:5: a flow comes from a target or a group of this file, or from 'any'; 'b' is none"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows:\n  - a -> gatway:80/tcp allow\n",
         "4:5: 'gatway' is no target, group, address"},
        {"walkdown-targets: 1\ntargets: {a: local}\nflows:\n  - a -> a.b;id:80/tcp allow\n",
         "4:5: 'a.b;id' is no target"},
        {"walkdown-targets: 1\ntargets:\n  a: {target: local, addresses: [-e]}\n",
         "'-e' is no address and no name of a host"},
        {"- a\n", "a file of targets has to be a mapping"},
        {"a: &x b\n", "1:4"},
    };
    struct fixture *f = *state;
    for (size_t i = 0; i < LENGTH(rows); i++) {
        assert_refused(load(f, rows[i][0]), &f->error, ERROR_INVALID);
        if (strstr(f->error.message, rows[i][1]) == NULL)
            fail_msg("%s: '%s', expected '%s'", rows[i][0], f->error.message, rows[i][1]);
    }
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(targets_groups_and_parameters_are_read),
        TEST(a_target_has_the_parameters_of_its_groups_and_then_its_own),
        TEST(flows_are_read_with_whom_they_name),
        TEST(mistakes_are_told_with_their_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
