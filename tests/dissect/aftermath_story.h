/* Connections whose TLS 1.3 handshake is over, for the tests of what follows. */
#ifndef REPRISE_TESTS_DISSECT_AFTERMATH_STORY_H
#define REPRISE_TESTS_DISSECT_AFTERMATH_STORY_H

#include "dissect/dissector.h"

#include "tests/dissect/wire.h"

/* Lengths of record bodies. The ticket in such a record has 208 bytes, as OpenSSL sends it; no
 * ticket is as long as the others. */
enum { STORY_FINISHED = 53, STORY_TICKET = 250, STORY_REQUEST = 95, STORY_ANSWER = 267 };

struct dissector *aftermath_start_with(uint32_t conversations, uint32_t handshakes);

/* Setup and teardown: the state is a dissector with room for more than a test needs. */
int aftermath_start(void **state);
int aftermath_stop(void **state);

/* The next record, which must be there, or not. */
struct handshake aftermath_next(struct dissector *dissector);
void aftermath_assert_nothing(struct dissector *dissector);

/* It is full, for certain, and has this estimate. */
void aftermath_assert_estimate(const struct handshake *handshake, int64_t tickets, int64_t bytes);

/* A connection up to the last message before the client's Finished; and up to that. */
void aftermath_begin_handshake(struct wire *wire, struct dissector *dissector,
                               uint16_t client_port);
void aftermath_finish_handshake(struct wire *wire, struct dissector *dissector,
                                uint16_t client_port);

/* 20 ms later, each in a segment of its own. */
void aftermath_send_tickets(struct wire *wire, int count);

#endif
