/* One planned conversation as packets, seen by a monitor in the middle of its path: handshake of
 * TCP, the plan's flights, the response in growing bursts with acknowledgements, FIN. */
#ifndef REPRISE_TESTS_BENCH_CONVERSATION_H
#define REPRISE_TESTS_BENCH_CONVERSATION_H

#include "tests/bench/flight.h"
#include "tests/bench/plan.h"

struct conversation {
    struct plan plan;
    uint32_t rtt_us[2];   /* monitor to that side and back */
    uint32_t sequence[2]; /* next byte of that side */
    uint32_t stage;       /* SYN, SYN/ACK, ACK, flights, response, FIN, FIN/ACK, ACK */
    uint32_t sent;        /* bytes of the current flight */
    uint32_t acknowledged;
    uint32_t window; /* segments a burst may have */
    uint32_t burst;  /* segments left in this one */
    struct random jitter;
};

/* What goes over the wire next. */
struct packet {
    enum side from;
    uint8_t tcp_flags;
    uint32_t sequence;
    uint32_t acknowledgement;
    const uint8_t *payload; /* borrowed from scratch */
    uint32_t payload_len;
    uint32_t pause_us; /* until the conversation's next packet */
};

void conversation_begin(struct conversation *conversation, const struct plan *plan);

/* The next packet; false when the last was out. scratch: a buffer of FLIGHT_MAX_BYTES. */
bool conversation_next(struct conversation *conversation, struct wire *scratch, struct packet *out);

#endif
