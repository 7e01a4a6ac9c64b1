#include "dissect/net/ip.h"
#include "dissect/net/layer.h"
#include "dissect/net/link.h"
#include "dissect/net/tcp.h"

#include <string.h>

/* The straight way through the headers that link.c, ip.c and tcp.c walk: the same layouts, checked
 * at once. tests/fuzz/packet holds one against the other. */
enum {
    ETHERNET_BYTES = 14,
    IPV4_BYTES = 20,
    IPV6_BYTES = 40,
    IPV4_WITHOUT_OPTIONS = 0x45, /* version and length */
    IPV4_NOT_FRAGMENTED = 0x4000,
};

/* The TCP header behind an IP header whose payload has len bytes, of which rest was captured. */
static bool parse_tcp(struct bytes rest, uint32_t len, struct segment *out)
{
    struct bytes header;

    if (rest.len > len) {
        rest.len = len; /* padding */
    }
    if (!bytes_take(&rest, TCP_FIXED_BYTES, &header)) {
        return false;
    }
    const uint32_t header_len = tcp_header_len(header);
    if (header_len < TCP_FIXED_BYTES || !bytes_skip(&rest, header_len - TCP_FIXED_BYTES)) {
        return false;
    }
    tcp_set_header(header, out);
    out->payload = rest;
    out->payload_len = len - header_len;
    return true;
}

/* Consumes the header; *len is what the payload has on the wire. */
static bool parse_ipv4(struct bytes *rest, struct segment *out, uint32_t *len)
{
    struct bytes header;

    if (!bytes_take(rest, IPV4_BYTES, &header)) {
        return false;
    }
    const uint32_t total_len = field_u16(header, 2);
    if (field_u8(header, 0) != IPV4_WITHOUT_OPTIONS || field_u8(header, 9) != SEGMENT_TCP ||
        (field_u16(header, 6) & ~IPV4_NOT_FRAGMENTED) != 0 ||
        total_len < IPV4_BYTES + TCP_FIXED_BYTES) {
        return false;
    }
    ip_set_mapped(&out->source, header.data + 12);
    ip_set_mapped(&out->destination, header.data + 16);
    *len = total_len - IPV4_BYTES;
    return true;
}

static bool parse_ipv6(struct bytes *rest, struct segment *out, uint32_t *len)
{
    struct bytes header;

    if (!bytes_take(rest, IPV6_BYTES, &header)) {
        return false;
    }
    const uint32_t payload_len = field_u16(header, 4);
    if (field_u8(header, 0) >> 4 != 6 || field_u8(header, 6) != SEGMENT_TCP ||
        payload_len < TCP_FIXED_BYTES) {
        return false;
    }
    memcpy(out->source.address, header.data + 8, 16);
    memcpy(out->destination.address, header.data + 24, 16);
    *len = payload_len;
    return true;
}

static enum packet_plain parse_ip(uint16_t ethertype, struct bytes *rest, struct segment *out,
                                  uint32_t *len)
{
    enum { ETHERTYPE_IPV4 = 0x0800, ETHERTYPE_IPV6 = 0x86dd };

    if (ethertype == ETHERTYPE_IPV4) {
        return parse_ipv4(rest, out, len) ? PACKET_PLAIN_IPV4 : PACKET_PLAIN_NONE;
    }
    return ethertype == ETHERTYPE_IPV6 && parse_ipv6(rest, out, len) ? PACKET_PLAIN_IPV6
                                                                     : PACKET_PLAIN_NONE;
}

uint16_t packet_first_byte(struct bytes payload)
{
    uint8_t first;

    return bytes_peek_u8(&payload, 0, &first) ? first : (uint16_t)PACKET_NO_BYTE;
}

/* headers: all fixed fields of Ethernet, IPv4 and TCP. */
static bool are_plain_ipv4(struct bytes headers)
{
    enum { ETHERTYPE_AND_VERSION = 0x080045 };
    const uint32_t all_but_time_to_live = 0xffff00ff;

    return field_u32(headers, ETHERNET_BYTES - 2) >> 8 == ETHERTYPE_AND_VERSION &&
           (field_u32(headers, ETHERNET_BYTES + 6) & all_but_time_to_live &
            ~((uint32_t)IPV4_NOT_FRAGMENTED << 16)) == SEGMENT_TCP;
}

bool packet_glance(const struct frame *frame, struct packet_glance *out)
{
    enum { TCP_AT = ETHERNET_BYTES + IPV4_BYTES, FIXED_BYTES = TCP_AT + TCP_FIXED_BYTES };
    struct bytes rest = {frame->data, frame->captured_len};
    struct bytes headers;

    if (frame->link_type != LINK_ETHERNET || !bytes_take(&rest, FIXED_BYTES, &headers) ||
        !are_plain_ipv4(headers)) {
        return false;
    }
    const uint32_t total_len = field_u16(headers, ETHERNET_BYTES + 2);
    const uint32_t tcp_len = (uint32_t)(field_u8(headers, TCP_AT + 12) >> 4) * 4;
    if (total_len < IPV4_BYTES + TCP_FIXED_BYTES || tcp_len < TCP_FIXED_BYTES) {
        return false;
    }
    const uint32_t len = total_len - IPV4_BYTES - TCP_FIXED_BYTES;
    rest.len = rest.len > len ? len : rest.len; /* padding */
    if (!bytes_skip(&rest, tcp_len - TCP_FIXED_BYTES)) {
        return false;
    }
    out->addresses = headers.data + ETHERNET_BYTES + 12;
    out->source_port = field_u16(headers, TCP_AT);
    out->destination_port = field_u16(headers, TCP_AT + 2);
    out->flags = field_u8(headers, TCP_AT + 13);
    out->first = packet_first_byte(rest);
    return true;
}

enum packet_plain packet_parse_plain(const struct frame *frame, struct segment *out)
{
    struct bytes rest = {frame->data, frame->captured_len};
    struct bytes header;
    uint32_t len = 0;

    if (frame->link_type != LINK_ETHERNET || !bytes_take(&rest, ETHERNET_BYTES, &header)) {
        return PACKET_PLAIN_NONE;
    }
    out->time_ns = frame->time_ns;
    const enum packet_plain found = parse_ip(field_u16(header, 12), &rest, out, &len);
    return found != PACKET_PLAIN_NONE && parse_tcp(rest, len, out) ? found : PACKET_PLAIN_NONE;
}
