/* Reports of handshakes that are stored summed up, beside those of the same handshakes one by one:
 * all that is counted is equal, what has an order within the bound of docs/schema.md. */
#include "report/report_details.h"
#include "report/report_mechanisms.h"
#include "report/summary.h"
#include "store/query.h"
#include "store/store.h"
#include "tests/report/random_database.h"
#include "tests/report/random_handshakes.h"
#include "tests/report/records.h"
#include "tests/report/same.h"
#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static const uint64_t seconds = 17500; /* from the first handshake to the last */

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1};

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
    const struct random_database *place = *state;
    uint64_t seed = 11;

    random_database_fill(place->path, &seed, true);
    assert_int_equal(
        random_database_count(place->path, "SELECT count(*) > 0 FROM rollup WHERE ids = 64"), 1);
    assert_int_equal(
        random_database_count(place->path, "SELECT count(*) > 0 FROM rollup WHERE ids = 1024"), 1);
    struct summary *rolled = read_rolled(place->path, &all);
    assert_non_null(rolled);
    summary_free(rolled);
    compare_many(place->path, &seed);
}

static void the_order_of_captures_does_not_matter(void **state)
{
    const struct random_database *place = *state;
    uint64_t seed = 12;

    random_database_fill(place->path, &seed, false);
    compare_many(place->path, &seed);
}

/* As after a kill, or in a file that another program wrote. */
static void any_block_may_be_missing(void **state)
{
    const struct random_database *place = *state;
    uint64_t seed = 13;

    random_database_fill(place->path, &seed, true);
    for (int i = 0; i < 3; i++) {
        random_database_run(place->path,
                            "DELETE FROM rollup WHERE first = (SELECT first FROM rollup"
                            " ORDER BY first * 2654435761 % 1013 LIMIT 1)");
        compare_many(place->path, &seed);
    }
    random_database_run(place->path, "DELETE FROM rollup");
    assert_null(read_rolled(place->path, &all));
}

enum { OFFERS_MAX = RANDOM_DATABASE_HANDSHAKES };

static size_t read_offers(const char *path, const struct query_filter *filter,
                          struct offer_record *out)
{
    struct error error = {""};
    struct query *query = query_open(path, &error);
    enum query_result result = QUERY_DONE;
    size_t count = 0;

    assert_non_null(query);
    assert_true(query_begin_offers(query, filter, &error));
    while (count < OFFERS_MAX &&
           (result = query_next_offer(query, &out[count], &error)) == QUERY_ROW) {
        count++;
    }
    assert_int_equal(result, QUERY_DONE);
    query_close(query);
    return count;
}

static void assert_same_offers(const struct offer_record *a, const struct offer_record *b,
                               size_t count)
{
    for (size_t i = 0; i < count; i++) {
        assert_int_equal(a[i].id, b[i].id);
        assert_int_equal(a[i].host_id, b[i].host_id);
        assert_memory_equal(a[i].host.text, b[i].host.text, b[i].host.len);
        assert_int_equal(a[i].host.len, b[i].host.len);
        assert_string_equal(a[i].client, b[i].client);
        assert_int_equal(a[i].time_ns, b[i].time_ns);
        assert_int_equal(a[i].outcome, b[i].outcome);
        assert_int_equal(a[i].age_s, b[i].age_s);
        assert_int_equal(a[i].lifetime_hint_s, b[i].lifetime_hint_s);
        assert_int_equal(a[i].is_replaced, b[i].is_replaced);
    }
}

/* All, those of a host, of a period, of both. */
static void offers_are_those_of_single_handshakes(void **state)
{
    const struct random_database *place = *state;
    const int64_t since_ns = records_start_ns + 5000 * records_s;
    const struct query_filter filters[] = {
        all,
        {HANDSHAKE_NULL, HANDSHAKE_NULL, "*-2*"},
        {since_ns, since_ns + 9000 * records_s, NULL},
        {since_ns, HANDSHAKE_NULL, "HOST-1*"},
    };
    enum { FILTERS = sizeof(filters) / sizeof(filters[0]) };
    struct offer_record *packed = calloc((size_t)FILTERS * OFFERS_MAX, sizeof(*packed));
    struct offer_record *each = calloc(OFFERS_MAX, sizeof(*each));
    size_t counts[FILTERS];
    uint64_t seed = 19;

    assert_true(packed != NULL && each != NULL);
    random_database_fill(place->path, &seed, true);
    assert_true(random_database_count(place->path,
                                      "SELECT count(*) FROM rollup WHERE length(offers) > 9") > 4);
    random_database_run(place->path, "UPDATE rollup SET offers = NULL WHERE first = 128");
    for (size_t i = 0; i < FILTERS; i++) {
        counts[i] = read_offers(place->path, &filters[i], packed + i * OFFERS_MAX);
        assert_true(counts[i] > 20);
    }
    random_database_run(place->path, "UPDATE rollup SET offers = NULL");
    for (size_t i = 0; i < FILTERS; i++) {
        assert_int_equal(read_offers(place->path, &filters[i], each), counts[i]);
        assert_same_offers(packed + i * OFFERS_MAX, each, counts[i]);
    }
    free(packed);
    free(each);
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
    const struct random_database *place = *state;
    uint64_t seed = 18;
    struct error error = {""};
    bool is_used;

    random_database_fill(place->path, &seed, true);
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
    int64_t *ids = report_details_hosts(summary, summary_groups(summary));
    const struct query_hosts hosts = {ids, summary_groups(summary)};
    assert_non_null(ids);
    assert_true(report_details_read(query, &hosts, summary, rolled, &error));
    free(ids);
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
    const struct random_database *place = *state;
    uint64_t seed = 14;

    random_database_fill(place->path, &seed, true);
    random_database_run(place->path, "DELETE FROM rollup");
    random_database_fill(place->path, &seed, true);
    assert_true(random_database_count(place->path,
                                      "SELECT sum(ids) FROM rollup WHERE first < 2500") > 1024);
    compare_many(place->path, &seed);
}

static void a_changed_handshake_is_not_told_as_it_was(void **state)
{
    const struct random_database *place = *state;
    uint64_t seed = 15;

    random_database_fill(place->path, &seed, true);
    const int64_t before = random_database_count(place->path, "SELECT sum(ids) FROM rollup");
    random_database_run(place->path,
                        "UPDATE handshake SET refusal_cause = 4"
                        " WHERE id = (SELECT first + 100 FROM rollup WHERE ids = 1024)");
    assert_int_equal(random_database_count(place->path, "SELECT sum(ids) FROM rollup"),
                     before - 1024);
    compare_many(place->path, &seed);
    random_database_run(place->path, "DELETE FROM handshake WHERE id IN (1500, 2420)");
    compare_many(place->path, &seed);
}

static void a_damaged_block_is_an_error(void **state)
{
    const struct random_database *place = *state;
    uint64_t seed = 16;
    struct error error = {""};
    bool is_used;

    random_database_fill(place->path, &seed, true);
    random_database_run(place->path,
                        "UPDATE rollup SET packed = substr(packed, 1, length(packed) - 1)");
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
    const struct random_database *place = *state;
    struct store *store = random_database_open(place->path);
    struct error error = {""};
    uint64_t seed = 17;

    for (int64_t n = 0; n + 2 < 1 << RANDOM_DATABASE_BLOCK_BITS; n++) {
        const struct handshake handshake = random_handshakes_one(&seed, n);
        assert_true(store_add(store, &handshake, NULL, &error));
    }
    assert_true(store_close(store, &error));
    assert_null(read_rolled(place->path, &all));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(what_is_summed_up_tells_the_same, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(the_order_of_captures_does_not_matter, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(any_block_may_be_missing, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(offers_are_those_of_single_handshakes, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(what_is_offered_and_issued_is_the_same,
                                        random_database_make, random_database_remove),
        cmocka_unit_test_setup_teardown(missing_blocks_are_summed_up_later, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(a_changed_handshake_is_not_told_as_it_was,
                                        random_database_make, random_database_remove),
        cmocka_unit_test_setup_teardown(a_damaged_block_is_an_error, random_database_make,
                                        random_database_remove),
        cmocka_unit_test_setup_teardown(few_handshakes_are_not_summed_up, random_database_make,
                                        random_database_remove),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
