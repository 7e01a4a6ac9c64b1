#include "report/statistics.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void assert_near(double value, double wanted, double within)
{
    assert_true(fabs(value - wanted) <= within);
}

static void mean_of_nothing_is_not_a_number(void **state)
{
    (void)state;
    struct mean mean = {0, 0};

    assert_true(isnan(mean_value(&mean)));
    mean_add(&mean, 3);
    mean_add(&mean, -4);
    assert_true(mean_value(&mean) == -0.5);
    assert_int_equal(mean.samples, 2);
}

static int64_t median_of(const int64_t *values, size_t count)
{
    int64_t *copy = malloc(count * sizeof(*copy));
    assert_non_null(copy);
    memcpy(copy, values, count * sizeof(*copy));
    int64_t median = statistics_median(copy, count);
    free(copy);
    return median;
}

static void median_is_the_middle_or_halfway_between_the_two(void **state)
{
    (void)state;
    const int64_t one[] = {7};
    const int64_t two[] = {10, 4};
    const int64_t three[] = {9, -1, 5};
    const int64_t four[] = {8, 1, 2, 100};
    const int64_t equal[] = {5, 5, 5, 5, 5};

    assert_int_equal(median_of(one, 1), 7);
    assert_int_equal(median_of(two, 2), 7);
    assert_int_equal(median_of(three, 3), 5);
    assert_int_equal(median_of(four, 4), 5);
    assert_int_equal(median_of(equal, 5), 5);
}

static void median_of_extremes_does_not_overflow(void **state)
{
    (void)state;
    const int64_t values[] = {INT64_MAX, INT64_MIN};
    const int64_t large[] = {INT64_MAX, INT64_MAX - 2};

    assert_int_equal(median_of(values, 2), -1);
    assert_int_equal(median_of(large, 2), INT64_MAX - 1);
}

/* Numerical Recipes' generator: any sequence will do, as long as it is always the same. */
static uint32_t next_random(uint32_t *seed)
{
    *seed = *seed * 1664525 + 1013904223;
    return *seed >> 8;
}

static void check_random_median(size_t count, uint32_t different, uint32_t *seed)
{
    int64_t values[64];
    int64_t sorted[64];

    for (size_t i = 0; i < count; i++) {
        values[i] = next_random(seed) % different;
        sorted[i] = values[i];
    }
    statistics_sort(sorted, count);
    assert_int_equal(statistics_median(values, count), statistics_sorted_median(sorted, count));
}

static int compare_values(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* What the library makes of the same values. */
static void assert_sorts(const int64_t *values, size_t count)
{
    int64_t *ours = malloc((count + 1) * sizeof(*ours));
    int64_t *theirs = malloc((count + 1) * sizeof(*theirs));

    assert_non_null(ours);
    assert_non_null(theirs);
    memcpy(ours, values, count * sizeof(*ours));
    memcpy(theirs, values, count * sizeof(*theirs));
    statistics_sort(ours, count);
    qsort(theirs, count, sizeof(*theirs), compare_values);
    assert_memory_equal(ours, theirs, count * sizeof(*ours));
    free(ours);
    free(theirs);
}

/* Values for quicksort to stumble over: each time the three that the pivot is chosen from are among
 * the smallest (after Musser, "Introspective sorting and selection algorithms", 1997). */
static void make_slow_to_split(int64_t *values, size_t count)
{
    const size_t half = count / 2;

    for (size_t i = 0; i < half; i++) {
        values[i] = (int64_t)(i % 2 == 0 ? i + 1 : half + i + (half % 2 == 0));
        values[half + i] = (int64_t)(2 * (i + 1));
    }
}

static void sorting_agrees_with_the_librarys(void **state)
{
    (void)state;
    enum { COUNT = 2000 };
    int64_t values[COUNT] = {0};
    uint64_t seed = 1;

    for (size_t count = 0; count <= 40; count++) {
        for (size_t i = 0; i < count; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            values[i] = (int64_t)(seed >> 60);
        }
        assert_sorts(values, count);
    }
    for (int64_t kind = 0; kind < 5; kind++) {
        for (int64_t i = 0; i < COUNT; i++) {
            seed = seed * 6364136223846793005U + 1442695040888963407U;
            const int64_t kinds[] = {i, -i, 5, i % 2 == 0 ? i : -i, (int64_t)seed};
            values[i] = kinds[kind];
        }
        assert_sorts(values, COUNT);
    }
    make_slow_to_split(values, COUNT);
    assert_sorts(values, COUNT);
    values[7] = INT64_MIN;
    values[9] = INT64_MAX;
    assert_sorts(values, COUNT);
}

static void median_agrees_with_sorting(void **state)
{
    (void)state;
    uint32_t seed = 1;

    for (size_t count = 1; count <= 64; count++) {
        for (int round = 0; round < 25; round++) {
            check_random_median(count, 5, &seed);
            check_random_median(count, 1000, &seed);
        }
    }
}

/* "Median of three" killer: without a way out, each round would drop two values only. */
static void median_of_a_hostile_sequence_ends(void **state)
{
    (void)state;
    enum { COUNT = 100000 };
    int64_t *values = calloc(COUNT, sizeof(*values));
    assert_non_null(values);
    for (size_t i = 0; i < COUNT / 2; i++) {
        values[i] = i % 2 == 0 ? (int64_t)i + 1 : (int64_t)(COUNT / 2 + i);
        values[COUNT / 2 + i] = 2 * ((int64_t)i + 1);
    }
    int64_t *sorted = malloc(COUNT * sizeof(*sorted));
    assert_non_null(sorted);
    memcpy(sorted, values, COUNT * sizeof(*sorted));
    statistics_sort(sorted, COUNT);
    assert_int_equal(statistics_median(values, COUNT), statistics_sorted_median(sorted, COUNT));
    free(sorted);
    free(values);
}

/* Of 1 to count: the smallest number of which count x 0.9 are no greater is that itself, rounded
 * up. */
static void nine_in_ten_do_not_exceed_the_p90(void **state)
{
    (void)state;
    int64_t values[200];

    for (size_t count = 1; count <= 200; count++) {
        for (size_t i = 0; i < count; i++) {
            values[i] = (int64_t)(i * 7 % count) + 1;
        }
        if (count % 7 != 0) { /* else these are not all of them */
            assert_int_equal(statistics_p90(values, count), (count * 9 + 9) / 10);
        }
    }
}

static void median_error_of_few_is_their_range(void **state)
{
    (void)state;
    const int64_t values[] = {0, 1, 2, 3, 1000};

    /* Between smallest and largest with probability 1/2 (2 values) and 15/16 (5 values). */
    assert_near(statistics_median_error(values, 2), 1 / (2 * 0.674490), 1e-4);
    assert_near(statistics_median_error(values, 5), 1000 / (2 * 1.862732), 1e-3);
}

static void median_error_of_many_ignores_an_outlier(void **state)
{
    (void)state;
    int64_t values[100];
    for (int i = 0; i < 100; i++) {
        values[i] = i;
    }
    /* Ranks 50 - 0.98 x 10 = 40 from either end: values 39 and 60. */
    assert_near(statistics_median_error(values, 100), 21 / (2 * 1.959964), 1e-6);
    values[99] = 1000000000;
    assert_near(statistics_median_error(values, 100), 21 / (2 * 1.959964), 1e-6);
}

/* The table of the sign test's interval: n, the rank of its lower end counted from 1. */
static void median_rank_is_that_of_the_sign_tests_table(void **state)
{
    (void)state;
    static const struct {
        size_t count;
        size_t rank;
    } rows[] = {{6, 1},  {8, 1},   {9, 2},   {10, 2},  {12, 3},   {15, 4},  {20, 6},
                {25, 8}, {30, 10}, {40, 14}, {50, 18}, {100, 40}, {99, 40}, {1000, 469}};
    size_t rank;

    for (size_t count = 0; count < 6; count++) {
        assert_false(statistics_median_rank(count, &rank));
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        assert_true(statistics_median_rank(rows[i].count, &rank));
        assert_int_equal(rank + 1, rows[i].rank);
    }
    /* Where it is no longer summed it goes on: 500.5 - 0.98 x 31.64 = 469.5. */
    assert_true(statistics_median_rank(1001, &rank));
    assert_int_equal(rank + 1, 469);
}

static void ranked_value_is_that_of_the_sorted_ones(void **state)
{
    (void)state;
    const int64_t sorted[] = {-7, -1, 0, 0, 3, 9, 9, 12};

    for (size_t rank = 0; rank < 8; rank++) {
        int64_t values[] = {9, 0, 12, -7, 3, 9, 0, -1};
        assert_int_equal(statistics_ranked(values, 8, rank), sorted[rank]);
    }
}

/* 10 values: the second and the ninth enclose the median but for a chance of 11 / 1024 on either
 * side, which is a deviate of 2.2999. */
static void median_error_of_a_few_counts_what_its_ranks_enclose(void **state)
{
    (void)state;
    const int64_t values[] = {0, 10, 11, 12, 13, 14, 15, 16, 30, 1000};

    assert_near(statistics_median_error(values, 10), 20 / (2 * 2.2999), 0.002);
}

static void t_is_that_of_the_tables(void **state)
{
    (void)state;
    assert_near(statistics_t(4), 2.776, 0.01);
    assert_near(statistics_t(9), 2.262, 0.001);
    assert_near(statistics_t(30), 2.042, 0.001);
    assert_near(statistics_t(1000000), 1.960, 0.001);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(mean_of_nothing_is_not_a_number),
        cmocka_unit_test(median_is_the_middle_or_halfway_between_the_two),
        cmocka_unit_test(median_of_extremes_does_not_overflow),
        cmocka_unit_test(sorting_agrees_with_the_librarys),
        cmocka_unit_test(median_agrees_with_sorting),
        cmocka_unit_test(median_of_a_hostile_sequence_ends),
        cmocka_unit_test(nine_in_ten_do_not_exceed_the_p90),
        cmocka_unit_test(median_error_of_few_is_their_range),
        cmocka_unit_test(median_error_of_many_ignores_an_outlier),
        cmocka_unit_test(median_rank_is_that_of_the_sign_tests_table),
        cmocka_unit_test(ranked_value_is_that_of_the_sorted_ones),
        cmocka_unit_test(median_error_of_a_few_counts_what_its_ranks_enclose),
        cmocka_unit_test(t_is_that_of_the_tables),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
