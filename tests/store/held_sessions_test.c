/* Missed resumptions, through the store's door. */
#include "store/held_sessions.h"

#include "tests/store/ledger.h"

#include <string.h>

static enum missed missed_of(struct store *store, const struct handshake *handshake)
{
    return fixture_add(store, handshake).missed;
}

/* A full handshake without any offer, which issues nothing. */
static struct handshake full(int64_t at_s)
{
    return fixture_handshake(at_s);
}

static void a_client_with_a_session_that_offers_none_misses_one(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct handshake before = full(0);
    const struct handshake issue = ledger_issue(1, 'a', 1);
    const struct handshake after = full(10);

    assert_int_equal(missed_of(store, &before), MISSED_NOT);
    assert_int_equal(missed_of(store, &issue), MISSED_NOT);
    assert_int_equal(missed_of(store, &after), MISSED_NOT_OFFERED);
    assert_int_equal(missed_of(store, &before), MISSED_NOT); /* it began before the issue */
    fixture_close(store);
}

static void a_session_is_held_as_long_as_its_hint(void **state)
{
    (void)state;
    const struct {
        int64_t hint_s;
        int64_t held_s;
    } cases[] = {{7200, 7200}, {10, 10}, {0, 300}, {UINT32_MAX, 4000000}};

    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store *store = fixture_open(":memory:");
        struct handshake issue = ledger_issue(0, 'a', 1);
        issue.lifetime_hint_s = cases[i].hint_s;
        issue.handshake_ns = HANDSHAKE_NULL;
        (void)ledger_add(store, &issue);
        const struct handshake last = full(cases[i].held_s - 1);
        assert_int_equal(missed_of(store, &last), MISSED_NOT_OFFERED);
        if (cases[i].hint_s != UINT32_MAX) {
            const struct handshake late = full(cases[i].held_s);
            assert_int_equal(missed_of(store, &late), MISSED_NOT);
        }
        fixture_close(store);
    }
}

static void a_session_id_is_held_for_300_seconds(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake issue = full(0);
    const struct handshake last = full(299);
    const struct handshake late = full(301);

    issue.issued_id = fixture_hash(1);
    (void)ledger_add(store, &issue);
    assert_int_equal(missed_of(store, &last), MISSED_NOT_OFFERED);
    assert_int_equal(missed_of(store, &late), MISSED_NOT);
    fixture_close(store);
}

static void a_refused_session_is_missed_but_not_one_that_had_expired(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct handshake issue = ledger_issue(0, 'a', 1);
    const struct handshake refused = ledger_offer(10, 'a', 1, OUTCOME_REFUSED);
    struct handshake brief = ledger_issue(20, 'a', 2);
    const struct handshake expired = ledger_offer(40, 'a', 2, OUTCOME_REFUSED);

    (void)ledger_add(store, &issue);
    assert_int_equal(missed_of(store, &refused), MISSED_REFUSED);
    brief.lifetime_hint_s = 5;
    (void)ledger_add(store, &brief);
    assert_int_equal(missed_of(store, &expired), MISSED_NOT);
    fixture_close(store);
}

static void nothing_is_missed_by_others(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    const struct handshake issue = ledger_issue(0, 'a', 1);
    struct handshake handshake = full(10);

    (void)ledger_add(store, &issue);
    handshake.client.address[15] = 78;
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake = full(10);
    ledger_set_host(&handshake, "other.example");
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake = ledger_offer(10, 'a', 1, OUTCOME_ACCEPTED);
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake = full(10);
    handshake.version = 0x0304;
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake.version = 0;
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake = full(10);
    handshake.offered = OFFER_UNKNOWN; /* the ClientHello was not seen */
    handshake.outcome = OUTCOME_UNKNOWN;
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    handshake = full(10);
    handshake.verdict = VERDICT_FAILED;
    assert_int_equal(missed_of(store, &handshake), MISSED_NOT);
    fixture_close(store);
}

/* A browser opens several connections at once: the ticket of the first is not there yet. */
static void a_handshake_under_way_misses_nothing(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake issue = ledger_issue(0, 'a', 1);
    struct handshake beside = full(0);

    issue.handshake_ns = 45000000;
    beside.time_ns += 44999999;
    (void)ledger_add(store, &issue);
    assert_int_equal(missed_of(store, &beside), MISSED_NOT);
    beside.time_ns++;
    assert_int_equal(missed_of(store, &beside), MISSED_NOT_OFFERED);
    fixture_close(store);
}

static void times_at_the_ends_of_the_range_do_no_harm(void **state)
{
    (void)state;
    struct store *store = fixture_open(":memory:");
    struct handshake issue = ledger_issue(0, 'a', 1);
    struct handshake later = full(0);

    issue.time_ns = INT64_MAX - 5;
    issue.handshake_ns = 100;
    (void)ledger_add(store, &issue);
    issue = ledger_issue(0, 'a', 2);
    issue.time_ns = INT64_MAX - 5;
    issue.handshake_ns = 1;
    (void)ledger_add(store, &issue);
    later.time_ns = INT64_MAX - 1;
    assert_int_equal(missed_of(store, &later), MISSED_NOT_OFFERED);
    later.time_ns = INT64_MIN + 1;
    assert_int_equal(missed_of(store, &later), MISSED_NOT);
    fixture_close(store);
}

static void what_is_held_is_read_again_at_the_start(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake brief = ledger_issue(0, 'a', 1);
    const struct handshake issue = ledger_issue(1, 'a', 2);
    const struct handshake after = full(600);

    ledger_set_host(&brief, "brief.example");
    brief.lifetime_hint_s = 10;
    (void)ledger_add(store, &brief);
    (void)ledger_add(store, &issue);
    fixture_close(store);
    store = fixture_open(fixture->path);
    assert_int_equal(missed_of(store, &after), MISSED_NOT_OFFERED);
    fixture_close(store);
    assert_string_equal(
        fixture_sql(fixture->path, "SELECT id || client || host || missed FROM v_missed"),
        "3192.0.2.77www.example.comnot-offered");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_client_with_a_session_that_offers_none_misses_one),
        cmocka_unit_test(a_session_is_held_as_long_as_its_hint),
        cmocka_unit_test(a_session_id_is_held_for_300_seconds),
        cmocka_unit_test(a_refused_session_is_missed_but_not_one_that_had_expired),
        cmocka_unit_test(nothing_is_missed_by_others),
        cmocka_unit_test(a_handshake_under_way_misses_nothing),
        cmocka_unit_test(times_at_the_ends_of_the_range_do_no_harm),
        IN_DIRECTORY(what_is_held_is_read_again_at_the_start),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
