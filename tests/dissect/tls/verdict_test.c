/* One test for each row of SPEC's truth tables, named after it, then the rules between the rows.
 * Events are written by hand: no capture, no bytes. */
#include "dissect/tls/verdict.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const uint8_t id_a[32] = {0xaa, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t id_b[32] = {0xbb, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t zeros[32];
static const uint8_t ticket_bytes[] = {0x71, 0x72, 0x73};

static const struct bytes no_id = {id_a, 0};
static const struct bytes id = {id_a, sizeof(id_a)};
static const struct bytes other_id = {id_b, sizeof(id_b)};
static const struct bytes short_id = {id_a, 7};
static const struct bytes zero_id = {zeros, sizeof(zeros)};

enum { CIPHER_12 = 0xc02f, CIPHER_13 = 0x1301, FINISHED_13 = 53, END_OF_EARLY_DATA = 21 };

static void say(struct verdict_state *state, enum tls_side from, enum tls_event_kind kind)
{
    const struct tls_event event = {.kind = kind, .from = from, .is_parsed = true};

    verdict_after(state, &event);
}

static void record(struct verdict_state *state, enum tls_side from, uint32_t len)
{
    const struct tls_event event = {.kind = TLS_APPLICATION_DATA, .from = from, .record_len = len};

    verdict_after(state, &event);
}

static void alert(struct verdict_state *state, enum tls_side from, uint8_t level, uint8_t what)
{
    const struct tls_event event = {
        .kind = TLS_ALERT, .from = from, .alert_level = level, .alert_description = what};

    verdict_after(state, &event);
}

static void client_hello(struct verdict_state *state, const struct client_hello *hello)
{
    struct tls_event event = {
        .kind = TLS_CLIENT_HELLO, .from = TLS_CLIENT, .is_parsed = true, .record_version = TLS_1_0};

    event.client_hello = *hello;
    if (event.client_hello.highest_version == 0) {
        event.client_hello.highest_version = TLS_1_2;
    }
    if (hello->ticket_extension == TICKET_PRESENT) {
        event.client_hello.ticket = (struct bytes){ticket_bytes, sizeof(ticket_bytes)};
    }
    event.client_hello.psk_count = hello->has_psk ? 1 : 0;
    verdict_after(state, &event);
}

static void server_hello(struct verdict_state *state, const struct server_hello *hello)
{
    struct tls_event event = {.kind = TLS_SERVER_HELLO, .from = TLS_SERVER, .is_parsed = true};

    event.server_hello = *hello;
    if (hello->version == 0) {
        event.server_hello.version = TLS_1_2;
        event.server_hello.cipher = CIPHER_12;
    } else if (hello->cipher == 0) {
        event.server_hello.cipher = CIPHER_13;
    }
    verdict_after(state, &event);
}

static void new_session_ticket(struct verdict_state *state, size_t len)
{
    struct tls_event event = {
        .kind = TLS_NEW_SESSION_TICKET, .from = TLS_SERVER, .is_parsed = true};

    event.new_session_ticket.ticket = (struct bytes){ticket_bytes, len};
    verdict_after(state, &event);
}

static void finish(struct verdict_state *state, enum tls_side from)
{
    say(state, from, TLS_CHANGE_CIPHER_SPEC);
    say(state, from, TLS_ENCRYPTED_HANDSHAKE);
}

static void server_certificate_flight(struct verdict_state *state)
{
    say(state, TLS_SERVER, TLS_CERTIFICATE);
    say(state, TLS_SERVER, TLS_SERVER_KEY_EXCHANGE);
    say(state, TLS_SERVER, TLS_SERVER_HELLO_DONE);
}

static void client_key_flight(struct verdict_state *state)
{
    say(state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    finish(state, TLS_CLIENT);
}

static void rest_of_full(struct verdict_state *state)
{
    server_certificate_flight(state);
    client_key_flight(state);
    finish(state, TLS_SERVER);
}

static void rest_of_abbreviated(struct verdict_state *state)
{
    finish(state, TLS_SERVER);
    finish(state, TLS_CLIENT);
}

static struct verdict_reading read_now(const struct verdict_state *state)
{
    struct verdict_reading reading;

    verdict_read(state, VERDICT_ENDING_OPEN, &reading);
    return reading;
}

static void assert_reads(const struct verdict_state *state, enum verdict verdict,
                         enum certainty certainty, enum offer offered, enum outcome outcome)
{
    const struct verdict_reading reading = read_now(state);

    assert_string_equal(verdict_name(reading.verdict), verdict_name(verdict));
    assert_string_equal(certainty_name(reading.certainty), certainty_name(certainty));
    assert_int_equal(reading.offered, offered);
    assert_string_equal(outcome_name(reading.outcome), outcome_name(outcome));
}

static bool has_anomaly(const struct verdict_state *state, enum anomaly anomaly)
{
    return (read_now(state).anomalies & (1u << anomaly)) != 0;
}

/* ---- TLS <= 1.2 ---- */

static void row_1_nothing_offered_full_with_new_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(verdict_is_done(&state) && verdict_is_final(&state));
}

static void row_2_empty_ticket_extension_full_with_new_session_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_hello(&state,
                 &(struct server_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_certificate_flight(&state);
    client_key_flight(&state);
    new_session_ticket(&state, 3);
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_false(has_anomaly(&state, ANOMALY_EMPTY_TICKET));
}

static void row_3_id_same_id_abbreviated_is_resumed_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = id});
    assert_int_equal(read_now(&state).verdict, VERDICT_UNKNOWN);
    finish(&state, TLS_SERVER);
    assert_false(verdict_is_done(&state));
    finish(&state, TLS_CLIENT);
    assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(verdict_is_final(&state));
}

static void row_4_id_other_id_full_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
}

static void row_5_ticket_with_invented_id_echoed_without_renewal(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_ACCEPTED);
}

static void row_6_ticket_echoed_and_renewed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state,
                 &(struct server_hello){.session_id = id, .ticket_extension = TICKET_EMPTY});
    new_session_ticket(&state, 3);
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_ACCEPTED);
    assert_true(read_now(&state).is_resumed_kind);
}

static void row_7_ticket_with_empty_id_answered_with_empty_id(void **unused)
{
    (void)unused;
    for (int renewal = 0; renewal < 2; renewal++) {
        struct verdict_state state;
        verdict_init(&state);
        client_hello(&state, &(struct client_hello){.session_id = no_id,
                                                    .ticket_extension = TICKET_PRESENT});
        server_hello(&state, &(struct server_hello){.session_id = no_id});
        if (renewal == 1) {
            new_session_ticket(&state, 3);
        }
        rest_of_abbreviated(&state);
        assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET,
                     OUTCOME_ACCEPTED);
    }
}

static void row_8_ticket_with_empty_id_answered_with_new_id(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = no_id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_ACCEPTED);
}

static void row_9_ticket_refused_another_issued(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state,
                 &(struct server_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_certificate_flight(&state);
    client_key_flight(&state);
    new_session_ticket(&state, 3);
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_REFUSED);
    assert_false(read_now(&state).is_resumed_kind);
}

static void row_10_ticket_refused_an_id_issued(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_REFUSED);
}

static void row_11_anonymous_suite_without_certificate_is_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    say(&state, TLS_SERVER, TLS_SERVER_HELLO_DONE);
    client_key_flight(&state);
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void row_12_same_id_but_certificate_is_full_and_an_anomaly(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
    assert_true(has_anomaly(&state, ANOMALY_ECHO_WITHOUT_RESUMPTION));
}

static void row_13_server_flight_lost_but_client_key_exchange_is_full_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    say(&state, TLS_SERVER, TLS_GAP);
    client_key_flight(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_REFUSED);
}

static void row_14_client_only_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    finish(&state, TLS_CLIENT);
    assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_UNKNOWN);
    assert_int_equal(read_now(&state).reason, REASON_CLIENT_ONLY);
}

static void row_14_client_only_with_key_exchange_is_full_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    client_key_flight(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_LIKELY, OFFER_NONE, OUTCOME_NONE);
}

static void row_15_server_only_abbreviated_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    server_hello(&state, &(struct server_hello){.session_id = id});
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    assert_int_equal(read_now(&state).reason, REASON_SERVER_ONLY);
    assert_int_equal(read_now(&state).anomalies, 0);
}

static void row_16_fatal_alert_without_server_hello_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    alert(&state, TLS_SERVER, 2, 40);
    assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_FAILED);
    assert_int_equal(read_now(&state).reason, REASON_ALERT);
    assert_true(verdict_is_final(&state));
}

static void row_17_accepted_offer_then_fatal_alert_is_failed(void **unused)
{
    (void)unused;
    for (int from = 0; from < 2; from++) {
        struct verdict_state state;
        verdict_init(&state);
        client_hello(&state, &(struct client_hello){.session_id = id});
        server_hello(&state, &(struct server_hello){.session_id = id});
        finish(&state, TLS_SERVER);
        alert(&state, from == 0 ? TLS_CLIENT : TLS_SERVER, 2, 51);
        assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_FAILED);
    }
}

static void row_18_ticket_with_real_id_echoed_is_resumed_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(
        &state, &(struct client_hello){.session_id = other_id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_ACCEPTED);
}

static void row_19_empty_new_session_ticket_issues_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_hello(&state,
                 &(struct server_hello){.session_id = no_id, .ticket_extension = TICKET_EMPTY});
    server_certificate_flight(&state);
    client_key_flight(&state);
    new_session_ticket(&state, 0);
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(has_anomaly(&state, ANOMALY_EMPTY_TICKET));
}

static void row_20_application_data_before_server_ccs_is_false_start(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    server_certificate_flight(&state);
    client_key_flight(&state);
    record(&state, TLS_CLIENT, 300);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(has_anomaly(&state, ANOMALY_FALSE_START));
    assert_true(verdict_is_done(&state));
    assert_false(verdict_is_final(&state)); /* a ticket may still come */
    finish(&state, TLS_SERVER);
    assert_true(verdict_is_final(&state));
}

static void row_22_placeholder_id_echoed_is_resumed_id_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = zero_id});
    server_hello(&state, &(struct server_hello){.session_id = zero_id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_ACCEPTED);
    assert_true(has_anomaly(&state, ANOMALY_PLACEHOLDER_ID));
}

static void row_23_short_id_with_ticket_echoed_longer_is_ticketbleed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(
        &state, &(struct client_hello){.session_id = short_id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_ACCEPTED);
    assert_true(has_anomaly(&state, ANOMALY_TICKETBLEED));
}

static void row_25_capture_begins_at_client_key_exchange_is_full_offer_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_key_flight(&state);
    finish(&state, TLS_SERVER);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
}

/* ---- TLS 1.3 ---- */

static const struct client_hello compat_hello = {.session_id = {id_a, sizeof(id_a)},
                                                 .highest_version = TLS_1_3};
static const struct client_hello psk_hello = {.session_id = {id_a, sizeof(id_a)},
                                              .highest_version = TLS_1_3,
                                              .has_psk = true,
                                              .obfuscated_age = 77};
static const struct client_hello early_hello = {.session_id = {id_a, sizeof(id_a)},
                                                .highest_version = TLS_1_3,
                                                .has_psk = true,
                                                .obfuscated_age = 77,
                                                .has_early_data = true};
static const struct server_hello full_13 = {
    .session_id = {id_a, sizeof(id_a)}, .version = TLS_1_3, .has_key_share = true};
static const struct server_hello psk_13 = {
    .session_id = {id_a, sizeof(id_a)}, .version = TLS_1_3, .has_key_share = true, .has_psk = true};

/* The dummy ChangeCipherSpecs of middlebox compatibility, and the encrypted flights. */
static void rest_of_tls13(struct verdict_state *state)
{
    say(state, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC);
    record(state, TLS_SERVER, 900);
    say(state, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC);
    record(state, TLS_CLIENT, FINISHED_13);
}

static void row_40_echoed_compatibility_id_is_full(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &full_13);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    rest_of_tls13(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(read_now(&state).id_needs_sighting);
    assert_true(verdict_is_final(&state));
}

static void row_41_psk_selected_with_key_share_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &psk_13);
    rest_of_tls13(&state);
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(read_now(&state).anomalies, 0);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_NONE);
}

static void row_42_psk_selected_without_key_share_lacks_forward_secrecy(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &(struct server_hello){.version = TLS_1_3, .has_psk = true});
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_true(has_anomaly(&state, ANOMALY_NO_FORWARD_SECRECY));
}

static void row_43_psk_not_selected_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &full_13);
    rest_of_tls13(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_REFUSED);
}

static void row_44_early_data_with_selected_psk_is_accepted(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &early_hello);
    say(&state, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC);
    record(&state, TLS_CLIENT, 120);
    assert_false(verdict_is_done(&state));
    server_hello(&state, &psk_13);
    record(&state, TLS_SERVER, 90);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_UNKNOWN);
    record(&state, TLS_CLIENT, 200); /* still in flight */
    record(&state, TLS_CLIENT, END_OF_EARLY_DATA);
    assert_false(verdict_is_final(&state));
    record(&state, TLS_CLIENT, FINISHED_13);
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_ACCEPTED);
    assert_true(verdict_is_final(&state));
}

static void row_44_early_data_without_its_end_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &early_hello);
    record(&state, TLS_CLIENT, 120);
    server_hello(&state, &psk_13);
    record(&state, TLS_CLIENT, FINISHED_13);
    assert_int_equal(read_now(&state).verdict, VERDICT_RESUMED_PSK);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_REFUSED);
}

static void row_45_early_data_without_selected_psk_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &early_hello);
    record(&state, TLS_CLIENT, 120);
    server_hello(&state, &full_13);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_REFUSED);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_REFUSED);
}

static void row_45_early_data_before_a_hello_retry_request_is_refused(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &early_hello);
    record(&state, TLS_CLIENT, 120);
    say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    client_hello(&state, &psk_hello); /* the second hello has no early_data */
    server_hello(&state, &psk_13);
    rest_of_tls13(&state);
    assert_int_equal(read_now(&state).early_data, EARLY_DATA_REFUSED);
    assert_int_equal(read_now(&state).verdict, VERDICT_RESUMED_PSK);
    assert_true(verdict_is_final(&state));
}

static void row_46_psk_after_hello_retry_request_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    assert_int_equal(read_now(&state).verdict, VERDICT_UNKNOWN);
    client_hello(&state, &psk_hello);
    server_hello(&state, &psk_13);
    rest_of_tls13(&state);
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_int_equal(state.retries, 1);
}

static void row_46_the_second_hello_counts_as_the_offer(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    say(&state, TLS_SERVER, TLS_HELLO_RETRY_REQUEST);
    client_hello(&state, &compat_hello); /* the PSK's hash did not fit the suite: dropped */
    server_hello(&state, &full_13);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
}

static void row_47_any_selected_identity_is_resumed_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct server_hello answer = psk_13;
    answer.selected_identity = 2;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &answer);
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
}

static void row_48_psk_and_ticket_answered_in_tls12_is_resumed_ticket(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = psk_hello;
    hello.ticket_extension = TICKET_PRESENT;
    verdict_init(&state);
    client_hello(&state, &hello);
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_TICKET, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_ACCEPTED);
}

static void row_49_tls12_ticket_answered_in_tls13_is_not_applicable(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = compat_hello;
    hello.ticket_extension = TICKET_PRESENT;
    verdict_init(&state);
    client_hello(&state, &hello);
    server_hello(&state, &full_13);
    rest_of_tls13(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_NOT_APPLICABLE);
}

static void row_50_encrypted_client_hello_is_likely_at_most(void **unused)
{
    (void)unused;
    struct client_hello hello = compat_hello;
    hello.has_encrypted_client_hello = true;
    for (int resumed = 0; resumed < 2; resumed++) {
        struct verdict_state state;
        verdict_init(&state);
        client_hello(&state, &hello);
        server_hello(&state, resumed == 1 ? &psk_13 : &full_13);
        const struct verdict_reading reading = read_now(&state);
        assert_int_equal(reading.verdict, resumed == 1 ? VERDICT_RESUMED_PSK : VERDICT_FULL);
        assert_int_equal(reading.certainty, CERTAINTY_LIKELY);
        assert_true(has_anomaly(&state, ANOMALY_ENCRYPTED_CLIENT_HELLO));
    }
}

/* ---- Rules between the rows ---- */

static void rule_2_obfuscated_age_zero_is_likely_an_external_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    struct client_hello hello = psk_hello;
    hello.obfuscated_age = 0;
    verdict_init(&state);
    client_hello(&state, &hello);
    server_hello(&state, &psk_13);
    assert_reads(&state, VERDICT_RESUMED_PSK, CERTAINTY_LIKELY, OFFER_PSK, OUTCOME_ACCEPTED);
    assert_true(has_anomaly(&state, ANOMALY_EXTERNAL_PSK));
}

static void rule_2_a_selected_psk_that_nobody_offered_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &psk_13);
    assert_int_equal(read_now(&state).verdict, VERDICT_UNKNOWN);
    assert_true(has_anomaly(&state, ANOMALY_PSK_NOT_OFFERED));
}

static void rule_4_abbreviated_after_no_offer_is_unknown_and_an_anomaly(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_int_equal(read_now(&state).reason, REASON_NOT_OFFERED);
    assert_true(has_anomaly(&state, ANOMALY_ABBREVIATED_WITHOUT_OFFER));
}

static void rule_4_an_id_beside_tls13_counts_once_it_is_accepted(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_ACCEPTED);
    assert_false(read_now(&state).id_needs_sighting);
}

static void an_id_of_a_client_that_knows_tls13_needs_to_have_been_seen(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id,
                                                .ticket_extension = TICKET_EMPTY,
                                                .has_supported_versions = true});
    server_hello(&state, &(struct server_hello){.session_id = no_id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_NONE, OUTCOME_NONE);
    assert_true(read_now(&state).id_needs_sighting);
}

static void rule_5_gap_after_server_hello_and_equal_id_is_likely(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = id});
    say(&state, TLS_SERVER, TLS_GAP);
    finish(&state, TLS_SERVER);
    assert_int_equal(read_now(&state).verdict, VERDICT_UNKNOWN);
    finish(&state, TLS_CLIENT);
    assert_reads(&state, VERDICT_RESUMED_ID, CERTAINTY_LIKELY, OFFER_ID, OUTCOME_ACCEPTED);
}

static void rule_5_gap_after_server_hello_and_other_id_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state,
                 &(struct client_hello){.session_id = id, .ticket_extension = TICKET_PRESENT});
    server_hello(&state, &(struct server_hello){.session_id = no_id});
    say(&state, TLS_SERVER, TLS_GAP);
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_TICKET, OUTCOME_UNKNOWN);
    assert_int_equal(read_now(&state).reason, REASON_GAP);
}

static void rule_5_gap_in_the_client_too_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = id});
    say(&state, TLS_SERVER, TLS_GAP);
    say(&state, TLS_CLIENT, TLS_GAP);
    rest_of_abbreviated(&state);
    assert_int_equal(read_now(&state).verdict, VERDICT_UNKNOWN);
}

static void rule_6_reset_before_both_are_done_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = id});
    finish(&state, TLS_SERVER);
    say(&state, TLS_CLIENT, TLS_RESET);
    assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_FAILED);
    assert_int_equal(read_now(&state).reason, REASON_RESET);
}

static void rule_7_a_reset_does_not_undo_a_proven_full_handshake(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    server_certificate_flight(&state);
    say(&state, TLS_CLIENT, TLS_RESET);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_ID, OUTCOME_REFUSED);
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &full_13);
    say(&state, TLS_CLIENT, TLS_RESET);
    assert_int_equal(read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_reset_before_the_clients_finished_fails_a_psk(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &psk_13);
    say(&state, TLS_CLIENT, TLS_RESET);
    assert_reads(&state, VERDICT_FAILED, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_FAILED);
}

static void rule_6_reset_or_alert_after_both_are_done_changes_nothing(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &full_13);
    rest_of_tls13(&state);
    alert(&state, TLS_SERVER, 2, 20);
    say(&state, TLS_CLIENT, TLS_RESET);
    assert_int_equal(read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_warning_is_no_failure(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    alert(&state, TLS_SERVER, 1, 112);
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_full(&state);
    assert_int_equal(read_now(&state).verdict, VERDICT_FULL);
}

static void rule_6_a_record_of_an_alerts_size_instead_of_finished_is_failed(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &compat_hello);
    server_hello(&state, &full_13);
    record(&state, TLS_SERVER, 900);
    record(&state, TLS_CLIENT, 19);
    const struct verdict_reading reading = read_now(&state);
    assert_int_equal(reading.verdict, VERDICT_FAILED);
    assert_int_equal(reading.certainty, CERTAINTY_LIKELY);
    assert_int_equal(reading.reason, REASON_ENCRYPTED_ALERT);
}

static void rule_7_a_handshake_record_after_finished_is_a_renegotiation(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &(struct client_hello){.session_id = no_id});
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    server_certificate_flight(&state);
    client_key_flight(&state);
    say(&state, TLS_CLIENT, TLS_ENCRYPTED_HANDSHAKE);
    finish(&state, TLS_SERVER);
    assert_int_equal(read_now(&state).verdict, VERDICT_FULL);
    assert_true(has_anomaly(&state, ANOMALY_ENCRYPTED_RENEGOTIATION));
}

static void a_psk_answered_in_tls12_without_ticket_is_not_applicable(void **unused)
{
    (void)unused;
    struct verdict_state state;
    verdict_init(&state);
    client_hello(&state, &psk_hello);
    server_hello(&state, &(struct server_hello){.session_id = other_id});
    rest_of_full(&state);
    assert_reads(&state, VERDICT_FULL, CERTAINTY_CERTAIN, OFFER_PSK, OUTCOME_NOT_APPLICABLE);
}

static void a_damaged_client_hello_is_unknown(void **unused)
{
    (void)unused;
    struct verdict_state state;
    const struct tls_event broken = {.kind = TLS_CLIENT_HELLO, .from = TLS_CLIENT};
    verdict_init(&state);
    verdict_after(&state, &broken);
    server_hello(&state, &(struct server_hello){.session_id = id});
    rest_of_abbreviated(&state);
    assert_reads(&state, VERDICT_UNKNOWN, CERTAINTY_CERTAIN, OFFER_UNKNOWN, OUTCOME_UNKNOWN);
    assert_int_equal(read_now(&state).reason, REASON_DAMAGED_HELLO);
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
        client_hello(&state, &compat_hello);
        say(&state, TLS_SERVER, TLS_FIN);
        verdict_read(&state, cases[i].ending, &reading);
        assert_int_equal(reading.reason, cases[i].reason);
    }
}

static void absence_of_evidence_is_never_resumption(void **unused)
{
    (void)unused;
    /* Whatever single event is taken away from a full handshake whose server echoes the ID, the
     * verdict is full or unknown. */
    static const enum tls_event_kind flight[] = {TLS_SERVER_HELLO, TLS_CERTIFICATE,
                                                 TLS_SERVER_KEY_EXCHANGE, TLS_SERVER_HELLO_DONE};
    for (size_t lost = 0; lost < sizeof(flight) / sizeof(flight[0]); lost++) {
        struct verdict_state state;
        verdict_init(&state);
        client_hello(&state, &(struct client_hello){.session_id = id});
        for (size_t i = 0; i < sizeof(flight) / sizeof(flight[0]); i++) {
            if (i == lost) {
                say(&state, TLS_SERVER, TLS_GAP);
            } else if (flight[i] == TLS_SERVER_HELLO) {
                server_hello(&state, &(struct server_hello){.session_id = id});
            } else {
                say(&state, TLS_SERVER, flight[i]);
            }
        }
        client_key_flight(&state);
        finish(&state, TLS_SERVER);
        assert_int_equal(read_now(&state).verdict, VERDICT_FULL);
    }
}

int main(void)
{
    const struct CMUnitTest tests[] = {
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
        cmocka_unit_test(row_22_placeholder_id_echoed_is_resumed_id_likely),
        cmocka_unit_test(row_23_short_id_with_ticket_echoed_longer_is_ticketbleed),
        cmocka_unit_test(row_25_capture_begins_at_client_key_exchange_is_full_offer_unknown),
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
        cmocka_unit_test(row_48_psk_and_ticket_answered_in_tls12_is_resumed_ticket),
        cmocka_unit_test(row_49_tls12_ticket_answered_in_tls13_is_not_applicable),
        cmocka_unit_test(row_50_encrypted_client_hello_is_likely_at_most),
        cmocka_unit_test(rule_2_obfuscated_age_zero_is_likely_an_external_psk),
        cmocka_unit_test(rule_2_a_selected_psk_that_nobody_offered_is_unknown),
        cmocka_unit_test(rule_4_abbreviated_after_no_offer_is_unknown_and_an_anomaly),
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
        cmocka_unit_test(a_damaged_client_hello_is_unknown),
        cmocka_unit_test(how_it_ended_is_the_reason_when_nothing_else_is),
        cmocka_unit_test(absence_of_evidence_is_never_resumption),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
