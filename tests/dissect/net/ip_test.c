#include "dissect/net/ip.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* The first eight bytes of IPv6 with a next header, payload length left 0; then addresses. */
#define IPV6_BEFORE(next)                                                                          \
    "60 00 00 00 00 00" next "40"                                                                  \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"                                              \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02"
#define TCP "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00 61 62 63 64"
#define IPV4_PROTOCOL(protocol)                                                                    \
    "45 00 00 00 00 00 40 00 40" protocol "00 00 0a 00 00 01 0a 00 00 02"

static void check_ipv6_chain(const char *hex)
{
    struct fixture fixture = fixture_hex(hex, TCP, (const char *)NULL);
    struct segment segment;

    for (size_t len = 0; len <= fixture.len; len++) {
        const enum packet_result result = fixture_parse(&fixture, len, 229, &segment);
        assert_int_equal(result, len + 4 < fixture.len ? PACKET_TRUNCATED : PACKET_TCP);
    }
    assert_int_equal(segment.source.port, 40000);
    assert_int_equal(segment.source.address[15], 1);
    assert_int_equal(segment.payload_len, 4);
    fixture_free(&fixture);
}

static void ipv4_options_are_skipped(void **state)
{
    (void)state;
    struct fixture fixture =
        fixture_hex("46 00 00 30 12 34 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02 94 04 00 00", TCP,
                    (const char *)NULL);
    struct segment segment;

    for (size_t len = 0; len <= fixture.len; len++) {
        const enum packet_result result = fixture_parse(&fixture, len, 228, &segment);
        assert_int_equal(result, len + 4 < fixture.len ? PACKET_TRUNCATED : PACKET_TCP);
    }
    assert_int_equal(segment.destination.port, 443);
    assert_int_equal(segment.payload_len, 4);
    fixture_free(&fixture);
}

static void ipv4_addresses_are_mapped(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, ""); /* compares all 16 bytes of both */
}

static void an_ipv4_header_that_contradicts_itself_is_malformed(void **state)
{
    (void)state;
    const char *const headers[] = {
        "44 00 00 2c 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP, /* 16 bytes long */
        "40 00 00 2c 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP,
        "65 00 00 2c 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP, /* version 6 */
        "45 00 00 13 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP, /* 19 bytes in all */
        "46 00 00 17 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02 01 01 01 01" TCP,
    };

    for (size_t i = 0; i < sizeof(headers) / sizeof(headers[0]); i++) {
        assert_int_equal(fixture_result(228, headers[i]), PACKET_MALFORMED);
    }
}

/* 39 bytes in all: the TCP header is cut by IP's own length, though the frame goes on. */
static void the_total_length_can_cut_tcp(void **state)
{
    (void)state;
    assert_int_equal(
        fixture_result(228, "45 00 00 27 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP),
        PACKET_TRUNCATED);
}

static void ipv4_fragments_are_told(void **state)
{
    (void)state;
    assert_int_equal(
        fixture_result(228, "45 00 00 2c 00 00 20 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP),
        PACKET_FRAGMENT); /* the first */
    assert_int_equal(
        fixture_result(228, "45 00 00 2c 00 00 00 b9 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP),
        PACKET_FRAGMENT); /* the last */
    assert_int_equal(
        fixture_result(228, "45 00 00 2c 00 00 80 00 40 06 00 00 c0 00 02 01 c6 33 64 02" TCP),
        PACKET_TCP); /* the reserved bit is no fragment */
}

static void other_protocols_are_not_tcp(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(228, IPV4_PROTOCOL("01") "08 00 00 00"),
                     PACKET_OTHER_TRANSPORT);
    assert_int_equal(fixture_result(228, IPV4_PROTOCOL("32") "00 00 00 00"),
                     PACKET_OTHER_TRANSPORT);
    assert_int_equal(fixture_result(229, IPV6_BEFORE("3a") "80 00 00 00"), PACKET_OTHER_TRANSPORT);
    assert_int_equal(fixture_result(229, IPV6_BEFORE("3b")),
                     PACKET_OTHER_TRANSPORT); /* no next header */
}

static void ip_lies_in_ip(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, IPV4_PROTOCOL("04"));
    fixture_leads_to_ipv6(228, IPV4_PROTOCOL("29"));
    fixture_leads_to_ipv4(229, IPV6_BEFORE("04"));
    fixture_leads_to_ipv6(229, IPV6_BEFORE("29"));
    fixture_leads_to_ipv4(228, IPV4_PROTOCOL("89") "00 01 01 40"); /* MPLS in IP */
}

static void ipv6_extension_headers_are_skipped(void **state)
{
    (void)state;
    check_ipv6_chain(IPV6_BEFORE("06"));
    check_ipv6_chain(IPV6_BEFORE("00") "06 00 05 02 00 00 01 00");
    check_ipv6_chain(IPV6_BEFORE("2b") "06 02 00 00 00 00 00 00"
                                       "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 09");
    check_ipv6_chain(IPV6_BEFORE("3c") "06 01 01 0c 00 00 00 00 00 00 00 00 00 00 00 00");
    check_ipv6_chain(IPV6_BEFORE("33") "06 04 00 00 00 00 00 01 00 00 00 01"
                                       "aa aa aa aa aa aa aa aa aa aa aa aa");
    check_ipv6_chain(IPV6_BEFORE("00") "3c 00 05 02 00 00 01 00" /* hop-by-hop, destination, */
                                       "2c 00 01 04 00 00 00 00" /* fragment, */
                                       "06 00 00 00 12 34 56 78");
}

static void an_ipv6_fragment_that_is_the_whole_is_none(void **state)
{
    (void)state;
    check_ipv6_chain(IPV6_BEFORE("2c") "06 00 00 00 12 34 56 78");
    check_ipv6_chain(IPV6_BEFORE("2c") "06 00 00 06 12 34 56 78"); /* reserved bits */
    assert_int_equal(fixture_result(229, IPV6_BEFORE("2c") "06 00 00 01 12 34 56 78" TCP),
                     PACKET_FRAGMENT);
    assert_int_equal(fixture_result(229, IPV6_BEFORE("2c") "06 00 00 08 12 34 56 78" TCP),
                     PACKET_FRAGMENT);
}

static void ipv6_of_another_version_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(229, FIXTURE_IPV4_TCP), PACKET_MALFORMED);
}

static void padding_behind_ipv6_is_dropped(void **state)
{
    (void)state;
    struct fixture fixture = fixture_hex(FIXTURE_IPV6_TCP, "00 00 00 00", (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 229, &segment), PACKET_TCP);
    assert_int_equal(segment.payload.len, 4);
    assert_int_equal(segment.payload_len, 4);
    fixture_free(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ipv4_options_are_skipped),
        cmocka_unit_test(ipv4_addresses_are_mapped),
        cmocka_unit_test(an_ipv4_header_that_contradicts_itself_is_malformed),
        cmocka_unit_test(the_total_length_can_cut_tcp),
        cmocka_unit_test(ipv4_fragments_are_told),
        cmocka_unit_test(other_protocols_are_not_tcp),
        cmocka_unit_test(ip_lies_in_ip),
        cmocka_unit_test(ipv6_extension_headers_are_skipped),
        cmocka_unit_test(an_ipv6_fragment_that_is_the_whole_is_none),
        cmocka_unit_test(ipv6_of_another_version_is_malformed),
        cmocka_unit_test(padding_behind_ipv6_is_dropped),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
