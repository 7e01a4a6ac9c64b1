#include "dissect/aftermath.h"

#include "dissect/tls/ticket_estimate.h"

static void tell(struct conversation *conversation, enum tls_event_kind kind, unsigned direction)
{
    struct tls_event event = {.kind = kind};

    exchange_hear(&conversation->exchange, &event, direction);
}

/* The rest of a chunk. */
static void read_rest(struct conversation *conversation, const struct conversation_means *means,
                      unsigned direction)
{
    struct tls_reader *reader = &conversation->readers[direction];
    struct tls_event event;

    while (exchange_awaits_tickets(&conversation->exchange) &&
           tls_reader_next(reader, &means->readers, &conversation->rest, &event)) {
        exchange_hear(&conversation->exchange, &event, direction);
    }
}

/* A record that is longer than any ticket says enough with its header. */
static void tell_long_record(struct conversation *conversation, unsigned direction)
{
    const struct tls_reader *reader = &conversation->readers[direction];
    struct tls_event event = {.kind = TLS_APPLICATION_DATA, .record_len = reader->record.len};

    if (reader->phase == READER_BODY && reader->record.type == RECORD_APPLICATION_DATA &&
        reader->record.len > TICKET_RECORD_MAX_BYTES) {
        exchange_hear(&conversation->exchange, &event, direction);
    }
}

static void drain(struct conversation *conversation, const struct conversation_means *means,
                  unsigned direction)
{
    struct stream *stream = &conversation->streams[direction];
    struct stream_chunk chunk;

    while (exchange_awaits_tickets(&conversation->exchange) &&
           stream_next(stream, means->stream_blocks, &chunk)) {
        conversation->rest =
            (struct reader_input){chunk.data, chunk.missing, chunk.time_ns, chunk.starts_segment};
        read_rest(conversation, means, direction);
    }
    tell_long_record(conversation, direction);
    if (stream_is_finished(stream)) {
        tell(conversation, TLS_FIN, direction);
    }
}

static bool is_to_be_heard(const struct conversation *conversation)
{
    const unsigned server = 1 - exchange_client(&conversation->exchange);
    const uint32_t heard = conversation->readers[server].stream_bytes - conversation->heard_from;

    return exchange_awaits_tickets(&conversation->exchange) && heard < AFTERMATH_SERVER_BYTES;
}

bool aftermath_begin(struct conversation *conversation, const struct conversation_means *means,
                     unsigned direction)
{
    const unsigned server = 1 - exchange_client(&conversation->exchange);

    conversation->heard_from = conversation->readers[server].stream_bytes;
    read_rest(conversation, means, direction);
    drain(conversation, means, direction);
    return is_to_be_heard(conversation);
}

bool aftermath_add(struct conversation *conversation, const struct conversation_means *means,
                   const struct segment *segment, unsigned direction)
{
    if ((segment->flags & TCP_RST) != 0) {
        if (conversation_believes_reset(conversation, segment, direction)) {
            tell(conversation, TLS_RESET, direction);
        }
        return is_to_be_heard(conversation);
    }
    if ((segment->flags & TCP_ACK) != 0) {
        stream_acknowledge(&conversation->streams[1 - direction], segment->acknowledgement);
    }
    stream_add(&conversation->streams[direction], means->stream_blocks, segment);
    drain(conversation, means, direction);
    return is_to_be_heard(conversation);
}

void aftermath_settle(struct conversation *conversation, bool is_waited_out)
{
    exchange_settle_tickets(&conversation->exchange, is_waited_out);
}
