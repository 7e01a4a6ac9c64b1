/* The folder's door: frames in, finished handshakes out. A dissector is a value without globals:
 * several can run side by side, each on its share of the flows.
 *
 * Memory is bounded by struct dissector_options, never by traffic. Nothing is allocated per
 * packet, no I/O, no clock: time is what the frames say. */
#ifndef REPRISE_DISSECT_DISSECTOR_H
#define REPRISE_DISSECT_DISSECTOR_H

#include "dissect/handshake.h"
#include "dissect/net/fragments.h"
#include "dissect/net/frame.h"
#include "dissect/net/packet.h"

#include "base/error.h"

struct dissector;

struct dissector_options {
    uint32_t max_conversations; /* slots of the flow table */
    uint32_t max_handshakes;    /* conversations that may be inside a handshake at once */
    uint32_t max_buffer_bytes;  /* out-of-order segments and split messages, in all */
    uint32_t
        max_fragment_bytes;  /* datagrams of which fragments are missing; 0: all are left alone */
    int64_t idle_timeout_ns; /* a handshake silent for so long ends as unknown */
    uint8_t flow_key[16];    /* unpredictable: for the flow table's hash */
    uint8_t session_key[16]; /* of the database: for hashes of tickets and IDs */
};

/* Defaults for everything but the two keys, which stay zero. */
void dissector_options_init(struct dissector_options *options);

struct dissector_counters {
    uint64_t frames;
    uint64_t bytes;                          /* on the wire */
    uint64_t by_result[PACKET_RESULT_COUNT]; /* frames by what they came to */
    uint64_t conversations;                  /* begun: TCP connections, UDP flows with DTLS */
    uint64_t not_tls;                        /* ... that turned out to be something else */
    uint64_t mid_stream_tls;                 /* ... that were past their handshake already */
    uint64_t evicted_handshakes;             /* given up unfinished, for room or for silence */
    uint64_t evicted_conversations; /* forgotten for room, with nothing lost but a lookup */
    uint64_t not_reassembled_bytes; /* lost in holes of conversations in a handshake */
    uint64_t by_verdict[VERDICT_COUNT];
    struct fragments_counters fragments; /* and by name what frames came to that is not analysed */
};

MUST_CHECK struct dissector *dissector_new(const struct dissector_options *options,
                                           struct error *error);
void dissector_free(struct dissector *dissector);

/* Takes in one frame. Follow with dissector_next until it returns false: it looks at the frames
 * inside this one, whose bytes must still be there. */
void dissector_feed(struct dissector *dissector, const struct frame *frame);

/* The same with a frame that was inside others (inner_frames_next), which are counted already. */
void dissector_feed_inner(struct dissector *dissector, const struct frame *frame);

/* Tells the time where no frame does (a quiet interface), so that silence can end handshakes. */
void dissector_tick(struct dissector *dissector, int64_t now_ns);

/* The next finished handshake. */
MUST_CHECK bool dissector_next(struct dissector *dissector, struct handshake *out);

/* The capture is over: what is still open ends with REASON_CUT. Drain with dissector_next: this
 * goes on with the next open conversation each time, so nothing needs to hold them all. */
void dissector_finish(struct dissector *dissector);

const struct dissector_counters *dissector_counters(const struct dissector *dissector);

#endif
