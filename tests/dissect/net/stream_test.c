#include "dissect/net/stream.h"

#include "tests/dissect/net/stream_bench.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void segments_in_order_pass_through(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 0);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|");
    assert_true(bench.last.starts_segment);
    assert_false(bench.last.was_retransmitted);
    assert_int_equal(bench.last.time_ns, 2);
    bench_add(&bench, 103, "def");
    bench_add(&bench, 106, "");
    bench_expect(&bench, "def|");
    assert_true(bench.stream.started_with_syn);
    assert_false(bench.stream.has_retransmission);
    bench_end(&bench);
}

static void sequence_numbers_wrap_around(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, UINT32_MAX - 3, TCP_SYN, "");
    bench_add(&bench, 2, "fgh");
    bench_add(&bench, UINT32_MAX - 2, "abcde");
    bench_expect(&bench, "abcde|fgh|");
    bench_add(&bench, 5, "ij");
    bench_expect(&bench, "ij|");
    bench_end(&bench);
}

static void a_gap_is_waited_for(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 106, "ghi");
    bench_add(&bench, 103, "def");
    bench_expect(&bench, "");
    assert_int_equal(bench.stream.waiting.bytes, 6);
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|def|ghi|");
    assert_true(bench.last.was_retransmitted);
    assert_true(bench.last.starts_segment);
    assert_int_equal(bench.last.time_ns, 2);
    assert_int_equal(pool_taken(bench.pool), 0);
    bench_end(&bench);
}

static void a_retransmission_brings_only_what_is_new(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    assert_false(bench.stream.has_retransmission);
    bench_add(&bench, 100, "abc");
    assert_true(bench.stream.has_retransmission);
    bench_add(&bench, 101, "bcdef");
    bench_expect(&bench, "abc|def|");
    assert_false(bench.last.starts_segment);
    bench_end(&bench);
}

static void the_first_copy_of_a_byte_wins(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 102, "CD");
    bench_add(&bench, 101, "bcde");
    assert_true(bench.stream.has_conflict);
    bench_add(&bench, 100, "axxxxxxx");
    bench_expect(&bench, "a|b|CD|e|xxx|");
    assert_true(bench.stream.has_retransmission);
    bench_end(&bench);
}

static void an_equal_overlap_is_no_conflict(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 102, "cd");
    bench_add(&bench, 101, "bcde");
    bench_add(&bench, 100, "abcdefg");
    bench_expect(&bench, "a|b|cd|e|fg|");
    assert_true(bench.stream.has_retransmission);
    assert_false(bench.stream.has_conflict);
    bench_end(&bench);
}

static void a_keep_alive_brings_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    bench_add(&bench, 102, "");
    bench_add(&bench, 102, "?");
    bench_add(&bench, 103, "d");
    bench_expect(&bench, "abc|d|");
    assert_false(bench.stream.has_retransmission);
    bench_end(&bench);
}

static void fast_open_data_follows_the_syn(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "hello");
    bench_expect(&bench, "hello|");
    assert_true(bench.last.starts_segment);
    bench_add(&bench, 100, "hello"); /* refused: sent again */
    bench_add(&bench, 105, "!");
    bench_expect(&bench, "!|");
    bench_end(&bench);
}

static void a_stream_can_start_in_the_middle(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add(&bench, 5000, "");
    bench_add(&bench, 5000, "abc");
    bench_add(&bench, 4000, "old");
    bench_expect(&bench, "abc|");
    assert_false(bench.stream.started_with_syn);
    bench_end(&bench);
}

static void in_the_middle_the_acknowledgement_tells_the_start(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    stream_acknowledge(&bench.stream, 5000);
    bench_add(&bench, 4999, "?"); /* keep-alive probe */
    bench_add(&bench, 5003, "def");
    bench_expect(&bench, "");
    bench_add(&bench, 5000, "abc");
    bench_expect(&bench, "abc|def|");
    bench_end(&bench);
}

static void an_acknowledgement_far_away_tells_no_start(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    stream_acknowledge(&bench.stream, 5000);
    bench_add(&bench, 5001 + STREAM_MAX_WAITING_BYTES, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
    bench_begin(&bench, 8);
    stream_acknowledge(&bench.stream, 5000); /* seen before the data it is for */
    bench_add(&bench, 4990, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

static void another_syn_restarts_only_what_has_delivered_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 105, "lost");
    bench_add_flags(&bench, 7999, TCP_SYN, "");
    assert_int_equal(pool_taken(bench.pool), 0);
    bench_add(&bench, 8000, "abc");
    bench_expect(&bench, "abc|");
    bench_add_flags(&bench, 8099, TCP_SYN, "no");
    bench_add(&bench, 8003, "def");
    bench_expect(&bench, "def|");
    bench_end(&bench);
}

static void another_syn_changes_nothing_once_the_first_is_acknowledged(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100);
    bench_add_flags(&bench, 7999, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

static void a_syn_sent_again_changes_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 103, "def");
    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|def|");
    bench_end(&bench);
}

static void a_fin_ends_the_stream_after_its_payload(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_flags(&bench, 103, TCP_FIN | TCP_ACK, "def");
    assert_false(stream_is_finished(&bench.stream));
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|def|");
    assert_true(stream_is_finished(&bench.stream));
    bench_add(&bench, 106, "more");
    bench_add_flags(&bench, 106, TCP_FIN | TCP_ACK, "more");
    bench_expect(&bench, "");
    bench_end(&bench);
}

static void data_after_the_fin_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 104, "efgh");
    bench_add_flags(&bench, 106, TCP_FIN, "");
    bench_add(&bench, 107, "zzz");
    bench_add(&bench, 100, "abcdefghij");
    bench_expect(&bench, "abcd|ef|");
    assert_true(stream_is_finished(&bench.stream));
    assert_int_equal(pool_taken(bench.pool), 0);
    bench_end(&bench);
}

static void a_fin_below_what_was_delivered_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100, "abcd");
    bench_add_flags(&bench, 101, TCP_FIN, "");
    assert_false(bench.stream.has_end);
    bench_add(&bench, 104, "ef");
    bench_expect(&bench, "abcd|ef|");
    bench_end(&bench);
}

static void a_fin_alone_starts_and_finishes(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_FIN | TCP_ACK, "");
    assert_true(stream_is_finished(&bench.stream));
    bench_expect(&bench, "");
    bench_end(&bench);
}

static void what_a_reset_says_is_no_data(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_flags(&bench, 100, TCP_RST, "go away");
    bench_expect(&bench, "");
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(segments_in_order_pass_through),
        cmocka_unit_test(sequence_numbers_wrap_around),
        cmocka_unit_test(a_gap_is_waited_for),
        cmocka_unit_test(a_retransmission_brings_only_what_is_new),
        cmocka_unit_test(the_first_copy_of_a_byte_wins),
        cmocka_unit_test(an_equal_overlap_is_no_conflict),
        cmocka_unit_test(a_keep_alive_brings_nothing),
        cmocka_unit_test(fast_open_data_follows_the_syn),
        cmocka_unit_test(a_stream_can_start_in_the_middle),
        cmocka_unit_test(in_the_middle_the_acknowledgement_tells_the_start),
        cmocka_unit_test(an_acknowledgement_far_away_tells_no_start),
        cmocka_unit_test(another_syn_restarts_only_what_has_delivered_nothing),
        cmocka_unit_test(another_syn_changes_nothing_once_the_first_is_acknowledged),
        cmocka_unit_test(a_syn_sent_again_changes_nothing),
        cmocka_unit_test(a_fin_ends_the_stream_after_its_payload),
        cmocka_unit_test(data_after_the_fin_is_ignored),
        cmocka_unit_test(a_fin_below_what_was_delivered_is_ignored),
        cmocka_unit_test(a_fin_alone_starts_and_finishes),
        cmocka_unit_test(what_a_reset_says_is_no_data),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
