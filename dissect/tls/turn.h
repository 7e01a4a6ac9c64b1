/* One call of tls_reader_next(): what its parts (reader.c, body.c) share. Their steps return true
 * when they have filled `out`; each step consumes bytes or changes the reader's state. */
#ifndef REPRISE_DISSECT_TLS_TURN_H
#define REPRISE_DISSECT_TLS_TURN_H

#include "dissect/tls/reader.h"

#include <assert.h>

struct turn {
    struct tls_reader *reader;
    const struct reader_pools *pools;
    struct reader_input *input;
    struct tls_event *out;
};

/* Whether bytes that were kept back are to be read before any others. */
static inline bool turn_is_replaying(const struct turn *turn)
{
    return turn->reader->lookahead.replay_left > 0;
}

/* Nothing was kept back or lost: what comes next is in the input. */
static inline bool turn_is_plain(const struct turn *turn)
{
    return !turn_is_replaying(turn) && turn->reader->hole_left == 0;
}

/* turn_span() and turn_consume() where it is not plain. */
struct bytes turn_odd_span(const struct turn *turn);
void turn_consume_odd(const struct turn *turn, size_t count);

/* What is to be read next, at most limit bytes: first bytes that were kept back, then lost ones
 * (data is NULL), then the input's. */
static inline struct bytes turn_span(const struct turn *turn, size_t limit)
{
    struct bytes span = turn_is_plain(turn) ? turn->input->data : turn_odd_span(turn);

    span.len = span.len < limit ? span.len : limit;
    return span;
}

/* When the bytes of turn_span() came. */
int64_t turn_span_ns(const struct turn *turn);

/* count bytes of turn_span() are read. */
static inline void turn_consume(const struct turn *turn, size_t count)
{
    struct tls_reader *reader = turn->reader;
    const size_t room = UINT32_MAX - reader->stream_bytes;

    if (turn_is_plain(turn)) {
        const bool is_there = bytes_skip(&turn->input->data, count);
        assert(is_there);
        (void)is_there;
        turn->input->starts_segment = false;
    } else {
        turn_consume_odd(turn, count);
    }
    if (reader->has_begun) {
        reader->stream_bytes += (uint32_t)(count < room ? count : room);
    }
}

/* Fills `out` but for the bodies of messages, which only some kinds have. Always true: there is an
 * event. */
bool turn_emit(const struct turn *turn, enum tls_event_kind kind, int64_t start_ns);

#endif
