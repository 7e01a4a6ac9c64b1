#include "dissect/net/mpls.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define UNICAST "02 00 00 00 00 02 02 00 00 00 00 01 88 47"
#define LABEL "00 01 00 40"
#define BOTTOM "00 01 01 40"
#define CONTROL_WORD "00 00 00 00"

static void a_label_stack_carries_ip(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, UNICAST BOTTOM);
    fixture_leads_to_ipv4(1, UNICAST LABEL LABEL BOTTOM);
    fixture_leads_to_ipv6(1, UNICAST LABEL BOTTOM);
    fixture_leads_to_ipv4(1, "02 00 00 00 00 02 02 00 00 00 00 01 88 48" BOTTOM);
}

static void a_stack_without_bottom_is_truncated(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(1, UNICAST LABEL LABEL LABEL), PACKET_TRUNCATED);
    assert_int_equal(fixture_result(1, UNICAST BOTTOM), PACKET_TRUNCATED);
    assert_int_equal(fixture_result(1, UNICAST BOTTOM "00 00"), PACKET_TRUNCATED);
}

static void a_pseudowire_has_a_control_word_or_not(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, UNICAST BOTTOM CONTROL_WORD FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(1, UNICAST BOTTOM FIXTURE_ETHERNET);
    fixture_leads_to_ipv4(1,
                          UNICAST BOTTOM "00 00 12 34 a0 00 00 00 00 02 02 00 00 00 00 01 08 00");
    fixture_leads_to_ipv4(1, UNICAST BOTTOM "a0 00 00 00 00 02 02 00 00 00 00 01 08 00");
    fixture_leads_to_ipv4(1,
                          UNICAST BOTTOM "00 1b 21 00 00 02 02 00 00 00 00 01 81 00 00 07 08 00");
}

/* MAC addresses that begin with 45 and 60, as IP headers do. */
static void a_mac_address_is_not_taken_for_an_ip_version(void **state)
{
    (void)state;
    fixture_leads_to_ipv4(1, UNICAST BOTTOM "45 00 ff ff 00 02 02 00 00 00 00 01 08 00");
    fixture_leads_to_ipv4(1, UNICAST BOTTOM "60 00 00 00 ff 02 02 00 00 00 00 01 08 00");
}

static void a_pseudowire_without_ip_is_not_ip(void **state)
{
    (void)state;
    assert_int_equal(fixture_result(1, UNICAST BOTTOM CONTROL_WORD
                                    "02 00 00 00 00 02 02 00 00 00 00 01 08 06 00 01"),
                     PACKET_NOT_IP);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_label_stack_carries_ip),
        cmocka_unit_test(a_stack_without_bottom_is_truncated),
        cmocka_unit_test(a_pseudowire_has_a_control_word_or_not),
        cmocka_unit_test(a_mac_address_is_not_taken_for_an_ip_version),
        cmocka_unit_test(a_pseudowire_without_ip_is_not_ip),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
