#include "dissect/tls/turn.h"

#include <assert.h>

bool turn_is_replaying(const struct turn *turn)
{
    return turn->reader->lookahead.replay_left > 0;
}

struct bytes turn_span(const struct turn *turn, size_t limit)
{
    struct bytes span = turn->input->data;

    if (turn_is_replaying(turn)) {
        span = lookahead_replay(&turn->reader->lookahead);
    } else if (turn->reader->hole_left > 0) {
        span = (struct bytes){NULL, turn->reader->hole_left};
    }
    span.len = span.len < limit ? span.len : limit;
    return span;
}

int64_t turn_span_ns(const struct turn *turn)
{
    return turn_is_replaying(turn) ? turn->reader->lookahead.start_ns : turn->input->time_ns;
}

static void consume_input(struct reader_input *input, size_t count)
{
    const bool is_there = bytes_skip(&input->data, count);

    assert(is_there);
    (void)is_there;
    input->starts_segment = false;
}

void turn_consume(const struct turn *turn, size_t count)
{
    struct tls_reader *reader = turn->reader;

    if (turn_is_replaying(turn)) {
        lookahead_replayed(&reader->lookahead, count);
    } else if (reader->hole_left > 0) {
        reader->hole_left -= (uint32_t)count;
    } else {
        consume_input(turn->input, count);
    }
    if (reader->has_begun) {
        const size_t room = UINT32_MAX - reader->stream_bytes;
        reader->stream_bytes += (uint32_t)(count < room ? count : room);
    }
}

bool turn_emit(const struct turn *turn, enum tls_event_kind kind, int64_t start_ns)
{
    const struct tls_reader *reader = turn->reader;

    *turn->out = (struct tls_event){
        .kind = kind,
        .start_ns = start_ns,
        .time_ns = turn->input->time_ns,
        .record_len = reader->record.len,
        .stream_bytes = reader->stream_bytes,
        .record_version = reader->record.version,
    };
    return true;
}
