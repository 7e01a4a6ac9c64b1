#include "dissect/net/waiting.h"

#include "dissect/net/sequence.h"

#include <assert.h>
#include <stddef.h>
#include <string.h>

enum { BLOCK_DATA_BYTES = STREAM_BLOCK_BYTES - offsetof(struct waiting_block, data) };

void waiting_run_skip(struct waiting_run *run, uint32_t count)
{
    const uint32_t seen = count < run->len ? count : run->len;
    const uint32_t cut = count - seen < run->missing ? count - seen : run->missing;

    run->sequence += seen + cut;
    if (seen > 0) {
        run->data += seen;
        run->len -= seen;
    }
    run->missing -= cut;
    run->starts_segment = run->starts_segment && count == 0;
}

static uint32_t block_end(const struct waiting_block *block)
{
    return block->sequence + block->len;
}

/* A new block in front of *link for the first len bytes of the run; NULL when there is no room. */
static struct waiting_block *insert(struct waiting *waiting, struct pool *pool,
                                    struct waiting_block **link, const struct waiting_run *run,
                                    uint32_t len)
{
    if (waiting->blocks >= STREAM_MAX_WAITING_SEGMENTS ||
        waiting->bytes + len > STREAM_MAX_WAITING_BYTES) {
        return NULL;
    }
    struct waiting_block *block = pool_take(pool);
    if (block == NULL) {
        return NULL;
    }
    *block = (struct waiting_block){
        .following = *link,
        .time_ns = run->time_ns,
        .sequence = run->sequence,
        .len = (uint16_t)len,
        .starts_segment = run->starts_segment,
    };
    if (len > 0) {
        memcpy(block->data, run->data, len);
    }
    *link = block;
    if (block->following == NULL) {
        waiting->tail = block;
    }
    waiting->bytes += len;
    waiting->blocks++;
    return block;
}

/* The link behind all blocks that end at or before a sequence number. Most segments come behind
 * the last one: the list is not walked for them. */
static struct waiting_block **link_behind(struct waiting *waiting, struct waiting_block **from,
                                          uint32_t sequence)
{
    if (waiting->tail != NULL && sequence_at_or_before(block_end(waiting->tail), sequence)) {
        return &waiting->tail->following;
    }
    while (*from != NULL && sequence_at_or_before(block_end(*from), sequence)) {
        from = &(*from)->following;
    }
    return from;
}

/* Bytes at the run's start that fit before the next block, and into one block. */
static uint32_t piece_len(const struct waiting_run *run, const struct waiting_block *following)
{
    uint32_t len = run->len < BLOCK_DATA_BYTES ? run->len : BLOCK_DATA_BYTES;

    if (following != NULL && following->sequence - run->sequence < len) {
        len = following->sequence - run->sequence;
    }
    return len;
}

/* Remembers the bytes that the capture cut off. They begin behind any that did come from another
 * segment, so that a block without data never lies inside one with data. */
static bool store_missing(struct waiting *waiting, struct pool *pool, struct waiting_block **link,
                          struct waiting_run *run)
{
    link = link_behind(waiting, link, run->sequence);
    while (run->missing > 0 && *link != NULL &&
           sequence_at_or_before((*link)->sequence, run->sequence)) {
        waiting_run_skip(run, block_end(*link) - run->sequence);
        link = &(*link)->following;
    }
    if (run->missing == 0) {
        return true;
    }
    struct waiting_block *block = insert(waiting, pool, link, run, 0);
    if (block == NULL) {
        return false;
    }
    block->missing = run->missing;
    run->missing = 0;
    return true;
}

bool waiting_store(struct waiting *waiting, struct pool *pool, struct waiting_run *run)
{
    struct waiting_block **link = &waiting->head;

    assert(pool_block_bytes(pool) >= STREAM_BLOCK_BYTES);
    while (run->len > 0) {
        link = link_behind(waiting, link, run->sequence);
        struct waiting_block *block = *link;
        if (block != NULL && sequence_at_or_before(block->sequence, run->sequence)) {
            const uint32_t known = block_end(block) - run->sequence;
            waiting_run_skip(run, known < run->len ? known : run->len);
            continue;
        }
        const uint32_t len = piece_len(run, block);
        block = insert(waiting, pool, link, run, len);
        if (block == NULL) {
            return false;
        }
        waiting_run_skip(run, len);
        if (run->len == 0) {
            block->missing = run->missing;
            run->missing = 0;
        }
    }
    return run->missing == 0 || store_missing(waiting, pool, &waiting->head, run);
}

enum waiting_overlap waiting_compare(const struct waiting *waiting, const struct waiting_run *run)
{
    const uint32_t run_end = run->sequence + run->len;
    enum waiting_overlap overlap = WAITING_NONE;

    if (waiting->tail == NULL || sequence_at_or_before(block_end(waiting->tail), run->sequence)) {
        return WAITING_NONE;
    }
    for (const struct waiting_block *block = waiting->head;
         block != NULL && sequence_before(block->sequence, run_end); block = block->following) {
        const uint32_t start = sequence_max(block->sequence, run->sequence);
        const uint32_t end = sequence_min(block_end(block), run_end);
        if (!sequence_before(start, end)) {
            continue;
        }
        if (memcmp(block->data + (start - block->sequence), run->data + (start - run->sequence),
                   end - start) != 0) {
            return WAITING_DIFFERENT;
        }
        overlap = WAITING_SAME;
    }
    return overlap;
}

struct waiting_block *waiting_take_head(struct waiting *waiting)
{
    struct waiting_block *block = waiting->head;

    if (block == NULL) {
        return NULL;
    }
    waiting->head = block->following;
    if (waiting->head == NULL) {
        waiting->tail = NULL;
    }
    waiting->bytes -= block->len;
    waiting->blocks--;
    return block;
}

uint32_t waiting_end(const struct waiting *waiting)
{
    assert(waiting->tail != NULL);
    return block_end(waiting->tail) + waiting->tail->missing;
}

void waiting_clear(struct waiting *waiting, struct pool *pool)
{
    for (struct waiting_block *block = waiting_take_head(waiting); block != NULL;
         block = waiting_take_head(waiting)) {
        pool_give(pool, block);
    }
}
