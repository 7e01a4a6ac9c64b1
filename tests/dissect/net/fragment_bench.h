/* Reassembly as its tests see it: fragments in a few words, in exact-size heap blocks, and what
 * came of them. */
#ifndef REPRISE_TESTS_DISSECT_NET_FRAGMENT_BENCH_H
#define REPRISE_TESTS_DISSECT_NET_FRAGMENT_BENCH_H

#include "dissect/net/fragments.h"

enum { FRAGMENT_BENCH_BYTES = 1 << 20 }; /* enough for all that fits */

/* One fragment; its byte at offset n of the datagram is n * 31 + n / 256 + seed. */
struct fragment_piece {
    uint32_t offset;
    uint32_t len;
    bool is_last;
    uint8_t seed;
    uint32_t cut; /* bytes at its end that were not captured */
    uint32_t identification;
    int64_t time_ns;
};

/* A datagram of 4037 bytes. */
extern const struct fragment_piece fragment_three[3];

struct fragment_bench {
    struct fragments *fragments;
    struct fragments_counters counters;
    enum fragment_kind kind;
    uint8_t *buffer;
    struct frame frame; /* the last that became whole */
};

void fragment_bench_set_up(struct fragment_bench *bench, enum fragment_kind kind, size_t max_bytes);
void fragment_bench_tear_down(struct fragment_bench *bench);

/* The fragment without its bytes. */
struct fragment fragment_bench_fragment(const struct fragment_bench *bench,
                                        const struct fragment_piece *piece);

/* Adds it with bytes that belong at offset `first`, all but the last `cut`. True when the datagram
 * is whole. */
bool fragment_bench_add_bytes(struct fragment_bench *bench, struct fragment *fragment, uint32_t cut,
                              uint32_t first, uint8_t seed);
bool fragment_bench_add(struct fragment_bench *bench, const struct fragment_piece *piece);

/* The frame holds a datagram of len bytes, of which the first `seen` were captured. */
void fragment_bench_expect_whole(const struct fragment_bench *bench, uint32_t len, uint32_t seen);

/* Fragments counted under a name of dissect/net/dead_ends.c. */
uint64_t fragment_bench_lost(const struct fragment_bench *bench, const char *name);

#endif
