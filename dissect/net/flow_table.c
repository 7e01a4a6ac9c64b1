#include "dissect/net/flow_table.h"

#include "dissect/net/flow_pages.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
    CACHE_LINE_BYTES = 64,
    CAPACITY_MIN = 2,
    CAPACITY_MAX = 1 << 30,
    HAND_LOOKS_AT = 16, /* cells among which flow_table_least_useful() chooses */
};

static_assert(sizeof(struct flow) == FLOW_BYTES, "eight cells to three cache lines");

struct flow_table {
    struct flow *cells; /* at the first cache line in memory */
    struct flow_pages pages;
    uint32_t capacity;
    uint32_t count;
    uint32_t touched; /* cells from here on have never been used */
    uint32_t free;    /* the first cell that was used and removed, plus one; then in its room */
    uint32_t hand;
    void *memory;
};

/* Zeroed, at a cache line's start, and not touched yet: calloc takes large areas from the system as
 * zero pages, and aligned_alloc would have to write them. */
static struct flow *new_cells(uint32_t capacity, void **memory)
{
    uint8_t *start = calloc((size_t)capacity + 3, FLOW_BYTES);

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

    if (table == NULL) {
        return NULL;
    }
    table->capacity = capacity;
    table->cells = new_cells(capacity, &table->memory);
    if (!flow_pages_init(&table->pages, capacity) || table->cells == NULL) {
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
    flow_pages_clear(&table->pages);
    free(table->memory);
    free(table);
}

/* ---- Lookups ---- */

uint32_t flow_table_expect_bucket(const struct flow_table *table, uint64_t hash)
{
    return flow_pages_expect(&table->pages, hash);
}

/* A cell may lie in two cache lines. */
static void expect_cell(const struct flow *flow)
{
    __builtin_prefetch(flow);
    __builtin_prefetch((const uint8_t *)flow + FLOW_BYTES - 1);
}

uint32_t flow_table_expect(const struct flow_table *table, uint64_t hash, uint32_t bucket)
{
    const uint32_t slot = flow_pages_guess(&table->pages, hash, bucket);

    expect_cell(&table->cells[slot]);
    return slot;
}

struct flow *flow_table_expected(const struct flow_table *table, uint32_t hint)
{
    assert(hint < table->capacity);
    return &table->cells[hint];
}

uint32_t flow_table_hint(const struct flow_table *table, const struct flow *flow)
{
    return (uint32_t)(flow - table->cells);
}

uint32_t flow_table_expect_again(const struct flow_table *table, uint64_t hash, uint32_t hint)
{
    const uint32_t slot = flow_pages_guess_again(&table->pages, hash, hint);

    expect_cell(&table->cells[slot]);
    return slot;
}

struct flow *flow_table_find(const struct flow_table *table, uint64_t hash, uint32_t hint)
{
    struct flow *flow = &table->cells[hint];

    assert(hint < table->capacity);
    return flow_has_hash(flow, hash) ? flow : flow_pages_find(&table->pages, table->cells, hash);
}

/* ---- Adding and removing ---- */

static uint32_t next_free(const struct flow *flow)
{
    uint32_t next;

    memcpy(&next, flow->room, sizeof(next));
    return next;
}

static struct flow *take_free_cell(struct flow_table *table)
{
    if (table->free == 0) {
        return &table->cells[table->touched++];
    }
    struct flow *flow = &table->cells[table->free - 1];
    table->free = next_free(flow);
    return flow;
}

static void free_cell(struct flow_table *table, struct flow *flow)
{
    *flow = (struct flow){.mark = FLOW_RANK_NONE};
    memcpy(flow->room, &table->free, sizeof(table->free));
    table->free = (uint32_t)(flow - table->cells) + 1;
}

struct flow *flow_table_add(struct flow_table *table, uint64_t hash)
{
    assert((hash & FLOW_HASH_BIT) != 0);
    if (table->count == table->capacity) {
        return NULL;
    }
    struct flow *flow = take_free_cell(table);
    *flow = (struct flow){.mark = (hash & ~(uint64_t)(FLOW_HASH_BIT - 1)) | FLOW_RANK_EMBRYONIC};
    if (!flow_pages_add(&table->pages, table->cells, (uint32_t)(flow - table->cells))) {
        free_cell(table, flow);
        return NULL;
    }
    table->count++;
    return flow;
}

void flow_table_remove(struct flow_table *table, struct flow *flow)
{
    assert(flow_rank(flow) != FLOW_RANK_NONE);
    flow_pages_remove(&table->pages, flow->mark, (uint32_t)(flow - table->cells));
    free_cell(table, flow);
    table->count--;
}

/* ---- The hand ---- */

/* What the hand sees of a flow. True: it may go. Else it has its second chance now, and used it. */
static bool may_go(struct flow *flow)
{
    const bool is_recent = (flow->mark & FLOW_IS_RECENT) != 0;

    flow->mark &= ~(uint64_t)FLOW_IS_RECENT;
    return flow_rank(flow) != FLOW_RANK_NONE && !is_recent;
}

static uint32_t after(const struct flow_table *table, uint32_t slot)
{
    return slot + 1 < table->touched ? slot + 1 : 0;
}

/* Twice round at most: once may do no more than take second chances. Of those alike the first that
 * the hand comes to goes, and there the hand stays: so each has as long as all others before its
 * turn comes again. */
struct flow *flow_table_least_useful(struct flow_table *table)
{
    struct flow *found = NULL;
    uint32_t slot = table->hand;

    for (uint64_t looks = 0; looks < 2 * (uint64_t)table->touched; looks++) {
        struct flow *flow = &table->cells[slot];
        if (looks >= HAND_LOOKS_AT && found != NULL && flow_rank(found) < FLOW_RANK_ACTIVE) {
            break;
        }
        if (may_go(flow) && (found == NULL || flow_rank(flow) < flow_rank(found))) {
            found = flow;
            table->hand = after(table, slot);
        }
        slot = after(table, slot);
    }
    return found;
}

uint32_t flow_table_count(const struct flow_table *table)
{
    return table->count;
}

size_t flow_table_bytes(const struct flow_table *table)
{
    return table->touched * sizeof(struct flow) + flow_pages_bytes(&table->pages);
}
