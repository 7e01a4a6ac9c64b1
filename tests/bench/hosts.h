/* How the hosts of a generated database behave, and how busy each is. */
#ifndef REPRISE_TESTS_BENCH_HOSTS_H
#define REPRISE_TESTS_BENCH_HOSTS_H

#include "dissect/handshake.h"
#include "tests/bench/random.h"

enum { HOST_SESSIONS = 8, HOST_MS_NS = 1000000 };

/* What was issued, and may be offered. */
struct issued {
    struct session_hash hash;
    uint32_t client;
};

struct host {
    enum verdict mechanism;
    uint32_t resumed_percent;
    uint32_t refused_percent;
    int64_t rtt_ns;
    int64_t hint_s;
    struct issued kept[HOST_SESSIONS];
    uint32_t issued_count;
};

/* Host h has a weight of 1/h: a few have most of the handshakes; is_uniform: all as many.
 * weights: the sum up to and with each. */
void hosts_make(struct random *random, struct host *hosts, uint64_t *weights, uint32_t count,
                bool is_uniform);

/* The number of one, by its weight. */
uint32_t hosts_pick(struct random *random, const uint64_t *weights, uint32_t count);

#endif
