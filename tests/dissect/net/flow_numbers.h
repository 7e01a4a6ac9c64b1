/* Flows by number: each has a hash, and in its room the number. */
#ifndef REPRISE_TESTS_DISSECT_NET_FLOW_NUMBERS_H
#define REPRISE_TESTS_DISSECT_NET_FLOW_NUMBERS_H

#include "dissect/net/flow_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* The n-th of many different hashes (SplitMix64). */
static inline uint64_t hash_of(uint64_t n)
{
    uint64_t hash = (n + 1) * UINT64_C(0x9e3779b97f4a7c15);

    hash = (hash ^ (hash >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
    hash = (hash ^ (hash >> 27)) * UINT64_C(0x94d049bb133111eb);
    return (hash ^ (hash >> 31)) | FLOW_HASH_BIT;
}

static inline void put_number(struct flow *flow, uint32_t n)
{
    memcpy(flow->room, &n, sizeof(n));
}

static inline uint32_t number_of(const struct flow *flow)
{
    uint32_t n;

    memcpy(&n, flow->room, sizeof(n));
    return n;
}

static inline void add(struct flow_table *table, uint32_t n)
{
    struct flow *flow = flow_table_add(table, hash_of(n));

    assert_non_null(flow);
    put_number(flow, n);
}

static inline struct flow *find(const struct flow_table *table, uint32_t n)
{
    return flow_table_find(table, hash_of(n), 0);
}

static inline uint32_t expect(const struct flow_table *table, uint32_t n)
{
    return flow_table_expect(table, hash_of(n), flow_table_expect_bucket(table, hash_of(n)));
}

static inline struct flow_table *table_of(uint32_t capacity, uint32_t used)
{
    struct flow_table *table = flow_table_new(capacity);

    assert_non_null(table);
    for (uint32_t n = 0; n < used; n++) {
        add(table, n);
    }
    return table;
}

#endif
