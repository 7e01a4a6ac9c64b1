#include "dissect/net/flow_hash.h"

#include "base/attributes.h"

#include <string.h>

#if defined(__x86_64__)
#include <cpuid.h>
#include <wmmintrin.h>
#endif

/* What is hashed of a flow, in the order of its endpoints. Of IPv4: 4 + 2 bytes each, and the
 * transport; else: the addresses, then the ports and the transport. */
enum { LONG_WORDS = 6 };

/* Tells one kind from the other, whatever the endpoints are. */
#define LONG_MARK (UINT64_C(1) << 63)

/* ---- The two hashes ---- */

/* The state's bits are nothing, so that one comparison with a mark tells whose it is, and how it
 * stands with it. */
static uint64_t with_bit(uint64_t hash)
{
    return (hash & ~(uint64_t)(FLOW_HASH_BIT - 1)) | FLOW_HASH_BIT;
}

#if defined(__x86_64__)

#define AES_CODE __attribute__((target("aes")))

AES_CODE static inline __m128i round_key(const struct flow_hash *hash, size_t at)
{
    return _mm_load_si128((const __m128i *)hash->round_keys[at]);
}

AES_CODE static inline __m128i block_of(uint64_t low, uint64_t high)
{
    return _mm_set_epi64x((int64_t)high, (int64_t)low);
}

AES_CODE static uint64_t aes_short(const struct flow_hash *hash, uint64_t low, uint64_t high)
{
    __m128i state = _mm_xor_si128(block_of(low, high), round_key(hash, 0));

#pragma GCC unroll 10
    for (size_t at = 1; at <= 10; at++) {
        state = _mm_aesenc_si128(state, round_key(hash, at));
    }
    return with_bit((uint64_t)_mm_cvtsi128_si64(state));
}

/* Four rounds after each block but the last, ten after that. */
AES_CODE static uint64_t aes_long(const struct flow_hash *hash, const uint64_t words[LONG_WORDS])
{
    __m128i state = round_key(hash, 0);

#pragma GCC unroll 18
    for (size_t at = 1; at <= FLOW_HASH_ROUNDS; at++) {
        if (at == 1 || at == 5 || at == 9) {
            const size_t word = at / 4 * 2;
            state = _mm_xor_si128(state, block_of(words[word], words[word + 1]));
        }
        state = _mm_aesenc_si128(state, round_key(hash, at));
    }
    return with_bit((uint64_t)_mm_cvtsi128_si64(state));
}

/* Asked of the processor itself: the compiler's own answer lies in globals that can be written. */
static bool can_aes(void)
{
    unsigned a;
    unsigned b;
    unsigned c;
    unsigned d;

    return __get_cpuid(1, &a, &b, &c, &d) != 0 && (c & bit_AES) != 0;
}

#else

static bool can_aes(void)
{
    return false;
}

#endif

/* Kept out of the way: where the processor has AES, only the round keys come from here. */
static COLD uint64_t sip(const struct flow_hash *hash, const uint64_t *words, size_t count)
{
    uint8_t bytes[LONG_WORDS * sizeof(*words)];

    memcpy(bytes, words, count * sizeof(*words));
    return siphash(&hash->siphash, bytes, count * sizeof(*words));
}

static COLD uint64_t sip_short(const struct flow_hash *hash, uint64_t low, uint64_t high)
{
    const uint64_t words[] = {low, high};

    return with_bit(sip(hash, words, sizeof(words) / sizeof(words[0])));
}

static inline uint64_t hash_short(const struct flow_hash *hash, uint64_t low, uint64_t high)
{
#if defined(__x86_64__)
    if (hash->has_aes) {
        return aes_short(hash, low, high);
    }
#endif
    return sip_short(hash, low, high);
}

static inline uint64_t hash_long(const struct flow_hash *hash, const uint64_t words[LONG_WORDS])
{
#if defined(__x86_64__)
    if (hash->has_aes) {
        return aes_long(hash, words);
    }
#endif
    return with_bit(sip(hash, words, LONG_WORDS));
}

void flow_hash_init_plain(struct flow_hash *hash, const uint8_t key[16])
{
    memset(hash, 0, sizeof(*hash));
    hash->siphash = siphash_key_of(key);
}

/* Round keys that do not depend on one another, as SipHash makes them. */
void flow_hash_init(struct flow_hash *hash, const uint8_t key[16])
{
    flow_hash_init_plain(hash, key);
    hash->has_aes = can_aes();
    for (size_t i = 0; i <= FLOW_HASH_ROUNDS; i++) {
        for (size_t half = 0; half < 2; half++) {
            const uint64_t number = 2 * i + half;
            hash->round_keys[i][half] = sip(hash, &number, 1);
        }
    }
}

/* ---- What is hashed ---- */

/* Endpoints as numbers, so that they can be put in order: any order will do, as long as it is one.
 */
struct numbers {
    uint64_t high;
    uint64_t low;
};

static struct numbers numbers_of(const struct endpoint *endpoint)
{
    struct numbers numbers;

    memcpy(&numbers.high, endpoint->address, sizeof(numbers.high));
    memcpy(&numbers.low, endpoint->address + 8, sizeof(numbers.low));
    return numbers;
}

/* ::ffff:a.b.c.d */
static bool is_ipv4(const struct endpoint *endpoint)
{
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};

    return memcmp(endpoint->address, mapped, sizeof(mapped)) == 0;
}

static uint64_t ipv4_number(const struct endpoint *endpoint)
{
    return flow_hash_ipv4_end(endpoint->address + 12, endpoint->port);
}

static bool is_after(const struct endpoint *a, const struct endpoint *b)
{
    const struct numbers first = numbers_of(a);
    const struct numbers second = numbers_of(b);

    if (first.high != second.high) {
        return first.high > second.high;
    }
    return first.low != second.low ? first.low > second.low : a->port > b->port;
}

static NOINLINE uint64_t hash_any(const struct flow_hash *hash, const struct segment *segment,
                                  unsigned *direction)
{
    const bool is_turned = is_after(&segment->source, &segment->destination);
    const struct endpoint *a = is_turned ? &segment->destination : &segment->source;
    const struct endpoint *b = is_turned ? &segment->source : &segment->destination;
    const struct numbers numbers[2] = {numbers_of(a), numbers_of(b)};
    const uint64_t ports = (uint64_t)a->port << 16 | b->port;
    const uint64_t words[LONG_WORDS] = {
        numbers[0].high, numbers[0].low,     numbers[1].high,
        numbers[1].low,  segment->transport, LONG_MARK | ports,
    };

    *direction = is_turned;
    return hash_long(hash, words);
}

uint64_t flow_hash_of_ipv4(const struct flow_hash *hash, uint64_t source, uint64_t destination,
                           uint8_t transport)
{
    const uint64_t a = source > destination ? destination : source;
    const uint64_t b = source > destination ? source : destination;

    return hash_short(hash, a | b << 48, b >> 16 | (uint64_t)transport << 32);
}

uint64_t flow_hash_of(const struct flow_hash *hash, const struct segment *segment,
                      unsigned *direction)
{
    if (!is_ipv4(&segment->source) || !is_ipv4(&segment->destination)) {
        return hash_any(hash, segment, direction);
    }
    const uint64_t source = ipv4_number(&segment->source);
    const uint64_t destination = ipv4_number(&segment->destination);

    *direction = source > destination;
    return flow_hash_of_ipv4(hash, source, destination, segment->transport);
}
