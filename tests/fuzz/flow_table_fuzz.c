/* Bytes become a sequence of operations on a flow table and on an array with a row for each number,
 * whose flows have hashes that the input makes alike in as many bits as it likes. Both must agree
 * on what is there after each. */
#include "dissect/net/flow_table.h"

#include "dissect/bytes.h"

#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

enum {
    NUMBERS = 1 << 16,
    LARGEST_CAPACITY = 50000, /* some pages */
    MOST_OPERATIONS = 24,
    MOST_AT_ONCE = 4096,
};

enum operation { ADD, REMOVE, FIND, GIVE_UP, OPERATIONS };

struct run {
    struct bytes input;
    struct flow_table *table;
    struct flow **flows; /* NUMBERS: NULL where there is none */
    uint64_t alike;      /* bits that all hashes have the same */
    uint32_t capacity;
    uint32_t count;
};

static void check(bool holds)
{
    if (!holds) {
        abort();
    }
}

static uint16_t take_u16(struct bytes *input)
{
    uint16_t value = 0;

    return bytes_u16(input, &value) ? value : 0;
}

/* Multiplying by an odd number keeps numbers apart; in the bits that are not alike they must be
 * too, so the lowest sixteen of those hold the number itself. */
static uint64_t hash_of(const struct run *run, uint32_t number)
{
    const uint64_t mixed = (number + 1) * UINT64_C(0x9e3779b97f4a7c15);
    uint64_t hash = mixed & ~run->alike;
    unsigned place = 0;

    for (unsigned bit = FLOW_STATE_BITS + 1; bit < 64 && place < 16; bit++) {
        if ((run->alike >> bit & 1) == 0) {
            hash &= ~(UINT64_C(1) << bit);
            hash |= (uint64_t)(number >> place++ & 1) << bit;
        }
    }
    return hash | FLOW_HASH_BIT;
}

/* One number is one flow as long as sixteen bits are left to tell them apart. */
static uint64_t alike_of(uint16_t from, uint16_t length)
{
    const unsigned first = FLOW_STATE_BITS + 1 + from % (64 - FLOW_STATE_BITS - 1);
    const unsigned bits = length % 43;
    const uint64_t mask = (UINT64_C(1) << bits) - 1;

    return mask << first;
}

static void put_number(struct flow *flow, uint32_t number)
{
    memcpy(flow->room, &number, sizeof(number));
}

static uint32_t number_of(const struct flow *flow)
{
    uint32_t number;

    memcpy(&number, flow->room, sizeof(number));
    return number;
}

static void find(const struct run *run, uint32_t number)
{
    const uint64_t hash = hash_of(run, number);
    const uint32_t bucket = flow_table_expect_bucket(run->table, hash);
    const uint32_t hint = flow_table_expect(run->table, hash, bucket);
    const uint32_t again = flow_table_expect_again(run->table, hash, hint);

    check(flow_table_find(run->table, hash, 0) == run->flows[number]);
    check(flow_table_find(run->table, hash, hint) == run->flows[number]);
    check(flow_table_find(run->table, hash, again) == run->flows[number]);
}

static void add(struct run *run, uint32_t number)
{
    if (run->flows[number] != NULL) {
        return;
    }
    struct flow *flow = flow_table_add(run->table, hash_of(run, number));
    check(flow != NULL || run->count == run->capacity || run->alike != 0);
    if (flow != NULL) {
        put_number(flow, number);
        run->flows[number] = flow;
        run->count++;
    }
}

static void take_out(struct run *run, struct flow *flow)
{
    const uint32_t number = number_of(flow);

    check(run->flows[number] == flow);
    flow_table_remove(run->table, flow);
    run->flows[number] = NULL;
    run->count--;
}

static void operate(struct run *run, enum operation operation, uint32_t number)
{
    struct flow *flow = run->flows[number];

    switch (operation) {
    case ADD:
        add(run, number);
        break;
    case REMOVE:
        if (flow != NULL) {
            take_out(run, flow);
        }
        break;
    case FIND:
        find(run, number);
        break;
    case GIVE_UP:
        flow = flow_table_least_useful(run->table);
        check((flow == NULL) == (run->count == 0));
        if (flow != NULL) {
            take_out(run, flow);
        }
        break;
    case OPERATIONS:
        break;
    }
}

static void operate_on_some(struct run *run)
{
    const enum operation operation = (enum operation)(take_u16(&run->input) % OPERATIONS);
    const uint32_t first = take_u16(&run->input);
    const uint32_t count = take_u16(&run->input) % MOST_AT_ONCE + 1;

    for (uint32_t i = 0; i < count; i++) {
        operate(run, operation, (first + i) % NUMBERS);
    }
    check(flow_table_count(run->table) == run->count);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct run run = {.input = {data, size}};

    run.alike = alike_of(take_u16(&run.input), take_u16(&run.input));
    run.capacity = LARGEST_CAPACITY - take_u16(&run.input) % (LARGEST_CAPACITY - 1);
    run.table = flow_table_new(run.capacity);
    run.flows = calloc(NUMBERS, sizeof(struct flow *));
    if (run.table == NULL || run.flows == NULL) {
        abort();
    }
    for (int i = 0; i < MOST_OPERATIONS && run.input.len > 0; i++) {
        operate_on_some(&run);
    }
    for (uint32_t number = 0; number < NUMBERS; number += 61) {
        find(&run, number);
    }
    flow_table_free(run.table);
    free(run.flows);
    return 0;
}
