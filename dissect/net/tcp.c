#include "dissect/net/tcp.h"

/* RFC 9293, 3.1: source port(2), destination port(2), sequence(4), acknowledgement(4), data offset
 * in 4-byte units: 4 bits, reserved: 4 bits, flags(1), window(2), checksum(2), urgent(2),
 * options. */
enum layer tcp_header(struct walk *walk)
{
    enum { FIXED_BYTES = 20 };
    struct segment *out = &walk->out->segment;
    struct bytes header;

    if (!bytes_take(&walk->rest, FIXED_BYTES, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const size_t header_len = (size_t)(field_u8(header, 12) >> 4) * 4;
    if (header_len < FIXED_BYTES) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    if (!bytes_skip(&walk->rest, header_len - FIXED_BYTES)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    out->transport = SEGMENT_TCP;
    out->source.port = field_u16(header, 0);
    out->destination.port = field_u16(header, 2);
    out->sequence = field_u32(header, 4);
    out->acknowledgement = field_u32(header, 8);
    out->flags = field_u8(header, 13);
    out->payload = walk->rest;
    out->payload_len = (uint32_t)walk->rest.len + walk->cut;
    return walk_end(walk, PACKET_TCP);
}
