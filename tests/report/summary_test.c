/* Every figure but the savings against a case that was computed by hand. */
#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void nothing_gives_no_group_and_no_figure(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
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
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (size_t i = 0; i < sizeof(verdicts) / sizeof(verdicts[0]); i++) {
        struct record record = summaries_full("a", "192.0.2.1", 10);
        record.handshake.verdict = verdicts[i];
        summaries_add(summary, &record);
    }
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.handshakes, 8);
    assert_int_equal(figures.verdicts[VERDICT_FULL], 1);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_ID], 1);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_TICKET], 2);
    assert_int_equal(figures.verdicts[VERDICT_RESUMED_PSK], 1);
    assert_int_equal(figures.verdicts[VERDICT_FAILED], 1);
    assert_int_equal(figures.verdicts[VERDICT_UNKNOWN], 2);
    assert_int_equal(figures.evaluated, 5);
    assert_int_equal(figures.resumed, 4);
    summaries_near(figures.rate, 0.8, 1e-12);
}

static void offers_early_data_and_sessions_are_counted(void **state)
{
    (void)state;
    static const enum outcome outcomes[] = {OUTCOME_ACCEPTED, OUTCOME_REFUSED, OUTCOME_REFUSED,
                                            OUTCOME_NOT_APPLICABLE, OUTCOME_NONE};
    static const int64_t ages[] = {50, 70, 60, 10, HANDSHAKE_NULL};
    static const int64_t hints[] = {300, 0, 7200, HANDSHAKE_NULL, 600};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (size_t i = 0; i < 5; i++) {
        struct record record = summaries_full("a", "192.0.2.1", 10);
        record.handshake.outcome = outcomes[i];
        record.handshake.early_data = i < 2 ? EARLY_DATA_ACCEPTED : EARLY_DATA_REFUSED;
        record.handshake.issued_ticket.is_set = i < 4;
        record.handshake.issued_id.is_set = i == 4;
        record.handshake.renewed = i == 1;
        record.handshake.lifetime_hint_s = hints[i];
        record.age_s = ages[i];
        summaries_add(summary, &record);
    }
    struct figures figures = summaries_total(summary);
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
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    static const double full_ms[] = {40, 10, -1, 20, 30};

    for (size_t i = 0; i < 5; i++) {
        struct record record = summaries_full("a", "192.0.2.1", full_ms[i]);
        record.handshake.rtts_tls = (int8_t)(i == 0 ? -1 : 1 + (int)(i % 2));
        record.handshake.bytes_client = i == 1 ? HANDSHAKE_NULL : 100;
        record.handshake.bytes_server = 1000 * (int64_t)i;
        summaries_add(summary, &record);
    }
    summaries_add_resumed(summary, "a", "192.0.2.1", 7);
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.full_cost.timed, 4);
    assert_int_equal(figures.full_cost.median_ns, 25 * records_ms);
    assert_int_equal(figures.full_cost.rtts_tls.samples, 4);
    summaries_near(mean_value(&figures.full_cost.rtts_tls), 1.5, 1e-12);
    assert_int_equal(figures.full_cost.bytes.samples, 4);
    summaries_near(mean_value(&figures.full_cost.bytes), 100 + (0 + 2000 + 3000 + 4000) / 4.0,
                   1e-9);
    assert_int_equal(figures.resumed_cost.timed, 1);
    assert_int_equal(figures.resumed_cost.median_ns, 7 * records_ms);
    assert_int_equal(figures.resumed_cost.bytes.samples, 0);
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
    struct record record = summaries_full("a.example", "192.0.2.1", 1);

    (void)snprintf(record.app, sizeof(record.app), "HTTP");
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct summary *summary = summaries_new(cases[i].by);
        size_t len;
        summaries_add(summary, &record);
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
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record refused = summaries_full("c", "192.0.2.1", 1);
    struct record slow = summaries_resumed("a", "192.0.2.1", 1);
    size_t len;

    refused.handshake.verdict = VERDICT_UNKNOWN;
    refused.handshake.outcome = OUTCOME_REFUSED;
    slow.handshake.rtt_server_ns = 20 * records_ms;
    slow.handshake.rtt_client_ns = 0;
    summaries_add(summary, &refused);
    summaries_add_full(summary, "b", "192.0.2.1", 1);
    summaries_add_resumed(summary, "b", "192.0.2.1", 1);
    summaries_add_full(summary, "a", "192.0.2.1", 1);
    summaries_add_full(summary, "a", "192.0.2.1", 1);
    summaries_add(summary, &slow);
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

static void coverage_keeps_a_bounded_list_of_what_was_not_analysed(void **state)
{
    struct coverage coverage;
    struct run_not_analysed row = {"", 5};

    (void)state;
    coverage_init(&coverage);
    for (int i = 0; i < COVERAGE_NOT_ANALYSED + 3; i++) {
        (void)snprintf(row.name, sizeof(row.name), "name %d", i);
        coverage_add_not_analysed(&coverage, &row);
    }
    assert_int_equal(coverage.not_analysed_count, COVERAGE_NOT_ANALYSED);
    assert_string_equal(coverage.not_analysed[0].name, "name 0");
    assert_string_equal(coverage.not_analysed[COVERAGE_NOT_ANALYSED - 1].name, "other");
    assert_int_equal(coverage.not_analysed[COVERAGE_NOT_ANALYSED - 1].packets, 20);
}

/* What a damaged database says must not act on a terminal, nor leave the range of numbers. */
static void coverage_makes_a_damaged_databases_names_printable(void **state)
{
    struct coverage coverage;
    const struct run_not_analysed row = {"\x1b[2J\xff ARP\n", INT64_MAX};

    (void)state;
    coverage_init(&coverage);
    coverage_add_not_analysed(&coverage, &row);
    assert_string_equal(coverage.not_analysed[0].name, "?[2J? ARP?");
    assert_true(coverage_sum(INT64_MAX, 1) == INT64_MAX);
    assert_true(coverage_sum(HANDSHAKE_NULL, 1) == 1);
    assert_true(coverage_sum(2, -1) == 2);
}

static void coverage_counts_reasons_and_sums_runs(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record record = summaries_full("a", "192.0.2.1", 1);
    struct run_record run = records_golden_run();

    record.handshake.verdict = VERDICT_UNKNOWN;
    record.handshake.reason = REASON_GAP;
    summaries_add(summary, &record);
    summaries_add(summary, &record);
    record.handshake.verdict = VERDICT_FAILED;
    record.handshake.reason = REASON_ALERT;
    record.handshake.alert = 40;
    record.handshake.time_ns += 5;
    summaries_add(summary, &record);
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

static void coverage_counts_what_is_likely_beside_what_is_certain(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record record = summaries_full("a", "192.0.2.1", 1);

    summaries_add(summary, &record);
    record.handshake.certainty = CERTAINTY_LIKELY;
    record.handshake.anomalies = 1U << ANOMALY_ENCRYPTED_CLIENT_HELLO;
    summaries_add(summary, &record);
    record.handshake.anomalies = 1U << ANOMALY_EXTERNAL_PSK;
    record.handshake.verdict = VERDICT_RESUMED_PSK;
    summaries_add(summary, &record);
    /* The certainty of what is not known has no meaning; that its hello was encrypted has. */
    record.handshake.verdict = VERDICT_UNKNOWN;
    record.handshake.reason = REASON_NO_SERVER_HELLO;
    record.handshake.anomalies = 1U << ANOMALY_ENCRYPTED_CLIENT_HELLO;
    summaries_add(summary, &record);

    const struct coverage *coverage = summary_coverage(summary);
    assert_int_equal(coverage->likely[VERDICT_FULL], 1);
    assert_int_equal(coverage->likely[VERDICT_RESUMED_PSK], 1);
    assert_int_equal(coverage->likely[VERDICT_UNKNOWN], 0);
    assert_int_equal(coverage->outer_hellos, 2);
    assert_int_equal(coverage->unknown[REASON_NO_SERVER_HELLO], 1);
    summary_free(summary);
}

static void times_beyond_reason_do_no_harm(void **state)
{
    (void)state;
    static const int64_t extremes[] = {INT64_MAX, INT64_MIN + 1, 0, -1};
    struct summary *summary = summaries_new(REPORT_BY_HOST);

    for (size_t i = 0; i < 24; i++) {
        struct record record = i % 2 == 0 ? summaries_full("a", "192.0.2.1", 1)
                                          : summaries_resumed("a", "192.0.2.1", 1);
        int64_t extreme = extremes[i / 2 % 4];
        record.handshake.handshake_ns = extreme;
        record.handshake.rtt_client_ns = extreme;
        record.handshake.rtt_server_ns = extreme;
        record.handshake.bytes_client = extreme;
        record.handshake.bytes_server = extreme;
        record.handshake.time_ns = extreme;
        record.age_s = extreme;
        summaries_add(summary, &record);
    }
    struct figures figures = summaries_total(summary);
    assert_int_equal(figures.saved.measured.samples, 12);
    assert_true(isfinite(figures.saved.low_ns) && isfinite(figures.saved.high_ns));
}

/* More groups than figures are kept of. */
static void figures_of_many_groups_are_those_of_each(void **state)
{
    (void)state;
    enum { HOSTS = 5000 };
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    char name[16];

    for (int i = 0; i < HOSTS; i++) {
        (void)snprintf(name, sizeof(name), "%04d", i);
        summaries_add_full(summary, name, "192.0.2.1", i + 1);
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    assert_int_equal(summary_groups(summary), HOSTS);
    for (int i = 0; i < HOSTS; i += 7) {
        struct figures figures;
        summary_figures(summary, (size_t)i, &figures);
        assert_int_equal(figures.full_cost.median_ns, (i + 1) * records_ms);
    }
    summary_free(summary);
}

/* 100 resumed handshakes, then 100 full ones, the host's last. */
static struct summary *changing(enum report_by by)
{
    struct summary *summary = summaries_new(by);

    for (int i = 0; i < 200; i++) {
        struct record record = i < 100 ? summaries_resumed("b", "192.0.2.1", 20)
                                       : summaries_full("b", "192.0.2.1", 40);
        record.handshake.time_ns += i * records_s;
        summaries_add(summary, &record);
        summaries_add_full(summary, "a", "192.0.2.1", 40);
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static void change_is_that_of_its_group(void **state)
{
    (void)state;
    struct summary *summary = changing(REPORT_BY_HOST);

    assert_int_equal(summary_changes(summary), 1);
    assert_int_equal(summary_change(summary, 0)->place, 1);
    assert_int_equal(summary_change(summary, 0)->change.time_ns,
                     records_start_ns + 100 * records_s);
    assert_int_equal(summary_change(summary, 0)->change.before.part, 100);
    assert_int_equal(summary_change(summary, 0)->change.after.of, 100);
    summary_free(summary);
}

static void hours_and_days_have_no_changes(void **state)
{
    (void)state;
    struct summary *hours = changing(REPORT_BY_HOUR);
    struct summary *days = changing(REPORT_BY_DAY);

    assert_int_equal(summary_changes(hours), 0);
    assert_int_equal(summary_changes(days), 0);
    summary_free(hours);
    summary_free(days);
}

static void sums_of_extremes_stay_large(void **state)
{
    (void)state;
    struct summary *summary = summaries_new(REPORT_BY_HOST);
    struct record record = summaries_resumed("a", "192.0.2.1", 1);

    record.handshake.rtt_client_ns = record.handshake.rtt_server_ns = INT64_MAX;
    record.handshake.bytes_client = record.handshake.bytes_server = INT64_MAX;
    summaries_add(summary, &record);
    struct figures figures = summaries_total(summary);
    assert_true(mean_value(&figures.resumed_cost.bytes) > 1e18);
    assert_true(figures.saved.modelled.sum > 1e18);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(nothing_gives_no_group_and_no_figure),
        cmocka_unit_test(rate_leaves_out_what_was_not_evaluated),
        cmocka_unit_test(offers_early_data_and_sessions_are_counted),
        cmocka_unit_test(costs_are_medians_and_means_of_what_is_known),
        cmocka_unit_test(names_of_groups),
        cmocka_unit_test(groups_stand_in_the_order_asked_for),
        cmocka_unit_test(figures_of_many_groups_are_those_of_each),
        cmocka_unit_test(change_is_that_of_its_group),
        cmocka_unit_test(hours_and_days_have_no_changes),
        cmocka_unit_test(coverage_counts_reasons_and_sums_runs),
        cmocka_unit_test(coverage_counts_what_is_likely_beside_what_is_certain),
        cmocka_unit_test(coverage_keeps_a_bounded_list_of_what_was_not_analysed),
        cmocka_unit_test(coverage_makes_a_damaged_databases_names_printable),
        cmocka_unit_test(times_beyond_reason_do_no_harm),
        cmocka_unit_test(sums_of_extremes_stay_large),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
