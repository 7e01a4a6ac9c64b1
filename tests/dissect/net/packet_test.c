#include "dissect/net/packet.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void every_result_has_a_name_of_its_own(void **state)
{
    (void)state;
    for (enum packet_result a = PACKET_TCP; a < PACKET_RESULT_COUNT; a++) {
        assert_non_null(packet_result_name(a));
        for (enum packet_result b = PACKET_TCP; b < a; b++) {
            assert_string_not_equal(packet_result_name(a), packet_result_name(b));
        }
    }
    assert_string_equal(packet_result_name(PACKET_NOT_IP), "not-ip");
    assert_string_equal(packet_result_name(PACKET_FRAGMENT), "fragment");
}

static void an_unknown_link_type_is_said_to_be_unknown(void **state)
{
    (void)state;
    assert_false(packet_knows_link(147)); /* LINKTYPE_USER0 */
    assert_false(packet_knows_link(-1));
    assert_true(packet_knows_link(1));
    assert_int_equal(fixture_result(147, FIXTURE_ETHERNET FIXTURE_IPV4_TCP), PACKET_UNKNOWN_LINK);
}

static void an_empty_frame_is_truncated_whatever_its_link(void **state)
{
    (void)state;
    struct packet packet;
    const struct frame frame = {.link_type = 1, .data = NULL};

    assert_int_equal(packet_parse(&frame, &packet), PACKET_TRUNCATED);
    for (int link_type = 0; link_type < 300; link_type++) {
        if (packet_knows_link(link_type)) {
            assert_int_not_equal(fixture_result(link_type, ""), PACKET_TCP);
        }
    }
}

/* Ethernet padding to 60 bytes behind an IPv4 datagram of 40. */
static void padding_is_not_payload(void **state)
{
    (void)state;
    struct fixture fixture =
        fixture_hex(FIXTURE_ETHERNET, "45 00 00 28 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02",
                    "9c 40 01 bb 00 00 00 01 00 00 00 02 50 10 01 00 00 00 00 00",
                    "00 00 00 00 00 00", (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 1, &segment), PACKET_TCP);
    assert_int_equal(segment.payload.len, 0);
    assert_int_equal(segment.payload_len, 0);
    fixture_free(&fixture);
}

static void a_datagram_longer_than_the_frame_was_cut(void **state)
{
    (void)state;
    struct fixture fixture =
        fixture_hex(FIXTURE_ETHERNET, "45 00 05 dc 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02",
                    "9c 40 01 bb 00 00 00 01 00 00 00 02 50 10 01 00 00 00 00 00", "61 62 63",
                    (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 1, &segment), PACKET_TCP);
    assert_int_equal(segment.payload.len, 3);
    assert_int_equal(segment.payload_len, 1460);
    fixture_free(&fixture);
}

static void without_a_total_length_the_frame_decides(void **state)
{
    (void)state;
    struct fixture fixture =
        fixture_hex(FIXTURE_ETHERNET, "45 00 00 00 00 00 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02",
                    "9c 40 01 bb 00 00 00 01 00 00 00 02 50 10 01 00 00 00 00 00",
                    "61 62 63 64 65 66", (const char *)NULL);
    struct segment segment;

    assert_int_equal(fixture_parse(&fixture, fixture.len, 1, &segment), PACKET_TCP);
    assert_int_equal(segment.payload.len, 6);
    assert_int_equal(segment.payload_len, 6);
    assert_int_equal(fixture_parse(&fixture, fixture.len - 4, 1, &segment), PACKET_TCP);
    assert_int_equal(segment.payload.len, 2);
    assert_int_equal(segment.payload_len, 6); /* the wire length tells */
    fixture_free(&fixture);
}

static void a_frame_longer_than_it_says_is_taken_as_it_is(void **state)
{
    (void)state;
    struct fixture fixture = fixture_hex(FIXTURE_ETHERNET, FIXTURE_IPV4_TCP, (const char *)NULL);
    const struct frame frame = {
        .captured_len = (uint32_t)fixture.len,
        .wire_len = 10, /* some writers have this wrong */
        .link_type = 1,
        .data = fixture.data,
    };
    struct packet packet;

    assert_int_equal(packet_parse(&frame, &packet), PACKET_TCP);
    assert_int_equal(packet.segment.payload_len, 4);
    fixture_free(&fixture);
}

static enum packet_result nested_result(unsigned vlan_tags)
{
    char tags[512] = "";

    for (size_t i = 0; i < vlan_tags; i++) {
        (void)snprintf(tags + 8 * i, sizeof(tags) - 8 * i, "81000001");
    }
    struct fixture fixture = fixture_hex("02 00 00 00 00 02 02 00 00 00 00 01", tags, "08 00",
                                         FIXTURE_IPV4_TCP, (const char *)NULL);
    struct segment segment;
    const enum packet_result result = fixture_parse(&fixture, fixture.len, 1, &segment);
    fixture_free(&fixture);
    return result;
}

static void headers_are_followed_up_to_the_limit(void **state)
{
    (void)state;
    const unsigned others = 2; /* Ethernet and IPv4 */

    assert_int_equal(nested_result(0), PACKET_TCP);
    assert_int_equal(nested_result(PACKET_MAX_LAYERS - others), PACKET_TCP);
    assert_int_equal(nested_result(PACKET_MAX_LAYERS - others + 1), PACKET_UNKNOWN_TUNNEL);
    assert_int_equal(nested_result(40), PACKET_UNKNOWN_TUNNEL);
}

/* Ethernet, VLAN, MPLS, IPv4, GRE, IPv6, UDP, VXLAN, Ethernet, IPv4, TCP. */
static void tunnels_may_lie_in_tunnels(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, "02 00 00 00 00 02 02 00 00 00 00 01 81 00 00 05 88 47"
                             "00 01 01 40"
                             "45 00 00 8a 00 00 40 00 40 2f 00 00 0a 00 00 01 0a 00 00 02"
                             "00 00 86 dd"
                             "60 00 00 00 00 00 11 40 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 "
                             "09 20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 0a"
                             "c0 00 12 b5 00 00 00 00"
                             "08 00 00 00 00 00 07 00" FIXTURE_ETHERNET);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_result_has_a_name_of_its_own),
        cmocka_unit_test(an_unknown_link_type_is_said_to_be_unknown),
        cmocka_unit_test(an_empty_frame_is_truncated_whatever_its_link),
        cmocka_unit_test(padding_is_not_payload),
        cmocka_unit_test(a_datagram_longer_than_the_frame_was_cut),
        cmocka_unit_test(without_a_total_length_the_frame_decides),
        cmocka_unit_test(a_frame_longer_than_it_says_is_taken_as_it_is),
        cmocka_unit_test(headers_are_followed_up_to_the_limit),
        cmocka_unit_test(tunnels_may_lie_in_tunnels),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
