#include "report/figures.h"

#include "report/baseline.h"

#include <math.h>

static const struct sample *sample_at(const struct figures_input *input, size_t i)
{
    return &input->samples[input->order[i]];
}

static int64_t smaller(int64_t known, int64_t value)
{
    return known == HANDSHAKE_NULL || value < known ? value : known;
}

static int64_t larger(int64_t known, int64_t value)
{
    return known == HANDSHAKE_NULL || value > known ? value : known;
}

static void count_sessions(struct figures *out, const struct sample *sample)
{
    out->tickets_issued += sample->has_ticket;
    out->tickets_renewed += sample->is_renewed;
    out->ids_issued += sample->has_id;
    if (sample->has_hint) {
        out->hint_min_s = smaller(out->hint_min_s, sample->hint_s);
        out->hint_max_s = larger(out->hint_max_s, sample->hint_s);
    }
    if (!sample->has_age) {
        return;
    }
    if (sample->outcome == OUTCOME_ACCEPTED) {
        out->largest_accepted_age_s = larger(out->largest_accepted_age_s, sample->age_s);
    } else if (sample->outcome == OUTCOME_REFUSED) {
        out->smallest_refused_age_s = smaller(out->smallest_refused_age_s, sample->age_s);
    }
}

static void count_cost(struct figures_cost *cost, const struct sample *sample)
{
    cost->timed += sample->handshake_ns != HANDSHAKE_NULL;
    if (sample->rtts_tls >= 0) {
        mean_add(&cost->rtts_tls, sample->rtts_tls);
    }
    if (sample->bytes != HANDSHAKE_NULL) {
        mean_add(&cost->bytes, (double)sample->bytes);
    }
}

static void count_saving(struct figures_saved *saved, const struct figures_input *input,
                         const struct sample *sample)
{
    int64_t rtts = baseline_rtts_saved(input->full_rtts[sample->baseline],
                                       (enum verdict)sample->verdict, sample->rtts_tls);
    if (rtts != HANDSHAKE_NULL) {
        mean_add(&saved->rtts, (double)rtts);
        saved->without_round_trip += rtts == 0 && sample->verdict == VERDICT_RESUMED_PSK;
    }
    if (rtts != HANDSHAKE_NULL && sample->rtt_ns != HANDSHAKE_NULL) {
        mean_add(&saved->modelled, (double)rtts * (double)sample->rtt_ns);
    }
    if (sample->cell >= 0) {
        mean_add(&saved->measured, saving_of(input->cells, sample));
    }
}

static void count_sample(struct figures *out, const struct figures_input *input,
                         const struct sample *sample)
{
    out->handshakes++;
    out->verdicts[sample->verdict]++;
    out->outcomes[sample->outcome]++;
    out->early_data[sample->early_data]++;
    count_sessions(out, sample);
    if (sample->verdict == VERDICT_FULL) {
        count_cost(&out->full_cost, sample);
    } else if (verdict_is_resumed((enum verdict)sample->verdict)) {
        out->resumed++;
        count_cost(&out->resumed_cost, sample);
        count_saving(&out->saved, input, sample);
    }
}

static void set_times(const struct figures_input *input, bool resumed, struct figures_cost *cost)
{
    size_t count = 0;

    for (size_t i = 0; i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        bool is_wanted = resumed ? verdict_is_resumed((enum verdict)sample->verdict)
                                 : sample->verdict == VERDICT_FULL;
        if (is_wanted && sample->handshake_ns != HANDSHAKE_NULL) {
            input->values[count++] = sample->handshake_ns;
        }
    }
    cost->p90_ns = count < FIGURES_P90_MIN ? HANDSHAKE_NULL : statistics_p90(input->values, count);
    cost->median_ns = count == 0 ? HANDSHAKE_NULL : statistics_median(input->values, count);
}

/* Of the savings about their mean, with samples - 1. */
static double variance_of_savings(const struct figures_input *input, const struct mean *measured)
{
    double mean = mean_value(measured);
    double squares = 0;

    for (size_t i = 0; i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        if (sample->cell >= 0) {
            double distance = saving_of(input->cells, sample) - mean;
            squares += distance * distance;
        }
    }
    return squares / (double)(measured->samples - 1);
}

/* What the mean saving inherits from the medians it was measured against. */
static double variance_of_medians(const struct figures_input *input, uint64_t samples,
                                  double of_savings)
{
    double variance = 0;

    for (size_t i = 0; i < input->count; i++) {
        int32_t cell = sample_at(input, i)->cell;
        if (cell >= 0) {
            input->cell_uses[cell]++;
        }
    }
    for (size_t i = 0; i < input->count; i++) {
        int32_t number = sample_at(input, i)->cell;
        if (number >= 0 && input->cell_uses[number] > 0) {
            const struct saving_cell *cell = &input->cells->cells[number];
            double share = (double)input->cell_uses[number] / (double)samples;
            double own = cell->samples > 1 ? cell->error_ns * cell->error_ns : of_savings;
            variance += share * share * own;
            input->cell_uses[number] = 0;
        }
    }
    return variance;
}

static void set_interval(struct figures_saved *saved, const struct figures_input *input)
{
    uint64_t samples = saved->measured.samples;
    if (samples < FIGURES_MEASURED_MIN) {
        return;
    }
    double of_savings = variance_of_savings(input, &saved->measured);
    double variance =
        of_savings / (double)samples + variance_of_medians(input, samples, of_savings);
    double half = statistics_t(samples - 1) * sqrt(variance);
    double mean = mean_value(&saved->measured);

    saved->has_interval = true;
    saved->low_ns = mean - half;
    saved->high_ns = mean + half;
}

static void set_headline(struct figures_saved *saved)
{
    const struct mean *chosen = NULL;

    if (saved->measured.samples >= FIGURES_MEASURED_MIN) {
        saved->headline = HEADLINE_MEASURED;
        chosen = &saved->measured;
    } else if (saved->modelled.samples > 0) {
        saved->headline = HEADLINE_MODELLED;
        chosen = &saved->modelled;
    }
    if (chosen != NULL) {
        saved->headline_ns = chosen->sum;
        saved->headline_samples = chosen->samples;
    }
}

void figures_of(const struct figures_input *input, struct figures *out)
{
    *out = (struct figures){
        .hint_min_s = HANDSHAKE_NULL,
        .hint_max_s = HANDSHAKE_NULL,
        .largest_accepted_age_s = HANDSHAKE_NULL,
        .smallest_refused_age_s = HANDSHAKE_NULL,
    };
    for (size_t i = 0; i < input->count; i++) {
        count_sample(out, input, sample_at(input, i));
    }
    out->evaluated = out->verdicts[VERDICT_FULL] + out->resumed;
    out->rate = out->evaluated == 0 ? (double)NAN : (double)out->resumed / (double)out->evaluated;
    set_times(input, false, &out->full_cost);
    set_times(input, true, &out->resumed_cost);
    set_interval(&out->saved, input);
    set_headline(&out->saved);
}

struct proportion figures_refused(const struct figures *figures)
{
    const uint64_t refused = figures->outcomes[OUTCOME_REFUSED];
    return (struct proportion){refused, refused + figures->outcomes[OUTCOME_ACCEPTED]};
}
