/* Causes of refusals, chains and missed resumptions, as the database then says. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* ---- Refusals by one session ---- */

static void each_cause_is_the_first_that_holds(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t rows[6];

    ledger_add_issues(store, 'a', 0, 1);
    struct handshake refusal = ledger_offer(7202, 'a', 1, OUTCOME_REFUSED);
    refusal.server.address[15] = 9; /* which comes later */
    rows[0] = ledger_add(store, &refusal);
    refusal.time_ns = FIXTURE_TIME_NS + 7201 * INT64_C(1000000000); /* as old as its hint */
    rows[1] = ledger_add(store, &refusal);
    ledger_set_host(&refusal, "other.example");
    rows[2] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'a', 1, OUTCOME_REFUSED);
    rows[3] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'x', 1, OUTCOME_REFUSED);
    rows[4] = ledger_add(store, &refusal);
    refusal = ledger_offer(60, 'a', 1, OUTCOME_ACCEPTED);
    rows[5] = ledger_add(store, &refusal);
    fixture_close(store);
    const char *const causes[] = {"expired",     "other-server", "name-changed",
                                  "unexplained", "never-seen",   "(null)"};
    for (size_t i = 0; i < 6; i++) {
        ledger_assert_cause(fixture->path, rows[i], causes[i]);
    }
}

static void an_open_hint_never_expires(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = ledger_issue(0, 'a', 1);

    issue.lifetime_hint_s = 0;
    (void)ledger_add(store, &issue);
    const struct handshake refusal = ledger_offer(1000000, 'a', 1, OUTCOME_REFUSED);
    const int64_t row = ledger_add(store, &refusal);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

static void a_changed_master_secret_is_a_cause_both_ways(void **state)
{
    const struct fixture *fixture = *state;
    const struct {
        enum extended_master_secret then;
        enum extended_master_secret now;
        const char *cause;
    } cases[] = {
        {EXTENDED_MASTER_SECRET_NO, EXTENDED_MASTER_SECRET_YES, "ems-changed"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_NO, "ems-changed"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_YES, "unexplained"},
        {EXTENDED_MASTER_SECRET_UNKNOWN, EXTENDED_MASTER_SECRET_YES, "unexplained"},
        {EXTENDED_MASTER_SECRET_YES, EXTENDED_MASTER_SECRET_UNKNOWN, "unexplained"},
    };

    for (uint32_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct store *store = fixture_open(fixture->path);
        struct handshake issue = ledger_issue((int64_t)10 * i, 'a', i);
        struct handshake refusal = ledger_offer((int64_t)10 * i + 1, 'a', i, OUTCOME_REFUSED);
        issue.extended_master_secret = cases[i].then;
        refusal.extended_master_secret = cases[i].now;
        (void)ledger_add(store, &issue);
        const int64_t row = ledger_add(store, &refusal);
        fixture_close(store);
        ledger_assert_cause(fixture->path, row, cases[i].cause);
    }
}

static void a_session_id_is_refused_for_no_key(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = fixture_handshake(0);
    struct handshake refusal = fixture_handshake(5);

    issue.issued_id = fixture_hash(1);
    refusal.session_offered = fixture_hash(1);
    refusal.offered = OFFER_ID;
    refusal.outcome = OUTCOME_REFUSED;
    (void)ledger_add(store, &issue);
    (void)ledger_add(store, &refusal);
    fixture_close(store);
    ledger_assert_sql(
        fixture,
        "SELECT refusal_cause || ' ' || coalesce(cause_without_key, 'none') FROM handshake"
        " WHERE id = 2",
        "7 none");
}

/* ---- Chains ---- */

static void a_renewed_ticket_goes_on_with_its_chain(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 1);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct ledger_ticket next = {'a', n + 1};
        struct handshake renewal = ledger_offer((int64_t)100 * n, 'a', n, OUTCOME_ACCEPTED);
        renewal.renewed = true;
        renewal.issued_ticket = ledger_hash(&next);
        renewal.issued_shape = ledger_shape(&next);
        renewal.issued_ticket_bytes = 192;
        renewal.lifetime_hint_s = 300;
        (void)ledger_add(store, &renewal);
    }
    fixture_close(store);
    ledger_assert_sql(fixture, "SELECT group_concat(chain_length, '') FROM v_session", "1234");
    ledger_assert_sql(fixture,
                      "SELECT count(DISTINCT chain_start) || min(chain_start) FROM v_session",
                      "12023-11-14T22:13:21.000000000Z");
    ledger_assert_sql(fixture,
                      "SELECT count(*) FROM v_session AS s JOIN v_session AS p"
                      " ON p.session = s.parent WHERE s.chain_length = p.chain_length + 1",
                      "3");
}

static void a_full_handshake_begins_a_new_chain(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    const struct ledger_ticket first = {'a', 1};
    const struct ledger_ticket second = {'b', 1};

    ledger_add_issues(store, 'a', 0, 1);
    const struct handshake refusal = ledger_refusal(10, &first, &second);
    (void)ledger_add(store, &refusal);
    fixture_close(store);
    ledger_assert_sql(fixture,
                      "SELECT group_concat(chain_length || coalesce(parent, '-'), ' ')"
                      " FROM v_session",
                      "1- 1-");
}

static void a_session_knows_whom_it_was_issued_to(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake issue = ledger_issue(0, 'a', 1);

    issue.extended_master_secret = EXTENDED_MASTER_SECRET_YES;
    (void)ledger_add(store, &issue);
    const struct handshake unseen = ledger_offer(1, 'a', 2, OUTCOME_ACCEPTED);
    (void)ledger_add(store, &unseen);
    fixture_close(store);
    ledger_assert_sql(fixture,
                      "SELECT group_concat(coalesce(client || extended_master_secret, 'null'), ' ')"
                      " FROM v_session",
                      "192.0.2.771 null");
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(each_cause_is_the_first_that_holds),
        IN_DIRECTORY(an_open_hint_never_expires),
        IN_DIRECTORY(a_changed_master_secret_is_a_cause_both_ways),
        IN_DIRECTORY(a_session_id_is_refused_for_no_key),
        IN_DIRECTORY(a_renewed_ticket_goes_on_with_its_chain),
        IN_DIRECTORY(a_full_handshake_begins_a_new_chain),
        IN_DIRECTORY(a_session_knows_whom_it_was_issued_to),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
