#include "dissect/tls/dtls_assembly.h"

#include <string.h>

/* The length is the peer's word: it chooses a pool, never a size. */
static void begin(struct dtls_assembly *assembly, const struct reader_pools *pools,
                  const struct dtls_fragment *fragment, int64_t time_ns)
{
    const uint32_t len = fragment->message.len;

    assembly->has_begun = true;
    assembly->message = fragment->message;
    assembly->start_ns = time_ns;
    if (message_is_wanted(fragment->message.type) && len > 0 && len <= READER_LARGE_BYTES) {
        assembly->block_is_large = len > READER_SMALL_BYTES;
        assembly->block = pool_take(assembly->block_is_large ? pools->large : pools->small);
    }
}

static void remove_ranges(struct dtls_assembly *assembly, unsigned at, unsigned count)
{
    const unsigned after = assembly->range_count - at - count;

    memmove(&assembly->ranges[at], &assembly->ranges[at + count],
            after * sizeof(assembly->ranges[0]));
    assembly->range_count = (uint8_t)(assembly->range_count - count);
}

/* Joins [from, to) with the ranges it touches. False when there is no room for another island. */
static bool add_range(struct dtls_assembly *assembly, uint32_t from, uint32_t to)
{
    unsigned at = 0;
    unsigned touched = 0;

    while (at < assembly->range_count && assembly->ranges[at].to < from) {
        at++;
    }
    while (at + touched < assembly->range_count && assembly->ranges[at + touched].from <= to) {
        from =
            from < assembly->ranges[at + touched].from ? from : assembly->ranges[at + touched].from;
        to = to > assembly->ranges[at + touched].to ? to : assembly->ranges[at + touched].to;
        touched++;
    }
    if (touched == 0) {
        if (assembly->range_count == DTLS_ASSEMBLY_RANGES) {
            return false;
        }
        memmove(&assembly->ranges[at + 1], &assembly->ranges[at],
                (size_t)(assembly->range_count - at) * sizeof(assembly->ranges[0]));
        assembly->range_count++;
    } else {
        remove_ranges(assembly, at + 1, touched - 1);
    }
    assembly->ranges[at].from = from;
    assembly->ranges[at].to = to;
    return true;
}

void dtls_assembly_add(struct dtls_assembly *assembly, const struct reader_pools *pools,
                       const struct dtls_fragment *fragment, int64_t time_ns)
{
    if (!assembly->has_begun) {
        begin(assembly, pools, fragment, time_ns);
    }
    if (fragment->message.type != assembly->message.type ||
        fragment->message.len != assembly->message.len) {
        return;
    }
    /* Of what is not parsed it is enough to know that it was there, though the capture cut it. */
    const bool is_wanted = message_is_wanted(fragment->message.type);
    const uint32_t len = is_wanted ? (uint32_t)fragment->bytes.len : fragment->len;
    if (len == 0 || !add_range(assembly, fragment->offset, fragment->offset + len)) {
        return;
    }
    if (assembly->block != NULL) {
        memcpy(assembly->block + fragment->offset, fragment->bytes.data, len);
    }
}

bool dtls_assembly_is_whole(const struct dtls_assembly *assembly)
{
    const uint32_t len = assembly->message.len;

    return assembly->has_begun &&
           (len == 0 || (assembly->range_count == 1 && assembly->ranges[0].from == 0 &&
                         assembly->ranges[0].to == len));
}

void dtls_assembly_clear(struct dtls_assembly *assembly, const struct reader_pools *pools)
{
    if (assembly->block != NULL) {
        pool_give(assembly->block_is_large ? pools->large : pools->small, assembly->block);
    }
    memset(assembly, 0, sizeof(*assembly));
}
