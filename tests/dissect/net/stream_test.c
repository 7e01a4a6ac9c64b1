#include "dissect/net/stream.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* A stream under test, what it delivered as text, and its pool. Holes show as "<n>", the borders
 * of chunks as "|". */
struct bench {
    struct stream stream;
    struct pool *pool;
    char told[4096];
    size_t told_len;
    struct stream_chunk last;
    int64_t clock_ns;
};

static void begin(struct bench *bench, size_t blocks)
{
    memset(bench, 0, sizeof(*bench));
    stream_init(&bench->stream);
    bench->pool = pool_new(STREAM_BLOCK_BYTES, blocks);
    assert_non_null(bench->pool);
}

static void end(struct bench *bench)
{
    stream_clear(&bench->stream, bench->pool);
    assert_int_equal(pool_taken(bench->pool), 0);
    pool_free(bench->pool);
}

static void tell(struct bench *bench, const struct stream_chunk *chunk)
{
    char *out = bench->told + bench->told_len;
    const size_t room = sizeof(bench->told) - bench->told_len;

    assert_true(room > chunk->data.len + 16);
    if (chunk->missing > 0) {
        assert_int_equal(chunk->data.len, 0);
        bench->told_len += (size_t)snprintf(out, room, "<%u>|", chunk->missing);
        return;
    }
    assert_true(chunk->data.len > 0);
    memcpy(out, chunk->data.data, chunk->data.len);
    out[chunk->data.len] = '|';
    bench->told_len += chunk->data.len + 1;
}

static void drain(struct bench *bench)
{
    struct stream_chunk chunk;

    while (stream_next(&bench->stream, bench->pool, &chunk)) {
        bench->last = chunk;
        tell(bench, &chunk);
    }
}

/* Adds a segment whose payload is a text, of which the capture cut the last `cut` bytes; drains.
 * The bytes are gone afterwards. */
static void add_cut(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text,
                    size_t cut)
{
    const size_t len = strlen(text);
    uint8_t *exact = malloc(len - cut + 1);
    const struct segment segment = {
        .time_ns = ++bench->clock_ns,
        .sequence = sequence,
        .flags = flags,
        .payload_len = (uint32_t)len,
        .payload = {exact, len - cut},
    };

    assert_non_null(exact);
    memcpy(exact, text, len - cut);
    stream_add(&bench->stream, bench->pool, &segment);
    drain(bench);
    free(exact);
}

static void add(struct bench *bench, uint32_t sequence, const char *text)
{
    add_cut(bench, sequence, TCP_ACK, text, 0);
}

static void add_flags(struct bench *bench, uint32_t sequence, uint8_t flags, const char *text)
{
    add_cut(bench, sequence, flags, text, 0);
}

/* What was delivered since the last time. */
static void expect(struct bench *bench, const char *told)
{
    bench->told[bench->told_len] = '\0';
    assert_string_equal(bench->told, told);
    bench->told_len = 0;
}

static void segments_in_order_pass_through(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 0);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abc");
    expect(&bench, "abc|");
    assert_true(bench.last.starts_segment);
    assert_false(bench.last.was_retransmitted);
    assert_int_equal(bench.last.time_ns, 2);
    add(&bench, 103, "def");
    add(&bench, 106, "");
    expect(&bench, "def|");
    assert_true(bench.stream.started_with_syn);
    assert_false(bench.stream.has_retransmission);
    end(&bench);
}

static void sequence_numbers_wrap_around(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, UINT32_MAX - 3, TCP_SYN, "");
    add(&bench, 2, "fgh");
    add(&bench, UINT32_MAX - 2, "abcde");
    expect(&bench, "abcde|fgh|");
    add(&bench, 5, "ij");
    expect(&bench, "ij|");
    end(&bench);
}

static void a_gap_is_waited_for(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 106, "ghi");
    add(&bench, 103, "def");
    expect(&bench, "");
    assert_int_equal(bench.stream.waiting.bytes, 6);
    add(&bench, 100, "abc");
    expect(&bench, "abc|def|ghi|");
    assert_true(bench.last.was_retransmitted);
    assert_true(bench.last.starts_segment);
    assert_int_equal(bench.last.time_ns, 2);
    assert_int_equal(pool_taken(bench.pool), 0);
    end(&bench);
}

static void a_retransmission_brings_only_what_is_new(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abc");
    assert_false(bench.stream.has_retransmission);
    add(&bench, 100, "abc");
    assert_true(bench.stream.has_retransmission);
    add(&bench, 101, "bcdef");
    expect(&bench, "abc|def|");
    assert_false(bench.last.starts_segment);
    end(&bench);
}

static void the_first_copy_of_a_byte_wins(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 102, "CD");
    add(&bench, 101, "bcde");
    assert_true(bench.stream.has_conflict);
    add(&bench, 100, "axxxxxxx");
    expect(&bench, "a|b|CD|e|xxx|");
    assert_true(bench.stream.has_retransmission);
    end(&bench);
}

static void an_equal_overlap_is_no_conflict(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 102, "cd");
    add(&bench, 101, "bcde");
    add(&bench, 100, "abcdefg");
    expect(&bench, "a|b|cd|e|fg|");
    assert_true(bench.stream.has_retransmission);
    assert_false(bench.stream.has_conflict);
    end(&bench);
}

static void a_keep_alive_brings_nothing(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abc");
    add(&bench, 102, "");
    add(&bench, 102, "?");
    add(&bench, 103, "d");
    expect(&bench, "abc|d|");
    assert_false(bench.stream.has_retransmission);
    end(&bench);
}

static void fast_open_data_follows_the_syn(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "hello");
    expect(&bench, "hello|");
    assert_true(bench.last.starts_segment);
    add(&bench, 100, "hello"); /* refused: sent again */
    add(&bench, 105, "!");
    expect(&bench, "!|");
    end(&bench);
}

static void a_stream_can_start_in_the_middle(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add(&bench, 5000, "");
    add(&bench, 5000, "abc");
    add(&bench, 4000, "old");
    expect(&bench, "abc|");
    assert_false(bench.stream.started_with_syn);
    end(&bench);
}

static void in_the_middle_the_acknowledgement_tells_the_start(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    stream_acknowledge(&bench.stream, 5000);
    add(&bench, 4999, "?"); /* keep-alive probe */
    add(&bench, 5003, "def");
    expect(&bench, "");
    add(&bench, 5000, "abc");
    expect(&bench, "abc|def|");
    end(&bench);
}

static void an_acknowledgement_far_away_tells_no_start(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    stream_acknowledge(&bench.stream, 5000);
    add(&bench, 5001 + STREAM_MAX_WAITING_BYTES, "abc");
    expect(&bench, "abc|");
    end(&bench);
    begin(&bench, 8);
    stream_acknowledge(&bench.stream, 5000); /* seen before the data it is for */
    add(&bench, 4990, "abc");
    expect(&bench, "abc|");
    end(&bench);
}

static void another_syn_restarts_only_what_has_delivered_nothing(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 105, "lost");
    add_flags(&bench, 7999, TCP_SYN, "");
    assert_int_equal(pool_taken(bench.pool), 0);
    add(&bench, 8000, "abc");
    expect(&bench, "abc|");
    add_flags(&bench, 8099, TCP_SYN, "no");
    add(&bench, 8003, "def");
    expect(&bench, "def|");
    end(&bench);
}

static void another_syn_changes_nothing_once_the_first_is_acknowledged(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100);
    add_flags(&bench, 7999, TCP_SYN, "");
    add(&bench, 100, "abc");
    expect(&bench, "abc|");
    end(&bench);
}

static void a_syn_sent_again_changes_nothing(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 103, "def");
    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abc");
    expect(&bench, "abc|def|");
    end(&bench);
}

static void a_fin_ends_the_stream_after_its_payload(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add_flags(&bench, 103, TCP_FIN | TCP_ACK, "def");
    assert_false(stream_is_finished(&bench.stream));
    add(&bench, 100, "abc");
    expect(&bench, "abc|def|");
    assert_true(stream_is_finished(&bench.stream));
    add(&bench, 106, "more");
    add_flags(&bench, 106, TCP_FIN | TCP_ACK, "more");
    expect(&bench, "");
    end(&bench);
}

static void data_after_the_fin_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 104, "efgh");
    add_flags(&bench, 106, TCP_FIN, "");
    add(&bench, 107, "zzz");
    add(&bench, 100, "abcdefghij");
    expect(&bench, "abcd|ef|");
    assert_true(stream_is_finished(&bench.stream));
    assert_int_equal(pool_taken(bench.pool), 0);
    end(&bench);
}

static void a_fin_below_what_was_delivered_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abcd");
    add_flags(&bench, 101, TCP_FIN, "");
    assert_false(bench.stream.has_end);
    add(&bench, 104, "ef");
    expect(&bench, "abcd|ef|");
    end(&bench);
}

static void a_fin_alone_starts_and_finishes(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_FIN | TCP_ACK, "");
    assert_true(stream_is_finished(&bench.stream));
    expect(&bench, "");
    end(&bench);
}

static void what_a_reset_says_is_no_data(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add_flags(&bench, 100, TCP_RST, "go away");
    expect(&bench, "");
    end(&bench);
}

static void bytes_cut_by_the_capture_are_a_hole_at_once(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add_cut(&bench, 100, TCP_ACK, "abcdef", 4);
    expect(&bench, "ab|<4>|");
    assert_int_equal(bench.last.time_ns, 2);
    add_cut(&bench, 106, TCP_ACK, "ghi", 3);
    expect(&bench, "<3>|");
    end(&bench);
}

static void bytes_cut_out_of_order_are_a_hole_in_their_turn(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add_cut(&bench, 102, TCP_ACK, "cdef", 2);
    add_cut(&bench, 106, TCP_ACK, "gh", 2);
    add(&bench, 108, "ij");
    expect(&bench, "");
    add(&bench, 100, "ab");
    expect(&bench, "ab|cd|<2>|<2>|ij|");
    end(&bench);
}

static void cut_bytes_that_another_copy_brought_are_no_hole(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 104, "ef");
    add_cut(&bench, 102, TCP_ACK, "cdefghij", 7);
    add(&bench, 107, "h");
    add(&bench, 103, "d");
    add_cut(&bench, 100, TCP_ACK, "abcdefghijkl", 10);
    expect(&bench, "ab|c|d|ef|<1>|h|<4>|");
    end(&bench);
}

static void patience_with_an_acknowledged_hole_ends(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 103, "def");
    stream_acknowledge(&bench.stream, 106);
    for (int i = 0; i < STREAM_HOLE_PATIENCE; i++) {
        add(&bench, 106, "");
        expect(&bench, "");
    }
    add(&bench, 106, "ghi");
    expect(&bench, "<3>|def|ghi|");
    end(&bench);
}

static void a_chunk_behind_a_hole_given_up_was_not_retransmitted(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 103, "def");
    stream_give_up(&bench.stream);
    drain(&bench);
    expect(&bench, "<3>|def|");
    assert_false(bench.last.was_retransmitted);
    end(&bench);
}

static void patience_lasts_while_nothing_was_acknowledged(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100);
    add(&bench, 103, "def");
    for (int i = 0; i < 4 * STREAM_HOLE_PATIENCE; i++) {
        add(&bench, 106, "");
    }
    expect(&bench, "");
    add(&bench, 100, "abc");
    expect(&bench, "abc|def|");
    end(&bench);
}

/* Acknowledgements always come before their data here: that is no hole. */
static void acknowledgements_ahead_of_data_do_no_harm(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < 4 * STREAM_HOLE_PATIENCE; i++) {
        stream_acknowledge(&bench.stream, 100 + 3 * (i + 4));
        add(&bench, 100 + 3 * i, "abc");
        expect(&bench, "abc|");
    }
    end(&bench);
}

static void an_acknowledged_hole_at_the_end_is_told_too(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 150);
    for (int i = 0; i <= STREAM_HOLE_PATIENCE; i++) {
        add(&bench, 150, "");
    }
    expect(&bench, "<50>|");
    add(&bench, 150, "abc");
    expect(&bench, "abc|");
    end(&bench);
}

static void an_acknowledged_fin_that_was_not_seen_is_no_hole(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100, "abc");
    stream_acknowledge(&bench.stream, 104);
    for (int i = 0; i <= STREAM_HOLE_PATIENCE; i++) {
        add(&bench, 104, "");
    }
    stream_give_up(&bench.stream);
    drain(&bench);
    expect(&bench, "abc|");
    end(&bench);
}

static void an_acknowledgement_from_before_the_start_is_forgotten(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    stream_acknowledge(&bench.stream, 5000); /* of an earlier connection on the same ports */
    add_flags(&bench, 99, TCP_SYN, "");
    stream_give_up(&bench.stream);
    drain(&bench);
    expect(&bench, "");
    end(&bench);
}

static void only_what_was_acknowledged_long_ago_is_given_up(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 103, "def");
    stream_acknowledge(&bench.stream, 106);
    add(&bench, 106, "");
    add(&bench, 109, "jkl");
    stream_acknowledge(&bench.stream, 112);
    for (int i = 0; i < STREAM_HOLE_PATIENCE; i++) {
        add(&bench, 112, "");
    }
    expect(&bench, "<3>|def|");
    add(&bench, 106, "ghi");
    expect(&bench, "ghi|jkl|");
    end(&bench);
}

static void garbage_acknowledgements_are_ignored(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 100 + STREAM_MAX_AHEAD + 1);
    stream_acknowledge(&bench.stream, 50);
    assert_false(bench.stream.has_peer_ack);
    stream_acknowledge(&bench.stream, 120);
    stream_acknowledge(&bench.stream, 110);
    assert_int_equal(bench.stream.peer_ack, 120);
    end(&bench);
}

static void the_end_of_the_connection_drains_everything(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 64);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 103, "def");
    add_cut(&bench, 110, TCP_ACK, "klm", 1);
    add_flags(&bench, 120, TCP_FIN, "");
    stream_give_up(&bench.stream);
    drain(&bench);
    expect(&bench, "<3>|def|<4>|kl|<8>|");
    assert_true(stream_is_finished(&bench.stream));
    end(&bench);
}

static void giving_up_a_stream_that_never_began_tells_nothing(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 1);

    stream_acknowledge(&bench.stream, 500);
    stream_give_up(&bench.stream);
    drain(&bench);
    expect(&bench, "");
    assert_false(stream_is_finished(&bench.stream));
    end(&bench);
}

static void without_a_block_the_oldest_hole_is_given_up(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 2);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 102, "cd");
    add(&bench, 106, "gh");
    expect(&bench, "");
    add(&bench, 110, "kl");
    expect(&bench, "<2>|cd|");
    assert_int_equal(pool_taken(bench.pool), 2);
    add(&bench, 104, "ef");
    expect(&bench, "ef|gh|");
    add(&bench, 108, "ij");
    expect(&bench, "ij|kl|");
    end(&bench);
}

static void an_empty_pool_turns_every_gap_into_a_hole(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 0);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 102, "cd");
    add_cut(&bench, 106, TCP_ACK, "ghi", 1);
    expect(&bench, "<2>|cd|<2>|gh|<1>|");
    end(&bench);
}

static void waiting_segments_are_limited(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 1000);

    add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < STREAM_MAX_WAITING_SEGMENTS; i++) {
        add(&bench, 102 + 2 * i, "x");
    }
    expect(&bench, "");
    assert_int_equal(pool_taken(bench.pool), STREAM_MAX_WAITING_SEGMENTS);
    add(&bench, 102 + 2 * STREAM_MAX_WAITING_SEGMENTS, "y");
    expect(&bench, "<2>|x|");
    assert_int_equal(pool_taken(bench.pool), STREAM_MAX_WAITING_SEGMENTS);
    end(&bench);
}

static void waiting_bytes_are_limited(void **state)
{
    (void)state;
    enum { SEGMENT_BYTES = 16 * 1024 };
    struct bench bench;
    uint8_t *bytes = calloc(1, SEGMENT_BYTES);
    struct segment segment = {.payload_len = SEGMENT_BYTES, .payload = {bytes, SEGMENT_BYTES}};
    struct stream_chunk chunk;
    begin(&bench, 1000);

    add_flags(&bench, 99, TCP_SYN, "");
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
    end(&bench);
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
    begin(&bench, 10);

    for (size_t i = 0; i < SEGMENT_BYTES; i++) {
        bytes[i] = (uint8_t)(i * 7);
    }
    add_flags(&bench, 99, TCP_SYN, "");
    stream_add(&bench.stream, bench.pool, &segment);
    assert_false(stream_next(&bench.stream, bench.pool, &chunk));
    assert_int_equal(pool_taken(bench.pool), 3);
    add(&bench, 100, "");
    const struct segment filler = {.sequence = 100, .payload_len = 1, .payload = {bytes, 1}};
    stream_add(&bench.stream, bench.pool, &filler);
    assert_true(stream_next(&bench.stream, bench.pool, &chunk));
    while (stream_next(&bench.stream, bench.pool, &chunk)) {
        assert_memory_equal(chunk.data.data, bytes + delivered, chunk.data.len);
        assert_int_equal(chunk.starts_segment, delivered == 0);
        delivered += (uint32_t)chunk.data.len;
    }
    assert_int_equal(delivered, SEGMENT_BYTES);
    end(&bench);
}

static void a_sequence_number_far_away_is_garbage(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 100 + STREAM_MAX_AHEAD + 1, "garbage");
    add(&bench, 0x80000000, "garbage");
    add(&bench, 100u - STREAM_MAX_BEHIND - 1, "garbage");
    assert_int_equal(pool_taken(bench.pool), 0);
    add(&bench, 100, "abc");
    expect(&bench, "abc|");
    add(&bench, 103 + STREAM_MAX_AHEAD, "edge");
    assert_int_equal(pool_taken(bench.pool), 1);
    end(&bench);
}

static void a_garbage_fin_ends_nothing(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add_flags(&bench, 0x70000000, TCP_FIN, "x");
    assert_false(bench.stream.has_end);
    end(&bench);
}

static void check_resynchronisation(uint32_t far)
{
    struct bench bench;
    char hole[32];
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < STREAM_RESYNC_SEGMENTS - 1; i++) {
        add(&bench, far + 3 * i, "lost"); /* they need not fit each other to the byte */
        expect(&bench, "");
    }
    add(&bench, far + 500, "abc");
    (void)snprintf(hole, sizeof(hole), "<%u>|abc|", far + 500 - 100);
    expect(&bench, hole);
    add(&bench, far + 503, "def");
    expect(&bench, "def|");
    end(&bench);
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
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    for (uint32_t i = 0; i < 4 * STREAM_RESYNC_SEGMENTS; i++) {
        add(&bench, 0x40000000 + i * 0x00300000, "garbage");
    }
    for (uint32_t i = 0; i < 4 * STREAM_RESYNC_SEGMENTS; i++) {
        add(&bench, 0x40000000 + 3 * i, "abc");
        add(&bench, 100, "ab"); /* what fits comes in between */
    }
    expect(&bench, "ab|");
    end(&bench);
}

static void what_waits_is_delivered_before_the_stream_jumps(void **state)
{
    (void)state;
    struct bench bench;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    add(&bench, 102, "cd");
    for (uint32_t i = 0; i <= STREAM_RESYNC_SEGMENTS; i++) {
        add(&bench, 0x40000000 + 3 * i, "xyz");
    }
    bench.told[bench.told_len] = '\0';
    assert_non_null(strstr(bench.told, "<2>|cd|<"));
    assert_non_null(strstr(bench.told, ">|xyz|"));
    end(&bench);
}

static void a_length_no_segment_can_have_is_ignored(void **state)
{
    (void)state;
    struct bench bench;
    uint8_t byte = 'x';
    const struct segment segment = {
        .sequence = 100, .payload_len = UINT32_MAX, .payload = {&byte, 1}};
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_add(&bench.stream, bench.pool, &segment);
    drain(&bench);
    expect(&bench, "");
    end(&bench);
}

/* Far more than 2^32 bytes: marks that fell behind long ago must not look as if they lay ahead. */
static void a_long_stream_leaves_its_marks_behind(void **state)
{
    (void)state;
    enum { SEGMENT_BYTES = 8 * 1024 * 1024, SEGMENTS = 1100 };
    struct bench bench;
    struct segment segment = {.sequence = 100, .payload_len = SEGMENT_BYTES};
    struct stream_chunk chunk;
    begin(&bench, 8);

    add_flags(&bench, 99, TCP_SYN, "");
    stream_acknowledge(&bench.stream, 120);
    for (int i = 0; i < SEGMENTS; i++) {
        stream_add(&bench.stream, bench.pool, &segment);
        assert_true(stream_next(&bench.stream, bench.pool, &chunk));
        assert_int_equal(chunk.missing, SEGMENT_BYTES);
        assert_false(stream_next(&bench.stream, bench.pool, &chunk));
        segment.sequence += SEGMENT_BYTES;
    }
    for (int i = 0; i < 2 * STREAM_HOLE_PATIENCE; i++) {
        add(&bench, segment.sequence, "");
    }
    add(&bench, segment.sequence, "abc");
    expect(&bench, "abc|");
    end(&bench);
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
        cmocka_unit_test(bytes_cut_by_the_capture_are_a_hole_at_once),
        cmocka_unit_test(bytes_cut_out_of_order_are_a_hole_in_their_turn),
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
        cmocka_unit_test(giving_up_a_stream_that_never_began_tells_nothing),
        cmocka_unit_test(without_a_block_the_oldest_hole_is_given_up),
        cmocka_unit_test(an_empty_pool_turns_every_gap_into_a_hole),
        cmocka_unit_test(waiting_segments_are_limited),
        cmocka_unit_test(waiting_bytes_are_limited),
        cmocka_unit_test(a_segment_larger_than_a_block_waits_in_several),
        cmocka_unit_test(a_sequence_number_far_away_is_garbage),
        cmocka_unit_test(a_garbage_fin_ends_nothing),
        cmocka_unit_test(several_far_segments_that_fit_each_other_are_the_stream),
        cmocka_unit_test(far_segments_that_do_not_fit_each_other_stay_garbage),
        cmocka_unit_test(what_waits_is_delivered_before_the_stream_jumps),
        cmocka_unit_test(a_length_no_segment_can_have_is_ignored),
        cmocka_unit_test(a_long_stream_leaves_its_marks_behind),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
