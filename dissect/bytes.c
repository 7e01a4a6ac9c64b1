#include "dissect/bytes.h"

#include <string.h>

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

bool bytes_equal(struct bytes a, struct bytes b)
{
    /* memcmp must not be given the NULL of an empty run. */
    return a.len == b.len && (a.len == 0 || memcmp(a.data, b.data, a.len) == 0);
}
