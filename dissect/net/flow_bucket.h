/* A bucket of flow_pages.h: a cache line that leads to up to twelve cells of a flow table, and says
 * of each a byte of its flow's hash, the tag, so that few cells are looked at in vain. */
#ifndef REPRISE_DISSECT_NET_FLOW_BUCKET_H
#define REPRISE_DISSECT_NET_FLOW_BUCKET_H

#include <assert.h>
#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FLOW_BUCKET_BYTES = 64, FLOW_BUCKET_SLOTS = 12 };

/* The tag of a free place; no flow has it. */
enum { FLOW_TAG_FREE = 0 };

/* Zero-initialised: all places are free. */
struct flow_bucket {
    alignas(FLOW_BUCKET_BYTES) uint8_t tags[FLOW_BUCKET_SLOTS];
    uint16_t passed; /* flows that found no room here and went on */
    uint16_t unused;
    uint32_t slots[FLOW_BUCKET_SLOTS]; /* numbers of cells */
};

static_assert(sizeof(struct flow_bucket) == FLOW_BUCKET_BYTES, "a bucket is one miss");

/* The tags of its first eight places as a number, the first in the lowest byte. */
static inline uint64_t flow_bucket_first(const struct flow_bucket *bucket)
{
    uint64_t tags;

    memcpy(&tags, bucket->tags, sizeof(tags));
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? tags : __builtin_bswap64(tags);
}

/* Those of the others. */
static inline uint32_t flow_bucket_last(const struct flow_bucket *bucket)
{
    uint32_t tags;

    memcpy(&tags, bucket->tags + sizeof(uint64_t), sizeof(tags));
    return __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? tags : __builtin_bswap32(tags);
}

/* The highest bit of each byte that is the tag; of the bytes above one that is, perhaps others. */
static inline uint64_t flow_bucket_equal(uint64_t tags, uint8_t tag)
{
    const uint64_t ones = UINT64_C(0x0101010101010101);
    const uint64_t differing = tags ^ (ones * tag);

    return (differing - ones) & ~differing & (ones << 7);
}

/* The first place from `from` on that has the tag, or FLOW_BUCKET_SLOTS. */
static inline unsigned flow_bucket_place(const struct flow_bucket *bucket, uint8_t tag,
                                         unsigned from)
{
    while (from < FLOW_BUCKET_SLOTS && bucket->tags[from] != tag) {
        from++;
    }
    return from;
}

/* The first place of all that has it, sooner. */
static inline unsigned flow_bucket_first_place(const struct flow_bucket *bucket, uint8_t tag)
{
    const uint64_t equal = flow_bucket_equal(flow_bucket_first(bucket), tag);

    if (equal != 0) {
        return (unsigned)__builtin_ctzll(equal) / 8;
    }
    const uint64_t last = flow_bucket_equal(flow_bucket_last(bucket), tag) & 0x80808080;
    return last != 0 ? 8 + (unsigned)__builtin_ctzll(last) / 8 : FLOW_BUCKET_SLOTS;
}

#endif
