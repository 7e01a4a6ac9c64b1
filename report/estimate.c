#include "report/estimate.h"

#include <math.h>

void estimate_begin(struct estimate_work *work)
{
    work->count = 0;
    work->used_count = 0;
}

void estimate_add(struct estimate_work *work, int64_t difference, uint32_t reference)
{
    work->values[work->count++] = difference;
    if (work->uses[reference]++ == 0) {
        work->used[work->used_count++] = reference;
    }
}

/* Of the differences about their mean, with samples - 1. */
static double variance_of_differences(const struct estimate_work *work, const struct mean *mean)
{
    const double middle = mean_value(mean);
    double squares = 0;

    for (size_t i = 0; i < work->count; i++) {
        double distance = (double)work->values[i] - middle;
        squares += distance * distance;
    }
    return work->count < 2 ? 0 : squares / (double)(work->count - 1);
}

/* What mean and median inherit from the medians the differences are from. */
static double variance_of_references(struct estimate_work *work,
                                     const struct estimate_reference *references,
                                     double of_differences)
{
    double variance = 0;

    for (size_t i = 0; i < work->used_count; i++) {
        const struct estimate_reference *reference = &references[work->used[i]];
        double share = (double)work->uses[work->used[i]] / (double)work->count;
        double own = reference->samples > 1 ? reference->error * reference->error : of_differences;
        variance += share * share * own;
        work->uses[work->used[i]] = 0;
    }
    return variance;
}

void estimate_set_mean(struct estimate *out, double of_differences, double of_references)
{
    if (out->mean.samples >= ESTIMATE_MEAN_MIN) {
        double error = sqrt(of_differences / (double)out->mean.samples + of_references);
        double half = statistics_t(out->mean.samples - 1) * error;
        out->has_interval = true;
        out->low = mean_value(&out->mean) - half;
        out->high = mean_value(&out->mean) + half;
    }
}

void estimate_set_median_interval(struct estimate_median *median, const struct estimate_ends *ends,
                                  double of_references)
{
    double error = statistics_t(ends->samples - 1) * sqrt(of_references);

    median->has_interval = true;
    median->low = median->value - hypot(median->value - ends->low, error);
    median->high = median->value + hypot(ends->high - median->value, error);
}

static void estimate_median(struct estimate_work *work, double of_references,
                            struct estimate_median *out)
{
    struct estimate_ends ends = {.samples = work->count};
    size_t rank;

    *out = (struct estimate_median){.value = (double)NAN};
    if (work->count == 0) {
        return;
    }
    out->value = (double)statistics_median(work->values, work->count);
    if (!statistics_median_rank(work->count, &rank)) {
        return;
    }
    ends.low = (double)statistics_ranked(work->values, work->count, rank);
    ends.high = (double)statistics_ranked(work->values, work->count, work->count - 1 - rank);
    estimate_set_median_interval(out, &ends, of_references);
}

void estimate_end(struct estimate_work *work, const struct estimate_reference *references,
                  struct estimate *out)
{
    *out = (struct estimate){.mean = {0, 0}};
    for (size_t i = 0; i < work->count; i++) {
        mean_add(&out->mean, (double)work->values[i]);
    }
    double of_differences = variance_of_differences(work, &out->mean);
    double of_references = variance_of_references(work, references, of_differences);
    estimate_set_mean(out, of_differences, of_references);
    estimate_median(work, of_references, &out->median);
}
