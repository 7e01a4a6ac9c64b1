#include "tests/dissect/net/flow_numbers.h"

static void each_hash_has_a_flow_of_its_own(void **state)
{
    (void)state;
    struct flow_table *table = table_of(100, 60);

    assert_int_equal(flow_table_count(table), 60);
    for (uint32_t n = 0; n < 60; n++) {
        assert_non_null(find(table, n));
        assert_int_equal(number_of(find(table, n)), n);
        assert_int_equal(flow_rank(find(table, n)), FLOW_RANK_EMBRYONIC);
    }
    for (uint32_t n = 60; n < 200; n++) {
        assert_null(find(table, n));
    }
    flow_table_free(table);
}

static void a_new_flow_has_an_empty_room(void **state)
{
    (void)state;
    static const uint8_t zeros[FLOW_ROOM_BYTES];
    struct flow_table *table = table_of(4, 4);
    const struct flow *flow;

    memset(find(table, 2)->room, 0xee, FLOW_ROOM_BYTES);
    flow_table_remove(table, find(table, 2));
    flow = flow_table_add(table, hash_of(9));
    assert_non_null(flow);
    assert_memory_equal(flow->room, zeros, sizeof(zeros));
    flow_table_free(table);
}

static void rank_and_use_do_not_touch_the_hash(void **state)
{
    (void)state;
    struct flow_table *table = table_of(4, 1);
    struct flow *flow = find(table, 0);

    for (unsigned rank = FLOW_RANK_EMBRYONIC; rank <= FLOW_RANK_ACTIVE; rank++) {
        flow_set_rank(flow, (enum flow_rank)rank);
        flow_touch(flow);
        assert_int_equal(flow_rank(flow), rank);
        assert_ptr_equal(find(table, 0), flow);
    }
    flow_table_free(table);
}

static void a_full_table_takes_one_more_when_one_is_removed(void **state)
{
    (void)state;
    struct flow_table *table = table_of(5, 5);

    assert_null(flow_table_add(table, hash_of(5)));
    assert_int_equal(flow_table_count(table), 5);
    struct flow *third = find(table, 2);
    flow_table_remove(table, third);
    assert_null(find(table, 2));
    assert_ptr_equal(flow_table_add(table, hash_of(5)), third);
    assert_ptr_equal(find(table, 5), third);
    assert_int_equal(flow_table_count(table), 5);
    flow_table_free(table);
}

/* Some pages split several times, and what leads to a flow changes; the flow does not move. */
static void a_table_grows_and_keeps_every_flow(void **state)
{
    (void)state;
    enum { FLOWS = 200000 };
    struct flow_table *table = flow_table_new(FLOWS);
    struct flow **flows = calloc(FLOWS, sizeof(struct flow *));

    assert_non_null(table);
    assert_non_null(flows);
    for (uint32_t n = 0; n < FLOWS; n++) {
        flows[n] = flow_table_add(table, hash_of(n));
        assert_non_null(flows[n]);
    }
    for (uint32_t n = 0; n < FLOWS; n++) {
        assert_ptr_equal(find(table, n), flows[n]);
    }
    assert_null(find(table, FLOWS));
    free(flows);
    flow_table_free(table);
}

/* A flow that finds no room where it belongs goes on; whoever made it go on may leave. */
static void churn_leaves_nothing_behind(void **state)
{
    (void)state;
    enum { CAPACITY = 1000, GENERATIONS = 200 };
    struct flow_table *table = table_of(CAPACITY, CAPACITY);
    const size_t bytes = flow_table_bytes(table);

    for (uint32_t n = CAPACITY; n < CAPACITY * GENERATIONS; n++) {
        flow_table_remove(table, find(table, n - CAPACITY));
        assert_null(find(table, n - CAPACITY));
        add(table, n);
    }
    for (uint32_t n = CAPACITY * (GENERATIONS - 1); n < CAPACITY * GENERATIONS; n++) {
        assert_int_equal(number_of(find(table, n)), n);
    }
    assert_int_equal(flow_table_count(table), CAPACITY);
    assert_int_equal(flow_table_bytes(table), bytes);
    flow_table_free(table);
}

/* A table beside one row for each number: which are in. */
enum { NUMBERS = 60000, NAIVE_CAPACITY = 40000, STEPS = 600000 };

struct naive {
    struct flow_table *table;
    bool is_in[NUMBERS];
    uint32_t count;
};

static struct flow *find_alike(const struct naive *naive, uint32_t n)
{
    const uint32_t hint = expect(naive->table, n);
    struct flow *flow = flow_table_find(naive->table, hash_of(n), hint);

    assert_int_equal(flow != NULL, naive->is_in[n]);
    assert_ptr_equal(find(naive->table, n), flow);
    if (flow != NULL) {
        assert_int_equal(number_of(flow), n);
    }
    return flow;
}

static void take_out(struct naive *naive, uint32_t n, struct flow *flow)
{
    flow_table_remove(naive->table, flow);
    naive->is_in[n] = false;
    naive->count--;
}

static void put_in(struct naive *naive, uint32_t n)
{
    struct flow *flow = flow_table_add(naive->table, hash_of(n));

    assert_int_equal(flow == NULL, naive->count == NAIVE_CAPACITY);
    if (flow != NULL) {
        put_number(flow, n);
        naive->is_in[n] = true;
        naive->count++;
    }
}

static void random_operations_do_what_a_naive_table_does(void **state)
{
    (void)state;
    struct naive *naive = calloc(1, sizeof(*naive));

    assert_non_null(naive);
    naive->table = flow_table_new(NAIVE_CAPACITY);
    assert_non_null(naive->table);
    for (uint32_t step = 0; step < STEPS; step++) {
        const uint64_t dice = hash_of(UINT64_C(1000000) + step);
        const uint32_t n = (uint32_t)(dice >> 32) % NUMBERS;
        const bool wants_out = (dice >> 5) % 16 < (step < STEPS / 2 ? 5 : 9);
        struct flow *flow = find_alike(naive, n);
        if (flow != NULL && wants_out) {
            take_out(naive, n, flow);
        } else if (flow == NULL && !wants_out) {
            put_in(naive, n);
        }
    }
    assert_int_equal(flow_table_count(naive->table), naive->count);
    for (uint32_t n = 0; n < NUMBERS; n++) {
        (void)find_alike(naive, n);
    }
    flow_table_free(naive->table);
    free(naive);
}

static void a_hint_that_is_out_of_date_does_no_harm(void **state)
{
    (void)state;
    struct flow_table *table = table_of(8, 8);
    const uint32_t hint = expect(table, 3);

    assert_ptr_equal(flow_table_find(table, hash_of(3), hint), find(table, 3));
    assert_ptr_equal(flow_table_find(table, hash_of(4), hint), find(table, 4));
    flow_table_remove(table, find(table, 3));
    assert_null(flow_table_find(table, hash_of(3), hint));
    add(table, 9); /* in the cell that the hint names */
    assert_null(flow_table_find(table, hash_of(3), hint));
    assert_int_equal(number_of(flow_table_find(table, hash_of(9), hint)), 9);
    flow_table_free(table);
}

/* The mark of an empty cell is 0. */
static void no_hash_is_that_of_an_empty_cell(void **state)
{
    (void)state;
    struct flow_table *table = table_of(4, 0);

    assert_null(flow_table_find(table, FLOW_HASH_BIT, 0));
    assert_null(flow_table_find(table, FLOW_HASH_BIT, 3));
    flow_table_free(table);
}

/* No keyed hash gives such; but if one did, the table must not split pages without end. */
static void hashes_that_are_all_alike_are_refused_in_the_end(void **state)
{
    (void)state;
    struct flow_table *table = flow_table_new(1 << 20);
    uint64_t n = 0;

    assert_non_null(table);
    while (n < 200000 && flow_table_add(table, n << 40 | FLOW_HASH_BIT) != NULL) {
        n++;
    }
    assert_in_range(n, 10000, 199999);
    for (uint64_t i = 0; i < n; i += 997) {
        assert_non_null(flow_table_find(table, i << 40 | FLOW_HASH_BIT, 0));
    }
    assert_true(flow_table_bytes(table) < 4000000);
    flow_table_free(table);
}

static void the_least_useful_has_the_lowest_rank(void **state)
{
    (void)state;
    struct flow_table *table = table_of(8, 8);

    for (uint32_t n = 0; n < 8; n++) {
        flow_set_rank(find(table, n), FLOW_RANK_ACTIVE);
    }
    const enum flow_rank downwards[] = {FLOW_RANK_HELD, FLOW_RANK_DONE, FLOW_RANK_TRACKED,
                                        FLOW_RANK_EMBRYONIC};
    for (uint32_t i = 0; i < 4; i++) {
        flow_set_rank(find(table, 6 - i), downwards[i]);
        assert_ptr_equal(flow_table_least_useful(table), find(table, 6 - i));
    }
    assert_int_equal(flow_table_count(table), 8);
    flow_table_free(table);
}

static void one_that_was_seen_lately_has_a_second_chance(void **state)
{
    (void)state;
    struct flow_table *table = table_of(8, 8);

    for (uint32_t n = 0; n < 8; n++) {
        flow_set_rank(find(table, n), FLOW_RANK_DONE);
        flow_touch(find(table, n));
    }
    flow_touch(find(table, 0));
    const struct flow *first = flow_table_least_useful(table);
    assert_non_null(first); /* all were seen: the chances are used up in one round */
    flow_touch(find(table, 5));
    for (uint32_t i = 0; i < 7; i++) {
        struct flow *flow = flow_table_least_useful(table);
        assert_int_not_equal(number_of(flow), 5);
        flow_touch(find(table, 5));
        flow_table_remove(table, flow);
    }
    assert_int_equal(number_of(flow_table_least_useful(table)), 5);
    flow_table_free(table);
}

static void a_handshake_goes_only_when_there_is_nothing_else(void **state)
{
    (void)state;
    enum { CAPACITY = 5000 };
    struct flow_table *table = table_of(CAPACITY, CAPACITY);

    for (uint32_t n = 0; n < CAPACITY; n++) {
        flow_set_rank(find(table, n), FLOW_RANK_ACTIVE);
    }
    flow_set_rank(find(table, 4321), FLOW_RANK_HELD);
    assert_int_equal(number_of(flow_table_least_useful(table)), 4321);
    flow_table_remove(table, find(table, 4321));
    assert_int_equal(flow_rank(flow_table_least_useful(table)), FLOW_RANK_ACTIVE);
    flow_table_free(table);
}

/* A flow just added is the last that the hand comes to. */
static void of_flows_alike_those_added_longest_ago_go_first(void **state)
{
    (void)state;
    enum { CAPACITY = 400, ROUNDS = 10 };
    struct flow_table *table = table_of(CAPACITY, CAPACITY);

    for (uint32_t n = CAPACITY; n < CAPACITY * ROUNDS; n++) {
        struct flow *flow = flow_table_least_useful(table);
        assert_int_equal(number_of(flow), n - CAPACITY);
        flow_table_remove(table, flow);
        add(table, n);
    }
    flow_table_free(table);
}

static void an_empty_table_gives_up_nothing(void **state)
{
    (void)state;
    struct flow_table *table = table_of(100, 100);

    for (uint32_t n = 0; n < 99; n++) {
        flow_table_remove(table, find(table, n));
    }
    for (uint32_t i = 0; i < 10; i++) {
        assert_int_equal(number_of(flow_table_least_useful(table)), 99);
    }
    flow_table_remove(table, find(table, 99));
    assert_null(flow_table_least_useful(table));
    flow_table_free(table);
}

static void freeing_nothing_is_allowed(void **state)
{
    (void)state;
    flow_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(each_hash_has_a_flow_of_its_own),
        cmocka_unit_test(a_new_flow_has_an_empty_room),
        cmocka_unit_test(rank_and_use_do_not_touch_the_hash),
        cmocka_unit_test(a_full_table_takes_one_more_when_one_is_removed),
        cmocka_unit_test(a_table_grows_and_keeps_every_flow),
        cmocka_unit_test(churn_leaves_nothing_behind),
        cmocka_unit_test(random_operations_do_what_a_naive_table_does),
        cmocka_unit_test(a_hint_that_is_out_of_date_does_no_harm),
        cmocka_unit_test(no_hash_is_that_of_an_empty_cell),
        cmocka_unit_test(hashes_that_are_all_alike_are_refused_in_the_end),
        cmocka_unit_test(the_least_useful_has_the_lowest_rank),
        cmocka_unit_test(one_that_was_seen_lately_has_a_second_chance),
        cmocka_unit_test(a_handshake_goes_only_when_there_is_nothing_else),
        cmocka_unit_test(of_flows_alike_those_added_longest_ago_go_first),
        cmocka_unit_test(an_empty_table_gives_up_nothing),
        cmocka_unit_test(freeing_nothing_is_allowed),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
