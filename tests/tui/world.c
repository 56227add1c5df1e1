/* SPDX-License-Identifier: Apache-2.0 */
#include "world.h"

#include "support/testing.h"

#include "base/clock.h"
#include "base/utf8.h"

#include <ctype.h>
#include <unistd.h>

/* Ids that are random in every run, of this length or longer, are blotted out. */
enum { RANDOM_DIGITS_MIN = 24 };

void world_init(struct world *world)
{
    *world = (struct world){0};
    setenv("WALKDOWN_NAME", "Ada", 1);
    setenv("WALKDOWN_EMAIL", "ada@example.org", 1);
    clock_set_wall_ms(WORLD_TIME_MS);
    world->loop = loop_new();
    app_init(&world->app, world->loop, NULL);
    world->app.guard_ms = 0;
    canvas_clear(&world->app.canvas, 40, 140);
}

void world_release(struct world *world)
{
    app_release(&world->app);
    loop_free(world->loop);
    buffer_release(&world->text);
    clock_set_wall_ms(0);
}

void world_create(struct world *world, const char *targets)
{
    struct strings checklist_names = {0};
    struct strings target_names = {0};
    struct error error = {0};
    const char *path = testing_path("sandbox-7.walk");
    unlink(path);
    strings_push(&checklist_names, testing_source("tests/tui/world.yaml"));
    strings_split(&target_names, targets, ' ');
    struct session_new request = {
        .path = path, .checklists = &checklist_names, .targets = &target_names};
    bool is_made = app_create(&world->app, &request, &error);
    strings_release(&checklist_names);
    strings_release(&target_names);
    assert_done(is_made, &error);
    app_settle(&world->app);
}

/* ---- entries ---- */

static const char *target_name(const struct world *world, const char *target)
{
    return target != NULL ? target : app_target_name(&world->app, 0);
}

static void append(struct world *world, const struct new_entry *entry)
{
    struct error error = {0};
    bool changed = false;
    bool is_done = review_append(session_review(world->app.session), entry, 1, NULL, &error) &&
                   session_refresh(world->app.session, &changed, &error);
    json_decref(entry->body);
    assert_done(is_done, &error);
    app_update(&world->app);
}

static json_t *stream_body(const char *bytes, size_t length, struct new_blob *blob)
{
    char id[DIGEST_HEX_BYTES];
    if (length == 0)
        return json_pack("{s:i}", "size", 0);
    new_blob_init(blob, bytes, length);
    return json_pack("{s:s, s:I}", "blob", digest_hex(&blob->id, id), "size", (json_int_t)length);
}

void world_add_evidence(struct world *world, const struct world_evidence *evidence)
{
    struct new_blob blobs[2];
    size_t count = 0;
    const char *out = evidence->out != NULL ? evidence->out : "";
    const char *err = evidence->err != NULL ? evidence->err : "";
    size_t out_length = evidence->out_length > 0 ? evidence->out_length : strlen(out);
    const char *outcome = evidence->outcome != NULL ? evidence->outcome : "done";
    static const char zeros[] = "0000000000000000000000000000000000000000000000000000000000000000";
    json_t *out_body = stream_body(out, out_length, &blobs[count]);
    count += out_length > 0;
    json_t *err_body = stream_body(err, strlen(err), &blobs[count]);
    count += err[0] != '\0';
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:s, s:b, s:s, s:s, s:i, s:I, s:i, s:i, s:o, s:o}", "run",
        evidence->run != NULL ? evidence->run : "00112233445566778899aabbccddeeff", "target",
        target_name(world, evidence->target), "check", evidence->check, "probe", evidence->probe,
        "check_digest", zeros, "command", evidence->command, "as_root", 0, "outcome", outcome,
        "detail", evidence->detail != NULL ? evidence->detail : "", "exit", evidence->exit_status,
        "started_ms", (json_int_t)(WORLD_TIME_MS + evidence->after_ms), "duration_ms", 12, "noise",
        0, "out", out_body, "err", err_body);
    assert_non_null(body);
    append(world, &(struct new_entry){
                      .kind = ENTRY_EVIDENCE, .body = body, .blobs = blobs, .blob_count = count});
}

void world_add_suggestion(struct world *world, const struct world_suggestion *suggestion)
{
    const char *lines = suggestion->lines != NULL ? suggestion->lines : "[]";
    json_t *line_list = json_loads(lines, 0, NULL);
    assert_non_null(line_list);
    json_t *body = json_pack(
        "{s:s, s:s, s:s, s:s, s:s, s:o}", "run", "00112233445566778899aabbccddeeff", "target",
        target_name(world, suggestion->target), "check", suggestion->check, "suggestion",
        suggestion->suggestion, "reason", suggestion->reason, "lines", line_list);
    append(world, &(struct new_entry){.kind = ENTRY_SUGGESTION, .body = body});
}

void world_decide(struct world *world, const char *check, enum verdict verdict, const char *because)
{
    struct error error = {0};
    struct decision decision = {.check = check,
                                .target = app_target_name(&world->app, 0),
                                .verdict = verdict,
                                .because = because};
    assert_done(session_decide(world->app.session, &decision, &error), &error);
    app_update(&world->app);
}

static void fill_ssh(struct world *world)
{
    static const char configuration[] =
        "port 22\naddressfamily any\nlistenaddress 0.0.0.0\nusepam yes\nlogingracetime 120\n"
        "maxauthtries 6\npermitrootlogin yes\npasswordauthentication yes\nx11forwarding no\n";
    world_add_evidence(world, &(struct world_evidence){.check = "ssh-root-password",
                                                       .probe = "effective",
                                                       .command = "sshd -T",
                                                       .out = "port 22\npermitrootlogin no\n",
                                                       .after_ms = -3600000});
    world_add_evidence(world, &(struct world_evidence){.check = "ssh-root-password",
                                                       .probe = "effective",
                                                       .command = "sshd -T",
                                                       .out = configuration,
                                                       .err = "a warning\n"});
    world_add_suggestion(
        world, &(struct world_suggestion){
                   .check = "ssh-root-password",
                   .suggestion = "fail",
                   .reason = "Root may log in with a password: found 'permitrootlogin yes' (stdout "
                             "line 7)",
                   .lines = "[{\"probe\": \"effective\", \"stream\": \"stdout\", \"line\": 7, "
                            "\"bad\": true}]"});
}

void world_fill(struct world *world)
{
    struct error error = {0};
    world_create(world, "sandbox-7=local build-host=ssh://root@build.example.org");
    fill_ssh(world);
    world_add_evidence(world, &(struct world_evidence){.check = "audit-running",
                                                       .probe = "state",
                                                       .command = "auditctl -s",
                                                       .outcome = "refused",
                                                       .detail = "sudo: a password is required",
                                                       .exit_status = -1});
    world_add_suggestion(world, &(struct world_suggestion){
                                    .check = "audit-running",
                                    .suggestion = "blocked",
                                    .reason = "the right to run 'state' as root was refused"});
    world_add_evidence(world, &(struct world_evidence){.check = "memory-limit",
                                                       .probe = "limit",
                                                       .command = "cat /sys/fs/cgroup/memory.max",
                                                       .out = "2147483648\n"});
    world_add_suggestion(world, &(struct world_suggestion){.check = "memory-limit",
                                                           .suggestion = "pass",
                                                           .reason = "as expected"});
    world_add_suggestion(world, &(struct world_suggestion){.check = "runtime-socket",
                                                           .suggestion = "not-applicable",
                                                           .reason = "there is no command docker"});
    world_decide(world, "sudo-nopasswd", VERDICT_PASS, "the rules were read by hand");
    world_decide(world, "time-sync", VERDICT_FAIL, "no service is running");
    assert_done(session_comment(world->app.session, "ssh-root-password", "sandbox-7",
                                "Asked the owner; he will answer by Friday.", &error),
                &error);
    app_update(&world->app);
}

/* ---- the user ---- */

static void press(struct world *world, struct key key)
{
    app_handle(&world->app, &(struct event){.kind = EVENT_KEY, .key = key});
}

void world_press(struct world *world, const char *keys)
{
    while (*keys != '\0') {
        struct key key;
        size_t used = key_parse(keys, &key);
        if (used == 0)
            fail_msg("no key is called '%s'", keys);
        press(world, key);
        keys += used;
    }
}

void world_type(struct world *world, const char *text)
{
    for (size_t length = strlen(text); length > 0;) {
        int32_t code_point;
        size_t used = utf8_decode(text, length, &code_point);
        press(world, key_from_character(code_point == '\n' ? '\r' : code_point));
        text += used;
        length -= used;
    }
}

void world_click(struct world *world, int row, int column)
{
    app_handle(&world->app, &(struct event){.kind = EVENT_CLICK, .row = row, .column = column});
}

/* ---- the screen ---- */

static void blot_out_ids(char *text)
{
    while (*text != '\0') {
        size_t length = strspn(text, "0123456789abcdef");
        if (length >= RANDOM_DIGITS_MIN)
            memset(text, 'x', length);
        text += length > 0 ? length : 1;
    }
}

const char *world_screen(struct world *world, int rows, int columns)
{
    buffer_clear(&world->text);
    canvas_clear(&world->app.canvas, rows, columns);
    app_draw(&world->app);
    canvas_dump(&world->app.canvas, &world->text);
    blot_out_ids(world->text.data);
    return buffer_text(&world->text);
}

static void assert_golden(struct world *world, const char *name, int rows, int columns)
{
    struct buffer text = {0};
    char file[128];
    buffer_append_text(&text, world_screen(world, rows, columns));
    buffer_append_text(&text, "--- roles\n");
    canvas_dump_roles(&world->app.canvas, &text);
    snprintf(file, sizeof(file), "tui/%s-%dx%d.txt", name, columns, rows);
    testing_assert_golden(file, buffer_text(&text));
    buffer_release(&text);
}

void world_assert_golden(struct world *world, const char *name)
{
    assert_golden(world, name, 24, 80);
    assert_golden(world, name, 40, 140);
}

void world_assert_shows(struct world *world, const char *text)
{
    const char *screen = world_screen(world, 40, 140);
    if (strstr(screen, text) == NULL)
        fail_msg("\"%s\" is not on the screen:\n%s", text, screen);
}

void world_assert_lacks(struct world *world, const char *text)
{
    const char *screen = world_screen(world, 40, 140);
    if (strstr(screen, text) != NULL)
        fail_msg("\"%s\" is on the screen:\n%s", text, screen);
}

/* ---- for cmocka ---- */

int world_set_up_empty(void **state)
{
    world_init(*state);
    return 0;
}

int world_set_up(void **state)
{
    world_init(*state);
    world_fill(*state);
    return 0;
}

int world_tear_down(void **state)
{
    world_release(*state);
    return 0;
}
