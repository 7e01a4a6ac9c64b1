/* Verdicts of SSL 2.0: only its first messages are in clear. */
#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const uint8_t id[16] = {0xd0, 0xd1};
static const struct client_hello plain = {.session_id = {id, 0}, .highest_version = SSL_2_0};
static const struct client_hello with_id = {.session_id = {id, sizeof(id)},
                                            .highest_version = SSL_2_0};
static const struct server_hello miss = {.version = SSL_2_0};
static const struct server_hello hit = {.version = SSL_2_0, .has_session_id_hit = true};

static void hello(struct verdict_state *state, const struct client_hello *offered)
{
    struct tls_event event = {
        .kind = TLS_CLIENT_HELLO, .from = TLS_CLIENT, .is_parsed = true, .record_version = SSL_2_0};

    event.client_hello = *offered;
    verdict_after(state, &event);
}

static void a_certificate_and_a_master_key_are_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    hello(&state, &plain);
    story_server_hello(&state, &miss);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_false(verdict_is_done(&state));
    story_say(&state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(verdict_is_done(&state) && verdict_is_final(&state));
    assert_true(story_has_anomaly(&state, ANOMALY_SSLV2_HELLO));
}

static void a_hit_for_an_offered_id_is_resumed_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    hello(&state, &with_id);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_server_hello(&state, &hit);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(verdict_is_done(&state) && verdict_is_final(&state));
}

static void a_certificate_for_an_offered_id_refuses_it(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    hello(&state, &with_id);
    story_server_hello(&state, &miss);
    story_say(&state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
}

/* Never resumed without both. */
static void a_hit_that_nothing_was_offered_for_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    hello(&state, &plain);
    story_server_hello(&state, &hit);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_int_equal(story_read_now(&state).reason, REASON_NOT_OFFERED);
    assert_true(story_has_anomaly(&state, ANOMALY_ABBREVIATED_WITHOUT_OFFER));
}

static void a_hit_for_a_hello_in_another_format_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &hit);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
}

static void a_hit_whose_client_was_not_seen_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_server_hello(&state, &hit);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_SERVER_ONLY);
    assert_false(verdict_is_final(&state)); /* the hello may still come, from the other tap */
    hello(&state, &with_id);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(verdict_is_final(&state));
}

static void one_side_alone_proves_what_it_can(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_server_hello(&state, &miss);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    verdict_init(&state);
    hello(&state, &with_id);
    story_say(&state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_REFUSED);
    verdict_init(&state);
    hello(&state, &with_id);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_CLIENT_ONLY);
}

static void an_unread_server_hello_proves_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    const struct tls_event broken = {
        .kind = TLS_SERVER_HELLO, .from = TLS_SERVER, .record_version = SSL_2_0};
    verdict_init(&state);
    hello(&state, &with_id);
    story_say(&state, TLS_SERVER, TLS_GAP);
    verdict_after(&state, &broken);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_GAP);
}

static void an_error_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    hello(&state, &plain);
    story_alert(&state, TLS_SERVER, 2, 40);
    story_assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_int_equal(story_read_now(&state).reason, REASON_ALERT);
    verdict_init(&state);
    hello(&state, &plain);
    story_server_hello(&state, &miss);
    story_alert(&state, TLS_CLIENT, 2, 42); /* the client does not trust the certificate */
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FAILED);
}

static void a_hello_of_both_worlds_may_be_answered_in_either(void **unused)
{
    (void)unused;
    struct verdict_state state;
    const struct client_hello both = {.session_id = story_no_id, .highest_version = TLS_1_0};
    verdict_init(&state);
    hello(&state, &both);
    story_server_hello(&state, &miss);
    story_say(&state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(verdict_is_ssl2(&state));
    verdict_init(&state);
    hello(&state, &both);
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    assert_false(verdict_is_ssl2(&state));
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(a_certificate_and_a_master_key_are_full),
    cmocka_unit_test(a_hit_for_an_offered_id_is_resumed_id),
    cmocka_unit_test(a_certificate_for_an_offered_id_refuses_it),
    cmocka_unit_test(a_hit_that_nothing_was_offered_for_is_unknown),
    cmocka_unit_test(a_hit_for_a_hello_in_another_format_is_unknown),
    cmocka_unit_test(a_hit_whose_client_was_not_seen_is_unknown),
    cmocka_unit_test(one_side_alone_proves_what_it_can),
    cmocka_unit_test(an_unread_server_hello_proves_nothing),
    cmocka_unit_test(an_error_is_failed),
    cmocka_unit_test(a_hello_of_both_worlds_may_be_answered_in_either),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
