#include "tests/bench/stopwatch.h"

#include <time.h>

static double seconds_of(clockid_t clock)
{
    struct timespec now;

    (void)clock_gettime(clock, &now);
    return (double)now.tv_sec + (double)now.tv_nsec / 1e9;
}

void stopwatch_start(struct stopwatch *watch)
{
    watch->started_seconds = seconds_of(CLOCK_MONOTONIC);
    watch->started_cpu_seconds = seconds_of(CLOCK_PROCESS_CPUTIME_ID);
}

void stopwatch_stop(struct stopwatch *watch)
{
    watch->seconds += seconds_of(CLOCK_MONOTONIC) - watch->started_seconds;
    watch->cpu_seconds += seconds_of(CLOCK_PROCESS_CPUTIME_ID) - watch->started_cpu_seconds;
}
