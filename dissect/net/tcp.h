/* The TCP header: the end of the walk. */
#ifndef REPRISE_DISSECT_NET_TCP_H
#define REPRISE_DISSECT_NET_TCP_H

#include "dissect/net/layer.h"

enum { TCP_FIXED_BYTES = 20 };

/* RFC 9293, 3.1: source port(2), destination port(2), sequence(4), acknowledgement(4), data offset
 * in 4-byte units: 4 bits, reserved: 4 bits, flags(1), window(2), checksum(2), urgent(2),
 * options. header: the fixed bytes; its length with the options. */
static inline uint32_t tcp_header_len(struct bytes header)
{
    return (uint32_t)(field_u8(header, 12) >> 4) * 4;
}

/* All but the payload. */
static inline void tcp_set_header(struct bytes header, struct segment *out)
{
    out->transport = SEGMENT_TCP;
    out->source.port = field_u16(header, 0);
    out->destination.port = field_u16(header, 2);
    out->sequence = field_u32(header, 4);
    out->acknowledgement = field_u32(header, 8);
    out->flags = field_u8(header, 13);
}

enum layer tcp_header(struct walk *walk);

#endif
