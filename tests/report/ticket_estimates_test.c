#include "report/ticket_estimates.h"

#include "dissect/tls/ticket_estimate.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

static struct ticket_estimates *estimates;

static int begin(void **state)
{
    (void)state;
    estimates = ticket_estimates_new();
    return estimates == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    ticket_estimates_free(estimates);
    return 0;
}

/* A handshake of TLS 1.3 in short. It takes a second. */
struct event {
    const char *client;
    int64_t at_s;
    int64_t offered_bytes; /* 0: no PSK was offered */
    int64_t tickets;       /* -1: not known */
    int64_t ticket_bytes;
};

static struct handshake handshake_of(const struct event *event)
{
    struct handshake handshake;

    handshake_init(&handshake);
    handshake.time_ns = event->at_s * records_s;
    handshake.handshake_ns = records_s;
    handshake.client = records_endpoint(event->client, 50000);
    handshake.version = 0x0304;
    handshake.verdict = event->offered_bytes > 0 ? VERDICT_RESUMED_PSK : VERDICT_FULL;
    handshake.offered = event->offered_bytes > 0 ? OFFER_PSK : OFFER_NONE;
    handshake.offered_bytes = event->offered_bytes > 0 ? event->offered_bytes : HANDSHAKE_NULL;
    handshake.estimated_tickets = event->tickets < 0 ? HANDSHAKE_NULL : event->tickets;
    handshake.estimated_ticket_bytes = event->tickets > 0 ? event->ticket_bytes : HANDSHAKE_NULL;
    return handshake;
}

static void add(uint32_t host, const struct event *event)
{
    const struct handshake handshake = handshake_of(event);

    assert_true(ticket_estimates_want(&handshake));
    assert_true(ticket_estimates_add(estimates, host, &handshake));
}

static struct ticket_estimates_host host_of(const struct event *events, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        add(0, &events[i]);
    }
    ticket_estimates_settle(estimates);
    return ticket_estimates_of(estimates, 0);
}

#define HOST(events) host_of(events, sizeof(events) / sizeof((events)[0]))

#define A "192.0.2.1"
#define B "192.0.2.2"

static void nothing_is_known_of_nothing(void **state)
{
    (void)state;
    ticket_estimates_settle(estimates);
    assert_int_equal(ticket_estimates_of(estimates, 0).handshakes, 0);
    assert_int_equal(ticket_estimates_of(estimates, UINT32_MAX).handshakes, 0);
    ticket_estimates_free(NULL);
}

/* Two tickets of 200 bytes, one of 300, none, not known: 3 tickets, 700 bytes after 3 of 4. */
static void tickets_are_summed_where_they_are_known(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 0, 0, 2, 200}, {A, 10, 0, 1, 300}, {B, 20, 0, 0, 0}, {B, 30, 0, -1, 0}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.handshakes, 4);
    assert_int_equal(host.known, 3);
    assert_int_equal(host.tickets, 3);
    assert_int_equal(host.bytes, 700);
    assert_int_equal(host.issuing, 2);
    assert_int_equal(host.confirmed, 0);
    assert_int_equal(host.offers, 0);
}

/* Tickets of 200 bytes at 0 s: an identity of 168 to 208 bytes fits. One estimate is confirmed, by
 * however many offers. */
static void a_later_identity_that_fits_confirms(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 0, 0, 2, 200}, {A, 10, 168, -1, 0}, {A, 20, 208, -1, 0}, {A, 30, 200, -1, 0}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.issuing, 1);
    assert_int_equal(host.confirmed, 1);
    assert_int_equal(host.offers, 3);
    assert_int_equal(host.unfitting, 0);
}

static void an_identity_that_fits_none_contradicts(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 0, 0, 2, 200}, {A, 10, 167, -1, 0}, {A, 20, 209, -1, 0}, {A, 30, 60000, -1, 0}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.confirmed, 0);
    assert_int_equal(host.offers, 3);
    assert_int_equal(host.unfitting, 3);
}

/* A chain: each handshake offers what the one before was issued. The last estimate waits still. */
static void each_link_of_a_chain_confirms_the_one_before(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 0, 0, 1, 200}, {A, 10, 200, 1, 400}, {A, 20, 400, 1, 600}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.issuing, 3);
    assert_int_equal(host.confirmed, 2);
    assert_int_equal(host.offers, 2);
    assert_int_equal(host.unfitting, 0);
}

/* The same again, the last file first. */
static void the_order_of_arrival_does_not_matter(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 20, 400, 1, 600}, {A, 0, 0, 1, 200}, {A, 10, 200, 1, 400}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.confirmed, 2);
    assert_int_equal(host.offers, 2);
    assert_int_equal(host.unfitting, 0);
}

/* The handshake at 10 s is over at 11 s: what it offers itself, what came before it, and what is
 * offered while it lasts cannot be its ticket. 11 s is not after it. */
static void what_came_before_the_ticket_tells_nothing(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 10, 200, 1, 200}, {A, 5, 200, -1, 0}, {A, 11, 200, -1, 0}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.confirmed, 0);
    assert_int_equal(host.offers, 0);
    assert_int_equal(host.unfitting, 0);
}

static void another_client_tells_nothing(void **state)
{
    (void)state;
    static const struct event events[] = {
        {A, 0, 0, 1, 200}, {B, 10, 200, -1, 0}, {"2001:db8::1", 10, 300, -1, 0}};
    const struct ticket_estimates_host host = HOST(events);

    assert_int_equal(host.confirmed, 0);
    assert_int_equal(host.offers, 0);
}

static void another_host_tells_nothing(void **state)
{
    (void)state;
    static const struct event issue = {A, 0, 0, 1, 200};
    static const struct event offer = {A, 10, 200, -1, 0};

    add(3, &issue);
    add(1, &offer);
    add(2, &issue);
    add(2, &offer);
    ticket_estimates_settle(estimates);
    assert_int_equal(ticket_estimates_of(estimates, 0).handshakes, 0);
    assert_int_equal(ticket_estimates_of(estimates, 1).offers, 0);
    assert_int_equal(ticket_estimates_of(estimates, 2).confirmed, 1);
    assert_int_equal(ticket_estimates_of(estimates, 3).issuing, 1);
    assert_int_equal(ticket_estimates_of(estimates, 3).confirmed, 0);
}

/* Tickets in clear are known, no estimates; QUIC and DTLS are not heard; external PSKs no server
 * issued. */
static void only_tls_1_3_over_tcp_is_wanted(void **state)
{
    (void)state;
    static const struct event event = {A, 0, 0, -1, 0};
    static const struct event offer = {A, 0, 100, -1, 0};
    struct handshake handshake = handshake_of(&event);

    handshake.version = 0x0303;
    assert_false(ticket_estimates_want(&handshake));
    handshake.offered = OFFER_TICKET;
    handshake.offered_bytes = 200;
    assert_false(ticket_estimates_want(&handshake));
    handshake = handshake_of(&event);
    handshake.transport = TRANSPORT_QUIC;
    assert_false(ticket_estimates_want(&handshake));
    handshake = handshake_of(&event);
    handshake.verdict = VERDICT_FAILED;
    assert_false(ticket_estimates_want(&handshake));
    handshake = handshake_of(&offer);
    handshake.verdict = VERDICT_UNKNOWN;
    assert_true(ticket_estimates_want(&handshake));
    handshake.anomalies = 1U << ANOMALY_EXTERNAL_PSK;
    assert_false(ticket_estimates_want(&handshake));
}

enum { TRIALS = 300, EVENTS = 40 };

static bool fits(const struct event *issue, const struct event *offer)
{
    return ticket_estimate_fits(ticket_estimate_record_bytes(issue->ticket_bytes),
                                offer->offered_bytes);
}

static bool is_before(const struct event *issue, const struct event *offer)
{
    return issue->tickets > 0 && offer->offered_bytes > 0 && issue->client == offer->client &&
           issue->at_s + 1 < offer->at_s;
}

/* By the definition: every pair is looked at. */
static struct ticket_estimates_host expected_of(const struct event *events)
{
    struct ticket_estimates_host host = {.handshakes = EVENTS};

    for (size_t i = 0; i < EVENTS; i++) {
        bool is_confirmed = false;
        bool has_issue = false;
        bool has_fitting = false;
        for (size_t j = 0; j < EVENTS; j++) {
            is_confirmed |= is_before(&events[i], &events[j]) && fits(&events[i], &events[j]);
            has_issue |= is_before(&events[j], &events[i]);
            has_fitting |= is_before(&events[j], &events[i]) && fits(&events[j], &events[i]);
        }
        host.known += events[i].tickets >= 0;
        host.tickets += events[i].tickets > 0 ? (uint64_t)events[i].tickets : 0;
        host.bytes +=
            events[i].tickets > 0 ? (uint64_t)(events[i].tickets * events[i].ticket_bytes) : 0;
        host.issuing += events[i].tickets > 0;
        host.confirmed += is_confirmed;
        host.offers += has_issue;
        host.unfitting += has_issue && !has_fitting;
    }
    return host;
}

/* Lengths at both ends of what can be, few clients, times that meet. */
static struct event any_event(unsigned *seed)
{
    static const char *const clients[] = {A, B, "192.0.2.3"};
    static const int64_t around[] = {20, 200, 4060};
    const int64_t bytes = around[rand_r(seed) % 3];

    return (struct event){
        .client = clients[rand_r(seed) % 3],
        .at_s = rand_r(seed) % 50,
        .offered_bytes = rand_r(seed) % 2 == 0 ? 0 : bytes + rand_r(seed) % 60 - 19,
        .tickets = rand_r(seed) % 5 - 1,
        .ticket_bytes = bytes + rand_r(seed) % 20 - 10,
    };
}

static void all_is_as_when_every_pair_is_looked_at(void **state)
{
    (void)state;
    unsigned seed = 20261124;
    uint64_t confirmed = 0;
    uint64_t unfitting = 0;

    for (uint32_t trial = 0; trial < TRIALS; trial++) {
        struct event events[EVENTS];
        ticket_estimates_free(estimates);
        estimates = ticket_estimates_new();
        assert_non_null(estimates);
        for (size_t i = 0; i < EVENTS; i++) {
            events[i] = any_event(&seed);
        }
        const struct ticket_estimates_host expected = expected_of(events);
        const struct ticket_estimates_host host = HOST(events);
        assert_memory_equal(&host, &expected, sizeof(host));
        confirmed += host.confirmed;
        unfitting += host.unfitting;
    }
    assert_true(confirmed > TRIALS && unfitting > TRIALS);
}

/* Numbers at their limits: the sanitizers watch. */
static void what_a_damaged_database_says_is_summed(void **state)
{
    (void)state;
    static const int64_t numbers[] = {HANDSHAKE_NULL, INT64_MIN + 1, -1, 0, 1, INT64_MAX};
    static const struct event event = {A, 0, 1, 1, 1};

    for (size_t i = 0; i < 6L * 6 * 6 * 6 * 6; i++) {
        struct handshake handshake = handshake_of(&event);
        handshake.time_ns = numbers[i % 6];
        handshake.handshake_ns = numbers[i / 6 % 6];
        handshake.offered_bytes = numbers[i / 36 % 6];
        handshake.estimated_tickets = numbers[i / 216 % 6];
        handshake.estimated_ticket_bytes = numbers[i / 1296 % 6];
        assert_true(ticket_estimates_add(estimates, 0, &handshake));
    }
    ticket_estimates_settle(estimates);
    const struct ticket_estimates_host host = ticket_estimates_of(estimates, 0);
    assert_int_equal(host.handshakes, 7776);
    assert_in_range(host.confirmed, 1, 7776);
    assert_in_range(host.bytes, 1, 7776ULL * 65535 * 4096);
}

int main(void)
{
#define TEST(function) cmocka_unit_test_setup_teardown(function, begin, end)
    const struct CMUnitTest tests[] = {
        TEST(nothing_is_known_of_nothing),
        TEST(tickets_are_summed_where_they_are_known),
        TEST(a_later_identity_that_fits_confirms),
        TEST(an_identity_that_fits_none_contradicts),
        TEST(each_link_of_a_chain_confirms_the_one_before),
        TEST(the_order_of_arrival_does_not_matter),
        TEST(what_came_before_the_ticket_tells_nothing),
        TEST(another_client_tells_nothing),
        TEST(another_host_tells_nothing),
        TEST(only_tls_1_3_over_tcp_is_wanted),
        TEST(all_is_as_when_every_pair_is_looked_at),
        TEST(what_a_damaged_database_says_is_summed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
