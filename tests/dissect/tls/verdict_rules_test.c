/* The rules between the rows of SPEC's truth tables. */
#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void rule_2_obfuscated_age_zero_is_likely_an_external_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_psk_hello;
    hello.obfuscated_age = 0;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &story_psk_13);
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_LIKELY, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_true(story_has_anomaly(&state, ANOMALY_EXTERNAL_PSK));
}

static void rule_2_a_selected_psk_that_nobody_offered_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_psk_13);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    assert_true(story_has_anomaly(&state, ANOMALY_PSK_NOT_OFFERED));
}

static void rule_4_abbreviated_after_no_offer_is_unknown_and_an_anomaly(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_int_equal(story_read_now(&state).reason, REASON_NOT_OFFERED);
    assert_true(story_has_anomaly(&state, ANOMALY_ABBREVIATED_WITHOUT_OFFER));
}

/* Of two handshakes on one connection, with all between them lost. */
static void rules_3_and_4_contradicting_each_other_prove_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_finish(&state, TLS_SERVER);
    story_say(&state, TLS_CLIENT, TLS_GAP);
    story_client_key_flight(&state);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_GAP);
}

static void rule_4_an_id_beside_tls13_counts_once_it_is_accepted(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_false(story_read_now(&state).id_needs_sighting);
}

static void an_id_of_a_client_that_knows_tls13_needs_to_have_been_seen(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id,
                                                      .ticket_extension = TICKET_EMPTY,
                                                      .has_supported_versions = true});
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(story_read_now(&state).id_needs_sighting);
}

static void rule_5_gap_after_server_hello_and_equal_id_is_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_say(&state, TLS_SERVER, TLS_GAP);
    story_finish(&state, TLS_SERVER);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_finish(&state, TLS_CLIENT);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_ACCEPTED);
}

static void rule_5_gap_after_server_hello_and_other_id_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(
        &state, &(struct client_hello){.session_id = story_id, .ticket_extension = TICKET_PRESENT});
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id});
    story_say(&state, TLS_SERVER, TLS_GAP);
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_GAP);
}

static void rule_5_gap_in_the_client_too_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_say(&state, TLS_SERVER, TLS_GAP);
    story_say(&state, TLS_CLIENT, TLS_GAP);
    story_rest_of_abbreviated(&state);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
}

static void rule_6_reset_before_both_are_done_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_finish(&state, TLS_SERVER);
    story_say(&state, TLS_CLIENT, TLS_RESET);
    story_assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_FAILED);
    assert_int_equal(story_read_now(&state).reason, REASON_RESET);
}

static void rule_7_a_reset_does_not_undo_a_proven_full_handshake(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_server_certificate_flight(&state);
    story_say(&state, TLS_CLIENT, TLS_RESET);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_full_13);
    story_say(&state, TLS_CLIENT, TLS_RESET);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_reset_before_the_clients_finished_fails_a_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &story_psk_13);
    story_say(&state, TLS_CLIENT, TLS_RESET);
    story_assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_FAILED);
}

static void rule_6_reset_or_alert_after_both_are_done_changes_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_full_13);
    story_rest_of_tls13(&state);
    story_alert(&state, TLS_SERVER, 2, 20);
    story_say(&state, TLS_CLIENT, TLS_RESET);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_warning_is_no_failure(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_alert(&state, TLS_SERVER, 1, 112);
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_full(&state);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_record_of_an_alerts_size_instead_of_finished_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_full_13);
    story_record(&state, TLS_SERVER, 900);
    story_record(&state, TLS_CLIENT, 19);
    const struct verdict_reading reading = story_read_now(&state);
    assert_int_equal(reading.verdict, VERDICT_FAILED);
    assert_int_equal(reading.certainty, CERTAINTY_LIKELY);
    assert_int_equal(reading.reason, REASON_ENCRYPTED_ALERT);
}

static void rule_7_a_handshake_record_after_finished_is_a_renegotiation(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_say(&state, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE);
    story_finish(&state, TLS_SERVER);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
    assert_true(story_has_anomaly(&state, ANOMALY_ENCRYPTED_RENEGOTIATION));
}

static void a_psk_answered_in_tls12_without_ticket_is_not_applicable(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &(struct server_hello){.session_id = story_other_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_NOT_APPLICABLE);
}

static void a_client_alone_shows_no_false_start(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_client_key_flight(&state);
    story_record(&state, TLS_CLIENT, 300);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
    assert_false(story_has_anomaly(&state, ANOMALY_FALSE_START));
}

static void a_damaged_client_hello_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    const struct tls_event broken = {.kind = TLS_CLIENT_HELLO, .from = TLS_CLIENT};
    verdict_init(&state);
    verdict_after(&state, &broken);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_DAMAGED_HELLO);
}

static void how_it_ended_is_the_reason_when_nothing_else_is(void **unused)
{
    (void)unused;
    static const struct {
        enum verdict_ending ending;
        enum reason reason;
    } cases[] = {
        {VERDICT_ENDING_CUT, REASON_CUT},
        {VERDICT_ENDING_EVICTED, REASON_EVICTED},
        {VERDICT_ENDING_CLOSED, REASON_NO_SERVER_HELLO},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct verdict_state state;
        struct verdict_reading reading;
        verdict_init(&state);
        story_client_hello(&state, &story_compat_hello);
        story_say(&state, TLS_SERVER, TLS_FIN);
        verdict_read(&state, cases[i].ending, &reading);
        assert_int_equal(reading.reason, cases[i].reason);
    }
}

/* A full handshake whose server echoes the ID, with one message of the server's flight lost. */
static void tell_with_one_lost(struct verdict_state *state, enum tls_event_kind lost)
{
    static const enum tls_event_kind flight[] = {TLS_SERVER_HELLO, TLS_CERTIFICATE,
                                                 TLS_SERVER_KEY_EXCHANGE, TLS_SERVER_HELLO_DONE};

    story_client_hello(state, &(struct client_hello){.session_id = story_id});
    for (size_t i = 0; i < sizeof(flight) / sizeof(flight[0]); i++) {
        if (flight[i] == lost) {
            story_say(state, TLS_SERVER, TLS_GAP);
        } else if (flight[i] == TLS_SERVER_HELLO) {
            story_server_hello(state, &(struct server_hello){.session_id = story_id});
        } else {
            story_say(state, TLS_SERVER, flight[i]);
        }
    }
    story_client_key_flight(state);
    story_finish(state, TLS_SERVER);
}

static void absence_of_evidence_is_never_resumption(void **unused)
{
    (void)unused;
    static const enum tls_event_kind losses[] = {TLS_SERVER_HELLO, TLS_CERTIFICATE,
                                                 TLS_SERVER_KEY_EXCHANGE, TLS_SERVER_HELLO_DONE};
    for (size_t i = 0; i < sizeof(losses) / sizeof(losses[0]); i++) {
        struct verdict_state state;
        verdict_init(&state);
        tell_with_one_lost(&state, losses[i]);
        assert_int_equal(story_read_now(&state).verdict, VERDICT_FULL);
    }
}

static void an_end_behind_a_gap_is_no_failure_of_the_handshake(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &(struct client_hello){.session_id = story_no_id});
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_server_certificate_flight(&state);
    story_client_key_flight(&state);
    story_say(&state, TLS_SERVER, TLS_GAP);
    story_say(&state, TLS_SERVER, TLS_ENCRYPTED_ALERT);
    story_say(&state, TLS_SERVER, TLS_RESET);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void a_server_hello_seen_before_its_client_hello_is_compared_with_it(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_client_hello(&state, &(struct client_hello){.session_id = story_id});
    story_finish(&state, TLS_SERVER);
    story_finish(&state, TLS_CLIENT);
    story_assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(rule_2_obfuscated_age_zero_is_likely_an_external_psk),
    cmocka_unit_test(rule_2_a_selected_psk_that_nobody_offered_is_unknown),
    cmocka_unit_test(rule_4_abbreviated_after_no_offer_is_unknown_and_an_anomaly),
    cmocka_unit_test(rules_3_and_4_contradicting_each_other_prove_nothing),
    cmocka_unit_test(rule_4_an_id_beside_tls13_counts_once_it_is_accepted),
    cmocka_unit_test(an_id_of_a_client_that_knows_tls13_needs_to_have_been_seen),
    cmocka_unit_test(rule_5_gap_after_server_hello_and_equal_id_is_likely),
    cmocka_unit_test(rule_5_gap_after_server_hello_and_other_id_is_unknown),
    cmocka_unit_test(rule_5_gap_in_the_client_too_is_unknown),
    cmocka_unit_test(rule_6_reset_before_both_are_done_is_failed),
    cmocka_unit_test(rule_7_a_reset_does_not_undo_a_proven_full_handshake),
    cmocka_unit_test(rule_6_a_reset_before_the_clients_finished_fails_a_psk),
    cmocka_unit_test(rule_6_reset_or_alert_after_both_are_done_changes_nothing),
    cmocka_unit_test(rule_6_a_warning_is_no_failure),
    cmocka_unit_test(rule_6_a_record_of_an_alerts_size_instead_of_finished_is_failed),
    cmocka_unit_test(rule_7_a_handshake_record_after_finished_is_a_renegotiation),
    cmocka_unit_test(a_psk_answered_in_tls12_without_ticket_is_not_applicable),
    cmocka_unit_test(a_client_alone_shows_no_false_start),
    cmocka_unit_test(a_damaged_client_hello_is_unknown),
    cmocka_unit_test(how_it_ended_is_the_reason_when_nothing_else_is),
    cmocka_unit_test(absence_of_evidence_is_never_resumption),
    cmocka_unit_test(an_end_behind_a_gap_is_no_failure_of_the_handshake),
    cmocka_unit_test(a_server_hello_seen_before_its_client_hello_is_compared_with_it),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
