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

static void count_stalled(struct figures_saved *saved, const struct figures_input *input,
                          const struct sample *sample)
{
    const struct mean *full = &input->costs->stalled[sample->baseline];

    if (full->samples == 0 || sample->rtts_stalled < 0) {
        return;
    }
    double stalled = mean_value(full) - sample->rtts_stalled;
    mean_add(&saved->stalled, stalled);
    if (sample->rtt_ns != HANDSHAKE_NULL) {
        mean_add(&saved->stalled_ns, stalled * (double)sample->rtt_ns);
    }
}

static void count_saving(struct figures_saved *saved, const struct figures_input *input,
                         const struct sample *sample)
{
    int64_t rtts = baseline_rtts_saved(input->rtts[sample->baseline].full,
                                       (enum verdict)sample->verdict, sample->rtts_tls);
    if (rtts != HANDSHAKE_NULL) {
        mean_add(&saved->rtts, (double)rtts);
        saved->without_round_trip += rtts == 0 && sample->verdict == VERDICT_RESUMED_PSK;
    }
    if (rtts != HANDSHAKE_NULL && sample->rtt_ns != HANDSHAKE_NULL) {
        mean_add(&saved->modelled, (double)rtts * (double)sample->rtt_ns);
    }
    count_stalled(saved, input, sample);
}

static void count_gain(struct figures_gain *gain, const struct figures_input *input,
                       const struct sample *sample)
{
    int resumed = input->rtts[sample->baseline].resumed;

    gain->handshakes++;
    if (resumed < 0 || sample->rtts_tls < 0) {
        return;
    }
    mean_add(&gain->rtts, sample->rtts_tls - resumed);
    if (sample->rtt_ns != HANDSHAKE_NULL) {
        mean_add(&gain->modelled, (double)(sample->rtts_tls - resumed) * (double)sample->rtt_ns);
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
        if (sample->missed != MISSED_NOT) {
            count_gain(&out->gains[sample->missed], input, sample);
        }
    } else if (verdict_is_resumed((enum verdict)sample->verdict)) {
        out->resumed++;
        count_cost(&out->resumed_cost, sample);
        count_saving(&out->saved, input, sample);
    }
}

bool figures_is_past(const struct figures *figures, int64_t age_s)
{
    return figures->hint_max_s != HANDSHAKE_NULL && age_s > FIGURES_PAST * figures->hint_max_s;
}

/* Once the longest hint is known. */
static void count_ages(struct figures *out, const struct figures_input *input)
{
    for (size_t i = 0; i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        if (sample->outcome == OUTCOME_ACCEPTED && sample->has_age) {
            out->accepted_aged++;
            out->accepted_past += figures_is_past(out, sample->age_s);
        }
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
            input->work->values[count++] = sample->handshake_ns;
        }
    }
    cost->p90_ns =
        count < FIGURES_P90_MIN ? HANDSHAKE_NULL : statistics_p90(input->work->values, count);
    cost->median_ns = count == 0 ? HANDSHAKE_NULL : statistics_median(input->work->values, count);
}

static void estimate_saved(struct figures_saved *saved, const struct figures_input *input)
{
    struct estimate estimate;

    estimate_begin(input->work);
    for (size_t i = 0; i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        if (verdict_is_resumed((enum verdict)sample->verdict) && sample->cell >= 0) {
            estimate_add(input->work, saving_of(input->full_cells, sample), (uint32_t)sample->cell);
        }
    }
    estimate_end(input->work, input->full_cells->cells, &estimate);
    saved->measured = estimate.mean;
    saved->has_interval = estimate.has_interval;
    saved->low_ns = estimate.low;
    saved->high_ns = estimate.high;
    saved->measured_median = estimate.median;
}

static void estimate_bytes(struct figures_saved *saved, const struct figures_input *input)
{
    estimate_begin(input->work);
    for (size_t i = 0; i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        const struct estimate_reference *full = &input->costs->bytes[sample->baseline];
        if (verdict_is_resumed((enum verdict)sample->verdict) && full->samples > 0 &&
            sample->bytes != HANDSHAKE_NULL) {
            estimate_add(input->work, full->median - sample->bytes, sample->baseline);
        }
    }
    estimate_end(input->work, input->costs->bytes, &saved->bytes);
}

static void estimate_gain(struct figures_gain *gain, enum missed missed,
                          const struct figures_input *input)
{
    estimate_begin(input->work);
    for (size_t i = 0; gain->handshakes > 0 && i < input->count; i++) {
        const struct sample *sample = sample_at(input, i);
        if (sample->missed == missed && sample->cell >= 0) {
            estimate_add(input->work, -saving_of(input->resumed_cells, sample),
                         (uint32_t)sample->cell);
        }
    }
    estimate_end(input->work, input->resumed_cells->cells, &gain->measured);
}

/* NULL: neither is known. */
static const struct mean *headline_of(const struct mean *measured, const struct mean *modelled,
                                      enum figures_headline *out)
{
    if (measured->samples >= FIGURES_MEASURED_MIN) {
        *out = HEADLINE_MEASURED;
        return measured;
    }
    *out = modelled->samples > 0 ? HEADLINE_MODELLED : HEADLINE_NONE;
    return modelled->samples > 0 ? modelled : NULL;
}

static void set_headline(struct figures_saved *saved)
{
    const struct mean *chosen = headline_of(&saved->measured, &saved->modelled, &saved->headline);

    if (chosen != NULL) {
        saved->headline_ns = chosen->sum;
        saved->headline_samples = chosen->samples;
    }
}

static void set_gain_headline(struct figures_gain *gain)
{
    const struct mean *chosen = headline_of(&gain->measured.mean, &gain->modelled, &gain->headline);

    if (chosen != NULL) {
        gain->headline_ns = chosen->sum;
        gain->headline_samples = chosen->samples;
    }
}

void figures_init(struct figures *figures)
{
    *figures = (struct figures){
        .hint_min_s = HANDSHAKE_NULL,
        .hint_max_s = HANDSHAKE_NULL,
        .largest_accepted_age_s = HANDSHAKE_NULL,
        .smallest_refused_age_s = HANDSHAKE_NULL,
    };
}

void figures_conclude(struct figures *figures)
{
    figures->evaluated = figures->verdicts[VERDICT_FULL] + figures->resumed;
    figures->rate = figures->evaluated == 0 ? (double)NAN
                                            : (double)figures->resumed / (double)figures->evaluated;
    set_headline(&figures->saved);
    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        set_gain_headline(&figures->gains[missed]);
    }
}

void figures_of(const struct figures_input *input, struct figures *out)
{
    figures_init(out);
    for (size_t i = 0; i < input->count; i++) {
        count_sample(out, input, sample_at(input, i));
    }
    count_ages(out, input);
    set_times(input, false, &out->full_cost);
    set_times(input, true, &out->resumed_cost);
    estimate_saved(&out->saved, input);
    estimate_bytes(&out->saved, input);
    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        estimate_gain(&out->gains[missed], (enum missed)missed, input);
    }
    figures_conclude(out);
}

static void add_mean(struct mean *sum, const struct mean *part)
{
    sum->samples += part->samples;
    sum->sum += part->sum;
}

static void add_cost(struct figures_cost *sum, const struct figures_cost *part)
{
    sum->timed += part->timed;
    add_mean(&sum->rtts_tls, &part->rtts_tls);
    add_mean(&sum->bytes, &part->bytes);
}

static void add_saved(struct figures_saved *sum, const struct figures_saved *part)
{
    add_mean(&sum->rtts, &part->rtts);
    add_mean(&sum->modelled, &part->modelled);
    add_mean(&sum->measured, &part->measured);
    sum->without_round_trip += part->without_round_trip;
    add_mean(&sum->stalled, &part->stalled);
    add_mean(&sum->stalled_ns, &part->stalled_ns);
}

static void add_gain(struct figures_gain *sum, const struct figures_gain *part)
{
    sum->handshakes += part->handshakes;
    add_mean(&sum->rtts, &part->rtts);
    add_mean(&sum->modelled, &part->modelled);
}

static void add_counts(uint64_t *sums, const uint64_t *parts, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        sums[i] += parts[i];
    }
}

static void add_sessions(struct figures *sum, const struct figures *part)
{
    sum->tickets_issued += part->tickets_issued;
    sum->tickets_renewed += part->tickets_renewed;
    sum->ids_issued += part->ids_issued;
    sum->accepted_aged += part->accepted_aged;
    sum->accepted_past += part->accepted_past;
    if (part->hint_min_s != HANDSHAKE_NULL) {
        sum->hint_min_s = smaller(sum->hint_min_s, part->hint_min_s);
        sum->hint_max_s = larger(sum->hint_max_s, part->hint_max_s);
    }
    if (part->largest_accepted_age_s != HANDSHAKE_NULL) {
        sum->largest_accepted_age_s =
            larger(sum->largest_accepted_age_s, part->largest_accepted_age_s);
    }
    if (part->smallest_refused_age_s != HANDSHAKE_NULL) {
        sum->smallest_refused_age_s =
            smaller(sum->smallest_refused_age_s, part->smallest_refused_age_s);
    }
}

void figures_add(struct figures *sum, const struct figures *part)
{
    sum->handshakes += part->handshakes;
    sum->resumed += part->resumed;
    add_counts(sum->verdicts, part->verdicts, VERDICT_COUNT);
    add_counts(sum->outcomes, part->outcomes, OUTCOME_COUNT);
    add_counts(sum->early_data, part->early_data, EARLY_DATA_COUNT);
    add_cost(&sum->full_cost, &part->full_cost);
    add_cost(&sum->resumed_cost, &part->resumed_cost);
    add_saved(&sum->saved, &part->saved);
    for (int missed = MISSED_NOT_OFFERED; missed < MISSED_COUNT; missed++) {
        add_gain(&sum->gains[missed], &part->gains[missed]);
    }
    add_sessions(sum, part);
}

struct proportion figures_refused(const struct figures *figures)
{
    const uint64_t refused = figures->outcomes[OUTCOME_REFUSED];
    return (struct proportion){refused, refused + figures->outcomes[OUTCOME_ACCEPTED]};
}
