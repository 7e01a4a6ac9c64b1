/* A borrowed run of untrusted bytes, consumed from the front. Owns nothing: it is valid as long
 * as the buffer it points into. All integers on the wire are big-endian unless a getter's name
 * says otherwise.
 *
 * Every getter either stores its result and advances, or returns false and changes nothing. Most
 * are inline: a handshake makes some two hundred of these calls, each of a few instructions. */
#ifndef REPRISE_DISSECT_BYTES_H
#define REPRISE_DISSECT_BYTES_H

#include "base/attributes.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct bytes {
    const uint8_t *data;
    size_t len; /* bytes left */
};

MUST_CHECK static inline bool bytes_skip(struct bytes *b, size_t count)
{
    if (count > b->len) {
        return false;
    }
    if (count > 0) { /* an empty run may have no address to add to */
        b->data += count;
        b->len -= count;
    }
    return true;
}

/* Splits off the next count bytes. */
MUST_CHECK static inline bool bytes_take(struct bytes *b, size_t count, struct bytes *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, count)) {
        return false;
    }
    *out = (struct bytes){data, count};
    return true;
}

MUST_CHECK static inline bool bytes_u8(struct bytes *b, uint8_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 1)) {
        return false;
    }
    *out = data[0];
    return true;
}

MUST_CHECK static inline bool bytes_u16(struct bytes *b, uint16_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 2)) {
        return false;
    }
    *out = (uint16_t)(data[0] << 8 | data[1]);
    return true;
}

MUST_CHECK static inline bool bytes_u24(struct bytes *b, uint32_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 3)) {
        return false;
    }
    *out = (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2];
    return true;
}

MUST_CHECK static inline bool bytes_u32(struct bytes *b, uint32_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 4)) {
        return false;
    }
    *out = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
    return true;
}

/* Little-endian, and in the order of the machine (DLT_NULL, radiotap). */
MUST_CHECK bool bytes_u16le(struct bytes *b, uint16_t *out);
MUST_CHECK bool bytes_u32le(struct bytes *b, uint32_t *out);

/* Reads a length of 1, 2 or 3 bytes, then splits off that many: a TLS vector<0..2^8-1>,
 * <0..2^16-1>, <0..2^24-1>. They work on a copy of the reader, so that a length whose body is cut
 * consumes nothing. */
MUST_CHECK static inline bool bytes_vec8(struct bytes *b, struct bytes *out)
{
    struct bytes rest = *b;
    uint8_t len;

    if (!bytes_u8(&rest, &len) || !bytes_take(&rest, len, out)) {
        return false;
    }
    *b = rest;
    return true;
}

MUST_CHECK static inline bool bytes_vec16(struct bytes *b, struct bytes *out)
{
    struct bytes rest = *b;
    uint16_t len;

    if (!bytes_u16(&rest, &len) || !bytes_take(&rest, len, out)) {
        return false;
    }
    *b = rest;
    return true;
}

MUST_CHECK bool bytes_vec24(struct bytes *b, struct bytes *out);

/* Whether count bytes at offset can be seen, without consuming them. */
MUST_CHECK static inline bool bytes_peek_u8(const struct bytes *b, size_t offset, uint8_t *out)
{
    struct bytes rest = *b;

    return bytes_skip(&rest, offset) && bytes_u8(&rest, out);
}

MUST_CHECK static inline bool bytes_peek_u16(const struct bytes *b, size_t offset, uint16_t *out)
{
    struct bytes rest = *b;

    return bytes_skip(&rest, offset) && bytes_u16(&rest, out);
}

MUST_CHECK bool bytes_equal(struct bytes a, struct bytes b);

#endif
