#include "report/distribution.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void near(double value, double wanted)
{
    assert_true(value > wanted - 1e-9 * wanted && value < wanted + 1e-9 * wanted);
}

/* 1 to 1000 are 3 decades: 20 bins each would be 61, 10 each are 31 (the last one begins at 1000).
 */
static void a_decade_gets_the_most_bins_that_fit(void **state)
{
    (void)state;
    struct distribution_scale scale;

    distribution_scale_make(&scale, 1000, 1);
    assert_int_equal(scale.per_decade, 10);
    assert_int_equal(scale.count, 31);
    near(distribution_edge(&scale, 0), 1);
    near(distribution_edge(&scale, 10), 10);
    near(distribution_edge(&scale, 30), 1000);
    /* 100 to 400: 0.60 decades, 13 bins of a twentieth. */
    distribution_scale_make(&scale, 100, 400);
    assert_int_equal(scale.per_decade, 20);
    assert_int_equal(scale.count, 13);
}

static void a_single_value_stands_in_the_middle_of_a_scale(void **state)
{
    (void)state;
    struct distribution_scale scale;

    distribution_scale_make(&scale, 500, 500);
    assert_in_range(scale.count, 12, DISTRIBUTION_BINS_MAX);
    assert_true(distribution_place(&scale, 500) > 0.4 && distribution_place(&scale, 500) < 0.6);
}

static void all_of_64_bits_fit(void **state)
{
    (void)state;
    struct distribution_scale scale;
    struct distribution distribution = {.count = 0};

    distribution_scale_make(&scale, 1, INT64_MAX);
    assert_in_range(scale.count, 1, DISTRIBUTION_BINS_MAX);
    distribution_add(&distribution, &scale, 1, 1);
    distribution_add(&distribution, &scale, INT64_MAX, 1);
    assert_int_equal(distribution.bins[0], 1);
    assert_int_equal(distribution.bins[scale.count - 1], 1);
}

/* Powers of ten begin their bins, whatever the logarithm rounds to. */
static void a_bin_holds_its_beginning_and_not_its_end(void **state)
{
    (void)state;
    struct distribution_scale scale;

    distribution_scale_make(&scale, 1, INT64_C(1000000000000000));
    assert_int_equal(scale.per_decade, 2); /* 31 bins */
    int64_t power = 1;
    for (size_t decade = 0; decade <= 15; decade++, power *= 10) {
        struct distribution distribution = {.count = 0};
        distribution_add(&distribution, &scale, power, 1);
        assert_int_equal(distribution.bins[2 * decade], 1);
        if (power > 1) {
            distribution_add(&distribution, &scale, power - 1, 1);
            assert_int_equal(distribution.bins[2 * decade - 1], 1);
        }
    }
}

static void zero_and_less_are_counted_apart(void **state)
{
    (void)state;
    struct distribution_scale scale;
    struct distribution distribution = {.count = 0};
    uint64_t binned = 0;

    distribution_scale_make(&scale, 10, 20);
    distribution_add(&distribution, &scale, 0, 1);
    distribution_add(&distribution, &scale, INT64_MIN, 1);
    distribution_add(&distribution, &scale, 15, 1);
    for (size_t i = 0; i < DISTRIBUTION_BINS_MAX; i++) {
        binned += distribution.bins[i];
    }
    assert_int_equal(distribution.count, 3);
    assert_int_equal(distribution.zeroes, 2);
    assert_int_equal(binned, 1);
}

static void values_beyond_the_scale_are_in_its_ends(void **state)
{
    (void)state;
    struct distribution_scale scale;
    struct distribution distribution = {.count = 0};

    distribution_scale_make(&scale, 1000, 2000);
    distribution_add(&distribution, &scale, 1, 1);
    distribution_add(&distribution, &scale, INT64_MAX, 1);
    assert_int_equal(distribution.bins[0], 1);
    assert_int_equal(distribution.bins[scale.count - 1], 1);
}

/* Of 10, 20, ... 100: ten values, so one of them is 10 % of all. */
static void a_quantile_is_a_value_that_was_there(void **state)
{
    (void)state;
    int64_t *numbers = malloc(10 * sizeof(*numbers));

    assert_non_null(numbers);
    for (int i = 0; i < 10; i++) {
        numbers[i] = INT64_C(10) * (i + 1);
    }
    const struct distribution_values values = {numbers, NULL, 10, 10};
    const struct distribution_values one = {numbers + 3, NULL, 1, 1};
    assert_int_equal(distribution_quantile(&values, 0), 10);
    assert_int_equal(distribution_quantile(&values, 0.1), 10);
    assert_int_equal(distribution_quantile(&values, 0.11), 20);
    assert_int_equal(distribution_quantile(&values, 0.5), 50);
    assert_int_equal(distribution_quantile(&values, 0.99), 100);
    assert_int_equal(distribution_quantile(&values, 1), 100);
    assert_int_equal(distribution_quantile(&one, 0.5), 40);
    assert_int_equal(distribution_median(&values), 55);
    assert_int_equal(distribution_median(&one), 40);
    free(numbers);
}

/* 7, 7, 7, 9, 30, 30: the same numbers one by one and counted. */
static void values_that_are_counted_are_as_if_written_out(void **state)
{
    (void)state;
    int64_t *numbers = malloc(6 * sizeof(*numbers));
    int64_t *distinct = malloc(3 * sizeof(*distinct));
    uint64_t *counts = malloc(3 * sizeof(*counts));

    assert_non_null(numbers);
    assert_non_null(distinct);
    assert_non_null(counts);
    memcpy(numbers, (const int64_t[]){7, 7, 7, 9, 30, 30}, 6 * sizeof(*numbers));
    memcpy(distinct, (const int64_t[]){7, 9, 30}, 3 * sizeof(*distinct));
    memcpy(counts, (const uint64_t[]){3, 1, 2}, 3 * sizeof(*counts));
    const struct distribution_values each = {numbers, NULL, 6, 6};
    struct distribution_values counted = {distinct, counts, 3, 6};
    for (int percent = 0; percent <= 100; percent++) {
        assert_int_equal(distribution_quantile(&counted, percent / 100.0),
                         distribution_quantile(&each, percent / 100.0));
    }
    assert_int_equal(distribution_median(&counted), 8);
    assert_int_equal(distribution_median(&each), 8);
    assert_int_equal(distribution_times(&counted, 2), 2);
    assert_int_equal(distribution_times(&each, 2), 1);
    free(numbers);
    distribution_values_clear(&counted);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_decade_gets_the_most_bins_that_fit),
        cmocka_unit_test(a_single_value_stands_in_the_middle_of_a_scale),
        cmocka_unit_test(all_of_64_bits_fit),
        cmocka_unit_test(a_bin_holds_its_beginning_and_not_its_end),
        cmocka_unit_test(zero_and_less_are_counted_apart),
        cmocka_unit_test(values_beyond_the_scale_are_in_its_ends),
        cmocka_unit_test(a_quantile_is_a_value_that_was_there),
        cmocka_unit_test(values_that_are_counted_are_as_if_written_out),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
