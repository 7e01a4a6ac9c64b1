/* Where batches end makes no difference: sessions are the same, whether they change in memory or in
 * the database. */
#include "store/pending_sessions.h"

#include "tests/bench/random.h"
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { KEYS = 4, TICKETS = 24, HANDSHAKES = 600 };

static void set_id_offer(struct random *random, struct handshake *out)
{
    const struct ledger_ticket id = {'i', random_below(random, TICKETS)};

    out->offered = OFFER_ID;
    out->verdict = VERDICT_RESUMED_ID;
    out->outcome = OUTCOME_ACCEPTED;
    out->session_offered = ledger_hash(&id);
    out->id_needs_sighting = random_below(random, 2) == 0;
}

static enum outcome any_outcome(struct random *random)
{
    static const enum outcome outcomes[] = {OUTCOME_ACCEPTED, OUTCOME_ACCEPTED, OUTCOME_REFUSED,
                                            OUTCOME_FAILED};
    return outcomes[random_below(random, 4)];
}

/* Tickets of few keys and few IDs, issued and offered again and again, in any order. */
static struct handshake any_handshake(struct random *random, int64_t at_s)
{
    const char key = (char)('a' + random_below(random, KEYS));
    const uint32_t n = random_below(random, TICKETS);
    const struct ledger_ticket offered = {key, n};
    const struct ledger_ticket issued = {key, random_below(random, TICKETS)};
    const struct ledger_ticket id = {'i', n};
    struct handshake handshake = fixture_handshake(at_s);

    switch (random_below(random, 6)) {
    case 0:
        return ledger_issue(at_s, key, n);
    case 1:
        return ledger_offer(at_s, key, n, any_outcome(random));
    case 2:
        return ledger_psk(at_s, key, n, any_outcome(random));
    case 3:
        handshake = ledger_refusal(at_s, &offered, &issued);
        handshake.outcome = any_outcome(random);
        handshake.renewed = random_below(random, 2) == 0;
        return handshake;
    case 4:
        handshake.issued_id = ledger_hash(&id);
        return handshake;
    default:
        set_id_offer(random, &handshake);
        return handshake;
    }
}

static struct handshake next_handshake(struct random *random, int64_t number)
{
    static const char *const hosts[] = {"www.example.com", "api.example.com"};
    struct handshake handshake =
        any_handshake(random, number * 20 + (int64_t)random_below(random, 400));

    handshake.client.address[15] = (uint8_t)(77 + random_below(random, 2));
    if (random_below(random, 4) == 0) {
        handshake.client.address[0] = 0x20; /* no IPv4 address any more */
    }
    handshake.server.address[15] = (uint8_t)(1 + random_below(random, 2));
    ledger_set_host(&handshake, hosts[random_below(random, 2)]);
    handshake.extended_master_secret = (enum extended_master_secret)random_below(random, 3);
    handshake.issued_shape.warnings = (uint8_t)(random_below(random, 8) == 0);
    return handshake;
}

/* A batch ends behind every `step`th handshake; 0: only behind the last. */
static void fill(const char *path, uint64_t seed, int64_t step)
{
    struct random random = random_of(seed, 'b');
    struct store *store = fixture_open(path);

    for (int64_t i = 1; i <= HANDSHAKES; i++) {
        const struct handshake handshake = next_handshake(&random, i);
        (void)ledger_add(store, &handshake);
        if (step > 0 && i % step == 0) {
            ledger_commit(store);
        }
    }
    fixture_close(store);
}

static int print_row(void *to, int count, char **values, char **names)
{
    (void)names;
    for (int i = 0; i < count; i++) {
        (void)fprintf(to, "%s|", values[i] == NULL ? "null" : values[i]);
    }
    (void)fputc('\n', to);
    return 0;
}

static char *dump(const char *path)
{
    static const char sessions[] =
        "SELECT id, lower(hex(hash)), kind, warnings, chain_length, chain_start_ns, parent, bytes,"
        " extended_master_secret, client, iv IS NULL FROM session_plain ORDER BY id";
    static const char *const queries[] = {
        "SELECT * FROM v_handshake ORDER BY id",
        "SELECT * FROM v_session ORDER BY session",
        sessions,
        "SELECT * FROM v_missed ORDER BY id",
        "SELECT * FROM v_ticket_key ORDER BY key_name",
        "SELECT * FROM v_ticket_key_use ORDER BY key_name, host, server",
        "SELECT * FROM v_refusal ORDER BY host, refusal_cause",
    };
    char *text = NULL;
    size_t size = 0;
    FILE *to = open_memstream(&text, &size);
    sqlite3 *db;

    assert_non_null(to);
    assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
    for (size_t i = 0; i < sizeof(queries) / sizeof(queries[0]); i++) {
        (void)fprintf(to, "%s\n", queries[i]);
        assert_int_equal(sqlite3_exec(db, queries[i], print_row, to, NULL), SQLITE_OK);
    }
    (void)sqlite3_close(db);
    (void)fclose(to);
    assert_true(size > 50000); /* there is something to compare */
    return text;
}

static void check_same(const char *expected, const char *found)
{
    while (*expected != '\0' && *expected == *found) {
        expected++;
        found++;
    }
    if (*expected != *found) {
        fail_msg("expected: ...%.300s\nfound: ...%.300s", expected, found);
    }
}

static void it_makes_no_difference_where_batches_end(void **state)
{
    const struct fixture *fixture = *state;
    static const int64_t steps[] = {1, 7, 150};

    for (uint64_t seed = 1; seed <= 3; seed++) {
        char path[400];
        (void)snprintf(path, sizeof(path), "%s/whole-%d.db", fixture->directory, (int)seed);
        fill(path, seed, 0);
        char *const expected = dump(path);
        for (size_t i = 0; i < sizeof(steps) / sizeof(steps[0]); i++) {
            (void)snprintf(path, sizeof(path), "%s/%d-%d.db", fixture->directory, (int)seed,
                           (int)steps[i]);
            fill(path, seed, steps[i]);
            char *const found = dump(path);
            check_same(expected, found);
            free(found);
        }
        free(expected);
    }
}

static struct session_hash numbered_hash(uint32_t n)
{
    struct session_hash hash = {.is_set = true};

    memcpy(hash.bytes, &n, sizeof(n));
    hash.bytes[15] = 0x55;
    return hash;
}

/* Three of each handshake: more than there is room for in memory, in one batch. */
static void a_batch_may_have_any_number_of_sessions(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    _Static_assert(3 * 4000 > PENDING_SESSIONS_MAX, "it has to be written meanwhile");
    for (uint32_t i = 0; i < 4000; i++) {
        struct handshake handshake = fixture_handshake(i);
        handshake.offered = OFFER_ID;
        handshake.outcome = OUTCOME_REFUSED;
        handshake.session_offered = numbered_hash(i % 2 == 0 ? 3 * i : 3 * (i / 2 / 2));
        handshake.issued_id = numbered_hash(3 * i + 1);
        handshake.issued_ticket = numbered_hash(3 * i + 2);
        (void)ledger_add(store, &handshake);
    }
    fixture_close(store);
    ledger_assert_sql(fixture,
                      "SELECT count(*) || ' ' || count(DISTINCT hash) || ' ' || max(id)"
                      " || ' ' || sum(offered_count) || ' ' || sum(refused_count) FROM session",
                      "10500 10500 10500 4000 4000");
    ledger_assert_sql(fixture,
                      "SELECT count(*) FROM handshake AS h JOIN session_plain AS s ON s.id ="
                      " h.session_offered WHERE s.last_offered_ns >= h.time_ns"
                      " AND s.first_offered_ns <= h.time_ns",
                      "4000");
    ledger_assert_sql(fixture,
                      "SELECT count(*) FROM handshake AS h JOIN session AS s ON s.id ="
                      " h.issued_ticket WHERE s.issued_ns = h.time_ns",
                      "4000");
}

/* Rows that were only in memory are gone, with their numbers, and nothing of them comes back. */
static void a_failed_batch_leaves_nothing_in_memory(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};

    ledger_add_issue(store, 1, 'a', 1);
    ledger_commit(store);
    assert_string_equal(fixture_sql_error(fixture->path, "CREATE UNIQUE INDEX one ON handshake"
                                                         " (client) WHERE client & 65535 = 3"),
                        "");
    struct handshake issue = ledger_issue(2, 'a', 2);
    issue.client.port = 3;
    (void)ledger_add(store, &issue);
    (void)ledger_add(store, &issue);
    ledger_add_acceptance(store, 3, 'a', 1);
    ledger_add_acceptance(store, 4, 'a', 2);
    assert_false(store_commit(store, &error));
    assert_non_null(strstr(error.text, "; handshakes lost since the last commit: 4"));
    /* The ticket that was lost was never seen issued; the one before it was offered once. */
    ledger_add_acceptance(store, 5, 'a', 2);
    ledger_add_acceptance(store, 6, 'a', 1);
    fixture_close(store);
    ledger_assert_sql(fixture,
                      "SELECT group_concat(id || ' ' || offered_count || ' ' ||"
                      " coalesce(issued_ns, 'unseen'), ', ') FROM session",
                      "1 1 1700000001000000000, 2 1 unseen");
    ledger_assert_sql(fixture,
                      "SELECT group_concat(id || ' ' || session_offered, ', ')"
                      " FROM handshake WHERE session_offered IS NOT NULL",
                      "2 2, 3 1");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(it_makes_no_difference_where_batches_end),
        IN_DIRECTORY(a_batch_may_have_any_number_of_sessions),
        IN_DIRECTORY(a_failed_batch_leaves_nothing_in_memory),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
