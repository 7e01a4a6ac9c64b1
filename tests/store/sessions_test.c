/* From issue to reuse, as seen through the whole store. */
#include "tests/store/fixture.h"

#include <string.h>

static struct handshake issuing_ticket(int64_t n, uint8_t hash)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.issued_ticket = fixture_hash(hash);
    handshake.issued_ticket_bytes = 192;
    handshake.lifetime_hint_s = 7200;
    return handshake;
}

static struct handshake issuing_id(int64_t n, uint8_t hash)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.issued_id = fixture_hash(hash);
    return handshake;
}

static struct handshake offering(int64_t n, uint8_t hash, enum outcome outcome)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.session_offered = fixture_hash(hash);
    handshake.offered = OFFER_TICKET;
    handshake.offered_bytes = 192;
    handshake.outcome = outcome;
    handshake.verdict = outcome == OUTCOME_ACCEPTED ? VERDICT_RESUMED_TICKET : VERDICT_FULL;
    return handshake;
}

/* As the dissector leaves it: an ID of a client that also offers TLS 1.3. */
static struct handshake needing_sighting(int64_t n, uint8_t hash, uint16_t version)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.session_offered = fixture_hash(hash);
    handshake.id_needs_sighting = true;
    handshake.version = version;
    return handshake;
}

static struct record add(struct store *store, struct handshake handshake)
{
    return fixture_add(store, &handshake);
}

static struct session_record session(struct store *store, uint8_t n)
{
    const struct session_hash hash = fixture_hash(n);
    return fixture_session(store, &hash);
}

static void an_issued_ticket_is_kept(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct record record = add(store, issuing_ticket(0, 1));
    const struct session_record found = session(store, 1);

    assert_true(record.handshake.issued_ticket.is_set);
    assert_int_equal(found.kind, SESSION_TICKET);
    assert_int_equal(found.host.len, 15);
    assert_memory_equal(found.host.text, "www.example.com", 15);
    assert_memory_equal(&found.server.address, &record.handshake.server.address, 16);
    assert_int_equal(found.server.port, 443);
    assert_int_equal(found.issued_ns, FIXTURE_TIME_NS);
    assert_int_equal(found.lifetime_hint_s, 7200);
    assert_int_equal(found.bytes, 192);
    assert_false(found.is_renewal);
    assert_int_equal(found.offered_count, 0);
    assert_int_equal(found.accepted_count, 0);
    assert_int_equal(found.refused_count, 0);
    assert_int_equal(found.largest_accepted_age_s, HANDSHAKE_NULL);
    assert_int_equal(found.smallest_refused_age_s, HANDSHAKE_NULL);
    assert_int_equal(found.first_offered_ns, HANDSHAKE_NULL);
    assert_int_equal(found.last_offered_ns, HANDSHAKE_NULL);
    fixture_close(store);
}

static void an_issued_id_has_no_hint_and_no_length(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");

    (void)add(store, issuing_id(0, 1));
    const struct session_record found = session(store, 1);
    assert_int_equal(found.kind, SESSION_ID);
    assert_int_equal(found.lifetime_hint_s, HANDSHAKE_NULL);
    assert_int_equal(found.bytes, HANDSHAKE_NULL);
    fixture_close(store);
}

static void one_handshake_can_issue_both(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake handshake = issuing_ticket(0, 1);

    handshake.issued_id = fixture_hash(2);
    handshake.renewed = true;
    (void)add(store, handshake);
    assert_int_equal(session(store, 1).kind, SESSION_TICKET);
    assert_true(session(store, 1).is_renewal);
    assert_int_equal(session(store, 2).kind, SESSION_ID);
    assert_false(session(store, 2).is_renewal);
    fixture_close(store);
}

static void offers_are_counted_with_their_ages(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");

    (void)add(store, issuing_ticket(0, 1));
    assert_int_equal(add(store, offering(10, 1, OUTCOME_ACCEPTED)).age_s, 10);
    assert_int_equal(add(store, offering(30, 1, OUTCOME_ACCEPTED)).age_s, 30);
    assert_int_equal(add(store, offering(20, 1, OUTCOME_ACCEPTED)).age_s, 20);
    assert_int_equal(add(store, offering(90, 1, OUTCOME_REFUSED)).age_s, 90);
    assert_int_equal(add(store, offering(70, 1, OUTCOME_REFUSED)).age_s, 70);
    assert_int_equal(add(store, offering(80, 1, OUTCOME_REFUSED)).age_s, 80);
    assert_int_equal(add(store, offering(99, 1, OUTCOME_NOT_APPLICABLE)).age_s, 99);
    assert_int_equal(add(store, offering(5, 1, OUTCOME_UNKNOWN)).age_s, 5);
    const struct session_record found = session(store, 1);
    assert_int_equal(found.offered_count, 8);
    assert_int_equal(found.accepted_count, 3);
    assert_int_equal(found.refused_count, 3);
    assert_int_equal(found.largest_accepted_age_s, 30);
    assert_int_equal(found.smallest_refused_age_s, 70);
    assert_int_equal(found.first_offered_ns, FIXTURE_TIME_NS + 5000000000);
    assert_int_equal(found.last_offered_ns, FIXTURE_TIME_NS + 99000000000);
    fixture_close(store);
}

static void an_age_is_rounded_down_and_never_negative(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake almost = offering(2, 1, OUTCOME_ACCEPTED);
    struct handshake at_once = offering(0, 1, OUTCOME_ACCEPTED);

    (void)add(store, issuing_ticket(0, 1));
    almost.time_ns--;
    assert_int_equal(add(store, almost).age_s, 1);
    assert_int_equal(add(store, at_once).age_s, 0);
    assert_int_equal(add(store, offering(-1, 1, OUTCOME_ACCEPTED)).age_s, HANDSHAKE_NULL);
    assert_int_equal(session(store, 1).accepted_count, 3);
    assert_int_equal(session(store, 1).largest_accepted_age_s, 1);
    fixture_close(store);
}

static void times_at_the_ends_of_the_range_do_no_harm(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake first = issuing_ticket(0, 1);
    struct handshake last = offering(0, 1, OUTCOME_ACCEPTED);

    first.time_ns = INT64_MIN + 1;
    last.time_ns = INT64_MAX;
    (void)add(store, first);
    assert_int_equal(add(store, last).age_s, 18446744073);
    fixture_close(store);
}

static void an_offer_never_seen_issued_is_kept_without_an_issue(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake psk = offering(0, 1, OUTCOME_ACCEPTED);
    struct handshake id = offering(1, 2, OUTCOME_REFUSED);

    psk.offered = OFFER_PSK;
    id.offered = OFFER_ID;
    id.offered_bytes = 32;
    assert_int_equal(add(store, psk).age_s, HANDSHAKE_NULL);
    assert_int_equal(add(store, id).age_s, HANDSHAKE_NULL);
    assert_int_equal(session(store, 1).kind, SESSION_TICKET);
    assert_int_equal(session(store, 1).issued_ns, HANDSHAKE_NULL);
    assert_int_equal(session(store, 1).lifetime_hint_s, HANDSHAKE_NULL);
    assert_int_equal(session(store, 1).bytes, 192);
    assert_int_equal(session(store, 1).accepted_count, 1);
    assert_int_equal(session(store, 1).largest_accepted_age_s, HANDSHAKE_NULL);
    assert_int_equal(session(store, 2).kind, SESSION_ID);
    assert_int_equal(session(store, 2).bytes, HANDSHAKE_NULL); /* of tickets only */
    assert_int_equal(session(store, 2).refused_count, 1);
    fixture_close(store);
}

static void a_missing_issue_is_filled_in(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake elsewhere = offering(50, 1, OUTCOME_ACCEPTED);

    elsewhere.server.port = 8443;
    (void)add(store, elsewhere);
    assert_int_equal(session(store, 1).server.port, 8443);
    (void)add(store, issuing_ticket(0, 1));
    assert_int_equal(session(store, 1).issued_ns, FIXTURE_TIME_NS);
    assert_int_equal(session(store, 1).lifetime_hint_s, 7200);
    assert_int_equal(session(store, 1).server.port, 443);
    assert_int_equal(session(store, 1).offered_count, 1);
    assert_int_equal(add(store, offering(60, 1, OUTCOME_ACCEPTED)).age_s, 60);
    fixture_close(store);
}

static void the_first_issue_counts(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake again = issuing_ticket(20, 1);

    again.lifetime_hint_s = 1;
    again.renewed = true;
    (void)add(store, issuing_ticket(10, 1));
    (void)add(store, again);
    assert_int_equal(session(store, 1).issued_ns, FIXTURE_TIME_NS + 10000000000);
    assert_int_equal(session(store, 1).lifetime_hint_s, 7200);
    assert_false(session(store, 1).is_renewal);
    /* Also when it comes later, from another file. */
    (void)add(store, issuing_ticket(5, 1));
    assert_int_equal(session(store, 1).issued_ns, FIXTURE_TIME_NS + 5000000000);
    assert_int_equal(add(store, offering(12, 1, OUTCOME_ACCEPTED)).age_s, 7);
    fixture_close(store);
}

static void what_was_not_offered_leaves_no_session(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct query_filter all = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
    struct handshake handshake = offering(0, 1, OUTCOME_NONE);
    struct error error = {""};
    struct session_record none;

    handshake.offered = OFFER_NONE;
    const struct record record = add(store, handshake);
    assert_false(record.handshake.session_offered.is_set);
    assert_int_equal(record.handshake.offered_bytes, HANDSHAKE_NULL);
    struct query *query = store_query(store, &error);
    assert_true(query_begin_sessions(query, &all, &error));
    assert_int_equal(query_next_session(query, &none, &error), QUERY_DONE);
    query_close(query);
    fixture_close(store);
}

static void an_id_seen_issued_before_was_an_offer(void **state)
{
    (void)state;
    const struct {
        enum verdict verdict;
        uint16_t version;
        enum outcome outcome;
    } cases[] = {
        {VERDICT_FULL, 0x0303, OUTCOME_REFUSED},
        {VERDICT_FULL, 0x0301, OUTCOME_REFUSED},
        {VERDICT_FULL, 0xfefd, OUTCOME_REFUSED},
        {VERDICT_FULL, 0x0304, OUTCOME_NOT_APPLICABLE},
        {VERDICT_FULL, 0xfefc, OUTCOME_NOT_APPLICABLE},
        {VERDICT_FULL, 0, OUTCOME_UNKNOWN},
        {VERDICT_RESUMED_PSK, 0x0304, OUTCOME_NOT_APPLICABLE},
        {VERDICT_RESUMED_ID, 0x0303, OUTCOME_ACCEPTED},
        {VERDICT_FAILED, 0x0303, OUTCOME_FAILED},
        {VERDICT_FAILED, 0x0304, OUTCOME_FAILED},
        {VERDICT_UNKNOWN, 0x0303, OUTCOME_UNKNOWN},
    };

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store *store = fixture_open(":memory:");
        struct handshake handshake = needing_sighting(9, 1, cases[i].version);

        handshake.verdict = cases[i].verdict;
        (void)add(store, issuing_id(0, 1));
        const struct record record = add(store, handshake);
        assert_int_equal(record.handshake.offered, OFFER_ID);
        assert_int_equal(record.handshake.outcome, cases[i].outcome);
        assert_true(record.handshake.session_offered.is_set);
        assert_false(record.handshake.id_needs_sighting);
        assert_int_equal(record.age_s, 9);
        assert_int_equal(session(store, 1).offered_count, 1);
        assert_int_equal(session(store, 1).refused_count, cases[i].outcome == OUTCOME_REFUSED);
        fixture_close(store);
    }
}

static void an_id_from_any_host_was_an_offer(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake handshake = needing_sighting(1, 1, 0x0303);

    handshake.sni.len = 0;
    handshake.server.port = 8443;
    (void)add(store, issuing_id(0, 1));
    assert_int_equal(add(store, handshake).handshake.offered, OFFER_ID);
    fixture_close(store);
}

static void an_id_never_seen_issued_was_no_offer(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake known = offering(0, 2, OUTCOME_REFUSED); /* but not its issue */

    known.offered = OFFER_ID;
    (void)add(store, known);
    (void)add(store, issuing_id(5, 3));
    /* 1: unknown; 2: offered before, never issued; 3: issued only afterwards. */
    for (uint8_t hash = 1; hash <= 3; hash++) {
        const struct record record = add(store, needing_sighting(4, hash, 0x0303));
        assert_int_equal(record.handshake.offered, OFFER_NONE);
        assert_int_equal(record.handshake.outcome, OUTCOME_NONE);
        assert_false(record.handshake.session_offered.is_set);
        assert_int_equal(record.age_s, HANDSHAKE_NULL);
    }
    assert_int_equal(session(store, 2).offered_count, 1);
    assert_int_equal(session(store, 3).offered_count, 0);
    fixture_close(store);
}

static void a_link_goes_from_run_to_run(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    (void)add(store, issuing_ticket(0, 1));
    fixture_close(store);
    store = fixture_open(fixture->path);
    const struct record record = add(store, offering(100, 1, OUTCOME_ACCEPTED));
    assert_int_equal(record.age_s, 100);
    assert_int_equal(record.run, 2);
    fixture_close(store);
}

static void a_link_goes_from_one_open_store_to_another(void **state)
{
    const struct fixture *fixture = *state;
    struct store *one = fixture_open(fixture->path);
    struct store *other = fixture_open(fixture->path);
    struct error error = {""};

    for (uint8_t n = 1; n < 10; n++) {
        (void)add(one, issuing_ticket(0, n));
        assert_true(store_commit(one, &error));
        assert_int_equal(add(other, offering(n, n, OUTCOME_ACCEPTED)).age_s, n);
        assert_true(store_commit(other, &error));
        assert_int_equal(add(one, offering(n + 1, n, OUTCOME_ACCEPTED)).age_s, n + 1);
        assert_true(store_commit(one, &error));
        assert_int_equal(session(other, n).offered_count, 2);
    }
    fixture_close(one);
    fixture_close(other);
}

static void a_link_goes_across_batches(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct handshake filler = fixture_handshake(1);

    (void)add(store, issuing_ticket(0, 1));
    for (int i = 0; i < STORE_BATCH_ROWS + 1; i++) {
        (void)fixture_add(store, &filler);
    }
    assert_int_equal(add(store, offering(50, 1, OUTCOME_ACCEPTED)).age_s, 50);
    fixture_close(store);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(an_issued_ticket_is_kept),
        cmocka_unit_test(an_issued_id_has_no_hint_and_no_length),
        cmocka_unit_test(one_handshake_can_issue_both),
        cmocka_unit_test(offers_are_counted_with_their_ages),
        cmocka_unit_test(an_age_is_rounded_down_and_never_negative),
        cmocka_unit_test(times_at_the_ends_of_the_range_do_no_harm),
        cmocka_unit_test(an_offer_never_seen_issued_is_kept_without_an_issue),
        cmocka_unit_test(a_missing_issue_is_filled_in),
        cmocka_unit_test(the_first_issue_counts),
        cmocka_unit_test(what_was_not_offered_leaves_no_session),
        cmocka_unit_test(an_id_seen_issued_before_was_an_offer),
        cmocka_unit_test(an_id_from_any_host_was_an_offer),
        cmocka_unit_test(an_id_never_seen_issued_was_no_offer),
        IN_DIRECTORY(a_link_goes_from_run_to_run),
        IN_DIRECTORY(a_link_goes_from_one_open_store_to_another),
        IN_DIRECTORY(a_link_goes_across_batches),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
