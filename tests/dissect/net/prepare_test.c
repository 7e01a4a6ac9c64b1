#include "dissect/net/prepare.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

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

/* Ethernet, IPv4 and TCP: a payload of the given first byte behind an option of four bytes. */
static const uint8_t plain[] = {
    2,    0,    0,    0,    0,   2,  2,    0, 0,  0,  0,  1,  0x08, 0x00,       /* Ethernet */
    0x45, 0,    0,    45,   0,   0,  0x40, 0, 64, 6,  0,  0,                    /* IPv4 */
    192,  0,    2,    1,    198, 51, 100,  2,                                   /* its addresses */
    0x9c, 0x40, 0x01, 0xbb, 1,   2,  3,    4, 10, 11, 12, 13, 0x60, 0x18, 0, 1, /* TCP */
    0,    0,    0,    0,    1,   1,  1,    1, 22 /* option, payload */
};

/* From a heap block of just that size. */
static struct prepared prepared_frame(const uint8_t *bytes, size_t len, struct segment *segment)
{
    static const uint8_t key[16] = {7};
    uint8_t *exact = malloc(len > 0 ? len : 1);
    struct flow_hash hash;
    struct prepared prepared;

    assert_non_null(exact);
    memcpy(exact, bytes, len);
    const struct frame frame = {
        .captured_len = (uint32_t)len, .wire_len = sizeof(plain), .link_type = 1, .data = exact};
    flow_hash_init(&hash, key);
    prepare_frame(&hash, &frame, &prepared);
    if (prepared.result == PACKET_TCP) {
        *segment = *prepared_segment(&prepared, &frame);
    }
    free(exact);
    return prepared;
}

static void a_plain_frame_is_what_its_segment_is(void **state)
{
    static const uint8_t key[16] = {7};
    struct segment segment = {.flags = 0};
    struct flow_hash hash;
    unsigned direction;
    const struct prepared prepared = prepared_frame(plain, sizeof(plain), &segment);

    (void)state;
    flow_hash_init(&hash, key);
    assert_int_equal(prepared.result, PACKET_TCP);
    assert_true(prepared.hash == flow_hash_of(&hash, &segment, &direction));
    assert_int_equal(prepared.direction, direction);
    assert_int_equal(prepared.flags, TCP_PSH | TCP_ACK);
    assert_int_equal(prepared.first, 22);
    assert_int_equal(segment.sequence, 0x01020304);
    assert_int_equal(segment.payload.len, 1);
}

/* Cut behind its headers it has no first byte; before, it is no segment at all. */
static void a_plain_frame_that_is_cut_is_not_looked_at_further(void **state)
{
    struct segment segment = {.payload_len = 0};

    (void)state;
    assert_int_equal(prepared_frame(plain, sizeof(plain) - 1, &segment).first, PACKET_NO_BYTE);
    assert_int_equal(segment.payload_len, 1);
    for (size_t len = 0; len < sizeof(plain) - 1; len++) {
        assert_int_equal(prepared_frame(plain, len, &segment).result, PACKET_TRUNCATED);
    }
}

/* Each of these fields makes it walk, whatever it comes to: what it says is the segment's own. */
static void a_frame_that_is_not_plain_is_prepared_all_the_same(void **state)
{
    static const struct {
        size_t at;
        uint8_t value;
        enum packet_result result;
    } cases[] = {
        {13, 0x06, PACKET_NOT_IP},    {14, 0x46, PACKET_MALFORMED}, {20, 0x20, PACKET_FRAGMENT},
        {21, 0x01, PACKET_FRAGMENT},  {23, 17, PACKET_UDP},         {46, 0x40, PACKET_MALFORMED},
        {46, 0xf0, PACKET_TRUNCATED}, {17, 39, PACKET_TRUNCATED},   {17, 0, PACKET_TCP},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint8_t bytes[sizeof(plain)];
        struct segment segment = {.flags = 0};
        memcpy(bytes, plain, sizeof(plain));
        bytes[cases[i].at] = cases[i].value;
        const struct prepared prepared = prepared_frame(bytes, sizeof(bytes), &segment);
        assert_int_equal(prepared.result, cases[i].result);
        if (prepared.result == PACKET_TCP) {
            assert_int_equal(prepared.flags, segment.flags);
        }
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
        cmocka_unit_test(a_plain_frame_is_what_its_segment_is),
        cmocka_unit_test(a_plain_frame_that_is_cut_is_not_looked_at_further),
        cmocka_unit_test(a_frame_that_is_not_plain_is_prepared_all_the_same),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
