/* What bounds the memory of reassembly, and the time. */
#include "tests/dissect/net/fragment_bench.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

#define SECOND_NS INT64_C(1000000000)

static void the_largest_datagram_is_put_together(void **state)
{
    struct fragment_bench bench;
    uint32_t offset = 0;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV6, FRAGMENT_BENCH_BYTES);
    for (; offset + 1448 < 65535; offset += 1448) {
        assert_false(
            fragment_bench_add(&bench, &(struct fragment_piece){offset, 1448, false, 0, 0, 7, 1}));
    }
    assert_true(fragment_bench_add(
        &bench, &(struct fragment_piece){offset, 65535 - offset, true, 0, 0, 7, 2}));
    fragment_bench_expect_whole(&bench, 65535, 65535);
    fragment_bench_tear_down(&bench);
}

static void what_is_not_complete_in_time_is_forgotten(void **state)
{
    static const int64_t timeouts_ns[FRAGMENT_KINDS] = {
        [FRAGMENT_IPV4] = 30 * SECOND_NS,
        [FRAGMENT_IPV6] = 60 * SECOND_NS,
        [FRAGMENT_CAPWAP] = 30 * SECOND_NS,
        [FRAGMENT_WLAN] = SECOND_NS,
    };

    (void)state;
    for (unsigned kind = 0; kind < FRAGMENT_KINDS; kind++) {
        for (int64_t late = 0; late < 2; late++) {
            struct fragment_bench bench;
            fragment_bench_set_up(&bench, (enum fragment_kind)kind, FRAGMENT_BENCH_BYTES);
            struct fragment_piece first = {0, 16, false, 0, 0, 7, 1000};
            struct fragment_piece last = {
                16, 5, true, 0, 0, 7, 1000 + timeouts_ns[kind] - 1 + late};
            struct fragment fragment = fragment_bench_fragment(&bench, &last);
            fragment.offset = kind == FRAGMENT_WLAN ? 1 : 16;
            assert_false(fragment_bench_add(&bench, &first));
            assert_int_equal(fragment_bench_add_bytes(&bench, &fragment, 0, 16, 0), late == 0);
            fragments_finish(bench.fragments);
            assert_int_equal(fragment_bench_lost(&bench, "fragments without the rest"),
                             late == 0 ? 0 : 2);
            fragment_bench_tear_down(&bench);
        }
    }
}

static void time_that_goes_back_forgets_nothing(void **state)
{
    struct fragment_piece last = {1480, 20, true, 0, 0, 7, INT64_MIN};
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    assert_false(fragment_bench_add(&bench, &fragment_three[0]));
    assert_true(fragment_bench_add(&bench, &last));
    /* and a leap over all of it is one */
    last.time_ns = INT64_MAX;
    assert_false(fragment_bench_add(&bench, &last));
    fragment_bench_tear_down(&bench);
}

/* 16 bits are used up in seconds: what comes later under the number is another datagram. */
static void a_number_can_be_used_anew_once_its_datagram_is_whole(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    for (int64_t round = 0; round < 3; round++) {
        for (size_t i = 0; i < 3; i++) {
            struct fragment_piece piece = fragment_three[i];
            piece.time_ns += round * SECOND_NS / 5;
            piece.len += round == 1 && i == 2 ? 8 : 0;
            assert_int_equal(fragment_bench_add(&bench, &piece), i == 2);
        }
    }
    assert_int_equal(bench.counters.datagrams, 3);
    fragment_bench_tear_down(&bench);
}

static void the_oldest_is_given_up_for_room(void **state)
{
    struct fragment_bench bench;
    uint32_t first_whole = 0;
    uint32_t count = 0;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, 65536);
    for (uint32_t id = 0; id < 100; id++) {
        assert_false(fragment_bench_add(
            &bench, &(struct fragment_piece){0, 1480, false, 0, 0, id, 1000 + id}));
    }
    for (uint32_t id = 100; id-- > 0;) {
        if (fragment_bench_add(&bench, &(struct fragment_piece){1480, 20, true, 0, 0, id, 2000})) {
            fragment_bench_expect_whole(&bench, 1500, 1500);
            first_whole = id;
            count++;
        }
    }
    assert_in_range(count, 5, 9); /* of 8 KiB each */
    assert_int_equal(first_whole, 100 - count);
    assert_true(fragment_bench_lost(&bench, "fragments without room") >= 91);
    fragment_bench_tear_down(&bench);
}

static void blocks_are_bounded_too(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4,
                          131072); /* some 110 KiB for bytes: not two of 64 KiB */
    for (uint32_t id = 0; id < 2; id++) {
        for (uint32_t offset = 0; offset < 62400; offset += 1248) {
            assert_false(fragment_bench_add(
                &bench, &(struct fragment_piece){offset, 1248, false, 0, 0, id, 1 + id}));
        }
    }
    assert_int_equal(fragment_bench_lost(&bench, "fragments without room"), 50);
    assert_true(fragment_bench_add(&bench, &(struct fragment_piece){62400, 600, true, 0, 0, 1, 3}));
    fragment_bench_expect_whole(&bench, 63000, 63000);
    fragment_bench_tear_down(&bench);
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, 40960); /* not even one */
    for (uint32_t offset = 0; offset < 62400; offset += 1248) {
        assert_false(
            fragment_bench_add(&bench, &(struct fragment_piece){offset, 1248, false, 0, 0, 9, 1}));
    }
    assert_int_equal(fragment_bench_lost(&bench, "fragments without room"), 50);
    fragment_bench_tear_down(&bench);
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, 1);
    assert_false(fragment_bench_add(&bench, &fragment_three[0]));
    assert_int_equal(fragment_bench_lost(&bench, "fragments without room"), 1);
    fragment_bench_tear_down(&bench);
}

static void more_pieces_than_there_is_room_for_are_refused(void **state)
{
    struct fragment_bench bench;

    (void)state;
    fragment_bench_set_up(&bench, FRAGMENT_IPV4, FRAGMENT_BENCH_BYTES);
    for (uint32_t i = 0; i <= DATAGRAM_MAX_PIECES; i++) {
        assert_false(
            fragment_bench_add(&bench, &(struct fragment_piece){i * 8, 8, false, 0, 0, 7, 1}));
    }
    assert_int_equal(fragment_bench_lost(&bench, "fragments without room"),
                     DATAGRAM_MAX_PIECES + 1);
    fragment_bench_tear_down(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_largest_datagram_is_put_together),
        cmocka_unit_test(what_is_not_complete_in_time_is_forgotten),
        cmocka_unit_test(time_that_goes_back_forgets_nothing),
        cmocka_unit_test(a_number_can_be_used_anew_once_its_datagram_is_whole),
        cmocka_unit_test(the_oldest_is_given_up_for_room),
        cmocka_unit_test(blocks_are_bounded_too),
        cmocka_unit_test(more_pieces_than_there_is_room_for_are_refused),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
