/* Handshakes over time: equal buckets, counted by verdict and by what became of offers. Pure, of
 * bounded size, for charts and for whoever asks "since when".
 *
 *     struct series_scale scale;
 *     struct series series;
 *     series_scale_make(&scale, first_ns, last_ns, 0);
 *     series_init(&series, &scale);
 *     series_add(&series, time_ns, verdict, outcome);   for each handshake
 *
 * or, of a summary's groups, summary_series() (report/summary.h). */
#ifndef REPRISE_REPORT_SERIES_H
#define REPRISE_REPORT_SERIES_H

#include "dissect/handshake.h"

#include <stddef.h>

enum { SERIES_BUCKETS_MAX = 100 };

#define SERIES_SECOND_NS INT64_C(1000000000)
#define SERIES_MINUTE_NS (60 * SERIES_SECOND_NS)
#define SERIES_HOUR_NS (60 * SERIES_MINUTE_NS)
#define SERIES_DAY_NS (24 * SERIES_HOUR_NS)

/* Where buckets begin: at multiples of their width since the epoch, so that those of minutes, hours
 * and days begin with them in UTC. */
struct series_scale {
    int64_t width_ns;
    int64_t origin; /* of the first bucket, in widths since the epoch */
    size_t count;   /* 1 to SERIES_BUCKETS_MAX */
};

/* Buckets from the one that holds first_ns to the one that holds last_ns; the ends may be given in
 * either order. Their width is the smallest of 1 and 10 seconds, 1 and 10 minutes, 1 and 6 hours, a
 * day, a week, 2, 4, 8, ... weeks that is at least least_ns and needs no more than
 * SERIES_BUCKETS_MAX: with SERIES_HOUR_NS, hours up to 100 of them. */
void series_scale_make(struct series_scale *scale, int64_t first_ns, int64_t last_ns,
                       int64_t least_ns);

/* Where a bucket begins, and the one before it ends. Bucket `count` is the end of all. */
int64_t series_scale_start_ns(const struct series_scale *scale, size_t bucket);

struct series_bucket {
    uint32_t verdicts[VERDICT_COUNT];
    uint32_t accepted; /* offers */
    uint32_t refused;
};

struct series {
    struct series_scale scale;
    struct series_bucket buckets[SERIES_BUCKETS_MAX]; /* the first scale.count of them */
    uint32_t outside;                                 /* handshakes before or after all buckets */
};

void series_init(struct series *series, const struct series_scale *scale);
void series_add(struct series *series, int64_t time_ns, enum verdict verdict, enum outcome outcome);

/* The same for many of one time and kind. */
struct series_many {
    enum verdict verdict;
    bool is_accepted;
    bool is_refused;
    uint64_t count;
};
void series_add_many(struct series *series, int64_t time_ns, const struct series_many *many);

uint32_t series_bucket_resumed(const struct series_bucket *bucket);
uint32_t series_bucket_evaluated(const struct series_bucket *bucket); /* full and resumed */

#endif
