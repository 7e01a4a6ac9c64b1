/* Every figure against a case that was computed by hand. */
#include "tests/report/records.h"

#include "report/summary.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3, 4};

static void assert_near(double value, double wanted, double within)
{
    if (!(fabs(value - wanted) <= within)) {
        fail_msg("%f instead of %f", value, wanted);
    }
}

static struct summary *new_summary(enum report_by by)
{
    struct summary *summary = summary_new(by, key);
    assert_non_null(summary);
    return summary;
}

static void add(struct summary *summary, const struct record *record)
{
    assert_true(summary_add(summary, record));
}

/* One TLS 1.2 handshake of a client with a host: full, or resumed by a ticket. */
static struct record full(const char *host, const char *client, double ms)
{
    const struct records_spec spec = {host, client, 0x0303, VERDICT_FULL, OFFER_NONE, OUTCOME_NONE,
                                      2,    ms,     10};
    return records_make(&spec);
}

static struct record resumed(const char *host, const char *client, double ms)
{
    const struct records_spec spec = {
        host, client, 0x0303, VERDICT_RESUMED_TICKET, OFFER_TICKET, OUTCOME_ACCEPTED, 1, ms, 10};
    return records_make(&spec);
}

static void add_full(struct summary *summary, const char *host, const char *client, double ms)
{
    struct record record = full(host, client, ms);
    add(summary, &record);
}

static void add_resumed(struct summary *summary, const char *host, const char *client, double ms)
{
    struct record record = resumed(host, client, ms);
    add(summary, &record);
}

/* Finishes, gives the total, frees. */
static struct figures total_of(struct summary *summary)
{
    struct figures figures;
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    summary_total(summary, &figures);
    summary_free(summary);
    return figures;
}

static void nothing_gives_no_group_and_no_figure(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);
    struct figures figures;

    assert_true(summary_finish(summary, REPORT_SORT_SAVED));
    assert_int_equal(summary_groups(summary), 0);
    summary_total(summary, &figures);
    assert_int_equal(figures.handshakes, 0);
    assert_true(isnan(figures.rate));
    assert_true(figures.full_cost.median_ns == HANDSHAKE_NULL);
    assert_int_equal(figures.saved.headline, HEADLINE_NONE);
    assert_true(summary_coverage(summary)->first_ns == HANDSHAKE_NULL);
    summary_free(summary);
}

static void rate_leaves_out_what_was_not_evaluated(void **state)
{
    (void)state;
    static const enum verdict verdicts[] = {
        VERDICT_FULL,        VERDICT_RESUMED_ID, VERDICT_RESUMED_TICKET, VERDICT_RESUMED_TICKET,
        VERDICT_RESUMED_PSK, VERDICT_FAILED,     VERDICT_UNKNOWN,        VERDICT_UNKNOWN,
    };
    struct summary *summary = new_summary(REPORT_BY_HOST);

    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        struct record record = full("a", "192.0.2.1", 10);
        record.handshake.verdict = verdicts[i];
        add(summary, &record);
    }
    struct figures figures = total_of(summary);
    assert_int_equal(figures.handshakes, 8);
    assert_int_equal(figures.verdicts[VERDICT_FULL], 1);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_ID], 1);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_TICKET], 2);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_PSK], 1);
    assert_int_equal(figures.verdicts[VERDICT_FAILED], 1);
    assert_int_equal(figures.verdicts[VERDICT_UNKNOWN], 2);
    assert_int_equal(figures.evaluated, 5);
    assert_int_equal(figures.resumed, 4);
    assert_near(figures.rate, 0.8, 1e-12);
}

static void offers_early_data_and_sessions_are_counted(void **state)
{
    (void)state;
    static const enum outcome outcomes[] = {OUTCOME_ACCEPTED, OUTCOME_REFUSED, OUTCOME_REFUSED,
                                            OUTCOME_NOT_APPLICABLE, OUTCOME_NONE};
    static const int64_t ages[] = {50, 70, 60, 10, HANDSHAKE_NULL};
    static const int64_t hints[] = {300, 0, 7200, HANDSHAKE_NULL, 600};
    struct summary *summary = new_summary(REPORT_BY_HOST);

    for (size_t i = 0; i < 5; i++) {
        struct record record = full("a", "192.0.2.1", 10);
        record.handshake.outcome = outcomes[i];
        record.handshake.early_data = i < 2 ? EARLY_DATA_ACCEPTED : EARLY_DATA_REFUSED;
        record.handshake.issued_ticket.is_set = i < 4;
        record.handshake.issued_id.is_set = i == 4;
        record.handshake.renewed = i == 1;
        record.handshake.lifetime_hint_s = hints[i];
        record.age_s = ages[i];
        add(summary, &record);
    }
    struct figures figures = total_of(summary);
    assert_int_equal(figures.outcomes[OUTCOME_ACCEPTED], 1);
    assert_int_equal(figures.outcomes[OUTCOME_REFUSED], 2);
    assert_int_equal(figures.outcomes[OUTCOME_NOT_APPLICABLE], 1);
    assert_int_equal(figures.early_data[EARLY_DATA_ACCEPTED], 2);
    assert_int_equal(figures.early_data[EARLY_DATA_REFUSED], 3);
    assert_int_equal(figures.tickets_issued, 4);
    assert_int_equal(figures.tickets_renewed, 1);
    assert_int_equal(figures.ids_issued, 1);
    assert_int_equal(figures.hint_min_s, 0);
    assert_int_equal(figures.hint_max_s, 7200); /* the fifth issued no ticket */
    assert_int_equal(figures.largest_accepted_age_s, 50);
    assert_int_equal(figures.smallest_refused_age_s, 60);
}

static void costs_are_medians_and_means_of_what_is_known(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);
    static const double full_ms[] = {40, 10, -1, 20, 30};

    for (size_t i = 0; i < 5; i++) {
        struct record record = full("a", "192.0.2.1", full_ms[i]);
        record.handshake.rtts_tls = (int8_t)(i == 0 ? -1 : 1 + (int)(i % 2));
        record.handshake.bytes_client = i == 1 ? HANDSHAKE_NULL : 100;
        record.handshake.bytes_server = 1000 * (int64_t)i;
        add(summary, &record);
    }
    add_resumed(summary, "a", "192.0.2.1", 7);
    struct figures figures = total_of(summary);
    assert_int_equal(figures.full_cost.timed, 4);
    assert_int_equal(figures.full_cost.median_ns, 25 * records_ms);
    assert_int_equal(figures.full_cost.rtts_tls.samples, 4);
    assert_near(mean_value(&figures.full_cost.rtts_tls), 1.5, 1e-12);
    assert_int_equal(figures.full_cost.bytes.samples, 4);
    assert_near(mean_value(&figures.full_cost.bytes), 100 + (0 + 2000 + 3000 + 4000) / 4.0, 1e-9);
    assert_int_equal(figures.resumed_cost.timed, 1);
    assert_int_equal(figures.resumed_cost.median_ns, 7 * records_ms);
    assert_int_equal(figures.resumed_cost.bytes.samples, 0);
}

static void modelled_saving_is_round_trips_times_the_path(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);
    struct record without_rtt = resumed("a", "192.0.2.1", 12);
    struct record without_rtts = resumed("a", "192.0.2.1", 12);

    add_resumed(summary, "a", "192.0.2.1", 12); /* 2 - 1 round trips of 10 ms */
    without_rtt.handshake.rtt_server_ns = HANDSHAKE_NULL;
    add(summary, &without_rtt); /* 1 round trip of unknown length */
    without_rtts.handshake.rtts_tls = HANDSHAKE_RTTS_NULL;
    add(summary, &without_rtts);
    struct figures figures = total_of(summary);
    assert_int_equal(figures.saved.rtts.samples, 2);
    assert_near(figures.saved.rtts.sum, 2, 0);
    assert_int_equal(figures.saved.modelled.samples, 1);
    assert_near(figures.saved.modelled.sum, 10e6, 0);
    assert_int_equal(figures.saved.measured.samples, 0); /* no full handshake to measure against */
    assert_int_equal(figures.saved.headline, HEADLINE_MODELLED);
}

static void measured_saving_is_the_median_full_one_less_its_own(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);

    add_full(summary, "a", "192.0.2.1", 30);
    add_full(summary, "a", "198.51.100.1", 50); /* another network, too few of each: all count */
    add_resumed(summary, "a", "203.0.113.1", 15);
    add_resumed(summary, "a", "192.0.2.1", 48); /* slower than a full one: -8 ms */
    add_resumed(summary, "a", "192.0.2.1", -1); /* no time, no measure */
    struct figures figures = total_of(summary);
    assert_int_equal(figures.saved.measured.samples, 2);
    assert_near(figures.saved.measured.sum, (25 - 8) * 1e6, 0);
    assert_false(figures.saved.has_interval);
}

static void savings_may_be_negative_in_sum(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);

    add_full(summary, "a", "192.0.2.1", 10);
    for (int i = 0; i < 5; i++) {
        add_resumed(summary, "a", "192.0.2.1", 30);
    }
    struct figures figures = total_of(summary);
    assert_near(figures.saved.measured.sum, -100e6, 0);
    assert_int_equal(figures.saved.headline, HEADLINE_MEASURED);
    assert_near(figures.saved.headline_ns, -100e6, 0);
}

/* Full handshakes of 10 ms near and 100 ms far; `near` of them near. */
static double saved_near(int near, const char *client)
{
    struct summary *summary = new_summary(REPORT_BY_HOST);

    for (int i = 0; i < near; i++) {
        add_full(summary, "a", "192.0.2.200", 10);
    }
    for (int i = 0; i < 11; i++) {
        add_full(summary, "a", "198.51.100.1", 100);
    }
    add_resumed(summary, "a", client, 4);
    return total_of(summary).saved.measured.sum / 1e6;
}

static void own_network_counts_from_five_full_handshakes_on(void **state)
{
    (void)state;
    assert_near(saved_near(5, "192.0.2.1"), 6, 0);
    assert_near(saved_near(4, "192.0.2.1"), 96, 0);
    assert_near(saved_near(5, "192.0.3.1"), 96, 0); /* the next /24 */
}

static void own_network_is_a_48_for_ipv6(void **state)
{
    (void)state;
    static const struct {
        const char *client;
        double saved_ms;
    } cases[] = {{"2001:db8:1:2::1", 6}, {"2001:db8:1:ffff::1", 6}, {"2001:db8:2::1", 96}};

    for (size_t i = 0; i < 3; i++) {
        struct summary *summary = new_summary(REPORT_BY_HOST);
        for (int j = 0; j < 5; j++) {
            add_full(summary, "a", "2001:db8:1::1", 10);
        }
        for (int j = 0; j < 11; j++) {
            add_full(summary, "a", "198.51.100.1", 100);
        }
        add_resumed(summary, "a", cases[i].client, 4);
        assert_near(total_of(summary).saved.measured.sum / 1e6, cases[i].saved_ms, 0);
    }
}

static void savings_are_by_host_and_version_whatever_the_groups(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_CLIENT);
    struct record other_version = full("a", "192.0.2.1", 500);
    struct figures figures;
    size_t len;

    other_version.handshake.version = 0x0301;
    add(summary, &other_version);
    add_full(summary, "a", "192.0.2.1", 40);
    add_full(summary, "b", "192.0.2.1", 90);
    add_resumed(summary, "a", "192.0.2.2", 10); /* of this client alone: no full handshake */
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    assert_int_equal(summary_groups(summary), 2);
    assert_memory_equal(summary_name(summary, 1, &len), "192.0.2.2", 9);
    assert_int_equal(len, 9);
    summary_figures(summary, 1, &figures);
    assert_int_equal(figures.handshakes, 1);
    assert_near(figures.saved.measured.sum, 30e6, 0);
    summary_figures(summary, 0, &figures);
    assert_int_equal(figures.saved.measured.samples, 0);
    summary_free(summary);
}

static struct figures with_resumed(int count)
{
    struct summary *summary = new_summary(REPORT_BY_HOST);

    add_full(summary, "a", "192.0.2.1", 40);
    for (int i = 0; i < count; i++) {
        add_resumed(summary, "a", "192.0.2.1", 15);
    }
    return total_of(summary);
}

static void headline_is_measured_from_five_samples_on(void **state)
{
    (void)state;
    struct figures four = with_resumed(4);
    struct figures five = with_resumed(5);

    assert_int_equal(four.saved.headline, HEADLINE_MODELLED);
    assert_near(four.saved.headline_ns, 4 * 10e6, 0);
    assert_int_equal(four.saved.headline_samples, 4);
    assert_false(four.saved.has_interval);
    assert_int_equal(five.saved.headline, HEADLINE_MEASURED);
    assert_near(five.saved.headline_ns, 5 * 25e6, 0);
    assert_int_equal(five.saved.headline_samples, 5);
    assert_true(five.saved.has_interval);
}

static void interval_of_equal_savings_is_a_point(void **state)
{
    (void)state;
    struct figures figures = with_resumed(5);

    assert_near(figures.saved.low_ns, 25e6, 1e-3);
    assert_near(figures.saved.high_ns, 25e6, 1e-3);
}

/* Savings 21..29 ms in steps of 2 against one full handshake of 50 ms: mean 25, s^2 = 10 ms^2.
 * Variance of the mean: 10/5, and 10 more for the median of one. Half: 2.776 x sqrt(12). */
static void interval_counts_the_doubt_about_a_single_full_handshake(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);

    add_full(summary, "a", "192.0.2.1", 50);
    for (int i = 0; i < 5; i++) {
        add_resumed(summary, "a", "192.0.2.1", 21 + 2 * i);
    }
    struct figures figures = total_of(summary);
    assert_near(mean_value(&figures.saved.measured), 25e6, 1e-3);
    assert_near(figures.saved.high_ns, 25e6 + 2.776e6 * sqrt(12), 0.05e6);
    assert_near(figures.saved.low_ns, 25e6 - 2.776e6 * sqrt(12), 0.05e6);
}

/* The same savings against two medians: 3 of 5 against {40, 60} (standard error 20/1.349 = 14.83
 * ms), 2 of 5 against {50}. Variance: 2 + (3/5)^2 x 14.83^2 + (2/5)^2 x 10. */
static void interval_weighs_each_median_by_its_share(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);

    add_full(summary, "a", "192.0.2.1", 40);
    add_full(summary, "a", "192.0.2.1", 60);
    add_full(summary, "b", "192.0.2.1", 50);
    for (int i = 0; i < 5; i++) {
        add_resumed(summary, i < 3 ? "a" : "b", "192.0.2.1", 21 + 2 * i);
    }
    struct figures figures = total_of(summary);
    double error = 20 / (2 * 0.674490);
    double variance = 2 + 0.36 * error * error + 0.16 * 10;
    assert_near(figures.saved.high_ns - figures.saved.low_ns, 2 * 2.776e6 * sqrt(variance), 0.3e6);
}

static void psk_without_early_data_saves_no_round_trip(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);
    struct record psk = resumed("a", "192.0.2.1", 11);
    struct record early = resumed("a", "192.0.2.1", 0);

    psk.handshake.version = early.handshake.version = 0x0304;
    psk.handshake.verdict = early.handshake.verdict = VERDICT_RESUMED_PSK;
    early.handshake.early_data = EARLY_DATA_ACCEPTED;
    early.handshake.rtts_tls = 0;
    add(summary, &psk);
    add(summary, &early);
    struct figures figures = total_of(summary);
    assert_int_equal(figures.saved.rtts.samples, 2);
    assert_near(figures.saved.rtts.sum, 1, 0);
    assert_int_equal(figures.saved.without_round_trip, 1);
    assert_near(figures.saved.modelled.sum, 10e6, 0);
}

static void names_of_groups(void **state)
{
    (void)state;
    static const struct {
        enum report_by by;
        const char *name;
    } cases[] = {
        {REPORT_BY_HOST, "a.example"},         {REPORT_BY_CLIENT, "192.0.2.1"},
        {REPORT_BY_VERSION, "TLSv1.2"},        {REPORT_BY_APP, "HTTP"},
        {REPORT_BY_HOUR, "2026-03-01T10:00Z"}, {REPORT_BY_DAY, "2026-03-01"},
    };
    struct record record = full("a.example", "192.0.2.1", 1);

    (void)snprintf(record.app, sizeof(record.app), "HTTP");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct summary *summary = new_summary(cases[i].by);
        size_t len;
        add(summary, &record);
        assert_true(summary_finish(summary, REPORT_SORT_NAME));
        assert_int_equal(summary_groups(summary), 1);
        assert_memory_equal(summary_name(summary, 0, &len), cases[i].name, strlen(cases[i].name));
        assert_int_equal(len, strlen(cases[i].name));
        summary_free(summary);
    }
}

/* Hosts a (3 handshakes, rate 1/3, saved 20 ms), b (2, 1/2, 5 ms), c (1 unknown, 1 refused). */
static void check_order(enum report_sort sort, const char *wanted)
{
    struct summary *summary = new_summary(REPORT_BY_HOST);
    struct record refused = full("c", "192.0.2.1", 1);
    struct record slow = resumed("a", "192.0.2.1", 1);
    size_t len;

    refused.handshake.verdict = VERDICT_UNKNOWN;
    refused.handshake.outcome = OUTCOME_REFUSED;
    slow.handshake.rtt_server_ns = 20 * records_ms;
    slow.handshake.rtt_client_ns = 0;
    add(summary, &refused);
    add_full(summary, "b", "192.0.2.1", 1);
    add_resumed(summary, "b", "192.0.2.1", 1);
    add_full(summary, "a", "192.0.2.1", 1);
    add_full(summary, "a", "192.0.2.1", 1);
    add(summary, &slow);
    assert_true(summary_finish(summary, sort));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(*summary_name(summary, i, &len), wanted[i]);
    }
    summary_free(summary);
}

static void groups_stand_in_the_order_asked_for(void **state)
{
    (void)state;
    check_order(REPORT_SORT_HANDSHAKES, "abc");
    check_order(REPORT_SORT_NAME, "abc");
    check_order(REPORT_SORT_RATE, "abc"); /* lowest first, c has none */
    check_order(REPORT_SORT_REFUSED, "cab");
    check_order(REPORT_SORT_SAVED, "abc");
}

static void coverage_counts_reasons_and_sums_runs(void **state)
{
    (void)state;
    struct summary *summary = new_summary(REPORT_BY_HOST);
    struct record record = full("a", "192.0.2.1", 1);
    struct run_record run = records_golden_run();

    record.handshake.verdict = VERDICT_UNKNOWN;
    record.handshake.reason = REASON_GAP;
    add(summary, &record);
    add(summary, &record);
    record.handshake.verdict = VERDICT_FAILED;
    record.handshake.reason = REASON_ALERT;
    record.handshake.alert = 40;
    record.handshake.time_ns += 5;
    add(summary, &record);
    summary_add_run(summary, &run);
    run.packets_dropped_kernel = 7;
    run.packets_captured = INT64_MAX;
    run.first_frame_ns -= 1;
    summary_add_run(summary, &run);

    const struct coverage *coverage = summary_coverage(summary);
    assert_int_equal(coverage->unknown[REASON_GAP], 2);
    assert_int_equal(coverage->failed[REASON_ALERT], 1);
    assert_int_equal(coverage->alerts[40], 1);
    assert_int_equal(coverage->first_ns, records_start_ns);
    assert_int_equal(coverage->last_ns, records_start_ns + 5);
    assert_int_equal(coverage->runs.count, 2);
    assert_int_equal(coverage->runs.packets_dropped_kernel, 7); /* the first did not know */
    assert_int_equal(coverage->runs.packets_dropped_interface, 6);
    assert_true(coverage->runs.packets_captured == INT64_MAX);
    assert_int_equal(coverage->runs.first_frame_ns, records_start_ns - 1);
    summary_free(summary);
}

static void times_beyond_reason_do_no_harm(void **state)
{
    (void)state;
    static const int64_t extremes[] = {INT64_MAX, INT64_MIN + 1, 0, -1};
    struct summary *summary = new_summary(REPORT_BY_HOST);

    for (size_t i = 0; i < 24; i++) {
        struct record record =
            i % 2 == 0 ? full("a", "192.0.2.1", 1) : resumed("a", "192.0.2.1", 1);
        int64_t extreme = extremes[i / 2 % 4];
        record.handshake.handshake_ns = extreme;
        record.handshake.rtt_client_ns = extreme;
        record.handshake.rtt_server_ns = extreme;
        record.handshake.bytes_client = extreme;
        record.handshake.bytes_server = extreme;
        record.handshake.time_ns = extreme;
        record.age_s = extreme;
        add(summary, &record);
    }
    struct figures figures = total_of(summary);
    assert_int_equal(figures.saved.measured.samples, 12);
    assert_true(isfinite(figures.saved.low_ns) && isfinite(figures.saved.high_ns));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_no_group_and_no_figure),
        cmocka_unit_test(rate_leaves_out_what_was_not_evaluated),
        cmocka_unit_test(offers_early_data_and_sessions_are_counted),
        cmocka_unit_test(costs_are_medians_and_means_of_what_is_known),
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
        cmocka_unit_test(psk_without_early_data_saves_no_round_trip),
        cmocka_unit_test(names_of_groups),
        cmocka_unit_test(groups_stand_in_the_order_asked_for),
        cmocka_unit_test(coverage_counts_reasons_and_sums_runs),
        cmocka_unit_test(times_beyond_reason_do_no_harm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
