/* Reports of handshakes that are stored summed up, beside those of the same handshakes one by one:
 * all that is counted is equal, what has an order within the bound of docs/schema.md. */
#include "report/report_details.h"
#include "report/report_mechanisms.h"
#include "report/summary.h"
#include "store/query.h"
#include "store/store.h"
#include "tests/report/random_handshakes.h"
#include "tests/report/records.h"
#include "tests/report/same.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <sqlite3.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

enum { HANDSHAKES = 2500, BLOCK_BITS = 6 };

static const uint64_t seconds = 17500; /* from the first handshake to the last */

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1};

/* Temporary directories are the system's; the file goes with its test. */
struct place {
    char path[64];
};

static int make_place(void **state)
{
    static struct place place;
    (void)snprintf(place.path, sizeof(place.path), "/tmp/reprise-rolled-XXXXXX");
    const int file = mkstemp(place.path);
    if (file < 0) {
        return -1;
    }
    (void)close(file);
    *state = &place;
    return 0;
}

static int remove_place(void **state)
{
    static const char *const endings[] = {"", "-wal", "-shm"};
    const struct place *place = *state;
    char path[96];

    for (size_t i = 0; i < 3; i++) {
        (void)snprintf(path, sizeof(path), "%s%s", place->path, endings[i]);
        (void)unlink(path);
    }
    return 0;
}

static struct store *open_store(const char *path)
{
    static const struct run_record run = {.started_ns = 1, .ended_ns = 2};
    struct error error = {""};
    struct store *store = store_open(path, &error);

    if (store == NULL) {
        fail_msg("%s", error.text);
    }
    store_sum_up_by(store, BLOCK_BITS);
    assert_true(store_begin_run(store, &run, &error));
    return store;
}

/* In runs of any length, committed anywhere: half in the order of their time. */
static void fill(const char *path, uint64_t *seed, bool is_in_order)
{
    struct store *store = open_store(path);
    struct error error = {""};

    for (int64_t n = 0; n < HANDSHAKES; n++) {
        const int64_t number = is_in_order ? n : random_handshakes_below(seed, HANDSHAKES);
        const struct handshake handshake = random_handshakes_one(seed, number);
        assert_true(store_add(store, &handshake, NULL, &error));
        if (random_handshakes_below(seed, 50) == 0) {
            assert_true(store_commit(store, &error));
        }
        if (random_handshakes_below(seed, 300) == 0) {
            assert_true(store_close(store, &error));
            store = open_store(path);
        }
    }
    assert_true(store_close(store, &error));
}

static void run_sql(const char *path, const char *sql)
{
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
}

static int64_t count_sql(const char *path, const char *sql)
{
    sqlite3_stmt *statement;
    sqlite3 *db;

    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    assert_int_equal(sqlite3_prepare_v2(db, sql, -1, &statement, NULL), SQLITE_OK);
    assert_int_equal(sqlite3_step(statement), SQLITE_ROW);
    const int64_t count = sqlite3_column_int64(statement, 0);
    assert_int_equal(sqlite3_finalize(statement), SQLITE_OK);
    assert_int_equal(sqlite3_close(db), SQLITE_OK);
    return count;
}

/* ---- Both ways ---- */

static bool add_record(void *context, const struct record *record)
{
    return summary_add(context, record);
}

static bool add_host(void *context, const struct query_rolled_host *host)
{
    return summary_add_rolled(context, host);
}

static struct summary *read_each(const char *path, const struct query_filter *filter)
{
    struct error error = {""};
    struct query *query = query_open(path, &error);
    struct summary *summary = summary_new(REPORT_BY_HOST, key);

    assert_non_null(query);
    assert_non_null(summary);
    assert_int_equal(query_figures(query, filter, add_record, summary, &error), QUERY_DONE);
    query_close(query);
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static bool add_picture(void *context, const struct query_rolled_host *host)
{
    return summary_add_picture(context, host);
}

/* Of every place. */
static void read_pictures(struct query *query, struct summary *summary)
{
    const struct rolled_taker taker = {add_picture, summary};
    const size_t count = summary_groups(summary);
    int64_t *ids = report_details_hosts(summary, count);
    const struct query_hosts hosts = {ids, count};
    struct error error = {""};

    assert_non_null(ids);
    assert_int_equal(query_rollups_of(query, &hosts, &taker, &error), QUERY_DONE);
    free(ids);
}

/* NULL: nothing of it is stored summed up. */
static struct summary *read_rolled(const char *path, const struct query_filter *filter)
{
    struct error error = {""};
    struct query *query = query_open(path, &error);
    struct summary *summary = summary_new(REPORT_BY_HOST, key);
    const struct rolled_taker taker = {add_host, summary};
    bool is_used;

    assert_non_null(query);
    assert_non_null(summary);
    assert_true(summary_want_pictures(summary));
    assert_int_equal(query_rollups(query, filter, &taker, &is_used, &error), QUERY_DONE);
    if (!is_used) {
        query_close(query);
        summary_free(summary);
        return NULL;
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    if (summary_is_rolled(summary)) { /* there is a host */
        read_pictures(query, summary);
    }
    query_close(query);
    return summary;
}

static void compare(const char *path, const struct query_filter *filter)
{
    struct summary *each = read_each(path, filter);
    struct summary *rolled = read_rolled(path, filter);

    if (rolled != NULL) {
        same_summaries(rolled, each);
        if (summary_is_rolled(rolled)) {
            same_pictures(rolled, each);
        }
        summary_free(rolled);
    }
    summary_free(each);
}

static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

static void compare_many(const char *path, uint64_t *seed)
{
    const struct query_filter some_hosts = {HANDSHAKE_NULL, HANDSHAKE_NULL, "*-[1-3]*"};
    const struct query_filter one_host = {HANDSHAKE_NULL, HANDSHAKE_NULL, "HOST-2*"};

    compare(path, &all);
    compare(path, &some_hosts);
    compare(path, &one_host);
    for (int i = 0; i < 4; i++) {
        const int64_t since_ns =
            records_start_ns + random_handshakes_below(seed, seconds) * records_s;
        const struct query_filter from = {since_ns, HANDSHAKE_NULL, NULL};
        const struct query_filter between = {
            since_ns, since_ns + random_handshakes_below(seed, seconds) * records_s, NULL};
        compare(path, &from);
        compare(path, &between);
    }
}

/* ---- Tests ---- */

static void what_is_summed_up_tells_the_same(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 11;

    fill(place->path, &seed, true);
    assert_int_equal(count_sql(place->path, "SELECT count(*) > 0 FROM rollup WHERE ids = 64"), 1);
    assert_int_equal(count_sql(place->path, "SELECT count(*) > 0 FROM rollup WHERE ids = 1024"), 1);
    struct summary *rolled = read_rolled(place->path, &all);
    assert_non_null(rolled);
    summary_free(rolled);
    compare_many(place->path, &seed);
}

static void the_order_of_captures_does_not_matter(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 12;

    fill(place->path, &seed, false);
    compare_many(place->path, &seed);
}

/* As after a kill, or in a file that another program wrote. */
static void any_block_may_be_missing(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 13;

    fill(place->path, &seed, true);
    for (int i = 0; i < 3; i++) {
        run_sql(place->path, "DELETE FROM rollup WHERE first = (SELECT first FROM rollup"
                             " ORDER BY first * 2654435761 % 1013 LIMIT 1)");
        compare_many(place->path, &seed);
    }
    run_sql(place->path, "DELETE FROM rollup");
    assert_null(read_rolled(place->path, &all));
}

static bool add_to_mechanisms(void *context, const struct record *record)
{
    return mechanisms_add_handshake(context, record);
}

/* What an estimate is needed for is not there in either. */
static void same_mechanisms(const struct mechanisms *a, const struct mechanisms *b)
{
    assert_int_equal(mechanisms_hosts(a), mechanisms_hosts(b));
    assert_true(mechanisms_has_sessions(a));
    for (size_t i = 0; i < mechanisms_hosts(a); i++) {
        assert_memory_equal(mechanisms_host(a, i), mechanisms_host(b, i),
                            sizeof(struct mechanisms_host));
    }
}

static void what_is_offered_and_issued_is_the_same(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 18;
    struct error error = {""};
    bool is_used;

    fill(place->path, &seed, true);
    struct query *query = query_open(place->path, &error);
    struct summary *summary = summary_new(REPORT_BY_HOST, key);
    struct mechanisms *rolled = mechanisms_new(&all, key);
    struct mechanisms *each = mechanisms_new(&all, key);
    const struct rolled_taker taker = {add_host, summary};
    assert_non_null(query);
    assert_true(summary != NULL && rolled != NULL && each != NULL);
    assert_true(summary_want_pictures(summary));
    assert_int_equal(query_rollups(query, &all, &taker, &is_used, &error), QUERY_DONE);
    assert_true(is_used && summary_finish(summary, REPORT_SORT_NAME));
    assert_true(report_details_read(query, summary_groups(summary), summary, rolled, &error));
    assert_true(report_mechanisms_read_sessions(query, &all, NULL, rolled, &error));
    assert_int_equal(query_figures(query, &all, add_to_mechanisms, each, &error), QUERY_DONE);
    assert_true(report_mechanisms_read_sessions(query, &all, NULL, each, &error));
    same_mechanisms(rolled, each);
    query_close(query);
    mechanisms_free(rolled);
    mechanisms_free(each);
    summary_free(summary);
}

/* The newest first, one with each block that ends. */
static void missing_blocks_are_summed_up_later(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 14;

    fill(place->path, &seed, true);
    run_sql(place->path, "DELETE FROM rollup");
    fill(place->path, &seed, true);
    assert_true(count_sql(place->path, "SELECT sum(ids) FROM rollup WHERE first < 2500") > 1024);
    compare_many(place->path, &seed);
}

static void a_changed_handshake_is_not_told_as_it_was(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 15;

    fill(place->path, &seed, true);
    const int64_t before = count_sql(place->path, "SELECT sum(ids) FROM rollup");
    run_sql(place->path, "UPDATE handshake SET refusal_cause = 4 WHERE id = 100");
    assert_int_equal(count_sql(place->path, "SELECT sum(ids) FROM rollup"), before - 1024);
    compare_many(place->path, &seed);
    run_sql(place->path, "DELETE FROM handshake WHERE id IN (1500, 2420)");
    compare_many(place->path, &seed);
}

static void a_damaged_block_is_an_error(void **state)
{
    const struct place *place = *state;
    uint64_t seed = 16;
    struct error error = {""};
    bool is_used;

    fill(place->path, &seed, true);
    run_sql(place->path, "UPDATE rollup SET packed = substr(packed, 1, length(packed) - 1)");
    struct query *query = query_open(place->path, &error);
    struct summary *summary = summary_new(REPORT_BY_HOST, key);
    const struct rolled_taker taker = {add_host, summary};
    assert_int_equal(query_rollups(query, &all, &taker, &is_used, &error), QUERY_ERROR);
    assert_non_null(strstr(error.text, "damaged"));
    query_close(query);
    summary_free(summary);
}

static void few_handshakes_are_not_summed_up(void **state)
{
    const struct place *place = *state;
    struct store *store = open_store(place->path);
    struct error error = {""};
    uint64_t seed = 17;

    for (int64_t n = 0; n + 2 < 1 << BLOCK_BITS; n++) {
        const struct handshake handshake = random_handshakes_one(&seed, n);
        assert_true(store_add(store, &handshake, NULL, &error));
    }
    assert_true(store_close(store, &error));
    assert_null(read_rolled(place->path, &all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_summed_up_tells_the_same, make_place, remove_place),
        cmocka_unit_test_setup_teardown(the_order_of_captures_does_not_matter, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(any_block_may_be_missing, make_place, remove_place),
        cmocka_unit_test_setup_teardown(what_is_offered_and_issued_is_the_same, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(missing_blocks_are_summed_up_later, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_changed_handshake_is_not_told_as_it_was, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_damaged_block_is_an_error, make_place, remove_place),
        cmocka_unit_test_setup_teardown(few_handshakes_are_not_summed_up, make_place, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
