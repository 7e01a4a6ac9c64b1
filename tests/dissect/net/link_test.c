#include "dissect/net/link.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define MACS "02 00 00 00 00 02 02 00 00 00 00 01"

static void ethernet_carries_ip(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, FIXTURE_ETHERNET);
    fixture_leads_to_ipv6(1, MACS "86 dd");
}

static void ethernet_without_ip_is_not_ip(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(1, MACS "08 06 00 01"), PACKET_NOT_IP); /* ARP */
    assert_int_equal(fixture_result(1, MACS "88 cc 02 07"), PACKET_NOT_IP); /* LLDP */
    assert_int_equal(fixture_result(1, MACS "88 63 11 09 00 00 00 00"),
                     PACKET_NOT_IP); /* PPPoE
                                       discovery */
}

static void each_vlan_ethertype_is_a_tag(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, MACS "81 00 00 05 08 00");
    fixture_leads_to_ipv4(1, MACS "88 a8 00 05 08 00");
    fixture_leads_to_ipv4(1, MACS "91 00 00 05 08 00");
    fixture_leads_to_ipv4(1, MACS "92 00 00 05 08 00");
    fixture_leads_to_ipv4(1, MACS "88 a8 00 05 81 00 00 06 81 00 00 07 08 00");
    fixture_leads_to_ipv6(1, MACS "91 00 00 05 81 00 00 06 86 dd");
}

/* version 1, length 1 unit; option type 1, group tag 2. */
static void cisco_metadata_is_skipped(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, MACS "89 09 01 01 00 01 00 02 08 00");
    fixture_leads_to_ipv4(1, MACS "89 09 01 02 00 01 00 02 00 03 00 04 08 00");
}

static void a_length_instead_of_an_ethertype_means_llc(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, MACS "00 34 aa aa 03 00 00 00 08 00");
    fixture_leads_to_ipv4(1, MACS "00 34 aa aa 03 00 00 f8 08 00");
    fixture_leads_to_ipv4(1, MACS "00 2f 06 06 03");
    fixture_leads_to_ipv4(1, MACS "81 00 00 05 00 34 aa aa 03 00 00 00 08 00");
    assert_int_equal(fixture_result(1, MACS "00 26 42 42 03 00 00"), PACKET_NOT_IP); /* STP */
    assert_int_equal(fixture_result(1, MACS "00 34 aa aa 03 00 00 0c 20 00"),
                     PACKET_NOT_IP); /* CDP */
}

static void padding_behind_a_length_is_dropped(void **state)
{
    (void)state;
    /* LLC of 3 bytes cannot hold what follows, which is padding. */
    assert_int_equal(fixture_result(1, MACS "00 03 06 06 03" FIXTURE_IPV4_TCP), PACKET_TRUNCATED);
}

static void cooked_captures_name_the_protocol(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 08 00");
    fixture_leads_to_ipv6(113, "00 04 02 00 00 00 00 00 00 00 00 00 00 00 86 dd");
    fixture_leads_to_ipv4(113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 81 00 00 05 08 00");
    fixture_leads_to_ipv4(113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 00 04"
                               "aa aa 03 00 00 00 08 00");
    assert_int_equal(fixture_result(113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 08 06"),
                     PACKET_NOT_IP);
}

static void cooked_captures_version_2_name_it_first(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(276, "08 00 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00");
    fixture_leads_to_ipv6(276, "86 dd 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00");
    assert_int_equal(
        fixture_result(276, "08 06 00 00 00 00 00 02 00 01 00 06 02 00 00 00 00 01 00 00"),
        PACKET_NOT_IP);
}

static void raw_captures_begin_with_ip(void **state)
{
    (void)state;
    static const int either[] = {12, 14, 101};

    for (size_t i = 0; i < sizeof(either) / sizeof(either[0]); i++) {
        fixture_leads_to_ipv4(either[i], "");
        fixture_leads_to_ipv6(either[i], "");
    }
    fixture_leads_to_ipv4(228, "");
    fixture_leads_to_ipv6(229, "");
    assert_int_equal(fixture_result(228, FIXTURE_IPV6_TCP), PACKET_MALFORMED);
    assert_int_equal(fixture_result(101, "55 00"), PACKET_NOT_IP);
}

static void null_captures_have_either_byte_order(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(0, "02 00 00 00");
    fixture_leads_to_ipv4(0, "00 00 00 02");
    fixture_leads_to_ipv6(0, "0a 00 00 00"); /* Linux */
    fixture_leads_to_ipv6(0, "00 00 00 17"); /* Windows */
    fixture_leads_to_ipv6(0, "18 00 00 00"); /* NetBSD, OpenBSD */
    fixture_leads_to_ipv6(0, "00 00 00 1c"); /* FreeBSD */
    fixture_leads_to_ipv6(0, "1e 00 00 00"); /* Darwin */
    assert_int_equal(fixture_result(0, "07 00 00 00" FIXTURE_IPV4_TCP), PACKET_NOT_IP);
}

static void loop_captures_have_network_byte_order(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(108, "00 00 00 02");
    fixture_leads_to_ipv6(108, "00 00 00 18");
    assert_int_equal(fixture_result(108, "02 00 00 00" FIXTURE_IPV4_TCP), PACKET_NOT_IP);
}

/* length 16, type 1, link type, 4 more bytes. */
static void pktap_names_the_link_type_inside(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(258, "10 00 00 00 01 00 00 00 01 00 00 00 aa bb cc dd" FIXTURE_ETHERNET);
    fixture_leads_to_ipv6(258, "10 00 00 00 01 00 00 00 0c 00 00 00 aa bb cc dd");
    fixture_leads_to_ipv4(258, "10 00 00 00 01 00 00 00 00 00 00 00 aa bb cc dd 02 00 00 00");
    assert_int_equal(fixture_result(258, "0c 00 00 00 01 00 00 00 93 00 00 00 00"),
                     PACKET_UNKNOWN_LINK);
    assert_int_equal(fixture_result(258, "0c 00 00 00 01 00 00 00 ff ff ff ff 00"),
                     PACKET_UNKNOWN_LINK);
    assert_int_equal(fixture_result(258, "00 00 00 00 01 00 00 00 01 00 00 00 00"),
                     PACKET_MALFORMED);
}

/* family 2, version 0, resource 0; { 5, type 10, 1 byte, padding }, { 48, type 9, the packet }. */
static void nflog_carries_the_packet_in_an_attribute(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(239, "02 00 00 00 05 00 0a 00 41 00 00 00 30 00 09 00");
    fixture_leads_to_ipv4(239, "02 00 00 00 00 05 00 0a 41 00 00 00 00 30 00 09");
    fixture_leads_to_ipv6(239, "0a 00 00 00 44 00 09 00");
    assert_int_equal(fixture_result(239, "02 00 00 00 05 00 0a 00 41 00 00 00"), PACKET_NOT_IP);
    assert_int_equal(fixture_result(239, "07 00 00 00 30 00 09 00" FIXTURE_IPV4_TCP),
                     PACKET_NOT_IP);
    assert_int_equal(fixture_result(239, "02 00 00 00 00 00 09 00" FIXTURE_IPV4_TCP),
                     PACKET_NOT_IP);
}

static void ppp_headers_may_be_compressed(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(9, "ff 03 00 21");
    fixture_leads_to_ipv4(9, "00 21");
    fixture_leads_to_ipv4(9, "ff 03 21");
    fixture_leads_to_ipv4(9, "21");
    fixture_leads_to_ipv6(9, "ff 03 00 57");
    fixture_leads_to_ipv4(9, "02 81 00 01 01 40");
    fixture_leads_to_ipv4(9, "02 83 00 01 01 40");
    assert_int_equal(fixture_result(9, "ff 03 c0 21 01 01 00 04"), PACKET_NOT_IP); /* LCP */
}

static void hdlc_is_ppp_or_ciscos(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(50, "ff 03 00 21");
    fixture_leads_to_ipv4(50, "0f 00 08 00");
    fixture_leads_to_ipv6(104, "8f 00 86 dd");
    fixture_leads_to_ipv4(104, "0f 00 08 00");
    assert_int_equal(fixture_result(104, "8f 00 80 35 00 00"), PACKET_NOT_IP); /* keep-alive */
}

/* version and type 11, code 0, session 1, length 46. */
static void pppoe_sessions_carry_ppp(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, MACS "88 64 11 00 00 01 00 2e 00 21");
    fixture_leads_to_ipv6(1, MACS "88 64 11 00 00 01 00 42 00 57");
    fixture_leads_to_ipv4(51, "11 00 00 01 00 2e 00 21");
    assert_int_equal(fixture_result(51, "11 09 00 00 00 04 01 01 00 00"), PACKET_NOT_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ethernet_carries_ip),
        cmocka_unit_test(ethernet_without_ip_is_not_ip),
        cmocka_unit_test(each_vlan_ethertype_is_a_tag),
        cmocka_unit_test(cisco_metadata_is_skipped),
        cmocka_unit_test(a_length_instead_of_an_ethertype_means_llc),
        cmocka_unit_test(padding_behind_a_length_is_dropped),
        cmocka_unit_test(cooked_captures_name_the_protocol),
        cmocka_unit_test(cooked_captures_version_2_name_it_first),
        cmocka_unit_test(raw_captures_begin_with_ip),
        cmocka_unit_test(null_captures_have_either_byte_order),
        cmocka_unit_test(loop_captures_have_network_byte_order),
        cmocka_unit_test(pktap_names_the_link_type_inside),
        cmocka_unit_test(nflog_carries_the_packet_in_an_attribute),
        cmocka_unit_test(ppp_headers_may_be_compressed),
        cmocka_unit_test(hdlc_is_ppp_or_ciscos),
        cmocka_unit_test(pppoe_sessions_carry_ppp),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
