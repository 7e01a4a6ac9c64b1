#include "store/sighted_id.h"

enum { VERSION_TLS_1_3 = 0x0304, VERSION_DTLS_1_3 = 0xfefc };

/* A full handshake has turned the ID down, if its version has session IDs at all. */
static enum outcome outcome_of_unused_id(uint16_t version)
{
    if (version == 0) {
        return OUTCOME_UNKNOWN;
    }
    return version == VERSION_TLS_1_3 || version == VERSION_DTLS_1_3 ? OUTCOME_NOT_APPLICABLE
                                                                     : OUTCOME_REFUSED;
}

/* SPEC 2: the outcome of a session ID that turns out to have been an offer. */
static enum outcome outcome_of_sighted_id(const struct handshake *handshake)
{
    switch (handshake->verdict) {
    case VERDICT_FAILED:
        return OUTCOME_FAILED;
    case VERDICT_RESUMED_ID:
        return OUTCOME_ACCEPTED;
    case VERDICT_FULL:
    case VERDICT_RESUMED_PSK:
        return outcome_of_unused_id(handshake->version);
    case VERDICT_UNKNOWN:
    case VERDICT_RESUMED_TICKET:
    case VERDICT_COUNT:
        break;
    }
    return OUTCOME_UNKNOWN;
}

void sighted_id_settle(const struct handshake *handshake, int64_t issued_ns, enum offer *offered,
                       enum outcome *outcome)
{
    if (!handshake->id_needs_sighting) {
        return;
    }
    const bool is_offer = issued_ns != HANDSHAKE_NULL && issued_ns <= handshake->time_ns;
    *offered = is_offer ? OFFER_ID : OFFER_NONE;
    *outcome = is_offer ? outcome_of_sighted_id(handshake) : OUTCOME_NONE;
}
