/* The program's two clocks, in nanoseconds. */
#ifndef REPRISE_APP_CLOCK_H
#define REPRISE_APP_CLOCK_H

#include <stdint.h>

#define CLOCK_SECOND_NS INT64_C(1000000000)

/* Since the epoch: for labels. */
int64_t clock_wall_ns(void);

/* Since some moment: for durations, it never jumps. */
int64_t clock_monotonic_ns(void);

#endif
