#include "dissect/bytes.h"

#include <string.h>

bool bytes_skip(struct bytes *b, size_t count)
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

bool bytes_take(struct bytes *b, size_t count, struct bytes *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, count)) {
        return false;
    }
    *out = (struct bytes){data, count};
    return true;
}

bool bytes_u8(struct bytes *b, uint8_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 1)) {
        return false;
    }
    *out = data[0];
    return true;
}

bool bytes_u16(struct bytes *b, uint16_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 2)) {
        return false;
    }
    *out = (uint16_t)(data[0] << 8 | data[1]);
    return true;
}

bool bytes_u24(struct bytes *b, uint32_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 3)) {
        return false;
    }
    *out = (uint32_t)data[0] << 16 | (uint32_t)data[1] << 8 | data[2];
    return true;
}

bool bytes_u32(struct bytes *b, uint32_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 4)) {
        return false;
    }
    *out = (uint32_t)data[0] << 24 | (uint32_t)data[1] << 16 | (uint32_t)data[2] << 8 | data[3];
    return true;
}

bool bytes_u16le(struct bytes *b, uint16_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 2)) {
        return false;
    }
    *out = (uint16_t)(data[1] << 8 | data[0]);
    return true;
}

bool bytes_u32le(struct bytes *b, uint32_t *out)
{
    const uint8_t *data = b->data;

    if (!bytes_skip(b, 4)) {
        return false;
    }
    *out = (uint32_t)data[3] << 24 | (uint32_t)data[2] << 16 | (uint32_t)data[1] << 8 | data[0];
    return true;
}

/* The vectors work on a copy of the reader, so that a length whose body is cut consumes nothing. */
bool bytes_vec8(struct bytes *b, struct bytes *out)
{
    struct bytes rest = *b;
    uint8_t len;

    if (!bytes_u8(&rest, &len) || !bytes_take(&rest, len, out)) {
        return false;
    }
    *b = rest;
    return true;
}

bool bytes_vec16(struct bytes *b, struct bytes *out)
{
    struct bytes rest = *b;
    uint16_t len;

    if (!bytes_u16(&rest, &len) || !bytes_take(&rest, len, out)) {
        return false;
    }
    *b = rest;
    return true;
}

bool bytes_vec24(struct bytes *b, struct bytes *out)
{
    struct bytes rest = *b;
    uint32_t len;

    if (!bytes_u24(&rest, &len) || !bytes_take(&rest, len, out)) {
        return false;
    }
    *b = rest;
    return true;
}

bool bytes_peek_u8(const struct bytes *b, size_t offset, uint8_t *out)
{
    struct bytes rest = *b;

    return bytes_skip(&rest, offset) && bytes_u8(&rest, out);
}

bool bytes_peek_u16(const struct bytes *b, size_t offset, uint16_t *out)
{
    struct bytes rest = *b;

    return bytes_skip(&rest, offset) && bytes_u16(&rest, out);
}

bool bytes_equal(struct bytes a, struct bytes b)
{
    /* memcmp must not be given the NULL of an empty run. */
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
