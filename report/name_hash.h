/* The keyed hash of what packets choose, for the tables of report/: nobody who chooses it can make
 * one slow. PURE. */
#ifndef REPRISE_REPORT_NAME_HASH_H
#define REPRISE_REPORT_NAME_HASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

static inline uint64_t name_hash_rotate(uint64_t value, unsigned bits)
{
    return (value << bits) | (value >> (64 - bits));
}

static inline void name_hash_round(uint64_t v[4])
{
    v[0] += v[1];
    v[2] += v[3];
    v[1] = name_hash_rotate(v[1], 13) ^ v[0];
    v[3] = name_hash_rotate(v[3], 16) ^ v[2];
    v[0] = name_hash_rotate(v[0], 32);
    v[2] += v[1];
    v[0] += v[3];
    v[1] = name_hash_rotate(v[1], 17) ^ v[2];
    v[3] = name_hash_rotate(v[3], 21) ^ v[0];
    v[2] = name_hash_rotate(v[2], 32);
}

/* SipHash-1-3 (Aumasson and Bernstein), whose 64 bits are for tables in memory only: libcrypto's
 * takes longer for one name than all the rest of a report for one handshake. */
static inline uint64_t name_hash(const uint64_t key[2], const char *name, size_t len)
{
    uint64_t v[4] = {key[0] ^ 0x736f6d6570736575U, key[1] ^ 0x646f72616e646f6dU,
                     key[0] ^ 0x6c7967656e657261U, key[1] ^ 0x7465646279746573U};
    uint64_t word;

    for (size_t at = 0; at + 8 <= len; at += 8) {
        memcpy(&word, name + at, 8);
        v[3] ^= word;
        name_hash_round(v);
        v[0] ^= word;
    }
    word = 0;
    if (len % 8 != 0) {
        memcpy(&word, name + (len - len % 8), len % 8);
    }
    word ^= (uint64_t)len << 56;
    v[3] ^= word;
    name_hash_round(v);
    v[0] ^= word;
    v[2] ^= 0xff;
    for (int i = 0; i < 3; i++) {
        name_hash_round(v);
    }
    return v[0] ^ v[1] ^ v[2] ^ v[3];
}

#endif
