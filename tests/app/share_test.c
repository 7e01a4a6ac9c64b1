#include "app/share.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct segment segment_of(uint16_t client_port, uint8_t client)
{
    return (struct segment){
        .source = {.address = {[15] = client}, .port = client_port},
        .destination = {.address = {[15] = 200}, .port = 443},
    };
}

static void both_directions_have_the_same_share(void **state)
{
    (void)state;
    for (uint16_t port = 1; port < 2000; port++) {
        const struct segment there = segment_of(port, 7);
        const struct segment back = {.source = there.destination, .destination = there.source};
        const unsigned share = share_of_segment(&there, 42, 5);
        assert_in_range(share, 0, 4);
        assert_int_equal(share_of_segment(&back, 42, 5), share);
    }
}

static void ports_and_addresses_spread_over_all_shares(void **state)
{
    unsigned counts[4] = {0};

    (void)state;
    for (uint16_t i = 0; i < 4000; i++) {
        const struct segment by_port = segment_of((uint16_t)(40000 + i), 7);
        const struct segment by_address = segment_of(40000, (uint8_t)i);
        counts[share_of_segment(&by_port, 42, 4)]++;
        counts[share_of_segment(&by_address, 42, 4)]++;
    }
    for (size_t i = 0; i < 4; i++) {
        assert_in_range(counts[i], 1600, 2400);
    }
}

static void several_dissectors_have_the_limits_of_one(void **state)
{
    struct dissector_options whole;

    (void)state;
    dissector_options_init(&whole);
    const struct dissector_options one = share_of_options(&whole, 1);
    const struct dissector_options four = share_of_options(&whole, 4);
    assert_memory_equal(&one, &whole, sizeof(whole));
    assert_int_equal(four.max_conversations, whole.max_conversations / 4);
    assert_int_equal(four.max_handshakes, whole.max_handshakes / 4);
    assert_int_equal(four.max_datagram_flows, whole.max_datagram_flows / 4);
    assert_int_equal(four.max_buffer_bytes, whole.max_buffer_bytes / 4);
    assert_int_equal(four.max_fragment_bytes, 0);
    assert_true(whole.max_fragment_bytes > 0);
    whole.max_conversations = 3;
    assert_int_equal(share_of_options(&whole, 3).max_conversations, 2);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_have_the_same_share),
        cmocka_unit_test(ports_and_addresses_spread_over_all_shares),
        cmocka_unit_test(several_dissectors_have_the_limits_of_one),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
