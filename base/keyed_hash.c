#include "base/keyed_hash.h"

#include "base/siphash.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

enum { WORD_BYTES = 8, ENTROPY_MAX = 256 /* of getentropy */ };

struct keyed_hash {
    struct siphash_key key;
};

struct keyed_hash *keyed_hash_new(const uint8_t key[KEYED_HASH_KEY_BYTES], struct error *error)
{
    struct keyed_hash *hash = malloc(sizeof(*hash));

    if (hash == NULL) {
        (void)error_set(error, "no memory to hash with");
        return NULL;
    }
    hash->key = siphash_key_of(key);
    return hash;
}

void keyed_hash_free(struct keyed_hash *hash)
{
    free(hash);
}

/* SipHash-2-4: two rounds a word, four at the end. */
static void absorb(struct siphash_state *s, uint64_t word)
{
    s->v3 ^= word;
    siphash_round(s);
    siphash_round(s);
    s->v0 ^= word;
}

static uint64_t half(struct siphash_state *s)
{
    for (unsigned i = 0; i < 4; i++) {
        siphash_round(s);
    }
    return s->v0 ^ s->v1 ^ s->v2 ^ s->v3;
}

/* In little-endian order, as it is read. */
static void put_word(uint64_t word, uint8_t *out)
{
    const uint64_t in_order =
        __BYTE_ORDER__ == __ORDER_LITTLE_ENDIAN__ ? word : __builtin_bswap64(word);

    memcpy(out, &in_order, sizeof(in_order));
}

/* Byte by byte: where there is no whole word to read. */
static uint64_t short_word(uint8_t domain, const uint8_t *data, size_t len)
{
    uint64_t word = domain;

    for (size_t i = 0; i < len; i++) {
        word |= (uint64_t)data[i] << 8 * (i + 1);
    }
    return word;
}

/* The last bytes of what is hashed, fewer than a word, and above them the length of all. */
static uint64_t last_word(uint8_t domain, const uint8_t *data, size_t len)
{
    const size_t total = len + 1;
    const size_t left = total % WORD_BYTES;
    uint64_t word = 0;

    if (total < WORD_BYTES) {
        word = short_word(domain, data, len);
    } else if (left > 0) {
        word = siphash_word(data + len - WORD_BYTES) >> 8 * (WORD_BYTES - left);
    }
    return word | (uint64_t)total << 56;
}

/* What is hashed begins with its domain. */
static uint64_t first_word(uint8_t domain, const uint8_t *data, size_t len)
{
    return len >= WORD_BYTES ? siphash_word(data) << 8 | domain : short_word(domain, data, len);
}

void keyed_hash_of(const struct keyed_hash *hash, uint8_t domain, const uint8_t *data, size_t len,
                   uint8_t out[KEYED_HASH_BYTES])
{
    struct siphash_state s = siphash_begin(&hash->key);

    s.v1 ^= 0xee; /* 128 bits */
    if (len + 1 >= WORD_BYTES) {
        absorb(&s, first_word(domain, data, len));
    }
    for (size_t offset = WORD_BYTES; offset + WORD_BYTES <= len + 1; offset += WORD_BYTES) {
        absorb(&s, siphash_word(data + offset - 1));
    }
    absorb(&s, last_word(domain, data, len));
    s.v2 ^= 0xee;
    put_word(half(&s), out);
    s.v1 ^= 0xdd;
    put_word(half(&s), out + WORD_BYTES);
}

bool keyed_hash_random(uint8_t *out, size_t len)
{
    return len <= ENTROPY_MAX && getentropy(out, len) == 0;
}
