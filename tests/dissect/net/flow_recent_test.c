#include "dissect/net/flow_recent.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>

#include <cmocka.h>

enum { CAPACITY = 4096 };

struct fixture {
    struct flow_table *table;
    struct flow_recent recent;
};

static int set_up(void **state)
{
    struct fixture *fixture = calloc(1, sizeof(*fixture));

    assert_non_null(fixture);
    fixture->table = flow_table_new(CAPACITY);
    assert_non_null(fixture->table);
    *state = fixture;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *fixture = *state;

    flow_table_free(fixture->table);
    free(fixture);
    return 0;
}

/* Hashes that differ wherever anything looks, and depend on `number` alone. */
static uint64_t hash_of(uint32_t number)
{
    return ((number + 1) * UINT64_C(0x9e3779b97f4a7c15) & ~UINT64_C(15)) | FLOW_HASH_BIT;
}

static struct flow *add(struct fixture *fixture, uint32_t number)
{
    struct flow *flow = flow_table_add(fixture->table, hash_of(number));

    assert_non_null(flow);
    flow_recent_note(&fixture->recent, fixture->table, flow, hash_of(number));
    return flow;
}

static struct prepared segment_of(uint32_t number)
{
    return (struct prepared){.hash = hash_of(number), .result = PACKET_TCP};
}

static struct flow *expect_and_find(struct fixture *fixture, struct prepared *prepared)
{
    flow_recent_expect(&fixture->recent, fixture->table, prepared, 1);
    return flow_recent_find(&fixture->recent, fixture->table, prepared);
}

static void a_flow_that_was_noted_is_expected(void **state)
{
    struct fixture *fixture = *state;
    const struct flow *first = add(fixture, 1);
    const struct flow *second = add(fixture, 2);
    struct prepared segments[] = {segment_of(2), segment_of(1), segment_of(2)};

    flow_recent_expect(&fixture->recent, fixture->table, segments, 3);
    assert_ptr_equal(flow_table_expected(fixture->table, segments[0].hint), second);
    assert_ptr_equal(flow_table_expected(fixture->table, segments[1].hint), first);
    assert_ptr_equal(flow_table_expected(fixture->table, segments[2].hint), second);
}

/* Many more than there are places: who lost its place is found in the table, and has it again. */
static void every_flow_is_found_whoever_has_its_place(void **state)
{
    struct fixture *fixture = *state;
    static struct flow *flows[CAPACITY - 1];

    (void)add(fixture, CAPACITY); /* the first cell: what a hint of nothing leads to */
    for (uint32_t i = 0; i < CAPACITY - 1; i++) {
        flows[i] = add(fixture, i);
    }
    for (uint32_t i = 0; i < CAPACITY - 1; i++) {
        struct prepared first = segment_of(i);
        struct prepared again = segment_of(i);
        assert_ptr_equal(expect_and_find(fixture, &first), flows[i]);
        flow_recent_expect(&fixture->recent, fixture->table, &again, 1);
        assert_ptr_equal(flow_table_expected(fixture->table, again.hint), flows[i]);
    }
}

static void a_flow_that_is_gone_is_not_taken_for_the_one_in_its_cell(void **state)
{
    struct fixture *fixture = *state;
    struct flow *gone = add(fixture, 1);
    struct prepared segment = segment_of(1);
    struct prepared other = segment_of(2);

    flow_table_remove(fixture->table, gone);
    assert_null(expect_and_find(fixture, &segment));
    assert_ptr_equal(add(fixture, 2), gone);
    assert_null(expect_and_find(fixture, &segment));
    assert_ptr_equal(expect_and_find(fixture, &other), gone);
}

/* Only TCP has flows in this table; nothing is said of what has no hash. */
static void other_frames_are_left_alone(void **state)
{
    struct fixture *fixture = *state;
    struct prepared frames[] = {{.result = PACKET_FRAGMENT}, segment_of(1), {.result = PACKET_UDP}};

    (void)add(fixture, 0);
    const struct flow *flow = add(fixture, 1);
    frames[2].hash = hash_of(1);
    flow_recent_expect(&fixture->recent, fixture->table, frames, 3);
    assert_int_equal(frames[0].hint, 0);
    assert_ptr_equal(flow_table_expected(fixture->table, frames[1].hint), flow);
    assert_int_equal(frames[2].hint, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(a_flow_that_was_noted_is_expected, set_up, tear_down),
        cmocka_unit_test_setup_teardown(every_flow_is_found_whoever_has_its_place, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_flow_that_is_gone_is_not_taken_for_the_one_in_its_cell,
                                        set_up, tear_down),
        cmocka_unit_test_setup_teardown(other_frames_are_left_alone, set_up, tear_down),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
