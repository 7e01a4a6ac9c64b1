/* The TCP connections of one dissector: which are inside a handshake, which are over; by endpoints
 * and by age. A coordinator: conversation.h knows what one of them says.
 *
 * Each handshake in clear on a connection has its record. Once one is over, a further one is found
 * where its ClientHello begins a segment with bytes that were not read before; so not one behind
 * other bytes of its segment (an alert, a line of text), one whose first segment or captured bytes
 * end before the length of the session ID, nor one cut into records shorter than 256 bytes. An
 * encrypted renegotiation cannot be seen to be one.
 *
 * Memory is bounded by the options: a cell for each connection known, and room for some inside a
 * handshake. Where there is no more, lone SYNs go first, then what was silent since the answer to
 * its SYN, then what is over; of handshakes under way, the longest silent. */
#ifndef REPRISE_DISSECT_CONNECTIONS_H
#define REPRISE_DISSECT_CONNECTIONS_H

#include "dissect/conversation.h"
#include "dissect/dissector.h"
#include "dissect/finished.h"
#include "dissect/net/prepare.h"

struct connections;

/* means, counters and finished are borrowed: counted in, and what handshakes go to. NULL: no
 * memory. */
struct connections *connections_new(const struct dissector_options *options,
                                    const struct conversation_means *means,
                                    struct dissector_counters *counters, struct finished *finished);
void connections_free(struct connections *connections);

/* Asks the cache for what connections_feed() will look at: the cells, which are noted in
 * *prepared; later, these being there, for what is kept of the connection elsewhere, or, where a
 * cell is another one's, for the next that may be the one. */
void connections_expect(struct connections *connections, struct prepared *prepared, size_t count);
void connections_expect_open(const struct connections *connections, struct prepared *prepared);

/* Takes in one segment. frame: as of prepared_segment(). */
void connections_feed(struct connections *connections, struct prepared *prepared,
                      const struct frame *frame);

/* Takes in segments, and the time, from the first frame on, as long as that is all there is to do:
 * the connection is over, was seen before, its cell is the one that was expected, and the time as
 * usual. Returns how many; adds their bytes on the wire. */
size_t connections_pass(struct connections *connections, const struct frame *frames,
                        const struct prepared *prepared, size_t count, uint64_t *bytes);

/* Silence ends handshakes. */
void connections_tick(struct connections *connections, int64_t now_ns);

/* The capture is over: ends the oldest that is open. False when none is. */
bool connections_end_one(struct connections *connections);

#endif
