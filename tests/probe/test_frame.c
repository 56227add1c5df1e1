/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "probe/frame.h"

#define NONCE              "0123456789abcdefghijkl"
#define BEGIN(frame)       "\n" NONCE " B" #frame "\n"
#define END(frame, status) "\n" NONCE " E" #frame " " #status "\n"

struct fixture {
    struct frame_parser parser;
    struct buffer seen; /* what the events said, bytes of the same kind run together */
    enum frame_event_kind last;
};

static int set_up(void **state)
{
    struct fixture *f = memory_new(1, sizeof(*f));
    frame_parser_init(&f->parser, NONCE);
    f->last = FRAME_BROKEN;
    *state = f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    frame_parser_release(&f->parser);
    buffer_release(&f->seen);
    free(f);
    return 0;
}

static void take_events(struct fixture *f)
{
    struct frame_event event;
    while (frame_next(&f->parser, &event)) {
        bool goes_on = event.kind == f->last;
        if (event.kind == FRAME_NOISE || event.kind == FRAME_DATA) {
            if (!goes_on)
                buffer_append_text(&f->seen, event.kind == FRAME_NOISE ? "noise:" : "data:");
            buffer_append(&f->seen, event.bytes, event.length);
        } else if (event.kind == FRAME_BEGIN) {
            buffer_append_format(&f->seen, "<%zu>", event.frame);
        } else if (event.kind == FRAME_END) {
            buffer_append_format(&f->seen, "</%zu=%d>", event.frame, event.status);
        } else {
            buffer_append_text(&f->seen, "<broken>");
        }
        f->last = event.kind;
    }
}

static void feed(struct fixture *f, const char *bytes, size_t length)
{
    frame_feed(&f->parser, bytes, length);
    take_events(f);
}

static void finish(struct fixture *f)
{
    frame_finish(&f->parser);
    take_events(f);
}

static void start_over(struct fixture *f)
{
    frame_parser_release(&f->parser);
    frame_parser_init(&f->parser, NONCE);
    buffer_clear(&f->seen);
    f->last = FRAME_BROKEN;
}

#define assert_seen(f, stream, expected)                                                           \
    do {                                                                                           \
        start_over(f);                                                                             \
        feed((f), (stream), sizeof(stream) - 1);                                                   \
        finish(f);                                                                                 \
        assert_string_equal(buffer_text(&(f)->seen), (expected));                                  \
    } while (0)

static void frames_give_back_exactly_the_bytes_between_their_markers(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, BEGIN(0) "abc" END(0, 0), "<0>data:abc</0=0>");
    assert_seen(f, BEGIN(0) "abc\n" END(0, 0), "<0>data:abc\n</0=0>");
    assert_seen(f, BEGIN(0) END(0, 7), "<0></0=7>");
    assert_seen(f, BEGIN(0) "\n" END(0, 7), "<0>data:\n</0=7>");
    assert_seen(f, BEGIN(0) "\n\n" END(0, 255), "<0>data:\n\n</0=255>");
    assert_seen(f, BEGIN(0) "a" END(0, 0) BEGIN(1) "b" END(1, 1), "<0>data:a</0=0><1>data:b</1=1>");
}

static void nul_bytes_are_bytes_like_any_other(void **state)
{
    struct fixture *f = *state;
    static const char stream[] = BEGIN(0) "a\0\nb\0" END(0, 0);
    static const char expected[] = "<0>data:a\0\nb\0</0=0>";
    feed(f, stream, sizeof(stream) - 1);
    assert_int_equal(f->seen.length, sizeof(expected) - 1);
    assert_memory_equal(f->seen.data, expected, sizeof(expected) - 1);
}

static void a_marker_of_another_nonce_is_output(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, BEGIN(0) "\n0123456789abcdefghijkL E0 0\n" END(0, 3),
                "<0>data:\n0123456789abcdefghijkL E0 0\n</0=3>");
    assert_seen(f, BEGIN(0) NONCE " E0 0\n" END(0, 3), "<0>data:" NONCE " E0 0\n</0=3>");
    assert_seen(f, BEGIN(0) "\n" NONCE "\n" END(0, 3), "<0>data:\n" NONCE "\n</0=3>");
}

static void bytes_outside_frames_are_noise(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, "welcome" BEGIN(0) "a" END(0, 0) "bye", "noise:welcome<0>data:a</0=0>noise:bye");
    assert_seen(f, "no frame at all\n", "noise:no frame at all\n");
    assert_seen(f, "\n" NONCE, "noise:\n" NONCE);
}

static void an_end_without_its_stream_leaves_the_frame_open(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, BEGIN(0) "abc\n01234", "<0>data:abc\n01234");
    assert_seen(f, BEGIN(0) "abc\n" NONCE " E0", "<0>data:abc<broken>");
}

static void a_refusal_is_told_by_its_own_status(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, BEGIN(0) "no" END(0, R), "<0>data:no</0=-1>");
}

static void markers_that_cannot_be_break_the_stream(void **state)
{
    struct fixture *f = *state;
    assert_seen(f, BEGIN(1), "<broken>");
    assert_seen(f, END(0, 0), "<broken>");
    assert_seen(f, BEGIN(0) BEGIN(1), "<0><broken>");
    assert_seen(f, BEGIN(0) END(1, 0), "<0><broken>");
    assert_seen(f, BEGIN(0) END(0, 384), "<0><broken>");
    assert_seen(f, BEGIN(0) END(0, -1), "<0><broken>");
    assert_seen(f, BEGIN(0) END(0, 00), "<0><broken>");
    assert_seen(f, BEGIN(0) END(0, 0x), "<0><broken>");
    assert_seen(f, BEGIN(0) END(0, RR), "<0><broken>");
    assert_seen(f, BEGIN(00), "<broken>");
    assert_seen(f, BEGIN(99999999999999999999), "<broken>");
    assert_seen(f, "\n" NONCE " X0\n", "<broken>");
    assert_seen(f, "\n" NONCE " B0\0\n", "<broken>");
    assert_seen(f, "\n" NONCE " \n", "<broken>");
    assert_seen(f, "\n" NONCE " B0aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "<broken>");
    assert_seen(f, BEGIN(1) BEGIN(0) "abc", "<broken>");
    assert_seen(f, BEGIN(0) "\n" NONCE " E0-0\n", "<0><broken>");
    assert_seen(f, BEGIN(0) "\n" NONCE " E0\n", "<0><broken>");
}

static void nothing_is_heard_behind_a_broken_marker(void **state)
{
    struct fixture *f = *state;
    feed(f, BEGIN(1), sizeof(BEGIN(1)) - 1);
    feed(f, BEGIN(0) "abc", sizeof(BEGIN(0) "abc") - 1);
    finish(f);
    assert_string_equal(buffer_text(&f->seen), "<broken>");
}

static void a_marker_that_is_not_finished_waits_for_its_rest(void **state)
{
    static const char start[] = "\n" NONCE " B", rest[] = "0\n";
    struct fixture *f = *state;
    feed(f, start, sizeof(start) - 1);
    assert_int_equal(f->seen.length, 0);
    feed(f, rest, sizeof(rest) - 1);
    assert_string_equal(buffer_text(&f->seen), "<0>");
    start_over(f);
    feed(f, start, sizeof(start) - 1);
    finish(f);
    assert_string_equal(buffer_text(&f->seen), "<broken>");
}

static const char long_stream[] =
    "motd\nlast login\n" BEGIN(0) "\0\1\2\xFF" END(0, 37) BEGIN(1) "\n\n\n" NONCE "\n0123" END(1, 0)
        BEGIN(2) END(2, R) BEGIN(3) "\n0123456789abcdefghijkL E3 0\n" END(3, 130)
            BEGIN(4) "\n" NONCE END(4, 1) "tail\n01";

static void every_cut_into_pieces_gives_the_same(void **state)
{
    struct fixture *f = *state;
    size_t length = sizeof(long_stream) - 1;
    feed(f, long_stream, length);
    finish(f);
    size_t expected_length = f->seen.length;
    char *expected = buffer_take(&f->seen);
    bool same = true;
    for (size_t first = 0; first <= length && same; first++) {
        for (size_t second = first; second <= length && same; second++) {
            start_over(f);
            feed(f, long_stream, first);
            feed(f, long_stream + first, second - first);
            feed(f, long_stream + second, length - second);
            finish(f);
            same = f->seen.length == expected_length &&
                   memcmp(f->seen.data, expected, expected_length) == 0;
        }
    }
    free(expected);
    assert_true(same);
}

static void byte_by_byte_gives_the_same_as_at_once(void **state)
{
    struct fixture *f = *state;
    feed(f, long_stream, sizeof(long_stream) - 1);
    finish(f);
    size_t expected_length = f->seen.length;
    char *expected = buffer_take(&f->seen);
    start_over(f);
    for (size_t i = 0; i < sizeof(long_stream) - 1; i++)
        feed(f, long_stream + i, 1);
    finish(f);
    bool same =
        f->seen.length == expected_length && memcmp(f->seen.data, expected, expected_length) == 0;
    free(expected);
    assert_true(same);
}

static void what_is_not_needed_any_more_is_not_kept(void **state)
{
    struct fixture *f = *state;
    static char block[65536];
    memset(block, '\n', sizeof(block));
    feed(f, BEGIN(0), sizeof(BEGIN(0)) - 1);
    for (int i = 0; i < 1000; i++) {
        feed(f, block, sizeof(block));
        buffer_clear(&f->seen);
    }
    assert_true(f->parser.pending.capacity < 4 * sizeof(block));
}

static void two_nonces_are_never_the_same(void **state)
{
    (void)state;
    char one[FRAME_NONCE_BYTES], other[FRAME_NONCE_BYTES];
    frame_nonce_make(one);
    frame_nonce_make(other);
    assert_int_equal(strlen(one), FRAME_NONCE_BYTES - 1);
    assert_int_equal(strlen(other), FRAME_NONCE_BYTES - 1);
    assert_string_not_equal(one, other);
    assert_null(strchr(one, '='));
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)
    const struct CMUnitTest tests[] = {
        TEST(frames_give_back_exactly_the_bytes_between_their_markers),
        TEST(nul_bytes_are_bytes_like_any_other),
        TEST(a_marker_of_another_nonce_is_output),
        TEST(bytes_outside_frames_are_noise),
        TEST(an_end_without_its_stream_leaves_the_frame_open),
        TEST(a_refusal_is_told_by_its_own_status),
        TEST(markers_that_cannot_be_break_the_stream),
        TEST(nothing_is_heard_behind_a_broken_marker),
        TEST(a_marker_that_is_not_finished_waits_for_its_rest),
        TEST(every_cut_into_pieces_gives_the_same),
        TEST(byte_by_byte_gives_the_same_as_at_once),
        TEST(what_is_not_needed_any_more_is_not_kept),
        TEST(two_nonces_are_never_the_same),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
