#include "dissect/net/ip.h"

#include "dissect/net/link.h"

#include "base/attributes.h"

#include <string.h>

/* Protocol and next-header numbers are one space (RFC 8200, 3). */
static const struct {
    uint8_t protocol;
    enum layer layer;
} protocols[] = {
    {6, LAYER_TCP},
    {17, LAYER_UDP},
    {4, LAYER_IPV4},
    {41, LAYER_IPV6},
    {47, LAYER_GRE},
    {0, LAYER_IPV6_OPTIONS},  /* hop-by-hop */
    {43, LAYER_IPV6_OPTIONS}, /* routing */
    {60, LAYER_IPV6_OPTIONS}, /* destination */
    {44, LAYER_IPV6_FRAGMENT},
    {51, LAYER_AUTHENTICATION},
    {137, LAYER_MPLS}, /* RFC 4023 */
};

static enum layer next_protocol(struct walk *walk, uint8_t protocol)
{
    for (size_t i = 0; i < sizeof(protocols) / sizeof(protocols[0]); i++) {
        if (protocols[i].protocol == protocol) {
            return protocols[i].layer;
        }
    }
    return walk_dead_end(walk, PACKET_OTHER_TRANSPORT, DEAD_END_IP_PROTOCOL, protocol);
}

enum layer ip_any(struct walk *walk)
{
    uint8_t first;

    if (!bytes_peek_u8(&walk->rest, 0, &first)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    switch (first >> 4) {
    case 4:
        return LAYER_IPV4;
    case 6:
        return LAYER_IPV6;
    default:
        return walk_dead_end(walk, PACKET_NOT_IP, DEAD_END_OTHER, DEAD_END_IP_VERSION);
    }
}

/* What is left is a fragment's payload. The rest of *part is filled already. */
static enum layer end_in_fragment(struct walk *walk, const struct fragment *part)
{
    struct fragment *out = &walk->out->fragment;

    *out = *part;
    out->time_ns = walk->out->segment.time_ns;
    memcpy(out->source.address, walk->out->segment.source.address, 16);
    memcpy(out->destination.address, walk->out->segment.destination.address, 16);
    out->payload = walk->rest;
    out->len = (uint32_t)walk->rest.len + walk->cut;
    return walk_end(walk, PACKET_FRAGMENT);
}

/* Of the field with flags and fragment offset; that is in units of 8 bytes. */
enum { IPV4_MORE = 0x2000, IPV4_OFFSET_MASK = 0x1fff };

static COLD enum layer end_in_ipv4_fragment(struct walk *walk, struct bytes header)
{
    const uint16_t place = field_u16(header, 6);

    return end_in_fragment(walk, &(struct fragment){
                                     .kind = FRAGMENT_IPV4,
                                     .identification = field_u16(header, 4),
                                     .protocol = field_u8(header, 9),
                                     .is_last = (place & IPV4_MORE) == 0,
                                     .offset = (place & IPV4_OFFSET_MASK) * 8U,
                                     .link_type = LINK_IPV4,
                                 });
}

/* RFC 791, 3.1: version and header length(1), service(1), total length(2), identification(2),
 * flags and fragment offset(2), time to live(1), protocol(1), checksum(2), source(4),
 * destination(4), options. */
enum layer ip_v4(struct walk *walk)
{
    enum { FIXED_BYTES = 20 };
    struct bytes header;

    if (!bytes_take(&walk->rest, FIXED_BYTES, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint8_t first = field_u8(header, 0);
    const size_t header_len = (size_t)(first & 0x0f) * 4;
    const size_t total_len = field_u16(header, 2);
    if (first >> 4 != 4 || header_len < FIXED_BYTES) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    if (!bytes_skip(&walk->rest, header_len - FIXED_BYTES)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    /* Segmentation offload leaves 0 in what is captured before the card has cut it up. */
    if (total_len != 0) {
        if (total_len < header_len) {
            return walk_end(walk, PACKET_MALFORMED);
        }
        walk_limit(walk, total_len - header_len);
    }
    ip_set_mapped(&walk->out->segment.source, header.data + 12);
    ip_set_mapped(&walk->out->segment.destination, header.data + 16);
    if ((field_u16(header, 6) & (IPV4_MORE | IPV4_OFFSET_MASK)) != 0) {
        return end_in_ipv4_fragment(walk, header);
    }
    return next_protocol(walk, field_u8(header, 9));
}

/* RFC 8200, 3: version, class and flow label(4), payload length(2), next header(1), hop limit(1),
 * source(16), destination(16). */
enum layer ip_v6(struct walk *walk)
{
    struct bytes header;

    if (!bytes_take(&walk->rest, 40, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    if (field_u8(header, 0) >> 4 != 6) {
        return walk_end(walk, PACKET_MALFORMED);
    }
    /* 0: a jumbogram (RFC 2675, 2), or segmentation offload of more than 64 KiB. */
    const size_t payload_len = field_u16(header, 4);
    if (payload_len != 0) {
        walk_limit(walk, payload_len);
    }
    memcpy(walk->out->segment.source.address, header.data + 8, 16);
    memcpy(walk->out->segment.destination.address, header.data + 24, 16);
    return next_protocol(walk, field_u8(header, 6));
}

/* RFC 8200, 4.3, 4.4 and 4.6: next header(1), length(1) in 8-byte units beyond the first. */
enum layer ip_v6_options(struct walk *walk)
{
    uint8_t next;
    uint8_t units;

    if (!bytes_u8(&walk->rest, &next) || !bytes_u8(&walk->rest, &units) ||
        !bytes_skip(&walk->rest, (size_t)units * 8 + 6)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return next_protocol(walk, next);
}

/* RFC 8200, 4.5: next header(1), reserved(1), offset, reserved and more flag(2), identification(4).
 * A fragment that is the whole is none (RFC 6946). */
enum layer ip_v6_fragment(struct walk *walk)
{
    enum { MORE = 0x0001, OFFSET_MASK = 0xfff8 };
    struct bytes header;

    if (!bytes_take(&walk->rest, 8, &header)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const uint16_t place = field_u16(header, 2);
    if ((place & (MORE | OFFSET_MASK)) != 0) {
        return end_in_fragment(walk, &(struct fragment){
                                         .kind = FRAGMENT_IPV6,
                                         .identification = field_u32(header, 4),
                                         .protocol = field_u8(header, 0),
                                         .is_last = (place & MORE) == 0,
                                         .offset = place & OFFSET_MASK, /* in units of 8 already */
                                         .link_type = LINK_IPV6,
                                     });
    }
    return next_protocol(walk, field_u8(header, 0));
}

/* RFC 4302, 2: next header(1), length(1) in 4-byte units beyond the second. */
enum layer ip_authentication(struct walk *walk)
{
    uint8_t next;
    uint8_t units;

    if (!bytes_u8(&walk->rest, &next) || !bytes_u8(&walk->rest, &units) ||
        !bytes_skip(&walk->rest, (size_t)units * 4 + 6)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return next_protocol(walk, next);
}
