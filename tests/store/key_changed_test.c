/* When a change of key is the cause of a refusal, and when it only looks like that. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static int64_t psk(struct store *store, int64_t at_s, char key, uint32_t n, enum outcome outcome)
{
    const struct handshake handshake = ledger_psk(at_s, key, n, outcome);
    return ledger_add(store, &handshake);
}

static void psk_three(struct store *store, int64_t at_s, char key)
{
    for (uint32_t n = 1; n <= 3; n++) {
        (void)psk(store, at_s + n, key, n, OUTCOME_ACCEPTED);
    }
}

static void newer_tickets_under_another_key_explain_it(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t row = ledger_add_refusal(store, 200, 'a', 2);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
}

static void the_third_ticket_of_the_new_key_explains_earlier_refusals(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t rows[3];

    ledger_add_issues(store, 'a', 0, 3);
    for (uint32_t n = 1; n <= 3; n++) {
        const struct ledger_ticket offered = {'a', n};
        const struct ledger_ticket instead = {'b', n};
        const struct handshake handshake = ledger_refusal(100 + n, &offered, &instead);
        rows[n - 1] = ledger_add(store, &handshake);
        ledger_commit(store);
        ledger_assert_cause(fixture->path, rows[n - 1], n < 3 ? "unexplained" : "key-changed");
    }
    fixture_close(store);
    for (size_t i = 0; i < 3; i++) {
        ledger_assert_cause(fixture->path, rows[i], "key-changed");
    }
}

static void an_expired_ticket_is_expired_first(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t row = ledger_add_refusal(store, 20000, 'a', 2);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "expired");
}

static void the_new_key_s_own_tickets_have_another_cause(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t row = ledger_add_refusal(store, 200, 'b', 2);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

static void a_key_that_is_accepted_later_was_not_gone(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t before = ledger_add_refusal(store, 200, 'a', 1);
    ledger_commit(store);
    ledger_assert_cause(fixture->path, before, "key-changed");
    ledger_add_acceptance(store, 300, 'a', 2);
    const int64_t after = ledger_add_refusal(store, 400, 'a', 3);
    fixture_close(store);
    ledger_assert_cause(fixture->path, before, "unexplained");
    ledger_assert_cause(fixture->path, after, "key-changed");
    /* Also when it is accepted by another server of the host, in another run. */
    store = fixture_open(fixture->path);
    struct handshake elsewhere = ledger_offer(500, 'a', 2, OUTCOME_ACCEPTED);
    elsewhere.server.address[15] = 9;
    (void)ledger_add(store, &elsewhere);
    fixture_close(store);
    ledger_assert_cause(fixture->path, after, "unexplained");
}

static void a_key_that_another_host_accepts_is_still_gone(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    const int64_t row = ledger_add_refusal(store, 200, 'a', 1);
    struct handshake elsewhere = ledger_offer(300, 'a', 2, OUTCOME_ACCEPTED);
    ledger_set_host(&elsewhere, "other.example");
    (void)ledger_add(store, &elsewhere);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
}

/* A rotation as it should be: the old key is accepted, and its tickets renewed, for a while. */
static void a_key_dropped_after_an_overlap_explains_it(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    ledger_add_issues(store, 'b', 100, 3);
    ledger_add_acceptance(store, 150, 'a', 1);
    ledger_add_acceptance(store, 160, 'a', 2);
    const int64_t row = ledger_add_refusal(store, 200, 'a', 3);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
}

/* Two backends behind one address: each goes on issuing under its own key. */
static void keys_in_use_side_by_side_explain_nothing(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t rows[20];

    for (uint32_t n = 0; n < 20; n++) {
        const char mine = n % 2 == 0 ? 'a' : 'b';
        const struct ledger_ticket offered = {mine == 'a' ? 'b' : 'a', n};
        const struct ledger_ticket instead = {mine, n + 1};
        const struct handshake handshake = ledger_refusal((int64_t)10 * n, &offered, &instead);
        rows[n] = ledger_add(store, &handshake);
        if (n % 3 == 0) {
            ledger_commit(store);
        }
    }
    fixture_close(store);
    for (size_t i = 0; i < 19; i++) {
        ledger_assert_cause(fixture->path, rows[i], i == 0 ? "never-seen" : "unexplained");
    }
}

/* Two servers of one host without a common key: their addresses tell. */
static void servers_without_a_common_key_are_other_servers(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issues(store, 'a', 0, 3);
    for (uint32_t n = 1; n <= 3; n++) {
        struct handshake elsewhere = ledger_issue(100 + n, 'b', n);
        elsewhere.server.address[15] = 9;
        (void)ledger_add(store, &elsewhere);
    }
    struct handshake refusal = ledger_offer(200, 'a', 2, OUTCOME_REFUSED);
    refusal.server.address[15] = 9;
    const int64_t row = ledger_add(store, &refusal);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "other-server");
}

static void tls13_identities_explain_it_without_an_issue(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    psk_three(store, 0, 'a');
    const int64_t row = psk(store, 100, 'a', 4, OUTCOME_REFUSED);
    ledger_commit(store);
    ledger_assert_cause(fixture->path, row, "never-seen");
    psk_three(store, 200, 'b');
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
}

static void tls13_identities_accepted_and_refused_in_turn_explain_nothing(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    psk_three(store, 0, 'a');
    psk_three(store, 50, 'b');
    (void)psk(store, 100, 'a', 4, OUTCOME_REFUSED);
    (void)psk(store, 110, 'a', 5, OUTCOME_ACCEPTED);
    const int64_t row = psk(store, 120, 'a', 6, OUTCOME_REFUSED);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "never-seen");
}

static void a_key_the_server_never_had_did_not_change(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t row = 0;

    for (uint32_t n = 1; n <= 3; n++) {
        row = psk(store, n, 'x', n, OUTCOME_REFUSED);
    }
    psk_three(store, 100, 'b');
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "never-seen");
}

enum { STEPS = 21 };

/* Two keys one after the other, told one handshake at a time. */
static void tell_step(struct store *store, int step)
{
    const int64_t at_s = (int64_t)50 * step;
    const uint32_t n = (uint32_t)step % 7;
    const bool is_first = step < 10;

    if (n < 3) {
        ledger_add_issue(store, at_s, step < 7 ? 'a' : 'b', n + 1 + (step < 14 ? 0 : 3));
    } else if (n == 3) {
        ledger_add_acceptance(store, at_s, is_first ? 'a' : 'b', 1);
    } else if (n == 4) {
        (void)ledger_add_refusal(store, at_s, 'a', 2);
    } else {
        (void)psk(store, at_s, is_first ? 'a' : 'b', (uint32_t)step + 50, OUTCOME_ACCEPTED);
    }
}

/* The whole story in a new file; each bit of `cuts`: a step that another run begins with. */
static void tell_story(const char *path, uint32_t cuts)
{
    (void)remove(path);
    struct store *store = fixture_open(path);

    for (int step = 0; step < STEPS; step++) {
        if ((cuts >> step & 1) != 0) {
            fixture_close(store);
            store = fixture_open(path);
        }
        tell_step(store, step);
    }
    fixture_close(store);
}

/* Also where the cut comes between the first ticket of a key and its third. */
static void any_runs_find_what_one_run_finds(void **state)
{
    const struct fixture *fixture = *state;
    static const char ledger[] =
        "SELECT group_concat(id || refusal_cause) || (SELECT group_concat(key_name || issued_count"
        " || offered_count || accepted_count || refused_count || first_seen || last_accepted)"
        " FROM v_ticket_key_use) || (SELECT group_concat(id || missed) FROM v_missed) ||"
        " (SELECT group_concat(key_name || chain_length || warnings) FROM v_session)"
        " FROM v_handshake";
    char whole[4096];

    tell_story(fixture->path, 0);
    (void)snprintf(whole, sizeof(whole), "%s", fixture_sql(fixture->path, ledger));
    assert_non_null(strstr(whole, "key-changed"));
    for (int step = 1; step < STEPS; step++) {
        tell_story(fixture->path, UINT32_C(1) << step);
        assert_string_equal(fixture_sql(fixture->path, ledger), whole);
    }
    tell_story(fixture->path, UINT32_MAX);
    assert_string_equal(fixture_sql(fixture->path, ledger), whole);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(newer_tickets_under_another_key_explain_it),
        IN_DIRECTORY(the_third_ticket_of_the_new_key_explains_earlier_refusals),
        IN_DIRECTORY(an_expired_ticket_is_expired_first),
        IN_DIRECTORY(the_new_key_s_own_tickets_have_another_cause),
        IN_DIRECTORY(a_key_that_is_accepted_later_was_not_gone),
        IN_DIRECTORY(a_key_that_another_host_accepts_is_still_gone),
        IN_DIRECTORY(a_key_dropped_after_an_overlap_explains_it),
        IN_DIRECTORY(keys_in_use_side_by_side_explain_nothing),
        IN_DIRECTORY(servers_without_a_common_key_are_other_servers),
        IN_DIRECTORY(tls13_identities_explain_it_without_an_issue),
        IN_DIRECTORY(tls13_identities_accepted_and_refused_in_turn_explain_nothing),
        IN_DIRECTORY(a_key_the_server_never_had_did_not_change),
        IN_DIRECTORY(any_runs_find_what_one_run_finds),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
