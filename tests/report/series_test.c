#include "report/series.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void width_is_the_smallest_that_needs_no_more_than_the_most_buckets(void **state)
{
    (void)state;
    static const struct {
        int64_t span_ns;
        int64_t width_ns;
        size_t count;
    } cases[] = {
        {0, SERIES_SECOND_NS, 1},
        {99 * SERIES_SECOND_NS, SERIES_SECOND_NS, 100},
        {100 * SERIES_SECOND_NS, 10 * SERIES_SECOND_NS, 11},
        {99 * SERIES_MINUTE_NS, SERIES_MINUTE_NS, 100},
        {100 * SERIES_MINUTE_NS, 10 * SERIES_MINUTE_NS, 11},
        {24 * SERIES_HOUR_NS, SERIES_HOUR_NS, 25},
        {99 * SERIES_HOUR_NS, SERIES_HOUR_NS, 100},
        {100 * SERIES_HOUR_NS, 6 * SERIES_HOUR_NS, 17},
        {30 * SERIES_DAY_NS, SERIES_DAY_NS, 31},
        {693 * SERIES_DAY_NS, 7 * SERIES_DAY_NS, 100},
        {700 * SERIES_DAY_NS, 14 * SERIES_DAY_NS, 51},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct series_scale scale;
        /* 1400 days: a whole number of each width. */
        const int64_t first_ns = 1400 * SERIES_DAY_NS;
        series_scale_make(&scale, first_ns, first_ns + cases[i].span_ns, 0);
        assert_int_equal(scale.width_ns, cases[i].width_ns);
        assert_int_equal(scale.count, cases[i].count);
        assert_int_equal(series_scale_start_ns(&scale, 0), first_ns);
    }
}

static void width_is_at_least_the_one_asked_for(void **state)
{
    (void)state;
    struct series_scale scale;

    series_scale_make(&scale, 0, 5 * SERIES_MINUTE_NS, SERIES_HOUR_NS);
    assert_int_equal(scale.width_ns, SERIES_HOUR_NS);
    assert_int_equal(scale.count, 1);
    series_scale_make(&scale, 0, 5 * SERIES_MINUTE_NS, INT64_MAX);
    assert_int_equal(scale.count, 1);
}

static void buckets_begin_with_the_hours_of_utc_also_before_the_epoch(void **state)
{
    (void)state;
    struct series_scale scale;

    series_scale_make(&scale, SERIES_HOUR_NS + 1, -SERIES_HOUR_NS / 2, SERIES_HOUR_NS);
    assert_int_equal(scale.count, 3);
    assert_int_equal(series_scale_start_ns(&scale, 0), -SERIES_HOUR_NS);
    assert_int_equal(series_scale_start_ns(&scale, 1), 0);
    assert_int_equal(series_scale_start_ns(&scale, 3), 2 * SERIES_HOUR_NS);
}

enum { EXTREMES = 6 };

static const int64_t extremes[EXTREMES] = {INT64_MIN, -INT64_MAX, -1, 0, 1, INT64_MAX};

/* Each handshake is in a bucket or outside. */
static void check_extremes_within(const struct series_scale *scale)
{
    struct series series;
    uint32_t counted = 0;

    series_init(&series, scale);
    for (size_t i = 0; i < EXTREMES; i++) {
        series_add(&series, extremes[i], VERDICT_FULL, OUTCOME_NONE);
    }
    for (size_t i = 0; i < scale->count; i++) {
        counted += series.buckets[i].verdicts[VERDICT_FULL];
    }
    assert_int_equal(counted + series.outside, EXTREMES);
}

static void times_of_a_damaged_database_stay_in_bounds(void **state)
{
    (void)state;
    for (size_t i = 0; i < EXTREMES; i++) {
        for (size_t j = 0; j < EXTREMES; j++) {
            struct series_scale scale;
            series_scale_make(&scale, extremes[i], extremes[j], 0);
            assert_in_range(scale.count, 1, SERIES_BUCKETS_MAX);
            assert_true(series_scale_start_ns(&scale, 0) <= series_scale_start_ns(&scale, 1));
            check_extremes_within(&scale);
        }
    }
}

static void bucket_counts_verdicts_and_offers(void **state)
{
    (void)state;
    struct series_scale scale;
    struct series series;

    series_scale_make(&scale, 0, 3 * SERIES_MINUTE_NS, SERIES_MINUTE_NS);
    series_init(&series, &scale);
    series_add(&series, 0, VERDICT_FULL, OUTCOME_REFUSED);
    series_add(&series, SERIES_MINUTE_NS - 1, VERDICT_RESUMED_ID, OUTCOME_ACCEPTED);
    series_add(&series, SERIES_MINUTE_NS, VERDICT_RESUMED_PSK, OUTCOME_ACCEPTED);
    series_add(&series, SERIES_MINUTE_NS, VERDICT_RESUMED_TICKET, OUTCOME_ACCEPTED);
    series_add(&series, SERIES_MINUTE_NS, VERDICT_FAILED, OUTCOME_FAILED);
    series_add(&series, SERIES_MINUTE_NS, VERDICT_UNKNOWN, OUTCOME_UNKNOWN);
    series_add(&series, -1, VERDICT_FULL, OUTCOME_NONE);
    series_add(&series, 4 * SERIES_MINUTE_NS, VERDICT_FULL, OUTCOME_NONE);
    assert_int_equal(series.outside, 2);
    assert_int_equal(series_bucket_evaluated(&series.buckets[0]), 2);
    assert_int_equal(series_bucket_resumed(&series.buckets[0]), 1);
    assert_int_equal(series.buckets[0].refused, 1);
    assert_int_equal(series.buckets[0].accepted, 1);
    assert_int_equal(series_bucket_evaluated(&series.buckets[1]), 2);
    assert_int_equal(series_bucket_resumed(&series.buckets[1]), 2);
    assert_int_equal(series.buckets[1].verdicts[VERDICT_FAILED], 1);
    assert_int_equal(series.buckets[1].verdicts[VERDICT_UNKNOWN], 1);
    assert_int_equal(series.buckets[1].accepted, 2);
    assert_int_equal(series_bucket_evaluated(&series.buckets[2]), 0);
}

static void series_of_groups_add_up_to_the_series_of_all(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct series_scale scale;
    struct series series;
    struct series total;
    uint32_t evaluated = 0;

    for (int i = 0; i < 50; i++) {
        struct record record = i % 3 == 0 ? summaries_full("a", "192.0.2.1", 40)
                                          : summaries_resumed("b", "192.0.2.1", 20);
        record.handshake.time_ns += i * SERIES_MINUTE_NS;
        summaries_add(summary, &record);
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    summary_scale(summary, 0, &scale);
    assert_int_equal(scale.width_ns, SERIES_MINUTE_NS);
    assert_int_equal(scale.count, 50);
    assert_int_equal(series_scale_start_ns(&scale, 0), records_start_ns);
    summary_total_series(summary, &scale, &total);
    for (size_t place = 0; place < 2; place++) {
        summary_series(summary, place, &scale, &series);
        assert_int_equal(series.outside, 0);
        for (size_t i = 0; i < scale.count; i++) {
            evaluated += series_bucket_evaluated(&series.buckets[i]);
        }
        assert_int_equal(series_bucket_evaluated(&series.buckets[3]), place == 0 ? 1 : 0);
    }
    assert_int_equal(evaluated, 50);
    for (size_t i = 0; i < scale.count; i++) {
        assert_int_equal(series_bucket_evaluated(&total.buckets[i]), 1);
    }
    summary_free(summary);
}

static void scale_of_an_empty_summary_is_one_bucket(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct series_scale scale;
    struct series series;

    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    summary_scale(summary, 0, &scale);
    assert_int_equal(scale.count, 1);
    summary_total_series(summary, &scale, &series);
    assert_int_equal(series_bucket_evaluated(&series.buckets[0]), 0);
    summary_free(summary);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(width_is_the_smallest_that_needs_no_more_than_the_most_buckets),
        cmocka_unit_test(width_is_at_least_the_one_asked_for),
        cmocka_unit_test(buckets_begin_with_the_hours_of_utc_also_before_the_epoch),
        cmocka_unit_test(times_of_a_damaged_database_stay_in_bounds),
        cmocka_unit_test(bucket_counts_verdicts_and_offers),
        cmocka_unit_test(series_of_groups_add_up_to_the_series_of_all),
        cmocka_unit_test(scale_of_an_empty_summary_is_one_bucket),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
