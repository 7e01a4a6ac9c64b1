/* Frames copied into a block, and what is worked out of them. */
#include "app/block.h"

#include "dissect/dissector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum {
    ETHERNET = 1,
    LANES = 3,
    READ_BYTES = 4096,
    MANY = 2000,
    INNER_BYTES = 1024 * 1024,
    EACH = 2 * MANY / LANES
};

struct fixture {
    struct capture *capture;
    struct block block;
    struct flow_hash hash;
};

static int set_up(void **state)
{
    static const char *const path = "pcaps/shops.pcap";
    static const uint8_t key[16] = {7};
    struct fixture *fixture = calloc(1, sizeof(*fixture));
    struct capture_options options;
    struct error error;

    assert_non_null(fixture);
    capture_options_init(&options);
    options.sources = &path;
    options.source_count = 1;
    options.read_bytes = READ_BYTES;
    assert_int_equal(capture_open_files(&options, &fixture->capture, &error), CAPTURE_OPENED);
    assert_true(block_init(&fixture->block, fixture->capture, LANES));
    flow_hash_init(&fixture->hash, key);
    block_begin(&fixture->block, BLOCK_COPIES);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    block_clear(&fixture->block);
    capture_close(fixture->capture);
    free(fixture);
    return 0;
}

/* A frame of `len` bytes in a heap block of that size. */
struct made {
    uint8_t *bytes; /* owned */
    struct frame frame;
};

static struct made make_frame(size_t len, uint8_t fill)
{
    struct made made = {.bytes = malloc(len > 0 ? len : 1)};

    assert_non_null(made.bytes);
    memset(made.bytes, fill, len);
    made.frame = (struct frame){.time_ns = fill,
                                .captured_len = (uint32_t)len,
                                .wire_len = (uint32_t)len + 1,
                                .link_type = ETHERNET,
                                .data = made.bytes};
    return made;
}

static void copy_keeps_frames_apart_from_those_that_were_lent(void **state)
{
    struct fixture *fixture = *state;
    struct made made[] = {make_frame(60, 0xaa), make_frame(0, 0xbb), make_frame(70, 0xcc)};
    struct frame frames[] = {made[0].frame, made[1].frame, made[2].frame};
    const struct frame_batch lent = {frames, 3, 3};
    const struct block *const block = &fixture->block;

    assert_true(block_copy(&fixture->block, &lent));
    for (size_t i = 0; i < 3; i++) {
        free(made[i].bytes);
    }
    assert_int_equal(block->batch.count, 3);
    assert_int_equal(block->batch.frames[0].captured_len, 60);
    assert_int_equal(block->batch.frames[0].wire_len, 61);
    assert_int_equal(block->batch.frames[0].data[59], 0xaa);
    assert_int_equal(block->batch.frames[1].captured_len, 0);
    assert_int_equal(block->batch.frames[2].time_ns, 0xcc);
    assert_int_equal(block->batch.frames[2].data[0], 0xcc);
    assert_true(block_has_room(block));
}

static void copy_refuses_what_does_not_fit_behind_others(void **state)
{
    struct fixture *fixture = *state;
    struct block *const block = &fixture->block;
    struct made small = make_frame(1, 1);
    struct made large = make_frame(block->part.window_bytes, 2);
    const struct frame_batch first = {&small.frame, 1, 1};
    const struct frame_batch second = {&large.frame, 1, 1};

    assert_true(block_copy(block, &first));
    assert_false(block_copy(block, &second));
    assert_int_equal(block->batch.count, 1);
    block_begin(block, BLOCK_COPIES);
    assert_true(block_copy(block, &second));
    assert_false(block_has_room(block));
    free(small.bytes);
    free(large.bytes);
}

static void copy_cuts_a_frame_longer_than_a_block(void **state)
{
    struct fixture *fixture = *state;
    struct block *const block = &fixture->block;
    struct made made = make_frame(block->part.window_bytes + 1, 3);
    const struct frame_batch lent = {&made.frame, 1, 1};

    assert_true(block_copy(block, &lent));
    assert_int_equal(block->batch.frames[0].captured_len, block->part.window_bytes);
    assert_int_equal(block->batch.frames[0].wire_len, block->part.window_bytes + 2);
    free(made.bytes);
}

/* Ethernet, IPv4 without options, a TCP segment without options, from and to port 443. */
static void write_segment(uint8_t frame[54], uint8_t client, uint16_t port, bool is_back)
{
    static const uint8_t headers[54] = {
        [12] = 0x08, [14] = 0x45, [17] = 40, [22] = 64, [23] = SEGMENT_TCP, [46] = 0x50};
    const size_t client_at = is_back ? 30 : 26;
    const size_t server_at = is_back ? 26 : 30;
    const size_t client_port_at = is_back ? 36 : 34;
    const size_t server_port_at = is_back ? 34 : 36;

    memcpy(frame, headers, sizeof(headers));
    frame[client_at + 3] = client;
    frame[server_at + 3] = 200;
    frame[client_port_at] = (uint8_t)(port >> 8);
    frame[client_port_at + 1] = (uint8_t)port;
    frame[server_port_at] = 443 >> 8;
    frame[server_port_at + 1] = 443 & 0xff;
}

/* Two frames of a conversation, copied and prepared: whose they are. */
static unsigned share_of_both(struct fixture *fixture, uint8_t client, uint16_t port)
{
    struct block *const block = &fixture->block;
    uint8_t bytes[2][54];
    struct frame frames[2];
    const struct frame_batch lent = {frames, 2, 2};

    for (size_t i = 0; i < 2; i++) {
        write_segment(bytes[i], client, port, i == 1);
        frames[i] = (struct frame){
            .captured_len = 54, .wire_len = 54, .link_type = ETHERNET, .data = bytes[i]};
    }
    block_begin(block, BLOCK_COPIES);
    assert_true(block_copy(block, &lent));
    block_prepare(block, &fixture->hash, LANES);
    assert_int_equal(block->prepared[0].result, PACKET_TCP);
    assert_int_equal(block->shares[0], block->shares[1]);
    return block->shares[0];
}

static void prepare_spreads_conversations_and_keeps_both_directions_together(void **state)
{
    struct fixture *fixture = *state;
    unsigned counts[LANES] = {0};

    for (unsigned i = 0; i < MANY; i++) {
        counts[share_of_both(fixture, (uint8_t)i, 40000)]++;
        counts[share_of_both(fixture, 7, (uint16_t)(20000 + i))]++;
    }
    for (size_t i = 0; i < LANES; i++) {
        assert_in_range(counts[i], EACH * 8 / 10, EACH * 12 / 10);
    }
}

/* `count` frames of as many conversations, of which `late` was captured before the one before it.
 */
static void prepare_conversations(struct fixture *fixture, size_t count, size_t late)
{
    struct block *const block = &fixture->block;

    block_begin(block, BLOCK_COPIES);
    for (size_t i = 0; i < count; i++) {
        uint8_t bytes[54];
        struct frame frame = {.time_ns = (int64_t)(i == late ? i - 2 : i),
                              .captured_len = 54,
                              .wire_len = 54,
                              .link_type = ETHERNET,
                              .data = bytes};
        const struct frame_batch lent = {&frame, 1, 1};
        write_segment(bytes, (uint8_t)i, 40000, false);
        assert_true(block_copy(block, &lent));
    }
    block_prepare(block, &fixture->hash, LANES);
}

static void prepare_puts_each_lane_s_frames_in_a_row(void **state)
{
    enum { FRAMES = 60 };
    struct fixture *fixture = *state;
    const struct block *const block = &fixture->block;
    size_t seen = 0;

    prepare_conversations(fixture, FRAMES, FRAMES);
    for (unsigned lane = 0; lane < LANES; lane++) {
        const size_t begin = block_share_begin(block, lane);
        assert_int_equal(begin, seen);
        for (; seen < block->share_ends[lane]; seen++) {
            assert_int_equal(block->shares[block->order[seen]], lane);
            assert_true(seen == begin || block->order[seen] > block->order[seen - 1]);
        }
    }
    assert_int_equal(seen, FRAMES);
}

static void prepare_sees_whether_a_frame_is_earlier_than_the_one_before_it(void **state)
{
    enum { FRAMES = 9 };
    struct fixture *fixture = *state;

    prepare_conversations(fixture, FRAMES, FRAMES);
    assert_true(fixture->block.is_in_time);
    for (size_t late = 2; late < FRAMES; late++) {
        prepare_conversations(fixture, FRAMES, late);
        assert_false(fixture->block.is_in_time);
    }
}

static void prepare_gives_the_first_lane_what_belongs_to_no_conversation(void **state)
{
    struct fixture *fixture = *state;
    struct block *const block = &fixture->block;
    struct made made = make_frame(60, 0x99); /* no EtherType */
    const struct frame_batch lent = {&made.frame, 1, 1};

    assert_true(block_copy(block, &lent));
    block_prepare(block, &fixture->hash, LANES);
    assert_int_equal(block->prepared[0].result, PACKET_NOT_IP);
    assert_int_equal(block->shares[0], 0);
    assert_false(block->has_wrapped);
    free(made.bytes);
}

/* An IPv4 datagram in two fragments of 24 and 16 bytes: TCP's header and 20 bytes. */
static void write_fragment(uint8_t frame[58], bool is_second)
{
    write_segment(frame, 9, 40000, false);
    memset(frame + 54, 0x77, 4);
    frame[17] = is_second ? 36 : 44;
    frame[20] = is_second ? 0x00 : 0x20; /* more fragments */
    frame[21] = is_second ? 3 : 0;       /* in units of 8 bytes */
    if (is_second) {
        memset(frame + 34, 0x78, 16);
    }
}

static void unwrap_puts_fragments_of_two_blocks_together(void **state)
{
    struct fixture *fixture = *state;
    struct block *const block = &fixture->block;
    static const uint8_t key[16] = {9};
    static struct fragments_counters counters;
    struct inner_frames *inner = inner_frames_new(INNER_BYTES, key, &counters);
    const unsigned share = share_of_both(fixture, 9, 40000);
    uint8_t bytes[58];

    assert_non_null(inner);
    for (size_t i = 0; i < 2; i++) {
        const uint32_t len = i == 0 ? 58 : 50;
        struct frame frame = {
            .captured_len = len, .wire_len = len, .link_type = ETHERNET, .data = bytes};
        const struct frame_batch lent = {&frame, 1, 1};
        write_fragment(bytes, i == 1);
        block_begin(block, BLOCK_COPIES);
        assert_true(block_copy(block, &lent));
        block_prepare(block, &fixture->hash, LANES);
        assert_true(block->has_wrapped);
        block_unwrap(block, inner, &fixture->hash, LANES);
        assert_int_equal(block->inner_count, i);
    }
    const struct block_inner *const whole = &block->inner[0];
    assert_int_equal(whole->after, 0);
    assert_int_equal(whole->share, share);
    assert_int_equal(whole->prepared.result, PACKET_TCP);
    assert_int_equal(whole->prepared.segment.payload.len, 20);
    assert_int_equal(whole->prepared.segment.payload.data[0], 0x77);
    assert_int_equal(whole->prepared.segment.payload.data[19], 0x78);
    inner_frames_free(inner);
}

static void sequence_puts_what_is_inside_behind_its_frame(void **state)
{
    (void)state;
    assert_true(block_sequence(5, 0) < block_sequence(5, 1));
    assert_true(block_sequence(5, 1) < block_sequence(5, BLOCK_MOST_INNER));
    assert_true(block_sequence(5, BLOCK_MOST_INNER) == block_sequence(5, BLOCK_MOST_INNER + 1));
    assert_true(block_sequence(5, BLOCK_MOST_INNER) < block_sequence(6, 0));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(copy_keeps_frames_apart_from_those_that_were_lent, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(copy_refuses_what_does_not_fit_behind_others, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(copy_cuts_a_frame_longer_than_a_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            prepare_spreads_conversations_and_keeps_both_directions_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(prepare_puts_each_lane_s_frames_in_a_row, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(
            prepare_sees_whether_a_frame_is_earlier_than_the_one_before_it, set_up, tear_down),
        cmocka_unit_test_setup_teardown(
            prepare_gives_the_first_lane_what_belongs_to_no_conversation, set_up, tear_down),
        cmocka_unit_test_setup_teardown(unwrap_puts_fragments_of_two_blocks_together, set_up,
                                        tear_down),
        cmocka_unit_test(sequence_puts_what_is_inside_behind_its_frame),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
