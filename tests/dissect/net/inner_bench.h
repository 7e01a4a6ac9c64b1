/* The stage that looks inside frames as its tests see it: captured frames in hex, in exact-size
 * heap blocks, and the segments they led to. */
#ifndef REPRISE_TESTS_DISSECT_NET_INNER_BENCH_H
#define REPRISE_TESTS_DISSECT_NET_INNER_BENCH_H

#include "dissect/net/inner_frames.h"

struct inner_bench {
    struct inner_frames *inner;
    struct fragments_counters counters;
    unsigned found;
    struct segment segment; /* the last found */
    uint8_t payload[8];
};

void inner_bench_set_up(struct inner_bench *bench, size_t max_fragment_bytes);
void inner_bench_tear_down(struct inner_bench *bench);

/* Takes what is inside: bench->found more segments, the last of which is bench->segment. */
void inner_bench_drain(struct inner_bench *bench);

/* Gives it a captured frame, all but its last `cut` bytes. How many segments it led to. */
unsigned inner_bench_give_cut(struct inner_bench *bench, int link_type, const char *hex,
                              size_t cut);
unsigned inner_bench_give(struct inner_bench *bench, int link_type, const char *hex);

/* The last segment is that of FIXTURE_IPV4_TCP, whole. */
void inner_bench_expect_fixture(const struct inner_bench *bench);

/* How often something was counted under a name. */
unsigned long long inner_bench_not_analysed(const struct inner_bench *bench, const char *name);

#endif
