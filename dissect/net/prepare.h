/* The first step of a frame's walk through a dissector: all that can be worked out without knowing
 * what came before. It needs no dissector, so any thread may take it, for many frames ahead:
 *
 *   prepare_frame()     pure: headers, endpoints, keyed hash      any thread
 *   dissector_expect()  asks the cache for what take will touch   the dissector's thread
 *   dissector_take()    the rest                                  the dissector's thread
 *
 * What comes out does not depend on how many frames are prepared, or expected, at once. */
#ifndef REPRISE_DISSECT_NET_PREPARE_H
#define REPRISE_DISSECT_NET_PREPARE_H

#include "dissect/net/flow_hash.h"
#include "dissect/net/frame.h"
#include "dissect/net/packet.h"

/* Most packets belong to connections whose handshake is over: of them nobody asks more than is in
 * the first few bytes, and the segment is worked out for those who do (prepared_segment()). */
struct prepared {
    uint64_t hash;     /* keyed, the same for both directions of a conversation */
    uint32_t hint;     /* dissector_expect() notes here what it has found */
    uint16_t first;    /* of PACKET_TCP: first byte of the payload, or PACKET_NO_BYTE */
    uint8_t flags;     /* of PACKET_TCP: TCP_ */
    uint8_t result;    /* enum packet_result */
    uint8_t direction; /* of PACKET_TCP and PACKET_UDP (flow_hash_of()), as all that follows */
    bool has_segment;  /* of PACKET_UDP: always */
    uint32_t passed;   /* frames before it that others took: see dissector_take(); 0 at first */
    struct segment segment; /* borrows its payload from the frame's bytes */
};

/* hash: of the dissectors that may take the frame (dissector_hash). */
void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out);

/* The same from a segment that is known already, such as one found inside other frames. */
void prepare_segment(const struct flow_hash *hash, const struct segment *segment,
                     struct prepared *out);

/* The segment of PACKET_TCP and PACKET_UDP. frame: that it was prepared from, its bytes still
 * there; not needed if it has its segment. */
const struct segment *prepared_segment(struct prepared *prepared, const struct frame *frame);

/* What there is of it: a segment that nobody has asked for is not copied. */
void prepared_copy(struct prepared *to, const struct prepared *from);

/* Of PACKET_TCP: neither SYN nor a payload, as far as was captured. */
static inline bool prepared_is_bare(const struct prepared *prepared)
{
    return prepared->first == PACKET_NO_BYTE && (prepared->flags & TCP_SYN) == 0;
}

/* Which of `count` dissectors a segment belongs to: the same for both directions of a conversation.
 * Nobody who sends packets can choose it. Only for PACKET_TCP and PACKET_UDP. */
static inline unsigned prepare_share(const struct prepared *prepared, unsigned count)
{
    return (unsigned)((prepared->hash >> 32) * count >> 32);
}

#endif
