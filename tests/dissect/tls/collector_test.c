#include "dissect/tls/collector.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t wire[READER_LARGE_BYTES] = {1, 2, 3, 4};

static int set_up(void **state)
{
    static struct reader_pools pools;

    pools.small = pool_new(READER_SMALL_BYTES, 2);
    pools.large = pool_new(READER_LARGE_BYTES, 1);
    *state = &pools;
    return pools.small == NULL || pools.large == NULL;
}

static int tear_down(void **state)
{
    const struct reader_pools *pools = *state;
    const size_t left = pool_taken(pools->small) + pool_taken(pools->large);

    pool_free(pools->small);
    pool_free(pools->large);
    return left > 0;
}

static void puts_the_parts_of_a_body_together(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    struct bytes body;

    collector_add(&collector, pools, 4, (struct bytes){wire, 1});
    collector_add(&collector, pools, 4, (struct bytes){wire + 1, 3});
    assert_int_equal(pool_taken(pools->small), 1);
    assert_true(collector_finish(&collector, &body));
    assert_int_equal(body.len, 4);
    assert_memory_equal(body.data, wire, 4);
    collector_recycle(&collector, pools);
    assert_int_equal(pool_taken(pools->small), 0);
}

static void the_length_chooses_the_pool(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};

    collector_add(&collector, pools, READER_SMALL_BYTES, (struct bytes){wire, 1});
    assert_int_equal(pool_taken(pools->small), 1);
    assert_int_equal(pool_taken(pools->large), 0);
    collector_clear(&collector, pools);
    collector_add(&collector, pools, READER_SMALL_BYTES + 1, (struct bytes){wire, 1});
    assert_int_equal(pool_taken(pools->small), 0);
    assert_int_equal(pool_taken(pools->large), 1);
    collector_clear(&collector, pools);
}

static void the_longest_body_fits(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    struct bytes body;

    collector_add(&collector, pools, READER_LARGE_BYTES, (struct bytes){wire, 1});
    collector_add(&collector, pools, READER_LARGE_BYTES,
                  (struct bytes){wire + 1, READER_LARGE_BYTES - 1});
    assert_true(collector_finish(&collector, &body));
    assert_int_equal(body.len, READER_LARGE_BYTES);
    assert_memory_equal(body.data, wire, READER_LARGE_BYTES);
    collector_clear(&collector, pools);
}

static void a_body_too_long_takes_no_block(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    struct bytes body;

    collector_add(&collector, pools, READER_LARGE_BYTES + 1, (struct bytes){wire, 4});
    collector_add(&collector, pools, 0xffffff, (struct bytes){wire, sizeof(wire)});
    assert_int_equal(pool_taken(pools->large), 0);
    assert_false(collector_finish(&collector, &body));
}

static void a_body_without_a_block_is_given_up_but_not_the_next(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    void *others[2] = {pool_take(pools->small), pool_take(pools->small)};
    struct bytes body;

    collector_add(&collector, pools, 4, (struct bytes){wire, 1});
    pool_give(pools->small, others[0]);
    collector_add(&collector, pools, 4, (struct bytes){wire + 1, 3});
    assert_false(collector_finish(&collector, &body));

    collector_add(&collector, pools, 4, (struct bytes){wire, 4});
    assert_true(collector_finish(&collector, &body));
    collector_clear(&collector, pools);
    pool_give(pools->small, others[1]);
}

static void a_lost_part_gives_up_the_body(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    struct bytes body;

    collector_add(&collector, pools, 4, (struct bytes){wire, 1});
    collector_give_up(&collector, pools);
    assert_int_equal(pool_taken(pools->small), 0);
    collector_add(&collector, pools, 4, (struct bytes){wire + 2, 2});
    assert_false(collector_finish(&collector, &body));
}

static void the_body_before_stays_until_it_is_recycled(void **state)
{
    const struct reader_pools *pools = *state;
    struct collector collector = {0};
    struct bytes body;

    collector_add(&collector, pools, 4, (struct bytes){wire, 4});
    assert_true(collector_finish(&collector, &body));
    collector_drop(&collector, pools); /* of the next body, which has not begun */
    assert_memory_equal(body.data, wire, 4);
    assert_int_equal(pool_taken(pools->small), 1);
    collector_recycle(&collector, pools);
    collector_recycle(&collector, pools);
    assert_int_equal(pool_taken(pools->small), 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(puts_the_parts_of_a_body_together, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_length_chooses_the_pool, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_longest_body_fits, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_too_long_takes_no_block, set_up, tear_down),
        cmocka_unit_test_setup_teardown(a_body_without_a_block_is_given_up_but_not_the_next, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_lost_part_gives_up_the_body, set_up, tear_down),
        cmocka_unit_test_setup_teardown(the_body_before_stays_until_it_is_recycled, set_up,
                                        tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
