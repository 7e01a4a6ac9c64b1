/* What a period costs to read, and that all of it is found. */
#include "store/query_share.h"
#include "store/time_spans.h"
#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

static const int64_t second_ns = 1000000000;

static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

/* A second apart and with a ticket each, offered again five minutes later. */
static void add_seconds(struct store *store, int64_t from, int64_t to)
{
    struct error error = {""};

    for (int64_t n = from; n < to; n++) {
        struct handshake handshake = fixture_handshake(n);
        handshake.issued_ticket = fixture_hash((uint8_t)n);
        memcpy(handshake.issued_ticket.bytes, &n, sizeof(n));
        handshake.lifetime_hint_s = 7200;
        if (n % 2 == 1 && n > 300) {
            const int64_t offered = n - 300;
            handshake.session_offered = fixture_hash((uint8_t)offered);
            memcpy(handshake.session_offered.bytes, &offered, sizeof(offered));
            handshake.offered = OFFER_TICKET;
            handshake.outcome = n % 3 == 0 ? OUTCOME_REFUSED : OUTCOME_ACCEPTED;
            handshake.renewed = n % 3 != 0;
        }
        assert_true(store_add(store, &handshake, NULL, &error));
    }
}

struct counts {
    size_t handshakes;
    size_t figures;
    size_t sessions;
    size_t offers;
    int64_t steps;
};

static bool count_one(void *context, const struct record *record)
{
    size_t *const count = context;

    (void)record;
    ++*count;
    return true;
}

/* All that a report asks of a period, to the last row. */
static void read_period(struct store *store, const struct query_filter *period, struct counts *out)
{
    struct error error = {""};
    struct query *query = store_query(store, &error);
    struct record record;
    struct session_record session;
    struct offer_record offer;
    int64_t last = 0;

    memset(out, 0, sizeof(*out));
    assert_true(query_begin_handshakes(query, period, &error));
    for (; query_next_handshake(query, &record, &error) == QUERY_ROW; out->handshakes++) {
        assert_true(record.id > last);
        last = record.id;
    }
    assert_int_equal(query_figures(query, period, count_one, &out->figures, &error), QUERY_DONE);
    assert_true(query_begin_sessions(query, period, &error));
    for (; query_next_session(query, &session, &error) == QUERY_ROW; out->sessions++) {
    }
    assert_true(query_begin_offers(query, period, &error));
    for (; query_next_offer(query, &offer, &error) == QUERY_ROW; out->offers++) {
    }
    assert_string_equal(error.text, "");
    out->steps = query_steps(query);
    query_close(query);
}

static struct query_filter hour(int64_t number)
{
    const int64_t since_ns = FIXTURE_TIME_NS + number * 3600 * second_ns;
    return (struct query_filter){since_ns, since_ns + 3600 * second_ns, NULL};
}

static void an_hour_costs_the_same_in_a_database_ten_times_as_long(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct query_filter first = hour(1);
    const struct query_filter last = hour(19);
    struct counts before;
    struct counts after;
    struct counts later;

    add_seconds(store, 0, 7200);
    read_period(store, &first, &before);
    assert_int_equal(before.handshakes, 3600);
    assert_int_equal(before.figures, 3600);
    assert_int_equal(before.sessions, 3600 + 150); /* issued; offered from the hour before */
    assert_int_equal(before.offers, 600); /* of every sixth second: refused within the hint */
    add_seconds(store, 7200, 72000);
    read_period(store, &first, &after);
    assert_int_equal(after.handshakes, 3600);
    read_period(store, &last, &later);
    assert_int_equal(later.handshakes, 3600);
    /* What the blocks at both ends hold beside the hour may differ, and nothing else. */
    assert_true(after.steps <= before.steps + before.steps / 5);
    assert_true(later.steps <= before.steps + before.steps / 5);
    fixture_close(store);
}

static size_t found(struct store *store, int64_t since_ns, int64_t until_ns)
{
    const struct query_filter period = {since_ns, until_ns, NULL};
    struct error error = {""};
    struct query *query = store_query(store, &error);
    size_t count = 0;

    assert_int_equal(query_figures(query, &period, count_one, &count, &error), QUERY_DONE);
    query_close(query);
    return count;
}

static void handshakes_in_no_order_of_time_are_found(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    uint64_t seed = 3;
    int64_t times[3000];

    for (int64_t i = 0; i < 3000; i++) {
        struct handshake handshake = fixture_handshake(0);
        seed = seed * 6364136223846793005U + 1442695040888963407U;
        handshake.time_ns = (int64_t)seed >> (seed % 3 * 8); /* of all magnitudes and both signs */
        times[i] = handshake.time_ns;
        assert_true(store_add(store, &handshake, NULL, &error));
    }
    for (size_t i = 0; i < 3000; i += 500) {
        const int64_t since_ns = times[i] < 0 ? times[i] : -times[i];
        const int64_t until_ns = -since_ns;
        size_t expected = 0;
        for (size_t j = 0; j < 3000; j++) {
            expected += times[j] >= since_ns && times[j] < until_ns;
        }
        assert_int_equal(found(store, since_ns, until_ns), expected);
        assert_int_equal(found(store, times[i], times[i] + 1), 1);
    }
    assert_int_equal(found(store, all.since_ns, all.until_ns), 3000);
    fixture_close(store);
}

static void a_rollback_takes_its_spans_along(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake handshake = fixture_handshake(0);
    struct error error = {""};

    assert_string_equal(
        fixture_sql_error(fixture->path, "CREATE UNIQUE INDEX one_of_each ON handshake (time_ns)"),
        "");
    (void)fixture_add(store, &handshake);
    (void)fixture_add(store, &handshake);
    assert_false(store_commit(store, &error));
    assert_non_null(strstr(error.text, "handshakes lost since the last commit: 2"));
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM handshake_span"), "0");
    (void)fixture_add(store, &handshake);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(slot || ' ' || block)"
                                                   " FROM handshake_span"),
                        "3092281 0");
}

static void neighbours_in_time_share_a_span(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    add_seconds(store, 0, 2100);
    fixture_close(store);
    /* 2100 handshakes are in three blocks; 35 minutes are four or five stretches. */
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) <= 8 FROM handshake_span"),
                        "1");
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT count(*) FROM handshake AS h WHERE NOT EXISTS (SELECT 1 FROM"
                    " handshake_span WHERE slot = h.time_ns >> 39 AND block = h.id >> 10)"),
        "0");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_hour_costs_the_same_in_a_database_ten_times_as_long),
        cmocka_unit_test(handshakes_in_no_order_of_time_are_found),
        IN_DIRECTORY(a_rollback_takes_its_spans_along),
        IN_DIRECTORY(neighbours_in_time_share_a_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
