#include "dissect/tls/outcome.h"

enum offer outcome_offered(const struct verdict_state *state, enum verdict kind)
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
    const bool could_use = verdict_is_tls13(state)
                               ? offered == OFFER_PSK
                               : offered != OFFER_PSK || state->offer.has_ticket;

    return could_use ? OUTCOME_REFUSED : OUTCOME_NOT_APPLICABLE;
}

enum outcome outcome_of(const struct verdict_state *state, enum verdict verdict, enum offer offered)
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
enum early_data outcome_of_early_data(const struct verdict_state *state)
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
