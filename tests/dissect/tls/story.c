#include "tests/dissect/tls/story.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>
#include <string.h>

static const uint8_t id_a[32] = {0xaa, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t id_b[32] = {0xbb, 1, 2, 3, 4, 5, 6, 7, 8, 9};
static const uint8_t zeros[32];
static const uint8_t ticket_bytes[] = {0x71, 0x72, 0x73};

const struct bytes story_no_id = {id_a, 0};
const struct bytes story_id = {id_a, sizeof(id_a)};
const struct bytes story_other_id = {id_b, sizeof(id_b)};
const struct bytes story_short_id = {id_a, 7};
const struct bytes story_zero_id = {zeros, sizeof(zeros)};

enum { CIPHER_12 = 0xc02f, CIPHER_13 = 0x1301 };

void story_say(struct verdict_state *state, enum tls_side from, enum tls_event_kind kind)
{
    const struct tls_event event = {.kind = kind, .from = from, .is_parsed = true};

    verdict_after(state, &event);
}

void story_record(struct verdict_state *state, enum tls_side from, uint32_t len)
{
    const struct tls_event event = {.kind = TLS_APPLICATION_DATA, .from = from, .record_len = len};

    verdict_after(state, &event);
}

void story_alert(struct verdict_state *state, enum tls_side from, uint8_t level, uint8_t what)
{
    const struct tls_event event = {
        .kind = TLS_ALERT, .from = from, .alert_level = level, .alert_description = what};

    verdict_after(state, &event);
}

void story_client_hello(struct verdict_state *state, const struct client_hello *hello)
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
    if (hello->has_psk && hello->psk_count == 0) {
        event.client_hello.psk_count = 1;
    }
    verdict_after(state, &event);
}

void story_server_hello(struct verdict_state *state, const struct server_hello *hello)
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

void story_new_session_ticket(struct verdict_state *state, size_t len)
{
    struct tls_event event = {
        .kind = TLS_NEW_SESSION_TICKET, .from = TLS_SERVER, .is_parsed = true};

    event.new_session_ticket.ticket = (struct bytes){ticket_bytes, len};
    verdict_after(state, &event);
}

void story_finish(struct verdict_state *state, enum tls_side from)
{
    story_say(state, from, TLS_CHANGE_CIPHER_SPEC);
    story_say(state, from, TLS_ENCRYPTED_HANDSHAKE);
}

void story_server_certificate_flight(struct verdict_state *state)
{
    story_say(state, TLS_SERVER, TLS_CERTIFICATE);
    story_say(state, TLS_SERVER, TLS_SERVER_KEY_EXCHANGE);
    story_say(state, TLS_SERVER, TLS_SERVER_HELLO_DONE);
}

void story_client_key_flight(struct verdict_state *state)
{
    story_say(state, TLS_CLIENT, TLS_CLIENT_KEY_EXCHANGE);
    story_finish(state, TLS_CLIENT);
}

void story_rest_of_full(struct verdict_state *state)
{
    story_server_certificate_flight(state);
    story_client_key_flight(state);
    story_finish(state, TLS_SERVER);
}

void story_rest_of_abbreviated(struct verdict_state *state)
{
    story_finish(state, TLS_SERVER);
    story_finish(state, TLS_CLIENT);
}

struct verdict_reading story_read_now(const struct verdict_state *state)
{
    struct verdict_reading reading;

    verdict_read(state, VERDICT_ENDING_OPEN, &reading);
    return reading;
}

void story_assert_reads(const struct verdict_state *state, enum verdict verdict,
                        enum certainty certainty, enum offer offered, enum outcome outcome)
{
    const struct verdict_reading reading = story_read_now(state);

    assert_string_equal(verdict_name(reading.verdict), verdict_name(verdict));
    assert_string_equal(certainty_name(reading.certainty), certainty_name(certainty));
    assert_int_equal(reading.offered, offered);
    assert_string_equal(outcome_name(reading.outcome), outcome_name(outcome));
}

bool story_has_anomaly(const struct verdict_state *state, enum anomaly anomaly)
{
    return (story_read_now(state).anomalies & (1u << anomaly)) != 0;
}

const struct client_hello story_compat_hello = {.session_id = {id_a, sizeof(id_a)},
                                                .highest_version = TLS_1_3};
const struct client_hello story_psk_hello = {.session_id = {id_a, sizeof(id_a)},
                                             .highest_version = TLS_1_3,
                                             .has_psk = true,
                                             .obfuscated_age = 77};
const struct client_hello story_early_hello = {.session_id = {id_a, sizeof(id_a)},
                                               .highest_version = TLS_1_3,
                                               .has_psk = true,
                                               .obfuscated_age = 77,
                                               .has_early_data = true};
const struct server_hello story_full_13 = {
    .session_id = {id_a, sizeof(id_a)}, .version = TLS_1_3, .has_key_share = true};
const struct server_hello story_psk_13 = {
    .session_id = {id_a, sizeof(id_a)}, .version = TLS_1_3, .has_key_share = true, .has_psk = true};

void story_rest_of_tls13(struct verdict_state *state)
{
    story_say(state, TLS_SERVER, TLS_CHANGE_CIPHER_SPEC);
    story_record(state, TLS_SERVER, 900);
    story_say(state, TLS_CLIENT, TLS_CHANGE_CIPHER_SPEC);
    story_record(state, TLS_CLIENT, STORY_FINISHED_13);
}
