#include "dissect/exchange.h"

#include "dissect/tls/ticket_estimate.h"
#include "dissect/tls/transcript.h"

#include <string.h>

void exchange_init(struct exchange *exchange, enum transport transport, const struct endpoint *a,
                   const struct endpoint *b)
{
    memset(exchange, 0, offsetof(struct exchange, verdict));
    exchange->endpoints[0] = *a;
    exchange->endpoints[1] = *b;
    verdict_init(&exchange->verdict);
    timing_init(&exchange->timing);
    handshake_init(&exchange->handshake);
    contents_init(&exchange->contents);
    exchange->handshake.time_ns = HANDSHAKE_NULL;
    exchange->handshake.transport = transport;
}

/* ---- Who is who ---- */

/* The side an event's kind speaks for; false where both sides send such things. */
static bool side_by_kind(const struct tls_event *event, enum tls_side *side)
{
    switch (event->kind) {
    case TLS_CLIENT_HELLO:
    case TLS_CLIENT_KEY_EXCHANGE:
    case TLS_CERTIFICATE_VERIFY:
        *side = TLS_CLIENT;
        return true;
    case TLS_SERVER_HELLO:
    case TLS_HELLO_RETRY_REQUEST:
    case TLS_HELLO_VERIFY_REQUEST:
    case TLS_HELLO_REQUEST:
    case TLS_NEW_SESSION_TICKET:
    case TLS_SERVER_KEY_EXCHANGE:
    case TLS_CERTIFICATE_REQUEST:
    case TLS_SERVER_HELLO_DONE:
    case TLS_CERTIFICATE_STATUS:
        *side = TLS_SERVER;
        return true;
    case TLS_CERTIFICATE:
    case TLS_OTHER_MESSAGE:
    case TLS_CHANGE_CIPHER_SPEC:
    case TLS_ENCRYPTED_HANDSHAKE:
    case TLS_APPLICATION_DATA:
    case TLS_ALERT:
    case TLS_ENCRYPTED_ALERT:
    case TLS_HEARTBEAT:
    case TLS_GAP:
    case TLS_NOT_TLS:
    case TLS_FIN:
    case TLS_RESET:
    case TLS_EVENT_KIND_COUNT:
        break;
    }
    return false;
}

/* Without a hello: who opened the connection is the client, else who has the higher port. */
static unsigned likely_client(const struct exchange *exchange)
{
    if (exchange->has_opener) {
        return exchange->opener;
    }
    return exchange->endpoints[0].port >= exchange->endpoints[1].port ? 0 : 1;
}

unsigned exchange_client(const struct exchange *exchange)
{
    return exchange->has_client ? exchange->client : likely_client(exchange);
}

static enum tls_side side_of(struct exchange *exchange, const struct tls_event *event,
                             unsigned direction)
{
    enum tls_side side;

    if (!exchange->has_client && side_by_kind(event, &side)) {
        exchange->has_client = true;
        exchange->client = side == TLS_CLIENT ? direction : 1 - direction;
    }
    return direction == exchange_client(exchange) ? TLS_CLIENT : TLS_SERVER;
}

void exchange_note_anomaly(struct exchange *exchange, enum anomaly anomaly)
{
    exchange->handshake.anomalies |= 1u << anomaly;
}

/* ---- Events into folds ---- */

bool exchange_has_handshake(const struct exchange *exchange)
{
    const struct verdict_state *verdict = &exchange->verdict;

    return verdict->offer.is_seen || verdict->answer.is_seen || verdict->retries > 0 ||
           verdict->has_server_evidence || verdict->has_client_evidence ||
           verdict->has_ticket_message;
}

/* Encrypted records without any hello before them: the handshake is past. */
static bool is_past_handshake(const struct tls_event *event)
{
    return event->kind == TLS_APPLICATION_DATA || event->kind == TLS_ENCRYPTED_HANDSHAKE ||
           event->kind == TLS_ENCRYPTED_ALERT || event->kind == TLS_HEARTBEAT;
}

static struct timing_hint timing_hint_of(const struct exchange *exchange,
                                         const struct tls_event *event, bool was_finished)
{
    const struct verdict_state *verdict = &exchange->verdict;
    struct timing_hint hint = {false, false, false};

    hint.is_tls13 = verdict_is_tls13(&exchange->verdict);
    hint.is_client_finished =
        hint.is_tls13 && !was_finished && verdict->side[TLS_CLIENT].has_finished;
    hint.is_early_data = event->kind == TLS_APPLICATION_DATA && event->from == TLS_CLIENT &&
                         verdict->is_early_data_wanted && !hint.is_client_finished;
    return hint;
}

static void fold_tickets(struct exchange *exchange, const struct tls_event *event,
                         bool is_client_finished)
{
    const struct verdict_state *verdict = &exchange->verdict;
    const struct ticket_flight_hint hint = {
        .is_client_finished = is_client_finished,
        .is_early_data_wanted = verdict->is_early_data_wanted,
        .cipher = verdict->answer.cipher,
    };

    if (verdict_is_tls13(verdict) && exchange->handshake.transport == TRANSPORT_TCP) {
        ticket_flight_after(&exchange->ticket_flight, event, &hint);
    }
}

static void fold(struct exchange *exchange, struct keyed_hash *session_hash,
                 struct tls_event *event, unsigned direction)
{
    struct verdict_state *verdict = &exchange->verdict;
    struct handshake *handshake = &exchange->handshake;

    event->from = side_of(exchange, event, direction);
    const bool had_finished = verdict->side[event->from].has_finished;
    const bool client_had_finished = verdict->side[TLS_CLIENT].has_finished;
    if (is_past_handshake(event) && !exchange_has_handshake(exchange)) {
        exchange->is_mid_stream = true;
        return;
    }
    verdict_after(verdict, event);
    const struct timing_hint hint = timing_hint_of(exchange, event, client_had_finished);
    timing_after(&exchange->timing, event, &hint);
    fold_tickets(exchange, event, hint.is_client_finished);
    contents_after(&exchange->contents, session_hash, event, handshake);
    if (handshake->time_ns == HANDSHAKE_NULL && exchange_has_handshake(exchange)) {
        handshake->time_ns = event->start_ns;
    }
    const bool is_finished = event->kind == TLS_ENCRYPTED_HANDSHAKE && !had_finished &&
                             verdict->side[event->from].has_finished;
    exchange->messages_len =
        (uint8_t)transcript_add(handshake->messages, sizeof(handshake->messages),
                                exchange->messages_len, event, is_finished);
}

static bool is_over(const struct exchange *exchange)
{
    return exchange->is_mid_stream || exchange->is_not_tls || exchange->is_followed ||
           (exchange_has_handshake(exchange) && verdict_is_final(&exchange->verdict));
}

bool exchange_is_followed_by(const struct exchange *exchange, struct bytes random, bool is_received)
{
    const struct bytes known = {exchange->random, HELLO_RANDOM_BYTES};

    if (verdict_is_past_hellos(&exchange->verdict)) {
        return true;
    }
    if (exchange->is_retried) {
        return false;
    }
    return exchange->has_random ? !bytes_equal(random, known)
                                : exchange->verdict.answer.is_parsed && !is_received;
}

/* In DTLS the reader knows (dtls_reader.h). */
static bool is_next_hello(const struct exchange *exchange, const struct tls_event *event)
{
    return event->kind == TLS_CLIENT_HELLO && event->is_parsed &&
           exchange->handshake.transport == TRANSPORT_TCP &&
           exchange_is_followed_by(exchange, event->client_hello.random, true);
}

void exchange_hear_random(struct exchange *exchange, struct bytes random)
{
    if (random.len == sizeof(exchange->random)) {
        exchange->has_random = true;
        memcpy(exchange->random, random.data, sizeof(exchange->random));
    }
}

static void note_hello(struct exchange *exchange, const struct tls_event *event)
{
    if (event->kind == TLS_HELLO_RETRY_REQUEST) {
        exchange->is_retried = true;
    } else if (event->kind == TLS_CLIENT_HELLO) {
        exchange->is_retried = false;
        if (event->is_parsed) {
            exchange_hear_random(exchange, event->client_hello.random);
        }
    }
}

/* What the keys of the handshake before protect may come until a side's ChangeCipherSpec (RFC 5246,
 * 7.4.1.1), and without encryption such records look like those that come after it. */
static bool is_of_handshake_before(const struct exchange *exchange, const struct tls_event *event,
                                   unsigned direction)
{
    const struct verdict_state *verdict = &exchange->verdict;
    const enum tls_side from = direction == exchange_client(exchange) ? TLS_CLIENT : TLS_SERVER;
    const struct verdict_side *side = &verdict->side[from];

    if (!exchange->is_further || !is_past_handshake(event)) {
        return false;
    }
    if (!exchange_has_handshake(exchange)) {
        return true;
    }
    return event->kind == TLS_APPLICATION_DATA && !side->has_ccs && !side->has_gap &&
           !verdict_is_tls13(verdict) && !verdict->is_early_data_wanted;
}

static void take_in(struct exchange *exchange, struct keyed_hash *session_hash,
                    struct tls_event *event, unsigned direction)
{
    if (event->kind == TLS_NOT_TLS && !exchange_has_handshake(exchange)) {
        exchange->is_not_tls = true;
        return;
    }
    if (is_next_hello(exchange, event)) {
        exchange->is_followed = true;
        return;
    }
    note_hello(exchange, event);
    if (is_of_handshake_before(exchange, event, direction)) {
        return;
    }
    fold(exchange, session_hash, event, direction);
}

void exchange_on_event(struct exchange *exchange, struct keyed_hash *session_hash,
                       struct tls_event *event, unsigned direction)
{
    take_in(exchange, session_hash, event, direction);
    exchange->is_over = is_over(exchange);
}

/* ---- The end ---- */

static void settle_times(struct exchange *exchange, const struct timing_path *path)
{
    struct handshake *handshake = &exchange->handshake;
    struct timing_reading reading;

    timing_read(&exchange->timing, path, handshake->early_data == EARLY_DATA_ACCEPTED, &reading);
    handshake->rtts_tls = reading.rtts_tls;
    handshake->rtts_stalled = reading.rtts_stalled;
    handshake->rtt_client_ns = path->rtt_client_ns;
    handshake->rtt_server_ns = path->rtt_server_ns;
    handshake->handshake_ns = reading.handshake_ns;
    handshake->setup_ns = reading.setup_ns;
    handshake->server_think_ns = reading.server_think_ns;
    handshake->bytes_client = reading.bytes_client;
    handshake->bytes_server = reading.bytes_server;
    if (exchange->timing.went_back) {
        exchange_note_anomaly(exchange, ANOMALY_TIME_WENT_BACK);
    }
}

static void settle(struct exchange *exchange, const struct keyed_hash *session_hash,
                   enum verdict_ending ending, const struct timing_path *path)
{
    struct handshake *handshake = &exchange->handshake;
    const unsigned client = exchange_client(exchange);
    struct verdict_reading reading;

    verdict_read(&exchange->verdict, ending, &reading);
    handshake->client = exchange->endpoints[client];
    handshake->server = exchange->endpoints[1 - client];
    handshake->verdict = reading.verdict;
    handshake->certainty = reading.certainty;
    handshake->reason = reading.reason;
    handshake->alert = reading.reason == REASON_ALERT ? exchange->verdict.alert : 0;
    handshake->offered = reading.offered;
    handshake->outcome = reading.outcome;
    handshake->early_data = reading.early_data;
    handshake->hello_retries = exchange->verdict.retries;
    handshake->id_needs_sighting = reading.id_needs_sighting;
    handshake->anomalies |= reading.anomalies;
    contents_settle(&exchange->contents, session_hash, &exchange->verdict, reading.is_resumed_kind,
                    handshake);
    settle_times(exchange, path);
}

enum conversation_state exchange_settle(struct exchange *exchange,
                                        const struct keyed_hash *session_hash,
                                        enum verdict_ending ending, const struct timing_path *path)
{
    if (exchange_has_handshake(exchange)) {
        settle(exchange, session_hash, exchange->verdict.has_reset ? VERDICT_ENDING_CLOSED : ending,
               path);
        return CONVERSATION_HANDSHAKE;
    }
    return exchange->is_mid_stream ? CONVERSATION_MID_STREAM : CONVERSATION_NOT_TLS;
}

/* ---- Behind the handshake ---- */

void exchange_hear(struct exchange *exchange, struct tls_event *event, unsigned direction)
{
    event->from = direction == exchange_client(exchange) ? TLS_CLIENT : TLS_SERVER;
    fold_tickets(exchange, event, false);
}

static bool may_have_tickets(const struct exchange *exchange)
{
    const enum verdict verdict = exchange->handshake.verdict;

    return verdict == VERDICT_FULL || verdict == VERDICT_RESUMED_PSK;
}

bool exchange_awaits_tickets(const struct exchange *exchange)
{
    return may_have_tickets(exchange) && ticket_flight_is_awaited(&exchange->ticket_flight);
}

void exchange_settle_tickets(struct exchange *exchange, bool is_waited_out)
{
    struct handshake *handshake = &exchange->handshake;
    struct ticket_flight_reading reading;

    ticket_flight_read(&exchange->ticket_flight, is_waited_out, &reading);
    if (!may_have_tickets(exchange) || reading.count == TICKET_FLIGHT_NULL) {
        return;
    }
    handshake->estimated_tickets = reading.count;
    if (reading.count > 0) {
        handshake->estimated_ticket_bytes = ticket_estimate_bytes(reading.record_bytes);
    }
}
