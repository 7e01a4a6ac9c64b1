#include "app/batch.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static int set_up(void **state)
{
    struct batch *batch = malloc(sizeof(*batch));

    assert_non_null(batch);
    assert_true(batch_init(batch));
    *state = batch;
    return 0;
}

static int tear_down(void **state)
{
    batch_clear(*state);
    free(*state);
    return 0;
}

static void add_copies_the_frame(void **state)
{
    struct batch *batch = *state;
    uint8_t data[] = {1, 2, 3};
    const struct frame frame = {
        .time_ns = 5, .captured_len = 3, .wire_len = 9, .link_type = 1, .data = data};

    assert_true(batch_add(batch, &frame, 42, false));
    memset(data, 0, sizeof(data));
    const struct batch_frame *copy = &batch->frames[0];
    assert_int_equal(batch->count, 1);
    assert_int_equal(copy->sequence, 42);
    assert_int_equal(copy->frame.time_ns, 5);
    assert_int_equal(copy->frame.wire_len, 9);
    assert_int_equal(copy->frame.captured_len, 3);
    assert_memory_equal(copy->frame.data, "\x01\x02\x03", 3);
}

static void add_keeps_apart_what_was_inside_others(void **state)
{
    struct batch *batch = *state;
    const uint8_t data[1] = {0};
    const struct frame frame = {.captured_len = 1, .data = data};

    assert_true(batch_add(batch, &frame, 1, false));
    assert_true(batch_add(batch, &frame, 2, true));
    assert_false(batch->frames[0].is_inner);
    assert_true(batch->frames[1].is_inner);
}

static void add_refuses_one_frame_too_many(void **state)
{
    struct batch *batch = *state;
    const uint8_t data[1] = {0};
    const struct frame frame = {.captured_len = 1, .data = data};

    for (uint64_t i = 0; i < BATCH_FRAMES; i++) {
        assert_true(batch_add(batch, &frame, i, false));
    }
    assert_false(batch_add(batch, &frame, BATCH_FRAMES, false));
    assert_int_equal(batch->count, BATCH_FRAMES);
    batch_empty(batch);
    assert_true(batch_add(batch, &frame, 0, false));
}

static void add_refuses_one_byte_too_many(void **state)
{
    struct batch *batch = *state;
    uint8_t *data = calloc(1, BATCH_BYTES);
    struct frame frame = {.captured_len = BATCH_BYTES - 1, .data = data};

    assert_non_null(data);
    assert_true(batch_add(batch, &frame, 1, false));
    frame.captured_len = 2;
    assert_false(batch_add(batch, &frame, 2, false));
    frame.captured_len = 1;
    assert_true(batch_add(batch, &frame, 2, false));
    frame.captured_len = 0;
    assert_true(batch_add(batch, &frame, 3, false));
    free(data);
}

static void add_cuts_a_frame_longer_than_a_batch(void **state)
{
    struct batch *batch = *state;
    uint8_t *data = calloc(1, BATCH_BYTES + 1);
    const struct frame frame = {
        .captured_len = BATCH_BYTES + 1, .wire_len = BATCH_BYTES + 1, .data = data};

    assert_non_null(data);
    assert_true(batch_add(batch, &frame, 1, false));
    assert_int_equal(batch->frames[0].frame.captured_len, BATCH_BYTES);
    assert_int_equal(batch->frames[0].frame.wire_len, BATCH_BYTES + 1);
    free(data);
}

static void pass_keeps_the_latest_time_for_the_next_frame(void **state)
{
    struct batch *batch = *state;
    const uint8_t data[1] = {0};
    const struct frame frame = {.captured_len = 1, .data = data};

    batch_pass(batch, -5);
    batch_pass(batch, 30);
    batch_pass(batch, 20);
    assert_true(batch_add(batch, &frame, 1, false));
    assert_true(batch_add(batch, &frame, 2, false));
    assert_int_equal(batch->frames[0].before.count, 3);
    assert_int_equal(batch->frames[0].before.latest_ns, 30);
    assert_int_equal(batch->frames[1].before.count, 0);
    batch_pass(batch, -5);
    assert_int_equal(batch->passed.latest_ns, -5);
    batch_empty(batch);
    assert_int_equal(batch->passed.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(add_copies_the_frame, set_up, tear_down),
        cmocka_unit_test_setup_teardown(add_keeps_apart_what_was_inside_others, set_up, tear_down),
        cmocka_unit_test_setup_teardown(add_refuses_one_frame_too_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(add_refuses_one_byte_too_many, set_up, tear_down),
        cmocka_unit_test_setup_teardown(add_cuts_a_frame_longer_than_a_batch, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pass_keeps_the_latest_time_for_the_next_frame, set_up,
                                        tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
