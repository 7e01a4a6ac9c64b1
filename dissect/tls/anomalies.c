#include "dissect/tls/anomalies.h"

#include "dissect/tls/judgement.h"

static uint32_t anomaly_bit(enum anomaly anomaly)
{
    return 1u << anomaly;
}

static uint32_t of_offer(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_offer *offer = &state->offer;
    uint32_t anomalies = 0;

    if (kind == VERDICT_RESUMED_ID && judgement_is_placeholder_id(offer)) {
        anomalies |= anomaly_bit(ANOMALY_PLACEHOLDER_ID);
    }
    if (kind == VERDICT_RESUMED_PSK && judgement_is_external_psk(state)) {
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

static uint32_t of_answer(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_answer *answer = &state->answer;
    const struct verdict_offer *offer = &state->offer;
    uint32_t anomalies = 0;

    if (verdict_is_tls13(state)) {
        if (kind == VERDICT_RESUMED_PSK && !answer->has_key_share) {
            anomalies |= anomaly_bit(ANOMALY_NO_FORWARD_SECRECY);
        }
        if (answer->has_psk && offer->is_parsed && !judgement_is_offered_psk(state) &&
            !offer->has_encrypted_hello) {
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
    if (kind == VERDICT_UNKNOWN && judgement_is_abbreviated(state) && offer->is_parsed) {
        anomalies |= anomaly_bit(ANOMALY_ABBREVIATED_WITHOUT_OFFER);
    }
    return anomalies;
}

static uint32_t of_course(const struct verdict_state *state)
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

uint32_t anomalies_of(const struct verdict_state *state, enum verdict kind)
{
    return of_offer(state, kind) | of_answer(state, kind) | of_course(state);
}
