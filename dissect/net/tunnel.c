#include "dissect/net/tunnel.h"

#include "dissect/net/link.h"

/* GRE's protocol types are EtherTypes and a few more (RFC 1701, RFC 7637, 3.2). */
static enum layer protocol_type(struct walk *walk, uint16_t type)
{
    enum { TRANSPARENT_ETHERNET = 0x6558 };

    return type == TRANSPARENT_ETHERNET ? LAYER_ETHERNET : link_ethertype(walk, type);
}

enum {
    GRE_CHECKSUM = 0x8000,
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000,
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080, /* version 1 only (RFC 2637, 4.1) */
    GRE_VERSION_MASK = 0x0007,
};

/* Each flag of these adds a field of four bytes. */
static size_t gre_optional_bytes(uint16_t flags)
{
    static const uint16_t fields[] = {GRE_CHECKSUM, GRE_KEY, GRE_SEQUENCE, GRE_ACKNOWLEDGEMENT};
    size_t bytes = 0;

    for (size_t i = 0; i < sizeof(fields) / sizeof(fields[0]); i++) {
        bytes += (flags & fields[i]) != 0 ? 4 : 0;
    }
    return bytes;
}

/* RFC 2784, 2 and RFC 2890, 2: flags and version(2), protocol type(2), checksum and reserved(4),
 * key(4), sequence number(4). Version 1 (RFC 2637, 4.1) carries PPP, with a payload length and
 * call in place of the key. */
enum layer tunnel_gre(struct walk *walk)
{
    enum { TYPE_ERSPAN = 0x88be, TYPE_ERSPAN_3 = 0x22eb, TYPE_PPP = 0x880b };
    uint16_t flags;
    uint16_t type;

    if (!bytes_u16(&walk->rest, &flags) || !bytes_u16(&walk->rest, &type) ||
        !bytes_skip(&walk->rest, gre_optional_bytes(flags))) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    /* Routing was withdrawn (RFC 2784, 2.3) and is not followed. */
    if ((flags & GRE_ROUTING) != 0 || (flags & GRE_VERSION_MASK) > 1) {
        return walk_dead_end(walk, PACKET_OTHER_TRANSPORT, DEAD_END_OTHER, DEAD_END_GRE);
    }
    switch (type) {
    case TYPE_PPP:
        return LAYER_PPP;
    case TYPE_ERSPAN: /* type I is bare, and GRE has no sequence number then */
        return (flags & GRE_SEQUENCE) != 0 ? LAYER_ERSPAN_2 : LAYER_ETHERNET;
    case TYPE_ERSPAN_3:
        return LAYER_ERSPAN_3;
    default:
        return protocol_type(walk, type);
    }
}

/* version: 4 bits, VLAN: 12 bits, flags and session(2), reserved and index(4). */
enum layer tunnel_erspan_2(struct walk *walk)
{
    return bytes_skip(&walk->rest, 8) ? LAYER_ETHERNET : walk_end(walk, PACKET_TRUNCATED);
}

/* version: 4 bits, VLAN: 12 bits, flags and session(2), time(4), security group(2), then P: 1 bit,
 * frame type: 5, hardware: 6, D: 1, granularity: 2, O: 1; platform's own(8) if O is set. */
enum layer tunnel_erspan_3(struct walk *walk)
{
    enum { FRAME_ETHERNET = 0, FRAME_IP = 2 };
    struct bytes header;

    if (!bytes_take(&walk->rest, 12, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint16_t bits = field_u16(header, 10);
    if ((bits & 1) != 0 && !bytes_skip(&walk->rest, 8)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint32_t frame_type = bits >> 10 & 0x1f;
    switch (frame_type) {
    case FRAME_ETHERNET:
        return LAYER_ETHERNET;
    case FRAME_IP:
        return LAYER_IP;
    default:
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_ERSPAN, frame_type);
    }
}

/* Below, tunnels known by their port alone. It is a guess: udp_header() has filled *out, and what
 * does not look like the tunnel stays the plain datagram that it is. */

/* RFC 7348, 5: flags(1) with I set, reserved(3), network(3), reserved(1). */
enum layer tunnel_vxlan(struct walk *walk)
{
    enum { FLAG_I = 0x08 };
    struct bytes header;

    if (!bytes_take(&walk->rest, 8, &header)) {
        return walk_end(walk, PACKET_UDP);
    }
    return (field_u8(header, 0) & FLAG_I) != 0 ? LAYER_ETHERNET : walk_end(walk, PACKET_UDP);
}

/* draft-ietf-nvo3-vxlan-gpe, 3: flags(1): I and P, reserved(2), next protocol(1), network(3),
 * reserved(1). Without P it is VXLAN. */
enum layer tunnel_vxlan_gpe(struct walk *walk)
{
    enum { FLAG_I = 0x08, FLAG_P = 0x04, VERSION_MASK = 0x30 };
    struct bytes header;

    if (!bytes_take(&walk->rest, 8, &header)) {
        return walk_end(walk, PACKET_UDP);
    }
    const uint8_t flags = field_u8(header, 0);
    if ((flags & FLAG_I) == 0 || (flags & VERSION_MASK) != 0) {
        return walk_end(walk, PACKET_UDP);
    }
    if ((flags & FLAG_P) == 0) {
        return LAYER_ETHERNET;
    }
    switch (field_u8(header, 3)) {
    case 1:
        return LAYER_IPV4;
    case 2:
        return LAYER_IPV6;
    case 3:
        return LAYER_ETHERNET;
    default:
        return walk_end(walk, PACKET_UDP);
    }
}

/* RFC 8926, 3.4: version: 2 bits, options length in 4-byte units: 6, flags(1), protocol type(2),
 * network(3), reserved(1), options. */
enum layer tunnel_geneve(struct walk *walk)
{
    enum { RESERVED_MASK = 0x3f };
    struct bytes header;

    if (!bytes_take(&walk->rest, 8, &header)) {
        return walk_end(walk, PACKET_UDP);
    }
    const uint8_t first = field_u8(header, 0);
    if (first >> 6 != 0 || (field_u8(header, 1) & RESERVED_MASK) != 0) {
        return walk_end(walk, PACKET_UDP);
    }
    if (!bytes_skip(&walk->rest, (size_t)(first & 0x3f) * 4)) {
        return walk_end(walk, PACKET_UDP);
    }
    return protocol_type(walk, field_u16(header, 2));
}

/* Extension headers of GTP-U: { length(1) in 4-byte units with all of it, content, next type(1) }
 * until the next type is 0. */
static enum layer skip_gtp_extensions(struct walk *walk, uint8_t type)
{
    while (type != 0) {
        uint8_t units;
        if (!bytes_u8(&walk->rest, &units)) {
            return walk_end(walk, PACKET_UDP);
        }
        if (units == 0) {
            return walk_end(walk, PACKET_UDP);
        }
        if (!bytes_skip(&walk->rest, (size_t)units * 4 - 2) || !bytes_u8(&walk->rest, &type)) {
            return walk_end(walk, PACKET_UDP);
        }
    }
    return LAYER_IP;
}

/* 3GPP TS 29.281, 5.1: version 1 and flags(1), message type(1), length(2), tunnel(4); if one of the
 * three lowest flags is set: sequence number(2), N-PDU number(1), next extension type(1). */
enum layer tunnel_gtp_u(struct walk *walk)
{
    enum {
        VERSION_1 = 0x30,
        VERSION_MASK = 0xf0,
        OPTIONAL_MASK = 0x07,
        EXTENSION = 0x04,
        G_PDU = 255
    };
    struct bytes header;
    struct bytes optional;

    if (!bytes_take(&walk->rest, 8, &header)) {
        return walk_end(walk, PACKET_UDP);
    }
    const uint8_t flags = field_u8(header, 0);
    if ((flags & VERSION_MASK) != VERSION_1 || field_u8(header, 1) != G_PDU) {
        return walk_end(walk, PACKET_UDP);
    }
    if ((flags & OPTIONAL_MASK) == 0) {
        return LAYER_IP;
    }
    if (!bytes_take(&walk->rest, 4, &optional)) {
        return walk_end(walk, PACKET_UDP);
    }
    return (flags & EXTENSION) != 0 ? skip_gtp_extensions(walk, field_u8(optional, 3)) : LAYER_IP;
}

/* Who sends it to whom, and by which numbers (RFC 5415, 4.3): the UDP datagram's endpoints and the
 * fragment id. */
static enum layer end_in_capwap_fragment(struct walk *walk, struct bytes header, int link_type)
{
    enum { BIT_L = 0x40, OFFSET_MASK = 0xfff8 };
    const struct segment *datagram = &walk->out->segment;

    walk->out->fragment = (struct fragment){
        .time_ns = datagram->time_ns,
        .kind = FRAGMENT_CAPWAP,
        .source = datagram->source,
        .destination = datagram->destination,
        .identification = field_u16(header, 4),
        .is_last = (field_u8(header, 3) & BIT_L) != 0,
        .offset = field_u16(header, 6) & OFFSET_MASK, /* in units of 8 already */
        .len = (uint32_t)walk->rest.len + walk->cut,
        .payload = walk->rest,
        .link_type = link_type,
    };
    return walk_end(walk, PACKET_FRAGMENT);
}

/* RFC 5415, 4.3: preamble(1): 0, or 1 before DTLS; header length in 4-byte units: 5 bits, radio:
 * 5, binding: 5, T F L W M K: 1 each, reserved: 3, fragment id(2), fragment offset(2), options. */
enum layer tunnel_capwap(struct walk *walk)
{
    enum { BIT_T = 0x100, BIT_F = 0x80, BIT_K = 0x08, BINDING_WLAN = 1, FIXED_BYTES = 8 };
    struct bytes header;

    if (!bytes_take(&walk->rest, FIXED_BYTES, &header)) {
        return walk_end(walk, PACKET_UDP);
    }
    const uint32_t word = field_u32(header, 0);
    const size_t header_len = (size_t)(word >> 19 & 0x1f) * 4;
    const uint32_t binding = word >> 9 & 0x1f;
    if (word >> 24 != 0 || (word & BIT_K) != 0 || header_len < FIXED_BYTES) {
        return walk_end(walk, PACKET_UDP);
    }
    if (!bytes_skip(&walk->rest, header_len - FIXED_BYTES)) {
        return walk_end(walk, PACKET_UDP);
    }
    const bool is_wlan = (word & BIT_T) != 0; /* else as without wireless: RFC 5415, 4.4.2 */
    if (is_wlan && binding != BINDING_WLAN) {
        return walk_end(walk, PACKET_UDP);
    }
    if ((word & BIT_F) != 0) {
        return end_in_capwap_fragment(walk, header, is_wlan ? LINK_WLAN_CAPWAP : LINK_ETHERNET);
    }
    return is_wlan ? LAYER_WLAN_CAPWAP : LAYER_ETHERNET;
}

/* RFC 4380, 5.1.1: authentication { 0001, id length(1), value length(1), id, value, nonce(8),
 * confirmation(1) }, origin { 0000, port(2), address(4) }: each may be there; then IPv6. */
enum layer tunnel_teredo(struct walk *walk)
{
    enum { AUTHENTICATION = 0x0001, ORIGIN = 0x0000 };
    uint16_t indicator;
    uint8_t first;

    if (bytes_peek_u16(&walk->rest, 0, &indicator) && indicator == AUTHENTICATION) {
        uint8_t id_len;
        uint8_t value_len;
        if (!bytes_skip(&walk->rest, 2) || !bytes_u8(&walk->rest, &id_len) ||
            !bytes_u8(&walk->rest, &value_len) ||
            !bytes_skip(&walk->rest, (size_t)id_len + value_len + 9)) {
            return walk_end(walk, PACKET_UDP);
        }
    }
    if (bytes_peek_u16(&walk->rest, 0, &indicator) && indicator == ORIGIN &&
        !bytes_skip(&walk->rest, 8)) {
        return walk_end(walk, PACKET_UDP);
    }
    if (!bytes_peek_u8(&walk->rest, 0, &first)) {
        return walk_end(walk, PACKET_UDP);
    }
    return first >> 4 == 6 ? LAYER_IPV6 : walk_end(walk, PACKET_UDP);
}
