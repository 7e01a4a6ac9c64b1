#include "dissect/net/wlan.h"

#include "dissect/net/link.h"

#include <string.h>

/* Frame control (IEEE 802.11, 9.2.4.1): version 2 bits, type 2, subtype 4; then the flags. */
enum {
    TYPE_MASK = 0x0f, /* type and version */
    TYPE_MANAGEMENT = 0x00,
    TYPE_CONTROL = 0x04,
    TYPE_DATA = 0x08,
    SUBTYPE_NO_DATA = 0x40,
    SUBTYPE_QOS = 0x80,
    FLAG_TO_AND_FROM_DS = 0x03,
    FLAG_MORE_FRAGMENTS = 0x04,
    FLAG_PROTECTED = 0x40,
    FLAG_ORDER = 0x80,
    QOS_TID_MASK = 0x0f,
    QOS_AGGREGATE = 0x80,
    FRAGMENT_NUMBER_MASK = 0x0f,
    HEADER_BYTES = 24, /* of data frames, without optional fields */
    MAC_BYTES = 6,
    TRAILER_BYTES = 4, /* the check sequence, where it was captured */
};

/* The header of a data frame. */
struct data_header {
    struct bytes fixed; /* frame control(2), duration(2), addresses(18), sequence control(2) */
    uint8_t type;       /* the two bytes of frame control, in their right order */
    uint8_t flags;
    uint16_t sequence; /* sequence control: number 12 bits, fragment 4 bits */
    uint8_t qos;
};

static enum layer dead_end(struct walk *walk, enum dead_end_other what)
{
    return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_OTHER, what);
}

static enum layer end_without_data(struct walk *walk, uint8_t type)
{
    switch (type & TYPE_MASK) {
    case TYPE_MANAGEMENT:
        return dead_end(walk, DEAD_END_WLAN_MANAGEMENT);
    case TYPE_CONTROL:
        return dead_end(walk, DEAD_END_WLAN_CONTROL);
    case TYPE_DATA:
        return dead_end(walk, DEAD_END_WLAN_NO_DATA);
    default:
        return dead_end(walk, DEAD_END_WLAN_EXTENSION);
    }
}

/* Behind the fixed part of the header: a fourth address between access points, QoS control(2), HT
 * control(4). */
static bool read_optional_fields(struct walk *walk, struct data_header *header)
{
    const bool is_relayed = (header->flags & FLAG_TO_AND_FROM_DS) == FLAG_TO_AND_FROM_DS;

    if (is_relayed && !bytes_skip(&walk->rest, MAC_BYTES)) {
        return false;
    }
    if ((header->type & SUBTYPE_QOS) == 0) {
        return true;
    }
    return bytes_u8(&walk->rest, &header->qos) && bytes_skip(&walk->rest, 1) &&
           ((header->flags & FLAG_ORDER) == 0 || bytes_skip(&walk->rest, 4));
}

/* What has no length of its own must not take the check sequence for its last bytes. */
static void drop_trailer(struct walk *walk)
{
    const size_t len = walk->rest.len + walk->cut;

    walk_limit(walk, len > walk->trailer_bytes ? len - walk->trailer_bytes : 0);
}

/* A sequence number is counted by its transmitter, for each receiver and traffic identifier
 * (IEEE 802.11, 10.3.2.14.2); address 1 is the receiver, address 2 the transmitter. */
static enum layer end_in_fragment(struct walk *walk, const struct data_header *header)
{
    const uint32_t tid = (header->type & SUBTYPE_QOS) != 0 ? 1 + (header->qos & QOS_TID_MASK) : 0;
    struct fragment *out = &walk->out->fragment;

    drop_trailer(walk);
    *out = (struct fragment){
        .time_ns = walk->out->segment.time_ns,
        .kind = FRAGMENT_WLAN,
        .identification = tid << 16 | header->sequence >> 4,
        .is_last = (header->flags & FLAG_MORE_FRAGMENTS) == 0,
        .offset = header->sequence & FRAGMENT_NUMBER_MASK,
        .len = (uint32_t)walk->rest.len + walk->cut,
        .payload = walk->rest,
        .link_type = LINK_LLC,
    };
    memcpy(out->destination.address, header->fixed.data + 4, MAC_BYTES);
    memcpy(out->source.address, header->fixed.data + 10, MAC_BYTES);
    return walk_end(walk, PACKET_FRAGMENT);
}

static enum layer end_in_aggregate(struct walk *walk)
{
    drop_trailer(walk);
    walk->out->aggregate = (struct aggregate){
        .time_ns = walk->out->segment.time_ns,
        .rest = walk->rest,
        .cut = walk->cut,
    };
    return walk_end(walk, PACKET_AGGREGATE);
}

/* What follows the header, which is whole. An aggregate is never sent in fragments (IEEE 802.11,
 * 10.5). */
static enum layer data_of(struct walk *walk, const struct data_header *header)
{
    const bool is_fragment = (header->flags & FLAG_MORE_FRAGMENTS) != 0 ||
                             (header->sequence & FRAGMENT_NUMBER_MASK) != 0;
    const bool is_aggregate = (header->qos & QOS_AGGREGATE) != 0;

    if (is_fragment) {
        return is_aggregate ? walk_end(walk, PACKET_MALFORMED) : end_in_fragment(walk, header);
    }
    if (is_aggregate) {
        return end_in_aggregate(walk);
    }
    walk->trailer_bytes = 0;
    return LAYER_LLC;
}

/* Padding follows the header until data begins at a multiple of `align`. */
static enum layer data_frame(struct walk *walk, struct data_header *header, size_t align)
{
    const size_t whole = walk->rest.len + header->fixed.len;

    if ((header->type & TYPE_MASK) != TYPE_DATA || (header->type & SUBTYPE_NO_DATA) != 0) {
        return end_without_data(walk, header->type);
    }
    if ((header->flags & FLAG_PROTECTED) != 0) {
        return dead_end(walk, DEAD_END_WLAN_ENCRYPTED);
    }
    if (!read_optional_fields(walk, header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const size_t used = whole - walk->rest.len;
    if (!bytes_skip(&walk->rest, (used + align - 1) / align * align - used)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return data_of(walk, header);
}

static bool take_header(struct walk *walk, struct data_header *header)
{
    *header = (struct data_header){.qos = 0};
    if (!bytes_take(&walk->rest, HEADER_BYTES, &header->fixed)) {
        return false;
    }
    header->type = field_u8(header->fixed, 0);
    header->flags = field_u8(header->fixed, 1);
    header->sequence = (uint16_t)(field_u8(header->fixed, 23) << 8 | field_u8(header->fixed, 22));
    return true;
}

enum layer wlan_frame(struct walk *walk)
{
    struct data_header header;

    return take_header(walk, &header) ? data_frame(walk, &header, 1)
                                      : walk_end(walk, PACKET_TRUNCATED);
}

enum layer wlan_padded_frame(struct walk *walk)
{
    struct data_header header;

    return take_header(walk, &header) ? data_frame(walk, &header, 4)
                                      : walk_end(walk, PACKET_TRUNCATED);
}

/* Some access points swap the two bytes of frame control in CAPWAP, and of sequence control too. */
enum layer wlan_capwap_frame(struct walk *walk)
{
    struct data_header header;

    if (!take_header(walk, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if ((header.type & TYPE_MASK) != TYPE_DATA && (header.flags & TYPE_MASK) == TYPE_DATA) {
        header.type = field_u8(header.fixed, 1);
        header.flags = field_u8(header.fixed, 0);
        header.sequence = field_u16(header.fixed, 22);
    }
    return data_frame(walk, &header, 1);
}

/* Takes count bytes of what was on the wire; what of it was not captured is cut from the frame. */
static void take_wire_bytes(struct aggregate *aggregate, uint32_t count, struct frame *out)
{
    const size_t seen = count < aggregate->rest.len ? count : aggregate->rest.len;
    struct bytes taken;

    out->wire_len = count;
    out->captured_len = (uint32_t)seen;
    out->data = aggregate->rest.data;
    if (!bytes_take(&aggregate->rest, seen, &taken)) {
        return; /* it is not longer than the rest */
    }
    aggregate->cut -= count - (uint32_t)seen;
}

/* IEEE 802.11, 9.3.2.2.2: { destination(6), source(6), length(2), LLC frame, padding to 4 }. */
bool wlan_next_of_aggregate(struct aggregate *aggregate, struct frame *out)
{
    enum { SUBFRAME_HEADER_BYTES = 14 };
    struct frame padding;
    uint16_t len;

    if (!bytes_skip(&aggregate->rest, SUBFRAME_HEADER_BYTES - 2) ||
        !bytes_u16(&aggregate->rest, &len) || len > aggregate->rest.len + aggregate->cut) {
        aggregate->rest.len = 0;
        return false;
    }
    *out = (struct frame){.time_ns = aggregate->time_ns, .link_type = LINK_LLC};
    take_wire_bytes(aggregate, len, out);
    const size_t left = aggregate->rest.len + aggregate->cut;
    const uint32_t pad = (4 - (SUBFRAME_HEADER_BYTES + (uint32_t)len) % 4) % 4;
    take_wire_bytes(aggregate, pad < left ? pad : (uint32_t)left, &padding);
    return true;
}

/* The flags field of radiotap, 0 where there is none: { present(4), little-endian, more of it
 * follow while bit 31 is set }, then time(8) aligned to 8 if bit 0 is set, then flags(1) if bit 1
 * is set. */
static uint8_t radiotap_flags(struct bytes header)
{
    enum { PRESENT_TIME = 1, PRESENT_FLAGS = 2, FIXED_BYTES = 4 };
    const size_t whole = header.len;
    uint32_t present;
    uint32_t more;
    uint8_t flags;

    if (!bytes_skip(&header, FIXED_BYTES) || !bytes_u32le(&header, &present)) {
        return 0;
    }
    for (more = present; more >> 31 != 0;) {
        if (!bytes_u32le(&header, &more)) {
            return 0;
        }
    }
    if ((present & PRESENT_TIME) != 0) {
        const size_t offset = whole - header.len;
        if (!bytes_skip(&header, (offset + 7) / 8 * 8 - offset + 8)) {
            return 0;
        }
    }
    return (present & PRESENT_FLAGS) != 0 && bytes_u8(&header, &flags) ? flags : 0;
}

/* version(1) 0, pad(1), length(2) of the whole header, little-endian, fields. */
enum layer wlan_radiotap(struct walk *walk)
{
    enum { FLAG_TRAILER = 0x10, FLAG_DATA_PADDED = 0x20 };
    struct bytes fields = walk->rest;
    struct bytes header;
    uint16_t len;

    if (!bytes_skip(&fields, 2) || !bytes_u16le(&fields, &len) ||
        !bytes_take(&walk->rest, len, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (len < 8 || field_u8(header, 0) != 0) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    const uint8_t flags = radiotap_flags(header);
    walk->trailer_bytes = (flags & FLAG_TRAILER) != 0 ? TRAILER_BYTES : 0;
    return (flags & FLAG_DATA_PADDED) != 0 ? LAYER_WLAN_PADDED : LAYER_WLAN;
}

/* Whether the fields of PPI say that the check sequence follows the frame: { type(2), length(2),
 * value }, little-endian; type 2 has time(8) and flags(2). */
static bool ppi_has_trailer(struct bytes fields)
{
    enum { TYPE_802_11 = 2, FLAG_TRAILER = 1 };
    struct bytes value;
    uint16_t type;
    uint16_t len;
    uint16_t flags;

    while (bytes_u16le(&fields, &type) && bytes_u16le(&fields, &len) &&
           bytes_take(&fields, len, &value)) {
        if (type == TYPE_802_11) {
            return bytes_skip(&value, 8) && bytes_u16le(&value, &flags) &&
                   (flags & FLAG_TRAILER) != 0;
        }
    }
    return false;
}

/* version(1) 0, flags(1), length(2) of the whole header, link type(4), all little-endian; fields.
 */
enum layer wlan_ppi(struct walk *walk)
{
    struct bytes header = walk->rest;
    uint16_t len;
    uint32_t link_type;

    if (!bytes_skip(&header, 2) || !bytes_u16le(&header, &len) ||
        !bytes_u32le(&header, &link_type) || !bytes_take(&walk->rest, len, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (len < 8 || !bytes_skip(&header, 8)) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    walk->trailer_bytes = ppi_has_trailer(header) ? TRAILER_BYTES : 0;
    const enum layer layer = link_type <= UINT16_MAX ? link_first_layer((int)link_type) : LAYER_END;
    return layer != LAYER_END
               ? layer
               : walk_dead_end(walk, PACKET_UNKNOWN_LINK, DEAD_END_LINK_TYPE, link_type & 0xffffff);
}

/* version(4), length(4) of the whole header, fields. */
enum layer wlan_avs(struct walk *walk)
{
    struct bytes fields = walk->rest;
    uint32_t len;

    if (!bytes_skip(&fields, 4) || !bytes_u32(&fields, &len)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (len < 8) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    return bytes_skip(&walk->rest, len) ? LAYER_WLAN : walk_end(walk, PACKET_TRUNCATED);
}

/* A header of always 144 bytes; some captures have AVS's instead, which says so. */
enum layer wlan_prism(struct walk *walk)
{
    enum { PRISM_BYTES = 144, AVS_VERSION = 0x8021 };
    uint16_t start;

    if (bytes_peek_u16(&walk->rest, 0, &start) && start == AVS_VERSION) {
        return LAYER_AVS;
    }
    return bytes_skip(&walk->rest, PRISM_BYTES) ? LAYER_WLAN : walk_end(walk, PACKET_TRUNCATED);
}
