#include "dissect/net/siphash.h"

#include <string.h>

struct state {
    uint64_t v0, v1, v2, v3;
};

static inline uint64_t rotate(uint64_t x, unsigned bits)
{
    return x << bits | x >> (64 - bits);
}

static inline void sip_round(struct state *s)
{
    s->v0 += s->v1;
    s->v1 = rotate(s->v1, 13) ^ s->v0;
    s->v0 = rotate(s->v0, 32);
    s->v2 += s->v3;
    s->v3 = rotate(s->v3, 16) ^ s->v2;
    s->v0 += s->v3;
    s->v3 = rotate(s->v3, 21) ^ s->v0;
    s->v2 += s->v1;
    s->v1 = rotate(s->v1, 17) ^ s->v2;
    s->v2 = rotate(s->v2, 32);
}

static inline void absorb(struct state *s, uint64_t word)
{
    s->v3 ^= word;
    sip_round(s);
    s->v0 ^= word;
}

/* SipHash reads words in little-endian order. */
static uint64_t word_le(const uint8_t *data)
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

struct siphash_key siphash_key_of(const uint8_t key[16])
{
    return (struct siphash_key){word_le(key), word_le(key + 8)};
}

uint64_t siphash(const struct siphash_key *key, const uint8_t *data, size_t len)
{
    struct state s = {
        key->k0 ^ 0x736f6d6570736575, /* "somepseudorandomlygeneratedbytes" */
        key->k1 ^ 0x646f72616e646f6d,
        key->k0 ^ 0x6c7967656e657261,
        key->k1 ^ 0x7465646279746573,
    };
    uint64_t last = (uint64_t)len << 56;
    size_t offset = 0;

    for (; len - offset >= 8; offset += 8) {
        absorb(&s, word_le(data + offset));
    }
    for (size_t i = 0; offset + i < len; i++) {
        last |= (uint64_t)data[offset + i] << (8 * i);
    }
    absorb(&s, last);
    s.v2 ^= 0xff;
    sip_round(&s);
    sip_round(&s);
    sip_round(&s);
    return s.v0 ^ s.v1 ^ s.v2 ^ s.v3;
}
