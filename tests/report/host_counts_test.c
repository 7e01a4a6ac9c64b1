#include "report/host_counts.h"

#include "tests/report/summaries.h"

#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {3};

static struct host_counts_table *table_of(const struct record *records, size_t count)
{
    struct host_counts_table *table = host_counts_table_new(key);

    assert_non_null(table);
    for (size_t i = 0; i < count; i++) {
        assert_true(host_counts_table_add(table, &records[i]));
    }
    return table;
}

static struct host_counts counts_of(const struct record *records, size_t count)
{
    struct host_counts_table *table = table_of(records, count);
    struct host_counts counts;

    assert_true(host_counts_table_find(table, "a", 1, &counts));
    host_counts_table_free(table);
    return counts;
}

#define COUNTS(records) counts_of(records, sizeof(records) / sizeof((records)[0]))

static struct record full(void)
{
    return summaries_full("a", "192.0.2.1", 60);
}

static struct record refused(enum refusal_cause cause, enum offer offered)
{
    struct record record = full();

    record.refusal_cause = cause;
    record.missed = MISSED_REFUSED;
    record.handshake.offered = offered;
    return record;
}

static void refusals_are_counted_by_cause(void **state)
{
    (void)state;
    const struct record records[] = {
        refused(REFUSAL_CAUSE_EXPIRED, OFFER_TICKET),
        refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_TICKET),
        refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_ID),
        full(),
    };
    const struct host_counts counts = COUNTS(records);

    assert_int_equal(counts.refused[REFUSAL_CAUSE_EXPIRED], 1);
    assert_int_equal(counts.refused[REFUSAL_CAUSE_UNEXPLAINED], 2);
    assert_int_equal(counts.unexplained_ids, 1);
    assert_int_equal(counts.missed[MISSED_REFUSED], 3);
    assert_int_equal(counts.missed[MISSED_NOT_OFFERED], 0);
}

static struct record of_age(struct record record, int64_t age_s)
{
    record.age_s = age_s;
    return record;
}

static void ages_of_ids_are_kept_apart_from_those_of_tickets(void **state)
{
    (void)state;
    struct record accepted = full();
    accepted.handshake.verdict = VERDICT_RESUMED_ID;
    accepted.handshake.offered = OFFER_ID;
    struct record by_ticket = accepted;
    by_ticket.handshake.verdict = VERDICT_RESUMED_TICKET;
    const struct record records[] = {
        of_age(refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_TICKET), 5),
        of_age(refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_ID), 90),
        of_age(refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_ID), 60),
        of_age(refused(REFUSAL_CAUSE_UNEXPLAINED, OFFER_ID), HANDSHAKE_NULL),
        of_age(refused(REFUSAL_CAUSE_OTHER_SERVER, OFFER_ID), 7),
        of_age(accepted, 20),
        of_age(accepted, 30),
        of_age(accepted, HANDSHAKE_NULL),
        of_age(by_ticket, 40),
    };
    const struct record none[] = {full()};

    assert_int_equal(COUNTS(records).refused_id_age_s, 60);
    assert_int_equal(COUNTS(records).accepted_id_age_s, 30);
    assert_true(COUNTS(none).refused_id_age_s == HANDSHAKE_NULL);
    assert_true(COUNTS(none).accepted_id_age_s == HANDSHAKE_NULL);
}

/* TLS 1.3 issues tickets encrypted, and what version 0 issues is not known. */
static void what_issues_is_counted_before_tls_1_3_only(void **state)
{
    (void)state;
    struct record records[] = {full(), full(), full(), full(), full(), full()};

    records[1].handshake.issued_id.is_set = true;
    records[2].handshake.issued_ticket.is_set = true;
    records[3].handshake.version = 0x0304;
    records[4].handshake.version = 0xfefc;
    records[5].handshake.version = 0;
    const struct host_counts counts = COUNTS(records);
    assert_int_equal(counts.full_in_clear, 3);
    assert_int_equal(counts.full_issuing, 2);
}

/* On a path of 10 ms: 2 round trips are 20 ms. */
static void stalled_flights_are_counted_with_what_they_cost(void **state)
{
    (void)state;
    struct record records[] = {full(), full(), full(), full()};

    records[0].handshake.rtts_stalled = 0;
    records[1].handshake.rtts_stalled = 2;
    records[2].handshake.rtts_stalled = 1;
    records[2].handshake.rtt_server_ns = HANDSHAKE_NULL;
    records[3].handshake.rtts_stalled = HANDSHAKE_RTTS_NULL;
    const struct host_counts counts = COUNTS(records);
    assert_int_equal(counts.full_flights, 3);
    assert_int_equal(counts.full_stalled, 2);
    assert_int_equal(counts.stalled_ns.samples, 1);
    summaries_near(mean_value(&counts.stalled_ns), 20e6, 1);
}

static void retries_are_counted_of_tls_1_3_over_tcp(void **state)
{
    (void)state;
    struct record records[] = {full(), full(), full()};

    records[0].handshake.version = 0x0304;
    records[0].handshake.hello_retries = 1;
    records[1].handshake.version = 0x0304;
    records[2].handshake.version = 0xfefc;
    records[2].handshake.hello_retries = 1;
    const struct host_counts counts = COUNTS(records);
    assert_int_equal(counts.tls13, 2);
    assert_int_equal(counts.retried, 1);
    summaries_near(mean_value(&counts.retried_ns), 10e6, 1);
}

static void what_is_neither_full_nor_resumed_is_not_counted(void **state)
{
    (void)state;
    struct record records[] = {refused(REFUSAL_CAUSE_EXPIRED, OFFER_TICKET), full()};

    records[0].handshake.verdict = VERDICT_FAILED;
    records[1].handshake.verdict = VERDICT_UNKNOWN;
    const struct host_counts counts = COUNTS(records);
    assert_int_equal(counts.refused[REFUSAL_CAUSE_EXPIRED], 0);
    assert_int_equal(counts.full_in_clear, 0);
}

static void hosts_are_told_apart_and_unknown_ones_have_nothing(void **state)
{
    (void)state;
    struct record records[40];
    struct host_counts counts;

    for (size_t i = 0; i < 40; i++) {
        records[i] = full();
        records[i].host = records_text(i % 2 == 0 ? "a\0b" : "a\0c", 3);
    }
    struct host_counts_table *table = table_of(records, 40);
    assert_true(host_counts_table_find(table, "a\0b", 3, &counts));
    assert_int_equal(counts.full_in_clear, 20);
    assert_true(host_counts_table_find(table, "a", 1, &counts));
    assert_int_equal(counts.full_in_clear, 0);
    host_counts_table_free(table);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(refusals_are_counted_by_cause),
        cmocka_unit_test(ages_of_ids_are_kept_apart_from_those_of_tickets),
        cmocka_unit_test(what_issues_is_counted_before_tls_1_3_only),
        cmocka_unit_test(stalled_flights_are_counted_with_what_they_cost),
        cmocka_unit_test(retries_are_counted_of_tls_1_3_over_tcp),
        cmocka_unit_test(what_is_neither_full_nor_resumed_is_not_counted),
        cmocka_unit_test(hosts_are_told_apart_and_unknown_ones_have_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
