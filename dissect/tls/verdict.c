#include "dissect/tls/verdict.h"

#include "dissect/tls/anomalies.h"
#include "dissect/tls/judgement.h"
#include "dissect/tls/outcome.h"

#include <string.h>

/* Encrypted bytes of one side after which nothing is waited for any more: the other side's end of
 * the handshake was lost, or is not in the capture. */
enum { PATIENCE_BYTES = 128 * 1024 };

enum { ALERT_FATAL = 2, ALERT_CLOSE_NOTIFY = 0, ALERT_USER_CANCELED = 90 };

enum { TLS_AES_256_GCM_SHA384 = 0x1302, TLS_AES_128_CCM_8_SHA256 = 0x1305 };

/* Content type and authentication tag around a TLS 1.3 message (RFC 8446, 5.2; RFC 6655). */
static uint32_t tls13_overhead(uint16_t cipher)
{
    return cipher == TLS_AES_128_CCM_8_SHA256 ? 1 + 8 : 1 + 16;
}

uint32_t tls13_end_of_early_data_len(uint16_t cipher)
{
    return 4 + tls13_overhead(cipher);
}

uint32_t tls13_finished_len(uint16_t cipher)
{
    return 4 + (cipher == TLS_AES_256_GCM_SHA384 ? 48u : 32u) + tls13_overhead(cipher);
}

uint32_t dtls13_finished_len(uint16_t cipher)
{
    return tls13_finished_len(cipher) + 8;
}

uint32_t tls13_alert_len(uint16_t cipher)
{
    return 2 + tls13_overhead(cipher);
}

void verdict_init(struct verdict_state *state)
{
    memset(state, 0, sizeof(*state));
}

bool verdict_is_tls13(const struct verdict_state *state)
{
    return state->answer.is_seen && state->answer.family >= TLS_1_3;
}

bool verdict_is_ssl2(const struct verdict_state *state)
{
    return state->answer.is_parsed && state->answer.family == SSL_2_0;
}

bool verdict_is_client_finished(const struct verdict_state *state, uint32_t record_len)
{
    const uint16_t cipher = state->answer.cipher;

    if (!verdict_is_tls13(state)) {
        return false;
    }
    if (state->is_early_data_wanted && state->retries == 0) {
        /* Early data may still be in flight: only the size tells (SPEC 2). */
        return record_len == tls13_finished_len(cipher);
    }
    /* A client that authenticates sends its Certificate first: longer, but the same flight. */
    return record_len >= tls13_finished_len(cipher);
}

static enum id_echo compare_ids(const struct verdict_offer *offer, struct bytes id)
{
    if (id.len == 0) {
        return ID_ECHO_NONE;
    }
    if (offer->id_len == 0 || id.len < offer->id_len ||
        memcmp(id.data, offer->id, offer->id_len) != 0) {
        return ID_ECHO_OTHER;
    }
    return id.len == offer->id_len ? ID_ECHO_EQUAL : ID_ECHO_EXTENDED;
}

/* The capture may show the ServerHello first, where segments crossed on the way to it. */
static void compare_again(struct verdict_state *state)
{
    struct verdict_answer *answer = &state->answer;

    if (answer->is_parsed) {
        answer->echo = compare_ids(&state->offer, (struct bytes){answer->id, answer->id_len});
    }
}

/* RFC 8446, 4.2.11: an external PSK's obfuscated age should be 0. */
static uint32_t find_external_psks(const struct client_hello *hello)
{
    uint32_t external = hello->has_psk && hello->obfuscated_age == 0 ? 1 : 0;
    struct bytes identity;
    uint32_t age;

    for (uint16_t i = 1; i < hello->psk_count && i <= VERDICT_LAST_IDENTITY; i++) {
        if (client_hello_identity(hello, i, &identity, &age) && age == 0) {
            external |= UINT32_C(1) << i;
        }
    }
    return external;
}

/* The second hello after a HelloRetryRequest replaces the first, all but its early data. */
static void after_client_hello(struct verdict_state *state, const struct tls_event *event)
{
    const struct client_hello *hello = &event->client_hello;
    struct verdict_offer *offer = &state->offer;
    const bool wanted = state->is_early_data_wanted;
    const bool is_first = !offer->is_seen;

    memset(offer, 0, sizeof(*offer));
    offer->is_seen = true;
    offer->is_parsed = event->is_parsed;
    if (!event->is_parsed) {
        return;
    }
    offer->may_invent_id =
        tls_version_family(hello->highest_version) >= TLS_1_3 || hello->has_supported_versions;
    offer->has_ticket = hello->ticket_extension == TICKET_PRESENT && hello->ticket.len > 0;
    offer->has_psk = hello->has_psk;
    offer->psk_count = hello->psk_count;
    offer->external_psks = find_external_psks(hello);
    offer->has_early_data = hello->has_early_data;
    offer->has_encrypted_hello = hello->has_encrypted_client_hello;
    offer->is_sslv2_format = event->record_version == SSL_2_0;
    if (hello->session_id.len <= sizeof(offer->id)) {
        offer->id_len = (uint8_t)hello->session_id.len;
        memcpy(offer->id, hello->session_id.data, offer->id_len);
    }
    state->is_early_data_wanted = wanted || hello->has_early_data;
    if (is_first) {
        compare_again(state);
    }
}

static void after_server_hello(struct verdict_state *state, const struct tls_event *event)
{
    const struct server_hello *hello = &event->server_hello;
    struct verdict_answer *answer = &state->answer;

    answer->is_seen = true;
    answer->is_parsed = event->is_parsed;
    if (!event->is_parsed) {
        return;
    }
    answer->family = tls_version_family(hello->version);
    answer->cipher = hello->cipher;
    answer->has_psk = hello->has_psk;
    answer->selected_identity = hello->selected_identity;
    answer->has_key_share = hello->has_key_share;
    answer->has_session_id_hit = hello->has_session_id_hit;
    answer->echo = compare_ids(&state->offer, hello->session_id);
    answer->id_len = 0;
    if (hello->session_id.len > 0 && hello->session_id.len <= sizeof(answer->id)) {
        answer->id_len = (uint8_t)hello->session_id.len;
        memcpy(answer->id, hello->session_id.data, answer->id_len);
    }
    /* draft-hickman-netscape-ssl-00, 2.6: unless it is a hit, it brings the certificate. */
    if (verdict_is_ssl2(state) && !answer->has_session_id_hit) {
        state->has_server_evidence = true;
    }
}

/* A server that writes its Finished in one record may be followed by a renegotiation (rule 7). */
static void after_encrypted_handshake(struct verdict_state *state, const struct tls_event *event)
{
    struct verdict_side *side = &state->side[event->from];

    if (verdict_is_tls13(state)) {
        /* Of TLS only drafts have such records, and they do not say which message it is. In DTLS
         * the epoch tells: nothing of the client's but its Finished has that size there. */
        if (event->from == TLS_CLIENT && event->dtls13_epoch == DTLS13_EPOCH_HANDSHAKE &&
            event->record_len == dtls13_finished_len(state->answer.cipher)) {
            side->has_finished = true;
        }
        return;
    }
    if (side->has_finished) {
        state->renegotiates = true;
    }
    side->has_finished = side->has_finished || side->has_ccs;
}

/* RFC 7918: a client in a full handshake may send application data after its own Finished. */
static void note_false_start(struct verdict_state *state, enum tls_side from)
{
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (from == TLS_CLIENT && state->side[TLS_CLIENT].has_finished && server->is_heard &&
        !server->has_ccs && !server->has_gap) {
        state->has_false_start = true;
    }
}

/* TLS 1.3: what the client sends encrypted after the ServerHello (SPEC 2, early data). */
static void after_client_record(struct verdict_state *state, uint32_t record_len)
{
    struct verdict_side *client = &state->side[TLS_CLIENT];

    if (client->has_finished || client->has_encrypted_alert) {
        return;
    }
    if (verdict_is_client_finished(state, record_len)) {
        client->has_finished = true;
        state->has_early_data_finished = true;
    } else if (record_len == tls13_end_of_early_data_len(state->answer.cipher)) {
        state->has_end_of_early_data = state->is_early_data_wanted;
    } else if (record_len == tls13_alert_len(state->answer.cipher) &&
               !state->is_early_data_wanted) {
        client->has_encrypted_alert = true;
    }
}

static void after_application_data(struct verdict_state *state, const struct tls_event *event)
{
    struct verdict_side *side = &state->side[event->from];

    side->encrypted_bytes += event->record_len;
    if (event->dtls13_epoch != 0) {
        /* RFC 9147, 6.1: the client has these keys when it has sent its Finished. There is no
         * EndOfEarlyData (5.6): what became of early data stays open. */
        if (event->from == TLS_CLIENT && event->dtls13_epoch == DTLS13_EPOCH_APPLICATION &&
            verdict_is_tls13(state)) {
            side->has_finished = true;
        }
    } else if (verdict_is_tls13(state)) {
        if (event->from == TLS_CLIENT) {
            after_client_record(state, event->record_len);
        }
    } else if (state->answer.is_seen || (side->has_ccs && !state->is_early_data_wanted)) {
        note_false_start(state, event->from);
        side->has_application_data = true;
    }
}

/* All alerts but two end a TLS 1.3 handshake whatever their level says (RFC 8446, 6.2). */
static void after_alert(struct verdict_state *state, const struct tls_event *event)
{
    const bool is_error = event->alert_description != ALERT_CLOSE_NOTIFY &&
                          event->alert_description != ALERT_USER_CANCELED;

    if (verdict_is_done(state) || state->has_fatal_alert) {
        return;
    }
    if (event->alert_level == ALERT_FATAL || (verdict_is_tls13(state) && is_error)) {
        state->has_fatal_alert = true;
        state->alert = event->alert_description;
    }
}

static void after_gap(struct verdict_state *state, enum tls_side from)
{
    struct verdict_side *side = &state->side[from];

    if (!side->has_ccs) {
        side->has_gap = true;
        side->has_late_gap = state->answer.is_seen;
    }
}

static void after_ticket(struct verdict_state *state, const struct tls_event *event)
{
    state->has_ticket_message = true;
    state->has_empty_ticket = event->is_parsed && event->new_session_ticket.ticket.len == 0;
}

/* Clear messages that only a full handshake of TLS <= 1.2 has (RFC 5246, 7.3). The draft
 * versions of TLS 1.3 that ran on the wire encrypt them too. */
static void after_key_exchange(struct verdict_state *state, enum tls_side from)
{
    if (from == TLS_SERVER) {
        state->has_server_evidence = true;
    } else {
        state->has_client_evidence = true;
    }
}

void verdict_after(struct verdict_state *state, const struct tls_event *event)
{
    struct verdict_side *side = &state->side[event->from];

    side->is_heard = side->is_heard || event->kind != TLS_GAP;
    switch (event->kind) {
    case TLS_CLIENT_HELLO:
        after_client_hello(state, event);
        break;
    case TLS_SERVER_HELLO:
        after_server_hello(state, event);
        break;
    case TLS_HELLO_RETRY_REQUEST:
        state->retries++;
        break;
    case TLS_NEW_SESSION_TICKET:
        after_ticket(state, event);
        break;
    case TLS_CERTIFICATE:
    case TLS_SERVER_KEY_EXCHANGE:
    case TLS_CERTIFICATE_REQUEST:
    case TLS_SERVER_HELLO_DONE:
    case TLS_CERTIFICATE_VERIFY:
    case TLS_CERTIFICATE_STATUS:
    case TLS_CLIENT_KEY_EXCHANGE:
        after_key_exchange(state, event->from);
        break;
    case TLS_CHANGE_CIPHER_SPEC:
        side->has_ccs = true;
        break;
    case TLS_ENCRYPTED_HANDSHAKE:
        after_encrypted_handshake(state, event);
        break;
    case TLS_APPLICATION_DATA:
        after_application_data(state, event);
        break;
    case TLS_ALERT:
        after_alert(state, event);
        break;
    case TLS_ENCRYPTED_ALERT:
        side->has_encrypted_alert = side->has_encrypted_alert || !verdict_is_done(state);
        break;
    case TLS_GAP:
        after_gap(state, event->from);
        break;
    case TLS_NOT_TLS:
        state->is_not_tls = true;
        break;
    case TLS_RESET:
        state->has_reset = state->has_reset || !verdict_is_done(state);
        break;
    case TLS_HELLO_VERIFY_REQUEST:
    case TLS_HELLO_REQUEST:
    case TLS_OTHER_MESSAGE:
    case TLS_HEARTBEAT:
    case TLS_FIN:
    case TLS_EVENT_KIND_COUNT:
        break;
    }
}

bool verdict_is_past_hellos(const struct verdict_state *state)
{
    const bool is_answered = state->answer.is_parsed && !verdict_is_tls13(state);

    return state->side[TLS_CLIENT].has_ccs && (is_answered || state->has_client_evidence);
}

bool verdict_is_done(const struct verdict_state *state)
{
    const struct verdict_side *client = &state->side[TLS_CLIENT];
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (verdict_is_ssl2(state)) {
        return state->has_client_evidence ||
               (state->answer.has_session_id_hit && state->offer.is_seen);
    }
    if (verdict_is_tls13(state)) {
        return client->has_finished;
    }
    return (client->has_finished && server->has_finished) || client->has_application_data ||
           server->has_application_data;
}

/* False Start shows the client's data before the server's NewSessionTicket and Finished, which
 * are still worth waiting for. */
bool verdict_is_final(const struct verdict_state *state)
{
    const struct verdict_side *client = &state->side[TLS_CLIENT];
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (state->has_fatal_alert || state->is_not_tls) {
        return true;
    }
    if (state->has_reset) {
        /* What the server had sent before it heard of the reset may still prove something. */
        return judgement_of_kind(state).verdict != VERDICT_UNKNOWN;
    }
    if (client->encrypted_bytes > PATIENCE_BYTES || server->encrypted_bytes > PATIENCE_BYTES) {
        return true;
    }
    if (verdict_is_tls13(state) || verdict_is_ssl2(state)) {
        return verdict_is_done(state);
    }
    return (client->has_finished && server->has_finished) || server->has_application_data;
}

void verdict_read(const struct verdict_state *state, enum verdict_ending ending,
                  struct verdict_reading *out)
{
    const struct judgement kind = judgement_of_kind(state);
    const enum reason failure = judgement_of_failure(state, kind.verdict);

    out->verdict = kind.verdict;
    out->certainty = kind.certainty;
    out->reason = REASON_NONE;
    if (failure != REASON_NONE) {
        out->verdict = VERDICT_FAILED;
        out->certainty = failure == REASON_ENCRYPTED_ALERT ? CERTAINTY_LIKELY : CERTAINTY_CERTAIN;
        out->reason = failure;
    } else if (kind.verdict == VERDICT_UNKNOWN) {
        out->reason = judgement_of_unknown(state, ending);
    }
    out->offered = outcome_offered(state, kind.verdict);
    out->outcome = outcome_of(state, out->verdict, out->offered);
    out->early_data = outcome_of_early_data(state);
    out->anomalies = anomalies_of(state, kind.verdict);
    out->id_needs_sighting = state->offer.is_parsed && out->offered == OFFER_NONE &&
                             state->offer.id_len > 0 && state->offer.may_invent_id;
    out->is_resumed_kind = verdict_is_resumed(kind.verdict);
}
