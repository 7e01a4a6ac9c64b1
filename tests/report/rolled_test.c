/* Reports of handshakes that are stored summed up, beside those of the same handshakes one by one:
 * all that is counted is equal, what has an order within the bound of docs/schema.md. */
#include "report/summary.h"
#include "store/query.h"
#include "store/store.h"
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

enum { HANDSHAKES = 2500, HOSTS = 6, CLIENTS = 40, BLOCK_BITS = 6 };

static const uint64_t seconds = 17500; /* from the first handshake to the last */

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1};

/* SplitMix64. */
static uint64_t next_number(uint64_t *seed)
{
    uint64_t value = *seed += 0x9e3779b97f4a7c15;

    value = (value ^ (value >> 30)) * 0xbf58476d1ce4e5b9;
    value = (value ^ (value >> 27)) * 0x94d049bb133111eb;
    return value ^ (value >> 31);
}

static int64_t below(uint64_t *seed, uint64_t end)
{
    return (int64_t)(next_number(seed) % end);
}

static struct session_hash hash_of(int64_t host, int64_t client)
{
    struct session_hash hash = {.is_set = true, .bytes = {(uint8_t)host, (uint8_t)client, 1}};
    return hash;
}

/* What the client was issued, the host takes or refuses. */
static void offer(struct handshake *handshake, uint64_t *seed, int64_t host, int64_t client)
{
    const bool is_accepted = below(seed, 4) != 0;

    handshake->offered = OFFER_TICKET;
    handshake->session_offered = hash_of(host, client);
    handshake->offered_bytes = 180;
    handshake->outcome = is_accepted ? OUTCOME_ACCEPTED : OUTCOME_REFUSED;
    handshake->verdict = is_accepted ? VERDICT_RESUMED_TICKET : VERDICT_FULL;
    handshake->rtts_tls = is_accepted ? 1 : 2;
}

static struct handshake random_handshake(uint64_t *seed, int64_t number)
{
    static const uint16_t versions[] = {0x0303, 0x0304};
    const int64_t host = below(seed, HOSTS);
    const int64_t client = below(seed, CLIENTS);
    struct handshake handshake;

    handshake_init(&handshake);
    handshake.time_ns = records_start_ns + number * 7 * records_s + below(seed, 20) * records_s;
    handshake.client = records_endpoint("192.0.2.7", 50000);
    handshake.client.address[14] = (uint8_t)(client % 5);
    handshake.client.address[15] = (uint8_t)client;
    handshake.server = records_endpoint("198.51.100.1", 443);
    handshake.sni.len = (uint8_t)snprintf(handshake.sni.text, sizeof(handshake.sni.text),
                                          "host-%d.example", (int)host);
    handshake.version = versions[host % 2];
    handshake.verdict = below(seed, 12) == 0 ? VERDICT_UNKNOWN : VERDICT_FULL;
    handshake.reason = handshake.verdict == VERDICT_UNKNOWN ? REASON_GAP : REASON_NONE;
    handshake.certainty = below(seed, 9) == 0 ? CERTAINTY_LIKELY : CERTAINTY_CERTAIN;
    handshake.offered = OFFER_NONE;
    handshake.outcome = OUTCOME_NONE;
    handshake.rtts_tls = 2;
    handshake.rtts_stalled = (int8_t)below(seed, 2);
    handshake.anomalies = below(seed, 30) == 0 ? 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION : 0;
    handshake.hello_retries = (uint8_t)(below(seed, 20) == 0);
    if (handshake.verdict == VERDICT_FULL && below(seed, 2) == 0) {
        offer(&handshake, seed, host, client);
    } else if (handshake.verdict == VERDICT_FULL) {
        handshake.issued_ticket = hash_of(host, client);
        handshake.issued_ticket_bytes = 180;
        handshake.lifetime_hint_s = 300 * (1 + below(seed, 3));
    }
    if (below(seed, 10) != 0) {
        handshake.rtt_client_ns = below(seed, 30) * records_ms;
        handshake.rtt_server_ns = (20 + host) * records_ms;
        handshake.handshake_ns = handshake.rtts_tls * (60 * records_ms + below(seed, 9999999));
        handshake.bytes_client = 300 + below(seed, 200);
        handshake.bytes_server = handshake.rtts_tls * (1000 + below(seed, 90));
    }
    return handshake;
}

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
        const int64_t number = is_in_order ? n : below(seed, HANDSHAKES);
        const struct handshake handshake = random_handshake(seed, number);
        assert_true(store_add(store, &handshake, NULL, &error));
        if (below(seed, 50) == 0) {
            assert_true(store_commit(store, &error));
        }
        if (below(seed, 300) == 0) {
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
    assert_int_equal(query_rollups(query, filter, &taker, &is_used, &error), QUERY_DONE);
    query_close(query);
    if (!is_used) {
        summary_free(summary);
        return NULL;
    }
    assert_true(summary_finish(summary, REPORT_SORT_NAME));
    return summary;
}

static void compare(const char *path, const struct query_filter *filter)
{
    struct summary *each = read_each(path, filter);
    struct summary *rolled = read_rolled(path, filter);

    if (rolled != NULL) {
        same_summaries(rolled, each);
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
        const int64_t since_ns = records_start_ns + below(seed, seconds) * records_s;
        const struct query_filter from = {since_ns, HANDSHAKE_NULL, NULL};
        const struct query_filter between = {since_ns, since_ns + below(seed, seconds) * records_s,
                                             NULL};
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
        const struct handshake handshake = random_handshake(&seed, n);
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
        cmocka_unit_test_setup_teardown(missing_blocks_are_summed_up_later, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_changed_handshake_is_not_told_as_it_was, make_place,
                                        remove_place),
        cmocka_unit_test_setup_teardown(a_damaged_block_is_an_error, make_place, remove_place),
        cmocka_unit_test_setup_teardown(few_handshakes_are_not_summed_up, make_place, remove_place),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
