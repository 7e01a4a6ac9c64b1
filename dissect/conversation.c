#include "dissect/conversation.h"

#include "dissect/tls/transcript.h"

#include <string.h>

/* A reset this far from the expected sequence number is not believed (RFC 5961, 3.2 asks for the
 * exact one; a capture may have missed the bytes between). */
enum { RESET_WINDOW_BYTES = 1 << 20 };

/* The SYN that path has seen fixes where its stream starts. */
static void start_stream(struct conversation *conversation, const struct conversation_means *means,
                         unsigned direction, uint32_t syn_sequence)
{
    const struct segment syn = {.flags = TCP_SYN, .sequence = syn_sequence};

    stream_add(&conversation->streams[direction], means->stream_blocks, &syn);
}

void conversation_init(struct conversation *conversation, const struct conversation_means *means,
                       const struct path *path, const struct flow_key *key)
{
    memset(conversation, 0, sizeof(*conversation));
    conversation->path = *path;
    conversation->endpoints[0] = key->a;
    conversation->endpoints[1] = key->b;
    for (unsigned direction = 0; direction < 2; direction++) {
        stream_init(&conversation->streams[direction]);
        tls_reader_init(&conversation->readers[direction]);
        conversation->ack_ns[direction] = TIMING_NONE;
    }
    if (path->syn_ns != PATH_NONE) {
        start_stream(conversation, means, path->initiator, path->syn_sequence);
    }
    if (path->syn_ack_ns != PATH_NONE) {
        start_stream(conversation, means, 1 - path->initiator, path->syn_ack_sequence);
    }
    verdict_init(&conversation->verdict);
    timing_init(&conversation->timing);
    handshake_init(&conversation->handshake);
    conversation->handshake.time_ns = HANDSHAKE_NULL;
}

void conversation_clear(struct conversation *conversation, const struct conversation_means *means)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        stream_clear(&conversation->streams[direction], means->stream_blocks);
        tls_reader_clear(&conversation->readers[direction], &means->readers);
    }
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
static unsigned likely_client(const struct conversation *conversation)
{
    if (conversation->path.has_initiator) {
        return conversation->path.initiator;
    }
    return conversation->endpoints[0].port >= conversation->endpoints[1].port ? 0 : 1;
}

static unsigned client_direction(const struct conversation *conversation)
{
    return conversation->has_client ? conversation->client : likely_client(conversation);
}

static enum tls_side side_of(struct conversation *conversation, const struct tls_event *event,
                             unsigned direction)
{
    enum tls_side side;

    if (!conversation->has_client && side_by_kind(event, &side)) {
        conversation->has_client = true;
        conversation->client = side == TLS_CLIENT ? direction : 1 - direction;
    }
    return direction == client_direction(conversation) ? TLS_CLIENT : TLS_SERVER;
}

static void note_anomaly(struct conversation *conversation, enum anomaly anomaly)
{
    conversation->handshake.anomalies |= 1u << anomaly;
}

/* ---- Events into folds ---- */

/* Whether anything of a handshake was seen that deserves a record. */
static bool has_handshake(const struct conversation *conversation)
{
    const struct verdict_state *verdict = &conversation->verdict;

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

static struct timing_hint timing_hint_of(const struct conversation *conversation,
                                         const struct tls_event *event, bool was_finished)
{
    const struct verdict_state *verdict = &conversation->verdict;
    struct timing_hint hint = {false, false, false};

    hint.is_tls13 = verdict_is_tls13(&conversation->verdict);
    hint.is_client_finished =
        hint.is_tls13 && !was_finished && verdict->side[TLS_CLIENT].has_finished;
    hint.is_early_data = event->kind == TLS_APPLICATION_DATA && event->from == TLS_CLIENT &&
                         verdict->is_early_data_wanted && !hint.is_client_finished;
    return hint;
}

static void fold(struct conversation *conversation, const struct conversation_means *means,
                 struct tls_event *event, unsigned direction)
{
    struct verdict_state *verdict = &conversation->verdict;
    struct handshake *handshake = &conversation->handshake;

    event->from = side_of(conversation, event, direction);
    const bool had_finished = verdict->side[event->from].has_finished;
    const bool client_had_finished = verdict->side[TLS_CLIENT].has_finished;
    if (!has_handshake(conversation) && is_past_handshake(event)) {
        conversation->is_mid_stream = true;
        return;
    }
    verdict_after(verdict, event);
    const struct timing_hint hint = timing_hint_of(conversation, event, client_had_finished);
    timing_after(&conversation->timing, event, &hint);
    contents_after(&conversation->contents, means->session_hash, event, handshake);
    if (has_handshake(conversation) && handshake->time_ns == HANDSHAKE_NULL) {
        handshake->time_ns = event->start_ns;
    }
    if (event->kind == TLS_SERVER_HELLO && verdict_is_tls13(&conversation->verdict)) {
        tls_reader_set_encrypted(&conversation->readers[direction]);
    }
    const bool is_finished = event->kind == TLS_ENCRYPTED_HANDSHAKE && !had_finished &&
                             verdict->side[event->from].has_finished;
    transcript_add(handshake->messages, sizeof(handshake->messages), event, is_finished);
}

static bool is_over(const struct conversation *conversation)
{
    return conversation->is_mid_stream || conversation->is_not_tls ||
           (has_handshake(conversation) && verdict_is_final(&conversation->verdict));
}

static void on_event(struct conversation *conversation, const struct conversation_means *means,
                     struct tls_event *event, unsigned direction)
{
    if (event->kind == TLS_NOT_TLS && !has_handshake(conversation)) {
        conversation->is_not_tls = true;
        return;
    }
    fold(conversation, means, event, direction);
}

static int64_t path_rtt(const struct path *path)
{
    const int64_t first = path_rtt_to(path, 0);
    const int64_t second = path_rtt_to(path, 1);

    return first == PATH_NONE || second == PATH_NONE ? TIMING_NONE : first + second;
}

/* Pauses inside the server's flight may be round trips lost. */
static void tell_arrival(struct conversation *conversation, const struct stream_chunk *chunk)
{
    const struct timing_arrival arrival = {
        .time_ns = chunk->time_ns,
        .client_ack_ns = conversation->ack_ns[conversation->client],
        .rtt_ns = path_rtt(&conversation->path),
        .rtt_server_ns = path_rtt_to(&conversation->path, 1 - conversation->client),
        .len = (uint32_t)chunk->data.len,
        .was_retransmitted = conversation->fills_hole || chunk->was_retransmitted,
    };

    timing_server_bytes(&conversation->timing, &arrival);
}

static void read_chunk(struct conversation *conversation, const struct conversation_means *means,
                       const struct stream_chunk *chunk, unsigned direction)
{
    struct tls_reader *reader = &conversation->readers[direction];
    struct reader_input input = {chunk->data, chunk->missing, chunk->time_ns,
                                 chunk->starts_segment};
    struct tls_event event;

    conversation->lost_bytes += chunk->missing;
    if (chunk->data.len > 0 && conversation->has_client && direction != conversation->client) {
        tell_arrival(conversation, chunk);
    }
    while (!is_over(conversation) && tls_reader_next(reader, &means->readers, &input, &event)) {
        on_event(conversation, means, &event, direction);
    }
}

/* Bytes that waited behind a hole reach the application when it closes: that is their time. */
static void drain(struct conversation *conversation, const struct conversation_means *means,
                  unsigned direction)
{
    struct stream *stream = &conversation->streams[direction];
    struct stream_chunk chunk;

    while (!is_over(conversation) && stream_next(stream, means->stream_blocks, &chunk)) {
        chunk.time_ns = conversation->now_ns;
        read_chunk(conversation, means, &chunk, direction);
    }
}

/* ---- The end ---- */

static int64_t or_null(int64_t path_ns)
{
    return path_ns == PATH_NONE ? HANDSHAKE_NULL : path_ns;
}

static void settle_times(struct conversation *conversation)
{
    struct handshake *handshake = &conversation->handshake;
    const struct path *path = &conversation->path;
    const unsigned client = client_direction(conversation);
    const bool opened_by_client = path->has_initiator && path->initiator == client;
    const struct timing_path timing_path = {
        opened_by_client ? path->syn_ns : PATH_NONE,
        path_rtt_to(path, client),
        path_rtt_to(path, 1 - client),
    };
    struct timing_reading reading;

    timing_read(&conversation->timing, &timing_path, handshake->early_data == EARLY_DATA_ACCEPTED,
                &reading);
    if (path->syn_ns != PATH_NONE) {
        handshake->rtts_tcp = path->fast_open ? 0 : 1;
    }
    handshake->rtts_tls = reading.rtts_tls;
    handshake->rtts_stalled = reading.rtts_stalled;
    handshake->rtt_client_ns = or_null(timing_path.rtt_client_ns);
    handshake->rtt_server_ns = or_null(timing_path.rtt_server_ns);
    handshake->handshake_ns = reading.handshake_ns;
    handshake->setup_ns = reading.setup_ns;
    handshake->server_think_ns = reading.server_think_ns;
    handshake->bytes_client = reading.bytes_client;
    handshake->bytes_server = reading.bytes_server;
    if (conversation->timing.went_back) {
        note_anomaly(conversation, ANOMALY_TIME_WENT_BACK);
    }
}

static enum conversation_state settle(struct conversation *conversation, enum verdict_ending ending)
{
    struct handshake *handshake = &conversation->handshake;
    const unsigned client = client_direction(conversation);
    struct verdict_reading reading;

    verdict_read(&conversation->verdict, ending, &reading);
    handshake->client = conversation->endpoints[client];
    handshake->server = conversation->endpoints[1 - client];
    handshake->verdict = reading.verdict;
    handshake->certainty = reading.certainty;
    handshake->reason = reading.reason;
    handshake->alert = reading.reason == REASON_ALERT ? conversation->verdict.alert : 0;
    handshake->offered = reading.offered;
    handshake->outcome = reading.outcome;
    handshake->early_data = reading.early_data;
    handshake->hello_retries = conversation->verdict.retries;
    handshake->id_needs_sighting = reading.id_needs_sighting;
    handshake->anomalies |= reading.anomalies;
    if (conversation->streams[0].has_conflict || conversation->streams[1].has_conflict) {
        note_anomaly(conversation, ANOMALY_OVERLAP);
    }
    contents_settle(&conversation->contents, &conversation->verdict, reading.is_resumed_kind,
                    handshake);
    settle_times(conversation);
    return CONVERSATION_HANDSHAKE;
}

/* A ClientHello that broke off is worth a record too: something was tried. */
static void tell_partial_hello(struct conversation *conversation,
                               const struct conversation_means *means)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        struct tls_event event;
        if (!has_handshake(conversation) &&
            tls_reader_partial_hello(&conversation->readers[direction], &event)) {
            fold(conversation, means, &event, direction);
        }
    }
}

static enum conversation_state state_of(struct conversation *conversation,
                                        enum verdict_ending ending)
{
    if (has_handshake(conversation)) {
        return settle(conversation,
                      conversation->verdict.has_reset ? VERDICT_ENDING_CLOSED : ending);
    }
    return conversation->is_mid_stream ? CONVERSATION_MID_STREAM : CONVERSATION_NOT_TLS;
}

enum conversation_state conversation_end(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         enum verdict_ending ending)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        stream_give_up(&conversation->streams[direction]);
        drain(conversation, means, direction);
    }
    if (!is_over(conversation)) {
        tell_partial_hello(conversation, means);
    }
    return state_of(conversation, ending);
}

/* ---- Segments ---- */

static void tell_of_connection(struct conversation *conversation,
                               const struct conversation_means *means, enum tls_event_kind kind,
                               const struct segment *segment, unsigned direction)
{
    struct tls_event event = {.kind = kind,
                              .start_ns = segment->time_ns,
                              .time_ns = segment->time_ns,
                              .stream_bytes = conversation->readers[direction].stream_bytes};

    if (has_handshake(conversation)) {
        fold(conversation, means, &event, direction);
    }
}

static bool is_credible_reset(const struct conversation *conversation,
                              const struct segment *segment, unsigned direction)
{
    const struct stream *stream = &conversation->streams[direction];
    const int32_t distance = (int32_t)(segment->sequence - stream->next);

    return !stream->has_start ||
           (distance >= -RESET_WINDOW_BYTES && distance <= RESET_WINDOW_BYTES);
}

static void on_reset(struct conversation *conversation, const struct conversation_means *means,
                     const struct segment *segment, unsigned direction)
{
    for (unsigned d = 0; d < 2; d++) {
        stream_give_up(&conversation->streams[d]);
        drain(conversation, means, d);
    }
    if (!is_over(conversation)) {
        tell_partial_hello(conversation, means);
        tell_of_connection(conversation, means, TLS_RESET, segment, direction);
    }
}

bool conversation_is_reset(const struct conversation *conversation)
{
    return conversation->verdict.has_reset;
}

static void on_fin(struct conversation *conversation, const struct conversation_means *means,
                   const struct segment *segment, unsigned direction)
{
    if (!conversation->fin_told[direction] &&
        stream_is_finished(&conversation->streams[direction])) {
        conversation->fin_told[direction] = true;
        tell_of_connection(conversation, means, TLS_FIN, segment, direction);
    }
}

enum conversation_state conversation_add(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         const struct segment *segment, unsigned direction)
{
    path_add(&conversation->path, segment, direction);
    conversation->now_ns = segment->time_ns;
    conversation->fills_hole = stream_is_waiting(&conversation->streams[direction]);
    if ((segment->flags & TCP_ACK) != 0) {
        conversation->ack_ns[direction] = segment->time_ns;
        stream_acknowledge(&conversation->streams[1 - direction], segment->acknowledgement);
    }
    if ((segment->flags & TCP_RST) != 0 && is_credible_reset(conversation, segment, direction)) {
        on_reset(conversation, means, segment, direction);
    } else if ((segment->flags & TCP_RST) == 0) {
        stream_add(&conversation->streams[direction], means->stream_blocks, segment);
        drain(conversation, means, direction);
        on_fin(conversation, means, segment, direction);
    }
    if (is_over(conversation)) {
        return state_of(conversation, VERDICT_ENDING_OPEN);
    }
    if (conversation->fin_told[0] && conversation->fin_told[1]) {
        return conversation_end(conversation, means, VERDICT_ENDING_CLOSED);
    }
    return CONVERSATION_OPEN;
}
