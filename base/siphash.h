/* SipHash-1-3 (Aumasson and Bernstein, 2012; one compression and three finalisation rounds): a
 * keyed hash for tables whose keys strangers choose. Small, and inline on purpose: a call into
 * libcrypto would cost more than the rest of the packet's walk, and a length known to the compiler
 * a third of it less. */
#ifndef REPRISE_BASE_SIPHASH_H
#define REPRISE_BASE_SIPHASH_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct siphash_key {
    uint64_t k0;
    uint64_t k1;
};

struct siphash_state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t siphash_rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void siphash_round(struct siphash_state *s)
{
    s->v0 += s->v1;
    s->v1 = siphash_rotate(s->v1, 13) ^ s->v0;
    s->v0 = siphash_rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = siphash_rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = siphash_rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = siphash_rotate(s->v1, 17) ^ s->v2;
    s->v2 = siphash_rotate(s->v2, 32);
}

static inline void siphash_absorb(struct siphash_state *s, uint64_t word)
{
    s->v3 ^= word;
    siphash_round(s);
    s->v0 ^= word;
}

/* SipHash reads words in little-endian order. */
static inline uint64_t siphash_word(const uint8_t *data)
{
#if __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__
    uint64_t word;
    memcpy(&word, data, sizeof(word));
    return word;
#else
    uint64_t word = 0;
    for (size_t i = 0; i < sizeof(word); i++) {
        word |= (uint64_t)data[i] << (8 * i);
    }
    return word;
#endif
}

static inline struct siphash_key siphash_key_of(const uint8_t key[16])
{
    return (struct siphash_key){siphash_word(key), siphash_word(key + 8)};
}

static inline struct siphash_state siphash_begin(const struct siphash_key *key)
{
    return (struct siphash_state){
        key->k0 ^ 0x736f6d6570736575, /* "somepseudorandomlygeneratedbytes" */
        key->k1 ^ 0x646f72616e646f6d,
        key->k0 ^ 0x6c7967656e657261,
        key->k1 ^ 0x7465646279746573,
    };
}

static inline uint64_t siphash(const struct siphash_key *key, const uint8_t *data, size_t len)
{
    struct siphash_state s = siphash_begin(key);
    uint64_t last = (uint64_t)len << 56;
    size_t offset = 0;

    for (; len - offset >= 8; offset += 8) {
        siphash_absorb(&s, siphash_word(data + offset));
    }
    for (size_t i = 0; offset + i < len; i++) {
        last |= (uint64_t)data[offset + i] << (8 * i);
    }
    siphash_absorb(&s, last);
    s.v2 ^= 0xff;
    siphash_round(&s);
    siphash_round(&s);
    siphash_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}

#endif
