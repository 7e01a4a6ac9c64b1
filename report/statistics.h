/* Means, medians, and how far they can be trusted. Pure. */
#ifndef REPRISE_REPORT_STATISTICS_H
#define REPRISE_REPORT_STATISTICS_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct mean {
    uint64_t samples;
    double sum;
};

void mean_add(struct mean *mean, double value);
double mean_value(const struct mean *mean); /* NAN without samples */

/* Smallest value first. */
void statistics_sort(int64_t *values, size_t count);

/* Halfway between two values, of which low is the smaller. */
int64_t statistics_halfway(int64_t low, int64_t high);

/* The middle one, or halfway between the two middle ones, of sorted values; count > 0. */
int64_t statistics_sorted_median(const int64_t *values, size_t count);

/* The same of unsorted values, which change places; linear time. */
int64_t statistics_median(int64_t *values, size_t count);

/* The smallest of unsorted values, which change places, that at least nine in ten do not exceed;
 * count > 0, linear time. */
int64_t statistics_p90(int64_t *values, size_t count);

/* The value of a rank, 0 being the smallest, of unsorted values, which change places; linear time.
 */
int64_t statistics_ranked(int64_t *values, size_t count, size_t rank);

/* The rank r for which the values of ranks r and count - 1 - r enclose the median of what so many
 * independent values come from with at least 95 %, whatever its distribution (the sign test; the
 * number of values below the median is binomial). False below 6 values: not even all of them do. */
bool statistics_median_rank(size_t count, size_t *out);

/* The two order statistics that statistics_median_error() takes, of ranks r and count - 1 - r, and
 * how many standard errors they are apart; count >= 2. */
struct statistics_enclosure {
    size_t rank;
    double errors;
};
struct statistics_enclosure statistics_enclosure_of(size_t count);

/* Standard error of the median of sorted values, count >= 2: from the two order statistics that
 * enclose the median with 95 % (all of them below 6 values, with the probability they have). One
 * outlier does not move it, unlike the standard deviation. */
double statistics_median_error(const int64_t *values, size_t count);

/* The 97.5 % quantile of Student's t: 1.96 for many degrees of freedom, more for few; >= 4. */
double statistics_t(uint64_t degrees);

#endif
