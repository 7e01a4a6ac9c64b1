/* What the read side says of keys, offers and chains. */
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

/* The next offer is this one. */
static void check_offer(struct query *query, int64_t id, struct offer_record *out)
{
    struct error error = {""};

    assert_int_equal(query_next_offer(query, out, &error), QUERY_ROW);
    assert_int_equal(out->id, id);
}

static void check_done(struct query *query)
{
    struct offer_record offer;
    struct error error = {""};

    assert_int_equal(query_next_offer(query, &offer, &error), QUERY_DONE);
}

/* The ticket's hint is 7200 s. */
static void offers_beside_their_hint_come_in_order(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct offer_record offer;

    add_issue(store, 0, 'a', 1);
    const int64_t refused = add_offer(store, 10, 1, OUTCOME_REFUSED);
    (void)add_offer(store, 20, 1, OUTCOME_ACCEPTED);
    (void)add_offer(store, 7200, 1, OUTCOME_ACCEPTED);
    const int64_t late = add_offer(store, 7201, 1, OUTCOME_ACCEPTED);
    const int64_t expired = add_offer(store, 9000, 1, OUTCOME_REFUSED);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_offers(query, &all, &error));
    check_offer(query, refused, &offer);
    assert_memory_equal(offer.host.text, "www.example.com", offer.host.len);
    assert_string_equal(offer.client, "192.0.2.77");
    assert_int_equal(offer.time_ns, FIXTURE_TIME_NS + 10000000000);
    assert_int_equal(offer.outcome, OUTCOME_REFUSED);
    assert_int_equal(offer.age_s, 10);
    assert_int_equal(offer.lifetime_hint_s, 7200);
    assert_false(offer.is_replaced);
    check_offer(query, late, &offer);
    assert_int_equal(offer.outcome, OUTCOME_ACCEPTED);
    assert_int_equal(offer.age_s, 7201);
    check_offer(query, expired, &offer);
    assert_int_equal(offer.outcome, OUTCOME_REFUSED);
    check_done(query);
    /* Since is inclusive, until is not. */
    const struct query_filter period = {FIXTURE_TIME_NS + 7201000000000,
                                        FIXTURE_TIME_NS + 9000000000000, "www*"};
    assert_true(query_begin_offers(query, &period, &error));
    check_offer(query, late, &offer);
    check_done(query);
    const struct query_filter elsewhere = {HANDSHAKE_NULL, HANDSHAKE_NULL, "api*"};
    assert_true(query_begin_offers(query, &elsewhere, &error));
    check_done(query);
    query_close(query);
    fixture_close(store);
}

/* A resumption with the first ticket, which issues the second one; returns its row. */
static int64_t add_renewal(struct store *store, int64_t at_s, uint32_t first, uint32_t second)
{
    const struct ledger_ticket issued = {'a', second};
    struct handshake renewal = ledger_offer(at_s, 'a', first, OUTCOME_ACCEPTED);

    renewal.renewed = true;
    renewal.issued_ticket = ledger_hash(&issued);
    renewal.issued_shape = ledger_shape(&issued);
    renewal.lifetime_hint_s = 50;
    return ledger_add(store, &renewal);
}

/* Renewed at 100 s, and yet the first ticket is offered again by its client. */
static void offers_of_replaced_tickets_are_told_by_client(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct offer_record offer;

    add_issue(store, 0, 'a', 1);
    (void)add_renewal(store, 100, 1, 2);
    const int64_t old = add_offer(store, 110, 1, OUTCOME_ACCEPTED);
    const int64_t again = add_offer(store, 120, 1, OUTCOME_ACCEPTED);
    (void)add_offer(store, 120, 2, OUTCOME_ACCEPTED); /* the new one */
    struct handshake other = ledger_offer(130, 'a', 1, OUTCOME_ACCEPTED);
    other.client.address[15] = 78; /* who was not given the new one */
    (void)ledger_add(store, &other);
    const int64_t late = add_offer(store, 151, 2, OUTCOME_ACCEPTED); /* past its hint */
    struct query *query = store_query(store, &error);
    assert_true(query_begin_offers(query, &all, &error));
    check_offer(query, old, &offer);
    assert_true(offer.is_replaced);
    check_offer(query, again, &offer);
    assert_true(offer.is_replaced);
    check_offer(query, late, &offer);
    assert_false(offer.is_replaced);
    assert_int_equal(offer.age_s, 51);
    assert_int_equal(offer.lifetime_hint_s, 50);
    check_done(query);
    query_close(query);
    fixture_close(store);
}

/* Three tickets in a row, at 0, 100 and 140 s; the last but one of them ends the row for those who
 * ask about what was before the third. */
static void sessions_say_where_their_chain_began_and_whether_it_goes_on(void **state)
{
    (void)state;
    static const int64_t lengths[] = {1, 2, 3};
    struct store *store = fixture_open(":memory:");
    struct error error = {""};
    struct session_record session;

    add_issue(store, 0, 'a', 1);
    (void)add_renewal(store, 100, 1, 2);
    (void)add_renewal(store, 140, 2, 3);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_sessions(query, &all, &error));
    for (int i = 0; i < 3; i++) {
        assert_int_equal(query_next_session(query, &session, &error), QUERY_ROW);
        assert_int_equal(session.chain_length, lengths[i]);
        assert_int_equal(session.chain_start_ns, FIXTURE_TIME_NS);
        assert_int_equal(session.is_renewed, i < 2);
    }
    assert_int_equal(query_next_session(query, &session, &error), QUERY_DONE);
    const struct query_filter before = {HANDSHAKE_NULL, FIXTURE_TIME_NS + 140000000000, NULL};
    assert_true(query_begin_sessions(query, &before, &error));
    for (int i = 0; i < 2; i++) {
        assert_int_equal(query_next_session(query, &session, &error), QUERY_ROW);
        assert_int_equal(session.is_renewed, i < 1);
    }
    assert_int_equal(query_next_session(query, &session, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keys_come_by_host_and_server),
        cmocka_unit_test(offers_beside_their_hint_come_in_order),
        cmocka_unit_test(offers_of_replaced_tickets_are_told_by_client),
        cmocka_unit_test(sessions_say_where_their_chain_began_and_whether_it_goes_on),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
