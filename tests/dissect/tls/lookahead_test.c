#include "dissect/tls/lookahead.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t wire[] = {1, 2, 3, 4, 5, 6, 7, 8};

static void views_the_data_itself_while_nothing_is_kept(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    const struct bytes data = {wire, sizeof(wire)};

    const struct bytes view = lookahead_view(&lookahead, data, 5);
    assert_ptr_equal(view.data, wire);
    assert_int_equal(view.len, 5);
}

static void keeps_bytes_of_several_chunks_in_order(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    struct bytes first = {wire, 2};
    struct bytes second = {wire + 2, 1};
    const struct bytes third = {wire + 3, 5};

    lookahead_keep(&lookahead, &first, 6, 100);
    lookahead_keep(&lookahead, &second, 6, 200);
    assert_int_equal(first.len, 0);
    assert_int_equal(second.len, 0);
    assert_int_equal(lookahead.start_ns, 100);
    const struct bytes view = lookahead_view(&lookahead, third, 6);
    assert_int_equal(view.len, 6);
    assert_memory_equal(view.data, wire, 6);
    assert_int_equal(lookahead.len, 3); /* viewing keeps nothing */
}

static void keeps_no_more_than_the_limit(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    struct bytes data = {wire, sizeof(wire)};

    lookahead_keep(&lookahead, &data, 3, 100);
    assert_int_equal(lookahead.len, 3);
    assert_int_equal(data.len, 5);
    assert_ptr_equal(data.data, wire + 3);
}

static void replays_what_was_kept_once(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    struct bytes data = {wire, 4};

    lookahead_keep(&lookahead, &data, 4, 100);
    lookahead_release(&lookahead);
    assert_int_equal(lookahead_replay(&lookahead).len, 4);
    lookahead_replayed(&lookahead, 1);
    assert_memory_equal(lookahead_replay(&lookahead).data, wire + 1, 3);
    lookahead_replayed(&lookahead, 3);
    assert_int_equal(lookahead_replay(&lookahead).len, 0);
    assert_int_equal(lookahead.len, 0);
}

static void the_rest_of_a_replay_can_be_kept_again(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    struct bytes data = {wire, 4};
    const struct bytes more = {wire + 4, 2};

    lookahead_keep(&lookahead, &data, 4, 100);
    lookahead_release(&lookahead);
    lookahead_replayed(&lookahead, 3);
    lookahead_keep_again(&lookahead);
    assert_int_equal(lookahead.replay_left, 0);
    const struct bytes view = lookahead_view(&lookahead, more, 10);
    assert_int_equal(view.len, 3);
    assert_memory_equal(view.data, wire + 3, 3);
}

static void nothing_is_left_after_a_drop(void **state)
{
    (void)state;
    struct lookahead lookahead = {0};
    struct bytes data = {wire, 4};

    lookahead_keep(&lookahead, &data, 4, 100);
    lookahead_drop(&lookahead);
    lookahead_release(&lookahead);
    assert_int_equal(lookahead_replay(&lookahead).len, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(views_the_data_itself_while_nothing_is_kept),
        cmocka_unit_test(keeps_bytes_of_several_chunks_in_order),
        cmocka_unit_test(keeps_no_more_than_the_limit),
        cmocka_unit_test(replays_what_was_kept_once),
        cmocka_unit_test(the_rest_of_a_replay_can_be_kept_again),
        cmocka_unit_test(nothing_is_left_after_a_drop),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
