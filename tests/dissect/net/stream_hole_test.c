#include "dissect/net/stream.h"

#include "tests/dissect/net/stream_bench.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void bytes_cut_by_the_capture_are_a_hole_at_once(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_cut(&bench, 100, TCP_ACK, "abcdef", 4);
    bench_expect(&bench, "ab|<4>|");
    assert_int_equal(bench.last.time_ns, 2);
    bench_add_cut(&bench, 106, TCP_ACK, "ghi", 3);
    bench_expect(&bench, "<3>|");
    bench_end(&bench);
}

static void bytes_cut_out_of_order_are_a_hole_in_their_turn(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_cut(&bench, 102, TCP_ACK, "cdef", 2);
    bench_add_cut(&bench, 106, TCP_ACK, "gh", 2);
    bench_add(&bench, 108, "ij");
    bench_expect(&bench, "");
    bench_add(&bench, 100, "ab");
    bench_expect(&bench, "ab|cd|<2>|<2>|ij|");
    bench_end(&bench);
}

static void bytes_cut_behind_the_fin_are_no_hole(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_flags(&bench, 104, TCP_FIN, "");
    bench_add_cut(&bench, 100, TCP_ACK, "abcdefgh", 5);
    bench_expect(&bench, "abc|<1>|");
    assert_true(stream_is_finished(&bench.stream));
    bench_end(&bench);
}

static void a_stream_with_a_hole_waits(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    assert_false(stream_is_waiting(&bench.stream));
    bench_add(&bench, 103, "def");
    assert_true(stream_is_waiting(&bench.stream));
    bench_add(&bench, 100, "abc");
    assert_false(stream_is_waiting(&bench.stream));
    bench_end(&bench);
}

static void cut_bytes_that_another_copy_brought_are_no_hole(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 104, "ef");
    bench_add_cut(&bench, 102, TCP_ACK, "cdefghij", 7);
    bench_add(&bench, 107, "h");
    bench_add(&bench, 103, "d");
    bench_add_cut(&bench, 100, TCP_ACK, "abcdefghijkl", 10);
    bench_expect(&bench, "ab|c|d|ef|<1>|h|<4>|");
    bench_end(&bench);
}

static void patience_with_an_acknowledged_hole_ends(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 103, "def");
    stream_acknowledge(&bench.stream, 106);
    for (int i = 0; i < STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, 106, "");
        bench_expect(&bench, "");
    }
    bench_add(&bench, 106, "ghi");
    bench_expect(&bench, "<3>|def|ghi|");
    bench_end(&bench);
}

static void a_chunk_behind_a_hole_given_up_was_not_retransmitted(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 103, "def");
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "<3>|def|");
    assert_false(bench.last.was_retransmitted);
    bench_end(&bench);
}

static void patience_lasts_while_nothing_was_acknowledged(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100);
    bench_add(&bench, 103, "def");
    for (int i = 0; i < 4 * STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, 106, "");
    }
    bench_expect(&bench, "");
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|def|");
    bench_end(&bench);
}

/* Acknowledgements always come before their data here: that is no hole. */
static void acknowledgements_ahead_of_data_do_no_harm(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < 4 * STREAM_HOLE_PATIENCE; i++) {
        stream_acknowledge(&bench.stream, 100 + 3 * (i + 4));
        bench_add(&bench, 100 + 3 * i, "abc");
        bench_expect(&bench, "abc|");
    }
    bench_end(&bench);
}

static void an_acknowledged_hole_at_the_end_is_told_too(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 150);
    for (int i = 0; i <= STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, 150, "");
    }
    bench_expect(&bench, "<50>|");
    bench_add(&bench, 150, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

static void an_acknowledged_fin_that_was_not_seen_is_no_hole(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    stream_acknowledge(&bench.stream, 104);
    for (int i = 0; i <= STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, 104, "");
    }
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

static void an_acknowledgement_from_before_the_start_is_forgotten(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    stream_acknowledge(&bench.stream, 5000); /* of an earlier connection on the same ports */
    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "");
    bench_end(&bench);
}

static void only_what_was_acknowledged_long_ago_is_given_up(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 103, "def");
    stream_acknowledge(&bench.stream, 106);
    bench_add(&bench, 106, "");
    bench_add(&bench, 109, "jkl");
    stream_acknowledge(&bench.stream, 112);
    for (int i = 0; i < STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, 112, "");
    }
    bench_expect(&bench, "<3>|def|");
    bench_add(&bench, 106, "ghi");
    bench_expect(&bench, "ghi|jkl|");
    bench_end(&bench);
}

static void garbage_acknowledgements_are_ignored(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100 + STREAM_MAX_AHEAD + 1);
    stream_acknowledge(&bench.stream, 50);
    assert_false(bench.stream.has_peer_ack);
    stream_acknowledge(&bench.stream, 120);
    stream_acknowledge(&bench.stream, 110);
    assert_int_equal(bench.stream.peer_ack, 120);
    bench_end(&bench);
}

static void the_end_of_the_connection_drains_everything(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 64);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 103, "def");
    bench_add_cut(&bench, 110, TCP_ACK, "klm", 1);
    bench_add_flags(&bench, 120, TCP_FIN, "");
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "<3>|def|<4>|kl|<8>|");
    assert_true(stream_is_finished(&bench.stream));
    bench_end(&bench);
}

static void an_acknowledged_hole_is_given_up_at_the_end(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    stream_acknowledge(&bench.stream, 110);
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "abc|<7>|");
    bench_end(&bench);
}

static void giving_up_a_stream_that_never_began_tells_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 1);

    stream_acknowledge(&bench.stream, 500);
    stream_give_up(&bench.stream);
    bench_drain(&bench);
    bench_expect(&bench, "");
    assert_false(stream_is_finished(&bench.stream));
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(bytes_cut_by_the_capture_are_a_hole_at_once),
        cmocka_unit_test(bytes_cut_out_of_order_are_a_hole_in_their_turn),
        cmocka_unit_test(bytes_cut_behind_the_fin_are_no_hole),
        cmocka_unit_test(a_stream_with_a_hole_waits),
        cmocka_unit_test(cut_bytes_that_another_copy_brought_are_no_hole),
        cmocka_unit_test(patience_with_an_acknowledged_hole_ends),
        cmocka_unit_test(a_chunk_behind_a_hole_given_up_was_not_retransmitted),
        cmocka_unit_test(patience_lasts_while_nothing_was_acknowledged),
        cmocka_unit_test(acknowledgements_ahead_of_data_do_no_harm),
        cmocka_unit_test(an_acknowledged_hole_at_the_end_is_told_too),
        cmocka_unit_test(an_acknowledged_fin_that_was_not_seen_is_no_hole),
        cmocka_unit_test(an_acknowledgement_from_before_the_start_is_forgotten),
        cmocka_unit_test(only_what_was_acknowledged_long_ago_is_given_up),
        cmocka_unit_test(garbage_acknowledgements_are_ignored),
        cmocka_unit_test(the_end_of_the_connection_drains_everything),
        cmocka_unit_test(an_acknowledged_hole_is_given_up_at_the_end),
        cmocka_unit_test(giving_up_a_stream_that_never_began_tells_nothing),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
