#include "dissect/tls/judgement.h"

#include <string.h>

static struct judgement judge(enum verdict verdict, bool is_certain)
{
    const struct judgement judgement = {verdict, is_certain ? CERTAINTY_CERTAIN : CERTAINTY_LIKELY};
    return judgement;
}

/* RFC 8446, 4.2.11: the client aborts when selected_identity is beyond its list. */
bool judgement_is_offered_psk(const struct verdict_state *state)
{
    return state->answer.has_psk && state->offer.has_psk &&
           state->answer.selected_identity < state->offer.psk_count;
}

bool judgement_is_external_psk(const struct verdict_state *state)
{
    const uint16_t selected = state->answer.selected_identity;

    return judgement_is_offered_psk(state) &&
           (selected > VERDICT_LAST_IDENTITY || (state->offer.external_psks >> selected & 1) != 0);
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
    if (judgement_is_offered_psk(state)) {
        return judge(VERDICT_RESUMED_PSK, !is_outer && !judgement_is_external_psk(state));
    }
    return is_outer ? judge(VERDICT_RESUMED_PSK, false) : judge(VERDICT_UNKNOWN, true);
}

bool judgement_is_placeholder_id(const struct verdict_offer *offer)
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
        return judge(VERDICT_RESUMED_ID, !judgement_is_placeholder_id(offer));
    }
    return judge(VERDICT_UNKNOWN, true);
}

/* SSL 2.0 (draft-hickman-netscape-ssl-00, 1.5.3): a hit says that the session is the one whose ID
 * the client has sent, in the only format such IDs have. */
static struct judgement judge_ssl2_hit(const struct verdict_state *state)
{
    const struct verdict_offer *offer = &state->offer;
    const bool has_offered = offer->is_parsed && offer->is_sslv2_format && offer->id_len > 0;

    return judge(has_offered ? VERDICT_RESUMED_ID : VERDICT_UNKNOWN, true);
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

/* The server's flight is whole, and has nothing but what an abbreviated handshake has (rule 4). */
static bool is_abbreviated_flight(const struct verdict_state *state)
{
    const struct verdict_side *server = &state->side[TLS_SERVER];

    return state->answer.is_parsed && server->has_ccs && !server->has_late_gap &&
           !state->has_server_evidence;
}

/* TLS <= 1.2, or a version that was not seen. */
static struct judgement judge_tls12(const struct verdict_state *state)
{
    const struct verdict_side *server = &state->side[TLS_SERVER];

    if (state->has_server_evidence) {
        return judge(VERDICT_FULL, true);
    }
    if (state->has_client_evidence && is_abbreviated_flight(state)) {
        /* Both cannot be of one handshake: what lies between two of them is lost. */
        return judge(VERDICT_UNKNOWN, true);
    }
    if (state->has_client_evidence) {
        /* Rows 13 and 14, against row 25: the offer was seen, its answer was not. */
        return judge(VERDICT_FULL, !state->offer.is_seen);
    }
    if (!state->answer.is_parsed) {
        return judge(VERDICT_UNKNOWN, true);
    }
    if (verdict_is_ssl2(state)) {
        return judge_ssl2_hit(state); /* without one there is evidence */
    }
    if (server->has_late_gap || !server->has_ccs) {
        return judge_with_gap(state);
    }
    return judge_abbreviated(state);
}

struct judgement judgement_of_kind(const struct verdict_state *state)
{
    return verdict_is_tls13(state) && state->answer.is_parsed ? judge_tls13(state)
                                                              : judge_tls12(state);
}

bool judgement_is_abbreviated(const struct verdict_state *state)
{
    if (verdict_is_ssl2(state)) {
        return state->answer.is_parsed && state->answer.has_session_id_hit &&
               !state->has_server_evidence && !state->has_client_evidence;
    }
    return !verdict_is_tls13(state) && is_abbreviated_flight(state) && !state->has_client_evidence;
}

/* A reset says only that someone went away: it
 * does not undo a server's proven fresh authentication (rule 7), but it does keep an offer that
 * was not confirmed by both sides from being called a resumption. */
enum reason judgement_of_failure(const struct verdict_state *state, enum verdict kind)
{
    const struct verdict_side *side = state->side;

    if (state->has_fatal_alert) {
        return REASON_ALERT;
    }
    if (verdict_is_done(state)) {
        return REASON_NONE;
    }
    if (side[TLS_CLIENT].has_gap || side[TLS_SERVER].has_gap) {
        return REASON_NONE; /* the Finished may be what was lost: then this ended no handshake */
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

enum reason judgement_of_unknown(const struct verdict_state *state, enum verdict_ending ending)
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
    if (judgement_is_abbreviated(state) || verdict_is_tls13(state)) {
        return REASON_NOT_OFFERED;
    }
    return reason_of_ending(state, ending);
}
