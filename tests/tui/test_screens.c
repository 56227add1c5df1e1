/* SPDX-License-Identifier: Apache-2.0 */
/* Every screen and dialog, drawn of a real review on the canvas and compared with goldens. */
#include "../../src/tui/dialog.h"
#include "../../src/tui/note.h"
#include "../../src/tui/screens.h"
#include "world.h"

#include "support/testing.h"

#include "base/path.h"
#include "review/way.h"

static struct world world;

static void start_without_any_review(void **state UNUSED)
{
    world_assert_golden(&world, "start-empty");
}

static void new_review(void **state UNUSED)
{
    world_press(&world, "n");
    world_type(&world, "isolated-environment");
    world_press(&world, "<Tab>");
    world_type(&world, "local ssh://root@sandbox-7");
    world_assert_golden(&world, "create");
}

static void overview_at_the_beginning(void **state UNUSED)
{
    world_create(&world, "local");
    world_assert_golden(&world, "overview-new");
}

static void overview_of_work_under_way(void **state UNUSED)
{
    world_press(&world, "<Tab>j");
    world_assert_golden(&world, "overview");
}

static void walk_open_checks(void **state UNUSED)
{
    world_press(&world, "2jj");
    world_assert_golden(&world, "walk");
}

static void walk_all_checks(void **state UNUSED)
{
    world_press(&world, "2vvjjj");
    world_assert_golden(&world, "walk-all");
}

static void walk_on_a_group(void **state UNUSED)
{
    world_press(&world, "2h");
    world_assert_golden(&world, "walk-group");
}

static void walk_with_nothing_to_show(void **state UNUSED)
{
    world_press(&world, "2T<Down><Enter>vvv");
    world_assert_golden(&world, "walk-nothing");
}

static void walk_while_searching(void **state UNUSED)
{
    world_press(&world, "2/");
    world_type(&world, "root");
    world_assert_golden(&world, "walk-search");
}

static void walk_below_two_panes(void **state UNUSED)
{
    world_press(&world, "2jj");
    testing_assert_golden("tui/walk-50x14.txt", world_screen(&world, 14, 50));
    world_press(&world, "l");
    testing_assert_golden("tui/walk-detail-50x14.txt", world_screen(&world, 14, 50));
}

static void too_small_a_terminal(void **state UNUSED)
{
    testing_assert_golden("tui/too-small-39x9.txt", world_screen(&world, 9, 39));
}

static void reason_against_a_suggestion(void **state UNUSED)
{
    world_press(&world, "2jjp");
    world_type(&world, "the account is locked");
    world_assert_golden(&world, "reason");
}

static void comment_on_a_check(void **state UNUSED)
{
    world_press(&world, "2jjc");
    world_type(&world, "One line.\nAnother line, which is long enough to be wrapped at the right "
                       "edge of the box.");
    world_assert_golden(&world, "comment");
}

static void questions_of_a_check(void **state UNUSED)
{
    world_press(&world, "2jjA");
    world_assert_golden(&world, "questions");
    world_press(&world, "<Down><Enter>");
    world_assert_golden(&world, "question-yes-no");
}

static void evidence_of_a_check(void **state UNUSED)
{
    world_press(&world, "2jj3");
    world_assert_golden(&world, "evidence");
}

static void evidence_with_all_its_provenance(void **state UNUSED)
{
    world_press(&world, "2jj3i");
    world_assert_golden(&world, "evidence-provenance");
}

static void the_provenance_of_evidence_tells_what_its_run_reached(void **state UNUSED)
{
    struct world_evidence way = {.check = WAY_CHECK,
                                 .probe = "hop-1-podman",
                                 .command = "podman container inspect box",
                                 .out = "id: 4f66\n",
                                 .run = "0000"};
    world_add_evidence(&world, &way);
    way.run = NULL;
    way.out = "id: 90c1\nimage: a\033[31mred\n";
    world_add_evidence(&world, &way);
    way.run = "ffff";
    way.out = "id: abcd\n";
    world_add_evidence(&world, &way);
    world_press(&world, "2jj3");
    world_assert_shows(&world, "Reached   hop-1-podman: id 90c1, image a");
    world_assert_shows(&world, "Changed   hop-1-podman id is 90c1 and was 4f66 before");
    world_assert_lacks(&world, "abcd");
    world_assert_lacks(&world, "\033");
}

static void evidence_in_hexadecimal(void **state UNUSED)
{
    world_press(&world, "2jj3xx");
    world_assert_golden(&world, "evidence-hex");
}

static void evidence_compared_with_the_record_before(void **state UNUSED)
{
    world_press(&world, "2jj3d");
    world_assert_golden(&world, "evidence-diff");
}

static void evidence_that_is_not_there(void **state UNUSED)
{
    world_press(&world, "23");
    world_assert_golden(&world, "evidence-none");
}

static void hostile_evidence(void **state UNUSED)
{
    static const char out[] = "\x1B[2J\x1B]0;title\x07 and \x9B"
                              "31m red\n"
                              "back\b\b\rover\x0B\x0C\x85\n"
                              "bidi \xE2\x80\xAE evil \xE2\x81\xA6 \xE2\x80\x8F\n"
                              "hidden \xE2\x80\x8B\xC2\xAD\xE3\x85\xA4\xF3\xA0\x81\x81 words\n"
                              "not ours <1B> and <U+202E>\n"
                              "broken \xC0\xAF \xED\xA0\x80 \xF5\x80\x80\x80 utf-8\n"
                              "tab\there\tthere\n"
                              "Press y to sign this review off\n";
    world_add_evidence(&world, &(struct world_evidence){.check = "docker-group",
                                                        .probe = "members",
                                                        .command = "getent group \x1B[31mdocker",
                                                        .out = out});
    world_add_suggestion(
        &world, &(struct world_suggestion){.check = "docker-group",
                                           .suggestion = "fail",
                                           .reason = "The group \xE2\x80\xAE has members"});
    world_press(&world, "2");
    world_assert_golden(&world, "hostile-walk");
    world_press(&world, "3");
    world_assert_golden(&world, "hostile-evidence");
}

static void history_of_the_review(void **state UNUSED)
{
    world_press(&world, "7j");
    world_assert_golden(&world, "history");
}

static void history_narrowed_by_words(void **state UNUSED)
{
    world_press(&world, "7/");
    world_type(&world, "decision sudo");
    world_assert_golden(&world, "history-filter");
}

static void entry_of_the_ledger(void **state UNUSED)
{
    world_press(&world, "7<Enter>");
    world_assert_golden(&world, "history-entry");
}

static void signoff_screen(void **state UNUSED)
{
    world_press(&world, "8");
    world_assert_golden(&world, "signoff");
}

static void signoff_keys(void **state UNUSED)
{
    testing_write("environment/home/.ssh/id_ed25519", "private");
    testing_write("environment/home/.ssh/id_ed25519.pub", "public");
    testing_write("environment/home/.ssh/card.pub", "public");
    world_press(&world, "8<Enter>");
    world_type(&world, "id_ed25519");
    const char *screen = world_screen(&world, 24, 80);
    assert_non_null(strstr(screen, "id_ed25519"));
    assert_null(strstr(screen, "card.pub"));
}

static void signoff_confirmation(void **state UNUSED)
{
    world_press(&world, "8<Enter>");
    world_type(&world, "nokey/id_test");
    world_press(&world, "<Enter>s");
    world_type(&world, "sing");
    world_press(&world, "<Enter>");
    world_assert_golden(&world, "signoff-confirm");
}

static void help_of_walk(void **state UNUSED)
{
    world_press(&world, "2?");
    world_assert_golden(&world, "help");
}

static void palette_with_a_few_letters(void **state UNUSED)
{
    world_press(&world, "2:");
    world_type(&world, "root");
    world_assert_golden(&world, "palette");
}

static void consent_to_commands(void **state UNUSED)
{
    world_press(&world, "1R");
    world_assert_golden(&world, "consent");
    world_press(&world, "av");
    world_assert_golden(&world, "consent-commands");
}

static void target_choice(void **state UNUSED)
{
    world_press(&world, "2T");
    world_assert_golden(&world, "targets");
}

static void first_contact_with_a_host(void **state UNUSED)
{
    dialog_open(&world.app,
                &(struct dialog_request){
                    .title = "First contact: build-host",
                    .text = "Nothing is known of this host's key.",
                    .quote = "build.example.org port 22\nssh-ed25519\nSHA256:abc\x1B[2Jdef",
                    .word = "yes",
                    .confirm = "trust this key",
                    .is_guarded = true});
    world_type(&world, "no");
    world_assert_golden(&world, "first-contact");
}

static void secret_for_a_target(void **state UNUSED)
{
    note_open(&world.app, &(struct note_request){.title = "build-host asks",
                                                 .prompt = "These are its own words, not ours:",
                                                 .quote = "Your bank PIN, please\x07:",
                                                 .kind = EDITOR_SECRET,
                                                 .save = "send"});
    world_type(&world, "s3cret");
    world_assert_golden(&world, "secret");
    world_assert_lacks(&world, "s3cret");
}

static void stop_at_a_changed_key(void **state UNUSED)
{
    dialog_open(&world.app, &(struct dialog_request){.title = "build-host was not contacted",
                                                     .text = "the host key of build.example.org "
                                                             "changed",
                                                     .is_warning = true,
                                                     .is_guarded = true});
    world_assert_golden(&world, "hard-stop");
}

/* Nothing but ASCII, on every screen. */
static void ascii_everywhere(void **state UNUSED)
{
    static const char *const visits[] = {"1",      "2jj", "3", "x", "4",  "F",  "<Esc>a",
                                         "<Esc>5", "6",   "7", "8", "2?", "q:", "<Esc>R"};
    world.app.canvas.ascii = true;
    for (size_t i = 0; i < LENGTH(visits); i++) {
        world_press(&world, visits[i]);
        for (const char *at = world_screen(&world, 24, 80); *at != '\0'; at++)
            assert_true((unsigned char)*at < 0x80);
    }
    world_press(&world, "<Esc>2");
    world_assert_golden(&world, "walk-ascii");
}

/* Any size may come, and nothing may be drawn outside or crash. */
static void every_size_can_be_drawn(void **state UNUSED)
{
    static const char *const visits[] = {"1",       "2jj",     "3",           "d<Esc>i",
                                         "4",       "F",       "<Up><Enter>", "<Esc><Esc>a",
                                         "<Esc>s",  "<Esc>5",  "j<Enter>",    "<Esc>6",
                                         "ljm",     "7",       "<Enter>",     "<Esc>8",
                                         "2?",      "q:",      "<Esc>c",      "<Esc>R",
                                         "<Esc>jp", "<Esc>jA", "<Esc><Esc>2l"};
    for (size_t i = 0; i < LENGTH(visits); i++) {
        world_press(&world, visits[i]);
        for (int rows = 1; rows < 50; rows += rows < 14 ? 1 : 9)
            for (int columns = 1; columns < 160; columns += columns < 64 ? 3 : 31)
                world_screen(&world, rows, columns);
    }
}

int main(void)
{
#define EMPTY(function)  WORLD_TEST(function, world_set_up_empty)
#define FILLED(function) WORLD_TEST(function, world_set_up)
    const struct CMUnitTest tests[] = {
        EMPTY(start_without_any_review),
        EMPTY(new_review),
        EMPTY(overview_at_the_beginning),
        FILLED(overview_of_work_under_way),
        FILLED(walk_open_checks),
        FILLED(walk_all_checks),
        FILLED(walk_on_a_group),
        FILLED(walk_with_nothing_to_show),
        FILLED(walk_while_searching),
        FILLED(walk_below_two_panes),
        FILLED(too_small_a_terminal),
        FILLED(reason_against_a_suggestion),
        FILLED(comment_on_a_check),
        FILLED(questions_of_a_check),
        FILLED(evidence_of_a_check),
        FILLED(evidence_with_all_its_provenance),
        FILLED(the_provenance_of_evidence_tells_what_its_run_reached),
        FILLED(evidence_in_hexadecimal),
        FILLED(evidence_compared_with_the_record_before),
        FILLED(evidence_that_is_not_there),
        FILLED(hostile_evidence),
        FILLED(history_of_the_review),
        FILLED(history_narrowed_by_words),
        FILLED(entry_of_the_ledger),
        FILLED(signoff_screen),
        FILLED(signoff_keys),
        FILLED(signoff_confirmation),
        FILLED(help_of_walk),
        FILLED(palette_with_a_few_letters),
        FILLED(consent_to_commands),
        FILLED(target_choice),
        FILLED(first_contact_with_a_host),
        FILLED(secret_for_a_target),
        FILLED(stop_at_a_changed_key),
        FILLED(ascii_everywhere),
        FILLED(every_size_can_be_drawn),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
