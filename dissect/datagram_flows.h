/* The UDP flows with DTLS in them: a table of their own, as most of UDP is something else. A flow
 * is followed from a datagram that begins a handshake; all other UDP costs a look at its first
 * byte, and a lookup only while some flow is followed and the byte may be DTLS's. */
#ifndef REPRISE_DISSECT_DATAGRAM_FLOWS_H
#define REPRISE_DISSECT_DATAGRAM_FLOWS_H

#include "dissect/datagrams.h"

struct datagram_flows;

struct datagram_flows_options {
    uint32_t max_flows;
    int64_t idle_timeout_ns;
    uint8_t flow_key[16];
    const struct reader_pools *pools; /* borrowed, as the next */
    struct keyed_hash *session_hash;
    uint64_t *begun;   /* counts up: flows followed */
    uint64_t *evicted; /* ... handshakes given up unfinished, for room or for silence */
    bool *is_busy;     /* says whether a flow is open or a handshake waits: else there is nothing to
                          tick, nor to ask for, until the next datagram. False at first */
};

/* NULL without memory. */
MUST_CHECK struct datagram_flows *datagram_flows_new(const struct datagram_flows_options *options);
void datagram_flows_free(struct datagram_flows *flows);

/* Takes in one UDP datagram. Follow with datagram_flows_next until it returns false. */
void datagram_flows_feed(struct datagram_flows *flows, const struct segment *segment);

/* Ends what has been silent for too long. */
void datagram_flows_tick(struct datagram_flows *flows, int64_t now_ns);

/* The next finished handshake; the capture being over (is_finishing), also of what is still open.
 */
MUST_CHECK bool datagram_flows_next(struct datagram_flows *flows, bool is_finishing,
                                    struct handshake *out);

#endif
