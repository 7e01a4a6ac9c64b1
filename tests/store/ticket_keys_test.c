/* Names of ticket keys and what they are warned of, as the database then says. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Keys ---- */

static void two_tickets_do_not_make_a_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 2);
    /* The same ones again are no third. */
    ledger_add_issues(store, 'a', 0, 2);
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT count(*) FROM ticket_key", "0");
}

static void the_third_ticket_names_all_three(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 4);
    fixture_close(store);
    ledger_assert_sql(
        fixture,
        "SELECT key_name || ' ' || format || ' ' || name_bytes || ' ' || warnings || ' ' ||"
        " hosts || servers || ' ' || issued_count FROM v_ticket_key",
        "61616161616161616161616161616161 openssl 16 [] 11 4");
    ledger_assert_sql(fixture, "SELECT count(*) FROM v_session WHERE key_name IS NOT NULL", "4");
    ledger_assert_sql(fixture, "SELECT count(*) FROM v_handshake WHERE key_name IS NOT NULL", "4");
    ledger_assert_sql(fixture, "SELECT first_seen || last_issued FROM v_ticket_key_use",
                      "2023-11-14T22:13:21.000000000Z2023-11-14T22:13:24.000000000Z");
}

static void offers_before_a_key_was_known_are_counted(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct handshake accepted = ledger_offer(3, 'a', 1, OUTCOME_ACCEPTED);

    ledger_add_issues(store, 'a', 0, 2);
    (void)ledger_add(store, &accepted);
    const struct handshake third = ledger_issue(9, 'a', 3);
    (void)ledger_add(store, &third);
    fixture_close(store);
    ledger_assert_sql(fixture,
                      "SELECT issued_count || offered_count || accepted_count || refused_count"
                      " FROM v_ticket_key_use",
                      "3110");
}

static void a_known_name_is_known_at_every_server(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    struct handshake elsewhere = ledger_issue(50, 'a', 50);
    elsewhere.server.address[15] = 9;
    ledger_set_host(&elsewhere, "other.example");
    const struct record record = fixture_add(store, &elsewhere);
    assert_string_equal(record.key_name, "61616161616161616161616161616161");
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT hosts || servers FROM v_ticket_key", "22");
}

static void a_key_is_followed_into_tls13(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    const struct handshake known = ledger_psk(20, 'a', 900, OUTCOME_ACCEPTED);
    (void)ledger_add(store, &known);
    /* Identities alone make a key, too. */
    for (uint32_t n = 1; n <= 3; n++) {
        const struct handshake handshake = ledger_psk(20 + n, 'b', n, OUTCOME_ACCEPTED);
        (void)ledger_add(store, &handshake);
    }
    fixture_close(store);
    ledger_assert_sql(fixture,
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
    ledger_assert_sql(fixture, "SELECT count(*) FROM ticket_key", "0");
}

static bool has_bytes(const struct fixture *fixture, const uint8_t *bytes, size_t len)
{
    size_t size;
    char *file = fixture_read_file(fixture->path, &size);
    bool is_found = false;

    for (size_t i = 0; i + len <= size; i++) {
        is_found = is_found || memcmp(file + i, bytes, len) == 0;
    }
    free(file);
    return is_found;
}

/* Neither as they are nor in hex. */
static void what_is_half_learnt_shows_no_byte_of_a_ticket(void **state)
{
    const struct fixture *fixture = *state;
    const struct ledger_ticket ticket = {'a', 2};
    const struct ticket_shape shape = ledger_shape(&ticket);
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 2);
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT count(*) FROM ticket_beginning", "2");
    assert_false(has_bytes(fixture, (const uint8_t *)"aaaa", 4));
    assert_false(has_bytes(fixture, (const uint8_t *)"61616161", 8));
    for (size_t i = 0; i + 4 <= sizeof(shape.start); i++) {
        assert_false(has_bytes(fixture, shape.start + i, 4));
    }
    store = fixture_open(fixture->path);
    const struct handshake third = ledger_issue(9, 'a', 3);
    (void)ledger_add(store, &third);
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT count(*) FROM ticket_beginning", "0");
    ledger_assert_sql(fixture, "SELECT group_concat(key_name) FROM v_ticket_key",
                      "61616161616161616161616161616161");
}

static void only_the_name_of_a_key_is_stored(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    size_t size;

    ledger_add_issues(store, 'a', 0, 3);
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

    ledger_add_issues(store, 'a', 0, 3);
    /* The batch cannot be committed: a column is gone. */
    ledger_commit(store);
    ledger_add_issues(store, 'b', 10, 3);
    ledger_commit(store);
    assert_string_equal(fixture_sql_error(fixture->path,
                                          "ALTER TABLE ticket_key_use RENAME COLUMN issued_count"
                                          " TO gone"),
                        "");
    const struct handshake lost = ledger_issue(20, 'c', 1);
    const bool is_added = store_add(store, &lost, NULL, &error);
    const struct handshake known = ledger_issue(21, 'a', 9);
    assert_false(is_added && store_add(store, &known, NULL, &error) && store_commit(store, &error));
    assert_string_equal(fixture_sql_error(fixture->path,
                                          "ALTER TABLE ticket_key_use RENAME COLUMN gone TO"
                                          " issued_count"),
                        "");
    ledger_add_issues(store, 'b', 30, 4); /* known still: by its row */
    ledger_add_issues(store, 'c', 40, 2); /* one was lost: two are no key */
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT group_concat(issued_count, ' ') FROM v_ticket_key", "3 7");
}

static void one_writer_sees_the_keys_of_another(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);

    for (uint32_t n = 1; n <= 5; n++) {
        ledger_add_issues(one, 'a', 0, 3 * n);
        ledger_commit(one);
        const struct handshake handshake = ledger_offer(60 + n, 'a', n, OUTCOME_ACCEPTED);
        (void)ledger_add(other, &handshake);
        ledger_commit(other);
    }
    fixture_close(one);
    fixture_close(other);
    ledger_assert_sql(fixture, "SELECT issued_count || ' ' || accepted_count FROM v_ticket_key_use",
                      "45 5");
}

/* ---- Warnings ---- */

static void the_same_iv_twice_is_a_warning(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 4);
    struct handshake handshake = ledger_issue(9, 'a', 5);
    const struct ledger_ticket second = {'a', 2};
    handshake.issued_shape = ledger_shape(&second);
    (void)ledger_add(store, &handshake);
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"repeated-iv\"]");
    ledger_assert_sql(fixture,
                      "SELECT count(*) || max(warnings) FROM v_session WHERE warnings <> '[]'",
                      "1[\"repeated-iv\"]");
}

/* In another run, whichever of the two tickets was there before the key was known. */
static void the_same_iv_is_remembered_across_runs(void **state)
{
    const struct fixture *fixture = *state;

    for (uint32_t same = 1; same <= 4; same++) {
        (void)remove(fixture->path);
        struct store *store = fixture_open(fixture->path);
        ledger_add_issues(store, 'a', 0, 2);
        fixture_close(store);
        store = fixture_open(fixture->path);
        ledger_add_issues(store, 'a', 2, 4);
        fixture_close(store);
        store = fixture_open(fixture->path);
        struct handshake handshake = ledger_issue(9, 'a', 5);
        const struct ledger_ticket before = {'a', same};
        handshake.issued_shape = ledger_shape(&before);
        (void)ledger_add(store, &handshake);
        fixture_close(store);
        ledger_assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"repeated-iv\"]");
        ledger_assert_sql(fixture,
                          "SELECT count(*) || max(id) FROM session_plain WHERE warnings > 0", "15");
    }
}

static void another_writer_s_ivs_are_known_too(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);

    ledger_add_issues(one, 'a', 0, 4);
    ledger_commit(one);
    struct handshake handshake = ledger_issue(9, 'a', 5);
    (void)ledger_add(other, &handshake);
    ledger_commit(other);
    handshake.issued_ticket = fixture_hash(1);
    (void)ledger_add(one, &handshake);
    fixture_close(one);
    fixture_close(other);
    ledger_assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"repeated-iv\"]");
}

static void one_ticket_for_two_clients_is_a_warning(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 4);
    struct handshake again = ledger_issue(9, 'a', 2);
    (void)ledger_add(store, &again); /* to the same client: nothing */
    ledger_commit(store);
    ledger_assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[]");
    again.client.address[15] = 78;
    (void)ledger_add(store, &again);
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT warnings FROM v_ticket_key", "[\"several-clients\"]");
    ledger_assert_sql(fixture, "SELECT count(*) FROM v_session WHERE warnings <> '[]'", "1");
}

static void what_a_ticket_shows_is_said_of_it_and_of_its_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
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
    ledger_assert_sql(fixture,
                      "SELECT group_concat(warnings, '') FROM (SELECT warnings FROM v_ticket_key"
                      " ORDER BY key_name)",
                      "[\"zero-name\"][\"plaintext\"]");
    ledger_assert_sql(fixture, "SELECT count(*) FROM v_session WHERE warnings = '[\"zero-name\"]'",
                      "3");
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
        IN_DIRECTORY(what_is_half_learnt_shows_no_byte_of_a_ticket),
        IN_DIRECTORY(only_the_name_of_a_key_is_stored),
        IN_DIRECTORY(a_rollback_takes_keys_out_of_memory),
        IN_DIRECTORY(one_writer_sees_the_keys_of_another),
        IN_DIRECTORY(the_same_iv_twice_is_a_warning),
        IN_DIRECTORY(the_same_iv_is_remembered_across_runs),
        IN_DIRECTORY(another_writer_s_ivs_are_known_too),
        IN_DIRECTORY(one_ticket_for_two_clients_is_a_warning),
        IN_DIRECTORY(what_a_ticket_shows_is_said_of_it_and_of_its_key),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
