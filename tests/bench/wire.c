#include "tests/bench/wire.h"

#include <assert.h>
#include <string.h>

static void put_uint(uint8_t *out, uint64_t value, size_t bytes)
{
    for (size_t i = 0; i < bytes; i++) {
        out[i] = (uint8_t)(value >> (8 * (bytes - 1 - i)));
    }
}

/* Room for `len` more bytes. */
static uint8_t *extend(struct wire *wire, size_t len)
{
    assert(len <= wire->capacity - wire->len);
    uint8_t *room = wire->data + wire->len;
    wire->len += len;
    return room;
}

void wire_uint(struct wire *wire, uint64_t value, size_t bytes)
{
    put_uint(extend(wire, bytes), value, bytes);
}

void wire_bytes(struct wire *wire, const void *data, size_t len)
{
    memcpy(extend(wire, len), data, len);
}

void wire_random(struct wire *wire, struct random *random, size_t len)
{
    random_fill(random, extend(wire, len), len);
}

size_t wire_begin(struct wire *wire, size_t bytes)
{
    (void)extend(wire, bytes);
    return wire->len;
}

void wire_end(struct wire *wire, size_t begun, size_t bytes)
{
    const size_t len = wire->len - begun;

    assert(bytes >= sizeof(len) || len >> (8 * bytes) == 0);
    put_uint(wire->data + begun - bytes, len, bytes);
}
