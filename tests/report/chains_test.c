#include "report/chains.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct chains *chains, int64_t length, int64_t start_s, int64_t end_s,
                bool is_renewed)
{
    const struct session_record session = {
        .chain_length = length,
        .chain_start_ns = start_s < 0 ? HANDSHAKE_NULL : records_start_ns + start_s * records_s,
        .issued_ns = records_start_ns + end_s * records_s,
        .is_renewed = is_renewed,
    };
    assert_true(chains_add(chains, &session));
}

/* Rows of 2 (60 s), 5 (900 s), 4 (100 s) and 3 (span not known) tickets: lengths 2 3 4 5, the
 * median halfway between 3 and 4, rounded down; spans 60 100 900. */
static void chains_are_told_by_their_last_ticket(void **state)
{
    (void)state;
    struct chains chains = {NULL};
    struct chain_figures figures;

    add(&chains, 1, 0, 0, true);
    add(&chains, 2, 0, 60, false);
    add(&chains, 1, 500, 500, false); /* never renewed: no row */
    add(&chains, 4, 100, 700, true);  /* the fifth goes on from it */
    add(&chains, 5, 100, 1000, false);
    add(&chains, 4, 900, 1000, false);
    add(&chains, 3, -1, 1000, false);
    chains_finish(&chains, &figures);
    assert_int_equal(figures.count, 4);
    assert_int_equal(figures.longest, 5);
    assert_int_equal(figures.median, 3);
    assert_int_equal(figures.longest_s, 900);
    assert_int_equal(figures.median_s, 100);
    chains_clear(&chains);
}

static void another_host_begins_anew(void **state)
{
    (void)state;
    struct chains chains = {NULL};
    struct chain_figures figures;

    add(&chains, 9, 0, 60, false);
    chains_finish(&chains, &figures);
    chains_finish(&chains, &figures);
    assert_int_equal(figures.count, 0);
    assert_int_equal(figures.longest, HANDSHAKE_NULL);
    assert_int_equal(figures.median_s, HANDSHAKE_NULL);
    add(&chains, 2, 0, 30, false);
    chains_finish(&chains, &figures);
    assert_int_equal(figures.longest, 2);
    assert_int_equal(figures.longest_s, 30);
    chains_clear(&chains);
}

/* Of a damaged database. */
static void a_chain_that_ends_before_it_begins_has_no_span(void **state)
{
    (void)state;
    struct chains chains = {NULL};
    struct chain_figures figures;
    struct session_record session = {.chain_length = 2, .chain_start_ns = 5, .issued_ns = 4};

    assert_true(chains_add(&chains, &session));
    session.chain_start_ns = INT64_MAX;
    session.issued_ns = INT64_MIN + 1;
    assert_true(chains_add(&chains, &session));
    chains_finish(&chains, &figures);
    assert_int_equal(figures.count, 2);
    assert_int_equal(figures.longest_s, HANDSHAKE_NULL);
    session.chain_start_ns = INT64_MIN + 1;
    session.issued_ns = INT64_MAX;
    assert_true(chains_add(&chains, &session));
    chains_finish(&chains, &figures);
    assert_int_equal(figures.longest_s, INT64_MAX / 500000000);
    chains_clear(&chains);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(chains_are_told_by_their_last_ticket),
        cmocka_unit_test(another_host_begins_anew),
        cmocka_unit_test(a_chain_that_ends_before_it_begins_has_no_span),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
