#include "dissect/net/link.h"

/* Values below are lengths (IEEE 802.3, 3.2.6). */
enum { ETHERTYPE_MIN = 0x600 };

static const struct {
    int link_type;
    enum layer layer;
} link_types[] = {
    {LINK_ETHERNET, LAYER_ETHERNET},
    {0, LAYER_NULL},
    {9, LAYER_PPP},
    {12, LAYER_IP}, /* DLT_RAW as some systems write it into files */
    {14, LAYER_IP}, /* likewise */
    {50, LAYER_HDLC},
    {51, LAYER_PPPOE},
    {101, LAYER_IP},
    {104, LAYER_HDLC},
    {105, LAYER_WLAN},
    {108, LAYER_LOOP},
    {113, LAYER_SLL},
    {127, LAYER_RADIOTAP},
    {LINK_IPV4, LAYER_IPV4},
    {LINK_IPV6, LAYER_IPV6},
    {239, LAYER_NFLOG},
    {258, LAYER_PKTAP},
    {276, LAYER_SLL2},
    {119, LAYER_PRISM},
    {163, LAYER_AVS},
    {192, LAYER_PPI},
    {LINK_LLC, LAYER_LLC},
    {LINK_WLAN_CAPWAP, LAYER_WLAN_CAPWAP},
};

static const struct {
    uint16_t type;
    enum layer layer;
} ethertypes[] = {
    {0x0800, LAYER_IPV4},           {0x86dd, LAYER_IPV6}, {0x8100, LAYER_VLAN},
    {0x88a8, LAYER_VLAN},           {0x9100, LAYER_VLAN}, {0x9200, LAYER_VLAN},
    {0x8847, LAYER_MPLS},           {0x8848, LAYER_MPLS}, {0x8864, LAYER_PPPOE},
    {0x8909, LAYER_CISCO_METADATA},
};

enum layer link_first_layer(int link_type)
{
    for (size_t i = 0; i < sizeof(link_types) / sizeof(link_types[0]); i++) {
        if (link_types[i].link_type == link_type) {
            return link_types[i].layer;
        }
    }
    return LAYER_END;
}

enum layer link_ethertype(struct walk *walk, uint16_t type)
{
    for (size_t i = 0; i < sizeof(ethertypes) / sizeof(ethertypes[0]); i++) {
        if (ethertypes[i].type == type) {
            return ethertypes[i].layer;
        }
    }
    return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_ETHERTYPE, type);
}

/* A field that is either an EtherType or the length of an LLC frame. */
static enum layer type_or_length(struct walk *walk, uint16_t value)
{
    if (value >= ETHERTYPE_MIN) {
        return link_ethertype(walk, value);
    }
    if (value < walk->rest.len) {
        walk_limit(walk, value); /* the rest is padding */
    }
    return LAYER_LLC;
}

/* destination(6), source(6), EtherType or length(2). */
enum layer link_ethernet(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 14, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return type_or_length(walk, field_u16(header, 12));
}

/* IEEE 802.1Q, behind its EtherType: priority and VLAN(2), EtherType or length(2). */
enum layer link_vlan(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 4, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return type_or_length(walk, field_u16(header, 2));
}

/* Behind EtherType 0x8909: version(1), length(1) in 4-byte units, options, EtherType(2). An
 * option of one unit carries the security group tag. */
enum layer link_cisco_metadata(struct walk *walk)
{
    uint8_t units;
    uint16_t type;

    if (!bytes_skip(&walk->rest, 1) || !bytes_u8(&walk->rest, &units) ||
        !bytes_skip(&walk->rest, (size_t)units * 4) || !bytes_u16(&walk->rest, &type)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return link_ethertype(walk, type);
}

/* The OUIs 00-00-00 (RFC 1042) and 00-00-f8 (IEEE 802.1H) have EtherTypes as protocols. */
static enum layer snap_protocol(struct walk *walk, uint32_t oui, uint16_t protocol)
{
    enum { OUI_ETHERTYPE = 0, OUI_802_1H = 0xf8, OUI_CISCO = 0x0c };

    if (oui == OUI_ETHERTYPE || oui == OUI_802_1H) {
        return link_ethertype(walk, protocol);
    }
    return oui == OUI_CISCO ? walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_CISCO, protocol)
                            : walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_SNAP, oui);
}

/* IEEE 802.2: DSAP(1), SSAP(1), control(1); SNAP behind aa-aa-03: OUI(3), protocol(2). */
enum layer link_llc(struct walk *walk)
{
    uint32_t header;
    uint32_t oui;
    uint16_t type;

    if (!bytes_u24(&walk->rest, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (header == 0x060603) {
        return LAYER_IP;
    }
    if (header != 0xaaaa03) {
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_LLC, header >> 16);
    }
    if (!bytes_u24(&walk->rest, &oui) || !bytes_u16(&walk->rest, &type)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return snap_protocol(walk, oui, type);
}

/* Linux cooked captures have an EtherType, or a small number for what has none: 4 is LLC. */
static enum layer sll_protocol(struct walk *walk, uint16_t protocol)
{
    enum { SLL_PROTOCOL_802_2 = 4 };

    if (protocol == SLL_PROTOCOL_802_2) {
        return LAYER_LLC;
    }
    return protocol < ETHERTYPE_MIN ? walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_SLL, protocol)
                                    : link_ethertype(walk, protocol);
}

/* packet type(2), ARPHRD type(2), address length(2), address(8), protocol(2). */
enum layer link_sll(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 16, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return sll_protocol(walk, field_u16(header, 14));
}

/* protocol(2), reserved(2), interface(4), ARPHRD type(2), packet type(1), address length(1),
 * address(8). */
enum layer link_sll2(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 20, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return sll_protocol(walk, field_u16(header, 0));
}

static enum layer address_family(struct walk *walk, uint32_t family)
{
    switch (family) {
    case 2:  /* AF_INET, everywhere */
    case 10: /* AF_INET6: Linux */
    case 23: /* Windows */
    case 24: /* NetBSD, OpenBSD */
    case 28: /* FreeBSD */
    case 30: /* Darwin */
        return LAYER_IP;
    default:
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_ADDRESS_FAMILY, family & 0xffffff);
    }
}

/* address family(4) in the byte order of the host that captured. */
enum layer link_null(struct walk *walk)
{
    struct bytes header;
    uint32_t family;

    if (!bytes_take(&walk->rest, 4, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint32_t family_be = field_u32(header, 0);
    if (family_be > UINT16_MAX && bytes_u32le(&header, &family)) {
        return address_family(walk, family); /* a family is small in the right order */
    }
    return address_family(walk, family_be);
}

/* address family(4) in network byte order. */
enum layer link_loop(struct walk *walk)
{
    uint32_t family;

    if (!bytes_u32(&walk->rest, &family)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return address_family(walk, family);
}

/* All little-endian: header length(4), record type(4), link type(4), ... */
enum layer link_pktap(struct walk *walk)
{
    struct bytes header = walk->rest;
    uint32_t len;
    uint32_t link_type;

    if (!bytes_u32le(&header, &len) || !bytes_skip(&header, 4) ||
        !bytes_u32le(&header, &link_type) || !bytes_skip(&walk->rest, len)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (len < 12) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    const enum layer layer = link_type <= UINT16_MAX ? link_first_layer((int)link_type) : LAYER_END;
    return layer != LAYER_END
               ? layer
               : walk_dead_end(walk, PACKET_UNKNOWN_LINK, DEAD_END_LINK_TYPE, link_type & 0xffffff);
}

/* Looks through NFLOG's attributes for the packet: { length(2), type(2), value, padding to 4 }. On
 * success walk->rest is the packet. */
static bool find_nflog_payload(struct walk *walk, bool is_little_endian)
{
    enum { HEADER_BYTES = 4, NFULA_PAYLOAD = 9, NFULA_TYPE_MASK = 0x7fff };
    bool (*const get)(struct bytes *, uint16_t *) = is_little_endian ? bytes_u16le : bytes_u16;
    struct bytes rest = walk->rest;
    uint16_t len;
    uint16_t type;

    while (get(&rest, &len) && get(&rest, &type) && len >= HEADER_BYTES) {
        const size_t value_len = (size_t)len - HEADER_BYTES;
        if ((type & NFULA_TYPE_MASK) == NFULA_PAYLOAD) {
            walk->rest = rest;
            walk_limit(walk, value_len);
            return true;
        }
        if (!bytes_skip(&rest, (value_len + 3) / 4 * 4)) {
            return false;
        }
    }
    return false;
}

/* address family(1), version(1), resource(2), attributes in the byte order of the host that
 * captured. */
enum layer link_nflog(struct walk *walk)
{
    uint8_t family;

    if (!bytes_u8(&walk->rest, &family) || !bytes_skip(&walk->rest, 3)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (!find_nflog_payload(walk, true) && !find_nflog_payload(walk, false)) {
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_OTHER, DEAD_END_NFLOG);
    }
    return address_family(walk, family);
}

/* RFC 1661 and 1662: address(1) ff and control(1) 03, both often left out; protocol(2), of which
 * the first byte is left out when compressed: an odd first byte is the last one (RFC 1661, 2). */
enum layer link_ppp(struct walk *walk)
{
    uint16_t start;
    uint8_t first;
    uint16_t protocol;

    const bool has_address = bytes_peek_u16(&walk->rest, 0, &start) && start == 0xff03;
    if (!bytes_skip(&walk->rest, has_address ? 2 : 0) || !bytes_u8(&walk->rest, &first)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    protocol = first;
    if ((first & 1) == 0) {
        uint8_t second;
        if (!bytes_u8(&walk->rest, &second)) {
            return walk_end(walk, PACKET_TRUNCATED);
        }
        protocol = (uint16_t)(first << 8 | second);
    }
    switch (protocol) {
    case 0x0021:
        return LAYER_IPV4;
    case 0x0057:
        return LAYER_IPV6;
    case 0x0281: /* unicast */
    case 0x0283: /* multicast */
        return LAYER_MPLS;
    default:
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_PPP, protocol);
    }
}

/* Cisco HDLC: address(1) 0f or 8f, control(1), EtherType or a protocol of Cisco's(2). Anything else
 * is PPP in HDLC-like framing (RFC 1662): both share a link type. */
enum layer link_hdlc(struct walk *walk)
{
    enum { PROTOCOL_CDP = 0x2000, PROTOCOL_SLARP = 0x8035 };
    uint8_t address;
    uint16_t type;

    if (!bytes_peek_u8(&walk->rest, 0, &address)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (address != 0x0f && address != 0x8f) {
        return LAYER_PPP;
    }
    if (!bytes_skip(&walk->rest, 2) || !bytes_u16(&walk->rest, &type)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (type == PROTOCOL_CDP || type == PROTOCOL_SLARP) {
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_HDLC, type);
    }
    return link_ethertype(walk, type);
}

/* RFC 2516, 4: version and type(1) 11, code(1) 0 in a session, session(2), length(2). */
enum layer link_pppoe(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 6, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (field_u16(header, 0) != 0x1100) {
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_OTHER, DEAD_END_PPPOE);
    }
    walk_limit(walk, field_u16(header, 4));
    return LAYER_PPP;
}
