#include "dissect/tls/verdict.h"

#include <string.h>

/* Encrypted bytes of one side after which nothing is waited for any more: the other side's end of
 * the handshake was lost, or is not in the capture. */
enum { PATIENCE_BYTES = 128 * 1024 };

enum { ALERT_FATAL = 2, ALERT_CLOSE_NOTIFY = 0, ALERT_USER_CANCELED = 90 };

enum { TLS_AES_256_GCM_SHA384 = 0x1302, TLS_AES_128_CCM_8_SHA256 = 0x1305 };

static uint32_t anomaly_bit(enum anomaly anomaly)
{
    return 1u << anomaly;
}

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

uint32_t tls13_alert_len(uint16_t cipher)
{
    return 2 + tls13_overhead(cipher);
}

void verdict_init(struct verdict_state *state)
{
    memset(state, 0, sizeof(*state));
}

static bool is_tls13(const struct verdict_state *state)
{
    return state->answer.is_seen && state->answer.family >= TLS_1_3;
}

bool verdict_is_client_finished(const struct verdict_state *state, uint32_t record_len)
{
    const uint16_t cipher = state->answer.cipher;

    if (!is_tls13(state)) {
        return false;
    }
    if (state->is_early_data_wanted && state->retries == 0) {
        /* Early data may still be in flight: only the size tells (SPEC 2). */
        return record_len == tls13_finished_len(cipher);
    }
    /* A client that authenticates sends its Certificate first: longer, but the same flight. */
    return record_len >= tls13_finished_len(cipher);
}

/* The second hello after a HelloRetryRequest replaces the first, all but its early data. */
static void after_client_hello(struct verdict_state *state, const struct tls_event *event)
{
    const struct client_hello *hello = &event->client_hello;
    struct verdict_offer *offer = &state->offer;
    const bool wanted = state->is_early_data_wanted;

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
    offer->is_external_psk = hello->has_psk && hello->obfuscated_age == 0;
    offer->has_early_data = hello->has_early_data;
    offer->has_encrypted_hello = hello->has_encrypted_client_hello;
    offer->is_sslv2_format = event->record_version == SSL_2_0;
    if (hello->session_id.len <= sizeof(offer->id)) {
        offer->id_len = (uint8_t)hello->session_id.len;
        memcpy(offer->id, hello->session_id.data, offer->id_len);
    }
    state->is_early_data_wanted = wanted || hello->has_early_data;
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
    answer->has_key_share = hello->has_key_share;
    answer->echo = compare_ids(&state->offer, hello->session_id);
}

/* A server that writes its Finished in one record may be followed by a renegotiation (rule 7). */
static void after_encrypted_handshake(struct verdict_state *state, enum tls_side from)
{
    struct verdict_side *side = &state->side[from];

    if (is_tls13(state)) {
        return; /* only drafts have such records, and they do not say which message it is */
    }
    if (side->has_finished) {
        state->renegotiates = true;
    }
    side->has_finished = side->has_finished || side->has_ccs;
}

/* RFC 7918: a client in a full handshake may send application data after its own Finished. */
static void note_false_start(struct verdict_state *state, enum tls_side from)
{
    if (from == TLS_CLIENT && state->side[TLS_CLIENT].has_finished &&
        !state->side[TLS_SERVER].has_ccs && !state->side[TLS_SERVER].has_gap) {
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
    if (is_tls13(state)) {
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
    if (event->alert_level == ALERT_FATAL || (is_tls13(state) && is_error)) {
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
        after_encrypted_handshake(state, event->from);
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

bool verdict_is_done(const struct verdict_state *state)
{
    const struct verdict_side *client = &state->side[TLS_CLIENT];
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (is_tls13(state)) {
        return client->has_finished;
    }
    return (client->has_finished && server->has_finished) || client->has_application_data ||
           server->has_application_data;
}

/* ---- Reading: what the state means ---- */

/* A verdict and how sure it is. */
struct judgement {
    enum verdict verdict;
    enum certainty certainty;
};

static struct judgement judge(enum verdict verdict, bool is_certain)
{
    const struct judgement judgement = {verdict, is_certain ? CERTAINTY_CERTAIN : CERTAINTY_LIKELY};
    return judgement;
}

/* TLS 1.3 (rule 2): the server's pre_shared_key alone decides. With an encrypted ClientHello the
 * outer offer is not the one that was answered (row 50). */
static struct judgement judge_tls13(const struct verdict_state *state)
{
    const struct verdict_offer *offer = &state->offer;
    const bool is_outer = offer->has_encrypted_hello;

    if (!state->answer.has_psk) {
        return judge(VERDICT_FULL, !is_outer);
    }
    if (offer->has_psk) {
        return judge(VERDICT_RESUMED_PSK, !is_outer && !offer->is_external_psk);
    }
    return is_outer ? judge(VERDICT_RESUMED_PSK, false) : judge(VERDICT_UNKNOWN, true);
}

static bool is_placeholder_id(const struct verdict_offer *offer)
{
    static const uint8_t zeros[HELLO_SESSION_ID_MAX];

    return offer->id_len == sizeof(zeros) && memcmp(offer->id, zeros, sizeof(zeros)) == 0;
}

/* Abbreviated (rule 4). RFC 5077, 3.4: whoever offers a ticket is resumed by it or not at all,
 * whatever the server does with the session ID. */
static struct judgement judge_abbreviated(const struct verdict_state *state)
{
    const struct verdict_offer *offer = &state->offer;

    if (!offer->is_parsed) {
        return judge(VERDICT_UNKNOWN, true);
    }
    if (offer->has_ticket) {
        return judge(VERDICT_RESUMED_TICKET, true);
    }
    if (state->answer.echo == ID_ECHO_EQUAL) {
        return judge(VERDICT_RESUMED_ID, !is_placeholder_id(offer));
    }
    return judge(VERDICT_UNKNOWN, true);
}

/* The server's flight is not whole (rule 5): an echoed ID is evidence only together with a client
 * stream that went to ChangeCipherSpec without a ClientKeyExchange. */
static struct judgement judge_with_gap(const struct verdict_state *state)
{
    const struct verdict_side *client = &state->side[TLS_CLIENT];

    if (!state->offer.is_parsed || state->answer.echo != ID_ECHO_EQUAL || client->has_gap ||
        !client->has_ccs) {
        return judge(VERDICT_UNKNOWN, true);
    }
    return judge(state->offer.has_ticket ? VERDICT_RESUMED_TICKET : VERDICT_RESUMED_ID, false);
}

/* TLS <= 1.2, or a version that was not seen. */
static struct judgement judge_tls12(const struct verdict_state *state)
{
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (state->has_server_evidence) {
        return judge(VERDICT_FULL, true);
    }
    if (state->has_client_evidence) {
        /* Rows 13 and 14, against row 25: the offer was seen, its answer was not. */
        return judge(VERDICT_FULL, !state->offer.is_seen);
    }
    if (!state->answer.is_parsed) {
        return judge(VERDICT_UNKNOWN, true);
    }
    if (server->has_late_gap || !server->has_ccs) {
        return judge_with_gap(state);
    }
    return judge_abbreviated(state);
}

/* What the handshake is, or would have been had it not failed. */
static struct judgement judge_kind(const struct verdict_state *state)
{
    return is_tls13(state) && state->answer.is_parsed ? judge_tls13(state) : judge_tls12(state);
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
        return judge_kind(state).verdict != VERDICT_UNKNOWN;
    }
    if (client->encrypted_bytes > PATIENCE_BYTES || server->encrypted_bytes > PATIENCE_BYTES) {
        return true;
    }
    if (is_tls13(state)) {
        return client->has_finished;
    }
    return (client->has_finished && server->has_finished) || server->has_application_data;
}

static enum offer offer_of(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_offer *offer = &state->offer;

    if (!offer->is_parsed) {
        return OFFER_UNKNOWN;
    }
    if (offer->has_psk || kind == VERDICT_RESUMED_PSK) {
        return OFFER_PSK;
    }
    if (offer->has_ticket) {
        return OFFER_TICKET;
    }
    /* RFC 8446, D.4: an ID beside TLS 1.3 is as a rule invented, for middleboxes; some clients
     * (Go's) keep to that when they are told to stop at TLS 1.2. */
    if (offer->id_len > 0 && (!offer->may_invent_id || kind == VERDICT_RESUMED_ID)) {
        return OFFER_ID;
    }
    return OFFER_NONE;
}

/* A full handshake: could the negotiated version have used any of what was offered? A key
 * exchange in clear says <= 1.2 even where the ServerHello was not seen. */
static enum outcome outcome_of_full(const struct verdict_state *state, enum offer offered)
{
    const bool could_use =
        is_tls13(state) ? offered == OFFER_PSK : offered != OFFER_PSK || state->offer.has_ticket;

    return could_use ? OUTCOME_REFUSED : OUTCOME_NOT_APPLICABLE;
}

static enum outcome outcome_of(const struct verdict_state *state, enum verdict verdict,
                               enum offer offered)
{
    if (offered == OFFER_UNKNOWN) {
        return OUTCOME_UNKNOWN;
    }
    if (offered == OFFER_NONE) {
        return OUTCOME_NONE;
    }
    switch (verdict) {
    case VERDICT_FULL:
        return outcome_of_full(state, offered);
    case VERDICT_RESUMED_ID:
    case VERDICT_RESUMED_TICKET:
    case VERDICT_RESUMED_PSK:
        return OUTCOME_ACCEPTED;
    case VERDICT_FAILED:
        return OUTCOME_FAILED;
    case VERDICT_UNKNOWN:
    case VERDICT_COUNT:
        break;
    }
    return OUTCOME_UNKNOWN;
}

/* SPEC 2. RFC 8446, 4.2.10: early data needs an accepted PSK, and a HelloRetryRequest ends it. */
static enum early_data early_data_of(const struct verdict_state *state)
{
    if (!state->is_early_data_wanted) {
        return EARLY_DATA_NONE;
    }
    if (state->retries > 0 || (state->answer.is_parsed && !state->answer.has_psk)) {
        return EARLY_DATA_REFUSED;
    }
    if (!state->has_early_data_finished) {
        return EARLY_DATA_UNKNOWN;
    }
    return state->has_end_of_early_data ? EARLY_DATA_ACCEPTED : EARLY_DATA_REFUSED;
}

static uint32_t anomalies_of_offer(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_offer *offer = &state->offer;
    uint32_t anomalies = 0;

    if (kind == VERDICT_RESUMED_ID && is_placeholder_id(offer)) {
        anomalies |= anomaly_bit(ANOMALY_PLACEHOLDER_ID);
    }
    if (kind == VERDICT_RESUMED_PSK && offer->is_external_psk) {
        anomalies |= anomaly_bit(ANOMALY_EXTERNAL_PSK);
    }
    if (offer->has_encrypted_hello) {
        anomalies |= anomaly_bit(ANOMALY_ENCRYPTED_CLIENT_HELLO);
    }
    if (offer->is_sslv2_format) {
        anomalies |= anomaly_bit(ANOMALY_SSLV2_HELLO);
    }
    return anomalies;
}

static bool is_abbreviated(const struct verdict_state *state)
{
    return !is_tls13(state) && state->answer.is_parsed && state->side[TLS_SERVER].has_ccs &&
           !state->side[TLS_SERVER].has_late_gap && !state->has_server_evidence &&
           !state->has_client_evidence;
}

static uint32_t anomalies_of_answer(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_answer *answer = &state->answer;
    const struct verdict_offer *offer = &state->offer;
    uint32_t anomalies = 0;

    if (is_tls13(state)) {
        if (kind == VERDICT_RESUMED_PSK && !answer->has_key_share) {
            anomalies |= anomaly_bit(ANOMALY_NO_FORWARD_SECRECY);
        }
        if (answer->has_psk && offer->is_parsed && !offer->has_psk && !offer->has_encrypted_hello) {
            anomalies |= anomaly_bit(ANOMALY_PSK_NOT_OFFERED);
        }
        return anomalies;
    }
    if (kind == VERDICT_FULL && answer->echo == ID_ECHO_EQUAL) {
        anomalies |= anomaly_bit(ANOMALY_ECHO_WITHOUT_RESUMPTION);
    }
    if (answer->echo == ID_ECHO_EXTENDED && offer->has_ticket) {
        anomalies |= anomaly_bit(ANOMALY_TICKETBLEED);
    }
    if (kind == VERDICT_UNKNOWN && is_abbreviated(state) && offer->is_parsed) {
        anomalies |= anomaly_bit(ANOMALY_ABBREVIATED_WITHOUT_OFFER);
    }
    return anomalies;
}

static uint32_t anomalies_of_course(const struct verdict_state *state)
{
    uint32_t anomalies = 0;

    if (state->has_false_start && (state->has_server_evidence || state->has_client_evidence)) {
        anomalies |= anomaly_bit(ANOMALY_FALSE_START);
    }
    if (state->has_empty_ticket) {
        anomalies |= anomaly_bit(ANOMALY_EMPTY_TICKET);
    }
    if (state->renegotiates) {
        anomalies |= anomaly_bit(ANOMALY_ENCRYPTED_RENEGOTIATION);
    }
    if (state->retries > 1) {
        anomalies |= anomaly_bit(ANOMALY_SEVERAL_RETRY_REQUESTS);
    }
    return anomalies;
}

/* Why it failed, REASON_NONE if it did not (rule 6). A reset says only that someone went away: it
 * does not undo a server's proven fresh authentication (rule 7), but it does keep an offer that
 * was not confirmed by both sides from being called a resumption. */
static enum reason failure_of(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_side *side = state->side;

    if (state->has_fatal_alert) {
        return REASON_ALERT;
    }
    if (verdict_is_done(state)) {
        return REASON_NONE;
    }
    if (side[TLS_CLIENT].has_encrypted_alert || side[TLS_SERVER].has_encrypted_alert) {
        return REASON_ENCRYPTED_ALERT;
    }
    return state->has_reset && kind != VERDICT_FULL ? REASON_RESET : REASON_NONE;
}

static enum reason reason_of_ending(const struct verdict_state *state, enum verdict_ending ending)
{
    switch (ending) {
    case VERDICT_ENDING_CUT:
        return REASON_CUT;
    case VERDICT_ENDING_EVICTED:
        return REASON_EVICTED;
    case VERDICT_ENDING_OPEN:
    case VERDICT_ENDING_CLOSED:
        break;
    }
    return state->answer.is_seen ? REASON_ENDED : REASON_NO_SERVER_HELLO;
}

/* Why nothing is proven: the first that holds. */
static enum reason reason_of_unknown(const struct verdict_state *state, enum verdict_ending ending)
{
    const struct verdict_side *side = state->side;

    if (state->is_not_tls) {
        return REASON_NOT_TLS;
    }
    if (side[TLS_CLIENT].has_gap || side[TLS_SERVER].has_gap) {
        return REASON_GAP;
    }
    if (!side[TLS_SERVER].is_heard) {
        return REASON_CLIENT_ONLY;
    }
    if (!side[TLS_CLIENT].is_heard) {
        return REASON_SERVER_ONLY;
    }
    if ((state->offer.is_seen && !state->offer.is_parsed) ||
        (state->answer.is_seen && !state->answer.is_parsed)) {
        return REASON_DAMAGED_HELLO;
    }
    if (!state->offer.is_seen) {
        return REASON_MID_STREAM;
    }
    if (is_abbreviated(state) || is_tls13(state)) {
        return REASON_NOT_OFFERED;
    }
    return reason_of_ending(state, ending);
}

void verdict_read(const struct verdict_state *state, enum verdict_ending ending,
                  struct verdict_reading *out)
{
    const struct judgement kind = judge_kind(state);
    const enum reason failure = failure_of(state, kind.verdict);

    out->verdict = kind.verdict;
    out->certainty = kind.certainty;
    out->reason = REASON_NONE;
    if (failure != REASON_NONE) {
        out->verdict = VERDICT_FAILED;
        out->certainty = failure == REASON_ENCRYPTED_ALERT ? CERTAINTY_LIKELY : CERTAINTY_CERTAIN;
        out->reason = failure;
    } else if (kind.verdict == VERDICT_UNKNOWN) {
        out->reason = reason_of_unknown(state, ending);
    }
    out->offered = offer_of(state, kind.verdict);
    out->outcome = outcome_of(state, out->verdict, out->offered);
    out->early_data = early_data_of(state);
    out->anomalies = anomalies_of_offer(state, kind.verdict) |
                     anomalies_of_answer(state, kind.verdict) | anomalies_of_course(state);
    out->id_needs_sighting = state->offer.is_parsed && out->offered == OFFER_NONE &&
                             state->offer.id_len > 0 && state->offer.may_invent_id;
    out->is_resumed_kind = verdict_is_resumed(kind.verdict);
}
