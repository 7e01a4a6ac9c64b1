#include "tests/dissect/net/inner_bench.h"

#include "tests/dissect/net/fixture.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The datagram of FIXTURE_IPV4_TCP as two fragments: all of the TCP header but its last 4 bytes,
 * and the rest. */
#define IPV4_FIRST                                                                                 \
    "45 00 00 24 12 34 20 00 40 06 00 00 c0 00 02 01 c6 33 64 02"                                  \
    "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00"
#define IPV4_LAST                                                                                  \
    "45 00 00 1c 12 34 00 02 40 06 00 00 c0 00 02 01 c6 33 64 02"                                  \
    "00 00 00 00 61 62 63 64"
/* That of FIXTURE_IPV6_TCP, behind hop-by-hop options. */
#define IPV6_HEADER(len)                                                                           \
    "60 00 00 00 00" len "00 40"                                                                   \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 01"                                              \
    "20 01 0d b8 00 00 00 00 00 00 00 00 00 00 00 02 2c 00 01 04 00 00 00 00"
#define IPV6_FIRST                                                                                 \
    IPV6_HEADER("20")                                                                              \
    "06 00 00 01 de ad be ef 9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00"
#define IPV6_LAST IPV6_HEADER("18") "06 00 00 10 de ad be ef 00 00 00 00 61 62 63 64"
/* QoS data of IEEE 802.11 from 02:..:02 to 02:..:01, its sequence control last. */
#define WLAN(flags, sequence)                                                                      \
    "88" flags "00 00 02 00 00 00 00 01 02 00 00 00 00 02 02 00 00 00 00 03" sequence
#define SNAP "aa aa 03 00 00 00 08 00"
#define SUBFRAME(len) "02 00 00 00 00 05 02 00 00 00 00 06 00" len

/* Both frames, in both orders, lead to the fixture's segment. */
static void check_pair(int link_type, const char *first, const char *last)
{
    struct inner_bench bench;

    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, link_type, first), 0);
    assert_int_equal(inner_bench_give(&bench, link_type, last), 1);
    inner_bench_expect_fixture(&bench);
    assert_int_equal(bench.counters.datagrams, 1);
    assert_int_equal(bench.counters.fragments_joined, 2);
    inner_bench_tear_down(&bench);
}

static void check_pair_in_both_orders(int link_type, const char *first, const char *last)
{
    check_pair(link_type, first, last);
    check_pair(link_type, last, first);
}

static void fragments_of_ip_lead_to_their_segment(void **state)
{
    (void)state;
    check_pair_in_both_orders(228, IPV4_FIRST, IPV4_LAST);
    check_pair_in_both_orders(1, FIXTURE_ETHERNET IPV4_FIRST, FIXTURE_ETHERNET IPV4_LAST "00 00");
    check_pair_in_both_orders(229, IPV6_FIRST, IPV6_LAST);
    const uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, [15] = 1};
    struct inner_bench bench;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 229, IPV6_LAST), 0);
    assert_int_equal(inner_bench_give(&bench, 229, IPV6_FIRST), 1);
    assert_memory_equal(bench.segment.source.address, ipv6, 16);
    inner_bench_tear_down(&bench);
}

static void fragments_inside_tunnels_lead_to_their_segment(void **state)
{
    (void)state;
    /* 4in4, and VXLAN */
    check_pair_in_both_orders(
        228, "45 00 00 00 00 00 40 00 40 04 00 00 0a 00 00 01 0a 00 00 02" IPV4_FIRST,
        "45 00 00 00 00 00 40 00 40 04 00 00 0a 00 00 01 0a 00 00 02" IPV4_LAST);
    check_pair_in_both_orders(
        228,
        FIXTURE_IPV4_UDP
        "c0 00 12 b5 00 00 00 00 08 00 00 00 00 00 01 00" FIXTURE_ETHERNET IPV4_FIRST,
        FIXTURE_IPV4_UDP
        "c0 00 12 b5 00 00 00 00 08 00 00 00 00 00 01 00" FIXTURE_ETHERNET IPV4_LAST);
}

/* The outer datagram is GRE, in fragments of 16 and 32 bytes; it holds the fixture's second
 * fragment. */
static void fragments_lie_in_fragments(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 228, IPV4_FIRST), 0);
    assert_int_equal(inner_bench_give(&bench, 228,
                                      "45 00 00 24 00 09 20 00 40 2f 00 00 0a 00 00 01 0a 00 00 02"
                                      "00 00 08 00 45 00 00 1c 12 34 00 02 40 06 00 00"),
                     0);
    assert_int_equal(inner_bench_give(&bench, 228,
                                      "45 00 00 24 00 09 00 02 40 2f 00 00 0a 00 00 01 0a 00 00 02"
                                      "c0 00 02 01 c6 33 64 02 00 00 00 00 61 62 63 64"),
                     1);
    inner_bench_expect_fixture(&bench);
    assert_int_equal(bench.counters.datagrams, 2);
    assert_int_equal(bench.counters.fragments_joined, 3);
    inner_bench_tear_down(&bench);
}

#define CAPWAP(flags, place) FIXTURE_IPV4_UDP "c0 00 14 7f 00 00 00 00 00 10 02" flags place

static void fragments_of_capwap_lead_to_their_segment(void **state)
{
    (void)state;
    check_pair_in_both_orders(
        228, CAPWAP("80", "00 07 00 00") FIXTURE_ETHERNET "45 00",
        CAPWAP("c0", "00 07 00 10") "00 2c 12 34 40 00 40 06 00 00 c0 00 02 01 c6 33 64 02"
                                    "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00"
                                    "61 62 63 64");
}

/* The offset of the second is not told but by what came first. */
static void fragments_of_wlan_lead_to_their_segment(void **state)
{
    (void)state;
    check_pair(
        105, WLAN("05", "10 00") "00 00" SNAP "45 00 00 2c 12 34 40 00",
        WLAN("01",
             "11 00") "00 00"
                      "40 06 00 00 c0 00 02 01 c6 33 64 02"
                      "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00 61 62 63 64");
    /* radiotap says that the check sequence is there: it is no part of the data */
    check_pair(
        127,
        "00 00 09 00 02 00 00 00 10" WLAN("05", "10 00") "00 00" SNAP
                                                         "45 00 00 2c 12 34 40 00 aa aa aa aa",
        "00 00 09 00 02 00 00 00 10" WLAN(
            "01", "11 00") "00 00"
                           "40 06 00 00 c0 00 02 01 c6 33 64 02"
                           "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00 61 62 63 64"
                           "bb bb bb bb");
}

static void the_first_fragment_alone_leads_to_nothing(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    /* 40 bytes of TCP: all of the header and 20 of the payload */
    assert_int_equal(
        inner_bench_give(&bench, 228,
                         "45 00 00 3c 12 34 20 00 40 06 00 00 c0 00 02 01 c6 33 64 02"
                         "9c 40 01 bb 01 02 03 04 0a 0b 0c 0d 50 18 01 00 00 00 00 00"
                         "61 62 63 64 61 62 63 64 61 62 63 64 61 62 63 64 61 62 63 64"),
        0);
    inner_frames_finish(bench.inner);
    inner_bench_drain(&bench);
    assert_int_equal(bench.found, 0);
    assert_int_equal(inner_bench_not_analysed(&bench, "fragments without the rest"), 1);
    inner_bench_tear_down(&bench);
}

static void a_cut_fragment_leads_to_a_cut_segment(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 228, IPV4_FIRST), 0);
    assert_int_equal(inner_bench_give_cut(&bench, 228, IPV4_LAST, 3), 1);
    assert_int_equal(bench.segment.payload_len, 4);
    assert_int_equal(bench.segment.payload.len, 1);
    assert_memory_equal(bench.payload, "a", 1);
    inner_bench_tear_down(&bench);
}

/* Two subframes, the first of 52 bytes padded by 2; QoS control says that there are several. */
#define AGGREGATE                                                                                  \
    WLAN("01", "10 00")                                                                            \
    "80 00" SUBFRAME("34") SNAP FIXTURE_IPV4_TCP "ee ee" SUBFRAME("34") SNAP FIXTURE_IPV4_TCP

static void each_frame_of_an_aggregate_is_handed_out(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 105, AGGREGATE), 2);
    inner_bench_expect_fixture(&bench);
    assert_int_equal(
        inner_bench_give(&bench, 127, "00 00 09 00 02 00 00 00 10" AGGREGATE "11 22 33 44"), 2);
    inner_bench_expect_fixture(&bench);
    inner_bench_tear_down(&bench);
}

static void an_aggregate_cut_anywhere_shows_no_byte_beyond_it(void **state)
{
    struct inner_bench bench;
    enum { LAST_PAYLOAD = 4, SECOND = 14 + 52, PADDING = 2 };

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    struct fixture whole = fixture_hex(AGGREGATE, (const char *)NULL);
    for (size_t cut = 1; cut < whole.len; cut++) {
        const unsigned found = inner_bench_give_cut(&bench, 105, AGGREGATE, cut);
        if (cut <= LAST_PAYLOAD) {
            assert_int_equal(found, 2);
            assert_int_equal(bench.segment.payload_len, 4);
            assert_int_equal(bench.segment.payload.len, 4 - cut);
        } else {
            assert_int_equal(found, cut <= SECOND + PADDING + LAST_PAYLOAD ? 1 : 0);
        }
    }
    fixture_free(&whole);
    inner_bench_tear_down(&bench);
}

static void a_length_beyond_the_aggregate_ends_it(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 105,
                                      WLAN("01", "10 00") "80 00" SUBFRAME("35")
                                          SNAP FIXTURE_IPV4_TCP),
                     0);
    assert_int_equal(inner_bench_give(&bench, 105,
                                      WLAN("01", "10 00") "80 00" SUBFRAME("34")
                                          SNAP FIXTURE_IPV4_TCP "ee ee" SUBFRAME("ff")
                                              SNAP FIXTURE_IPV4_TCP),
                     1);
    inner_bench_tear_down(&bench);
}

/* The bytes of the outer datagram are still there when its second frame is looked at, though the
 * first completed a datagram in between. */
static void a_fragment_inside_an_aggregate_inside_fragments(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 1 << 20);
    assert_int_equal(inner_bench_give(&bench, 228, IPV4_FIRST), 0);
    /* CAPWAP with 802.11 inside, in two fragments of 8 bytes and the rest */
    assert_int_equal(inner_bench_give(&bench, 228,
                                      FIXTURE_IPV4_UDP
                                      "c0 00 14 7f 00 00 00 00 00 10 03 80 00 07 00 00"
                                      "88 01 00 00 02 00 00 00"),
                     0);
    assert_int_equal(
        inner_bench_give(&bench, 228,
                         FIXTURE_IPV4_UDP
                         "c0 00 14 7f 00 00 00 00 00 10 03 c0 00 07 00 08"
                         "00 01 02 00 00 00 00 02 02 00 00 00 00 03 10 00 80 00" SUBFRAME("24")
                             SNAP IPV4_LAST "ee ee" SUBFRAME("34") SNAP FIXTURE_IPV4_TCP),
        2);
    inner_bench_expect_fixture(&bench);
    assert_int_equal(bench.counters.datagrams, 2);
    inner_bench_tear_down(&bench);
}

static void without_room_for_fragments_all_is_left_as_it_is(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 0);
    assert_int_equal(inner_bench_give(&bench, 228, IPV4_FIRST), 0);
    assert_int_equal(inner_bench_give(&bench, 228, IPV4_LAST), 0);
    assert_int_equal(inner_bench_give(&bench, 105, AGGREGATE), 0);
    inner_frames_finish(bench.inner);
    static const struct fragments_counters none = {.datagrams = 0};
    assert_memory_equal(&bench.counters, &none, sizeof(none));
    inner_bench_tear_down(&bench);
}

/* 17 VLAN tags. */
static void a_frame_of_too_many_layers_is_counted_by_name(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 0);
    assert_int_equal(
        inner_bench_give(
            &bench, 1,
            "02 00 00 00 00 02 02 00 00 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01"
            "81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01"
            "81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 81 00 00 01 08 00"),
        0);
    assert_int_equal(inner_bench_not_analysed(&bench, "nested too deep"), 1);
    inner_bench_tear_down(&bench);
}

static void what_leads_nowhere_is_counted_by_name(void **state)
{
    (void)state;
    for (size_t room = 0; room <= 65536; room += 65536) { /* for fragments, or not */
        struct inner_bench bench;
        inner_bench_set_up(&bench, room);
        assert_int_equal(inner_bench_give(&bench, 1, "02 00 00 00 00 02 02 00 00 00 00 01 08 06"),
                         0);
        assert_int_equal(inner_bench_give(&bench, 228,
                                          "45 00 00 14 00 00 40 00 40 32 00 00 0a 00 00 01"
                                          "0a 00 00 02"),
                         0);
        assert_int_equal(inner_bench_give(&bench, 147, "00"), 0);
        assert_int_equal(inner_bench_not_analysed(&bench, "ARP"), 1);
        assert_int_equal(inner_bench_not_analysed(&bench, "ESP"), 1);
        assert_int_equal(inner_bench_not_analysed(&bench, "link type 147"), 1);
        inner_bench_tear_down(&bench);
    }
}

static void what_fragments_lead_to_is_counted_by_name_too(void **state)
{
    struct inner_bench bench;

    (void)state;
    inner_bench_set_up(&bench, 65536);
    (void)inner_bench_give(&bench, 228,
                           "45 00 00 1c 12 34 20 00 40 01 00 00 c0 00 02 01 c6 33 64 02"
                           "08 00 00 00 00 00 00 00");
    (void)inner_bench_give(
        &bench, 228, "45 00 00 18 12 34 00 01 40 01 00 00 c0 00 02 01 c6 33 64 02 01 02 03 04");
    assert_int_equal(bench.found, 0);
    assert_int_equal(inner_bench_not_analysed(&bench, "ICMP"), 1);
    inner_bench_tear_down(&bench);
}

/* Each level is an IPIP datagram whose second fragment completes it, inside the second fragment of
 * the next one. */
static void frames_are_opened_up_to_a_fixed_depth(void **state)
{
    enum { LEVELS = INNER_FRAMES_MAX_DEPTH + 1, STEP = 20 };
    uint8_t frame_bytes[(LEVELS + 1) * STEP + 64];
    struct inner_bench bench;

    (void)state;
    for (unsigned levels = INNER_FRAMES_MAX_DEPTH; levels <= LEVELS; levels++) {
        inner_bench_set_up(&bench, 1 << 20);
        struct fixture inner = fixture_hex(IPV4_LAST, (const char *)NULL);
        assert_int_equal(inner_bench_give(&bench, 228, IPV4_FIRST), 0);
        memcpy(frame_bytes, inner.data, inner.len);
        size_t len = inner.len;
        for (unsigned level = 1; level < levels; level++) {
            /* the first 8 bytes of what is inside go ahead, the others stay in the second */
            uint8_t first[28] = {0x45, 0,  0, 28, 1, (uint8_t)level, 0x20, 0, 64, 4, 0, 0, 10, 0, 0,
                                 1,    10, 0, 0,  2};
            memcpy(first + 20, frame_bytes, 8);
            struct packet packet;
            const struct frame frame = {1234, 28, 28, 228, first};
            bench.found = 0;
            inner_frames_add(bench.inner, packet_parse(&frame, &packet), &packet);
            inner_bench_drain(&bench);
            assert_int_equal(bench.found, 0);
            memmove(frame_bytes + STEP, frame_bytes + 8, len - 8);
            len += STEP - 8;
            first[3] = (uint8_t)len;
            first[6] = 0;
            first[7] = 1;
            memcpy(frame_bytes, first, STEP);
        }
        struct packet packet;
        const struct frame frame = {1234, (uint32_t)len, (uint32_t)len, 228, frame_bytes};
        bench.found = 0;
        inner_frames_add(bench.inner, packet_parse(&frame, &packet), &packet);
        inner_bench_drain(&bench);
        const bool is_too_deep = levels > INNER_FRAMES_MAX_DEPTH;
        assert_int_equal(bench.found, is_too_deep ? 0 : 1);
        assert_int_equal(inner_bench_not_analysed(&bench, "nested too deep"), is_too_deep ? 1 : 0);
        fixture_free(&inner);
        inner_bench_tear_down(&bench);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(fragments_of_ip_lead_to_their_segment),
        cmocka_unit_test(fragments_inside_tunnels_lead_to_their_segment),
        cmocka_unit_test(fragments_lie_in_fragments),
        cmocka_unit_test(fragments_of_capwap_lead_to_their_segment),
        cmocka_unit_test(fragments_of_wlan_lead_to_their_segment),
        cmocka_unit_test(the_first_fragment_alone_leads_to_nothing),
        cmocka_unit_test(a_cut_fragment_leads_to_a_cut_segment),
        cmocka_unit_test(each_frame_of_an_aggregate_is_handed_out),
        cmocka_unit_test(an_aggregate_cut_anywhere_shows_no_byte_beyond_it),
        cmocka_unit_test(a_length_beyond_the_aggregate_ends_it),
        cmocka_unit_test(a_fragment_inside_an_aggregate_inside_fragments),
        cmocka_unit_test(without_room_for_fragments_all_is_left_as_it_is),
        cmocka_unit_test(a_frame_of_too_many_layers_is_counted_by_name),
        cmocka_unit_test(what_leads_nowhere_is_counted_by_name),
        cmocka_unit_test(what_fragments_lead_to_is_counted_by_name_too),
        cmocka_unit_test(frames_are_opened_up_to_a_fixed_depth),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
