/* Where the two directions of a connection began, and how far they were read: tells a SYN that came
 * late, or once more, from one that begins another connection on the same ports, and bytes sent
 * once more from new ones. */
#ifndef REPRISE_DISSECT_NET_BEGINNING_H
#define REPRISE_DISSECT_NET_BEGINNING_H

#include "dissect/net/segment.h"

#include "base/attributes.h"

struct beginning {
    uint32_t first[2]; /* sequence number of the first byte, by direction */
    uint32_t next[2];  /* ... after the last byte that was read */
    uint32_t seen_ms;  /* capture time when that was last looked at, modulo 2^32 */
    bool is_known[2];
};

/* The direction's first byte, as far as seen, is this one. */
void beginning_note(struct beginning *beginning, unsigned direction, uint32_t first);

/* The direction was read up to this sequence number, where its first byte is known. */
void beginning_note_end(struct beginning *beginning, unsigned direction, uint32_t next);

/* Now is the last time that the connection itself was looked at. */
void beginning_touch(struct beginning *beginning, int64_t now_ns);

/* Whether a SYN belongs to the connection: it stands right before the first byte, or so little
 * before it that the first bytes may be late too, and comes within a second of the last look.
 * Initial sequence numbers of other connections are unlike that (RFC 6528). */
MUST_CHECK bool beginning_has_syn(const struct beginning *beginning, const struct segment *syn,
                                  unsigned direction);

/* Whether a segment's first byte was read already, or is so little before the first one that it is
 * late. */
MUST_CHECK bool beginning_has_read(const struct beginning *beginning, const struct segment *segment,
                                   unsigned direction);

#endif
