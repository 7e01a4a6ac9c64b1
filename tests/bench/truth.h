/* What a program that reads the trace must find, counted as the trace is written. */
#ifndef REPRISE_TESTS_BENCH_TRUTH_H
#define REPRISE_TESTS_BENCH_TRUTH_H

#include "tests/bench/plan.h"

#include <stdio.h>

struct truth {
    uint64_t seed;
    uint64_t packets;
    uint64_t bytes;
    uint64_t kinds[PLAN_KIND_COUNT]; /* conversations of each */
    uint32_t strangers;              /* connections without a whole handshake */
    bool is_later; /* what is offered was issued before the trace: no age is known */
};

/* One JSON object with the counts by SPEC's words. */
void truth_print(const struct truth *truth, FILE *out);

#endif
