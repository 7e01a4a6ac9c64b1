#include "base/pool.h"

#include <assert.h>
#include <stdalign.h>
#include <stdint.h>
#include <stdlib.h>

/* A block that is not taken holds the link to the next free one. */
struct free_block {
    struct free_block *next;
};

/* Blocks are cut from chunks of this size, what malloc adds included: one malloc for many blocks.
 * The first begins at a cache line's start, so that small blocks lie in as few lines as can be. */
enum { CHUNK_BYTES = 256 * 1024, MALLOC_BYTES = 128, CACHE_LINE_BYTES = 64 };

struct chunk {
    struct chunk *next;
    alignas(CACHE_LINE_BYTES) unsigned char blocks[];
};

struct pool {
    size_t asked_bytes; /* as the caller said */
    size_t block_bytes; /* rounded up for alignment */
    size_t max_blocks;
    size_t made;  /* blocks there is memory for, taken or not */
    size_t taken; /* of these, with a caller */
    struct free_block *free;
    unsigned char *fresh; /* the rest of the newest chunk: blocks that nobody had yet */
    size_t fresh_blocks;
    struct chunk *chunks;
};

struct pool *pool_new(size_t block_bytes, size_t max_blocks)
{
    struct pool *pool = calloc(1, sizeof(*pool));
    const size_t align = sizeof(max_align_t);

    assert(block_bytes > 0);
    if (pool == NULL) {
        return NULL;
    }
    pool->asked_bytes = block_bytes;
    pool->block_bytes = (block_bytes + align - 1) / align * align;
    pool->max_blocks = max_blocks;
    return pool;
}

void pool_free(struct pool *pool)
{
    if (pool == NULL) {
        return;
    }
    while (pool->chunks != NULL) {
        struct chunk *chunk = pool->chunks;
        pool->chunks = chunk->next;
        free(chunk);
    }
    free(pool);
}

/* Makes more fresh blocks; leaves the pool as it was when there is no memory. */
static void grow(struct pool *pool)
{
    size_t count = (CHUNK_BYTES - MALLOC_BYTES - sizeof(struct chunk)) / pool->block_bytes;
    if (count == 0) {
        count = 1;
    }
    if (count > pool->max_blocks - pool->made) {
        count = pool->max_blocks - pool->made;
    }
    if (count == 0 || count > (SIZE_MAX - 2 * sizeof(struct chunk)) / pool->block_bytes) {
        return;
    }
    const size_t bytes = sizeof(struct chunk) + count * pool->block_bytes;
    struct chunk *chunk =
        aligned_alloc(CACHE_LINE_BYTES, (bytes + CACHE_LINE_BYTES - 1) & ~(CACHE_LINE_BYTES - 1UL));
    if (chunk == NULL) {
        return;
    }
    chunk->next = pool->chunks;
    pool->chunks = chunk;
    pool->fresh = chunk->blocks;
    pool->fresh_blocks = count;
    pool->made += count;
}

/* Memory is not touched before its block is taken. */
static void *take_fresh(struct pool *pool)
{
    if (pool->fresh_blocks == 0) {
        grow(pool);
    }
    if (pool->fresh_blocks == 0) {
        return NULL;
    }
    void *const block = pool->fresh;
    pool->fresh += pool->block_bytes;
    pool->fresh_blocks--;
    return block;
}

static void *take_free(struct pool *pool)
{
    struct free_block *const block = pool->free;

    pool->free = block->next;
    return block;
}

void *pool_take(struct pool *pool)
{
    void *const block = pool->free != NULL ? take_free(pool) : take_fresh(pool);

    pool->taken += block != NULL;
    return block;
}

void pool_give(struct pool *pool, void *block)
{
    struct free_block *free_block = block;

    assert(block != NULL && pool->taken > 0);
    free_block->next = pool->free;
    pool->free = free_block;
    pool->taken--;
}

size_t pool_taken(const struct pool *pool)
{
    return pool->taken;
}

size_t pool_block_bytes(const struct pool *pool)
{
    return pool->asked_bytes;
}
