/* Where walks end that lead to no segment: each kind of dead end, as packet_parse() tells it. */
#include "dissect/net/packet.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const struct {
    int link_type;
    const char *hex;
    const char *name;
} cases[] = {
    {1, "02 00 00 00 00 02 02 00 00 00 00 01 08 06", "ARP"},
    {1, "02 00 00 00 00 02 02 00 00 00 00 01 81 00 00 01 88 cc", "LLDP"},
    {1, "02 00 00 00 00 02 02 00 00 00 00 01 99 99", "ethertype 0x9999"},
    {1, "01 80 c2 00 00 00 02 00 00 00 00 01 00 26 42 42 03", "STP"},
    {1, "01 00 0c cc cc cc 02 00 00 00 00 01 00 26 aa aa 03 00 00 0c 20 00", "CDP"},
    {1, "01 00 0c cc cc cc 02 00 00 00 00 01 00 26 aa aa 03 00 80 c2 00 01", "snap 0x0080c2"},
    {1, "01 00 0c cc cc cc 02 00 00 00 00 01 00 26 fe fe 03", "OSI (IS-IS)"},
    {113, "00 00 00 01 00 06 02 00 00 00 00 01 00 00 88 8e", "EAPOL"},
    {113, "00 00 01 18 00 00 00 00 00 00 00 00 00 00 00 0c", "CAN"},
    {276, "88 63 00 00 00 00 00 01 00 01 00 06 02 00 00 00 00 01 00 00", "PPPoE discovery"},
    {1, FIXTURE_ETHERNET "45 00 00 14 00 00 40 00 40 01 00 00 0a 00 00 01 0a 00 00 02", "ICMP"},
    {228, "45 00 00 14 00 00 40 00 40 32 00 00 0a 00 00 01 0a 00 00 02", "ESP"},
    {228, "45 00 00 14 00 00 40 00 40 c8 00 00 0a 00 00 01 0a 00 00 02", "ip protocol 200"},
    {101, "70 00", "unknown IP version"},
    {0, "00 00 00 07", "address family 7"},
    {9, "ff 03 c0 21", "PPP LCP"},
    {9, "ff 03 c2 29", "ppp 0xc229"},
    {50, "0f 00 80 35", "SLARP"},
    {51, "11 a7 00 01 00 00", "PPPoE outside a session"},
    {105, "80 00 00 00 ff ff ff ff ff ff 02 00 00 00 00 02 02 00 00 00 00 03 10 00",
     "802.11 management"},
    {105, "b4 00 00 00 ff ff ff ff ff ff 02 00 00 00 00 02 02 00 00 00 00 03 10 00",
     "802.11 control"},
    {105, "48 01 00 00 ff ff ff ff ff ff 02 00 00 00 00 02 02 00 00 00 00 03 10 00",
     "802.11 without data"},
    {105, "08 41 00 00 ff ff ff ff ff ff 02 00 00 00 00 02 02 00 00 00 00 03 10 00",
     "802.11 encrypted"},
    {105, "0c 00 00 00 ff ff ff ff ff ff 02 00 00 00 00 02 02 00 00 00 00 03 10 00",
     "802.11 extension"},
    {239, "02 00 00 00", "NFLOG without packet"},
    {258, "0c 00 00 00 01 00 00 00 93 00 00 00", "link type 147"},
    {192, "00 00 08 00 93 00 00 00", "link type 147"},
    {147, "00", "link type 147"},
    {228, "45 00 00 00 00 00 40 00 40 2f 00 00 0a 00 00 01 0a 00 00 02 40 00 08 00",
     "GRE not followed"},
    {228,
     "45 00 00 00 00 00 40 00 40 2f 00 00 0a 00 00 01 0a 00 00 02 00 00 22 eb"
     "20 00 00 00 00 00 00 00 00 00 0c 00",
     "erspan frame type 3"},
};

static void each_dead_end_has_the_name_of_what_is_there(void **state)
{
    static const struct dead_ends none = {.rest = 0};

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fixture fixture = fixture_hex(cases[i].hex, (const char *)NULL);
        const uint32_t len = (uint32_t)fixture.len;
        const struct frame frame = {0, len, len, cases[i].link_type, fixture.data};
        struct dead_ends dead_ends = none;
        struct dead_ends_row rows[DEAD_ENDS_ROWS];
        struct packet packet;
        const enum packet_result result = packet_parse(&frame, &packet);
        assert_true(result == PACKET_NOT_IP || result == PACKET_OTHER_TRANSPORT ||
                    result == PACKET_UNKNOWN_LINK);
        dead_ends_add(&dead_ends, packet.dead_end, 1);
        assert_int_equal(dead_ends_list(&dead_ends, &none, rows), 1);
        assert_string_equal(rows[0].name, cases[i].name);
        fixture_free(&fixture);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_dead_end_has_the_name_of_what_is_there),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
