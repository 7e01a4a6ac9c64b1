#include "store/session_offers.h"

#include "tests/store/fixture.h"

#include <string.h>

static void assert_figures(const int64_t *found, const int64_t *expected)
{
    assert_memory_equal(found, expected, SESSION_OFFER_FIGURES * sizeof(*expected));
}

static void offers_are_counted_by_how_they_went(void **state)
{
    (void)state;
    const int64_t none[] = {
        0, 0, 0, HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL, HANDSHAKE_NULL};
    const struct session_offer offers[] = {
        {1, OUTCOME_ACCEPTED, 30, 500, 0}, {1, OUTCOME_ACCEPTED, 20, 400, 0},
        {1, OUTCOME_REFUSED, 90, 900, 0},  {1, OUTCOME_REFUSED, 70, 800, 0},
        {1, OUTCOME_FAILED, 5, 950, 0},
    };
    const int64_t all[] = {5, 2, 2, 30, 70, 400, 950};
    int64_t figures[SESSION_OFFER_FIGURES];

    session_figures_init(figures);
    assert_figures(figures, none);
    for (size_t i = 0; i < sizeof(offers) / sizeof(offers[0]); i++) {
        session_figures_add(figures, &offers[i]);
    }
    assert_figures(figures, all);
}

static void an_age_that_is_not_known_is_no_age(void **state)
{
    (void)state;
    const struct session_offer accepted = {1, OUTCOME_ACCEPTED, HANDSHAKE_NULL, -5, 0};
    const struct session_offer refused = {1, OUTCOME_REFUSED, HANDSHAKE_NULL, -9, 0};
    const struct session_offer known = {1, OUTCOME_REFUSED, 0, -7, 0};
    const int64_t unknown_ages[] = {2, 1, 1, HANDSHAKE_NULL, HANDSHAKE_NULL, -9, -5};
    const int64_t one_known[] = {3, 1, 2, HANDSHAKE_NULL, 0, -9, -5};
    int64_t figures[SESSION_OFFER_FIGURES];

    session_figures_init(figures);
    session_figures_add(figures, &accepted);
    session_figures_add(figures, &refused);
    assert_figures(figures, unknown_ages);
    session_figures_add(figures, &known);
    assert_figures(figures, one_known);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(offers_are_counted_by_how_they_went),
        cmocka_unit_test(an_age_that_is_not_known_is_no_age),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
