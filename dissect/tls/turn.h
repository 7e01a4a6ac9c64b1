/* One call of tls_reader_next(): what its parts (reader.c, body.c) share. Their steps return true
 * when they have filled `out`; each step consumes bytes or changes the reader's state. */
#ifndef REPRISE_DISSECT_TLS_TURN_H
#define REPRISE_DISSECT_TLS_TURN_H

#include "dissect/tls/reader.h"

struct turn {
    struct tls_reader *reader;
    const struct reader_pools *pools;
    struct reader_input *input;
    struct tls_event *out;
};

/* Whether bytes that were kept back are to be read before any others. */
bool turn_is_replaying(const struct turn *turn);

/* What is to be read next, at most limit bytes: first bytes that were kept back, then lost ones
 * (data is NULL), then the input's. */
struct bytes turn_span(const struct turn *turn, size_t limit);

/* When the bytes of turn_span() came. */
int64_t turn_span_ns(const struct turn *turn);

/* count bytes of turn_span() are read. */
void turn_consume(const struct turn *turn, size_t count);

/* Fills `out` but for what only some kinds have. Always true: there is an event. */
bool turn_emit(const struct turn *turn, enum tls_event_kind kind, int64_t start_ns);

#endif
