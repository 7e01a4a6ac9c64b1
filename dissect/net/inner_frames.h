/* COORDINATOR of frames inside frames: what was sent in fragments, and what a frame of IEEE 802.11
 * holds several of, comes out as frames that packet_parse() walks again, which may hold others in
 * turn, up to a fixed depth. Whatever leads to nothing is counted by name.
 *
 * Only for what is neither TCP nor UDP: a segment costs nothing here. */
#ifndef REPRISE_DISSECT_NET_INNER_FRAMES_H
#define REPRISE_DISSECT_NET_INNER_FRAMES_H

#include "dissect/net/fragments.h"
#include "dissect/net/packet.h"

enum { INNER_FRAMES_MAX_DEPTH = 4 };

struct inner_frames;

/* max_fragment_bytes: for datagrams under way; 0 leaves fragments and aggregates as they are. The
 * counters are the owner's, and last as long. NULL without memory. */
MUST_CHECK struct inner_frames *inner_frames_new(size_t max_fragment_bytes, const uint8_t key[16],
                                                 struct fragments_counters *counters);
void inner_frames_free(struct inner_frames *inner);

/* Takes in what a captured frame came to, if to no segment. Follow with inner_frames_next until it
 * returns false. */
void inner_frames_add(struct inner_frames *inner, enum packet_result result,
                      const struct packet *packet);

/* The next frame that lies inside and leads to TCP or UDP, and the segment it leads to. Both are
 * borrowed until the next call, and what the captured frame lent must still be there. */
MUST_CHECK bool inner_frames_next(struct inner_frames *inner, struct frame *out,
                                  struct segment *segment);

/* The capture is over: see fragments_finish. */
void inner_frames_finish(struct inner_frames *inner);

#endif
