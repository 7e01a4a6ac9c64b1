#include "dissect/tls/timing.h"

#include <string.h>

enum {
    INITIAL_WINDOW_BYTES = 4380, /* RFC 3390; later stacks send more (RFC 6928) */
    MIN_STALL_NS = 1000000,      /* shorter pauses are the server computing */
    MAX_STALLS = 100,
};

void timing_init(struct timing *timing)
{
    memset(timing, 0, sizeof(*timing));
    timing->hello_ns = TIMING_NONE;
    timing->hello_end_ns = TIMING_NONE;
    timing->server_hello_ns = TIMING_NONE;
    timing->last_ns = TIMING_NONE;
    timing->client_finished_ns = TIMING_NONE;
    timing->end_ns = TIMING_NONE;
    timing->server_bytes_ns = TIMING_NONE;
}

bool timing_is_over(const struct timing *timing)
{
    return timing->end_ns != TIMING_NONE;
}

/* Whether an event is part of a flight that the other side waits for. In TLS 1.3 a
 * ChangeCipherSpec is a dummy that may be sent at any time (RFC 8446, 5), and early data is sent
 * without waiting. */
static bool is_of_flight(const struct tls_event *event, const struct timing_hint *hint)
{
    switch (event->kind) {
    case TLS_CHANGE_CIPHER_SPEC:
        return !hint->is_tls13;
    case TLS_APPLICATION_DATA:
        return !hint->is_early_data;
    case TLS_ALERT:
    case TLS_ENCRYPTED_ALERT:
    case TLS_HEARTBEAT:
    case TLS_GAP:
    case TLS_NOT_TLS:
    case TLS_FIN:
    case TLS_RESET:
    case TLS_EVENT_KIND_COUNT:
        return false;
    case TLS_CLIENT_HELLO:
    case TLS_SERVER_HELLO:
    case TLS_HELLO_RETRY_REQUEST:
    case TLS_HELLO_VERIFY_REQUEST:
    case TLS_HELLO_REQUEST:
    case TLS_NEW_SESSION_TICKET:
    case TLS_CERTIFICATE:
    case TLS_SERVER_KEY_EXCHANGE:
    case TLS_CERTIFICATE_REQUEST:
    case TLS_SERVER_HELLO_DONE:
    case TLS_CERTIFICATE_VERIFY:
    case TLS_CLIENT_KEY_EXCHANGE:
    case TLS_CERTIFICATE_STATUS:
    case TLS_OTHER_MESSAGE:
    case TLS_ENCRYPTED_HANDSHAKE:
        break;
    }
    return true;
}

/* A round trip ends when the server speaks after the client. */
static void turn(struct timing *timing, enum tls_side from)
{
    if (timing->has_flight && timing->flight_side == from) {
        return;
    }
    if (timing->has_flight && from == TLS_SERVER) {
        timing->round_trips++;
    }
    timing->has_flight = true;
    timing->flight_side = from;
}

static void note_hellos(struct timing *timing, const struct tls_event *event)
{
    if (event->kind == TLS_CLIENT_HELLO) {
        if (timing->hello_ns == TIMING_NONE) {
            timing->hello_ns = event->start_ns;
        }
        timing->hello_end_ns = event->time_ns;
    } else if (event->kind == TLS_SERVER_HELLO && timing->server_hello_ns == TIMING_NONE) {
        timing->server_hello_ns = event->start_ns;
    }
}

static void end_at(struct timing *timing, int64_t time_ns, enum tls_side by)
{
    timing->end_ns = time_ns;
    timing->ends_with_server = by == TLS_SERVER;
}

/* TLS <= 1.2 ends with the later of both Finished (RFC 5246, 7.3): the server's in a full
 * handshake, the client's in an abbreviated one. */
static void after_finished(struct timing *timing, const struct tls_event *event)
{
    if (timing->has_finished[event->from] || !timing->has_ccs[event->from]) {
        return;
    }
    timing->has_finished[event->from] = true;
    if (event->from == TLS_CLIENT) {
        timing->client_finished_ns = event->time_ns;
        timing->round_trips_at_finished = timing->round_trips;
        memcpy(timing->bytes_at_finished, timing->bytes, sizeof(timing->bytes));
    }
    if (timing->has_finished[TLS_CLIENT] && timing->has_finished[TLS_SERVER]) {
        end_at(timing, event->time_ns, event->from);
    }
}

/* False Start (RFC 7918): the client did not wait for the server's Finished. */
static void after_application_data(struct timing *timing, const struct tls_event *event)
{
    if (event->from == TLS_CLIENT && timing->has_finished[TLS_CLIENT] &&
        !timing->has_ccs[TLS_SERVER] && !timing->has_gap) {
        end_at(timing, timing->client_finished_ns, TLS_CLIENT);
        timing->round_trips = timing->round_trips_at_finished;
        memcpy(timing->bytes, timing->bytes_at_finished, sizeof(timing->bytes));
    }
}

static void after_tls12(struct timing *timing, const struct tls_event *event)
{
    if (event->kind == TLS_CHANGE_CIPHER_SPEC) {
        timing->has_ccs[event->from] = true;
    } else if (event->kind == TLS_ENCRYPTED_HANDSHAKE) {
        after_finished(timing, event);
    } else if (event->kind == TLS_APPLICATION_DATA) {
        after_application_data(timing, event);
    }
}

void timing_after(struct timing *timing, const struct tls_event *event,
                  const struct timing_hint *hint)
{
    if (timing_is_over(timing)) {
        return;
    }
    timing->has_gap = timing->has_gap || event->kind == TLS_GAP;
    timing->went_back =
        timing->went_back || (timing->last_ns != TIMING_NONE && event->time_ns < timing->last_ns);
    timing->last_ns = event->time_ns;
    note_hellos(timing, event);
    if (is_of_flight(event, hint)) {
        turn(timing, event->from);
    }
    timing->bytes[event->from] = event->stream_bytes;
    if (hint->is_early_data) {
        timing->early_bytes += event->record_len + 5;
    }
    if (!hint->is_tls13) {
        after_tls12(timing, event);
    } else if (hint->is_client_finished) {
        end_at(timing, event->time_ns, TLS_CLIENT);
    }
}

/* The bytes follow the client's acknowledgement by the time it takes to the server and back. */
static bool is_clocked_by_ack(const struct timing_arrival *arrival)
{
    if (arrival->client_ack_ns == TIMING_NONE || arrival->rtt_server_ns == TIMING_NONE) {
        return false;
    }
    const int64_t off_ns = arrival->time_ns - arrival->client_ack_ns - arrival->rtt_server_ns;
    const int64_t slack_ns = arrival->rtt_server_ns / 8 + MIN_STALL_NS;
    return off_ns >= -slack_ns && off_ns <= slack_ns;
}

static bool is_made_by_network(const struct timing *timing, const struct timing_arrival *arrival)
{
    return timing->server_flight_bytes >= INITIAL_WINDOW_BYTES || arrival->was_retransmitted ||
           is_clocked_by_ack(arrival);
}

static void note_pause(struct timing *timing, const struct timing_arrival *arrival,
                       int64_t pause_ns)
{
    const int64_t rtt_ns = arrival->rtt_ns;

    if (rtt_ns == TIMING_NONE || pause_ns < MIN_STALL_NS || pause_ns < rtt_ns / 2 ||
        timing->stalls >= MAX_STALLS || !is_made_by_network(timing, arrival)) {
        return;
    }
    const int64_t trips = rtt_ns > 0 ? (pause_ns + rtt_ns / 2) / rtt_ns : 1;
    const int64_t most = arrival->was_retransmitted ? 1 : MAX_STALLS - timing->stalls;
    timing->stalls = (uint8_t)(timing->stalls + (trips < most ? trips : most));
}

void timing_server_bytes(struct timing *timing, const struct timing_arrival *arrival)
{
    const bool goes_on = timing->has_flight && timing->flight_side == TLS_SERVER;
    const int64_t last_ns = timing->server_bytes_ns;

    timing->server_bytes_ns = arrival->time_ns;
    if (timing_is_over(timing)) {
        return;
    }
    if (!goes_on || last_ns == TIMING_NONE) {
        timing->server_flight_bytes = arrival->len;
        return;
    }
    note_pause(timing, arrival, arrival->time_ns - last_ns);
    timing->server_flight_bytes += arrival->len;
}

static int64_t between(int64_t from_ns, int64_t to_ns)
{
    return from_ns == TIMING_NONE || to_ns == TIMING_NONE ? TIMING_NONE : to_ns - from_ns;
}

/* From a moment the monitor saw the client's bytes to the end, as the client lives it. */
static int64_t as_client_lives(const struct timing *timing, const struct timing_path *path,
                               int64_t from_ns, int64_t end_ns)
{
    const int64_t seen_ns = between(from_ns, end_ns);

    if (seen_ns == TIMING_NONE || seen_ns < 0) {
        return TIMING_NONE;
    }
    if (end_ns != timing->end_ns || !timing->ends_with_server) {
        return seen_ns;
    }
    return path->rtt_client_ns == TIMING_NONE ? TIMING_NONE : seen_ns + path->rtt_client_ns;
}

static int64_t server_think(const struct timing *timing, const struct timing_path *path)
{
    const int64_t answer_ns = between(timing->hello_end_ns, timing->server_hello_ns);

    if (answer_ns == TIMING_NONE || path->rtt_server_ns == TIMING_NONE) {
        return TIMING_NONE;
    }
    return answer_ns > path->rtt_server_ns ? answer_ns - path->rtt_server_ns : 0;
}

void timing_read(const struct timing *timing, const struct timing_path *path,
                 bool early_data_accepted, struct timing_reading *out)
{
    /* Without a round trip the server was not captured: no client waits for nothing. */
    const bool is_whole = timing_is_over(timing) && timing->hello_ns != TIMING_NONE &&
                          !timing->has_gap && timing->round_trips > 0;

    out->rtts_tls = -1;
    out->rtts_stalled = -1;
    out->handshake_ns = TIMING_NONE;
    out->setup_ns = TIMING_NONE;
    out->server_think_ns = timing->has_gap ? TIMING_NONE : server_think(timing, path);
    out->bytes_client = TIMING_NONE;
    out->bytes_server = TIMING_NONE;
    if (!is_whole) {
        return;
    }
    out->rtts_tls = (int8_t)(early_data_accepted ? 0 : timing->round_trips);
    out->rtts_stalled = (int8_t)timing->stalls;
    const int64_t end_ns = early_data_accepted ? timing->hello_ns : timing->end_ns;
    out->handshake_ns = as_client_lives(timing, path, timing->hello_ns, end_ns);
    out->setup_ns = as_client_lives(timing, path, path->syn_ns, end_ns);
    out->bytes_client = timing->bytes[TLS_CLIENT] - timing->early_bytes;
    out->bytes_server = timing->bytes[TLS_SERVER];
}
