#include "dissect/net/flow_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t hash_key[16] = {1, 2, 3};

static uint64_t hash_of(const struct flow_key *key)
{
    struct flow_hash hash;

    flow_hash_init(&hash, hash_key);
    return flow_hash_of(&hash, key);
}

/* The n-th of many different keys. */
static struct flow_key key_of(uint32_t n)
{
    struct flow_key key = {.a.port = 443, .b.port = (uint16_t)(n & 0xffff)};

    key.a.address[15] = 1;
    memcpy(key.b.address, &n, sizeof(n));
    key.b.address[15] = 2;
    return key;
}

static struct flow_table *table_of(uint32_t capacity, uint32_t used)
{
    struct flow_table *table = flow_table_new(capacity);

    assert_non_null(table);
    for (uint32_t n = 0; n < used; n++) {
        const struct flow_key key = key_of(n);
        assert_int_not_equal(flow_table_add(table, &key, hash_of(&key), n), FLOW_NONE);
    }
    return table;
}

static void both_directions_have_one_key(void **state)
{
    (void)state;
    struct segment there = {.source = {{10}, 5}, .destination = {{9}, 6}};
    struct segment back = {.source = there.destination, .destination = there.source};
    unsigned direction_there;
    unsigned direction_back;

    const struct flow_key a = flow_key_of(&there, &direction_there);
    const struct flow_key b = flow_key_of(&back, &direction_back);
    assert_memory_equal(&a, &b, sizeof(a));
    assert_int_equal(a.a.port, 6);
    assert_int_equal(direction_there, 1);
    assert_int_equal(direction_back, 0);
}

static void transports_have_keys_of_their_own(void **state)
{
    (void)state;
    const struct segment tcp = {
        .source = {{9}, 5}, .destination = {{9}, 6}, .transport = SEGMENT_TCP};
    struct segment udp = tcp;
    struct flow_table *table = table_of(4, 0);
    unsigned direction;

    udp.transport = SEGMENT_UDP;
    const struct flow_key tcp_key = flow_key_of(&tcp, &direction);
    const struct flow_key udp_key = flow_key_of(&udp, &direction);
    const uint32_t slot = flow_table_add(table, &tcp_key, hash_of(&tcp_key), 1);
    assert_int_equal(flow_table_find(table, &udp_key, hash_of(&udp_key), 2), FLOW_NONE);
    assert_int_not_equal(flow_table_add(table, &udp_key, hash_of(&udp_key), 2), slot);
    assert_int_equal(flow_table_find(table, &tcp_key, hash_of(&tcp_key), 3), slot);
    flow_table_free(table);
}

static void the_port_decides_where_addresses_are_equal(void **state)
{
    (void)state;
    const struct segment loopback = {.source = {{127}, 9}, .destination = {{127}, 8}};
    const struct segment itself = {.source = {{127}, 9}, .destination = {{127}, 9}};
    unsigned direction;

    assert_int_equal(flow_key_of(&loopback, &direction).a.port, 8);
    assert_int_equal(direction, 1);
    assert_int_equal(flow_key_of(&itself, &direction).a.port, 9);
    assert_int_equal(direction, 0);
}

static void a_key_is_found_where_it_was_put(void **state)
{
    (void)state;
    struct flow_table *table = table_of(100, 60);

    assert_int_equal(flow_table_count(table), 60);
    assert_int_equal(flow_table_capacity(table), 100);
    for (uint32_t n = 0; n < 100; n++) {
        const struct flow_key key = key_of(n);
        const uint32_t slot = flow_table_find(table, &key, hash_of(&key), 1000 + n);
        if (n >= 60) {
            assert_int_equal(slot, FLOW_NONE);
            continue;
        }
        assert_true(slot < 100);
        assert_memory_equal(flow_table_key(table, slot), &key, sizeof(key));
        assert_int_equal(flow_table_last_used(table, slot), 1000 + n);
    }
    flow_table_free(table);
}

static void every_field_of_the_key_counts(void **state)
{
    (void)state;
    struct flow_table *table = flow_table_new(64);
    struct flow_key key = {.a.port = 1};
    uint8_t bytes[sizeof(key)];

    assert_non_null(table);
    assert_int_not_equal(flow_table_add(table, &key, hash_of(&key), 0), FLOW_NONE);
    for (size_t i = 0; i < sizeof(bytes); i++) {
        struct flow_key other;
        memcpy(bytes, &key, sizeof(bytes));
        bytes[i] ^= 0x40;
        memcpy(&other, bytes, sizeof(other));
        assert_int_equal(flow_table_find(table, &other, hash_of(&other), 0), FLOW_NONE);
    }
    flow_table_free(table);
}

static void a_full_table_refuses_and_takes_again_after_a_removal(void **state)
{
    (void)state;
    struct flow_table *table = table_of(5, 5);
    const struct flow_key sixth = key_of(5);
    const struct flow_key third = key_of(2);

    assert_int_equal(flow_table_add(table, &sixth, hash_of(&sixth), 0), FLOW_NONE);
    assert_int_equal(flow_table_count(table), 5);
    const uint32_t slot = flow_table_find(table, &third, hash_of(&third), 0);
    flow_table_remove(table, slot);
    assert_int_equal(flow_table_find(table, &third, hash_of(&third), 0), FLOW_NONE);
    assert_int_equal(flow_table_add(table, &sixth, hash_of(&sixth), 0), slot);
    assert_int_equal(flow_table_find(table, &sixth, hash_of(&sixth), 0), slot);
    assert_int_equal(flow_table_count(table), 5);
    flow_table_free(table);
}

/* A hundred times the capacity comes and goes; a plain array says what must be in the table. */
static void nothing_is_lost_under_churn(void **state)
{
    (void)state;
    enum { CAPACITY = 257, ROUNDS = 100 * CAPACITY };
    struct flow_table *table = flow_table_new(CAPACITY);
    uint32_t slot_of[CAPACITY];

    assert_non_null(table);
    for (uint32_t n = 0; n < ROUNDS; n++) {
        const struct flow_key key = key_of(n);
        if (n >= CAPACITY) {
            const struct flow_key old = key_of(n - CAPACITY);
            assert_int_equal(flow_table_find(table, &old, hash_of(&old), n), slot_of[n % CAPACITY]);
            flow_table_remove(table, slot_of[n % CAPACITY]);
            assert_int_equal(flow_table_find(table, &old, hash_of(&old), n), FLOW_NONE);
        }
        slot_of[n % CAPACITY] = flow_table_add(table, &key, hash_of(&key), n);
        assert_int_not_equal(slot_of[n % CAPACITY], FLOW_NONE);
    }
    for (uint32_t n = ROUNDS - CAPACITY; n < ROUNDS; n++) {
        const struct flow_key key = key_of(n);
        assert_int_equal(flow_table_find(table, &key, hash_of(&key), n), slot_of[n % CAPACITY]);
    }
    assert_int_equal(flow_table_count(table), CAPACITY);
    flow_table_free(table);
}

static void the_least_useful_has_the_lowest_rank_then_the_longest_rest(void **state)
{
    (void)state;
    struct flow_table *table = table_of(8, 8); /* slot n was used at time n */

    for (uint32_t n = 0; n < 8; n++) {
        const struct flow_key key = key_of(n);
        flow_table_set_rank(table, flow_table_find(table, &key, hash_of(&key), n),
                            FLOW_RANK_ACTIVE);
    }
    assert_int_equal(flow_table_last_used(table, flow_table_least_useful(table)), 0);

    const struct flow_key fifth = key_of(5);
    const uint32_t slot = flow_table_find(table, &fifth, hash_of(&fifth), 5);
    flow_table_set_rank(table, slot, FLOW_RANK_EMBRYONIC);
    assert_int_equal(flow_table_least_useful(table), slot);

    const struct flow_key seventh = key_of(7);
    const uint32_t done = flow_table_find(table, &seventh, hash_of(&seventh), 7000);
    flow_table_set_rank(table, done, FLOW_RANK_DONE);
    assert_int_equal(flow_table_least_useful(table), done);
    assert_int_equal(flow_table_count(table), 8);
    flow_table_free(table);
}

static void the_hand_reaches_every_slot(void **state)
{
    (void)state;
    enum { CAPACITY = 1000 };
    struct flow_table *table = table_of(CAPACITY, CAPACITY);
    const struct flow_key key = key_of(777);
    const uint32_t done = flow_table_find(table, &key, hash_of(&key), 777);
    bool is_found = false;

    flow_table_set_rank(table, done, FLOW_RANK_DONE);
    for (int i = 0; i < CAPACITY / 16 + 1; i++) {
        is_found = is_found || flow_table_least_useful(table) == done;
    }
    assert_true(is_found);
    flow_table_free(table);
}

static void the_only_used_slot_is_found_wherever_it_lies(void **state)
{
    (void)state;
    struct flow_table *table = table_of(100, 100);

    for (uint32_t n = 0; n < 99; n++) {
        flow_table_remove(table, n);
    }
    for (int i = 0; i < 3; i++) {
        assert_int_equal(flow_table_least_useful(table), 99);
    }
    flow_table_remove(table, 99);
    assert_int_equal(flow_table_least_useful(table), FLOW_NONE);
    flow_table_free(table);
}

static void freeing_no_table_is_harmless(void **state)
{
    (void)state;
    flow_table_free(NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(both_directions_have_one_key),
        cmocka_unit_test(transports_have_keys_of_their_own),
        cmocka_unit_test(the_port_decides_where_addresses_are_equal),
        cmocka_unit_test(a_key_is_found_where_it_was_put),
        cmocka_unit_test(every_field_of_the_key_counts),
        cmocka_unit_test(a_full_table_refuses_and_takes_again_after_a_removal),
        cmocka_unit_test(nothing_is_lost_under_churn),
        cmocka_unit_test(the_least_useful_has_the_lowest_rank_then_the_longest_rest),
        cmocka_unit_test(the_hand_reaches_every_slot),
        cmocka_unit_test(the_only_used_slot_is_found_wherever_it_lies),
        cmocka_unit_test(freeing_no_table_is_harmless),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
