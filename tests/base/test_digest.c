/* SPDX-License-Identifier: Apache-2.0 */
#include "support/testing.h"

#include "base/digest.h"

/* The examples of FIPS 180-4 that NIST publishes. */
static void digests_match_the_published_examples(void **state UNUSED)
{
    static const struct {
        const char *text;
        const char *hex;
    } cases[] = {
        {"", "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"},
        {"abc", "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"},
        {"abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq",
         "248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"},
    };
    char hex[DIGEST_HEX_BYTES];
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct digest digest = digest_of(cases[i].text, strlen(cases[i].text));
        assert_string_equal(digest_hex(&digest, hex), cases[i].hex);
    }
}

static void a_stream_gives_the_digest_of_its_parts_and_goes_on(void **state UNUSED)
{
    struct digest_stream *stream = digest_stream_new();
    digest_stream_add(stream, "a", 1);
    digest_stream_add(stream, NULL, 0);
    struct digest first = digest_stream_result(stream);
    digest_stream_add(stream, "bc", 2);
    struct digest second = digest_stream_result(stream);
    digest_stream_free(stream);
    digest_stream_free(NULL);
    struct digest expected_first = digest_of("a", 1);
    struct digest expected_second = digest_of("abc", 3);
    assert_true(digest_equal(&first, &expected_first));
    assert_true(digest_equal(&second, &expected_second));
    assert_false(digest_equal(&first, &second));
}

static struct digest digest_of_fields(const char *first, const char *second)
{
    struct digest_stream *stream = digest_stream_new();
    digest_stream_add_field(stream, first, strlen(first));
    digest_stream_add_field(stream, second, strlen(second));
    struct digest digest = digest_stream_result(stream);
    digest_stream_free(stream);
    return digest;
}

static void fields_cannot_run_together(void **state UNUSED)
{
    struct digest a = digest_of_fields("ab", "c");
    struct digest b = digest_of_fields("a", "bc");
    struct digest bytes = digest_of("\0\0\0\0\0\0\0\2ab\0\0\0\0\0\0\0\1c", 19);
    assert_false(digest_equal(&a, &b));
    assert_true(digest_equal(&a, &bytes));
}

static void random_bytes_differ_each_time(void **state UNUSED)
{
    uint8_t a[32] = {0};
    uint8_t b[32] = {0};
    random_bytes(a, sizeof(a));
    random_bytes(b, sizeof(b));
    assert_memory_not_equal(a, b, sizeof(a));
}

static void hexadecimal_goes_there_and_back(void **state UNUSED)
{
    struct buffer text = {0};
    uint8_t bytes[4] = {9, 9, 9, 9};
    hex_append(&text, "\x00\x7f\x80\xff", 4);
    assert_string_equal(text.data, "007f80ff");
    assert_false(hex_decode("007f80f", bytes, 4));
    assert_false(hex_decode("007f80ff0", bytes, 4));
    assert_false(hex_decode("007f80fg", bytes, 4));
    assert_false(hex_decode("", bytes, 4));
    assert_int_equal(bytes[0], 9);
    assert_true(hex_decode("007F80fF", bytes, 4));
    assert_memory_equal(bytes, "\x00\x7f\x80\xff", 4);
    buffer_release(&text);
}

/* RFC 4648 section 10. */
static void base64_matches_the_published_examples(void **state UNUSED)
{
    static const char *const cases[][2] = {{"", ""},
                                           {"f", "Zg=="},
                                           {"fo", "Zm8="},
                                           {"foo", "Zm9v"},
                                           {"foob", "Zm9vYg=="},
                                           {"fooba", "Zm9vYmE="},
                                           {"foobar", "Zm9vYmFy"}};
    for (size_t i = 0; i < LENGTH(cases); i++) {
        struct buffer text = {0};
        struct buffer bytes = {0};
        base64_append(&text, cases[i][0], strlen(cases[i][0]));
        assert_string_equal(buffer_text(&text), cases[i][1]);
        assert_true(base64_decode(cases[i][1], strlen(cases[i][1]), &bytes));
        assert_string_equal(bytes.data, cases[i][0]);
        buffer_release(&text);
        buffer_release(&bytes);
    }
}

static void every_byte_survives_base64_of_every_length(void **state UNUSED)
{
    uint8_t input[256];
    for (size_t i = 0; i < sizeof(input); i++)
        input[i] = (uint8_t)(255 - i);
    for (size_t length = 0; length <= sizeof(input); length++) {
        struct buffer text = {0};
        struct buffer bytes = {0};
        base64_append(&text, input, length);
        assert_true(base64_decode(text.data, text.length, &bytes));
        assert_int_equal(bytes.length, length);
        assert_memory_equal(bytes.data, input, length);
        buffer_release(&text);
        buffer_release(&bytes);
    }
}

static void what_is_no_base64_is_refused_and_leaves_nothing(void **state UNUSED)
{
    static const char *const bad[] = {
        "Z",     "Zg",    "Zg=",  "Zg===", "=",     "====",  "Zh==",     "Zm9=",    "Zg==Zg==",
        "Zm9v=", "Zm 9v", "Z=g=", "Zm9v.", "Zm9-_", "=Zm9v", "Zm9v====", "Zm9v\x80"};
    for (size_t i = 0; i < LENGTH(bad); i++) {
        struct buffer bytes = {0};
        buffer_append_text(&bytes, "kept");
        assert_false(base64_decode(bad[i], strlen(bad[i]), &bytes));
        assert_string_equal(bytes.data, "kept");
        buffer_release(&bytes);
    }
}

static void line_breaks_in_base64_are_skipped(void **state UNUSED)
{
    struct buffer bytes = {0};
    assert_true(base64_decode("Zm9v\r\nYm\nE=\n", 12, &bytes));
    assert_string_equal(bytes.data, "fooba");
    buffer_release(&bytes);
}

/* RFC 2202 section 3. */
static void the_old_code_of_known_hosts_matches_the_published_examples(void **state UNUSED)
{
    static const uint8_t expected[2][DIGEST_HMAC_SHA1_BYTES] = {
        {0xb6, 0x17, 0x31, 0x86, 0x55, 0x05, 0x72, 0x64, 0xe2, 0x8b,
         0xc0, 0xb6, 0xfb, 0x37, 0x8c, 0x8e, 0xf1, 0x46, 0xbe, 0x00},
        {0xef, 0xfc, 0xdf, 0x6a, 0xe5, 0xeb, 0x2f, 0xa2, 0xd2, 0x74,
         0x16, 0xd5, 0xf1, 0x84, 0xdf, 0x9c, 0x25, 0x9a, 0x7c, 0x79}};
    uint8_t key[20];
    uint8_t code[DIGEST_HMAC_SHA1_BYTES];
    memset(key, 0x0b, sizeof(key));
    digest_hmac_sha1(key, sizeof(key), "Hi There", 8, code);
    assert_memory_equal(code, expected[0], sizeof(code));
    digest_hmac_sha1("Jefe", 4, "what do ya want for nothing?", 28, code);
    assert_memory_equal(code, expected[1], sizeof(code));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(digests_match_the_published_examples),
        cmocka_unit_test(a_stream_gives_the_digest_of_its_parts_and_goes_on),
        cmocka_unit_test(fields_cannot_run_together),
        cmocka_unit_test(the_old_code_of_known_hosts_matches_the_published_examples),
        cmocka_unit_test(random_bytes_differ_each_time),
        cmocka_unit_test(hexadecimal_goes_there_and_back),
        cmocka_unit_test(base64_matches_the_published_examples),
        cmocka_unit_test(every_byte_survives_base64_of_every_length),
        cmocka_unit_test(what_is_no_base64_is_refused_and_leaves_nothing),
        cmocka_unit_test(line_breaks_in_base64_are_skipped),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
