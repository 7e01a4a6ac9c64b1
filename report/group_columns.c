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
};

#define FIGURE(member) offsetof(struct figures, member)

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
    }
}
