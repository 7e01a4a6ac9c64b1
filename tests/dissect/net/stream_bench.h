/* A stream for the tests of reassembly, and what it delivered as text: each chunk ends in "|", a
 * hole of n bytes shows as "<n>". */
#ifndef REPRISE_TESTS_DISSECT_NET_STREAM_BENCH_H
#define REPRISE_TESTS_DISSECT_NET_STREAM_BENCH_H

#include "dissect/net/stream.h"

struct bench {
    struct stream stream;
    struct pool *pool;
    char told[4096];
    size_t told_len;
    struct stream_chunk last;
    int64_t clock_ns;
};

/* A fresh stream, with a pool of so many blocks. */
void bench_begin(struct bench *bench, size_t blocks);

/* Checks that the pool gets everything back. */
void bench_end(struct bench *bench);

/* Adds a segment whose payload is a text, of which the capture cut the last `cut` bytes; drains.
 * The bytes are gone afterwards. */
void bench_add_cut(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text,
                   size_t cut);
void bench_add_flags(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text);
void bench_add(struct bench *bench, uint32_t sequence, const char *text);

/* Takes all chunks there are. */
void bench_drain(struct bench *bench);

/* What was delivered since the last time is that. */
void bench_expect(struct bench *bench, const char *told);

#endif
