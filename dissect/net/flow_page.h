/* A page of flow_pages.h: where its buckets lie, and which of them is a hash's. */
#ifndef REPRISE_DISSECT_NET_FLOW_PAGE_H
#define REPRISE_DISSECT_NET_FLOW_PAGE_H

#include "dissect/net/flow.h"
#include "dissect/net/flow_bucket.h"

enum {
    FLOW_UNIT_BITS = 7,  /* buckets of a unit: 8 KiB */
    FLOW_UNITS_MAX = 16, /* of a page: 128 KiB */
    FLOW_UNIT_BUCKETS = 1 << FLOW_UNIT_BITS,
    FLOW_PAGE_BUCKETS_MAX = FLOW_UNITS_MAX * FLOW_UNIT_BUCKETS,
};

/* Where in a hash each step of a lookup looks; the bits above are the directory's, as many as it
 * needs. */
enum {
    FLOW_TAG_SHIFT = FLOW_STATE_BITS + 1,
    FLOW_BUCKET_SHIFT = FLOW_TAG_SHIFT + 8,
    FLOW_DIRECTORY_SHIFT = 32
};

enum { FLOW_BUCKET_BITS = FLOW_DIRECTORY_SHIFT - FLOW_BUCKET_SHIFT };

static_assert((uint64_t)FLOW_PAGE_BUCKETS_MAX << FLOW_BUCKET_BITS <= UINT32_MAX,
              "a page's buckets are multiplied in 32 bits");

struct flow_page {
    uint32_t bucket_count;
    uint32_t count; /* flows */
    uint32_t count_max;
    uint32_t depth; /* how many bits of the directory's they have in common */
    uint32_t unit_count;
    uint32_t units[FLOW_UNITS_MAX]; /* where its buckets lie: the first one of each */
};

/* As full as a page may be: 85 of 100. */
static inline uint32_t flow_page_max(uint32_t buckets)
{
    return buckets * FLOW_BUCKET_SLOTS * 17 / 20;
}

static inline bool flow_page_is_full(const struct flow_page *page)
{
    return page->count >= page->count_max;
}

static inline uint32_t flow_page_units(uint32_t buckets)
{
    return (buckets + FLOW_UNIT_BUCKETS - 1) >> FLOW_UNIT_BITS;
}

static inline uint8_t flow_page_tag(uint64_t hash)
{
    const uint8_t tag = (uint8_t)(hash >> FLOW_TAG_SHIFT);

    return tag != FLOW_TAG_FREE ? tag : 1;
}

/* A page's buckets have equal shares of the hashes, however many they are. */
static inline uint32_t flow_page_home(const struct flow_page *page, uint64_t hash)
{
    return ((uint32_t)hash >> FLOW_BUCKET_SHIFT) * page->bucket_count >> FLOW_BUCKET_BITS;
}

static inline uint32_t flow_page_number(const struct flow_page *page, uint32_t at)
{
    return page->units[at >> FLOW_UNIT_BITS] + (at & (FLOW_UNIT_BUCKETS - 1));
}

static inline uint32_t flow_page_after(const struct flow_page *page, uint32_t at)
{
    return at + 1 < page->bucket_count ? at + 1 : 0;
}

#endif
