#include "store/refusal.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* One cause less each time: the order is the rule. */
static void the_first_cause_that_holds_is_the_cause(void **state)
{
    (void)state;
    struct issued_session session = {.lifetime_hint_s = 300,
                                     .host = 1,
                                     .server = 1,
                                     .extended_master_secret = EXTENDED_MASTER_SECRET_NO};
    struct refusal refusal = {
        .age_s = 301, .host = 1, .server = 2, .extended_master_secret = EXTENDED_MASTER_SECRET_YES};

    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_EXPIRED);
    refusal.age_s = 300;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_OTHER_SERVER);
    refusal.host = 2; /* another server, but not of the host */
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_NAME_CHANGED);
    refusal.server = 1;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_NAME_CHANGED);
    refusal.host = 1;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_EMS_CHANGED);
    refusal.extended_master_secret = EXTENDED_MASTER_SECRET_NO;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_UNEXPLAINED);
    refusal.age_s = HANDSHAKE_NULL;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_NEVER_SEEN);
}

static void a_hint_that_is_open_or_unknown_promises_nothing(void **state)
{
    (void)state;
    struct issued_session session = {.lifetime_hint_s = 0, .host = 1, .server = 1};
    const struct refusal refusal = {.age_s = INT64_MAX, .host = 1, .server = 1};

    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_UNEXPLAINED);
    session.lifetime_hint_s = HANDSHAKE_NULL;
    assert_int_equal(refusal_cause_of(&session, &refusal), REFUSAL_CAUSE_UNEXPLAINED);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(the_first_cause_that_holds_is_the_cause),
        cmocka_unit_test(a_hint_that_is_open_or_unknown_promises_nothing),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
