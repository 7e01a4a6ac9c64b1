/* What trace_gen was asked for. */
#ifndef REPRISE_TESTS_BENCH_TRACE_OPTIONS_H
#define REPRISE_TESTS_BENCH_TRACE_OPTIONS_H

#include "tests/bench/unkeyed.h"

#include <stdbool.h>
#include <stdint.h>

enum trace_kind {
    TRACE_BULK,
    TRACE_HANDSHAKES,
    TRACE_SYN_FLOOD,
    TRACE_HALF_HELLOS,
    TRACE_OPEN,
    TRACE_DONE,
    TRACE_COLLIDING,
    TRACE_KIND_COUNT,
};

struct trace_options {
    const char *path;
    enum trace_kind kind;
    uint32_t conversations; /* of floods: the others */
    uint32_t open;
    uint32_t bytes;
    uint32_t rounds;
    enum unkeyed hash; /* UNKEYED_COUNT: endpoints are not chosen by a hash */
    uint64_t seed;
};

/* False when the usage has to be shown. */
bool trace_options_parse(int argc, char **argv, struct trace_options *out);

extern const char trace_options_usage[];

#endif
