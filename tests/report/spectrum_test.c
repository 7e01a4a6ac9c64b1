#include "report/spectrum.h"
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

enum { VALUES = 5000 };

/* SplitMix64. */
static uint64_t next_number(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

static void fill(struct spectrum *spectrum, int64_t values[VALUES], uint64_t seed)
{
    for (size_t i = 0; i < VALUES; i++) {
        const int64_t size = (int64_t)(next_number(&seed) >> (30 + next_number(&seed) % 30));
        values[i] = next_number(&seed) % 3 == 0 ? -size : size;
        spectrum_add(spectrum, values[i], 1);
    }
    statistics_sort(values, VALUES);
}

static void within_a_bit(int64_t value, int64_t wanted)
{
    summaries_near((double)value, (double)wanted, fabs((double)wanted) / 256);
}

static void ranks_are_those_of_the_values(void **state)
{
    (void)state;
    struct spectrum *spectrum = calloc(1, sizeof(*spectrum));
    int64_t values[VALUES];

    assert_non_null(spectrum);
    fill(spectrum, values, 7);
    assert_int_equal(spectrum->count, VALUES);
    for (size_t rank = 0; rank < VALUES; rank++) {
        within_a_bit(spectrum_ranked(spectrum, rank), values[rank]);
    }
    within_a_bit(spectrum_median(spectrum), statistics_sorted_median(values, VALUES));
    within_a_bit(spectrum_p90(spectrum), statistics_p90(values, VALUES));
    free(spectrum);
}

/* Of 10, 20, ... 100: halfway between 50 and 60; nine in ten are up to 90. */
static void few_small_values_are_exact(void **state)
{
    (void)state;
    struct spectrum *spectrum = calloc(1, sizeof(*spectrum));
    int64_t values[10];

    assert_non_null(spectrum);
    for (int i = 0; i < 10; i++) {
        values[i] = 10 + INT64_C(10) * i;
        spectrum_add_code(spectrum, rollup_code(values[i]), 1);
    }
    assert_int_equal(spectrum_median(spectrum), 55);
    assert_int_equal(spectrum_p90(spectrum), 90);
    const struct estimate_reference reference = spectrum_reference(spectrum);
    assert_int_equal(reference.samples, 10);
    assert_int_equal(reference.median, 55);
    summaries_near(reference.error, statistics_median_error(values, 10), 1e-9);
    free(spectrum);
}

static void what_is_moved_is_there_and_no_more_here(void **state)
{
    (void)state;
    struct spectrum *from = calloc(1, sizeof(*from));
    struct spectrum *into = calloc(1, sizeof(*into));

    assert_non_null(from);
    assert_non_null(into);
    spectrum_add(from, -3, 2);
    spectrum_add(from, 200, 5);
    spectrum_add(into, 7, 4);
    spectrum_move(from, into);
    assert_int_equal(from->count, 0);
    assert_int_equal(into->count, 11);
    assert_int_equal(spectrum_ranked(into, 1), -3);
    assert_int_equal(spectrum_ranked(into, 2), 7);
    assert_int_equal(spectrum_ranked(into, 6), 200);
    spectrum_add(from, 1, 1);
    assert_int_equal(spectrum_ranked(from, 0), 1);
    spectrum_move(from, NULL);
    assert_int_equal(from->count, 0);
    free(from);
    free(into);
}

static void the_ends_of_the_range_have_places(void **state)
{
    (void)state;
    struct spectrum *spectrum = calloc(1, sizeof(*spectrum));

    assert_non_null(spectrum);
    spectrum_add(spectrum, INT64_MIN, 1);
    spectrum_add(spectrum, INT64_MAX, 1);
    spectrum_add_code(spectrum, UINT64_MAX, 1);
    assert_int_equal(spectrum_ranked(spectrum, 0), -INT64_MAX);
    assert_int_equal(spectrum_ranked(spectrum, 2), INT64_MAX);
    free(spectrum);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ranks_are_those_of_the_values),
        cmocka_unit_test(few_small_values_are_exact),
        cmocka_unit_test(what_is_moved_is_there_and_no_more_here),
        cmocka_unit_test(the_ends_of_the_range_have_places),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
