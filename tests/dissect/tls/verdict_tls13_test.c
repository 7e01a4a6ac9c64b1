/* One test for each row of SPEC's truth table for TLS 1.3, named after it. */
#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void row_40_echoed_compatibility_id_is_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_compat_hello);
    story_server_hello(&state, &story_full_13);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(story_read_now(&state).id_needs_sighting);
    assert_true(verdict_is_final(&state));
}

static void row_41_psk_selected_with_key_share_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &story_psk_13);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(story_read_now(&state).anomalies, 0);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_NONE);
}

static void row_42_psk_selected_without_key_share_lacks_forward_secrecy(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &(struct server_hello){.version = TLS_1_3, .has_psk = true});
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_true(story_has_anomaly(&state, ANOMALY_NO_FORWARD_SECRECY));
}

static void row_43_psk_not_selected_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &story_full_13);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_REFUSED);
}

static void row_44_early_data_with_selected_psk_is_accepted(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_early_hello);
    story_say(&state, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC);
    story_record(&state, TLS_CLIENT, 120);
    assert_false(verdict_is_done(&state));
    story_server_hello(&state, &story_psk_13);
    story_record(&state, TLS_SERVER, 90);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_UNKNOWN);
    story_record(&state, TLS_CLIENT, 200); /* still in flight */
    story_record(&state, TLS_CLIENT, STORY_END_OF_EARLY_DATA);
    assert_false(verdict_is_final(&state));
    story_record(&state, TLS_CLIENT, STORY_FINISHED_13);
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_ACCEPTED);
    assert_true(verdict_is_final(&state));
}

static void row_44_early_data_without_its_end_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_early_hello);
    story_record(&state, TLS_CLIENT, 120);
    story_server_hello(&state, &story_psk_13);
    story_record(&state, TLS_CLIENT, STORY_FINISHED_13);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_RESUMED_PSK);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_REFUSED);
}

static void row_45_early_data_without_selected_psk_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_early_hello);
    story_record(&state, TLS_CLIENT, 120);
    story_server_hello(&state, &story_full_13);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_REFUSED);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_REFUSED);
}

static void row_45_early_data_before_a_hello_retry_request_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_early_hello);
    story_record(&state, TLS_CLIENT, 120);
    story_say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    story_client_hello(&state, &story_psk_hello); /* the second hello has no early_data */
    story_server_hello(&state, &story_psk_13);
    story_rest_of_tls13(&state);
    assert_int_equal(story_read_now(&state).early_data, EARLY_DATA_REFUSED);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_RESUMED_PSK);
    assert_true(verdict_is_final(&state));
}

static void row_46_psk_after_hello_retry_request_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    story_client_hello(&state, &story_psk_hello);
    story_server_hello(&state, &story_psk_13);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(state.retries, 1);
}

static void row_46_the_second_hello_counts_as_the_offer(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    story_client_hello(&state, &story_psk_hello);
    story_say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    story_client_hello(&state,
                       &story_compat_hello); /* the PSK's hash did not fit the suite: dropped */
    story_server_hello(&state, &story_full_13);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void row_47_any_selected_identity_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_psk_hello;
    struct server_hello answer = story_psk_13;
    hello.psk_count = 3;
    answer.selected_identity = 2;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &answer);
    story_assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
}

/* RFC 8446, 4.2.11: the client aborts. */
static void row_47_an_identity_beyond_the_list_was_not_offered(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_psk_hello;
    struct server_hello answer = story_psk_13;
    hello.psk_count = 3;
    answer.selected_identity = 3;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &answer);
    assert_int_equal(story_read_now(&state).verdict, VERDICT_UNKNOWN);
    assert_int_equal(story_read_now(&state).reason, REASON_NOT_OFFERED);
    assert_true(story_has_anomaly(&state, ANOMALY_PSK_NOT_OFFERED));
}

static void row_48_psk_and_ticket_answered_in_tls12_is_resumed_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_psk_hello;
    hello.ticket_extension = TICKET_PRESENT;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &(struct server_hello){.session_id = story_id});
    story_rest_of_abbreviated(&state);
    story_assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_PSK,
                       OUTCOME_ACCEPTED);
}

static void row_49_tls12_ticket_answered_in_tls13_is_not_applicable(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_compat_hello;
    hello.ticket_extension = TICKET_PRESENT;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &story_full_13);
    story_rest_of_tls13(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET,
                       OUTCOME_NOT_APPLICABLE);
}

static void row_50_encrypted_client_hello_is_likely_at_most(void **unused)
{
    (void)unused;
    struct client_hello hello = story_compat_hello;
    hello.has_encrypted_client_hello = true;
    for (int resumed = 0; resumed < 2; resumed++) {
        struct verdict_state state;
        verdict_init(&state);
        story_client_hello(&state, &hello);
        story_server_hello(&state, resumed == 1 ? &story_psk_13 : &story_full_13);
        const struct verdict_reading reading = story_read_now(&state);
        assert_int_equal(reading.verdict, resumed == 1 ? VERDICT_RESUMED_PSK : VERDICT_FULL);
        assert_int_equal(reading.certainty, CERTAINTY_LIKELY);
        assert_true(story_has_anomaly(&state, ANOMALY_ENCRYPTED_CLIENT_HELLO));
    }
}

/* Encrypted ClientHello needs TLS 1.3 (RFC 9849, 6.1.4): what answers in TLS 1.2 has read the outer
 * hello, and is judged by the other table. */
static void row_50_an_answer_in_tls12_is_one_to_the_outer_hello(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = story_compat_hello;
    hello.has_encrypted_client_hello = true;
    hello.ticket_extension = TICKET_PRESENT;
    verdict_init(&state);
    story_client_hello(&state, &hello);
    story_server_hello(&state, &(struct server_hello){.session_id = story_no_id});
    story_rest_of_full(&state);
    story_assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_REFUSED);
    assert_true(story_has_anomaly(&state, ANOMALY_ENCRYPTED_CLIENT_HELLO));
}

/* GREASE cannot be told from the real thing: a PSK in the outer hello may be invented too (RFC
 * 9849, 6.1.2), so neither way is certain. */
static void row_50_a_psk_in_the_outer_hello_makes_nothing_certain(void **unused)
{
    (void)unused;
    struct client_hello hello = story_psk_hello;
    hello.has_encrypted_client_hello = true;
    for (int resumed = 0; resumed < 2; resumed++) {
        struct verdict_state state;
        verdict_init(&state);
        story_client_hello(&state, &hello);
        story_server_hello(&state, resumed == 1 ? &story_psk_13 : &story_full_13);
        story_rest_of_tls13(&state);
        story_assert_reads(&state, resumed == 1 ? VERDICT_RESUMED_PSK : VERDICT_FULL,
                           CERTAINTY_LIKELY, OFFER_PSK,
                           resumed == 1 ? OUTCOME_ACCEPTED : OUTCOME_REFUSED);
    }
}

static const struct CMUnitTest tests[] = {
    cmocka_unit_test(row_40_echoed_compatibility_id_is_full),
    cmocka_unit_test(row_41_psk_selected_with_key_share_is_resumed_psk),
    cmocka_unit_test(row_42_psk_selected_without_key_share_lacks_forward_secrecy),
    cmocka_unit_test(row_43_psk_not_selected_is_refused),
    cmocka_unit_test(row_44_early_data_with_selected_psk_is_accepted),
    cmocka_unit_test(row_44_early_data_without_its_end_is_refused),
    cmocka_unit_test(row_45_early_data_without_selected_psk_is_refused),
    cmocka_unit_test(row_45_early_data_before_a_hello_retry_request_is_refused),
    cmocka_unit_test(row_46_psk_after_hello_retry_request_is_resumed_psk),
    cmocka_unit_test(row_46_the_second_hello_counts_as_the_offer),
    cmocka_unit_test(row_47_any_selected_identity_is_resumed_psk),
    cmocka_unit_test(row_47_an_identity_beyond_the_list_was_not_offered),
    cmocka_unit_test(row_48_psk_and_ticket_answered_in_tls12_is_resumed_ticket),
    cmocka_unit_test(row_49_tls12_ticket_answered_in_tls13_is_not_applicable),
    cmocka_unit_test(row_50_encrypted_client_hello_is_likely_at_most),
    cmocka_unit_test(row_50_an_answer_in_tls12_is_one_to_the_outer_hello),
    cmocka_unit_test(row_50_a_psk_in_the_outer_hello_makes_nothing_certain),
};

int main(void)
{
    return cmocka_run_group_tests(tests, NULL, NULL);
}
