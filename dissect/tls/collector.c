#include "dissect/tls/collector.h"

#include <assert.h>
#include <string.h>

static struct pool *pool_of(const struct reader_pools *pools, bool is_large)
{
    return is_large ? pools->large : pools->small;
}

static void give_back(uint8_t **block, const struct reader_pools *pools, bool is_large)
{
    if (*block != NULL) {
        pool_give(pool_of(pools, is_large), *block);
        *block = NULL;
    }
}

/* The length is the peer's word: it chooses a pool, never a size. */
static void take_block(struct collector *collector, const struct reader_pools *pools,
                       uint32_t body_len)
{
    collector->block_is_large = body_len > READER_SMALL_BYTES;
    if (body_len <= READER_LARGE_BYTES) {
        collector->block = pool_take(pool_of(pools, collector->block_is_large));
    }
    collector->is_given_up = collector->block == NULL;
}

void collector_add(struct collector *collector, const struct reader_pools *pools, uint32_t body_len,
                   struct bytes part)
{
    if (collector->block == NULL && !collector->is_given_up) {
        take_block(collector, pools, body_len);
    }
    if (collector->is_given_up) {
        return;
    }
    assert(part.len <= body_len - collector->len);
    memcpy(collector->block + collector->len, part.data, part.len);
    collector->len += (uint32_t)part.len;
}

void collector_give_up(struct collector *collector, const struct reader_pools *pools)
{
    give_back(&collector->block, pools, collector->block_is_large);
    collector->is_given_up = true;
}

bool collector_finish(struct collector *collector, struct bytes *out)
{
    const bool is_whole = !collector->is_given_up;

    if (is_whole) {
        *out = (struct bytes){collector->block, collector->len};
        collector->spent = collector->block;
        collector->spent_is_large = collector->block_is_large;
    }
    collector->block = NULL;
    collector->len = 0;
    collector->is_given_up = false;
    return is_whole;
}

void collector_recycle(struct collector *collector, const struct reader_pools *pools)
{
    give_back(&collector->spent, pools, collector->spent_is_large);
}

void collector_drop(struct collector *collector, const struct reader_pools *pools)
{
    give_back(&collector->block, pools, collector->block_is_large);
    collector->len = 0;
    collector->is_given_up = false;
}

void collector_clear(struct collector *collector, const struct reader_pools *pools)
{
    collector_recycle(collector, pools);
    collector_drop(collector, pools);
}
