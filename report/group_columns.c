#include "report/group_columns.h"

#include <stddef.h>

enum kind {
    COUNT,        /* uint64_t */
    SECONDS,      /* int64_t, HANDSHAKE_NULL: null */
    US,           /* int64_t nanoseconds, likewise */
    FRACTION,     /* double */
    MEAN,         /* struct mean: its value */
    MEAN_ROUNDED, /* likewise, as an integer */
    MEAN_US,      /* likewise, of nanoseconds */
    SUM_US,       /* struct mean of nanoseconds: its sum, null without samples */
    SAMPLES,      /* struct mean: how many */
    LOW_US,       /* of struct figures_saved: the interval's ends, the headline */
    HIGH_US,
    HEADLINE,
    HEADLINE_US,
    NUMBER,     /* double, rounded to an integer; NAN: null */
    NUMBER_US,  /* likewise, of nanoseconds */
    SUM,        /* struct mean: its sum as an integer, null without samples */
    SUM_EXACT,  /* likewise, not rounded */
    MEDIAN_LOW, /* of struct estimate_median: the interval's ends, null without */
    MEDIAN_HIGH,
    MEDIAN_LOW_US,
    MEDIAN_HIGH_US,
    ESTIMATE_LOW_US, /* of struct estimate: those of the mean's */
    ESTIMATE_HIGH_US,
};

#define FIGURE(member) offsetof(struct figures, member)
#define GAIN(missed, member) FIGURE(gains[missed].member)

static const struct {
    const char *name;
    enum kind kind;
    size_t offset;
} columns[] = {
    {"handshakes", COUNT, FIGURE(handshakes)},
    {"full", COUNT, FIGURE(verdicts[VERDICT_FULL])},
    {"resumed_id", COUNT, FIGURE(verdicts[VERDICT_RESUMED_ID])},
    {"resumed_ticket", COUNT, FIGURE(verdicts[VERDICT_RESUMED_TICKET])},
    {"resumed_psk", COUNT, FIGURE(verdicts[VERDICT_RESUMED_PSK])},
    {"failed", COUNT, FIGURE(verdicts[VERDICT_FAILED])},
    {"unknown", COUNT, FIGURE(verdicts[VERDICT_UNKNOWN])},
    {"evaluated", COUNT, FIGURE(evaluated)},
    {"resumed", COUNT, FIGURE(resumed)},
    {"resumption_rate", FRACTION, FIGURE(rate)},
    {"offers_none", COUNT, FIGURE(outcomes[OUTCOME_NONE])},
    {"offers_accepted", COUNT, FIGURE(outcomes[OUTCOME_ACCEPTED])},
    {"offers_refused", COUNT, FIGURE(outcomes[OUTCOME_REFUSED])},
    {"offers_not_applicable", COUNT, FIGURE(outcomes[OUTCOME_NOT_APPLICABLE])},
    {"offers_failed", COUNT, FIGURE(outcomes[OUTCOME_FAILED])},
    {"offers_unknown", COUNT, FIGURE(outcomes[OUTCOME_UNKNOWN])},
    {"early_data_accepted", COUNT, FIGURE(early_data[EARLY_DATA_ACCEPTED])},
    {"early_data_refused", COUNT, FIGURE(early_data[EARLY_DATA_REFUSED])},
    {"early_data_unknown", COUNT, FIGURE(early_data[EARLY_DATA_UNKNOWN])},
    {"full_handshake_us", US, FIGURE(full_cost.median_ns)},
    {"full_handshake_p90_us", US, FIGURE(full_cost.p90_ns)},
    {"full_handshake_samples", COUNT, FIGURE(full_cost.timed)},
    {"resumed_handshake_us", US, FIGURE(resumed_cost.median_ns)},
    {"resumed_handshake_p90_us", US, FIGURE(resumed_cost.p90_ns)},
    {"resumed_handshake_samples", COUNT, FIGURE(resumed_cost.timed)},
    {"full_rtts_tls", MEAN, FIGURE(full_cost.rtts_tls)},
    {"full_rtts_tls_samples", SAMPLES, FIGURE(full_cost.rtts_tls)},
    {"resumed_rtts_tls", MEAN, FIGURE(resumed_cost.rtts_tls)},
    {"resumed_rtts_tls_samples", SAMPLES, FIGURE(resumed_cost.rtts_tls)},
    {"full_bytes", MEAN_ROUNDED, FIGURE(full_cost.bytes)},
    {"full_bytes_samples", SAMPLES, FIGURE(full_cost.bytes)},
    {"resumed_bytes", MEAN_ROUNDED, FIGURE(resumed_cost.bytes)},
    {"resumed_bytes_samples", SAMPLES, FIGURE(resumed_cost.bytes)},
    {"tickets_issued", COUNT, FIGURE(tickets_issued)},
    {"tickets_renewed", COUNT, FIGURE(tickets_renewed)},
    {"ids_issued", COUNT, FIGURE(ids_issued)},
    {"hint_min_s", SECONDS, FIGURE(hint_min_s)},
    {"hint_max_s", SECONDS, FIGURE(hint_max_s)},
    {"largest_accepted_age_s", SECONDS, FIGURE(largest_accepted_age_s)},
    {"smallest_refused_age_s", SECONDS, FIGURE(smallest_refused_age_s)},
    {"rtts_saved", MEAN, FIGURE(saved.rtts)},
    {"rtts_saved_samples", SAMPLES, FIGURE(saved.rtts)},
    {"psk_without_round_trip_saved", COUNT, FIGURE(saved.without_round_trip)},
    {"modelled_saved_us", SUM_US, FIGURE(saved.modelled)},
    {"modelled_saved_each_us", MEAN_US, FIGURE(saved.modelled)},
    {"modelled_samples", SAMPLES, FIGURE(saved.modelled)},
    {"measured_saved_us", SUM_US, FIGURE(saved.measured)},
    {"measured_saved_each_us", MEAN_US, FIGURE(saved.measured)},
    {"measured_low_us", LOW_US, FIGURE(saved)},
    {"measured_high_us", HIGH_US, FIGURE(saved)},
    {"measured_samples", SAMPLES, FIGURE(saved.measured)},
    {"headline", HEADLINE, FIGURE(saved)},
    {"headline_saved_us", HEADLINE_US, FIGURE(saved)},
    {"headline_samples", COUNT, FIGURE(saved.headline_samples)},
    {"measured_median_us", NUMBER_US, FIGURE(saved.measured_median.value)},
    {"measured_median_low_us", MEDIAN_LOW_US, FIGURE(saved.measured_median)},
    {"measured_median_high_us", MEDIAN_HIGH_US, FIGURE(saved.measured_median)},
    {"bytes_saved", SUM, FIGURE(saved.bytes.mean)},
    {"bytes_saved_each", MEAN_ROUNDED, FIGURE(saved.bytes.mean)},
    {"bytes_saved_median", NUMBER, FIGURE(saved.bytes.median.value)},
    {"bytes_saved_median_low", MEDIAN_LOW, FIGURE(saved.bytes.median)},
    {"bytes_saved_median_high", MEDIAN_HIGH, FIGURE(saved.bytes.median)},
    {"bytes_saved_samples", SAMPLES, FIGURE(saved.bytes.mean)},
    {"stalled_rtts_saved", SUM_EXACT, FIGURE(saved.stalled)},
    {"stalled_rtts_saved_samples", SAMPLES, FIGURE(saved.stalled)},
    {"stalled_saved_us", SUM_US, FIGURE(saved.stalled_ns)},
    {"stalled_saved_samples", SAMPLES, FIGURE(saved.stalled_ns)},
    {"missed_not_offered", COUNT, GAIN(MISSED_NOT_OFFERED, handshakes)},
    {"gain_not_offered_rtts", MEAN, GAIN(MISSED_NOT_OFFERED, rtts)},
    {"gain_not_offered_modelled_us", SUM_US, GAIN(MISSED_NOT_OFFERED, modelled)},
    {"gain_not_offered_modelled_samples", SAMPLES, GAIN(MISSED_NOT_OFFERED, modelled)},
    {"gain_not_offered_us", SUM_US, GAIN(MISSED_NOT_OFFERED, measured.mean)},
    {"gain_not_offered_each_us", MEAN_US, GAIN(MISSED_NOT_OFFERED, measured.mean)},
    {"gain_not_offered_low_us", ESTIMATE_LOW_US, GAIN(MISSED_NOT_OFFERED, measured)},
    {"gain_not_offered_high_us", ESTIMATE_HIGH_US, GAIN(MISSED_NOT_OFFERED, measured)},
    {"gain_not_offered_median_us", NUMBER_US, GAIN(MISSED_NOT_OFFERED, measured.median.value)},
    {"gain_not_offered_median_low_us", MEDIAN_LOW_US, GAIN(MISSED_NOT_OFFERED, measured.median)},
    {"gain_not_offered_median_high_us", MEDIAN_HIGH_US, GAIN(MISSED_NOT_OFFERED, measured.median)},
    {"gain_not_offered_samples", SAMPLES, GAIN(MISSED_NOT_OFFERED, measured.mean)},
    {"missed_refused", COUNT, GAIN(MISSED_REFUSED, handshakes)},
    {"gain_refused_rtts", MEAN, GAIN(MISSED_REFUSED, rtts)},
    {"gain_refused_modelled_us", SUM_US, GAIN(MISSED_REFUSED, modelled)},
    {"gain_refused_modelled_samples", SAMPLES, GAIN(MISSED_REFUSED, modelled)},
    {"gain_refused_us", SUM_US, GAIN(MISSED_REFUSED, measured.mean)},
    {"gain_refused_each_us", MEAN_US, GAIN(MISSED_REFUSED, measured.mean)},
    {"gain_refused_low_us", ESTIMATE_LOW_US, GAIN(MISSED_REFUSED, measured)},
    {"gain_refused_high_us", ESTIMATE_HIGH_US, GAIN(MISSED_REFUSED, measured)},
    {"gain_refused_median_us", NUMBER_US, GAIN(MISSED_REFUSED, measured.median.value)},
    {"gain_refused_median_low_us", MEDIAN_LOW_US, GAIN(MISSED_REFUSED, measured.median)},
    {"gain_refused_median_high_us", MEDIAN_HIGH_US, GAIN(MISSED_REFUSED, measured.median)},
    {"gain_refused_samples", SAMPLES, GAIN(MISSED_REFUSED, measured.mean)},
};

size_t group_columns_count(void)
{
    return sizeof(columns) / sizeof(columns[0]);
}

const char *group_columns_name(size_t column)
{
    return columns[column].name;
}

static const char *headline_name(enum figures_headline headline)
{
    switch (headline) {
    case HEADLINE_NONE:
        return NULL;
    case HEADLINE_MODELLED:
        return "modelled";
    case HEADLINE_MEASURED:
        return "measured";
    }
    return NULL;
}

static void set_saved(enum kind kind, const struct figures_saved *saved, struct value *out)
{
    if (kind == HEADLINE) {
        value_set_words(out, headline_name(saved->headline));
    } else if (kind == HEADLINE_US && saved->headline != HEADLINE_NONE) {
        value_set_rounded(out, saved->headline_ns / 1000);
    } else if (kind == LOW_US && saved->has_interval) {
        value_set_rounded(out, saved->low_ns / 1000);
    } else if (kind == HIGH_US && saved->has_interval) {
        value_set_rounded(out, saved->high_ns / 1000);
    } else {
        value_set_null(out);
    }
}

static void set_mean(enum kind kind, const struct mean *mean, struct value *out)
{
    if (kind == SAMPLES) {
        value_set_count(out, mean->samples);
    } else if (kind == MEAN) {
        value_set_fraction(out, mean_value(mean));
    } else if (kind == MEAN_ROUNDED) {
        value_set_rounded(out, mean_value(mean));
    } else if (kind == MEAN_US) {
        value_set_rounded(out, mean_value(mean) / 1000);
    } else if (mean->samples > 0) {
        value_set_rounded(out, mean->sum / 1000);
    } else {
        value_set_null(out);
    }
}

static void set_sum(enum kind kind, const struct mean *mean, struct value *out)
{
    if (mean->samples == 0) {
        value_set_null(out);
    } else if (kind == SUM) {
        value_set_rounded(out, mean->sum);
    } else {
        value_set_fraction(out, mean->sum);
    }
}

static void set_median_end(enum kind kind, const struct estimate_median *median, struct value *out)
{
    bool is_low = kind == MEDIAN_LOW || kind == MEDIAN_LOW_US;
    double unit = kind == MEDIAN_LOW || kind == MEDIAN_HIGH ? 1 : 1000;

    if (median->has_interval) {
        value_set_rounded(out, (is_low ? median->low : median->high) / unit);
    } else {
        value_set_null(out);
    }
}

static void set_mean_end(enum kind kind, const struct estimate *estimate, struct value *out)
{
    if (estimate->has_interval) {
        value_set_rounded(out, (kind == ESTIMATE_LOW_US ? estimate->low : estimate->high) / 1000);
    } else {
        value_set_null(out);
    }
}

void group_columns_value(size_t column, const struct figures *figures, struct value *out)
{
    const void *at = (const char *)figures + columns[column].offset;

    switch (columns[column].kind) {
    case COUNT:
        value_set_count(out, *(const uint64_t *)at);
        break;
    case SECONDS:
        value_set_integer(out, *(const int64_t *)at);
        break;
    case US:
        value_set_us(out, *(const int64_t *)at);
        break;
    case FRACTION:
        value_set_fraction(out, *(const double *)at);
        break;
    case MEAN:
    case MEAN_ROUNDED:
    case MEAN_US:
    case SUM_US:
    case SAMPLES:
        set_mean(columns[column].kind, at, out);
        break;
    case LOW_US:
    case HIGH_US:
    case HEADLINE:
    case HEADLINE_US:
        set_saved(columns[column].kind, at, out);
        break;
    case NUMBER:
        value_set_rounded(out, *(const double *)at);
        break;
    case NUMBER_US:
        value_set_rounded(out, *(const double *)at / 1000);
        break;
    case SUM:
    case SUM_EXACT:
        set_sum(columns[column].kind, at, out);
        break;
    case MEDIAN_LOW:
    case MEDIAN_HIGH:
    case MEDIAN_LOW_US:
    case MEDIAN_HIGH_US:
        set_median_end(columns[column].kind, at, out);
        break;
    case ESTIMATE_LOW_US:
    case ESTIMATE_HIGH_US:
        set_mean_end(columns[column].kind, at, out);
        break;
    }
}
