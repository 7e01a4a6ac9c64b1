/* The flights of a plan: who sends which TLS records when, up to the request. */
#ifndef REPRISE_TESTS_BENCH_FLIGHT_H
#define REPRISE_TESTS_BENCH_FLIGHT_H

#include "tests/bench/endpoints.h"
#include "tests/bench/plan.h"
#include "tests/bench/wire.h"

enum { FLIGHT_MAX_BYTES = 16 * 1024 };

uint32_t flight_count(const struct plan *plan);

enum side flight_side(const struct plan *plan, uint32_t index);
void flight_write(const struct plan *plan, uint32_t index, struct wire *out);

/* A length for a response that does not break off inside a record's header or tag. */
uint32_t flight_whole_records(uint32_t bytes);

/* `len` bytes at `offset` of the response: application data records, one after another. */
void flight_write_data(const struct plan *plan, uint32_t offset, uint32_t len, struct wire *out);

#endif
