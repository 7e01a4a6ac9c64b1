#include "report/proportion.h"
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Newcombe, Interval estimation for the difference between independent proportions: comparison of
 * eleven methods, Statistics in Medicine 17 (1998), table II, method 10 ("score, without
 * continuity correction"), contrasts (a) to (h): first less second. */
static void difference_is_that_of_newcombes_table(void **state)
{
    (void)state;
    static const struct {
        struct proportion first;
        struct proportion second;
        double low;
        double high;
    } rows[] = {
        {{56, 70}, {48, 80}, 0.0524, 0.3339}, {{9, 10}, {3, 10}, 0.1705, 0.8090},
        {{6, 7}, {2, 7}, 0.0582, 0.8062},     {{5, 56}, {0, 29}, -0.0381, 0.1926},
        {{0, 10}, {0, 20}, -0.1611, 0.2775},  {{0, 10}, {0, 10}, -0.2775, 0.2775},
        {{10, 10}, {0, 20}, 0.6791, 1.0000},  {{10, 10}, {0, 10}, 0.6075, 1.0000},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct proportion_interval interval =
            proportion_difference(&rows[i].second, &rows[i].first);
        summaries_near(interval.low, rows[i].low, 0.00005);
        summaries_near(interval.high, rows[i].high, 0.00005);
    }
}

/* Newcombe, Two-sided confidence intervals for the single proportion: comparison of seven methods,
 * Statistics in Medicine 17 (1998), table I, method 3. */
static void interval_is_that_of_newcombes_table(void **state)
{
    (void)state;
    static const struct {
        struct proportion proportion;
        double low;
        double high;
    } rows[] = {
        {{81, 263}, 0.2553, 0.3662},
        {{15, 148}, 0.0624, 0.1605},
        {{0, 20}, 0.0000, 0.1611},
        {{1, 29}, 0.0061, 0.1718},
    };

    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct proportion_interval interval = proportion_interval(&rows[i].proportion);
        summaries_near(interval.low, rows[i].low, 0.00005);
        summaries_near(interval.high, rows[i].high, 0.00005);
    }
}

static void difference_the_other_way_round_is_its_negative(void **state)
{
    (void)state;
    const struct proportion a = {17, 40};
    const struct proportion b = {51, 90};
    struct proportion_interval there = proportion_difference(&a, &b);
    struct proportion_interval back = proportion_difference(&b, &a);

    summaries_near(there.low, -back.high, 1e-12);
    summaries_near(there.high, -back.low, 1e-12);
}

static void rate_of_nothing_is_not_a_number(void **state)
{
    (void)state;
    const struct proportion nothing = {0, 0};
    const struct proportion some = {3, 4};

    assert_true(isnan(proportion_rate(&nothing)));
    summaries_near(proportion_rate(&some), 0.75, 0);
}

/* The lady tasting tea (Fisher 1935): of 4 cups with milk first she names 3, of the 4 others 1. At
 * least 3 by chance: (16 + 1) / 70. All 4: 1 / 70. */
static void fisher_is_twice_the_tail(void **state)
{
    (void)state;
    const struct proportion three = {3, 4};
    const struct proportion one = {1, 4};
    const struct proportion four = {4, 4};
    const struct proportion none = {0, 4};
    const struct proportion two = {2, 4};

    summaries_near(proportion_fisher(&three, &one), 34.0 / 70, 1e-12);
    summaries_near(proportion_fisher(&one, &three), 34.0 / 70, 1e-12);
    summaries_near(proportion_fisher(&four, &none), 2.0 / 70, 1e-12);
    summaries_near(proportion_fisher(&two, &two), 1, 0);
    summaries_near(proportion_fisher(&none, &none), 1, 0);
}

static void fisher_of_millions_is_found(void **state)
{
    (void)state;
    const struct proportion a = {500000, 1000000};
    const struct proportion b = {501386, 1000000};

    /* 1386 / sqrt(2 x 10^6 / 4) = 1.960 standard errors: 5 %. */
    summaries_near(proportion_fisher(&a, &b), 0.05, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_is_that_of_newcombes_table),
        cmocka_unit_test(interval_is_that_of_newcombes_table),
        cmocka_unit_test(difference_the_other_way_round_is_its_negative),
        cmocka_unit_test(rate_of_nothing_is_not_a_number),
        cmocka_unit_test(fisher_is_twice_the_tail),
        cmocka_unit_test(fisher_of_millions_is_found),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
