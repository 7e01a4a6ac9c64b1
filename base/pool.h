/* A bounded store of equal blocks: memory that traffic can ask for, but never more of than was
 * promised at the start. Blocks are committed as they are first taken, kept for reuse when given
 * back, and freed with the pool.
 *
 * Not thread-safe: each dissector owns its own. */
#ifndef REPRISE_BASE_POOL_H
#define REPRISE_BASE_POOL_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>

struct pool;

/* NULL when the memory for the pool's own bookkeeping cannot be had. */
MUST_CHECK struct pool *pool_new(size_t block_bytes, size_t max_blocks);
void pool_free(struct pool *pool);

/* A block of block_bytes with undefined contents, aligned for any type; NULL when max_blocks are
 * taken or the system has no memory. Valid until given back or the pool is freed. */
MUST_CHECK void *pool_take(struct pool *pool);
void pool_give(struct pool *pool, void *block);

size_t pool_taken(const struct pool *pool);
size_t pool_block_bytes(const struct pool *pool);

#endif
