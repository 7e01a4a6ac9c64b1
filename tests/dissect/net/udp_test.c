#include "dissect/net/udp.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

/* 10.0.0.1:49152 to 10.0.0.2:53, length and checksum; payload "abcd". */
#define DATAGRAM(len) FIXTURE_IPV4_UDP "c0 00 00 35" len "00 00 61 62 63 64"

static void a_datagram_has_endpoints_and_payload_and_no_sequence(void **state)
{
    (void)state;
    struct fixture fixture = fixture_hex(DATAGRAM("00 0c"), (const char *)NULL);
    struct segment segment;

    memset(&segment, 0xee, sizeof(segment));
    assert_int_equal(fixture_parse(&fixture, fixture.len, 228, &segment), PACKET_UDP);
    assert_int_equal(segment.transport, SEGMENT_UDP);
    assert_int_equal(segment.time_ns, 1234);
    assert_int_equal(segment.source.port, 49152);
    assert_int_equal(segment.destination.port, 53);
    assert_int_equal(segment.source.address[15], 1);
    assert_int_equal(segment.destination.address[15], 2);
    assert_int_equal(segment.sequence, 0);
    assert_int_equal(segment.acknowledgement, 0);
    assert_int_equal(segment.flags, 0);
    assert_int_equal(segment.payload.len, 4);
    assert_int_equal(segment.payload_len, 4);
    fixture_free(&fixture);
}

static void a_header_cut_short_is_truncated_at_every_length(void **state)
{
    (void)state;
    struct fixture fixture = fixture_hex(DATAGRAM("00 0c"), (const char *)NULL);
    struct segment segment;

    for (size_t len = 0; len < fixture.len; len++) {
        const enum packet_result result = fixture_parse(&fixture, len, 228, &segment);
        assert_int_equal(result, len < 28 ? PACKET_TRUNCATED : PACKET_UDP);
        if (result == PACKET_UDP) {
            assert_int_equal(segment.payload.len, len - 28);
            assert_int_equal(segment.payload_len, 4); /* the length says what was cut */
        }
    }
    fixture_free(&fixture);
}

static uint32_t payload_len_of(const char *hex)
{
    struct fixture fixture = fixture_hex(hex, (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 228, &segment), PACKET_UDP);
    fixture_free(&fixture);
    return segment.payload_len;
}

static void the_length_field_only_shortens(void **state)
{
    (void)state;
    assert_int_equal(payload_len_of(DATAGRAM("00 08")), 0);
    assert_int_equal(payload_len_of(DATAGRAM("00 0a")), 2);
    assert_int_equal(payload_len_of(DATAGRAM("00 00")), 4); /* none: IP decides */
    assert_int_equal(payload_len_of(DATAGRAM("ff ff")), 4); /* more than IP has */
}

static void a_length_below_the_headers_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(228, DATAGRAM("00 01")), PACKET_MALFORMED);
    assert_int_equal(fixture_result(228, DATAGRAM("00 07")), PACKET_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_has_endpoints_and_payload_and_no_sequence),
        cmocka_unit_test(a_header_cut_short_is_truncated_at_every_length),
        cmocka_unit_test(the_length_field_only_shortens),
        cmocka_unit_test(a_length_below_the_headers_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
