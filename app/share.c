#include "app/share.h"

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
