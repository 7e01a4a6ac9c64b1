#include "report/refusals.h"

#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static void add(struct refusals *refusals, int64_t id, int64_t at_s, enum refusal_cause cause)
{
    struct record record = {.id = id, .refusal_cause = cause};

    record.handshake.time_ns = records_start_ns + at_s * records_s;
    refusals_add(refusals, &record);
}

static void causes_are_counted_with_their_first_and_last(void **state)
{
    (void)state;
    struct refusals refusals;

    refusals_init(&refusals);
    add(&refusals, 1, 50, REFUSAL_CAUSE_EXPIRED);
    add(&refusals, 2, 10, REFUSAL_CAUSE_NONE);
    add(&refusals, 3, 20, REFUSAL_CAUSE_EXPIRED); /* files come out of order */
    add(&refusals, 4, 30, REFUSAL_CAUSE_NEVER_SEEN);
    add(&refusals, 5, 40, REFUSAL_CAUSE_EXPIRED);
    add(&refusals, 6, 45, REFUSAL_CAUSE_EXPIRED);
    assert_int_equal(refusals.count, 5);
    const struct occurrences *expired = &refusals.causes[REFUSAL_CAUSE_EXPIRED];
    assert_int_equal(expired->count, 4);
    assert_int_equal(expired->first_ns, records_start_ns + 20 * records_s);
    assert_int_equal(expired->last_ns, records_start_ns + 50 * records_s);
    assert_int_equal(occurrences_examples(expired), 3);
    assert_int_equal(expired->examples[0], 1);
    assert_int_equal(expired->examples[1], 3);
    assert_int_equal(expired->examples[2], 5);
    assert_int_equal(occurrences_examples(&refusals.causes[REFUSAL_CAUSE_NEVER_SEEN]), 1);
    assert_int_equal(occurrences_examples(&refusals.causes[REFUSAL_CAUSE_EMS_CHANGED]), 0);
    assert_int_equal(refusals.causes[REFUSAL_CAUSE_EMS_CHANGED].first_ns, HANDSHAKE_NULL);
}

static void what_was_missed_is_counted_by_cause(void **state)
{
    (void)state;
    struct refusals refusals;
    const enum missed missed[] = {MISSED_NOT, MISSED_REFUSED, MISSED_NOT_OFFERED, MISSED_REFUSED};

    refusals_init(&refusals);
    for (size_t i = 0; i < 4; i++) {
        const struct record record = {.id = 1, .missed = missed[i]};
        refusals_add(&refusals, &record);
    }
    assert_int_equal(refusals.missed[MISSED_NOT_OFFERED], 1);
    assert_int_equal(refusals.missed[MISSED_REFUSED], 2);
    assert_int_equal(refusals.count, 0);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(causes_are_counted_with_their_first_and_last),
        cmocka_unit_test(what_was_missed_is_counted_by_cause),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
