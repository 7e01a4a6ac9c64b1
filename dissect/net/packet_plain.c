#include "dissect/net/layer.h"
#include "dissect/net/link.h"

#include <string.h>

/* The straight way through the headers that link.c, ip.c and tcp.c walk: the same layouts, checked
 * at once. tests/fuzz/packet holds one against the other. */
enum {
    ETHERNET_BYTES = 14,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    TCP_BYTES = 20,
    IPV4_WITHOUT_OPTIONS = 0x45, /* version and length */
    IPV4_NOT_FRAGMENTED = 0x4000,
};

/* The TCP header behind an IP header whose payload has len bytes, of which rest was captured. */
static inline bool parse_tcp(struct bytes rest, uint32_t len, struct segment *out)
{
    struct bytes header;

    if (rest.len > len) {
        rest.len = len; /* padding */
    }
    if (!bytes_take(&rest, TCP_BYTES, &header)) {
        return false;
    }
    const uint32_t header_len = (uint32_t)(field_u8(header, 12) >> 4) * 4;
    if (header_len < TCP_BYTES || !bytes_skip(&rest, header_len - TCP_BYTES)) {
        return false;
    }
    out->transport = SEGMENT_TCP;
    out->source.port = field_u16(header, 0);
    out->destination.port = field_u16(header, 2);
    out->sequence = field_u32(header, 4);
    out->acknowledgement = field_u32(header, 8);
    out->flags = field_u8(header, 13);
    out->payload = rest;
    out->payload_len = len - header_len;
    return true;
}

static inline void set_mapped_address(struct endpoint *endpoint, const uint8_t address[4])
{
    static const uint8_t prefix[12] = {[10] = 0xff, [11] = 0xff};

    memcpy(endpoint->address, prefix, sizeof(prefix));
    memcpy(endpoint->address + sizeof(prefix), address, 4);
}

static inline bool parse_ipv4(struct bytes rest, struct segment *out)
{
    struct bytes header;

    if (!bytes_take(&rest, IPV4_BYTES, &header)) {
        return false;
    }
    const uint32_t total_len = field_u16(header, 2);
    if (field_u8(header, 0) != IPV4_WITHOUT_OPTIONS || field_u8(header, 9) != SEGMENT_TCP ||
        (field_u16(header, 6) & ~IPV4_NOT_FRAGMENTED) != 0 || total_len < IPV4_BYTES + TCP_BYTES) {
        return false;
    }
    set_mapped_address(&out->source, header.data + 12);
    set_mapped_address(&out->destination, header.data + 16);
    return parse_tcp(rest, total_len - IPV4_BYTES, out);
}

static inline bool parse_ipv6(struct bytes rest, struct segment *out)
{
    struct bytes header;

    if (!bytes_take(&rest, IPV6_BYTES, &header)) {
        return false;
    }
    const uint32_t payload_len = field_u16(header, 4);
    if (field_u8(header, 0) >> 4 != 6 || field_u8(header, 6) != SEGMENT_TCP ||
        payload_len < TCP_BYTES) {
        return false;
    }
    memcpy(out->source.address, header.data + 8, 16);
    memcpy(out->destination.address, header.data + 24, 16);
    return parse_tcp(rest, payload_len, out);
}

bool packet_parse_plain(const struct frame *frame, struct segment *out)
{
    struct bytes rest = {frame->data, frame->captured_len};
    struct bytes header;

    if (frame->link_type != LINK_ETHERNET || !bytes_take(&rest, ETHERNET_BYTES, &header)) {
        return false;
    }
    out->time_ns = frame->time_ns;
    switch (field_u16(header, 12)) {
    case 0x0800:
        return parse_ipv4(rest, out);
    case 0x86dd:
        return parse_ipv6(rest, out);
    default:
        return false;
    }
}
