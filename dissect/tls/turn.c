#include "dissect/tls/turn.h"

struct bytes turn_odd_span(const struct turn *turn)
{
    if (turn_is_replaying(turn)) {
        return lookahead_replay(&turn->reader->lookahead);
    }
    return (struct bytes){NULL, turn->reader->hole_left};
}

int64_t turn_span_ns(const struct turn *turn)
{
    return turn_is_replaying(turn) ? turn->reader->lookahead.start_ns : turn->input->time_ns;
}

void turn_consume_odd(const struct turn *turn, size_t count)
{
    if (turn_is_replaying(turn)) {
        lookahead_replayed(&turn->reader->lookahead, count);
    } else {
        turn->reader->hole_left -= (uint32_t)count;
    }
}

/* Field by field: the bodies, most of an event, need no zeros. */
bool turn_emit(const struct turn *turn, enum tls_event_kind kind, int64_t start_ns)
{
    const struct tls_reader *reader = turn->reader;
    struct tls_event *const out = turn->out;

    out->kind = kind;
    out->from = TLS_CLIENT;
    out->start_ns = start_ns;
    out->time_ns = turn->input->time_ns;
    out->record_len = reader->record.len;
    out->stream_bytes = reader->stream_bytes;
    out->record_version = reader->record.version;
    out->is_parsed = false;
    out->message_type = 0;
    out->dtls13_epoch = 0;
    out->alert_level = 0;
    out->alert_description = 0;
    out->missing = 0;
    return true;
}
