/* What something takes that is done in pieces. */
#ifndef REPRISE_TESTS_BENCH_STOPWATCH_H
#define REPRISE_TESTS_BENCH_STOPWATCH_H

/* All zero to begin with. */
struct stopwatch {
    double seconds;     /* by the clock */
    double cpu_seconds; /* of the process, all its threads */
    double started_seconds;
    double started_cpu_seconds;
};

void stopwatch_start(struct stopwatch *watch);
/* Adds what went by since stopwatch_start(). */
void stopwatch_stop(struct stopwatch *watch);

#endif
