#include "report/host_sessions.h"
#include "tests/report/records.h"

#include <setjmp.h>
#include <stdarg.h>

#include <cmocka.h>

static struct host_sessions of_one(int64_t hint_s, int64_t accepted_age_s, int64_t refused_age_s)
{
    struct session_record session = records_golden_session(0);
    struct host_sessions host;

    session.lifetime_hint_s = hint_s;
    session.largest_accepted_age_s = accepted_age_s;
    session.smallest_refused_age_s = refused_age_s;
    host_sessions_init(&host, &session.host);
    host_sessions_add(&host, &session);
    return host;
}

static void a_promise_is_broken_on_either_side_of_the_hint(void **state)
{
    (void)state;
    assert_int_equal(of_one(300, 300, HANDSHAKE_NULL).accepted_past_hint, 0);
    assert_int_equal(of_one(300, 301, HANDSHAKE_NULL).accepted_past_hint, 1);
    assert_int_equal(of_one(300, HANDSHAKE_NULL, 300).refused_within_hint, 1);
    assert_int_equal(of_one(300, HANDSHAKE_NULL, 301).refused_within_hint, 0);
}

static void no_hint_is_no_promise(void **state)
{
    (void)state;
    assert_int_equal(of_one(0, 5, HANDSHAKE_NULL).accepted_past_hint, 0);
    assert_int_equal(of_one(0, HANDSHAKE_NULL, 0).refused_within_hint, 0);
    assert_int_equal(of_one(HANDSHAKE_NULL, 5, 6).accepted_past_hint, 0);
    assert_int_equal(of_one(HANDSHAKE_NULL, 5, 6).refused_within_hint, 0);
}

static void sessions_of_a_host_are_summed(void **state)
{
    (void)state;
    struct session_record first = records_golden_session(0);
    struct host_sessions host;

    host_sessions_init(&host, &first.host);
    for (size_t i = 0; i < records_golden_sessions(); i++) {
        struct session_record session = records_golden_session(i);
        host_sessions_add(&host, &session);
    }
    assert_int_equal(host.tickets_issued, 3);
    assert_int_equal(host.tickets_renewed, 1);
    assert_int_equal(host.ids_issued, 2);
    assert_int_equal(host.never_issued, 1);
    assert_int_equal(host.reused, 4);
    assert_int_equal(host.offered, 2 + 3 + 1 + 1);
    assert_int_equal(host.accepted, 2 + 1 + 1);
    assert_int_equal(host.refused, 2 + 1);
    assert_int_equal(host.hint_min_s, 0);
    assert_int_equal(host.hint_max_s, 7200);
    assert_int_equal(host.largest_accepted_age_s, 7300);
    assert_int_equal(host.smallest_refused_age_s, 100);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(a_promise_is_broken_on_either_side_of_the_hint),
        cmocka_unit_test(no_hint_is_no_promise),
        cmocka_unit_test(sessions_of_a_host_are_summed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
