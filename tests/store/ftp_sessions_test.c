/* Which connections are FTP's data connections, as seen through the whole store. */
#include "tests/store/fixture.h"

#include <string.h>

/* A handshake of one client and one server address; each on ports of its own. */
static struct handshake handshake_of(int64_t n, enum carrier carrier)
{
    struct handshake handshake = fixture_handshake(n);

    handshake.carrier = carrier;
    handshake.server.port = carrier == CARRIER_FTP ? 21 : (uint16_t)(50000 + n);
    return handshake;
}

static struct handshake offering(int64_t n, uint8_t hash)
{
    struct handshake handshake = handshake_of(n, CARRIER_NONE);

    handshake.session_offered = fixture_hash(hash);
    handshake.offered = OFFER_TICKET;
    handshake.outcome = OUTCOME_ACCEPTED;
    handshake.verdict = VERDICT_RESUMED_TICKET;
    return handshake;
}

static struct handshake control(int64_t n, uint8_t ticket, uint8_t id)
{
    struct handshake handshake = handshake_of(n, CARRIER_FTP);

    handshake.issued_ticket = fixture_hash(ticket);
    handshake.issued_id = fixture_hash(id);
    return handshake;
}

static enum carrier add(struct store *store, struct handshake handshake)
{
    return fixture_add(store, &handshake).handshake.carrier;
}

static void a_session_issued_on_the_control_connection_tells_a_data_connection(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    assert_int_equal(add(store, control(0, 1, 2)), CARRIER_FTP);
    assert_int_equal(add(store, offering(1, 1)), CARRIER_FTP_DATA);
    assert_int_equal(add(store, offering(2, 2)), CARRIER_FTP_DATA);
    fixture_close(store);
    assert_string_equal(fixture_sql(fixture->path, "SELECT group_concat(carrier) FROM"
                                                   " (SELECT carrier FROM v_handshake"
                                                   " ORDER BY id)"),
                        "ftp,ftp-data,ftp-data");
}

/* All that is known of a TLS 1.3 ticket. */
static void so_does_one_that_was_offered_there(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake resumed = offering(0, 1);

    resumed.carrier = CARRIER_FTP;
    assert_int_equal(add(store, resumed), CARRIER_FTP);
    assert_int_equal(add(store, offering(1, 1)), CARRIER_FTP_DATA);
    fixture_close(store);
}

static void a_ticket_renewed_on_a_data_connection_is_of_ftp_too(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake renewing = offering(1, 1);

    renewing.issued_ticket = fixture_hash(3);
    renewing.renewed = true;
    (void)add(store, control(0, 1, 2));
    assert_int_equal(add(store, renewing), CARRIER_FTP_DATA);
    assert_int_equal(add(store, offering(2, 3)), CARRIER_FTP_DATA);
    fixture_close(store);
}

static void refused_it_tells_as_much(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake refused = offering(1, 1);

    refused.outcome = OUTCOME_REFUSED;
    refused.verdict = VERDICT_FULL;
    refused.issued_ticket = fixture_hash(3);
    (void)add(store, control(0, 1, 2));
    assert_int_equal(add(store, refused), CARRIER_FTP_DATA);
    fixture_close(store);
}

static void between_other_addresses_it_tells_nothing(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake of_other_client = offering(1, 1);
    struct handshake to_other_server = offering(2, 1);

    of_other_client.client.address[15] ^= 1;
    to_other_server.server.address[15] ^= 1;
    (void)add(store, control(0, 1, 2));
    assert_int_equal(add(store, of_other_client), CARRIER_NONE);
    assert_int_equal(add(store, to_other_server), CARRIER_NONE);
    fixture_close(store);
}

static void other_sessions_and_other_carriers_stay_what_they_are(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake web = handshake_of(1, CARRIER_NONE);
    struct handshake mail = offering(3, 1);

    web.issued_ticket = fixture_hash(4);
    mail.carrier = CARRIER_SMTP;
    (void)add(store, control(0, 1, 2));
    assert_int_equal(add(store, web), CARRIER_NONE);
    assert_int_equal(add(store, offering(2, 4)), CARRIER_NONE);
    assert_int_equal(add(store, mail), CARRIER_SMTP);
    assert_int_equal(add(store, handshake_of(4, CARRIER_NONE)), CARRIER_NONE);
    assert_int_equal(add(store, offering(5, 9)), CARRIER_NONE);
    fixture_close(store);
}

/* An ID that a client of TLS 1.3 has made up is no offer. */
static void an_id_that_was_no_offer_tells_nothing(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake invented = handshake_of(1, CARRIER_NONE);

    invented.session_offered = fixture_hash(7);
    invented.id_needs_sighting = true;
    (void)add(store, control(0, 1, 2));
    assert_int_equal(add(store, invented), CARRIER_NONE);
    invented.session_offered = fixture_hash(2);
    assert_int_equal(add(store, invented), CARRIER_FTP_DATA);
    fixture_close(store);
}

int main(void)
{
#define TEST(name) cmocka_unit_test_setup_teardown(name, fixture_make, fixture_remove)
    const struct CMUnitTest tests[] = {
        TEST(a_session_issued_on_the_control_connection_tells_a_data_connection),
        TEST(so_does_one_that_was_offered_there),
        TEST(a_ticket_renewed_on_a_data_connection_is_of_ftp_too),
        TEST(refused_it_tells_as_much),
        TEST(between_other_addresses_it_tells_nothing),
        TEST(other_sessions_and_other_carriers_stay_what_they_are),
        TEST(an_id_that_was_no_offer_tells_nothing),
    };
#undef TEST
    return cmocka_run_group_tests(tests, NULL, NULL);
}
