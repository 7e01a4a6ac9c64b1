/* Which of many open conversations has the next packet: a heap by time. */
#ifndef REPRISE_TESTS_BENCH_SCHEDULE_H
#define REPRISE_TESTS_BENCH_SCHEDULE_H

#include <stdbool.h>
#include <stdint.h>

struct schedule_entry {
    int64_t time_us;
    uint32_t slot;
};

struct schedule {
    struct schedule_entry *entries; /* the caller's, one for each slot */
    uint32_t count;
};

void schedule_add(struct schedule *schedule, int64_t time_us, uint32_t slot);

/* Takes out the earliest; of two at the same time the lower slot. False when empty. */
bool schedule_next(struct schedule *schedule, struct schedule_entry *out);

#endif
