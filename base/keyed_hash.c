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
    for (unsigned i = 0; i < WORD_BYTES; i++) {
        out[i] = (uint8_t)(word >> 8 * i);
    }
}

/* The bytes from offset on of what is hashed, which begins with its domain: a whole word, or its
 * last bytes with the length of all above them. */
static uint64_t word_at(size_t offset, uint8_t domain, const uint8_t *data, size_t len)
{
    const size_t total = len + 1;
    uint64_t word = 0;

    if (offset > 0 && total - offset >= WORD_BYTES) {
        return siphash_word(data + offset - 1);
    }
    for (size_t i = 0; i < WORD_BYTES && offset + i < total; i++) {
        const uint8_t byte = offset + i == 0 ? domain : data[offset + i - 1];
        word |= (uint64_t)byte << 8 * i;
    }
    return total - offset >= WORD_BYTES ? word : word | (uint64_t)total << 56;
}

void keyed_hash_of(const struct keyed_hash *hash, uint8_t domain, const uint8_t *data, size_t len,
                   uint8_t out[KEYED_HASH_BYTES])
{
    struct siphash_state s = siphash_begin(&hash->key);
    size_t offset = 0;

    s.v1 ^= 0xee; /* 128 bits */
    for (; offset + WORD_BYTES <= len + 1; offset += WORD_BYTES) {
        absorb(&s, word_at(offset, domain, data, len));
    }
    absorb(&s, word_at(offset, domain, data, len));
    s.v2 ^= 0xee;
    put_word(half(&s), out);
    s.v1 ^= 0xdd;
    put_word(half(&s), out + WORD_BYTES);
}

bool keyed_hash_random(uint8_t *out, size_t len)
{
    return len <= ENTROPY_MAX && getentropy(out, len) == 0;
}
