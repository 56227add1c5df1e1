/* SPDX-License-Identifier: Apache-2.0 */
#include "assess/cvss.h"
#include "support/testing.h"

#include "base/array.h"

/* Vectors with the scores that FIRST's own examples and calculator give. */
static void a_vector_has_the_score_that_the_standard_gives_it(void **state UNUSED)
{
    static const struct {
        const char *vector;
        double score;
    } all[] = {
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 9.8},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:C/C:H/I:H/A:H", 10.0},
        {"CVSS:3.0/AV:N/AC:L/PR:N/UI:R/S:C/C:L/I:L/A:N", 6.1},
        {"CVSS:3.0/AV:N/AC:L/PR:L/UI:N/S:C/C:L/I:L/A:N", 6.4},
        {"CVSS:3.1/AV:L/AC:L/PR:L/UI:N/S:U/C:H/I:H/A:H", 7.8},
        {"CVSS:3.1/AV:P/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", 6.8},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:N/A:N", 7.5},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:N/I:N/A:N", 0},
        {"CVSS:3.1/S:U/C:H/I:H/A:H/AV:N/AC:L/PR:N/UI:N/E:P/RL:O", 9.8},
        {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", CVSS_NO_SCORE},
    };
    for (size_t i = 0; i < LENGTH(all); i++) {
        struct error error = {0};
        double score = 99;
        assert_done(cvss_score(all[i].vector, &score, &error), &error);
        if (score < all[i].score - 0.001 || score > all[i].score + 0.001)
            fail_msg("%s: %f", all[i].vector, score);
    }
}

static void what_is_no_vector_is_refused_by_name(void **state UNUSED)
{
    static const struct {
        const char *vector, *message;
    } all[] = {
        {"", "no CVSS vector"},
        {"7.5", "no CVSS vector"},
        {"AV:N/AC:L/Au:N/C:P/I:P/A:P", "no CVSS vector"},
        {"CVSS:3.1/", "no place"},
        {"CVSS:3.1/AV:N", "lacks the metric AC"},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H", "lacks the metric A"},
        {"CVSS:3.1/AV:X/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "one of NALP"},
        {"CVSS:3.1/AV:NN/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "one of NALP"},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/", "no place"},
        {"CVSS:3.1/AV:N//AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "no place"},
        {"CVSS:3.1/AV:N/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "no place"},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/\x1b[2J:X", "no place"},
        {"CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H/:", "no place"},
        {"CVSS:4.0/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H", "lacks the metric AT"},
    };
    for (size_t i = 0; i < LENGTH(all); i++) {
        struct error error = {0};
        double score;
        assert_false(cvss_score(all[i].vector, &score, &error));
        assert_int_equal(error.code, ERROR_USAGE);
        if (!strstr(error.message, all[i].message))
            fail_msg("%s: %s", all[i].vector, error.message);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_vector_has_the_score_that_the_standard_gives_it),
        cmocka_unit_test(what_is_no_vector_is_refused_by_name),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
