#include "report/conduct.h"

#include "tests/report/hostile.h"
#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {3, 1, 4};
static struct conduct *conduct;

static int begin(void **state)
{
    (void)state;
    conduct = conduct_new(key);
    return conduct == NULL ? -1 : 0;
}

static int end(void **state)
{
    (void)state;
    conduct_free(conduct);
    return 0;
}

static void add_handshake(const char *host, int64_t id, enum refusal_cause cause,
                          uint32_t anomalies)
{
    struct record record = {
        .id = id, .host = records_text(host, strlen(host)), .refusal_cause = cause};

    record.handshake.time_ns = records_start_ns + id * records_s;
    record.handshake.anomalies = anomalies;
    assert_true(conduct_add_handshake(conduct, &record));
}

struct offered {
    const char *client;
    enum outcome outcome;
    int64_t age_s;
    int64_t hint_s;
    bool is_replaced;
};

static void add_offer(const char *host, int64_t id, const struct offered *of)
{
    struct offer_record offer = {.id = id,
                                 .host = records_text(host, strlen(host)),
                                 .time_ns = records_start_ns + id * records_s,
                                 .outcome = of->outcome,
                                 .age_s = of->age_s,
                                 .lifetime_hint_s = of->hint_s,
                                 .is_replaced = of->is_replaced};

    (void)snprintf(offer.client, sizeof(offer.client), "%s", of->client);
    assert_true(conduct_add_offer(conduct, &offer));
}

static void finish(const char *host, struct conduct_host *out)
{
    assert_true(conduct_finish(conduct));
    assert_true(conduct_find(conduct, host, strlen(host), out));
    assert_memory_equal(out->name, host, out->name_len);
}

/* Of five refusals of a.example: expired 1, 3, 4 and 5; unexplained 2. */
static void refusals_are_told_by_host_and_cause(void **state)
{
    (void)state;
    struct conduct_host host;

    add_handshake("a.example", 1, REFUSAL_CAUSE_EXPIRED, 0);
    add_handshake("a.example", 2, REFUSAL_CAUSE_UNEXPLAINED, 0);
    add_handshake("b.example", 9, REFUSAL_CAUSE_EXPIRED, 0);
    for (int id = 5; id >= 3; id--) {
        add_handshake("a.example", id, REFUSAL_CAUSE_EXPIRED, 0);
    }
    add_handshake("quiet.example", 7, REFUSAL_CAUSE_NONE, 1U << ANOMALY_OVERLAP);
    finish("a.example", &host);
    assert_int_equal(host.refused, 5);
    assert_int_equal(host.faulty + host.found, 0);
    const struct occurrences *expired = &host.refusals[REFUSAL_CAUSE_EXPIRED];
    assert_int_equal(expired->count, 4);
    assert_int_equal(expired->first_ns, records_start_ns + 1 * records_s);
    assert_int_equal(expired->last_ns, records_start_ns + 5 * records_s);
    assert_int_equal(expired->examples[0], 1);
    assert_int_equal(expired->examples[1], 5);
    assert_int_equal(expired->examples[2], 4);
    assert_int_equal(host.refusals[REFUSAL_CAUSE_UNEXPLAINED].count, 1);
    assert_int_equal(host.refusals[REFUSAL_CAUSE_KEY_CHANGED].count, 0);
    assert_int_equal(host.refusals[REFUSAL_CAUSE_KEY_CHANGED].first_ns, HANDSHAKE_NULL);
    assert_int_equal(conduct_hosts(conduct), 2);
    assert_false(conduct_find(conduct, "quiet.example", 13, &host));
    assert_int_equal(host.refused, 0);
    assert_int_equal(host.findings[CONDUCT_OFFERED_LATE].age_s, HANDSHAKE_NULL);
}

static void only_a_server_s_anomalies_are_its_faults(void **state)
{
    (void)state;
    static const bool is_fault[ANOMALY_COUNT] = {
        [ANOMALY_ECHO_WITHOUT_RESUMPTION] = true,
        [ANOMALY_ABBREVIATED_WITHOUT_OFFER] = true,
        [ANOMALY_TICKETBLEED] = true,
        [ANOMALY_PSK_NOT_OFFERED] = true,
        [ANOMALY_EMPTY_TICKET] = true,
    };
    struct conduct_host host;
    char name[32];

    for (unsigned anomaly = 0; anomaly < ANOMALY_COUNT; anomaly++) {
        (void)snprintf(name, sizeof(name), "%u.example", anomaly);
        add_handshake(name, anomaly, REFUSAL_CAUSE_NONE, 1U << anomaly);
    }
    assert_true(conduct_finish(conduct));
    for (unsigned anomaly = 0; anomaly < ANOMALY_COUNT; anomaly++) {
        (void)snprintf(name, sizeof(name), "%u.example", anomaly);
        assert_int_equal(conduct_find(conduct, name, strlen(name), &host), is_fault[anomaly]);
        assert_int_equal(host.faulty, is_fault[anomaly]);
    }
}

/* Both of a handshake, and its refusal. */
static void a_handshake_can_do_several_things(void **state)
{
    (void)state;
    struct conduct_host host;

    add_handshake("a.example", 8, REFUSAL_CAUSE_NEVER_SEEN,
                  1U << ANOMALY_EMPTY_TICKET | 1U << ANOMALY_ECHO_WITHOUT_RESUMPTION);
    finish("a.example", &host);
    assert_int_equal(host.refused, 1);
    assert_int_equal(host.faulty, 2);
    assert_int_equal(host.faults[CONDUCT_EMPTY_TICKET].examples[0], 8);
    assert_int_equal(host.faults[CONDUCT_ECHO_WITHOUT_RESUMPTION].count, 1);
    assert_string_equal(conduct_fault_name(CONDUCT_EMPTY_TICKET), "empty-ticket");
    assert_string_equal(conduct_fault_name(CONDUCT_ECHO_WITHOUT_RESUMPTION),
                        "echo-without-resumption");
}

/* Late: 301 and 400 of 300 by .1, 500 of 100 by .2, not 300 of 300; of these 301 and 500 were
 * accepted. Early: 300 of 300, 20 and 90 of 100. */
static void offers_are_held_against_their_own_hint(void **state)
{
    (void)state;
    static const struct offered offers[] = {
        {"192.0.2.1", OUTCOME_ACCEPTED, 301, 300, false},
        {"192.0.2.1", OUTCOME_REFUSED, 400, 300, false},
        {"192.0.2.1", OUTCOME_ACCEPTED, 300, 300, false},
        {"192.0.2.2", OUTCOME_ACCEPTED, 500, 100, false},
        {"192.0.2.2", OUTCOME_REFUSED, 300, 300, false},
        {"192.0.2.2", OUTCOME_REFUSED, 20, 100, false},
        {"192.0.2.2", OUTCOME_REFUSED, 90, 100, false},
    };
    struct conduct_host host;

    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        add_offer("a.example", (int64_t)i, &offers[i]);
    }
    finish("a.example", &host);
    const struct conduct_found *late = &host.findings[CONDUCT_OFFERED_LATE];
    assert_int_equal(late->seen.count, 3);
    assert_int_equal(late->clients, 2);
    assert_int_equal(late->age_s, 500);
    assert_int_equal(late->hint_s, 100);
    assert_int_equal(late->seen.first_ns, records_start_ns);
    assert_int_equal(late->seen.last_ns, records_start_ns + 3 * records_s);
    const struct conduct_found *accepted = &host.findings[CONDUCT_ACCEPTED_LATE];
    assert_int_equal(accepted->seen.count, 2);
    assert_int_equal(accepted->seen.examples[1], 3);
    const struct conduct_found *early = &host.findings[CONDUCT_REFUSED_EARLY];
    assert_int_equal(early->seen.count, 3);
    assert_int_equal(early->clients, 1);
    assert_int_equal(early->age_s, 20);
    assert_int_equal(early->hint_s, 100);
    assert_int_equal(host.findings[CONDUCT_OFFERED_OLD].seen.count, 0);
    assert_int_equal(host.found, 8);
    assert_int_equal(host.refused, 0);
}

static void no_hint_and_no_age_promise_nothing(void **state)
{
    (void)state;
    static const struct offered offers[] = {
        {"192.0.2.1", OUTCOME_ACCEPTED, 301, 0, false},
        {"192.0.2.1", OUTCOME_REFUSED, 3, 0, false},
        {"192.0.2.1", OUTCOME_REFUSED, 3, HANDSHAKE_NULL, false},
        {"192.0.2.1", OUTCOME_REFUSED, HANDSHAKE_NULL, 300, false},
    };

    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        add_offer("a.example", (int64_t)i, &offers[i]);
    }
    assert_true(conduct_finish(conduct));
    assert_int_equal(conduct_hosts(conduct), 0);
}

static void a_replaced_ticket_is_old_whatever_becomes_of_it(void **state)
{
    (void)state;
    static const struct offered old = {"192.0.2.1", OUTCOME_ACCEPTED, 10, 300, true};
    static const struct offered both = {"192.0.2.1", OUTCOME_FAILED, 301, 300, true};
    struct conduct_host host;

    add_offer("a.example", 1, &old);
    add_offer("a.example", 2, &both);
    finish("a.example", &host);
    assert_int_equal(host.findings[CONDUCT_OFFERED_OLD].seen.count, 2);
    assert_int_equal(host.findings[CONDUCT_OFFERED_OLD].clients, 1);
    assert_int_equal(host.findings[CONDUCT_OFFERED_LATE].seen.count, 1);
    assert_int_equal(host.findings[CONDUCT_ACCEPTED_LATE].seen.count, 0);
}

/* The same address at two hosts is a client of each. */
static void clients_are_counted_host_by_host(void **state)
{
    (void)state;
    static const struct offered offer = {"192.0.2.1", OUTCOME_ACCEPTED, 301, 300, false};
    struct conduct_host host;

    add_offer("a.example", 1, &offer);
    add_offer("b.example", 2, &offer);
    add_offer("b.example", 3, &offer);
    finish("b.example", &host);
    assert_int_equal(host.findings[CONDUCT_OFFERED_LATE].clients, 1);
    assert_int_equal(host.findings[CONDUCT_OFFERED_LATE].seen.count, 2);
    assert_true(conduct_find(conduct, "a.example", 9, &host));
    assert_int_equal(host.findings[CONDUCT_OFFERED_LATE].clients, 1);
}

/* c: two refusals; b and d: one, d with a fault; a: a finding. */
static void hosts_come_with_the_most_refusals_first(void **state)
{
    (void)state;
    static const struct offered offer = {"192.0.2.1", OUTCOME_ACCEPTED, 301, 300, false};
    static const char order[] = "cdbae";
    struct conduct_host host;
    struct conduct_totals totals;

    add_offer("e", 1, &offer);
    add_offer("a", 1, &offer);
    add_handshake("b", 1, REFUSAL_CAUSE_EXPIRED, 0);
    add_handshake("d", 1, REFUSAL_CAUSE_EXPIRED, 1U << ANOMALY_TICKETBLEED);
    add_handshake("c", 1, REFUSAL_CAUSE_EXPIRED, 0);
    add_handshake("c", 2, REFUSAL_CAUSE_NEVER_SEEN, 0);
    assert_true(conduct_finish(conduct));
    assert_int_equal(conduct_hosts(conduct), 5);
    for (size_t i = 0; i < 5; i++) {
        conduct_host(conduct, i, &host);
        assert_int_equal(host.name_len, 1);
        assert_int_equal(host.name[0], order[i]);
    }
    conduct_totals(conduct, &totals);
    assert_int_equal(totals.refusing, 3);
    assert_int_equal(totals.faulty, 1);
    assert_int_equal(totals.finding, 2);
}

static void hostile_names_are_hosts_like_others(void **state)
{
    (void)state;
    struct conduct_host host;
    size_t count = 0;

    for (; hostile_text(count) != NULL; count++) {
        add_handshake(hostile_text(count), (int64_t)count, REFUSAL_CAUSE_EXPIRED, 0);
    }
    assert_true(conduct_finish(conduct));
    assert_int_equal(conduct_hosts(conduct), count);
    for (size_t i = 0; i < count; i++) {
        assert_true(conduct_find(conduct, hostile_text(i), strlen(hostile_text(i)), &host));
        assert_int_equal(host.refusals[REFUSAL_CAUSE_EXPIRED].examples[0], (int64_t)i);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(refusals_are_told_by_host_and_cause, begin, end),
        cmocka_unit_test_setup_teardown(only_a_server_s_anomalies_are_its_faults, begin, end),
        cmocka_unit_test_setup_teardown(a_handshake_can_do_several_things, begin, end),
        cmocka_unit_test_setup_teardown(offers_are_held_against_their_own_hint, begin, end),
        cmocka_unit_test_setup_teardown(no_hint_and_no_age_promise_nothing, begin, end),
        cmocka_unit_test_setup_teardown(a_replaced_ticket_is_old_whatever_becomes_of_it, begin,
                                        end),
        cmocka_unit_test_setup_teardown(clients_are_counted_host_by_host, begin, end),
        cmocka_unit_test_setup_teardown(hosts_come_with_the_most_refusals_first, begin, end),
        cmocka_unit_test_setup_teardown(hostile_names_are_hosts_like_others, begin, end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
