#include "dissect/net/tunnel.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Raw IPv4 (228), UDP or GRE. */
#define GRE "45 00 00 00 00 00 40 00 40 2f 00 00 0a 00 00 01 0a 00 00 02"
#define UDP_TO(port) FIXTURE_IPV4_UDP "c0 00" port "00 00 00 00"
#define UDP_FROM(port) FIXTURE_IPV4_UDP port "c0 00 00 00 00 00"

#define PORT_VXLAN "12 b5"
#define PORT_VXLAN_LINUX "21 18"
#define PORT_VXLAN_GPE "12 b6"
#define PORT_GENEVE "17 c1"
#define PORT_GTP "08 68"
#define PORT_CAPWAP "14 7f"
#define PORT_TEREDO "0d d8"

static void gre_carries_ip_behind_any_fields(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, GRE "00 00 08 00");
    fixture_leads_to_ipv6(228, GRE "00 00 86 dd");
    fixture_leads_to_ipv4(228, GRE "80 00 08 00 11 11 00 00");
    fixture_leads_to_ipv4(228, GRE "20 00 08 00 00 00 00 07");
    fixture_leads_to_ipv4(228, GRE "10 00 08 00 00 00 00 01");
    fixture_leads_to_ipv4(228, GRE "b0 00 08 00 11 11 00 00 00 00 00 07 00 00 00 01");
    fixture_leads_to_ipv4(228, GRE "00 00 88 47 00 01 01 40");
}

static void gre_carries_ethernet(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, GRE "00 00 65 58" FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(228, GRE "20 00 65 58 00 12 34 00" FIXTURE_ETHERNET); /* NVGRE */
}

static void gre_version_1_carries_ppp(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, GRE "30 01 88 0b 00 2e 00 01 00 00 00 05 00 21");
    fixture_leads_to_ipv4(228, GRE "30 81 88 0b 00 2e 00 01 00 00 00 05 00 00 00 04 ff 03 00 21");
}

static void gre_of_other_kinds_is_not_followed(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(228, GRE "40 00 08 00 00 00 00 00"), PACKET_OTHER_TRANSPORT);
    assert_int_equal(fixture_result(228, GRE "00 02 08 00"), PACKET_OTHER_TRANSPORT);
    assert_int_equal(fixture_result(228, GRE "00 00 08 06"), PACKET_NOT_IP);
}

static void erspan_mirrors_frames(void **state)
{
    (void)state;
    /* type I: no GRE sequence number, no header */
    fixture_leads_to_ipv4(228, GRE "00 00 88 be" FIXTURE_ETHERNET);
    /* type II: 8 bytes */
    fixture_leads_to_ipv4(228,
                          GRE "10 00 88 be 00 00 00 01 10 05 08 64 00 00 00 01" FIXTURE_ETHERNET);
    /* type III: 12 bytes; with the platform's own 8; carrying IP */
    fixture_leads_to_ipv4(
        228, GRE "10 00 22 eb 00 00 00 01 20 05 08 64 11 22 33 44 00 00 00 00" FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(228, GRE "10 00 22 eb 00 00 00 01 20 05 08 64 11 22 33 44 00 00 00 01"
                                   "01 02 03 04 05 06 07 08" FIXTURE_ETHERNET);
    fixture_leads_to_ipv6(228, GRE "10 00 22 eb 00 00 00 01 20 05 08 64 11 22 33 44 00 00 08 00");
    assert_int_equal(
        fixture_result(228, GRE "10 00 22 eb 00 00 00 01 20 05 08 64 11 22 33 44 00 00 04 00"),
        PACKET_NOT_IP);
}

static void vxlan_carries_ethernet(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, UDP_TO(PORT_VXLAN) "08 00 00 00 00 00 07 00" FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(228, UDP_TO(PORT_VXLAN_LINUX) "08 00 00 00 00 00 07 00" FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(228, UDP_FROM(PORT_VXLAN) "88 00 00 05 00 00 07 00" FIXTURE_ETHERNET);
    assert_int_equal(fixture_result(228, UDP_TO(PORT_VXLAN) "00 00 00 00 00 00 07 00"), PACKET_UDP);
}

static void vxlan_gpe_names_what_it_carries(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, UDP_TO(PORT_VXLAN_GPE) "0c 00 00 01 00 00 07 00");
    fixture_leads_to_ipv6(228, UDP_TO(PORT_VXLAN_GPE) "0c 00 00 02 00 00 07 00");
    fixture_leads_to_ipv4(228, UDP_TO(PORT_VXLAN_GPE) "0c 00 00 03 00 00 07 00" FIXTURE_ETHERNET);
    /* without P it is VXLAN */
    fixture_leads_to_ipv4(228, UDP_FROM(PORT_VXLAN_GPE) "08 00 00 01 00 00 07 00" FIXTURE_ETHERNET);
    static const char *const others[] = {
        UDP_TO(PORT_VXLAN_GPE) "0c 00 00 04 00 00 07 00", /* a network service header */
        UDP_TO(PORT_VXLAN_GPE) "04 00 00 01 00 00 07 00", /* without I */
        UDP_TO(PORT_VXLAN_GPE) "1c 00 00 01 00 00 07 00", /* version 1 */
    };
    for (size_t i = 0; i < sizeof(others) / sizeof(others[0]); i++) {
        assert_int_equal(fixture_result(228, others[i]), PACKET_UDP);
    }
}

static void geneve_carries_either(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GENEVE) "00 00 65 58 00 00 07 00" FIXTURE_ETHERNET);
    fixture_leads_to_ipv6(228, UDP_TO(PORT_GENEVE) "00 00 86 dd 00 00 07 00");
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GENEVE) "02 40 08 00 00 00 07 00"
                                                   "01 02 03 01 aa bb cc dd");
    assert_int_equal(fixture_result(228, UDP_TO(PORT_GENEVE) "40 00 65 58 00 00 07 00"),
                     PACKET_UDP);
}

static void gtp_u_carries_ip(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GTP) "30 ff 00 2c 00 00 00 01");
    fixture_leads_to_ipv6(228, UDP_FROM(PORT_GTP) "30 ff 00 40 00 00 00 01");
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GTP) "32 ff 00 30 00 00 00 01 00 09 00 00");
    /* next type without the flag that makes it one */
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GTP) "32 ff 00 30 00 00 00 01 00 09 00 85");
    /* two extensions: 4 and 8 bytes */
    fixture_leads_to_ipv4(228, UDP_TO(PORT_GTP) "34 ff 00 3c 00 00 00 01 00 00 00 85"
                                                "01 10 01 c0 02 00 00 00 00 00 00 00");
    assert_int_equal(fixture_result(228, UDP_TO(PORT_GTP) "30 01 00 00 00 00 00 00"),
                     PACKET_UDP); /* echo request */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_GTP) "48 20 00 00 00 00 00 00"),
                     PACKET_UDP); /* version 2 */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_GTP) "34 ff 00 04 00 00 00 01 00 00 00 85 00"),
                     PACKET_UDP); /* an extension of no length would never end */
}

/* Behind frame control: duration, three addresses, sequence control, SNAP. */
#define WLAN_REST                                                                                  \
    "00 00 02 00 00 00 00 01 02 00 00 00 00 02 02 00 00 00 00 03 10 00 aa aa 03 00 00 00 08 00"
#define WLAN_REST_SWAPPED                                                                          \
    "00 00 02 00 00 00 00 01 02 00 00 00 00 02 02 00 00 00 00 03 12 10 aa aa 03 00 00 00 08 00"

static void capwap_carries_frames(void **state)
{
    (void)state;
    /* header of 8 bytes, 802.3 inside */
    fixture_leads_to_ipv4(228, UDP_TO(PORT_CAPWAP) "00 10 02 00 00 00 00 00" FIXTURE_ETHERNET);
    /* header of 16 bytes, 802.11 inside, frame control as it should be and swapped */
    fixture_leads_to_ipv4(228, UDP_TO(PORT_CAPWAP) "00 20 03 20 00 00 00 00 04 bf 23 00 00 00 00 00"
                                                   "08 01" WLAN_REST);
    fixture_leads_to_ipv4(228, UDP_TO(PORT_CAPWAP) "00 20 03 20 00 00 00 00 04 bf 23 00 00 00 00 00"
                                                   "01 08" WLAN_REST);
    /* with frame control sequence control is swapped too: 121 is a number, 0 the fragment's */
    fixture_leads_to_ipv4(228, UDP_TO(PORT_CAPWAP) "00 20 03 20 00 00 00 00 04 bf 23 00 00 00 00 00"
                                                   "01 08" WLAN_REST_SWAPPED);
}

static void capwap_without_clear_frames_is_told(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "01 00 00 00 16 fe ff 00"),
                     PACKET_UDP); /* DTLS */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "00 10 02 08 00 00 00 00"),
                     PACKET_UDP); /* keep-alive */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "00 10 03 80 00 01 00 00"),
                     PACKET_FRAGMENT);
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "00 10 05 80 00 01 00 00"),
                     PACKET_UDP); /* of another radio */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "00 08 02 00 00 00 00 00"),
                     PACKET_UDP); /* header shorter than its fixed part */
    assert_int_equal(fixture_result(228, UDP_TO(PORT_CAPWAP) "00 10 05 00 00 00 00 00"),
                     PACKET_UDP); /* another radio */
}

static void teredo_carries_ipv6(void **state)
{
    (void)state;
    fixture_leads_to_ipv6(228, UDP_TO(PORT_TEREDO));
    fixture_leads_to_ipv6(228, UDP_FROM(PORT_TEREDO) "00 00 63 bf 3f ff fd fe");
    fixture_leads_to_ipv6(228, UDP_TO(PORT_TEREDO) "00 01 00 00 11 22 33 44 55 66 77 88 00");
    fixture_leads_to_ipv6(228, UDP_TO(PORT_TEREDO) "00 01 01 02 aa bb cc 11 22 33 44 55 66 77 88 00"
                                                   "00 00 63 bf 3f ff fd fe");
    assert_int_equal(fixture_result(228, UDP_TO(PORT_TEREDO) FIXTURE_IPV4_TCP), PACKET_UDP);
}

/* Too short for the tunnel's header, or DTLS on a tunnel's port: a plain datagram, all of it. */
static void what_is_no_tunnel_on_its_port_stays_a_datagram(void **state)
{
    (void)state;
    static const char *const frames[] = {
        UDP_TO(PORT_VXLAN) "16 fe fd 00 00",
        UDP_FROM(PORT_VXLAN) "16 fe fd 00 00 00 00 00 01",
        UDP_TO(PORT_VXLAN_GPE) "16 fe fd 00 00 00 00",
        UDP_TO(PORT_GENEVE) "16 fe fd 00 00 00 00 00",
        UDP_TO(PORT_GENEVE) "02 00 08 00 00 00 00 00 11",
        UDP_TO(PORT_GTP) "30 ff 00",
        UDP_TO(PORT_GTP) "32 ff 00 30 00 00 00 01 00",
        UDP_TO(PORT_CAPWAP) "00 10 02",
        UDP_TO(PORT_CAPWAP) "00 20 03 20 00 00 00 00 04",
        UDP_TO(PORT_TEREDO) "",
        UDP_TO(PORT_TEREDO) "00 01 04 04 00",
    };

    for (size_t i = 0; i < sizeof(frames) / sizeof(frames[0]); i++) {
        struct fixture fixture = fixture_hex(frames[i], (const char *)NULL);
        struct segment segment;
        assert_int_equal(fixture_parse(&fixture, fixture.len, 228, &segment), PACKET_UDP);
        assert_int_equal(segment.payload_len, fixture.len - 28);
        assert_int_equal(segment.source.address[15], 1);
        assert_int_equal(segment.destination.address[15], 2);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(gre_carries_ip_behind_any_fields),
        cmocka_unit_test(gre_carries_ethernet),
        cmocka_unit_test(gre_version_1_carries_ppp),
        cmocka_unit_test(gre_of_other_kinds_is_not_followed),
        cmocka_unit_test(erspan_mirrors_frames),
        cmocka_unit_test(vxlan_carries_ethernet),
        cmocka_unit_test(vxlan_gpe_names_what_it_carries),
        cmocka_unit_test(geneve_carries_either),
        cmocka_unit_test(gtp_u_carries_ip),
        cmocka_unit_test(capwap_carries_frames),
        cmocka_unit_test(capwap_without_clear_frames_is_told),
        cmocka_unit_test(teredo_carries_ipv6),
        cmocka_unit_test(what_is_no_tunnel_on_its_port_stays_a_datagram),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
