/* Verdicts of old and odd hellos. */
#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* The age that counts is that of the identity selected, not of the first. */
static void rule_2_only_the_selected_identity_may_be_external(void **unused)
{
    (void)unused;
    /* identity<u16>, obfuscated_ticket_age u32: a ticket, an external PSK, a ticket */
    static const uint8_t identities[] = {0, 1, 'a', 0, 0, 0,   7, 0, 1, 'b', 0,
                                         0, 0, 0,   0, 1, 'c', 0, 0, 0, 9};
    struct client_hello hello = story_psk_hello;
    hello.psk_identities = (struct bytes){identities, sizeof(identities)};
    hello.psk_count = 3;
    hello.obfuscated_age = 7;
    for (uint16_t selected = 0; selected < 3; selected++) {
        struct verdict_state state;
        struct server_hello answer = story_psk_13;
        answer.selected_identity = selected;
        verdict_init(&state);
        story_client_hello(&state, &hello);
        story_server_hello(&state, &answer);
        story_assert_reads(&state, VERDICT_RESUMED_PSK,
                           selected == 1 ? CERTAINTY_LIKELY : CERTAINTY_CERTAIN, OFFER_PSK,
                           OUTCOME_ACCEPTED);
        assert_int_equal(story_has_anomaly(&state, ANOMALY_EXTERNAL_PSK), selected == 1);
    }
}

static void rule_2_an_identity_too_far_down_the_list_is_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_psk_hello;
    struct server_hello answer = story_psk_13;
    hello.psk_count = 40;
    answer.selected_identity = VERDICT_LAST_IDENTITY + 1;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &answer);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_RESUMED_PSK);
    assert_int_equal(story_read_now(&state).certainty, CERTAINTY_LIKELY);
}

static void rule_1_a_hello_retry_request_without_psk_decides_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    story_say(&state, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_full_13);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_int_equal(state.retries, 1);
    assert_false(story_has_anomaly(&state, ANOMALY_SEVERAL_RETRY_REQUESTS));
}

static void more_than_one_hello_retry_request_is_an_anomaly(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    for (int retry = 0; retry < 2; retry++) {
        story_client_hello(&state, &story_compat_hello);
        story_say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    }
    assert_true(story_has_anomaly(&state, ANOMALY_SEVERAL_RETRY_REQUESTS));
}

static void sslv3_resumes_by_id_alone(void **unused)
{
    (void)unused;
    struct verdict_state state;
    const struct server_hello answer = {
        .session_id = story_id, .version = SSL_3_0, .cipher = 0x000a};
    verdict_init(&state);
    story_client_hello(&state,
                       &(struct client_hello){.session_id = story_id, .highest_version = SSL_3_0});
    story_server_hello(&state, &answer);
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_no_id, .highest_version = SSL_3_0});
    story_server_hello(&state, &answer);
    story_server_certificate_flight(&state);
    story_alert(&state, TLS_CLIENT, 1, 41); /* no_certificate (RFC 6101, 5.4.2) */
    story_client_key_flight(&state);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void an_id_too_long_to_be_one_is_no_offer(void **unused)
{
    (void)unused;
    static const uint8_t long_id[HELLO_SESSION_ID_MAX + 1] = {0xaa};
    const struct bytes id = {long_id, sizeof(long_id)};
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = id});
    story_server_hello(&state, &(struct server_hello){.session_id = id});
    story_rest_of_abbreviated(&state);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    assert_int_equal(story_read_now(&state).offered, OFFER_NONE);
}

static void another_id_behind_a_short_one_is_no_ticketbleed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_short_id,
                                                      .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_abbreviated(&state);
    assert_false(story_has_anomaly(&state, ANOMALY_TICKETBLEED));
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_short_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_full(&state);
    assert_false(story_has_anomaly(&state, ANOMALY_TICKETBLEED)); /* no ticket was offered */
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rule_2_only_the_selected_identity_may_be_external),
    cmocka_unit_test(rule_2_an_identity_too_far_down_the_list_is_likely),
    cmocka_unit_test(rule_1_a_hello_retry_request_without_psk_decides_nothing),
    cmocka_unit_test(more_than_one_hello_retry_request_is_an_anomaly),
    cmocka_unit_test(sslv3_resumes_by_id_alone),
    cmocka_unit_test(an_id_too_long_to_be_one_is_no_offer),
    cmocka_unit_test(another_id_behind_a_short_one_is_no_ticketbleed),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
