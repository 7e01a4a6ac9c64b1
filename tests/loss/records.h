/* What a dissector makes of a trace. */
#ifndef REPRISE_TESTS_LOSS_RECORDS_H
#define REPRISE_TESTS_LOSS_RECORDS_H

#include "tests/loss/trace.h"

#include "dissect/handshake.h"

struct records {
    struct handshake *handshakes;
    size_t count;
    size_t room;
};

/* All records, those of the same two endpoints together and in order of time. */
void records_of(const struct trace *trace, struct records *out);
void records_clear(struct records *records);

/* Orders endpoints without regard to who is the client: half a capture may not show that. */
int records_compare_endpoints(const struct handshake *a, const struct handshake *b);

#endif
