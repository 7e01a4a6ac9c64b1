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

struct prepared {
    enum packet_result result;
    unsigned direction;     /* of PACKET_TCP and PACKET_UDP, as all that follows (flow_hash_of()) */
    uint64_t hash;          /* keyed, the same for both directions of a conversation */
    uint32_t hint;          /* dissector_expect() notes here what it has found */
    struct segment segment; /* borrows its payload from the frame's bytes */
};

/* hash: of the dissectors that may take the frame (dissector_hash). */
void prepare_frame(const struct flow_hash *hash, const struct frame *frame, struct prepared *out);

/* The same from a segment that is known already, such as one found inside other frames. */
void prepare_segment(const struct flow_hash *hash, const struct segment *segment,
                     struct prepared *out);

/* Which of `count` dissectors a segment belongs to: the same for both directions of a conversation.
 * Nobody who sends packets can choose it. Only for PACKET_TCP and PACKET_UDP. */
static inline unsigned prepare_share(const struct prepared *prepared, unsigned count)
{
    return (unsigned)((prepared->hash >> 32) * count >> 32);
}

#endif
