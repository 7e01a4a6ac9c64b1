/* Who talks to whom, over IPv4. */
#ifndef REPRISE_TESTS_BENCH_ENDPOINTS_H
#define REPRISE_TESTS_BENCH_ENDPOINTS_H

#include "tests/bench/plan.h"

#include <stdint.h>

enum side { SIDE_CLIENT, SIDE_SERVER };

struct endpoints {
    uint32_t address[2]; /* by side */
    uint16_t port[2];
};

struct endpoints endpoints_of_plan(const struct plan *plan);

/* Of a crowd: as many clients as are asked for, up to 2^24, none of a plan's. */
struct endpoints endpoints_of_number(uint32_t number);

#endif
