#include "dissect/tls/dtls_assembly.h"
#include "dissect/tls/dtls_order.h"

#include "tests/dissect/tls/wire.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>

#include <cmocka.h>

static const uint8_t body[] = {0, 1, 2, 3, 4, 5, 6, 7, 8, 9};

struct desk {
    struct reader_pools pools;
    struct dtls_assembly assembly;
};

static int set_up(void **state)
{
    struct desk *desk = calloc(1, sizeof(*desk));

    if (desk == NULL) {
        return -1;
    }
    desk->pools.small = pool_new(READER_SMALL_BYTES, 1);
    desk->pools.large = pool_new(READER_LARGE_BYTES, 1);
    *state = desk;
    return 0;
}

static int tear_down(void **state)
{
    struct desk *desk = *state;

    dtls_assembly_clear(&desk->assembly, &desk->pools);
    assert_int_equal(pool_taken(desk->pools.small), 0);
    assert_int_equal(pool_taken(desk->pools.large), 0);
    pool_free(desk->pools.small);
    pool_free(desk->pools.large);
    free(desk);
    return 0;
}

/* A fragment [from, to) of the body, from a copy of its exact size. */
static void add(struct desk *desk, uint8_t type, uint32_t from, uint32_t to)
{
    const struct bytes exact = wire_exact(body + from, to - from);
    const struct dtls_fragment fragment = {
        .message = {type, sizeof(body)}, .offset = from, .len = to - from, .bytes = exact};

    dtls_assembly_add(&desk->assembly, &desk->pools, &fragment, 1000 + from);
    wire_free_exact(exact);
}

static void puts_overlapping_fragments_in_any_order_together(void **state)
{
    struct desk *desk = *state;

    add(desk, MESSAGE_CLIENT_HELLO, 6, 10);
    add(desk, MESSAGE_CLIENT_HELLO, 0, 3);
    add(desk, MESSAGE_CLIENT_HELLO, 0, 3);
    assert_false(dtls_assembly_is_whole(&desk->assembly));
    add(desk, MESSAGE_CLIENT_HELLO, 2, 7);
    assert_true(dtls_assembly_is_whole(&desk->assembly));
    assert_memory_equal(desk->assembly.block, body, sizeof(body));
    assert_int_equal(desk->assembly.start_ns, 1006);
}

static void keeps_no_bytes_of_what_is_not_parsed(void **state)
{
    struct desk *desk = *state;

    add(desk, MESSAGE_CERTIFICATE, 5, 10);
    add(desk, MESSAGE_CERTIFICATE, 0, 5);
    assert_true(dtls_assembly_is_whole(&desk->assembly));
    assert_null(desk->assembly.block);
}

static void takes_a_fragment_that_contradicts_for_lost(void **state)
{
    struct desk *desk = *state;

    add(desk, MESSAGE_CLIENT_HELLO, 0, 5);
    add(desk, MESSAGE_SERVER_HELLO, 5, 10);
    assert_false(dtls_assembly_is_whole(&desk->assembly));
}

static void keeps_no_more_islands_than_it_has_room_for(void **state)
{
    struct desk *desk = *state;
    struct dtls_fragment fragment = {.message = {MESSAGE_CERTIFICATE, 100}, .len = 1};

    for (uint32_t at = 0; at < 100; at += 2) {
        fragment.offset = at;
        dtls_assembly_add(&desk->assembly, &desk->pools, &fragment, 0);
    }
    assert_int_equal(desk->assembly.range_count, DTLS_ASSEMBLY_RANGES);
    fragment.offset = 0;
    fragment.len = 100;
    dtls_assembly_add(&desk->assembly, &desk->pools, &fragment, 0);
    assert_true(dtls_assembly_is_whole(&desk->assembly));
}

static void is_whole_but_not_there_without_a_block(void **state)
{
    struct desk *desk = *state;
    void *block = pool_take(desk->pools.small);

    add(desk, MESSAGE_CLIENT_HELLO, 0, 10);
    assert_true(dtls_assembly_is_whole(&desk->assembly));
    assert_null(desk->assembly.block);
    pool_give(desk->pools.small, block);
}

static void order_sees_each_hole_and_what_was_overtaken(void **state)
{
    (void)state;
    struct dtls_order order = {.has_base = false};

    dtls_order_add(&order, 1002);
    dtls_order_add(&order, 1000);
    assert_false(dtls_order_is_whole(&order, 1000, 1002));
    dtls_order_add(&order, 1001);
    assert_true(dtls_order_is_whole(&order, 1000, 1002));
    assert_false(dtls_order_is_whole(&order, 1000, 1003));
    assert_false(dtls_order_is_whole(&order, 999, 1002));
    assert_false(dtls_order_is_whole(&order, 1002, 1000));
    assert_false(dtls_order_is_whole(&order, 1000, 1000 + DTLS_ORDER_RECORDS));
    dtls_order_add(&order, 1); /* too old, and too far: neither changes anything */
    dtls_order_add(&order, UINT64_C(1) << 47);
    assert_true(dtls_order_is_whole(&order, 1000, 1002));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(puts_overlapping_fragments_in_any_order_together, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(keeps_no_bytes_of_what_is_not_parsed, set_up, tear_down),
        cmocka_unit_test_setup_teardown(takes_a_fragment_that_contradicts_for_lost, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(keeps_no_more_islands_than_it_has_room_for, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(is_whole_but_not_there_without_a_block, set_up, tear_down),
        cmocka_unit_test(order_sees_each_hole_and_what_was_overtaken),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
