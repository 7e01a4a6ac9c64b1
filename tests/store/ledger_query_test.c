/* What the read side says of keys, refusals and hosts. */
#include "tests/store/ledger.h"

#include <string.h>

static const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};

static void add_issue(struct store *store, int64_t at_s, char key, uint32_t n)
{
    const struct handshake handshake = ledger_issue(at_s, key, n);
    (void)ledger_add(store, &handshake);
}

static int64_t add_offer(struct store *store, int64_t at_s, uint32_t n, enum outcome outcome)
{
    const struct handshake handshake = ledger_offer(at_s, 'a', n, outcome);
    return ledger_add(store, &handshake);
}

static void keys_come_by_host_and_server(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct key_use_record key;

    for (uint32_t n = 1; n <= 3; n++) {
        add_issue(store, n, 'a', n);
        add_issue(store, 10 + n, 'b', n);
    }
    struct handshake elsewhere = ledger_issue(50, 'a', 9);
    ledger_set_host(&elsewhere, "a.example");
    (void)ledger_add(store, &elsewhere);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_keys(query, &all, &error));
    assert_int_equal(query_next_key(query, &key, &error), QUERY_ROW);
    assert_memory_equal(key.host.text, "a.example", key.host.len);
    assert_int_equal(key.issued_count, 1);
    assert_int_equal(query_next_key(query, &key, &error), QUERY_ROW);
    assert_string_equal(key.name, "61616161616161616161616161616161");
    assert_int_equal(key.format, TICKET_LAYOUT_OPENSSL);
    assert_int_equal(key.server.port, 443);
    assert_int_equal(key.first_seen_ns, FIXTURE_TIME_NS + 1000000000);
    assert_int_equal(query_next_key(query, &key, &error), QUERY_ROW);
    assert_string_equal(key.name, "62626262626262626262626262626262");
    assert_int_equal(query_next_key(query, &key, &error), QUERY_DONE);
    /* Those seen in a period: since is inclusive, until is not. */
    const struct query_filter period = {FIXTURE_TIME_NS + 4000000000, FIXTURE_TIME_NS + 50000000000,
                                        "www*"};
    assert_true(query_begin_keys(query, &period, &error));
    assert_int_equal(query_next_key(query, &key, &error), QUERY_ROW);
    assert_string_equal(key.name, "62626262626262626262626262626262");
    assert_int_equal(query_next_key(query, &key, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

static void refusals_come_by_host_and_cause_with_examples(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct refusal_record refusal;
    int64_t rows[4];

    add_issue(store, 0, 'a', 1);
    for (int i = 0; i < 4; i++) {
        rows[i] = add_offer(store, 10 + i, 1, OUTCOME_REFUSED);
    }
    const int64_t expired = add_offer(store, 9000, 1, OUTCOME_REFUSED);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_refusals(query, &all, &error));
    assert_int_equal(query_next_refusal(query, &refusal, &error), QUERY_ROW);
    assert_int_equal(refusal.cause, REFUSAL_CAUSE_EXPIRED);
    assert_int_equal(refusal.count, 1);
    assert_int_equal(refusal.examples[0], expired);
    assert_int_equal(refusal.examples[1], HANDSHAKE_NULL);
    assert_int_equal(query_next_refusal(query, &refusal, &error), QUERY_ROW);
    assert_int_equal(refusal.cause, REFUSAL_CAUSE_UNEXPLAINED);
    assert_int_equal(refusal.count, 4);
    assert_int_equal(refusal.first_ns, FIXTURE_TIME_NS + 10000000000);
    assert_int_equal(refusal.last_ns, FIXTURE_TIME_NS + 13000000000);
    assert_memory_equal(refusal.examples, rows, 3 * sizeof(rows[0]));
    assert_int_equal(query_next_refusal(query, &refusal, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

/* Renewed at 100 s, and yet the first ticket is offered again by its client. */
static void a_host_s_ledger_counts_what_clients_do(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct host_ledger_record host;
    const struct ledger_ticket second = {'a', 2};

    add_issue(store, 0, 'a', 1);
    struct handshake renewal = ledger_offer(100, 'a', 1, OUTCOME_ACCEPTED);
    renewal.renewed = true;
    renewal.issued_ticket = ledger_hash(&second);
    renewal.issued_shape = ledger_shape(&second);
    renewal.lifetime_hint_s = 50;
    (void)ledger_add(store, &renewal);
    (void)add_offer(store, 110, 1, OUTCOME_ACCEPTED); /* the old one */
    (void)add_offer(store, 120, 1, OUTCOME_ACCEPTED);
    (void)add_offer(store, 120, 2, OUTCOME_ACCEPTED); /* the new one */
    struct handshake other = ledger_offer(130, 'a', 1, OUTCOME_ACCEPTED);
    other.client.address[15] = 78; /* who was not given the new one */
    (void)ledger_add(store, &other);
    (void)add_offer(store, 151, 2, OUTCOME_ACCEPTED); /* past its hint */
    struct handshake full = fixture_handshake(160);
    full.anomalies = 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION | 1U << ANOMALY_OVERLAP;
    (void)ledger_add(store, &full);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_ledger(query, &all, &error));
    assert_int_equal(query_next_ledger(query, &host, &error), QUERY_ROW);
    assert_int_equal(host.late_offers, 1);
    assert_int_equal(host.late_clients, 1);
    assert_int_equal(host.old_offers, 2);
    assert_int_equal(host.old_clients, 1);
    assert_int_equal(host.missed_not_offered, 1);
    assert_int_equal(host.missed_refused, 0);
    assert_int_equal(host.longest_chain, 2);
    assert_int_equal(host.longest_chain_s, 100);
    assert_int_equal(host.anomalies, 1);
    assert_int_equal(query_next_ledger(query, &host, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

static void only_a_server_s_faults_are_anomalies_of_the_host(void **state)
{
    (void)state;
    static const bool is_fault[ANOMALY_COUNT] = {
        [ANOMALY_ECHO_WITHOUT_RESUMPTION] = true,
        [ANOMALY_ABBREVIATED_WITHOUT_OFFER] = true,
        [ANOMALY_TICKETBLEED] = true,
        [ANOMALY_PSK_NOT_OFFERED] = true,
        [ANOMALY_EMPTY_TICKET] = true,
    };

    for (unsigned anomaly = 0; anomaly < ANOMALY_COUNT; anomaly++) {
        struct store *store = fixture_open(":memory:");
        struct error error = {""};
        struct host_ledger_record host;
        struct handshake handshake = fixture_handshake(0);
        handshake.anomalies = 1U << anomaly;
        (void)ledger_add(store, &handshake);
        struct query *query = store_query(store, &error);
        assert_true(query_begin_ledger(query, &all, &error));
        assert_int_equal(query_next_ledger(query, &host, &error), QUERY_ROW);
        assert_int_equal(host.anomalies, is_fault[anomaly]);
        assert_int_equal(host.longest_chain, HANDSHAKE_NULL);
        query_close(query);
        fixture_close(store);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_by_host_and_server),
        cmocka_unit_test(refusals_come_by_host_and_cause_with_examples),
        cmocka_unit_test(a_host_s_ledger_counts_what_clients_do),
        cmocka_unit_test(only_a_server_s_faults_are_anomalies_of_the_host),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
