#include "dissect/net/tcp.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define IPV4 "45 00 00 00 12 34 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02"

static void options_are_skipped(void **state)
{
    (void)state;
    /* ports, sequence, acknowledgement, offset 8, SYN and ACK; MSS, SACK permitted, 6 no-ops */
    struct fixture fixture =
        fixture_hex(IPV4, "01 bb 9c 40 ff ff ff ff 00 00 00 01 80 12", "10 00 00 00 00 00",
                    "02 04 05 b4 04 02 01 01 01 01 01 01", (const char *)NULL);
    struct segment segment;

    for (size_t len = 0; len < fixture.len; len++) {
        assert_int_equal(fixture_parse(&fixture, len, 228, &segment), PACKET_TRUNCATED);
    }
    assert_int_equal(fixture_parse(&fixture, fixture.len, 228, &segment), PACKET_TCP);
    assert_int_equal(segment.source.port, 443);
    assert_int_equal(segment.sequence, UINT32_MAX);
    assert_int_equal(segment.flags, TCP_SYN | TCP_ACK);
    assert_int_equal(segment.payload_len, 0);
    fixture_free(&fixture);
}

static void all_eight_flags_are_kept(void **state)
{
    (void)state;
    struct fixture fixture = fixture_hex(
        IPV4, "00 01 00 02 00 00 00 00 00 00 00 00 50 ff 00 00 00 00 00 00", (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 228, &segment), PACKET_TCP);
    assert_int_equal(segment.flags, 0xff);
    fixture_free(&fixture);
}

static void a_header_shorter_than_its_fixed_part_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(228, IPV4 "00 01 00 02 00 00 00 00 00 00 00 00 40 10 00 00"
                                              "00 00 00 00 00 00 00 00"),
                     PACKET_MALFORMED);
    assert_int_equal(fixture_result(228, IPV4 "00 01 00 02 00 00 00 00 00 00 00 00 00 10 00 00"
                                              "00 00 00 00 00 00 00 00"),
                     PACKET_MALFORMED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(options_are_skipped),
        cmocka_unit_test(all_eight_flags_are_kept),
        cmocka_unit_test(a_header_shorter_than_its_fixed_part_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
