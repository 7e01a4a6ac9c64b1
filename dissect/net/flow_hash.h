/* A keyed hash of the endpoints and the transport of a flow, the same for both directions.
 * Strangers choose endpoints, so nobody without the key may be able to choose collisions: rounds of
 * AES under independent keys where the processor has instructions for them (some twenty
 * instructions a flow), else SipHash-1-3 (some hundred). Four rounds of AES already map two inputs,
 * chosen without sight of the outputs, to the same value with a probability below 2^-100 (Keliher
 * and Sui, 2007); here each value has ten rounds behind it, as AES-128 has. */
#ifndef REPRISE_DISSECT_NET_FLOW_HASH_H
#define REPRISE_DISSECT_NET_FLOW_HASH_H

#include "dissect/net/flow.h"
#include "dissect/net/segment.h"

#include "base/siphash.h"

#include <stdalign.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { FLOW_HASH_ROUNDS = 18 };

/* Constant once it is made: any thread may use it. */
struct flow_hash {
    alignas(16) uint64_t round_keys[FLOW_HASH_ROUNDS + 1][2];
    struct siphash_key siphash;
    bool has_aes;
};

/* key: 16 bytes nobody can guess. */
void flow_hash_init(struct flow_hash *hash, const uint8_t key[16]);

/* The same on a processor without AES. */
void flow_hash_init_plain(struct flow_hash *hash, const uint8_t key[16]);

/* The hash of a segment's flow, with FLOW_HASH_BIT, and nothing where a flow's mark has its state.
 * *direction is 0 when its source is the endpoint that comes first in order (by address, then
 * port), else 1. */
uint64_t flow_hash_of(const struct flow_hash *hash, const struct segment *segment,
                      unsigned *direction);

/* An endpoint of IPv4 as a number. */
static inline uint64_t flow_hash_ipv4_end(const uint8_t address[4], uint16_t port)
{
    uint32_t number;

    memcpy(&number, address, sizeof(number));
    return (uint64_t)number << 16 | port;
}

/* The same for two endpoints of IPv4, given as such numbers: the direction is whether the source's
 * is the greater one. */
uint64_t flow_hash_of_ipv4(const struct flow_hash *hash, uint64_t source, uint64_t destination,
                           uint8_t transport);

#endif
