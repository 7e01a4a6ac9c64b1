#include "tests/bench/random.h"

#include <string.h>

struct random random_of(uint64_t seed, uint64_t tag)
{
    struct random random = {seed ^ (tag * 0xd1342543de82ef95U)};

    random.state = random_next(&random);
    return random;
}

/* SplitMix64 (Steele, Lea, Flood, 2014). */
uint64_t random_next(struct random *random)
{
    random->state += 0x9e3779b97f4a7c15U;
    uint64_t z = random->state;
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9U;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebU;
    return z ^ (z >> 31);
}

uint32_t random_below(struct random *random, uint32_t bound)
{
    return (uint32_t)(((random_next(random) >> 32) * bound) >> 32);
}

uint32_t random_between(struct random *random, uint32_t low, uint32_t high)
{
    return low + random_below(random, high - low + 1);
}

void random_fill(struct random *random, uint8_t *out, size_t len)
{
    while (len > 0) {
        const uint64_t value = random_next(random);
        const size_t count = len < sizeof(value) ? len : sizeof(value);
        memcpy(out, &value, count);
        out += count;
        len -= count;
    }
}
