#include "dissect/net/wlan.h"

/* Frame control (IEEE 802.11, 9.2.4.1): version 2 bits, type 2, subtype 4; then the flags. */
enum {
    TYPE_MASK = 0x0f, /* type and version */
    TYPE_DATA = 0x08,
    SUBTYPE_NO_DATA = 0x40,
    SUBTYPE_QOS = 0x80,
    FLAG_TO_AND_FROM_DS = 0x03,
    FLAG_MORE_FRAGMENTS = 0x04,
    FLAG_PROTECTED = 0x40,
    FLAG_ORDER = 0x80,
    QOS_AGGREGATE = 0x80,
    FRAGMENT_NUMBER_MASK = 0x0f,
};

/* Behind the fixed part of the header: a fourth address between access points, QoS control(2), HT
 * control(4). */
static enum layer skip_optional_fields(struct walk *walk, uint8_t type, uint8_t flags)
{
    uint8_t qos = 0;

    if ((flags & FLAG_TO_AND_FROM_DS) == FLAG_TO_AND_FROM_DS && !bytes_skip(&walk->rest, 6)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if ((type & SUBTYPE_QOS) != 0) {
        if (!bytes_u8(&walk->rest, &qos) || !bytes_skip(&walk->rest, 1) ||
            ((flags & FLAG_ORDER) != 0 && !bytes_skip(&walk->rest, 4))) {
            return walk_end(walk, PACKET_TRUNCATED);
        }
    }
    /* One frame cannot become several segments here: aggregates are not opened. */
    return (qos & QOS_AGGREGATE) != 0 ? walk_end(walk, PACKET_NOT_IP) : LAYER_LLC;
}

/* frame control(2), duration(2), three addresses(18), sequence control(2). */
static enum layer data_frame(struct walk *walk, struct bytes header, uint8_t type, uint8_t flags)
{
    if ((type & TYPE_MASK) != TYPE_DATA || (type & SUBTYPE_NO_DATA) != 0 ||
        (flags & FLAG_PROTECTED) != 0) {
        return walk_end(walk, PACKET_NOT_IP);
    }
    if ((flags & FLAG_MORE_FRAGMENTS) != 0 || (field_u8(header, 22) & FRAGMENT_NUMBER_MASK) != 0) {
        return walk_end(walk, PACKET_FRAGMENT);
    }
    return skip_optional_fields(walk, type, flags);
}

/* Padding follows the header until the LLC frame begins at a multiple of four. */
enum layer wlan_padded_frame(struct walk *walk)
{
    const size_t whole = walk->rest.len;
    const enum layer next = wlan_frame(walk);
    const size_t used = whole - walk->rest.len;

    if (next != LAYER_END && !bytes_skip(&walk->rest, (used + 3) / 4 * 4 - used)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return next;
}

enum layer wlan_frame(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 24, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return data_frame(walk, header, field_u8(header, 0), field_u8(header, 1));
}

/* Some access points swap the two bytes of frame control in CAPWAP. */
enum layer wlan_capwap_frame(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 24, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint8_t first = field_u8(header, 0);
    const uint8_t second = field_u8(header, 1);
    if ((first & TYPE_MASK) != TYPE_DATA && (second & TYPE_MASK) == TYPE_DATA) {
        return data_frame(walk, header, second, first);
    }
    return data_frame(walk, header, first, second);
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
    enum { FLAG_DATA_PADDED = 0x20 };
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
    return (radiotap_flags(header) & FLAG_DATA_PADDED) != 0 ? LAYER_WLAN_PADDED : LAYER_WLAN;
}
