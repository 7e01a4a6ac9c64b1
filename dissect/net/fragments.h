/* Fragments to datagrams, within fixed memory: so many datagrams under way, so many bytes of them.
 *
 * What is certain is put together and nothing else. A datagram with fragments that overlap, or that
 * contradict each other, is refused as a whole, with all that still comes of it (RFC 5722, 3; for
 * IPv4 and CAPWAP likewise: RFC 1858 and RFC 3128 tell why). The same fragment seen once more (two
 * taps, a frame sent again) is no overlap. A fragment that the capture cut makes the datagram end
 * there, as if that had been cut. For room the oldest datagram is given up. */
#ifndef REPRISE_DISSECT_NET_FRAGMENTS_H
#define REPRISE_DISSECT_NET_FRAGMENTS_H

#include "dissect/net/datagram.h"
#include "dissect/net/dead_ends.h"
#include "dissect/net/fragment.h"
#include "dissect/net/frame.h"

#include "base/attributes.h"

/* The owner's: sums of what became of fragments. */
struct fragments_counters {
    uint64_t datagrams;         /* put together */
    uint64_t fragments_joined;  /* captured frames that they came in, repeated ones too */
    struct dead_ends dead_ends; /* the other fragments, by reason */
};

struct fragments;

/* max_bytes: of all datagrams under way, their bookkeeping included. NULL without memory. */
MUST_CHECK struct fragments *fragments_new(size_t max_bytes, const uint8_t key[16],
                                           struct fragments_counters *counters);
void fragments_free(struct fragments *fragments);

/* Takes in one fragment. is_captured: it came in a frame of the capture, not in another datagram.
 * True when its datagram is whole: *out is that datagram as a frame, of the time of this fragment,
 * its bytes in `buffer`, of DATAGRAM_FRAME_BYTES. */
MUST_CHECK bool fragments_add(struct fragments *fragments, const struct fragment *fragment,
                              bool is_captured, uint8_t *buffer, struct frame *out);

/* The capture is over: what is under way counts as never completed. */
void fragments_finish(struct fragments *fragments);

#endif
