/* The UDP flows with DTLS in them: a table of their own, as most of UDP is something else. A flow
 * is followed from a datagram that begins a handshake; all other UDP costs a look at its first
 * byte, and a lookup only while some flow is followed and the byte may be DTLS's. */
#ifndef REPRISE_DISSECT_DATAGRAM_FLOWS_H
#define REPRISE_DISSECT_DATAGRAM_FLOWS_H

#include "dissect/datagrams.h"
#include "dissect/finished.h"
#include "dissect/net/prepare.h"

struct datagram_flows;

struct datagram_flows_options {
    uint32_t max_flows;
    int64_t idle_timeout_ns;
    const struct reader_pools *pools; /* borrowed, as the next */
    struct keyed_hash *session_hash;
    struct finished *finished; /* what handshakes go to */
    uint64_t *begun;           /* counts up: flows followed */
    uint64_t *evicted;         /* ... handshakes given up unfinished, for room or for silence */
    bool *is_busy; /* says whether a flow is open: else there is nothing to tick until the next
                      datagram. False at first */
};

/* NULL without memory. */
MUST_CHECK struct datagram_flows *datagram_flows_new(const struct datagram_flows_options *options);
void datagram_flows_free(struct datagram_flows *flows);

/* Takes in one UDP datagram. */
void datagram_flows_feed(struct datagram_flows *flows, const struct prepared *prepared);

/* Ends what has been silent for too long. */
void datagram_flows_tick(struct datagram_flows *flows, int64_t now_ns);

/* The capture is over: ends the oldest that is open. False when none is. */
bool datagram_flows_end_one(struct datagram_flows *flows);

#endif
