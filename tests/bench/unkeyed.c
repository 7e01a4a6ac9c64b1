#include "tests/bench/unkeyed.h"

#include "tests/bench/wire.h"

#include <assert.h>

enum { TUPLE_BYTES = 12 };

/* Source and destination address, source and destination port. */
struct tuple {
    uint8_t bytes[TUPLE_BYTES];
};

static struct tuple tuple_of(const struct endpoints *endpoints)
{
    struct tuple tuple;
    struct wire out = {tuple.bytes, sizeof(tuple.bytes), 0};

    wire_uint(&out, endpoints->address[SIDE_CLIENT], 4);
    wire_uint(&out, endpoints->address[SIDE_SERVER], 4);
    wire_uint(&out, endpoints->port[SIDE_CLIENT], 2);
    wire_uint(&out, endpoints->port[SIDE_SERVER], 2);
    return tuple;
}

static uint32_t ports_of(const struct endpoints *endpoints)
{
    return (uint32_t)endpoints->port[SIDE_CLIENT] << 16 | endpoints->port[SIDE_SERVER];
}

static uint32_t crc32_of(const struct endpoints *endpoints)
{
    const struct tuple tuple = tuple_of(endpoints);
    uint32_t crc = UINT32_MAX;

    for (int i = 0; i < TUPLE_BYTES; i++) {
        crc ^= tuple.bytes[i];
        for (int bit = 0; bit < 8; bit++) {
            crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320U : 0);
        }
    }
    return ~crc;
}

/* For each bit that is set, the 32 bits of the key that begin there. */
static uint32_t toeplitz_of(const struct endpoints *endpoints)
{
    static const uint8_t key[TUPLE_BYTES + 4] = {0x6d, 0x5a, 0x56, 0xda, 0x25, 0x5b, 0x0e, 0xc2,
                                                 0x41, 0x67, 0x25, 0x3d, 0x43, 0xa3, 0x8f, 0xb0};
    const struct tuple tuple = tuple_of(endpoints);
    uint32_t window = 0x6d5a56da;
    uint32_t hash = 0;

    for (int i = 0; i < 8 * TUPLE_BYTES; i++) {
        const int next = i + 32;
        if ((tuple.bytes[i / 8] >> (7 - i % 8) & 1) != 0) {
            hash ^= window;
        }
        window = window << 1 | (uint32_t)(key[next / 8] >> (7 - next % 8) & 1);
    }
    return hash;
}

uint32_t unkeyed_hash(enum unkeyed which, const struct endpoints *endpoints)
{
    const uint32_t client = endpoints->address[SIDE_CLIENT];
    const uint32_t server = endpoints->address[SIDE_SERVER];

    switch (which) {
    case UNKEYED_XOR:
        return client ^ server ^ ports_of(endpoints);
    case UNKEYED_SUM:
        return client + server + ports_of(endpoints);
    case UNKEYED_CRC32:
        return crc32_of(endpoints);
    case UNKEYED_TOEPLITZ:
        return toeplitz_of(endpoints);
    case UNKEYED_COUNT:
        break;
    }
    return 0;
}

static void swap(uint32_t *a, uint32_t *b)
{
    const uint32_t kept = *a;

    *a = *b;
    *b = kept;
}

/* Takes a bit out of all effects but its own. */
static void clear_column(uint32_t effects[32], uint32_t rows[32], int bit)
{
    for (int i = 0; i < 32; i++) {
        if (i != bit && (effects[i] >> bit & 1) != 0) {
            effects[i] ^= effects[bit];
            rows[i] ^= rows[bit];
        }
    }
}

/* Gauss and Jordan, over bits: turns effects[] into unit vectors, and with the same steps unit
 * vectors into rows[]: rows[i] are the bits of the address that change bit i of the hash alone. */
static void invert(uint32_t effects[32], uint32_t rows[32])
{
    for (int i = 0; i < 32; i++) {
        rows[i] = UINT32_C(1) << i;
    }
    for (int bit = 0; bit < 32; bit++) {
        int pivot = bit;
        while (pivot < 31 && (effects[pivot] >> bit & 1) == 0) {
            pivot++;
        }
        assert((effects[pivot] >> bit & 1) != 0); /* no two addresses have one hash */
        swap(&effects[bit], &effects[pivot]);
        swap(&rows[bit], &rows[pivot]);
        clear_column(effects, rows, bit);
    }
}

struct unkeyed_chooser unkeyed_chooser(enum unkeyed which)
{
    struct unkeyed_chooser chooser = {.which = which};
    struct endpoints endpoints = {{0, 0}, {0, 0}};
    const uint32_t none = unkeyed_hash(which, &endpoints);
    uint32_t effects[32];

    if (which == UNKEYED_SUM) {
        return chooser; /* not one of bits: subtraction is enough */
    }
    for (int i = 0; i < 32; i++) {
        endpoints.address[SIDE_SERVER] = UINT32_C(1) << i;
        effects[i] = unkeyed_hash(which, &endpoints) ^ none;
    }
    invert(effects, chooser.rows);
    return chooser;
}

/* All but the sum are linear in bits: a change of the address changes the hash by the XOR of what
 * its bits do, whatever the rest is. */
void unkeyed_choose(const struct unkeyed_chooser *chooser, uint32_t target,
                    struct endpoints *endpoints)
{
    uint32_t *const server = &endpoints->address[SIDE_SERVER];

    if (chooser->which == UNKEYED_SUM) {
        *server += target - unkeyed_hash(chooser->which, endpoints);
        return;
    }
    const uint32_t change = target ^ unkeyed_hash(chooser->which, endpoints);
    for (int i = 0; i < 32; i++) {
        *server ^= (change >> i & 1) != 0 ? chooser->rows[i] : 0;
    }
}
