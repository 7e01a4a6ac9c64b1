/* Both hashes, that with AES and that without: where the processor has no AES they are one. */
#include "dissect/net/flow_hash.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[16] = {1, 2, 3};
static const uint8_t other_key[16] = {1, 2, 4};

static struct endpoint ipv4(uint32_t address, uint16_t port)
{
    struct endpoint endpoint = {.address = {[10] = 0xff, [11] = 0xff}, .port = port};

    memcpy(endpoint.address + 12, &address, sizeof(address));
    return endpoint;
}

static struct endpoint ipv6(uint64_t address, uint16_t port)
{
    struct endpoint endpoint = {.address = {0x20, 1, 0x0d, 0xb8}, .port = port};

    memcpy(endpoint.address + 8, &address, sizeof(address));
    return endpoint;
}

static struct segment between(struct endpoint source, struct endpoint destination)
{
    return (struct segment){.source = source, .destination = destination, .transport = SEGMENT_TCP};
}

static struct segment back(const struct segment *segment)
{
    return between(segment->destination, segment->source);
}

static uint64_t hash_of(const struct flow_hash *hash, const struct segment *segment)
{
    unsigned direction;

    return flow_hash_of(hash, segment, &direction);
}

/* Runs a check with both hashes. */
static void with_both(void (*check)(const struct flow_hash *hash))
{
    struct flow_hash hash;

    flow_hash_init(&hash, key);
    check(&hash);
    flow_hash_init_plain(&hash, key);
    check(&hash);
}

static void check_directions(const struct flow_hash *hash)
{
    const struct segment flows[] = {
        between(ipv4(1, 40000), ipv4(2, 443)),   between(ipv4(7, 1), ipv4(7, 2)),
        between(ipv6(1, 40000), ipv6(2, 443)),   between(ipv6(7, 1), ipv6(7, 2)),
        between(ipv4(1, 40000), ipv6(2, 443)),   between(ipv6(UINT64_MAX, 1), ipv6(1, 65535)),
        between(ipv4(UINT32_MAX, 1), ipv4(0, 9))};

    for (size_t i = 0; i < sizeof(flows) / sizeof(flows[0]); i++) {
        const struct segment answer = back(&flows[i]);
        unsigned there;
        unsigned here;
        assert_true(flow_hash_of(hash, &flows[i], &there) == flow_hash_of(hash, &answer, &here));
        assert_int_equal(there + here, 1);
    }
}

static void both_directions_have_one_hash(void **state)
{
    (void)state;
    with_both(check_directions);
}

static void check_itself(const struct flow_hash *hash)
{
    const struct segment loop = between(ipv4(1, 5), ipv4(1, 5));
    unsigned direction = 9;

    (void)flow_hash_of(hash, &loop, &direction);
    assert_int_equal(direction, 0);
}

static void an_endpoint_that_talks_to_itself_has_one_direction(void **state)
{
    (void)state;
    with_both(check_itself);
}

static void check_every_part(const struct flow_hash *hash)
{
    const struct segment flow = between(ipv4(1, 40000), ipv4(2, 443));
    struct segment udp = flow;
    const struct segment others[] = {
        between(ipv4(3, 40000), ipv4(2, 443)), between(ipv4(1, 40001), ipv4(2, 443)),
        between(ipv4(1, 40000), ipv4(3, 443)), between(ipv4(1, 40000), ipv4(2, 444)),
        between(ipv4(1, 443), ipv4(2, 40000))};
    const struct segment long_flow = between(ipv6(1, 40000), ipv6(2, 443));
    const struct segment long_others[] = {
        between(ipv6(3, 40000), ipv6(2, 443)), between(ipv6(1, 40001), ipv6(2, 443)),
        between(ipv6(1, 40000), ipv6(3, 443)), between(ipv6(1, 40000), ipv6(2, 444)),
        between(ipv6(1, 443), ipv6(2, 40000))};

    udp.transport = SEGMENT_UDP;
    assert_false(hash_of(hash, &flow) == hash_of(hash, &udp));
    assert_false(hash_of(hash, &flow) == hash_of(hash, &long_flow));
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_false(hash_of(hash, &flow) == hash_of(hash, &others[i]));
        assert_false(hash_of(hash, &long_flow) == hash_of(hash, &long_others[i]));
    }
}

static void every_part_of_the_endpoints_counts(void **state)
{
    (void)state;
    with_both(check_every_part);
}

static void another_key_is_another_hash(void **state)
{
    const struct segment flow = between(ipv4(1, 40000), ipv4(2, 443));
    struct flow_hash hash;
    struct flow_hash other;

    (void)state;
    flow_hash_init(&hash, key);
    flow_hash_init(&other, other_key);
    assert_false(hash_of(&hash, &flow) == hash_of(&other, &flow));
    flow_hash_init_plain(&hash, key);
    flow_hash_init_plain(&other, other_key);
    assert_false(hash_of(&hash, &flow) == hash_of(&other, &flow));
}

static int compare(const void *a, const void *b)
{
    const uint64_t first = *(const uint64_t *)a;
    const uint64_t second = *(const uint64_t *)b;

    return (first > second) - (first < second);
}

enum { CHOSEN = 100000 };

/* Endpoints that a sum, an exclusive or, or a CRC of addresses and ports cannot tell apart. */
static struct segment chosen(unsigned how, uint32_t n)
{
    const uint16_t port = (uint16_t)(n & 0x7fff);

    switch (how) {
    case 0: /* one sum of ports, one of addresses */
        return between(ipv4(1000000 - n, port), ipv4(2000000 + n, (uint16_t)(65535 - port)));
    case 1: /* one exclusive or */
        return between(ipv4(n, port), ipv4(n ^ 0x55555555, (uint16_t)(port ^ 0x5555)));
    case 2: /* neighbours */
        return between(ipv4(0x0a000001, (uint16_t)n), ipv4(0x0a000002 + (n >> 16), 443));
    default: /* IPv6: halves that cancel out */
        return between(ipv6(n, port), ipv6(n ^ UINT64_C(0x5555555555555555), port));
    }
}

/* Of 100 000 flows in 4096 buckets each bucket has 24, give or take 5 (its standard deviation). */
static void assert_spread(const uint64_t *hashes, unsigned shift)
{
    enum { BUCKETS = 4096 };
    static unsigned counts[BUCKETS];

    memset(counts, 0, sizeof(counts));
    for (size_t i = 0; i < CHOSEN; i++) {
        const unsigned bucket = (unsigned)(hashes[i] >> shift) % BUCKETS;
        assert_true(++counts[bucket] < 24 + 8 * 5);
    }
}

static void check_chosen(const struct flow_hash *hash)
{
    static uint64_t hashes[CHOSEN];

    for (unsigned how = 0; how < 4; how++) {
        for (uint32_t n = 0; n < CHOSEN; n++) {
            const struct segment flow = chosen(how, n);
            hashes[n] = hash_of(hash, &flow);
        }
        for (unsigned shift = FLOW_STATE_BITS + 1; shift <= 52; shift += 11) {
            assert_spread(hashes, shift);
        }
        qsort(hashes, CHOSEN, sizeof(hashes[0]), compare);
        for (size_t i = 1; i < CHOSEN; i++) {
            assert_false(hashes[i] == hashes[i - 1]);
        }
    }
}

static void endpoints_chosen_to_collide_spread_like_any_others(void **state)
{
    (void)state;
    with_both(check_chosen);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_have_one_hash),
        cmocka_unit_test(an_endpoint_that_talks_to_itself_has_one_direction),
        cmocka_unit_test(every_part_of_the_endpoints_counts),
        cmocka_unit_test(another_key_is_another_hash),
        cmocka_unit_test(endpoints_chosen_to_collide_spread_like_any_others),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
