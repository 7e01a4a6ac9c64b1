#include "dissect/net/mpls.h"

#include "dissect/net/link.h"

/* Whether the length field of what looks like an IP header fits what is there. A pseudowire
 * without control word begins with a MAC address, which may look like any IP version. */
static bool has_ip_length(const struct walk *walk, unsigned version)
{
    const size_t available = walk->rest.len + walk->cut;
    uint16_t len;

    if (!bytes_peek_u16(&walk->rest, version == 4 ? 2 : 4, &len)) {
        return false;
    }
    return version == 4 ? len >= 20 && len <= available : (size_t)len + 40 <= available;
}

/* RFC 3032, 2.1: { label, traffic class, bottom of stack: bit 8, TTL }(4) up to the bottom. What
 * follows is not named: its first four bits tell (RFC 4928, 3). */
enum layer mpls_stack(struct walk *walk)
{
    uint32_t entry;
    uint8_t first;

    do {
        if (!bytes_u32(&walk->rest, &entry)) {
            return walk_end(walk, PACKET_TRUNCATED);
        }
    } while ((entry & 0x100) == 0);
    if (!bytes_peek_u8(&walk->rest, 0, &first)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const unsigned version = first >> 4;
    if (first >= 0x45 && version == 4 && has_ip_length(walk, 4)) {
        return LAYER_IPV4;
    }
    if (version == 6 && has_ip_length(walk, 6)) {
        return LAYER_IPV6;
    }
    return LAYER_PSEUDOWIRE;
}

static bool leads_to_ip(const struct walk *walk, size_t ethertype_offset)
{
    struct walk trial = *walk;
    uint16_t type;

    return bytes_peek_u16(&walk->rest, ethertype_offset, &type) &&
           link_ethertype(&trial, type) != LAYER_END;
}

/* An Ethernet frame, behind a control word(4) or not (RFC 4448, 4.6). The word begins with four
 * zero bits, as many MAC addresses do: where the frame's EtherType makes sense decides. */
enum layer mpls_pseudowire(struct walk *walk)
{
    enum { CONTROL_WORD_BYTES = 4, ETHERTYPE_OFFSET = 12 };
    uint8_t first;

    if (!bytes_peek_u8(&walk->rest, 0, &first)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    const bool may_have_word = first >> 4 == 0;
    const bool has_word =
        may_have_word && (leads_to_ip(walk, CONTROL_WORD_BYTES + ETHERTYPE_OFFSET) ||
                          !leads_to_ip(walk, ETHERTYPE_OFFSET));
    if (has_word && !bytes_skip(&walk->rest, CONTROL_WORD_BYTES)) {
        return walk_end(walk, PACKET_TRUNCATED);
    }
    return LAYER_ETHERNET;
}
