#include "dissect/tls/dtls_record.h"

/* Bits of the unified header's first byte, 001CSLEE (RFC 9147, 4). */
enum {
    UNIFIED_FIXED_MASK = 0xe0,
    UNIFIED_FIXED = 0x20,
    UNIFIED_HAS_CID = 0x10,
    UNIFIED_LONG_SEQUENCE = 0x08,
    UNIFIED_HAS_LENGTH = 0x04,
    UNIFIED_EPOCH = 0x03,
};

enum { FIRST_BYTE_MIN = 20, FIRST_BYTE_MAX = 63 };

bool dtls_record_is_first_byte(uint8_t first)
{
    return first >= FIRST_BYTE_MIN && first <= FIRST_BYTE_MAX;
}

bool dtls_record_is_version(uint16_t version)
{
    return version == 0xfeff || version == 0xfefd || version == 0xfefc || version == 0x0100;
}

/* The body, as much of it as there is; the rest of the datagram where its length is not known. */
static void take_body(struct bytes *rest, bool has_len, uint16_t len, struct dtls_record *out)
{
    const size_t wanted = has_len ? len : rest->len;
    const size_t there = wanted < rest->len ? wanted : rest->len;

    out->body_len = (uint32_t)wanted;
    out->is_cut = there < wanted;
    out->body = (struct bytes){rest->data, there};
    rest->data += there;
    rest->len -= there;
}

/* Epoch and sequence number: u16, u48. */
static bool read_sequence(struct bytes *rest, struct dtls_record *out)
{
    uint16_t high;
    uint32_t low;

    if (!bytes_u16(rest, &out->epoch) || !bytes_u16(rest, &high) || !bytes_u32(rest, &low)) {
        return false;
    }
    out->sequence = (uint64_t)high << 32 | low;
    return true;
}

/* version u16, epoch u16, sequence_number u48, [cid], length u16 (RFC 6347, 4.1; RFC 9146, 4). */
static bool read_plain(struct bytes *rest, unsigned cid_len, struct dtls_record *out)
{
    uint16_t len = 0;
    const bool has_cid = out->type == DTLS_RECORD_CID;
    const bool has_len = !has_cid || cid_len < DTLS_CID_UNKNOWN;

    if (!bytes_u16(rest, &out->version) || !dtls_record_is_version(out->version) ||
        !read_sequence(rest, out)) {
        return false;
    }
    if (has_len && ((has_cid && !bytes_skip(rest, cid_len)) || !bytes_u16(rest, &len))) {
        return false;
    }
    if (len > RECORD_BODY_MAX) {
        return false;
    }
    take_body(rest, has_len, len, out);
    return true;
}

/* [cid], sequence_number u8 or u16 (encrypted), [length u16]. */
static bool read_unified(struct bytes *rest, uint8_t first, unsigned cid_len,
                         struct dtls_record *out)
{
    const bool has_cid = (first & UNIFIED_HAS_CID) != 0;
    bool has_len = (first & UNIFIED_HAS_LENGTH) != 0;
    uint16_t len = 0;

    out->is_unified = true;
    out->type = 0;
    out->epoch = first & UNIFIED_EPOCH;
    if (has_cid && cid_len >= DTLS_CID_UNKNOWN) {
        has_len = false;
    } else if ((has_cid && !bytes_skip(rest, cid_len)) ||
               !bytes_skip(rest, (first & UNIFIED_LONG_SEQUENCE) != 0 ? 2 : 1) ||
               (has_len && !bytes_u16(rest, &len))) {
        return false;
    }
    if (len > RECORD_BODY_MAX) {
        return false;
    }
    take_body(rest, has_len, len, out);
    return true;
}

bool dtls_record_next(struct bytes *datagram, unsigned cid_len, struct dtls_record *out)
{
    struct bytes rest = *datagram;
    struct dtls_record record = {0};

    if (!bytes_u8(&rest, &record.type)) {
        return false;
    }
    const uint8_t first = record.type;
    if ((first & UNIFIED_FIXED_MASK) == UNIFIED_FIXED) {
        if (!read_unified(&rest, first, cid_len, &record)) {
            return false;
        }
    } else if (first < RECORD_CHANGE_CIPHER_SPEC || first > DTLS_RECORD_ACK ||
               !read_plain(&rest, cid_len, &record)) {
        return false;
    }
    record.wire_len = (uint32_t)(datagram->len - rest.len - record.body.len) + record.body_len;
    *datagram = rest;
    *out = record;
    return true;
}

void dtls_record_drop_mac(struct dtls_record *record, uint8_t mac_len)
{
    if (record->body_len <= mac_len) {
        return;
    }
    record->body_len -= mac_len;
    if (record->body.len > record->body_len) {
        record->body.len = record->body_len;
    }
}
