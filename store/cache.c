#include "store/cache.h"

#include <assert.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

/* A key may have any place of its set. A place is 1 + a slot's number, and above it bits of the
 * hash: what is not there is hardly looked for anywhere else. */
enum { WAYS = 4, NUMBER_BITS = 18, SLOTS_MAX = (1 << NUMBER_BITS) - 1 };

/* In front of each slot's value (of value_bytes) and key (of key_max). */
struct slot {
    uint64_t hash;
    uint64_t used; /* the cache's clock when last found or put */
    size_t len;
    unsigned char data[];
};

/* Slots are taken one after the other, whatever their keys: a cache that holds little touches
 * little memory, and none of it is read before it was written. */
struct cache {
    size_t sets;
    size_t key_max;
    size_t value_bytes;
    size_t slot_bytes;
    uint64_t clock;
    uint32_t *places; /* of each set WAYS, filled from the front; 0: none */
    unsigned char *slots;
    size_t slots_taken;
};

struct cache *cache_new(size_t slots, size_t key_max, size_t value_bytes)
{
    struct cache *cache = calloc(1, sizeof(*cache));
    const size_t align = sizeof(uint64_t);

    assert(slots >= WAYS && slots < SLOTS_MAX && (slots & (slots - 1)) == 0);
    if (cache == NULL) {
        return NULL;
    }
    cache->sets = slots / WAYS;
    cache->key_max = key_max;
    cache->value_bytes = value_bytes;
    cache->slot_bytes = (sizeof(struct slot) + value_bytes + key_max + align - 1) / align * align;
    cache->places = calloc(slots, sizeof(*cache->places));
    cache->slots = calloc(slots, cache->slot_bytes);
    if (cache->places == NULL || cache->slots == NULL) {
        cache_free(cache);
        return NULL;
    }
    return cache;
}

void cache_free(struct cache *cache)
{
    if (cache != NULL) {
        free(cache->places);
        free(cache->slots);
        free(cache);
    }
}

static struct slot *slot_at(const struct cache *cache, uint32_t place)
{
    void *slot = cache->slots + ((place & SLOTS_MAX) - 1) * cache->slot_bytes;
    return slot;
}

void cache_clear(struct cache *cache)
{
    if (cache->slots_taken > 0) {
        memset(cache->places, 0, cache->sets * WAYS * sizeof(*cache->places));
        cache->slots_taken = 0;
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
    return slot->len == len && memcmp(slot->data + cache->value_bytes, key, len) == 0;
}

static uint32_t tag_of(uint64_t hash)
{
    return (uint32_t)(hash >> 32) & ~(uint32_t)SLOTS_MAX;
}

static uint32_t *set_of(const struct cache *cache, uint64_t hash)
{
    return &cache->places[hash % cache->sets * WAYS];
}

/* The slot that holds the key; NULL: none does. */
static struct slot *find(const struct cache *cache, uint64_t hash, const void *key, size_t len)
{
    const uint32_t *const set = set_of(cache, hash);

    for (size_t i = 0; i < WAYS && set[i] != 0; i++) {
        if ((set[i] & ~(uint32_t)SLOTS_MAX) != tag_of(hash)) {
            continue;
        }
        struct slot *slot = slot_at(cache, set[i]);
        if (slot->hash == hash && holds(cache, slot, key, len)) {
            return slot;
        }
    }
    return NULL;
}

/* A new one, else the one of the set that was used longest ago. */
static struct slot *take(struct cache *cache, uint64_t hash)
{
    uint32_t *const set = set_of(cache, hash);
    size_t oldest = 0;

    for (size_t i = 0; i < WAYS; i++) {
        if (set[i] == 0) {
            set[i] = tag_of(hash) | (uint32_t)++cache->slots_taken;
            return slot_at(cache, set[i]);
        }
        if (slot_at(cache, set[i])->used < slot_at(cache, set[oldest])->used) {
            oldest = i;
        }
    }
    set[oldest] = tag_of(hash) | (set[oldest] & SLOTS_MAX);
    return slot_at(cache, set[oldest]);
}

const void *cache_find(struct cache *cache, const void *key, size_t len)
{
    const uint64_t hash = hash_of(key, len);
    struct slot *slot = find(cache, hash, key, len);

    if (slot == NULL) {
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
    struct slot *slot = find(cache, hash, key, len);
    if (slot == NULL) {
        slot = take(cache, hash);
    }
    slot->hash = hash;
    slot->used = ++cache->clock;
    slot->len = len;
    memcpy(slot->data, value, cache->value_bytes);
    memcpy(slot->data + cache->value_bytes, key, len);
}
