/* From hashes to the cells of a flow table (flow_table.h, of which this is a part):
 *
 *   directory -> page (up to 2048 buckets) -> bucket (a cache line: 12 tags of a byte, 12 numbers
 * of cells)
 *
 * Open addressing inside a page: what finds no room in its bucket goes to the next, and each bucket
 * counts how many went by, so that removing leaves nothing behind. A page that is full gets more
 * buckets, in units of 128 that may lie anywhere, and when it has as many as it may have it is
 * split in two; nothing that adding a flow does takes longer, however large the table (extendible
 * hashing). */
#ifndef REPRISE_DISSECT_NET_FLOW_PAGES_H
#define REPRISE_DISSECT_NET_FLOW_PAGES_H

#include "dissect/net/flow.h"

#include "base/attributes.h"

struct flow_page;
struct flow_bucket;

struct flow_pages {
    struct flow_page **directory;
    struct flow_bucket *buckets; /* of all pages, at the first cache line in memory */
    uint32_t directory_mask;
    uint32_t page_buckets; /* of each page at most: then it is split */
    uint32_t page_count;
    uint32_t unit_count; /* units of buckets that belong to pages */
    uint32_t unit_max;
    uint32_t count;   /* flows in all */
    uint32_t *moving; /* cells of a page whose flows are being put elsewhere */
    void *memory;
};

/* False without memory; clear is then still right. */
MUST_CHECK bool flow_pages_init(struct flow_pages *pages, uint32_t capacity);
void flow_pages_clear(struct flow_pages *pages);

/* Asks the cache for the bucket of a hash, and tells its number. */
uint32_t flow_pages_expect(const struct flow_pages *pages, uint64_t hash);

/* The number of the cell that is most likely the one of the hash, or 0. bucket: of the hash, as
 * flow_pages_expect() told. */
uint32_t flow_pages_guess(const struct flow_pages *pages, uint64_t hash, uint32_t bucket);

/* It was not the cell `wrong`: another one that may be, or 0. */
uint32_t flow_pages_guess_again(const struct flow_pages *pages, uint64_t hash, uint32_t wrong);

/* The cell with this hash, or NULL. */
struct flow *flow_pages_find(const struct flow_pages *pages, struct flow *cells, uint64_t hash);

/* Adds the cell `slot` with its mark set. False, and nothing is changed, without memory. */
MUST_CHECK bool flow_pages_add(struct flow_pages *pages, const struct flow *cells, uint32_t slot);

/* Takes out the cell `slot`, which is there, by its mark. */
void flow_pages_remove(struct flow_pages *pages, uint64_t mark, uint32_t slot);

size_t flow_pages_bytes(const struct flow_pages *pages);

#endif
