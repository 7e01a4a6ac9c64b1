#include "report/distribution.h"

#include "report/statistics.h"

#include <math.h>
#include <stdlib.h>

enum { BINS_MIN = 12 };

static double edge_of(int per_decade, int k)
{
    return pow(10, (double)k / per_decade);
}

/* The k whose bin holds the value: the logarithm is only a first guess, as 1000 must not fall below
 * 10^3. */
static int k_of(int per_decade, double value)
{
    int k = (int)floor(log10(value) * per_decade);

    while (edge_of(per_decade, k) > value) {
        k--;
    }
    while (edge_of(per_decade, k + 1) <= value) {
        k++;
    }
    return k;
}

/* 64 bits are 19 decades: with 2 bins each they always fit. */
void distribution_scale_make(struct distribution_scale *scale, int64_t smallest, int64_t largest)
{
    static const int divisions[] = {20, 10, 5, 2};
    const double low = (double)(smallest < largest ? smallest : largest);
    const double high = (double)(smallest < largest ? largest : smallest);

    *scale = (struct distribution_scale){.per_decade = divisions[0]};
    for (size_t i = 0; i < sizeof(divisions) / sizeof(divisions[0]); i++) {
        scale->per_decade = divisions[i];
        scale->first = k_of(divisions[i], low);
        const int last = k_of(divisions[i], high);
        scale->count = (size_t)last - (size_t)scale->first + 1;
        if (scale->count <= DISTRIBUTION_BINS_MAX) {
            break;
        }
    }
    while (scale->count < BINS_MIN) {
        scale->first--;
        scale->count += 2;
    }
}

double distribution_edge(const struct distribution_scale *scale, size_t bin)
{
    return edge_of(scale->per_decade, scale->first + (int)bin);
}

double distribution_place(const struct distribution_scale *scale, double value)
{
    return (log10(value) * scale->per_decade - scale->first) / (double)scale->count;
}

void distribution_add(struct distribution *distribution, const struct distribution_scale *scale,
                      int64_t value, uint64_t times)
{
    distribution->count += times;
    if (value <= 0) {
        distribution->zeroes += times;
        return;
    }
    const int bin = k_of(scale->per_decade, (double)value) - scale->first;
    const int last = (int)scale->count - 1;
    const int kept = bin < 0 ? 0 : bin;
    distribution->bins[kept > last ? last : kept] += times;
}

void distribution_values_clear(struct distribution_values *values)
{
    free(values->values);
    free(values->counts);
    *values = (struct distribution_values){.values = NULL};
}

uint64_t distribution_times(const struct distribution_values *values, size_t at)
{
    return values->counts == NULL ? 1 : values->counts[at];
}

/* 0: the smallest. */
static int64_t ranked(const struct distribution_values *values, uint64_t rank)
{
    size_t at = 0;

    if (values->counts == NULL) {
        return values->values[rank];
    }
    for (uint64_t below = values->counts[0]; below <= rank && at + 1 < values->distinct;) {
        below += values->counts[++at];
    }
    return values->values[at];
}

int64_t distribution_median(const struct distribution_values *values)
{
    const int64_t upper = ranked(values, values->count / 2);

    return values->count % 2 == 1
               ? upper
               : statistics_halfway(ranked(values, values->count / 2 - 1), upper);
}

int64_t distribution_quantile(const struct distribution_values *values, double share)
{
    const double rank = ceil(share * (double)values->count);
    const uint64_t place = rank < 1 ? 0 : (uint64_t)rank - 1;

    return ranked(values, place < values->count ? place : values->count - 1);
}
