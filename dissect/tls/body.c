#include "dissect/tls/body.h"

#include "dissect/tls/ssl2_record.h"

#include <string.h>

static void consume_body(const struct turn *turn, size_t count)
{
    turn->reader->record_left -= (uint32_t)count;
    turn_consume(turn, count);
}

static bool emit_record(const struct turn *turn, enum tls_event_kind kind)
{
    return turn_emit(turn, kind, turn->reader->record_start_ns);
}

/* The message is over, whole or not. body is NULL when it could not be read. */
static bool end_message(const struct turn *turn, const struct bytes *body)
{
    struct tls_reader *reader = turn->reader;
    struct tls_event *out = turn->out;

    if (reader->is_ssl2) {
        return ssl2_record_end(turn, body);
    }
    reader->message_header_len = 0;
    (void)turn_emit(turn, message_event_kind(reader->message.type), reader->message_start_ns);
    out->message_type = reader->message.type;
    if (body != NULL) {
        message_parse(reader->message.type, *body, out);
    }
    /* A hello in clear says that nothing before it in this direction matters any more. */
    if (out->is_parsed && out->kind != TLS_NEW_SESSION_TICKET) {
        reader->is_unsure = false;
    }
    return true;
}

bool body_abandon_message(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;

    reader->message.type = reader->message_header[0];
    collector_drop(&reader->collector, turn->pools);
    return end_message(turn, NULL);
}

static bool is_wanted(const struct tls_reader *reader)
{
    return reader->is_ssl2 || message_is_wanted(reader->message.type);
}

static bool finish_message(const struct turn *turn, struct bytes whole)
{
    struct tls_reader *reader = turn->reader;

    if (!is_wanted(reader)) {
        return end_message(turn, NULL);
    }
    if (whole.data == NULL && !collector_finish(&reader->collector, &whole)) {
        return end_message(turn, NULL);
    }
    return end_message(turn, &whole);
}

static void collect(const struct turn *turn, struct bytes span)
{
    struct tls_reader *reader = turn->reader;

    if (span.data == NULL) {
        collector_give_up(&reader->collector, turn->pools);
    } else {
        collector_add(&reader->collector, turn->pools, reader->message.len, span);
    }
}

static bool read_message_body(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const size_t left =
        reader->record_left < reader->message_left ? reader->record_left : reader->message_left;
    const struct bytes span = turn_span(turn, left);
    const bool is_whole =
        span.data != NULL && span.len == reader->message.len && !turn_is_replaying(turn);

    if (!is_whole && is_wanted(reader)) {
        collect(turn, span);
    }
    reader->message_left -= (uint32_t)span.len;
    consume_body(turn, span.len);
    if (reader->message_left > 0) {
        return false;
    }
    return finish_message(turn, is_whole ? span : (struct bytes){NULL, 0});
}

static bool read_message_header(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const size_t left = (size_t)MESSAGE_HEADER_BYTES - reader->message_header_len;
    const struct bytes span =
        turn_span(turn, left < reader->record_left ? left : reader->record_left);

    if (span.data == NULL) {
        /* Where the next message begins is lost with these bytes, but not the next record. */
        reader->body = READER_BODY_SKIPPED;
        reader->is_unsure = true;
        return reader->message_header_len > 0 && body_abandon_message(turn);
    }
    if (reader->message_header_len == 0) {
        reader->message_start_ns = turn_span_ns(turn);
    }
    if (span.len == MESSAGE_HEADER_BYTES) { /* nearly always */
        memcpy(reader->message_header, span.data, MESSAGE_HEADER_BYTES);
    } else {
        memcpy(reader->message_header + reader->message_header_len, span.data, span.len);
    }
    reader->message_header_len = (uint8_t)(reader->message_header_len + span.len);
    consume_body(turn, span.len);

    struct bytes header = {reader->message_header, reader->message_header_len};
    if (!message_header_parse(&header, &reader->message)) {
        return false;
    }
    reader->message_left = reader->message.len;
    return reader->message_left == 0 && finish_message(turn, (struct bytes){NULL, 0});
}

static bool read_messages(const struct turn *turn)
{
    if (turn->reader->message_header_len < MESSAGE_HEADER_BYTES) {
        return read_message_header(turn);
    }
    return read_message_body(turn);
}

/* A hole hides the bytes that would have decided. After a ChangeCipherSpec the record is encrypted
 * but for the rarest case; before, a message header that fits is enough. */
static enum reader_body body_before_hole(const struct tls_reader *reader)
{
    if (reader->is_encrypted) {
        return READER_BODY_COUNTED;
    }
    return reader->lookahead.len >= MESSAGE_HEADER_BYTES ? READER_BODY_MESSAGES
                                                         : READER_BODY_SKIPPED;
}

/* Looks at the first bytes of a handshake record until they tell whether it is clear. */
static bool decide_body(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    struct lookahead *lookahead = &reader->lookahead;
    const uint16_t len = (uint16_t)(reader->record.len - reader->mac_left);
    const size_t limit =
        reader->record_left < MESSAGE_LOOK_BYTES ? reader->record_left : MESSAGE_LOOK_BYTES;

    if (!turn_is_replaying(turn) && reader->hole_left > 0) {
        reader->body = body_before_hole(reader);
        lookahead_release(lookahead);
        return false;
    }
    lookahead_keep_again(lookahead);
    const struct bytes view = lookahead_view(lookahead, turn->input->data, limit);
    switch (reader->is_encrypted ? message_look_hello(view, len) : message_look(view, len)) {
    case MESSAGE_LOOKS_MORE:
        lookahead_keep(lookahead, &turn->input->data, limit, turn->input->time_ns);
        return false;
    case MESSAGE_LOOKS_CLEAR:
        reader->body = READER_BODY_MESSAGES;
        break;
    case MESSAGE_LOOKS_NO:
        reader->body = READER_BODY_COUNTED;
        break;
    }
    lookahead_release(lookahead);
    return false;
}

static bool read_short_body(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const struct bytes span = turn_span(turn, reader->record_left);

    if (span.data == NULL) {
        reader->short_body_lost = true;
    } else {
        memcpy(reader->short_body + reader->short_body_len, span.data, span.len);
        reader->short_body_len = (uint8_t)(reader->short_body_len + span.len);
    }
    consume_body(turn, span.len);
    return false;
}

static bool end_change_cipher_spec(const struct turn *turn)
{
    turn->reader->is_encrypted = true;
    turn->reader->mac_len = 0;
    return emit_record(turn, TLS_CHANGE_CIPHER_SPEC);
}

/* change_cipher_spec(1) (RFC 5246, 7.1); level u8, description u8 (RFC 8446, 6). */
static bool end_short_body(const struct turn *turn)
{
    const struct tls_reader *reader = turn->reader;
    const uint8_t first = reader->short_body[0];

    if (reader->record.type == RECORD_CHANGE_CIPHER_SPEC) {
        return (reader->short_body_lost || first == 1) && end_change_cipher_spec(turn);
    }
    if (reader->short_body_lost) {
        return false;
    }
    if (first != 1 && first != 2) {
        return emit_record(turn, TLS_ENCRYPTED_ALERT);
    }
    (void)emit_record(turn, TLS_ALERT);
    turn->out->alert_level = first;
    turn->out->alert_description = reader->short_body[1];
    return true;
}

static bool end_counted_body(const struct turn *turn)
{
    switch ((enum record_type)turn->reader->record.type) {
    case RECORD_CHANGE_CIPHER_SPEC:
        return end_change_cipher_spec(turn);
    case RECORD_ALERT:
        return emit_record(turn, TLS_ENCRYPTED_ALERT);
    case RECORD_HANDSHAKE:
        return emit_record(turn, TLS_ENCRYPTED_HANDSHAKE);
    case RECORD_APPLICATION_DATA:
        return emit_record(turn, TLS_APPLICATION_DATA);
    case RECORD_HEARTBEAT:
        return emit_record(turn, TLS_HEARTBEAT);
    }
    return false;
}

static bool end_record(const struct turn *turn)
{
    turn->reader->phase = READER_HEADER;
    if (turn->reader->body == READER_BODY_SHORT) {
        return end_short_body(turn);
    }
    return turn->reader->body == READER_BODY_COUNTED && end_counted_body(turn);
}

static bool skip_mac(const struct turn *turn)
{
    const size_t count = turn_span(turn, turn->reader->mac_left).len;

    turn->reader->mac_left = (uint8_t)(turn->reader->mac_left - count);
    turn_consume(turn, count);
    return false;
}

static bool skip_body(const struct turn *turn)
{
    consume_body(turn, turn_span(turn, turn->reader->record_left).len);
    return false;
}

static bool read_body(const struct turn *turn)
{
    switch (turn->reader->body) {
    case READER_BODY_SHORT:
        return read_short_body(turn);
    case READER_BODY_UNDECIDED:
        return decide_body(turn);
    case READER_BODY_MESSAGES:
        return read_messages(turn);
    case READER_BODY_COUNTED:
    case READER_BODY_SKIPPED:
        break;
    }
    return skip_body(turn);
}

bool body_read(const struct turn *turn)
{
    const struct tls_reader *reader = turn->reader;
    const bool is_told = reader->record_left > 0 && read_body(turn);

    if (is_told || reader->record_left > 0) {
        return is_told;
    }
    return reader->mac_left > 0 ? skip_mac(turn) : end_record(turn);
}

static enum reader_body handshake_body(const struct tls_reader *reader)
{
    if (reader->message_header_len > 0) {
        return READER_BODY_MESSAGES; /* goes on from the record before */
    }
    return reader->is_encrypted || reader->is_unsure ? READER_BODY_UNDECIDED : READER_BODY_MESSAGES;
}

static enum reader_body body_of(const struct tls_reader *reader)
{
    switch ((enum record_type)reader->record.type) {
    case RECORD_CHANGE_CIPHER_SPEC:
        if (reader->record_left == 1) {
            return READER_BODY_SHORT;
        }
        /* An encrypted renegotiation has encrypted ones. */
        return reader->is_encrypted || reader->is_unsure ? READER_BODY_COUNTED
                                                         : READER_BODY_SKIPPED;
    case RECORD_ALERT:
        /* No cipher suite encrypts two bytes as two, so these are clear wherever they come. */
        return reader->record_left == 2 ? READER_BODY_SHORT : READER_BODY_COUNTED;
    case RECORD_HANDSHAKE:
        return handshake_body(reader);
    case RECORD_APPLICATION_DATA:
    case RECORD_HEARTBEAT:
        break;
    }
    return READER_BODY_COUNTED;
}

void body_begin(struct tls_reader *reader)
{
    reader->phase = READER_BODY;
    reader->header_len = 0;
    reader->mac_left = reader->record.len > reader->mac_len ? reader->mac_len : 0;
    reader->record_left = (uint32_t)reader->record.len - reader->mac_left;
    reader->short_body_len = 0;
    reader->short_body_lost = false;
    reader->body = body_of(reader);
}
