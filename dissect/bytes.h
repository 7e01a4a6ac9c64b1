/* A borrowed run of untrusted bytes, consumed from the front. Owns nothing: it is valid as long
 * as the buffer it points into. All integers on the wire are big-endian unless a getter's name
 * says otherwise.
 *
 * Every getter either stores its result and advances, or returns false and changes nothing. */
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

MUST_CHECK bool bytes_u8(struct bytes *b, uint8_t *out);
MUST_CHECK bool bytes_u16(struct bytes *b, uint16_t *out);
MUST_CHECK bool bytes_u24(struct bytes *b, uint32_t *out);
MUST_CHECK bool bytes_u32(struct bytes *b, uint32_t *out);

/* Little-endian, and in the order of the machine (DLT_NULL, radiotap). */
MUST_CHECK bool bytes_u16le(struct bytes *b, uint16_t *out);
MUST_CHECK bool bytes_u32le(struct bytes *b, uint32_t *out);

MUST_CHECK bool bytes_skip(struct bytes *b, size_t count);

/* Splits off the next count bytes. */
MUST_CHECK bool bytes_take(struct bytes *b, size_t count, struct bytes *out);

/* Reads a length of 1, 2 or 3 bytes, then splits off that many: a TLS vector<0..2^8-1>,
 * <0..2^16-1>, <0..2^24-1>. */
MUST_CHECK bool bytes_vec8(struct bytes *b, struct bytes *out);
MUST_CHECK bool bytes_vec16(struct bytes *b, struct bytes *out);
MUST_CHECK bool bytes_vec24(struct bytes *b, struct bytes *out);

/* Whether count bytes at offset can be seen, without consuming them. */
MUST_CHECK bool bytes_peek_u8(const struct bytes *b, size_t offset, uint8_t *out);
MUST_CHECK bool bytes_peek_u16(const struct bytes *b, size_t offset, uint16_t *out);

MUST_CHECK bool bytes_equal(struct bytes a, struct bytes b);

#endif
