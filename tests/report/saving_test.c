/* Savings, headline and interval against cases that were computed by hand. */
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static void modelled_saving_is_round_trips_times_the_path(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record without_rtt = summaries_resumed("a", "192.0.2.1", 12);
    struct record without_rtts = summaries_resumed("a", "192.0.2.1", 12);

    summaries_add_resumed(summary, "a", "192.0.2.1", 12); /* 2 - 1 round trips of 10 ms */
    without_rtt.handshake.rtt_server_ns = HANDSHAKE_NULL;
    summaries_add(summary, &without_rtt); /* 1 round trip of unknown length */
    without_rtts.handshake.rtts_tls = HANDSHAKE_RTTS_NULL;
    summaries_add(summary, &without_rtts);
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.rtts.samples, 2);
    summaries_near(figures.saved.rtts.sum, 2, 0);
    assert_int_equal(figures.saved.modelled.samples, 1);
    summaries_near(figures.saved.modelled.sum, 10e6, 0);
    assert_int_equal(figures.saved.measured.samples, 0); /* no full handshake to measure against */
    assert_int_equal(figures.saved.headline, HEADLINE_MODELLED);
}

static void measured_saving_is_the_median_full_one_less_its_own(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 30);
    summaries_add_full(summary, "a", "198.51.100.1",
                       50); /* another network, too few of each: all count */
    summaries_add_resumed(summary, "a", "203.0.113.1", 15);
    summaries_add_resumed(summary, "a", "192.0.2.1", 48); /* slower than a full one: -8 ms */
    summaries_add_resumed(summary, "a", "192.0.2.1", -1); /* no time, no measure */
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.measured.samples, 2);
    summaries_near(figures.saved.measured.sum, (25 - 8) * 1e6, 0);
    assert_false(figures.saved.has_interval);
}

static void savings_may_be_negative_in_sum(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 10);
    for (int i = 0; i < 5; i++) {
        summaries_add_resumed(summary, "a", "192.0.2.1", 30);
    }
    struct figures figures = summaries_total(summary);
    summaries_near(figures.saved.measured.sum, -100e6, 0);
    assert_int_equal(figures.saved.headline, HEADLINE_MEASURED);
    summaries_near(figures.saved.headline_ns, -100e6, 0);
}

/* Full handshakes of 10 ms near and 100 ms far; `near` of them near. */
static double saved_near(int near, const char *client)
{
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (int i = 0; i < near; i++) {
        summaries_add_full(summary, "a", "192.0.2.200", 10);
    }
    for (int i = 0; i < 11; i++) {
        summaries_add_full(summary, "a", "198.51.100.1", 100);
    }
    summaries_add_resumed(summary, "a", client, 4);
    return summaries_total(summary).saved.measured.sum / 1e6;
}

static void own_network_counts_from_five_full_handshakes_on(void **state)
{
    (void)state;
    summaries_near(saved_near(5, "192.0.2.1"), 6, 0);
    summaries_near(saved_near(4, "192.0.2.1"), 96, 0);
    summaries_near(saved_near(5, "192.0.3.1"), 96, 0); /* the next /24 */
}

static void own_network_is_a_48_for_ipv6(void **state)
{
    (void)state;
    static const struct {
        const char *client;
        double saved_ms;
    } cases[] = {{"2001:db8:1:2::1", 6}, {"2001:db8:1:ffff::1", 6}, {"2001:db8:2::1", 96}};

    for (size_t i = 0; i < 3; i++) {
        struct summary *summary = summaries_new(REPORT_BY_HOST);
        for (int j = 0; j < 5; j++) {
            summaries_add_full(summary, "a", "2001:db8:1::1", 10);
        }
        for (int j = 0; j < 11; j++) {
            summaries_add_full(summary, "a", "198.51.100.1", 100);
        }
        summaries_add_resumed(summary, "a", cases[i].client, 4);
        summaries_near(summaries_total(summary).saved.measured.sum / 1e6, cases[i].saved_ms, 0);
    }
}

static void savings_are_by_host_and_version_whatever_the_groups(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_CLIENT);
    struct record other_version = summaries_full("a", "192.0.2.1", 500);
    struct figures figures;
    size_t len;

    other_version.handshake.version = 0x0301;
    summaries_add(summary, &other_version);
    summaries_add_full(summary, "a", "192.0.2.1", 40);
    summaries_add_full(summary, "b", "192.0.2.1", 90);
    summaries_add_resumed(summary, "a", "192.0.2.2",
                          10); /* of this client alone: no full handshake */
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    assert_int_equal(summary_groups(summary), 2);
    assert_memory_equal(summary_name(summary, 1, &len), "192.0.2.2", 9);
    assert_int_equal(len, 9);
    summary_figures(summary, 1, &figures);
    assert_int_equal(figures.handshakes, 1);
    summaries_near(figures.saved.measured.sum, 30e6, 0);
    summary_figures(summary, 0, &figures);
    assert_int_equal(figures.saved.measured.samples, 0);
    summary_free(summary);
}

static struct figures with_resumed(int count)
{
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 40);
    for (int i = 0; i < count; i++) {
        summaries_add_resumed(summary, "a", "192.0.2.1", 15);
    }
    return summaries_total(summary);
}

static void headline_is_measured_from_five_samples_on(void **state)
{
    (void)state;
    struct figures four = with_resumed(4);
    struct figures five = with_resumed(5);

    assert_int_equal(four.saved.headline, HEADLINE_MODELLED);
    summaries_near(four.saved.headline_ns, 4 * 10e6, 0);
    assert_int_equal(four.saved.headline_samples, 4);
    assert_false(four.saved.has_interval);
    assert_int_equal(five.saved.headline, HEADLINE_MEASURED);
    summaries_near(five.saved.headline_ns, 5 * 25e6, 0);
    assert_int_equal(five.saved.headline_samples, 5);
    assert_true(five.saved.has_interval);
}

static void interval_of_equal_savings_is_a_point(void **state)
{
    (void)state;
    struct figures figures = with_resumed(5);

    summaries_near(figures.saved.low_ns, 25e6, 1e-3);
    summaries_near(figures.saved.high_ns, 25e6, 1e-3);
}

/* Savings 21..29 ms in steps of 2 against one full handshake of 50 ms: mean 25, s^2 = 10 ms^2.
 * Variance of the mean: 10/5, and 10 more for the median of one. Half: 2.776 x sqrt(12). */
static void interval_counts_the_doubt_about_a_single_full_handshake(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 50);
    for (int i = 0; i < 5; i++) {
        summaries_add_resumed(summary, "a", "192.0.2.1", 21 + 2 * i);
    }
    struct figures figures = summaries_total(summary);
    summaries_near(mean_value(&figures.saved.measured), 25e6, 1e-3);
    summaries_near(figures.saved.high_ns, 25e6 + 2.776e6 * sqrt(12), 0.05e6);
    summaries_near(figures.saved.low_ns, 25e6 - 2.776e6 * sqrt(12), 0.05e6);
}

/* The same savings against two medians: 3 of 5 against {40, 60} (standard error 20/1.349 = 14.83
 * ms), 2 of 5 against {50}. Variance: 2 + (3/5)^2 x 14.83^2 + (2/5)^2 x 10. */
static void interval_weighs_each_median_by_its_share(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 40);
    summaries_add_full(summary, "a", "192.0.2.1", 60);
    summaries_add_full(summary, "b", "192.0.2.1", 50);
    for (int i = 0; i < 5; i++) {
        summaries_add_resumed(summary, i < 3 ? "a" : "b", "192.0.2.1", 21 + 2 * i);
    }
    struct figures figures = summaries_total(summary);
    double error = 20 / (2 * 0.674490);
    double variance = 2 + 0.36 * error * error + 0.16 * 10;
    summaries_near(figures.saved.high_ns - figures.saved.low_ns, 2 * 2.776e6 * sqrt(variance),
                   0.3e6);
}

static void psk_without_early_data_saves_no_round_trip(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record psk = summaries_resumed("a", "192.0.2.1", 11);
    struct record early = summaries_resumed("a", "192.0.2.1", 0);

    psk.handshake.version = early.handshake.version = 0x0304;
    psk.handshake.verdict = early.handshake.verdict = VERDICT_RESUMED_PSK;
    early.handshake.early_data = EARLY_DATA_ACCEPTED;
    early.handshake.rtts_tls = 0;
    summaries_add(summary, &psk);
    summaries_add(summary, &early);
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.rtts.samples, 2);
    summaries_near(figures.saved.rtts.sum, 1, 0);
    assert_int_equal(figures.saved.without_round_trip, 1);
    summaries_near(figures.saved.modelled.sum, 10e6, 0);
}

/* Savings 20, 21, 22, 24, 28, 40 ms: median 23; 6 values, the smallest to the largest. The median
 * of two full handshakes of 50 ms has no error of its own. */
static void median_saving_lies_between_order_statistics(void **state)
{
    (void)state;
    static const double resumed_ms[] = {30, 10, 29, 28, 26, 22};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 50);
    summaries_add_full(summary, "a", "192.0.2.1", 50);
    for (size_t i = 0; i < 6; i++) {
        summaries_add_resumed(summary, "a", "192.0.2.1", resumed_ms[i]);
    }
    struct figures figures = summaries_total(summary);
    summaries_near(figures.saved.measured_median.value, 23e6, 0);
    assert_true(figures.saved.measured_median.has_interval);
    summaries_near(figures.saved.measured_median.low, 20e6, 1e-3);
    summaries_near(figures.saved.measured_median.high, 40e6, 1e-3);
}

/* The same against full ones of 40 and 60 ms: error 20 / 1.349 = 14.826 ms, and t of 5 degrees is
 * 2.571. Low: 23 - sqrt(3^2 + 38.11^2), high: 23 + sqrt(17^2 + 38.11^2). */
static void median_saving_inherits_the_doubt_about_the_full_ones(void **state)
{
    (void)state;
    static const double resumed_ms[] = {30, 10, 29, 28, 26, 22};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    summaries_add_full(summary, "a", "192.0.2.1", 40);
    summaries_add_full(summary, "a", "192.0.2.1", 60);
    for (size_t i = 0; i < 6; i++) {
        summaries_add_resumed(summary, "a", "192.0.2.1", resumed_ms[i]);
    }
    struct figures figures = summaries_total(summary);
    double error = statistics_t(5) * 20e6 / (2 * 0.674490);
    summaries_near(error, 38.11e6, 0.15e6);
    summaries_near(figures.saved.measured_median.low, 23e6 - hypot(3e6, error), 1);
    summaries_near(figures.saved.measured_median.high, 23e6 + hypot(17e6, error), 1);
}

static struct record with_bytes(struct record record, int64_t client, int64_t server)
{
    record.handshake.bytes_client = client;
    record.handshake.bytes_server = server;
    return record;
}

/* Full ones of 4000, 5000 and 9000 bytes: median 5000. Less 700 and 800; the other host's resumed
 * one has nothing to be compared with, and one is of unknown size. */
static void bytes_saved_are_the_median_full_ones_less_its_own(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    const struct record records[] = {
        with_bytes(summaries_full("a", "192.0.2.1", 40), 500, 3500),
        with_bytes(summaries_full("a", "192.0.2.1", 40), 500, 8500),
        with_bytes(summaries_full("a", "192.0.2.1", 40), 500, 4500),
        with_bytes(summaries_resumed("a", "192.0.2.1", 20), 500, 200),
        with_bytes(summaries_resumed("a", "192.0.2.1", 20), 600, 200),
        with_bytes(summaries_resumed("a", "192.0.2.1", 20), HANDSHAKE_NULL, 200),
        with_bytes(summaries_resumed("b", "192.0.2.1", 20), 600, 200),
    };

    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        summaries_add(summary, &records[i]);
    }
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.bytes.mean.samples, 2);
    summaries_near(figures.saved.bytes.mean.sum, 4300 + 4200, 0);
    summaries_near(figures.saved.bytes.median.value, 4250, 0);
    assert_false(figures.saved.bytes.median.has_interval);
}

static struct record with_stalled(struct record record, int8_t stalled)
{
    record.handshake.rtts_stalled = stalled;
    return record;
}

/* Full ones lost 2, 1 and 0: 1 on average. Of the resumed ones one lost none, one 1, and one is not
 * known; the path is 10 ms, where it is known. */
static void stalled_round_trips_are_the_mean_of_full_ones_less_its_own(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record without_rtt = with_stalled(summaries_resumed("a", "192.0.2.1", 20), 0);
    const struct record records[] = {
        with_stalled(summaries_full("a", "192.0.2.1", 40), 2),
        with_stalled(summaries_full("a", "192.0.2.1", 40), 1),
        with_stalled(summaries_full("a", "192.0.2.1", 40), 0),
        with_stalled(summaries_resumed("a", "192.0.2.1", 20), 0),
        with_stalled(summaries_resumed("a", "192.0.2.1", 20), 1),
        with_stalled(summaries_resumed("a", "192.0.2.1", 20), HANDSHAKE_RTTS_NULL),
        with_stalled(summaries_resumed("b", "192.0.2.1", 20), 0),
    };

    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        summaries_add(summary, &records[i]);
    }
    without_rtt.handshake.rtt_client_ns = HANDSHAKE_NULL;
    summaries_add(summary, &without_rtt);
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.stalled.samples, 3);
    summaries_near(figures.saved.stalled.sum, 1 + 0 + 1, 1e-9);
    assert_int_equal(figures.saved.stalled_ns.samples, 2);
    summaries_near(figures.saved.stalled_ns.sum, 10e6, 1e-3);
}

static struct record refused_of(const char *host, double ms)
{
    struct record record = summaries_full(host, "192.0.2.1", ms);

    record.handshake.offered = OFFER_TICKET;
    record.handshake.outcome = OUTCOME_REFUSED;
    record.missed = MISSED_REFUSED;
    return record;
}

/* Resumed ones of 10, 20 and 40 ms: median 20. A refused full one of 50 ms could have gained 30,
 * one of 15 ms would have lost 5, one of unknown time is modelled only: 2 - 1 round trips of 10 ms.
 * A full one that offered nothing missed nothing that is known of. */
static void gain_is_a_missed_ones_time_less_the_median_resumed_one(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    const struct record records[] = {
        summaries_resumed("a", "192.0.2.1", 10),
        summaries_resumed("a", "192.0.2.1", 40),
        summaries_resumed("a", "192.0.2.1", 20),
        summaries_full("a", "192.0.2.1", 90),
        refused_of("a", 50),
        refused_of("a", 15),
        refused_of("a", -1),
        refused_of("b", 70),
    };

    for (size_t i = 0; i < sizeof(records) / sizeof(records[0]); i++) {
        summaries_add(summary, &records[i]);
    }
    struct figures figures = summaries_total(summary);
    const struct figures_gain *gain = &figures.gains[MISSED_REFUSED];
    assert_int_equal(gain->handshakes, 4);
    assert_int_equal(gain->measured.mean.samples, 2);
    summaries_near(gain->measured.mean.sum, (30 - 5) * 1e6, 0);
    assert_int_equal(gain->modelled.samples, 4);
    summaries_near(gain->modelled.sum, 40e6, 0);
    assert_int_equal(gain->headline, HEADLINE_MODELLED);
    assert_int_equal(figures.gains[MISSED_NOT_OFFERED].handshakes, 0);
    assert_int_equal(figures.gains[MISSED_NOT_OFFERED].headline, HEADLINE_NONE);
}

/* RFC 8446, 2.2: a resumed handshake of TLS 1.3 has its round trip too. */
static void gain_of_tls_1_3_is_no_round_trip(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record refused = refused_of("a", 50);

    refused.handshake.version = 0x0304;
    refused.handshake.rtts_tls = 1;
    summaries_add(summary, &refused);
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.gains[MISSED_REFUSED].modelled.samples, 1);
    summaries_near(figures.gains[MISSED_REFUSED].modelled.sum, 0, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(modelled_saving_is_round_trips_times_the_path),
        cmocka_unit_test(measured_saving_is_the_median_full_one_less_its_own),
        cmocka_unit_test(savings_may_be_negative_in_sum),
        cmocka_unit_test(own_network_counts_from_five_full_handshakes_on),
        cmocka_unit_test(own_network_is_a_48_for_ipv6),
        cmocka_unit_test(savings_are_by_host_and_version_whatever_the_groups),
        cmocka_unit_test(headline_is_measured_from_five_samples_on),
        cmocka_unit_test(interval_of_equal_savings_is_a_point),
        cmocka_unit_test(interval_counts_the_doubt_about_a_single_full_handshake),
        cmocka_unit_test(interval_weighs_each_median_by_its_share),
        cmocka_unit_test(median_saving_lies_between_order_statistics),
        cmocka_unit_test(median_saving_inherits_the_doubt_about_the_full_ones),
        cmocka_unit_test(bytes_saved_are_the_median_full_ones_less_its_own),
        cmocka_unit_test(stalled_round_trips_are_the_mean_of_full_ones_less_its_own),
        cmocka_unit_test(gain_is_a_missed_ones_time_less_the_median_resumed_one),
        cmocka_unit_test(gain_of_tls_1_3_is_no_round_trip),
        cmocka_unit_test(psk_without_early_data_saves_no_round_trip),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
