/* The index in memory and on disk, with more sessions than memory holds. */
#include "store/session_index.h"

#include "tests/store/fixture.h"

#include <string.h>

enum { MANY = 2 * SESSION_INDEX_RECENT + 1000 };

/* The first 4 bytes of a hash are its tag: every sixteenth shares one with its neighbour. */
static struct session_hash hash_of(uint32_t n)
{
    struct session_hash hash = {.is_set = true};
    const uint64_t tag = (n - (n % 16 == 1)) * UINT64_C(0x9e3779b97f4a7c15);

    memcpy(hash.bytes, &tag, sizeof(tag));
    memcpy(hash.bytes + sizeof(tag), &n, sizeof(n));
    return hash;
}

static void issue(struct store *store, uint32_t n)
{
    struct handshake handshake = fixture_handshake(0);
    struct error error = {""};

    handshake.time_ns += n;
    handshake.issued_id = hash_of(n);
    if (!store_add(store, &handshake, NULL, &error)) {
        fail_msg("%s", error.text);
    }
}

static struct record offer(struct store *store, uint32_t n, int64_t after_s)
{
    struct handshake handshake = fixture_handshake(after_s);

    handshake.time_ns += n;
    handshake.session_offered = hash_of(n);
    handshake.offered = OFFER_ID;
    handshake.outcome = OUTCOME_ACCEPTED;
    handshake.verdict = VERDICT_RESUMED_ID;
    return fixture_add(store, &handshake);
}

static void check_some(struct store *store, int64_t after_s)
{
    for (uint32_t n = 0; n < MANY; n += 37) {
        assert_int_equal(offer(store, n, after_s).age_s, after_s);
    }
}

static void every_session_is_found_in_memory_and_on_disk(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    for (uint32_t n = 0; n < MANY; n++) {
        issue(store, n);
    }
    check_some(store, 7);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM session_index"), "524288");
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT value FROM meta WHERE key = 'sessions_indexed'"),
        "524288");
    store = fixture_open(fixture->path);
    check_some(store, 8);
    issue(store, 5); /* known already, on disk */
    issue(store, MANY - 1);
    assert_int_equal(offer(store, MANY, 1).age_s, HANDSHAKE_NULL);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM session"), "525289");
    assert_string_equal(fixture_sql(fixture->path, "SELECT min(offered_count) || ' ' ||"
                                                   " max(offered_count) FROM session WHERE"
                                                   " id % 37 = 1 AND id <= 525288"),
                        "2 2");
}

static void a_rollback_takes_sessions_out_of_memory(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};

    issue(store, 1);
    assert_true(store_commit(store, &error));
    issue(store, 2);
    /* Another connection takes a column away: the open batch cannot see it, the next can. */
    assert_true(store_commit(store, &error));
    assert_string_equal(
        fixture_sql_error(fixture->path, "ALTER TABLE handshake RENAME COLUMN kind TO gone"), "");
    struct handshake handshake = fixture_handshake(3);
    handshake.issued_id = hash_of(3);
    assert_true(store_add(store, &handshake, NULL, &error));
    assert_false(store_commit(store, &error));
    assert_non_null(strstr(error.text, "cannot add a handshake: table handshake has no column"));
    assert_string_equal(
        fixture_sql_error(fixture->path, "ALTER TABLE handshake RENAME COLUMN gone TO kind"), "");
    assert_int_equal(offer(store, 2, 4).age_s, 4);
    assert_int_equal(offer(store, 3, 4).age_s, HANDSHAKE_NULL);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM session"), "3");
}

static void too_many_recent_ones_are_indexed_at_the_start(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    for (uint32_t n = 0; n < SESSION_INDEX_RECENT; n++) {
        issue(store, n);
    }
    fixture_close(store);
    /* As if another program had added some. */
    assert_string_equal(
        fixture_sql_error(
            fixture->path,
            "INSERT INTO session (id, hash, traits, host, server_less_host, issued_ns,"
            " offered_count, accepted_count, refused_count)"
            " SELECT id + 262144, CAST('other' || id AS BLOB), traits, host, server_less_host,"
            " issued_ns, 0, 0, 0 FROM session WHERE id <= 100"),
        "");
    store = fixture_open(fixture->path);
    assert_int_equal(offer(store, 77, 3).age_s, 3);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT count(*) FROM session_index"), "262144");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(every_session_is_found_in_memory_and_on_disk),
        IN_DIRECTORY(a_rollback_takes_sessions_out_of_memory),
        IN_DIRECTORY(too_many_recent_ones_are_indexed_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
