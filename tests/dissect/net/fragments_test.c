#include "tests/dissect/net/fragment_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void a_datagram_is_whole_when_its_last_piece_comes_in_any_order(void **state)
{
    static const uint8_t orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                        {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const enum fragment_kind kinds[] = {FRAGMENT_IPV4, FRAGMENT_IPV6, FRAGMENT_CAPWAP};

    (void)state;
    for (size_t i = 0; i < sizeof(orders) / sizeof(orders[0]); i++) {
        for (size_t k = 0; k < sizeof(kinds) / sizeof(kinds[0]); k++) {
            struct fragment_bench bench;
            fragment_bench_set_up(&bench, kinds[k], FRAGMENT_BENCH_BYTES);
            assert_false(fragment_bench_add(&bench, &fragment_three[orders[i][0]]));
            assert_false(fragment_bench_add(&bench, &fragment_three[orders[i][1]]));
            assert_true(fragment_bench_add(&bench, &fragment_three[orders[i][2]]));
            fragment_bench_expect_whole(&bench, 4037, 4037);
            assert_int_equal(bench.frame.time_ns, fragment_three[orders[i][2]].time_ns);
            assert_int_equal(bench.counters.datagrams, 1);
            assert_int_equal(bench.counters.fragments_joined, 3);
            fragments_finish(bench.fragments);
            assert_int_equal(fragment_bench_lost(&bench, "fragments without the rest"), 0);
            fragment_bench_tear_down(&bench);
        }
    }
}

static void the_header_is_one_that_was_never_in_fragments(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fragment_bench_add(&bench, &fragment_three[i]), i == 2);
    }
    static const uint8_t ipv4[20] = {0x45, 0, 0x0f, 0xd9, 0, 7, 0, 0, 0, 6,
                                     0,    0, 1,    1,    1, 1, 2, 2, 2, 2};
    assert_memory_equal(bench.frame.data, ipv4, sizeof(ipv4));
    assert_int_equal(bench.frame.link_type, 228);
    fragment_bench_tear_down(&bench);

    fragment_bench_set_up(&bench, FRAGMENT_IPV6, FRAGMENT_BENCH_BYTES);
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(fragment_bench_add(&bench, &fragment_three[i]), i == 2);
    }
    static const uint8_t ipv6[8] = {0x60, 0, 0, 0, 0x0f, 0xc5, 6, 0};
    assert_memory_equal(bench.frame.data, ipv6, sizeof(ipv6));
    assert_int_equal(bench.frame.data[8 + 15], 1);
    assert_int_equal(bench.frame.data[24 + 15], 2);
    assert_int_equal(bench.frame.link_type, 229);
    fragment_bench_tear_down(&bench);
}

static void the_protocol_of_ipv6_is_the_first_fragments(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV6, FRAGMENT_BENCH_BYTES);
    for (size_t i = 3; i-- > 0;) {
        struct fragment fragment = fragment_bench_fragment(&bench, &fragment_three[i]);
        fragment.protocol = i == 0 ? 17 : 99;
        assert_int_equal(
            fragment_bench_add_bytes(&bench, &fragment, 0, fragment_three[i].offset, 0), i == 0);
    }
    assert_int_equal(bench.frame.data[6], 17);
    fragment_bench_tear_down(&bench);
}

static void each_part_of_the_key_tells_datagrams_apart(void **state)
{
    (void)state;
    for (int part = 0; part < 7; part++) {
        struct fragment_bench bench;
        fragment_bench_set_up(&bench, part == 6 ? FRAGMENT_CAPWAP : FRAGMENT_IPV4,
                              FRAGMENT_BENCH_BYTES);
        struct fragment first = fragment_bench_fragment(&bench, &fragment_three[0]);
        const struct fragment_piece end = {1480, 20, true, 0, 0, 7, 150};
        struct fragment last = fragment_bench_fragment(&bench, &end);
        last.identification += part == 1;
        last.source.address[15] ^= part == 2;
        last.destination.address[0] ^= part == 3;
        last.protocol = part == 4 ? 17 : 6;
        last.kind = part == 5 ? FRAGMENT_IPV6 : last.kind;
        last.source.port = part == 6 ? 1 : 0;
        assert_false(fragment_bench_add_bytes(&bench, &first, 0, 0, 0));
        assert_int_equal(fragment_bench_add_bytes(&bench, &last, 0, 1480, 0), part == 0);
        fragment_bench_tear_down(&bench);
    }
}

static void the_same_fragment_twice_is_no_overlap(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    for (size_t i = 0; i < 6; i++) {
        assert_int_equal(fragment_bench_add(&bench, &fragment_three[i / 2]),
                         i == 4); /* and once more behind the end */
    }
    assert_int_equal(bench.counters.fragments_joined, 6);
    fragments_finish(bench.fragments);
    assert_int_equal(fragment_bench_lost(&bench, "fragments without the rest"), 0);
    assert_int_equal(fragment_bench_lost(&bench, "overlapping fragments"), 0);
    fragment_bench_tear_down(&bench);
}

/* RFC 5722, 3: with all that still comes of it. */
static void a_datagram_with_an_overlap_is_refused_as_a_whole(void **state)
{
    static const struct fragment_piece overlaps[] = {
        {0, 1480, false, 1, 0, 7, 150},   /* other bytes */
        {0, 1472, false, 0, 0, 7, 150},   /* shorter */
        {0, 1488, false, 0, 0, 7, 150},   /* longer */
        {1472, 16, false, 0, 0, 7, 150},  /* across its end */
        {8, 8, false, 0, 0, 7, 150},      /* inside */
        {1472, 1480, true, 0, 0, 7, 150}, /* the last reaches back */
    };

    (void)state;
    for (size_t i = 0; i < sizeof(overlaps) / sizeof(overlaps[0]); i++) {
        for (int order = 0; order < 2; order++) {
            struct fragment_bench bench;
            fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
            assert_false(
                fragment_bench_add(&bench, order == 0 ? &fragment_three[0] : &overlaps[i]));
            assert_false(
                fragment_bench_add(&bench, order == 0 ? &overlaps[i] : &fragment_three[0]));
            assert_int_equal(fragment_bench_lost(&bench, "overlapping fragments"), 2);
            assert_false(fragment_bench_add(&bench, &fragment_three[1]));
            assert_false(fragment_bench_add(&bench, &fragment_three[2]));
            assert_false(fragment_bench_add(&bench, &fragment_three[0]));
            assert_int_equal(fragment_bench_lost(&bench, "overlapping fragments"), 5);
            assert_int_equal(bench.counters.datagrams, 0);
            fragments_finish(bench.fragments);
            assert_int_equal(fragment_bench_lost(&bench, "fragments without the rest"), 0);
            fragment_bench_tear_down(&bench);
        }
    }
}

static void the_same_fragment_as_the_last_one_is_another(void **state)
{
    struct fragment_piece last = fragment_three[1];

    (void)state;
    last.is_last = true;
    for (int order = 0; order < 2; order++) {
        struct fragment_bench bench;
        fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
        assert_false(fragment_bench_add(&bench, order == 0 ? &fragment_three[1] : &last));
        assert_false(fragment_bench_add(&bench, order == 0 ? &last : &fragment_three[1]));
        assert_false(fragment_bench_add(&bench, &fragment_three[0]));
        assert_int_equal(fragment_bench_lost(&bench, "overlapping fragments"), 3);
        fragment_bench_tear_down(&bench);
    }
}

static void a_datagram_that_contradicts_itself_is_refused(void **state)
{
    static const struct fragment_piece pairs[][2] = {
        {{1480, 16, true, 0, 0, 7, 1}, {1496, 8, false, 0, 0, 7, 2}}, /* behind the end */
        {{1480, 16, true, 0, 0, 7, 1}, {1504, 16, true, 0, 0, 7, 2}}, /* two ends */
        {{1504, 8, false, 0, 0, 7, 1}, {1480, 16, true, 0, 0, 7, 2}}, /* the end too soon */
        {{1480, 16, true, 0, 0, 7, 1}, {1472, 8, true, 0, 0, 7, 2}},
    };
    static const struct fragment_piece alone[] = {
        {0, 13, false, 0, 0, 7, 1},     /* no multiple of 8, and not the last */
        {65512, 100, true, 0, 0, 7, 1}, /* longer than a datagram can be */
        {65535 - 19, 4, true, 0, 0, 7, 1},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(pairs) / sizeof(pairs[0]); i++) {
        struct fragment_bench bench;
        fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
        assert_false(fragment_bench_add(&bench, &pairs[i][0]));
        assert_false(fragment_bench_add(&bench, &pairs[i][1]));
        assert_int_equal(fragment_bench_lost(&bench, "malformed fragments"), 2);
        fragment_bench_tear_down(&bench);
    }
    for (size_t i = 0; i < sizeof(alone) / sizeof(alone[0]); i++) {
        struct fragment_bench bench;
        fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
        assert_false(fragment_bench_add(&bench, &alone[i]));
        assert_false(fragment_bench_add(&bench, &fragment_three[0]));
        assert_int_equal(fragment_bench_lost(&bench, "malformed fragments"), 2);
        fragment_bench_tear_down(&bench);
    }
}

static void an_empty_fragment_changes_nothing(void **state)
{
    static const struct fragment_piece empty = {1480, 0, true, 0, 0, 7, 150};
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    assert_false(fragment_bench_add(&bench, &fragment_three[0]));
    assert_false(fragment_bench_add(&bench, &empty));
    assert_int_equal(fragment_bench_lost(&bench, "malformed fragments"), 1);
    assert_false(fragment_bench_add(&bench, &fragment_three[1]));
    assert_true(fragment_bench_add(&bench, &fragment_three[2]));
    fragment_bench_tear_down(&bench);
}

/* No byte moves: the datagram ends where the first is missing. */
static void a_cut_fragment_cuts_the_datagram(void **state)
{
    static const struct {
        uint32_t cut[3];
        uint32_t seen;
    } cases[] = {
        {{0, 0, 70}, 3967}, {{0, 2480, 0}, 1480},  {{0, 1, 0}, 3959},
        {{1480, 0, 0}, 0},  {{100, 100, 0}, 1380},
    };

    (void)state;
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct fragment_bench bench;
        fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
        for (size_t p = 0; p < 3; p++) {
            struct fragment_piece piece = fragment_three[p];
            piece.cut = cases[i].cut[p];
            assert_int_equal(fragment_bench_add(&bench, &piece), p == 2);
        }
        fragment_bench_expect_whole(&bench, 4037, cases[i].seen);
        fragment_bench_tear_down(&bench);
    }
}

static void a_fragment_cut_elsewhere_is_the_same_one(void **state)
{
    struct fragment_piece cut = fragment_three[0];
    struct fragment_bench bench;

    (void)state;
    cut.cut = 1000;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    assert_false(fragment_bench_add(&bench, &fragment_three[0]));
    assert_false(fragment_bench_add(&bench, &cut));
    assert_false(fragment_bench_add(&bench, &fragment_three[1]));
    assert_true(fragment_bench_add(&bench, &fragment_three[2]));
    fragment_bench_expect_whole(&bench, 4037, 4037); /* the first copy counts */
    fragment_bench_tear_down(&bench);
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    assert_false(fragment_bench_add(&bench, &cut));
    assert_false(fragment_bench_add(&bench, &fragment_three[0]));
    assert_int_equal(fragment_bench_lost(&bench, "overlapping fragments"), 0);
    fragment_bench_tear_down(&bench);
}

/* IEEE 802.11: the offset of a piece is its number. */
static bool add_number(struct fragment_bench *bench, uint32_t number, uint32_t first, uint32_t len,
                       bool is_last)
{
    const struct fragment_piece piece = {number, len, is_last, 0, 0, 7, 1};
    struct fragment fragment = fragment_bench_fragment(bench, &piece);

    return fragment_bench_add_bytes(bench, &fragment, 0, first, 0);
}

static void fragments_of_wlan_come_in_order_and_some_twice(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_WLAN, FRAGMENT_BENCH_BYTES);
    assert_false(add_number(&bench, 0, 0, 501, false));
    assert_false(add_number(&bench, 0, 0, 501, false)); /* sent again */
    assert_false(add_number(&bench, 1, 501, 501, false));
    assert_true(add_number(&bench, 2, 1002, 40, true));
    fragment_bench_expect_whole(&bench, 1042, 1042);
    assert_false(add_number(&bench, 2, 1002, 40, true));
    assert_int_equal(bench.counters.fragments_joined, 5);
    fragment_bench_tear_down(&bench);
}

static void a_fragment_of_wlan_behind_one_that_is_missing_is_lost(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_WLAN, FRAGMENT_BENCH_BYTES);
    assert_false(add_number(&bench, 1, 501, 501, false));
    assert_false(add_number(&bench, 2, 1002, 40, true));
    assert_false(add_number(&bench, 0, 0, 501, false));
    assert_int_equal(fragment_bench_lost(&bench, "fragments without the rest"), 3);
    fragment_bench_tear_down(&bench);
}

static void fragments_from_inside_others_are_no_captured_frames(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    for (size_t i = 0; i < 3; i++) {
        struct fragment fragment = fragment_bench_fragment(&bench, &fragment_three[i]);
        uint8_t bytes[2480];
        memset(bytes, 0, sizeof(bytes));
        fragment.payload = (struct bytes){bytes, fragment.len};
        assert_int_equal(
            fragments_add(bench.fragments, &fragment, i == 1, bench.buffer, &bench.frame), i == 2);
    }
    assert_int_equal(bench.counters.datagrams, 1);
    assert_int_equal(bench.counters.fragments_joined, 1);
    fragment_bench_tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_datagram_is_whole_when_its_last_piece_comes_in_any_order),
        cmocka_unit_test(the_header_is_one_that_was_never_in_fragments),
        cmocka_unit_test(the_protocol_of_ipv6_is_the_first_fragments),
        cmocka_unit_test(each_part_of_the_key_tells_datagrams_apart),
        cmocka_unit_test(the_same_fragment_twice_is_no_overlap),
        cmocka_unit_test(a_datagram_with_an_overlap_is_refused_as_a_whole),
        cmocka_unit_test(the_same_fragment_as_the_last_one_is_another),
        cmocka_unit_test(a_datagram_that_contradicts_itself_is_refused),
        cmocka_unit_test(an_empty_fragment_changes_nothing),
        cmocka_unit_test(a_cut_fragment_cuts_the_datagram),
        cmocka_unit_test(a_fragment_cut_elsewhere_is_the_same_one),
        cmocka_unit_test(fragments_of_wlan_come_in_order_and_some_twice),
        cmocka_unit_test(a_fragment_of_wlan_behind_one_that_is_missing_is_lost),
        cmocka_unit_test(fragments_from_inside_others_are_no_captured_frames),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
