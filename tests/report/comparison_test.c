/* Two periods, against cases that were computed by hand. */
#include "report/comparison.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void add(struct summary *summary, const char *host, int resumed, int full)
{
    for (int i = 0; i < resumed; i++) {
        summaries_add_resumed(summary, host, "192.0.2.1", 20);
    }
    for (int i = 0; i < full; i++) {
        summaries_add_full(summary, host, "192.0.2.1", 40);
    }
}

struct periods {
    struct summary *a;
    struct summary *b;
    struct comparison comparison;
};

static void begin(struct periods *periods)
{
    periods->a = summaries_new(REPORT_BY_HOST);
    periods->b = summaries_new(REPORT_BY_HOST);
}

static void compare(struct periods *periods)
{
    assert_true(summary_finish(periods->a, REPORT_SORT_NAME));
    assert_true(summary_finish(periods->b, REPORT_SORT_NAME));
    assert_true(comparison_make(&periods->comparison, periods->a, periods->b));
}

static void end(struct periods *periods)
{
    comparison_clear(&periods->comparison);
    summary_free(periods->a);
    summary_free(periods->b);
}

static void assert_name(const struct comparison_row *row, const char *name)
{
    assert_int_equal(row->name_len, strlen(name));
    assert_memory_equal(row->name, name, row->name_len);
}

/* 48 of 80, then 56 of 70: Newcombe's contrast (a). */
static void difference_is_b_less_a_with_newcombes_interval(void **state)
{
    (void)state;
    struct periods periods;

    begin(&periods);
    add(periods.a, "a", 48, 32);
    add(periods.b, "a", 56, 14);
    compare(&periods);
    assert_int_equal(periods.comparison.count, 1);
    const struct comparison_row *row = &periods.comparison.rows[0];
    assert_int_equal(row->sides[COMPARISON_A].resumed.part, 48);
    assert_int_equal(row->sides[COMPARISON_B].resumed.of, 70);
    assert_int_equal(row->sides[COMPARISON_A].full_ns, 40 * records_ms);
    assert_int_equal(row->sides[COMPARISON_B].resumed_ns, 20 * records_ms);
    assert_int_equal(row->resumed.change, COMPARISON_UP);
    summaries_near(row->resumed.difference, 0.2, 1e-12);
    summaries_near(row->resumed.interval.low, 0.0524, 0.00005);
    summaries_near(row->resumed.interval.high, 0.3339, 0.00005);
    assert_int_equal(periods.comparison.total.resumed.change, COMPARISON_UP);
    end(&periods);
}

static void less_than_thirty_on_either_side_is_too_few(void **state)
{
    (void)state;
    struct periods periods;

    begin(&periods);
    add(periods.a, "enough", 30, 0);
    add(periods.b, "enough", 0, 30);
    add(periods.a, "few", 29, 0);
    add(periods.b, "few", 0, 300);
    compare(&periods);
    assert_name(&periods.comparison.rows[0], "enough");
    assert_int_equal(periods.comparison.rows[0].resumed.change, COMPARISON_DOWN);
    assert_name(&periods.comparison.rows[1], "few");
    assert_int_equal(periods.comparison.rows[1].resumed.change, COMPARISON_TOO_FEW);
    end(&periods);
}

/* All resumed ones were accepted offers; of the full ones none was an offer, but those refused. */
static void refused_are_those_of_offers_accepted_or_refused(void **state)
{
    (void)state;
    struct periods periods;
    struct record refused = summaries_full("a", "192.0.2.1", 40);

    refused.handshake.offered = OFFER_TICKET;
    refused.handshake.outcome = OUTCOME_REFUSED;
    begin(&periods);
    add(periods.a, "a", 40, 100);
    add(periods.b, "a", 20, 100);
    for (int i = 0; i < 20; i++) {
        summaries_add(periods.b, &refused);
    }
    compare(&periods);
    const struct comparison_row *row = &periods.comparison.rows[0];
    assert_int_equal(row->sides[COMPARISON_A].refused.part, 0);
    assert_int_equal(row->sides[COMPARISON_A].refused.of, 40);
    assert_int_equal(row->sides[COMPARISON_B].refused.part, 20);
    assert_int_equal(row->sides[COMPARISON_B].refused.of, 40);
    assert_int_equal(row->refused.change, COMPARISON_UP);
    summaries_near(row->refused.difference, 0.5, 1e-12);
    end(&periods);
}

static void groups_of_one_period_only_are_there_too(void **state)
{
    (void)state;
    struct periods periods;

    begin(&periods);
    add(periods.a, "a", 1, 0);
    add(periods.a, "c", 3, 0);
    add(periods.b, "b", 2, 0);
    add(periods.b, "d", 5, 0);
    add(periods.b, "dd", 4, 0);
    compare(&periods);
    static const char *const names[] = {"d", "dd", "c", "b", "a"};
    assert_int_equal(periods.comparison.count, 5);
    for (size_t i = 0; i < 5; i++) {
        assert_name(&periods.comparison.rows[i], names[i]);
    }
    assert_int_equal(periods.comparison.rows[0].sides[COMPARISON_A].handshakes, 0);
    assert_int_equal(periods.comparison.rows[0].sides[COMPARISON_A].full_ns, HANDSHAKE_NULL);
    assert_int_equal(periods.comparison.rows[2].sides[COMPARISON_B].handshakes, 0);
    assert_int_equal(periods.comparison.total.sides[COMPARISON_A].handshakes, 4);
    assert_int_equal(periods.comparison.total.sides[COMPARISON_B].handshakes, 11);
    end(&periods);
}

/* "large": 95 of 100 to 5 of 100. "sure": 2000 of 4000 to 1600 of 4000, 8 points beyond doubt.
 * "wide": 20 of 40 to 14 of 40, 15 points that may be none. "same": no difference. */
static void order_is_by_the_difference_beyond_its_interval(void **state)
{
    (void)state;
    struct periods periods;
    static const char *const names[] = {"large", "sure", "wide", "same", "few"};

    begin(&periods);
    add(periods.a, "few", 20, 0);
    add(periods.b, "few", 0, 20);
    add(periods.a, "same", 2000, 2000);
    add(periods.b, "same", 2000, 2000);
    add(periods.a, "wide", 20, 20);
    add(periods.b, "wide", 14, 26);
    add(periods.a, "sure", 2000, 2000);
    add(periods.b, "sure", 1600, 2400);
    add(periods.a, "large", 95, 5);
    add(periods.b, "large", 5, 95);
    compare(&periods);
    for (size_t i = 0; i < 5; i++) {
        assert_name(&periods.comparison.rows[i], names[i]);
    }
    assert_int_equal(periods.comparison.rows[2].resumed.change, COMPARISON_UNCLEAR);
    end(&periods);
}

static void nothing_compares_with_nothing(void **state)
{
    (void)state;
    struct periods periods;

    begin(&periods);
    compare(&periods);
    assert_int_equal(periods.comparison.count, 0);
    assert_int_equal(periods.comparison.total.resumed.change, COMPARISON_TOO_FEW);
    end(&periods);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(difference_is_b_less_a_with_newcombes_interval),
        cmocka_unit_test(less_than_thirty_on_either_side_is_too_few),
        cmocka_unit_test(refused_are_those_of_offers_accepted_or_refused),
        cmocka_unit_test(groups_of_one_period_only_are_there_too),
        cmocka_unit_test(order_is_by_the_difference_beyond_its_interval),
        cmocka_unit_test(nothing_compares_with_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
