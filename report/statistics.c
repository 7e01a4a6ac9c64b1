#include "report/statistics.h"

#include <math.h>
#include <stdlib.h>

static const double z_95 = 1.959964; /* 97.5 % quantile of the normal distribution */

void mean_add(struct mean *mean, double value)
{
    mean->samples++;
    mean->sum += value;
}

double mean_value(const struct mean *mean)
{
    return mean->samples == 0 ? (double)NAN : mean->sum / (double)mean->samples;
}

static int compare_values(const void *left, const void *right)
{
    const int64_t *a = left;
    const int64_t *b = right;
    return (*a > *b) - (*a < *b);
}

/* Their difference may not fit. */
int64_t statistics_halfway(int64_t low, int64_t high)
{
    uint64_t distance = (uint64_t)high - (uint64_t)low;
    return (int64_t)((uint64_t)low + distance / 2);
}

int64_t statistics_sorted_median(const int64_t *values, size_t count)
{
    if (count % 2 == 1) {
        return values[count / 2];
    }
    return statistics_halfway(values[count / 2 - 1], values[count / 2]);
}

static void swap(int64_t *a, int64_t *b)
{
    int64_t kept = *a;
    *a = *b;
    *b = kept;
}

/* The middle one of the first, middle and last value: sorted input, the usual kind, splits evenly.
 */
static int64_t pivot_of(const int64_t *values, size_t low, size_t high)
{
    int64_t a = values[low];
    int64_t b = values[low + (high - low) / 2];
    int64_t c = values[high];

    if ((a <= b) == (b <= c)) {
        return b;
    }
    return (b <= a) == (a <= c) ? a : c;
}

/* Hoare's partition: afterwards low..(result) <= pivot <= (result + 1)..high. */
static size_t split(int64_t *values, size_t low, size_t high)
{
    int64_t pivot = pivot_of(values, low, high);
    size_t left = low;
    size_t right = high;

    for (;;) {
        while (values[left] < pivot) {
            left++;
        }
        while (values[right] > pivot) {
            right--;
        }
        if (left >= right) {
            return right < high ? right : high - 1;
        }
        swap(&values[left], &values[right]);
        left++;
        right--;
    }
}

/* Few enough that each is quicker moved to its place past the larger ones. */
enum { FEW_TO_SORT = 12 };

static void sort_few(int64_t *values, size_t count)
{
    for (size_t i = 1; i < count; i++) {
        const int64_t value = values[i];
        size_t at = i;
        for (; at > 0 && values[at - 1] > value; at--) {
            values[at] = values[at - 1];
        }
        values[at] = value;
    }
}

/* Quicksort, which compares without a call: the larger part in the loop, so that the depth is the
 * logarithm of the count. After as many rounds as random input never takes it leaves the rest to
 * the library: values may come from captures made to be slow. */
static void sort_within(int64_t *values, size_t count, unsigned rounds_left)
{
    while (count > FEW_TO_SORT) {
        if (rounds_left-- == 0) {
            qsort(values, count, sizeof(*values), compare_values);
            return;
        }
        const size_t left = split(values, 0, count - 1) + 1;
        const size_t right = count - left;
        if (left < right) {
            sort_within(values, left, rounds_left);
            values += left;
            count = right;
        } else {
            sort_within(values + left, right, rounds_left);
            count = left;
        }
    }
    sort_few(values, count);
}

void statistics_sort(int64_t *values, size_t count)
{
    sort_within(values, count, 64);
}

/* Puts the value of this rank in its place, smaller ones before it (Hoare's FIND). Times come from
 * captures that may be made to be slow: after too many rounds it sorts instead. */
static void place(int64_t *values, size_t count, size_t rank)
{
    size_t low = 0;
    size_t high = count - 1;
    unsigned rounds_left = 64;

    while (low < high) {
        if (rounds_left-- == 0) {
            statistics_sort(values + low, high - low + 1);
            return;
        }
        size_t middle = split(values, low, high);
        if (rank <= middle) {
            high = middle;
        } else {
            low = middle + 1;
        }
    }
}

int64_t statistics_median(int64_t *values, size_t count)
{
    size_t rank = count / 2;
    place(values, count, rank);
    if (count % 2 == 1) {
        return values[rank];
    }
    int64_t below = values[0];
    for (size_t i = 1; i < rank; i++) {
        below = values[i] > below ? values[i] : below;
    }
    return statistics_halfway(below, values[rank]);
}

int64_t statistics_p90(int64_t *values, size_t count)
{
    size_t rank = count - count / 10 - 1;
    place(values, count, rank);
    return values[rank];
}

int64_t statistics_ranked(int64_t *values, size_t count, size_t rank)
{
    place(values, count, rank);
    return values[rank];
}

/* Up to this many values the binomial distribution is summed; beyond it is normal enough. */
enum { BINOMIAL_MAX = 1000, FEW_VALUES = 50 };

/* The values of ranks r and count - 1 - r enclose the median, but for a chance. */
struct enclosure {
    double rank;   /* -1: no two values do */
    double chance; /* that the median is below the one, and as much that it is above the other */
};

/* The innermost ranks with a chance of at most 2.5 % each: fewer than rank + 1 of the values are
 * below the median with the binomial distribution. */
static struct enclosure enclose_median(size_t count)
{
    const double n = (double)count;
    double of_one = ldexp(1, -(int)count); /* that exactly `below` values are */
    double sum = of_one;
    double below = 0;
    struct enclosure out = {-1, 0};

    while (sum <= 0.025) {
        out = (struct enclosure){below, sum};
        of_one *= (n - below) / (below + 1);
        below++;
        sum += of_one;
    }
    return out;
}

bool statistics_median_rank(size_t count, size_t *out)
{
    const double n = (double)count;
    double rank =
        count <= BINOMIAL_MAX ? enclose_median(count).rank : floor(n / 2 - z_95 / 2 * sqrt(n)) - 1;

    if (rank < 0) {
        return false;
    }
    *out = (size_t)rank;
    return true;
}

/* Abramowitz and Stegun, 26.2.23: the normal deviate with this chance of a larger one, at most one
 * half; within 0.00045. */
static double normal_deviate(double chance)
{
    double t = sqrt(-2 * log(chance));
    return t - (2.515517 + 0.802853 * t + 0.010328 * t * t) /
                   (1 + 1.432788 * t + 0.189269 * t * t + 0.001308 * t * t * t);
}

struct statistics_enclosure statistics_enclosure_of(size_t count)
{
    /* Half the width in standard errors of smallest to largest, which enclose the median with
     * probability 1 - 2^(1 - count). */
    static const double few[] = {0, 0, 0.674490, 1.150349, 1.534121, 1.862732};

    if (count < sizeof(few) / sizeof(few[0])) {
        return (struct statistics_enclosure){0, 2 * few[count]};
    }
    if (count <= FEW_VALUES) {
        struct enclosure enclosure = enclose_median(count);
        return (struct statistics_enclosure){(size_t)enclosure.rank,
                                             2 * normal_deviate(enclosure.chance)};
    }
    double rank = floor((double)count / 2 - z_95 / 2 * sqrt((double)count));
    return (struct statistics_enclosure){rank < 1 ? 0 : (size_t)rank - 1, 2 * z_95};
}

double statistics_median_error(const int64_t *values, size_t count)
{
    const struct statistics_enclosure enclosure = statistics_enclosure_of(count);

    return ((double)values[count - 1 - enclosure.rank] - (double)values[enclosure.rank]) /
           enclosure.errors;
}

/* Abramowitz and Stegun, 26.7.5; within 0.3 % from four degrees of freedom on. */
double statistics_t(uint64_t degrees)
{
    const double z = z_95;
    const double n = (double)degrees;
    double first = (pow(z, 3) + z) / 4;
    double second = (5 * pow(z, 5) + 16 * pow(z, 3) + 3 * z) / 96;
    double third = (3 * pow(z, 7) + 19 * pow(z, 5) + 17 * pow(z, 3) - 15 * z) / 384;
    return z + first / n + second / (n * n) + third / (n * n * n);
}
