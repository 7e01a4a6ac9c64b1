#include "dissect/tls/reader.h"

#include "dissect/tls/body.h"
#include "dissect/tls/carrier.h"
#include "dissect/tls/ssl2_record.h"
#include "dissect/tls/start.h"
#include "dissect/tls/turn.h"

#include <string.h>

/* Tells what no record stands behind: TLS_GAP or TLS_NOT_TLS. */
static bool emit_bare(const struct turn *turn, enum tls_event_kind kind)
{
    (void)turn_emit(turn, kind, turn->input->time_ns);
    turn->out->record_len = 0;
    turn->out->record_version = 0;
    return true;
}

static bool stop_as_not_tls(const struct turn *turn)
{
    tls_reader_stop(turn->reader, turn->pools);
    return emit_bare(turn, TLS_NOT_TLS);
}

/* Where the next record begins is not known any more. */
static bool lose_sync(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;

    if (reader->message_header_len > 0) {
        return body_abandon_message(turn); /* and this again at the next step */
    }
    if (reader->is_ssl2) {
        tls_reader_stop(reader, turn->pools); /* nothing tells where its records begin */
        return false;
    }
    reader->phase = READER_SEARCHING;
    reader->header_len = 0;
    reader->is_unsure = true;
    reader->searched = 0;
    return false;
}

/* Handshake messages may not be cut by other records (RFC 8446, 5.1), but before TLS 1.3 an alert
 * could come between (RFC 5246, 6.2.1). */
static bool cuts_message(const struct record_header *record)
{
    return record->type == RECORD_CHANGE_CIPHER_SPEC || record->type == RECORD_APPLICATION_DATA;
}

/* A ClientHello that breaks off was tried all the same; what else breaks off there proves nothing.
 */
static bool has_hello(const struct tls_reader *reader)
{
    return reader->message_header[0] == MESSAGE_CLIENT_HELLO;
}

/* The record header is complete. */
static bool begin_record(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    struct bytes header = {reader->header, RECORD_HEADER_BYTES};
    struct record_header record;

    const bool is_record = record_header_parse(&header, &record);
    if (!is_record && reader->after_gap) {
        return lose_sync(turn);
    }
    if (reader->message_header_len > 0 && (is_record ? cuts_message(&record) : has_hello(reader))) {
        return body_abandon_message(turn); /* and the header is looked at again */
    }
    if (!is_record) {
        return stop_as_not_tls(turn);
    }
    reader->record = record;
    body_begin(reader);
    return false;
}

/* How many bytes the header at hand has, as far as that is known. */
static size_t header_bytes(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    uint8_t first;

    if (reader->may_be_ssl2) {
        struct bytes span = turn_span(turn, 1);
        reader->may_be_ssl2 = false;
        reader->is_ssl2 = span.data != NULL && bytes_u8(&span, &first) && (first & 0x80) != 0;
    }
    return reader->is_ssl2 ? ssl2_record_header_bytes(reader) : RECORD_HEADER_BYTES;
}

static bool read_header(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const size_t need = header_bytes(turn);

    if (reader->header_len == need) {
        if (!reader->is_ssl2) {
            return begin_record(turn);
        }
        ssl2_record_begin(turn);
        return false;
    }
    const struct bytes span = turn_span(turn, need - reader->header_len);
    if (span.data == NULL) {
        return lose_sync(turn);
    }
    if (reader->header_len == 0) {
        reader->record_start_ns = turn_span_ns(turn);
    }
    if (span.len == RECORD_HEADER_BYTES) { /* nearly always: a copy of known length is no call */
        memcpy(reader->header, span.data, RECORD_HEADER_BYTES);
    } else {
        memcpy(reader->header + reader->header_len, span.data, span.len);
    }
    reader->header_len = (uint8_t)(reader->header_len + span.len);
    turn_consume(turn, span.len);
    return reader->header_len == need && !reader->is_ssl2 && begin_record(turn);
}

/* What is passed over before TLS has begun tells what carries it. */
static void remember(const struct turn *turn, size_t count)
{
    const struct bytes span = turn_span(turn, count);

    if (!turn->reader->has_begun && span.data != NULL) {
        prefix_add(&turn->reader->prefix, span);
    }
}

/* count bytes are not TLS; there is an end to looking at such. */
static bool pass_over(const struct turn *turn, size_t count)
{
    struct tls_reader *reader = turn->reader;
    const size_t room = UINT32_MAX - reader->searched;

    remember(turn, count);
    reader->searched += (uint32_t)(count < room ? count : room);
    turn_consume(turn, count);
    return reader->searched >= READER_SEARCH_BYTES && stop_as_not_tls(turn);
}

/* Bytes that were kept back turn out to begin nothing. */
static void drop_kept(const struct turn *turn)
{
    struct lookahead *lookahead = &turn->reader->lookahead;
    const uint8_t len = lookahead->len;

    if (len > 0) {
        lookahead_release(lookahead);
        remember(turn, len);
        turn_consume(turn, len);
        turn->reader->searched += len;
    }
}

/* What was to be found at the start of a segment, or a PROXY header, is lost with the hole. */
static bool search_past_hole(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;

    drop_kept(turn);
    reader->may_start = false;
    reader->may_follow = false;
    reader->prefix_left = 0;
    turn_consume(turn, reader->hole_left);
    return false;
}

/* The rest of a PROXY header; what follows it may be TLS at once. */
static bool pass_over_prefix(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const struct bytes span = turn_span(turn, reader->prefix_left);
    const uint8_t *end = reader->prefix_is_line ? memchr(span.data, '\n', span.len) : NULL;
    const size_t count = end != NULL ? (size_t)(end - span.data) + 1 : span.len;

    reader->prefix_left = end != NULL ? 0 : reader->prefix_left - (uint32_t)count;
    if (end != NULL || (reader->prefix_left == 0 && !reader->prefix_is_line)) {
        reader->may_start = true;
    }
    return pass_over(turn, count);
}

static void begin_prefix(struct tls_reader *reader, uint32_t len, bool is_line)
{
    reader->prefix_left = len;
    reader->prefix_is_line = is_line;
    reader->may_start = false;
    lookahead_release(&reader->lookahead);
}

static void begin_records(struct tls_reader *reader, bool is_ssl2)
{
    reader->phase = READER_HEADER;
    reader->has_begun = true;
    reader->may_start = false;
    reader->may_follow = false;
    reader->is_ssl2 = is_ssl2;
    lookahead_release(&reader->lookahead);
}

/* TLS may follow a carrier's message in binary, or its last line, if there is one. */
static bool pass_over_message(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const size_t len = reader->has_begun ? 0 : carrier_message_len(turn->input->data);

    reader->may_follow = len > 0;
    return len > 0 && pass_over(turn, len);
}

static bool pass_over_lines(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    const size_t len = reader->has_begun ? 0 : carrier_line_len(turn->input->data);
    const bool is_over = pass_over(turn, len > 0 ? len : turn->input->data.len);

    reader->may_follow = len > 0 && !is_over && carrier_may_end(&reader->prefix);
    return is_over;
}

/* Nothing begins at the place looked at, but a message of a carrier may. */
static bool reject_start(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;

    reader->may_start = false;
    reader->may_follow = false;
    if (reader->lookahead.len > 0) {
        drop_kept(turn); /* the input itself may still begin a segment */
        return false;
    }
    turn->input->starts_segment = false;
    return pass_over_message(turn);
}

static enum start_place place_of(const struct tls_reader *reader)
{
    if (reader->may_start) {
        return START_FIRST;
    }
    if (reader->may_follow) {
        return START_SEGMENT;
    }
    return reader->after_gap ? START_RESYNC : START_SEGMENT;
}

static bool look_for_start(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    struct lookahead *lookahead = &reader->lookahead;
    const struct bytes view = lookahead_view(lookahead, turn->input->data, START_LOOK_BYTES);

    switch (start_look(view, place_of(reader))) {
    case START_NO:
        return reject_start(turn);
    case START_MORE:
        lookahead_keep(lookahead, &turn->input->data, START_LOOK_BYTES, turn->input->time_ns);
        break;
    case START_RECORD:
        begin_records(reader, false);
        break;
    case START_SSL2:
        begin_records(reader, true);
        break;
    case START_PROXY_LINE:
        begin_prefix(reader, START_PROXY_LINE_MAX, true);
        break;
    case START_PROXY_BINARY:
        begin_prefix(reader, start_proxy_bytes(view), false);
        break;
    }
    return false;
}

static bool search(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;

    if (reader->hole_left > 0) {
        return search_past_hole(turn);
    }
    if (reader->prefix_left > 0) {
        return pass_over_prefix(turn);
    }
    if (reader->may_start || reader->may_follow || reader->lookahead.len > 0 ||
        turn->input->starts_segment) {
        return look_for_start(turn);
    }
    return pass_over_lines(turn);
}

/* A hole is told first; then its bytes are passed over like others, but cannot be looked at. */
static bool enter_hole(const struct turn *turn)
{
    struct tls_reader *reader = turn->reader;
    struct reader_input *input = turn->input;
    const uint32_t room = UINT32_MAX - reader->stream_bytes;

    (void)emit_bare(turn, TLS_GAP);
    turn->out->missing = input->missing;
    if (reader->has_begun) {
        turn->out->stream_bytes += input->missing < room ? input->missing : room;
    }
    reader->after_gap = true;
    reader->hole_left = input->missing;
    input->missing = 0;
    return true;
}

/* Whether a step can be made: there are bytes, or something is complete but not told yet. */
static bool has_work(const struct turn *turn)
{
    const struct tls_reader *reader = turn->reader;

    return turn->input->data.len > 0 || reader->hole_left > 0 || turn_is_replaying(turn) ||
           (reader->phase == READER_BODY && reader->record_left + reader->mac_left == 0) ||
           (reader->phase == READER_HEADER && reader->header_len == RECORD_HEADER_BYTES);
}

static bool step(const struct turn *turn)
{
    switch (turn->reader->phase) {
    case READER_SEARCHING:
        return search(turn);
    case READER_HEADER:
        return read_header(turn);
    case READER_BODY:
        return body_read(turn);
    case READER_STOPPED:
        turn->input->data.len = 0;
        break;
    }
    return false;
}

void tls_reader_init(struct tls_reader *reader)
{
    memset(reader, 0, offsetof(struct tls_reader, lookahead));
    reader->phase = READER_SEARCHING;
    reader->may_start = true;
    reader->is_unsure = true;
    lookahead_drop(&reader->lookahead);
    prefix_init(&reader->prefix);
}

void tls_reader_expect_mac(struct tls_reader *reader, uint8_t mac_len)
{
    reader->mac_len = mac_len;
}

void tls_reader_clear(struct tls_reader *reader, const struct reader_pools *pools)
{
    collector_clear(&reader->collector, pools);
    tls_reader_init(reader);
}

bool tls_reader_next(struct tls_reader *reader, const struct reader_pools *pools,
                     struct reader_input *input, struct tls_event *out)
{
    const struct turn turn = {reader, pools, input, out};

    if (reader->phase == READER_STOPPED) {
        input->data.len = 0;
        input->missing = 0;
        return false;
    }
    collector_recycle(&reader->collector, pools);
    if (input->missing > 0) {
        return enter_hole(&turn);
    }
    while (has_work(&turn)) {
        if (step(&turn)) {
            return true;
        }
    }
    return false;
}

bool tls_reader_partial_hello(const struct tls_reader *reader, struct tls_event *out)
{
    if (reader->message_header_len == 0 || reader->message_header[0] != MESSAGE_CLIENT_HELLO) {
        return false;
    }
    *out = (struct tls_event){
        .kind = TLS_CLIENT_HELLO,
        .start_ns = reader->message_start_ns,
        .time_ns = reader->message_start_ns,
        .record_len = reader->record.len,
        .stream_bytes = reader->stream_bytes,
        .record_version = reader->record.version,
        .message_type = MESSAGE_CLIENT_HELLO,
    };
    return true;
}

void tls_reader_set_encrypted(struct tls_reader *reader)
{
    reader->is_encrypted = true;
}

void tls_reader_stop(struct tls_reader *reader, const struct reader_pools *pools)
{
    collector_clear(&reader->collector, pools);
    lookahead_drop(&reader->lookahead);
    reader->phase = READER_STOPPED;
    reader->hole_left = 0;
}
