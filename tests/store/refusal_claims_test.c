/* When a change of key explains the refusal of a ticket whose own key is not known, as too few
 * tickets under it were seen. */
#include "tests/store/ledger.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

/* Issued at so many seconds in place of a ticket that is refused. */
static int64_t refuse_for(struct store *store, int64_t at_s, char key, char instead, uint32_t n)
{
    const struct ledger_ticket offered = {key, 1};
    const struct ledger_ticket issued = {instead, n};
    const struct handshake handshake = ledger_refusal(at_s, &offered, &issued);
    return ledger_add(store, &handshake);
}

static void one_ticket_of_the_old_key_is_enough(void **state)
{
    const struct fixture *fixture = *state;

    for (uint32_t old = 1; old <= 2; old++) {
        (void)remove(fixture->path);
        struct store *store = fixture_open(fixture->path);
        for (uint32_t n = 1; n <= old; n++) {
            ledger_add_issue(store, n, 'a', n);
        }
        ledger_add_acceptance(store, 50, 'a', 1);
        const int64_t row = refuse_for(store, 100, 'a', 'b', 1);
        ledger_add_issue(store, 110, 'b', 2);
        ledger_commit(store);
        /* Of two tickets nobody knows that they begin with a name. */
        ledger_assert_cause(fixture->path, row, "unexplained");
        ledger_add_issue(store, 120, 'b', 3);
        ledger_commit(store);
        ledger_assert_cause(fixture->path, row, "key-changed");
        /* And again, now that the new key is known. */
        const int64_t again = ledger_add_refusal(store, 130, 'a', 1);
        fixture_close(store);
        ledger_assert_cause(fixture->path, again, "key-changed");
        ledger_assert_cause(fixture->path, row, "key-changed");
    }
}

/* Accepted at that time by one server or another: before the new key is known, or after. */
static void check_accepted_since(const struct fixture *fixture, uint8_t server, int64_t at_s)
{
    const bool is_early = at_s < 110;
    struct store *store = fixture_open(fixture->path);
    struct handshake accepted = ledger_offer(at_s, 'a', 1, OUTCOME_ACCEPTED);

    accepted.server.address[15] = server;
    ledger_add_issue(store, 0, 'a', 1);
    const int64_t row = refuse_for(store, 100, 'a', 'b', 1);
    if (is_early) {
        (void)ledger_add(store, &accepted);
    }
    ledger_add_issue(store, 110, 'b', 2);
    ledger_add_issue(store, 120, 'b', 3);
    ledger_commit(store);
    ledger_assert_cause(fixture->path, row, is_early ? "unexplained" : "key-changed");
    if (!is_early) {
        (void)ledger_add(store, &accepted);
    }
    /* Nor are later refusals explained: two keys may be in use. */
    const int64_t later = ledger_add_refusal(store, 140, 'a', 1);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
    ledger_assert_cause(fixture->path, later, "unexplained");
}

static void a_ticket_accepted_since_was_under_no_key_that_is_gone(void **state)
{
    const struct fixture *fixture = *state;

    for (uint8_t server = 1; server <= 9; server += 8) {
        for (int64_t at_s = 105; at_s <= 135; at_s += 30) {
            (void)remove(fixture->path);
            check_accepted_since(fixture, server, at_s);
        }
    }
}

/* Issued at that time under some key, among tickets of the new one. */
static void check_doubt(const struct fixture *fixture, char key, int64_t at_s)
{
    struct store *store = fixture_open(fixture->path);

    ledger_add_issue(store, 0, 'a', 1);
    const int64_t row = refuse_for(store, 100, 'a', 'b', 1);
    for (int64_t now_s = 105; now_s <= 145; now_s += 10) {
        if (at_s + 5 == now_s) {
            ledger_add_issue(store, at_s, key, 9);
        }
        ledger_add_issue(store, now_s, 'b', (uint32_t)now_s);
        ledger_commit(store);
    }
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

/* Behind the address is another issuer: of tickets without a name, or under the old key. */
static void another_ticket_of_an_unknown_key_is_a_doubt(void **state)
{
    const struct fixture *fixture = *state;

    for (const char *key = "xa"; *key != '\0'; key++) {
        for (int64_t at_s = 100; at_s <= 140; at_s += 10) {
            (void)remove(fixture->path);
            check_doubt(fixture, *key, at_s);
        }
    }
}

/* A second rotation looks like another issuer only until its key is known. */
static void a_doubt_goes_when_its_key_becomes_known(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issue(store, 0, 'a', 1);
    const int64_t row = refuse_for(store, 100, 'a', 'b', 1);
    ledger_add_issue(store, 110, 'b', 2);
    ledger_add_issue(store, 120, 'b', 3);
    ledger_commit(store);
    ledger_assert_cause(fixture->path, row, "key-changed");
    for (uint32_t n = 1; n <= 3; n++) {
        ledger_add_issue(store, 200 + n, 'c', n);
        ledger_commit(store);
        ledger_assert_cause(fixture->path, row, n < 3 ? "unexplained" : "key-changed");
    }
    fixture_close(store);
}

static void a_refusal_by_whom_nobody_knows_is_not_explained(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);

    ledger_add_issue(store, 0, 'a', 1);
    ledger_add_issues(store, 'b', 10, 3);
    const int64_t row = refuse_for(store, 100, 'a', 'x', 1);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

static void only_a_layout_that_the_ticket_fits_tells_of_it(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    struct handshake other = ledger_issue(0, 'a', 1);

    other.issued_shape.layouts = 1U << TICKET_LAYOUT_JAVA;
    (void)ledger_add(store, &other);
    struct handshake refusal = ledger_offer(100, 'a', 1, OUTCOME_REFUSED);
    refusal.offered_shape.layouts = 1U << TICKET_LAYOUT_JAVA;
    const int64_t row = ledger_add(store, &refusal);
    ledger_add_issues(store, 'b', 90, 3);
    fixture_close(store);
    ledger_assert_cause(fixture->path, row, "unexplained");
}

/* Both named by too few tickets: o12 of the labelled captures. */
static void keys_without_a_name_side_by_side_explain_nothing(void **state)
{
    const struct fixture *fixture = *state;
    struct store *store = fixture_open(fixture->path);
    int64_t rows[4];

    ledger_add_issue(store, 0, 'a', 1);
    for (uint32_t n = 0; n < 4; n++) {
        rows[n] = refuse_for(store, 10 + 20 * (int64_t)n, 'a', 'b', n + 1);
        ledger_add_acceptance(store, 20 + 20 * (int64_t)n, 'a', 1);
        ledger_commit(store);
    }
    fixture_close(store);
    for (size_t i = 0; i < 4; i++) {
        ledger_assert_cause(fixture->path, rows[i], "unexplained");
    }
}

enum { STEPS = 11 };

static void tell_step(struct store *store, int step)
{
    static const char issued[STEPS] = "a..bbccc.x.";
    const int64_t at_s = 10 * (int64_t)step;

    if (step == 2) {
        (void)refuse_for(store, at_s, 'a', 'b', 2);
    } else if (issued[step] == '.') {
        (void)ledger_add_refusal(store, at_s, 'a', 1);
    } else {
        ledger_add_issue(store, at_s, issued[step], (uint32_t)step + 1);
    }
}

/* Each bit of `cuts`: a step that another run begins with. Steps after `last` are not told. */
static const char *causes_of(const char *path, uint32_t cuts, int last)
{
    (void)remove(path);
    struct store *store = fixture_open(path);

    for (int step = 0; step <= last; step++) {
        if ((cuts >> step & 1) != 0) {
            fixture_close(store);
            store = fixture_open(path);
        }
        tell_step(store, step);
    }
    fixture_close(store);
    return fixture_sql(path, "SELECT group_concat(refusal_cause, ' ') FROM v_handshake");
}

static void it_makes_no_difference_where_runs_end(void **state)
{
    const struct fixture *fixture = *state;
    static const char *const causes[STEPS] = {
        [0] = "(null)",
        [1] = "unexplained",
        [2] = "unexplained unexplained",
        [3] = "unexplained unexplained",
        [4] = "unexplained key-changed", /* the first one came before the new key */
        [5] = "unexplained unexplained",
        [6] = "unexplained unexplained",
        [7] = "unexplained key-changed",
        [8] = "unexplained key-changed key-changed",
        [9] = "unexplained unexplained unexplained",
        [10] = "unexplained unexplained unexplained unexplained",
    };

    for (int last = 0; last < STEPS; last++) {
        assert_string_equal(causes_of(fixture->path, 0, last), causes[last]);
        assert_string_equal(causes_of(fixture->path, UINT32_MAX, last), causes[last]);
        for (int step = 1; step <= last; step++) {
            assert_string_equal(causes_of(fixture->path, UINT32_C(1) << step, last), causes[last]);
        }
    }
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, fixture_make, fixture_remove)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(one_ticket_of_the_old_key_is_enough),
        IN_DIRECTORY(a_ticket_accepted_since_was_under_no_key_that_is_gone),
        IN_DIRECTORY(another_ticket_of_an_unknown_key_is_a_doubt),
        IN_DIRECTORY(a_doubt_goes_when_its_key_becomes_known),
        IN_DIRECTORY(a_refusal_by_whom_nobody_knows_is_not_explained),
        IN_DIRECTORY(only_a_layout_that_the_ticket_fits_tells_of_it),
        IN_DIRECTORY(keys_without_a_name_side_by_side_explain_nothing),
        IN_DIRECTORY(it_makes_no_difference_where_runs_end),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
