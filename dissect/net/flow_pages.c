#include "dissect/net/flow_pages.h"

#include "dissect/net/flow_page.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum { AHEAD = 16 /* cells that are asked for before they are looked at */ };

/* ---- Pages ---- */

/* The smallest page that holds all flows, or one of many. */
static uint32_t buckets_for(uint32_t capacity)
{
    uint32_t buckets = 1;

    while (buckets < FLOW_PAGE_BUCKETS_MAX && flow_page_max(buckets) < capacity) {
        buckets *= 2;
    }
    return buckets;
}

/* Fresh ones are zeros: their memory was not touched yet. */
static void add_units(struct flow_pages *pages, struct flow_page *page, uint32_t more)
{
    assert(page->unit_count + more <= FLOW_UNITS_MAX &&
           pages->unit_count + more <= pages->unit_max);
    for (uint32_t i = 0; i < more; i++) {
        page->units[page->unit_count++] = pages->unit_count++ << FLOW_UNIT_BITS;
    }
}

/* Of an empty page. */
static void set_bucket_count(struct flow_pages *pages, struct flow_page *page, uint32_t buckets)
{
    page->bucket_count = buckets;
    page->count_max = flow_page_max(buckets);
    add_units(pages, page, flow_page_units(buckets) - page->unit_count);
}

/* See is_worth_splitting() for how many pages there can be. */
static uint32_t units_for(const struct flow_pages *pages, uint32_t capacity)
{
    const uint64_t page_count = 2 * (uint64_t)capacity / flow_page_max(pages->page_buckets) + 2;
    const uint64_t units = page_count * flow_page_units(pages->page_buckets);

    return units < UINT32_MAX >> FLOW_UNIT_BITS ? (uint32_t)units : UINT32_MAX >> FLOW_UNIT_BITS;
}

/* Zeroed, at a cache line's start, and not touched yet, as the cells of a table. */
static bool reserve_buckets(struct flow_pages *pages)
{
    const size_t bytes = (size_t)pages->unit_max * FLOW_UNIT_BUCKETS * sizeof(struct flow_bucket);
    uint8_t *memory = calloc(1, bytes + FLOW_BUCKET_BYTES);

    pages->memory = memory;
    if (memory == NULL) {
        return false;
    }
    void *aligned = memory + (-(uintptr_t)memory & (FLOW_BUCKET_BYTES - 1));
    pages->buckets = aligned;
    return true;
}

bool flow_pages_init(struct flow_pages *pages, uint32_t capacity)
{
    const uint32_t buckets = buckets_for(capacity);
    const uint32_t first = buckets < FLOW_UNIT_BUCKETS ? buckets : FLOW_UNIT_BUCKETS;

    *pages = (struct flow_pages){.page_buckets = buckets};
    pages->unit_max = units_for(pages, capacity);
    pages->directory = calloc(1, sizeof(struct flow_page *));
    pages->moving = malloc(flow_page_max(buckets) * sizeof(*pages->moving));
    if (!reserve_buckets(pages) || pages->directory == NULL || pages->moving == NULL) {
        return false;
    }
    pages->directory[0] = calloc(1, sizeof(struct flow_page));
    if (pages->directory[0] == NULL) {
        return false;
    }
    set_bucket_count(pages, pages->directory[0], first);
    pages->page_count = 1;
    return true;
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
    free(pages->moving);
    free(pages->memory);
}

/* ---- Buckets ---- */

static struct flow_page *page_of(const struct flow_pages *pages, uint64_t hash)
{
    return pages->directory[(uint32_t)(hash >> FLOW_DIRECTORY_SHIFT) & pages->directory_mask];
}

static struct flow_bucket *bucket_of(const struct flow_pages *pages, const struct flow_page *page,
                                     uint32_t at)
{
    return &pages->buckets[flow_page_number(page, at)];
}

/* ---- Lookups ---- */

uint32_t flow_pages_expect(const struct flow_pages *pages, uint64_t hash)
{
    const struct flow_page *page = page_of(pages, hash);
    const uint32_t bucket = flow_page_number(page, flow_page_home(page, hash));

    __builtin_prefetch(&pages->buckets[bucket]);
    return bucket;
}

uint32_t flow_pages_guess(const struct flow_pages *pages, uint64_t hash, uint32_t bucket)
{
    const struct flow_bucket *home = &pages->buckets[bucket];
    const unsigned place = flow_bucket_first_place(home, flow_page_tag(hash));

    assert(bucket < pages->unit_count << FLOW_UNIT_BITS);
    return place < FLOW_BUCKET_SLOTS ? home->slots[place] : 0;
}

/* Goes through the places that may lead to a hash, bucket by bucket. */
struct walk {
    const struct flow_page *page;
    const struct flow_bucket *bucket;
    uint32_t at;
    uint32_t steps;
    unsigned place;
    uint8_t tag;
};

static struct walk walk_begin(const struct flow_pages *pages, uint64_t hash)
{
    struct walk walk = {.page = page_of(pages, hash), .tag = flow_page_tag(hash)};

    walk.at = flow_page_home(walk.page, hash);
    walk.bucket = bucket_of(pages, walk.page, walk.at);
    walk.place = flow_bucket_first_place(walk.bucket, walk.tag);
    return walk;
}

/* Goes on to a bucket that has one, unless this has. False: there is none. */
static bool walk_finds(struct walk *walk, const struct flow_pages *pages)
{
    while (walk->place == FLOW_BUCKET_SLOTS) {
        if (walk->bucket->passed == 0 || ++walk->steps == walk->page->bucket_count) {
            return false;
        }
        walk->at = flow_page_after(walk->page, walk->at);
        walk->bucket = bucket_of(pages, walk->page, walk->at);
        walk->place = flow_bucket_first_place(walk->bucket, walk->tag);
    }
    return true;
}

static uint32_t walk_slot(const struct walk *walk)
{
    return walk->bucket->slots[walk->place];
}

static void walk_on(struct walk *walk)
{
    walk->place = flow_bucket_place(walk->bucket, walk->tag, walk->place + 1);
}

NOINLINE uint32_t flow_pages_guess_again(const struct flow_pages *pages, uint64_t hash,
                                         uint32_t wrong)
{
    for (struct walk walk = walk_begin(pages, hash); walk_finds(&walk, pages); walk_on(&walk)) {
        if (walk_slot(&walk) != wrong) {
            return walk_slot(&walk);
        }
    }
    return 0;
}

NOINLINE struct flow *flow_pages_find(const struct flow_pages *pages, struct flow *cells,
                                      uint64_t hash)
{
    for (struct walk walk = walk_begin(pages, hash); walk_finds(&walk, pages); walk_on(&walk)) {
        if (flow_has_hash(&cells[walk_slot(&walk)], hash)) {
            return &cells[walk_slot(&walk)];
        }
    }
    return NULL;
}

/* ---- Adding ---- */

/* Some bucket has room: no page is ever full. */
static void insert(const struct flow_pages *pages, struct flow_page *page, uint64_t hash,
                   uint32_t slot)
{
    uint32_t at = flow_page_home(page, hash);
    struct flow_bucket *bucket = bucket_of(pages, page, at);
    unsigned place = flow_bucket_first_place(bucket, FLOW_TAG_FREE);

    while (place == FLOW_BUCKET_SLOTS) {
        bucket->passed++;
        at = flow_page_after(page, at);
        bucket = bucket_of(pages, page, at);
        place = flow_bucket_first_place(bucket, FLOW_TAG_FREE);
    }
    bucket->tags[place] = flow_page_tag(hash);
    bucket->slots[place] = slot;
    page->count++;
}

static void clear_page(const struct flow_pages *pages, struct flow_page *page)
{
    for (uint32_t at = 0; at < page->bucket_count; at++) {
        *bucket_of(pages, page, at) = (struct flow_bucket){.passed = 0};
    }
    page->count = 0;
}

/* Notes the cells of a bucket behind `count` others; returns how many are noted then. */
static uint32_t note_cells(const struct flow_bucket *bucket, uint32_t *cells, uint32_t count)
{
    for (unsigned place = 0; place < FLOW_BUCKET_SLOTS; place++) {
        if (bucket->tags[place] != FLOW_TAG_FREE) {
            cells[count++] = bucket->slots[place];
        }
    }
    return count;
}

/* Notes the cells of all flows of a page, and takes them out. */
static uint32_t take_out_all(const struct flow_pages *pages, struct flow_page *page)
{
    uint32_t count = 0;

    for (uint32_t at = 0; at < page->bucket_count; at++) {
        count = note_cells(bucket_of(pages, page, at), pages->moving, count);
    }
    clear_page(pages, page);
    return count;
}

/* Puts them into one of two pages, which may be the same, by a bit of their hashes. False: one is
 * too small. The cells lie anywhere in memory: each is asked for before it is looked at. */
static bool put_back(const struct flow_pages *pages, const struct flow *cells, uint32_t count,
                     struct flow_page *const to[2], unsigned bit)
{
    for (uint32_t i = 0; i < count; i++) {
        const uint32_t slot = pages->moving[i];
        if (i + AHEAD < count) {
            __builtin_prefetch(&cells[pages->moving[i + AHEAD]].mark);
        }
        struct flow_page *page = to[cells[slot].mark >> bit & 1];
        if (flow_page_is_full(page)) {
            return false;
        }
        insert(pages, page, cells[slot].mark, slot);
    }
    return true;
}

/* Gives a full page three tenths more buckets: often enough that the table is never less than 65
 * of 100 full, but each flow is moved only some four times while the table becomes twice as large.
 */
static COLD void widen(struct flow_pages *pages, const struct flow *cells, struct flow_page *page)
{
    const uint32_t buckets = flow_page_units(page->bucket_count * 13 / 10) << FLOW_UNIT_BITS;
    const uint32_t count = take_out_all(pages, page);
    struct flow_page *const both[2] = {page, page};

    set_bucket_count(pages, page, buckets < pages->page_buckets ? buckets : pages->page_buckets);
    const bool has_all = put_back(pages, cells, count, both, 0);
    assert(has_all);
    (void)has_all;
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

/* Two pages with more than half as many buckets each take its flows: enough, unless hashes are
 * less unlike than they should be. */
static void put_into_halves(struct flow_pages *pages, const struct flow *cells, uint32_t count,
                            struct flow_page *const halves[2])
{
    const uint32_t units = flow_page_units(pages->page_buckets * 5 / 8);
    const unsigned bit = FLOW_DIRECTORY_SHIFT + halves[0]->depth - 1;

    while (halves[0]->unit_count > units) {
        halves[1]->units[halves[1]->unit_count++] = halves[0]->units[--halves[0]->unit_count];
    }
    for (uint32_t buckets = units << FLOW_UNIT_BITS;; buckets = pages->page_buckets) {
        set_bucket_count(pages, halves[0], buckets);
        set_bucket_count(pages, halves[1], buckets);
        if (put_back(pages, cells, count, halves, bit)) {
            return;
        }
        clear_page(pages, halves[0]);
        clear_page(pages, halves[1]);
    }
}

/* All places of the directory where the hashes lead that have the next bit. */
static void lead_to(struct flow_pages *pages, uint64_t hash, uint32_t depth,
                    struct flow_page *other)
{
    const uint64_t next = UINT64_C(1) << depth;
    uint64_t at = (hash >> FLOW_DIRECTORY_SHIFT & (next - 1)) | next;

    do {
        pages->directory[at] = other;
        at += 2 * next;
    } while (at <= pages->directory_mask);
}

/* Puts the flows of a full page into two, by the next bit of their hashes. */
static COLD bool split(struct flow_pages *pages, const struct flow *cells, uint64_t hash)
{
    struct flow_page *page = page_of(pages, hash);

    if ((UINT64_C(1) << page->depth) > pages->directory_mask && !double_directory(pages)) {
        return false;
    }
    struct flow_page *other = calloc(1, sizeof(*other));
    if (other == NULL) {
        return false;
    }
    struct flow_page *const halves[2] = {page, other};
    const uint32_t count = take_out_all(pages, page);
    lead_to(pages, hash, page->depth, other);
    other->depth = ++page->depth;
    put_into_halves(pages, cells, count, halves);
    pages->page_count++;
    return true;
}

/* Splitting helps where hashes are as unlike as they should be: pages are half full by then. */
static bool is_worth_splitting(const struct flow_pages *pages)
{
    return pages->count > (uint64_t)flow_page_max(pages->page_buckets) * pages->page_count / 2;
}

/* In the full page of a hash. */
static bool make_room(struct flow_pages *pages, const struct flow *cells, uint64_t hash)
{
    struct flow_page *page = page_of(pages, hash);

    if (page->bucket_count < pages->page_buckets) {
        widen(pages, cells, page);
        return true;
    }
    return is_worth_splitting(pages) && split(pages, cells, hash);
}

bool flow_pages_add(struct flow_pages *pages, const struct flow *cells, uint32_t slot)
{
    const uint64_t hash = cells[slot].mark;
    struct flow_page *page = page_of(pages, hash);

    while (flow_page_is_full(page)) {
        if (!make_room(pages, cells, hash)) {
            return false;
        }
        page = page_of(pages, hash);
    }
    insert(pages, page, hash, slot);
    pages->count++;
    return true;
}

/* ---- Removing ---- */

static bool is_in(const struct flow_bucket *bucket, uint32_t slot, unsigned *place)
{
    for (*place = 0; *place < FLOW_BUCKET_SLOTS; (*place)++) {
        if (bucket->tags[*place] != FLOW_TAG_FREE && bucket->slots[*place] == slot) {
            return true;
        }
    }
    return false;
}

void flow_pages_remove(struct flow_pages *pages, uint64_t mark, uint32_t slot)
{
    struct flow_page *page = page_of(pages, mark);
    uint32_t at = flow_page_home(page, mark);
    struct flow_bucket *bucket = bucket_of(pages, page, at);
    unsigned place;

    while (!is_in(bucket, slot, &place)) {
        assert(bucket->passed > 0);
        bucket->passed--;
        at = flow_page_after(page, at);
        bucket = bucket_of(pages, page, at);
    }
    bucket->tags[place] = FLOW_TAG_FREE;
    page->count--;
    pages->count--;
}

size_t flow_pages_bytes(const struct flow_pages *pages)
{
    return (size_t)pages->unit_count * FLOW_UNIT_BUCKETS * sizeof(struct flow_bucket) +
           flow_page_max(pages->page_buckets) * sizeof(*pages->moving) +
           pages->page_count * sizeof(struct flow_page) +
           ((size_t)pages->directory_mask + 1) * sizeof(struct flow_page *);
}
