#include "report/mechanisms.h"

#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {1, 2, 3};
static const struct query_filter no_filter = {HANDSHAKE_NULL, HANDSHAKE_NULL, NULL};
static struct mechanisms *mechanisms;

static int begin(void **state)
{
    (void)state;
    mechanisms = mechanisms_new(&no_filter, key);
    return mechanisms == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    mechanisms_free(mechanisms);
    return 0;
}

/* A session in short: times in seconds; -1: not known. */
struct issue {
    const char *client;
    int64_t issued_s;
    int64_t hint_s;
    int64_t bytes; /* of a ticket; 0: an ID */
    int64_t accepted_age_s;
};

static int64_t or_null(int64_t value)
{
    return value < 0 ? HANDSHAKE_NULL : value;
}

static void add(const char *host, const struct issue *issue)
{
    struct session_record session = {
        .kind = issue->bytes == 0 ? SESSION_ID : SESSION_TICKET,
        .host = records_text(host, strlen(host)),
        .issued_ns = issue->issued_s < 0 ? HANDSHAKE_NULL : issue->issued_s * records_s,
        .lifetime_hint_s = or_null(issue->hint_s),
        .bytes = issue->bytes == 0 ? HANDSHAKE_NULL : issue->bytes,
        .largest_accepted_age_s = or_null(issue->accepted_age_s),
    };

    (void)snprintf(session.client, sizeof(session.client), "%s", issue->client);
    summaries_add_session(mechanisms, &session);
}

static const struct mechanisms_host *host_of(const struct issue *issues, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add("a.example", &issues[i]);
    }
    assert_true(mechanisms_finish(mechanisms));
    assert_int_equal(mechanisms_hosts(mechanisms), 1);
    return mechanisms_host(mechanisms, 0);
}

#define HOST(issues) host_of(issues, sizeof(issues) / sizeof((issues)[0]))

static void nothing_has_no_hosts(void **state)
{
    (void)state;
    assert_true(mechanisms_finish(mechanisms));
    assert_int_equal(mechanisms_hosts(mechanisms), 0);
    mechanisms_free(NULL);
}

/* Live for 300 s each, the end not included:
 *   0 to 300, 100 to 400, 200 to 500: three from 200 to 300;
 *   300 to 600 begins as the first one ends: three still. */
static void ids_are_live_for_300_seconds(void **state)
{
    (void)state;
    static const struct issue issues[] = {{"192.0.2.1", 0, -1, 0, -1},
                                          {"192.0.2.2", 100, -1, 0, -1},
                                          {"192.0.2.3", 200, -1, 0, 20},
                                          {"192.0.2.4", 300, -1, 0, -1}};
    const struct mechanisms_host *host = HOST(issues);

    assert_int_equal(host->id_lifetime_s, 300);
    assert_int_equal(host->ids_at_once, 3);
}

/* One was accepted at 301 s: the first one lives until 301, so that at 300 all four do. */
static void ids_are_live_as_long_as_the_oldest_that_was_accepted(void **state)
{
    (void)state;
    static const struct issue issues[] = {{"192.0.2.1", 0, -1, 0, -1},
                                          {"192.0.2.2", 100, -1, 0, 301},
                                          {"192.0.2.3", 200, -1, 0, -1},
                                          {"192.0.2.4", 300, -1, 0, -1}};
    const struct mechanisms_host *host = HOST(issues);

    assert_int_equal(host->id_lifetime_s, 301);
    assert_int_equal(host->ids_at_once, 4);
}

/* Nobody can say since when a session is live that was not seen issued; but that one was accepted
 * at 900 s tells of the others. Tickets are in no cache. */
static void what_was_not_seen_issued_and_tickets_are_not_in_the_cache(void **state)
{
    (void)state;
    static const struct issue issues[] = {{"", -1, -1, 0, 900},
                                          {"192.0.2.1", 0, -1, 0, -1},
                                          {"192.0.2.1", 1, 7200, 180, 5000},
                                          {"192.0.2.2", 600, -1, 0, -1}};
    const struct mechanisms_host *host = HOST(issues);

    assert_int_equal(host->id_lifetime_s, 900);
    assert_int_equal(host->ids_at_once, 2);
    assert_int_equal(host->clients, 2);
}

/* 192.0.2.1: tickets of 100 bytes from 0 to 60 and 30 to 90, of 500 from 200 to 500 (no hint):
 *   two at once, 500 bytes at once.
 * 192.0.2.2: one of 300 bytes, left open: 0 to 300; and an ID from 10 to 310: two, 300 bytes.
 * 192.0.2.3: 40 bytes from 0 to 10, then from 10 to 20: one, 40 bytes.
 * Sessions 2, 2, 1: median 2. Bytes 500, 300, 40: median 300. */
static void clients_hold_sessions_until_their_hint_is_over(void **state)
{
    (void)state;
    static const struct issue issues[] = {
        {"192.0.2.1", 0, 60, 100, -1},   {"192.0.2.2", 0, 0, 300, -1},
        {"192.0.2.3", 0, 10, 40, -1},    {"192.0.2.2", 10, -1, 0, -1},
        {"192.0.2.3", 10, 10, 40, -1},   {"192.0.2.1", 30, 60, 100, -1},
        {"192.0.2.1", 200, -1, 500, -1},
    };
    const struct mechanisms_host *host = HOST(issues);

    assert_int_equal(host->clients, 3);
    assert_int_equal(host->sessions.most, 2);
    assert_int_equal(host->sessions.median, 2);
    assert_int_equal(host->bytes.most, 500);
    assert_int_equal(host->bytes.median, 300);
    /* 100 + 300 + 40 + 40 + 100 + 500 */
    assert_int_equal(host->issued_bytes, 1080);
}

static void a_host_may_have_offers_only(void **state)
{
    (void)state;
    static const struct issue issue = {"", -1, -1, 200, -1};
    const struct mechanisms_host *host = host_of(&issue, 1);

    assert_true(host->has_session);
    assert_int_equal(host->clients, 0);
    assert_int_equal(host->ids_at_once, 0);
}

static void add_offer(const char *name, enum offer offered, enum outcome outcome, int64_t bytes)
{
    struct record record = {.host = records_text(name, strlen(name))};

    record.handshake.offered = offered;
    record.handshake.outcome = outcome;
    record.handshake.offered_bytes = bytes;
    assert_true(mechanisms_add_handshake(mechanisms, &record));
}

/* a: tickets 2 accepted, 1 refused, 1 failed: 4 x 100 bytes; PSKs 1 refused: 50. b: IDs. */
static void offers_are_told_by_mechanism_and_host(void **state)
{
    (void)state;
    static const struct issue issue = {"192.0.2.1", 0, 60, 100, -1};

    add_offer("a.example", OFFER_TICKET, OUTCOME_ACCEPTED, 100);
    add_offer("b.example", OFFER_ID, OUTCOME_ACCEPTED, HANDSHAKE_NULL);
    add_offer("a.example", OFFER_TICKET, OUTCOME_REFUSED, 100);
    add_offer("a.example", OFFER_TICKET, OUTCOME_ACCEPTED, 100);
    add_offer("a.example", OFFER_PSK, OUTCOME_REFUSED, 50);
    add_offer("a.example", OFFER_TICKET, OUTCOME_FAILED, 100);
    add_offer("b.example", OFFER_ID, OUTCOME_REFUSED, HANDSHAKE_NULL);
    add_offer("b.example", OFFER_NONE, OUTCOME_NONE, HANDSHAKE_NULL);
    add("a.example", &issue);
    add("b.example", &issue);
    add("c.example", &issue);
    assert_true(mechanisms_finish(mechanisms));

    assert_int_equal(mechanisms_hosts(mechanisms), 3);
    const struct mechanisms_host *a = mechanisms_host(mechanisms, 0);
    const struct mechanisms_host *b = mechanisms_host(mechanisms, 1);
    const struct mechanisms_host *c = mechanisms_host(mechanisms, 2);
    assert_int_equal(a->offers[MECHANISM_TICKET].accepted, 2);
    assert_int_equal(a->offers[MECHANISM_TICKET].refused, 1);
    assert_int_equal(a->offers[MECHANISM_PSK].refused, 1);
    assert_int_equal(a->offers[MECHANISM_ID].accepted, 0);
    assert_int_equal(a->offered_bytes, 450);
    assert_int_equal(b->offers[MECHANISM_ID].accepted, 1);
    assert_int_equal(b->offers[MECHANISM_ID].refused, 1);
    assert_int_equal(b->offered_bytes, 0);
    assert_int_equal(c->offers[MECHANISM_ID].accepted, 0);
    assert_int_equal(c->clients, 1);
}

static void add_tls13(const char *name, int64_t at_s, int64_t offered_bytes, int64_t tickets)
{
    struct record record = {.host = records_text(name, strlen(name))};
    struct handshake *handshake = &record.handshake;

    handshake_init(handshake);
    handshake->version = 0x0304;
    handshake->verdict = offered_bytes > 0 ? VERDICT_RESUMED_PSK : VERDICT_FULL;
    handshake->offered = offered_bytes > 0 ? OFFER_PSK : OFFER_NONE;
    handshake->outcome = offered_bytes > 0 ? OUTCOME_ACCEPTED : OUTCOME_NONE;
    handshake->offered_bytes = offered_bytes > 0 ? offered_bytes : HANDSHAKE_NULL;
    handshake->time_ns = at_s * records_s;
    handshake->estimated_tickets = tickets;
    handshake->estimated_ticket_bytes = tickets > 0 ? 200 : HANDSHAKE_NULL;
    assert_true(mechanisms_add_handshake(mechanisms, &record));
}

/* new.example issues two tickets of 200 bytes and sees one again, in the file read first; that is a
 * session. never.example issues, sees none again, and has no session at all. a.example is TLS 1.2.
 */
static void tickets_of_tls_1_3_are_estimated_beside_the_others(void **state)
{
    (void)state;
    static const struct issue ticket = {"192.0.2.1", 0, 60, 100, -1};
    static const struct issue unissued = {"", -1, -1, 200, -1};

    add_tls13("new.example", 100, 200, HANDSHAKE_NULL);
    add_tls13("never.example", 10, 0, 1);
    add_tls13("new.example", 10, 0, 2);
    add_offer("a.example", OFFER_TICKET, OUTCOME_ACCEPTED, 100);
    assert_false(mechanisms_has_sessions(mechanisms));
    add("a.example", &ticket);
    add("new.example", &unissued);
    assert_true(mechanisms_finish(mechanisms));

    assert_int_equal(mechanisms_hosts(mechanisms), 3);
    assert_true(mechanisms_has_sessions(mechanisms));
    assert_true(mechanisms_has_tls13(mechanisms));
    const struct mechanisms_host *a = mechanisms_host(mechanisms, 0);
    const struct mechanisms_host *new = mechanisms_host(mechanisms, 1);
    const struct mechanisms_host *never = mechanisms_host(mechanisms, 2);
    assert_int_equal(a->tls13.handshakes, 0);
    assert_int_equal(a->issued_bytes, 100);
    assert_true(new->has_session);
    assert_int_equal(new->tls13.handshakes, 2);
    assert_int_equal(new->tls13.known, 1);
    assert_int_equal(new->tls13.tickets, 2);
    assert_int_equal(new->tls13.bytes, 400);
    assert_int_equal(new->tls13.confirmed, 1);
    assert_int_equal(new->issued_bytes, 0);
    assert_int_equal(new->offers[MECHANISM_PSK].accepted, 1);
    assert_memory_equal(never->host.text, "never.example", never->host.len);
    assert_false(never->has_session);
    assert_int_equal(never->tls13.tickets, 1);
    assert_int_equal(never->tls13.confirmed, 0);
}

static void without_a_session_hosts_of_tls_1_3_are_there(void **state)
{
    (void)state;
    add_tls13("never.example", 10, 0, 0);
    add_offer("old.example", OFFER_NONE, OUTCOME_NONE, HANDSHAKE_NULL);
    assert_true(mechanisms_finish(mechanisms));
    assert_int_equal(mechanisms_hosts(mechanisms), 1);
    assert_false(mechanisms_has_sessions(mechanisms));
    assert_true(mechanisms_has_tls13(mechanisms));
    assert_int_equal(mechanisms_host(mechanisms, 0)->tls13.known, 1);
}

/* Asked for from 100 s to 200 s: of tickets issued at 99, 100, 199 and 200 s, two were paid for in
 * it; all are held. */
static void bytes_issued_are_those_of_the_period(void **state)
{
    (void)state;
    static const struct query_filter filter = {100LL * 1000000000, 200LL * 1000000000, NULL};
    static const struct issue issues[] = {{"192.0.2.1", 99, 600, 1, -1},
                                          {"192.0.2.1", 100, 600, 10, -1},
                                          {"192.0.2.1", 199, 600, 100, -1},
                                          {"192.0.2.1", 200, 600, 1000, -1}};
    mechanisms_free(mechanisms);
    mechanisms = mechanisms_new(&filter, key);
    assert_non_null(mechanisms);
    const struct mechanisms_host *host = HOST(issues);

    assert_int_equal(host->issued_bytes, 110);
    assert_int_equal(host->sessions.most, 4);
    assert_int_equal(host->bytes.most, 1111);
}

static struct session_figures ticket_of(int64_t host_id, int64_t issued_s)
{
    return (struct session_figures){
        .host_id = host_id,
        .kind = SESSION_TICKET,
        .issued_ns = issued_s * records_s,
        .lifetime_hint_s = 60,
        .bytes = 100,
        .largest_accepted_age_s = HANDSHAKE_NULL,
        .client_number = HANDSHAKE_NULL,
        .client = "2001:db8::1",
    };
}

/* Host 8 has two tickets, from 0 to 60 and from 30 to 90; host 9 one, in between; 5 and 6 have one
 * each, and no name. */
static void sessions_come_in_any_order_and_hosts_in_that_of_their_names(void **state)
{
    (void)state;
    const struct session_figures sessions[] = {ticket_of(8, 30), ticket_of(5, 0), ticket_of(9, 20),
                                               ticket_of(8, 0), ticket_of(6, 20)};
    const struct host_record names[] = {{7, records_text("a", 1)},
                                        {9, records_text("b", 1)},
                                        {8, records_text("c", 1)},
                                        {9, records_text("d", 1)}};

    for (size_t i = 0; i < sizeof(sessions) / sizeof(sessions[0]); i++) {
        assert_true(mechanisms_add_session(mechanisms, &sessions[i]));
    }
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        assert_true(mechanisms_name_host(mechanisms, &names[i]));
    }
    assert_true(mechanisms_finish(mechanisms));

    assert_int_equal(mechanisms_hosts(mechanisms), 3);
    assert_int_equal(mechanisms_host(mechanisms, 0)->host.text[0], 'b');
    assert_int_equal(mechanisms_host(mechanisms, 0)->sessions.most, 1);
    assert_int_equal(mechanisms_host(mechanisms, 1)->host.text[0], 'c');
    assert_int_equal(mechanisms_host(mechanisms, 1)->sessions.most, 2);
    assert_int_equal(mechanisms_host(mechanisms, 1)->bytes.most, 200);
    assert_int_equal(mechanisms_host(mechanisms, 2)->host.len, 0);
    assert_int_equal(mechanisms_host(mechanisms, 2)->clients, 1);
    assert_int_equal(mechanisms_host(mechanisms, 2)->issued_bytes, 200);
}

/* Two clients by number and two by text: they hold 1 and 2, and 2 and 1 tickets at once. */
static void clients_are_told_apart_by_number_and_by_text(void **state)
{
    (void)state;
    struct session_figures sessions[6];

    for (size_t i = 0; i < 6; i++) {
        sessions[i] = ticket_of(8, (int64_t)i);
    }
    sessions[0].client_number = 0;
    sessions[1].client_number = -2147483648;
    sessions[2].client_number = -2147483648;
    sessions[5].client[10] = '2'; /* 3 and 4 are of 2001:db8::1 */
    for (size_t i = 0; i < 6; i++) {
        assert_true(mechanisms_add_session(mechanisms, &sessions[i]));
    }
    assert_true(mechanisms_finish(mechanisms));

    assert_int_equal(mechanisms_host(mechanisms, 0)->clients, 4);
    assert_int_equal(mechanisms_host(mechanisms, 0)->sessions.most, 2);
    assert_int_equal(mechanisms_host(mechanisms, 0)->bytes.most, 200);
}

/* Numbers at their limits: the sanitizers watch, and nothing is counted below 0. */
static void sessions_of_a_damaged_database_are_summed(void **state)
{
    (void)state;
    static const int64_t numbers[] = {INT64_MIN + 1, -1, 0, 1, INT64_MAX};
    struct session_figures session = {.host_id = INT64_MIN, .client_number = HANDSHAKE_NULL};

    memset(session.client, 'x', sizeof(session.client)); /* not terminated */
    for (size_t i = 0; i < 5L * 5 * 5 * 2; i++) {
        session.kind = i % 2 == 0 ? SESSION_ID : SESSION_TICKET;
        session.issued_ns = numbers[i / 2 % 5];
        session.lifetime_hint_s = numbers[i / 10 % 5];
        session.bytes = numbers[i / 50 % 5];
        session.largest_accepted_age_s = numbers[i / 50 % 5];
        assert_true(mechanisms_add_session(mechanisms, &session));
    }
    assert_true(mechanisms_finish(mechanisms));
    const struct mechanisms_host *host = mechanisms_host(mechanisms, 0);
    assert_int_equal(host->clients, 1);
    assert_in_range(host->ids_at_once, 1, 125);
    assert_in_range(host->sessions.most, 1, 250);
    assert_in_range(host->bytes.most, 1, 125 * 65535);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(nothing_has_no_hosts),
        TEST(ids_are_live_for_300_seconds),
        TEST(ids_are_live_as_long_as_the_oldest_that_was_accepted),
        TEST(what_was_not_seen_issued_and_tickets_are_not_in_the_cache),
        TEST(clients_hold_sessions_until_their_hint_is_over),
        TEST(a_host_may_have_offers_only),
        TEST(offers_are_told_by_mechanism_and_host),
        TEST(tickets_of_tls_1_3_are_estimated_beside_the_others),
        TEST(without_a_session_hosts_of_tls_1_3_are_there),
        TEST(bytes_issued_are_those_of_the_period),
        TEST(sessions_come_in_any_order_and_hosts_in_that_of_their_names),
        TEST(clients_are_told_apart_by_number_and_by_text),
        TEST(sessions_of_a_damaged_database_are_summed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
