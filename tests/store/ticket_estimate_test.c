/* v_ticket_estimate: what plain SQLite tells of estimates and of what confirms them. */
#include "dissect/tls/ticket_estimate.h"

#include "tests/store/fixture.h"

#include <stdio.h>
#include <string.h>

enum { ESTIMATED_BYTES = 250 };

/* A handshake of TLS 1.3 that took 45 ms, after which two tickets were estimated. */
static struct handshake estimate(int64_t at_s)
{
    struct handshake handshake = fixture_handshake(at_s);

    handshake.version = 0x0304;
    handshake.estimated_tickets = 2;
    handshake.estimated_ticket_bytes = ESTIMATED_BYTES;
    return handshake;
}

/* One that offers an identity of so many bytes; nothing is known of its own tickets. */
static struct handshake offer(int64_t at_s, int64_t bytes)
{
    struct handshake handshake = fixture_handshake(at_s);

    handshake.version = 0x0304;
    handshake.verdict = VERDICT_RESUMED_PSK;
    handshake.offered = OFFER_PSK;
    handshake.outcome = OUTCOME_ACCEPTED;
    handshake.session_offered = fixture_hash(1);
    handshake.offered_bytes = bytes;
    return handshake;
}

/* is_confirmed of all estimates, by time, in a database of these two alone, stored in this order.
 */
static void check(const struct handshake *first, const struct handshake *second,
                  const char *expected)
{
    struct fixture *fixture;
    void *state;

    assert_int_equal(fixture_make(&state), 0);
    fixture = state;
    struct store *store = fixture_open(fixture->path);
    (void)fixture_add(store, first);
    (void)fixture_add(store, second);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT group_concat(coalesce(is_confirmed, '-'), '') FROM"
                                    " (SELECT * FROM v_ticket_estimate ORDER BY time)"),
                        expected);
    assert_int_equal(fixture_remove(&state), 0);
}

static void a_later_identity_that_fits_confirms(void **state)
{
    (void)state;
    const struct handshake first = estimate(0);
    const struct handshake second = offer(10, ESTIMATED_BYTES);

    check(&first, &second, "1");
}

static void it_does_not_matter_which_was_stored_first(void **state)
{
    (void)state;
    const struct handshake first = estimate(0);
    const struct handshake second = offer(10, ESTIMATED_BYTES);
    const struct handshake before = offer(-10, ESTIMATED_BYTES);

    check(&second, &first, "1");
    check(&before, &first, "0");
    check(&first, &before, "0");
}

/* 250 - 32 to 250 + 8. */
static void the_lengths_that_fit_are_those_of_the_arithmetic(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    char expected[64];
    int64_t fitting = 0;

    for (int64_t bytes = 200; bytes < 300; bytes++) {
        struct handshake first = estimate(0);
        struct handshake second = offer(10, bytes);
        first.client.address[15] = (uint8_t)bytes;
        second.client = first.client;
        (void)fixture_add(store, &first);
        (void)fixture_add(store, &second);
        fitting += ticket_estimate_fits(ticket_estimate_record_bytes(ESTIMATED_BYTES), bytes);
    }
    fixture_close(store);
    assert_int_equal(fitting, 41);
    (void)snprintf(expected, sizeof(expected), "41 %d %d",
                   ESTIMATED_BYTES - TICKET_ESTIMATE_SHORTER_BYTES,
                   ESTIMATED_BYTES + TICKET_ESTIMATE_LONGER_BYTES);
    assert_string_equal(
        fixture_sql(fixture->path,
                    "SELECT count(*) || ' ' || min(o.offered_bytes) || ' ' || max(o.offered_bytes)"
                    " FROM v_ticket_estimate AS e JOIN handshake AS o ON o.id = e.id + 1"
                    " WHERE e.is_confirmed"),
        expected);
}

static void another_client_or_host_confirms_nothing(void **state)
{
    (void)state;
    const struct handshake first = estimate(0);
    struct handshake other_client = offer(10, ESTIMATED_BYTES);
    struct handshake other_host = offer(10, ESTIMATED_BYTES);

    other_client.client.address[15] = 78;
    other_host.sni.text[0] = 'x';
    check(&first, &other_client, "0");
    check(&first, &other_host, "0");
}

/* The ticket comes when the handshake is over, after 45 ms: what the same handshake offers, and
 * what is offered beside it, is another one. */
static void what_is_offered_before_the_ticket_came_confirms_nothing(void **state)
{
    (void)state;
    const struct handshake first = estimate(0);
    struct handshake beside = offer(0, ESTIMATED_BYTES);
    struct handshake both = offer(20, ESTIMATED_BYTES);

    beside.time_ns += 45000000;
    check(&first, &beside, "0");
    beside.time_ns += 1;
    check(&first, &beside, "1");
    both.estimated_tickets = 1;
    both.estimated_ticket_bytes = ESTIMATED_BYTES;
    check(&first, &both, "10");
}

static void only_tickets_of_tls_1_3_confirm(void **state)
{
    (void)state;
    const struct handshake first = estimate(0);
    struct handshake ticket = offer(10, ESTIMATED_BYTES);
    struct handshake external = offer(10, ESTIMATED_BYTES);
    struct handshake unknown = offer(10, HANDSHAKE_NULL);

    ticket.offered = OFFER_TICKET;
    external.anomalies = 1U << ANOMALY_EXTERNAL_PSK;
    check(&first, &ticket, "0");
    check(&first, &external, "0");
    check(&first, &unknown, "0");
}

/* A handshake of TLS 1.2 has no row; where there was certainly no ticket, nothing is to confirm. */
static void where_no_ticket_was_sent_nothing_is_to_confirm(void **state)
{
    (void)state;
    struct handshake none = estimate(0);
    const struct handshake second = offer(10, ESTIMATED_BYTES);
    const struct handshake of_tls_1_2 = fixture_handshake(5);

    none.estimated_tickets = 0;
    none.estimated_ticket_bytes = HANDSHAKE_NULL;
    check(&none, &second, "-");
    check(&of_tls_1_2, &second, "(null)");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

/* Five cases: neither, a ticket of no bytes, one of 160, two of 250 bytes estimated, both. */
static void what_was_seen_and_what_was_estimated_are_kept_apart(void **state)
{
    const struct fixture *fixture = *state;
    const int64_t seen[] = {HANDSHAKE_NULL, 0, 160, HANDSHAKE_NULL, 65535};
    struct store *store = fixture_open(fixture->path);

    for (size_t i = 0; i < sizeof(seen) / sizeof(seen[0]); i++) {
        struct handshake handshake = i < 3 ? fixture_handshake((int64_t)i) : estimate((int64_t)i);
        handshake.issued_ticket_bytes = seen[i];
        (void)fixture_add(store, &handshake);
    }
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path,
                                    "SELECT group_concat(coalesce(ticket_bytes, '-') || ' '"
                                    " || coalesce(estimated_tickets, '-') || ' '"
                                    " || coalesce(estimated_ticket_bytes, '-'), ', ')"
                                    " FROM handshake_plain"),
                        "- - -, 0 - -, 160 - -, - 2 250, 65535 2 250");
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(coalesce(tickets, '-'))"
                                                   " FROM handshake"),
                        /* 250 << 10 | 2; 65536 << 42 more */
                        "-,-1,-161,256002,288230376151967746");
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_later_identity_that_fits_confirms),
        cmocka_unit_test(it_does_not_matter_which_was_stored_first),
        IN_DIRECTORY(the_lengths_that_fit_are_those_of_the_arithmetic),
        cmocka_unit_test(another_client_or_host_confirms_nothing),
        cmocka_unit_test(what_is_offered_before_the_ticket_came_confirms_nothing),
        cmocka_unit_test(only_tickets_of_tls_1_3_confirm),
        IN_DIRECTORY(what_was_seen_and_what_was_estimated_are_kept_apart),
        cmocka_unit_test(where_no_ticket_was_sent_nothing_is_to_confirm),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
