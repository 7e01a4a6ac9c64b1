/* Arithmetic on TCP sequence numbers, modulo 2^32 (RFC 9293, 3.4). Two numbers can be compared
 * while they are less than 2^31 apart. */
#ifndef REPRISE_DISSECT_NET_SEQUENCE_H
#define REPRISE_DISSECT_NET_SEQUENCE_H

#include <stdbool.h>
#include <stdint.h>

static inline bool sequence_before(uint32_t a, uint32_t b)
{
    return (uint32_t)(a - b) > INT32_MAX;
}

static inline bool sequence_at_or_before(uint32_t a, uint32_t b)
{
    return !sequence_before(b, a);
}

static inline uint32_t sequence_max(uint32_t a, uint32_t b)
{
    return sequence_before(a, b) ? b : a;
}

static inline uint32_t sequence_min(uint32_t a, uint32_t b)
{
    return sequence_before(a, b) ? a : b;
}

#endif
