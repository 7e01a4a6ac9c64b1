/* Where a carrier's words end inside a segment, so that TLS may begin there. */
#include "dissect/tls/carrier.h"

#include <string.h>

static unsigned at(struct bytes bytes, size_t offset)
{
    return offset < bytes.len ? bytes.data[offset] : 256;
}

/* SSLRequest and GSSENCRequest: length u32 (8), code u32; the answer is one letter. */
static size_t postgresql_len(struct bytes bytes)
{
    static const uint8_t request[] = {0x00, 0x00, 0x00, 0x08, 0x04, 0xd2, 0x16};
    struct bytes start = bytes;

    if (at(bytes, 0) == 'S' && at(bytes, 1) == 0x16) {
        return 1;
    }
    start.len = start.len < sizeof(request) ? start.len : sizeof(request);
    return bytes_equal(start, (struct bytes){request, sizeof(request)}) ? sizeof(request) + 1 : 0;
}

/* SSLRequest: length u24 little-endian (32), sequence u8 (1). The 5 bytes of before 4.1 look like a
 * reply of SOCKS 5. */
static size_t mysql_len(struct bytes bytes)
{
    return at(bytes, 0) == 32 && at(bytes, 1) == 0 && at(bytes, 2) == 0 && at(bytes, 3) == 1 ? 36
                                                                                             : 0;
}

/* version u8 (3), reserved u8, length u16 (RFC 1006, 6). */
static size_t tpkt_len(struct bytes bytes)
{
    uint16_t len;

    return at(bytes, 0) == 3 && at(bytes, 1) == 0 && bytes_peek_u16(&bytes, 2, &len) ? len : 0;
}

/* SEQUENCE, definite length in one byte, or in four as some servers write it (X.690, 8.1.3); an
 * INTEGER, the messageID, comes first. */
static size_t ldap_len(struct bytes bytes)
{
    if (at(bytes, 0) != 0x30) {
        return 0;
    }
    if (at(bytes, 1) < 0x80 && at(bytes, 2) == 2) {
        return 2 + (size_t)at(bytes, 1);
    }
    return at(bytes, 1) == 0x84 && at(bytes, 2) == 0 && at(bytes, 3) == 0 && at(bytes, 6) == 2
               ? 6 + (size_t)bytes.data[4] * 256 + bytes.data[5]
               : 0;
}

/* Requests and replies: version u8 (5), command or reply u8, reserved u8, address type u8,
 * address, port u16 (RFC 1928, 4 and 6); else the greeting: version, count u8, methods; else the
 * choice: version, method u8. */
static size_t socks5_len(struct bytes bytes)
{
    const unsigned second = at(bytes, 1);

    if (at(bytes, 0) != 5) {
        return 0;
    }
    if (second <= 1 && at(bytes, 2) == 0) {
        switch (at(bytes, 3)) {
        case 1:
            return 10;
        case 3:
            return bytes.len > 4 ? 7 + (size_t)bytes.data[4] : 0;
        case 4:
            return 22;
        default:
            break;
        }
    }
    return second == 0 ? 2 : 2 + (size_t)second;
}

/* version u8 (0), result u8 (90), port u16, address u32. */
static size_t socks4_len(struct bytes bytes)
{
    return at(bytes, 0) == 0 && at(bytes, 1) == 90 ? 8 : 0;
}

static size_t (*const lengths[])(struct bytes bytes) = {
    postgresql_len, mysql_len, tpkt_len, ldap_len, socks5_len, socks4_len,
};

size_t carrier_message_len(struct bytes bytes)
{
    for (size_t i = 0; i < sizeof(lengths) / sizeof(lengths[0]); i++) {
        const size_t len = lengths[i](bytes);
        if (len > 0 && len < bytes.len) {
            return len;
        }
    }
    return 0;
}

/* 22, 3: a record of handshake messages seems to begin. */
static bool may_be_record(struct bytes bytes, size_t offset)
{
    return at(bytes, offset) == 0x16 && (offset + 1 == bytes.len || at(bytes, offset + 1) == 3);
}

size_t carrier_line_len(struct bytes bytes)
{
    for (size_t i = 1; i < bytes.len; i++) {
        const uint8_t before = bytes.data[i - 1];
        if ((before == '\n' || before == '>') && may_be_record(bytes, i)) {
            return i;
        }
    }
    return 0;
}
