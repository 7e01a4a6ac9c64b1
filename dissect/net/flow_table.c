#include "dissect/net/flow_table.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum {
    CACHE_LINE_BYTES = 64,
    CAPACITY_MIN = 2,
    CAPACITY_MAX = 1 << 30,
    HAND_LOOKS_AT = 16, /* used slots among which flow_table_least_useful chooses */
};

/* Links are slot numbers plus one, so that memory which was never written means "none" and costs
 * nothing: calloc takes large areas from the system as untouched zero pages. */
struct entry {
    alignas(CACHE_LINE_BYTES) int64_t used_ns;
    struct flow_key key;
    uint32_t link; /* of the bucket's chain, or of the free slots */
    uint32_t hash;
    uint8_t rank; /* enum flow_rank */
    bool is_used;
};

static_assert(sizeof(struct entry) == CACHE_LINE_BYTES, "looking at a slot is one miss");
static_assert(sizeof(struct flow_key) == 40, "a key is hashed and compared as bytes");

/* Chains instead of open addressing: removing leaves nothing behind, so churn does not slow the
 * table down, and there are at least as many buckets as slots, so chains stay short. */
struct flow_table {
    uint32_t capacity;
    uint32_t bucket_mask;
    uint32_t count;
    uint32_t touched; /* slots from here on have never been used */
    uint32_t free;    /* link to the first slot that was used and removed */
    uint32_t hand;
    struct entry *entries; /* at the first cache line in memory */
    uint32_t *buckets;
    void *memory;
};

/* Zeroed, at a cache line's start, and not touched yet: aligned_alloc would have to write. */
static struct entry *new_entries(uint32_t capacity, void **memory)
{
    uint8_t *start = calloc((size_t)capacity + 1, CACHE_LINE_BYTES);

    *memory = start;
    if (start == NULL) {
        return NULL;
    }
    const size_t beyond = (uintptr_t)start % CACHE_LINE_BYTES;
    void *aligned = beyond == 0 ? start : start + (CACHE_LINE_BYTES - beyond);
    return aligned;
}

struct flow_table *flow_table_new(uint32_t capacity)
{
    assert(capacity >= CAPACITY_MIN && capacity <= CAPACITY_MAX);

    struct flow_table *table = calloc(1, sizeof(*table));
    uint32_t bucket_count = CAPACITY_MIN;

    if (table == NULL) {
        return NULL;
    }
    while (bucket_count < capacity) {
        bucket_count *= 2;
    }
    table->capacity = capacity;
    table->bucket_mask = bucket_count - 1;
    table->entries = new_entries(capacity, &table->memory);
    table->buckets = calloc(bucket_count, sizeof(*table->buckets));
    if (table->entries == NULL || table->buckets == NULL) {
        flow_table_free(table);
        return NULL;
    }
    return table;
}

void flow_table_free(struct flow_table *table)
{
    if (table == NULL) {
        return;
    }
    free(table->buckets);
    free(table->memory);
    free(table);
}

/* Any order will do, as long as it is one: that of the halves as this machine's numbers. Looked at
 * for each segment, where a call of memcmp would cost twice as much. */
static bool is_at_or_before(const struct endpoint *a, const struct endpoint *b)
{
    for (size_t at = 0; at < sizeof(a->address); at += sizeof(uint64_t)) {
        uint64_t half_a;
        uint64_t half_b;
        memcpy(&half_a, a->address + at, sizeof(half_a));
        memcpy(&half_b, b->address + at, sizeof(half_b));
        if (half_a != half_b) {
            return half_a < half_b;
        }
    }
    return a->port <= b->port;
}

struct flow_key flow_key_of(const struct segment *segment, unsigned *direction)
{
    if (is_at_or_before(&segment->source, &segment->destination)) {
        *direction = 0;
        return (struct flow_key){segment->source, segment->destination, segment->transport};
    }
    *direction = 1;
    return (struct flow_key){segment->destination, segment->source, segment->transport};
}

void flow_hash_init(struct flow_hash *hash, const uint8_t hash_key[16])
{
    hash->key = siphash_key_of(hash_key);
}

uint64_t flow_hash_of(const struct flow_hash *hash, const struct flow_key *key)
{
    uint8_t bytes[sizeof(*key)];

    memcpy(bytes, key, sizeof(bytes));
    return siphash(&hash->key, bytes, sizeof(bytes));
}

static bool is_same_key(const struct flow_key *a, const struct flow_key *b)
{
    return memcmp(a, b, sizeof(*a)) == 0; /* no padding: see the assertion above */
}

void flow_table_expect(const struct flow_table *table, uint64_t hash)
{
    __builtin_prefetch(&table->buckets[(uint32_t)hash & table->bucket_mask]);
}

uint32_t flow_table_find(struct flow_table *table, const struct flow_key *key, uint64_t hash_of_key,
                         int64_t time_ns)
{
    const uint32_t hash = (uint32_t)hash_of_key;
    uint32_t link = table->buckets[hash & table->bucket_mask];

    while (link != 0) {
        struct entry *entry = &table->entries[link - 1];
        if (entry->hash == hash && is_same_key(&entry->key, key)) {
            entry->used_ns = time_ns;
            return link - 1;
        }
        link = entry->link;
    }
    return FLOW_NONE;
}

static uint32_t take_free_slot(struct flow_table *table)
{
    if (table->free != 0) {
        const uint32_t slot = table->free - 1;
        table->free = table->entries[slot].link;
        return slot;
    }
    return table->touched < table->capacity ? table->touched++ : FLOW_NONE;
}

uint32_t flow_table_add(struct flow_table *table, const struct flow_key *key, uint64_t hash_of_key,
                        int64_t time_ns)
{
    const uint32_t hash = (uint32_t)hash_of_key;
    uint32_t *bucket = &table->buckets[hash & table->bucket_mask];
    const uint32_t slot = take_free_slot(table);

    if (slot == FLOW_NONE) {
        return FLOW_NONE;
    }
    table->entries[slot] = (struct entry){
        .used_ns = time_ns,
        .key = *key,
        .link = *bucket,
        .hash = hash,
        .rank = FLOW_RANK_EMBRYONIC,
        .is_used = true,
    };
    *bucket = slot + 1;
    table->count++;
    return slot;
}

static struct entry *used_entry(const struct flow_table *table, uint32_t slot)
{
    assert(slot < table->capacity && table->entries[slot].is_used);
    return &table->entries[slot];
}

void flow_table_remove(struct flow_table *table, uint32_t slot)
{
    struct entry *entry = used_entry(table, slot);
    uint32_t *link = &table->buckets[entry->hash & table->bucket_mask];

    while (*link != slot + 1) {
        assert(*link != 0);
        link = &table->entries[*link - 1].link;
    }
    *link = entry->link;
    entry->is_used = false;
    entry->link = table->free;
    table->free = slot + 1;
    table->count--;
}

static bool is_less_useful(const struct entry *a, const struct entry *b)
{
    return a->rank != b->rank ? a->rank < b->rank : a->used_ns < b->used_ns;
}

/* A full table has only used slots: the hand moves HAND_LOOKS_AT of them and is done. In a table
 * with room it may have to pass free ones, at most once round what was ever used. */
uint32_t flow_table_least_useful(struct flow_table *table)
{
    uint32_t found = FLOW_NONE;
    uint32_t looks = 0;

    for (uint32_t steps = 0; steps < table->touched && looks < HAND_LOOKS_AT; steps++) {
        const uint32_t slot = table->hand < table->touched ? table->hand : 0;
        const struct entry *entry = &table->entries[slot];
        table->hand = slot + 1;
        if (!entry->is_used) {
            continue;
        }
        looks++;
        if (found == FLOW_NONE || is_less_useful(entry, &table->entries[found])) {
            found = slot;
        }
    }
    return found;
}

void flow_table_set_rank(struct flow_table *table, uint32_t slot, enum flow_rank rank)
{
    used_entry(table, slot)->rank = (uint8_t)rank;
}

const struct flow_key *flow_table_key(const struct flow_table *table, uint32_t slot)
{
    return &used_entry(table, slot)->key;
}

int64_t flow_table_last_used(const struct flow_table *table, uint32_t slot)
{
    return used_entry(table, slot)->used_ns;
}

uint32_t flow_table_count(const struct flow_table *table)
{
    return table->count;
}

uint32_t flow_table_capacity(const struct flow_table *table)
{
    return table->capacity;
}
