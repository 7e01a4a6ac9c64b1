#include "dissect/net/prepare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct prepared prepared_of(uint8_t source, uint8_t destination, uint8_t transport)
{
    static const uint8_t key[16] = {7};
    const struct segment segment = {.source = {.address = {source}, .port = source},
                                    .destination = {.address = {destination}, .port = destination},
                                    .transport = transport};
    struct flow_hash hash;
    struct prepared prepared;

    flow_hash_init(&hash, key);
    prepare_segment(&hash, &segment, &prepared);
    return prepared;
}

static void both_directions_share_their_hash_and_nothing_else_does(void **state)
{
    const struct prepared there = prepared_of(1, 2, SEGMENT_TCP);
    const struct prepared back = prepared_of(2, 1, SEGMENT_TCP);

    (void)state;
    assert_int_equal(there.result, PACKET_TCP);
    assert_true(there.hash == back.hash);
    assert_int_not_equal(there.direction, back.direction);
    assert_int_equal(prepare_share(&there, 7), prepare_share(&back, 7));
    assert_false(prepared_of(1, 2, SEGMENT_UDP).hash == there.hash);
    assert_int_equal(prepared_of(1, 2, SEGMENT_UDP).result, PACKET_UDP);
    assert_false(prepared_of(1, 3, SEGMENT_TCP).hash == there.hash);
}

static void shares_are_even(void **state)
{
    unsigned counts[3] = {0};

    (void)state;
    for (unsigned i = 0; i < 30000; i++) {
        const struct prepared prepared =
            prepared_of((uint8_t)(i & 0xff), (uint8_t)(i >> 8), SEGMENT_TCP);
        counts[prepare_share(&prepared, 3)]++;
    }
    for (unsigned i = 0; i < 3; i++) {
        assert_in_range(counts[i], 9000, 11000);
    }
}

static void a_frame_without_a_segment_says_so(void **state)
{
    static const uint8_t key[16];
    static const uint8_t arp[14] = {[12] = 0x08, [13] = 0x06};
    const struct frame frame = {
        .captured_len = sizeof(arp), .wire_len = sizeof(arp), .link_type = 1, .data = arp};
    struct flow_hash hash;
    struct prepared prepared;

    (void)state;
    flow_hash_init(&hash, key);
    prepare_frame(&hash, &frame, &prepared);
    assert_int_equal(prepared.result, PACKET_NOT_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_share_their_hash_and_nothing_else_does),
        cmocka_unit_test(shares_are_even),
        cmocka_unit_test(a_frame_without_a_segment_says_so),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
