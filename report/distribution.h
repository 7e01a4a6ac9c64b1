/* How values are spread over orders of magnitude: a histogram whose bins grow by a constant factor,
 * and quantiles. Pure, of bounded size. */
#ifndef REPRISE_REPORT_DISTRIBUTION_H
#define REPRISE_REPORT_DISTRIBUTION_H

#include <stddef.h>
#include <stdint.h>

enum { DISTRIBUTION_BINS_MAX = 48 };

/* Where bins begin: at 10^(k / per_decade) for whole numbers k. A decade is divided in 20, 10, 5 or
 * 2, the most that keeps within the bins there are. */
struct distribution_scale {
    int per_decade;
    int first;    /* k of the first bin */
    size_t count; /* of bins; 0: there is no positive value */
};

/* For values from smallest to largest, both positive, in either order. A narrow range gets bins
 * around it, so that no picture shows one bin only. */
void distribution_scale_make(struct distribution_scale *scale, int64_t smallest, int64_t largest);

/* Where a bin begins and the one before it ends. Bin `count` is the end of all. */
double distribution_edge(const struct distribution_scale *scale, size_t bin);

/* 0 where the first bin begins, 1 where the last one ends; less or more for what lies outside.
 * value > 0. */
double distribution_place(const struct distribution_scale *scale, double value);

struct distribution {
    uint64_t count;  /* all that were added */
    uint64_t zeroes; /* of them: 0 and less, which have no place on the scale */
    uint64_t bins[DISTRIBUTION_BINS_MAX];
};

/* Counts a value that is 0, less, or within the scale (else its first or last bin), so many times.
 */
void distribution_add(struct distribution *distribution, const struct distribution_scale *scale,
                      int64_t value, uint64_t times);

/* Numbers in order: each once, or each so many times. */
struct distribution_values {
    int64_t *values;
    uint64_t *counts; /* NULL: each once */
    size_t distinct;
    uint64_t count; /* of all */
};

/* Frees both arrays. */
void distribution_values_clear(struct distribution_values *values);

uint64_t distribution_times(const struct distribution_values *values, size_t at);

/* Of two in the middle, halfway; count > 0, as for the next one. */
int64_t distribution_median(const struct distribution_values *values);

/* The smallest of the values that at least this share of them (0 to 1) does not exceed. */
int64_t distribution_quantile(const struct distribution_values *values, double share);

#endif
