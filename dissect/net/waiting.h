/* The bytes of one direction that came too early: runs in the order of their sequence numbers,
 * without overlaps, copied into blocks of a shared pool. The first copy of a byte wins. */
#ifndef REPRISE_DISSECT_NET_WAITING_H
#define REPRISE_DISSECT_NET_WAITING_H

#include "base/attributes.h"
#include "base/pool.h"

#include <stdbool.h>
#include <stdint.h>

enum {
    STREAM_BLOCK_BYTES = 2048, /* block size of the pool a stream is given */
    STREAM_MAX_WAITING_BYTES = 256 * 1024,
    STREAM_MAX_WAITING_SEGMENTS = 256, /* blocks: a large segment takes several */
};

/* What is left of a segment, borrowed from it: len bytes that were seen, then `missing` bytes
 * that the capture cut away. */
struct waiting_run {
    const uint8_t *data;
    int64_t time_ns;
    uint32_t sequence;
    uint32_t len;
    uint32_t missing;
    bool starts_segment; /* data begins where the segment's payload began */
};

struct waiting_block {
    struct waiting_block *following;
    int64_t time_ns;
    uint32_t sequence;
    uint32_t missing;
    uint16_t len; /* 0: only tells of missing bytes */
    bool starts_segment;
    uint8_t data[];
};

/* Zero-initialised; the blocks are the pool's. */
struct waiting {
    struct waiting_block *head;
    struct waiting_block *tail;
    uint32_t bytes;
    uint16_t blocks;
};

enum waiting_overlap { WAITING_NONE, WAITING_SAME, WAITING_DIFFERENT };

/* Drops the first count bytes of a run, of those seen first. */
void waiting_run_skip(struct waiting_run *run, uint32_t count);

/* Copies what is not there yet. False when a limit or the pool's end is met: the run then holds
 * what could not be stored. */
MUST_CHECK bool waiting_store(struct waiting *waiting, struct pool *pool, struct waiting_run *run);

/* How the bytes seen of a run compare to those at the same place that came earlier. */
enum waiting_overlap waiting_compare(const struct waiting *waiting, const struct waiting_run *run);

/* Unlinks the first block, which becomes the caller's to give back to the pool. NULL if none. */
struct waiting_block *waiting_take_head(struct waiting *waiting);

/* Sequence number after the last byte known of, seen or cut. Not of an empty list. */
uint32_t waiting_end(const struct waiting *waiting);

void waiting_clear(struct waiting *waiting, struct pool *pool);

#endif
