#include "tests/report/records.h"

#include "report/baseline.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static const uint8_t key[NAME_TABLE_KEY_BYTES] = {4};

static struct record record_of(const char *host, uint16_t version, enum verdict verdict, int rtts)
{
    const struct records_spec spec = {host,         "192.0.2.1", version, verdict, OFFER_NONE,
                                      OUTCOME_NONE, rtts,        10,      10};
    return records_make(&spec);
}

static uint32_t add(struct baseline_table *table, const char *host, uint16_t version,
                    enum verdict verdict, int rtts)
{
    struct record record = record_of(host, version, verdict, rtts);
    uint32_t number = 0;
    assert_true(baseline_table_add(table, &record, &number));
    return number;
}

static void most_common_round_trips_of_full_handshakes_count(void **state)
{
    (void)state;
    struct baseline_table *table = baseline_table_new(key);
    assert_non_null(table);

    uint32_t number = add(table, "a", 0x0303, VERDICT_FULL, 3);
    (void)add(table, "a", 0x0303, VERDICT_FULL, 1);
    (void)add(table, "a", 0x0303, VERDICT_FULL, 3);
    (void)add(table, "a", 0x0303, VERDICT_RESUMED_TICKET, 1);
    (void)add(table, "a", 0x0303, VERDICT_RESUMED_TICKET, 1);
    (void)add(table, "a", 0x0303, VERDICT_FULL, HANDSHAKE_RTTS_NULL);
    (void)add(table, "a", 0x0303, VERDICT_FULL, 127);
    assert_int_equal(baseline_table_rtts(table, number), 3);
    baseline_table_free(table);
}

static void of_two_equally_common_the_smaller_counts(void **state)
{
    (void)state;
    struct baseline_table *table = baseline_table_new(key);
    assert_non_null(table);

    uint32_t number = add(table, "a", 0x0303, VERDICT_FULL, 2);
    (void)add(table, "a", 0x0303, VERDICT_FULL, 1);
    assert_int_equal(baseline_table_rtts(table, number), 1);
    baseline_table_free(table);
}

static void most_common_round_trips_of_resumed_handshakes_count_too(void **state)
{
    (void)state;
    struct baseline_table *table = baseline_table_new(key);
    assert_non_null(table);

    uint32_t number = add(table, "a", 0x0304, VERDICT_RESUMED_PSK, 0);
    (void)add(table, "a", 0x0304, VERDICT_RESUMED_PSK, 0);
    (void)add(table, "a", 0x0304, VERDICT_RESUMED_PSK, 1);
    (void)add(table, "a", 0x0304, VERDICT_FULL, 3);
    (void)add(table, "a", 0x0304, VERDICT_FAILED, 5);
    (void)add(table, "a", 0x0304, VERDICT_RESUMED_PSK, HANDSHAKE_RTTS_NULL);
    uint32_t none = add(table, "b", 0x0303, VERDICT_FULL, 2);
    uint32_t unknown = add(table, "c", 0, VERDICT_UNKNOWN, 2);
    assert_int_equal(baseline_table_resumed_rtts(table, number), 0);
    assert_int_equal(baseline_table_resumed_rtts(table, none), 1);
    assert_int_equal(baseline_table_resumed_rtts(table, unknown), HANDSHAKE_RTTS_NULL);
    baseline_table_free(table);
}

static void host_and_version_are_kept_apart(void **state)
{
    (void)state;
    struct baseline_table *table = baseline_table_new(key);
    assert_non_null(table);

    uint32_t first = add(table, "a", 0x0303, VERDICT_FULL, 3);
    uint32_t second = add(table, "a", 0x0304, VERDICT_FULL, 4);
    uint32_t third = add(table, "b", 0x0303, VERDICT_FULL, 5);
    assert_int_equal(baseline_table_count(table), 3);
    assert_int_equal(baseline_table_rtts(table, first), 3);
    assert_int_equal(baseline_table_rtts(table, second), 4);
    assert_int_equal(baseline_table_rtts(table, third), 5);
    baseline_table_free(table);
}

static void protocols_own_round_trips_where_none_was_full(void **state)
{
    (void)state;
    static const struct {
        uint16_t version;
        int rtts;
    } cases[] = {{0x0300, 2},
                 {0x0301, 2},
                 {0x0303, 2},
                 {0x0304, 1},
                 {0xfefd, 2},
                 {0xfefc, 1},
                 {0, HANDSHAKE_RTTS_NULL}};
    struct baseline_table *table = baseline_table_new(key);
    assert_non_null(table);

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        uint32_t number = add(table, "a", cases[i].version, VERDICT_RESUMED_ID, 1);
        assert_int_equal(baseline_table_rtts(table, number), cases[i].rtts);
    }
    baseline_table_free(table);
}

static void asking_for_a_number_counts_nothing(void **state)
{
    (void)state;
    struct baseline_table *table = baseline_table_new(key);
    struct record record = record_of("a", 0x0303, VERDICT_FULL, 7);
    uint32_t number = 0;

    assert_non_null(table);
    assert_true(baseline_table_number(table, &record, &number));
    assert_int_equal(baseline_table_rtts(table, number), 2);
    baseline_table_free(table);
}

static void rtts_saved_only_by_resumption_with_known_figures(void **state)
{
    (void)state;
    assert_int_equal(baseline_rtts_saved(2, VERDICT_RESUMED_TICKET, 1), 1);
    assert_int_equal(baseline_rtts_saved(1, VERDICT_RESUMED_PSK, 1), 0);
    assert_int_equal(baseline_rtts_saved(1, VERDICT_RESUMED_PSK, 0), 1);
    assert_int_equal(baseline_rtts_saved(1, VERDICT_RESUMED_PSK, 2), -1);
    assert_true(baseline_rtts_saved(2, VERDICT_FULL, 1) == HANDSHAKE_NULL);
    assert_true(baseline_rtts_saved(2, VERDICT_FAILED, 1) == HANDSHAKE_NULL);
    assert_true(baseline_rtts_saved(2, VERDICT_UNKNOWN, 1) == HANDSHAKE_NULL);
    assert_true(baseline_rtts_saved(-1, VERDICT_RESUMED_ID, 1) == HANDSHAKE_NULL);
    assert_true(baseline_rtts_saved(2, VERDICT_RESUMED_ID, -1) == HANDSHAKE_NULL);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(most_common_round_trips_of_full_handshakes_count),
        cmocka_unit_test(of_two_equally_common_the_smaller_counts),
        cmocka_unit_test(most_common_round_trips_of_resumed_handshakes_count_too),
        cmocka_unit_test(host_and_version_are_kept_apart),
        cmocka_unit_test(protocols_own_round_trips_where_none_was_full),
        cmocka_unit_test(asking_for_a_number_counts_nothing),
        cmocka_unit_test(rtts_saved_only_by_resumption_with_known_figures),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
