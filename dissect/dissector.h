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
#include "dissect/net/prepare.h"

#include "base/error.h"

struct dissector;

/* What every dissector begins with, for the inline functions below alone. */
struct dissector_front {
    bool has_more; /* dissector_next() has something to do */
};

struct dissector_options {
    uint32_t max_conversations;  /* TCP connections known at once, 2 or more */
    uint32_t max_handshakes;     /* ... of them inside a handshake, or heard for tickets */
    uint32_t max_datagram_flows; /* UDP flows with DTLS, 2 or more */
    uint32_t max_buffer_bytes;   /* out-of-order segments and split messages, in all */
    uint32_t
        max_fragment_bytes;  /* datagrams of which fragments are missing; 0: all are left alone */
    int64_t idle_timeout_ns; /* a handshake silent for so long ends as unknown */
    uint8_t flow_key[16];    /* unpredictable: for the flow table's hash */
    uint8_t session_key[16]; /* of the database: for hashes of tickets and IDs */
};

/* Defaults for everything but the two keys, which stay zero: 256 MiB in all. */
void dissector_options_init(struct dissector_options *options);

/* Shares out so many bytes among all the maxima: a dissector then never takes more. Memory is asked
 * for as it is needed, so that few connections take little. */
void dissector_options_set_memory(struct dissector_options *options, uint64_t bytes);

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

/* Takes in one frame: all the steps of prepare.h in one call. Follow with dissector_next until it
 * returns false: it looks at the frames inside this one, whose bytes must still be there. */
void dissector_feed(struct dissector *dissector, const struct frame *frame);

/* The same with a frame that was inside others (inner_frames_next), which are counted already. */
void dissector_feed_inner(struct dissector *dissector, const struct frame *frame);

/* For prepare_frame(): of all dissectors with the same options.flow_key. Borrowed, and constant. */
const struct flow_hash *dissector_hash(const struct dissector *dissector);

/* Tells that these frames will be taken soon: their part of the tables is fetched into the cache
 * meanwhile, and noted. No more than that: it may be left out, and no frame need follow. Some 16 to
 * 64 frames at a time are worth it. */
void dissector_expect(struct dissector *dissector, struct prepared *prepared, size_t count);

/* As dissector_feed(), of frames that were prepared: from the first one on, until a handshake is
 * finished, or none is left. Returns how many were taken; what dissector_next() gives is of the
 * last of them, or, where none was, of time that passed before the first.
 *
 * Where other dissectors share the frames, prepared->passed says how many of these lie before one,
 * none of them later than it is: time that passes ends a few silent handshakes with each frame, and
 * does with these. */
size_t dissector_take(struct dissector *dissector, const struct frame *frames,
                      struct prepared *prepared, size_t count);

/* As dissector_feed_inner(), of one that was prepared, with its segment. */
void dissector_take_inner(struct dissector *dissector, struct prepared *prepared);

/* Tells the time where no frame does (a quiet interface), so that silence can end handshakes. */
void dissector_tick(struct dissector *dissector, int64_t now_ns);

/* dissector_next() where there may be something. */
MUST_CHECK bool dissector_next_finished(struct dissector *dissector, struct handshake *out);

/* The next finished handshake; after nearly all frames there is none. */
MUST_CHECK static inline bool dissector_next(struct dissector *dissector, struct handshake *out)
{
    const struct dissector_front *front = (const struct dissector_front *)dissector;

    return front->has_more && dissector_next_finished(dissector, out);
}

/* The capture is over: what is still open ends with REASON_CUT. Drain with dissector_next: this
 * goes on with the next open conversation each time, so nothing needs to hold them all. */
void dissector_finish(struct dissector *dissector);

const struct dissector_counters *dissector_counters(const struct dissector *dissector);

#endif
