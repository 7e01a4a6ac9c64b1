#include "report/thresholds.h"
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* Of `all` handshakes the first `resumed` are; the next `refused` had their offers refused. */
static void add(struct summary *summary, const char *host, int resumed, int refused, int all)
{
    for (int i = 0; i < all; i++) {
        struct record record = i < resumed ? summaries_resumed(host, "192.0.2.1", 20)
                                           : summaries_full(host, "192.0.2.1", 40);
        if (i >= resumed && i < resumed + refused) {
            record.handshake.outcome = OUTCOME_REFUSED;
        }
        summaries_add(summary, &record);
    }
}

/* Judges the summary, and frees it. What was said is the caller's. */
static char *judge(struct summary *summary, double least_rate, double most_refused, size_t *missed)
{
    char *text = NULL;
    size_t len;
    struct report_judgement judgement = {least_rate, most_refused, open_memstream(&text, &len), 0};

    assert_non_null(judgement.said);
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    thresholds_judge(summary, &judgement);
    assert_int_equal(fclose(judgement.said), 0);
    summary_free(summary);
    *missed = judgement.missed;
    return text;
}

static void check(struct summary *summary, double least_rate, double most_refused, size_t missed,
                  const char *said)
{
    size_t count;
    char *text = judge(summary, least_rate, most_refused, &count);

    assert_string_equal(text, said);
    assert_int_equal(count, missed);
    free(text);
}

static void rate_is_missed_below_and_not_at_the_threshold(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    add(summary, "at", 60, 0, 100);
    add(summary, "below", 59, 0, 100);
    check(summary, 60, (double)NAN, 1,
          "reprise: below: 59.00 % resumed, 59 of 100; asked for at least 60 %\n");
}

static void refused_share_is_missed_above_and_not_at_the_threshold(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    add(summary, "above", 94, 6, 200);
    add(summary, "at", 95, 5, 200);
    check(summary, (double)NAN, 5, 1,
          "reprise: above: 6.00 % of offers refused, 6 of 100; asked for at most 5 %\n");
}

static void host_that_misses_both_is_one_host(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    add(summary, "a", 20, 80, 100);
    check(summary, 60.5, 5, 1,
          "reprise: a: 20.00 % resumed, 20 of 100; asked for at least 60.5 %\n"
          "reprise: a: 80.00 % of offers refused, 80 of 100; asked for at most 5 %\n");
}

static void hosts_with_less_than_thirty_are_counted_and_not_judged(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    add(summary, "a", 0, 29, 29);
    add(summary, "b", 30, 0, 60); /* 30 offers of 60 handshakes */
    add(summary, "c", 0, 0, 29);
    add(summary, "d", 0, 0, 30); /* no offers */
    check(summary, 10, 5, 1,
          "reprise: d: 0.00 % resumed, 0 of 30; asked for at least 10 %\n"
          "reprise: --fail-under leaves out 2 hosts with fewer than 30 evaluated handshakes\n"
          "reprise: --fail-over-refused leaves out 3 hosts with fewer than 30 offers that were "
          "accepted or refused\n");
}

static void nothing_misses_nothing(void **state)
{
    (void)state;
    check(summaries_new(REPORT_BY_HOST), 100, 0, 0, "");
}

static void extremes_can_be_asked_for(void **state)
{
    (void)state;
    struct summary *good = summaries_new(REPORT_BY_HOST);

    add(good, "a", 50, 0, 50);
    check(good, 100, 0, 0, "");
}

static void hostile_names_do_not_reach_the_terminal(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    add(summary, "a\x1b[2J\n\xe2\x80\xae\xff", 0, 0, 30);
    check(summary, 1, (double)NAN, 1,
          "reprise: a\\x1b[2J\\x0a\\u{202e}\\xff: 0.00 % resumed, 0 of 30; asked for at least 1 "
          "%\n");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rate_is_missed_below_and_not_at_the_threshold),
        cmocka_unit_test(refused_share_is_missed_above_and_not_at_the_threshold),
        cmocka_unit_test(host_that_misses_both_is_one_host),
        cmocka_unit_test(hosts_with_less_than_thirty_are_counted_and_not_judged),
        cmocka_unit_test(nothing_misses_nothing),
        cmocka_unit_test(extremes_can_be_asked_for),
        cmocka_unit_test(hostile_names_do_not_reach_the_terminal),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
