#include "report/rolled_spread.h"

#include <math.h>

void rolled_spread_use(struct rolled_sums *sums, const struct estimate_reference *reference,
                       uint64_t uses)
{
    const double square = (double)uses * (double)uses;

    if (reference->samples > 1) {
        sums->of_references += square * reference->error * reference->error;
    } else {
        sums->of_lone += square;
    }
}

void rolled_spread_add(struct rolled_spread *spread, enum rolled_measured measured,
                       int64_t difference, uint64_t count)
{
    struct rolled_sums *sums = &spread->sums[measured];
    const double value = (double)difference;

    sums->count += count;
    sums->values += value * (double)count;
    sums->squares += value * value * (double)count;
    spectrum_add(&spread->differences[measured], difference, count);
}

static void set_estimate(const struct rolled_sums *sums, const struct spectrum *differences,
                         struct estimate *out)
{
    const double n = (double)sums->count;
    size_t rank;

    *out = (struct estimate){.mean = {sums->count, sums->sum}, .median = {.value = (double)NAN}};
    if (sums->count == 0) {
        return;
    }
    const double squares = sums->squares - sums->values * sums->values / n;
    const double of_differences = sums->count < 2 ? 0 : fmax(squares, 0) / (n - 1);
    const double of_references = (sums->of_references + sums->of_lone * of_differences) / (n * n);
    estimate_set_mean(out, of_differences, of_references);
    out->median.value = (double)spectrum_median(differences);
    if (statistics_median_rank(sums->count, &rank)) {
        const struct estimate_ends ends = {
            sums->count,
            (double)spectrum_ranked(differences, rank),
            (double)spectrum_ranked(differences, sums->count - 1 - rank),
        };
        estimate_set_median_interval(&out->median, &ends, of_references);
    }
}

static void set_times(const struct spectrum *times, struct figures_cost *cost)
{
    cost->median_ns = times->count == 0 ? HANDSHAKE_NULL : spectrum_median(times);
    cost->p90_ns = times->count < FIGURES_P90_MIN ? HANDSHAKE_NULL : spectrum_p90(times);
}

void rolled_spread_conclude(const struct rolled_spread *spread, struct figures *out)
{
    struct figures_saved *saved = &out->saved;
    struct estimate estimate;

    set_times(&spread->times[0], &out->full_cost);
    set_times(&spread->times[1], &out->resumed_cost);
    set_estimate(&spread->sums[ROLLED_SAVED], &spread->differences[ROLLED_SAVED], &estimate);
    saved->measured = estimate.mean;
    saved->has_interval = estimate.has_interval;
    saved->low_ns = estimate.low;
    saved->high_ns = estimate.high;
    saved->measured_median = estimate.median;
    set_estimate(&spread->sums[ROLLED_BYTES], &spread->differences[ROLLED_BYTES], &saved->bytes);
    set_estimate(&spread->sums[ROLLED_NOT_OFFERED], &spread->differences[ROLLED_NOT_OFFERED],
                 &out->gains[MISSED_NOT_OFFERED].measured);
    set_estimate(&spread->sums[ROLLED_REFUSED], &spread->differences[ROLLED_REFUSED],
                 &out->gains[MISSED_REFUSED].measured);
    figures_conclude(out);
}

void rolled_spread_move(struct rolled_spread *from, struct rolled_spread *into)
{
    spectrum_move(&from->times[0], &into->times[0]);
    spectrum_move(&from->times[1], &into->times[1]);
    for (int i = 0; i < ROLLED_MEASURED; i++) {
        const struct rolled_sums sums = from->sums[i];
        spectrum_move(&from->differences[i], &into->differences[i]);
        into->sums[i].count += sums.count;
        into->sums[i].sum += sums.sum;
        into->sums[i].values += sums.values;
        into->sums[i].squares += sums.squares;
        into->sums[i].of_references += sums.of_references;
        into->sums[i].of_lone += sums.of_lone;
        from->sums[i] = (struct rolled_sums){.count = 0};
    }
}
