/* A flow's cell of 24 bytes, of which 16 are its owner's. */
#ifndef REPRISE_DISSECT_NET_FLOW_H
#define REPRISE_DISSECT_NET_FLOW_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* How sad it would be to lose a flow, least sad first. What the room holds goes by it. */
enum flow_rank {
    FLOW_RANK_NONE,      /* no flow */
    FLOW_RANK_EMBRYONIC, /* a SYN and nothing else */
    FLOW_RANK_TRACKED,   /* it was answered, but nobody has said anything */
    FLOW_RANK_DONE,      /* handshake reported, or not TLS: nothing more to learn */
    FLOW_RANK_HELD,      /* its record waits for something */
    FLOW_RANK_ACTIVE,    /* a handshake may be under way */
};

enum { FLOW_BYTES = 24, FLOW_ROOM_BYTES = 16 };

/* The lowest bits of a flow's mark are its state, the others those of its hash. */
enum { FLOW_RANK_MASK = 7, FLOW_IS_RECENT = 8, FLOW_STATE_BITS = 4 };

/* In every hash of a flow: tells it from the mark of a cell without one. */
enum { FLOW_HASH_BIT = 1 << FLOW_STATE_BITS };

struct flow {
    uint64_t mark;
    uint8_t room[FLOW_ROOM_BYTES]; /* zero at first */
};

static inline enum flow_rank flow_rank(const struct flow *flow)
{
    return (enum flow_rank)(flow->mark & FLOW_RANK_MASK);
}

static inline void flow_set_rank(struct flow *flow, enum flow_rank rank)
{
    flow->mark = (flow->mark & ~(uint64_t)FLOW_RANK_MASK) | (uint64_t)rank;
}

/* A segment of it was seen: so it is not the first to go. Written only where it is news: a cell
 * that is only read stays clean in the cache. */
static inline void flow_touch(struct flow *flow)
{
    if ((flow->mark & FLOW_IS_RECENT) == 0) {
        flow->mark |= FLOW_IS_RECENT;
    }
}

/* The state alone, where the hash has none and the flow is the hash's; else FLOW_HASH_BIT or more.
 */
static inline uint64_t flow_state(const struct flow *flow, uint64_t hash)
{
    return flow->mark ^ hash;
}

static inline bool flow_has_hash(const struct flow *flow, uint64_t hash)
{
    return (flow->mark ^ hash) < FLOW_HASH_BIT;
}

#endif
