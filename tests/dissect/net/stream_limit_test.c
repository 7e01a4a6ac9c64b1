#include "dissect/net/stream.h"

#include "tests/dissect/net/stream_bench.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static void without_a_block_the_oldest_hole_is_given_up(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 2);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 102, "cd");
    bench_add(&bench, 106, "gh");
    bench_expect(&bench, "");
    bench_add(&bench, 110, "kl");
    bench_expect(&bench, "<2>|cd|");
    assert_int_equal(pool_taken(bench.pool), 2);
    bench_add(&bench, 104, "ef");
    bench_expect(&bench, "ef|gh|");
    bench_add(&bench, 108, "ij");
    bench_expect(&bench, "ij|kl|");
    bench_end(&bench);
}

static void an_empty_pool_turns_every_gap_into_a_hole(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 0);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 102, "cd");
    bench_add_cut(&bench, 106, TCP_ACK, "ghi", 1);
    bench_expect(&bench, "<2>|cd|<2>|gh|<1>|");
    bench_end(&bench);
}

static void waiting_segments_are_limited(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 1000);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < STREAM_MAX_WAITING_SEGMENTS; i++) {
        bench_add(&bench, 102 + 2 * i, "x");
    }
    bench_expect(&bench, "");
    assert_int_equal(pool_taken(bench.pool), STREAM_MAX_WAITING_SEGMENTS);
    bench_add(&bench, 102 + 2 * STREAM_MAX_WAITING_SEGMENTS, "y");
    bench_expect(&bench, "<2>|x|");
    assert_int_equal(pool_taken(bench.pool), STREAM_MAX_WAITING_SEGMENTS);
    bench_end(&bench);
}

static void waiting_bytes_are_limited(void **state)
{
    (void)state;
    enum { SEGMENT_BYTES = 16 * 1024 };
    struct bench bench;
    uint8_t *bytes = calloc(1, SEGMENT_BYTES);
    struct segment segment = {.payload_len = SEGMENT_BYTES, .payload = {bytes, SEGMENT_BYTES}};
    struct stream_chunk chunk;
    bench_begin(&bench, 1000);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < STREAM_MAX_WAITING_BYTES / SEGMENT_BYTES; i++) {
        segment.sequence = 101 + i * SEGMENT_BYTES;
        stream_add(&bench.stream, bench.pool, &segment);
        assert_false(stream_next(&bench.stream, bench.pool, &chunk));
    }
    assert_int_equal(bench.stream.waiting.bytes, STREAM_MAX_WAITING_BYTES);
    segment.sequence += SEGMENT_BYTES;
    stream_add(&bench.stream, bench.pool, &segment);
    assert_true(stream_next(&bench.stream, bench.pool, &chunk));
    assert_int_equal(chunk.missing, 1);
    uint32_t delivered = 0;
    while (stream_next(&bench.stream, bench.pool, &chunk)) {
        assert_int_equal(chunk.missing, 0);
        delivered += (uint32_t)chunk.data.len;
    }
    assert_int_equal(delivered, STREAM_MAX_WAITING_BYTES + SEGMENT_BYTES);
    free(bytes);
    bench_end(&bench);
}

static void a_segment_larger_than_a_block_waits_in_several(void **state)
{
    (void)state;
    enum { SEGMENT_BYTES = 5000 };
    struct bench bench;
    uint8_t bytes[SEGMENT_BYTES];
    const struct segment segment = {
        .sequence = 101, .payload_len = SEGMENT_BYTES, .payload = {bytes, SEGMENT_BYTES}};
    struct stream_chunk chunk;
    uint32_t delivered = 0;
    bench_begin(&bench, 10);

    for (size_t i = 0; i < SEGMENT_BYTES; i++) {
        bytes[i] = (uint8_t)(i * 7);
    }
    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_add(&bench.stream, bench.pool, &segment);
    assert_false(stream_next(&bench.stream, bench.pool, &chunk));
    assert_int_equal(pool_taken(bench.pool), 3);
    bench_add(&bench, 100, "");
    const struct segment filler = {.sequence = 100, .payload_len = 1, .payload = {bytes, 1}};
    stream_add(&bench.stream, bench.pool, &filler);
    assert_true(stream_next(&bench.stream, bench.pool, &chunk));
    while (stream_next(&bench.stream, bench.pool, &chunk)) {
        assert_memory_equal(chunk.data.data, bytes + delivered, chunk.data.len);
        assert_int_equal(chunk.starts_segment, delivered == 0);
        delivered += (uint32_t)chunk.data.len;
    }
    assert_int_equal(delivered, SEGMENT_BYTES);
    bench_end(&bench);
}

static void a_sequence_number_far_away_is_garbage(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 100 + STREAM_MAX_AHEAD + 1, "garbage");
    bench_add(&bench, 0x80000000, "garbage");
    bench_add(&bench, 100u - STREAM_MAX_BEHIND - 1, "garbage");
    assert_int_equal(pool_taken(bench.pool), 0);
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|");
    bench_add(&bench, 103 + STREAM_MAX_AHEAD, "edge");
    assert_int_equal(pool_taken(bench.pool), 1);
    bench_end(&bench);
}

static void a_garbage_fin_ends_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add_flags(&bench, 0x70000000, TCP_FIN, "x");
    assert_false(bench.stream.has_end);
    bench_end(&bench);
}

static void far_segments_without_payload_prove_nothing(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < 4 * STREAM_RESYNC_SEGMENTS; i++) {
        bench_add(&bench, 0x40000000, "");
    }
    bench_add(&bench, 100, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

static void check_resynchronisation(uint32_t far)
{
    struct bench bench;
    char hole[32];
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < STREAM_RESYNC_SEGMENTS - 1; i++) {
        bench_add(&bench, far + 3 * i, "lost"); /* they need not fit each other to the byte */
        bench_expect(&bench, "");
    }
    bench_add(&bench, far + 500, "abc");
    (void)snprintf(hole, sizeof(hole), "<%u>|abc|", far + 500 - 100);
    bench_expect(&bench, hole);
    bench_add(&bench, far + 503, "def");
    bench_expect(&bench, "def|");
    bench_end(&bench);
}

static void several_far_segments_that_fit_each_other_are_the_stream(void **state)
{
    (void)state;
    check_resynchronisation(100 + STREAM_MAX_AHEAD + 1);
    check_resynchronisation(0x7fffffff);
    check_resynchronisation(0x80000200);
    check_resynchronisation(100u - STREAM_MAX_BEHIND - 100000);
}

static void far_segments_that_do_not_fit_each_other_stay_garbage(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < 4 * STREAM_RESYNC_SEGMENTS; i++) {
        bench_add(&bench, 0x40000000 + i * 0x00300000, "garbage");
    }
    for (uint32_t i = 0; i < 4 * STREAM_RESYNC_SEGMENTS; i++) {
        bench_add(&bench, 0x40000000 + 3 * i, "abc");
        bench_add(&bench, 100, "ab"); /* what fits comes in between */
    }
    bench_expect(&bench, "ab|");
    bench_end(&bench);
}

static void what_waits_is_delivered_before_the_stream_jumps(void **state)
{
    (void)state;
    struct bench bench;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    bench_add(&bench, 102, "cd");
    for (uint32_t i = 0; i <= STREAM_RESYNC_SEGMENTS; i++) {
        bench_add(&bench, 0x40000000 + 3 * i, "xyz");
    }
    bench.told[bench.told_len] = '\0';
    assert_non_null(strstr(bench.told, "<2>|cd|<"));
    assert_non_null(strstr(bench.told, ">|xyz|"));
    bench_end(&bench);
}

static void a_length_no_segment_can_have_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    uint8_t byte = 'x';
    const struct segment segment = {
        .sequence = 100, .payload_len = UINT32_MAX, .payload = {&byte, 1}};
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_add(&bench.stream, bench.pool, &segment);
    bench_drain(&bench);
    bench_expect(&bench, "");
    bench_end(&bench);
}

/* Far more than 2^32 bytes: marks that fell behind long ago must not look as if they lay ahead. */
static void a_long_stream_leaves_its_marks_behind(void **state)
{
    (void)state;
    enum { SEGMENT_BYTES = 8 * 1024 * 1024, SEGMENTS = 1100 };
    struct bench bench;
    struct segment segment = {.sequence = 100, .payload_len = SEGMENT_BYTES};
    struct stream_chunk chunk;
    bench_begin(&bench, 8);

    bench_add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 120);
    for (int i = 0; i < SEGMENTS; i++) {
        stream_add(&bench.stream, bench.pool, &segment);
        assert_true(stream_next(&bench.stream, bench.pool, &chunk));
        assert_int_equal(chunk.missing, SEGMENT_BYTES);
        assert_false(stream_next(&bench.stream, bench.pool, &chunk));
        segment.sequence += SEGMENT_BYTES;
    }
    for (int i = 0; i < 2 * STREAM_HOLE_PATIENCE; i++) {
        bench_add(&bench, segment.sequence, "");
    }
    bench_add(&bench, segment.sequence, "abc");
    bench_expect(&bench, "abc|");
    bench_end(&bench);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(without_a_block_the_oldest_hole_is_given_up),
        cmocka_unit_test(an_empty_pool_turns_every_gap_into_a_hole),
        cmocka_unit_test(waiting_segments_are_limited),
        cmocka_unit_test(waiting_bytes_are_limited),
        cmocka_unit_test(a_segment_larger_than_a_block_waits_in_several),
        cmocka_unit_test(a_sequence_number_far_away_is_garbage),
        cmocka_unit_test(a_garbage_fin_ends_nothing),
        cmocka_unit_test(far_segments_without_payload_prove_nothing),
        cmocka_unit_test(several_far_segments_that_fit_each_other_are_the_stream),
        cmocka_unit_test(far_segments_that_do_not_fit_each_other_stay_garbage),
        cmocka_unit_test(what_waits_is_delivered_before_the_stream_jumps),
        cmocka_unit_test(a_length_no_segment_can_have_is_ignored),
        cmocka_unit_test(a_long_stream_leaves_its_marks_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
