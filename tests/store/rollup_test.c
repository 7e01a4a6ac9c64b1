/* Handshakes summed up: what is kept of values, and that it does not matter in which parts, and in
 * which order, they are summed up and put together. */
#include "store/rollup_block.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const int64_t second_ns = 1000000000;

/* SplitMix64. */
static uint64_t next_number(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

/* ---- Values ---- */

static void values_below_256_are_kept_as_they_are(void **state)
{
    (void)state;
    for (int64_t value = 0; value < 256; value++) {
        assert_int_equal(rollup_value(rollup_code(value)), value);
    }
    assert_int_equal(rollup_code(-5), 0);
}

/* Eight bits: the error is half of the last one, at most 1/256 of the value. */
static void values_are_kept_within_half_a_bit_of_eight(void **state)
{
    (void)state;
    uint64_t seed = 1;

    for (int i = 0; i < 100000; i++) {
        const int64_t value = (int64_t)(next_number(&seed) >> (2 + next_number(&seed) % 60));
        const int64_t kept = rollup_value(rollup_code(value));
        assert_true((kept > value ? kept - value : value - kept) <= value / 256);
    }
    assert_int_equal(rollup_value(rollup_code(INT64_MAX)), INT64_MAX);
    assert_in_range(rollup_code(INT64_MAX), 0, ROLLUP_CODES - 1);
}

static void codes_are_in_the_order_of_values(void **state)
{
    (void)state;
    for (uint64_t code = 1; code < ROLLUP_CODES; code++) {
        assert_true(rollup_value(code - 1) < rollup_value(code));
        assert_int_equal(rollup_code(rollup_value(code)), code);
    }
    assert_int_equal(rollup_value(UINT64_MAX), INT64_MAX);
}

static void slots_begin_at_multiples_of_their_length(void **state)
{
    (void)state;
    assert_int_equal(rollup_slot_of(0, 600), 0);
    assert_int_equal(rollup_slot_of(599 * second_ns + 999999999, 600), 0);
    assert_int_equal(rollup_slot_of(600 * second_ns, 600), 600);
    assert_int_equal(rollup_slot_of(-1, 600), -600);
    assert_int_equal(rollup_slot_s(rollup_slot_code(-600)), -600);
    assert_true(rollup_slot_code(-600) < rollup_slot_code(0));
}

/* 31 slots and a bit are 32; from 32 on the next longer ones are taken. */
static void a_block_has_few_slots(void **state)
{
    (void)state;
    assert_int_equal(rollup_block_slot_s(0, 0), 1);
    assert_int_equal(rollup_block_slot_s(0, 31 * second_ns), 1);
    assert_int_equal(rollup_block_slot_s(0, 32 * second_ns), 10);
    assert_int_equal(rollup_block_slot_s(0, 86400 * second_ns), 3600);
    assert_int_equal(rollup_block_slot_s(INT64_MIN, INT64_MAX), 604800);
}

static void networks_are_24_bits_or_48(void **state)
{
    (void)state;
    uint8_t ipv4[16] = {[10] = 0xff, [11] = 0xff, [12] = 192, [14] = 2, [15] = 1};
    uint8_t ipv6[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 1, 7};
    const uint64_t of_ipv4 = rollup_network(ipv4);
    const uint64_t of_ipv6 = rollup_network(ipv6);

    ipv4[15] = 99;
    ipv6[6] = 99;
    assert_true(rollup_network(ipv4) == of_ipv4 && rollup_network(ipv6) == of_ipv6);
    ipv4[14] = 3;
    ipv6[5] = 2;
    assert_true(rollup_network(ipv4) != of_ipv4 && rollup_network(ipv6) != of_ipv6);
    assert_true(of_ipv4 != of_ipv6);
}

/* ---- Blocks ---- */

enum { ROWS = 600, HOSTS = 5 };

/* All kinds of rows, hostile numbers among them. */
static struct rollup_row random_row(uint64_t *seed, int64_t id)
{
    static const int64_t odd[] = {HANDSHAKE_NULL, 0, -7, INT64_MAX / 4, -INT64_MAX / 4};
    const bool is_odd = next_number(seed) % 16 == 0;
    const enum verdict verdict = (enum verdict)(next_number(seed) % VERDICT_COUNT);
    const struct facts facts = {
        .verdict = verdict,
        .outcome = (enum outcome)(next_number(seed) % OUTCOME_COUNT),
        .missed =
            verdict == VERDICT_FULL ? (enum missed)(next_number(seed) % MISSED_COUNT) : MISSED_NOT,
        .rtts_tls = (int8_t)(next_number(seed) % 3 - 1),
        .rtts_stalled = (int8_t)(next_number(seed) % 2),
        .has_issued_ticket = next_number(seed) % 2 == 0,
    };

    return (struct rollup_row){
        .host = (int64_t)(next_number(seed) % HOSTS) * 1000 + 1,
        .id = id,
        .time_ns = (int64_t)(next_number(seed) % 5000) * second_ns,
        .facts = facts_of_figures(facts_pack(&facts)),
        .network = next_number(seed) % 4,
        .handshake_ns =
            is_odd ? odd[next_number(seed) % 5] : (int64_t)(next_number(seed) % 500) << 18,
        .rtt_ns = is_odd ? odd[next_number(seed) % 5] : (int64_t)(next_number(seed) % 50) << 18,
        .bytes = is_odd ? odd[next_number(seed) % 5] : (int64_t)(next_number(seed) % 5000),
        .age_s = next_number(seed) % 2 == 0 ? (int64_t)(next_number(seed) % 9000) : HANDSHAKE_NULL,
        .hint_s = facts.has_issued_ticket ? (int64_t)(next_number(seed) % 3) * 300 : HANDSHAKE_NULL,
        .offered_bytes = (uint16_t)next_number(seed),
        .version = next_number(seed) % 2 == 0 ? 0x0303 : 0x0304,
        .refusal_cause =
            (uint8_t)(facts.outcome == OUTCOME_REFUSED ? next_number(seed) % REFUSAL_CAUSE_COUNT
                                                       : REFUSAL_CAUSE_NONE),
        .anomalies = next_number(seed) % 8 == 0 ? (uint32_t)next_number(seed) & 0xffff : 0,
    };
}

static void make_rows(struct rollup_row rows[ROWS], uint64_t *seed)
{
    for (int i = 0; i < ROWS; i++) {
        rows[i] = random_row(seed, i + 1);
    }
}

static struct packing_writer block_of(const struct rollup_row *rows, size_t count)
{
    struct packing_writer block = {.data = NULL};

    assert_true(rollup_block_build(rows, count, &block));
    return block;
}

static void begin(struct rollup_cursor *cursor, const struct packing_writer *block)
{
    assert_true(rollup_cursor_begin(cursor, block->data, block->len));
}

static void assert_same(const struct rollup *a, const struct rollup *b)
{
    assert_int_equal(a->first_ns, b->first_ns);
    assert_int_equal(a->last_ns, b->last_ns);
    assert_int_equal(a->shape_count, b->shape_count);
    assert_int_equal(a->tally_count, b->tally_count);
    for (size_t i = 0; i < a->shape_count; i++) {
        const struct rollup_shape *x = &a->shapes[i];
        const struct rollup_shape *y = &b->shapes[i];
        assert_true(x->facts == y->facts && x->anomalies == y->anomalies &&
                    x->version == y->version && x->refusal_cause == y->refusal_cause);
        assert_true(x->count == y->count && x->timed == y->timed && x->with_rtt == y->with_rtt &&
                    x->with_bytes == y->with_bytes);
        assert_true(x->handshake_ns == y->handshake_ns && x->rtt_ns == y->rtt_ns &&
                    x->bytes == y->bytes && x->offered_bytes == y->offered_bytes);
        assert_true(x->age_min_s == y->age_min_s && x->age_max_s == y->age_max_s &&
                    x->hint_min_s == y->hint_min_s && x->hint_max_s == y->hint_max_s);
        if (x->anomalies != 0 || x->refusal_cause != 0) {
            const size_t examples = x->count < ROLLUP_EXAMPLES ? x->count : ROLLUP_EXAMPLES;
            assert_int_equal(x->first_ns, y->first_ns);
            assert_int_equal(x->last_ns, y->last_ns);
            assert_memory_equal(x->examples, y->examples, examples * sizeof(x->examples[0]));
        }
    }
    for (size_t i = 0; i < a->tally_count; i++) {
        assert_true(a->tallies[i].head == b->tallies[i].head &&
                    a->tallies[i].network == b->tallies[i].network &&
                    a->tallies[i].code == b->tallies[i].code &&
                    a->tallies[i].count == b->tallies[i].count);
    }
}

/* Host by host, with the slots of both as long as the longer ones. */
static void assert_same_blocks(const struct packing_writer *a, const struct packing_writer *b)
{
    struct rollup_cursor cursors[2];
    struct rollup_merge left = {.cursors = &cursors[0], .count = 1};
    struct rollup_merge right = {.cursors = &cursors[1], .count = 1};
    struct rollup of_left = {.first_ns = 0};
    struct rollup of_right = {.first_ns = 0};
    int64_t left_host;
    int64_t right_host;
    size_t hosts = 0;

    begin(&cursors[0], a);
    begin(&cursors[1], b);
    rollup_merge_begin(&left);
    rollup_merge_begin(&right);
    left.slot_s = right.slot_s = left.slot_s > right.slot_s ? left.slot_s : right.slot_s;
    for (; rollup_merge_next(&left, &left_host, &of_left); hosts++) {
        assert_true(rollup_merge_next(&right, &right_host, &of_right));
        assert_int_equal(left_host, right_host);
        assert_same(&of_left, &of_right);
    }
    assert_false(rollup_merge_next(&right, &right_host, &of_right));
    assert_false(left.is_damaged || right.is_damaged);
    assert_int_equal(hosts, HOSTS);
    rollup_free(&of_left);
    rollup_free(&of_right);
}

static void shuffle(struct rollup_row rows[ROWS], uint64_t *seed)
{
    for (size_t i = ROWS - 1; i > 0; i--) {
        const size_t other = next_number(seed) % (i + 1);
        const struct rollup_row row = rows[i];
        rows[i] = rows[other];
        rows[other] = row;
    }
}

/* Cuts into parts of any size, in any order, sums each up, joins some, then all. */
static struct packing_writer in_parts(const struct rollup_row rows[ROWS], uint64_t *seed)
{
    enum { PARTS = 4 };
    struct packing_writer parts[PARTS];
    struct rollup_cursor cursors[PARTS];
    struct packing_writer pair = {.data = NULL};
    struct packing_writer all = {.data = NULL};
    size_t from = 0;

    for (size_t i = 0; i < PARTS; i++) {
        const size_t left = ROWS - from;
        const size_t count = i + 1 == PARTS ? left : next_number(seed) % (left + 1);
        parts[i] = block_of(rows + from, count);
        begin(&cursors[i], &parts[i]);
        from += count;
    }
    struct rollup_merge two = {.cursors = cursors, .count = 2};
    assert_true(rollup_block_join(&two, 1, &pair));
    begin(&cursors[1], &pair);
    struct rollup_merge three = {.cursors = cursors + 1, .count = 3};
    assert_true(rollup_block_join(&three, rollup_block_slot_s(0, 5000 * second_ns), &all));
    for (size_t i = 0; i < PARTS; i++) {
        free(parts[i].data);
    }
    free(pair.data);
    return all;
}

static void it_does_not_matter_in_which_parts_rows_are_summed_up(void **state)
{
    (void)state;
    struct rollup_row rows[ROWS];
    uint64_t seed = 3;

    make_rows(rows, &seed);
    struct packing_writer whole = block_of(rows, ROWS);
    for (int round = 0; round < 20; round++) {
        shuffle(rows, &seed);
        struct packing_writer parts = in_parts(rows, &seed);
        assert_same_blocks(&whole, &parts);
        free(parts.data);
    }
    free(whole.data);
}

/* Two handshakes of a client, by hand. */
static void what_is_alike_is_one_shape_with_exact_sums(void **state)
{
    (void)state;
    const struct facts facts = {.verdict = VERDICT_FULL, .rtts_tls = 2};
    struct rollup_row rows[2];

    for (int i = 0; i < 2; i++) {
        rows[i] = (struct rollup_row){.host = 9,
                                      .id = 5 - i,
                                      .time_ns = (7 + i) * second_ns,
                                      .facts = facts_pack(&facts),
                                      .handshake_ns = i == 0 ? 1000001 : HANDSHAKE_NULL,
                                      .rtt_ns = 300,
                                      .bytes = 5000 + i,
                                      .age_s = HANDSHAKE_NULL,
                                      .hint_s = HANDSHAKE_NULL,
                                      .version = 0x0303,
                                      .anomalies = 1};
    }
    struct packing_writer block = block_of(rows, 2);
    struct rollup_cursor cursor;
    struct rollup_merge merge = {.cursors = &cursor, .count = 1};
    struct rollup rollup = {.first_ns = 0};
    int64_t host;

    begin(&cursor, &block);
    rollup_merge_begin(&merge);
    assert_true(rollup_merge_next(&merge, &host, &rollup));
    assert_int_equal(host, 9);
    assert_int_equal(rollup.shape_count, 1);
    assert_int_equal(rollup.shapes[0].count, 2);
    assert_int_equal(rollup.shapes[0].timed, 1);
    assert_int_equal(rollup.shapes[0].handshake_ns, 1000001);
    assert_int_equal(rollup.shapes[0].rtt_ns, 600);
    assert_int_equal(rollup.shapes[0].bytes, 10001);
    assert_int_equal(rollup.shapes[0].first_ns, 7 * second_ns);
    assert_int_equal(rollup.shapes[0].last_ns, 8 * second_ns);
    assert_int_equal(rollup.shapes[0].examples[0], 4);
    assert_int_equal(rollup.shapes[0].examples[1], 5);
    /* 1000001 is 0xf4241: 0xf4 << 12 is nearest. Both sizes are 0x9c << 5 (4992). */
    assert_int_equal(rollup.tally_count, 4);
    assert_int_equal(rollup_value(rollup.tallies[0].code), 0xf4 << 12);
    assert_int_equal(rollup_value(rollup.tallies[1].code), 4992);
    assert_int_equal(rollup.tallies[1].count, 2);
    assert_int_equal(rollup_slot_s(rollup.tallies[2].code), 7);
    assert_int_equal(rollup_slot_s(rollup.tallies[3].code), 8);
    rollup_free(&rollup);
    free(block.data);
}

static void a_block_of_nothing_has_no_host(void **state)
{
    (void)state;
    struct packing_writer block = block_of(NULL, 0);
    struct rollup_cursor cursor;

    begin(&cursor, &block);
    assert_true(cursor.is_at_end);
    free(block.data);
}

/* Reads all of it, whatever it is. */
static size_t read_hosts(const uint8_t *data, size_t len, bool *is_damaged)
{
    struct rollup_cursor cursor;
    struct rollup_merge merge = {.cursors = &cursor, .count = 1};
    struct rollup rollup = {.first_ns = 0};
    size_t hosts = 0;
    int64_t host;

    *is_damaged = !rollup_cursor_begin(&cursor, data, len);
    if (*is_damaged) {
        return 0;
    }
    rollup_merge_begin(&merge);
    while (rollup_merge_next(&merge, &host, &rollup)) {
        hosts++;
    }
    *is_damaged = merge.is_damaged;
    rollup_free(&rollup);
    return hosts;
}

/* Between two hosts a block may end: then it has fewer. */
static void refuses_every_truncation_but_between_hosts(void **state)
{
    (void)state;
    struct rollup_row rows[ROWS];
    uint64_t seed = 4;
    size_t between = 0;

    make_rows(rows, &seed);
    struct packing_writer block = block_of(rows, 40);
    for (size_t len = 0; len < block.len; len++) {
        uint8_t *copy = malloc(len > 0 ? len : 1);
        bool is_damaged;
        assert_non_null(copy);
        memcpy(copy, block.data, len);
        const size_t hosts = read_hosts(copy, len, &is_damaged);
        assert_true(hosts < HOSTS);
        between += !is_damaged;
        free(copy);
    }
    assert_int_equal(between, HOSTS);
    free(block.data);
}

static void survives_every_changed_byte(void **state)
{
    (void)state;
    struct rollup_row rows[ROWS];
    uint64_t seed = 5;

    make_rows(rows, &seed);
    struct packing_writer block = block_of(rows, 60);
    for (size_t at = 0; at < block.len; at++) {
        const uint8_t byte = block.data[at];
        bool is_damaged;
        block.data[at] = (uint8_t)next_number(&seed);
        assert_true(read_hosts(block.data, block.len, &is_damaged) <= block.len);
        block.data[at] = byte;
    }
    free(block.data);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(values_below_256_are_kept_as_they_are),
        cmocka_unit_test(values_are_kept_within_half_a_bit_of_eight),
        cmocka_unit_test(codes_are_in_the_order_of_values),
        cmocka_unit_test(slots_begin_at_multiples_of_their_length),
        cmocka_unit_test(a_block_has_few_slots),
        cmocka_unit_test(networks_are_24_bits_or_48),
        cmocka_unit_test(it_does_not_matter_in_which_parts_rows_are_summed_up),
        cmocka_unit_test(what_is_alike_is_one_shape_with_exact_sums),
        cmocka_unit_test(a_block_of_nothing_has_no_host),
        cmocka_unit_test(refuses_every_truncation_but_between_hosts),
        cmocka_unit_test(survives_every_changed_byte),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
