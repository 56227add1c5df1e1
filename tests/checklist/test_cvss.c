/* SPDX-License-Identifier: Apache-2.0 */
#include "checklist/cvss.h"
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
        {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:N/SI:N/SA:N", 9.3},
        {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:N/VC:H/VI:H/VA:H/SC:H/SI:H/SA:H", 10.0},
        {"CVSS:4.0/AV:L/AC:L/AT:N/PR:L/UI:A/VC:N/VI:N/VA:N/SC:N/SI:N/SA:N", 0},
        {"CVSS:4.0/AV:L/AC:L/AT:P/PR:N/UI:N/VC:L/VI:H/VA:L/SC:N/SI:H/SA:H", 7.1},
        {"CVSS:4.0/AV:P/AC:L/AT:P/PR:L/UI:A/VC:H/VI:L/VA:H/SC:L/SI:L/SA:L", 4.6},
        {"CVSS:4.0/AV:L/AC:H/AT:P/PR:H/UI:A/VC:H/VI:H/VA:N/SC:L/SI:H/SA:L", 6.9},
        {"CVSS:4.0/AV:L/AC:L/AT:N/PR:N/UI:N/VC:N/VI:N/VA:H/SC:L/SI:N/SA:H", 8.3},
        {"CVSS:4.0/AV:A/AC:L/AT:N/PR:N/UI:A/VC:N/VI:H/VA:L/SC:H/SI:L/SA:N", 8.2},
        {"CVSS:4.0/AV:P/AC:H/AT:N/PR:L/UI:N/VC:L/VI:H/VA:L/SC:L/SI:N/SA:L", 4.4},
        {"CVSS:4.0/AV:L/AC:H/AT:N/PR:L/UI:N/VC:L/VI:N/VA:H/SC:N/SI:L/SA:N", 5.8},
        {"CVSS:4.0/AV:N/AC:L/AT:N/PR:L/UI:A/VC:N/VI:N/VA:N/SC:H/SI:N/SA:H", 6.2},
        {"CVSS:4.0/AV:P/AC:L/AT:N/PR:H/UI:N/VC:H/VI:L/VA:L/SC:H/SI:H/SA:H", 7.2},
        /* Half a tenth, which binary fractions can lose. */
        {"CVSS:4.0/AV:N/AC:L/AT:N/PR:N/UI:P/VC:H/VI:L/VA:N/SC:H/SI:H/SA:H", 8.6},
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
