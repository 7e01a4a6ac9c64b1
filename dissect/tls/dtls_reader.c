#include "dissect/tls/dtls_reader.h"

#include <string.h>

enum { OVERTAKING_MAX = 8 }; /* records of application data that may come before the Finished */

/* One call of dtls_reader_next(). */
struct reading {
    struct dtls_reader *reader;
    const struct reader_pools *pools;
    struct dtls_input *input;
    struct tls_event *out;
};

void dtls_reader_init(struct dtls_reader *reader)
{
    memset(reader, 0, sizeof(*reader));
    reader->cid_len = DTLS_CID_UNKNOWN;
}

void dtls_reader_clear(struct dtls_reader *reader, const struct reader_pools *pools)
{
    for (unsigned place = 0; place < DTLS_READER_WAITING; place++) {
        dtls_assembly_clear(&reader->waiting[place], pools);
    }
    dtls_assembly_clear(&reader->spent, pools);
    reader->waiting_count = 0;
}

void dtls_input_init(struct dtls_input *input, struct bytes datagram, int64_t time_ns)
{
    memset(input, 0, sizeof(*input));
    input->records = datagram;
    input->time_ns = time_ns;
}

void dtls_reader_give_up(struct dtls_reader *reader)
{
    reader->is_given_up = true;
}

static struct dtls_assembly *place_of(struct dtls_reader *reader, uint16_t message_seq)
{
    return &reader->waiting[message_seq % DTLS_READER_WAITING];
}

/* ---- Events ---- */

static struct tls_event event_of(const struct reading *reading, enum tls_event_kind kind)
{
    const struct dtls_record *record = &reading->input->record;
    const struct tls_event event = {
        .kind = kind,
        .start_ns = reading->input->time_ns,
        .time_ns = reading->input->time_ns,
        .record_len = record->body_len,
        .record_version = record->version,
        .dtls13_epoch = record->is_unified ? (uint8_t)record->epoch : 0,
    };

    return event;
}

/* What waited reaches its reader now. */
static bool tell(const struct reading *reading, const struct tls_event *event)
{
    *reading->out = *event;
    reading->out->time_ns = reading->input->time_ns;
    reading->out->stream_bytes = reading->reader->stream_bytes;
    return true;
}

static bool tell_mark(const struct reading *reading, struct dtls_mark *mark)
{
    mark->is_set = false;
    reading->reader->has_told_gap = false;
    return tell(reading, &mark->event);
}

static bool tell_gap(const struct reading *reading)
{
    const struct tls_event event = {.kind = TLS_GAP, .start_ns = reading->input->time_ns};

    reading->reader->has_told_gap = true;
    return tell(reading, &event);
}

static void remember_random(struct dtls_reader *reader, const struct tls_event *event)
{
    if (event->kind == TLS_CLIENT_HELLO && event->is_parsed) {
        reader->has_random = true;
        memcpy(reader->random, event->client_hello.random.data, HELLO_RANDOM_BYTES);
    }
}

/* The message whose turn it is; body is NULL when it could not be read. */
static bool tell_message(const struct reading *reading, uint8_t type, const struct bytes *body,
                         int64_t start_ns)
{
    struct dtls_reader *reader = reading->reader;
    struct tls_event event = event_of(reading, message_event_kind(type));

    event.start_ns = start_ns;
    event.message_type = type;
    if (body != NULL) {
        dtls_message_parse(type, *body, &event);
    }
    remember_random(reader, &event);
    reader->next_message++;
    reader->has_told_gap = false;
    return tell(reading, &event);
}

/* ---- What waits ---- */

static bool tell_assembly(const struct reading *reading, struct dtls_assembly *assembly)
{
    struct dtls_reader *reader = reading->reader;
    const bool is_whole = dtls_assembly_is_whole(assembly) && assembly->block != NULL;

    reader->spent = *assembly;
    memset(assembly, 0, sizeof(*assembly));
    reader->waiting_count--;
    const struct bytes body = {reader->spent.block, reader->spent.message.len};
    return tell_message(reading, reader->spent.message.type, is_whole ? &body : NULL,
                        reader->spent.start_ns);
}

/* Messages wait, and the next of them is not whole, nor will be. */
static bool tell_past_hole(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;

    if (!reader->has_told_gap) {
        return tell_gap(reading);
    }
    while (!place_of(reader, reader->next_message)->has_begun) {
        reader->next_message++;
    }
    return tell_assembly(reading, place_of(reader, reader->next_message));
}

/* Without a hole since the hello: only then does a ChangeCipherSpec prove anything (SPEC 1). */
static bool tell_change_cipher_spec(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;
    const bool is_whole = reader->has_hello && !reader->has_dropped &&
                          reading->input->messages.len == 0 &&
                          dtls_order_is_whole(&reader->order, reader->hello_record,
                                              reader->change_cipher_spec.sequence);

    if (!is_whole && !reader->is_given_up) {
        return false;
    }
    if (!is_whole && !reader->has_told_gap) {
        return tell_gap(reading);
    }
    reader->has_told_ccs = true;
    return tell_mark(reading, &reader->change_cipher_spec);
}

static bool tell_finished(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;

    if (!reader->has_told_ccs && !reader->is_given_up) {
        return false;
    }
    if (!reader->has_told_ccs && !reader->has_told_gap) {
        return tell_gap(reading);
    }
    reader->has_told_finished = true;
    return tell_mark(reading, &reader->finished);
}

/* The next of what waits, as far as its turn has come. */
static bool tell_waiting(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;
    struct dtls_assembly *next = place_of(reader, reader->next_message);

    if (dtls_assembly_is_whole(next)) {
        return tell_assembly(reading, next);
    }
    if (reader->waiting_count > 0) {
        return reader->is_given_up && tell_past_hole(reading);
    }
    if (reader->change_cipher_spec.is_set) {
        return tell_change_cipher_spec(reading);
    }
    if (reader->finished.is_set) {
        return tell_finished(reading);
    }
    return reader->application.is_set && (reader->has_told_finished || reader->is_given_up) &&
           tell_mark(reading, &reader->application);
}

/* ---- Records ---- */

/* A ClientHello that was told already, or one of another association on the same ports
 * (RFC 6347, 4.2.8). */
static void look_at_old_hello(struct dtls_reader *reader, const struct dtls_fragment *fragment)
{
    struct bytes body = fragment->bytes;
    struct bytes random;
    const struct bytes known = {reader->random, HELLO_RANDOM_BYTES};

    if (fragment->message.type == MESSAGE_CLIENT_HELLO && fragment->offset == 0 &&
        reader->has_random && bytes_skip(&body, 2) &&
        bytes_take(&body, HELLO_RANDOM_BYTES, &random) && !bytes_equal(random, known)) {
        reader->has_restarted = true;
    }
}

/* The flight that a ChangeCipherSpec ends begins at the latest hello, sent again or not. */
static void note_hello(struct dtls_reader *reader, const struct dtls_fragment *fragment,
                       uint64_t sequence)
{
    const bool is_hello = fragment->message.type == MESSAGE_CLIENT_HELLO ||
                          fragment->message.type == MESSAGE_SERVER_HELLO;

    if (is_hello && fragment->offset == 0 && !reader->has_told_ccs &&
        (!reader->has_hello || sequence > reader->hello_record)) {
        reader->has_hello = true;
        reader->hello_record = sequence;
    }
}

static bool keep_fragment(const struct reading *reading, const struct dtls_fragment *fragment)
{
    struct dtls_reader *reader = reading->reader;
    struct dtls_assembly *assembly = place_of(reader, fragment->message_seq);

    if (!assembly->has_begun) {
        reader->waiting_count++;
    }
    dtls_assembly_add(assembly, reading->pools, fragment, reading->input->time_ns);
    return false;
}

static bool read_fragment(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;
    struct dtls_input *input = reading->input;
    struct dtls_fragment fragment;

    if (!dtls_fragment_next(&input->messages, &fragment)) {
        input->messages.len = 0;
        return false;
    }
    note_hello(reader, &fragment, input->record.sequence);
    const uint16_t ahead = (uint16_t)(fragment.message_seq - reader->next_message);
    if (ahead >= DTLS_READER_WAITING) {
        look_at_old_hello(reader, &fragment);
        reader->has_dropped = reader->has_dropped || ahead <= INT16_MAX;
        return false;
    }
    const bool is_whole = fragment.bytes.len == fragment.message.len;
    if (ahead == 0 && is_whole && !place_of(reader, fragment.message_seq)->has_begun) {
        return tell_message(reading, fragment.message.type, &fragment.bytes, input->time_ns);
    }
    return keep_fragment(reading, &fragment);
}

static void keep_mark(const struct reading *reading, struct dtls_mark *mark,
                      enum tls_event_kind kind)
{
    const int64_t first_ns = mark->is_set ? mark->event.start_ns : reading->input->time_ns;

    mark->is_set = true;
    mark->event = event_of(reading, kind);
    mark->event.start_ns = first_ns;
    mark->sequence = reading->input->record.sequence;
}

/* What comes only after all that waits. */
static void keep_last(const struct reading *reading, enum tls_event_kind kind)
{
    dtls_reader_give_up(reading->reader);
    keep_mark(reading, &reading->reader->last, kind);
}

/* level u8, description u8 (RFC 8446, 6). */
static void read_alert(const struct reading *reading)
{
    struct bytes body = reading->input->record.body;
    uint8_t level;
    uint8_t description;

    if (reading->input->record.body_len != 2 || !bytes_u8(&body, &level) ||
        !bytes_u8(&body, &description) || level < 1 || level > 2) {
        return;
    }
    keep_last(reading, TLS_ALERT);
    reading->reader->last.event.alert_level = level;
    reading->reader->last.event.alert_description = description;
}

static void read_clear(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;
    struct dtls_record *record = &reading->input->record;

    dtls_record_drop_mac(record, reader->mac_len);
    if (record->type == RECORD_HANDSHAKE) {
        reading->input->messages = record->body;
    } else if (record->type == RECORD_CHANGE_CIPHER_SPEC && !reader->has_told_ccs) {
        keep_mark(reading, &reader->change_cipher_spec, TLS_CHANGE_CIPHER_SPEC);
    } else if (record->type == RECORD_ALERT) {
        read_alert(reading);
    }
    if (!record->is_cut) {
        dtls_order_add(&reader->order, record->sequence);
    }
}

/* It cannot have been sent before the Finished: that was overtaken, or is lost. */
static void read_application_data(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;

    if (reader->has_told_finished || reader->overtaking_count == OVERTAKING_MAX) {
        keep_last(reading, TLS_APPLICATION_DATA);
        return;
    }
    reader->overtaking_count++;
    keep_mark(reading, &reader->application, TLS_APPLICATION_DATA);
}

static void read_finished(const struct reading *reading)
{
    if (!reading->reader->has_told_finished && !reading->reader->finished.is_set) {
        keep_mark(reading, &reading->reader->finished, TLS_ENCRYPTED_HANDSHAKE);
    }
}

/* Epoch 1 of DTLS <= 1.2. With a connection ID the type is hidden (RFC 9146, 4), but nothing goes
 * before the Finished. */
static void read_encrypted(const struct reading *reading)
{
    switch (reading->input->record.type) {
    case RECORD_HANDSHAKE:
    case DTLS_RECORD_CID:
        read_finished(reading);
        break;
    case RECORD_APPLICATION_DATA:
        read_application_data(reading);
        break;
    case RECORD_ALERT:
        keep_last(reading, TLS_ENCRYPTED_ALERT);
        break;
    default:
        break;
    }
}

/* An ACK (RFC 9147, 7): record_numbers<u16> of 16 bytes each, and the overhead of a record: its
 * type, and a tag of 16 or 8 bytes. A Finished is never of such a size. */
static bool may_be_ack(uint32_t len)
{
    const uint32_t overhead = 2 + 1;

    return len >= overhead + 8 && (len - overhead) % 8 == 0;
}

static void read_unified(const struct reading *reading)
{
    const struct dtls_record *record = &reading->input->record;

    switch (record->epoch) {
    case DTLS13_EPOCH_HANDSHAKE:
        if (!may_be_ack(record->body_len)) {
            keep_mark(reading, &reading->reader->last, TLS_ENCRYPTED_HANDSHAKE);
        }
        break;
    case DTLS13_EPOCH_EARLY_DATA:
        keep_mark(reading, &reading->reader->last, TLS_APPLICATION_DATA);
        break;
    case DTLS13_EPOCH_APPLICATION:
        keep_last(reading, TLS_APPLICATION_DATA);
        break;
    default:
        break;
    }
}

static void read_record(const struct reading *reading)
{
    struct dtls_reader *reader = reading->reader;
    struct dtls_input *input = reading->input;

    if (!dtls_record_next(&input->records, reader->cid_len, &input->record)) {
        input->records.len = 0;
        return;
    }
    const uint32_t room = UINT32_MAX - reader->stream_bytes;
    reader->stream_bytes += input->record.wire_len < room ? input->record.wire_len : room;
    if (input->record.is_unified) {
        read_unified(reading);
    } else if (input->record.epoch > reader->clear_epoch) {
        read_encrypted(reading);
    } else if (input->record.epoch == reader->clear_epoch) {
        read_clear(reading);
    }
}

/* The next fragment of the record at hand, or else the next record. */
static bool read_next(const struct reading *reading)
{
    if (reading->input->messages.len > 0) {
        return read_fragment(reading);
    }
    read_record(reading);
    return false;
}

/* Early data follows the ClientHello, and may overtake parts of it. */
static bool is_last_due(const struct dtls_reader *reader)
{
    const bool is_early_data = reader->last.event.dtls13_epoch == DTLS13_EPOCH_EARLY_DATA;

    return reader->last.is_set && !(is_early_data && reader->waiting_count > 0);
}

bool dtls_reader_next(struct dtls_reader *reader, const struct reader_pools *pools,
                      struct dtls_input *input, struct tls_event *out)
{
    const struct reading reading = {reader, pools, input, out};

    dtls_assembly_clear(&reader->spent, pools);
    while (!reader->has_restarted) {
        if (tell_waiting(&reading)) {
            return true;
        }
        reader->is_given_up = false;
        reader->has_told_gap = false;
        if (is_last_due(reader)) {
            return tell_mark(&reading, &reader->last);
        }
        if (input->messages.len == 0 && input->records.len == 0) {
            break;
        }
        if (read_next(&reading)) {
            return true;
        }
    }
    return false;
}
