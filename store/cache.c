#include "store/cache.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A key may lie in any slot of its set. */
enum { WAYS = 4 };

/* In front of each slot's value (of value_bytes) and key (of key_max). */
struct slot {
    uint64_t hash;
    uint64_t used; /* the cache's clock when last found or put; 0: the slot is empty */
    size_t len;
    unsigned char data[];
};

struct cache {
    size_t sets;
    size_t key_max;
    size_t value_bytes;
    size_t slot_bytes;
    uint64_t clock;
    unsigned char *slots;
};

struct cache *cache_new(size_t slots, size_t key_max, size_t value_bytes)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    const size_t align = sizeof(uint64_t);

    assert(slots >= WAYS && (slots & (slots - 1)) == 0);
    if (cache == NULL) {
        return NULL;
    }
    cache->sets = slots / WAYS;
    cache->key_max = key_max;
    cache->value_bytes = value_bytes;
    cache->slot_bytes = (sizeof(struct slot) + value_bytes + key_max + align - 1) / align * align;
    cache->slots = calloc(slots, cache->slot_bytes);
    if (cache->slots == NULL) {
        free(cache);
        return NULL;
    }
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache != NULL) {
        free(cache->slots);
        free(cache);
    }
}

static struct slot *slot_at(const struct cache *cache, size_t index)
{
    void *slot = cache->slots + index * cache->slot_bytes;
    return slot;
}

void cache_clear(struct cache *cache)
{
    if (cache->clock == 0) {
        return; /* nothing was ever put: calloc's pages stay untouched */
    }
    for (size_t i = 0; i < cache->sets * WAYS; i++) {
        slot_at(cache, i)->used = 0;
    }
}

/* Eight bytes at a time. Keys made to collide only push each other out of the cache. */
static uint64_t hash_of(const unsigned char *key, size_t len)
{
    const uint64_t odd = 0x9e3779b97f4a7c15U; /* 2^64 / golden ratio */
    uint64_t hash = len * odd;

    while (len > 0) {
        uint64_t word = 0;
        const size_t step = len < sizeof(word) ? len : sizeof(word);
        memcpy(&word, key, step);
        hash = (hash ^ word) * odd;
        hash ^= hash >> 32;
        key += step;
        len -= step;
    }
    return hash;
}

static bool holds(const struct cache *cache, const struct slot *slot, const void *key, size_t len)
{
    return slot->used > 0 && slot->len == len &&
           memcmp(slot->data + cache->value_bytes, key, len) == 0;
}

/* The slot that holds the key, else the one of its set that was used longest ago. */
static struct slot *slot_for(const struct cache *cache, uint64_t hash, const void *key, size_t len)
{
    const size_t first = hash % cache->sets * WAYS;
    struct slot *oldest = slot_at(cache, first);

    for (size_t i = first; i < first + WAYS; i++) {
        struct slot *slot = slot_at(cache, i);
        if (slot->hash == hash && holds(cache, slot, key, len)) {
            return slot;
        }
        if (slot->used < oldest->used) {
            oldest = slot;
        }
    }
    return oldest;
}

const void *cache_find(struct cache *cache, const void *key, size_t len)
{
    const uint64_t hash = hash_of(key, len);
    struct slot *slot = slot_for(cache, hash, key, len);

    if (slot->hash != hash || !holds(cache, slot, key, len)) {
        return NULL;
    }
    slot->used = ++cache->clock;
    return slot->data;
}

void cache_put(struct cache *cache, const void *key, size_t len, const void *value)
{
    const uint64_t hash = hash_of(key, len);
    if (len > cache->key_max) {
        return;
    }
    struct slot *slot = slot_for(cache, hash, key, len);
    slot->hash = hash;
    slot->used = ++cache->clock;
    slot->len = len;
    memcpy(slot->data, value, cache->value_bytes);
    memcpy(slot->data + cache->value_bytes, key, len);
}
