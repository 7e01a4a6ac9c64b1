#include "app/share.h"

#include <string.h>

enum { MIN_FLOWS = 2 /* of a flow table */ };

static uint32_t at_least(uint32_t least, uint32_t value)
{
    return value < least ? least : value;
}

struct dissector_options share_of_options(const struct dissector_options *whole, unsigned jobs)
{
    struct dissector_options share = *whole;

    share.max_conversations = at_least(MIN_FLOWS, whole->max_conversations / jobs);
    share.max_handshakes = whole->max_handshakes / jobs;
    share.max_buffer_bytes = whole->max_buffer_bytes / jobs;
    share.max_fragment_bytes = jobs > 1 ? 0 : whole->max_fragment_bytes;
    share.max_datagram_flows = at_least(MIN_FLOWS, whole->max_datagram_flows / jobs);
    return share;
}

static uint64_t endpoint_hash(const struct endpoint *endpoint, uint64_t key)
{
    uint64_t half[2];

    memcpy(half, endpoint->address, sizeof(half));
    uint64_t hash = (half[0] ^ key) * UINT64_C(0x9e3779b97f4a7c15);
    hash = (hash ^ (hash >> 29) ^ half[1] ^ endpoint->port) * UINT64_C(0xbf58476d1ce4e5b9);
    return hash ^ (hash >> 32);
}

unsigned share_of_segment(const struct segment *segment, uint64_t key, unsigned count)
{
    const uint64_t hash =
        endpoint_hash(&segment->source, key) + endpoint_hash(&segment->destination, key);

    return (unsigned)((hash >> 32) * count >> 32);
}
