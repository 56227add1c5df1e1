/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "../../src/probe/wire.h"

struct fixture {
    struct buffer wire;
    struct message message;
    bool found;
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
    buffer_release(&f->wire);
    message_release(&f->message);
    free(f);
    return 0;
}

static bool read_next(struct fixture *f)
{
    message_release(&f->message);
    return message_read(&f->wire, &f->message, &f->found, &f->error);
}

#define assert_read(f)                                                                             \
    do {                                                                                           \
        assert_done(read_next(f), &(f)->error);                                                    \
        assert_true((f)->found);                                                                   \
    } while (0)

static void the_wire_form_is_lengths_type_object_and_bytes(void **state)
{
    struct fixture *f = *state;
    static const char expected[] = "\0\0\0\x13\2\0\0\0\x0B{\"a\":\"b c\"}x\0y";
    json_t *body = json_pack("{s:s}", "a", "b c");
    message_write(&f->wire, MESSAGE_ANSWER, body, "x\0y", 3);
    json_decref(body);
    assert_int_equal(f->wire.length, sizeof(expected) - 1);
    assert_memory_equal(f->wire.data, expected, sizeof(expected) - 1);
}

static void messages_come_out_as_they_went_in(void **state)
{
    struct fixture *f = *state;
    message_write(&f->wire, MESSAGE_CANCEL, NULL, NULL, 0);
    message_write(&f->wire, MESSAGE_RESULT, NULL, "a\0b", 3);
    assert_read(f);
    assert_int_equal(f->message.type, MESSAGE_CANCEL);
    assert_int_equal(json_object_size(f->message.body), 0);
    assert_int_equal(f->message.raw_length, 0);
    assert_read(f);
    assert_int_equal(f->message.type, MESSAGE_RESULT);
    assert_int_equal(f->message.raw_length, 3);
    assert_memory_equal(f->message.raw, "a\0b", 3);
    assert_done(read_next(f), &f->error);
    assert_false(f->found);
    assert_int_equal(f->wire.length, 0);
}

static void half_a_message_is_waited_for(void **state)
{
    struct fixture *f = *state;
    struct buffer whole = {0};
    message_write(&whole, MESSAGE_PROGRESS, NULL, "abc", 3);
    for (size_t i = 0; i < whole.length; i++) {
        assert_done(read_next(f), &f->error);
        assert_false(f->found);
        buffer_append_byte(&f->wire, whole.data[i]);
    }
    buffer_release(&whole);
    assert_read(f);
    assert_int_equal(f->message.type, MESSAGE_PROGRESS);
}

static void assert_malformed(struct fixture *f, const char *bytes, size_t length)
{
    buffer_clear(&f->wire);
    buffer_append(&f->wire, bytes, length);
    assert_refused(read_next(f), &f->error, ERROR_INVALID);
    assert_false(f->found);
}

static void malformed_messages_are_refused(void **state)
{
    struct fixture *f = *state;
#define MALFORMED(text) assert_malformed(f, text, sizeof(text) - 1)
    MALFORMED("\xFF\xFF\xFF\xFF");                        /* endless */
    MALFORMED("\3\0\0\1");                                /* longer than any may be */
    MALFORMED("\0\0\0\0");                                /* without a header */
    MALFORMED("\0\0\0\4");                                /* with half a header */
    MALFORMED("\0\0\0\7\x0D\0\0\0\2{}");                  /* of no known type */
    MALFORMED("\0\0\0\7\5\0\0\0\3{}");                    /* object beyond its end */
    MALFORMED("\0\0\0\7\5\xFF\xFF\xFF\xFF{}");            /* the same, far beyond */
    MALFORMED("\0\0\0\5\5\0\0\0\0");                      /* no object */
    MALFORMED("\0\0\0\7\5\0\0\0\2[]");                    /* something else */
    MALFORMED("\0\0\0\7\5\0\0\0\2{\"");                   /* broken */
    MALFORMED("\0\0\0\x12\5\0\0\0\x0D{\"a\":1,\"a\":2}"); /* twice the same key */
}

static void a_secret_is_not_left_in_the_input(void **state)
{
    struct fixture *f = *state;
    wire_write_answer(&f->wire, true, "correct horse battery");
    message_write(&f->wire, MESSAGE_CANCEL, NULL, NULL, 0);
    assert_read(f);
    assert_memory_equal(f->message.raw, "correct horse battery", 21);
    assert_null(memmem(f->wire.data, f->wire.capacity, "horse", 5));
    assert_read(f);
    assert_int_equal(f->message.type, MESSAGE_CANCEL);
}

static void a_plan_keeps_every_byte_of_its_commands(void **state)
{
    struct fixture *f = *state;
    struct plan plan = {.total_max_bytes = 12345};
    struct plan back;
    plan_add(&plan, "echo \xFF\xC3\xA4 \"'\\ \n\t\x01")->as_root = true;
    plan_add(&plan, "id")->timeout_ms = 77;
    plan.steps[1].out_max_bytes = 5;
    plan.steps[1].err_max_bytes = 6;
    assert_done(plan_check(&plan, &f->error), &f->error);
    wire_write_plan(&f->wire, &plan);
    assert_read(f);
    assert_done(wire_read_plan(&f->message, &back, &f->error), &f->error);
    assert_int_equal(back.step_count, 2);
    assert_string_equal(back.steps[0].command, plan.steps[0].command);
    assert_true(back.steps[0].as_root);
    assert_false(back.steps[1].as_root);
    assert_int_equal(back.steps[0].timeout_ms, PLAN_TIMEOUT_DEFAULT_MS);
    assert_int_equal(back.steps[1].timeout_ms, 77);
    assert_int_equal(back.steps[1].out_max_bytes, 5);
    assert_int_equal(back.steps[1].err_max_bytes, 6);
    assert_int_equal(back.total_max_bytes, 12345);
    plan_release(&plan);
    plan_release(&back);
}

static void assert_bad_plan(struct fixture *f, const char *json, const char *raw)
{
    json_t *body = json_loads(json, 0, NULL);
    struct plan plan;
    assert_non_null(body);
    message_write(&f->wire, MESSAGE_PLAN, body, raw, strlen(raw));
    json_decref(body);
    assert_read(f);
    bool good = wire_read_plan(&f->message, &plan, &f->error);
    plan_release(&plan);
    assert_refused(good, &f->error, ERROR_INVALID);
}

static void a_step_for_sshd_is_told_from_one_for_a_shell(void **state)
{
    struct fixture *f = *state;
    struct plan plan = {0};
    struct plan back;
    plan_add(&plan, "id");
    plan_add(&plan, "direct-tcpip seconds 4 rate 20\ntry 0 10.0.0.2 80\n")->is_forward = true;
    assert_done(plan_check(&plan, &f->error), &f->error);
    wire_write_plan(&f->wire, &plan);
    assert_read(f);
    assert_done(wire_read_plan(&f->message, &back, &f->error), &f->error);
    assert_false(back.steps[0].is_forward);
    assert_true(back.steps[1].is_forward);
    plan_release(&plan);
    plan_release(&back);
}

static void an_order_for_sshd_that_makes_no_sense_is_refused(void **state)
{
    struct fixture *f = *state;
#define ORDER                                                                                      \
    "{\"steps\":[{\"length\":2,\"timeout_ms\":1,\"out_max\":1,\"err_max\":1,\"outside\":0,"        \
    "\"forward\":true}],\"total_max\":1}"
    assert_bad_plan(f, ORDER, "id");
    assert_bad_plan(f, ORDER, "#\n");
}

static void impossible_plans_are_refused(void **state)
{
    struct fixture *f = *state;
#define STEP(length, timeout, out)                                                                 \
    "{\"steps\":[{\"length\":" #length ",\"timeout_ms\":" #timeout ",\"out_max\":" #out            \
    ",\"err_max\":1,\"outside\":0}],\"total_max\":1}"
    assert_bad_plan(f, STEP(3, 1, 1), "id");
    assert_bad_plan(f, STEP(-1, 1, 1), "id");
    assert_bad_plan(f, STEP(0, 1, 1), "");
    assert_bad_plan(f, STEP(1, 1, 1), "id");
    assert_bad_plan(f, STEP(2, 300001, 1), "id");
    assert_bad_plan(f, STEP(2, -1, 1), "id");
    assert_bad_plan(f, STEP(2, 1, -1), "id");
    assert_bad_plan(f, STEP(2, 1, 16777217), "id");
    assert_bad_plan(f, "{\"steps\":[7],\"total_max\":1}", "id");
    assert_bad_plan(f, "{\"steps\":[],\"total_max\":-1}", "");
    assert_bad_plan(f, "{\"steps\":[]}", "");
}

static void a_command_with_a_nul_is_refused(void **state)
{
    struct fixture *f = *state;
    struct plan plan;
    json_t *body = json_loads(STEP(3, 1, 1), 0, NULL);
    message_write(&f->wire, MESSAGE_PLAN, body, "i\0d", 3);
    json_decref(body);
    assert_read(f);
    bool good = wire_read_plan(&f->message, &plan, &f->error);
    plan_release(&plan);
    assert_refused(good, &f->error, ERROR_INVALID);
}

static struct plan one_step(size_t out_max, size_t err_max)
{
    struct plan plan = {0};
    struct plan_step *step = plan_add(&plan, "id");
    step->out_max_bytes = out_max;
    step->err_max_bytes = err_max;
    return plan;
}

static void results_keep_every_byte(void **state)
{
    struct fixture *f = *state;
    struct plan plan = one_step(10, 10);
    struct step_result result = {.outcome = STEP_DONE,
                                 .exit_status = 255,
                                 .started_ms = 1795464901250,
                                 .duration_ms = 17,
                                 .noise_bytes = 3};
    struct step_result back;
    buffer_append(&result.out, "a\0\xFF", 3);
    buffer_append(&result.err, "err", 3);
    snprintf(result.detail, sizeof(result.detail), "quoted \xC3\xA4");
    wire_write_result(&f->wire, &result);
    step_result_release(&result);
    assert_read(f);
    bool good = wire_read_result(&f->message, &plan, 0, &back, &f->error);
    plan_release(&plan);
    assert_done(good, &f->error);
    assert_int_equal(back.out.length, 3);
    assert_memory_equal(back.out.data, "a\0\xFF", 3);
    assert_int_equal(back.err.length, 3);
    assert_int_equal(back.exit_status, 255);
    assert_int_equal(back.started_ms, 1795464901250);
    assert_int_equal(back.duration_ms, 17);
    assert_int_equal(back.noise_bytes, 3);
    assert_string_equal(back.detail, "quoted \xC3\xA4");
    step_result_release(&back);
}

static void assert_bad_result(struct fixture *f, const char *json, size_t step, size_t out_max)
{
    struct plan plan = one_step(out_max, 2);
    struct step_result back;
    json_t *body = json_loads(json, 0, NULL);
    assert_non_null(body);
    message_write(&f->wire, MESSAGE_RESULT, body, "abcde", 5);
    json_decref(body);
    assert_read(f);
    bool good = wire_read_result(&f->message, &plan, step, &back, &f->error);
    step_result_release(&back);
    plan_release(&plan);
    assert_refused(good, &f->error, ERROR_INVALID);
}

static void results_that_were_not_asked_for_are_refused(void **state)
{
    struct fixture *f = *state;
#define RESULT(step, outcome, status, out)                                                         \
    "{\"step\":" #step ",\"outcome\":\"" outcome "\",\"exit_status\":" #status                     \
    ",\"started_ms\":1,\"duration_ms\":1,\"noise\":0,\"out_length\":" #out "}"
    assert_bad_result(f, RESULT(1, "done", 0, 3), 0, 10);
    assert_bad_result(f, RESULT(1, "done", 0, 3), 1, 10);
    assert_bad_result(f, RESULT(0, "done", 0, 6), 0, 10);
    assert_bad_result(f, RESULT(0, "done", 0, -1), 0, 10);
    assert_bad_result(f, RESULT(0, "done", 0, 3), 0, 2);
    assert_bad_result(f, RESULT(0, "done", 0, 2), 0, 10);
    assert_bad_result(f, RESULT(0, "perfect", 0, 3), 0, 10);
    assert_bad_result(f, RESULT(0, "done", -1, 3), 0, 10);
    assert_bad_result(f, RESULT(0, "done", 256, 3), 0, 10);
    assert_bad_result(f, RESULT(0, "timeout", 0, 3), 0, 10);
    assert_bad_result(f, "{\"step\":0,\"outcome\":\"done\",\"exit_status\":0,\"out_length\":3}", 0,
                      10);
}

static void an_error_keeps_code_message_and_hint(void **state)
{
    struct fixture *f = *state;
    struct error back;
    struct error error;
    error_set(&error, ERROR_DENIED, "no \"entry\"");
    error_hint(&error, "knock");
    wire_write_error(&f->wire, &error);
    assert_read(f);
    wire_read_error(&f->message, &back);
    assert_int_equal(back.code, ERROR_DENIED);
    assert_string_equal(back.message, "no \"entry\"");
    assert_string_equal(back.hint, "knock");
    message_write(&f->wire, MESSAGE_FAILED, NULL, NULL, 0);
    assert_read(f);
    wire_read_error(&f->message, &back);
    assert_int_equal(back.code, ERROR_INVALID);
    assert_true(back.message[0] != '\0');
}

static void an_identity_travels_with_its_key(void **state)
{
    struct fixture *f = *state;
    struct connection_identity back;
    /* The third one is half a key. */
    struct hostkey jumps[] = {{.host = (char[]){"near"},
                               .port = 22,
                               .type = (char[]){"ssh-rsa"},
                               .key = (char[]){"AAAB"},
                               .fingerprint = (char[]){"SHA256:n"}},
                              {.host = (char[]){"far"},
                               .port = 2200,
                               .type = (char[]){"ssh-rsa"},
                               .key = (char[]){"AAAC"},
                               .fingerprint = (char[]){"SHA256:f"}},
                              {.host = (char[]){"nowhere"}, .port = 22}};
    struct connection_identity identity = {.user = (char[]){"root"},
                                           .host = (char[]){"sandbox7"},
                                           .address = (char[]){"192.0.2.7:22"},
                                           .server_version = (char[]){"SSH-2.0-x\x1b[2J"},
                                           .authentication = (char[]){"publickey SHA256:x"},
                                           .hostkey = {.host = (char[]){"sandbox7"},
                                                       .port = 2222,
                                                       .type = (char[]){"ssh-ed25519"},
                                                       .key = (char[]){"AAAA"},
                                                       .fingerprint = (char[]){"SHA256:y"}}};
    identity.jumps = (struct hostkey_list){jumps, LENGTH(jumps)};
    wire_write_identity(&f->wire, &identity);
    assert_read(f);
    wire_read_identity(&f->message, &back);
    bool has_jumps = back.jumps.count == 2 && hostkey_is_same(&back.jumps.items[0], &jumps[0]) &&
                     back.jumps.items[1].port == 2200;
    hostkey_list_release(&back.jumps);
    assert_true(has_jumps);
    assert_string_equal(back.user, "root");
    assert_string_equal(back.address, "192.0.2.7:22");
    assert_string_equal(back.server_version, "SSH-2.0-x\x1b[2J");
    assert_string_equal(back.cipher, "");
    assert_int_equal(back.hostkey.port, 2222);
    assert_string_equal(back.hostkey.fingerprint, "SHA256:y");
}

static void a_local_identity_has_no_key(void **state)
{
    struct fixture *f = *state;
    struct connection_identity back;
    const struct connection_identity identity = {.user = (char[]){"root"}};
    wire_write_identity(&f->wire, &identity);
    assert_read(f);
    wire_read_identity(&f->message, &back);
    assert_null(back.hostkey.key);
    assert_null(back.hostkey.type);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(the_wire_form_is_lengths_type_object_and_bytes),
        TEST(messages_come_out_as_they_went_in),
        TEST(half_a_message_is_waited_for),
        TEST(malformed_messages_are_refused),
        TEST(a_secret_is_not_left_in_the_input),
        TEST(a_plan_keeps_every_byte_of_its_commands),
        TEST(impossible_plans_are_refused),
        TEST(a_step_for_sshd_is_told_from_one_for_a_shell),
        TEST(an_order_for_sshd_that_makes_no_sense_is_refused),
        TEST(a_command_with_a_nul_is_refused),
        TEST(results_keep_every_byte),
        TEST(results_that_were_not_asked_for_are_refused),
        TEST(an_error_keeps_code_message_and_hint),
        TEST(an_identity_travels_with_its_key),
        TEST(a_local_identity_has_no_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
