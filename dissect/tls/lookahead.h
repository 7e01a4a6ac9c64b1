/* A few bytes kept back until enough have come to tell what they are; then they are read again
 * before anything else. */
#ifndef REPRISE_DISSECT_TLS_LOOKAHEAD_H
#define REPRISE_DISSECT_TLS_LOOKAHEAD_H

#include "dissect/bytes.h"

enum { LOOKAHEAD_BYTES = 40 };

struct lookahead {
    uint8_t kept[LOOKAHEAD_BYTES];
    uint8_t len;         /* kept */
    uint8_t replay_left; /* of these, still to be read again; 0 while they are collected */
    int64_t start_ns;    /* when the first one came */
};

/* The bytes kept and those of data after them, at most limit (<= LOOKAHEAD_BYTES) together.
 * Borrowed: until the next call, or from data where none are kept. Consumes nothing. */
struct bytes lookahead_view(struct lookahead *lookahead, struct bytes data, size_t limit);

/* Moves bytes of data to those kept, until there are limit. */
void lookahead_keep(struct lookahead *lookahead, struct bytes *data, size_t limit, int64_t time_ns);

/* It is told what they are: lookahead_replay() gives them from now on. */
void lookahead_release(struct lookahead *lookahead);

/* What is still to be read again is kept back once more. */
void lookahead_keep_again(struct lookahead *lookahead);

void lookahead_drop(struct lookahead *lookahead);

struct bytes lookahead_replay(const struct lookahead *lookahead);

/* count bytes of lookahead_replay() were read. */
void lookahead_replayed(struct lookahead *lookahead, size_t count);

#endif
