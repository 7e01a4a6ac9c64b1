/* Ticket keys, causes of refusals, chains and missed resumptions, as the database then says. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void commit(struct store *store)
{
    struct error error = {""};

    if (!store_commit(store, &error)) {
        fail_msg("%s", error.text);
    }
}

/* Tickets 1 to `count` of a key, a second apart. */
static void issue_some(struct store *store, char key, int64_t from_s, uint32_t count)
{
    for (uint32_t n = 1; n <= count; n++) {
        const struct handshake handshake = ledger_issue(from_s + n, key, n);
        (void)ledger_add(store, &handshake);
    }
}

static void assert_sql(const struct fixture *fixture, const char *sql, const char *expected)
{
    const char *found = fixture_sql(fixture->path, sql);

    if (strcmp(found, expected) != 0) {
        fail_msg("%s: \"%s\" != \"%s\"", sql, found, expected);
    }
}

/* ---- Keys ---- */

static void two_tickets_do_not_make_a_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 2);
    /* The same ones again are no third. */
    issue_some(store, 'a', 0, 2);
    fixture_close(store);
    assert_sql(fixture, "SELECT count(*) FROM ticket_key", "0");
}

static void the_third_ticket_names_all_three(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 4);
    fixture_close(store);
    assert_sql(fixture,
               "SELECT key_name || ' ' || format || ' ' || name_bytes || ' ' || warnings || ' ' ||"
               " hosts || servers || ' ' || issued_count FROM v_ticket_key",
               "61616161616161616161616161616161 openssl 16 [] 11 4");
    assert_sql(fixture, "SELECT count(*) FROM v_session WHERE key_name IS NOT NULL", "4");
    assert_sql(fixture, "SELECT count(*) FROM v_handshake WHERE key_name IS NOT NULL", "4");
    assert_sql(fixture, "SELECT first_seen || last_issued FROM v_ticket_key_use",
               "2023-11-14T22:13:21.000000000Z2023-11-14T22:13:24.000000000Z");
}

static void offers_before_a_key_was_known_are_counted(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct handshake accepted = ledger_offer(3, 'a', 1, OUTCOME_ACCEPTED);

    issue_some(store, 'a', 0, 2);
    (void)ledger_add(store, &accepted);
    const struct handshake third = ledger_issue(9, 'a', 3);
    (void)ledger_add(store, &third);
    fixture_close(store);
    assert_sql(fixture,
               "SELECT issued_count || offered_count || accepted_count || refused_count"
               " FROM v_ticket_key_use",
               "3110");
}

static void a_known_name_is_known_at_every_server(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 3);
    struct handshake elsewhere = ledger_issue(50, 'a', 50);
    elsewhere.server.address[15] = 9;
    ledger_set_host(&elsewhere, "other.example");
    const struct record record = fixture_add(store, &elsewhere);
    assert_string_equal(record.key_name, "61616161616161616161616161616161");
    fixture_close(store);
    assert_sql(fixture, "SELECT hosts || servers FROM v_ticket_key", "22");
}

static void a_key_is_followed_into_tls13(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 3);
    const struct handshake known = ledger_psk(20, 'a', 900, OUTCOME_ACCEPTED);
    (void)ledger_add(store, &known);
    /* Identities alone make a key, too. */
    for (uint32_t n = 1; n <= 3; n++) {
        const struct handshake handshake = ledger_psk(20 + n, 'b', n, OUTCOME_ACCEPTED);
        (void)ledger_add(store, &handshake);
    }
    fixture_close(store);
    assert_sql(fixture,
               "SELECT group_concat(issued_count || offered_count || accepted_count, ' ')"
               " FROM v_ticket_key",
               "311 033");
}

static void an_external_psk_names_no_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    for (uint32_t n = 1; n <= 5; n++) {
        struct handshake handshake = ledger_psk(n, 'b', n, OUTCOME_ACCEPTED);
        handshake.anomalies = 1U << ANOMALY_EXTERNAL_PSK;
        (void)ledger_add(store, &handshake);
    }
    fixture_close(store);
    assert_sql(fixture, "SELECT count(*) FROM ticket_key", "0");
}

static void only_the_name_of_a_key_is_stored(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    size_t size;

    issue_some(store, 'a', 0, 3);
    fixture_close(store);
    char *file = fixture_read_file(fixture->path, &size);
    const struct ledger_ticket ticket = {'a', 2};
    const struct ticket_shape shape = ledger_shape(&ticket);
    for (size_t i = 0; i + 8 <= size; i++) {
        assert_memory_not_equal(file + i, shape.start + 16, 8);
    }
    free(file);
}

static void a_rollback_takes_keys_out_of_memory(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct error error = {""};

    issue_some(store, 'a', 0, 3);
    /* The batch cannot be committed: a column is gone. */
    commit(store);
    issue_some(store, 'b', 10, 3);
    commit(store);
    assert_string_equal(fixture_sql_error(fixture->path,
                                          "ALTER TABLE ticket_key_use RENAME COLUMN issued_count"
                                          " TO gone"),
                        "");
    const struct handshake lost = ledger_issue(20, 'c', 1);
    const bool is_added = store_add(store, &lost, NULL, NULL, &error);
    const struct handshake known = ledger_issue(21, 'a', 9);
    assert_false(is_added && store_add(store, &known, NULL, NULL, &error) &&
                 store_commit(store, &error));
    assert_string_equal(fixture_sql_error(fixture->path,
                                          "ALTER TABLE ticket_key_use RENAME COLUMN gone TO"
                                          " issued_count"),
                        "");
    issue_some(store, 'b', 30, 4); /* known still: by its row */
    issue_some(store, 'c', 40, 2); /* one was lost: two are no key */
    fixture_close(store);
    assert_sql(fixture, "SELECT group_concat(issued_count, ' ') FROM v_ticket_key", "3 7");
}

static void one_writer_sees_the_keys_of_another(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);

    for (uint32_t n = 1; n <= 5; n++) {
        issue_some(one, 'a', 0, 3 * n);
        commit(one);
        const struct handshake handshake = ledger_offer(60 + n, 'a', n, OUTCOME_ACCEPTED);
        (void)ledger_add(other, &handshake);
        commit(other);
    }
    fixture_close(one);
    fixture_close(other);
    assert_sql(fixture, "SELECT issued_count || ' ' || accepted_count FROM v_ticket_key_use",
               "45 5");
}

/* ---- Warnings ---- */

static void the_same_iv_twice_is_a_warning(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 4);
    struct handshake handshake = ledger_issue(9, 'a', 5);
    const struct ledger_ticket second = {'a', 2};
    handshake.issued_shape = ledger_shape(&second);
    (void)ledger_add(store, &handshake);
    fixture_close(store);
    assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"repeated-iv\"]");
    assert_sql(fixture, "SELECT count(*) || max(warnings) FROM v_session WHERE warnings <> '[]'",
               "1[\"repeated-iv\"]");
}

static void one_ticket_for_two_clients_is_a_warning(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 4);
    struct handshake again = ledger_issue(9, 'a', 2);
    (void)ledger_add(store, &again); /* to the same client: nothing */
    commit(store);
    assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[]");
    again.client.address[15] = 78;
    (void)ledger_add(store, &again);
    fixture_close(store);
    assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"several-clients\"]");
    assert_sql(fixture, "SELECT count(*) FROM v_session WHERE warnings <> '[]'", "1");
}

static void what_a_ticket_shows_is_said_of_it_and_of_its_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 3);
    struct handshake plain = ledger_issue(9, 'a', 5);
    plain.issued_shape.warnings = 1U << TICKET_WARNING_PLAINTEXT;
    (void)ledger_add(store, &plain);
    for (uint32_t n = 1; n <= 3; n++) {
        struct handshake zero = ledger_issue(20 + n, 'z', n);
        memset(zero.issued_shape.start, 0, 16);
        zero.issued_shape.warnings = 1U << TICKET_WARNING_ZERO_NAME;
        (void)ledger_add(store, &zero);
    }
    fixture_close(store);
    assert_sql(fixture,
               "SELECT group_concat(warnings, '') FROM (SELECT warnings FROM v_ticket_key"
               " ORDER BY key_name)",
               "[\"zero-name\"][\"plaintext\"]");
    assert_sql(fixture, "SELECT count(*) FROM v_session WHERE warnings = '[\"zero-name\"]'", "3");
}

/* ---- Refusals by one session ---- */

static void each_cause_is_the_first_that_holds(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t rows[6];

    issue_some(store, 'a', 0, 1);
    struct handshake refusal = ledger_offer(7202, 'a', 1, OUTCOME_REFUSED);
    refusal.server.address[15] = 9; /* which comes later */
    rows[0] = ledger_add(store, &refusal);
    refusal.time_ns = FIXTURE_TIME_NS + 7201 * INT64_C(1000000000); /* as old as its hint */
    rows[1] = ledger_add(store, &refusal);
    ledger_set_host(&refusal, "other.example");
    rows[2] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'a', 1, OUTCOME_REFUSED);
    rows[3] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'x', 1, OUTCOME_REFUSED);
    rows[4] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'a', 1, OUTCOME_ACCEPTED);
    rows[5] = ledger_add(store, &refusal);
    fixture_close(store);
    const char *const causes[] = {"expired",     "other-server", "name-changed",
                                  "unexplained", "never-seen",   "(null)"};
    for (size_t i = 0; i < 6; i++) {
        ledger_assert_cause(fixture->path, rows[i], causes[i]);
    }
}

static void an_open_hint_never_expires(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = ledger_issue(0, 'a', 1);

    issue.lifetime_hint_s = 0;
    (void)ledger_add(store, &issue);
    const struct handshake refusal = ledger_offer(1000000, 'a', 1, OUTCOME_REFUSED);
    const int64_t row = ledger_add(store, &refusal);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

static void a_changed_master_secret_is_a_cause_both_ways(void **state)
{
    const struct fixture *fixture = *state;
    const struct {
        enum extended_master_secret then;
        enum extended_master_secret now;
        const char *cause;
    } cases[] = {
        {EXTENDED_MASTER_SECRET_NO, EXTENDED_MASTER_SECRET_YES, "ems-changed"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_NO, "ems-changed"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_YES, "unexplained"},
        {EXTENDED_MASTER_SECRET_UNKNOWN, EXTENDED_MASTER_SECRET_YES, "unexplained"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_UNKNOWN, "unexplained"},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store *store = fixture_open(fixture->path);
        struct handshake issue = ledger_issue((int64_t)10 * i, 'a', i);
        struct handshake refusal = ledger_offer((int64_t)10 * i + 1, 'a', i, OUTCOME_REFUSED);
        issue.extended_master_secret = cases[i].then;
        refusal.extended_master_secret = cases[i].now;
        (void)ledger_add(store, &issue);
        const int64_t row = ledger_add(store, &refusal);
        fixture_close(store);
        ledger_assert_cause(fixture->path, row, cases[i].cause);
    }
}

static void a_session_id_is_refused_for_no_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = fixture_handshake(0);
    struct handshake refusal = fixture_handshake(5);

    issue.issued_id = fixture_hash(1);
    refusal.session_offered = fixture_hash(1);
    refusal.offered = OFFER_ID;
    refusal.outcome = OUTCOME_REFUSED;
    (void)ledger_add(store, &issue);
    (void)ledger_add(store, &refusal);
    fixture_close(store);
    assert_sql(fixture,
               "SELECT refusal_cause || ' ' || coalesce(cause_without_key, 'none') FROM handshake"
               " WHERE id = 2",
               "7 none");
}

/* ---- Chains ---- */

static void a_renewed_ticket_goes_on_with_its_chain(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    issue_some(store, 'a', 0, 1);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct ledger_ticket next = {'a', n + 1};
        struct handshake renewal = ledger_offer((int64_t)100 * n, 'a', n, OUTCOME_ACCEPTED);
        renewal.renewed = true;
        renewal.issued_ticket = ledger_hash(&next);
        renewal.issued_shape = ledger_shape(&next);
        renewal.issued_ticket_bytes = 192;
        renewal.lifetime_hint_s = 300;
        (void)ledger_add(store, &renewal);
    }
    fixture_close(store);
    assert_sql(fixture, "SELECT group_concat(chain_length, '') FROM v_session", "1234");
    assert_sql(fixture, "SELECT count(DISTINCT chain_start) || min(chain_start) FROM v_session",
               "12023-11-14T22:13:21.000000000Z");
    assert_sql(fixture,
               "SELECT count(*) FROM v_session AS s JOIN v_session AS p"
               " ON p.session = s.parent WHERE s.chain_length = p.chain_length + 1",
               "3");
}

static void a_full_handshake_begins_a_new_chain(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct ledger_ticket first = {'a', 1};
    const struct ledger_ticket second = {'b', 1};

    issue_some(store, 'a', 0, 1);
    const struct handshake refusal = ledger_refusal(10, &first, &second);
    (void)ledger_add(store, &refusal);
    fixture_close(store);
    assert_sql(fixture,
               "SELECT group_concat(chain_length || coalesce(parent, '-'), ' ')"
               " FROM v_session",
               "1- 1-");
}

static void a_session_knows_whom_it_was_issued_to(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = ledger_issue(0, 'a', 1);

    issue.extended_master_secret = EXTENDED_MASTER_SECRET_YES;
    (void)ledger_add(store, &issue);
    const struct handshake unseen = ledger_offer(1, 'a', 2, OUTCOME_ACCEPTED);
    (void)ledger_add(store, &unseen);
    fixture_close(store);
    assert_sql(fixture,
               "SELECT group_concat(coalesce(client || extended_master_secret, 'null'), ' ')"
               " FROM v_session",
               "192.0.2.771 null");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(two_tickets_do_not_make_a_key),
        IN_DIRECTORY(the_third_ticket_names_all_three),
        IN_DIRECTORY(offers_before_a_key_was_known_are_counted),
        IN_DIRECTORY(a_known_name_is_known_at_every_server),
        IN_DIRECTORY(a_key_is_followed_into_tls13),
        IN_DIRECTORY(an_external_psk_names_no_key),
        IN_DIRECTORY(only_the_name_of_a_key_is_stored),
        IN_DIRECTORY(a_rollback_takes_keys_out_of_memory),
        IN_DIRECTORY(one_writer_sees_the_keys_of_another),
        IN_DIRECTORY(the_same_iv_twice_is_a_warning),
        IN_DIRECTORY(one_ticket_for_two_clients_is_a_warning),
        IN_DIRECTORY(what_a_ticket_shows_is_said_of_it_and_of_its_key),
        IN_DIRECTORY(each_cause_is_the_first_that_holds),
        IN_DIRECTORY(an_open_hint_never_expires),
        IN_DIRECTORY(a_changed_master_secret_is_a_cause_both_ways),
        IN_DIRECTORY(a_session_id_is_refused_for_no_key),
        IN_DIRECTORY(a_renewed_ticket_goes_on_with_its_chain),
        IN_DIRECTORY(a_full_handshake_begins_a_new_chain),
        IN_DIRECTORY(a_session_knows_whom_it_was_issued_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
