#include "tests/report/same.h"

#include "tests/report/summaries.h"

#include <math.h>
#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void same_mean(const struct mean *a, const struct mean *b)
{
    assert_int_equal(a->samples, b->samples);
    summaries_near(a->sum, b->sum, 1e-9 * (fabs(b->sum) + 1));
}

/* Half a bit of eight. */
static void near_ns(int64_t value, int64_t wanted)
{
    assert_int_equal(value == HANDSHAKE_NULL, wanted == HANDSHAKE_NULL);
    if (wanted != HANDSHAKE_NULL) {
        summaries_near((double)value, (double)wanted, (double)wanted / 256 + 1);
    }
}

static void same_cost(const struct figures_cost *a, const struct figures_cost *b)
{
    assert_int_equal(a->timed, b->timed);
    same_mean(&a->rtts_tls, &b->rtts_tls);
    same_mean(&a->bytes, &b->bytes);
    near_ns(a->median_ns, b->median_ns);
    near_ns(a->p90_ns, b->p90_ns);
}

/* A difference of two times is as far off as both may be: each a 256th of the longest. */
static void same_saved(const struct figures_saved *a, const struct figures_saved *b, double most)
{
    const double bound = most / 256;

    same_mean(&a->rtts, &b->rtts);
    same_mean(&a->modelled, &b->modelled);
    same_mean(&a->stalled, &b->stalled);
    same_mean(&a->stalled_ns, &b->stalled_ns);
    assert_int_equal(a->without_round_trip, b->without_round_trip);
    assert_int_equal(a->measured.samples, b->measured.samples);
    assert_int_equal(a->has_interval, b->has_interval);
    assert_int_equal(a->measured_median.has_interval, b->measured_median.has_interval);
    if (a->measured.samples > 0) {
        summaries_near(mean_value(&a->measured), mean_value(&b->measured), bound);
        summaries_near(a->measured_median.value, b->measured_median.value, 2 * bound);
    }
    if (a->has_interval) {
        summaries_near(a->low_ns, b->low_ns, 3 * bound);
        summaries_near(a->high_ns, b->high_ns, 3 * bound);
    }
    assert_int_equal(a->bytes.mean.samples, b->bytes.mean.samples);
    if (a->bytes.mean.samples > 0) {
        summaries_near(mean_value(&a->bytes.mean), mean_value(&b->bytes.mean), 12);
    }
}

static void same_gain(const struct figures_gain *a, const struct figures_gain *b, double most)
{
    assert_int_equal(a->handshakes, b->handshakes);
    same_mean(&a->rtts, &b->rtts);
    same_mean(&a->modelled, &b->modelled);
    assert_int_equal(a->measured.mean.samples, b->measured.mean.samples);
    if (a->measured.mean.samples > 0) {
        summaries_near(mean_value(&a->measured.mean), mean_value(&b->measured.mean), most / 256);
    }
}

static void same_figures(const struct figures *a, const struct figures *b)
{
    const double most = 200e6; /* no handshake takes longer */

    assert_int_equal(a->handshakes, b->handshakes);
    assert_memory_equal(a->verdicts, b->verdicts, sizeof(a->verdicts));
    assert_memory_equal(a->outcomes, b->outcomes, sizeof(a->outcomes));
    assert_memory_equal(a->early_data, b->early_data, sizeof(a->early_data));
    assert_int_equal(a->resumed, b->resumed);
    assert_int_equal(a->evaluated, b->evaluated);
    assert_true(a->rate == b->rate || (isnan(a->rate) && isnan(b->rate)));
    same_cost(&a->full_cost, &b->full_cost);
    same_cost(&a->resumed_cost, &b->resumed_cost);
    same_saved(&a->saved, &b->saved, most);
    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        same_gain(&a->gains[missed], &b->gains[missed], most);
    }
    assert_int_equal(a->tickets_issued, b->tickets_issued);
    assert_int_equal(a->tickets_renewed, b->tickets_renewed);
    assert_int_equal(a->ids_issued, b->ids_issued);
    assert_int_equal(a->hint_min_s, b->hint_min_s);
    assert_int_equal(a->hint_max_s, b->hint_max_s);
    assert_int_equal(a->largest_accepted_age_s, b->largest_accepted_age_s);
    assert_int_equal(a->smallest_refused_age_s, b->smallest_refused_age_s);
    assert_int_equal(a->accepted_aged, b->accepted_aged);
}

void same_summaries(const struct summary *rolled, const struct summary *each)
{
    struct figures of_a;
    struct figures of_b;
    size_t len_a;
    size_t len_b;

    assert_int_equal(summary_groups(rolled), summary_groups(each));
    for (size_t place = 0; place < summary_groups(rolled); place++) {
        const char *name = summary_name(rolled, place, &len_a);
        assert_memory_equal(name, summary_name(each, place, &len_b), len_a);
        assert_int_equal(len_a, len_b);
        assert_int_equal(summary_handshakes(rolled, place), summary_handshakes(each, place));
        summary_figures(rolled, place, &of_a);
        summary_figures(each, place, &of_b);
        same_figures(&of_a, &of_b);
    }
    summary_total(rolled, &of_a);
    summary_total(each, &of_b);
    same_figures(&of_a, &of_b);
    assert_memory_equal(summary_coverage(rolled), summary_coverage(each), sizeof(struct coverage));
}

/* ---- Pictures ---- */

static void same_bucket(const struct series_bucket *a, const struct series_bucket *b)
{
    for (int verdict = 0; verdict < VERDICT_COUNT; verdict++) {
        assert_int_equal(a->verdicts[verdict], b->verdicts[verdict]);
    }
    assert_int_equal(a->accepted, b->accepted);
    assert_int_equal(a->refused, b->refused);
}

static void same_series(const struct summary *rolled, const struct summary *each, size_t place)
{
    struct series_scale scale;
    struct series of_a;
    struct series of_b;

    summary_scale(rolled, 0, &scale);
    summary_series(rolled, place, &scale, &of_a);
    summary_series(each, place, &scale, &of_b);
    assert_int_equal(of_a.outside, 0);
    assert_int_equal(of_b.outside, 0);
    for (size_t i = 0; i < scale.count; i++) {
        same_bucket(&of_a.buckets[i], &of_b.buckets[i]);
    }
}

static void same_values(const struct distribution_values *a, const struct distribution_values *b)
{
    static const double shares[] = {0, 0.1, 0.5, 0.9, 1};

    assert_int_equal(a->count, b->count);
    if (b->count == 0) {
        return;
    }
    near_ns(distribution_median(a), distribution_median(b));
    for (size_t i = 0; i < sizeof(shares) / sizeof(shares[0]); i++) {
        near_ns(distribution_quantile(a, shares[i]), distribution_quantile(b, shares[i]));
    }
}

static void same_picture(const struct summary *rolled, const struct summary *each, size_t place)
{
    struct distribution_values of_a[SPREAD_BANDS];
    struct distribution_values of_b[SPREAD_BANDS];

    same_series(rolled, each, place);
    for (int kind = 0; kind < SPREAD_KINDS; kind++) {
        summary_spread(rolled, place, (enum spread_kind)kind, of_a);
        summary_spread(each, place, (enum spread_kind)kind, of_b);
        for (int band = 0; band < SPREAD_BANDS; band++) {
            same_values(&of_a[band], &of_b[band]);
        }
    }
}

void same_pictures(const struct summary *rolled, const struct summary *each)
{
    same_picture(rolled, each, SUMMARY_ALL);
    for (size_t place = 0; place < summary_groups(rolled); place++) {
        same_picture(rolled, each, place);
    }
}
