/* SPDX-License-Identifier: Apache-2.0 */
/* The Access screen, drawn of a real review and walked with keys. */
#include "world.h"

#include "support/testing.h"

static struct world world;

static void add_probe(const char *probe, const char *out)
{
    world_add_evidence(
        &world, &(struct world_evidence){
                    .check = "accounts-have-owners", .probe = probe, .command = "cat", .out = out});
}

static void add_accounts(void)
{
    add_probe("accounts", "account:root:0:0:root:/root:/bin/bash\n"
                          "account:daemon:1:1:daemon:/usr/sbin:/usr/sbin/nologin\n"
                          "account:deploy:500:500::/srv/deploy:/bin/sh\n"
                          "account:ada:1000:1000:Ada:/home/ada:/bin/bash\n"
                          "account:b\xE2\x80\xAEob\x1B[31m:1001:1001:Bob:/home/bob:/bin/zsh\n");
    add_probe("groups", "group:sudo:27:ada\ngroup:docker:998:ada,deploy\n");
    add_probe("passwords", "password:root:locked:20000:\npassword:daemon:locked:20000:\n"
                           "password:deploy:none:20000:\npassword:ada:set:20380:\n");
    add_probe("root-rules", "sudo:ada:(ALL : ALL) ALL\n"
                            "sudo:deploy:(root) NOPASSWD: /usr/bin/systemctl restart web\n");
    add_probe("keys", "key:ada:256 SHA256:aaaa ada@laptop (ED25519)\n");
    add_probe("last-logins",
              "today:20420\nlast:ada pts/1 192.0.2.7 2025-11-26T08:00:00+00:00 - gone\n");
    world_press(&world, "1");
}

static void access_that_was_not_gathered(void **state UNUSED)
{
    world_press(&world, "5");
    world_assert_golden(&world, "access-none");
}

static void access_walked_line_by_line(void **state UNUSED)
{
    add_accounts();
    world_press(&world, "5");
    world_assert_golden(&world, "access-new");
    world_press(&world, "ac");
    world_type(&world, "Who uses this without a password?");
    world_assert_golden(&world, "access-question");
    world_press(&world, "<Enter>");
    world_assert_golden(&world, "access");
    world_press(&world, "aaa");
    world_assert_shows(&world, "every account of this target is walked");
    world_press(&world, "u");
    world_assert_shows(&world, "1 to walk, 1 questioned, 5 accounts");
}

static void access_that_has_changed_needs_a_new_word(void **state UNUSED)
{
    add_accounts();
    world_press(&world, "5jja");
    add_probe("keys", "key:ada:256 SHA256:aaaa ada@laptop (ED25519)\n"
                      "key:ada:256 SHA256:bbbb unknown (ED25519)\n");
    world_press(&world, "15k");
    world_assert_golden(&world, "access-changed");
    world_press(&world, "<Enter>");
    world_assert_golden(&world, "access-account");
}

static void access_in_ascii(void **state UNUSED)
{
    add_accounts();
    world.app.canvas.ascii = true;
    world_press(&world, "5aja");
    world_assert_golden(&world, "access-ascii");
}

static void access_is_found_by_its_name(void **state UNUSED)
{
    world_press(&world, "2:");
    world_type(&world, "who may do");
    world_press(&world, "<Enter>");
    world_assert_shows(&world, "Access on sandbox-7");
}

static void a_question_needs_words(void **state UNUSED)
{
    add_accounts();
    world_press(&world, "5c<Enter>");
    world_assert_shows(&world, "Question about root");
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "5 to walk, 0 questioned");
}

static void what_can_do_nothing_is_approved_at_once(void **state UNUSED)
{
    add_accounts();
    world_press(&world, "5A");
    world_assert_golden(&world, "access-inert");
    world_press(&world, "<Esc>");
    world_assert_shows(&world, "5 to walk, 0 questioned");
    world_press(&world, "A<Enter>");
    world_assert_shows(&world, "4 to walk, 0 questioned");
    world_press(&world, "A");
    world_assert_shows(&world, "needs a look of its own");
}

#define TEST(name) WORLD_TEST(name, world_set_up)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(access_that_was_not_gathered),
        TEST(access_walked_line_by_line),
        TEST(access_that_has_changed_needs_a_new_word),
        TEST(access_in_ascii),
        TEST(access_is_found_by_its_name),
        TEST(a_question_needs_words),
        TEST(what_can_do_nothing_is_approved_at_once),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
