#include "dissect/conversation.h"

#include "dissect/net/sequence.h"
#include "dissect/tls/carrier.h"
#include "dissect/tls/start.h"

#include <assert.h>
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

static void note_opener(struct conversation *conversation)
{
    conversation->exchange.has_opener = conversation->path.opening.has_initiator;
    conversation->exchange.opener = conversation->path.opening.initiator;
}

void conversation_init(struct conversation *conversation, const struct conversation_means *means,
                       const struct path *path, const struct segment *segment, unsigned direction)
{
    const struct path_opening *opening = &path->opening;

    memset(conversation, 0, offsetof(struct conversation, path));
    conversation->path = *path;
    for (unsigned each = 0; each < 2; each++) {
        stream_init(&conversation->streams[each]);
        tls_reader_init(&conversation->readers[each]);
        conversation->ack_ns[each] = TIMING_NONE;
    }
    if (opening->syn_ns != PATH_NONE) {
        start_stream(conversation, means, opening->initiator, opening->syn_sequence);
    }
    if (opening->syn_ack_ns != PATH_NONE) {
        start_stream(conversation, means, 1 - opening->initiator, opening->syn_ack_sequence);
    }
    exchange_init(&conversation->exchange, TRANSPORT_TCP,
                  direction == 0 ? &segment->source : &segment->destination,
                  direction == 0 ? &segment->destination : &segment->source);
    note_opener(conversation);
}

void conversation_follow(struct conversation *conversation, enum carrier carrier, uint8_t mac_len)
{
    conversation->exchange.is_further = true;
    conversation->carrier = carrier;
    for (unsigned direction = 0; direction < 2; direction++) {
        tls_reader_expect_mac(&conversation->readers[direction], mac_len);
    }
}

bool conversation_is_followed(const struct conversation *conversation,
                              const struct segment *segment, unsigned direction,
                              struct bytes random)
{
    const struct exchange *exchange = &conversation->exchange;
    const struct stream *stream = &conversation->streams[direction];
    const unsigned peer = 1 - direction;
    const bool is_received = conversation->ack_ns[peer] != TIMING_NONE &&
                             sequence_before(segment->sequence, conversation->acked[peer]);

    return exchange->has_client && direction == exchange->client && stream->has_start &&
           sequence_at_or_before(stream->next, segment->sequence) &&
           exchange_is_followed_by(exchange, random, is_received);
}

void conversation_clear(struct conversation *conversation, const struct conversation_means *means)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        stream_clear(&conversation->streams[direction], means->stream_blocks);
        tls_reader_clear(&conversation->readers[direction], &means->readers);
    }
}

/* ---- Bytes into events ---- */

static void on_event(struct conversation *conversation, const struct conversation_means *means,
                     struct tls_event *event, unsigned direction)
{
    struct exchange *exchange = &conversation->exchange;
    const bool is_dated = exchange->handshake.time_ns != HANDSHAKE_NULL;

    exchange_on_event(exchange, means->session_hash, event, direction);
    if (!is_dated && exchange->handshake.time_ns == conversation->now_ns) {
        exchange->handshake.time_ns = conversation->captured_ns;
    }
    if (event->kind == TLS_SERVER_HELLO && verdict_is_tls13(&exchange->verdict)) {
        tls_reader_set_encrypted(&conversation->readers[direction]);
    }
}

static int64_t or_null(int64_t path_ns)
{
    return path_ns == PATH_NONE ? TIMING_NONE : path_ns;
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
        .client_ack_ns = conversation->ack_ns[conversation->exchange.client],
        .rtt_ns = path_rtt(&conversation->path),
        .rtt_server_ns = path_rtt_to(&conversation->path, 1 - conversation->exchange.client),
        .len = (uint32_t)chunk->data.len,
        .was_retransmitted = conversation->fills_hole || chunk->was_retransmitted,
    };

    timing_server_bytes(&conversation->exchange.timing, &arrival);
}

static void read_chunk(struct conversation *conversation, const struct conversation_means *means,
                       const struct stream_chunk *chunk, unsigned direction)
{
    struct tls_reader *reader = &conversation->readers[direction];
    struct tls_event event;

    conversation->rest =
        (struct reader_input){chunk->data, chunk->missing, chunk->time_ns, chunk->starts_segment};
    conversation->lost_bytes += chunk->missing;
    if (chunk->data.len > 0 && conversation->exchange.has_client &&
        direction != conversation->exchange.client) {
        tell_arrival(conversation, chunk);
    }
    while (!exchange_is_over(&conversation->exchange) &&
           tls_reader_next(reader, &means->readers, &conversation->rest, &event)) {
        on_event(conversation, means, &event, direction);
    }
}

/* Bytes that waited behind a hole reach the application when it closes: that is their time. */
static void drain(struct conversation *conversation, const struct conversation_means *means,
                  unsigned direction)
{
    struct stream *stream = &conversation->streams[direction];
    struct stream_chunk chunk;

    while (!exchange_is_over(&conversation->exchange) &&
           stream_next(stream, means->stream_blocks, &chunk)) {
        conversation->captured_ns = chunk.time_ns;
        chunk.time_ns = conversation->now_ns;
        read_chunk(conversation, means, &chunk, direction);
    }
}

/* ---- The end ---- */

/* Where the client began with TLS, what the server says instead is an answer, not a carrier. */
static enum carrier carrier_between(const struct tls_reader *client,
                                    const struct tls_reader *server)
{
    if (client->has_begun && client->prefix.len == 0) {
        return CARRIER_NONE;
    }
    return carrier_of(&client->prefix, &server->prefix);
}

static void keep_speech(const struct prefix *prefix, struct carrier_speech *out)
{
    const struct bytes head = prefix_head(prefix);

    static_assert((int)PREFIX_KEPT_BYTES <= (int)CARRIER_SPEECH_BYTES, "all that is kept fits");
    out->len = (uint8_t)head.len;
    memcpy(out->bytes, head.data, head.len);
}

/* What the table does not know is named later, off the packet path. */
static void settle_carrier(struct conversation *conversation, unsigned client_direction)
{
    const struct tls_reader *client = &conversation->readers[client_direction];
    const struct tls_reader *server = &conversation->readers[1 - client_direction];
    struct handshake *handshake = &conversation->exchange.handshake;

    if (conversation->exchange.is_further) {
        handshake->carrier = conversation->carrier;
        return;
    }
    handshake->carrier = carrier_between(client, server);
    if (handshake->carrier == CARRIER_OTHER) {
        keep_speech(&client->prefix, &handshake->carrier_client);
        keep_speech(&server->prefix, &handshake->carrier_server);
    }
}

/* Fills the record with what the path knows, and the folds. */
static enum conversation_state state_of(struct conversation *conversation,
                                        const struct conversation_means *means,
                                        enum verdict_ending ending)
{
    struct exchange *exchange = &conversation->exchange;
    const struct path *path = &conversation->path;
    const struct path_opening *opening = &path->opening;
    const unsigned client = exchange_client(exchange);
    const bool opened_by_client = opening->has_initiator && opening->initiator == client;
    const struct timing_path timing_path = {
        opened_by_client ? or_null(opening->syn_ns) : TIMING_NONE,
        or_null(path_rtt_to(path, client)),
        or_null(path_rtt_to(path, 1 - client)),
    };

    if (opening->syn_ns != PATH_NONE) {
        exchange->handshake.rtts_tcp = opening->fast_open ? 0 : 1;
    }
    if (conversation->streams[0].has_conflict || conversation->streams[1].has_conflict) {
        exchange_note_anomaly(exchange, ANOMALY_OVERLAP);
    }
    settle_carrier(conversation, client);
    return exchange_settle(exchange, means->session_hash, ending, &timing_path);
}

/* A ClientHello that broke off is worth a record too: something was tried. */
static void tell_partial_hello(struct conversation *conversation,
                               const struct conversation_means *means)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        struct tls_event event;
        if (!exchange_has_handshake(&conversation->exchange) &&
            tls_reader_partial_hello(&conversation->readers[direction], &event)) {
            on_event(conversation, means, &event, direction);
        }
    }
}

enum conversation_state conversation_end(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         enum verdict_ending ending)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        stream_give_up(&conversation->streams[direction]);
        drain(conversation, means, direction);
    }
    if (!exchange_is_over(&conversation->exchange)) {
        tell_partial_hello(conversation, means);
    }
    return state_of(conversation, means, ending);
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

    if (exchange_has_handshake(&conversation->exchange)) {
        on_event(conversation, means, &event, direction);
    }
}

bool conversation_believes_reset(const struct conversation *conversation,
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
    if (!exchange_is_over(&conversation->exchange)) {
        tell_partial_hello(conversation, means);
        tell_of_connection(conversation, means, TLS_RESET, segment, direction);
    }
}

bool conversation_is_reset(const struct conversation *conversation)
{
    return conversation->exchange.verdict.has_reset;
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

static void note_highest(struct conversation *conversation, uint32_t acknowledgement,
                         unsigned direction)
{
    const bool is_first = conversation->ack_ns[direction] == TIMING_NONE;

    conversation->acked[direction] =
        is_first ? acknowledgement : sequence_max(conversation->acked[direction], acknowledgement);
}

/* A hello that the capture has cut tells at least its random. */
static void look_for_random(struct conversation *conversation, const struct segment *segment,
                            unsigned direction)
{
    struct exchange *exchange = &conversation->exchange;
    struct hello_start hello;

    if (!exchange->has_random && (!exchange->has_client || direction == exchange->client) &&
        start_is_client_hello(segment->payload, &hello)) {
        exchange_hear_random(exchange, hello.random);
    }
}

enum conversation_state conversation_add(struct conversation *conversation,
                                         const struct conversation_means *means,
                                         const struct segment *segment, unsigned direction)
{
    path_add(&conversation->path, segment, direction);
    note_opener(conversation);
    look_for_random(conversation, segment, direction);
    conversation->now_ns = segment->time_ns;
    conversation->fills_hole = stream_is_waiting(&conversation->streams[direction]);
    if ((segment->flags & TCP_ACK) != 0) {
        note_highest(conversation, segment->acknowledgement, direction);
        conversation->ack_ns[direction] = segment->time_ns;
        stream_acknowledge(&conversation->streams[1 - direction], segment->acknowledgement);
    }
    if ((segment->flags & TCP_RST) != 0 &&
        conversation_believes_reset(conversation, segment, direction)) {
        on_reset(conversation, means, segment, direction);
    } else if ((segment->flags & TCP_RST) == 0) {
        stream_add(&conversation->streams[direction], means->stream_blocks, segment);
        drain(conversation, means, direction);
        on_fin(conversation, means, segment, direction);
    }
    if (exchange_is_over(&conversation->exchange)) {
        return state_of(conversation, means, VERDICT_ENDING_OPEN);
    }
    if (conversation->fin_told[0] && conversation->fin_told[1]) {
        return conversation_end(conversation, means, VERDICT_ENDING_CLOSED);
    }
    return CONVERSATION_OPEN;
}

enum conversation_state conversation_expect_hello(struct conversation *conversation,
                                                  const struct conversation_means *means,
                                                  unsigned direction)
{
    struct stream *stream = &conversation->streams[direction];

    if (stream_is_waiting(stream) && stream->has_peer_ack &&
        sequence_before(stream->next, stream->peer_ack)) {
        stream_give_up(stream);
        drain(conversation, means, direction);
    }
    return exchange_is_over(&conversation->exchange)
               ? state_of(conversation, means, VERDICT_ENDING_OPEN)
               : CONVERSATION_OPEN;
}
