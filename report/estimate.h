/* Means and medians of differences from medians, and how far both can be trusted. Pure.
 *
 * A saving is the median of what some handshakes took less what another one took: its mean and its
 * median inherit the doubt about that median. */
#ifndef REPRISE_REPORT_ESTIMATE_H
#define REPRISE_REPORT_ESTIMATE_H

#include "report/statistics.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { ESTIMATE_MEAN_MIN = 5 }; /* differences from which their mean has an interval */

/* The median of some handshakes. */
struct estimate_reference {
    size_t samples; /* at least 1 */
    int64_t median;
    double error; /* its standard error; meaningless with one sample */
};

struct estimate_median {
    double value; /* NAN of nothing */
    bool has_interval;
    double low;
    double high;
};

struct estimate {
    struct mean mean;
    /* 95 % confidence interval of the mean, from five differences on: mean -+ t x s, with t
     * Student's for samples - 1, and s^2 the variance of the differences over their number, plus
     * that of the medians they are from, each weighted by the square of its share. A median of a
     * single handshake counts as spread like the differences themselves. */
    bool has_interval;
    double low;
    double high;
    /* The same of the median, from six on: the order statistics that enclose it with 95 %, each
     * moved out by the doubt about the medians (squares added: Zou and Donner, Statistics in
     * Medicine 27, 1693-1702, 2008). */
    struct estimate_median median;
};

/* Where differences are gathered; the arrays are the caller's. */
struct estimate_work {
    int64_t *values; /* room for all differences */
    size_t count;
    uint32_t *uses; /* for each reference how many differences are from it: all 0, and left so */
    uint32_t *used; /* room for the numbers of all references */
    size_t used_count;
};

void estimate_begin(struct estimate_work *work);
void estimate_add(struct estimate_work *work, int64_t difference, uint32_t reference);
void estimate_end(struct estimate_work *work, const struct estimate_reference *references,
                  struct estimate *out);

/* The same where differences are not at hand one by one. Interval of the mean that *out has, and of
 * a median: the variance of the differences, and what both inherit (see struct estimate). */
void estimate_set_mean(struct estimate *out, double of_differences, double of_references);

/* The order statistics that enclose the median: statistics_median_rank(). */
struct estimate_ends {
    size_t samples;
    double low;
    double high;
};
void estimate_set_median_interval(struct estimate_median *median, const struct estimate_ends *ends,
                                  double of_references);

#endif
