/* What a dissector does around its UDP flows, for tests of them alone. */
#ifndef REPRISE_TESTS_DISSECT_DATAGRAM_FEED_H
#define REPRISE_TESTS_DISSECT_DATAGRAM_FEED_H

#include "dissect/datagram_flows.h"

static inline void datagram_feed(struct datagram_flows *flows, const struct segment *segment)
{
    static const uint8_t key[16] = {1};
    struct flow_hash hash;
    struct prepared prepared;

    flow_hash_init(&hash, key);
    prepare_segment(&hash, segment, &prepared);
    datagram_flows_feed(flows, &prepared);
}

/* The next record; is_finishing: also of what is still open. */
static inline bool datagram_next(struct datagram_flows *flows, struct finished *finished,
                                 bool is_finishing, struct handshake *out)
{
    while (!finished_pop(finished, out)) {
        if (!is_finishing || !datagram_flows_end_one(flows)) {
            return false;
        }
    }
    return true;
}

#endif
