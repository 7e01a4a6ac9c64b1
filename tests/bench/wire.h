/* Writes what dissect/bytes.h reads: big-endian integers and vectors behind their lengths. */
#ifndef REPRISE_TESTS_BENCH_WIRE_H
#define REPRISE_TESTS_BENCH_WIRE_H

#include "tests/bench/random.h"

#include <stddef.h>
#include <stdint.h>

/* The caller's buffer. Writing beyond it is a bug of the caller, and asserted. */
struct wire {
    uint8_t *data;
    size_t capacity;
    size_t len;
};

/* An unsigned integer of 1 to 8 bytes. */
void wire_uint(struct wire *wire, uint64_t value, size_t bytes);
void wire_bytes(struct wire *wire, const void *data, size_t len);
void wire_random(struct wire *wire, struct random *random, size_t len);

/* A vector: begin leaves room for its length of `bytes` bytes and says where, end fills it in. */
size_t wire_begin(struct wire *wire, size_t bytes);
void wire_end(struct wire *wire, size_t begun, size_t bytes);

#endif
