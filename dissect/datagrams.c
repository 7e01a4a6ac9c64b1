#include "dissect/datagrams.h"

#include <string.h>

/* What the flows of one dissector share. */
struct means {
    const struct reader_pools *pools;
    struct keyed_hash *session_hash;
};

bool datagrams_may_begin(const struct segment *segment)
{
    return dtls_message_begins(segment->payload);
}

bool datagrams_may_begin_anew(const struct segment *segment, struct dtls_hello_start *out)
{
    return dtls_message_is_first_hello(segment->payload, out);
}

void datagrams_init(struct datagrams *datagrams, const struct segment *segment, unsigned direction)
{
    memset(datagrams, 0, sizeof(*datagrams));
    exchange_init(&datagrams->exchange, TRANSPORT_DTLS,
                  direction == 0 ? &segment->source : &segment->destination,
                  direction == 0 ? &segment->destination : &segment->source);
    for (unsigned each = 0; each < 2; each++) {
        dtls_reader_init(&datagrams->readers[each]);
        datagrams->spoke_ns[each] = TIMING_NONE;
    }
    datagrams->rtt_client_ns = TIMING_NONE;
    datagrams->rtt_server_ns = TIMING_NONE;
    datagrams->latest = TLS_EVENT_KIND_COUNT;
}

void datagrams_follow(struct datagrams *datagrams, const struct dtls_hello_start *hello)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        datagrams->readers[direction].clear_epoch = hello->epoch;
        datagrams->readers[direction].mac_len = hello->mac_len;
    }
}

bool datagrams_is_followed(const struct datagrams *datagrams, const struct segment *segment)
{
    struct dtls_hello_start hello;

    return datagrams_may_begin_anew(segment, &hello) &&
           hello.epoch > datagrams->readers[0].clear_epoch;
}

struct bytes datagrams_random(const struct datagrams *datagrams)
{
    const struct dtls_reader *reader = &datagrams->readers[datagrams->exchange.client];
    const struct bytes random = {reader->random, reader->has_random ? HELLO_RANDOM_BYTES : 0};

    return random;
}

void datagrams_clear(struct datagrams *datagrams, const struct reader_pools *pools)
{
    for (unsigned direction = 0; direction < 2; direction++) {
        dtls_reader_clear(&datagrams->readers[direction], pools);
    }
}

bool datagrams_has_restarted(const struct datagrams *datagrams)
{
    return datagrams->has_turned || datagrams->readers[0].has_restarted ||
           datagrams->readers[1].has_restarted;
}

/* A hello's connection ID is the one its receiver is to put on records (RFC 9146, 3). */
static void note_connection_ids(struct datagrams *datagrams, const struct tls_event *event,
                                unsigned direction)
{
    struct dtls_reader *peer = &datagrams->readers[1 - direction];

    if (event->kind == TLS_CLIENT_HELLO && event->is_parsed) {
        peer->cid_len =
            event->client_hello.has_connection_id ? event->client_hello.connection_id_len : 0;
    } else if (event->kind == TLS_SERVER_HELLO && event->is_parsed) {
        peer->cid_len =
            event->server_hello.has_connection_id ? event->server_hello.connection_id_len : 0;
    }
}

/* A HelloVerifyRequest is sent, and answered, without any computing worth the name (RFC 6347,
 * 4.2.1): both ways are round trips of the path. All other flights wait for signatures and
 * caches: they are no samples. Nor is what was sent again (RFC 6298, 3). */
static void note_round_trip(struct datagrams *datagrams, const struct tls_event *event,
                            unsigned direction)
{
    const unsigned peer = 1 - direction;

    if (datagrams->spoke_ns[peer] == TIMING_NONE || datagrams->repeats[peer]) {
        return;
    }
    const int64_t taken_ns = event->start_ns - datagrams->spoke_ns[peer];
    if (taken_ns < 0) {
        return;
    }
    if (event->kind == TLS_HELLO_VERIFY_REQUEST && datagrams->latest == TLS_CLIENT_HELLO) {
        datagrams->rtt_server_ns = taken_ns;
    } else if (event->kind == TLS_CLIENT_HELLO && datagrams->latest == TLS_HELLO_VERIFY_REQUEST) {
        datagrams->rtt_client_ns = taken_ns;
    }
}

/* A server's flight that goes on only after a retransmission has stalled. No other pause is one:
 * UDP has no congestion window that could fill. */
static void note_stall(struct datagrams *datagrams, const struct tls_event *event,
                       unsigned direction)
{
    const int64_t client_ns = datagrams->rtt_client_ns;
    const int64_t server_ns = datagrams->rtt_server_ns;
    const int64_t rtt_ns =
        client_ns == TIMING_NONE || server_ns == TIMING_NONE ? TIMING_NONE : client_ns + server_ns;

    const struct timing_arrival arrival = {
        .time_ns = event->time_ns,
        .client_ack_ns = TIMING_NONE,
        .rtt_ns = rtt_ns,
        .rtt_server_ns = server_ns,
        .was_retransmitted = datagrams->repeats[direction],
    };

    if (datagrams->exchange.has_client && direction != datagrams->exchange.client) {
        timing_server_bytes(&datagrams->exchange.timing, &arrival);
    }
}

static void fold(struct datagrams *datagrams, const struct means *means, struct tls_event *event,
                 unsigned direction)
{
    note_connection_ids(datagrams, event, direction);
    note_round_trip(datagrams, event, direction);
    note_stall(datagrams, event, direction);
    exchange_on_event(&datagrams->exchange, means->session_hash, event, direction);
    datagrams->spoke_ns[direction] = event->time_ns;
    datagrams->repeats[direction] = false;
    datagrams->latest = event->kind;
}

/* Tells what waits in a direction, and will not be completed. */
static void give_up(struct datagrams *datagrams, const struct means *means, unsigned direction)
{
    struct dtls_reader *reader = &datagrams->readers[direction];
    const struct bytes nothing = {NULL, 0};
    struct dtls_input input;
    struct tls_event event;

    dtls_input_init(&input, nothing, datagrams->now_ns);
    dtls_reader_give_up(reader);
    while (!exchange_is_over(&datagrams->exchange) &&
           dtls_reader_next(reader, means->pools, &input, &event)) {
        fold(datagrams, means, &event, direction);
    }
}

/* Both sides take themselves for the client (two peers of WebRTC, RFC 8842, 5.2). */
static bool is_of_other_client(const struct datagrams *datagrams, const struct tls_event *event,
                               unsigned direction)
{
    const struct exchange *exchange = &datagrams->exchange;

    return event->kind == TLS_CLIENT_HELLO && exchange->has_client && exchange->client != direction;
}

/* A flight is answered when it was whole (RFC 6347, 4.2.4): what it still lacks, the capture has
 * lost. */
static void on_event(struct datagrams *datagrams, const struct means *means,
                     struct tls_event *event, unsigned direction)
{
    if (is_of_other_client(datagrams, event, direction)) {
        datagrams->has_turned = datagrams->has_turned || !datagrams->may_not_turn;
        return;
    }
    give_up(datagrams, means, 1 - direction);
    if (!exchange_is_over(&datagrams->exchange)) {
        fold(datagrams, means, event, direction);
    }
}

static void read_datagram(struct datagrams *datagrams, const struct means *means,
                          const struct segment *segment, unsigned direction)
{
    struct dtls_reader *reader = &datagrams->readers[direction];
    const uint8_t waiting = reader->waiting_count;
    struct dtls_input input;
    struct tls_event event;
    bool is_told = false;

    dtls_input_init(&input, segment->payload, segment->time_ns);
    while (!exchange_is_over(&datagrams->exchange) && !datagrams->has_turned &&
           dtls_reader_next(reader, means->pools, &input, &event)) {
        on_event(datagrams, means, &event, direction);
        is_told = true;
    }
    if (!is_told && reader->waiting_count == waiting) {
        datagrams->repeats[direction] = true;
    }
}

static enum conversation_state settle(struct datagrams *datagrams, const struct means *means,
                                      enum verdict_ending ending)
{
    const struct timing_path path = {TIMING_NONE, datagrams->rtt_client_ns,
                                     datagrams->rtt_server_ns};

    return exchange_settle(&datagrams->exchange, means->session_hash, ending, &path);
}

enum conversation_state datagrams_add(struct datagrams *datagrams, const struct reader_pools *pools,
                                      struct keyed_hash *session_hash,
                                      const struct segment *segment, unsigned direction)
{
    const struct means means = {pools, session_hash};
    uint8_t first;

    if (!bytes_peek_u8(&segment->payload, 0, &first) || !dtls_record_is_first_byte(first)) {
        return CONVERSATION_OPEN;
    }
    datagrams->now_ns = segment->time_ns;
    read_datagram(datagrams, &means, segment, direction);
    if (exchange_is_over(&datagrams->exchange)) {
        return settle(datagrams, &means, VERDICT_ENDING_OPEN);
    }
    if (datagrams_has_restarted(datagrams)) {
        return datagrams_end(datagrams, pools, session_hash, VERDICT_ENDING_CLOSED);
    }
    return CONVERSATION_OPEN;
}

enum conversation_state datagrams_end(struct datagrams *datagrams, const struct reader_pools *pools,
                                      struct keyed_hash *session_hash, enum verdict_ending ending)
{
    const struct means means = {pools, session_hash};

    for (unsigned direction = 0; direction < 2; direction++) {
        give_up(datagrams, &means, direction);
    }
    return settle(datagrams, &means, ending);
}
