/* One test for each row of SPEC's truth table for TLS <= 1.2, named after it. */
#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void row_1_nothing_offered_full_with_new_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(verdict_is_done(&state) && verdict_is_final(&state));
}

static void row_2_empty_ticket_extension_full_with_new_session_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_new_session_ticket(&state, 3);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_false(story_has_anomaly(&state, ANOMALY_EMPTY_TICKET));
}

static void row_3_id_same_id_abbreviated_is_resumed_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_finish(&state, TLS_SERVER);
    assert_false(verdict_is_done(&state));
    story_finish(&state, TLS_CLIENT);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(verdict_is_final(&state));
}

static void row_4_id_other_id_full_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
}

static void row_5_ticket_with_invented_id_echoed_without_renewal(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_ACCEPTED);
}

static void row_6_ticket_echoed_and_renewed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_server_hello(
        &state, &(struct server_hello){.session_id = story_id, .ticket_extension = TICKET_EMPTY});
    story_new_session_ticket(&state, 3);
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_ACCEPTED);
    assert_true(story_read_now(&state).is_resumed_kind);
}

static void row_7_ticket_with_empty_id_answered_with_empty_id(void **unused)
{
    (void)unused;
    for (int renewal = 0; renewal < 2; renewal++) {
        struct verdict_state state;
        verdict_init(&state);
        story_client_hello(&state, &(struct client_hello){.session_id = story_no_id,
                                                          .ticket_extension = TICKET_PRESENT});
        story_server_hello(&state, &(struct server_hello){.session_id = story_no_id});
        if (renewal == 1) {
            story_new_session_ticket(&state, 3);
        }
        story_rest_of_abbreviated(&state);
        story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                           OUTCOME_ACCEPTED);
    }
}

static void row_8_ticket_with_empty_id_answered_with_new_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_ACCEPTED);
}

static void row_9_ticket_refused_another_issued(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_new_session_ticket(&state, 3);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_REFUSED);
    assert_false(story_read_now(&state).is_resumed_kind);
}

static void row_10_ticket_refused_an_id_issued(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_REFUSED);
}

static void row_11_anonymous_suite_without_certificate_is_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_say(&state, TLS_SERVER, TLS_SERVER_HELLO_DONE);
    story_client_key_flight(&state);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void row_12_same_id_but_certificate_is_full_and_an_anomaly(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
    assert_true(story_has_anomaly(&state, ANOMALY_ECHO_WITHOUT_RESUMPTION));
}

static void row_13_server_flight_lost_but_client_key_exchange_is_full_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_say(&state, TLS_SERVER, TLS_GAP);
    story_client_key_flight(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_REFUSED);
}

static void row_14_client_only_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_finish(&state, TLS_CLIENT);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_CLIENT_ONLY);
}

static void row_14_client_only_with_key_exchange_is_full_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_client_key_flight(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_LIKELY, OFFER_NONE, OUTCOME_NONE);
}

static void row_15_server_only_abbreviated_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_SERVER_ONLY);
    assert_int_equal(story_read_now(&state).anomalies, 0);
}

static void row_16_fatal_alert_without_server_hello_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_alert(&state, TLS_SERVER, 2, 40);
    story_assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_FAILED);
    assert_int_equal(story_read_now(&state).reason, REASON_ALERT);
    assert_true(verdict_is_final(&state));
}

static void row_17_accepted_offer_then_fatal_alert_is_failed(void **unused)
{
    (void)unused;
    for (int from = 0; from < 2; from++) {
        struct verdict_state state;
        verdict_init(&state);
        story_client_hello(&state, &(struct client_hello){.session_id = story_id});
        story_server_hello(&state, &(struct server_hello){.session_id = story_id});
        story_finish(&state, TLS_SERVER);
        story_alert(&state, from == 0 ? TLS_CLIENT : TLS_SERVER, 2, 51);
        story_assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_FAILED);
    }
}

static void row_18_ticket_with_real_id_echoed_is_resumed_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_other_id,
                                                      .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_ACCEPTED);
}

static void row_19_empty_new_session_ticket_issues_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id,
                                                      .ticket_extension = TICKET_EMPTY});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_new_session_ticket(&state, 0);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(story_has_anomaly(&state, ANOMALY_EMPTY_TICKET));
}

static void row_20_application_data_before_server_ccs_is_false_start(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_record(&state, TLS_CLIENT, 300);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(story_has_anomaly(&state, ANOMALY_FALSE_START));
    assert_true(verdict_is_done(&state));
    assert_false(verdict_is_final(&state)); /* a ticket may still come */
    story_finish(&state, TLS_SERVER);
    assert_true(verdict_is_final(&state));
}

static void row_21_hello_in_sslv2_format_answered_in_v3_is_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct tls_event hello = {.kind = TLS_CLIENT_HELLO,
                              .from = TLS_CLIENT,
                              .is_parsed = true,
                              .record_version = SSL_2_0,
                              .client_hello = {.session_id = story_no_id,
                                               .legacy_version = TLS_1_0,
                                               .highest_version = TLS_1_0}};
    verdict_init(&state);
    verdict_after(&state, &hello);
    story_server_hello(
        &state,
        &(struct server_hello){.session_id = story_other_id, .version = SSL_3_0, .cipher = 0x000a});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(story_has_anomaly(&state, ANOMALY_SSLV2_HELLO));
    assert_true(verdict_is_final(&state));
}

static void row_22_placeholder_id_echoed_is_resumed_id_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_zero_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_zero_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(story_has_anomaly(&state, ANOMALY_PLACEHOLDER_ID));
}

static void row_23_short_id_with_ticket_echoed_longer_is_ticketbleed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_short_id,
                                                      .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_ACCEPTED);
    assert_true(story_has_anomaly(&state, ANOMALY_TICKETBLEED));
}

static void row_24_id_after_a_hello_verify_request_is_resumed_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_say(&state, TLS_SERVER, TLS_HELLO_VERIFY_REQUEST);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_int_equal(state.retries, 0);
}

static void row_25_capture_begins_at_client_key_exchange_is_full_offer_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_key_flight(&state);
    story_finish(&state, TLS_SERVER);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(row_1_nothing_offered_full_with_new_id),
    cmocka_unit_test(row_2_empty_ticket_extension_full_with_new_session_ticket),
    cmocka_unit_test(row_3_id_same_id_abbreviated_is_resumed_id),
    cmocka_unit_test(row_4_id_other_id_full_is_refused),
    cmocka_unit_test(row_5_ticket_with_invented_id_echoed_without_renewal),
    cmocka_unit_test(row_6_ticket_echoed_and_renewed),
    cmocka_unit_test(row_7_ticket_with_empty_id_answered_with_empty_id),
    cmocka_unit_test(row_8_ticket_with_empty_id_answered_with_new_id),
    cmocka_unit_test(row_9_ticket_refused_another_issued),
    cmocka_unit_test(row_10_ticket_refused_an_id_issued),
    cmocka_unit_test(row_11_anonymous_suite_without_certificate_is_full),
    cmocka_unit_test(row_12_same_id_but_certificate_is_full_and_an_anomaly),
    cmocka_unit_test(row_13_server_flight_lost_but_client_key_exchange_is_full_likely),
    cmocka_unit_test(row_14_client_only_is_unknown),
    cmocka_unit_test(row_14_client_only_with_key_exchange_is_full_likely),
    cmocka_unit_test(row_15_server_only_abbreviated_is_unknown),
    cmocka_unit_test(row_16_fatal_alert_without_server_hello_is_failed),
    cmocka_unit_test(row_17_accepted_offer_then_fatal_alert_is_failed),
    cmocka_unit_test(row_18_ticket_with_real_id_echoed_is_resumed_ticket),
    cmocka_unit_test(row_19_empty_new_session_ticket_issues_nothing),
    cmocka_unit_test(row_20_application_data_before_server_ccs_is_false_start),
    cmocka_unit_test(row_21_hello_in_sslv2_format_answered_in_v3_is_full),
    cmocka_unit_test(row_22_placeholder_id_echoed_is_resumed_id_likely),
    cmocka_unit_test(row_23_short_id_with_ticket_echoed_longer_is_ticketbleed),
    cmocka_unit_test(row_24_id_after_a_hello_verify_request_is_resumed_id),
    cmocka_unit_test(row_25_capture_begins_at_client_key_exchange_is_full_offer_unknown),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
