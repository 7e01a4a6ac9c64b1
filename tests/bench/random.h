/* Reproducible random numbers: the same seed gives the same trace on every machine. */
#ifndef REPRISE_TESTS_BENCH_RANDOM_H
#define REPRISE_TESTS_BENCH_RANDOM_H

#include <stddef.h>
#include <stdint.h>

struct random {
    uint64_t state;
};

/* The numbers of one purpose: the same seed under another tag gives others. */
struct random random_of(uint64_t seed, uint64_t tag);

uint64_t random_next(struct random *random);

/* 0 .. bound - 1; bound > 0. */
uint32_t random_below(struct random *random, uint32_t bound);

/* low .. high. */
uint32_t random_between(struct random *random, uint32_t low, uint32_t high);

void random_fill(struct random *random, uint8_t *out, size_t len);

#endif
