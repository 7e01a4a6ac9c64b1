#include "report/series.h"

/* Rounds down, also before the epoch. */
static int64_t floor_of(int64_t value, int64_t unit)
{
    int64_t quotient = value / unit;
    return value % unit < 0 ? quotient - 1 : quotient;
}

/* The next width to try. Beyond 100 weeks there is no calendar to keep to. */
static int64_t wider(int64_t width_ns)
{
    static const int64_t widths[] = {
        SERIES_SECOND_NS, 10 * SERIES_SECOND_NS, SERIES_MINUTE_NS, 10 * SERIES_MINUTE_NS,
        SERIES_HOUR_NS,   6 * SERIES_HOUR_NS,    SERIES_DAY_NS,    7 * SERIES_DAY_NS,
    };

    for (size_t i = 0; i < sizeof(widths) / sizeof(widths[0]); i++) {
        if (widths[i] > width_ns) {
            return widths[i];
        }
    }
    return 2 * width_ns;
}

/* All of 64 bits' nanoseconds are 30500 weeks: the width stays below 2^9 of them, and fits. */
void series_scale_make(struct series_scale *scale, int64_t first_ns, int64_t last_ns,
                       int64_t least_ns)
{
    const int64_t first = first_ns < last_ns ? first_ns : last_ns;
    const int64_t last = first_ns < last_ns ? last_ns : first_ns;
    int64_t width_ns = SERIES_SECOND_NS;
    int64_t buckets = floor_of(last, width_ns) - floor_of(first, width_ns) + 1;

    while (buckets > SERIES_BUCKETS_MAX || (width_ns < least_ns && width_ns < INT64_MAX / 4)) {
        width_ns = wider(width_ns);
        buckets = floor_of(last, width_ns) - floor_of(first, width_ns) + 1;
    }
    *scale = (struct series_scale){
        .width_ns = width_ns,
        .origin = floor_of(first, width_ns),
        .count = (size_t)buckets,
    };
}

/* The first and the last bucket of all 64 bits reach beyond them. */
int64_t series_scale_start_ns(const struct series_scale *scale, size_t bucket)
{
    int64_t start_ns;
    const int64_t number = scale->origin + (int64_t)bucket;

    if (__builtin_mul_overflow(number, scale->width_ns, &start_ns)) {
        return number < 0 ? -INT64_MAX : INT64_MAX;
    }
    return start_ns;
}

void series_init(struct series *series, const struct series_scale *scale)
{
    *series = (struct series){.scale = *scale};
}

void series_add(struct series *series, int64_t time_ns, enum verdict verdict, enum outcome outcome)
{
    const struct series_many one = {verdict, outcome == OUTCOME_ACCEPTED,
                                    outcome == OUTCOME_REFUSED, 1};

    series_add_many(series, time_ns, &one);
}

void series_add_many(struct series *series, int64_t time_ns, const struct series_many *many)
{
    const int64_t number = floor_of(time_ns, series->scale.width_ns);
    const uint32_t count = many->count > UINT32_MAX ? UINT32_MAX : (uint32_t)many->count;

    if (number < series->scale.origin ||
        number - series->scale.origin >= (int64_t)series->scale.count) {
        series->outside += count;
        return;
    }
    struct series_bucket *bucket = &series->buckets[number - series->scale.origin];
    bucket->verdicts[many->verdict] += count;
    bucket->accepted += many->is_accepted ? count : 0;
    bucket->refused += many->is_refused ? count : 0;
}

uint32_t series_bucket_resumed(const struct series_bucket *bucket)
{
    return bucket->verdicts[VERDICT_RESUMED_ID] + bucket->verdicts[VERDICT_RESUMED_TICKET] +
           bucket->verdicts[VERDICT_RESUMED_PSK];
}

uint32_t series_bucket_evaluated(const struct series_bucket *bucket)
{
    return bucket->verdicts[VERDICT_FULL] + series_bucket_resumed(bucket);
}
