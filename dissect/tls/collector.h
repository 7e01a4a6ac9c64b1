/* Collects the body of one handshake message at a time that does not lie whole in one chunk, in a
 * block from a pool. A body that is too long, or finds no block, is given up: it costs nothing
 * but is not there in the end. */
#ifndef REPRISE_DISSECT_TLS_COLLECTOR_H
#define REPRISE_DISSECT_TLS_COLLECTOR_H

#include "dissect/bytes.h"

#include "base/pool.h"

enum {
    READER_SMALL_BYTES = 4 * 1024,
    READER_LARGE_BYTES = 128 * 1024,
};

/* Shared by the readers of one dissector. */
struct reader_pools {
    struct pool *small; /* READER_SMALL_BYTES */
    struct pool *large; /* READER_LARGE_BYTES */
};

struct collector {
    uint8_t *block; /* NULL until the first byte */
    uint8_t *spent; /* block of the message before, borrowed until collector_recycle() */
    uint32_t len;   /* collected */
    bool block_is_large;
    bool spent_is_large;
    bool is_given_up;
};

/* The next part of a body of body_len bytes. */
void collector_add(struct collector *collector, const struct reader_pools *pools, uint32_t body_len,
                   struct bytes part);

/* Part of the body is lost. */
void collector_give_up(struct collector *collector, const struct reader_pools *pools);

/* The body is complete: false when it was given up. Valid until collector_recycle(). The next
 * body may be added after this. */
MUST_CHECK bool collector_finish(struct collector *collector, struct bytes *out);

void collector_recycle(struct collector *collector, const struct reader_pools *pools);

/* The body that was begun will not be finished. */
void collector_drop(struct collector *collector, const struct reader_pools *pools);

/* Gives back all blocks. */
void collector_clear(struct collector *collector, const struct reader_pools *pools);

#endif
