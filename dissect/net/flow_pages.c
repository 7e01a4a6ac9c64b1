#include "dissect/net/flow_pages.h"

#include <assert.h>
#include <stdalign.h>
#include <stdlib.h>
#include <string.h>

enum {
    CACHE_LINE_BYTES = 64,
    BUCKET_SLOTS = 12,
    PAGE_BITS_MAX = 11, /* buckets of a page: 128 KiB */
};

/* Where in a hash each step of a lookup looks; the bits above are the directory's, as many as it
 * needs. */
enum { TAG_SHIFT = FLOW_STATE_BITS + 1, BUCKET_SHIFT = TAG_SHIFT + 8, DIRECTORY_SHIFT = 24 };

static_assert(BUCKET_SHIFT + PAGE_BITS_MAX <= DIRECTORY_SHIFT,
              "no bit of a hash is looked at twice");

/* A tag is never 0: that is a free place. */
struct bucket {
    alignas(CACHE_LINE_BYTES) uint8_t tags[BUCKET_SLOTS];
    uint16_t passed; /* flows that found no room here and went on */
    uint16_t unused;
    uint32_t slots[BUCKET_SLOTS];
};

static_assert(sizeof(struct bucket) == CACHE_LINE_BYTES, "a bucket is one miss");

struct flow_page {
    uint32_t count;
    uint32_t depth; /* how many bits of the directory's its flows have in common */
    struct bucket buckets[];
};

/* ---- Pages ---- */

static struct flow_page *new_page(const struct flow_pages *pages, uint32_t depth)
{
    const size_t bytes =
        sizeof(struct flow_page) + ((size_t)pages->bucket_mask + 1) * sizeof(struct bucket);
    struct flow_page *page = aligned_alloc(CACHE_LINE_BYTES, bytes);

    if (page != NULL) {
        memset(page, 0, bytes);
        page->depth = depth;
    }
    return page;
}

/* As full as a page may be: four fifths. */
static uint32_t page_max(uint32_t buckets)
{
    return buckets * BUCKET_SLOTS * 4 / 5;
}

/* The smallest page that holds all flows, or one of many. */
static uint32_t buckets_for(uint32_t capacity)
{
    uint32_t buckets = 1;

    while (buckets < 1U << PAGE_BITS_MAX && page_max(buckets) < capacity) {
        buckets *= 2;
    }
    return buckets;
}

bool flow_pages_init(struct flow_pages *pages, uint32_t capacity)
{
    const uint32_t buckets = buckets_for(capacity);

    *pages = (struct flow_pages){.bucket_mask = buckets - 1, .page_max = page_max(buckets)};
    pages->directory = calloc(1, sizeof(struct flow_page *));
    if (pages->directory == NULL) {
        return false;
    }
    pages->directory[0] = new_page(pages, 0);
    pages->page_count = 1;
    return pages->directory[0] != NULL;
}

/* Several places in the directory may lead to a page: it is freed at the lowest of them, which
 * comes last. */
static void free_pages(struct flow_pages *pages)
{
    for (uint64_t at = (uint64_t)pages->directory_mask + 1; at-- > 0;) {
        struct flow_page *page = pages->directory[at];
        if (page != NULL && at < UINT64_C(1) << page->depth) {
            free(page);
        }
    }
}

void flow_pages_clear(struct flow_pages *pages)
{
    if (pages->directory != NULL) {
        free_pages(pages);
        free(pages->directory);
    }
}

/* ---- Buckets ---- */

static uint8_t tag_of(uint64_t hash)
{
    const uint8_t tag = (uint8_t)(hash >> TAG_SHIFT);

    return tag != 0 ? tag : 1;
}

static uint32_t home_of(const struct flow_pages *pages, uint64_t hash)
{
    return (uint32_t)(hash >> BUCKET_SHIFT) & pages->bucket_mask;
}

static struct flow_page *page_of(const struct flow_pages *pages, uint64_t hash)
{
    return pages->directory[(uint32_t)(hash >> DIRECTORY_SHIFT) & pages->directory_mask];
}

/* The bucket's tags as numbers, the first in the lowest byte. */
static uint64_t first_tags(const struct bucket *bucket)
{
    uint64_t tags;

    memcpy(&tags, bucket->tags, sizeof(tags));
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? tags : __builtin_bswap64(tags);
}

static uint32_t last_tags(const struct bucket *bucket)
{
    uint32_t tags;

    memcpy(&tags, bucket->tags + sizeof(uint64_t), sizeof(tags));
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? tags : __builtin_bswap32(tags);
}

/* The highest bit of each byte that is the tag; of the bytes above one that is, perhaps others. */
static uint64_t equal_bytes(uint64_t tags, uint8_t tag)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t differing = tags ^ (ones * tag);

    return (differing - ones) & ~differing & (ones << 7);
}

static unsigned place_of(uint64_t equal)
{
    return (unsigned)__builtin_ctzll(equal) / 8;
}

static struct flow *find_among(struct flow *cells, const uint32_t *slots, uint64_t equal,
                               uint64_t hash)
{
    for (; equal != 0; equal &= equal - 1) {
        struct flow *flow = &cells[slots[place_of(equal)]];
        if (flow_has_hash(flow, hash)) {
            return flow;
        }
    }
    return NULL;
}

static struct flow *find_in_bucket(struct flow *cells, const struct bucket *bucket, uint64_t hash)
{
    const uint8_t tag = tag_of(hash);
    struct flow *flow =
        find_among(cells, bucket->slots, equal_bytes(first_tags(bucket), tag), hash);

    if (flow == NULL) {
        const uint64_t equal = equal_bytes(last_tags(bucket), tag) & 0x80808080;
        flow = find_among(cells, bucket->slots + sizeof(uint64_t), equal, hash);
    }
    return flow;
}

/* ---- Lookups ---- */

void flow_pages_expect(const struct flow_pages *pages, uint64_t hash)
{
    __builtin_prefetch(&page_of(pages, hash)->buckets[home_of(pages, hash)]);
}

uint32_t flow_pages_guess(const struct flow_pages *pages, uint64_t hash)
{
    const struct bucket *bucket = &page_of(pages, hash)->buckets[home_of(pages, hash)];
    const uint64_t equal = equal_bytes(first_tags(bucket), tag_of(hash));

    return equal == 0 ? 0 : bucket->slots[place_of(equal)];
}

NOINLINE struct flow *flow_pages_find(const struct flow_pages *pages, struct flow *cells,
                                      uint64_t hash)
{
    const struct flow_page *page = page_of(pages, hash);
    uint32_t at = home_of(pages, hash);

    for (uint32_t steps = 0; steps <= pages->bucket_mask; steps++) {
        const struct bucket *bucket = &page->buckets[at];
        struct flow *flow = find_in_bucket(cells, bucket, hash);
        if (flow != NULL || bucket->passed == 0) {
            return flow;
        }
        at = (at + 1) & pages->bucket_mask;
    }
    return NULL;
}

/* ---- Adding ---- */

static unsigned free_place(const struct bucket *bucket)
{
    unsigned place = 0;

    while (place < BUCKET_SLOTS && bucket->tags[place] != 0) {
        place++;
    }
    return place;
}

/* Some bucket has room: no page is ever full. */
static void insert(const struct flow_pages *pages, struct flow_page *page, uint64_t hash,
                   uint32_t slot)
{
    uint32_t at = home_of(pages, hash);
    unsigned place = free_place(&page->buckets[at]);

    while (place == BUCKET_SLOTS) {
        page->buckets[at].passed++;
        at = (at + 1) & pages->bucket_mask;
        place = free_place(&page->buckets[at]);
    }
    page->buckets[at].tags[place] = tag_of(hash);
    page->buckets[at].slots[place] = slot;
    page->count++;
}

/* Twice as many places, each half leading to the same pages. */
static bool double_directory(struct flow_pages *pages)
{
    const size_t count = (size_t)pages->directory_mask + 1;
    struct flow_page **directory =
        realloc(pages->directory, 2 * count * sizeof(struct flow_page *));

    if (directory == NULL) {
        return false;
    }
    memcpy(directory + count, directory, count * sizeof(struct flow_page *));
    pages->directory = directory;
    pages->directory_mask = (uint32_t)(2 * count - 1);
    return true;
}

static void move_bucket(const struct flow_pages *pages, const struct flow *cells,
                        const struct bucket *bucket, struct flow_page *const to[2])
{
    const unsigned bit = DIRECTORY_SHIFT + to[0]->depth - 1;

    for (unsigned place = 0; place < BUCKET_SLOTS; place++) {
        if (bucket->tags[place] != 0) {
            const uint32_t slot = bucket->slots[place];
            insert(pages, to[cells[slot].mark >> bit & 1], cells[slot].mark, slot);
        }
    }
}

/* Puts the flows of a full page into two, by the next bit of their hashes. */
static COLD bool split(struct flow_pages *pages, const struct flow *cells, uint64_t hash)
{
    struct flow_page *page = page_of(pages, hash);

    if ((UINT64_C(1) << page->depth) > pages->directory_mask && !double_directory(pages)) {
        return false;
    }
    struct flow_page *const halves[2] = {new_page(pages, page->depth + 1),
                                         new_page(pages, page->depth + 1)};
    if (halves[0] == NULL || halves[1] == NULL) {
        free(halves[0]);
        free(halves[1]);
        return false;
    }
    for (uint32_t at = 0; at <= pages->bucket_mask; at++) {
        move_bucket(pages, cells, &page->buckets[at], halves);
    }
    for (uint32_t at = 0; at <= pages->directory_mask; at++) {
        if (pages->directory[at] == page) {
            pages->directory[at] = halves[at >> page->depth & 1];
        }
    }
    free(page);
    pages->page_count++;
    return true;
}

/* Splitting helps where hashes are as unlike as they should be: pages are half full by then. */
static bool is_worth_splitting(const struct flow_pages *pages)
{
    return pages->count > (uint64_t)pages->page_max * pages->page_count / 2;
}

bool flow_pages_add(struct flow_pages *pages, const struct flow *cells, uint32_t slot)
{
    const uint64_t hash = cells[slot].mark;

    while (page_of(pages, hash)->count >= pages->page_max) {
        if (!is_worth_splitting(pages) || !split(pages, cells, hash)) {
            return false;
        }
    }
    insert(pages, page_of(pages, hash), hash, slot);
    pages->count++;
    return true;
}

/* ---- Removing ---- */

static bool is_in(const struct bucket *bucket, uint32_t slot, unsigned *place)
{
    for (*place = 0; *place < BUCKET_SLOTS; (*place)++) {
        if (bucket->tags[*place] != 0 && bucket->slots[*place] == slot) {
            return true;
        }
    }
    return false;
}

void flow_pages_remove(struct flow_pages *pages, uint64_t mark, uint32_t slot)
{
    struct flow_page *page = page_of(pages, mark);
    uint32_t at = home_of(pages, mark);
    unsigned place;

    while (!is_in(&page->buckets[at], slot, &place)) {
        assert(page->buckets[at].passed > 0);
        page->buckets[at].passed--;
        at = (at + 1) & pages->bucket_mask;
    }
    page->buckets[at].tags[place] = 0;
    page->count--;
    pages->count--;
}

size_t flow_pages_bytes(const struct flow_pages *pages)
{
    const size_t page_bytes = ((size_t)pages->bucket_mask + 2) * sizeof(struct bucket);

    return pages->page_count * page_bytes +
           ((size_t)pages->directory_mask + 1) * sizeof(struct flow_page *);
}
