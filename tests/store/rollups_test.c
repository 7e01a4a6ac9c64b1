/* Which handshakes are summed up, and that their rows are what they are in the end. What reports
 * make of them: tests/report/rolled_test.c. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>

/* So many handshakes of each cause, as they are summed up. */
static bool count_causes(void *context, const struct query_rolled_host *host)
{
    uint64_t *const causes = context;

    for (size_t i = 0; i < host->rollup->shape_count; i++) {
        causes[host->rollup->shapes[i].refusal_cause] += host->rollup->shapes[i].count;
    }
    return true;
}

static void read_causes(const char *path, uint64_t causes[REFUSAL_CAUSE_COUNT])
{
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    const struct rolled_taker taker = {count_causes, causes};
    struct error error = {""};
    struct query *query = query_open(path, &error);
    bool is_used;

    assert_non_null(query);
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        causes[cause] = 0;
    }
    assert_int_equal(query_rollups(query, &all, &taker, &is_used, &error), QUERY_DONE);
    assert_true(is_used);
    query_close(query);
}

/* Blocks and single ones together are what the table holds. */
static void assert_as_stored(const char *path)
{
    uint64_t causes[REFUSAL_CAUSE_COUNT];

    read_causes(path, causes);
    for (int cause = 0; cause < REFUSAL_CAUSE_COUNT; cause++) {
        char sql[96];
        (void)snprintf(sql, sizeof(sql),
                       "SELECT count(*) FROM handshake WHERE coalesce(refusal_cause, 0) = %d",
                       cause);
        assert_int_equal(causes[cause], strtoul(fixture_sql(path, sql), NULL, 10));
    }
}

static struct store *open_for_blocks_of_two(const char *path)
{
    struct store *store = fixture_open(path);

    store_sum_up_by(store, 1);
    return store;
}

/* Rows 1 to 7: the refusal is in the block of 6 and 7, whose batch finds that the key changed. */
static void a_cause_that_its_commit_finds_is_summed_up(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = open_for_blocks_of_two(fixture->path);
    uint64_t causes[REFUSAL_CAUSE_COUNT];

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t row = ledger_add_refusal(store, 200, 'a', 2);
    assert_int_equal(row, 7);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
    ledger_assert_sql(fixture, "SELECT count(*) FROM rollup WHERE first = 6", "1");
    read_causes(fixture->path, causes);
    assert_int_equal(causes[REFUSAL_CAUSE_KEY_CHANGED], 1);
    assert_as_stored(fixture->path);
}

/* Unexplained when its block is summed up, until a third ticket of the new key is seen. */
static void a_cause_that_is_found_later_takes_the_block_away(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = open_for_blocks_of_two(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    for (uint32_t n = 1; n <= 6; n++) {
        const struct ledger_ticket offered = {'a', 1 + (n - 1) % 3};
        const struct ledger_ticket instead = {'b', n};
        const struct handshake handshake = ledger_refusal(100 + n, &offered, &instead);
        (void)ledger_add(store, &handshake);
        ledger_commit(store);
        assert_as_stored(fixture->path);
    }
    fixture_close(store);
    ledger_assert_cause(fixture->path, 4, "key-changed");
}

/* What another program stored between two rows of this one is read from the file. */
static void two_programs_that_store_by_turns_lose_nothing(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);

    store_sum_up_by(one, 3);
    store_sum_up_by(other, 3);
    for (uint32_t n = 1; n <= 40; n++) {
        struct store *store = n % 3 == 0 ? other : one;
        ledger_add_issue(store, n, 'a', n);
        ledger_commit(store);
    }
    fixture_close(one);
    fixture_close(other);
    assert_as_stored(fixture->path);
    ledger_assert_sql(fixture, "SELECT sum(ids) FROM rollup", "40");
}

static void without_a_block_nothing_is_taken(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = open_for_blocks_of_two(fixture->path);
    static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    uint64_t causes[REFUSAL_CAUSE_COUNT] = {0};
    const struct rolled_taker taker = {count_causes, causes};
    struct error error = {""};
    bool is_used = true;

    struct query *query = store_query(store, &error);
    assert_int_equal(query_rollups(query, &all, &taker, &is_used, &error), QUERY_DONE);
    assert_false(is_used);
    query_close(query);
    fixture_close(store);
}

int main(void)
{
#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(a_cause_that_its_commit_finds_is_summed_up),
        IN_DIRECTORY(a_cause_that_is_found_later_takes_the_block_away),
        IN_DIRECTORY(two_programs_that_store_by_turns_lose_nothing),
        IN_DIRECTORY(without_a_block_nothing_is_taken),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
