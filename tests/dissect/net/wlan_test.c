#include "dissect/net/wlan.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

/* Behind frame control: duration, three addresses, sequence control. */
#define REST "00 00 02 00 00 00 00 01 02 00 00 00 00 02 02 00 00 00 00 03 10 00"
#define SNAP_IPV4 "aa aa 03 00 00 00 08 00"
#define SNAP_IPV6 "aa aa 03 00 00 00 86 dd"

static void data_frames_carry_ip(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(105, "08 01" REST SNAP_IPV4);
    fixture_leads_to_ipv6(105, "08 02" REST SNAP_IPV6);
}

static void optional_fields_are_skipped(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(105, "88 01" REST "00 00" SNAP_IPV4);             /* QoS */
    fixture_leads_to_ipv4(105, "88 81" REST "00 00 11 22 33 44" SNAP_IPV4); /* and HT */
    fixture_leads_to_ipv4(105, "08 03" REST "02 00 00 00 00 04" SNAP_IPV4); /* relayed */
    fixture_leads_to_ipv4(105, "88 03" REST "02 00 00 00 00 04 00 00" SNAP_IPV4);
}

static void frames_without_clear_data_are_not_ip(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(105, "80 00" REST), PACKET_NOT_IP);           /* beacon */
    assert_int_equal(fixture_result(105, "48 01" REST), PACKET_NOT_IP);           /* null data */
    assert_int_equal(fixture_result(105, "08 41" REST SNAP_IPV4), PACKET_NOT_IP); /* protected */
}

static void fragments_are_told(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(105, "08 05" REST SNAP_IPV4), PACKET_FRAGMENT);
    assert_int_equal(fixture_result(105, "08 01 00 00 02 00 00 00 00 01 02 00 00 00 00 02"
                                         "02 00 00 00 00 03 11 00"),
                     PACKET_FRAGMENT);
}

static void aggregates_are_told(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(105, "88 01" REST "80 00" SNAP_IPV4), PACKET_AGGREGATE);
    assert_int_equal(fixture_result(105, "88 05" REST "80 00" SNAP_IPV4), PACKET_MALFORMED);
    assert_int_equal(fixture_result(105, "88 41" REST "80 00" SNAP_IPV4), PACKET_NOT_IP);
}

/* version, flags, length, link type; then fields. */
static void ppi_names_the_link_type_inside(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(192, "00 00 08 00 69 00 00 00 08 01" REST SNAP_IPV4);
    fixture_leads_to_ipv4(192, "00 00 08 00 01 00 00 00" FIXTURE_ETHERNET);
    /* a field of another type, then that of 802.11 */
    fixture_leads_to_ipv4(192, "00 00 22 00 69 00 00 00 04 00 02 00 aa bb"
                               "02 00 10 00 11 22 33 44 55 66 77 88 01 00 02 00 00 00 00 00"
                               "08 01" REST SNAP_IPV4);
    assert_int_equal(fixture_result(192, "00 00 07 00 69 00 00 00 08 01" REST), PACKET_MALFORMED);
    assert_int_equal(fixture_result(192, "00 00 08 00 93 00 00 00 08 01" REST),
                     PACKET_UNKNOWN_LINK);
}

#define ZEROS_16 "00 00 00 00 00 00 00 00 00 00 00 00 00 00 00 00"
#define AVS "80 21 10 01 00 00 00 10 00 00 00 00 00 00 00 00"

static void prism_and_avs_headers_are_skipped(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(119, "44 00 00 00 90 00 00 00 00 00 00 00 00 00 00 00" ZEROS_16 ZEROS_16
                                   ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16 ZEROS_16
                               "08 01" REST SNAP_IPV4);
    fixture_leads_to_ipv4(163, AVS "08 01" REST SNAP_IPV4);
    fixture_leads_to_ipv4(119, AVS "08 01" REST SNAP_IPV4);
    assert_int_equal(fixture_result(163, "80 21 10 01 00 00 00 07" AVS), PACKET_MALFORMED);
}

static void radiotap_is_skipped_by_its_length(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(127, "00 00 08 00 00 00 00 00 08 01" REST SNAP_IPV4);
    /* time, flags (checksum at the end), rate */
    fixture_leads_to_ipv4(127, "00 00 12 00 07 00 00 00 11 22 33 44 55 66 77 88 10 02"
                               "08 01" REST SNAP_IPV4);
}

/* Flags 20: padding between header and data; the QoS header of 26 bytes is padded to 28. */
static void padding_behind_the_header_is_skipped(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(127, "00 00 09 00 02 00 00 00 20 88 01" REST "00 00 00 00" SNAP_IPV4);
    fixture_leads_to_ipv4(127, "00 00 09 00 02 00 00 00 20 08 01" REST SNAP_IPV4);
    /* two words of present bits, time aligned to 16 */
    fixture_leads_to_ipv4(127, "00 00 19 00 03 00 00 80 00 00 00 00 00 00 00 00"
                               "11 22 33 44 55 66 77 88 20"
                               "88 01" REST "00 00 00 00" SNAP_IPV4);
}

static void a_radiotap_header_that_contradicts_itself_is_malformed(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(127, "00 00 07 00 00 00 00 00 08 01"), PACKET_MALFORMED);
    assert_int_equal(fixture_result(127, "01 00 08 00 00 00 00 00 08 01"), PACKET_MALFORMED);
    assert_int_equal(fixture_result(127, "00 00 ff 00 00 00 00 00 08 01"), PACKET_TRUNCATED);
    /* more present words than the header has room for: no flags, and no reading beyond */
    assert_int_equal(fixture_result(127, "00 00 08 00 03 00 00 80 80 00" REST), PACKET_NOT_IP);
    /* a time that the header has no room for */
    assert_int_equal(fixture_result(127, "00 00 08 00 03 00 00 00 80 00" REST), PACKET_NOT_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(data_frames_carry_ip),
        cmocka_unit_test(optional_fields_are_skipped),
        cmocka_unit_test(frames_without_clear_data_are_not_ip),
        cmocka_unit_test(fragments_are_told),
        cmocka_unit_test(aggregates_are_told),
        cmocka_unit_test(ppi_names_the_link_type_inside),
        cmocka_unit_test(prism_and_avs_headers_are_skipped),
        cmocka_unit_test(radiotap_is_skipped_by_its_length),
        cmocka_unit_test(padding_behind_the_header_is_skipped),
        cmocka_unit_test(a_radiotap_header_that_contradicts_itself_is_malformed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
